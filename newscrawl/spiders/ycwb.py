from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Ycwb(NewsSpider):
    """金羊网 of 羊城晚报, 广东 (方正翔宇 by its addresses, Baidu's news ids): title and body of its own.

    Addresses, ids and layout known from public scrapers of 2017 to 2020 and citations until 2026. Channels are taken from the front
    page.
    """

    name = "ycwb"
    title = "金羊网"
    publisher = "羊城晚报报业集团"
    region = "广东"
    family = ("baidu", "founder")
    status = "unverified"
    home = "https://www.ycwb.com/"
    hosts = ("ycwb.com",)
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    channel = r"^/(?:\w+/)?node_\d+\.htm$"
    layouts = (
        Layout(
            name="ycwb/2020",
            title=("#tiwj", "h1"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            channel="div.path",
            body="div.main_article",
        ),
    )
