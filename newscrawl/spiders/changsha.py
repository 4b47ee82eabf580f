from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Changsha(NewsSpider):
    """星辰在线, 长沙: a CMS of its own; the family reads its pages of about 2016 (``tempNewsContentDiv``).

    Both layouts and addresses known from public scrapers and citations of 2019 to 2025; the day until which the older one held is
    not known. Channels are taken from the front page.
    """

    name = "changsha"
    title = "星辰在线"
    publisher = "长沙晚报报业集团"
    region = "湖南"
    city = "长沙"
    family = ("changsha",)
    status = "unverified"
    home = "https://www.changsha.cn/"
    hosts = ("changsha.cn",)
    article = r"/html/\d+/\d{8}/\d+\.shtml$|/h/\d+/\d{8}/\d+\.html$"
    layouts = (
        Layout(
            name="changsha/2019",
            title="h1.maintitle",
            byline=".detail_source",
            channel=".position",
            body="div.article_content",
        ),
        Layout(
            name="changsha/2016",
            title="//div[@class='text']/h1",
            byline="div.time",
            editors="div.source",
            channel="div.location",
            body="#tempNewsContentDiv",
        ),
    )
