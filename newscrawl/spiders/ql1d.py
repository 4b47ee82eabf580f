from newscrawl.spider import NewsSpider


class Ql1D(NewsSpider):
    """齐鲁壹点, the app of 齐鲁晚报: its pages on the web, ql1d.com; no CMS family known.

    Known from addresses quoted in public repositories: /general/<id>.html (2022 to 2026), /news/show/id/<id>.html (2020), and the
    accounts of 壹点号, /channel/index/ownerid/<number>. Channels not known: taken from the front page.
    """

    name = "ql1d"
    title = "齐鲁壹点"
    publisher = "齐鲁晚报"
    region = "山东"
    home = "https://www.ql1d.com/"
    hosts = ("ql1d.com",)
    article = r"/general/\d{6,}\.html$|/news/show/id/\d+\.html$"
    channel = r"^/channel/index/ownerid/\d+$"
    family = ()
    status = "unverified"
