from newscrawl.spider import NewsSpider


class My0538(NewsSpider):
    """泰山网, formerly 中华泰山网, of 泰安日报; no CMS family known.

    Known from lists of city news sites and from quoted addresses of its app's API and pictures (2016), not from the live site.
    Channels and the form of article addresses not known: any CMS's are taken from the front page.
    """

    name = "my0538"
    title = "泰山网"
    publisher = "泰安日报社"
    region = "山东"
    city = "泰安"
    home = "http://www.my0538.com/"
    hosts = ("my0538.com",)
    family = ()
    status = "unverified"
