from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Hkwb(NewsSpider):
    """海口网 of 海口日报 (方正翔宇 by its addresses): head and body of its own.

    Layout and one channel known from a public scraper of 2019, addresses from citations until 2026.
    """

    name = "hkwb"
    title = "海口网"
    publisher = "海口日报社"
    region = "海南"
    city = "海口"
    family = ("founder",)
    status = "unverified"
    home = "http://www.hkwb.net/"
    hosts = ("hkwb.net",)
    channels = ("http://www.hkwb.net/news/haikou_zj.html",)
    article = r"/content/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    channel = r"^/(?:\w+/)?node_\d+\.htm$"
    layouts = (
        Layout(
            name="hkwb/2019",
            title="div.newsContent_title h1",
            byline="div.newsContent_Source",
            body="div.newsContent_Detailed",
            # The site's own QR code.
            remove="//img[contains(@src, '/54e1adffdd131e811d0d46.jpg')]",
        ),
    )
