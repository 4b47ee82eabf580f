from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Hangzhou(NewsSpider):
    """杭州网, the site of 杭州日报 (addresses of Founder's CMS; several old layouts side by side).

    Channels, addresses and selectors known from two public scrapers of 2019 and citations to 2026, not from the live site.
    """

    name = "hangzhou"
    title = "杭州网"
    publisher = "杭州日报报业集团"
    region = "浙江"
    city = "杭州"
    home = "https://www.hangzhou.com.cn/"
    hosts = ("hangzhou.com.cn",)
    channels = (
        "https://hznews.hangzhou.com.cn/chengshi/index.htm",
        "https://hznews.hangzhou.com.cn/jingji/index.htm",
        "https://hznews.hangzhou.com.cn/xinzheng/yaolan/node_15890.htm",
    )
    article = r"/content/(?:\d{4}-\d{2}/\d{2}/)?content_\d+\.html?$"
    channel = r"/(?:node_\d+|index)\.html?$"
    family = ("founder",)
    status = "unverified"
    layouts = (
        Layout(
            name="hangzhou/2019",
            title="div.tit",
            byline=("div.tit1", "div.le_12black"),
            channel="div.weizhi",
            body=("div.zhengwen", "div.fontsz14", "td.wz14", "td.hzwRP_lname06"),
        ),
    )
