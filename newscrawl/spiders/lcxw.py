from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Lcxw(NewsSpider):
    """聊城新闻网 of 聊城日报 (a system of its own, addresses /<channel>/<day>/<id>.html).

    Known from a public scraper's channels and selectors of 2018 and from quoted addresses, not from the live site.
    """

    name = "lcxw"
    title = "聊城新闻网"
    publisher = "聊城日报社"
    region = "山东"
    city = "聊城"
    home = "http://www.lcxw.cn/"
    hosts = ("lcxw.cn",)
    channels = (
        "http://news.lcxw.cn/",
        "http://news.lcxw.cn/liaocheng/",
        "http://news.lcxw.cn/liaocheng/yc/",
        "http://news.lcxw.cn/liaocheng/xianyu/",
    )
    article = r"/\d{4}-\d{2}-\d{2}/\d+\.html$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="lcxw/2018",
            marks="#divcontent",
            title=("h1", "div.title"),
            byline=("div.info", "div.content_info"),
            body="#divcontent",
        ),
        Layout(name="lcxw/endtext", marks="#endText", title="h1", byline="div.box_l", body="#endText"),
    )
