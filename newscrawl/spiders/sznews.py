from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Sznews(NewsSpider):
    """深圳新闻网 of 深圳特区报 (方正翔宇 by its addresses): two heads, of news pages and of the wide ones.

    Layouts and addresses known from a public scraper of 2020 and citations until 2026.
    """

    name = "sznews"
    title = "深圳新闻网"
    publisher = "深圳报业集团"
    region = "广东"
    city = "深圳"
    family = ("founder",)
    status = "unverified"
    home = "https://www.sznews.com/"
    hosts = ("sznews.com",)
    channels = ("https://www.sznews.com/news/",)
    article = r"/content/(?:mb/)?\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    channel = r"^/(?:\w+/)*node_\d+\.htm$"
    layouts = (
        Layout(
            name="sznews/2020",
            title=("h1.h1-news", "h1.con_title"),
            subtitle="h2.article-title",
            published="div.share-date",
            source="span.ml10",
            channel="div.crumbs",
            body=("div.article-content", "#con_arc_content"),
            remove=("#qrcodeWrap", "div.pages"),
        ),
    )
