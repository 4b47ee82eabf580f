from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Cnhubei(NewsSpider):
    """荆楚网 (湖北日报网): 方正翔宇 by its addresses (``content_…``), TRS WCM before 2017 (``t3774582.shtml``).

    Address pattern known from citations of 2012 to 2026, byline and body from a scraper of 2020. Channels not known: they are taken
    from the front page.
    """

    name = "cnhubei"
    title = "荆楚网"
    publisher = "湖北日报传媒集团"
    region = "湖北"
    family = ("founder",)
    status = "unverified"
    home = "http://www.cnhubei.com/"
    hosts = ("cnhubei.com",)
    article = r"/content/\d{4}-\d{2}/\d{2}/content_\d+\.html?$|/\d{6}/t\d+(?:_\d+)?\.shtml$"
    layouts = (
        Layout(
            name="cnhubei/2020",
            marks="#lmy_information01",
            byline="#lmy_information01",
            body="div.article_w",
        ),
    )
