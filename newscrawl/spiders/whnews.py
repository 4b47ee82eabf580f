from newscrawl.spider import NewsSpider


class Whnews(NewsSpider):
    """威海网 of 威海日报 and 威海晚报 (方正翔宇 Founder, by the addresses of its pictures, …/attachement/jpg/site2/…).

    Known from addresses quoted in public repositories, 2012 to 2019, not from the live site. Neither its channels nor how its
    articles are named are known: any CMS's addresses are taken from the front page.
    """

    name = "whnews"
    title = "威海网·威海晚报"
    publisher = "威海日报社"
    region = "山东"
    city = "威海"
    home = "http://www.whnews.cn/"
    hosts = ("whnews.cn",)
    family = ("founder",)
    status = "unverified"
