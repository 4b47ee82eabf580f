from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Enorth(NewsSpider):
    """北方网 (Enorth WebPublisher): Tianjin's municipal news portal, one host a channel.

    Addresses and selectors known from public scrapers of 2015 to 2019, not from the live site; until about 2016 its pages had
    Baidu's ids.
    """

    name = "enorth"
    title = "北方网"
    publisher = "津云新媒体集团"
    region = "天津"
    home = "http://www.enorth.com.cn/"
    hosts = ("enorth.com.cn",)
    channels = ("http://news.enorth.com.cn/",)
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    family = ("enorth",)
    status = "unverified"
    layouts = (
        Layout(
            name="enorth/2015",
            until="2016-12-31",
            title="div.heiti",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            body="div.hanggao24",
        ),
        Layout(
            name="enorth/2018",
            title=("#title h2", "#title h1", "div.nph_set_title h1"),
            byline=("p.info", "div.time_source"),
            channel=("div.brumb", "div.nph_chn"),
            body=("div.content", "div.nph_cnt"),
            remove="#news_more_page_div_id",
        ),
    )
