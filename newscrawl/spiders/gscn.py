from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Gscn(NewsSpider):
    """中国甘肃网 (北方网's CMS by its addresses; Baidu's news ids on some templates).

    Layouts known from a public scraper of 2019, addresses from citations of 2016 to 2026, one channel from another scraper.
    """

    name = "gscn"
    title = "中国甘肃网"
    publisher = "中国甘肃网"
    region = "甘肃"
    family = ("baidu",)
    status = "unverified"
    home = "http://www.gscn.com.cn/"
    hosts = ("gscn.com.cn",)
    channels = ("http://gansu.gscn.com.cn/bwyc/index.html",)
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.s?html?$"
    channel = r"^/[a-z]\w*/(?:index\.s?html)?$"
    layouts = (
        Layout(
            name="gscn/2019",
            published="//div[@class='info']/span[@class='m-frt']",
            source="//div[@class='info']/span[2]",
            body="div.a-container",
        ),
        Layout(
            name="gscn/baidu",
            marks="#pubtime_baidu",
            published="#pubtime_baidu",
            source="#source_baidu",
            body="#content",
        ),
    )
