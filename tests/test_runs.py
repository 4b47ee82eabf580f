"""Runs that nobody watches: locks, kills, the ledger, exit codes, what goes to standard error and what does not."""

import os
import re
import signal
import time

import pytest
from faultserver import FaultServer, article_page, articles, crawl, drip, hang, list_page, rows, site_file, start, status

from newscrawl import lock, verdict

HOST = "news.example"
HOME = f"http://{HOST}/"


@pytest.fixture
def server():
    with FaultServer() as server:
        yield server


def test_a_second_run_of_a_site_ends_at_once_with_75(server, tmp_path):
    articles(server, HOST, 30)
    first = start(tmp_path, site_file(), "--all", "--delay", 0.5, proxy=server.base)
    server.wait_for("/t2026", 2)
    second = crawl(tmp_path, site_file(), proxy=server.base)
    assert second.code == 75
    assert f"news: news is being crawled by process {first.process.pid} since" in second.stdout
    assert second.seconds < 5
    # Another site of the same database is free.
    articles(server, "other.example", 2)
    both = site_file() + site_file("other.example", "other")
    third = crawl(tmp_path, both, proxy=server.base)
    assert third.code == 0
    assert "other: 2 new" in third.stdout
    assert "news is being crawled by process" in third.stdout + third.stderr
    first.signal(signal.SIGKILL)
    first.process.wait()
    # The kernel freed the lock with the process: nothing is stale.
    fourth = crawl(tmp_path, site_file(), proxy=server.base)
    assert fourth.code == 0
    assert rows(tmp_path, "SELECT count(*) FROM articles WHERE site = 'news'") == [(30,)]
    killed, last = rows(
        tmp_path, "SELECT reason, exit_code, finished_at IS NOT NULL, new FROM runs WHERE site = 'news' ORDER BY id"
    )
    assert killed[:3] == ("killed", 137, 1)
    assert last == ("finished", 0, 1, 30 - killed[3])


def test_scrapy_crawl_keeps_to_the_lock_too(server, tmp_path, run_newscrawl):
    articles(server, HOST, 3)
    crawl(tmp_path, site_file(), proxy=server.base)
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = test_settings\n")
    with lock.acquire(tmp_path / "news.db", "news"):
        before = len(server.log)
        done = run_newscrawl(
            "crawl", "news", "-s", "LOG_LEVEL=ERROR", program="scrapy", proxy=server.base, SCRAPY_SETTINGS_MODULE="test_settings"
        )
    assert f"news is being crawled by process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr
    assert server.urls()[before:] == []
    assert rows(tmp_path, "SELECT count(*) FROM runs") == [(1,)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_in_order(server, tmp_path, number):
    """Within ten seconds, with a queue of requests, a page that drips and one that hangs; all that came is stored."""
    urls = articles(server, HOST, 40)
    server.on(urls[3], drip(article_page("滴水"), every=1.0))
    server.on(urls[5], hang)
    running = start(tmp_path, site_file(), "--all", "--delay", 0.3, "--concurrency", 4, proxy=server.base)
    server.wait_for("/t2026", 9)
    time.sleep(0.2)
    begun = time.monotonic()
    running.signal(number)
    done = running.wait(30)
    assert time.monotonic() - begun < 10
    assert done.code == 0
    assert "ended early: shutdown" in done.stdout
    assert "Traceback" not in done.stderr
    answered = len({*server.urls("/t2026")} - {urls[3], urls[5]})
    stored = rows(tmp_path, "SELECT count(*) FROM articles")[0][0]
    assert answered - 4 <= stored <= answered
    assert rows(tmp_path, "SELECT reason, exit_code, new FROM runs") == [("shutdown", 0, stored)]
    assert rows(tmp_path, "SELECT count(*) FROM pages WHERE kind = 'article' AND verdict NOT IN ('article', 'pending')") == [(0,)]
    for url in (urls[3], urls[5]):
        server.page(url, article_page(f"补来的{url[-6]}"))
    assert crawl(tmp_path, site_file(), proxy=server.base).code == 0
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(40,)]


def test_one_site_that_fails_leaves_the_others(server, tmp_path):
    sites = ""
    for name in ("one", "two", "three"):
        sites += site_file(f"{name}.example", name)
        articles(server, f"{name}.example", 3)
    server.on("http://two.example/robots.txt", status(503))
    server.page("http://three.example/", list_page([]), status=404)
    done = crawl(tmp_path, sites, proxy=server.base)
    assert done.code == 1
    assert "one: 3 new" in done.stdout
    assert "two: failed: no page could be fetched (robots.txt answers 503: nothing may be fetched)" in done.stderr
    assert "three: failed: no page could be fetched (status 404)" in done.stderr
    assert rows(tmp_path, "SELECT site, exit_code, state FROM runs ORDER BY site") == [
        ("one", 0, "new"),
        ("three", 1, "red"),
        ("two", 1, "red"),
    ]
    assert server.urls("two.example/(?!robots)") == []


def test_a_failure_is_said_once_on_standard_error(server, tmp_path):
    server.page(HOME, "", status=500)
    settings = "RETRY_ENABLED = False"
    first = crawl(tmp_path, site_file(), proxy=server.base, settings=settings)
    again = crawl(tmp_path, site_file(), proxy=server.base, settings=settings)
    assert (first.code, again.code) == (1, 1)
    assert "news: failed: no page could be fetched (status 500)" in first.stderr
    # Cron mails standard error: an hour later there is nothing new to say.
    assert again.stderr == ""
    assert "news: failed: no page could be fetched (status 500)" in again.stdout
    articles(server, HOST, 2)
    mended = crawl(tmp_path, site_file(), proxy=server.base, settings=settings)
    assert mended.code == 0
    assert rows(tmp_path, "SELECT state FROM runs ORDER BY id DESC LIMIT 1") in ([("new",)], [("green",)])


BLOCKS = {
    "blocked": "<html><head><title>403 Forbidden</title></head><body><h1>您的访问过于频繁，已被拦截</h1></body></html>",
    "captcha": "<html><head><title>安全验证</title></head><body><p>请输入验证码</p><input name='captcha'></body></html>",
    "login": "<html><head><title>用户登录</title></head><body><form><input type='password'></form><p>请先登录</p></body></html>",
}


@pytest.mark.parametrize("word", BLOCKS)
def test_several_block_pages_in_a_row_end_a_run(server, tmp_path, word):
    urls = articles(server, HOST, 60)
    for url in urls[10:]:
        server.page(url, BLOCKS[word])
    done = crawl(tmp_path, site_file(), "--all", "--delay", 0, "--concurrency", 1, proxy=server.base)
    assert word in verdict.REFUSALS
    assert "ended early: blocked" in done.stdout
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(10,)]
    refused = rows(
        tmp_path, "SELECT verdict, count(*) FROM pages WHERE kind = 'article' AND verdict <> 'pending' GROUP BY 1 ORDER BY 1"
    )
    assert dict(refused)["article"] == 10
    assert 5 <= dict(refused)[word] <= 8
    assert len(server.urls("/t2026")) <= 10 + 8
    assert rows(tmp_path, "SELECT reason FROM runs") == [("blocked",)]


def test_a_site_that_is_blocked_from_the_first_page_on_fails(server, tmp_path):
    urls = articles(server, HOST, 60)
    for url in urls:
        server.page(url, BLOCKS["captcha"])
    done = crawl(tmp_path, site_file(), "--all", "--delay", 0, "--concurrency", 1, proxy=server.base)
    assert done.code == 1
    assert re.search(r"news: failed: blocked: [5-8] captcha", done.stderr)


def test_soft_404s_and_empty_pages_are_refused_and_end_nothing(server, tmp_path):
    urls = articles(server, HOST, 20)
    for url in urls[2:12]:
        server.page(url, "<html><head><title>404</title></head><body><h1>抱歉，您访问的页面不存在</h1></body></html>")
    for url in urls[12:18]:
        server.page(url, "")
    done = crawl(tmp_path, site_file(), proxy=server.base)
    assert "4 new" in done.stdout
    counts = dict(rows(tmp_path, "SELECT verdict, count(*) FROM pages WHERE kind = 'article' GROUP BY verdict"))
    assert counts == {"article": 4, "soft404": 10, "empty": 6}


def test_the_first_run_asks_for_a_contact_address_and_keeps_it(server, tmp_path):
    articles(server, HOST, 1)
    unset = {"NEWSCRAWL_CONTACT": ""}
    first = crawl(tmp_path, site_file(), proxy=server.base, **unset)
    second = crawl(tmp_path, site_file(), proxy=server.base, **unset)
    third = crawl(tmp_path, site_file(), "--all", "--delay", 0, "--contact", "desk@example.org", proxy=server.base, **unset)
    fourth = crawl(tmp_path, site_file(), proxy=server.base, **unset)
    assert "NEWSCRAWL_CONTACT" in first.stderr
    assert [run.stderr for run in (second, third, fourth)] == ["", "", ""]
    agents = list(dict.fromkeys(asked.headers["user-agent"] for asked in server.log))
    assert agents == [agents[0], f"{agents[0]} (+desk@example.org)"]
    assert server.log[-1].headers["user-agent"] == agents[1]


def test_the_ledger_knows_what_a_run_did(server, tmp_path):
    urls = articles(server, HOST, 6)
    server.page(urls[0], "", status=404)
    server.on(urls[1], status(500))
    crawl(tmp_path, site_file(), proxy=server.base)
    names = "statuses, verdicts, links, retries, slowest_host, slowest_seconds > 0, peak_memory > 30000000, requests, new, failed, refused"
    ((statuses, verdicts, links, *others),) = rows(tmp_path, f"SELECT {names} FROM runs")
    assert statuses == '{"200":5,"404":2,"500":3}' or '"500": 3' in statuses
    assert '"gone"' in verdicts
    assert links is not None
    assert others == [2, HOST, 1, 1, 10, 4, 1, 1]
    filled = dict(rows(tmp_path, "SELECT field, filled FROM run_fields"))
    assert (filled["title"], filled["source"], filled["editor"]) == (4, 4, 0)


def test_four_processes_on_one_database(server, tmp_path):
    sites = ""
    for number in range(4):
        sites += site_file(f"s{number}.example", f"s{number}")
        articles(server, f"s{number}.example", 60)
    crawl(tmp_path, sites, "s0", "--delay", 0, "--limit", 1, proxy=server.base)
    running = [
        start(
            tmp_path / f"p{number}",
            sites,
            f"s{number}",
            "--delay",
            0,
            "--concurrency",
            8,
            proxy=server.base,
            NEWSCRAWL_DB=str(tmp_path / "news.db"),
        )
        for number in range(4)
    ]
    done = [process.wait() for process in running]
    assert [run.code for run in done] == [0, 0, 0, 0], [run.stderr for run in done]
    assert not any("locked" in run.stdout + run.stderr for run in done)
    assert rows(tmp_path, "SELECT site, count(*) FROM articles GROUP BY site") == [(f"s{number}", 60) for number in range(4)]
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
