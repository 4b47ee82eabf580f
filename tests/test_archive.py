"""What a crawl keeps raw, and what can be made of it again: reparse after a lost database and after a changed rule, replay."""

import json
import os
import shutil
import signal
import sqlite3
from contextlib import closing

import forks
import pytest
from conftest import ROOT
from faultserver import FaultServer, article_page, articles, crawl, list_page, rows, site_file, start, status

from newscrawl import lock, samplesite, warc
from newscrawl.fingerprint import key

TIMES = {
    "first_seen", "last_changed", "fetched_at", "next_visit", "started_at", "finished_at", "seconds", "seen_at", "gone_at", "back_at",
    "looked_at", "failing_since", "peak_memory", "slowest_seconds",
}  # fmt: skip
"""Columns that tell when, or how long: another database has other ones."""


NUMBERED = ("article_links", "sketches", "archive_files")
"""Tables whose rows are numbered as they come, and whose numbers nobody cites."""


def tables(path, *, without=(), numbers=True):
    """A database's tables as sorted rows without their times, and without what a reparse says of itself in the ledger.

    ``numbers``: whether articles must have the same numbers; else they are told by their addresses.
    """
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            # What the index holds is compared by its tokens: how they lie in its own tables hangs on the batches they came in.
            if not name.startswith(("sqlite_", "_", "articles_fts")) and name not in without
        ]
        digests = dict(connection.execute("SELECT id, digest FROM sketches"))
        named = {
            "sketch_id": digests,
            "other_id": digests,
            "file_id": dict(connection.execute("SELECT id, name FROM archive_files")),
        }
        numbered = list(NUMBERED)
        if not numbers:
            urls = dict(connection.execute("SELECT id, url FROM articles"))
            named |= dict.fromkeys(("article_id", "target_id", "origin_id"), urls)
            named["cluster_id"] = {number: urls[of] for number, of in connection.execute("SELECT id, origin_id FROM clusters")}
            numbered += ["articles", "clusters"]
        for name in names:
            columns = [column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})") if column not in TIMES]
            if name in numbered:
                columns.remove("id")
            if not numbers and "found_on" in columns:
                # Which of two pages led there first is chance in any crawl.
                columns.remove("found_on")
            where = {
                "runs": "command <> 'reparse'",
                "run_fields": "run_id NOT IN (SELECT id FROM runs WHERE command = 'reparse')",
            }.get(name, "true")
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {name} WHERE {where}").fetchall()
            rows = [
                tuple(named[column].get(value) if column in named else value for column, value in zip(columns, row, strict=True))
                for row in rows
            ]
            found[name] = (columns, sorted(rows, key=repr))
        connection.execute("CREATE VIRTUAL TABLE temp.tokens USING fts5vocab(main, articles_fts, instance)")
        indexed = connection.execute(
            "SELECT doc, group_concat(token, ' ') FROM "
            "(SELECT doc, col || offset || term AS token FROM tokens ORDER BY doc, col, offset) GROUP BY doc"
        ).fetchall()
        assert len(indexed) == len(found["articles"][1])
        where = named.get("article_id", {})
        found["articles_fts"] = (["article_id", "tokens"], sorted((where.get(doc, doc), words) for doc, words in indexed))
    return found


def assert_same(one, other):
    """Table by table; what differs is shown column by column."""
    assert one.keys() == other.keys()
    for name, (columns, before) in one.items():
        after = other[name][1]
        lost = [dict(zip(columns, row, strict=True)) for row in before if row not in after]
        come = [dict(zip(columns, row, strict=True)) for row in after if row not in before]
        if len(lost) == len(come):
            differ = [{c: (old[c], new[c]) for c in columns if old[c] != new[c]} for old, new in zip(lost, come, strict=True)]
            assert not differ, (name, lost[0], differ[:4])
        assert not lost, (name, lost[:2])
        assert not come, (name, come[:2])


def copy_of(path, target):
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
    return target


def newscrawl(folder, *arguments, proxy="http://127.0.0.1:9", check=0, **environment):
    """Run a command in a folder, with news.db there."""
    variables = {**os.environ, "no_proxy": "", "NO_PROXY": "", "NEWSCRAWL_DB": str(folder / "news.db"), "PYTHONPATH": str(ROOT)}
    variables |= {"http_proxy": proxy, "https_proxy": proxy, "NEWSCRAWL_CONTACT": "desk@example.org", **environment}
    done = forks.run(arguments, env=variables, cwd=folder)
    assert done.returncode == check, f"{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Two crawls of the sample's two cities, one after the other, with their archive."""
    folder = tmp_path_factory.mktemp("crawled")
    with samplesite.running(samplesite.SampleSite()) as base:
        for _ in range(2):
            newscrawl(folder, "crawl", "weihai", "yantai", "--delay", 0, "--concurrency", 4, proxy=base, NEWSCRAWL_READERS="1")
    return folder


@pytest.fixture
def shelf(crawled, tmp_path):
    """A copy of those crawls that a test may break."""
    shutil.copytree(crawled, tmp_path / "copy")
    return tmp_path / "copy"


def archived(folder):
    """All records of a folder's archive."""
    problems = []
    found = [
        r
        for path in warc.files(folder / "news.archive")
        for r in warc.records(path, folder=folder / "news.archive", problem=problems.append)
    ]
    assert problems == []
    return found


# -- what is kept


def test_every_answer_is_kept_and_found_by_its_page(crawled):
    pages = rows(crawled, "SELECT key, url, kind, size FROM pages WHERE status = 200 AND kind IN ('article', 'part')")
    assert len(pages) > 70
    for name, url, kind, size in pages:
        file, offset, length = rows(
            crawled,
            "SELECT f.name, r.offset, r.length FROM archive_records r JOIN archive_files f ON f.id = r.file_id WHERE r.key = ?",
            name,
        )[-1]
        record = warc.at(crawled / "news.archive", warc.Place(file, offset, length))
        assert (key(record.url), record.about["kind"]) == (key(url), kind)
        assert len(record.content()) == size


def test_what_had_not_changed_is_kept_as_that(crawled):
    kinds = [record.type for record in archived(crawled)]
    assert kinds.count("revisit") >= 5
    assert {"warcinfo", "response", "revisit", "metadata"} <= set(kinds)


def test_check_finds_it_whole(crawled):
    done = newscrawl(crawled, "archive", "check")
    assert "all whole" in done.stdout
    assert done.stderr == ""


def test_check_finds_a_flipped_bit_and_a_missing_file(shelf):
    first, second, *_ = warc.files(shelf / "news.archive")
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    second.unlink()
    done = newscrawl(shelf, "archive", "check", check=1)
    assert first.name in done.stderr
    assert f"{second}: is on record in the database, and is not there" in done.stderr


def test_off_keeps_nothing_and_the_site_file_says_what_is_kept(tmp_path):
    with FaultServer() as server:
        articles(server, "news.example", 2)
        crawl(tmp_path / "off", site_file(archive="off"), proxy=server.base)
        crawl(tmp_path / "told", site_file(archive="off"), "--all", "--delay", 0, "--archive", "pages", proxy=server.base)
    assert not (tmp_path / "off" / "news.archive").exists()
    assert [record.url for record in archived(tmp_path / "told") if record.about.get("kind") == "article"]


def test_images_are_kept_where_the_site_says_so_and_each_once(tmp_path):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    more = '<div class="content"><p><img src="http://img.example/a.png"></p></div>'
    with FaultServer() as server:
        urls = [f"http://news.example/202611/t20261101_{n}.html" for n in (1, 2)]
        for number, url in enumerate(urls):
            server.page(
                url,
                article_page(f"港区第{number}号船进港").replace(
                    '<div class="content">', f'<div class="content"><p><img src="http://img.example/{number}.png"></p>'
                ),
            )
        server.page("http://news.example/", list_page(urls))
        server.page("http://img.example/0.png", picture, headers={"Content-Type": "image/png"})
        sites = site_file(archive="images")
        for _ in range(2):
            done = crawl(tmp_path, sites, proxy=server.base)
            assert done.code == 0, done.stderr
        assert len(server.urls("img.example/0.png")) == 1
        # One that did not come is no reason for anything.
        assert server.urls("img.example/1.png")
    kept = [record for record in archived(tmp_path) if record.about.get("kind") == "image" and record.status == 200]
    assert [(record.url, record.content()) for record in kept] == [("http://img.example/0.png", picture)]
    assert more


def test_a_disk_that_is_full_ends_the_run_and_says_so(tmp_path):
    with FaultServer() as server:
        articles(server, "news.example", 3)
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "news.archive").write_text("a file in the folder's place")
        done = crawl(tmp_path / "run", site_file(), proxy=server.base)
    assert done.code == 1
    assert "archive" in done.stderr


# -- a database that is lost


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_lost_database_comes_back_row_by_row(shelf, jobs):
    before = tables(shelf / "news.db")
    (shelf / "news.db").unlink()
    for leftover in shelf.glob("news.db-*"):
        leftover.unlink()
    done = newscrawl(shelf, "reparse", "--jobs", jobs)
    assert "that the database did not know are in it now" in done.stdout
    assert_same(before, tables(shelf / "news.db"))


def test_an_older_backup_is_brought_up_to_date(tmp_path):
    site = samplesite.SampleSite()
    with samplesite.running(site) as base:
        newscrawl(tmp_path, "crawl", "weihai", "--delay", 0, "--limit", 10, proxy=base)
        copy_of(tmp_path / "news.db", tmp_path / "backup.db")
        newscrawl(tmp_path, "crawl", "weihai", "--delay", 0, proxy=base)
    before = tables(tmp_path / "news.db")
    done = newscrawl(tmp_path, "reparse", "--db", "backup.db", "--archive", "news.archive")
    assert "of 1 run that the database did not know" in done.stdout
    assert_same(before, tables(tmp_path / "backup.db"))


def test_a_killed_crawl_leaves_an_archive_that_can_be_read(tmp_path):
    with FaultServer() as server:
        urls = articles(server, "news.example", 40)
        running = start(tmp_path, site_file(), "--all", "--delay", 0.02, "--concurrency", 4, proxy=server.base)
        server.wait_for("t20261101_", 20)
        running.signal(signal.SIGKILL)
        running.process.wait()
        # As a kill in the middle of a write leaves it.
        (path,) = warc.files(tmp_path / "news.archive")
        whole = path.read_bytes()
        with path.open("ab") as file:
            file.write(whole[:200])
        done = crawl(tmp_path, site_file(), proxy=server.base)
        assert done.code == 0, done.stderr
    assert path.read_bytes() == whole
    stored = {url for (url,) in rows(tmp_path, "SELECT url FROM articles")}
    assert stored == set(urls)
    assert {record.url for record in archived(tmp_path) if record.about.get("kind") == "article"} == stored


# -- rules that have changed

CHANGED = """
from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider


class News(NewsSpider):
    name = "news"
    title = "港区新闻"
    home = "http://news.example/"
    layouts = (Layout(name="news", title="h1", byline="div.info"{more}, body="div.content"),)
"""


@pytest.fixture
def ruled(tmp_path):
    """A crawl of ten articles, one of them twice under another address."""
    with FaultServer() as server:
        for number, url in enumerate(articles(server, "news.example", 10)):
            foot = f'<div class="foot">林晓{"东南西北"[number % 4]}</div>' if number < 4 else ""
            server.page(url, article_page(f"港区第{number}号船进港", more=foot))
        done = crawl(tmp_path, CHANGED.format(more=""), proxy=server.base)
        assert done.code in (0, 3), done.stderr
    return tmp_path


def reparse(folder, sites, *arguments, check=0):
    (folder / "test_sites.py").write_text(sites, "utf-8")
    variables = {"SCRAPY_SETTINGS_MODULE": "test_settings", "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    return newscrawl(folder, "reparse", *arguments, check=check, **variables)


def test_a_changed_rule_changes_its_field_and_says_so_first(ruled):
    sites = CHANGED.format(more=', author="div.foot"')
    before = tables(ruled / "news.db")
    dry = reparse(ruled, sites, "--dry-run", "--json")
    told = [json.loads(line) for line in dry.stdout.splitlines()]
    assert len(told) == 4
    assert all(set(change["fields"]) == {"authors"} for change in told)
    assert told[0]["fields"]["authors"]["after"][0].startswith("林晓")
    assert_same(before, tables(ruled / "news.db"))
    shown = reparse(ruled, sites, "--dry-run", "--diff")
    assert "authors  4 pages" in shown.stdout
    assert "authors: + 林晓东" in shown.stdout
    assert "title:" not in shown.stdout
    assert "10 pages read again: 4 would change, 6 as they were; nothing was written" in shown.stdout

    done = reparse(ruled, sites)
    assert "4 changed" in done.stdout
    assert rows(ruled, "SELECT count(*) FROM bylines WHERE role = 'author'") == [(4,)]
    # The page has not changed: a reader has missed nothing.
    assert rows(ruled, "SELECT count(*) FROM revisions") == [(0,)]
    again = reparse(ruled, sites)
    assert "0 changed" in again.stdout
    pages = "SELECT fetched_at, tries, next_visit FROM pages ORDER BY key"
    assert rows(ruled, pages) == rows(ruled, pages)


def test_a_page_that_was_refused_becomes_an_article_and_none_is_lost(ruled):
    blind = CHANGED.format(more="").replace('"div.content"', '"div.content", remove="p"').replace('title="h1"', 'title="h5"')
    told = reparse(ruled, blind, "--diff")
    # Whatever today's rules make of it: the articles are all there.
    assert rows(ruled, "SELECT count(*) FROM articles") == [(10,)]
    assert told.returncode == 0


def test_one_page_one_site_one_window(ruled):
    sites = CHANGED.format(more=', author="div.foot"')
    one = reparse(ruled, sites, "--url", "http://news.example/202611/t20261101_1.html")
    assert "1 pages read again: 1 changed" in one.stdout
    none = reparse(ruled, sites, "--since", "2099-01-01")
    assert "0 pages read again" in none.stdout
    reparse(ruled, sites, "--url", "http://news.example/nowhere.html", check=1)
    unknown = reparse(ruled, sites, "--site", "nowhere", check=2)
    assert "nowhere" in unknown.stderr


def test_a_site_that_is_being_crawled_is_left_to_it(ruled):
    with lock.acquire(ruled / "news.db", "news"):
        done = reparse(ruled, CHANGED.format(more=""), check=75)
    assert "news is being crawled" in done.stderr


def test_without_an_archive_it_says_so(tmp_path):
    done = newscrawl(tmp_path, "reparse", check=2)
    assert "nothing has been archived yet" in done.stderr


# -- a crawl repeated


def test_a_replayed_crawl_stores_what_the_crawl_did(tmp_path):
    site = samplesite.SampleSite()
    with samplesite.running(site) as base:
        newscrawl(tmp_path, "crawl", "weihai", "--delay", 0, "--concurrency", 4, proxy=base)
    done = newscrawl(tmp_path, "crawl", "weihai", "--replay", "news.archive")
    assert "data/replay.db" in done.stdout
    but = {"without": ("archive_files", "archive_records", "runs", "run_fields", "settings"), "numbers": False}
    assert_same(tables(tmp_path / "news.db", **but), tables(tmp_path / "data" / "replay.db", **but))
    assert [row[0] for row in sqlite3.connect(tmp_path / "data" / "replay.db").execute("SELECT command FROM runs")] == ["replay"]


def test_a_replay_of_what_is_not_there_says_so(tmp_path):
    with FaultServer() as server:
        server.page("http://news.example/", list_page(["http://news.example/202611/t20261101_1.html"]))
        server.on("http://news.example/202611/t20261101_1.html", status(404))
        crawl(tmp_path, site_file(), proxy=server.base)
    done = crawl(tmp_path / "other", site_file(host="else.example"), "--all", "--replay", tmp_path / "news.archive")
    assert done.code == 1
    assert "not in the archive" in done.stderr


def test_years_of_others_are_loaded_by_site(crawled, tmp_path):
    """Common Crawl's news WARCs hold everybody's pages: those of a site are taken, the others passed over without a word."""
    (tmp_path / "cc").mkdir()
    for number, path in enumerate(warc.files(crawled / "news.archive")):
        shutil.copy(path, tmp_path / "cc" / f"CC-NEWS-2026110{number}000000-0000{number}.warc.gz")
    done = newscrawl(tmp_path, "ingest", "cc", "--site", "yantai")
    assert done.stderr == ""
    assert {site for (site,) in rows(tmp_path, "SELECT DISTINCT site FROM articles")} == {"yantai"}
    assert rows(tmp_path, "SELECT count(*) >= 8 FROM articles") == [(1,)]
