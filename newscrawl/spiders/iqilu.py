from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Iqilu(NewsSpider):
    """齐鲁网 of 山东广播电视台 (a system of its own); the app 闪电新闻 on the web is sd.iqilu.com/share/article/<id>.html.

    Known from public scrapers' channels and selectors of 2019 and 2020 and from addresses quoted to 2025, not from the live site.
    """

    name = "iqilu"
    title = "齐鲁网"
    publisher = "山东广播电视台"
    region = "山东"
    home = "http://www.iqilu.com/"
    hosts = ("iqilu.com",)
    channels = (
        "http://news.iqilu.com/shandong/yaowen/",
        "http://news.iqilu.com/shandong/yuanchuang/",
        "http://news.iqilu.com/shandong/shandonggedi/",
        "http://news.iqilu.com/shehui/",
        "http://binzhou.iqilu.com/bzyaowen/",
    )
    article = r"/\d{4}/\d{4}/\d+\.s?html?$|/\d{8}/\d+\.s?html?$|/share/article/\d+\.html$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="iqilu/2019",
            marks=("div.section-cnt-tit", "div.article-main"),
            title=("div.section-cnt-tit h1", "h1"),
            published="p.time",
            source="p.resource span",
            body="div.article-main",
            remove="p.contact",
        ),
        Layout(
            name="iqilu/share",
            marks="div.article_body",
            title="h1",
            published="span.time",
            source="span.source",
            body="div.article_body",
            remove="p.contact",
        ),
    )
