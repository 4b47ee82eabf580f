from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Xzxw(NewsSpider):
    """中国西藏新闻网 of 西藏日报: 方正翔宇 since about 2020 (``content_…``), TRS WCM before (``t20160114_1034847.html``).

    Channels known from a public scraper of 2018, the layout from a copy of its template of 2025, addresses from citations.
    """

    name = "xzxw"
    title = "中国西藏新闻网"
    publisher = "西藏日报社"
    region = "西藏"
    family = ("founder", "trs")
    status = "unverified"
    home = "https://www.xzxw.com/"
    hosts = ("xzxw.com",)
    channels = (
        "https://www.xzxw.com/xw/xzyw/index.html",
        "https://www.xzxw.com/xw/",
        "https://www.xzxw.com/zw/",
    )
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html$|/\d{6}/t\d{8}_\d+\.html$"
    channel = r"^/(?:[a-z]\w*/){1,2}(?:index\.html|node_\d+\.html)?$"
    layouts = (
        Layout(
            name="xzxw/2025",
            title="div.tbig_title h2",
            kicker="div.tbig_title h1",
            subtitle="div.tbig_title h3",
            byline="//div[@class='tbig_title']/following-sibling::div[1]/div[1]",
            body="div.xw_daodu_detail",
            related="div.read",
        ),
    )
