from newscrawl.spider import NewsSpider


class Zbnews(NewsSpider):
    """淄博新闻网 of 淄博日报 (方正翔宇 Founder, by its addresses /content/<month>/…); the daily paper is paper.zbnews.net.

    Known from addresses that public scripts filter by, 2018 and 2026, not from the live site. Channels not known: taken from the
    front page.
    """

    name = "zbnews"
    title = "淄博新闻网"
    publisher = "淄博日报社"
    region = "山东"
    city = "淄博"
    home = "http://www.zbnews.net/"
    hosts = ("zbnews.net",)
    article = r"/content/\d{4}-\d{2}/[\w/-]+\.s?html?$"
    day_lists = "http://paper.zbnews.net/RB/content/%Y%m%d/Page01FM.htm"
    family = ("founder",)
    status = "unverified"
