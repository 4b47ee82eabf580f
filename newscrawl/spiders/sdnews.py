from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Sdnews(NewsSpider):
    """鲁网, formerly 中国山东网 (TRS WCM by its addresses and its div.TRS_Editor).

    Known from a public scraper's channels and selectors of 2019 and from addresses quoted to 2024, not from the live site.
    """

    name = "sdnews"
    title = "鲁网·中国山东网"
    publisher = "鲁网"
    region = "山东"
    home = "http://www.sdnews.com.cn/"
    hosts = ("sdnews.com.cn",)
    channels = (
        "http://sd.sdnews.com.cn/m/",
        "http://news.sdnews.com.cn/m/",
        "http://gov.sdnews.com.cn/qwfb/sdyw/",
        "http://f.sdnews.com.cn/m/",
        "http://jy.sdnews.com.cn/yw/",
    )
    article = r"/\d{6}/t\d{8}_\d+\.html?$"
    family = ("trs",)
    status = "unverified"
    layouts = (
        Layout(
            name="sdnews/2019",
            title="h1",
            byline=("//div[contains(@class, 'info')]/span[1]", "//div[@class='page']/span[1]", "div.info"),
            body="div.TRS_Editor",
        ),
    )
