from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Nmgnews(NewsSpider):
    """内蒙古新闻网, the site of 内蒙古日报 (Enorth WebPublisher), in tables.

    Channels, addresses and selectors known from two public scrapers of 2018 and 2019, not from the live site.
    """

    name = "nmgnews"
    title = "内蒙古新闻网"
    publisher = "内蒙古日报社"
    region = "内蒙古"
    home = "http://www.nmgnews.com.cn/"
    hosts = ("nmgnews.com.cn",)
    channels = (
        "http://inews.nmgnews.com.cn/nmgxw/syxw/",
        "http://inews.nmgnews.com.cn/nmgxw/jjxw/",
        "http://inews.nmgnews.com.cn/nmgxw/kjwwxw/",
        "http://china.nmgnews.com.cn/",
    )
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml?$"
    channel = r"^/nmgxw/\w+/$"
    family = ("enorth",)
    status = "unverified"
    layouts = (
        Layout(
            name="nmgnews/2018",
            title=(".black24", ".black24_b"),
            byline="#div3",
            channel="ul.black12",
            body=("#div_content", "#pzoom"),
            remove="#news_more_page_div_id",
        ),
    )
