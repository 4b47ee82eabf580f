from newscrawl.spider import NewsSpider


class Dayoo(NewsSpider):
    """大洋网 of 广州日报: a CMS of its own, read by the family ``dayoo``; no rules here.

    Layout, addresses and channels known from public scrapers of 2018 to 2020 and citations until 2026.
    """

    name = "dayoo"
    title = "大洋网"
    publisher = "广州日报报业集团"
    region = "广东"
    city = "广州"
    family = ("dayoo",)
    status = "unverified"
    home = "https://www.dayoo.com/"
    hosts = ("dayoo.com",)
    channels = (
        "https://news.dayoo.com/guangzhou/",
        "https://news.dayoo.com/guangzhou/150955.shtml",
        "https://news.dayoo.com/guangzhou/150956.shtml",
    )
    article = r"/\w+/\d{6}/\d{2}/\d+_\d+\.html?$"
    channel = r"^/\w+/\d{6}\.shtml$"
