from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Lnd(NewsSpider):
    """北国网, the site of 辽宁日报: Founder's CMS until 2018, Enorth WebPublisher (``/system/``) since.

    Channels, addresses and selectors known from four public scrapers of 2018 to 2023, not from the live site.
    """

    name = "lnd"
    title = "北国网"
    publisher = "辽宁报刊传媒集团"
    region = "辽宁"
    home = "https://www.lnd.com.cn/"
    hosts = ("lnd.com.cn",)
    channels = (
        "https://news.lnd.com.cn/xwyw/index.shtml",
        "https://liaoning.lnd.com.cn/jrln/index.shtml",
        "https://liaoning.lnd.com.cn/msrd/index.shtml",
        "https://liaoning.lnd.com.cn/shxw/index.shtml",
        "https://liaoning.lnd.com.cn/qsgd/index.shtml",
    )
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$|/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    channel = r"^/[a-z]+/index\.shtml$"
    family = ("lnd", "enorth", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="lnd/2018",
            title=("p.newstittle", "h1.p_center", "div.main_l p"),
            published="#pubtime_baidu",
            source=("#source_baidu", "a.grey"),
            author="#author_baidu",
            editors="#editor_baidu",
            channel=("div.nfd", "div.newsly font"),
            body=("div.newsdatetext", "div.news"),
        ),
        Layout(
            name="lnd/2021",
            title="div.text_c h1",
            byline="p.sou",
            body="div.show_text",
        ),
    )
