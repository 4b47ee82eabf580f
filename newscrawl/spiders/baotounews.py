from newscrawl.spider import NewsSpider


class Baotounews(NewsSpider):
    """包头新闻网, the site of 包头日报. Its CMS is not known, nor its channels.

    Only the host is known, from public lists of news sites: articles are told by the default pattern, channels are taken
    from the front page, and the pages are left to the layers below.
    """

    name = "baotounews"
    title = "包头新闻网"
    publisher = "包头日报社"
    region = "内蒙古"
    city = "包头"
    home = "http://www.baotounews.com.cn/"
    hosts = ("baotounews.com.cn",)
    family = ()
    status = "unverified"
