from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Anhuinews(NewsSpider):
    """中安在线, the site of 安徽日报 (Enorth WebPublisher, by its addresses), one host a city and channel.

    Channels, addresses and selectors known from three public scrapers of 2017 to 2019, not from the live site.
    """

    name = "anhuinews"
    title = "中安在线"
    publisher = "安徽新媒体集团"
    region = "安徽"
    home = "http://www.anhuinews.com/"
    hosts = ("anhuinews.com",)
    channels = ("http://ah.anhuinews.com/", "http://news.anhuinews.com/shh/shhxw/", "http://hf.anhuinews.com/")
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    family = ("enorth", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="anhuinews/2019",
            title=("div.article-title h1", "div.aticleHead h1", "h1"),
            published=("#pubtime_baidu", "div.time"),
            source=("#source_baidu", "div.source"),
            channel=("div.position", "div.dh"),
            body=("#Zoom", "div.info", "div.article-main"),
            remove="#news_more_page_div_id",
        ),
    )
