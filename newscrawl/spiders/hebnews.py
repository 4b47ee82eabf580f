from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Hebnews(NewsSpider):
    """河北新闻网, the site of 河北日报 (addresses of Founder's CMS, heads of its own).

    Addresses and selectors known from two public scrapers of 2018 and 2020, not from the live site.
    """

    name = "hebnews"
    title = "河北新闻网"
    publisher = "河北日报报业集团"
    region = "河北"
    home = "http://www.hebnews.cn/"
    hosts = ("hebnews.cn",)
    channels = ("http://hebei.hebnews.cn/",)
    article = r"/\d{4}-\d{2}/\d{2}/content_\d+\.html?$"
    channel = r"/node_\d+\.html?$"
    family = ("founder",)
    status = "unverified"
    layouts = (
        Layout(
            name="hebnews/2018",
            title=("div.content h1", "h1"),
            byline="div.post_source",
            editors="div.editor",
            channel="div.bc_main",
            body="div.text",
            remove="div.editor",
        ),
    )
