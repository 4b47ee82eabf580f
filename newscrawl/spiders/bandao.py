from newscrawl.spider import NewsSpider


class Bandao(NewsSpider):
    """半岛网 of 半岛都市报; no CMS family known for the site, the daily paper is 方正翔宇 Founder.

    Known from addresses quoted in public repositories, /a/<id>.html (2022, 2023) and /news_html/…/news_<day>_<id>.shtml (2012,
    2013), and from a scraper of the paper (2024), not from the live site. Channels not known: taken from the front page.
    """

    name = "bandao"
    title = "半岛网"
    publisher = "半岛都市报"
    region = "山东"
    city = "青岛"
    home = "http://www.bandao.cn/"
    hosts = ("bandao.cn",)
    article = r"/a/\d+\.html$|/news_html/\d{6}/\d{8}/news_\d{8}_\d+\.shtml$|/bddsb/\d{8}/Articel\w+\.htm$"
    day_lists = "https://bddsb.bandao.cn/pc/bddsb/%Y%m%d/PageA01BC.htm"
    family = ()
    status = "unverified"
