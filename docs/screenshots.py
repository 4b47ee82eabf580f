"""Takes the pictures of the web site that the documentation shows, anew: the sample's two cities crawled into a folder of its own, what
happens by the next day read in, the site served on it, and each page photographed in Chromium.

    python docs/screenshots.py [FOLDER]

writes ``newsroom-*.png`` into the folder (default: docs). It needs the extras ``analyst`` and ``render``, and Chromium.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from newscrawl import render, samplesite

ROOT = Path(__file__).parent.parent
WIDE, PHONE = 1280, 390
PHOTOS = "http://weihai.dzwww.com/tupian/201608/t20160802_14662120.htm"
NETS = "http://weihai.dzwww.com/news/201607/t20160718_14640521.htm"
"""The article that the README asks about."""
MARKET = "http://weihai.dzwww.com/news/201707/t20170729_16188345.htm"


def sample(folder: Path) -> Path:
    """The sample's database, with images in its archive, as it is a day after the crawl."""
    database = folder / "newscrawl.db"
    with samplesite.running() as base:
        variables = {**os.environ, "http_proxy": base, "https_proxy": base, "no_proxy": "", "NEWSCRAWL_ARCHIVE": "images"}
        run = [sys.executable, "-m", "newscrawl"]
        subprocess.run(
            [*run, "crawl", "weihai", "yantai", "--delay", "0", "--db", database], cwd=folder, env=variables, check=True
        )
        later = Path(shutil.copytree(ROOT / "data" / "sample" / "later", folder / "later"))
        for file in later.iterdir():
            os.utime(file, (time.time() + 86400,) * 2)
        subprocess.run([*run, "ingest", later, "--db", database], cwd=folder, env=variables, check=True)
    return database


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The web site on a database; gives its address."""
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--db", str(database)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = re.search(r"http://\S+(?=/)", process.stdout.readline())
        assert told is not None, "the site did not start"
        yield told[0]
    finally:
        process.terminate()
        process.wait()


def opened(page: Page, address: str) -> None:
    """Open the article that has an address, by the search box."""
    page.goto(f"/search?q={address}")
    page.locator(".opened a").first.click()
    page.locator("article.paper").wait_for()


def story(page: Page) -> None:
    page.goto("/")
    page.locator("[aria-labelledby=reprinted] .title a").first.click()
    page.locator("#travels").wait_for()


def graph(page: Page) -> None:
    """The neighbourhood of an article, one of its neighbours chosen."""
    opened(page, MARKET)
    page.locator("nav.parts").get_by_text("Graph").click()
    page.locator("[data-ready]").wait_for()
    page.evaluate("scrollTo(0, document.querySelector('.parts').getBoundingClientRect().top - 20)")
    place = page.evaluate(
        "(graph => { const one = graph.nodes('[?stored]').filter(one => !one.data('centre')).max(one => one.degree()).ele; "
        "return one.renderedPosition(); })(document.querySelector('[data-graph]').graph)"
    )
    box = page.locator(".graph-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])


PICTURES: dict[str, tuple[int, int, str, str | Callable[[Page], None]]] = {
    # Name: width, height, theme, what is shown.
    "front": (WIDE, 900, "light", "/"),
    "article": (WIDE, 900, "light", lambda page: opened(page, NETS)),
    "search": (WIDE, 760, "light", "/search?q=渔港 OR 织网"),
    "story": (WIDE, 870, "light", story),
    "graph": (WIDE, 890, "light", graph),
    "coverage": (WIDE, 900, "light", "/coverage?month=2017-07"),
    "charts": (WIDE, 900, "light", "/charts?since=2017-07-15&until=2017-08-10&by=site"),
    "dark": (WIDE, 760, "dark", story),
    "phone": (PHONE, 844, "light", lambda page: opened(page, PHOTOS)),
}


def take(base: str, folder: Path) -> None:
    """All pictures of a site, into a folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=render.executable())
        for name, (width, height, theme, shown) in PICTURES.items():
            page = browser.new_page(
                base_url=base,
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
                locale="zh-CN",
            )
            if callable(shown):
                shown(page)
            else:
                page.goto(shown)
            page.wait_for_timeout(300)
            file = folder / f"newsroom-{name}.png"
            page.screenshot(path=file)
            print(f"{file} ({file.stat().st_size:,} bytes)")
            page.close()
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made, served(sample(Path(made))) as address:
        take(address, Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
