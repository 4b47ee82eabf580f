from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Scol(NewsSpider):
    """四川在线 of 四川日报: a CMS of its own, no family known; its 川观新闻 pages (``cbgc``) are left to the layers below.

    Layout known from a public scraper of 2020, channels from two more, addresses from citations until 2026.
    """

    name = "scol"
    title = "四川在线"
    publisher = "四川日报报业集团"
    region = "四川"
    family = ()
    status = "unverified"
    home = "https://www.scol.com.cn/"
    hosts = ("scol.com.cn",)
    channels = (
        "https://sichuan.scol.com.cn/ggxw/",
        "https://focus.scol.com.cn/gcdt/index.html",
        "https://focus.scol.com.cn/zgsz/index.html",
        "https://focus.scol.com.cn/shwx/index.html",
    )
    article = r"/\w+/\d{6}/\d+\.html$|cbgc\.scol\.com\.cn/news/\d+$"
    channel = r"^/[a-z]\w*/(?:index\.html)?$"
    layouts = (
        Layout(
            name="scol/2020",
            title=("span.w_title h1", "span.w_title"),
            published="span.w_pubtime",
            source="span.w_source",
            channel="li.nav",
            body="div.con_text",
        ),
    )
