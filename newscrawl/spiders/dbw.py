from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Dbw(NewsSpider):
    """东北网 (Enorth WebPublisher): Heilongjiang's provincial news portal, one host a channel.

    Channels, addresses and selectors known from two public scrapers of 2018 and 2019 and from a page of 2024 that others
    published, not from the live site.
    """

    name = "dbw"
    title = "东北网"
    publisher = "黑龙江东北网络台"
    region = "黑龙江"
    home = "https://www.dbw.cn/"
    hosts = ("dbw.cn",)
    channels = (
        "https://heilongjiang.dbw.cn/",
        "https://ms.dbw.cn/jzzz/index.shtml",
        "https://society.dbw.cn/shwx/",
        "https://edu.dbw.cn/2014ljjy/2014ljyw/index.shtml",
        "https://tour.dbw.cn/t-hlj/",
    )
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    family = ("enorth",)
    status = "unverified"
    layouts = (
        Layout(
            name="dbw/2018",
            until="2023-12-31",
            title=(".tt_news", "div.neirong h1"),
            byline=("div.dizhi", "div.info"),
            channel=("div.dangq", "div.postion"),
            body=("div.duanluo", "#p-detail", "div.zhengw"),
            remove=("#news_more_page_div_id", "div.gjc"),
        ),
        Layout(
            name="dbw/2024",
            title="div.end-k h1",
            byline="div.time",
            editors="div.qhui",
            channel="div.weizhi",
            body="div.neirong",
            remove="#news_more_page_div_id",
        ),
    )
