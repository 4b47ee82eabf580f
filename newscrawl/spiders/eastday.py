from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Eastday(NewsSpider):
    """东方网 (a CMS of its own): Shanghai's municipal news portal; 选稿 is its word for the editor.

    Addresses and selectors known from public scrapers and citations of 2013 to 2018, not from the live site; what it has
    served since is not known.
    """

    name = "eastday"
    title = "东方网"
    publisher = "东方网"
    region = "上海"
    home = "https://www.eastday.com/"
    hosts = ("eastday.com",)
    channels = ("http://sh.eastday.com/",)
    article = r"/\d{4,8}/\w*\d{4,}\.s?html?$"
    family = ("eastday", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="eastday/2016",
            title=("#biaoti", "h1.blue22"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            byline=".timer",
            channel=("div.weizhi", "div.pos"),
            body="#zw",
        ),
    )
