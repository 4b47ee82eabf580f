"""ArticleLoader: values in any form that a page prints them become an article's fields."""

from datetime import UTC, datetime

import pytest
from itemadapter import ItemAdapter

from newscrawl import loaders
from newscrawl.extract.layers import extract
from newscrawl.extract.page import Page
from newscrawl.items import Article, Block, Editor, Image, Link
from newscrawl.loaders import ArticleLoader

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def loaded(**values):
    loader = ArticleLoader(now=NOW)
    for name, value in values.items():
        loader.add_value(name, value)
    return loader.load_item()


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("title", "  果农\u3000种下\u200b新苹果 \n", "果农 种下新苹果"),
        ("source", "来源：威海晚报", "威海晚报"),
        ("source", "来源：", None),
        ("subtitle", "副题：", None),
        ("authors", "作者：周舟 林木", ["周舟", "林木"]),
        ("authors", ["周舟", "周舟"], ["周舟"]),
        ("reporters", "本报记者 周舟、林木", ["周舟", "林木"]),
        ("editors", "[责任编辑：姜河]", [Editor("责任编辑", "姜河")]),
        ("editors", [Editor("校对", "姜河"), "责任编辑："], [Editor("校对", "姜河")]),
        ("keywords", ["苹果", "苹果", " 滴灌 "], ["苹果", "滴灌"]),
        ("channel", ["新闻", ""], ["新闻"]),
        ("body_text", "第一段。\n第二段。", "第一段。\n第二段。"),
        ("images", [Image("http://a.cn/1.jpg", "图说。")], [Image("http://a.cn/1.jpg", "图说。")]),
        ("blocks", [Block("related", "相关新闻")], [Block("related", "相关新闻")]),
    ],
)
def test_processors(field, value, wanted):
    article = loaded(**{field: value})
    assert ItemAdapter(article)[field] == (wanted if wanted is not None else getattr(Article(), field))


@pytest.mark.parametrize(
    ("printed", "at", "raw", "precision"),
    [
        ("发布时间：2017年07月28日10:28", "2017-07-28T10:28:00+08:00", "2017年07月28日10:28", "minute"),
        ("2017-07-28", "2017-07-28T00:00:00+08:00", "2017-07-28", "day"),
        ("昨天 12:30", "2026-11-23T12:30:00+08:00", "昨天 12:30", "minute"),
        ("2027-01-01 10:00", None, None, None),
    ],
)
def test_times_are_split(printed, at, raw, precision):
    article = loaded(published_at=printed)
    assert (article.published_at, article.published_raw, article.published_precision) == (at, raw, precision)


PAGE = """<html><head><title>果农种下新苹果_威海新闻</title><meta name="keywords" content="苹果,滴灌"></head><body>
<h1>果农种下新苹果</h1><div class="info">2017-07-28 10:28:00 来源：威海晚报 作者：周舟</div>
<div class="content"><p>　　葛家镇的果农今年种下三亩新品种苹果，县里的技术员每周来一次，教大家修枝和滴灌。</p>
<p>　　村里还建起了冷库，收下的果子可以放到来年开春再卖，价钱也能高一些。（记者 林木）</p></div>
<div>责任编辑：姜河</div></body></html>"""


def test_an_extraction_and_an_exception_on_top_of_it():
    page = Page(PAGE.encode(), "http://www.example.cn/news/201707/t20170728_1.htm", now=NOW)
    loader = ArticleLoader.for_page(extract(page), site="example")
    loader.replace_value("source", "来源：文登区融媒体中心")
    loader.add_value("reporters", "通讯员 程远")
    article = loader.load_item()
    assert article.title == "果农种下新苹果"
    assert article.site == "example"
    assert article.source == "文登区融媒体中心"
    assert article.authors == ["周舟"]
    assert article.reporters == ["林木", "程远"]
    assert article.editors == [Editor("责任编辑", "姜河")]
    assert article.keywords == ["苹果", "滴灌"]
    assert len(article.paragraphs) == 2
    assert set(article.provenance) >= {"title", "published_at", "source", "authors", "body"}


def test_parts_are_joined_once():
    first = Article(
        url="http://a.cn/1.htm", body_text="一。", body_html="<p>一。</p>", paragraphs=["一。"], editors=[Editor("编辑", "甲一")]
    )
    second = Article(
        url="http://a.cn/1_1.htm", body_text="二。", body_html="<p>二。</p>", paragraphs=["二。"], images=[Image("http://a.cn/2.jpg")],
        editors=[Editor("编辑", "甲一")], blocks=[Block("recommended", "推荐阅读", [Link(1, "荐")])], next_page="http://a.cn/1_2.htm",
    )  # fmt: skip
    loaders.join(first, second)
    again = Article(url="http://a.cn/1_1.htm", body_text="二。", body_html="<p>二。</p>", paragraphs=["二。"])
    loaders.join(first, again)
    assert first.body_text == "一。\n二。"
    assert first.body_html == "<p>一。</p><p>二。</p>"
    assert first.paragraphs == ["一。", "二。"]
    assert first.editors == [Editor("编辑", "甲一")]
    assert [block.heading for block in first.blocks] == ["推荐阅读"]
    assert first.parts == ["http://a.cn/1_1.htm"]
    assert first.next_page is None


def test_an_article_is_corrected():
    article = loaded(title="果农种下新苹果", published_at="2017-07-28 10:28", authors="周舟")
    loader = ArticleLoader(item=article, now=NOW)
    loader.replace_value("title", "果农种下新苹果(图)")
    loader.add_value("authors", "作者：周舟、林木")
    corrected = loader.load_item()
    assert corrected.title == "果农种下新苹果(图)"
    assert (corrected.published_at, corrected.published_raw) == ("2017-07-28T10:28:00+08:00", "2017-07-28 10:28")
    assert corrected.authors == ["周舟", "林木"]


def test_a_family_s_container_with_a_closing_note_is_no_body():
    """163's pages of 2015: the article stands before #endText, which holds a note."""
    story = "".join(
        f"<p>　　第{n}段：镇上的老书店重新开门，店主把阁楼改成了阅览室，孩子们放学后都来看书，桌上有热水，墙上有地图。</p>"
        for n in range(15)
    )
    note = '<div id="endText"><p>本文内容纯属个人观点，转载请注明出处。</p></div>'
    page = Page(
        f'<html><body><h1 id="h1title">老书店重新开门</h1><div class="ep-time-soure">2015-07-03 10:28:00　来源：城东晚报</div>'
        f'<div class="entext">{story}</div>{note}</body></html>'.encode(),
        now=NOW,
    )
    article = loaders.load(extract(page))
    assert len(article.paragraphs) == 15
    assert article.provenance["body"] == "generic:density"
