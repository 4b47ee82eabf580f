from newscrawl.spider import NewsSpider


class Kunming(NewsSpider):
    """昆明信息港 of 昆明日报: the CMS is not known, and no rules are; the layers below read it.

    Address pattern known from citations of 2012 to 2026. Channels are taken from the front page.
    """

    name = "kunming"
    title = "昆明信息港"
    publisher = "昆明报业传媒集团"
    region = "云南"
    city = "昆明"
    family = ()
    status = "unverified"
    home = "https://www.kunming.cn/"
    hosts = ("kunming.cn",)
    article = r"/c/\d{4}-\d{2}-\d{2}/\d+\.shtml$"
