from newscrawl.spider import NewsSpider


class Southcn(NewsSpider):
    """南方网, 广东 (its own ``nfcms``): the family's layout reads it, no rules of its own.

    Addresses (two ids of ten hex digits; ``content_…`` before 2021) and channels known from public scrapers and citations; further
    lists come by ``?cms_node_post_list_page=2``.
    """

    name = "southcn"
    title = "南方网"
    publisher = "南方报业传媒集团"
    region = "广东"
    family = ("southcn",)
    status = "unverified"
    home = "https://www.southcn.com/"
    hosts = ("southcn.com",)
    channels = (
        "https://news.southcn.com/node_179d29f1ce",
        "https://www.southcn.com/node_b5769d65fb",
        "https://news.southcn.com/node_17a07e5926",
        "https://news.southcn.com/node_ac2b0b62a4",
    )
    article = r"/node_[0-9a-f]{10}/[0-9a-f]{10}\.shtml$|/content/\d{4}-\d{2}/\d{2}/content_\d+\.htm$"
    channel = r"^/node_[0-9a-f]{10}/?$"
