from newscrawl.spider import NewsSpider


class DzwwwProvince(NewsSpider):
    """大众网, the province's pages (TRS WCM, as its city channels): 山东新闻 on sd.dzwww.com, and www.dzwww.com.

    Known from published scrapers' channels of 2016 to 2019 and from addresses quoted to 2025, not from the live site.
    """

    name = "dzwww_sd"
    title = "大众网·山东"
    publisher = "大众网"
    region = "山东"
    home = "http://www.dzwww.com/"
    hosts = ("sd.dzwww.com", "www.dzwww.com")
    channels = ("http://sd.dzwww.com/sdnews/", "http://www.dzwww.com/xinwen/shehuixinwen/")
    article = r"/\d{6}/t\d{8}_\d+\.html?$"
    family = ("dzwww/headline", "dzwww/news", "trs")
    status = "unverified"
