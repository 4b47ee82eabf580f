from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Bjnews(NewsSpider):
    """新京报网 (a CMS of its own): two generations of pages, addresses by day until about 2020, by number since.

    Known from public scrapers of 2018 to 2020 and from a feed generator's rules of 2023, not from the live site; channels are
    taken from the front page.
    """

    name = "bjnews"
    title = "新京报网"
    publisher = "新京报社"
    region = "北京"
    city = "北京"
    home = "https://www.bjnews.com.cn/"
    hosts = ("www.bjnews.com.cn",)
    article = r"bjnews\.com\.cn/(?:detail/\d{10,}|\w+/\d{4}/\d{2}/\d{2}/\d+)\.html?$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="bjnews/2018",
            until="2020-12-31",
            title=("div.title h1", "div.bodyTitle h1"),
            published="div.ntit_l span.date",
            byline="div.ntit_l span.author",
            body=("div.article-text", "div.content"),
        ),
        Layout(
            name="bjnews/2023",
            title=("div.bodyTitle h1", "h1"),
            published="div.left-info span.timer",
            author="div.left-info span.reporter",
            body="#contentStr",
        ),
    )
