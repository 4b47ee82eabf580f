from newscrawl.spider import NewsSpider


class Cjn(NewsSpider):
    """长江网 of 长江日报, 武汉 (TRS WCM, head ``art-meta``): the family's layout reads it, no rules of its own.

    Markup known from pages of 2020, channels and their further lists (``index_1.htm``) from public scrapers.
    """

    name = "cjn"
    title = "长江网"
    publisher = "长江日报报业集团"
    region = "湖北"
    city = "武汉"
    family = ("trs/art", "trs")
    status = "unverified"
    home = "http://www.cjn.cn/"
    hosts = ("cjn.cn",)
    channels = (
        "http://news.cjn.cn/ttdd/",
        "http://news.cjn.cn/sywh/",
        "http://news.cjn.cn/gnxw/",
        "http://finance.cjn.cn/whjjzx/",
    )
    article = r"/\d{6}/t\d+(?:_\d+)?\.s?html?$"
    channel = r"^/[a-z]\w*/(?:index\.html?)?$"
