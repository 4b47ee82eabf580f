from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Rednet(NewsSpider):
    """红网, 湖南 and its city stations: a CMS of its own, no family known.

    Channels and the layout of 2019 known from a public scraper, the addresses since 2020 (``/content/646840/67/14024310.html``) from
    citations; later layouts are left to the layers below.
    """

    name = "rednet"
    title = "红网"
    publisher = "湖南红网新媒体集团"
    region = "湖南"
    family = ()
    status = "unverified"
    home = "https://www.rednet.cn/"
    hosts = ("rednet.cn",)
    channels = (
        "https://hn.rednet.cn/channel/7397.html",
        "https://hn.rednet.cn/channel/7398.html",
        "https://hn.rednet.cn/channel/7399.html",
        "https://hn.rednet.cn/channel/7400.html",
        "https://news.rednet.cn/channel/8394.html",
    )
    article = r"/content/(?:\d{4}/\d{2}/\d{2}|\d{6}/\d{2})/\d+\.html?$"
    channel = r"^/channel/\d+\.html?$"
    layouts = (
        Layout(
            name="rednet/2019",
            title="h1.detail_title",
            published="span.p_l_25",
            source="span.p_l_10",
            body=("article.detail-article", "section.detail_article_content"),
        ),
    )
