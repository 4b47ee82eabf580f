"""Bytes to tree: charsets, hostile bytes, the index, addresses."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newscrawl.extract.page import MAX_BYTES, Page, _join, _resolved, decode, where
from newscrawl.extract.text import clean

TEXT = (
    "威海市文登区葛家镇的果农于老汉今年种下了三亩新品种苹果，镕城路两旁的樱花也开了。他说，这是村里第一次有人用上智能滴灌设备。"
)


def page_in(charset: str, declared: str | None, text: str = TEXT) -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>".encode(charset)


CASES = [
    # bytes in, meta says, header says
    ("utf-8", "utf-8", None),
    ("utf-8", "gb2312", None),
    ("utf-8", None, None),
    ("utf-8", "gb2312", "gbk"),
    ("utf-8", None, "iso-8859-1"),
    ("gb18030", "gb2312", None),
    ("gb18030", "gbk", None),
    ("gb18030", None, None),
    ("gb18030", "utf-8", None),
    ("gb18030", None, "utf-8"),
    ("gb18030", "gb2312", "iso-8859-1"),
    ("gb18030", "big5", None),
    ("utf-8-sig", "gb2312", None),
    ("utf-16", None, None),
]


@pytest.mark.parametrize(("charset", "meta", "header"), CASES)
def test_the_text_comes_out_whatever_is_declared(charset, meta, header):
    page = Page(page_in(charset, meta), charset=header)
    assert page.text(page.tags["p"][0]) == TEXT
    assert page.title_tag == TEXT[:12]
    assert "mojibake" not in page.flags


@pytest.mark.parametrize("declared", ["big5", None, "utf-8"])
def test_traditional_chinese(declared):
    text = "臺北市長今天在記者會上表示，對於這個問題，我們還會與國會一起討論，並且說明現在的學校是怎麼樣開學的。"
    page = Page(page_in("big5hkscs", declared, text))
    assert page.text(page.tags["p"][0]) == text


def test_rare_characters_of_gb18030():
    text = TEXT + "𠮷野家与㐂字"
    page = Page(page_in("gb18030", "gb2312", text))
    assert page.text(page.tags["p"][0]) == text
    assert page.charset == "gb18030"


def test_one_damaged_character_costs_one_character():
    body = page_in("gb18030", "gb2312").replace("果农".encode("gb18030"), b"\xff\xb9\xfb\xc5\xa9")
    page = Page(body)
    assert page.charset == "gb18030"
    assert "果农于老汉今年种下了三亩" in page.text(page.tags["p"][0])
    assert "mojibake" in page.flags


def test_a_page_cut_in_the_middle_of_a_character_stays_utf_8():
    page = Page(page_in("utf-8", "gb2312")[:-22])
    assert page.charset == "utf-8"
    assert TEXT[:40] in page.text(page.tree)


def test_deep_nesting_keeps_its_text_and_is_flagged():
    page = Page(b"<html><body>" + b"<div>" * 200_000 + TEXT.encode() + b"</div><p>after</p>")
    assert TEXT in page.text(page.tree)
    assert "deep" in page.flags


def test_a_long_page_is_cut_and_flagged():
    page = Page(b"<p>" + b"a" * (MAX_BYTES + 10))
    assert "truncated" in page.flags
    assert len(page.text(page.tree)) == MAX_BYTES - 3


def test_nul_and_unseen_characters_leave_no_trace():
    page = Page("<p>威\x00海\u200b\u202e新\ufeff闻\x07</p>".encode())
    assert page.text(page.tags["p"][0]) == "威海新闻"


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\x00", b"\xff\xfe", codecs.BOM_UTF8])
def test_nothing_gives_an_empty_page(body):
    page = Page(body)
    assert page.text(page.tree) == ""
    assert "empty" in page.flags


def test_scripts_and_styles_are_not_text():
    page = Page("<div>前<script>var a = '中';</script><style>p{}</style><!-- 注 -->后<br>行</div>".encode())
    assert page.text(page.tags["div"][0]) == "前后 行"


def test_addresses():
    page = Page(b'<base target="_blank"><p>x</p>', "http://weihai.dzwww.com/news/201707/t1.htm")
    assert page.absolute("./t2.htm") == "http://weihai.dzwww.com/news/201707/t2.htm"
    assert page.absolute("//img.dzwww.com/a.jpg") == "http://img.dzwww.com/a.jpg"
    assert page.absolute(" \n/a.htm ") == "http://weihai.dzwww.com/a.htm"
    assert page.absolute("..\\a.htm") == "http://weihai.dzwww.com/news/a.htm"
    for href in (
        "javascript:void(0)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "mailto:a@b",
        "#top",
        "",
        None,
        "http://",
    ):
        assert page.absolute(href) is None, href
    based = Page(b'<head><base href="/other/"></head>', "http://a.cn/x/1.htm")
    assert based.absolute("2.htm") == "http://a.cn/other/2.htm"
    saved = Page(b"<p>x</p>")
    assert saved.absolute("./t2.htm") == "./t2.htm"
    assert saved.absolute("javascript:void(0)") is None


def test_the_index_and_where():
    page = Page(b'<div class="layout a"><div class="left" id="l">x</div></div><div class="left">y</div>')
    assert [e.text for e in page.classes["left"]] == ["x", "y"]
    assert page.ids["l"].text == "x"
    assert where(page.ids["l"]) == "div#l"
    assert where(page.classes["left"][1]).endswith("body > div.left")


def test_meta_takes_the_first_that_is_not_empty():
    page = Page(
        '<meta name="source" content=""><meta name="Source" content="威海晚报"><meta property="og:title" content="题">'.encode()
    )
    assert page.meta == {"source": "威海晚报", "og:title": "题"}


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_make_a_page(body):
    page = Page(body)
    assert isinstance(page.tree, etree._Element)
    page.text(page.tree)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=60, max_size=200))
def test_utf_8_is_never_taken_for_anything_else(text):
    assert decode(text.encode()).text == text


PARTS = st.sampled_from(
    [
        *"a b.htm / // .. . ./ ../ ? # x=1 & http:// https:// HTTP:// h.cn :80 :99999 : \\ %20 http ; @ ~ 中 t1_2.htm ftp:// [".split(),
        *("\n", " ", "\u200b"),
    ]
)
BASES = st.sampled_from(
    [
        *("", "x", "/a/b", "http://w.cn", "http://w.cn/a//b/../c/x.htm?q=1#f", "https://w.cn:8080/a/", "http://w.cn:99999/a/"),
        *("http:///a/b", "file:///a/b.htm", "HTTP://W.cn/A/b", "http://w.cn/a/./b;p", "http://w.cn/..", "http://[::1]/a"),
    ]
)


@settings(max_examples=500)
@given(BASES, st.lists(PARTS, max_size=6).map("".join))
def test_the_short_way_to_an_address_leads_to_the_same(base, href):
    assert _join(base, href) == _resolved(base, href)


@given(st.text(st.sampled_from("a中 \u3000\xa0\n\t\x1f\x85\u200b\ufeff\u2028\ud800\xad\U0001f600")))
def test_clean_text_is_clean_and_stays(text):
    cleaned = clean(text)
    assert cleaned == " ".join("".join(c for c in text if c.isprintable() or (c.isspace() and c != "\x1f")).split())
    assert clean(cleaned) == cleaned


def test_a_tag_of_countless_attributes_costs_its_attributes():
    crowd = " ".join(f'a{n}="{n}"' for n in range(100_000))
    page = Page(f"<div {crowd}><p>{TEXT}</p></div>".encode())
    assert page.text(page.tags["p"][0]) == TEXT
    assert len(page.tags["div"][0].attrib) == 0
    image = "data:image/png;base64," + "A" * 100_000 + "=="
    assert Page(f'<img src="{image}" alt="图">'.encode()).tags["img"][0].get("alt") == "图"
