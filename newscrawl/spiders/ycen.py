from newscrawl.spider import NewsSpider


class Ycen(NewsSpider):
    """银川新闻网 of 银川日报 (方正翔宇 by its addresses): no rules known; the family and the layers below read it.

    Addresses known from citations of 2012, the host from lists until 2025. Channels are taken from the front page.
    """

    name = "ycen"
    title = "银川新闻网"
    publisher = "银川市新闻传媒集团"
    region = "宁夏"
    city = "银川"
    family = ("founder",)
    status = "unverified"
    home = "http://www.ycen.com.cn/"
    hosts = ("ycen.com.cn",)
    article = r"/content/\d{4}-\d{2}/\d{2}/content_\d+\.html?$|/\d{6}/t\d{8}_\d+\.html?$"
    channel = r"^/(?:\w+/)?node_\d+\.htm$"
