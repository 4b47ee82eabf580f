from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Gxnews(NewsSpider):
    """广西新闻网: a CMS of its own (``staticpages``, ``staticmores``), no family known.

    Both layouts known from public scrapers of 2012 to 2020, addresses from citations until 2026. Of the channels only one is known
    by its number; the others are taken from the front page and from lists.
    """

    name = "gxnews"
    title = "广西新闻网"
    publisher = "广西日报传媒集团"
    region = "广西"
    family = ()
    status = "unverified"
    home = "https://www.gxnews.com.cn/"
    hosts = ("gxnews.com.cn",)
    article = r"/staticpages/\d{8}/newgx[0-9a-f]+-\d+(?:-\d+)?\.shtml$"
    channel = r"^/staticmores/\d+/\d+-1\.shtml$"
    layouts = (
        Layout(
            name="gxnews/2020",
            title="//div[@class='article']/h1",
            byline="div.article-info",
            channel="div.more-title span",
            body="div.article-content",
        ),
        Layout(
            name="gxnews/2012",
            title="td.title",
            byline="td.fs12",
            body="#artContent",
        ),
    )
