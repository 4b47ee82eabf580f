from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class E23(NewsSpider):
    """舜网 of 济南日报报业集团 (a system of its own, addresses /<channel>/<day>/<day and number>.html).

    Known from two public scrapers' channels and selectors of 2019 and from addresses quoted to 2026, not from the live site.
    """

    name = "e23"
    title = "舜网·济南日报"
    publisher = "济南日报报业集团"
    region = "山东"
    city = "济南"
    home = "http://www.e23.cn/"
    hosts = ("e23.cn",)
    channels = (
        "http://news.e23.cn/index.html",
        "http://news.e23.cn/jinan/index.html",
        "http://news.e23.cn/shandong/index.html",
        "http://news.e23.cn/wanxiang/index.html",
    )
    article = r"/\d{4}-\d{2}-\d{2}/\d{13}\.html$"
    channel = r"^/[a-z]+/(?:index|\d+)\.html$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="e23/2019",
            title=("div.post_content_main h1", "div.news_container h1"),
            published="//div[@class='post_time']/p[1]",
            source="//div[@class='post_time']/p[2]",
            body=("div.post_text", "#zhw", "div.h16"),
        ),
    )
