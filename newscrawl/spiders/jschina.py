from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Jschina(NewsSpider):
    """中国江苏网, the site of 新华报业 (TRS WCM, with Baidu's ids).

    One channel, addresses and selectors known from two public scrapers of 2017 and 2021, not from the live site.
    """

    name = "jschina"
    title = "中国江苏网"
    publisher = "新华报业传媒集团"
    region = "江苏"
    home = "http://www.jschina.com.cn/"
    hosts = ("jschina.com.cn",)
    channels = ("http://jsnews.jschina.com.cn/jsyw/",)
    article = r"/\d{6}/t\d{8}_\d+\.shtml?$"
    channel = r"^/[a-z]\w*/(?:index\.shtml)?$"
    family = ("trs", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="jschina/2017",
            title=("#title", "div.text h2"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            channel="//a[contains(@class, 'CurrChnlCls')]/..",
            body=("div.TRS_Editor", "div.article"),
        ),
    )
