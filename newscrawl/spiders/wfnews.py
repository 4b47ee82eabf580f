from newscrawl.spider import NewsSpider


class Wfnews(NewsSpider):
    """潍坊新闻网 of 潍坊日报 (方正翔宇 Founder, by the addresses of its pictures, …/attachement/jpg/site1/…).

    Known from addresses quoted in public repositories, 2010 to 2014, and from scrapers of the papers (2021), not from the live
    site. Channels and the form of article addresses not known: any CMS's are taken from the front page.
    """

    name = "wfnews"
    title = "潍坊新闻网"
    publisher = "潍坊日报社"
    region = "山东"
    city = "潍坊"
    home = "http://www.wfnews.com.cn/"
    hosts = ("wfnews.com.cn",)
    day_lists = "http://wfrb.wfnews.com.cn/content/%Y%m%d/Page01JQ.htm"
    family = ("founder",)
    status = "unverified"
