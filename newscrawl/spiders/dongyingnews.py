from newscrawl.spider import NewsSpider


class Dongyingnews(NewsSpider):
    """东营网 of 东营日报 (北方网 Enorth WebPublisher, by its addresses /system/<day>/<number>.shtml).

    Known from addresses quoted in public repositories, 2014 to 2026, not from the live site. Channels not known: taken from the
    front pages.
    """

    name = "dongyingnews"
    title = "东营网"
    publisher = "东营日报社"
    region = "山东"
    city = "东营"
    home = "http://www.dongyingnews.cn/"
    hosts = ("dongyingnews.cn",)
    channels = ("http://www.dongyingnews.cn/", "https://news.dongyingnews.cn/")
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    family = ()
    status = "unverified"
