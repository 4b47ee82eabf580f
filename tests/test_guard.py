"""Where a crawl may go and what it may take: addresses, names, redirects, incomplete bodies, bombs."""

import ipaddress

import pytest
from faultserver import (
    FaultServer,
    article_page,
    articles,
    bomb,
    break_chunks,
    crawl,
    drip,
    list_page,
    redirect,
    reset,
    rows,
    site_file,
    start,
    truncate,
)

from newscrawl.resolver import is_public, refusal


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7F.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "127。0。0。1",
        "１２７．０．０．１",
        "127｡0｡0｡1",
        "①②⑦.0.0.1",
        "%31%32%37.0.0.1",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[2002:7f00:1::]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[fe80::1%25eth0]",
        "[fec0::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::]",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "4294967297",
        "127.0.0.256",
        "1.2.3.4.5",
        "09.0.0.1",
        "",
    ],
)
def test_no_spelling_of_an_address_that_is_not_public(host):
    assert refusal(host) is not None


@pytest.mark.parametrize(
    "host",
    ["news.example", "8.8.8.8", "134744072", "[2606:4700::1111]", "127.news.example", "1.com", "新闻.中国"],
)
def test_names_and_public_addresses_pass(host):
    assert refusal(host) is None


def test_what_the_registries_call_global_is_not_enough():
    for address in ("224.0.0.1", "::ffff:192.168.0.1", "2002:0a00:1::", "2001:0:a00:1::"):
        assert not is_public(ipaddress.ip_address(address)), address


# -- names, without a proxy

NAMES = """
from newscrawl.resolver import Resolver
class Table(Resolver):
    look_up = staticmethod(lambda name: {
        "inward.example": ["127.0.0.1"],
        "mixed.example": ["93.184.216.34", "127.0.0.1"],
        "shared.example": ["100.64.0.1"],
        "localhost": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"],
    }[name])
TWISTED_DNS_RESOLVER = "test_settings.Table"
"""


def test_a_name_that_leads_inward_is_not_connected_to(tmp_path):
    """The table stands for a name server in foreign hands; the rest is the crawl's own way to a connection."""
    with FaultServer() as shut, FaultServer() as server:
        names = ("inward", "mixed", "shared")
        ports = {each: each.base.rpartition(":")[2] for each in (shut, server)}
        sites = {each: "".join(site_file(f"{name}.example:{port}", name) for name in names) for each, port in ports.items()}
        for each, port in ports.items():
            for host in (*(f"{name}.example" for name in names), "localhost", "127.0.0.1"):
                articles(each, f"{host}:{port}", 2)
        closed = start(tmp_path / "closed", sites[shut], "--all", "--delay", 0, settings=NAMES)
        # The same names with leave; and a site that is on such an address, and says so.
        leave = NAMES + "NEWSCRAWL_ALLOW_PRIVATE = True"
        opened = [
            start(tmp_path / "open", sites[server], "inward", "--delay", 0, settings=leave),
            start(tmp_path / "name", site_file(f"localhost:{ports[server]}"), "--all", "--delay", 0, settings=NAMES),
            start(tmp_path / "number", site_file(f"127.0.0.1:{ports[server]}"), "--all", "--delay", 0),
        ]
        assert closed.wait().code == 1
        assert shut.log == []
        why = dict(rows(closed.folder, "SELECT site, why FROM pages"))
        assert "127.0.0.1, which is not a public address" in why["inward"]
        assert "127.0.0.1, which is not a public address" in why["mixed"]
        assert "100.64.0.1, which is not a public address" in why["shared"]
        assert {verdict for (verdict,) in rows(closed.folder, "SELECT verdict FROM pages")} == {"offsite"}
        for running in opened:
            done = running.wait()
            assert (done.code, done.stderr) == (0, ""), running.folder
            assert rows(running.folder, "SELECT count(*) FROM articles") == [(2,)], running.folder


# -- redirects

LEADS = {
    1: "file:///etc/passwd",
    2: "ftp://127.0.0.1/x",
    3: "data:text/html,<h1>x</h1>",
    4: "http://other.example/202611/t20261101_4.html",
    5: "{inner}/202611/t20261101_5.html",
    6: "http://[::1]/x",
    7: "//127.1/x",
    8: "http://news.example@127.0.0.1/x",
    9: "http://127.0.0.1\\@news.example/x",
    10: "http://0x7f000001/x",
    11: "http://[::ffff:10.0.0.1]/x",
    12: "http://127。0。0。1/x",
    13: "http://[::1",
    14: "http://169.254.169.254/latest/meta-data",
    15: "https://other.example/x",
    16: "http://news.example.other.example/x",
    17: "http://othernews.example/x",
    18: "http://user:word@news.example/x",
    19: "javascript:alert(1)",
    20: "http://news.example/202611/t20261101_20.html",
}


def test_redirects_lead_nowhere_else(tmp_path):
    """Twenty forms; the server would answer for any host, and another listens where the inner ones lead."""
    with FaultServer() as server, FaultServer() as inner:
        urls = articles(server, "news.example", len(LEADS) + 1)
        for number, to in LEADS.items():
            server.on(urls[number - 1], redirect(to.format(inner=inner.base).encode().decode("latin-1")))
        done = crawl(tmp_path, site_file(), proxy=server.base, https_proxy=server.base)
        assert done.code == 0
        assert "Traceback" not in done.stderr
        assert inner.log == []
        assert {url for url in server.urls() if not url.startswith("http://news.example/")} == set()
        # What leads nowhere is no article; the one plain page beside them is.
        assert rows(tmp_path, "SELECT url FROM articles") == [(urls[-1],)]
        verdicts = dict(rows(tmp_path, "SELECT url, verdict FROM pages WHERE kind = 'article'"))
        assert len(verdicts) == len(urls)
        for number in (4, 5, 6, 7, 8, 10, 11, 12, 14, 15, 16, 17, 18):
            assert verdicts[urls[number - 1]] == "offsite", LEADS[number]
        assert "article" not in {verdicts[url] for url in urls[:-1]}


# -- bodies


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """A crawl of pages that do not come whole, and one of pages that do, side by side."""
    whole, broken = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("broken")
    with FaultServer() as server:
        articles(server, "whole.example", 8)
        urls = articles(server, "broken.example", 8)
        page = article_page("半截的新闻")
        for url, handler in zip(
            urls,
            (
                truncate(page),
                break_chunks(page),
                drip(page + " " * 30, every=0.5, start=len(page.encode())),
                reset,
                bomb("gzip"),
                bomb("deflate"),
                bomb("br"),
            ),
            strict=False,
        ):
            server.on(url, handler)
        settings = "DOWNLOAD_TIMEOUT = 3\nRETRY_TIMES = 0"
        runs = [
            start(folder, site_file(f"{name}.example"), "--all", "--delay", 0, proxy=server.base, settings=settings, fresh=True)
            for name, folder in (("whole", whole), ("broken", broken))
        ]
        yield urls, broken, whole, [run.wait() for run in runs]


def test_what_is_not_whole_is_not_stored(taken):
    urls, folder, _, (_, done) = taken
    assert done.code == 0
    assert "Traceback" not in done.stderr
    assert rows(folder, "SELECT url FROM articles") == [(urls[-1],)]
    failed = dict(rows(folder, "SELECT url, verdict FROM pages WHERE kind = 'article'"))
    assert {failed[url] for url in urls[:-1]} == {"error"}
    assert all(why for (why,) in rows(folder, "SELECT why FROM pages WHERE verdict = 'error'"))


def test_bombs_do_not_fill_the_memory(taken):
    """300 MB each, unpacked; a page may have 6 MiB."""
    _, folder, whole, _ = taken
    ((plain,),) = rows(whole, "SELECT peak_memory FROM runs")
    ((bombed,),) = rows(folder, "SELECT peak_memory FROM runs")
    assert bombed < plain + 60_000_000
    assert bombed < 150_000_000


def test_list_pages_are_guarded_too(tmp_path):
    """A list that is elsewhere by now: the run fails and says where it was sent."""
    with FaultServer() as server:
        server.on("http://news.example/", redirect("http://127.0.0.1/"))
        server.page("http://127.0.0.1/", list_page(["http://news.example/202611/t20261101_1.html"]))
        done = crawl(tmp_path, site_file(), proxy=server.base)
        assert done.code == 1
        assert "127.0.0.1" in done.stderr
        assert server.urls("//127") == []
