from newscrawl.spider import NewsSpider


class Lyd(NewsSpider):
    """洛阳网, the site of 洛阳日报 (Enorth WebPublisher, by its addresses and image names).

    Only hosts and addresses are known, from citations of 2014 to 2024; the pages are left to the layers below.
    """

    name = "lyd"
    title = "洛阳网"
    publisher = "洛阳日报报业集团"
    region = "河南"
    city = "洛阳"
    home = "https://www.lyd.com.cn/"
    hosts = ("lyd.com.cn",)
    channels = ("https://news.lyd.com.cn/",)
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    family = ("enorth",)
    status = "unverified"
