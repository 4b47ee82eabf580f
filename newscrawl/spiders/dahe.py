from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Dahe(NewsSpider):
    """大河网, the site of 河南日报 (a CMS of its own, with Baidu's ids).

    Channels, addresses and selectors known from two public scrapers of 2019 and citations to 2026, not from the live site.
    """

    name = "dahe"
    title = "大河网"
    publisher = "河南日报报业集团"
    region = "河南"
    home = "https://www.dahe.cn/"
    hosts = ("dahe.cn",)
    channels = ("https://news.dahe.cn/", "https://city.dahe.cn/", "https://edu.dahe.cn/2jyyw/", "https://jr.dahe.cn/cjxw/")
    article = r"/\d{4}/\d{2}-\d{2}/\d+\.html?$"
    family = ("baidu",)
    status = "unverified"
    layouts = (
        Layout(
            name="dahe/2019",
            title=("//*[@id='4g_title']", "div.xinwen-ttl p"),
            byline="div.time_source",
            published="#pubtime_baidu",
            source="#source_baidu",
            editors="#editor_baidu",
            body="#mainCon",
        ),
    )
