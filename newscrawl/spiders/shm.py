from newscrawl.spider import NewsSpider


class Shm(NewsSpider):
    """水母网 of 烟台日报 (方正翔宇 Founder, by its addresses /<month>/<day>/content_<id>.htm, 2016 to 2026).

    Known from addresses quoted in public repositories, not from the live site. Channels not known: taken from the front pages.
    """

    name = "shm"
    title = "水母网·烟台日报"
    publisher = "烟台日报传媒集团"
    region = "山东"
    city = "烟台"
    home = "https://www.shm.com.cn/"
    hosts = ("shm.com.cn",)
    channels = ("https://www.shm.com.cn/", "https://news.shm.com.cn/")
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    family = ("founder",)
    status = "unverified"
