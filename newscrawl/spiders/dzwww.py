from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Dzwww(NewsSpider):
    """大众网 (TRS WCM): its 17 city channels of 2018, one site each; two layouts at least, in gb2312 and utf-8.

    Known from a 2018 copy of the front page and from published scrapers, not from the live site.
    """

    title = "大众网·{city}"
    publisher = "大众网"
    region = "山东"
    home = "http://{name}.dzwww.com/"
    hosts = ("{name}.dzwww.com",)
    editions = {
        "jinan": "济南", "qingdao": "青岛", "zaozhuang": "枣庄", "weihai": "威海", "yantai": "烟台", "weifang": "潍坊",
        "jining": "济宁", "liaocheng": "聊城", "rizhao": "日照", "binzhou": "滨州", "dezhou": "德州", "linyi": "临沂",
        "heze": "菏泽", "dongying": "东营", "taian": "泰安", "zibo": "淄博", "laiwu": "莱芜",
    }  # fmt: skip
    article = r"/\d{6}/t\d{8}_\d+\.html?$"
    channel = r"^/[a-z]\w*/(?:index\.html?)?$"
    family = ("dzwww/headline", "dzwww/news", "trs", "baidu")
    status = "unverified"
    layouts = (
        Layout(
            name="dzwww/2016",
            until="2016-12-31",
            marks=("#pubtime_baidu", "#editor_baidu", "#news-header", "div.edit"),
            title=("//div[@id='news-header']//h1", "h2", "h1"),
            kicker="h4.yinti",
            subtitle=("h4.futi", "p.summary"),
            byline="#news-header .summary",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors=("#editor_baidu", "#editor", "div.edit"),
            channel="//a[contains(@class, 'CurrChnlCls')]/..",
            body=("#news-con .TRS_Editor", "div.TRS_Editor", "#news-con"),
        ),
        Layout(
            name="dzwww/2018",
            marks=("div.layout div.left", "div.infor"),
            title=("div.layout h1", "div.layout h2", "h1", "h2"),
            kicker="h4.yinti",
            subtitle="h4.futi",
            byline="div.layout div.left",
            editors="div.infor .left span",
            channel="//a[contains(@class, 'CurrChnlCls')]/..",
            body=("#news-con", "div.news-con"),
        ),
    )
