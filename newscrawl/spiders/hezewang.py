from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Hezewang(NewsSpider):
    """菏泽网, formerly 中国菏泽网, of 菏泽日报 (方正翔宇 Founder by its addresses, heads of its own).

    Known from a public scraper's selectors of 2019 and from one of the paper (2021), not from the live site. Channels beyond
    /news/news.htm not known: taken from there and from the front page.
    """

    name = "hezewang"
    title = "菏泽网"
    publisher = "菏泽日报社"
    region = "山东"
    city = "菏泽"
    home = "http://www.heze.cn/"
    hosts = ("heze.cn",)
    channels = ("http://www.heze.cn/", "http://www.heze.cn/news/news.htm")
    article = r"/\d{4}-\d{2}/\d{2}/\w+_\d+\.s?html?$|/pc/con/\d{6}/\d{2}/\w+_\d+\.html$"
    day_lists = "http://www.heze.cn/hzrb/pc/layout/%Y%m/%d/node_A1.html"
    family = ("founder",)
    status = "unverified"
    layouts = (
        Layout(
            name="hezewang/2019",
            marks="div.neiRongArea",
            title="div.titleArea h1",
            byline="div.laiYuanArea",
            channel="div.navlist",
            body="div.neiRongArea",
        ),
        Layout(name="hezewang/cont", marks=".cont-h", title=".cont-h", channel="div.location", body="div.content"),
        Layout(name="hezewang/table", marks="td.bigText", title="td.bigText", body="#zoom"),
    )
