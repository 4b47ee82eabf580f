"""The main job as a user does it: the sample site on loopback, the real spider, the real downloader, a real database."""

import os
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import forks
import pytest
from conftest import ROOT, runner

from newscrawl import samplesite, warc
from newscrawl.fingerprint import key


def rows(path, sql, *parameters):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """The sample site still served, and a crawl of it that several tests look at; who changes the database takes a copy."""
    folder, site = tmp_path_factory.mktemp("crawled"), samplesite.SampleSite()
    with samplesite.running(site) as base:
        done = runner(folder)("crawl", "weihai", "--delay", 0, "--concurrency", 8, proxy=base, check=0)
        yield site, base, folder / "news.db", done


def expected(site, host="weihai.dzwww.com"):
    """The sample's articles of a host, those left out that are another one word for word, source and all."""
    return [article for article in site.articles if article.host == host and not is_twin(site, article)]


def is_twin(site, article):
    return article.copy == "exact" and article.source == site.article(article.copy_of).source


def stored_keys(site, path):
    """The keys of the stored articles; which of two addresses with one text came first is the crawl's, not the sample's."""
    originals = {key(copy.url): key(site.article(copy.copy_of).url) for copy in site.articles if is_twin(site, copy)}
    return {originals.get(key(url), key(url)) for (url,) in rows(path, "SELECT url FROM articles")}


def test_every_article_is_stored_as_its_page_tells_it(crawled):
    site, _, path, done = crawled
    assert "new" in done.stdout
    pages = {key(article.url): article for article in site.articles}
    assert len(expected(site)) >= 60
    assert stored_keys(site, path) == {key(article.url) for article in expected(site)}
    stored = {
        key(url): row
        for url, *row in rows(path, "SELECT url, title, published_at, source, body_text, kicker, subtitle, id FROM articles")
    }
    for url, (title, published, source, body, kicker, subtitle, number) in stored.items():
        article = pages[url]
        assert title == article.title, url
        assert published == article.published_at, url
        assert source == (article.source or None), url
        assert body == article.body_text, url
        assert (kicker, subtitle) == (article.kicker, article.subtitle), url
        people = rows(path, "SELECT role, name, label FROM bylines WHERE article_id = ? ORDER BY role, position", number)
        assert [name for role, name, _ in people if role == "author"] == list(article.authors), url
        assert [name for role, name, _ in people if role == "reporter"] == list(article.reporters), url
        assert [name for role, name, _ in people if role == "correspondent"] == list(article.correspondents), url
        assert [(label, name) for role, name, label in people if role == "editor"] == [
            (e.role, e.name) for e in article.editors
        ], url
        images = rows(path, "SELECT url, coalesce(caption, '') FROM images WHERE article_id = ? ORDER BY position", number)
        captions = [part.text for part in article.body if part.kind == "image"]
        assert images == list(zip(article.images, captions, strict=True)), url


def test_every_recommended_link_is_stored_as_shown(crawled):
    site, _, path, _ = crawled
    pages = {key(article.url): article for article in site.articles}
    for number, url in rows(path, "SELECT id, url FROM articles"):
        article = pages[key(url)]
        links = rows(
            path,
            "SELECT title, url, thumbnail, summary, source, published_raw FROM article_links WHERE article_id = ? AND kind = 'recommended' "
            "ORDER BY position",
            number,
        )
        shown = [(i.title, i.url, i.thumbnail, i.summary, i.source, i.time) for i in article.recommended]
        assert links == shown, article.url


def test_links_point_at_stored_articles_and_at_those_never_crawled(crawled):
    site, _, path, _ = crawled
    stored = {key(article.url) for article in expected(site)}
    pairs = rows(
        path,
        "SELECT l.target_key, a.url FROM article_links l LEFT JOIN articles a ON a.id = l.target_id WHERE l.kind = 'recommended'",
    )
    assert any(url for _, url in pairs)
    for target, url in pairs:
        if target in stored:
            assert url is not None, target
    assert rows(path, "SELECT count(*) FROM never_crawled")[0][0] > 0


def test_a_block_that_a_script_fills_is_stored_from_what_the_script_asks_for(crawled):
    site, _, path, _ = crawled
    pages = {key(article.url): article for article in site.articles}
    for number, url in rows(path, "SELECT id, url FROM articles"):
        article = pages[key(url)]
        links = rows(
            path,
            "SELECT position, title, url, source, published_raw FROM article_links WHERE article_id = ? AND kind = 'related' ORDER BY position",
            number,
        )
        shown = [(n, i.title, i.url, i.source, i.time) for n, i in enumerate(article.related or (), 1)]
        assert links == shown, article.url
        (by,) = rows(path, "SELECT filled_by FROM article_blocks WHERE article_id = ? AND kind = 'related'", number)
        assert by == ("page" if article.endpoint is None else "endpoint",), article.url
    asked = {url for url in site.asked if "/related/" in url}
    assert asked == {article.endpoint for article in expected(site) if article.endpoint}


def test_an_empty_block_is_on_record(crawled):
    site, _, path, _ = crawled
    count = sum(not article.related for article in expected(site))
    assert rows(path, "SELECT heading, kind, count(*) FROM empty_blocks GROUP BY 1, 2") == [("相关新闻", "related", count)]


def test_no_link_text_and_no_editor_line_is_in_a_body(crawled):
    _, _, path, _ = crawled
    for (body,) in rows(path, "SELECT body_text FROM articles"):
        for word in ("推荐阅读", "[详细]", "责任编辑", "热点排行", "下一页"):
            assert word not in body


def test_a_december_item_on_a_january_page_is_last_year_s(crawled):
    _, _, path, _ = crawled
    found = rows(
        path,
        "SELECT a.published_at, l.published_raw, l.published_at FROM article_links l JOIN articles a ON a.id = l.article_id "
        "WHERE a.published_at LIKE '%-01-01T%' AND l.published_raw LIKE '12-%'",
    )
    assert found
    for page, raw, at in found:
        assert int(at[:4]) == int(page[:4]) - 1
        assert at[5:10] == raw[:5]


def test_parts_are_one_article_and_failures_are_on_record(crawled):
    site, _, path, _ = crawled
    in_parts = [article for article in expected(site) if len(article.urls) > 1]
    assert in_parts
    for article in in_parts:
        reasons = dict(
            rows(
                path,
                "SELECT u.key, u.reason FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE a.url = ?",
                article.url,
            )
        )
        for url in article.urls[1:]:
            assert reasons[key(url)] == "part"
    verdicts = {verdict for (verdict,) in rows(path, "SELECT DISTINCT verdict FROM refused_pages")}
    assert {"soft404", "gone"} <= verdicts
    assert rows(path, "SELECT count(*) FROM pages WHERE verdict IN ('pending', 'error')") == [(0,)]
    for url in site.fails_once:
        assert rows(path, "SELECT count(*) FROM article_urls WHERE key = ?", key(url)) == [(1,)]
    for url, article in site.moved.items():
        assert rows(
            path, "SELECT a.url FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.key = ?", key(url)
        ) == [(article.url,)]


def test_the_same_article_under_another_address_is_one(crawled):
    site, _, path, _ = crawled
    copies = [article for article in site.articles if is_twin(site, article)]
    assert copies
    for copy in copies:
        found = rows(
            path,
            "SELECT a.url, u.reason FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.key = ?",
            key(copy.url),
        )
        original = site.article(copy.copy_of)
        # Which of the two came first is the crawl's; the other is its second address.
        assert found in ([(original.url, "same text")], [(copy.url, "canonical")])


def test_a_second_crawl_stores_nothing_and_asks_for_no_article(crawled, run_newscrawl, tmp_path):
    site, base, path, _ = crawled
    path = shutil.copy(path, tmp_path)
    tables = ("articles", "article_urls", "article_links", "article_blocks", "bylines", "images")
    before = {table: rows(path, f"SELECT * FROM {table}") for table in tables}
    asked = dict(site.asked)
    done = run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    assert "0 new, 0 changed" in done.stdout
    assert {table: rows(path, f"SELECT * FROM {table}") for table in tables} == before
    articles = {url for article in site.articles for url in article.urls}
    assert [url for url in articles if site.asked[url] != asked.get(url, 0)] == []


def test_scrapy_s_own_commands_write_to_the_same_database(sample, run_newscrawl, tmp_path):
    _, base = sample
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = newscrawl.settings\n")
    listed = run_newscrawl("list", program="scrapy", check=0).stdout.split()
    assert "weihai" in listed
    assert len(listed) >= 17
    export = tmp_path / "out.jsonl"
    run_newscrawl(
        "crawl", "weihai", "-s", "DOWNLOAD_DELAY=0", "-a", "limit=5", "-o", export, program="scrapy", proxy=base, check=0
    )
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(5,)]
    assert rows(tmp_path / "news.db", "SELECT site, command, reason, new FROM runs") == [("weihai", "crawl", "finished", 5)]
    assert rows(tmp_path / "news.db", "SELECT count(*), (SELECT count(*) FROM unindexed) FROM articles_fts_docsize") == [(5, 0)]
    assert export.read_text("utf-8").count('"body_text"') == 5
    assert "\\u" not in export.read_text("utf-8")


def test_two_sites_at_once_into_one_database(sample, run_newscrawl, tmp_path):
    """Two processes, one database: no lock error, no lost row; a reprint under another 来源 is stored and marked."""
    site, base = sample
    path = tmp_path / "news.db"
    with ThreadPoolExecutor(2) as two:
        both = list(two.map(lambda name: run_newscrawl("crawl", name, "--delay", 0, proxy=base), ("weihai", "yantai")))
    assert [done.returncode for done in both] == [0, 0], both
    assert "locked" not in str(both)
    wanted = {key(a.url) for a in site.articles}
    known = {k for (k,) in rows(path, "SELECT key FROM article_urls")}
    assert wanted <= known
    twins = [article for article in site.articles if is_twin(site, article)]
    assert rows(path, "SELECT count(*) FROM articles") == [(len(site.articles) - len(twins),)]
    reprint = next(article for article in site.articles if article.copy == "exact" and not is_twin(site, article))
    assert {source for (source,) in rows(path, "SELECT source FROM same_text WHERE title = ?", reprint.title)} == {
        reprint.source,
        site.article(reprint.copy_of).source,
    }
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_one_process_many_sites(sample, run_newscrawl, tmp_path):
    _, base = sample
    done = run_newscrawl("crawl", "weihai", "大众网·烟台", "--delay", 0, "--limit", 3, proxy=base, check=0)
    assert "weihai: 3 new" in done.stdout
    assert "yantai: 3 new" in done.stdout
    assert "2 sites: 6 new" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "first", "last"),
    [
        (["--since", "2017-08-01"], "2017-08-01", "9999"),
        (["--until", "2016-07-31"], "0000", "2016-07-31"),
        (["--since", "2017-07-20", "--until", "2017-07-31"], "2017-07-20", "2017-07-31"),
    ],
)
def test_a_window_of_days(sample, run_newscrawl, tmp_path, arguments, first, last):
    site, base = sample
    run_newscrawl("crawl", "weihai", "--delay", 0, *arguments, proxy=base, check=0)
    wanted = {key(a.url) for a in expected(site) if first <= a.published[:10] <= last}
    assert wanted
    assert stored_keys(site, tmp_path / "news.db") == wanted


def test_a_limit_is_kept_and_the_next_run_goes_on(sample, run_newscrawl, tmp_path):
    site, base = sample
    path = tmp_path / "news.db"
    for _ in range(3):
        before = site.asked.total()
        run_newscrawl("crawl", "weihai", "--delay", 0, "--limit", 9, proxy=base, check=0)
        assert site.asked.total() - before <= 9 + 20
    assert rows(path, "SELECT count(*) FROM pages WHERE kind = 'article' AND verdict NOT IN ('redirect', 'pending')")[0][0] == 27
    run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    assert rows(path, "SELECT count(*) FROM articles") == [(len(expected(site)),)]


@pytest.mark.parametrize("limit", [5, 20, 33, 60])
def test_whatever_the_limit_the_runs_after_it_find_the_rest(sample, run_newscrawl, tmp_path, limit):
    site, base = sample
    run_newscrawl("crawl", "weihai", "--delay", 0, "--limit", limit, proxy=base, check=0)
    assert len(stored_keys(site, tmp_path / "news.db")) <= limit
    run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    assert stored_keys(site, tmp_path / "news.db") == {key(article.url) for article in expected(site)}


@pytest.mark.parametrize("requests", [2, 5, 12, 40])
def test_a_killed_run_loses_nothing(sample, run_newscrawl, tmp_path, requests):
    site, base = sample
    path = tmp_path / "news.db"
    variables = {**os.environ, "http_proxy": base, "no_proxy": "", "NEWSCRAWL_DB": str(path), "PYTHONPATH": str(ROOT)}
    words = ["crawl", "weihai", "--delay", 0.02, "--concurrency", 2]
    with open(os.devnull, "w") as nowhere:
        process = forks.Process(words, env=variables, cwd=tmp_path, stdout=nowhere, stderr=nowhere)
    deadline = time.monotonic() + 60
    while sum(site.asked.values()) < requests and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "SELECT count(*) FROM articles")[0][0] < len(expected(site))
    run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    assert stored_keys(site, path) == {key(a.url) for a in expected(site)}


def test_nothing_to_fetch_is_a_failure_with_its_cause(run_newscrawl, tmp_path):
    done = run_newscrawl("crawl", "weihai", "--delay", 0, check=1)
    assert "no page could be fetched" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows(tmp_path / "news.db", "SELECT exit_code, new FROM runs") == [(1, 0)]


def test_a_full_disk_ends_the_run_and_keeps_what_was_stored(sample, run_newscrawl, tmp_path):
    """A small file system of its own where one may be mounted."""
    _, base = sample
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("no right to mount a small file system here")
    try:
        done = run_newscrawl("crawl", "weihai", "--delay", 0, "--db", disk / "news.db", proxy=base, check=1)
        # Whoever came to the end of it first: the database or the archive.
        assert "weihai: failed: storage error: " in done.stderr
        assert "disk is full" in done.stderr or "No space left on device" in done.stderr
        problems = []
        for path in warc.files(disk):
            warc.check(path, problems.append)
        assert problems == []
        assert rows(disk / "news.db", "PRAGMA integrity_check") == [("ok",)]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_broken_table_ends_the_run(sample, run_newscrawl, tmp_path):
    _, base = sample
    path = tmp_path / "news.db"
    run_newscrawl("crawl", "weihai", "--delay", 0, "--limit", 2, proxy=base, check=0)
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE article_links RENAME COLUMN summary TO broken")
    connection.close()
    done = run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=1)
    assert "weihai: failed: storage error: no such column: summary" in done.stderr
    assert rows(path, "SELECT exit_code, reason FROM runs ORDER BY id") == [(0, "finished"), (1, "storage error")]
    assert rows(path, "SELECT count(*) FROM articles") == [(2,)]


def test_the_sample_site_is_the_real_site_s_address_space():
    site = samplesite.SampleSite()
    assert all(url.startswith("http://") and ".dzwww.com/" in url for article in site.articles for url in article.urls)


def test_scrapy_parse_looks_and_leaves_nothing(sample, run_newscrawl, tmp_path):
    site, base = sample
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = newscrawl.settings\n")
    article = expected(site)[0]
    done = run_newscrawl("parse", article.url, "--spider", "weihai", "-c", "parse_article", program="scrapy", proxy=base, check=0)
    assert article.title in done.stdout
    run_newscrawl("shell", article.url, "-c", "response.status", program="scrapy", proxy=base, check=0)
    assert not (tmp_path / "news.db").exists()


def test_the_contact_address_goes_out_with_each_request(sample, run_newscrawl, tmp_path):
    site, base = sample
    seen = []
    answer = site.answer
    site.answer = lambda path, host, headers: seen.append(headers.get("user-agent")) or answer(path, host, headers)
    run_newscrawl("crawl", "weihai", "--delay", 0, "--limit", 1, proxy=base, check=0, NEWSCRAWL_CONTACT="mailto:desk@example.org")
    assert seen
    assert all(agent.startswith("newscrawl/") and agent.endswith("(+mailto:desk@example.org)") for agent in seen)


def test_no_request_leaves_the_site(sample, run_newscrawl, tmp_path):
    """A site file names no hosts: its home's host is all that may be fetched, redirects included."""
    site, base = sample
    asked = []
    answer = site.answer
    site.answer = lambda path, host, headers: asked.append(host) or answer(path, host, headers)
    run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    assert asked
    assert {host.split(":")[0].removeprefix("m.") for host in asked} == {"weihai.dzwww.com"}


def test_an_error_in_the_last_batch_is_a_failure_too(sample, run_newscrawl, tmp_path):
    """All is well until the crawl has ended and writes what is left."""
    _, base = sample
    path = tmp_path / "news.db"
    run_newscrawl("crawl", "weihai", "--delay", 0, "--limit", 60, proxy=base, check=0)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER refuse BEFORE INSERT ON articles BEGIN SELECT RAISE(ABORT, 'no more articles'); END")
    connection.close()
    done = run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=1)
    assert "weihai: failed: storage error: no more articles" in done.stderr
    assert rows(path, "SELECT count(*) FROM pages WHERE verdict = 'pending'")[0][0] > 0
