"""Blocks that scripts fill, by the endpoint: what is asked for, what an answer says, and what its lack does to an article."""

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from faultserver import FaultServer, article_page, crawl, hang, list_page, reset, rows, site_file, status
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import reader
from newscrawl.extract import fills
from newscrawl.extract.fills import NAMED, Fill
from newscrawl.extract.page import Page
from newscrawl.items import Article, Ask, Block, Link, Visit
from newscrawl.reader import SiteRules
from newscrawl.samplesite import SampleSite
from newscrawl.spiders.dzwww import Dzwww
from newscrawl.store.writer import Store

URL = "http://news.example/202611/t20261101_16210001.html"
EMPTY = '<div class="box"><h3>相关新闻</h3><ul id="xgxw"></ul>{}</div>'
ITEMS = [
    {"title": "老码头改成渔货早市", "url": "/202611/t20261101_7.html"},
    {"title": "海上浮标回港检修", "url": "/202611/t20261101_8.html"},
]
TITLES = [item["title"] for item in ITEMS]
SHOWN = "".join(f"<li><a href='{item['url']}'>{item['title']}</a></li>" for item in ITEMS)


def read(more, *, url=URL, site_fills=(), head=""):
    """An article page with something below it, read."""
    page = Page((head + article_page(more=more)).encode(), url)
    item = reader.read(page, SiteRules("news", fills=site_fills))
    assert isinstance(item, Article)
    return item


def asks(more, **how):
    return [(ask.url, ask.fill) for block in read(more, **how).blocks for ask in block.asks]


def answer(fill, data, charset=None, article=None):
    data = data.encode() if isinstance(data, str) else data
    return fills.read(fill, data, charset, "http://news.example/api", article or read(EMPTY.format("")))


def titles(links):
    return None if links is None else [link.title for link in links]


# -- what is asked for


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("/api/{id}.json", "http://news.example/api/16210001.json"),
        ("http://{host}/r?u={url}", "http://news.example/r?u=http%3A%2F%2Fnews.example%2F202611%2Ft20261101_16210001.html"),
        ("//api.other.example/r?t={title}", "http://api.other.example/r?t=%E6%B8%AF%E5%8C%BA%E7%A0%81%E5%A4%B4%E4%BB%8A%E6%97%A5%E5%BC%80%E5%B7%A5"),
        ("/r/{node}/{day}", "http://news.example/r/n-77/20261101"),
        ("/r/{absent}", None),
        ("/r?k={keywords}", None),
    ],
)  # fmt: skip
def test_an_address_is_made_of_what_the_page_has(template, url):
    fill = Fill(url=template, find={"node": r'data-node="([\w-]+)"', "day": r"t(\d{8})_", "absent": r"no such \w+"})
    more = EMPTY.format('<i data-node="n-77"></i>')
    assert asks(more, site_fills=(fill,)) == ([(url, 1)] if url else [])


def test_values_are_encoded_in_the_charset_that_the_endpoint_wants():
    page = '<meta name="keywords" content="码头,渔船">'
    fill = Fill(url="/r?k={keywords}", charset="gbk")
    assert asks(EMPTY.format(""), site_fills=(fill,), head=page) == [("http://news.example/r?k=%C2%EB%CD%B7%2C%D3%E6%B4%AC", 1)]


def test_a_fill_is_for_the_block_of_its_kind_and_heading():
    full = f"<div><h3>推荐阅读</h3><ul>{SHOWN}</ul></div>"
    assert asks(full, site_fills=(Fill(url="/r", kind="recommended"),)) == []
    other = (Fill(url="/a", heading="延伸阅读"), Fill(url="/b", kind="recommended"), Fill(url="/c"))
    assert asks(EMPTY.format(""), site_fills=other) == [("http://news.example/c", 3)]


@pytest.mark.parametrize("wrong", [{"url": "/{number}"}, {"url": "/{id"}, {"url": "/", "fields": {"name": "x"}}, {"url": "/", "find": {"x": "("}}, {"url": "/", "charset": "martian"}])  # fmt: skip
def test_a_fill_that_cannot_be_is_told_when_the_file_is_loaded(wrong):
    with pytest.raises(ValueError, match=r"\S"):
        Fill(**wrong)


SOURCES = {
    "in plain sight": '<script>fillRelated("xgxw", "/json/related/16210001.json");</script>',
    "joined": '<script>var id = "16210001"; fillRelated("xgxw", "/json/related/" + id + ".json");</script>',
    "joined, number": "<script>var id=16210001;get('/json/related/'+id+'.json')</script>",
    "against caches": '<script>$.get("/json/related/16210001.json?_=" + new Date().getTime(), show)</script>',
    "escaped": r'<script>ask("http:\/\/news.example\/json\/related\/16210001.json")</script>',
    "attribute": '<div data-src="/json/related/16210001.json"></div>',
    "own attribute": '<ul class="list" data-url="//news.example/json/related/16210001.json"></ul>',
    "script": '<script src="/json/related/16210001.json"></script>',
    "after others": '<script>count("/api/hits/1.json"); ask("/api/other.json", "/json/related/16210001.json")</script>',
}


@pytest.mark.parametrize("source", SOURCES)
def test_an_address_that_the_page_names(source):
    assert asks(EMPTY.format(SOURCES[source])) == [("http://news.example/json/related/16210001.json", 0)]


def test_an_address_that_a_script_far_away_names_for_the_list():
    far = '<script>$.ready(function () { load("#xgxw", "/api/related?id=16210001&callback=show"); other("/api/x.json"); });</script>'
    assert asks(EMPTY.format("") + "<p>本报地址：港区一路。</p>" + far) == [
        ("http://news.example/api/related?id=16210001&callback=show", 0)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "",
        '<script>fillRelated("xgxw", "http://elsewhere.example/json/related/16210001.json");</script>',
        '<script>fillRelated("xgxw", "/json/" + unknown + ".json");</script>',
        '<script src="/js/jquery.js"></script><script>load("/api/comment/16210001.json")</script>',
        '<script>location.href = "/202611/t20261101_9.html"</script>',
        '<script>ask("javascript:alert(1)//.json"); ask("ftp://news.example/api/1.json")</script>',
        f'<script>{"x = 1;" * 30_000} ask("/json/related/1.json")</script>',
    ],
)
def test_what_no_script_of_the_site_names_is_not_asked_for(source):
    assert asks(EMPTY.format(source)) == []


def test_a_full_block_is_not_asked_for_and_a_fill_of_the_site_comes_first():
    assert asks(f"<div><h3>相关新闻</h3><ul>{SHOWN}</ul>{SOURCES['in plain sight']}</div>") == []
    assert asks(EMPTY.format(SOURCES["in plain sight"]), site_fills=(Fill(url="/r/{id}"),)) == [
        ("http://news.example/r/16210001", 1)
    ]


# -- what an answer says

LISTED = json.dumps({"code": 0, "data": {"list": ITEMS}}, ensure_ascii=False)


@pytest.mark.parametrize("fill", [NAMED, Fill(url="/", items="data.list")])
@pytest.mark.parametrize(
    "text",
    [
        LISTED,
        f"\ufeff{LISTED}",
        f"show({LISTED});",
        f"/**/show({LISTED});",
        f"var related = {LISTED};",
        f"window.related={LISTED}",
        "show({code:0, data:{list:[" + ",".join(f"{{title:'{one['title']}', url:'{one['url']}',}}" for one in ITEMS) + "]}})",
        LISTED.replace("[", "[null, NaN, 7, {}, ", 1),
        LISTED.replace('"code"', '"list": 1, "code": 2, "code"'),
    ],
)  # fmt: skip
def test_a_list_in_each_form(fill, text):
    for data, charset in ((text.encode(), None), (text.encode("gbk", "ignore"), "utf-8"), (text.encode("gb18030"), "gbk")):
        found = answer(fill, data, charset)
        assert [(link.position, link.title, link.url) for link in found] == [
            (1, TITLES[0], "http://news.example/202611/t20261101_7.html"),
            (2, TITLES[1], "http://news.example/202611/t20261101_8.html"),
        ]


def test_every_field_of_an_item():
    item = {
        "DOCTITLE": "<em>老码头</em>改成&quot;早市&quot;", "doc_pub_url": "./t1.html?a=1&amp;b=2", "pic": [{"url": "//img.example/1.jpg"}],
        "abstract": "清晨五点开张", "source": "港区日报", "time": 1793493000,
    }  # fmt: skip
    (link,) = answer(NAMED, json.dumps({"x": [item]}))
    assert link == Link(
        1, '老码头改成"早市"', "http://news.example/202611/t1.html?a=1&b=2", "http://img.example/1.jpg", "清晨五点开张", "港区日报",
        "2026-11-01T08:30:00+08:00", "1793493000",
    )  # fmt: skip
    named = Fill(url="/", items="x.0.y", fields={"title": "t.a", "url": "/n/{t.id}.html", "published": "when", "source": "none"})
    (link,) = answer(
        named, json.dumps({"x": [{"y": [{"t": {"a": "渔船", "id": 7}, "when": "2026-10-31 07:05", "title": "no"}]}]})
    )
    assert link == Link(
        1, "渔船", "http://news.example/n/7.html", None, None, None, "2026-10-31T07:05:00+08:00", "2026-10-31 07:05"
    )


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ('{"data": {"list": []}}', []),
        ("show([])", []),
        ('{"code": 500, "data": {"list": []}}', None),
        ('{"code": 0, "data": {"total": 3}}', None),
        ('{"data": {"list": "none"}}', None),
        ("<html><body>系统维护中</body></html>", None),
        ("系统繁忙", None),
        ("", None),
        ("404", None),
        ('{"data": {"list": [{"title": "一", "url": "javascript:void(0)"}]}}', None),
    ],
)
def test_no_links_and_no_answer_are_two_things(data, found):
    for fill in (NAMED, Fill(url="/", items="data.list" if "data" in data else "")):
        assert answer(fill, data) == found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (f"<ul><li><a href='{ITEMS[0]['url']}'>{TITLES[0]}</a><span>10-31</span></li></ul>", [(TITLES[0], "10-31")]),
        (f"""document.write('<ul><li><a href="{ITEMS[0]["url"]}">{TITLES[0]}<\\/a></li>'); document.write("</ul>");""", [(TITLES[0], None)]),
        ("<ul></ul>", []),
        (f"<html><head><title>404</title></head><body><a href='/1.html'>{TITLES[0]}</a></body></html>", None),
        ("<p>没有权限</p>", None),
    ],
)  # fmt: skip
def test_a_fragment_is_read_as_link_blocks_are(data, found):
    links = answer(Fill(url="/", format="html"), data)
    assert (links if not links else [(link.title, link.published_raw) for link in links]) == found
    inner = answer(
        Fill(url="/", format="html", items="html"), json.dumps({"html": data}) if "write" not in data else '{"html": ""}'
    )
    assert inner == (links if "write" not in data else [])


HOSTILE = {
    "deep lists": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 300_000,
    "too long": b'{"list": [' + b'{"title": "t", "url": "/u"},' * 400_000 + b"{}]}",
    "many items": b"[" + b'{"title": "title", "url": "/u%d"},' * 40_000 + b"{}]",
    "a long number": b'{"list": [{"title": ' + b"9" * 50_000 + b', "url": "/u"}]}',
    "quotes": b"x({'" + b"\\'" * 900_000,
    "open strings": b"show({" + b'"a' * 500_000,
    "semicolons": b";" * 1_000_000,
    "comments": b"/*" * 500_000,
    "blanks": b"a" + b" " * 1_000_000 + b"b",
    "tags": json.dumps([{"title": "<a" * 4000, "url": "/u"}]).encode(),
    "wide": b"\xff\xfe" + b"\x00" * 1000,
    "no text": bytes(range(256)) * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_costs_little_and_raises_nothing(name):
    article = read(EMPTY.format(""))
    begun = time.process_time()
    for fill in (NAMED, Fill(url="/", items="list"), Fill(url="/", format="html")):
        found = answer(fill, HOSTILE[name], "utf-8", article)
        assert found is None or len(found) <= 200
    # Seconds where it would be minutes.
    assert time.process_time() - begun < 20


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300) | st.text(alphabet="{}[]\",:()=\\'<>/abtitleurl1 ", max_size=200).map(str.encode),
    st.sampled_from(["json", "html"]),
)
def test_any_answer_is_a_list_or_none(data, form):
    article = Article(url=URL, fetched_at="2026-11-24T10:00:00+00:00")
    found = fills.read(Fill(url="/", format=form), data, None, URL, article)
    assert found is None or all(link.title for link in found)


# -- the sample


def test_the_sample_names_its_endpoints_and_their_answers_are_the_truth():
    site = SampleSite()
    filled = 0
    for article in site.articles:
        rules = Dzwww.edition(article.host.partition(".")[0]).site_rules()
        site.page(article.path, article.host)
        item = reader.read(Page(site.page(article.path, article.host).body, article.url), rules)
        (block,) = [block for block in item.blocks if block.kind == "related"]
        assert block.asks == (
            [Ask(f"{article.endpoint}{'?callback=showRelated' * (article.host != 'weihai.dzwww.com')}")]
            if article.endpoint
            else []
        ), article.id
        if article.endpoint is None:
            continue
        endpoint = urlsplit(article.endpoint)
        given = site.page(endpoint.path, endpoint.netloc)
        links = fills.read(NAMED, given.body, None, article.endpoint, item)
        told = [(link.title, link.url, link.published_raw, link.source) for link in links]
        assert told == [(link.title, link.url, link.time, link.source) for link in article.related], article.id
        filled += bool(links)
    assert filled >= 20


# -- a crawl


def script(number):
    return EMPTY.format(f'<script>fill("xgxw", "/json/related/{number}.json")</script>')


GOOD = json.dumps({"list": ITEMS}, ensure_ascii=False)
HOST = "http://news.example"
FAULTS = {1: status(500), 2: hang, 3: status(200, "<html><body>系统维护中</body></html>"), 4: reset}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Three runs: the endpoint fails in four ways, answers, and fails again."""
    folder = tmp_path_factory.mktemp("fills")
    name = "t20261101_{}.html"
    stood = []
    with FaultServer() as server:
        pages = {n: script(n) for n in range(1, 6)} | {6: EMPTY.format(""), 7: script(7).replace("/json/", "/private/json/")}
        for number, more in pages.items():
            page = article_page(f"港区第{number}号船进港", more=more)
            server.page(f"{HOST}/202611/{name.format(number)}", page, headers={"ETag": f'"{number}"'})
        server.page(f"{HOST}/", list_page([f"{HOST}/202611/{name.format(number)}" for number in pages]))
        server.page(f"{HOST}/robots.txt", "User-agent: *\nDisallow: /private/\n")
        site = site_file(discover=False, follow_depth=0)
        told = {"proxy": server.base, "settings": "DOWNLOAD_TIMEOUT = 1\nRETRY_TIMES = 0\nAUTOTHROTTLE_ENABLED = False"}

        def run(faulty):
            for number in range(1, 6):
                server.page(f"{HOST}/json/related/{number}.json", GOOD)
                if faulty and number in FAULTS:
                    server.on(f"{HOST}/json/related/{number}.json", FAULTS[number])
            asked = len(server.log)
            done = crawl(folder, site, "--all", "--delay", 0, **told)
            assert done.code == 0, done.stderr
            stood.append(
                {
                    "asked": server.log[asked:],
                    "blocks": {
                        int(re.search(r"_(\d+)\.", url)[1]): rest
                        for url, *rest in rows(
                            folder,
                            "SELECT a.url, b.filled_by, b.links, a.flags LIKE '%unanswered%' FROM articles a JOIN article_blocks b ON b.article_id = a.id",
                        )
                    },
                    "links": rows(folder, "SELECT article_id, title, gone_at FROM article_links ORDER BY article_id, position"),
                    "soon": rows(
                        folder,
                        "SELECT count(*) FROM pages WHERE kind = 'article' AND next_visit <= datetime('now', '+20 minutes')",
                    ),
                    "revisions": rows(folder, "SELECT count(*) FROM revisions")[0][0],
                }
            )

        run(True)
        run(False)
        with Store(folder / "news.db") as store:
            store.connection.execute(
                "UPDATE pages SET next_visit = '2026-01-01T00:00:00+00:00', etag = NULL WHERE kind = 'article'"
            )
        run(True)
    return stood


def test_with_the_endpoint_down_the_article_is_stored_and_marked(runs):
    first = runs[0]["blocks"]
    assert set(first) == set(range(1, 8))
    assert [first[number] for number in FAULTS] == [["unanswered", 0, 1]] * 4
    assert first[5] == ["endpoint", 2, 0]


def test_a_block_without_a_script_and_one_that_robots_forbid_are_not_asked_for(runs):
    assert runs[0]["blocks"][6] == ["page", 0, 0]
    assert runs[0]["blocks"][7] == ["unanswered", 0, 0]
    urls = [asked.url for run in runs for asked in run["asked"]]
    assert not [url for url in urls if "/private/" in url or "/related/6" in url]


def test_the_links_come_with_the_next_run_and_only_what_was_missing_is_asked_for(runs):
    second = runs[1]
    assert [second["blocks"][number] for number in range(1, 6)] == [["endpoint", 2, 0]] * 5
    asked = [one for one in second["asked"] if re.search(r"_\d\.html|related", one.url)]
    assert sorted(one.url for one in asked if "related" in one.url) == [f"{HOST}/json/related/{n}.json" for n in FAULTS]
    pages = [one for one in asked if "related" not in one.url]
    assert sorted(one.url for one in pages) == [f"{HOST}/202611/t20261101_{n}.html" for n in FAULTS]
    # A page that has not changed would not be read, and its script not be seen.
    assert not [one for one in pages if "if-none-match" in one.headers]


def test_the_endpoint_is_asked_once_with_where_the_question_comes_from(runs):
    (asked,) = [one for one in runs[0]["asked"] if one.url.endswith("/related/5.json")]
    assert asked.headers["referer"] == f"{HOST}/202611/t20261101_5.html"
    assert len([one for one in runs[0]["asked"] if one.url.endswith("/related/1.json")]) == 1


def test_an_endpoint_that_fails_later_closes_nothing_and_changes_nothing(runs):
    third = runs[2]
    assert [third["blocks"][number] for number in FAULTS] == [["unanswered", 2, 1]] * 4
    assert third["blocks"][5] == ["endpoint", 2, 0]
    assert len(third["links"]) == 10
    assert {gone for _, _, gone in third["links"]} == {None}
    assert third["links"] == runs[1]["links"]
    assert third["revisions"] == 0


def test_an_endpoint_of_another_host_is_asked_where_the_site_file_names_it(tmp_path):
    url = f"{HOST}/202611/t20261101_1.html"
    with FaultServer() as server:
        for number, kind in ((1, "相关新闻"), (2, "推荐阅读")):
            server.page(
                url.replace("_1", f"_{number}"), article_page(f"第{number}号船", more=EMPTY.format("").replace("相关新闻", kind))
            )
        server.page(f"{HOST}/", list_page([url, url.replace("_1", "_2")]))
        server.page("http://api.example/r/1", GOOD)
        server.on("http://api.example/r/2", status(302, Location="http://third.example/r"))
        server.page("http://third.example/r", GOOD)
        site = "from newscrawl.extract.fills import Fill\n" + site_file(discover=False, follow_depth=0).rstrip()
        site += "\n    fills = (Fill(url='http://api.example/r/1'), Fill(url='http://api.example/r/2', kind='recommended'))\n"
        done = crawl(tmp_path, site, proxy=server.base)
        assert done.code == 0, done.stderr
        assert rows(tmp_path, "SELECT kind, filled_by, links FROM article_blocks ORDER BY 1") == [
            ("recommended", "unanswered", 0),
            ("related", "endpoint", 2),
        ]
        assert server.urls("third") == []
        assert server.urls("api.example/robots")


def test_an_endpoint_that_never_answers_is_left_alone_for_the_run(tmp_path):
    urls = [f"{HOST}/202611/t20261101_{number}.html" for number in range(1, 13)]
    with FaultServer() as server:
        for number, url in enumerate(urls, 1):
            server.page(url, article_page(f"第{number}号船", more=script(number)))
        server.page(f"{HOST}/", list_page(urls))
        server.on(re.compile("related"), status(503))
        done = crawl(tmp_path, site_file(discover=False), proxy=server.base, settings="CONCURRENT_REQUESTS = 2")
        assert done.code == 0, done.stderr
        assert rows(tmp_path, "SELECT filled_by, count(*) FROM article_blocks GROUP BY 1") == [("unanswered", 12)]
        assert len(server.urls("related")) < 12


# -- the store


def stored(tmp_path, *states):
    """An article's related block, told once for each state: what filled it, and its titles. Then what is stored of it."""
    with Store(tmp_path / "news.db") as store:
        for hour, (by, told, waiting) in enumerate(states):
            at = f"2026-11-24T{hour + 8:02}:00:00+00:00"
            links = [Link(n, title, f"{HOST}/{title}.html") for n, title in enumerate(told, 1)]
            block = Block("related", "相关新闻", links, by, [Ask(f"{HOST}/r")] if waiting else [])
            visit = Visit(URL, "news", "article", status=200, fetched_at=at)
            text = "清晨五点，老码头的灯一盏盏亮起来。" * 10
            article = Article(
                url=URL, site="news", title="题", body_text=text, body_html="", content_hash="x" * 32, blocks=[block], visit=visit
            )
            if by == "unanswered":
                article.flags.append("unanswered")
            store.write([article])
        links = store.connection.execute("SELECT title, gone_at IS NULL FROM article_links ORDER BY id").fetchall()
        block = store.connection.execute("SELECT filled_by, links FROM article_blocks").fetchone()
        waiting = [one.url for one in store.frontier.unanswered("news", 10)]
    return block, links, waiting


@pytest.mark.parametrize(
    ("then", "block", "open_"),
    [
        (("unanswered", [], False), ("unanswered", 2), [1, 1]),
        # A saved page, say: the script's links are not in it, and nobody was asked.
        (("page", [], True), ("endpoint", 2), [1, 1]),
        (("page", [], False), ("endpoint", 2), [1, 1]),
        (("endpoint", [], False), ("endpoint", 0), [0, 0]),
        (("endpoint", ["一号船"], False), ("endpoint", 1), [1, 0]),
        (("browser", ["二号船", "一号船"], False), ("browser", 2), [1, 1]),
    ],
)
def test_only_an_answer_closes_links(tmp_path, then, block, open_):
    found, links, waiting = stored(tmp_path, ("endpoint", ["一号船", "二号船"], False), then)
    assert found == block
    assert [stands for _, stands in links] == open_
    assert waiting == ([URL] if then[0] == "unanswered" else [])


def test_a_saved_page_is_told_from_one_that_has_no_links(tmp_path):
    assert stored(tmp_path, ("page", [], True))[0] == ("unanswered", 0)


def test_after_five_looks_an_article_waits_no_more(tmp_path):
    assert stored(tmp_path, *[("unanswered", [], False)] * 4)[2] == [URL]
    assert stored(tmp_path, ("unanswered", [], False))[2] == []
