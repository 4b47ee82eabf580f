from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Yunnan(NewsSpider):
    """云南网 of 云南日报 (北方网's CMS, Enorth WebPublisher): fields in numbered layers.

    Layouts, channels and addresses known from a public scraper of 2019 and citations until 2026.
    """

    name = "yunnan"
    title = "云南网"
    publisher = "云南日报报业集团"
    region = "云南"
    family = ("enorth",)
    status = "unverified"
    home = "https://www.yunnan.cn/"
    hosts = ("yunnan.cn",)
    channels = (
        "http://society.yunnan.cn/shrd/",
        "http://society.yunnan.cn/ynkd/",
        "http://society.yunnan.cn/nxw/",
        "http://minzu.yunnan.cn/xwjj/index.shtml",
    )
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.s?html$"
    channel = r"^/[a-z]\w*/(?:index\.shtml)?$"
    layouts = (
        Layout(
            name="yunnan/2019",
            title="#layer213",
            published="//span[@class='xt2 yh fl']/span[1]",
            source="//span[@class='xt2 yh fl']/span[2]",
            body="#layer216",
        ),
        Layout(
            name="yunnan/photo",
            title="#layer213",
            byline="div.layer31",
            body="#imgContent",
        ),
    )
