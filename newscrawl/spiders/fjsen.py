from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Fjsen(NewsSpider):
    """东南网, the site of 福建日报 (addresses of Founder's CMS, Baidu's ids; the body in ``new_message_id``).

    One channel, addresses and selectors known from public scrapers and citations of 2017 to 2023, not from the live site.
    """

    name = "fjsen"
    title = "东南网"
    publisher = "福建日报社"
    region = "福建"
    home = "https://www.fjsen.com/"
    hosts = ("fjsen.com",)
    channels = ("http://fjnews.fjsen.com/fjssyw.htm", "http://fjnews.fjsen.com/")
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    family = ("fjsen", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="fjsen/2017",
            title=("div.cont_head h1", "div.big_title h1", "div.biaoti", "#new_subject_id"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors=("#editor_baidu", "#new_editor_id"),
            channel="//a[@class='daohang']/..",
            body=("#new_message_id", "#zoom"),
        ),
    )
