from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Dlxww(NewsSpider):
    """大连新闻网, the site of 大连日报 (addresses of Founder's CMS, heads of its own).

    Addresses, lists and selectors known from two public scrapers of 2019, not from the live site.
    """

    name = "dlxww"
    title = "大连新闻网"
    publisher = "大连新闻传媒集团"
    region = "辽宁"
    city = "大连"
    home = "http://www.dlxww.com/"
    hosts = ("dlxww.com",)
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    channel = r"^/news/node_\d+\.html?$"
    family = ("founder",)
    status = "unverified"
    layouts = (
        Layout(
            name="dlxww/2019",
            title="div.page_content h1",
            byline="div.page_tools",
            channel="div.dqwz",
            body="div.page_maincontent",
        ),
    )
