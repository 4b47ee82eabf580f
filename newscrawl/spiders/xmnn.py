from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Xmnn(NewsSpider):
    """厦门网, the site of 厦门日报 (TRS WCM).

    Channels, addresses and selectors known from a feed generator's rules of 2023, not from the live site.
    """

    name = "xmnn"
    title = "厦门网"
    publisher = "厦门日报社"
    region = "福建"
    city = "厦门"
    home = "https://www.xmnn.cn/"
    hosts = ("xmnn.cn",)
    channels = (
        "https://news.xmnn.cn/xmxw/",
        "https://news.xmnn.cn/xmxwfb/",
        "https://news.xmnn.cn/bwkb/",
        "https://news.xmnn.cn/shxw/",
        "https://news.xmnn.cn/fjxw/",
    )
    article = r"/\d{6}/t\d{8}_\d+\.html?$"
    channel = r"^/[a-z]+/$"
    family = ("trs",)
    status = "unverified"
    layouts = (
        Layout(
            name="xmnn/2023",
            title=("div.cont-h", "div.tip h1"),
            published=("span.time", "div.pubtime div.w"),
            source="span.cont-a-src",
            channel="//a[contains(@class, 'CurrChnlCls')]/..",
            body=("div.TRS_Editor", "div.cont-b"),
        ),
    )
