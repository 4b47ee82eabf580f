"""What a head says, with made-up pages: sets of `<meta>`, JSON-LD in every state of repair, titles with sites behind them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.days import SHANGHAI
from newscrawl.extract import metadata
from newscrawl.extract.page import Page

NOW = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)
TITLE = "海州湾首条跨海观光索道试运行"


def page(head: str = "", body: str = "", url: str = "http://news.haizhou.gov.cn/2026/t20260227_12.html") -> Page:
    html = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return Page(html.encode(), url, now=NOW)


def metas(**names: str) -> str:
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in names.items())


def ld(data: Any) -> str:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


def found(read: Page) -> dict[str, Any]:
    """The first answer to each field, times as ISO."""
    return _first(metadata.find(read))


def last(read: Page) -> dict[str, Any]:
    return _first(metadata.last_resort(read))


def _first(candidates: list[Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for candidate in candidates:
        assert candidate.rule.startswith("meta:")
        out.setdefault(candidate.field, candidate.value.iso() if candidate.field == "published_at" else candidate.value)
    return out


# -- meta sets


def test_government_set() -> None:
    head = metas(
        SiteName="海州市人民政府", ArticleTitle=TITLE, PubDate="2026-02-27 09:18", ContentSource="海州日报", ColumnName="政务动态",
        Keywords="索道;海州湾", Url="./t20260227_12.html", Author="于海宁", Description="全长四公里的索道初期每天开行六十班。",
    )  # fmt: skip
    assert found(page(head)) == {
        "title": TITLE,
        "published_at": "2026-02-27T09:18:00+08:00",
        "source": "海州日报",
        "authors": ["于海宁"],
        "channel": ["政务动态"],
        "keywords": ["索道", "海州湾"],
        "description": "全长四公里的索道初期每天开行六十班。",
        "canonical": "http://news.haizhou.gov.cn/2026/t20260227_12.html",
    }


def test_mainland_set() -> None:
    head = f"<title>{TITLE}--地方--海州网</title>" + metas(
        filetype="0", publishedtype="1", pagetype="1", catalogs="1013", contentid="311", publishdate="2026-02-27",
        author="青网新闻宋文", source="来源：海州网-海州日报 原创稿",
    )  # fmt: skip
    read = page(head)
    # A day must not win over the minute that the page prints, nor an editor pass for the author.
    assert found(read) == {}
    final = last(read)
    assert final["published_at"] == "2026-02-27T00:00:00+08:00"
    assert final["title"] == TITLE
    assert final["source"] == "海州网-海州日报"
    assert [editor.name for editor in final["editors"]] == ["宋文"]


@pytest.mark.parametrize("author", ["104363", "原创", "海州网", "admin"])
def test_mainland_author_that_is_no_person(author: str) -> None:
    head = metas(contentid="311", publishdate="2026-02-27", author=author, source="原创")
    assert "editors" not in last(page(head))
    assert "source" not in last(page(head))


@pytest.mark.parametrize(("author", "people"), [("网易", None), ("海州科普网", None), ("admin", None), ("于海宁", ["于海宁"])])
def test_author_is_offered_only_as_a_person(author: str, people: list[str] | None) -> None:
    assert found(page(metas(author=author))).get("authors") == people


@pytest.mark.parametrize(
    "name",
    [
        "article:published_time",
        "og:release_date",
        "weibo:article:create_at",
        "weibo: article:create_at",
        "apub:time",
        "publish_time",
        "bytedance:published_time",
    ],
)
def test_times(name: str) -> None:
    assert found(page(f'<meta property="{name}" content="2026-02-27 09:18:30">'))["published_at"] == "2026-02-27T09:18:30+08:00"


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2026-02-27T01:18:30Z", "2026-02-27T09:18:30+08:00"),
        ("2026-02-27T09:18:30+08:00", "2026-02-27T09:18:30+08:00"),
        ("1772155080", "2026-02-27T09:18:00+08:00"),
        ("2026-03-05T09:18:30+08:00", None),
        ("0000-00-00 00:00:00", None),
        ("", None),
    ],
)
def test_time_values(raw: str, iso: str | None) -> None:
    assert found(page(f'<meta property="article:published_time" content="{raw}">')).get("published_at") == iso


@pytest.mark.parametrize(
    "name", ["article:modified_time", "og:updated_time", "bytedance:updated_time", "lastmodified", "Maketime"]
)
def test_modified_is_not_published(name: str) -> None:
    read = page(f'<meta property="{name}" content="2026-02-27 09:18:30">', "<time>2026-02-27</time>")
    assert "published_at" not in found(read) | last(read)


def test_time_elements() -> None:
    item = '<li><time datetime="2026-02-20T08:00:00+08:00">昨天</time></li>'
    one = '<time datetime="2026-02-27T09:18:00+08:00">今天</time>'
    assert found(page(body=one))["published_at"] == "2026-02-27T09:18:00+08:00"
    assert "published_at" not in found(page(body=item))
    assert "published_at" not in found(page(body=one + item))
    marked = one.replace("<time", "<time pubdate")
    assert found(page(body=item + marked))["published_at"] == "2026-02-27T09:18:00+08:00"


# -- JSON-LD


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2026-02-27T09:18:00+08:00",
    "dateModified": "2026-02-28T10:00:00+08:00",
    "author": [{"@type": "Person", "name": "于海宁"}, {"@type": "Organization", "name": "海州日报"}],
    "mainEntityOfPage": {"@id": "http://news.haizhou.gov.cn/2026/t20260227_12.html"},
}
EXPECTED = {
    "title": TITLE,
    "published_at": "2026-02-27T09:18:00+08:00",
    "authors": ["于海宁"],
    "canonical": "http://news.haizhou.gov.cn/2026/t20260227_12.html",
}


@pytest.mark.parametrize(
    "data",
    [
        ARTICLE,
        [{"@type": "Organization", "name": "海州网"}, ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "海州网"}, [ARTICLE]]},
        {**ARTICLE, "@type": ["Article", "NewsArticle"]},
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE)[:-1] + ",};",
        json.dumps(ARTICLE).replace('"@context"', '"x": "line\none", "@context"'),
    ],
)
def test_linked_data(data: Any) -> None:
    assert found(page(ld(data))) == EXPECTED


def test_baidu_linked_data() -> None:
    data = {
        "@context": "https://ziyuan.baidu.com/contexts/cambrian.jsonld",
        "@id": "http://news.haizhou.gov.cn/2026/t20260227_12.html",
        "title": f"{TITLE}_海州网",
        "pubDate": "2026-02-27T09:18:00",
        "upDate": "2026-02-28T09:18:00",
    }
    assert found(page(ld(data))) == {key: EXPECTED[key] for key in ("title", "published_at", "canonical")}


def test_broken_linked_data_gives_whole_fields() -> None:
    broken = (
        '{"@type": "NewsArticle", "headline": "'
        + TITLE
        + '", "description": "所谓"云端"索道", "datePublished": "2026-02-27T09:18:00"}'
    )
    values = found(page(ld(broken)))
    assert values["title"] == TITLE
    assert values["published_at"] == "2026-02-27T09:18:00+08:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[[[[",
        '{"@graph": 1}',
        "[" * 100_000,
        '{"a":' * 50_000,
        "-->" + " " * 200_000 + "x",
        '{"headline": "' + "\\" * 200_000,
        ",   " * 60_000,
        '{"@type": {"a": 1}, "author": [[["x"]], 3, null], "headline": 7, "datePublished": ["2026"]}',
    ],
)
def test_hostile_linked_data(text: str) -> None:
    assert found(page(ld(text))) == {}


def test_many_linked_data_scripts_are_bounded() -> None:
    read = page("".join(ld({"@type": "Thing"}) for _ in range(50)) + ld(ARTICLE))
    assert found(read) == {}


def test_a_site_is_no_article() -> None:
    data = {"@type": "WebSite", "name": "海州网", "headline": "海州网首页", "author": {"@type": "Person", "name": "于海宁"}}
    assert found(page(ld(data))) == {}


# -- titles


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        (TITLE, TITLE),
        (f"{TITLE}--地方--海州网", TITLE),
        (f"{TITLE}-海州网", TITLE),
        (f"{TITLE} - 海州市人民政府门户网站", TITLE),
        (f"{TITLE}_新闻频道_海州青年网", TITLE),
        (f"{TITLE}_首页海州_新闻中心_海州网_hzw.cn", TITLE),
        (f"{TITLE}|索道|海州湾|观光_海州订阅", TITLE),
        (f"{TITLE} | 海州日报", TITLE),
        (f"{TITLE}_科技湾_海州新闻-The Haizhou", TITLE),
        (f"{TITLE}_【海州资讯】", TITLE),
        ("海州视界｜索道飞跨海州湾-海州网山东频道-海州网", "海州视界｜索道飞跨海州湾"),
        ("向海而行——海州湾建设纪实", "向海而行——海州湾建设纪实"),
        ("T1-T2航站楼摆渡车今起停运", "T1-T2航站楼摆渡车今起停运"),
        ("新春走基层|海岛上的守塔人", "新春走基层|海岛上的守塔人"),
        ("海州-青岛航线恢复每日往返三班", "海州-青岛航线恢复每日往返三班"),
        ("海州网", "海州网"),
        ("", ""),
    ],
)
def test_strip_site(title: str, stripped: str) -> None:
    assert metadata.strip_site(title, page()) == stripped


def test_strip_site_by_what_the_page_calls_itself() -> None:
    head = '<meta property="og:site_name" content="大湾小事"><title>x</title>'
    assert metadata.strip_site(f"{TITLE}-大湾小事", page(head)) == TITLE
    assert metadata.strip_site(f"{TITLE}-大湾小事", page()) == f"{TITLE}-大湾小事"


def test_strip_site_by_a_heading() -> None:
    body = "<h1>海州湾索道_图解</h1>"
    assert metadata.strip_site("海州湾索道_图解_看海", page(body=body)) == "海州湾索道_图解"


def test_title_of_opengraph() -> None:
    head = f'<title>{TITLE}_海州网</title><meta property="og:title" content="{TITLE}">'
    assert found(page(head))["title"] == TITLE


@pytest.mark.parametrize(
    "head",
    [
        # The site's own name, a title cut off by an unescaped quote, a title for another page.
        f'<title>{TITLE}_海州网</title><meta property="og:site_name" content="海州网"><meta property="og:title" content="海州网">',
        "<title>海州湾\"云端\"索道试运行_海州网</title><meta property='og:title' content='海州湾'>",
        f'<title>{TITLE}_海州网</title><meta property="og:title" content="海州网--看得见海的新闻">',
    ],
)
def test_title_of_opengraph_that_is_none(head: str) -> None:
    assert "title" not in found(page(head))


# -- keywords, description, addresses


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("索道,海州湾，观光;试运行", ["索道", "海州湾", "观光", "试运行"]),
        ("索道 海州湾 观光", ["索道", "海州湾", "观光"]),
        ("文章关键词：索道 海州湾", ["索道", "海州湾"]),
        ("索道,,索道, ", ["索道"]),
        ("", []),
        (",".join(f"词{n}" for n in range(30)), []),
    ],
)
def test_keywords(text: str, words: list[str]) -> None:
    assert metadata.keywords(text) == words


def test_keywords_of_the_site_are_dropped() -> None:
    assert "keywords" not in found(page(f"<title>{TITLE}_海州网</title>" + metas(keywords="海州网,新闻,索道")))
    assert found(page(f"<title>{TITLE}_海州网</title>" + metas(keywords="索道,海州湾")))["keywords"] == ["索道", "海州湾"]


def test_description_that_repeats_the_title_is_dropped() -> None:
    assert "description" not in found(page(f"<title>{TITLE}_海州网</title>" + metas(description=TITLE)))


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="/2026/t20260227_12.html">', "http://news.haizhou.gov.cn/2026/t20260227_12.html"),
        ('<link rel="canonical" href="http://www.haizhou.gov.cn/a/1.html">', "http://www.haizhou.gov.cn/a/1.html"),
        ('<meta property="og:url" content="http://www.haizhou.gov.cn/">', None),
        ('<link rel="canonical" href="http://www.qingdao.gov.cn/a/1.html">', None),
        ('<link rel="canonical" href="javascript:void(0)">', None),
        ('<link rel="canonical" href="http://[">', None),
        ('<link rel="stylesheet" href="/a.css">', None),
    ],
)
def test_canonical(head: str, url: str | None) -> None:
    assert found(page(head)).get("canonical") == url


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_head_is_read(title: str, value: str) -> None:
    head = f"<title>{title}</title>" + "".join(
        f"<meta name='{name}' content='{value}'>"
        for name in ("author", "source", "keywords", "pubdate", "og:title", "og:url", "contentid")
    )
    for candidate in [*metadata.find(page(head)), *metadata.last_resort(page(head))]:
        assert candidate.value


@given(st.text(alphabet="海州湾索道网新闻-_|—·> ａB1", max_size=80))
def test_a_stripped_title_is_the_beginning_of_the_title(title: str) -> None:
    stripped = metadata.strip_site(title, page())
    assert " ".join(title.split()).startswith(stripped)
