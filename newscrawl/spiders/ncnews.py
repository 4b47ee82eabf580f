from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Ncnews(NewsSpider):
    """南昌新闻网, the site of 南昌日报 (TRS WCM, by its addresses; before 2016 Founder's).

    Channels, addresses and selectors known from public scrapers of 2015 and 2016 and citations of 2023, not from the live site.
    """

    name = "ncnews"
    title = "南昌新闻网"
    publisher = "南昌日报社"
    region = "江西"
    city = "南昌"
    home = "https://www.ncnews.com.cn/"
    hosts = ("ncnews.com.cn",)
    channels = (
        "https://www.ncnews.com.cn/xwzx/ncxw/jrnc/",
        "https://www.ncnews.com.cn/xwzx/ncxw/szxw/",
        "https://www.ncnews.com.cn/xwzx/ncxw/twnc/",
        "https://www.ncnews.com.cn/xwzx/ncxw/bwzg_rd/",
    )
    article = r"/\d{6}/t\d{8}_\d+\.html?$|/\d{4}-\d{2}/\d{1,2}/content_\d+\.html?$"
    channel = r"^/xwzx/ncxw/\w+/$"
    family = ("trs",)
    status = "unverified"
    layouts = (
        Layout(
            name="ncnews/2016",
            title="div.read h3",
            channel="//a[contains(@class, 'CurrChnlCls')]/..",
            body="#newsread",
        ),
    )
