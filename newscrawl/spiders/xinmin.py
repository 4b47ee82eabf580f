from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Xinmin(NewsSpider):
    """新民网, the site of 新民晚报 (a CMS of its own).

    Channels, addresses and selectors known from four public scrapers of 2017 to 2020, not from the live site.
    """

    name = "xinmin"
    title = "新民网"
    publisher = "新民晚报社"
    region = "上海"
    city = "上海"
    home = "http://www.xinmin.cn/"
    hosts = ("xinmin.cn",)
    channels = (
        "http://shanghai.xinmin.cn/latest/",
        "http://shanghai.xinmin.cn/xmsq/",
        "http://shanghai.xinmin.cn/tfbd/",
        "http://newsxmwb.xinmin.cn/chengsh/pc/index.htm",
    )
    article = r"/\d{4}/\d{2}/\d{2}/\d+\.html?$"
    channel = r"^/\w+/(?:pc/(?:index\.htm)?)?$"
    family = ("xinmin",)
    status = "unverified"
    layouts = (
        Layout(
            name="xinmin/2017",
            title=("h1.a_title", "h1.article_title", "h3.content_title"),
            byline=("div.info", "div.content_info"),
            channel="div.Mbx",
            body=("div.a_content", "#MP_article", "div.a_p"),
            remove="div.copyright",
        ),
    )
