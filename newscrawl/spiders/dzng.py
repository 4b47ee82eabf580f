from newscrawl.spider import NewsSpider


class Dzng(NewsSpider):
    """新锐大众, the app of 大众日报 (today 大众新闻): its pages on the web, dzrb.dzng.com; no CMS family known.

    Known from public collectors of 2020 to 2026: addresses /articleContent/<column>_<id>.html, since 2025 /general/0/NEWS…. The
    app itself reads JSON from phoneapi2.xrdz.dzng.com, which is not asked. Its lists are filled by script, with a button for
    more: what stands in the HTML of the front page and of the county channel is taken.
    """

    name = "dzng"
    title = "新锐大众"
    publisher = "大众日报"
    region = "山东"
    home = "https://dzrb.dzng.com/"
    hosts = ("dzrb.dzng.com",)
    channels = ("https://dzrb.dzng.com/", "https://dzrb.dzng.com/county/")
    article = r"/articleContent/\d+_\d+\.html$|/(?:general|videos)/\d+/NEWS\w+$"
    family = ()
    status = "unverified"
