from newscrawl.spider import NewsSpider


class Jwb(NewsSpider):
    """今晚网, the site of 今晚报 (大汉 JCMS, by the form of its addresses).

    Only that form is known, from citations of 2013 to 2015; the pattern of lists is that CMS's own, and channels are taken
    from the front page.
    """

    name = "jwb"
    title = "今晚网"
    publisher = "今晚传媒集团"
    region = "天津"
    city = "天津"
    home = "http://www.jwb.com.cn/"
    hosts = ("jwb.com.cn",)
    article = r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html?$"
    channel = r"^/col/col\d+/"
    family = ("jcms",)
    status = "unverified"
