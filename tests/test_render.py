"""Pages in a real Chromium: what it fills, what it may load, and what becomes of a block when it cannot be asked."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from faultserver import ROOT, FaultServer, article_page, crawl, list_page, rows, site_file, status
from scrapy.settings import Settings

from newscrawl import render
from newscrawl.render import Unavailable

pytestmark = pytest.mark.skipif(
    render.available() is None, reason="no browser: needs the extra render and Chromium on PATH or in CHROMIUM"
)

HOST = "http://news.example"
EMPTY = '<div class="box"><h3>相关新闻</h3><ul id="xgxw"></ul></div><script src="/js/fill.js"></script>'
ITEMS = [{"title": f"港区{n}号泊位本周检修", "url": f"/202611/t20261101_{n}9.html"} for n in "三一二"]
# No address stands in the page, nor can one be put together from it.
SCRIPT = """
var parts = location.pathname.match(/_(\\d+)\\.html/), place = ["api", "related", parts[1]].join("/");
function more() {
  var request = new XMLHttpRequest();
  request.onload = function () {
    if (request.status !== 200) { return; }
    JSON.parse(request.responseText).forEach(function (one) {
      document.getElementById("xgxw").innerHTML += '<li><a href="' + one.url + '">' + one.title + "</a></li>";
    });
  };
  request.open("GET", "/" + place, true);
  request.send();
}
setTimeout(more, 50);
"""
# What a page does besides; none of it may be done for it.
NUISANCE = """
new Image().src = "http://img.example/pixel.gif";
fetch("http://127.0.0.1:8/private"); fetch("http://192.168.1.1/router"); fetch("http://elsewhere.example/x.json");
navigator.sendBeacon("/beacon", "x");
fetch("/post", { method: "DELETE" }).catch(function () {});
try { new WebSocket("ws://news.example/socket"); } catch (error) {}
setTimeout(function () { location.href = "/elsewhere.html"; }, 10);
"""


def url_of(number):
    return f"{HOST}/202611/t20261101_{number}.html"


SETTINGS = "AUTOTHROTTLE_ENABLED = False\nRETRY_TIMES = 0"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Pages that a browser has to fill: one good, one full of nuisances, one whose endpoint fails, one that robots.txt forbids."""
    folder = tmp_path_factory.mktemp("render")
    with FaultServer() as server:
        more = {
            1: EMPTY,
            2: f'<link rel="stylesheet" href="/style.css"><img src="/big.jpg">{EMPTY}<script>{NUISANCE}</script>',
            3: EMPTY,
            4: EMPTY.replace("fill.js", "forbidden.js"),
            5: f"<h3>相关新闻</h3><ul><li><a href='{url_of(1)}'>港区一号船清晨进港</a></li></ul>",
        }
        for number, below in more.items():
            server.page(url_of(number), article_page(f"港区第{number}号船进港", more=below))
            server.page(f"{HOST}/api/related/{number}", json.dumps(ITEMS), headers={"Content-Type": "application/json"})
        server.on(f"{HOST}/api/related/3", status(503))
        server.page(f"{HOST}/js/fill.js", SCRIPT, headers={"Content-Type": "application/javascript"})
        server.page(f"{HOST}/js/forbidden.js", SCRIPT, headers={"Content-Type": "application/javascript"})
        server.page(f"{HOST}/robots.txt", "User-agent: *\nDisallow: /js/forbidden.js\n")
        server.page(f"{HOST}/", list_page([url_of(number) for number in more]))
        site = site_file(discover=False, follow_depth=0, render=True)
        done = crawl(folder, site, proxy=server.base, settings=SETTINGS)
        assert done.code == 0, done.stderr
        yield server, folder


def block_of(folder, number):
    (found,) = rows(
        folder,
        "SELECT b.filled_by, b.links, a.flags LIKE '%unanswered%' FROM articles a JOIN article_blocks b ON b.article_id = a.id WHERE a.url = ?",
        url_of(number),
    )
    return found


def test_a_block_that_a_script_fills_is_stored_in_its_order(crawled):
    _, folder = crawled
    assert block_of(folder, 1) == ("browser", 3, 0)
    links = rows(
        folder,
        "SELECT l.title, l.url FROM article_links l JOIN articles a ON a.id = article_id WHERE a.url = ? ORDER BY position",
        url_of(1),
    )
    assert links == [(one["title"], f"{HOST}{one['url']}") for one in ITEMS]
    # The rest of the article is as it was read.
    assert rows(folder, "SELECT title FROM articles WHERE url = ?", url_of(1)) == [("港区第1号船进港",)]


def test_the_browser_loads_what_scripts_need_and_nothing_else(crawled):
    server, folder = crawled
    assert block_of(folder, 2) == ("browser", 3, 0)
    asked = {one.url for one in server.log}
    assert {
        f"{HOST}/api/related/2",
        f"{HOST}/js/fill.js",
        "http://elsewhere.example/robots.txt",
        "http://elsewhere.example/x.json",
    } <= asked
    assert not [
        url for url in asked if re.search(r"pixel|private|router|beacon|socket|style\.css|big\.jpg|elsewhere\.html|/post", url)
    ]
    assert {one.method for one in server.log} == {"GET"}
    # It speaks as the crawl does, and by the crawl's proxy: there is no other way to this host.
    assert {one.headers["user-agent"].partition("/")[0] for one in server.log} == {"newscrawl"}


def test_the_page_itself_and_a_script_of_many_pages_are_asked_for_once(crawled):
    server, _ = crawled
    for url in (url_of(1), url_of(2), f"{HOST}/js/fill.js"):
        assert len(server.urls(re.escape(url))) == 1, url


def test_an_endpoint_that_fails_in_the_browser_is_asked_again(crawled):
    _, folder = crawled
    assert block_of(folder, 3) == ("unanswered", 0, 1)


def test_robots_hold_for_what_a_page_loads(crawled):
    server, folder = crawled
    assert server.urls("forbidden") == []
    assert server.urls("related/4") == []
    assert block_of(folder, 4) == ("unanswered", 0, 0)


def test_a_page_without_an_empty_block_is_not_rendered(crawled):
    server, folder = crawled
    assert block_of(folder, 5) == ("page", 1, 0)
    assert server.urls("related/5") == []


BY_BROWSER = """
from newscrawl.spiders.dzwww import Dzwww


class Shown:
    channel = "^$"
    discover = False
    follow_depth = 0
    max_list_pages = 1
    render = True

    def _go_on(self, item):
        for block in getattr(item, "blocks", ()):
            block.asks = []
        yield from super()._go_on(item)


class Yantai(Shown, Dzwww.edition("yantai")):
    name = "by_jsonp"
    channels = ("http://yantai.dzwww.com/news/",)


class Weihai(Shown, Dzwww.edition("weihai")):
    name = "by_json"
    channels = ("http://weihai.dzwww.com/minsheng/index_2.htm",)
"""


def test_the_sample_is_filled_as_its_endpoints_fill_it(sample, tmp_path):
    site, base = sample
    done = crawl(tmp_path, BY_BROWSER, "--all", "--delay", 0, "--limit", 8, proxy=base, settings=SETTINGS)
    assert done.code == 0, done.stderr
    truth = {article.url: article for article in site.articles}
    filled = set()
    for number, url in rows(tmp_path, "SELECT id, url FROM articles"):
        links = rows(
            tmp_path,
            "SELECT title, url, published_raw, source FROM article_links WHERE article_id = ? AND kind = 'related' ORDER BY position",
            number,
        )
        article = truth[url]
        assert links == [(link.title, link.url, link.time, link.source) for link in article.related or ()], url
        if links:
            filled.add((article.host, article.layout))
    # JSONP, and JSON whose address the page's script puts together.
    assert {("yantai.dzwww.com", "2018"), ("weihai.dzwww.com", "2016")} <= filled


def test_without_the_extra_a_crawl_goes_on(tmp_path):
    absent = tmp_path / "scrapy_playwright"
    absent.mkdir()
    (absent / "__init__.py").write_text("raise ImportError('not installed')")
    with FaultServer() as server:
        server.page(url_of(1), article_page("港区第1号船进港", more=EMPTY))
        server.page(f"{HOST}/", list_page([url_of(1)]))
        done = crawl(tmp_path, site_file(discover=False, render=True), proxy=server.base)
    assert done.code == 0
    assert block_of(tmp_path, 1) == ("unanswered", 0, 0)
    assert "newscrawl[render]" in (tmp_path / "stderr").read_text("utf-8")


def test_where_the_browser_is(monkeypatch, tmp_path):
    program = tmp_path / "my-chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert render.executable(str(program)) == str(program)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert render.executable() == str(program)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(Unavailable, match="none is no program"):
        render.executable()
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="apt install chromium"):
        render.executable()
    program.rename(tmp_path / "google-chrome")
    assert render.executable() == str(tmp_path / "google-chrome")


def test_a_visit_by_hand_says_what_the_page_asks_for(sample):
    site, base = sample
    article = next(one for one in site.articles if one.related and one.layout == "2018" and one.host == "weihai.dzwww.com")
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    settings.set("DOWNLOAD_DELAY", 0)
    seen = render.observe(article.url, proxy=base, settings=settings)
    assert seen.url == article.url
    assert [(one.method, one.type, one.status) for one in seen.requests if one.status] == [
        ("GET", "document", 200),
        ("GET", "script", 200),
        ("GET", "xhr", 200),
    ]
    assert seen.requests[-1].url == article.endpoint
    assert article.related[0].title in seen.requests[-1].body.decode()
    for link in article.related:
        assert link.title in seen.html


def test_what_the_browser_showed_is_read_again_out_of_the_archive(crawled, tmp_path):
    _, folder = crawled
    blocks = "SELECT a.url, b.kind, b.filled_by, b.links FROM articles a JOIN article_blocks b ON b.article_id = a.id ORDER BY 1"
    links = "SELECT a.url, l.position, l.title, l.url FROM articles a JOIN article_links l ON l.article_id = a.id ORDER BY 1, 2"
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, ignore=lambda _, names: [name for name in names if re.match(r"news\.db", name)])
    environment = {
        **os.environ,
        "PYTHONPATH": f"{copy}{os.pathsep}{ROOT}",
        "SCRAPY_SETTINGS_MODULE": "test_settings",
        "NEWSCRAWL_DB": str(copy / "news.db"),
        "http_proxy": "http://127.0.0.1:9",
    }
    command = [sys.executable, "-m", "newscrawl", "reparse"]
    done = subprocess.run(command, env=environment, cwd=copy, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert rows(copy, blocks) == rows(folder, blocks)
    assert rows(copy, links) == rows(folder, links)
