from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Sxrb(NewsSpider):
    """山西新闻网, the site of 山西日报 (a CMS of its own, some parts named as 人民网's).

    Channels, addresses and selectors known from two public scrapers of 2019, not from the live site.
    """

    name = "sxrb"
    title = "山西新闻网"
    publisher = "山西日报报业集团"
    region = "山西"
    home = "http://www.sxrb.com/"
    hosts = ("sxrb.com",)
    channels = (
        "http://www.sxrb.com/sxxww/xwpd/shxw/",
        "http://news.sxrb.com/sxxww/xwpd/ty/",
        "http://news.sxrb.com/sxxww/xwpd/ylxw/",
    )
    article = r"sxrb\.com/[\w/]+/\d{6,}\.shtml?$"
    channel = r"^/sxxww/xwpd/[a-z]+/$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="sxrb/2019",
            title=".art_tit",
            byline=".art_info",
            editors=".editer",
            channel="#rwb_navpath",
            body="div.art_txt",
            remove=".editer",
        ),
    )
