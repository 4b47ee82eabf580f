from newscrawl.spider import NewsSpider


class Laiwunews(NewsSpider):
    """莱芜新闻网 of 莱芜日报 (莱芜 is a district of 济南 since 2019); no CMS family known.

    Known by its host alone, from lists of city news sites: channels, addresses and markup are not known. Any CMS's addresses are
    taken from the front page, and pages are left to the layers below.
    """

    name = "laiwunews"
    title = "莱芜新闻网"
    publisher = "莱芜日报社"
    region = "山东"
    city = "莱芜"
    home = "http://www.laiwunews.cn/"
    hosts = ("laiwunews.cn",)
    family = ()
    status = "unverified"
