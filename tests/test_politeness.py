"""How requests leave: the pace that hosts ask for, as the server counts it, and the end of a run."""

import re
import signal
import time
from email.utils import formatdate
from itertools import pairwise

import pytest
from faultserver import FaultServer, article_page, articles, drip, hang, in_turn, list_page, rows, site_file, start, status

from newscrawl.pace import FIRST_PAUSE, LONGEST_PAUSE, Host


def stored(folder):
    return {url for (url,) in rows(folder, "SELECT url FROM articles")}


# -- the pace of a host, reckoned


def test_turns_are_taken_one_after_another():
    host = Host()
    assert host.turn(100.0, 1.0) == 100.0
    # Another crawler's turn comes after it, though nothing was sent yet.
    assert host.turn(100.2, 2.0) == 101.0
    assert host.turn(100.3, 1.0) == 103.0
    assert host.turn(500.0, 1.0) == 500.0
    host.paused = 510.0
    assert host.turn(501.5, 1.0) == 510.0


def test_the_least_span_counts_from_what_was_sent_last():
    host = Host()
    host.turn(100.0, 1.0)
    host.last, host.least = 100.0, 5.0
    assert host.turn(101.0, 5.0) == 105.0


def test_a_pause_that_nobody_named_doubles():
    host, now, spans = Host(), 1000.0, []
    for _ in range(7):
        span = host.complaint(now, now)
        host.paused = now + span
        spans.append(span)
        now = host.paused + 1
    assert spans == [FIRST_PAUSE, 60, 120, 240, 480, LONGEST_PAUSE, LONGEST_PAUSE]
    assert host.vain == 7
    host.good_answer(now)
    assert host.vain == 0
    # Ten quiet minutes later it is forgotten.
    assert host.complaint(now + LONGEST_PAUSE + 1, now + LONGEST_PAUSE) == FIRST_PAUSE


def test_answers_to_what_was_sent_before_are_one_complaint():
    host = Host()
    assert host.complaint(1000.0, 999.0) == FIRST_PAUSE
    host.paused = 1030.0
    assert host.complaint(1000.5, 999.5) == FIRST_PAUSE
    assert host.vain == 1
    host.good_answer(999.8)
    assert host.vain == 1
    assert host.complaint(1031.0, 1030.0, 5.0) == 5.0
    assert host.vain == 2


# -- pauses, in one crawl of several hosts


def hosts_that_ask_for_time(server):
    for name in ("seconds", "date", "other"):
        articles(server, f"{name}.example", 6)
    third = "http://{}.example/202611/t20261101_3.html"
    good = status(200, article_page("第三号船迟到"))
    server.on(third.format("seconds"), in_turn(status(503, Retry_After=2), good))
    now = time.time()
    # The host's clock is an hour behind.
    date = status(429, Date=formatdate(now - 3600, usegmt=True), Retry_After=formatdate(now - 3598, usegmt=True))
    server.on(third.format("date"), in_turn(date, good))
    server.page("http://slow.example/robots.txt", "User-agent: *\nCrawl-delay: 0.5\n")
    articles(server, "slow.example", 6)
    articles(server, "later.example", 6)
    server.on(re.compile(r"^http://later\.example/202611/"), status(503, Retry_After=7200))


def two_sites_on_one_host(server):
    for path in ("one", "two"):
        urls = [f"http://both.example/{path}/t20261101_{number}.html" for number in range(4)]
        for number, url in enumerate(urls):
            server.page(url, article_page(f"{path}线{number}号船进港"))
        server.page(f"http://both.example/{path}/", list_page(urls))
    return "".join(
        site_file("both.example", path, channels=(f"http://both.example/{path}/",), article=rf"/{path}/t\d+_\d+\.html")
        for path in ("one", "two")
    )


@pytest.fixture(scope="module")
def under_way(tmp_path_factory):
    """All crawls of this module, started at once: they wait most of the time."""
    with FaultServer() as server:
        running = {}

        def begin(name, sites, *arguments, **options):
            folder = tmp_path_factory.mktemp(name)
            running[name] = start(folder, sites, *arguments, proxy=server.base, **options)

        hosts_that_ask_for_time(server)
        sites = "".join(site_file(f"{name}.example", name) for name in ("seconds", "date", "other", "slow", "later"))
        begin("paced", sites, "--all", "--delay", 0, "--concurrency", 1)
        begin("both", two_sites_on_one_host(server), "--all", "--delay", 0.5, settings="DOWNLOAD_DELAY_JITTER = 0")
        for case, what in ENDS.items():
            set_up_end(server, case)
            begin(case, site_file(f"{case}.example"), *what["arguments"])
        running["looks-up"] = start(tmp_path_factory.mktemp("looks-up"), site_file("looks-up.example"), settings=SLOW_NAMES)
        yield server, running
        for run in running.values():
            if run.process.poll() is None:
                run.process.kill()


@pytest.fixture(scope="module")
def paced(under_way):
    server, running = under_way
    done = running["paced"].wait()
    assert done.stderr == ""
    return server, running["paced"].folder, done


@pytest.mark.parametrize("name", ["seconds", "date"])
def test_retry_after_pauses_the_whole_host(paced, name):
    server, folder, _ = paced
    asked = server.urls(rf"^http://{name}\.example/")
    number = next(n for n, url in enumerate(asked) if url.endswith("_3.html"))
    gaps = server.gaps(rf"^http://{name}\.example/")
    assert gaps[number] > 1.9
    assert len(asked) == 9
    assert len([url for url in stored(folder) if name in url]) == 6


def test_other_hosts_do_not_wait(paced):
    server, _, _ = paced
    again = server.moments(r"^http://seconds\.example/.*_3\.html")[1]
    assert len(server.moments(r"^http://other\.example/")) == 8
    assert max(server.moments(r"^http://other\.example/")) < again


def test_crawl_delay_is_kept_between_any_two_requests(paced):
    server, folder, _ = paced
    gaps = server.gaps(r"^http://slow\.example/")
    assert len(gaps) == 7
    # A busy machine notes one late and the next one in time: two in a row are looked at. Without the delay they are hundredths.
    assert min(one + other for one, other in pairwise(gaps)) > 0.5
    assert len([url for url in stored(folder) if "slow" in url]) == 6


def test_a_host_that_wants_hours_is_given_up(paced):
    server, folder, done = paced
    assert len(server.urls(r"^http://later\.example/202611/")) == 1
    assert done.seconds < 30
    waiting = rows(folder, "SELECT count(*) FROM pages WHERE url LIKE 'http://later.example/2026%' AND verdict = 'pending'")
    assert waiting == [(6,)]


def test_two_sites_on_one_host_share_its_pace(under_way):
    server, running = under_way
    assert running["both"].wait().code == 0
    host = r"^http://both\.example/"
    assert len(server.urls(host)) == 11
    assert min(one + other for one, other in pairwise(server.gaps(host))) > 0.5
    assert len(server.urls(host + "robots.txt")) == 1
    assert len(stored(running["both"].folder)) == 8
    # They take turns: neither waits until the other is done.
    asked = [url.split("/")[3] for url in server.urls(host + ".*_")]
    assert len(set(asked[:4])) == 2


# -- the end of a run

ENDS = {
    "queued": {"signal": signal.SIGTERM, "arguments": ("--all",), "asked": 3},
    "drips": {"signal": signal.SIGTERM, "arguments": ("--all", "--delay", 0, "--concurrency", 8), "asked": 9},
    "hangs": {"signal": signal.SIGINT, "arguments": ("--all", "--delay", 0, "--concurrency", 32), "asked": 20},
    "robots": {"signal": signal.SIGTERM, "arguments": ("--all", "--delay", 0), "asked": 0},
    "pauses": {"signal": signal.SIGTERM, "arguments": ("--all", "--delay", 0, "--concurrency", 1), "asked": 3},
    "crawls-slowly": {"signal": signal.SIGTERM, "arguments": ("-v", "--all", "--delay", 0), "asked": 0},
}


def set_up_end(server, case):
    host = f"{case}.example"
    urls = articles(server, host, 60)
    if case == "drips":
        for url in urls[20:]:
            server.on(url, drip(article_page(), every=1, start=300))
    elif case == "hangs":
        for url in urls[10:]:
            server.on(url, hang)
    elif case == "robots":
        server.on(f"http://{host}/robots.txt", hang)
    elif case == "pauses":
        # After three articles the host has enough, and does not say for how long.
        answered = [status(200, article_page(f"第{number}号船进港")) for number in range(3)]
        server.on(re.compile(rf"^http://{host}/202611/"), in_turn(*answered, status(429)))
    elif case == "crawls-slowly":
        server.page(f"http://{host}/robots.txt", "User-agent: *\nCrawl-delay: 86400\n")


SLOW_NAMES = """
import time
from newscrawl.resolver import Resolver
class Slow(Resolver):
    look_up = staticmethod(lambda name: time.sleep(60) or [])
TWISTED_DNS_RESOLVER = "test_settings.Slow"
"""


@pytest.fixture(scope="module")
def ended(under_way):
    """Each crawl gets its signal when it is in the state that its case is about."""
    server, running = under_way
    for case, what in ENDS.items():
        server.wait_for(rf"^http://{case}\.example/", what["asked"] + 1)
    server.wait_for(r"^http://pauses\.example/", 6)
    # Were the 429 not heeded, its address would be asked for again by now.
    time.sleep(1.5)
    before = {case: len(server.urls(rf"^http://{case}\.example/")) for case in ENDS}
    ending = {case: running[case] for case in (*ENDS, "looks-up")}
    for case, run in ending.items():
        run.signal(ENDS[case]["signal"] if case in ENDS else signal.SIGTERM)
        run.started = time.monotonic()
    return server, before, {case: (run.folder, run.wait()) for case, run in ending.items()}


@pytest.mark.parametrize("case", [*ENDS, "looks-up"])
def test_a_signal_ends_a_run_within_ten_seconds(ended, case):
    _, _, out = ended
    _, done = out[case]
    assert done.seconds < 10
    assert done.code == 0, done.stderr[-2000:]
    assert "ended early: shutdown" in done.stdout
    for word in ("Traceback", "was destroyed", "never retrieved", "Unhandled"):
        assert word not in done.stderr, done.stderr[-2000:]
    if case != "crawls-slowly":
        assert done.stderr == ""


@pytest.mark.parametrize("case", ENDS)
def test_what_was_fetched_is_stored_and_the_rest_waits(ended, case):
    server, _, out = ended
    folder, _ = out[case]
    articles_of = r"/t20261101_(\d+)\.html"
    asked = {url for url in server.urls(rf"^http://{case}\.example/") if re.search(articles_of, url)}
    number = {url: int(re.search(articles_of, url)[1]) for url in asked}
    whole = {
        "queued": asked,
        "drips": {url for url in asked if number[url] <= 20},
        "hangs": {url for url in asked if number[url] <= 10},
        "robots": set(),
        "pauses": set(server.urls(rf"^http://{case}\.example/202611/")[:3]),
        "crawls-slowly": set(),
    }[case]
    assert stored(folder) == whole
    found = len(rows(folder, "SELECT 1 FROM pages WHERE kind = 'article'"))
    assert found == (60 if asked else 0)
    assert rows(folder, "SELECT count(*) FROM pages WHERE kind = 'article' AND verdict = 'pending'") == [(found - len(whole),)]
    assert rows(folder, "SELECT reason, exit_code FROM runs") == [("shutdown", 0)]


def test_429_without_a_word_pauses_the_host(ended):
    server, before, _ = ended
    assert before["pauses"] == len(server.urls(r"^http://pauses\.example/")) == 6


def test_an_absurd_crawl_delay_is_capped_and_said_once(ended):
    _, before, out = ended
    assert before["crawls-slowly"] == 1
    _, done = out["crawls-slowly"]
    assert done.stderr.count("Crawl-delay 86400 is taken for 60 seconds") == 1
