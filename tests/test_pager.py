"""Further pages of an article and of a list."""

import pytest

from newscrawl.extract import pager
from newscrawl.extract.page import Page

ARTICLE = "http://weihai.dzwww.com/news/201707/t20170728_123.htm"


def page(html, url=ARTICLE):
    return Page(f"<html><body><p>正文。</p>{html}</body></html>".encode(), url)


@pytest.mark.parametrize(
    ("url", "html", "wanted"),
    [
        (ARTICLE, '<a href="t20170728_123_1.htm">下一页</a>', "http://weihai.dzwww.com/news/201707/t20170728_123_1.htm"),
        (ARTICLE, '<b>1</b> <a href="./t20170728_123_1.htm">2</a> <a href="./t20170728_123_2.htm">3</a>', "http://weihai.dzwww.com/news/201707/t20170728_123_1.htm"),
        (ARTICLE, '<a href="t20170728_124.htm">下一篇</a>', None),
        (ARTICLE, '<a href="t20170728_124.htm">下一页</a>', None),
        (ARTICLE, '<a href="http://other.cn/news/201707/t20170728_123_1.htm">下一页</a>', None),
        (ARTICLE, '<a href="javascript:void(0)">下一页</a>', None),
        (ARTICLE, '<script>createPageHTML(3, 0, "t20170728_123", "htm");</script>', "http://weihai.dzwww.com/news/201707/t20170728_123_1.htm"),
        (ARTICLE, '<script>createPageHTML(1, 0, "t20170728_123", "htm");</script>', None),
        (ARTICLE, '<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}</script>', None),
        ("http://weihai.dzwww.com/news/201707/t20170728_123_1.htm", '<a href="t20170728_123.htm">1</a> <b>2</b> <a href="t20170728_123_2.htm">3</a>', "http://weihai.dzwww.com/news/201707/t20170728_123_2.htm"),
        ("http://weihai.dzwww.com/news/201707/t20170728_123_1.htm", '<a href="t20170728_123.htm">1</a> <b>2</b>', None),
        ("http://a.people.cn/n1/2019/0615/c1-2.html", '<a href="/n1/2019/0615/c1-2-2.html">【2】</a><a href="/n1/2019/0615/c1-2-3.html">【3】</a>', "http://a.people.cn/n1/2019/0615/c1-2-2.html"),
        ("http://a.cn/v/7.html?page=1", '<a href="/v/7.html?page=2">下一页 &gt;</a>', "http://a.cn/v/7.html?page=2"),
        ("http://a.cn/v.jsp?id=7", '<a href="?id=7&amp;page=2">下一页</a>', "http://a.cn/v.jsp?id=7&page=2"),
        ("http://a.cn/p/c_1125.htm", '<a href="c_1125_2.htm">下一页</a>', "http://a.cn/p/c_1125_2.htm"),
        ("", '<a href="t20170728_123_1.htm">下一页</a>', None),
    ],
)  # fmt: skip
def test_next_part(url, html, wanted):
    assert pager.next_part(page(html, url)) == wanted


LIST = "http://weihai.dzwww.com/news/index.htm"


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<a href="index_1.htm">下一页</a>', "http://weihai.dzwww.com/news/index_1.htm"),
        ('<a href="index_1.htm"><span>下一页</span></a>', "http://weihai.dzwww.com/news/index_1.htm"),
        ('<a href="?page=2">&gt;&gt;</a>', "http://weihai.dzwww.com/news/index.htm?page=2"),
        ('<script>createPageHTML(5,0,"index","htm");</script>', "http://weihai.dzwww.com/news/index_1.htm"),
        ('<script>createPageHTML(5,4,"index","htm");</script>', None),
        ('<script>var currentPage = 1;//所在页从0开始\nvar countPage = 5//共多少页\ncreatePageHTML(countPage, currentPage, "index", "htm");</script>', "http://weihai.dzwww.com/news/index_2.htm"),
        ('<script>var countPage=5,currentPage=4; createPageHTML(countPage,currentPage,"index","htm");</script>', None),
        ('<script>var countPage = "3"; createPageHTML(countPage, 0, "index", "htm");</script>', "http://weihai.dzwww.com/news/index_1.htm"),
        ('<script>createPageHTML(countPage, currentPage, "index", "htm"); var countPage = 5; var currentPage = 0;</script>', None),
        ('<script>var countPage = 5 - 1; var currentPage = 0; createPageHTML(countPage, currentPage, "index", "htm");</script>', None),
        ('<script>page.countPage = 5; var currentPage = 0; createPageHTML(countPage, currentPage, "index", "htm");</script>', None),
        ('<link rel="next" href="index_1.htm">', "http://weihai.dzwww.com/news/index_1.htm"),
        ('<a href="http://other.cn/index_1.htm">下一页</a>', None),
        ('<a href="index.htm">下一页</a>', None),
        ('<a href="index_1.htm">下一步</a>', None),
    ],
)  # fmt: skip
def test_next_list(html, wanted):
    assert pager.next_list(page(html, LIST)) == wanted
