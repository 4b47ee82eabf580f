from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Cqnews(NewsSpider):
    """华龙网, 重庆 (方正翔宇 by its older addresses): two layouts known, pages since 2021 left to the layers below.

    Layouts of 2016 to 2019 and channels known from public scrapers, addresses from citations until 2026.
    """

    name = "cqnews"
    title = "华龙网"
    publisher = "华龙网集团"
    region = "重庆"
    family = ("founder",)
    status = "unverified"
    home = "https://www.cqnews.net/"
    hosts = ("cqnews.net",)
    channels = (
        "http://cq.cqnews.net/html/node_35734.htm",
        "http://cq.cqnews.net/szjz/index.htm",
        "http://cq.cqnews.net/jzcj/",
    )
    article = r"/html/\d{4}-\d{2}/\d{2}/content_\d+\.html?$|/detail/\d+/(?:web|app)/content_\d+\.html?$"
    channel = r"^/(?:html/)?(?:node_|col)\d+\.htm$"
    layouts = (
        Layout(
            name="cqnews/2019",
            until="2020-12-31",
            title="//div[@class='left_news']/h1",
            published="//div[@class='left_news']/div[@class='pl']/span[1]",
            source="span.author",
            body=("#_h5_content", "#main_text"),
        ),
    )
