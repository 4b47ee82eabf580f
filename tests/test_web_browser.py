"""The web site in a real Chromium: every page is reached by clicking, complains about nothing, loads nothing from elsewhere, and can be
read by keyboard, in both themes and on a phone; what strangers have put into articles stays text."""

import csv
import io
import os
import re
import shutil
import socket
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import uvicorn
from click.testing import CliRunner
from lxml import etree

from newscrawl import fingerprint, render, warc
from newscrawl.cli import main
from newscrawl.items import Article, Block, Editor, Image, Link, Visit
from newscrawl.store import search
from newscrawl.store.writer import Site, Store, connect, transaction
from newscrawl.web import server

pytestmark = pytest.mark.skipif(
    render.available() is None, reason="no browser: needs the extra render and Chromium on PATH or in CHROMIUM"
)

ROOT = Path(__file__).parent.parent
# Nothing that a page could ask for elsewhere is looked up, let alone fetched.
BROWSER = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking", "--disable-gpu")


@contextmanager
def running(database):
    """The web site on a database, on a port of its own; gives its address."""
    site = server.site(database)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(site.app(), log_level="warning", lifespan="on", server_header=False, access_log=False)
        served = uvicorn.Server(config)
        thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            served.should_exit = True
            thread.join()
            for one in site.databases.values():
                one.close()


@pytest.fixture(scope="module")
def database(sample_database, tmp_path_factory):
    """The sample and what has happened by tomorrow: one article corrected, one gone, one in two other papers."""
    folder = tmp_path_factory.mktemp("newsroom")
    database = folder / "news.db"
    with closing(sqlite3.connect(sample_database)) as source, closing(sqlite3.connect(database)) as target:
        source.backup(target)
    shutil.copytree(sample_database.with_suffix(".archive"), folder / "news.archive")
    pages = shutil.copytree(ROOT / "data" / "sample" / "later", folder / "later")
    for file in pages.iterdir():
        os.utime(file, (time.time() + 86400,) * 2)
    done = CliRunner().invoke(main, ["ingest", str(pages), "--db", str(database)])
    assert done.exit_code == 0, done.output
    return database


@pytest.fixture(scope="module")
def number(database):
    """The number of the article with most links under 推荐阅读 that has some under 相关新闻 too."""
    with closing(connect(database, readonly=True)) as connection:
        return connection.execute(
            "SELECT article_id FROM article_links WHERE gone_at IS NULL AND kind IN ('recommended', 'related') "
            "GROUP BY 1 HAVING max(kind) > 'rel' AND min(kind) < 'rel' ORDER BY count(*) DESC, article_id LIMIT 1"
        ).fetchone()[0]


@pytest.fixture(scope="module")
def base(database):
    with running(database) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(render.available()), args=list(BROWSER))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser(chromium, base):
    """What a reader has open for a while: it keeps what is chosen."""
    with chromium.new_context(base_url=base, reduced_motion="reduce", viewport={"width": 1280, "height": 600}) as context:
        yield context


@pytest.fixture
def page(browser):
    with browser.new_page() as page:
        yield page


class Watch:
    """What happens on a page and should not: complaints, failures, requests to elsewhere, answers without a policy, dialogs."""

    def __init__(self, page, origin):
        self.page, self.origin, self.found = page, origin, []
        self.elsewhere = True
        """Whether a request to elsewhere is worth a note."""
        page.on("console", lambda one: self.note(f"{one.type}: {one.text}") if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.note(f"page error: {error}"))
        page.on("requestfailed", self.see_failure)
        page.on("request", self.see_request)
        page.on("response", self.see_response)
        page.on("dialog", self.see_dialog)

    def note(self, said):
        self.found.append(f"{urlsplit(self.page.url).path}: {said[:300]}")

    def judge(self):
        # As one text: pytest's own comparison of long lists takes seconds.
        assert not self.found, "\n".join(self.found)

    def see_request(self, request):
        if self.elsewhere and not request.url.startswith((f"{self.origin}/", "data:")):
            self.note(f"asked elsewhere: {request.url}")

    def see_failure(self, request):
        # Aborted: the walk was faster than the page's icon.
        if request.failure != "net::ERR_ABORTED":
            self.note(f"failed: {request.url} {request.failure}")

    def see_response(self, response):
        headers = response.headers
        if response.url.startswith(self.origin) and (
            "default-src 'none'" not in headers.get("content-security-policy", "")
            or headers.get("x-content-type-options") != "nosniff"
        ):
            self.note(f"no policy on {response.url}")

    def see_dialog(self, dialog):
        self.note(f"dialog: {dialog.message}")
        dialog.dismiss()


# -- walks through the site, by its links alone

WALKS = {
    # The kind of page (none: it is only passed), what is clicked on the page before, the address to which that leads.
    "an article and what belongs to it": (
        ("front page", None, r"/"),
        ("revisions", "[aria-labelledby=corrected] .title a", r"/article/\d+/revisions"),
        ("article", "nav.parts >> text=Article", r"/article/\d+"),
        ("who links it", "nav.parts >> text=Who links it", r"/article/\d+/linked"),
        ("as it came", "nav.parts >> text=As it came", r"/article/\d+/raw"),
        ("", ".choices >> text=Source", r"/article/\d+/raw\?at=.*view=source"),
        ("graph", "nav.parts >> text=Graph", r"/graph/\d+"),
        ("site", "main table a[href^='/site/']", r"/site/\w+"),
        ("coverage of a site", ".more >> text=coverage and holes", r"/coverage/\w+"),
        ("", "main a[href*='since=']", r"/search\?site=\w+&since=.*"),
        ("source", ".results a[href^='/source/']", r"/source/.+"),
        ("person", "main a[href^='/person/']", r"/person/.+"),
    ),
    "stories and rows": (
        ("", None, r"/"),
        ("story", "[aria-labelledby=reprinted] .title a", r"/story/\d+"),
        ("differences", "main table a[href*='/against/']", r"/article/\d+/against/\d+"),
        ("article with reprints", ".card .title a", r"/article/\d+"),
        ("row", ".export a[href^='/newscrawl/articles/']", r"/newscrawl/articles/\d+"),
        ("table", ".crumbs >> text=articles", r"/newscrawl/articles"),
        ("tables", ".crumbs >> text=newscrawl", r"/newscrawl"),
        ("saved query", "main a[href='/newscrawl/stories_of_the_week']", r"/newscrawl/stories_of_the_week"),
        ("SQL", "main >> text=Change the SQL", r"/newscrawl\?sql=.*"),
    ),
    "what the masthead leads to": (
        ("", None, r"/"),
        ("search", "nav.sections >> text=Search", r"/search"),
        ("sites", "nav.sections >> text=Sites", r"/sites"),
        ("stories", "nav.sections >> text=Stories", r"/stories"),
        ("coverage", "nav.sections >> text=Coverage", r"/coverage"),
        ("charts", "nav.sections >> text=Charts", r"/charts"),
        ("sources", "nav.sections >> text=Sources", r"/sources"),
        ("people", "nav.sections >> text=People", r"/people"),
        ("", "nav.sections >> text=Tables and SQL", r"/newscrawl"),
        ("", "main a[href='/newscrawl/latest_articles']", r"/newscrawl/latest_articles"),
    ),
}

WAYS = {
    "front page": (
        ".stories a[href^='/source/']",
        ".stories a[href^='/person/']",
        "main a[href^='/site/']",
        "a[href^='/newscrawl/']",
    ),
    "article": (".byline a[href^='/source/']", ".byline a[href^='/person/']", ".crumbs a[href^='/site/']", ".tag.stored"),
    "article with reprints": ("[aria-labelledby=reprints] a[href^='/story/']", "a[href*='/against/']"),
    "story": ("main table a[href^='/article/']", "main a[href^='/site/']", "main a[href^='/source/']"),
    "table": ("main table a[href^='/newscrawl/articles/']", "main a[href*='.csv']", "main a[href*='.json']"),
    "row": ("main a[href^='/article/']", "main a[href^='/site/']"),
    "saved query": ("main a[href*='.csv']", "a[href*='.atom']"),
    "site": ("main a[href^='/article/']", "main a[href^='/person/']", "main a[href^='/search?']"),
}
"""Ways on that a kind of page offers besides those that the walks take."""

LOOK = """() => {
  const shown = one => { const box = one.getBoundingClientRect(); return box.width > 1 && box.height > 1 && one.checkVisibility(); };
  const within = (one, outer) => { const box = one.getBoundingClientRect(); return box.right <= outer + 1 && box.left >= -1; };
  const scrolls = one => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  const told = list => list.slice(0, 4).map(one => one.outerHTML.slice(0, 150));
  const pressed = [...document.querySelectorAll("nav a, button, summary, select, input:not([type=hidden]), .button")].filter(shown);
  return {
    headings: document.querySelectorAll("h1").length,
    title: document.title,
    wide: document.documentElement.scrollWidth <= innerWidth ? []
      : ["it scrolls sideways", ...told([...document.querySelectorAll("main *")].filter(one => !within(one, innerWidth) && !scrolls(one)))],
    small: told(pressed.filter(one => ![one, ...(one.labels || [])].some(each => {
      const box = each.getBoundingClientRect();
      return box.width >= 24 && box.height >= 24;
    }))),
    covered: told([...document.querySelectorAll(".masthead a.brand, .masthead #find, .masthead button")].filter(one => {
      const box = one.getBoundingClientRect();
      return !one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    })),
  };
}"""
"""What a page looks like: what sticks out of its width, what is too small for a finger (24 px), what of the masthead is not on top."""
WIDTHS = (1280, 390, 320)

AXE = """async known => {
  for (const one of document.querySelectorAll("main tr:nth-child(n+6), main li:nth-child(n+8), main svg > :nth-child(n+40)")) one.remove();
  const behind = one => {
    const colour = getComputedStyle(one).backgroundColor;
    return colour !== "rgba(0, 0, 0, 0)" || !one.parentElement ? colour : behind(one.parentElement);
  };
  const differing = () => {
    const looks = new Map();
    for (const one of document.body.querySelectorAll("*")) {
      if (![...one.childNodes].some(each => each.nodeType === Node.TEXT_NODE && each.data.trim()) || !one.checkVisibility()) continue;
      const { color, fontSize, fontWeight, opacity } = getComputedStyle(one);
      const look = [color, fontSize, fontWeight, opacity, behind(one)].join(" ");
      if (!known.includes(look)) looks.set(look, [...(looks.get(look) || []), one].slice(0, 2));
    }
    known.push(...looks.keys());
    return [...looks.values()].flat();
  };
  const options = { resultTypes: ["violations"], iframes: false, preload: false };
  const found = [];
  const note = (theme, run) => run.violations.forEach(one => one.nodes.forEach(
    node => found.push([theme, one.impact, one.id, node.html.slice(0, 200)].join(": "))));
  note("page", await axe.run({ ...options, rules: { "color-contrast": { enabled: false } } }));
  for (const theme of ["light", "dark"]) {
    document.documentElement.dataset.theme = theme;
    const include = differing();
    if (include.length) note(theme, await axe.run({ include }, { ...options, runOnly: ["color-contrast"] }));
  }
  delete document.documentElement.dataset.theme;
  return [found, known];
}"""
"""What axe-core finds on a page in both themes, but for contrast that is known. It takes its time: of long tables and lists it sees the
beginning, and contrast is measured once or twice for each pair of colours and size of letters."""

KNOWN = []
"""Pairs of colours and sizes of letters that axe-core has measured."""


def looked_at(page):
    """What is wrong with a page as one sees it, on a desk and on a phone, and as axe-core does."""
    from axe_playwright_python.base import AXE_SCRIPT

    found = []
    # By turns it is loaded on a desk and on a phone.
    for width in sorted(WIDTHS, reverse=page.viewport_size["width"] == WIDTHS[0]):
        page.set_viewport_size({"width": width, "height": 600})
        look = page.evaluate(LOOK)
        found += [f"{width} wide: {one}" for one in (*look["wide"], *look["covered"], *(look["small"] if width == 390 else ()))]
    if look["headings"] != 1:
        found.append(f"{look['headings']} h1")
    if not re.fullmatch(r"\S.* · newscrawl", look["title"]):
        found.append(f"title {look['title']!r}")
    page.evaluate(AXE_SCRIPT)
    violations, KNOWN[:] = page.evaluate(AXE, KNOWN)
    return found + violations


@pytest.mark.parametrize("walk", WALKS)
def test_each_page_is_reached_by_clicking_and_fit_to_be_read(page, base, walk):
    watch = Watch(page, base)
    for kind, link, leads_to in WALKS[walk]:
        if link is None:
            answer = page.goto(leads_to)
        else:
            with page.expect_navigation() as opening:
                page.locator(link).first.click()
            answer = opening.value
        where = page.url.removeprefix(base)
        assert re.fullmatch(leads_to, where), f"{link} leads to {where}"
        if answer.status != 200:
            watch.note(f"status {answer.status}")
        for other in WAYS.get(kind, ()):
            if not page.locator(other).count():
                watch.note(f"no {other}")
        if kind == "graph":
            page.locator("[data-ready]").wait_for()
        if kind:
            watch.found += [f"{kind} {where}: {one}" for one in looked_at(page)]
    watch.judge()


def test_the_page_of_an_error_is_fit_to_be_read_too(page):
    page.goto("/article/987654321")
    assert page.locator("main").inner_text().count("There is no article 987654321.") == 1
    assert not looked_at(page)


# -- search


def test_search_as_a_reader_types(page, base, number):
    watch = Watch(page, base)
    page.goto("/people")
    page.keyboard.press("/")
    page.keyboard.insert_text("天鹅 护鸟人")
    page.keyboard.press("Enter")
    page.locator(".results").wait_for()
    assert page.locator("#find").input_value() == "天鹅 护鸟人"
    marked = set(page.locator(".results mark").all_inner_texts())
    assert {"天鹅", "护鸟人"} <= marked
    assert page.locator(".results > li").count() == 2
    # With filters: one of the two stands on another site, and was published in the morning of that day too.
    form = page.get_by_role("search", name="Search with filters")
    form.get_by_label("Site").select_option("whnews")
    form.get_by_label("From day").fill("2017-12-29")
    form.get_by_label("To day").fill("2017-12-29")
    form.get_by_role("button", name="Search").click()
    page.get_by_role("heading", name="1 article").wait_for()
    assert page.locator(".results a[href^='/site/']").evaluate_all("all => all.map(one => one.pathname)") in (
        ["/site/whnews"],
        [],
    )
    assert page.locator(".results time").inner_text().startswith("2017-12-29 ")
    assert page.get_by_role("list", name="Filters that are set").get_by_role("listitem").count() == 3
    # Words that nobody wrote; what cannot be looked up; a number.
    page.locator("#find").fill("火星移民")
    page.locator("#find").press("Enter")
    page.get_by_text("No article has this.").wait_for()
    page.locator("#find").fill("渔港 AND")
    page.get_by_role("button", name="Search", exact=True).first.click()
    assert "AND must stand between two words" in page.get_by_role("alert").inner_text()
    page.locator("#find").fill(str(number))
    page.locator("#find").press("Enter")
    page.locator(".opened a").first.click()
    page.wait_for_url(f"**/article/{number}")
    watch.judge()


# -- the graph

GRAPH = "document.querySelector('[data-graph]').graph"
SHOWN = "one => one.style('display') !== 'none'"


def test_the_graph_is_clicked_filtered_and_zoomed(page, base, number):
    watch = Watch(page, base)
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(f"/graph/{number}")
    page.locator("[data-ready]").wait_for()
    told = page.request.get(page.locator("[data-graph]").get_attribute("data-graph")).json()
    drawn = page.evaluate(f"{GRAPH}.nodes().map(one => one.data('title'))")
    assert sorted(drawn) == sorted(one["title"] for one in told["nodes"])
    assert page.evaluate(f"{GRAPH}.edges().length") == len(told["edges"]) > 5
    listed = page.locator("[aria-labelledby=nodes] tbody th")
    assert sorted(listed.locator("a, > span:first-child").all_inner_texts()) == sorted(drawn)
    # Something is painted.
    assert page.evaluate(
        "[...document.querySelectorAll('.graph-canvas canvas')].some(one => "
        "one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(value => value))"
    )
    # A click on another stored article.
    other = next(one for one in told["nodes"] if one["stored"] and one["id"] != told["centre"])
    box = page.locator(".graph-canvas").bounding_box()
    at = page.evaluate(f"{GRAPH}.getElementById('{other['id']}').renderedPosition()")
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    assert page.locator(".graph-panel h2").inner_text() == other["title"]
    assert page.evaluate(f"{GRAPH}.nodes('.far').length") == len(drawn) - page.evaluate(
        f"{GRAPH}.getElementById('{other['id']}').closedNeighborhood().nodes().length"
    )
    # Kinds of links are switched off, and with them what no other link holds.
    kinds = [edge["kind"] for edge in told["edges"]]
    page.get_by_role("group", name="The graph").get_by_label("Recommended").uncheck()
    assert page.evaluate(f"{GRAPH}.edges().filter({SHOWN}).length") == kinds.count("related")
    held = {told["centre"]} | {edge[end] for edge in told["edges"] if edge["kind"] == "related" for end in ("source", "target")}
    assert set(page.evaluate(f"{GRAPH}.nodes().filter({SHOWN}).map(one => one.id())")) == held
    # By keyboard.
    before = page.evaluate(f"{GRAPH}.zoom()")
    page.get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("Enter")
    nearer = page.evaluate(f"{GRAPH}.zoom()")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert nearer > before > page.evaluate(f"{GRAPH}.zoom()")
    page.locator(".graph-panel .actions a").first.click()
    page.wait_for_url(f"**/article/{other['article']}")
    watch.judge()


# -- colours

COLOURS = """() => {
  const light = colour => { const [r, g, b] = colour.match(/\\d+/g).map(Number); return (r * 3 + g * 6 + b) / 2550; };
  const { backgroundColor, color } = getComputedStyle(document.body);
  return [light(backgroundColor), light(color)].map(one => one > 0.5 ? "light" : "dark").join(" under ");
}"""
LIGHT, DARK = "light under dark", "dark under light"


def test_light_and_dark_are_chosen_and_kept(page, number):
    page.emulate_media(color_scheme="dark")
    page.goto("/people")
    assert page.evaluate(COLOURS) == DARK
    page.emulate_media(color_scheme="light")
    assert page.evaluate(COLOURS) == LIGHT
    button = page.locator("button.theme")
    button.click()
    assert page.evaluate(COLOURS) == DARK
    assert button.get_attribute("aria-label") == "Colours: dark. Change"
    page.reload()
    assert page.evaluate(COLOURS) == DARK
    # Datasette's own pages and the drawing of a graph follow.
    page.goto("/newscrawl/sites")
    assert page.evaluate(COLOURS) == DARK
    page.goto(f"/graph/{number}")
    page.locator("[data-ready]").wait_for()
    assert page.evaluate(COLOURS) == DARK
    letters = page.evaluate(f"{GRAPH}.nodes()[0].style('color')")
    page.locator("button.theme").click()
    assert page.evaluate(COLOURS) == LIGHT
    page.wait_for_function(f"before => {GRAPH}.nodes()[0].style('color') !== before", arg=letters)
    # Nothing is chosen any more: the system's is what counts.
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(COLOURS) == DARK
    assert page.evaluate("localStorage.length") == 0


# -- the keyboard

FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const seen = each => each && (getComputedStyle(each).outlineStyle !== "none" || getComputedStyle(each).boxShadow !== "none");
  return { html: one.outerHTML.slice(0, 120), name: one.localName, seen: box.width > 0 && box.right > 0 && (seen(one) || seen(one.closest(":focus-within form"))) };
}"""


@pytest.mark.parametrize("path", ["/article/{}", "/newscrawl/runs"])
def test_a_page_is_used_by_keyboard(page, number, path):
    page.goto(path.format(number))
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("one => one === document.activeElement && one.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.locator("a.brand").focus()
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if passed[-1]["name"] == "summary":
            break
    assert [one["html"] for one in passed if not one["seen"]] == []
    assert {"input", "button", "a", "summary"} <= {one["name"] for one in passed}
    opened = "document.activeElement.parentElement.open"
    assert not page.evaluate(opened)
    page.keyboard.press("Enter")
    assert page.evaluate(opened)


# -- without JavaScript


def test_pages_do_without_javascript(chromium, base, number):
    context = chromium.new_context(base_url=base, java_script_enabled=False, viewport={"width": 1280, "height": 600})
    page = context.new_page()
    page.goto("/")
    page.locator(".stories .title a").first.click()
    assert len(page.locator("article .text").inner_text()) > 100
    page.locator("#find").fill("天鹅")
    page.locator("#find").press("Enter")
    page.locator(".results").wait_for()
    assert page.locator(".results mark").count() > 3
    page.goto("/coverage")
    assert page.locator("main a[href*='since=']").count() > 20
    page.goto("/stories")
    assert page.locator(".stories > li").count() == 3
    page.goto(f"/graph/{number}")
    assert page.locator(".graph").is_hidden()
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    assert page.locator("[aria-labelledby=nodes] tbody tr").count() > 3
    page.goto("/charts")
    assert page.locator("main svg").count() > 3
    page.locator("main summary").first.click()
    assert page.locator("main details[open] table").first.is_visible()
    context.close()


# -- what is taken away


def test_tables_and_queries_are_downloaded(page):
    page.goto("/newscrawl/latest_articles")
    with page.expect_download() as download:
        form = page.locator(".advanced-export form")
        form.get_by_label("as a file").check()
        form.get_by_label("all rows").check()
        form.get_by_role("button").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert len(rows) == 77
    assert {
        "title": "新年第一天 三千市民登高迎日出",
        "reporters": "宋禾",
        "published_at": "2018-01-01T10:15:00+08:00",
    }.items() <= rows[0].items()
    told = page.request.get(page.get_by_role("link", name="a list of objects").get_attribute("href"))
    assert told.headers["content-type"].startswith("application/json")
    assert [one["title"] for one in told.json()] == [one["title"] for one in rows[:50]]
    page.goto("/newscrawl/newest_articles")
    answers = {
        kind: page.request.get(page.locator(f"main a[href*='.{kind}']").first.get_attribute("href"))
        for kind in ("csv", "json", "atom")
    }
    assert {one.status for one in answers.values()} == {200}
    titles = [one["title"] for one in csv.DictReader(io.StringIO(answers["csv"].body().decode("utf-8")))]
    assert len(titles) == 77
    assert "休渔期里修网忙 北沙口渔港飘起“织网歌”" in titles
    named = answers["json"].json()
    assert [row[named["columns"].index("title")] for row in named["rows"]] == titles
    feed = etree.fromstring(answers["atom"].body())
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert sorted(one.findtext("{http://www.w3.org/2005/Atom}title") for one in entries) == sorted(titles)
    assert all(urlsplit(one.find("{http://www.w3.org/2005/Atom}link").get("href")).scheme == "http" for one in entries)


# -- strangers

OVERRIDE = "\u202e"
EVIL = (
    "港区\"'><script>window.pwned=1</script><img src=x onerror=window.pwned=2><svg onload=window.pwned=3></svg></title></textarea></style>-->"
    "<style>@import 'http://evil.example/a.css';*{position:fixed;inset:0;background:url(http://evil.example/b.gif)}</style>"
    f"<link rel=stylesheet href=http://evil.example/c.css><a href='javascript:window.pwned=4'>x</a>{{{{7*7}}}}{OVERRIDE}尾"
)
"""A text that would be markup, a template and a right-to-left override, wherever a text is shown."""
EVIL_HTML = f"""<p>码头今日开工。</p><script>window.pwned=5</script><p onclick="window.pwned=6" style="position:fixed;inset:0;z-index:9">二
<a href="javascript:window.pwned=7">点我</a><a href="JaVa&#x09;script:window.pwned=8">再点</a><a href="data:text/html,<script>window.pwned=9</script>">又点</a></p>
<img src="x" onerror="window.pwned=10" alt="图"><img src="http://evil.example/d.gif" srcset="http://evil.example/e.gif 2x"><svg><script>window.pwned=11</script>
<animate onbegin="window.pwned=12" attributeName="x" dur="1s"/></svg><math><mi xlink:href="javascript:window.pwned=13">m</mi></math>
<iframe srcdoc="<script>parent.pwned=14</script>"></iframe><object data="http://evil.example/f"></object><base href="http://evil.example/">
<style>@import url(http://evil.example/g.css); .masthead {{ display: none }}</style><form action="http://evil.example/"><input onfocus="window.pwned=15"></form>
<meta http-equiv="refresh" content="0;url=http://evil.example/h"><div style="background:url(http://evil.example/i.gif);position:fixed;inset:0">盖住</div>
<video src="http://evil.example/j" onloadstart="window.pwned=16"></video><details open ontoggle="window.pwned=17">x</details>{OVERRIDE}"""
HARBOUR = """天还没亮，船长就把缆绳收了起来，船上五名船员都是老手，各人的活不用吩咐。
港区渔业站的统计说，今秋出海的渔船共有126艘，比去年同期多了8艘，一天的渔获在30吨上下，好的时候还要多些。
码头上的过磅员记了一夜的账，她说鱼价比上周低了两成，来买鱼的人反倒更多了，天亮以前车已经排到了桥头。"""
AT = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)


def stranger(number, **more):
    """An article that means no good in any of its fields."""
    url = f"http://evil.example/{number}.html"
    made = Article(
        url=url, site="evil", publisher=EVIL, region=EVIL, title=f"{number} {EVIL}", kicker=EVIL, subtitle=EVIL, body_text=f"{HARBOUR}\n{EVIL}",
        body_html=f"<p>{HARBOUR}</p>{EVIL_HTML}", published_at=f"2026-11-0{number}T08:30:00+08:00", published_raw=EVIL, published_precision="minute",
        source=EVIL, source_url="javascript:window.pwned=20", authors=[EVIL], reporters=[EVIL], correspondents=[EVIL],
        editors=[Editor(EVIL, EVIL)], channel=[EVIL, EVIL], keywords=[EVIL], lead=[EVIL], charset=EVIL, flags=[EVIL],
        images=[Image("javascript:window.pwned=21", EVIL, EVIL), Image("http://evil.example/k.gif", EVIL, EVIL)], provenance={EVIL: EVIL},
        blocks=[
            Block("recommended", EVIL, [Link(1, EVIL, "javascript:window.pwned=22", source=EVIL, published_raw=EVIL),
                                        Link(2, EVIL, f"http://evil.example/{number % 3 + 1}.html"), Link(3, EVIL, "data:text/html,x"),
                                        Link(4, EVIL, f"http://other.example/{EVIL}")]),
            Block(EVIL, EVIL, [Link(1, EVIL, "http://evil.example/9.html")]),
        ],
        visit=Visit(url, "evil", "article", EVIL, status=200, fetched_at=AT.isoformat(), size=1000, found_on="javascript:window.pwned=23"),
    )  # fmt: skip
    made = replace(made, **more)
    made.content_hash = fingerprint.content_hash(made.title, made.body_text)
    return made


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """A database whose every text is hostile: reprints, a revision, a loss, an ill site, a page in the archive."""
    path = tmp_path_factory.mktemp("strangers") / "news.db"
    writer = warc.Writer(path.with_suffix(".archive"), "evil", info={"site": "evil"})
    page = f"<!DOCTYPE html><html onmouseover='window.pwned=30'><head><title>{EVIL}</title></head><body onload='window.pwned=31'>{EVIL_HTML}</body></html>"
    kept = [
        writer.response(
            f"http://evil.example/{number}.html", 200, [("Content-Type", "text/html; charset=utf-8"), ("X-Evil", EVIL.encode("ascii", "ignore").decode())],
            page.encode(), at=AT, about={"kind": "article"},
        )
        for number in (1, 2)
    ]  # fmt: skip
    with Store(path) as store:
        for name, title in (("evil", EVIL), ("other", f"另一家{EVIL}")):
            store.add_site(Site(name, title, title, EVIL, EVIL, "javascript:window.pwned=32"))
        store.write([stranger(1), stranger(2, site="other", publisher=f"另一家{EVIL}"), stranger(3)], kept)
        changed = stranger(1, body_text=f"{HARBOUR.replace('126', '226')}\n改{EVIL}", title=f"改 {EVIL}", source=f"改{EVIL}")
        changed.visit = replace(changed.visit, fetched_at=(AT + timedelta(hours=5)).isoformat())
        store.write(
            [
                changed,
                Visit("http://evil.example/3.html", "evil", "gone", EVIL, 404, fetched_at=(AT + timedelta(days=1)).isoformat()),
            ]
        )
        store.write([Visit(f"http://evil.example/{EVIL}", "evil", "login", EVIL, 200, fetched_at=AT.isoformat()),
                     Visit("http://evil.example/list?'><script>window.pwned=33</script>", "evil", "list", EVIL, 200, "channel", AT.isoformat(), number=1, listed=20, fresh=3)])  # fmt: skip
        with transaction(store.connection):
            store.connection.execute(
                "INSERT INTO runs (site, command, version, started_at, finished_at, reason, exit_code, state, message) VALUES "
                "('evil', ?, '1', ?, ?, ?, 1, 'red', ?)",
                (EVIL, AT.isoformat(), AT.isoformat(), EVIL, EVIL),
            )
        list(search.index(store.connection))
    writer.close()
    with running(path) as address:
        yield address


NAME = quote(EVIL, safe="")
STRANGE = {
    # Pages that show strangers' texts, and words that must be among what they say, as text.
    "/": 4, "/search?q=%E6%B8%AF%E5%8C%BA": 4, f"/search?q={NAME}&site={NAME}&source={NAME}": 2, "/sites": 2, "/site/evil": 5,
    "/stories": 1, "/story/1": 3, "/article/1": 20, "/article/1?images=site": 20, "/article/1/revisions": 3, "/article/1/linked": 1,
    "/article/1/against/2": 2, "/article/1/raw": 1, "/article/1/raw?view=source": 3, "/graph/1": 3, f"/source/{NAME}": 2, f"/person/{NAME}": 2,
    f"/sources?q={NAME}": 1, f"/people?role=editor&q={NAME}": 1, "/coverage": 1, "/coverage/evil": 1, "/charts": 2, "/newscrawl/articles": 5,
    "/newscrawl/articles/1": 5, "/newscrawl/newest_articles": 2, f"/newscrawl?sql=select+title,body_html,url,'{quote(EVIL.replace(chr(39), chr(34)))}'+from+articles": 1,
}  # fmt: skip

HARM = """() => ({
  ran: window.pwned,
  title: document.title.endsWith(" · newscrawl"),
  brand: (() => {
    const brand = document.querySelector("a.brand"), box = brand.getBoundingClientRect();
    return brand.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
  })(),
  overlays: [...document.querySelectorAll("body *")].filter(one => getComputedStyle(one).position === "fixed").length,
  links: [...document.links].filter(one => !["http:", "https:"].includes(one.protocol)).map(one => one.outerHTML.slice(0, 150)),
  elements: [...document.querySelectorAll("script:not([src^='/-/static']), main style, object, embed, base, meta[http-equiv], main video, main math, iframe:not([sandbox=''])")].map(one => one.outerHTML.slice(0, 150)),
  texts: document.body.innerText.split("<script>window.pwned=1</script>").length - 1,
  calculated: document.documentElement.innerText.includes("尾") && document.body.innerText.includes("49\u202e"),
  backwards: [...document.querySelectorAll("main time")].filter(one => one.firstChild && one.checkVisibility()).filter(one => {
    const of = at => { const range = document.createRange(); range.setStart(one.firstChild, at); range.setEnd(one.firstChild, at + 1); return range.getBoundingClientRect(); };
    const first = of(0), last = of(3);
    return first.top === last.top && first.left > last.left;
  }).map(one => one.parentElement.outerHTML.slice(-200)),
})"""


def test_what_strangers_wrote_stays_text(page, strangers):
    watch = Watch(page, strangers)
    for path, at_least in STRANGE.items():
        watch.elsewhere = "images=site" not in path
        answer = page.goto(strangers + path)
        if answer.status != 200:
            watch.note(f"status {answer.status}")
        if path.startswith("/graph"):
            page.locator("[data-ready]").wait_for()
            page.evaluate(f"void {GRAPH}.nodes().forEach(one => one.emit('tap'))")
        harm = page.evaluate(HARM)
        if harm.pop("texts") < at_least:
            watch.note(f"{path}: less than {at_least} texts")
        for what, found in harm.items():
            if found != {"title": True, "brand": True, "overlays": 0, "ran": None, "calculated": False}.get(what, []):
                watch.note(f"{path}: {what}: {found}")
    watch.judge()


def test_an_archived_page_runs_and_loads_nothing(page, strangers):
    watch = Watch(page, strangers)
    page.goto(f"{strangers}/article/1/raw")
    frame = page.locator("iframe")
    assert "码头今日开工。" in frame.content_frame.locator("body").inner_text()
    assert (
        frame.content_frame.locator(
            "script, style:has-text('evil'), iframe, object, link, meta[http-equiv], [onerror], [onload]"
        ).count()
        == 0
    )
    # Alone it is shut in as well: in an origin of its own, where it has no storage and no way back.
    answer = page.goto(strangers + frame.get_attribute("src"))
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert page.evaluate("[window.origin, window.pwned]") == ["null", None]
    watch.judge()
