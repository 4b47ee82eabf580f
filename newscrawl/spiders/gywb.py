from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Gywb(NewsSpider):
    """贵阳网 of 贵阳日报 (方正翔宇 by its addresses, Baidu's news ids): two heads.

    Layouts and one channel known from two public scrapers of 2019, addresses from citations of 2016 to 2019.
    """

    name = "gywb"
    title = "贵阳网"
    publisher = "贵阳日报传媒集团"
    region = "贵州"
    city = "贵阳"
    family = ("baidu", "founder")
    status = "unverified"
    home = "http://www.gywb.cn/"
    hosts = ("gywb.cn",)
    channels = ("http://www.gywb.cn/gynews/node_694.htm",)
    article = r"/content/\d{4}-\d{2}/\d{2}/content_\d+\.htm$|/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    channel = r"^/(?:\w+/)?node_\d+\.htm$"
    layouts = (
        Layout(
            name="gywb/2019",
            title="h1.g-content-t",
            published="#pubtime_baidu",
            source="#source_baidu",
            editors="#editor_baidu",
            channel=".breadcrumb",
            body="div.g-content-c",
        ),
        Layout(
            name="gywb/system",
            title="div.textTitle h2",
            published="//div[@class='textTitle']/span[1]",
            source="//div[@class='textTitle']/span[2]",
            body="div.textCon",
        ),
    )
