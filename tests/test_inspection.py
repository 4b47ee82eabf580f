"""One page looked at closely: what is told of it, and that the marked page shows all of it and runs nothing."""

import json
import os
import re
import shutil
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from newscrawl import cli, inspection, project, samplepaper, samplesite
from newscrawl.extract.page import Page
from newscrawl.ingest import SavedPage, Sites
from newscrawl.reader import SiteRules
from newscrawl.spiders.dzwww import Dzwww

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SITE = samplesite.SampleSite()
ARTICLE = next(
    a for a in SITE.articles if a.host == "weihai.dzwww.com" and a.recommended and a.images and a.editors and len(a.urls) == 1
)
SITES = Sites({"weihai": Dzwww.edition("weihai")})
UNKNOWN = SiteRules("a", "a")


def inspected(body, url, rules=None):
    page = Page(body, url)
    return inspection.inspect(page, rules or SITES.rules_for(SavedPage(b"", "x", url=url)))


@pytest.fixture(scope="module")
def sample():
    return inspected(
        samplesite.render_2018(ARTICLE) if ARTICLE.layout == "2018" else samplesite.render_2016(ARTICLE), ARTICLE.url
    )


@pytest.fixture(scope="module")
def paper():
    row = samplepaper.truth(samplesite.folder())["articles"][0]
    path = samplepaper.path_of(row)
    return inspected(SITE.page(path, samplepaper.HOST).body, f"http://{samplepaper.HOST}{path}")


def frame_of(html):
    """The document in the frame of a marked page."""
    return unescape(re.search(r' srcdoc="([^"]*)"', html)[1])


# -- what is told


def test_what_is_told_of_a_page(paper):
    assert paper.verdict == "article"
    assert [(placed.block.kind, placed.heading, len(placed.block.links)) for placed in paper.blocks] == [
        ("recommended", "推荐阅读", 3),
        ("related", "相关新闻", 0),
    ]
    told = "\n".join(inspection.lines(paper))
    assert "verdict: article" in told
    assert re.search(r"相关新闻, stands empty; the script beside it names http://\S+/api/related/1020118.json", told)


def test_what_is_no_article_says_why():
    found = inspected(
        "<html><title>404</title><body>页面不存在</body></html>".encode(), "http://www.a.cn/x/20261101/1.html", UNKNOWN
    )
    assert found.verdict != "article"
    assert found.why in next(inspection.lines(found))


def exchange(url, body, kind="fetch"):
    return SimpleNamespace(method="GET", url=url, type=kind, status=200, body=body)


@pytest.mark.parametrize("spelling", ["plain", "escaped", "gbk"])
def test_the_request_that_fills_a_block_is_found(paper, spelling):
    titles = ["海滨新区启用两座立交桥", "城北污水厂完成扩建改造"]
    items = "".join(
        f'<li><a href="/haibin/2018-05/0{n}/content_102000{n}.htm">{title}</a></li>' for n, title in enumerate(titles, 1)
    )
    html = paper.page.html.replace('id="relatedNews">', f'id="relatedNews">{items}')
    answer = json.dumps([{"t": title} for title in titles], ensure_ascii=spelling == "escaped")
    body = answer.encode("gb18030" if spelling == "gbk" else "utf-8")
    requests = [
        exchange(paper.page.url, html.encode(), "document"),
        exchange("http://a.cn/ads.js", b"x"),
        exchange("http://a.cn/r?id=1", body),
    ]
    inspection.compare(paper, SimpleNamespace(url=paper.page.url, html=html, requests=requests))
    related = paper.blocks[1]
    assert related.links == 2
    assert related.filled_by == "GET http://a.cn/r?id=1"
    assert "filled by GET http://a.cn/r?id=1" in related.story()


def test_a_block_that_stays_empty_in_a_browser(paper):
    inspection.compare(paper, SimpleNamespace(url=paper.page.url, html=paper.page.html, requests=[]))
    assert "stays empty" in paper.blocks[1].story()


# -- the marked page


def marked(frame, key):
    """What the marks of a key stand around."""
    return re.findall(rf'<(\w+)[^>]* data-nc="(?:[^"]* )?{key}(?: [^"]*)?"[^>]*>([^<]*)', frame)


def test_each_part_of_the_article_is_marked(sample):
    frame = frame_of(inspection.as_html(sample))
    assert ("h1", ARTICLE.title) in marked(frame, "title") or any(ARTICLE.title in text for _, text in marked(frame, "title"))
    assert ("mark", ARTICLE.published) in marked(frame, "published_at")
    assert ("mark", ARTICLE.source) in marked(frame, "source")
    for editor in ARTICLE.editors:
        assert ("mark", editor.name) in marked(frame, "editors")
    assert len(marked(frame, "images")) == len(ARTICLE.images)
    assert len(marked(frame, "body")) == 1
    for number, placed in enumerate(sample.blocks):
        assert marked(frame, f"block{number}"), placed.heading


def test_the_panel_tells_value_layer_and_rule(sample):
    html = inspection.as_html(sample)
    assert re.search(r'data-go="title"><span class="dot"></span><b>title</b><span class="layer site">site</span>', html)
    assert "推荐阅读" in html
    assert "stands empty" in html
    # What other layers say otherwise stands below.
    assert "meta:publishdate" in html


def test_a_value_out_of_a_comment_is_marked_where_it_is_printed(paper):
    assert paper.extraction.chosen["title"].element is None
    frame = frame_of(inspection.as_html(paper))
    assert ("h1", paper.article.title) in marked(frame, "title")


def test_nothing_is_loaded_unless_somebody_wants_it(sample):
    html = inspection.as_html(sample)
    assert not re.search(r"<(?:img|script|iframe|link|object|embed)\b", frame_of(html))
    assert " href=" not in frame_of(html)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src &#x27;none&#x27;")
    assert "http:" not in policy
    online = inspection.as_html(sample, online=True)
    assert f'src="{ARTICLE.images[0]}"' in frame_of(online)
    assert "http:" in re.search(r"img-src ([^;]*)", unescape(online))[1]
    assert "<script" not in frame_of(online)


def test_a_page_of_any_depth_is_shown():
    body = b"<html><body>" + b"<div>" * 1900 + "海滨".encode() + b"</div>" * 1900 + b"</body></html>"
    assert "海滨" in frame_of(inspection.as_html(inspected(body, "http://www.a.cn/", UNKNOWN)))


HOSTILE = """<html><head><title>"><script>own()</script></title>
<base href="{base}/"><meta http-equiv="refresh" content="0;url={base}/refresh">
<link rel="stylesheet" href="{base}/sheet.css"><link rel="prefetch" href="{base}/prefetch">
<style>@import "{base}/import.css"; body{{background:url({base}/background.png)}} @font-face{{font-family:x;src:url({base}/font.woff)}} p{{font-family:x}}
</sty<b>le></style><style></noscript><script>own()</script></style>
<script>function own(){{ fetch("{base}/script"); top.document.title = "owned"; }} own();</script></head>
<body onload="own()" background="{base}/body.png">
<h1 onclick="own()" data-nc="x" class="nc-red">海滨港新泊位"><img src=x onerror=own()>试靠首艘集装箱船</h1>
<div class="source" title='"><script>own()</script>'>2026-11-01 08:00 来源：海滨日报&lt;script&gt;own()&lt;/script&gt;</div>
<div class="content"><p>{text}</p><p>{text}<img src="{base}/photo.jpg" onerror="own()" srcset="{base}/set.jpg 2x"></p><p style="background:url({base}/p.png)">{text}</p></div>
<p>责任编辑：程以宁</p>
<svg onload="own()"><style><img src="{base}/svg" onerror="own()"></style><script>own()</script></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=own()&gt;">
<iframe src="{base}/iframe" srcdoc="<script>top.own()</script>"></iframe><object data="{base}/object"></object><embed src="{base}/embed">
<video src="{base}/video" poster="{base}/poster" autoplay></video><audio src="{base}/audio" autoplay></audio>
<form action="{base}/form"><input type="image" src="{base}/input" autofocus onfocus="own()"></form>
<a href="javascript:own()" id="frame">a</a><template><script>own()</script></template><noscript><img src="{base}/noscript"></noscript>
<textarea></textarea><img src="{base}/text" onerror="own()"></textarea><details open ontoggle="own()"><summary>x</summary></details>
<x-custom onclick="own()" style="animation:x" onanimationstart="own()">x</x-custom><plaintext><script>own()</script>
</body></html>"""


class Witness(BaseHTTPRequestHandler):
    """Notes whatever is asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(404)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def witness():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Witness)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_hostile_page_runs_nothing_and_a_click_leads_to_its_place(witness, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright (extra: render)")
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    base = f"http://127.0.0.1:{witness.server_port}"
    hostile = HOSTILE.format(base=base, text="海滨市气象台发布预报，未来三天沿海早晚多雾，能见度最低不足五百米。" * 3)
    found = inspected(hostile.encode(), "http://www.a.cn/n/20261101/123456.html", UNKNOWN)
    for name, html in (("raw", hostile), ("marked", inspection.as_html(found))):
        (tmp_path / f"{name}.html").write_text(html, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], env=environment)
        try:
            page = browser.new_page(viewport={"width": 1200, "height": 500})
            page.goto((tmp_path / "marked.html").as_uri())
            page.wait_for_timeout(300)
            assert witness.asked == []
            assert page.title() != "owned"
            assert len(page.frames) == 2
            frame = page.frames[1]
            assert frame.locator("[data-nc~=body]").count() == 1
            # The editor's line is below the fold; a click on its value leads there.
            place = frame.locator(".nc-box[data-nc~=editors]")
            page.evaluate("document.querySelector('iframe').contentDocument.body.style.paddingTop = '3000px'")
            assert place.bounding_box()["y"] > 500
            page.click("[data-go=editors]")
            for _ in range(50):
                if 0 < place.bounding_box()["y"] < 500:
                    break
                page.wait_for_timeout(50)
            assert 0 < place.bounding_box()["y"] < 500
            assert witness.asked == []
            # The same page as it is does what it can.
            page.goto((tmp_path / "raw.html").as_uri(), wait_until="commit")
            page.wait_for_timeout(300)
            assert witness.asked != []
        finally:
            browser.close()


# -- the command


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.environ.pop(project.VARIABLE, None)
    yield lambda *arguments: CliRunner().invoke(cli.main, ["inspect", *map(str, arguments)])
    os.environ.pop(project.VARIABLE, None)


def test_a_saved_page_is_inspected(invoke, tmp_path, sample):
    (tmp_path / "page.html").write_bytes(sample.page.html.encode(sample.page.charset))
    done = invoke("page.html", "--url", ARTICLE.url, "--html", "out.html")
    assert done.exit_code == 0, done.output
    assert ARTICLE.title in done.output
    assert "site:dzwww/" in done.output
    assert "block recommended: 推荐阅读" in done.output
    assert ARTICLE.title in (tmp_path / "out.html").read_text("utf-8")
    bare = invoke("page.html", "--url", ARTICLE.url, "--no-site-rules")
    assert "site:" not in bare.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere.html"], "no such file"), (["page.html", "--html", "."], "directory"), (["page.html", "--browser"], "--url")],
)
def test_a_mistake_is_said(invoke, tmp_path, arguments, said):
    (tmp_path / "page.html").write_text("<html><body>海滨</body></html>", "utf-8")
    done = invoke(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output


def test_a_page_of_the_web_is_fetched_as_a_crawl_would(invoke, monkeypatch):
    with samplesite.running(samplesite.SampleSite()) as base:
        monkeypatch.setenv("http_proxy", base)
        monkeypatch.setenv("no_proxy", "")
        done = invoke("http://weihai.dzwww.com/admin/", "--delay", 0)
    assert done.exit_code == 1
    assert "robots.txt" in done.output
