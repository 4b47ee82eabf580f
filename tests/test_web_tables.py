"""Tables and SQL in the web site: what is told of each, that cells lead to our pages, that nothing can be written, and what odd requests get."""

import asyncio
import shutil
import sqlite3
import time
from contextlib import closing
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import etree, html

from newscrawl.store import queries, schema
from newscrawl.store.examples import EXAMPLES
from newscrawl.store.writer import Store
from newscrawl.web import formats, server, tables

ATOM = "{http://www.w3.org/2005/Atom}"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


@pytest.fixture(scope="module")
def site(sample_database):
    return server.site(sample_database)


@pytest.fixture(scope="module")
def connection(sample_database):
    with closing(sqlite3.connect(f"file:{sample_database}?mode=ro", uri=True)) as opened:
        yield opened


def get(site, address, status=200, **more):
    answer = asyncio.run(site.client.request(more.pop("method", "GET"), address, **more))
    assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[-1500:]}"
    return answer


def page(site, address, status=200):
    return html.fromstring(get(site, address, status).text)


def text_of(element):
    return " ".join(element.text_content().split())


def sql(query, form="", **values):
    return f"/newscrawl{form}?sql={quote(query)}" + "".join(f"&{name}={quote(value)}" for name, value in values.items())


# -- the database's page


def test_views_tables_and_queries_are_listed_with_what_they_are(site, connection):
    tree = page(site, "/newscrawl")
    listed = {text_of(one.xpath("dt/a")[0]): text_of(one.xpath("dd")[0]) for one in tree.xpath("//div[@class='listed']")}
    views = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert views <= set(listed)
    assert {query.title for query in queries.queries().values()} <= set(listed)
    assert set(schema.DESCRIPTIONS) - set(tables.HIDDEN) - {"bands_new", "articles_fts"} <= set(listed)
    assert all(listed.values()), "each has a line on what it is"
    assert listed["latest_articles"].startswith("Articles with their people")
    assert not [
        name for name in listed if name.startswith(("articles_fts", "_sqlite", "sqlite_", "sketches", "bands", "unindexed"))
    ]
    everything = page(site, "/newscrawl?_show_hidden=1").xpath("//div[@class='listed']/dt/a/text()")
    assert {"articles_fts", "settings", "unindexed"} <= set(everything)


def test_every_example_and_every_saved_query_can_be_run(site):
    for title, example in EXAMPLES:
        assert get(site, sql(example, ".json", _shape="array")).json() is not None, title
        assert page(site, sql(example)).xpath("//textarea/text()")[0].strip() == example
    for query in queries.queries().values():
        given = "&".join(f"{one.name}={quote('weihai')}" for one in query.params)
        answer = get(site, f"/newscrawl/{query.name}.json?{given}").json()
        assert answer["ok"], query.name


def test_views_are_described_by_the_comments_above_them():
    told = tables.view_descriptions()
    assert set(told) == set(schema.views())
    assert not [text for text in told.values() if not text or "--" in text or "GROUP BY" in text]


def test_columns_are_described_in_tables_and_views(site, connection):
    for name in ("articles", "latest_articles", "links", "people", "reprint_pairs", "most_corrected"):
        tree = page(site, f"/newscrawl/{name}")
        told = tree.xpath("//dl[@class='column-descriptions']/dt/text()")
        columns = [column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})")]
        assert set(told) == set(columns), name


def test_saved_queries_ask_for_their_values_and_say_what_they_are(site):
    tree = page(site, "/newscrawl/articles_of_person")
    assert text_of(tree.xpath("//h1")[0]) == "What a person had a hand in"
    assert "Fill in :name" in text_of(tree)
    assert "the name as printed" in text_of(tree.xpath("//div[@class='parameters']/label")[0])
    asked = page(site, "/newscrawl/articles_of_person?name=" + quote("孙砚田"))
    rows = asked.xpath("//table[contains(@class, 'rows-and-columns')]/tbody/tr")
    assert len(rows) == 8
    assert rows[0].xpath("td[@data-label='article_id']/a/@href")[0].startswith("/article/")
    assert asked.xpath("//link[@type='application/atom+xml']/@href") == [
        "/newscrawl/articles_of_person.atom?name=" + quote("孙砚田")
    ]


def test_a_users_own_queries_stand_beside_ours_and_a_broken_one_hides_none(sample_database, tmp_path):
    shutil.copy(sample_database, tmp_path / "news.db")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "mine.sql").write_text("-- Mine\n-- About it.\nSELECT count(*) AS n FROM articles", "utf-8")
    site = server.site(tmp_path / "news.db")
    assert get(site, "/newscrawl/mine.json?_shape=array").json() == [{"n": 75}]
    assert "Mine your own" in text_of(page(site, "/newscrawl"))
    (tmp_path / "queries" / "worse.sql").write_text("", "utf-8")
    told = text_of(page(site, "/newscrawl"))
    assert "worse.sql: holds no query" in told
    assert get(site, "/newscrawl/newest_articles").status_code == 200


# -- tables, rows, cells


def test_cells_lead_to_our_pages_and_outside_only_over_http():
    def drawn(*given):
        return html.fromstring(f"<p>{tables.cell(*given)}</p>")

    assert drawn(7, "article_id", None).xpath("//a/@href") == ["/article/7"]
    assert drawn(7, "id", "articles").xpath("//a/@href") == ["/article/7"]
    assert tables.cell(7, "id", "article_links") is None
    assert drawn({"value": 7, "label": "<b>头条"}, "article_id", "bylines").text_content() == "<b>头条"
    assert drawn(3, "cluster_id", "cluster_members").xpath("//a/@href") == ["/story/3"]
    assert drawn("weihai", "site", "links").xpath("//a/@href") == ["/site/weihai"]
    assert drawn("A/B", "source", None).xpath("//a/@href") == ["/source/A%2FB"]
    assert drawn("丛知夏", "name", "people").xpath("//a/@href") == ["/person/" + quote("丛知夏")]
    outside = drawn("https://a.example/x?a=1&b=<2>", "url", "articles").xpath("//a")[0]
    assert outside.get("href") == "https://a.example/x?a=1&b=<2>"
    assert outside.get("rel") == "noreferrer"
    for bad in ("javascript:alert(1)", "data:text/html,x", "http://", "//a.example", "ftp://a.example/", "http://a.example/ b"):
        assert tables.cell(bad, "url", "articles") is None, bad
    assert drawn('["甲", {"name": "乙", "label": null}]', "keywords", "articles").text_content() == "甲 · name 乙"
    assert drawn('{"title": "cms:trs/<b>"}', "provenance", "articles").text_content() == "title: cms:trs/<b>"
    assert len(drawn("长" * 5000, "body_text", "articles").text_content()) == tables.LONG + 1
    for left in (None, b"x", 3.5, "", "kurz", "[", "[" * 100_000):
        found = tables.cell(left, "title", "articles")
        assert found is None or len(found) < 400


def test_json_is_written_for_readers():
    assert formats.readable('{"a": [1, 2], "b": {"c": null, "d": "x"}}', "\n") == "a: 1, 2\nb: d x"
    assert formats.readable("[]") == "–"
    assert formats.readable("[1") is None
    assert formats.readable("3") is None


def test_a_tables_page_names_what_numbers_stand_for(site):
    tree = page(site, "/newscrawl/bylines?name=" + quote("孙砚田"))
    shown = tree.xpath("//td[contains(@class, 'col-article_id')]/a")
    assert shown[0].get("href").startswith("/article/")
    assert text_of(shown[0]) != shown[0].get("href").rpartition("/")[2], "the headline, not the number"
    tree = page(site, "/newscrawl/articles")
    assert [text_of(one.xpath(".//strong")[0]).split()[0] for one in tree.xpath("//section[@class='facet-info']")] == [
        "source",
        "site",
    ]
    dates = [text_of(cell) for cell in tree.xpath("//td[contains(@class, 'col-published_at')]")]
    assert dates == sorted(dates, reverse=True), "the newest first"
    for field in tree.xpath("//main//input[not(@type='hidden') and not(@type='submit')] | //main//select"):
        named = field.get("id") and tree.xpath("//label[@for=$id]", id=field.get("id"))
        assert named or field.getparent().tag == "label", etree.tostring(field)


def test_a_row_stands_whole(site, connection):
    (body, provenance) = connection.execute("SELECT body_text, provenance FROM articles WHERE id = 12").fetchone()
    assert len(body) > tables.LONG
    tree = page(site, "/newscrawl/articles/12")
    values = {row.xpath("th")[0].text: row.xpath("td")[0] for row in tree.xpath("//table[@class='record']/tbody/tr")}
    assert values["body_text"].text_content() == body
    assert values["gone_at"].text_content() == "null"
    assert values["provenance"].text_content().startswith(provenance[2:].split('"')[0] + ": ")
    assert tree.xpath("//a[@class='button']/@href") == ["/article/12"]
    assert "the headline" in text_of(tree)
    assert any(text.startswith("article_links") or "article_links" in text for text in map(text_of, tree.xpath("//main//li")))


def test_the_search_box_of_articles_finds_parts_of_han_words(site, connection):
    wanted = {
        row[0] for row in connection.execute("SELECT id FROM articles WHERE title LIKE '%路灯%' OR body_text LIKE '%路灯%'")
    }
    assert 2 <= len(wanted) < 50
    found = get(site, "/newscrawl/articles.json?_shape=array&_size=max&_col=id&_search=" + quote("路灯")).json()
    assert {row["id"] for row in found} == wanted
    only = get(site, "/newscrawl/articles.json?_shape=array&_size=max&_col=id&_search_title=" + quote("路灯")).json()
    assert {row["id"] for row in only} < wanted
    two = get(site, "/newscrawl/articles.json?_shape=array&_col=id&_search=" + quote("路灯 NOT 胡同")).json()
    assert {row["id"] for row in two} < wanted


@pytest.mark.parametrize("words", ['"', "AND", "NOT x", "((((", "*", "，。", "x" * 5000, "title:", "-", "\x00", "'"])
def test_a_search_for_nothing_finds_nothing_and_fails_at_nothing(site, words):
    tree = page(site, "/newscrawl/articles?_search=" + quote(words))
    assert tree.xpath("//table[contains(@class, 'rows-and-columns')] | //p[contains(@class, 'zero-results')]")


# -- feeds


def test_any_saved_query_is_a_feed(site):
    answer = get(site, "/newscrawl/newest_articles.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "The newest articles"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 75
    assert all(entry.find(f"{ATOM}link").get("href").startswith("http") for entry in entries)
    of_site = etree.fromstring(get(site, "/newscrawl/newest_articles.atom?site=yantai").content)
    assert len(of_site.findall(f"{ATOM}entry")) == 8
    assert "?site=…" in text_of(page(site, "/newscrawl/holes.atom", 400))
    assert "No saved query 'articles'" in text_of(page(site, "/newscrawl/articles.atom", 404))


def test_a_feed_of_nothing_is_a_feed(tmp_path):
    Store(tmp_path / "news.db").close()
    site = server.site(tmp_path / "news.db")
    for name, query in queries.queries().items():
        given = "&".join(f"{one.name}=x" for one in query.params)
        feed = etree.fromstring(get(site, f"/newscrawl/{name}.atom?{given}").content)
        assert feed.findtext(f"{ATOM}updated"), name
    for view in schema.views():
        assert get(site, f"/newscrawl/{view}").status_code == 200
    assert "0 rows" in text_of(page(site, "/newscrawl/articles"))


# -- what is refused

WRITES = (
    "INSERT INTO sites (name) VALUES ('x')",
    "UPDATE articles SET title = ''",
    "DELETE FROM articles",
    "DROP TABLE articles",
    "PRAGMA user_version = 3",
    "ATTACH 'x.db' AS x",
    "VACUUM INTO 'x.db'",
    "WITH x AS (SELECT 1) DELETE FROM articles",
    "WITH x AS (SELECT 1) INSERT INTO sites (name) SELECT 'x'",
    "SELECT 1; DROP TABLE articles",
    "SELECT * FROM pragma_user_version",
    "SELECT load_extension('x')",
    "SELECT readfile('/etc/hostname')",
    "SELECT writefile('x', 'y')",
    "SELECT zeroblob(500000000)",
)


@pytest.mark.parametrize("statement", WRITES)
def test_what_is_no_question_is_refused_with_a_reason(site, sample_database, statement):
    before = sample_database.read_bytes()
    tree = page(site, sql(statement), 400)
    said = text_of(tree.xpath("//p[@class='message-error'] | //div[@class='error-page']")[0])
    assert len(said) > 10
    assert "Error:" not in said
    get(site, sql(statement, ".json"), 400)
    assert sample_database.read_bytes() == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_method_writes(site, method):
    for address in (
        "/newscrawl",
        "/newscrawl/articles",
        "/newscrawl/articles/1",
        "/newscrawl/newest_articles",
        "/",
        "/sources",
        "/-/messages",
    ):
        answer = get(site, address, 405, method=method, **({"data": {"sql": "DELETE FROM articles"}} if method == "POST" else {}))
        assert "only reads" in answer.text
        assert answer.headers["allow"] == "GET, HEAD"


def test_a_query_without_end_is_stopped_and_says_so(sample_database, monkeypatch):
    monkeypatch.setitem(server.SETTINGS, "sql_time_limit_ms", 60)
    site = server.site(sample_database)
    began = time.monotonic()
    tree = page(site, sql(ENDLESS), 400)
    assert "The query took too long" in text_of(tree)
    assert "0.06 seconds" in text_of(tree)
    assert not [script for script in tree.xpath("//script") if not script.get("src")]
    told = get(site, sql(ENDLESS, ".json"), 400).json()
    assert told["ok"] is False
    assert "stopped" in told["error"]
    get(site, sql(ENDLESS, ".csv"), 400)
    assert time.monotonic() - began < 60


ODD = (
    "/newscrawl/latest_articles?_next=abc",
    "/newscrawl/articles?_timelimit=abc",
    "/newscrawl/articles?_through=abc",
    "/newscrawl/articles?_size=-1",
    "/newscrawl/articles?_size=99999999",
    "/newscrawl/articles?_where=nix",
    "/newscrawl/articles?_fts_table=nix&_search=a",
    "/newscrawl/articles?_searchmode=raw&_search=%22",
    "/newscrawl/articles?_search_nix=a",
    "/newscrawl/articles?_sort=nix",
    "/newscrawl/articles?_sort=body_text",
    "/newscrawl/articles?_sort=id&_sort_desc=id",
    "/newscrawl/articles?_col=nix",
    "/newscrawl/bylines/1",
    "/newscrawl?sql=nix",
    "/newscrawl?sql=select+nix",
    "/newscrawl?sql=select+1&_timelimit=abc",
)


@pytest.mark.parametrize("address", ODD)
def test_odd_addresses_are_the_askers_mistake(site, address):
    assert len(text_of(page(site, address, 400).xpath("//main")[0])) > 30


def test_what_is_not_there_is_not_there(site):
    for address in (
        "/newscrawl/nix", "/newscrawl/articles/99999999999999999999", "/newscrawl/articles/abc", "/nix",
        "/-/allow-debug", "/-/messages", "/-/patterns", "/-/permissions", "/-/threads.json",
    ):  # fmt: skip
        get(site, address, 404)
    for address in ("/newscrawl.db", "/_internal"):
        get(site, address, 403)


def test_rows_are_counted_only_as_long_as_a_reader_waits(sample_database, monkeypatch):
    monkeypatch.setattr(tables, "COUNT_MS", 0.0001)
    site = server.site(sample_database)
    assert "More rows than can be counted" in text_of(page(site, "/newscrawl/most_recommended"))
    assert get(site, "/newscrawl/most_recommended.json").json()["filtered_table_rows_count"] is None


# -- the pages as they are


def test_no_page_brings_scripts_or_styles_of_its_own(site):
    for address in (
        "/newscrawl", "/newscrawl?_show_hidden=1", "/newscrawl/articles", "/newscrawl/articles?_facet=region&site=weihai&_search=x",
        "/newscrawl/articles/12", "/newscrawl/links", "/newscrawl/newest_articles", sql("SELECT :a AS a, 1 AS b", a="x"), sql("SELECT nix"),
        "/-/metadata", "/-/versions", "/-/plugins",
    ):  # fmt: skip
        tree = html.fromstring(asyncio.run(site.client.get(address)).text)
        for script in tree.xpath("//script"):
            assert script.get("src"), address
            assert not script.text
        assert not tree.xpath("//main//@style | //style | //@onclick"), address
        assert len(tree.xpath("//h1")) == 1, address


def test_a_table_says_how_to_take_it_away(site):
    tree = page(site, "/newscrawl/sources")
    links = {text_of(one): one.get("href") for one in tree.xpath("//p[@class='export-links']/a")}
    assert get(site, links["CSV"]).text.splitlines()[0] == "source,articles,sites,first_published_at,last_published_at"
    assert get(site, links["JSON"]).json()["rows"]
    asked = parse_qs(urlsplit(links["as SQL to change"]).query)["sql"][0]
    assert asked.startswith("select source, articles")
    streamed = get(site, "/newscrawl/articles.csv?_stream=1&_size=max").text
    assert streamed.count("\r\n") >= 76
