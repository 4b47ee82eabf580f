"""Tables taken away: each file is opened by the program that it is for, and holds what the database holds."""

import csv
import hashlib
import io
import json
import re
import resource
import sqlite3
import sys
import tracemalloc
from contextlib import closing
from datetime import datetime

import feedparser
import networkx
import openpyxl
import pandas
import pyarrow
import pytest
from click.testing import CliRunner
from conftest import load_bench
from pyarrow import parquet

from newscrawl import export
from newscrawl.cli import main
from newscrawl.days import SHANGHAI
from newscrawl.export import Column
from newscrawl.store import exports, queries, schema
from newscrawl.store.writer import connect

HOSTILE = '=HYPERLINK("http://evil.example/","x")<script>alert(1)</script>&'
LONG = "长" * 40_000


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Three hundred invented articles; some of them of somebody who means no good."""
    path = tmp_path_factory.mktemp("export") / "news.db"
    load_bench("make_db").make(path, 300, 3000, seed=3, until=datetime(2026, 11, 24, 18, tzinfo=SHANGHAI), days=6)
    with closing(connect(path)) as connection:
        execute = connection.execute
        execute(
            "UPDATE articles SET title = ?, source = '-1+1', published_at = '2026-11-24T17:00:00+08:00' WHERE id = 7", (HOSTILE,)
        )
        execute("UPDATE articles SET url = 'javascript:alert(1)', published_at = '2026-11-24T17:00:01+08:00' WHERE id = 8")
        execute(
            "UPDATE articles SET body_text = ?, title = 'x\x0b\x01y', published_at = NULL WHERE id = 9", (f"\t@{LONG}\n第二段",)
        )
        # What the sample is too small for.
        execute("UPDATE articles SET gone_at = '2026-11-24T09:00:00+00:00', gone_why = 'gone: status 404' WHERE id = 10")
        execute(
            "INSERT OR REPLACE INTO absences VALUES (10, '2026-11-24T09:00:00+00:00', '2026-11-24T09:00:00+00:00', 'gone', 'status 404', NULL)"
        )
        execute(
            "INSERT INTO revisions SELECT 900 + id, id, 1, 'site', '[\"title\"]', 'title: 旧 → 新', first_seen, first_seen, "
            "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-1 hour'), '旧', NULL, NULL, published_at, published_raw, published_precision, source, NULL, '[]', "
            "body_text, body_html, '[]', '[]', content_hash, '{}' FROM articles WHERE id IN (11, 12)"
        )
    return path


@pytest.fixture
def ask(database):
    def ask(sql, *values):
        with closing(connect(database, readonly=True)) as connection:
            return connection.execute(sql, values).fetchall()

    return ask


@pytest.fixture
def run(database, tmp_path, monkeypatch):
    """Runs ``newscrawl export`` in a folder of its own; ``code``: what it must end with."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0, db=database):
        done = CliRunner().invoke(main, ["export", *map(str, arguments), "--db", str(db)])
        assert done.exit_code == code, done.output
        return done

    return run


# -- each format in its program


def test_csv_in_pandas_and_in_a_spreadsheet(run, ask, tmp_path):
    run("articles", "-o", "articles.csv", "--columns", "id,published_at,title,source,reporters,body_text,characters")
    raw = (tmp_path / "articles.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,published_at,")
    assert raw.split(b"\n")[0].endswith(b"\r")
    found = pandas.read_csv(tmp_path / "articles.csv", dtype=str, keep_default_na=False).set_index("id")
    assert len(found) == 300
    plain = ask("SELECT id, published_at, title, source, body_text FROM articles WHERE id NOT IN (7, 9)")
    for number, published, title, source, body in plain:
        row = found.loc[str(number)]
        assert (row.published_at, row.title, row.source) == (published or "", title, source or "")
        assert row.body_text == body
    # What a spreadsheet would compute is text; a figure by itself stays one.
    assert found.loc["7"].title == f"'{HOSTILE}"
    assert found.loc["7"].source == "'-1+1"
    assert found.loc["9"].body_text == f"'\t@{LONG}\n第二段"
    assert found.loc["9"].title == "x\ny"
    number, names = ask(
        "SELECT article_id, group_concat(name, '、') FROM bylines WHERE role = 'reporter' GROUP BY 1 HAVING count(*) > 1"
    )[0]
    assert found.loc[str(number)].reporters == names


def test_csv_of_standard_output_has_no_mark(run):
    done = run("sources", "--columns", "source,articles")
    assert done.stdout_bytes.startswith(b"source,articles\r\n")
    assert "rows of sources, schema" in done.stderr
    assert run("sources", "--bom").stdout_bytes.startswith(b"\xef\xbb\xbf")


def test_json_lines(run, ask):
    lines = [
        json.loads(line)
        for line in run("articles", "--format", "jsonl", "--columns", "id,title,keywords,provenance,gone_at").stdout.splitlines()
    ]
    assert [(line["id"], line["title"]) for line in lines] == ask("SELECT id, title FROM articles ORDER BY id")
    assert [(line["keywords"], line["provenance"], line["gone_at"]) for line in lines] == [
        (json.loads(keywords), json.loads(provenance), gone)
        for keywords, provenance, gone in ask("SELECT keywords, provenance, gone_at FROM articles ORDER BY id")
    ]
    text = run("reprints", "--format", "jsonl").stdout
    assert '"origin": true' in text
    assert "来源" in text
    assert not re.search(r"\\u(?!00[01])", text)


def test_parquet_in_pandas(run, ask, tmp_path):
    run("articles", "-o", "articles.parquet")
    frame = pandas.read_parquet(tmp_path / "articles.parquet").set_index("id")
    rows = ask("SELECT id, title, body_text, published_at, first_seen, characters, keywords FROM articles")
    assert len(frame) == len(rows) == 300
    assert str(frame.published_at.dtype) == "datetime64[ms, Asia/Shanghai]"
    assert str(frame.first_seen.dtype) == "datetime64[ms, UTC]"
    for number, title, body, published, seen, characters, keywords in rows:
        row = frame.loc[number]
        assert (row.title, row.body_text, row.characters) == (title, body, characters)
        assert list(row.keywords) == json.loads(keywords)
        assert row.first_seen == pandas.Timestamp(seen)
        assert pandas.isna(row.published_at) if published is None else row.published_at == pandas.Timestamp(published)
    # Names are there to be counted.
    counted = frame.reporters.explode().value_counts()
    assert counted.to_dict() == dict(ask("SELECT name, count(*) FROM bylines WHERE role = 'reporter' GROUP BY name"))


def test_parquet_says_what_it_is(run, tmp_path):
    run("links", "-o", "links.parquet", "--kind", "recommended")
    file = parquet.ParquetFile(tmp_path / "links.parquet")
    told = json.loads(file.schema_arrow.metadata[b"newscrawl"])
    assert (told["table"], told["schema_version"], told["filters"]) == ("links", schema.SCHEMA_VERSION, {"kind": ["recommended"]})
    assert file.schema_arrow.field("heading").metadata[b"description"] == b"the block's heading as printed"
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_xlsx_in_openpyxl(run, ask, tmp_path):
    done = run("articles", "-o", "articles.xlsx", "--columns", "id,published_at,title,source,url,body_text")
    assert "1 cell was cut to the 32,767 characters" in done.stderr
    book = openpyxl.load_workbook(tmp_path / "articles.xlsx")
    assert book.sheetnames == ["articles", "about"]
    sheet = book["articles"]
    assert [cell.value for cell in sheet[1]] == ["id", "published_at", "title", "source", "url", "body_text"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F301")
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    for number, published, title, source, url, body in ask(
        "SELECT id, published_at, title, source, url, body_text FROM articles WHERE id <> 9"
    ):
        cells = rows[number]
        assert [cell.value for cell in cells[2:]] == [title, source, url, body]
        china = datetime.fromisoformat(published).astimezone(SHANGHAI).replace(tzinfo=None) if published else None
        assert cells[1].value == china
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells[2:] if cell.value is not None)
    assert rows[7][1].number_format == "yyyy-mm-dd hh:mm:ss"
    assert len(rows[9][5].value) == 32_767
    assert rows[9][2].value == "x\ny"
    about = dict(row for row in book["about"].iter_rows(values_only=True) if row[0])
    assert about["table"] == "articles"
    assert about["title"] == "the headline"


def test_xlsx_goes_on_on_a_second_sheet():
    out = io.BytesIO()
    rows = [(n, 2**60, "2026-11-24", "1850-01-01", 1) for n in range(20)]
    columns = [
        Column("n", "integer"),
        Column("hash", "integer"),
        Column("day", "day"),
        Column("old", "day"),
        Column("yes", "boolean"),
    ]
    written = export.write_xlsx(out, columns, rows, title="rows", sheet_rows=11)
    assert (written.rows, written.notes) == (20, ["on 2 sheets: one holds 10 rows"])
    book = openpyxl.load_workbook(out)
    found = [row for name in ("rows", "rows 2") for row in book[name].iter_rows(min_row=2, values_only=True)]
    day = datetime(2026, 11, 24)  # noqa: DTZ001
    # Excel would round the one, and has no such day as the other.
    assert found == [(n, str(2**60), day, "1850-01-01", True) for n in range(20)]


def test_the_graph_is_that_of_newscrawl_graph(run, database, tmp_path):
    run("links", "-o", "links.gexf", "--kind", "recommended", "--since", "2026-11-20")
    found = networkx.read_gexf(tmp_path / "links.gexf")
    same = CliRunner().invoke(
        main, ["graph", "-o", "same.gexf", "--kind", "recommended", "--since", "2026-11-20", "--db", str(database)]
    )
    assert same.exit_code == 0
    assert found.number_of_edges() > 0
    assert (tmp_path / "links.gexf").read_bytes() == (tmp_path / "same.gexf").read_bytes()
    told = json.loads((tmp_path / "links.gexf.json").read_text())
    assert (told["rows"], told["articles"]) == (found.number_of_edges(), found.number_of_nodes())


def test_atom_in_a_feed_reader(run, ask, tmp_path):
    run("articles", "-o", "news.atom")
    feed = feedparser.parse(str(tmp_path / "news.atom"))
    assert not feed.bozo
    assert len(feed.entries) == 100
    assert len({entry.id for entry in feed.entries}) == 100
    updated = [entry.updated for entry in feed.entries]
    assert feed.feed.updated == updated[0]
    assert [datetime.fromisoformat(one) for one in updated] == sorted(map(datetime.fromisoformat, updated), reverse=True)
    by_title = {entry.title: entry for entry in feed.entries}
    # As text, with nothing of it lost.
    raw = (tmp_path / "news.atom").read_text("utf-8")
    assert "<script" not in raw
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in raw
    [hostile] = [entry for title, entry in by_title.items() if title.startswith("=HYPERLINK")]
    assert hostile.author == "-1+1"
    (title,) = ask("SELECT title FROM articles WHERE id = 8")[0]
    # A reader takes an id for a link where there is none.
    assert by_title[title].link.startswith("tag:newscrawl,2026:articles/")
    assert "javascript:" not in raw.replace("url: javascript:", "")
    for title, url, published, source in ask(
        "SELECT title, url, published_at, source FROM articles WHERE id NOT IN (7, 8, 9, 10) ORDER BY datetime(published_at) DESC LIMIT 50"
    ):
        entry = next(entry for entry in feed.entries if entry.id == url)
        assert (entry.title, entry.link, entry.updated) == (title, url, published)
        assert entry.author == source or source is None


def test_a_feed_of_what_happened_to_articles(run, ask, tmp_path):
    run("revisions", "-o", "corrections.atom")
    feed = feedparser.parse(str(tmp_path / "corrections.atom"))
    found = ask("SELECT a.url || '#' || replaced_at || '#' || number FROM revisions r JOIN articles a ON a.id = article_id")
    assert {entry.id for entry in feed.entries} == {one for (one,) in found}
    assert {"title: 旧 → 新"} <= {entry.summary for entry in feed.entries}
    assert "no news" in run("pages", "--format", "atom", code=2).output


# -- tables, views, queries


@pytest.mark.parametrize("name", exports.TABLES)
def test_every_table(name, run, ask, tmp_path):
    table = exports.TABLES[name]
    run(name, "-o", "all.parquet", "--columns", ",".join(table.columns))
    found = parquet.read_table(tmp_path / "all.parquet")
    assert found.column_names == list(table.columns)
    assert all(column.description for column in table.columns.values())
    assert found.num_rows > 0
    # Any one column alone gives as many rows.
    for column in list(table.columns)[-1:]:
        assert run(name, "--columns", column).stdout.count("\n") == found.num_rows + 1
    listed = run(name, "--list").stdout
    assert all(column in listed for column in table.columns)
    assert table.row in listed


def test_counts_are_those_of_the_views(run, ask):
    def rows(*arguments):
        return list(csv.reader(io.StringIO(run(*arguments).stdout)))[1:]

    assert sorted(rows("sources", "--columns", "source,articles")) == sorted(
        [source.replace("-1+1", "'-1+1"), str(n)] for source, n in ask("SELECT source, articles FROM sources")
    )
    assert sorted(rows("people", "--columns", "name,role,articles")) == sorted(
        [*one, str(n)] for *one, n in ask("SELECT name, role, articles FROM people")
    )
    assert rows("recommendations", "--columns", "recommended_by", "-n", "5") == [
        [str(n)] for (n,) in ask("SELECT recommended_by FROM most_recommended LIMIT 5")
    ]
    assert len(rows("links")) == ask("SELECT count(*) FROM links")[0][0]
    assert [row[-1] for row in rows("most_recommended", "-n", "9")] == [
        row[-1] for row in ask("SELECT * FROM most_recommended LIMIT 9")
    ]


def test_filters(run, ask):
    def numbers(*arguments):
        return [int(line) for line in run("articles", "--columns", "id", *arguments).stdout.split()[1:]]

    (publisher, sites), *_ = ask("SELECT publisher, count(DISTINCT site) FROM articles GROUP BY 1 ORDER BY 2 DESC")
    assert sites > 1
    assert numbers("--site", publisher) == [
        n for (n,) in ask("SELECT id FROM articles WHERE publisher = ? ORDER BY id", publisher)
    ]
    assert set(numbers("--site", "山东", "--site", "eastday")) == {
        n for (n,) in ask("SELECT a.id FROM articles a JOIN sites s ON s.name = site WHERE s.region = '山东' OR site = 'eastday'")
    }
    day = "substr(coalesce(published_at, strftime('%Y-%m-%dT', first_seen, '+8 hours')), 1, 10)"
    wanted = [n for (n,) in ask(f"SELECT id FROM articles WHERE {day} BETWEEN '2026-11-22' AND '2026-11-23' ORDER BY id")]
    assert wanted
    assert numbers("--since", "2026-11-22", "--until", "2026-11-23") == wanted
    # What belongs to articles goes with them.
    links = run("links", "--since", "2026-11-23", "--kind", "hot", "--kind", "rank", "--columns", "id").stdout.split()[1:]
    assert (
        len(links)
        == ask(
            f"SELECT count(*) FROM article_links WHERE kind IN ('hot', 'rank') AND article_id IN (SELECT id FROM articles WHERE {day} >= '2026-11-23')"
        )[0][0]
    )
    # Sets of reprints come whole.
    (cluster, some), *_ = ask(
        "SELECT cluster_id, site FROM cluster_members JOIN articles a ON a.id = article_id WHERE site <> 'weihai'"
    )
    found = [line.split(",") for line in run("reprints", "--site", some, "--columns", "cluster_id,article_id").stdout.split()[1:]]
    members = {str(n) for (n,) in ask("SELECT article_id FROM cluster_members WHERE cluster_id = ?", cluster)}
    assert {article for number, article in found if number == str(cluster)} == members
    # UTC is not the day of a run.
    assert (
        len(run("runs", "--since", "2026-11-24", "--columns", "id").stdout.split()) - 1
        == ask("SELECT count(*) FROM runs WHERE started_at >= '2026-11-23T16:00:00+00:00'")[0][0]
    )
    assert (
        run("latest_articles", "--since", "2026-11-24", "--columns", "id").stdout.count("\n") - 1
        == ask("SELECT count(*) FROM articles WHERE published_at >= '2026-11-24'")[0][0]
    )


def test_without_the_text(run):
    assert "body_text" not in run("articles", "--no-body", "-n", "1").stdout
    assert "body_html" not in run("articles", "-n", "1").stdout
    assert run("articles", "--columns", "url, id", "-n", "1").stdout.startswith("url,id\n")


VALUES = {"articles_of_source": ("source", "SELECT source FROM articles WHERE source IS NOT NULL"), "links_into": ("url", "SELECT url FROM article_links WHERE url IS NOT NULL"),
          "articles_of_person": ("name", "SELECT name FROM bylines"), "holes": ("site", "SELECT site FROM articles"),
          "reprints_by_publisher": ("publisher", "SELECT o.publisher FROM clusters c JOIN articles o ON o.id = origin_id WHERE publishers > 1")}  # fmt: skip


@pytest.mark.parametrize("name", queries.queries())
def test_every_saved_query_as_a_table_and_as_a_feed(name, run, ask, tmp_path):
    query = queries.queries()[name]
    assert query.title
    assert query.description
    values = []
    if any(one.required for one in query.params):
        parameter, found = VALUES[name]
        values = ["-p", f"{parameter}={ask(found)[0][0]}"]
        assert f"-p {parameter}=…" in run(name, code=2).output
    run(name, *values, "-o", "it.parquet")
    rows = parquet.read_table(tmp_path / "it.parquet").num_rows
    # A week has none of the holes that eight weeks would show.
    assert rows > 0 or name == "holes"
    run(name, *values, "-o", "it.atom")
    feed = feedparser.parse(str(tmp_path / "it.atom"))
    assert (feed.feed.title, feed.bozo) == (query.title, False)
    assert len(feed.entries) == min(rows, 100)
    assert all(entry.title and entry.id and entry.updated for entry in feed.entries)


def test_holes_are_days_that_usually_have_something(ask, tmp_path):
    with closing(connect(tmp_path / "few.db")) as connection:
        connection.execute("INSERT INTO sites (name) VALUES ('a')")
        days = [f"2026-{month:02}-{day:02}" for month in (9, 10) for day in range(1, 31)]
        for number, day in enumerate(day for day in days if day != "2026-10-22"):
            connection.execute(
                "INSERT INTO articles (url, site, title, published_at, body_text, body_html, characters, content_hash, state_hash, first_seen, last_changed, flags, provenance) "
                "VALUES (?, 'a', 't', ?, '', '', 0, '', '', '', '', '[]', '{}')",
                (f"http://a/{number}", f"{day}T10:00:00+08:00"),
            )
        found = connection.execute(queries.queries()["holes"].sql, {"site": "a"}).fetchall()
    assert found == [("2026-10-22", "四", 0.9)]


def test_queries_of_a_users_own(database, run, tmp_path):
    folder = tmp_path / queries.FOLDER
    folder.mkdir()
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    (folder / "mine.sql").write_text(
        "-- 我的问题\n-- More; of it.\n-- :site?  a site\nSELECT title, ';:no' AS x -- it's\nFROM articles WHERE :site IN ('', site);\n",
        "utf-8",
    )
    listed = run("--list", db=copy).stdout
    assert "mine" in listed
    assert "我的问题 ([-p site=…])" in listed
    assert len(list(csv.reader(io.StringIO(run("mine", db=copy).stdout)))) == 301
    assert run("mine", "-p", "site=nowhere", db=copy).stderr.startswith("nothing was found")
    assert "no parameter sight; it has site" in run("mine", "-p", "sight=x", code=2, db=copy).output
    for text, said in (
        ("", "holds no query"),
        ("-- only a title", "holds no query"),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("DELETE FROM articles", "no query that gives a table"),
    ):
        (folder / "mine.sql").write_text(text)
        assert said in run("mine", code=2, db=copy).output
    (folder / "mine.sql").write_bytes(b"SELECT '\xff\xfe'")
    assert "cannot be read" in run("mine", code=2, db=copy).output
    (folder / "mine.sql").unlink()
    (folder / "of mine.sql").write_text("SELECT 1")
    assert "named by Latin letters" in run("--list", code=2, db=copy).output


def test_a_query_on_the_command_line(run, ask, tmp_path):
    run(
        "--sql",
        "SELECT id, characters / 2.0 AS half, published_at, substr(published_at, 1, 10) AS day, first_seen, keywords, title, NULL AS never, x'00ff' AS raw FROM articles WHERE site = :site",
        "-p",
        "site=eastday",
        "-o",
        "q.parquet",
    )
    found = parquet.read_table(tmp_path / "q.parquet")
    assert [str(field.type) for field in found.schema] == [
        "int64", "double", "timestamp[ms, tz=Asia/Shanghai]", "date32[day]", "timestamp[ms, tz=UTC]", "list<element: string>", "string", "string", "binary",
    ]  # fmt: skip
    assert found.column("id").to_pylist() == [n for (n,) in ask("SELECT id FROM articles WHERE site = 'eastday'")]
    # Two columns of one name, and values of several kinds.
    assert (
        run("--sql", "SELECT 1 AS a, 2 AS a UNION ALL SELECT 'x', 3.5", "--format", "jsonl").stdout
        == '{"a": 1, "a:1": 2}\n{"a": "x", "a:1": 3.5}\n'
    )


# -- what stands beside a file, and what is left of a broken one


def test_beside_the_file(run, tmp_path, database):
    run("articles", "-o", "out/news.csv", "--site", "山东", "--since", "2026-11-20", "-n", "7")
    told = json.loads((tmp_path / "out" / "news.csv.json").read_text("utf-8"))
    file = tmp_path / "out" / "news.csv"
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (told["rows"], told["bytes"], told["schema_version"]) == (7, file.stat().st_size, schema.SCHEMA_VERSION)
    assert (told["table"], told["row"], told["database"]) == ("articles", "an article", str(database))
    assert told["filters"]["site"] == ["山东"]
    assert "weihai" in told["filters"]["sites"]
    assert told["filters"]["since"] == "2026-11-20"
    assert [column["name"] for column in told["columns"]] == [
        field.column.name for field in exports.TABLES["articles"].fields if field.default
    ]
    assert told["columns"][0]["description"] == schema.DESCRIPTIONS["articles"]["id"]
    assert datetime.fromisoformat(told["made_at"]).utcoffset().total_seconds() == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["news.csv", "news.csv.json"]


def test_nothing_is_found(run, tmp_path):
    for form in ("csv", "jsonl", "parquet", "xlsx", "atom"):
        done = run("articles", "-o", f"none.{form}", "--since", "2030-01-01")
        assert "nothing was found (since 2030-01-01)" in done.stderr
        assert json.loads((tmp_path / f"none.{form}.json").read_text())["rows"] == 0
    assert pandas.read_csv(tmp_path / "none.csv").columns[0] == "id"
    assert parquet.read_table(tmp_path / "none.parquet").num_rows == 0
    assert openpyxl.load_workbook(tmp_path / "none.xlsx")["articles"].max_row == 1
    assert feedparser.parse(str(tmp_path / "none.atom")).bozo is False


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx", "gexf"])
def test_a_full_disk_leaves_the_file_that_was_there(form, run, tmp_path):
    name = "links" if form == "gexf" else "articles"
    run(name, "-o", f"news.{form}", *([] if form == "gexf" else ["-n", "1"]))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        done = run(name, "-o", f"news.{form}", code=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert f"news.{form}: cannot be written (File too large). The news.{form} there is was left as it was." in done.output
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_device_is_written_to(run):
    assert "No space left on device" in run("articles", "--format", "csv", "-o", "/dev/full", code=1).output
    assert run("sites", "--format", "csv", "-o", "/dev/null").stderr.endswith(
        "rows of sites, schema 8\n".replace("8", str(schema.SCHEMA_VERSION))
    )


BAD = (
    ((), "name a table, a view or a saved query"),
    (("articles", "--sql", "SELECT 1"), "not both"),
    (("articels",), "Did you mean articles"),
    (("articles", "--columns", "id,nope,x"), "articles has no column nope, x. It has: id, url, site,"),
    (("latest_articles", "--columns", "nope"), "the query has no column nope. It has: id, published_at"),
    (("articles", "-o", "news.doc"), "news.doc: say with --format"),
    (("articles", "-o", "."), "is a folder"),
    (("articles", "--site", "火星"), "--site 火星: this database has no such site or group"),
    (("articles", "--since", "yesterday"), "not a day"),
    (("articles", "--since", "2026-11-02", "--until", "2026-11-01"), "lies before"),
    (("articles", "--kind", "rank"), "--kind goes with links alone"),
    (("articles", "-p", "x=1"), "takes no values"),
    (("holes", "-p", "site"), "write it as NAME=VALUE"),
    (("sites", "--since", "2026-11-01"), "has no days to choose by"),
    (("reprint_pairs", "--site", "weihai"), "no column that names a site"),
    (("reprint_pairs", "--since", "2026-11-01"), "no column with a day of publication"),
    (("newest_articles", "--site", "weihai"), "is a query"),
    (("newest_articles", "--no-body"), "go with tables"),
    (("articles", "--columns", "id", "--format", "atom"), "columns of its own"),
    (("runs", "-o", "runs.gexf"), "only links are one"),
    (("links", "--format", "gexf"), "needs a file"),
    (("links", "-o", "l.gexf", "-n", "5"), "leave --columns, --body and --limit out"),
    (("--sql", "DELETE FROM articles"), "no query that gives a table"),
    (("--sql", "SELECT 1; SELECT 2"), "more than one statement"),
    (("--sql", "SELECT * FROM nowhere"), "no such table: nowhere"),
    (("--sql", "SELECT :x AS x"), "wants -p x=…"),
)  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_what_cannot_be_done_is_said(arguments, said, run, tmp_path):
    assert said in run(*arguments, code=2).output
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_not_written_over(run, database):
    before = database.read_bytes()
    assert "is the database" in run("articles", "--format", "csv", "-o", database, code=2).output
    assert database.read_bytes() == before


def test_a_database_of_an_older_newscrawl(run, tmp_path):
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(
            f"PRAGMA application_id = {schema.APPLICATION_ID}; CREATE TABLE articles (id INTEGER PRIMARY KEY)"
        )
    assert "older newscrawl" in run("revisions", code=2, db=tmp_path / "old.db").output
    assert "no such database" in run("articles", code=2, db=tmp_path / "none.db").output


@pytest.mark.parametrize(("form", "library"), [("parquet", "pyarrow"), ("xlsx", "xlsxwriter")])
def test_a_library_that_is_not_there(form, library, run, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, library, None)
    assert "pip install 'newscrawl[analyst]'" in run("articles", "-o", f"x.{form}", code=2).output
    assert list(tmp_path.iterdir()) == []


# -- memory


def test_memory_does_not_grow_with_the_table():
    columns = [Column("id", "integer"), Column("title"), Column("at", "time"), Column("words", "list")]

    def rows(count):
        for n in range(count):
            yield n, f"标题{n}" * 20, "2026-11-24T10:00:00+08:00", '["甲", "乙"]'

    def writers(count):
        yield lambda out: export.write_csv(out, columns, rows(count))
        yield lambda out: export.write_jsonl(out, columns, rows(count))
        yield lambda out: export.write_parquet(out, columns, rows(count), batch_rows=100)
        yield lambda out: export.write_xlsx(out, columns, rows(count), title="t")

    class Nowhere(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            return len(data)

    def peaks(count):
        found = []
        for write in writers(count):
            before = pyarrow.total_allocated_bytes()
            tracemalloc.start()
            write(Nowhere())
            found.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert pyarrow.total_allocated_bytes() == before
        return found

    few, many = peaks(300), peaks(1800)
    assert all(large < 1.5 * small + 200_000 for small, large in zip(few, many, strict=True)), (few, many)
