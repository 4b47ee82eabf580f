from newscrawl.spider import NewsSpider


class Dezhoudaily(NewsSpider):
    """德州新闻网 of 德州日报; no CMS family known. Its addresses, /p/<id>.html, are those of 济宁新闻网's system.

    Known from addresses quoted in public repositories, not from the live site. Channels not known: taken from the front page.
    """

    name = "dezhoudaily"
    title = "德州新闻网"
    publisher = "德州日报社"
    region = "山东"
    city = "德州"
    home = "http://www.dezhoudaily.com/"
    hosts = ("dezhoudaily.com",)
    article = r"/p/\d+\.html$"
    family = ()
    status = "unverified"
