from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Hinews(NewsSpider):
    """南海网, 海南: since about 2022 a Nuxt site rendered on the server, before on 北方网's CMS (``/news/system/…``); no family known.

    Both layouts and all addresses known from public scrapers of 2019 and 2026. A list's first twenty articles stand in its page;
    older ones come by POST and are not read.
    """

    name = "hinews"
    title = "南海网"
    publisher = "海南日报报业集团"
    region = "海南"
    family = ()
    status = "unverified"
    home = "https://www.hinews.cn/"
    hosts = ("hinews.cn",)
    channels = ("https://www.hinews.cn/column/97894cbd59064f64b938c7a3e6dade8a?city=1",)
    article = r"hinews\.cn/page\?(?:\w+=\w+&)*n=\d+|/news/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    channel = r"^/column/[0-9a-f]{32}$"
    layouts = (
        Layout(
            name="hinews/2022",
            marks="ul.page_brief",
            title="h2.page_h2",
            byline="ul.page_brief",
            body=("//*[@id='bs_content']/div[1]", "#bs_content"),
        ),
        Layout(
            name="hinews/2019",
            marks="li.f14",
            title=("h2.page_h2", "#xw_biaot", "h2"),
            byline="li.f14",
            body="#bs_content",
            remove=("div.bshare-custom", "div.bdsharebuttonbox", "//div[@class='f16 fl']"),
        ),
    )
