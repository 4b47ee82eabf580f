from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class My399(NewsSpider):
    """哈尔滨新闻网, the site of 哈尔滨日报 (Founder's CMS, by its addresses), in tables.

    Channels, addresses and selectors known from two public scrapers of 2018 and 2019, not from the live site.
    """

    name = "my399"
    title = "哈尔滨新闻网"
    publisher = "哈尔滨日报报业集团"
    region = "黑龙江"
    city = "哈尔滨"
    home = "http://www.my399.com/"
    hosts = ("my399.com",)
    channels = ("http://news.my399.com/", "http://news.my399.com/sports/")
    article = r"/\d{4}-\d{2}/\d{2}/(?:\w+_)?\d+\.html?$"
    channel = r"/node_\d+\.html?$"
    family = ("founder",)
    status = "unverified"
    layouts = (
        Layout(
            name="my399/2018",
            title=".n8",
            byline=".n10",
            body="#newscontent",
        ),
    )
