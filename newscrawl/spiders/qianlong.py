from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Qianlong(NewsSpider):
    """千龙网 (a CMS of its own): Beijing's municipal news portal, one host a channel.

    Hosts, addresses and selectors known from three public scrapers of 2018 to 2023, not from the live site.
    """

    name = "qianlong"
    title = "千龙网"
    publisher = "千龙网"
    region = "北京"
    home = "https://www.qianlong.com/"
    hosts = ("qianlong.com",)
    channels = (
        "https://beijing.qianlong.com/",
        "https://edu.qianlong.com/",
        "https://culture.qianlong.com/",
        "https://finance.qianlong.com/",
        "https://tech.qianlong.com/",
    )
    article = r"qianlong\.com/(?:[\w/]+/)?\d{4}/\d{4}/\d+\.s?html?$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="qianlong/2018",
            title=("div.span12 h1", "div.title h1"),
            published="span.pubDate",
            source="span.source",
            editors=("span.editor", "div.editor"),
            channel="div.mbx",
            body="div.article-content",
            remove=("span.editor", "div.editor"),
        ),
    )
