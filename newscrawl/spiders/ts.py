from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Ts(NewsSpider):
    """天山网, 新疆: TRS WCM since about 2021 (``t20231101_17036812.shtml``), before on 北方网's CMS (``/system/2019/…``).

    The layout of 2019 known from a public scraper, both forms of addresses from citations; pages since 2021 are left to the family.
    """

    name = "ts"
    title = "天山网"
    publisher = "新疆日报社"
    region = "新疆"
    family = ("trs",)
    status = "unverified"
    home = "https://www.ts.cn/"
    hosts = ("ts.cn",)
    channels = (
        "https://www.ts.cn/xwzx/jjxw/",
        "https://www.ts.cn/xwzx/whxw/",
    )
    article = r"/\d{6}/t\d{8}_\d+\.shtml$|/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    channel = r"^/xwzx/[a-z]\w*/(?:index\.shtml)?$"
    layouts = (
        Layout(
            name="ts/2019",
            until="2020-12-31",
            title="h1.active-title",
            byline="p.active-info2",
            body="div.hy-active",
        ),
    )
