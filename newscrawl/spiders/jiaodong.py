from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Jiaodong(NewsSpider):
    """胶东在线, 烟台 (北方网 Enorth WebPublisher, by its addresses /system/<day>/<number>.shtml).

    Known from two public scrapers' channels and selectors of 2019, not from the live site; each channel has a head of its own.
    """

    name = "jiaodong"
    title = "胶东在线"
    publisher = "胶东在线"
    region = "山东"
    city = "烟台"
    home = "http://www.jiaodong.net/"
    hosts = ("jiaodong.net",)
    channels = (
        "http://www.jiaodong.net/",
        "http://www.jiaodong.net/edu/ytnews/",
        "http://www.jiaodong.net/travel/news/",
        "http://www.jiaodong.net/ytsports/news/",
        "http://health.jiaodong.net/bdyldt/",
    )
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="jiaodong/2019",
            title=("h1.title", "div.millia h1", "div.sysmt20 h1", "#content h1", "h1"),
            byline=("div.source", "p.sourc", "div.pl50"),
            channel="div.syshide",
            body=("div.lh26", "div.lh28", "#newcontent", "#content"),
        ),
        Layout(name="jiaodong/table", marks=".newscontent", title=".heiti20", body=".newscontent"),
    )
