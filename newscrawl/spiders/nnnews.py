from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Nnnews(NewsSpider):
    """南宁新闻网 of 南宁日报: a CMS of its own, no family known.

    Two layouts, addresses and channels known from two public scrapers, of about 2018 and 2021.
    """

    name = "nnnews"
    title = "南宁新闻网"
    publisher = "南宁日报社"
    region = "广西"
    city = "南宁"
    family = ()
    status = "unverified"
    home = "http://www.nnnews.net/"
    hosts = ("nnnews.net",)
    channels = (
        "http://www.nnnews.net/yaowen/index.html",
        "http://www.nnnews.net/xianqu/index.html",
        "http://www.nnnews.net/jiaoyu/index.html",
    )
    article = r"/\w+/p/\d+\.html$|/t\d{8}_\d+\.html$"
    channel = r"^/[a-z]\w*/(?:index\.html)?$"
    layouts = (
        Layout(
            name="nnnews/2021",
            title="div.xiangqing_dabiaoti h2",
            published="//div[@class='fxandtime_left']/ul/li[1]",
            source="//div[@class='fxandtime_left']/ul/li[2]",
            body="div.xiangqing_three_left",
        ),
        Layout(
            name="nnnews/2018",
            title="//*[@id='title']/h1",
            byline="#inf",
            body="#dochtml",
        ),
    )
