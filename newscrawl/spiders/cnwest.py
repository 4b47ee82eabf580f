from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Cnwest(NewsSpider):
    """西部网, 陕西: a CMS of its own, no family known.

    Layout and channels known from a public scraper, addresses from citations of 2020 to 2025.
    """

    name = "cnwest"
    title = "西部网"
    publisher = "陕西广电融媒体集团"
    region = "陕西"
    family = ()
    status = "unverified"
    home = "http://www.cnwest.com/"
    hosts = ("cnwest.com",)
    channels = (
        "http://news.cnwest.com/bwyc/index.html",
        "http://news.cnwest.com/sxxw/index.html",
        "http://news.cnwest.com/dishi/index.html",
        "http://news.cnwest.com/szyw/index.html",
        "http://gov.cnwest.com/zwyw/index.html",
    )
    article = r"/a/\d{4}/\d{2}/\d{2}/\d+\.html$|/content_\d+\.html?$"
    channel = r"^/[a-z]\w*/(?:index\.html)?$"
    layouts = (
        Layout(
            name="cnwest/2018",
            title="//div[@class='layout']/h1",
            byline="//div[@class='layout-left']/p",
            editors="p.bianji",
            body="#conCon",
            remove="p.bianji",
        ),
    )
