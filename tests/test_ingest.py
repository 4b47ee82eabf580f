"""Saved pages into the database: folders, manifests, WARC files, and input that is broken."""

import gzip
import io
import json
import sqlite3
import subprocess
import zipfile

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl import ingest, samplesite


def rows(path, sql, *parameters):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


# warcio's writer, which only the tests use, leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def site():
    return samplesite.SampleSite()


def render(article, page=0):
    return (samplesite.render_2016 if article.layout == "2016" else samplesite.render_2018)(article, page=page)


def test_a_folder_of_pages_with_a_manifest(site, run_newscrawl, tmp_path):
    shelf = tmp_path / "shelf"
    (shelf / "pages").mkdir(parents=True)
    articles = [article for article in site.articles if len(article.urls) == 1][:12]
    with (shelf / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for number, article in enumerate(articles[:10]):
            name = f"pages/{article.id}.html" + (".gz" if number % 2 else "")
            body = render(article)
            (shelf / name).write_bytes(gzip.compress(body) if number % 2 else body)
            manifest.write(json.dumps({"id": article.id, "file": name, "url": article.url}) + "\n")
    for article in articles[10:]:
        (shelf / f"{article.id}.shtml").write_bytes(render(article))
    done = run_newscrawl("ingest", shelf, check=0)
    assert "12 pages read: 12 new" in done.stdout
    path = tmp_path / "news.db"
    stored = dict(rows(path, "SELECT url, title FROM articles"))
    assert [stored[article.url] for article in articles[:10]] == [article.title for article in articles[:10]]
    # Without an address a page is stored under its file, and read without the site's rules.
    files = {url: title for url, title in stored.items() if url.startswith("file:///")}
    assert sorted(files.values()) == sorted(article.title for article in articles[10:])
    assert {site for (site,) in rows(path, "SELECT DISTINCT site FROM articles WHERE url LIKE 'http%'")} <= {"weihai", "yantai"}
    before = rows(path, "SELECT * FROM articles"), rows(path, "SELECT * FROM article_links")
    assert "0 new, 0 changed, 12 unchanged" in run_newscrawl("ingest", shelf, check=0).stdout
    assert (rows(path, "SELECT * FROM articles"), rows(path, "SELECT * FROM article_links")) == before


def test_parts_of_an_article_are_joined(site, run_newscrawl, tmp_path):
    article = next(article for article in site.articles if len(article.urls) > 1)
    with (tmp_path / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for page, url in enumerate(article.urls):
            (tmp_path / f"{page}.html").write_bytes(render(article, page))
            manifest.write(json.dumps({"file": f"{page}.html", "url": url}) + "\n")
    run_newscrawl("ingest", tmp_path / "manifest.jsonl", check=0)
    assert rows(tmp_path / "news.db", "SELECT body_text, flags FROM articles") == [(article.body_text, "[]")]


def test_a_missing_part_marks_the_article(site, run_newscrawl, tmp_path):
    article = next(article for article in site.articles if len(article.urls) > 1)
    (tmp_path / "0.html").write_bytes(render(article))
    (tmp_path / "manifest.jsonl").write_text(json.dumps({"file": "0.html", "url": article.url}))
    run_newscrawl("ingest", tmp_path / "manifest.jsonl", check=0)
    assert rows(tmp_path / "news.db", "SELECT flags FROM articles") == [('["incomplete"]',)]


def write_warc(path, articles, compress):
    """Responses as servers send them: chunked and gzipped, plain, an image, a redirect, a 404."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=compress)

        def add(url, status, headers, body):
            http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))

        for number, article in enumerate(articles):
            body = render(article)
            headers = [("Content-Type", "text/html")]
            if number % 2:
                packed = gzip.compress(body)
                body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
                headers += [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
            add(article.url, "200 OK", headers, body)
        add("http://weihai.dzwww.com/a.jpg", "200 OK", [("Content-Type", "image/jpeg")], b"\xff\xd8\xff")
        add(
            "http://weihai.dzwww.com/news/201707/t20170701_1.htm",
            "404 Not Found",
            [("Content-Type", "text/html")],
            b"<h1>404</h1>",
        )


@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
def test_a_warc_is_read_whole(site, run_newscrawl, tmp_path, ending):
    articles = [article for article in site.articles if len(article.urls) == 1 and not article.copy][:9]
    warc = tmp_path / f"crawl{ending}"
    write_warc(warc, articles, ending == ".warc.gz")
    done = run_newscrawl("ingest", warc, "--verbose", check=0)
    assert "10 pages read: 9 new" in done.stdout
    assert "1 gone" in done.stdout
    assert {url for (url,) in rows(tmp_path / "news.db", "SELECT url FROM articles")} == {article.url for article in articles}


@pytest.mark.parametrize("filling", [b"", b"\x00" * 3000], ids=["cut", "overwritten"])
def test_a_broken_warc_keeps_what_came_before(site, run_newscrawl, tmp_path, filling):
    articles = [article for article in site.articles if len(article.urls) == 1 and not article.copy][:6]
    whole, start = tmp_path / "whole.warc.gz", tmp_path / "start.warc.gz"
    write_warc(whole, articles, compress=True)
    write_warc(start, articles[:5], compress=True)
    # Broken a little before the place where the shorter file ends: within a record.
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(whole.read_bytes()[: len(start.read_bytes()) - 1200] + filling)
    done = run_newscrawl("ingest", broken, check=1)
    assert str(broken) in done.stderr
    assert "damaged" in done.stderr or "broken after" in done.stderr
    stored = {url for (url,) in rows(tmp_path / "news.db", "SELECT url FROM articles")}
    assert stored < {article.url for article in articles}
    assert len(stored) >= 4


def test_broken_input_is_named_and_the_rest_goes_on(site, run_newscrawl, tmp_path):
    article = next(article for article in site.articles if len(article.urls) == 1)
    (tmp_path / "good.html").write_bytes(render(article))
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(render(article))[:400])
    lines = [
        json.dumps({"file": "good.html", "url": article.url}),
        "{not json",
        json.dumps({"id": "no file"}),
        json.dumps({"file": "missing.html"}),
        json.dumps({"file": "cut.html.gz"}),
        json.dumps(["a list"]),
    ]
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("\n".join(lines))
    done = run_newscrawl("ingest", manifest, check=1)
    assert "1 pages read: 1 new" in done.stdout
    for words in ("line 2", "line 3", "missing.html", "cut.html.gz", "line 6", "5 inputs could not be read"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no such file or folder"),
        (lambda path: path.mkdir(), "holds no pages"),
    ],
)
def test_nothing_to_read_is_a_mistake(run_newscrawl, tmp_path, make, message):
    make(tmp_path / "shelf")
    done = run_newscrawl("ingest", tmp_path / "shelf", check=2)
    assert message in done.stderr


def test_a_page_of_nothing_is_refused_with_its_verdict(run_newscrawl, tmp_path):
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "noise.html").write_bytes(bytes(range(256)) * 40)
    done = run_newscrawl("ingest", tmp_path / "empty.html", tmp_path / "noise.html", check=0)
    assert "0 new" in done.stdout
    assert len(rows(tmp_path / "news.db", "SELECT * FROM refused_pages")) == 2


def test_a_full_disk_stops_the_run_and_keeps_the_rest(site, run_newscrawl, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("no right to mount a small file system here")
    try:
        for number, article in enumerate(site.articles):
            (tmp_path / f"{number}.html").write_bytes(render(article) + f"<!-- {number} -->".encode())
        done = run_newscrawl("ingest", tmp_path, "--db", disk / "news.db", check=1)
        assert "full" in done.stderr
        assert "Traceback" not in done.stderr
        assert rows(disk / "news.db", "PRAGMA integrity_check") == [("ok",)]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_real_articles_twice(shelf, run_newscrawl):
    """37 real articles: all stored, and the second time nothing is new and nothing has changed."""
    assert "37 pages read: 37 new, 0 changed" in run_newscrawl("ingest", shelf / "corpus" / "articles", check=0).stdout
    assert (
        "37 pages read: 0 new, 0 changed, 37 unchanged" in run_newscrawl("ingest", shelf / "corpus" / "articles", check=0).stdout
    )


def test_real_lists_are_no_articles(shelf, run_newscrawl, tmp_path):
    run_newscrawl("ingest", shelf / "corpus" / "lists", check=0)
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(0,)]
    assert {verdict for (verdict,) in rows(tmp_path / "news.db", "SELECT verdict FROM pages")} == {"list"}


def test_a_wacz_is_read_and_only_one_site_of_it(site, run_newscrawl, tmp_path):
    articles = [article for article in site.articles if len(article.urls) == 1 and not article.copy]
    hosts = {host: [article for article in articles if article.host == host][:3] for host in {a.host for a in articles}}
    write_warc(tmp_path / "data.warc.gz", [article for some in hosts.values() for article in some], compress=True)
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as package:
        package.write(tmp_path / "data.warc.gz", "archive/data.warc.gz")
    (tmp_path / "data.warc.gz").unlink()
    problems = []
    found = [page.url for page in ingest.saved(tmp_path, problems.append, hosts=["yantai.dzwww.com"])]
    assert found == [article.url for article in hosts["yantai.dzwww.com"]]
    assert list(ingest.saved(tmp_path, problems.append, hosts=["else.example"])) == []
    # Most of the files of a large archive have nothing of a site, which is no problem of theirs.
    assert problems == []
    done = run_newscrawl("ingest", tmp_path / "crawl.wacz", check=0)
    assert f"{sum(map(len, hosts.values()))} new" in done.stdout
