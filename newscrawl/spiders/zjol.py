from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Zjol(NewsSpider):
    """浙江在线, the site of 浙江日报 (TRS WCM by the addresses of 2019, Enorth WebPublisher before; Baidu's ids).

    Channels, addresses and selectors known from public scrapers of 2016 and 2019, not from the live site.
    """

    name = "zjol"
    title = "浙江在线"
    publisher = "浙江日报报业集团"
    region = "浙江"
    home = "https://www.zjol.com.cn/"
    hosts = ("zjol.com.cn",)
    channels = (
        "https://zjnews.zjol.com.cn/",
        "http://health.zjol.com.cn/ycxw/",
        "http://edu.zjol.com.cn/jyjsb/zh/",
        "http://zjtyol.zjol.com.cn/zjrd/",
    )
    article = r"/\d{6}/t\d{8}_\d+\.shtml?$|/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    channel = r"^/[a-z]\w*/(?:[a-z]\w*/)?$"
    family = ("trs", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="zjol/2016",
            title=("div.contTit", "div.artTitle"),
            published="#pubtime_baidu",
            byline="div.time",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            channel="//a[contains(@class, 'CurrChnlCls')]/..",
            body="div.contTxt",
            remove="//p[contains(., '关注浙江在线微信')]",
        ),
    )
