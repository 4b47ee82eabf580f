from newscrawl.spider import NewsSpider


class Jnnews(NewsSpider):
    """济宁新闻网 of 济宁市广播电视台: pages built as 人民网's of 2016 (rwb_…), addresses /p/<id>.html.

    Known from a public scraper's channels and selectors of 2018 and from addresses quoted to 2026, not from the live site.
    """

    name = "jnnews"
    title = "济宁新闻网"
    publisher = "济宁市广播电视台"
    region = "山东"
    city = "济宁"
    home = "https://www.jnnews.tv/"
    hosts = ("jnnews.tv",)
    channels = (
        "https://www.jnnews.tv/",
        "https://www.jnnews.tv/jining/index.html",
        "https://www.jnnews.tv/xianqu/index.html",
        "https://www.jnnews.tv/shehui/index.html",
        "https://www.jnnews.tv/jiankang/index.html",
    )
    article = r"/p/\d+\.html$"
    channel = r"^/xianqu/[a-z]+/$"
    family = ("people/rwb",)
    status = "unverified"
