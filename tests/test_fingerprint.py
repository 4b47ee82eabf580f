"""Canonical addresses and content hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.fingerprint import canonical, content_hash, identifies, key

SAME = [
    # one line an article, every spelling of its address
    [
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm",
        "HTTP://WeiHai.DZWWW.com/news/201707/t20170728_1.htm",
        "https://weihai.dzwww.com/news/201707/t20170728_1.htm",
        "http://weihai.dzwww.com:80/news/201707/t20170728_1.htm",
        "https://weihai.dzwww.com:443/news/201707/t20170728_1.htm",
        "http://weihai.dzwww.com./news/201707/t20170728_1.htm",
        "http://reader:secret@weihai.dzwww.com/news/201707/t20170728_1.htm",
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm#top",
        "http://weihai.dzwww.com/news//201707/./t20170728_1.htm",
        "http://weihai.dzwww.com/news/x/../201707/t20170728_1.htm",
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm?from=timeline",
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm?from=groupmessage&isappinstalled=0",
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm?utm_source=a&utm_medium=b&spm=C73544894212.P59511941341.0.0",
        "http://weihai.dzwww.com/news/201707/t20170728_1.htm;jsessionid=0A1B2C",
        "  http://weihai.dzwww.com/news/201707/t20170728_1.htm  ",
        "http://m.weihai.dzwww.com/news/201707/t20170728_1.htm",
        "http://www.weihai.dzwww.com/news/201707/t20170728_1.htm",
        "http://weihai.dzwww.com/%6eews/201707/t20170728_1.htm",
    ],
    [
        "http://a.cn",
        "http://a.cn/",
        "http://a.cn/index.html",
        "http://a.cn/index.shtml",
        "http://a.cn/default.aspx",
        "http://a.cn/.",
    ],
    ["http://a.cn/b/", "http://a.cn/b/index.htm", "http://a.cn/b/./", "http://a.cn/b/c/.."],
    ["http://a.cn/v?id=7&page=2", "http://a.cn/v?page=2&id=7", "http://a.cn/v?page=2&id=7&utm_campaign=x"],
    ["http://a.cn/新闻/1.htm", "http://a.cn/%E6%96%B0%E9%97%BB/1.htm", "http://a.cn/%e6%96%b0%e9%97%bb/1.htm"],
    ["http://新闻.cn/1.htm", "http://xn--efvy88h.cn/1.htm"],
]

DIFFERENT = [
    ("http://m.cn/1.htm", "http://www.cn/1.htm"),
    ("http://news.a.cn/1.htm", "http://a.cn/1.htm"),
    ("http://a.cn/v?id=7", "http://a.cn/v?id=8"),
    ("http://a.cn/b", "http://a.cn/b/"),
    ("http://a.cn/B/1.htm", "http://a.cn/b/1.htm"),
    ("http://a.cn:8080/1.htm", "http://a.cn/1.htm"),
    ("http://a.cn/list?from=20170701", "http://a.cn/list?from=20170702"),
    ("http://a.cn/t1_1.htm", "http://a.cn/t1_2.htm"),
    ("http://a.cn/index_1.htm", "http://a.cn/"),
    ("http://a.cn/#!/p/1", "http://a.cn/#!/p/2"),
    ("http://a.cn/v?w=%D6%D0", "http://a.cn/v?w=%B9%FA"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_address_share_a_key(spellings):
    assert {key(url) for url in spellings} == {key(spellings[0])}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_addresses_stay_different(one, other):
    assert key(one) != key(other)


def test_the_scheme_stays_in_the_address():
    assert canonical("https://a.cn:443/1.htm") == "https://a.cn/1.htm"
    assert canonical("http://a.cn/1.htm?b=2&a=1") == "http://a.cn/1.htm?a=1&b=2"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "mailto:a@b.cn", "ftp://a.cn/", "/news/1.htm", "", "http://", "http://[::1", "http://a.cn:port/"],
)
def test_what_is_no_http_address_is_refused(url):
    with pytest.raises(ValueError):  # noqa: PT011 - urllib's own messages differ
        canonical(url)


def test_a_saved_page_keeps_its_file_address():
    assert canonical("file:///shelf/a.html") == "file:///shelf/a.html"


@given(st.text(max_size=80))
def test_canonical_is_stable(tail):
    try:
        once = canonical("http://a.cn/" + tail)
    except ValueError:
        return
    assert canonical(once) == once


def test_content_hash_sees_characters_not_layout():
    assert content_hash("标题", "正文 一。\n二。") == content_hash("标题 ", "正文一。二。")
    assert content_hash("标题", "ＡＢＣ正文") == content_hash("标题", "abc正文")
    assert content_hash("标题", "正文一。") != content_hash("标题", "正文二。")
    assert content_hash("标题甲", "正文") != content_hash("标题", "甲正文")


def test_short_texts_identify_nothing():
    assert not identifies("图片新闻")
    assert not identifies(None)
    assert identifies("正文" * 30)
