from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Subaonet(NewsSpider):
    """苏州新闻网, the site of 苏州日报 (a CMS of its own).

    Addresses and selectors known from public scrapers and citations of 2012 to 2026, not from the live site; channels are
    taken from the front page.
    """

    name = "subaonet"
    title = "苏州新闻网"
    publisher = "苏州日报报业集团"
    region = "江苏"
    city = "苏州"
    home = "http://www.subaonet.com/"
    hosts = ("subaonet.com",)
    article = r"/\d{4}/(?:\w+/)*\d{4}/\w+\.s?html?$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="subaonet/2021",
            title="span.top_wen",
            byline="span.NavigationB_r_r_l",
            body="div.list_neiA",
        ),
    )
