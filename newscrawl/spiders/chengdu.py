from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Chengdu(NewsSpider):
    """成都全搜索 (红星新闻网, 成都商报): a CMS of its own, no family known.

    Layout known from two public feed makers, addresses from citations until 2026.
    """

    name = "chengdu"
    title = "成都全搜索"
    publisher = "成都传媒集团"
    region = "四川"
    city = "成都"
    family = ()
    status = "unverified"
    home = "https://www.chengdu.cn/"
    hosts = ("chengdu.cn",)
    channels = ("http://news.chengdu.cn/xwsy/bd/",)
    article = r"/\d{4}/\d{4}/(?:[0-9a-f]{24}|\d+)\.shtml$"
    channel = r"^/[a-z]\w*/[a-z]\w*/$"
    layouts = (
        Layout(
            name="chengdu/2020",
            title="//*[@id='main']/h3",
            byline="//*[@id='main']/div[contains(@class, 'con-sj')]/span",
            body="//*[@id='main']/div[contains(@class, 'con-p2')]",
        ),
    )
