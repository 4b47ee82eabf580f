"""How fast a crawl is: newscrawl against a bare Scrapy download of the same pages, and against the tutorial's way.

    python bench/crawl.py [--pages 2000] [--rounds 3] [--size 60000]

One run: a server process on loopback serves the pages gzipped; each contender crawls them in a process of its own, in
turn, round after round. Printed are medians, and ratios within each round, which hold when the machine's speed drifts.

- bare: Scrapy's defaults, a callback that does nothing.
- bare, tuned: the same with CONCURRENT_ITEMS=2.
- tutorial: ItemLoader with CSS selectors for the same fields, and a pipeline that upserts each item with sqlite-utils.
- newscrawl: the real spider, from channel pages, with robots.txt, verdicts, all fields, link blocks and the database.

All have 16 requests under way and no delay.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

HOST = "weihai.dzwww.com"
PER_LIST = 50
CONTENDERS = ("bare", "bare, tuned", "tutorial", "newscrawl")
COMMON = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


# -- pages and server


def make_pages(count: int, size: int) -> dict[str, bytes]:
    """Article and list pages by path. Texts are drawn from the sample's sentences; scripts and menus fill them to ``size``."""
    from newscrawl.samplesite import Frame, Part, SampleSite, render_2018

    draw = random.Random(7)
    originals = [article for article in SampleSite().articles if article.body and article.host == HOST]
    sentences = [part.text for article in originals for part in article.body if part.kind == "p" and part.text]
    menu = "".join(f'<li class="menu-item"><a href="/c{n}/" target="_blank">频道{n}</a></li>' for n in range(120))
    made = []
    for number in range(count):
        model = draw.choice(originals)
        text = [Part("p", draw.choice(sentences)) for _ in range(draw.randint(6, 14))]
        body = [*text[:2], *(part for part in model.body if part.kind == "image"), *text[2:], Part("p", f"编号{number}。")]
        article = replace(
            model, layout="2018", charset="utf-8", channel="news", number=str(17000000 + number), body=body,
            published=f"2017-{1 + number % 7:02}-{1 + number % 28:02} 10:28:00", title=f"{model.title}（{number}）",
        )  # fmt: skip
        made.append(article)
    pages = {}
    for article in made:
        others = [made[draw.randrange(count)].as_link() for _ in range(6)]
        html = render_2018(replace(article, recommended=others), frame=Frame(channels={"news": "新闻"}))
        filler = f'<ul class="menu">{menu}</ul><script>var config = "{"x" * max(0, size - len(html) - len(menu) - 200)}";</script></body>'
        pages[article.path] = html.replace(b"</body>", filler.encode(), 1)
    lists = [made[start : start + PER_LIST] for start in range(0, count, PER_LIST)]
    for number, listed in enumerate(lists):
        items = "".join(
            f'<li><a href="{article.path}">{article.title}</a><span>{article.published[:10]}</span></li>' for article in listed
        )
        following = f'<a href="index_{number + 1}.htm">下一页</a>' if number + 1 < len(lists) else ""
        name = "/news/" if not number else f"/news/index_{number}.htm"
        pages[name] = (
            f'<html><head><meta charset="utf-8"><title>新闻</title></head><body><ul>{items}</ul>{following}</body></html>'.encode()
        )
    pages["/"] = b'<html><head><meta charset="utf-8"><title>home</title></head><body><a href="/news/">news</a></body></html>'
    return pages


class Server(asyncio.Protocol):
    """Answers GET in origin and absolute form out of a table of ready responses; as bare as a server can be."""

    answers: ClassVar[dict[bytes, bytes]] = {}

    def connection_made(self, transport: Any) -> None:
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1]
            if target.startswith(b"http://"):
                target = b"/" + target[7:].partition(b"/")[2]
            self.transport.write(self.answers.get(target) or b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def serve(count: int, size: int) -> None:
    """Serve until killed; the port and the list of article addresses go to standard output."""
    pages = make_pages(count, size)
    for path, body in pages.items():
        packed = gzip.compress(body, 6)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        Server.answers[path.encode()] = head.encode() + packed
    Server.answers[b"/robots.txt"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nUser-agent: *\n"

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        urls = [f"http://{HOST}{path}" for path in pages if "/t2017" in path]
        mean = sum(len(pages[u.removeprefix(f"http://{HOST}")]) for u in urls) // len(urls)
        print(json.dumps({"port": port, "urls": urls, "mean": mean}), flush=True)
        await server.serve_forever()

    asyncio.run(run())


# -- contenders


def contend(name: str, urls: list[str], database: Path) -> dict[str, Any]:
    """Run one contender in this process."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    if name == "newscrawl":
        return contend_newscrawl(database)

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> Any:
            for url in urls:
                yield scrapy.Request(url)

        def parse(self, response: Any) -> None:
            pass

    settings = dict(COMMON)
    spider: Any = Bare
    if name == "bare, tuned":
        settings["CONCURRENT_ITEMS"] = 2
    elif name == "tutorial":
        spider, pipeline = tutorial(urls, database)
        settings["ITEM_PIPELINES"] = {pipeline: 300}
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    started, cpu = time.perf_counter(), time.process_time()
    process.crawl(crawler)
    process.start()
    stored = 0
    if database.exists():
        stored = sqlite3.connect(database).execute("SELECT count(*) FROM articles").fetchone()[0]
    return figures(started, cpu, crawler.stats.get_value("response_received_count"), stored)


def contend_newscrawl(database: Path) -> dict[str, Any]:
    from rich.console import Console
    from scrapy.utils.project import get_project_settings

    from newscrawl import run
    from newscrawl.spider import SiteLoader

    os.environ["SCRAPY_SETTINGS_MODULE"] = "newscrawl.settings"
    settings = get_project_settings()
    for key, value in {**COMMON, "NEWSCRAWL_DB": str(database)}.items():
        settings.set(key, value, priority="cmdline")
    spider = SiteLoader.of(settings).sites["weihai"]
    started, cpu = time.perf_counter(), time.process_time()
    (summary,) = run.crawl([spider], settings, {}, report=lambda _: None, console=Console(stderr=True, force_terminal=False))
    # List pages and robots.txt are this way's own work: only the articles count as pages.
    return figures(started, cpu, summary.outcomes["articles"], summary.outcomes["new"] + summary.outcomes["duplicate"])


def tutorial(urls: list[str], database: Path) -> tuple[Any, Any]:
    """What Scrapy's documentation teaches: an Item, an ItemLoader with CSS, a pipeline that writes each item."""
    import scrapy
    import sqlite_utils
    from itemloaders.processors import Identity, Join, MapCompose, TakeFirst
    from scrapy.loader import ItemLoader

    class ArticleItem(scrapy.Item):
        url = scrapy.Field()
        title = scrapy.Field()
        byline = scrapy.Field()
        editors = scrapy.Field()
        body = scrapy.Field()
        images = scrapy.Field()
        keywords = scrapy.Field()
        links = scrapy.Field()

    class Loader(ItemLoader):
        default_item_class = ArticleItem
        default_input_processor = MapCompose(str.strip)
        default_output_processor = TakeFirst()
        body_out = Join("\n")
        editors_out = images_out = links_out = Identity()
        links_in = Identity()

    class LinkLoader(Loader):
        default_item_class = dict

    class Tutorial(scrapy.Spider):
        name = "tutorial"

        async def start(self) -> Any:
            for url in urls:
                yield scrapy.Request(url)

        def parse(self, response: Any) -> Any:
            loader = Loader(response=response)
            loader.add_value("url", response.url)
            loader.add_css("title", "div.layout h1::text")
            loader.add_css("byline", "div.layout div.left::text")
            loader.add_css("editors", "div.infor .left span::text")
            loader.add_css("body", "div.news-con p::text")
            loader.add_css("images", "div.news-con img::attr(src)")
            loader.add_css("keywords", 'meta[name="keywords"]::attr(content)')
            links = []
            for item in response.css("div.tjyd li"):
                link = LinkLoader(selector=item)
                link.add_css("title", "h3 a::text")
                link.add_css("url", "h3 a::attr(href)")
                link.add_css("thumbnail", "div.pic img::attr(src)")
                link.add_css("summary", "div.text::text")
                link.add_css("time", "label::text")
                link.add_css("source", "span::text")
                links.append(dict(link.load_item()))
            loader.add_value("links", links)
            yield loader.load_item()

    class Write:
        def open_spider(self) -> None:
            self.db = sqlite_utils.Database(database)

        def process_item(self, item: Any) -> Any:
            row = dict(item)
            links = row.pop("links", [])
            self.db["articles"].upsert(
                {**row, "images": row.get("images", []), "editors": row.get("editors", [])}, pk="url", alter=True
            )
            if links:
                rows = [{"article": row["url"], "position": n, **link} for n, link in enumerate(links)]
                self.db["links"].upsert_all(rows, pk=("article", "position"), alter=True)
            return item

    return Tutorial, Write


def figures(started: float, cpu: float, pages: int, stored: int) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "wall": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "pages": pages,
        "stored": stored,
        "peak": peak,
    }


# -- the table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=60000, help="bytes of a page")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--database", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--urls", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.pages, options.size)
        return
    if options.run:
        print(json.dumps(contend(options.run, json.loads(options.urls.read_text()), options.database)))
        return
    here = [sys.executable, __file__]
    server = subprocess.Popen(
        [*here, "--serve", "--pages", str(options.pages), "--size", str(options.size)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTENDERS}
    try:
        served = json.loads(server.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "urls.json"
            listed.write_text(json.dumps(served["urls"]))
            environment = {**os.environ, "http_proxy": f"http://127.0.0.1:{served['port']}", "no_proxy": ""}
            for round_ in range(options.rounds):
                for name in CONTENDERS:
                    database = Path(folder) / f"{name}-{round_}.db"
                    command = [*here, "--run", name, "--database", str(database), "--urls", str(listed)]
                    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
                    results[name].append(json.loads(done.stdout.splitlines()[-1]))
    finally:
        server.kill()
    print(f"{options.pages} pages of {served['mean']:,} bytes on loopback, {options.rounds} rounds, medians")
    print(f"{'':14}{'pages/s':>9}{'x bare':>9}{'x tutorial':>12}{'CPU ms/page':>13}{'CPU x bare':>12}{'stored':>8}{'peak MB':>9}")
    for name, rounds in results.items():
        speed = [r["pages"] / r["wall"] for r in rounds]
        ratio = {
            other: statistics.median(
                mine / (theirs["pages"] / theirs["wall"]) for mine, theirs in zip(speed, results[other], strict=True)
            )
            for other in ("bare", "tutorial")
        }
        cpu = statistics.median(1000 * r["cpu"] / r["pages"] for r in rounds)
        cpu_ratio = statistics.median(
            (r["cpu"] / r["pages"]) / (b["cpu"] / b["pages"]) for r, b in zip(rounds, results["bare"], strict=True)
        )
        print(
            f"{name:14}{statistics.median(speed):9.0f}{ratio['bare']:9.2f}{ratio['tutorial']:12.2f}{cpu:13.2f}{cpu_ratio:12.2f}"
            f"{rounds[-1]['stored'] or '-':>8}{max(r['peak'] for r in rounds):9.0f}"
        )


if __name__ == "__main__":
    main()
