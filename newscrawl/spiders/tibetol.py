from newscrawl.spider import NewsSpider


class Tibetol(NewsSpider):
    """西藏在线 (PHPCMS V9, stock template): the family's layout reads it, no rules of its own.

    Markup, channels and addresses known from a public scraper of 2018. It stands beside 中国西藏新闻网 because no city paper of 西藏
    is known by its pages.
    """

    name = "tibetol"
    title = "西藏在线"
    publisher = "西藏在线"
    region = "西藏"
    family = ("phpcms",)
    status = "unverified"
    home = "http://www.tibetol.cn/"
    hosts = ("tibetol.cn",)
    channels = (
        "http://www.tibetol.cn/html/zixun/xizangyaowen/",
        "http://www.tibetol.cn/html/zixun/bwyc/",
        "http://www.tibetol.cn/html/zixun/qitazangqu/",
        "http://www.tibetol.cn/html/zixun/xgbd/",
    )
    article = r"/html/\w+/\w+/\d{4}/\d{4}/\d+\.html$"
    channel = r"^/html/[a-z]\w*/[a-z]\w*/$"
