from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Nxnews(NewsSpider):
    """宁夏新闻网 of 宁夏日报 (TRS WCM): head of its own over the family's body.

    Layout, channels and addresses known from a public scraper of 2019 and citations until 2023.
    """

    name = "nxnews"
    title = "宁夏新闻网"
    publisher = "宁夏日报报业集团"
    region = "宁夏"
    family = ("trs",)
    status = "unverified"
    home = "http://www.nxnews.net/"
    hosts = ("nxnews.net",)
    channels = (
        "http://www.nxnews.net/yc/jrww/",
        "http://www.nxnews.net/sz/nxdj/",
        "http://www.nxnews.net/sh/shwx/",
        "http://www.nxnews.net/ds/ycdt/",
        "http://www.nxnews.net/ds/sxld/",
    )
    article = r"/\d{6}/t\d{8}_\d+\.html?$"
    channel = r"^/[a-z]\w*/(?:[a-z]\w*/)?$"
    layouts = (
        Layout(
            name="nxnews/2019",
            title=("div.zwbt", "div.title"),
            byline="div.listblackf14h25",
            body=("div.article div.TRS_Editor", "div.TRS_Editor"),
        ),
    )
