from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Qhnews(NewsSpider):
    """青海新闻网 of 青海日报 (北方网's CMS by its addresses): an old template in tables and one with ``Article…`` ids.

    Layouts and channels known from a public scraper of 2019, addresses from citations of 2016 to 2026.
    """

    name = "qhnews"
    title = "青海新闻网"
    publisher = "青海日报社"
    region = "青海"
    family = ()
    status = "unverified"
    home = "http://www.qhnews.com/"
    hosts = ("qhnews.com",)
    channels = ("http://www.qhnews.com/newscenter/yc/",)
    article = r"/[a-z]+/system/\d{4}/\d{2}/\d{2}/\d+\.s?html$"
    channel = r"^/[a-z]+/[a-z]\w*/$"
    layouts = (
        Layout(
            name="qhnews/2019",
            title="#ArticleTitle",
            published="#ArticleCreatedAt",
            source="#ArticleSource",
            body="#ArticleContent",
        ),
        Layout(
            name="qhnews/tables",
            title=("span.zi14hei", "#title1"),
            published="(//td[@class='hui12'])[2]",
            source="(//td[@class='hui12'])[1]",
            body="#zoom",
        ),
    )
