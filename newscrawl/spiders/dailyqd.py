from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Dailyqd(NewsSpider):
    """青岛日报, 青报网 and 观海新闻 (方正翔宇 Founder by its addresses; /guanhai/ is the app 观海新闻 on the web).

    Known from public scrapers of 2017 (news.dailyqd.com, body div.left_text_box) and 2020 (the paper, /epaper/html/) and from
    addresses quoted to 2026, not from the live site. How pages of /guanhai/ are built is not known.
    """

    name = "dailyqd"
    title = "青岛日报"
    publisher = "青岛日报社"
    region = "山东"
    city = "青岛"
    home = "https://www.dailyqd.com/"
    hosts = ("dailyqd.com",)
    channels = ("https://www.dailyqd.com/", "http://news.dailyqd.com/node_3118.htm")
    article = r"/content_\d+(?:_\d+)?\.html?$|/guanhai/\d+_\d+\.html$"
    channel = r"^/node_\d+\.htm$"
    day_lists = "http://www.dailyqd.com/epaper/html/%Y-%m/%d/node_2.htm"
    family = ("founder",)
    status = "unverified"
    layouts = (Layout(name="dailyqd/2017", marks="div.left_text_box", body="div.left_text_box"),)
