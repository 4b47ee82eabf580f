from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Rznews(NewsSpider):
    """日照新闻网 of 日照日报 (ViSCMS, by its addresses /viscms/…).

    Known from a public scraper's channels and selectors of 2018 and from one of the paper (2022), not from the live site. The form
    of article addresses is not known: any CMS's are taken.
    """

    name = "rznews"
    title = "日照新闻网"
    publisher = "日照日报社"
    region = "山东"
    city = "日照"
    home = "http://www.rznews.cn/"
    hosts = ("rznews.cn",)
    channels = ("http://www.rznews.cn/", "http://www.rznews.cn/viscms/xinwen6544/")
    day_lists = "http://epaper.rznews.cn/shtml/rzrb/%Y%m%d/vA1.shtml"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="rznews/2018",
            marks="div.article",
            title="div.article h2",
            byline="//div[@class='article']/span",
            body="div.article",
            remove=("div.article h2", "//div[@class='article']/span"),
        ),
    )
