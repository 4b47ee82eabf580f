"""The link graph: what leads where in either order of reading, links that close and open again, and what other programs are given."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import networkx
import pytest
from click.testing import CliRunner
from lxml import etree

from newscrawl import graph, ingest, samplesite, timetable
from newscrawl.cli import links as commands
from newscrawl.fingerprint import content_hash, key
from newscrawl.items import Article, Block, Link, Visit
from newscrawl.pipelines import Store as Pipeline
from newscrawl.settings import __name__ as SETTINGS
from newscrawl.spider import SiteLoader
from newscrawl.store import links, schema
from newscrawl.store.writer import Site, Store, connect

BODY = "葛家镇的果农今年种下三亩新品种苹果，县里的技术员每周来一次，教大家修枝和滴灌。收下的果子可以放到来年开春再卖。"
MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-{day}T02:00:00+00:00" for day in (23, 24, 25))


def address(name, site="weihai"):
    return f"http://{site}.dzwww.com/news/201707/t20170728_{name}.htm"


def article(name, *recommended, related=(), hot=(), at=MONDAY, site="weihai", publisher="大众网", title=None, **more):
    """An article called ``name`` that links to addresses."""
    made = Article(
        url=address(name, site),
        site=site,
        publisher=publisher,
        region="山东",
        title=title or f"题 {name}",
        body_text=f"{name}{BODY}",
    )
    for field, value in more.items():
        setattr(made, field, value)
    made.content_hash = content_hash(made.title, made.body_text)
    blocks = [("recommended", "推荐阅读", recommended), ("related", "相关新闻", related), ("hot", "热点", hot)]
    made.blocks = [
        Block(kind, heading, [Link(n, f"荐 {url.rpartition('_')[2]}", url) for n, url in enumerate(urls, 1)])
        for kind, heading, urls in blocks
        if urls
    ]
    made.visit = Visit(made.url, site, "article", status=200, fetched_at=at)
    return made


@pytest.fixture
def path(tmp_path):
    return tmp_path / "news.db"


@pytest.fixture
def store(path):
    with Store(path) as opened:
        opened.add_site(Site("weihai", "大众网·威海", "大众网", "山东", "威海", "http://weihai.dzwww.com/"))
        opened.add_site(Site("whnews", "威海新闻网", "威海网", "山东", "威海", "http://whnews.dzwww.com/"))
        yield opened


def rows(where, sql, *parameters):
    connection = where.connection if isinstance(where, Store) else sqlite3.connect(where)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        if not isinstance(where, Store):
            connection.close()


def run(command, path, *arguments, code=0):
    done = CliRunner().invoke(command, [*map(str, arguments), "--db", str(path)])
    assert done.exit_code == code, done.output
    return done.output


def write(store, *made):
    for one in made:
        store.write([one])


# -- the sample site, exactly


SITE = samplesite.SampleSite()
TWINS = {each.id for each in SITE.articles if each.copy == "exact" and each.source == SITE.article(each.copy_of).source}
TWINS |= {SITE.article(name).copy_of for name in TWINS}
"""One text under two addresses of one publisher: which of the two is the article is decided by the order."""


def exact(path, *, crawled=False):
    """Checks the stored links against the sample's own truth; gives them all in a form that no order changes.

    Of a saved page nobody asks what its scripts would fill 相关新闻 with; ``crawled`` ones were asked.
    """
    pages = {key(each.url): each for each in SITE.articles}
    known = dict(rows(path, "SELECT key, article_id FROM article_urls"))
    found = []
    for number, url in rows(path, "SELECT id, url FROM articles"):
        sample = pages[key(url)]
        standing = rows(
            path,
            "SELECT kind, heading, position, title, url, target_key, target_id FROM article_links WHERE article_id = ? AND gone_at IS NULL "
            "ORDER BY block, position",
            number,
        )
        related = sample.related or () if crawled else ()
        hot = SITE._hosts[sample.host].frames[sample.layout].hot
        shown = {"recommended": sample.recommended, "related": related, "rank": hot}
        assert [(kind, position, title, target) for kind, _, position, title, target, *_ in standing] == [
            (kind, n, link.title, link.url) for kind, shown_links in shown.items() for n, link in enumerate(shown_links, 1)
        ], url
        for kind, heading, position, title, _, target, target_id in standing:
            assert target_id == known.get(target), (url, target)
            if sample.id not in TWINS:
                found.append((sample.id, kind, heading, position, title, target, target_id is not None))
    assert any(row[-1] for row in found)
    return sorted(found)


def read_into(path, articles):
    """Reads the pages of articles one after another, through the pipelines of a crawl."""
    store = Pipeline(path, batch=7)
    store.open()
    settings = {"NEWSCRAWL_DB": str(path)}
    shelf = ingest.Shelf(store, ingest.Sites(SiteLoader.of(project(settings)).sites))
    for each in articles:
        for url in each.urls:
            page = SITE.page(url.partition(each.host)[2], each.host)
            if page.status == 503:
                page = SITE.page(url.partition(each.host)[2], each.host)
            shelf.add(ingest.SavedPage(page.body, url, url, saved_at=datetime.fromisoformat(MONDAY)))
    shelf.close()
    store.close()


def project(values):
    from scrapy.settings import Settings

    made = Settings()
    made.setmodule(SETTINGS)
    made.setdict(values)
    return made


def test_the_sample_s_links_are_exact_whichever_article_is_read_first(tmp_path):
    read_into(tmp_path / "one.db", SITE.articles)
    read_into(tmp_path / "other.db", SITE.articles[::-1])
    assert exact(tmp_path / "one.db") == exact(tmp_path / "other.db")


def test_the_sample_s_links_are_exact_whichever_site_is_crawled_first(run_newscrawl, tmp_path):
    def crawl(order):
        path = tmp_path / f"{order[0]}.db"
        with samplesite.running(samplesite.SampleSite()) as base:
            for name in order:
                run_newscrawl("crawl", name, "--delay", 0, "--concurrency", 8, "--db", path, proxy=base, check=0)
        return exact(path, crawled=True)

    with ThreadPoolExecutor(2) as both:
        one, other = both.map(crawl, (("weihai", "yantai"), ("yantai", "weihai")))
    assert one == other
    assert {row[0] for row in one} == {each.id for each in SITE.articles} - TWINS


# -- targets, closing and opening


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_every_spelling_of_an_address_finds_its_article_in_any_order(store, order):
    target = article("9", at=MONDAY, addresses=["http://weihai.dzwww.com/old/201707/t20170728_9.htm"], parts=[address("9_1")])
    spellings = [address("9") + "?from=timeline", "http://weihai.dzwww.com/old/201707/t20170728_9.htm", address("9_1")]
    one = article("1", *spellings, address("8"))
    other = article("2", address("9").replace("http:", "https:") + "#top", address("2"))
    write(store, *[(target, one, other)[n] for n in order])
    ids = dict(rows(store, "SELECT url, id FROM articles"))
    found = rows(store, "SELECT article_id, position, target_id FROM article_links")
    nine, two = ids[address("9")], ids[address("2")]
    assert {(number, position): to for number, position, to in found} == {
        (ids[address("1")], 1): nine,
        (ids[address("1")], 2): nine,
        (ids[address("1")], 3): nine,
        (ids[address("1")], 4): None,
        (two, 1): nine,
        (two, 2): two,
    }


def test_a_link_s_life(store):
    """Seen, gone, back at another place: the dates say so, and who it leads to is known throughout."""
    one, two = address("1"), address("2")
    life = []
    for at, urls in ((MONDAY, [one, two]), (TUESDAY, [two]), (WEDNESDAY, [two, one])):
        write(store, article("0", *urls, at=at))
        if at == TUESDAY:
            # The target of a closed link is stored.
            write(store, article("1", at=at))
        found = {row["url"]: row for row in links.outgoing(store.connection, 1, closed=True)}
        life.append(
            [(found[url]["position"], found[url]["first_seen"], found[url]["gone_at"], found[url]["state"]) for url in (one, two)]
        )
        assert [row["url"] for row in links.outgoing(store.connection, 1)] == urls
    assert life == [
        [(1, MONDAY, None, "not crawled"), (2, MONDAY, None, "not crawled")],
        [(1, MONDAY, TUESDAY, "stored"), (1, MONDAY, None, "not crawled")],
        [(2, MONDAY, None, "stored"), (1, MONDAY, None, "not crawled")],
    ]
    (into,) = links.incoming(store.connection, article_id=2)
    assert (into["from_id"], into["position"], into["first_seen"], into["from_publisher"]) == (1, 2, MONDAY, "大众网")


def test_what_is_known_of_a_link_s_target(store):
    write(store, article("0", *(address(n) for n in "1234"), "javascript:void(0)"), article("1"))
    store.write([Visit(address("2"), "weihai", "soft404", "it says “页面不存在”", status=200, fetched_at=MONDAY)])
    store.add_pending("weihai", [address("3")], None)
    found = links.outgoing(store.connection, 1)
    assert [(row["state"], row["why"], row["target_title"]) for row in found] == [
        ("stored", None, "题 1"),
        ("soft404", "it says “页面不存在”", None),
        ("waiting", None, None),
        ("not crawled", None, None),
        ("no address", None, None),
    ]


def test_what_waits_to_be_crawled(store):
    elsewhere = "http://www.bowuguan.example/news/201707/t20170728_5.htm"
    write(
        store,
        article("0", address("1"), address("2"), elsewhere, related=[address("3")], hot=[address("4")], at=MONDAY),
        article("10", address("3"), address("6"), at=TUESDAY),
        article("11", address("7"), at=TUESDAY, site="whnews"),
        article("1"),
    )
    store.write([Visit(address("2"), "weihai", "gone", "status 404", status=404, fetched_at=MONDAY)])
    store.add_pending("weihai", [address("6")], None)
    deep = article("20", address("21"), at=MONDAY)
    deep.visit.depth = 1
    write(store, deep)

    def found(limit=9, hosts=("dzwww.com",), **more):
        return links.uncrawled(store.connection, "weihai", hosts, limit, **more)

    assert found() == [
        (address("3"), address("10"), 1),
        (address("6"), address("10"), 1),
        (address("21"), address("20"), 2),
    ]
    assert found(limit=1) == [(address("3"), address("10"), 1)]
    assert found(limit=0) == []
    assert [url for url, *_ in found(accept=re.compile("_21").search)] == [address("21")]
    assert [url for url, *_ in found(hosts=("bowuguan.example",))] == [elsewhere]
    # A link that has gone recommends nothing.
    write(store, article("10", address("6"), at=WEDNESDAY), article("0", address("1"), at=WEDNESDAY))
    assert [url for url, *_ in found()] == [address("6"), address("21")]


# -- newscrawl links


@pytest.fixture
def linked(store, path):
    """One article that is linked from two sites, and links what is stored, what is not, and what has gone."""
    write(
        store,
        article("1", title="渔港夜市试行“垃圾不落地”", published_at="2017-07-29T19:30:00+08:00", published_precision="minute"),
        article("0", address("1"), address("2"), address("3"), hot=[address("1")], published_at="2017-07-30T00:00:00+08:00",
                published_precision="day"),
        article("0", address("1"), address("2"), hot=[address("1")], at=TUESDAY, published_at="2017-07-30T00:00:00+08:00",
                published_precision="day"),
        article("7", related=[address("1")], site="whnews", publisher="威海网", at=TUESDAY),
    )  # fmt: skip
    return path


def test_links_of_an_article_on_the_terminal(linked):
    text = run(commands.links, linked, address("0") + "?from=timeline")
    lines = [line.strip() for line in text.splitlines()]
    assert lines[:2] == ["题 0", f"article 2 · 大众网·威海 · published 2017-07-30 · {address('0')}"]
    start = lines.index("推荐阅读 (recommended)")
    assert lines[start + 1 : start + 6] == [
        "1. 荐 1.htm",
        "article 1 · 大众网·威海 · published 2017-07-29 19:30 · first seen 2026-11-23 10:00",
        "2. 荐 2.htm",
        "not crawled · first seen 2026-11-23 10:00",
        address("2"),
    ]
    assert address("3") not in text
    assert "no other article links it" in text
    closed = run(commands.links, linked, "2", "--all", "--out", "--kind", "recommended")
    assert "推荐阅读 (recommended), closed" in closed
    assert "not crawled · first seen 2026-11-23 10:00 · closed 2026-11-24 10:00" in closed
    assert "热点" not in closed
    assert "linked by" not in closed


def test_who_links_an_article(linked):
    text = run(commands.links, linked, "1", "--in")
    assert text.splitlines()[0] == "渔港夜市试行“垃圾不落地”"
    assert (
        "article 2 · 大众网·威海 · published 2017-07-30\n     推荐阅读 (recommended) at 1 · first seen 2026-11-23 10:00" in text
    )
    assert "article 3 · 威海网, 威海新闻网 · no date\n     相关新闻 (related) at 1 · first seen 2026-11-24 10:00" in text
    assert "1 beside which it stands under 热点 (hot); --kind hot lists them" in text
    assert "热点 (hot) at 1" in run(commands.links, linked, "1", "--in", "--kind", "hot")


def test_links_as_json(linked):
    found = json.loads(run(commands.links, linked, "1", "--json"))
    assert found["article"]["title"] == "渔港夜市试行“垃圾不落地”"
    assert found["out"] == []
    assert [(row["kind"], row["from_id"], row["from_site"], row["first_seen"]) for row in found["in"]] == [
        ("recommended", 2, "weihai", MONDAY),
        ("hot", 2, "weihai", MONDAY),
        ("related", 3, "whnews", TUESDAY),
    ]
    (out,) = (row for row in json.loads(run(commands.links, linked, "2", "--json", "--all"))["out"] if row["gone_at"])
    assert (out["url"], out["state"], out["gone_at"]) == (address("3"), "not crawled", TUESDAY)


def test_who_links_what_was_never_crawled(linked):
    text = run(commands.links, linked, address("2"))
    assert text.splitlines()[:2] == ["荐 2.htm", f"not stored · {address('2')}"]
    assert "article 2 · 大众网·威海" in text
    for unknown in (address("99"), "99", "nonsense"):
        assert "not in" in run(commands.links, linked, unknown, code=2)


# -- newscrawl graph

NASTY = "“A&B”<两队>\x00\x0b 对\ufffe擂\n=1+1 'x' \"y\""
SEEN = "“A&B”<两队> 对擂 =1+1 'x' \"y\""


@pytest.fixture
def woven(store, path):
    write(
        store,
        article("0", address("1"), address("2"), address("3"), hot=[address("1")], published_at="2017-07-28T09:00:00+08:00",
                source="威海晚报", title=NASTY),
        article("0", address("2"), address("1"), hot=[address("1")], at=TUESDAY, published_at="2017-07-28T09:00:00+08:00",
                source="威海晚报", title=NASTY),
        article("1", address("0"), published_at="2017-08-02T00:30:00+08:00", title="=HYPERLINK(\"http://a.cn\")"),
        article("7", related=[address("1"), address("2")], site="whnews", publisher="威海网", at="2026-11-24T17:00:00+00:00",
                title="－－无日期"),
        article("8", title="没有链接", published_at="2017-07-28T23:59:59+08:00"),
    )  # fmt: skip
    return path


def edges_of(read):
    return sorted(
        (read.nodes[a]["label"], read.nodes[b]["label"], data["kind"], data["position"]) for a, b, data in read.edges(data=True)
    )


def test_gexf_opens_in_networkx_with_names_and_dates(woven, tmp_path):
    said = run(commands.graph_command, woven, "-o", tmp_path / "all.gexf", "--uncrawled")
    assert said.startswith("4 articles, 2 addresses never stored, 7 links\n")
    read = networkx.read_gexf(tmp_path / "all.gexf")
    assert read.is_directed()
    first = read.nodes["1"]
    assert {
        name: first[name] for name in ("label", "url", "site", "publisher", "source", "region", "published_at", "start", "stored")
    } == {
        "label": SEEN,
        "url": address("0"),
        "site": "weihai",
        "publisher": "大众网",
        "source": "威海晚报",
        "region": "山东",
        "published_at": "2017-07-28T09:00:00+08:00",
        "start": "2017-07-28T09:00:00+08:00",
        "stored": True,
    }
    assert (read.nodes["3"]["start"], "published_at" in read.nodes["3"]) == ("2026-11-24T17:00:00+00:00", False)
    strangers = {name: data for name, data in read.nodes(data=True) if not data["stored"]}
    assert {(name[0], data["label"], data["url"], data["start"]) for name, data in strangers.items()} == {
        ("u", "荐 2.htm", address("2"), MONDAY),
        ("u", "荐 3.htm", address("3"), MONDAY),
    }
    link = '=HYPERLINK("http://a.cn")'
    assert edges_of(read) == sorted(
        [
            (SEEN, link, "recommended", 2),
            (SEEN, "荐 2.htm", "recommended", 1),
            (SEEN, "荐 3.htm", "recommended", 3),
            (SEEN, link, "hot", 1),
            (link, SEEN, "recommended", 1),
            ("－－无日期", link, "related", 1),
            ("－－无日期", "荐 2.htm", "related", 2),
        ]
    )
    (gone,) = (data for *_, data in read.edges(data=True) if "gone_at" in data)
    assert (gone["start"], gone["end"], gone["first_seen"], gone["gone_at"]) == (MONDAY, TUESDAY, MONDAY, TUESDAY)
    assert gone["heading"] == "推荐阅读"


def test_gexf_is_as_gephi_wants_it(woven, tmp_path):
    run(commands.graph_command, woven, "-o", tmp_path / "all.gexf")
    root = etree.parse(tmp_path / "all.gexf").getroot()
    space = "{http://gexf.net/1.3}"
    assert (root.tag, root.get("version")) == (f"{space}gexf", "1.3")
    (drawn,) = root.findall(f"{space}graph")
    assert dict(drawn.attrib) == {
        "defaultedgetype": "directed",
        "mode": "dynamic",
        "timeformat": "date",
        "timerepresentation": "interval",
        "timezone": "Asia/Shanghai",
    }
    assert [part.tag.removeprefix(space) for part in drawn] == ["attributes", "attributes", "nodes", "edges"]
    declared = {each.get("id") for each in drawn.iter(f"{space}attribute")}
    assert {each.get("for") for each in drawn.iter(f"{space}attvalue")} <= declared
    nodes = {each.get("id") for each in drawn.iter(f"{space}node")}
    edges = list(drawn.iter(f"{space}edge"))
    assert len({each.get("id") for each in edges}) == len(edges) == 4
    assert {end for each in edges for end in (each.get("source"), each.get("target"))} <= nodes
    # Two links from one page to one article are two edges, told apart by their kind.
    assert sorted(each.get("kind") for each in edges if (each.get("source"), each.get("target")) == ("1", "2")) == [
        "hot",
        "recommended",
    ]


def test_graphml_opens_in_networkx(woven, tmp_path):
    run(commands.graph_command, woven, "-o", tmp_path / "all.graphml", "--uncrawled")
    run(commands.graph_command, woven, "-o", tmp_path / "all.gexf", "--uncrawled")
    read = networkx.read_graphml(tmp_path / "all.graphml")
    assert edges_of(read) == edges_of(networkx.read_gexf(tmp_path / "all.gexf"))
    assert read.nodes["1"]["label"] == SEEN
    assert sorted(data["gone_at"] for *_, data in read.edges(data=True) if "gone_at" in data) == [TUESDAY]


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("target", ["tables", "tables.zip"])
def test_csv_for_gephi_and_spreadsheets(woven, tmp_path, target):
    run(commands.graph_command, woven, "-o", tmp_path / target, "--format", "csv")
    if target.endswith(".zip"):
        with zipfile.ZipFile(tmp_path / target) as archive:
            assert archive.namelist() == ["nodes.csv", "edges.csv"]
            files = [archive.read(name) for name in archive.namelist()]
    else:
        files = [(tmp_path / target / name).read_bytes() for name in ("nodes.csv", "edges.csv")]
    assert all(data.startswith(b"\xef\xbb\xbf") for data in files)
    nodes, edges = (table(data.decode("utf-8-sig")) for data in files)
    assert [(row["id"], row["label"], row["published_at"], row["stored"]) for row in nodes] == [
        ("1", SEEN, "2017-07-28T09:00:00+08:00", "true"),
        ("2", '\'=HYPERLINK("http://a.cn")', "2017-08-02T00:30:00+08:00", "true"),
        ("3", "'－－无日期", "", "true"),
        ("4", "没有链接", "2017-07-28T23:59:59+08:00", "true"),
    ]
    assert [
        (row["source"], row["target"], row["type"], row["kind"], row["heading"], row["position"], row["gone_at"]) for row in edges
    ] == [
        ("1", "2", "Directed", "recommended", "推荐阅读", "2", ""),
        ("1", "2", "Directed", "hot", "热点", "1", ""),
        ("2", "1", "Directed", "recommended", "推荐阅读", "1", ""),
        ("3", "2", "Directed", "related", "相关新闻", "1", ""),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r\n=1", "\x00=1", "＝1", " =1"])
def test_no_cell_begins_a_formula(text):
    node = graph.Node("1", text, None, text, "weihai", None, None, None, None, True)
    out = {name: io.StringIO() for name in ("nodes", "edges")}
    kept = {}

    def opened(name):
        out[name].close = lambda: kept.setdefault(name, out[name].getvalue())
        return out[name]

    graph.write_csv(lambda: opened("nodes"), lambda: opened("edges"), [node], [])
    (row,) = table(kept["nodes"])
    assert {row["label"], row["url"]} == {"'" + text.strip("\t\r\n\x00 ")}


def chosen(path, **how):
    connection = connect(path, readonly=True)
    try:
        with links.graph(connection, **how) as found:
            return [node.id for node in found.nodes()], [(edge.source, edge.target, edge.kind) for edge in found.edges()]
    finally:
        connection.close()


def test_what_is_chosen(woven):
    nodes, edges = chosen(woven)
    assert nodes == ["1", "2", "3", "4"]
    assert edges == [("1", "2", "recommended"), ("1", "2", "hot"), ("2", "1", "recommended"), ("3", "2", "related")]
    # A day as the page prints it, both days included; what a link leads to is a node whenever it was published.
    assert chosen(woven, since=date(2017, 8, 1), until=date(2017, 8, 2)) == (["1", "2"], [("2", "1", "recommended")])
    assert chosen(woven, until=date(2017, 7, 28), kinds=["hot"]) == (["1", "2", "4"], [("1", "2", "hot")])
    # Without a date, the day in China on which it was first seen: 17:00 UTC is the next morning there.
    assert chosen(woven, since=date(2026, 11, 25))[0] == ["2", "3"]
    assert chosen(woven, since=date(2026, 11, 24), until=date(2026, 11, 24)) == ([], [])
    assert chosen(woven, sites=["whnews"]) == (["2", "3"], [("3", "2", "related")])
    assert chosen(woven, kinds=["rank"], sites=["whnews"]) == (["3"], [])


def test_what_is_not_stored_has_one_name_in_every_export(woven):
    _, edges = chosen(woven, uncrawled=True)
    (name,) = {to for source, to, kind in edges if (source, kind) == ("3", "related") and to != "2"}
    nodes, edges = chosen(woven, uncrawled=True, sites=["whnews"], kinds=["related"])
    assert nodes == ["2", "3", name]
    assert edges == [("3", "2", "related"), ("3", name, "related")]


def test_the_graph_is_of_one_moment(woven, store):
    reading = connect(woven, readonly=True)
    with links.graph(reading) as found:
        nodes = list(found.nodes())
        write(store, article("30", address("0"), address("1")))
        edges = list(found.edges())
    assert ({node.id for node in nodes}, len(edges)) == ({"1", "2", "3", "4"}, 4)
    with links.graph(reading) as found:
        assert len(list(found.edges())) == 6
    reading.close()


def test_a_graph_of_any_size_takes_no_memory():
    class Nowhere(io.StringIO):
        def write(self, text):
            return len(text)

    def nodes():
        for n in range(5_000):
            yield graph.Node(str(n), f"题 {n}", MONDAY, address(n), "weihai", "大众网", None, None, MONDAY, True)

    def edges():
        for n in range(5_000):
            yield graph.Edge(n, str(n), "0", "recommended", "推荐阅读", 1, MONDAY, None)
        grown.append(tracemalloc.get_traced_memory()[1])

    for make in (graph.write_gexf, graph.write_graphml, lambda out, *of: graph.write_csv(Nowhere, lambda: out, *of)):
        grown = []
        tracemalloc.start()
        written = make(Nowhere(), nodes(), edges())
        tracemalloc.stop()
        assert written == (5_000, 0, 5_000)
        assert grown[0] < 200_000


def test_times_that_gephi_would_stumble_over():
    edges = [
        graph.Edge(1, "1", "1", "hot", None, 1, TUESDAY, MONDAY),
        graph.Edge(2, "1", "1", "hot", None, 1, "2026-11-24T09:00:00+08:00", TUESDAY),
        graph.Edge(3, "1", "1", "hot", None, 1, "yesterday", None),
    ]
    out = io.StringIO()
    graph.write_gexf(out, [], edges)
    found = [(each.get("start"), each.get("end")) for each in etree.fromstring(out.getvalue().encode()).iter("{*}edge")]
    assert found == [(TUESDAY, TUESDAY), ("2026-11-24T09:00:00+08:00", TUESDAY), (None, None)]


def test_a_graph_is_written_whole_or_not_at_all(woven, tmp_path):
    before = woven.read_bytes()
    for target, options, why in (
        (woven, ["--format", "gexf"], "is the database"),
        (tmp_path / "all.txt", [], "say with --format"),
        (tmp_path / "all.csv", ["--format", "csv"], "csv is two tables"),
        (tmp_path / "all.gexf", ["--site", "nowhere"], "nowhere: no such site"),
        (tmp_path / "all.gexf", ["--since", "gestern"], "not a day"),
    ):
        assert why in run(commands.graph_command, woven, "-o", target, *options, code=2)
    (tmp_path / "file").write_text("a file")
    assert "cannot be written" in run(commands.graph_command, woven, "-o", tmp_path / "file" / "all.gexf", code=1)
    assert woven.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "all.gexf").exists()
    (tmp_path / "kept.gexf").write_text("old")
    damaged = tmp_path / "damaged.db"
    with Store(damaged) as opened:
        opened.connection.execute("DROP TABLE article_links")
    run(commands.graph_command, damaged, "-o", tmp_path / "kept.gexf", code=2)
    assert (tmp_path / "kept.gexf").read_text() == "old"


# -- views


def view(store, name, columns="*", rest=""):
    return rows(store, f"SELECT {columns} FROM {name} {rest}")


def test_most_recommended_this_week(store):
    now = datetime.now().astimezone()
    recent, old = (
        datetime.fromtimestamp(now.timestamp() - days * 86400, now.tzinfo).astimezone(timetable.UTC).isoformat(timespec="seconds")
        for days in (6, 8)
    )
    write(
        store,
        article("0", address("1"), address("2"), address("0"), at=recent),
        article("3", address("2"), hot=[address("1")], at=recent),
        article("4", address("1"), address("9"), at=old),
        article("1", title="渔港夜市", at=old),
    )
    assert view(store, "most_recommended_this_week", "title, recommended_by, article_id, site, first_seen") == [
        ("荐 2.htm", 2, None, None, recent),
        ("渔港夜市", 1, 4, "weihai", recent),
    ]


def test_recommended_across_publishers(store):
    write(
        store,
        article("1", address("7", "whnews"), hot=[address("8", "whnews")]),
        article("2", address("7", "whnews"), address("1")),
        article("7", related=[address("1")], site="whnews", publisher="威海网"),
        article("8", site="whnews", publisher="威海网"),
        article("5", address("6", "saved"), site="saved", publisher=None),
        article("6", address("1"), site="saved", publisher=None),
    )
    found = view(
        store, "recommended_across_publishers", "from_publisher, from_title, kind, to_publisher, to_title", "ORDER BY id"
    )
    assert found == [
        ("大众网", "题 1", "recommended", "威海网", "题 7"),
        ("大众网", "题 2", "recommended", "威海网", "题 7"),
        ("威海网", "题 7", "related", "大众网", "题 1"),
        ("saved", "题 6", "recommended", "大众网", "题 1"),
    ]


def test_recommendation_delay_counts_across_time_zones(store):
    write(
        store,
        # 01:00 in China is 17:00 of the day before in UTC.
        article("1", address("1"), published_at="2026-11-24T01:00:00+08:00", published_precision="minute"),
        article("2", address("1"), at="2026-11-23T20:30:00+00:00", published_at="2026-11-24T04:00:00+08:00"),
        article("3", address("1"), at="2026-11-23T22:00:00+00:00", published_at="2026-11-24T02:30:00+08:00"),
        article("4", address("2"), at="2026-11-24T08:00:00+00:00", published_at="2026-11-20T00:00:00+08:00"),
        article("5", address("3"), at="2026-11-24T08:00:00+00:00"),
    )
    assert view(
        store, "recommendation_delay", "title, recommended_by, first_seen, hours_at_least, hours_at_most", "ORDER BY article_id"
    ) == [
        ("题 1", 2, "2026-11-23T20:30:00+00:00", 1.5, 3.5),
        ("题 2", 1, "2026-11-24T08:00:00+00:00", 0.0, 12.0),
        ("题 3", 1, "2026-11-24T08:00:00+00:00", None, 13.5),
    ]


def test_orphaned_recommendations(store):
    write(
        store,
        article("0", *(address(n) for n in "12345")),
        article("0", *(address(n) for n in "1345"), at=TUESDAY),
        article("9", address("3"), related=[address("4")], hot=[address("6")], at=MONDAY),
        article("1"),
    )
    store.write(
        [
            Visit(address("3"), "weihai", "gone", "status 404", status=404, fetched_at=MONDAY),
            Visit(address("4"), "weihai", "error", "timeout", fetched_at=MONDAY),
        ]
    )
    assert view(store, "orphaned_recommendations", "url, linked_by, open, gone_at, verdict, why") == [
        (address("3"), 2, 2, None, "gone", "status 404"),
        (address("2"), 1, 0, TUESDAY, None, None),
    ]
    # What fails as often as a crawl tries is given up.
    for _ in range(timetable.MAX_TRIES):
        store.write([Visit(address("4"), "weihai", "error", "timeout", fetched_at=TUESDAY)])
    assert (address("4"), "error") in view(store, "orphaned_recommendations", "url, verdict")


def test_most_corrected(store):
    write(store, article("1"), article("2"), article("3"))
    for number, article_id, cause, changed in (
        (1, 1, "site", '["title"]'), (1, 2, "site", '["body", "title"]'), (2, 2, "site", '["body"]'), (3, 2, "rules", '["byline"]'),
        (4, 2, "site", '["links"]'), (1, 3, "site", '["links"]'), (2, 3, "address", '["title"]'),
    ):  # fmt: skip
        values = {
            "article_id": article_id,
            "number": number,
            "cause": cause,
            "changed": changed,
            "replaced_at": f"2026-11-2{number}T00:00:00+00:00",
        }
        # What else a revision holds is no matter of the view's.
        for _, name, kind, needed, default, _ in rows(store, "PRAGMA table_info(revisions)"):
            if needed and default is None and name not in values:
                values[name] = "" if kind == "TEXT" else 0
        store.connection.execute(
            f"INSERT INTO revisions ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values())
        )
    assert view(store, "most_corrected", "title, corrections, changed, first_corrected_at, last_corrected_at") == [
        ("题 2", 3, "body,title,links", "2026-11-21T00:00:00+00:00", "2026-11-24T00:00:00+00:00"),
        ("题 1", 1, "title", "2026-11-21T00:00:00+00:00", "2026-11-21T00:00:00+00:00"),
        ("题 3", 1, "links", "2026-11-21T00:00:00+00:00", "2026-11-21T00:00:00+00:00"),
    ]


def test_reprint_pairs(store):
    write(
        store,
        article("1", published_at="2026-11-24T01:00:00+08:00"),
        article("2", site="whnews", publisher="威海网", published_at="2026-11-23T19:00:00+00:00"),
        article("3", site="whnews", publisher="威海网", published_at="2026-11-24T05:00:00+08:00"),
        article("4", site="saved", publisher=None),
    )
    execute = store.connection.execute
    execute("DELETE FROM clusters")
    execute(
        "INSERT INTO clusters (id, articles, texts, sites, publishers, origin_id, origin_reasons) VALUES (1, 4, 2, 3, 3, 1, '[]')"
    )
    for number, similarity in ((1, 1.0), (2, 0.9), (3, 0.8), (4, 1.0)):
        execute(
            "INSERT INTO cluster_members (article_id, cluster_id, similarity, containment) VALUES (?, 1, ?, 1.0)",
            (number, similarity),
        )
    assert view(store, "reprint_pairs", "origin_publisher, publisher, articles, similarity, hours") == [
        ("大众网", "威海网", 2, 0.85, 3.0),
        ("大众网", "saved", 1, 1.0, None),
    ]


def test_views_give_up_on_a_page_when_the_crawl_does():
    text = schema.views()["orphaned_recommendations"]
    assert re.findall(r"p\.tries < (\d+)", text) == [str(timetable.MAX_TRIES)]


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ("recommended_across_publishers WHERE to_id = 7", 0),
        ("recommended_across_publishers WHERE from_id = 7", 0),
        ("recommendation_delay WHERE article_id = 7", 0),
        ("most_corrected WHERE article_id = 7", 0),
        # All links once, and everything else by index.
        ("recommended_across_publishers", 1),
        ("recommendation_delay", 1),
        ("most_recommended_this_week", 1),
        ("orphaned_recommendations", 1),
    ],
)
def test_a_view_reads_no_table_twice(store, asked, most):
    write(store, *(article(str(n), address(str(n + 1))) for n in range(20)))
    plan = [row[3] for row in rows(store, f"EXPLAIN QUERY PLAN SELECT * FROM {asked}")]
    tables = [step for step in plan if re.match(r"SCAN [lfatpr]\b", step)]
    assert len(tables) <= most, plan
