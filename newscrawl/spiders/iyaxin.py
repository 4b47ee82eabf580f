from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Iyaxin(NewsSpider):
    """亚心网, 乌鲁木齐 (方正翔宇 by its lists, Baidu's news ids): title and body of its own.

    Layout and lists known from two public scrapers, of about 2014 and 2019; addresses of articles are not known for sure: the
    default pattern is used.
    """

    name = "iyaxin"
    title = "亚心网"
    publisher = "亚心网"
    region = "新疆"
    city = "乌鲁木齐"
    family = ("baidu", "founder")
    status = "unverified"
    home = "http://www.iyaxin.com/"
    hosts = ("iyaxin.com",)
    channels = (
        "http://news.iyaxin.com/node_55865.htm",
        "http://news.iyaxin.com/node_55907.htm",
        "http://news.iyaxin.com/node_58237.htm",
    )
    channel = r"^/node_\d+\.htm$"
    layouts = (
        Layout(
            name="iyaxin/2019",
            title=(".htitle", "h1"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            channel="div.nav",
            body="div.article-detail",
        ),
    )
