from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Newssc(NewsSpider):
    """四川新闻网 (Baidu's news ids over 北方网's CMS, ``/system/20200116/002836359.htm``): title and body of its own.

    Layout and addresses known from a public scraper of 2020, which meets the ids with a space at their end as well. Channels are
    taken from the front page.
    """

    name = "newssc"
    title = "四川新闻网"
    publisher = "四川新闻网传媒集团"
    region = "四川"
    family = ("baidu",)
    status = "unverified"
    home = "http://www.newssc.org/"
    hosts = ("newssc.org",)
    article = r"/system/\d{8}/\d+\.html?$"
    layouts = (
        Layout(
            name="newssc/2020",
            title=("//div[@class='col-xs-12 left']/h1", "div.bsbt"),
            published="//span[normalize-space(@id)='pubtime_baidu']",
            source="//span[normalize-space(@id)='source_baidu']",
            body=("//div[@class='content']", "td.qzbs"),
        ),
    )
