from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Qtv(NewsSpider):
    """青岛网络广播电视台 (北方网 Enorth WebPublisher, by its addresses /system/<day>/<number>.shtml).

    Known from a public scraper's selectors of 2018 and from quoted addresses, not from the live site. Channels not known: taken
    from the front page.
    """

    name = "qtv"
    title = "青岛网络广播电视台"
    publisher = "青岛市广播电视台"
    region = "山东"
    city = "青岛"
    home = "http://www.qtv.com.cn/"
    hosts = ("qtv.com.cn",)
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="qtv/2014",
            until="2015-12-31",
            marks="div.zwConreally_z",
            title="div.zwConTitle_z h1",
            byline="div.zwConTitle_z p",
            channel="div.now_z",
            body="div.zwConreally_z",
        ),
        Layout(
            name="qtv/2018",
            marks=("div.news-resource", "div.content-l"),
            title="div.content-l h1",
            byline="div.news-resource",
            channel="div.position",
            body="div.news-content",
        ),
    )
