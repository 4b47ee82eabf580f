"""Pages of articles, stories and neighbourhoods: what they show, that nothing of a stranger's runs on them, and that they stay bounded."""

import asyncio
import itertools
import json
import random
import re
import struct
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from lxml import html

from newscrawl import fingerprint, warc
from newscrawl.items import Article, Block, Editor, Image, Link, Visit
from newscrawl.store import reading
from newscrawl.store.reading import Picture
from newscrawl.store.writer import Site, Store, connect
from newscrawl.web import article as article_page
from newscrawl.web import body, differences, raw, server, story

SEEN = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"
EVIL = f"""{SCRIPT}"'><img src=x onerror=alert(2)><svg onload=alert(3)>{{{{ 7*7 }}}}<style>*{{display:none}}</style></title>"""
"""A text that tries to be markup, wherever a text is shown."""
EVIL_BODY = (
    "<p>正文开头。</p><script>alert(4)</script><p onclick='alert(5)' style='position:fixed'>第二段<a href='javascript:alert(6)'>点我</a>"
    "<a href='/newscrawl?sql=x'>近路</a><a href='https://ok.example/a?b=1&amp;c=2'>外链</a></p>"
    "<svg onload='alert(7)'><style>*{display:none}</style></svg><math><mi xlink:href='data:x,y'></math><iframe src='http://evil.example/'></iframe>"
    "<p><img src='javascript:alert(8)' onerror='alert(9)' alt='图一'><img src='http://img.example/2.jpg' alt='&lt;b&gt;图二'></p>"
    "<h3>小标题</h3><table><tr><td onmouseover='alert(10)'>格</td></tr></table><form action='http://evil.example/'><input name='q'></form>"
    "<noscript><p title='</noscript><img src=x onerror=alert(11)>'></noscript><a href='&#106;avascript:alert(12)'>再点我</a>"
)
TEXT = """“退潮时走吧。”天还没亮，船长就把缆绳收了起来，船上五名船员都是老手，各人的活不用吩咐。
港区渔业站的统计说，今秋出海的渔船共有126艘，比去年同期多了8艘，一天的渔获在30吨上下，好的时候还要多些。
码头上的过磅员记了一夜的账，她说鱼价比上周低了两成，来买鱼的人反倒更多了，天亮以前车已经排到了桥头。
渔业站站长提醒，下周有大风，小船应当在周三傍晚以前回港，避风锚地已经腾空，值班的电话整夜有人接。
到了中午，最后一车鱼离开码头，冲洗地面的水沿着石阶流回海里，修网的老人搬出凳子坐在太阳底下。"""


def png(colour=b"\x20\x40\x80"):
    rows = zlib.compress((b"\0" + colour * 2) * 2)
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0), b"IDAT" + rows, b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)


def address(number, host="news.example"):
    return f"http://{host}/202611/t20261101_{number}.html"


def article(number, title="港区码头今日开工", text=TEXT, site="gangqu", at=SEEN, **more):
    url = more.pop("url", address(number, f"{site}.example"))
    made = Article(
        url=url, site=site, publisher=more.pop("publisher", site), region="广东" if site == "nanfang" else "山东", title=title, body_text=text,
        body_html=more.pop("body_html", "".join(f"<p>{line}</p>" for line in text.split("\n") if line)),
        published_at=more.pop("published_at", "2026-11-01T08:30:00+08:00"), published_precision=more.pop("published_precision", "minute"),
        visit=Visit(url, site, "article", status=200, fetched_at=at.isoformat(timespec="seconds"), size=1000),
    )  # fmt: skip
    made = replace(made, **more)
    made.content_hash = fingerprint.content_hash(made.title, made.body_text)
    return made


def links(*pairs, kind="recommended", **more):
    return Block(kind, "推荐阅读", [Link(n, title, url, **more) for n, (title, url) in enumerate(pairs, 1)])


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Sites of a port: a common article, a hostile one, reprints, revisions, an absence, an archive."""
    path = tmp_path_factory.mktemp("web") / "news.db"
    writer = warc.Writer(path.with_suffix(".archive"), "gangqu", info={"site": "gangqu"})
    page = f"<html><head><title>旧</title><base href='http://evil.example/'></head><body onload='alert(1)'>{SCRIPT}<p>港区码头今日开工</p><img src='http://evil.example/x.gif'></body></html>"
    headers = [("Content-Type", "text/html; charset=gbk"), ("X-Said", EVIL)]

    def kept(url, content, said=headers, kind="article", hours=0, status=200):
        return writer.response(url, status, said, content, at=SEEN + timedelta(hours=hours), about={"kind": kind})

    plain = article(
        1, kicker="引题在此", subtitle="副题在此", source="港区日报", source_url="http://daily.example/",
        authors=["林晓帆"], reporters=["陈海生"], correspondents=["孙秀兰"],
        editors=[Editor("责任编辑", "赵启明"), Editor("校对", "周立新")],
        channel=["港区", "要闻"], keywords=["渔船"], lead=["出海的船比去年多"],
        body_html="<p>出海的船比去年多</p><h3>码头上</h3><p>正文。</p><figure><img src='http://img.example/1.jpg' alt='渔船'><figcaption>进港的渔船</figcaption></figure>"
        "<figure><img src='http://img.example/2.jpg' alt='码头'></figure><figure><img src='http://img.example/3.svg' alt='图标'></figure>",
        images=[Image("http://img.example/1.jpg", "进港的渔船", "渔船"), Image("http://img.example/2.jpg", None, "码头"), Image("http://img.example/3.svg", None, "图标")],
        provenance={"title": "site:gangqu", "body": "generic"}, charset="gb18030",
        blocks=[links(("修网的人", address(3, "gangqu.example")), ("外面的一篇", "http://other.example/9.html")), Block("related", "相关新闻", [], filled_by="unanswered"),
                links(*((f"热门之{n}", f"http://gangqu.example/hot/{n}.html") for n in range(20)), kind="rank")],
    )  # fmt: skip
    hostile = article(
        2, title=EVIL, text=f"{EVIL}\n山里的一座小学今年只收了四个学生，老师还是每天早上敲钟，钟声传到对面的山坡上去。", body_html=EVIL_BODY, kicker=EVIL, subtitle=EVIL, source=EVIL, source_url="javascript:alert(1)",
        authors=[EVIL], editors=[Editor(EVIL, EVIL)], channel=[EVIL, "a > b"], keywords=[EVIL], lead=[EVIL], charset=EVIL, flags=[EVIL],
        images=[Image("javascript:alert(8)", EVIL, EVIL), Image("http://img.example/2.jpg", EVIL, EVIL)], published_raw=EVIL,
        provenance={EVIL: EVIL}, published_precision="day",
        blocks=[Block("recommended", EVIL, [Link(1, EVIL, "javascript:alert(1)", source=EVIL, published_raw=EVIL), Link(2, EVIL, address(1, "gangqu.example")), Link(3, EVIL, "http://x.example/1.html")]),
                Block(EVIL, EVIL, [Link(1, EVIL, "http://y.example/1.html")])],
    )  # fmt: skip
    later = SEEN + timedelta(hours=5)
    with Store(path) as store:
        for name, title, region in (
            ("gangqu", "港区网", "山东"),
            ("wanbao", "晚报网", "山东"),
            ("nanfang", "南方网", "广东"),
            ("evil", EVIL, EVIL),
        ):
            store.add_site(Site(name, title, title, region))
        records = [
            kept(plain.url, page.encode("gbk")),
            kept("http://img.example/1.jpg", png(), [("Content-Type", "text/html")], "image"),
            kept("http://img.example/3.svg", b"<svg onload='alert(1)'/>", [("Content-Type", "image/png")], "image"),
            kept(hostile.url, b"%PDF <script>alert(1)</script>", [("Content-Type", "application/pdf")]),
        ]
        store.write([plain, hostile], records)
        store.write(
            [
                article(3, "修网的人", "别的正文，与码头无关，说的是修网的手艺和一条老街上的三家铺子，一共写了四十年。" * 3,
                        blocks=[links(("港区码头今日开工", plain.url)), links(("港区码头今日开工", plain.url), kind="rank")]),
                article(4, "港区码头昨日开工", TEXT.replace("126", "128"), "wanbao", source="港区网", published_at="2026-11-01T11:00:00+08:00"),
                article(5, "码头开工了", TEXT, "nanfang", source="港区网", published_at="2026-11-02T00:00:00+08:00", published_precision="day"),
                article(6, "没有时间的一篇", "又一篇，没有来源，没有时间，没有链接，讲的是一座桥和桥下的两艘船，也讲守桥的人家。" * 3,
                        published_at=None, published_precision=None, publisher=None),
            ]
        )  # fmt: skip
        changed = article(
            1,
            "港区码头今日停工",
            TEXT.replace("30吨", "20吨"),
            at=later,
            blocks=[links(("新来的一篇", "http://gangqu.example/8.html"))],
        )
        store.write(
            [replace(plain, **{name: getattr(changed, name) for name in ("title", "body_text", "content_hash", "visit", "blocks")})],
            [kept(plain.url, page.replace("旧", "新").encode("gbk"), hours=5)],
        )  # fmt: skip
        store.write([Visit(address(6, "gangqu.example"), "gangqu", "gone", EVIL, 404, fetched_at=later.isoformat())])
    writer.close()
    return path


@pytest.fixture(scope="module")
def site(database):
    return server.site(database)


def get(site, path, status=200):
    answer = asyncio.run(site.client.get(path))
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer


def shown(site, path, status=200):
    """A page as a tree, after a look at what could run on it."""
    tree = html.document_fromstring(get(site, path, status).text)
    harmless(tree)
    return tree


def harmless(tree):
    """Nothing in a page runs, loads or looks other than as we wrote it."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("style", "object", "embed", "base", "math", "frame"), html.tostring(element)
        if element.tag == "script":
            assert element.get("src", "").startswith("/-/static"), html.tostring(element)
            assert not (element.text or "").strip()
        if element.tag == "iframe":
            assert element.get("sandbox") == ""
            assert re.fullmatch(r"/article/\d+/raw/page\?at=[\d.]+", element.get("src"))
        for name, value in element.attrib.items():
            assert not name.startswith("on"), html.tostring(element)
            assert name not in ("style", "srcdoc", "formaction"), html.tostring(element)
            if name in ("href", "src", "action", "data-graph"):
                assert urlsplit(value).scheme in ("", "http", "https"), html.tostring(element)
                assert not value.startswith("//")


def words(tree, path="//main"):
    return " ".join(tree.xpath(path)[0].text_content().split())


def number(site, title):
    with closing(connect(server_path(site), readonly=True)) as connection:
        return connection.execute("SELECT id FROM articles WHERE title = ? ORDER BY id", (title,)).fetchone()[0]


def server_path(site):
    return site.get_database("newscrawl").path


# -- the article


def test_an_article_reads_as_a_reader_expects(site):
    tree = shown(site, "/article/1")
    main = words(tree)
    assert [h.text_content() for h in tree.xpath("//h1")] == ["港区码头今日停工"]
    for text in (
        "引题在此",
        "副题在此",
        "2026-11-01 08:30",
        "来源 港区日报",
        "作者 林晓帆",
        "记者 陈海生",
        "通讯员 孙秀兰",
        "责任编辑 赵启明",
        "校对 周立新",
        "要闻",
    ):
        assert text in main, text
    hrefs = tree.xpath("//main//a/@href")
    for href in (
        "/source/" + quote("港区日报"),
        "/person/" + quote("林晓帆"),
        "/site/gangqu",
        "http://daily.example/",
        "http://gangqu.example/202611/t20261101_1.html",
    ):
        assert href in hrefs, href
    # A list in the side column knows where its links lead, and what became of them.
    assert "新来的一篇" in words(tree, "//section[@aria-labelledby='recommended']")
    gone = words(tree, "//section[@aria-labelledby='recommended']//details")
    assert "2 links gone from the page" in gone
    assert "gone since 2026-11-01 17:00" in gone
    assert "The page has no such block" in words(tree, "//section[@aria-labelledby='related']") or "gone" in words(
        tree, "//section[@aria-labelledby='related']"
    )
    assert "修网的人" in words(tree, "//section[@aria-labelledby='linked']")
    assert "GB/T 7714" in main
    assert "site:gangqu" in main
    assert words(tree, "//section[@aria-labelledby='history']").count("change 1") == 1


def test_reprints_stand_with_the_likely_origin_and_how_much_later_they_came(site):
    tree = shown(site, f"/article/{number(site, '港区码头昨日开工')}")
    reprints = words(tree, "//section[@aria-labelledby='reprints']")
    assert "likely origin" in reprints
    assert "2 h 30 min after" in reprints
    assert re.search(r"\d+ % alike", reprints)
    # Of one that is known by its day only, nothing is said of hours.
    assert "15 h" not in reprints
    assert any("/against/" in href for href in tree.xpath("//section[@aria-labelledby='reprints']//a/@href"))


def test_headings_stand_in_order_and_nothing_is_said_twice(site):
    for path in ("/article/1", "/article/2", "/story/1", "/graph/1", "/article/1/raw", "/article/1/revisions", "/stories"):
        tree = shown(site, path)
        levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1, path
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (path, levels)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_an_article_with_next_to_nothing(site):
    page = words(shown(site, f"/article/{number(site, '没有时间的一篇')}"))
    assert "no date" in page
    assert "Gone from its site" in page
    assert "The page has no such block." in page
    assert "No stored article links to it." in page
    assert "[日期不详]" in page


@pytest.mark.parametrize(
    "path", ["", "?images=site", "/revisions", "/linked", "/linked?kind=rank", "/raw", "/raw?view=source", "/against/1"]
)
def test_nothing_of_a_hostile_article_runs(site, path):
    page = get(site, f"/article/2{path}")
    tree = shown(site, f"/article/2{path}")
    assert SCRIPT in tree.text_content()
    assert "{{ 7*7 }}" in tree.text_content() or "raw" in path
    assert "script-src 'self';" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/article/1/linked", "/article/1", "/graph/1", "/graph/2", "/graph/1?depth=2", "/stories", "/story/1"]
)
def test_nothing_of_what_stands_around_it_runs(site, path):
    shown(site, path)


def test_the_graph_says_hostile_titles_as_data(site):
    answer = get(site, "/graph/2.json")
    assert answer.headers["content-type"].startswith("application/json")
    data = answer.json()
    assert EVIL in [node["title"] for node in data["nodes"]]
    assert all(node["url"] is None or node["url"].startswith("http") for node in data["nodes"])


def test_by_its_address(site):
    answer = get(site, "/article?url=" + quote("https://gangqu.example/202611/t20261101_1.html", safe=""), 302)
    assert answer.headers["location"] == "/article/1"
    assert get(site, "/article?url=2", 302).headers["location"] == "/article/2"
    assert get(site, "/article", 302).headers["location"] == "/search"
    assert "not on record" in words(shown(site, "/article?url=http://nowhere.example/", 404))
    assert "not on record" in words(shown(site, "/article?url=" + quote(EVIL, safe=""), 404))
    assert "not on record" in words(shown(site, "/article?url=" + "9" * 5000, 404))
    assert "not on record" in words(shown(site, "/article?url=" + "a" * 5000, 404))


@pytest.mark.parametrize(
    "path",
    ["/article/{}", "/article/{}/revisions", "/article/{}/linked", "/article/{}/raw", "/article/{}/raw/page", "/article/{}/against/1",
     "/article/1/against/{}", "/article/{}/image/1", "/article/1/image/{}", "/graph/{}", "/graph/{}.json", "/story/{}"],
)  # fmt: skip
def test_numbers_of_nothing(site, path):
    for odd in ("0", "7777", "9" * 18, "9" * 19, "9" * 5000, "-1", "1.5", "x", "%00", "1%2F2", "%F0%9F%98%80"):
        answer = asyncio.run(site.client.get(path.format(odd)))
        # What is no number of ours is Datasette's to answer.
        assert answer.status_code in ((404,) if odd.isdigit() else (302, 404)), (path, odd[:30], answer.status_code)


# -- the body


def clean(text, *pictures, archive="/article/1/image/", from_site=False, lead=None):
    return body.shown(text, "", lead, pictures, archive=archive, from_site=from_site)


def test_a_hostile_body_is_text_and_nothing_else():
    found = clean(EVIL_BODY)
    tree = html.fragment_fromstring(found.html, create_parent="div")
    harmless(tree)
    assert {element.tag for element in tree.iter()} <= {"div", "p", "a", "span", "h2", "table", "tbody", "tr", "td"}
    assert tree.xpath(".//a/@href") == ["https://ok.example/a?b=1&c=2", "http://img.example/2.jpg"]
    assert {rel for link in tree.xpath(".//a") for rel in link.get("rel").split()} >= {"noreferrer"}
    assert "alert" not in str(found.html)
    assert "近路" in tree.text_content()
    assert "<b>图二" in tree.text_content()
    assert found.unseen == 3


@pytest.mark.parametrize(
    "text",
    ["<div>" * 3000 + "深处" + "</div>" * 3000, "<p>" + "<em>" * 3000 + "深处", "<p>断<a href='http://a.example/", "<![CDATA[<script>alert(1)</script>]]>", "<p>\x00\x08空\ufffe</p>",
     "<svg><p><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<p title='a'>一</p>" * 20_000, ""],
    ids=range(9),
)  # fmt: skip
def test_odd_markup_stays_harmless(text):
    found = clean(text)
    harmless(html.fragment_fromstring(found.html, create_parent="div"))
    assert "onerror" not in found.html


def test_images_come_from_the_archive_or_stand_as_boxes():
    markup = "<figure><img src='http://img.example/a.jpg' alt='甲'><figcaption>图说</figcaption></figure><p><img src='http://img.example/b.jpg'></p>"
    kept = Picture(7, "http://img.example/a.jpg", "图说", "甲", True)
    lost = Picture(8, "http://img.example/b.jpg", None, None, False)
    found = clean(markup, kept, lost)
    tree = html.fragment_fromstring(found.html, create_parent="div")
    assert tree.xpath(".//img/@src") == ["/article/1/image/7"]
    assert tree.xpath(".//img/@alt") == ["甲"]
    assert found.unseen == 1
    (box,) = tree.xpath(".//span[@class='unseen']")
    assert box.text_content() == "Image 2image on img.example"
    assert box.xpath(".//a/@href") == ["http://img.example/b.jpg"]
    asked = html.fragment_fromstring(clean(markup, kept, lost, from_site=True).html, create_parent="div")
    assert asked.xpath(".//img/@src") == ["/article/1/image/7", "http://img.example/b.jpg"]
    assert asked.xpath(".//img[2]/@referrerpolicy | .//p/img/@referrerpolicy") == ["no-referrer"]
    assert clean(markup, kept, lost, archive=None).unseen == 2


def test_the_lead_is_marked_where_it_stands_and_said_where_it_does_not():
    found = clean("<p>一句导语</p><p>正文。</p>", lead="一句导语\n另一句")
    assert '<p class="lead">一句导语</p>' in found.html
    assert found.lead == ("另一句",)


def test_a_body_without_markup_and_one_that_is_too_long():
    found = body.shown("", "第一段\n\n<b>第二段</b>", None, (), archive=None, from_site=False)
    assert found.html == "<p>第一段</p><p>&lt;b&gt;第二段&lt;/b&gt;</p>"
    long = body.shown("<p>字</p>" * body.LONGEST, "", None, (), archive=None, from_site=False)
    assert long.cut
    assert len(long.html) < 2 * body.LONGEST


def test_an_image_out_of_the_archive(site):
    answer = get(site, "/article/1/image/1")
    # Its type is told by its bytes: the answer had said text/html.
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == png()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'; sandbox" in answer.headers["content-security-policy"]
    assert "no image 2" in words(shown(site, "/article/1/image/2", 404))
    # What says that it is a PNG and is SVG is no image.
    assert "no image that is shown" in words(shown(site, "/article/1/image/3", 404))


def test_images_of_sites_are_loaded_for_one_page_only_when_asked_for(site):
    plain, asked = shown(site, "/article/2"), shown(site, "/article/2?images=site")
    assert plain.xpath("//main//img/@src") == []
    assert "/article/2?images=site" in plain.xpath("//main//a/@href")
    assert asked.xpath("//main//img/@src") == ["http://img.example/2.jpg"]
    assert "https:" in get(site, "/article/2?images=site").headers["content-security-policy"]


def test_only_pictures_of_points_are_images():
    assert article_page.image_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert article_page.image_type(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"
    assert article_page.image_type(b"\0\0\0\x20ftypavif") == "image/avif"
    for data in (b"<svg/>", b"<?xml?><svg/>", b"%PDF", b"", b"RIFF\0\0\0\0WAVE", b"<!DOCTYPE html>"):
        assert article_page.image_type(data) is None


# -- who links it


def test_who_links_it_is_listed_a_page_at_a_time(tmp_path):
    path = tmp_path / "many.db"
    with Store(path) as store:
        store.add_site(Site("gangqu", "港区网"))
        store.write([article(0)])
        target = [links(("港区码头今日开工", address(0, "gangqu.example")))]
        store.write([article(n, f"第{n}篇", f"第{n}篇的正文，各不相同的{n * 7919}。", blocks=target) for n in range(1, 61)])
    site = server.site(path)
    first = words(shown(site, "/article/1"), "//section[@aria-labelledby='linked']")
    assert "All 60 under Recommended" in first
    assert first.count("港区网") == reading.LINKING
    seen, address_ = [], "/article/1/linked?kind=recommended"
    while address_:
        tree = shown(site, address_)
        seen += tree.xpath("//ul[@class='stories']//p[@class='title']/a/@href")
        following = tree.xpath("//a[@rel='next']/@href")
        address_ = f"/article/1/linked{following[0]}" if following else None
    assert len(seen) == len(set(seen)) == 60
    assert "No stored article links" in words(shown(site, "/article/2/linked?kind=" + quote(EVIL, safe="")))
    assert shown(site, "/article/1/linked?before=x") is not None


# -- differences


def test_a_revision_is_marked(site):
    tree = shown(site, "/article/1/revisions")
    assert tree.xpath("//table//del")[0].text_content().endswith("开工")
    assert tree.xpath("//table//ins")[0].text_content().endswith("停工")
    assert tree.xpath("//div[@class='marked']//del/text()") == ["30"]
    assert tree.xpath("//div[@class='marked']//ins/text()") == ["20"]
    for odd in ("?to=0", "?to=9999999999999999999999", "?to=x", "?to=-3", "?to=1"):
        assert shown(site, f"/article/1/revisions{odd}").xpath("//section[@id='change-1']"), odd
    assert "No reader would have noticed a change" in words(shown(site, "/article/2/revisions"))


def test_two_articles_against_each_other(site):
    other = number(site, "港区码头昨日开工")
    tree = shown(site, f"/article/{other}/against/1")
    assert "昨日" in "".join(tree.xpath("//ins/text()"))
    assert "128" in "".join(tree.xpath("//div[@class='marked']//ins//text()"))
    assert any(href.startswith("/story/") for href in tree.xpath("//section//a/@href"))
    same = words(shown(site, "/article/1/against/1"))
    assert "Word for word the same" in same


def test_long_texts_are_compared_by_the_paragraph():
    old = differences.State(title="甲", body_text="\n".join("".join("的了"[(n * k) % 2] for k in range(2600)) for n in range(30)))
    new = replace(old, body_text=old.body_text + "\n新的一段")
    found = differences.between(old, new)
    assert found.is_coarse
    assert [one.kind for group in found.groups for one in group.paragraphs if one.kind != "same"] == ["added"]


# -- as it came


def test_the_page_as_it_came(site):
    tree = shown(site, "/article/1/raw")
    states = tree.xpath("//ol[contains(@class, 'states')]//a/@href")
    assert len(states) == 2
    assert words(tree, "//section[@aria-labelledby='states']").startswith("2 states 2026-11-01 17:00")
    (frame,) = tree.xpath("//iframe")
    answer = get(site, frame.get("src"))
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    inside = html.document_fromstring(answer.text)
    harmless(inside)
    assert inside.findtext(".//title") == "新"
    assert "港区码头今日开工" in inside.text_content()
    assert inside.xpath("//img/@src") == []
    old = get(site, f"/article/1/raw/page{states[1]}")
    assert "<title>旧</title>" in old.text
    source = words(shown(site, f"/article/1/raw{states[1]}&view=source"), "//pre")
    assert SCRIPT in source
    assert "<base href='http://evil.example/'>" in source
    alone = get(site, f"/article/1/raw/page{states[1]}&view=source")
    assert alone.headers["content-type"].startswith("text/plain")
    assert "charset=utf-8" in alone.headers["content-type"]


def test_what_is_no_page_is_text(site):
    tree = shown(site, "/article/2/raw")
    assert "%PDF" in words(tree, "//pre")
    assert get(site, "/article/2/raw/page").headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("odd", ["x", "1", "1.2.3", "9999.9999", "-1.-2", "1." + "9" * 30, "%00", "1.1' OR 1=1"])
def test_states_that_are_not_there(site, odd):
    shown(site, f"/article/1/raw?at={odd}", 404)
    assert get(site, f"/article/1/raw/page?at={odd}", 404).headers["content-type"].startswith("text/plain")


def test_a_state_of_another_article_is_none_of_this_one(site):
    (frame,) = shown(site, "/article/1/raw").xpath("//iframe/@src")
    get(site, frame.replace("/article/1/", "/article/2/"), 404)


def test_without_an_archive_it_says_how_to_keep_one(site, database, tmp_path):
    bare = tmp_path / "bare.db"
    bare.write_bytes(database.read_bytes())
    other = server.site(bare)
    page = words(shown(other, "/article/1/raw"))
    assert "cannot be shown" in page
    assert "newscrawl archive check" in page
    assert get(other, "/article/1/raw/page", 404).headers["content-type"].startswith("text/plain")
    assert "image on img.example" in words(shown(other, "/article/1"))
    shown(other, "/article/1/image/1", 404)
    third = number(other, "修网的人")
    page = words(shown(other, f"/article/{third}/raw"))
    assert "There is no archive beside this database" in page
    assert "--archive pages" in page
    assert "nothing of this article's addresses" in words(shown(site, f"/article/{third}/raw"))


def test_nothing_outside_the_archive_is_read(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "secret").write_text("geheim")
    for name in ("../secret", "/etc/passwd", "a/../../secret"):
        assert "outside the archive" in raw.record(tmp_path / "archive", warc.Place(name, 0, 100))


def test_a_page_that_is_looked_at_loads_nothing():
    page = (
        "<html><head><link rel=stylesheet href=//e.example/x.css><meta http-equiv=refresh content='0;url=http://e.example/'><style>@import 'x'; p{color:red;background:url(http://e.example/)}</style></head>"
        f"<body background=x onload=alert(1)>{EVIL_BODY}<p style='background:url(x)'>一</p><p style='color:red'>二</p><object data=x>三</object>尾<video src=x poster=y></video>"
        "<img src='data:image/png;base64,AAAA'><img src='data:image/svg+xml,x'><svg><image href='x'/><use xlink:href='y#z'/></svg></body></html>"
    )
    tree = html.document_fromstring(raw.shut_in(page))
    for element in tree.iter():
        assert element.tag not in ("script", "link", "meta", "iframe", "object", "video", "noscript")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "url(" not in value
            assert name != "href" or value.startswith("http")
            assert name != "src" or value.startswith("data:image/png")
    assert "color:red" in tree.findtext(".//style")
    assert "url(" not in tree.findtext(".//style")
    assert "@import" not in tree.findtext(".//style")
    assert "尾" in tree.text_content()
    assert tree.xpath("//p[@style='color:red']")


# -- stories


def test_stories_and_their_orders(site):
    tree = shown(site, "/stories")
    assert "港区码头今日停工" in words(tree) or "码头" in words(tree)
    assert "3 articles" in words(tree)
    for order in ("biggest", "newest", "fastest", "x", quote(EVIL, safe="")):
        shown(site, f"/stories?order={order}")
    assert "No story is like this" not in words(shown(site, "/stories?region=" + quote("广东")))
    assert "No story is like this" in words(shown(site, "/stories?region=" + quote(EVIL, safe="")))
    for odd in (
        "days=x",
        "days=-1",
        "days=999999999999",
        "page=0",
        "page=x",
        "page=99999",
        "days=36500",
        "region=" + "a" * 10_000,
    ):
        shown(site, f"/stories?{odd}")


def test_a_story_tells_how_it_travelled(site):
    tree = shown(site, "/story/1")
    main = words(tree)
    assert "most likely had it first" in main
    assert "3 articles" in main
    rows = tree.xpath("//section[@aria-labelledby='members']//tbody/tr")
    assert len(rows) == 3
    assert "2 h 30 min" in main
    assert "昨日" in "".join(tree.xpath("//tbody//ins/text()"))
    assert "/article/1" in tree.xpath("//tbody//td/a/@href")
    assert tree.xpath("//table[@class='chart-timeline']//a[@href='/article/1']")
    credits = words(tree, "//section[@aria-labelledby='credits']")
    assert "港区网 by 2 articles" in credits


def test_the_fastest_are_told_by_times_that_are_exact(tmp_path):
    path, chosen = tmp_path / "fast.db", random.Random(7)
    with Store(path) as store:
        for name in "abc":
            store.add_site(Site(name, name.upper()))
        for base, times in enumerate(
            (("08:00:00", "20:00:00", "minute"), ("08:00:00", "08:10:00", "minute"), ("00:00:00", "00:00:00", "day"))
        ):
            text = "".join(chr(0x4E00 + chosen.randrange(900)) for _ in range(300))
            for n, site in enumerate("ab"):
                store.write(
                    [
                        article(
                            base * 10 + n,
                            f"故事{base}",
                            text,
                            site,
                            published_at=f"2026-11-01T{times[n]}+08:00",
                            published_precision=times[2],
                        )
                    ]
                )
        connection = store.connection
        assert [one.title for one in reading.stories(connection, "fastest")] == ["故事1", "故事0"]
        assert len(reading.stories(connection, "biggest")) == 3
        assert [one.seconds for one in reading.stories(connection, "fastest")] == [600, 43200]
        assert reading.stories(connection, "biggest", since=datetime(2026, 11, 2, tzinfo=UTC).date()) == []


def test_lanes_are_papers_and_whoever_has_no_time_has_no_mark(site):
    with closing(connect(server_path(site), readonly=True)) as connection:
        found = reading.story(connection, 1)
    assert story.timeline(replace(found, members=())) is None
    nameless = replace(found, members=tuple(replace(one, published_at="x") for one in found.members))
    assert story.timeline(nameless) is None


# -- the neighbourhood


@pytest.fixture
def crowd(tmp_path):
    """An article that three hundred others recommend, with a ring behind them."""
    path = tmp_path / "crowd.db"
    with Store(path) as store:
        store.add_site(Site("gangqu", "港区网"))
        middle = links(("中间", address(0, "gangqu.example")))
        articles = [article(0, "中间", "中间的正文。")]
        for n in range(1, 301):
            own = links(
                (f"第{n % 300 + 1}篇", address(n % 300 + 1, "gangqu.example")),
                (f"外{n}", f"http://out.example/{n}.html"),
                kind="related",
            )
            articles.append(article(n, f"第{n}篇", f"第{n}篇的正文，{n * 7919}。", blocks=[middle, own]))
        store.write(articles)
    return path


def test_a_neighbourhood_is_cut_where_it_grows_too_large(crowd):
    with closing(connect(crowd, readonly=True)) as connection:
        one = reading.neighbourhood(connection, 1, most=50)
        assert len(one.nodes) == 50
        assert one.found == 301
        names = {node.name for node in one.nodes}
        assert all(edge.source in names and edge.target in names for edge in one.edges)
        assert one.nodes[0].name == one.centre == "1"
        assert one.nodes[0].degree == 300
        two = reading.neighbourhood(connection, 2, depth=2, most=30)
        assert len(two.nodes) == 30
        assert {node.steps for node in two.nodes} == {0, 1, 2}
        assert one == reading.neighbourhood(connection, 1, most=50)
        assert reading.neighbourhood(connection, 99_999) is None
    page = get(server.site(crowd), "/graph/1.json").json()
    assert page["shown"] == 150
    assert page["found"] == 301


def test_kinds_are_chosen_and_what_is_not_stored_is_a_node_too(site):
    data = get(site, "/graph/3.json?kind=rank").json()
    assert {edge["kind"] for edge in data["edges"]} == {"rank"}
    data = get(site, "/graph/1.json").json()
    outside = [node for node in data["nodes"] if not node["stored"]]
    assert [node["title"] for node in outside] == ["新来的一篇"]
    assert outside[0]["article"] is None
    for odd in ("?depth=x", "?depth=99", "?kind=x", "?kind=" + quote(EVIL, safe=""), "?kind=hot&kind=hot"):
        assert get(site, f"/graph/1.json{odd}").json()["centre"] == "1"


def test_the_list_has_what_the_drawing_has(site):
    tree = shown(site, "/graph/1")
    data = get(site, "/graph/1.json").json()
    assert len(tree.xpath("//tbody/tr")) == len(data["nodes"])
    assert tree.xpath("//@data-graph") == ["/graph/1.json?depth=1&kind=recommended&kind=related"]
    # In the order in which they need each other, and none of them holds up the page.
    scripts = [script.get("src").rpartition("/")[2] for script in tree.xpath("//script[@defer]")]
    assert scripts[-5:] == ["cytoscape.min.js", "layout-base.js", "cose-base.js", "cytoscape-fcose.js", "graph.js"]
    assert "No link of these kinds" in words(shown(site, f"/graph/{number(site, '没有时间的一篇')}"))


# -- all of them


def test_an_empty_database_has_these_pages_too(tmp_path):
    with Store(tmp_path / "empty.db"):
        pass
    site = server.site(tmp_path / "empty.db")
    assert "No reprints are known yet" in words(shown(site, "/stories"))
    for path in ("/article/1", "/story/1", "/graph/1", "/graph/1.json", "/article/1/raw"):
        assert asyncio.run(site.client.get(path)).status_code == 404
    assert json.loads(get(site, "/graph/1.json", 404).text)["error"] == "There is no article 1."


def test_what_is_listed_of_an_article_comes_by_an_index(database):
    """No question of the article's page reads a table from end to end."""
    with closing(connect(database, readonly=True)) as connection:
        asked = []
        connection.set_trace_callback(asked.append)
        for number_ in (1, 2):
            reading.article(connection, number_)
            reading.neighbourhood(connection, number_, depth=2)
            reading.linking(connection, number_, "recommended")
            reading.stored(connection, number_)
        reading.story(connection, 1)
        connection.set_trace_callback(None)
        for sql in dict.fromkeys(asked):
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            scans = [step for step in plan if step.startswith("SCAN") and "CONSTANT" not in step and "(subquery" not in step]
            assert scans == [], (sql, plan)
