from newscrawl.spider import NewsSpider


class Langya(NewsSpider):
    """琅琊新闻网 of 临沂日报 (TRS WCM, by the paging script of its lists); the daily papers are 方正翔宇 Founder.

    Known from two public scrapers, of its lists (2014) and of 沂蒙晚报 (2021), not from the live site. Channels not known: taken
    from the front page.
    """

    name = "langya"
    title = "琅琊新闻网"
    publisher = "临沂日报报业集团"
    region = "山东"
    city = "临沂"
    home = "http://www.langya.cn/"
    hosts = ("langya.cn",)
    day_lists = "http://ymwb.langya.cn/paper/pc/layout/%Y%m/%d/node_01.html"
    family = ("trs",)
    status = "unverified"
