from newscrawl.spider import NewsSpider


class Xnwbw(NewsSpider):
    """西宁晚报, the digital paper (方正翔宇): the family reads its pages, no rules of its own.

    Addresses known from citations of 2016. The day's pages are taken from the front page, which leads to the paper of the day; the
    number of a day's first page is not known.
    """

    name = "xnwbw"
    title = "西宁晚报"
    publisher = "西宁晚报社"
    region = "青海"
    city = "西宁"
    family = ("founder",)
    status = "unverified"
    home = "http://www.xnwbw.com/"
    hosts = ("xnwbw.com",)
    article = r"/html/\d{4}-\d{2}/\d{2}/content_\d+\.htm"
    channel = r"/html/\d{4}-\d{2}/\d{2}/node_\d+\.htm$"
