from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Changchunews(NewsSpider):
    """长春新闻网, the site of 长春日报 (a CMS of its own, in the ``am-`` parts of Amaze UI).

    Selectors known from a public scraper of 2021, not from the live site; articles are told by the default pattern,
    channels are taken from the front page.
    """

    name = "changchunews"
    title = "长春新闻网"
    publisher = "长春日报社"
    region = "吉林"
    city = "长春"
    home = "http://www.changchunews.com/"
    hosts = ("changchunews.com",)
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="changchunews/2021",
            title="h1.am-article-hd",
            byline="p.am-article-meta",
            channel="ol.am-breadcrumb",
            body="div.am-article-bd",
        ),
    )
