from newscrawl.spider import NewsSpider


class Zaozhuangdaily(NewsSpider):
    """枣庄新闻网 of 枣庄日报; no CMS family known.

    Known by its host alone, from a list of Shandong's news sites: channels, addresses and markup are not known. Any CMS's addresses
    are taken from the front page, and pages are left to the layers below.
    """

    name = "zaozhuangdaily"
    title = "枣庄新闻网"
    publisher = "枣庄日报社"
    region = "山东"
    city = "枣庄"
    home = "http://www.zaozhuangdaily.com.cn/"
    hosts = ("zaozhuangdaily.com.cn",)
    family = ()
    status = "unverified"
