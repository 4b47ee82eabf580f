"""From list pages to article addresses."""

import re
from datetime import date

import pytest

from newscrawl import discovery
from newscrawl.extract.page import Page

LIST = """<html><body><div class="nav"><a href="/">首页</a><a href="/news/">新闻</a><a href="/sports/index.htm">体育</a></div><ul>
<li><a href="./201707/t20170728_1.htm?from=timeline"><img src="1.jpg"></a><a href="./201707/t20170728_1.htm">果农种下新苹果</a></li>
<li><a href="http://weihai.dzwww.com:80/news/201707/t20170727_2.htm#top">渔船归港</a></li>
<li><a href="https://m.weihai.dzwww.com/news/201707/t20170726_3.htm">移动版</a></li>
<li><a href="https://m.weihai.dzwww.com/news/201707/t20170725_6.htm">两种</a><a href="./201707/t20170725_6.htm">两种写法</a></li>
<li><a href="http://www.other.cn/news/201707/t20170726_4.htm">外站</a></li>
<li><a href="/news/201707/t20170726_5.pdf">附件</a></li>
<li><a href="javascript:void(0)">空</a></li></ul><a href="index_1.htm">下一页</a></body></html>"""


def test_a_list_gives_its_articles_once_with_their_titles():
    page = Page(LIST.encode(), "http://weihai.dzwww.com/news/")
    found = discovery.look(page, hosts=("weihai.dzwww.com",), channel=re.compile(r"^/[a-z]+/$"))
    assert found.articles == {
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm": "果农种下新苹果",
        "http://weihai.dzwww.com/news/201707/t20170727_2.htm": "渔船归港",
        "https://m.weihai.dzwww.com/news/201707/t20170726_3.htm": "移动版",
        "http://weihai.dzwww.com/news/201707/t20170725_6.htm": "两种写法",
    }
    assert found.channels == ["http://weihai.dzwww.com/news/", "http://weihai.dzwww.com/sports/"]
    assert found.next_page == "http://weihai.dzwww.com/news/index_1.htm"
    assert found.offsite == 1


@pytest.mark.parametrize(
    ("url", "is_article"),
    [
        ("http://weihai.dzwww.com/news/201707/t20170728_16210001.htm", True),
        ("http://news.gmw.cn/2024-05/13/content_37319243.htm", True),
        ("http://politics.people.com.cn/n1/2024/0424/c1001-40223222.html", True),
        ("http://www.xinhuanet.com/local/2020-02/19/c_1125597921.htm", True),
        ("http://www.he.news.cn/20240515/d59c39d4160a4fe4b3084c3e4abfb450/c.html", True),
        ("https://news.163.com/19/0907/00/EOEA4NP80001899O.html", False),
        ("http://www.whnews.cn/news/node/2017-07/28/content_7000001.htm", True),
        ("http://weihai.dzwww.com/", False),
        ("http://weihai.dzwww.com/news/", False),
        ("http://weihai.dzwww.com/news/index_1.htm", False),
        ("http://weihai.dzwww.com/about.html", False),
    ],
)
def test_what_an_article_s_address_looks_like(url, is_article):
    assert bool(discovery.ARTICLE.search(url)) is is_article


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://weihai.dzwww.com/a", True),
        ("https://m.weihai.dzwww.com/a", True),
        ("http://WEIHAI.dzwww.com/a", True),
        ("http://notweihai.dzwww.com/a", False),
        ("http://weihai.dzwww.com.evil.cn/a", False),
        ("http://evil.cn/weihai.dzwww.com", False),
        ("http://weihai.dzwww.com@evil.cn/", False),
        ("ftp://weihai.dzwww.com/", False),
        ("file:///etc/passwd", False),
    ],
)
def test_allowed_hosts(url, allowed):
    assert discovery.is_allowed(url, ("weihai.dzwww.com",)) is allowed


def test_the_window_goes_by_the_day_in_the_address():
    url = "http://weihai.dzwww.com/news/201707/t20170728_1.htm"
    assert discovery.in_window(url, None, None)
    assert discovery.in_window(url, date(2017, 7, 28), date(2017, 7, 28))
    assert not discovery.in_window(url, date(2017, 7, 29), None)
    assert not discovery.in_window(url, None, date(2017, 7, 27))
    assert discovery.in_window("http://a.cn/detail/1.htm", date(2017, 7, 29), None)


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("http://www.a.cn/x/201707/t20170728_16201.htm?id=4&b=2", "a.cn/x/0/t0_0.htm?b&id"),
        ("http://a.cn/c1/202611/1.html", "a.cn/c1/0/0.html"),
        ("http://a.cn/cal/2031/05/", "a.cn/cal/0/0/"),
        ("http://a.cn/n/5f2b9c01aa77de10.html", "a.cn/n/0.html"),
        ("http://a.cn/news/index_12.htm", "a.cn/news/index_0.htm"),
        ("http://a.cn", "a.cn"),
    ],
)
def test_addresses_of_one_script_have_one_shape(url, shape):
    assert discovery.shape(url) == shape


def test_a_budget_leaves_alone_what_gives_nothing():
    budget = discovery.Budget(most=100, barren=3)
    urls = [f"http://a.cn/cal/{number}/" for number in range(200)]
    for url in urls[:3]:
        assert budget.take(url)
        budget.note(url, False)
    assert not budget.take(urls[3])
    assert budget.is_barren(urls[3])
    assert budget.take("http://a.cn/news/1/")
    # Something new among it, and the counting begins anew; in all no more than there may be.
    budget.note(urls[3], True)
    assert sum(budget.take(url) for url in urls) == 97
    assert budget.spent == ["a.cn/cal/0/"]


def test_a_lists_own_further_pages_are_no_channels():
    html = """<a href="/node_17">要闻</a><a href="/node_17?cms_node_post_list_page=2">2</a><a href="/node_17?page=3">3</a>
    <a href="/node_17?cat=5">社会</a><a href="/node_17?cat=5&p=2">2</a><a href="/node_18?page=2">民生</a>"""
    page = Page(f"<html><body>{html}</body></html>".encode(), "http://a.cn/node_17?page=1")
    found = discovery.look(page, hosts=("a.cn",), channel=re.compile(r"^/node_\d+$"))
    assert found.channels == [
        "http://a.cn/node_17", "http://a.cn/node_17?cat=5", "http://a.cn/node_17?cat=5&p=2", "http://a.cn/node_18?page=2",
    ]  # fmt: skip


def test_the_title_of_an_item_that_is_one_link():
    html = """<a href="/hot/2023-04-11/5223106_pc.html"><img src="1.jpg"><h1>石阶上的志愿队</h1><span>04-11 10:35</span></a>
    <a href="/hot/2023-04-11/5223001_pc.html"><b>观景台</b>今日开放</a>"""
    page = Page(f"<html><meta charset=utf-8><body>{html}</body></html>".encode(), "http://a.cn/")
    assert list(discovery.look(page, hosts=("a.cn",)).articles.values()) == ["石阶上的志愿队", "观景台今日开放"]
