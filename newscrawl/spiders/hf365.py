from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Hf365(NewsSpider):
    """合肥在线, the site of 合肥日报 (a CMS of its own).

    Addresses and selectors known from two public scrapers of 2019 and 2020, not from the live site; channels are taken from
    the front page.
    """

    name = "hf365"
    title = "合肥在线"
    publisher = "合肥报业传媒集团"
    region = "安徽"
    city = "合肥"
    home = "http://www.hf365.com/"
    hosts = ("hf365.com",)
    article = r"/\d{4}/\d{4}/\d+\.shtml?$"
    channel = r"^/(?:[a-z]\w*/)+$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="hf365/2019",
            title=".article-main h1",
            published="span.date",
            source="span.source",
            editors="span.author",
            channel="div.crumb",
            body="div.article-content",
        ),
    )
