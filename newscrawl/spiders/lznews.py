from newscrawl.spider import NewsSpider


class Lznews(NewsSpider):
    """鲁中网 of 鲁中晨报, 淄博 (TRS WCM by its addresses).

    Known from addresses of pages and pictures quoted in public repositories, 2017 to 2022, not from the live site. Channels not
    known: taken from the front pages.
    """

    name = "lznews"
    title = "鲁中网"
    publisher = "鲁中晨报"
    region = "山东"
    city = "淄博"
    home = "http://www.lznews.cn/"
    hosts = ("lznews.cn",)
    channels = ("http://www.lznews.cn/", "https://news.lznews.cn/")
    article = r"/\d{6}/t\d{8}_\d+\.html?$"
    family = ("trs",)
    status = "unverified"
