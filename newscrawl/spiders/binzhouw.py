from newscrawl.spider import NewsSpider


class Binzhouw(NewsSpider):
    """滨州网 of 滨州日报, formerly 滨州传媒网 bzcm.net; no CMS family known of today's site, then it was 方正翔宇 Founder.

    Known from public scrapers: /nusDetail/<32 digits>?t=… (2026), /detail/pid/<id> of 滨州头条 (2017), /news/node_467.htm (2014),
    not from the live site. Channels of today not known: taken from the front page.
    """

    name = "binzhouw"
    title = "滨州网"
    publisher = "滨州日报社"
    region = "山东"
    city = "滨州"
    home = "https://www.binzhouw.com/"
    hosts = ("binzhouw.com", "bzcm.net")
    article = r"/nusDetail/[0-9a-f]{32}|/detail/pid/\d+|/content_\d+\.html?$"
    family = ()
    status = "unverified"
