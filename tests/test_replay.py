"""Crawls out of the archive: what answers which request, and a crawl of a difficult server repeated without it."""

import asyncio
import gzip
import random
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from faultserver import FaultServer, article_page, crawl, in_turn, list_page, redirect, site_file, status
from scrapy import Request, Spider
from scrapy.exceptions import DownloadCancelledError
from scrapy.utils.test import get_crawler
from test_warc import made

from newscrawl import replay, warc

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTED = ("http://a.cn/gone", {"verdict": "error", "why": "TimeoutError: no answer within 30 s"})


class Run:
    """Writes the archive of one run, an answer a second."""

    def __init__(self, folder, at, site="weihai"):
        self.at = at
        self.writer = warc.Writer(folder, site, info={"site": site})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.writer.finish({"id": 1})
        self.writer.close()

    def answer(self, url, body=b"", status=200, headers=(), **options):
        self.at += timedelta(seconds=1)
        return self.writer.response(url, status, [("Content-Type", "text/html"), *headers], body, at=self.at, about={}, **options)

    def visit(self, url, visit):
        self.writer.visit(url, visit, at=self.at)


def find(shelf, url, headers=None, **meta):
    """The answer's status and body, or the error; and when it was archived."""
    request = Request(url, headers=headers, meta=meta)
    try:
        answer = shelf.find(request)
    except replay.NotArchived as error:
        assert "archived_at" not in request.meta
        return str(error)
    except replay.Failed as error:
        return f"failed: {error}"
    assert request.meta["archived_at"] == answer.at.isoformat()
    return answer.status, answer.body


def handler(path, **settings):
    crawler = get_crawler(Spider, {"NEWSCRAWL_REPLAY": str(path), **settings})
    return replay.Handler.from_crawler(crawler)


def test_a_thousand_pages_come_as_they_came(tmp_path):
    pages = list(made(1000))
    with Run(tmp_path, START) as run:
        for url, code, headers, body in pages:
            run.answer(url, body, code, headers[1:])
    answers = handler(tmp_path)
    assert answers.shelf.count == 1000

    async def ask():
        for url, code, headers, body in random.Random(1).sample(pages, 1000):
            request = Request(url)
            response = await answers.download_request(request)
            assert (response.status, response.body, response.url) == (code, body, request.url)
            coding = dict(headers).get("Content-Encoding", "").encode()
            assert response.headers.get("Content-Encoding", b"") == coding
            if "Set-Cookie" in dict(headers):
                assert response.headers.getlist("Set-Cookie") == [b"a=1", b"b=2"]
            assert datetime.fromisoformat(request.meta["archived_at"]) > START

    asyncio.run(ask())


def test_answers_come_in_their_order_and_of_the_last_run(tmp_path):
    with Run(tmp_path, START) as run:
        run.answer("http://a.cn/", b"old list")
        run.answer("http://a.cn/1.htm", b"article")
    with Run(tmp_path, START + HOUR) as run:
        run.answer("http://a.cn/", b"busy", 503)
        run.answer("http://a.cn/", b"new list")
        run.answer("http://a.cn/2.htm?b=1&a=2#top", b"by its key")
        run.visit(*NOTED)
    with Run(tmp_path, START + 2 * HOUR, "yantai") as run:
        run.answer("http://b.cn/", b"elsewhere")
    shelf = replay.Shelf([tmp_path])
    assert [find(shelf, "http://a.cn/") for _ in range(3)] == [(503, b"busy"), (200, b"new list"), (200, b"new list")]
    assert find(shelf, "http://a.cn/1.htm") == (200, b"article")
    assert find(shelf, "https://www.a.cn/2.htm?a=2&b=1&utm_source=x") == (200, b"by its key")
    assert find(shelf, "http://a.cn/3.htm") == "http://a.cn/3.htm is not in the archive"
    assert find(shelf, NOTED[0]) == "failed: TimeoutError: no answer within 30 s"
    # A redirect led to an address that failed; what was asked for has the reason.
    assert find(shelf, "http://a.cn/else", redirect_urls=[NOTED[0]]) == "failed: TimeoutError: no answer within 30 s"
    second = timedelta(seconds=1)
    assert (shelf.first_at, shelf.began(["a.cn"]), shelf.began(["c.cn"])) == (
        START + 2 * HOUR + second, START + HOUR + second, None
    )  # fmt: skip
    only = replay.Shelf([tmp_path], hosts=["b.cn"])
    assert (only.count, shelf.count) == (1, 6)
    assert find(only, "http://a.cn/").endswith("not in the archive")
    # A run's own file stands for that run.
    first = replay.Shelf([warc.files(tmp_path)[0]])
    assert find(first, "http://a.cn/") == (200, b"old list")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no WARC files"):
        replay.Shelf([tmp_path / "empty"])


def test_what_had_not_changed(tmp_path):
    url, tag = "http://a.cn/1.htm", [("ETag", '"1"')]
    with Run(tmp_path, START) as run:
        first = run.answer(url, b"body", headers=tag)
        other = run.answer("http://a.cn/2.htm", b"other")
    same, lost = (first.url, first.at, first.digest), ("http://a.cn/lost", first.at, other.digest)
    with Run(tmp_path, START + HOUR) as run:
        run.answer(url, status=304, headers=tag, unchanged=same)
        run.answer("http://a.cn/copy.htm", b"body", headers=[("X-New", "yes")], unchanged=same)
        run.answer("http://a.cn/2.htm", status=304)
        run.answer("http://a.cn/lost", status=304, unchanged=lost)
    shelf = replay.Shelf([tmp_path])
    assert find(shelf, url, {"If-None-Match": '"1"'}) == (304, b"")
    assert find(shelf, url, {"If-Modified-Since": "Tue, 24 Nov 2026 08:00:00 GMT"}) == (304, b"")
    whole = shelf.find(Request(url))
    assert (whole.status, whole.body, whole.at) == (200, b"body", START + HOUR + timedelta(seconds=1))
    alike = shelf.find(Request("http://a.cn/copy.htm", headers={"If-None-Match": "x"}))
    assert (alike.status, alike.body, alike.headers[1]) == (200, b"body", ("X-New", "yes"))
    assert find(shelf, "http://a.cn/2.htm") == (200, b"other")
    assert find(shelf, "http://a.cn/lost").startswith("http://a.cn/lost had not changed since 2026-11-24 08:00")


def test_a_redirect_to_the_same_page_elsewhere_is_no_answer_for_it(tmp_path):
    with Run(tmp_path, START) as run:
        run.answer("http://a.cn/x", b"", 301, [("Location", "https://a.cn/x")])
    shelf = replay.Shelf([tmp_path])
    assert find(shelf, "http://a.cn/x") == (301, b"")
    assert find(shelf, "https://a.cn/x") == "https://a.cn/x is not in the archive, only http://a.cn/x, which leads there"


def test_a_page_as_a_browser_showed_it_is_for_who_asks_for_that(tmp_path):
    with Run(tmp_path, START) as run:
        run.answer("http://a.cn/1.htm", b"as sent")
        run.writer.resource("http://a.cn/1.htm", "text/html; charset=utf-8", b"as shown", at=START, about={"kind": "browser"})
    shelf = replay.Shelf([tmp_path])
    assert find(shelf, "http://a.cn/1.htm", kind="browser") == (200, b"as shown")
    assert find(shelf, "http://a.cn/1.htm") == (200, b"as sent")


def test_the_handler_answers_as_a_server_would(tmp_path):
    with Run(tmp_path, START) as run:
        run.answer("http://a.cn/", gzip.compress(b"<p>page</p>"), headers=[("Content-Encoding", "gzip")])
        run.answer("http://a.cn/large", bytes(2000))
    answers = handler(tmp_path, DOWNLOAD_MAXSIZE=1000)

    async def ask(url):
        return await answers.download_request(Request(url))

    assert asyncio.run(ask("http://a.cn/")).headers["Content-Encoding"] == b"gzip"
    assert asyncio.run(ask("http://a.cn/robots.txt")).status == 404
    with pytest.raises(replay.NotArchived):
        asyncio.run(ask("http://a.cn/none"))
    with pytest.raises(DownloadCancelledError):
        asyncio.run(ask("http://a.cn/large"))


async def breaks_off(exchange):
    exchange.abort()


def stored(path):
    """What a crawl has made of its pages."""
    connection = sqlite3.connect(path)
    try:
        return {
            question: sorted(connection.execute(question).fetchall(), key=repr)
            for question in (
                "SELECT url, title, body_text, content_hash FROM articles",
                # What robots.txt disallows was not asked for: it has no archived moment.
                "SELECT key, verdict, why, status, kind, iif(verdict = 'robots', NULL, fetched_at), next_visit FROM pages",
            )
        }
    finally:
        connection.close()


def test_a_crawl_of_a_difficult_server_is_repeated_to_the_letter(tmp_path):
    """Retries, redirects, what is gone, what refuses, what breaks off, robots.txt with a long delay; then without the server."""
    at = "http://news.example/202611/t20261101_{}.html".format
    with FaultServer() as server:
        server.page("http://news.example/robots.txt", "User-agent: *\nDisallow: /private/\n")
        urls = [*map(at, range(8)), "http://news.example/private/202611/t20261101_9.html"]
        server.on("http://news.example/", in_turn(status(503), status(200, list_page(urls))))
        for number in range(3):
            server.page(
                at(number), article_page(title=f"港区码头第{number}次开工", text=f"第{number}艘渔船清晨进港。" * 9), gzipped=True
            )
        server.on(at(3), redirect(at(2)))
        server.on(at(4), status(404, "gone"))
        server.on(at(5), status(500))
        server.on(at(6), breaks_off)
        server.on(at(7), in_turn(status(503, **{"Retry-After": "1"}), status(200, article_page(title="渔港今日开放给游人参观"))))
        sites = site_file(archive="pages")
        first = crawl(tmp_path, sites, proxy=server.base)
        asked = len(server.log)
    assert asked > 12
    again = crawl(
        tmp_path / "again", sites, "--all", "--replay", tmp_path / "news.archive", "--db", tmp_path / "again" / "news.db",
        proxy="http://127.0.0.1:9",
    )  # fmt: skip
    assert (again.code, again.stderr) == (first.code, first.stderr)
    before, after = stored(tmp_path / "news.db"), stored(tmp_path / "again" / "news.db")
    assert len(before["SELECT url, title, body_text, content_hash FROM articles"]) == 4
    for question, rows in before.items():
        assert after[question] == rows
    assert again.seconds < 30
