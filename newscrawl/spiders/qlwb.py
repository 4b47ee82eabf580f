from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Qlwb(NewsSpider):
    """齐鲁晚报网 (a system of its own with Baidu's ids), and the paper's daily pages on sjb.qlwb.com.cn.

    Known from public scrapers' selectors of 2019 and 2020 and from quoted addresses, not from the live site. Channels not known:
    taken from the front page.
    """

    name = "qlwb"
    title = "齐鲁晚报网"
    publisher = "齐鲁晚报"
    region = "山东"
    home = "http://www.qlwb.com.cn/"
    hosts = ("qlwb.com.cn",)
    article = r"/\d{4}/\d{4}/\d+\.s?html?$|/content/\d{8}/Articel\w+\.htm$"
    day_lists = "https://sjb.qlwb.com.cn/qlwb/content/%Y%m%d/PageArticleIndexWZ.htm"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="qlwb/2019",
            marks=".article-title",
            title=".article-title",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            channel="div.crumb",
            body="div.article-content",
        ),
        Layout(name="qlwb/paper", marks="#contenttext", title="div.zb", body="#contenttext"),
    )
