"""robots.txt by RFC 9309: how it is read, and what a crawl does where it is odd, slow, broken or away."""

import sqlite3

import pytest
from faultserver import (
    FaultServer,
    article_page,
    articles,
    crawl,
    drip,
    hang,
    list_page,
    redirect,
    reset,
    site_file,
    status,
    truncate,
)

from newscrawl.robots import MAX_SIZE, Rules, origin_of

HOME = "http://news.example/robots.txt"


def allows(text, path):
    body = text.encode() if isinstance(text, str) else text
    return Rules.read(body, HOME).allows(f"http://news.example{path}")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        # The longest match counts, Allow wins a tie, no match allows (RFC 9309, 2.2.2 and 5.2).
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /example/page/\nAllow: /example/page/allowed.gif", "/example/page/allowed.gif", True),
        ("User-agent: *\nDisallow: /example/page/\nAllow: /example/page/allowed.gif", "/example/page/other.gif", False),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("", "/a", True),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        # * and $ (2.2.3)
        ("User-agent: *\nDisallow: /*.gif$", "/x/y.gif", False),
        ("User-agent: *\nDisallow: /*.gif$", "/x/y.gif?z", True),
        ("User-agent: *\nDisallow: /a*/z", "/abc/d/z/1", False),
        ("User-agent: *\nDisallow: *", "/x", False),
        # Groups: those of the product token, in any case, merged; else those of *, merged; else none (2.2.1).
        ("User-agent: *\nDisallow: /\n\nUser-agent: NewsCrawl\nAllow: /", "/a", True),
        ("User-agent: newscrawl\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: newscrawl\nDisallow: /b", "/a", False),
        ("User-agent: newscrawl\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: newscrawl\nDisallow: /b", "/b", False),
        ("User-agent: newscrawl\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", True),
        ("User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/a", False),
        ("User-agent: x\nUser-agent: newscrawl\nDisallow: /", "/a", False),
        ("User-agent: x\nDisallow: /", "/a", True),
        ("User-agent: newscrawl/0.1\nDisallow: /", "/a", False),
        # A name that newscrawl begins with is another's, and so is one that begins with newscrawl.
        ("User-agent: news\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: newscrawler\nDisallow: /", "/a", True),
        # Other lines do not come between the names of a group (2.2.4).
        ("User-agent: newscrawl\nNoindex: /x\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: newscrawl\nSitemap: http://news.example/s.xml\nUser-agent: other\nDisallow: /", "/a", False),
        # Line ends, comments, a byte order mark, blanks, control characters
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: * # all\r\nDisallow: /a # this\r\n", "/a", False),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("  User-agent:*\n\tDisallow:/a", "/a", False),
        ("User-agent: *\nDisallow: /a\x0bDisallow: /", "/c", True),
        # Octets: escaped or not is one, whatever the charset (2.2.2).
        ("User-agent: *\nDisallow: /内部", "/%E5%86%85%E9%83%A8/1", False),
        ("User-agent: *\nDisallow: /%e5%86%85%e9%83%a8", "/%E5%86%85%E9%83%A8/1", False),
        ("User-agent: *\nDisallow: /%7Ejoe", "/~joe", False),
        ("# 本站\nUser-agent: *\nDisallow: /内部/".encode("gb18030"), "/%C4%DA%B2%BF/1", False),
        ("# 本站\nUser-agent: *\nDisallow: /内部/".encode("gb18030"), "/%D0%C2%CE%C5/1", True),
        ("User-agent: *\nDisallow: /a".encode("utf-16"), "/a", False),
        # A page in its place has no rules, whatever it says.
        ("\n<!doctype html><pre>\nUser-agent: *\nDisallow: /\n</pre>", "/a", True),
    ],
)
def test_rules_are_read_as_the_rfc_has_them(text, path, allowed):
    assert allows(text, path) is allowed


def test_only_the_first_500_kib_count():
    filler = b"# " + b"x" * 97 + b"\n"
    head = b"User-agent: *\nDisallow: /first\n" + filler * (MAX_SIZE // len(filler))
    assert allows(head + b"Disallow: /behind\n", "/first") is False
    assert allows(head + b"Disallow: /behind\n", "/behind") is True
    # The line that is cut is no rule.
    cut = b"User-agent: *\n" + filler * ((MAX_SIZE - 20) // len(filler))
    assert allows(cut + b"Disallow: /" + b"a" * 200, "/aaaa") is True


def test_crawl_delay_and_sitemaps():
    text = (
        "Sitemap: /news.xml\nUser-agent: *\nCrawl-delay: 9\n\nUser-agent: newscrawl\nCrawl-delay: 2.5\n"
        "sitemap: http://cdn.example/a.xml\nSitemap: file:///etc/passwd\nSitemap: /news.xml\n"
    )
    rules = Rules.read(text.encode(), HOME)
    assert rules.delay == 2.5
    assert rules.sitemaps == ["http://news.example/news.xml", "http://cdn.example/a.xml"]
    assert rules.body == text.encode()
    assert Rules.read(b"User-agent: *\nCrawl-delay: soon", HOME).delay == 0


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://News.Example:80/a?b", "http://news.example"),
        ("https://news.example:443/", "https://news.example"),
        ("https://news.example:80/", "https://news.example:80"),
        ("http://news.example.:8080/", "http://news.example:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, origin):
    assert origin_of(url) == origin


# -- crawls

OPEN = ("none", "denied", "page", "moved", "empty")
"""Hosts whose robots.txt lets all be fetched."""
SHUT = {
    "unavailable": "robots.txt answers 503: nothing may be fetched",
    "toomany": "robots.txt answers 429: nothing may be fetched",
    "hangs": "robots.txt does not answer within 2 s: nothing may be fetched",
    "drips": "robots.txt does not answer within 2 s: nothing may be fetched",
    "resets": "robots.txt cannot be had",
    "cut": "robots.txt cannot be had",
    "loops": "robots.txt redirects more than 5 times: nothing may be fetched",
    "inward": "robots.txt leads astray",
    "local": "robots.txt leads astray",
}
"""Hosts whose robots.txt cannot be had, and what is said of it."""
ASKED = {"loops": 6, "far": 1, "moved": 1}
"""How often their robots.txt is asked for, where it is not once."""


def set_up(server, inner):
    for name in (*OPEN, *SHUT, "far", "partly"):
        articles(server, f"{name}.example", 2)
        server.page(f"http://{name}.example/second/", list_page([f"http://{name}.example/202611/t20261101_9.html"]))
        server.page(f"http://{name}.example/202611/t20261101_9.html", article_page(f"{name}港第九号船进港"))
    for name, handler in {
        "denied": status(403),
        "page": status(200, "<html><body>Disallow: /</body></html>"),
        "empty": status(200),
        "moved": redirect("http://moved.example/elsewhere.txt", 301),
        "unavailable": status(503),
        "toomany": status(429),
        "hangs": hang,
        "drips": drip("User-agent: *\nAllow: /\n", every=0.5),
        "resets": reset,
        "cut": truncate("User-agent: *\nAllow: /\n"),
        "loops": redirect("http://loops.example/robots.txt"),
        "inward": redirect(f"{inner.base}/robots.txt"),
        "local": redirect("file:///etc/hostname"),
        # Five hops, over another host; the rules count where the first hop began.
        "far": redirect("http://hop.example/2"),
        "partly": status(200, "User-agent: *\nDisallow: /202611/t20261101_2\n"),
    }.items():
        server.on(f"http://{name}.example/robots.txt", handler)
    for hop in (2, 3, 4, 5):
        server.on(f"http://hop.example/{hop}", redirect(f"/{hop + 1}"))
    server.page("http://hop.example/6", "User-agent: *\nDisallow: /202611/t20261101_1\n")
    server.page("http://moved.example/elsewhere.txt", "User-agent: other\nDisallow: /\n")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """One crawl of a site on all these hosts."""
    folder = tmp_path_factory.mktemp("robots")
    hosts = [f"{name}.example" for name in (*OPEN, *SHUT, "far", "partly")]
    channels = [f"http://{host}/{path}" for host in hosts for path in ("", "second/")]
    with FaultServer() as inner, FaultServer() as server:
        set_up(server, inner)
        site = site_file("none.example", hosts=tuple(hosts), channels=tuple(channels))
        done = crawl(folder, site, "--all", "--delay", 0, proxy=server.base, settings="NEWSCRAWL_ROBOTS_TIMEOUT = 2")
        yield server, inner, folder / "news.db", done


def pages(server, name):
    return {url.partition(".example")[2] for url in server.urls(rf"^http://{name}\.example/") if "robots.txt" not in url}


ALL = {"/", "/second/", *(f"/202611/t20261101_{number}.html" for number in (1, 2, 9))}


@pytest.mark.parametrize("name", OPEN)
def test_what_has_no_rules_is_open(crawled, name):
    server, _, _, _ = crawled
    assert pages(server, name) - {"/elsewhere.txt"} == ALL


@pytest.mark.parametrize("name", SHUT)
def test_where_robots_txt_cannot_be_had_nothing_is_fetched(crawled, name):
    server, _, path, done = crawled
    assert pages(server, name) == set()
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT why FROM pages WHERE url = ?", (f"http://{name}.example/",)).fetchall()
    connection.close()
    assert len(found) == 1
    assert found[0][0].startswith(SHUT[name])
    assert done.seconds < 30


def test_rules_are_obeyed_also_after_five_redirects(crawled):
    server, _, _, _ = crawled
    assert pages(server, "far") == ALL - {"/202611/t20261101_1.html"}
    assert pages(server, "partly") == ALL - {"/202611/t20261101_2.html"}


@pytest.mark.parametrize("name", [*OPEN, *SHUT, "far", "partly"])
def test_robots_txt_is_asked_for_once(crawled, name):
    """Two lists wait for one answer, and what fails is not tried again."""
    server, _, _, _ = crawled
    assert len(server.urls(rf"^http://{name}\.example/robots\.txt")) == ASKED.get(name, 1)


def test_a_private_address_is_not_asked_for_robots_txt(crawled):
    _, inner, _, done = crawled
    assert inner.log == []
    assert "Traceback" not in done.stderr
