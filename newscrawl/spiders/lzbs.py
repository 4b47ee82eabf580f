from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Lzbs(NewsSpider):
    """兰州新闻网 of 兰州日报 (方正翔宇 by the addresses of its images): only the body's class is known.

    Known from a public scraper of about 2018. Neither channels nor addresses of articles are: the default pattern and the front page
    are used.
    """

    name = "lzbs"
    title = "兰州新闻网"
    publisher = "兰州日报社"
    region = "甘肃"
    city = "兰州"
    family = ("founder",)
    status = "unverified"
    home = "https://www.lzbs.com.cn/"
    hosts = ("lzbs.com.cn",)
    layouts = (Layout(name="lzbs/2018", body="div.articalCont"),)
