from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Cnjiwang(NewsSpider):
    """中国吉林网 (吉网): Jilin's provincial news portal (TRS WCM, by its image names); articles by month and number.

    Channels, addresses and selectors known from two public scrapers of 2018 and 2021, not from the live site.
    """

    name = "cnjiwang"
    title = "中国吉林网"
    publisher = "吉林日报报业集团"
    region = "吉林"
    home = "https://www.cnjiwang.com/"
    hosts = ("cnjiwang.com",)
    channels = ("https://news.cnjiwang.com/jlxwdt/sn/", "https://news.cnjiwang.com/jwyc/", "https://news.cnjiwang.com/gn/")
    article = r"cnjiwang\.com/[\w/]+/\d{6}/\d+\.html?$"
    channel = r"^/(?:jlxwdt/\w+|jwyc|gn)/$"
    family = ("trs",)
    status = "unverified"
    layouts = (
        Layout(
            name="cnjiwang/2018",
            until="2019-12-31",
            title=".sp_zwtt",
            byline=".sp_zwdate",
            body="div.sp_zwleft",
        ),
        Layout(
            name="cnjiwang/2021",
            title=("div.zxbt h1", "h1"),
            byline="div.zxdata",
            channel="div.path",
            body="div.content",
        ),
    )
