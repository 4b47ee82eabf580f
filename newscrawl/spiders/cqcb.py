from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Cqcb(NewsSpider):
    """上游新闻 of 重庆晨报: 帝国CMS with heads of its own, no family known.

    Channels, lists and layouts known from a public scraper of 2019, addresses from citations until 2026. Much of it lives in an app;
    these are its web pages.
    """

    name = "cqcb"
    title = "上游新闻"
    publisher = "重庆日报报业集团"
    region = "重庆"
    city = "重庆"
    family = ()
    status = "unverified"
    home = "https://www.cqcb.com/"
    hosts = ("cqcb.com",)
    channels = (
        "https://www.cqcb.com/headline/",
        "https://www.cqcb.com/highlights/",
        "https://www.cqcb.com/hot/",
        "https://www.cqcb.com/diaocha/",
        "https://www.cqcb.com/shishi/",
    )
    article = r"/\d{4}-\d{2}-\d{2}/\d+(?:_pc)?\.html$"
    channel = r"^/[a-z]\w*/$"
    layouts = (
        Layout(
            name="cqcb/2019",
            title=("div.tile", "//h3[@id='Title']", "h1"),
            byline="div.post",
            published="span.label_nr2",
            source="span.label_nr",
            body=("div.article_text", "div.newsdetatext"),
        ),
    )
