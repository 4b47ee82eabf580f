from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Xiancn(NewsSpider):
    """西安新闻网 of 西安日报 (方正翔宇 by its addresses): head and body of its own, long articles in parts.

    Layout and channels known from a public scraper of 2019, addresses from citations until 2026.
    """

    name = "xiancn"
    title = "西安新闻网"
    publisher = "西安日报社"
    region = "陕西"
    city = "西安"
    family = ("founder",)
    status = "unverified"
    home = "https://www.xiancn.com/"
    hosts = ("xiancn.com",)
    channels = (
        "http://news.xiancn.com/node_10490.htm",
        "http://news.xiancn.com/node_10299.htm",
        "http://news.xiancn.com/node_2046.htm",
        "http://news.xiancn.com/node_2048.htm",
    )
    article = r"/content/\d{4}-\d{2}/\d{2}/content_\d+(?:_\d+)?\.htm$"
    channel = r"^/(?:\w+/)?node_\d+\.htm$"
    layouts = (
        Layout(
            name="xiancn/2019",
            title="div.biaoti",
            byline="div.mess",
            body=("#content", "div.content"),
            remove="#displaypagenum",
        ),
    )
