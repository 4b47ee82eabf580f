from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Tynews(NewsSpider):
    """太原新闻网, the site of 太原日报 (Enorth WebPublisher, by its addresses).

    Addresses and selectors known from a public scraper of 2021, not from the live site; channels are taken from the front page.
    """

    name = "tynews"
    title = "太原新闻网"
    publisher = "太原日报社"
    region = "山西"
    city = "太原"
    home = "http://www.tynews.com.cn/"
    hosts = ("tynews.com.cn",)
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    family = ("enorth",)
    status = "unverified"
    layouts = (
        Layout(
            name="tynews/2021",
            title="h1.title",
            byline="div.info",
            body="#article",
            remove="#news_more_page_div_id",
        ),
    )
