from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class Gog(NewsSpider):
    """多彩贵州网 (北方网's CMS by its addresses, ``/system/2019/06/14/…``): three generations of templates, no family known.

    Layouts, hosts and addresses known from two public scrapers, of about 2016 and 2019. Channels are taken from the front page.
    """

    name = "gog"
    title = "多彩贵州网"
    publisher = "多彩贵州网有限责任公司"
    region = "贵州"
    family = ()
    status = "unverified"
    home = "http://www.gog.cn/"
    hosts = ("gog.cn",)
    article = r"/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    channel = r"^/(?:[a-z]\w*/){1,2}(?:index\.shtml)?$"
    layouts = (
        Layout(
            name="gog/2016",
            until="2017-12-31",
            marks=("span.articletitle_p22", "span.gog_title", "td.gog_title"),
            title=("span.articletitle_p22", "span.gog_title", "td.gog_title"),
            byline="//span[@class='p12 LightGray2']",
            body=("td.p16", "span.gog_content", "td.gog_content"),
        ),
        Layout(
            name="gog/2019",
            title=("//div[@class='heading']/h1", "//div[@class='title']/h1", "h1.title"),
            byline=("//div[@class='info']", "h4"),
            body=("//div[@class='content']", "//div[@class='text mt20']"),
        ),
    )
