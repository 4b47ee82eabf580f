from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Sjzdaily(NewsSpider):
    """石家庄新闻网, the site of 石家庄日报 and 燕赵晚报; in 2019 with Founder's addresses, in 2021 by day.

    Known from two public scrapers of 2019 and 2021, not from the live site; channels are taken from the front page.
    """

    name = "sjzdaily"
    title = "石家庄新闻网"
    publisher = "石家庄日报社"
    region = "河北"
    city = "石家庄"
    home = "http://www.sjzdaily.com.cn/"
    hosts = ("sjzdaily.com.cn",)
    article = r"/\d{4}-\d{2}/\d{1,2}/content_\d+\.s?html?$|/\d{4}/\d{2}/\d{2}/\d+\.html$"
    family = ()
    status = "unverified"
    layouts = (
        Layout(
            name="sjzdaily/2019",
            until="2020-12-31",
            marks="div.dutyofficer",
            title=".art_title",
            byline="div.info",
            editors="div.dutyofficer",
            channel="div.breadcrumbnav",
            body="div.content",
        ),
        Layout(
            name="sjzdaily/2021",
            title=("h1.news_title", "div.title h1"),
            published="#pubtime",
            byline="div.news_about",
            body=("div.news_txt", "div.content"),
        ),
    )
