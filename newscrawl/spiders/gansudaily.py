from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Gansudaily(NewsSpider):
    """每日甘肃网 of 甘肃日报 (北方网's CMS by its addresses), with channels of the cities; no family known.

    Layout and channels known from three public scrapers of 2018 and 2019, addresses from citations until 2026.
    """

    name = "gansudaily"
    title = "每日甘肃网"
    publisher = "甘肃日报报业集团"
    region = "甘肃"
    family = ()
    status = "unverified"
    home = "http://www.gansudaily.com.cn/"
    hosts = ("gansudaily.com.cn",)
    channels = (
        "http://gansu.gansudaily.com.cn/xwfbt/zxfb/index.shtml",
        "http://szkb.gansudaily.com.cn/jjfz/index.shtml",
        "http://szkb.gansudaily.com.cn/szxw/index.shtml",
        "http://szkb.gansudaily.com.cn/shsy/index.shtml",
    )
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    channel = r"^/(?:[a-z]\w*/){1,2}(?:index\.shtml)?$"
    layouts = (
        Layout(
            name="gansudaily/2018",
            title="h1",
            byline="#nleft",
            channel="//div[contains(@class, 'positon')]",
            body=("#conter2018", "div.artical"),
            remove=("#news_more_page_div_id", "div.a-footer"),
        ),
    )
