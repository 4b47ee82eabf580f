from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Qingdaonews(NewsSpider):
    """青岛新闻网 (方正翔宇 Founder by its addresses, with Baidu's ids for the byline).

    Known from a public scraper's selectors of 2018 and from quoted addresses, 2016 to 2026, not from the live site. Channels not
    known: taken from the front page.
    """

    name = "qingdaonews"
    title = "青岛新闻网"
    publisher = "青岛日报社"
    region = "山东"
    city = "青岛"
    home = "http://www.qingdaonews.com/"
    hosts = ("qingdaonews.com",)
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    family = ("founder", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="qingdaonews/2018",
            title="h1",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            channel=("div.qtree", "div.m-crm"),
            body=("#endText", "div.m-ct"),
        ),
    )
