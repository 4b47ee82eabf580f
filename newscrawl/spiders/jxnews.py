from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Jxnews(NewsSpider):
    """大江网 (中国江西网), the site of 江西日报 (Enorth WebPublisher, Baidu's ids), one host a city and paper.

    Addresses and selectors known from three public scrapers of 2017 to 2020 and citations to 2025, not from the live site.
    """

    name = "jxnews"
    title = "大江网"
    publisher = "江西日报社"
    region = "江西"
    home = "https://www.jxnews.com.cn/"
    hosts = ("jxnews.com.cn", "jxcn.cn")
    channels = ("https://jiangxi.jxnews.com.cn/", "https://nc.jxnews.com.cn/")
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    family = ("enorth", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="jxnews/2017",
            title=("//div[@data-toggle='title']", "div.BiaoTi", "div.biaoti1 h1", "div.cont_adtop h1", "div.title"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            channel="div.position",
            body=("#Zoom", "//div[@data-toggle='content']", "div.Content"),
            remove="#news_more_page_div_id",
        ),
    )
