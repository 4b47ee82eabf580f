"""What an hourly run costs: a site whose articles are nearly all known, against a full crawl of it in the same run.

    python bench/incremental.py [--known 5000] [--new 50] [--channels 20] [--rounds 1] [--size 60000]

A server process on loopback serves a site of several channels, newest article first, with ETags as nginx gives them.
``newscrawl crawl`` runs as users run it, each time a process of its own:

- full: everything for the first time.
- hourly: ``--new`` articles have come, one of them late: it carries a date of five days ago and stands among those.
- idle: nothing has come.

Printed are requests, seconds, CPU of the whole process with its children, and what is stored. "lists" are the channels'
first pages: what any crawl must ask for.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

HOST = "news.example.cn"
PER_LIST = 20
DAYS = 30
SITE = '''
from newscrawl.spider import NewsSpider


class Example(NewsSpider):
    """A site of the bench."""

    name = "example"
    title = publisher = "示例网"
    region = "山东"
    home = "http://news.example.cn/"
    channels = ({channels})
    article = r"/t\\d{{8}}_\\d+\\.htm$"
'''


def make_pages(known: int, new: int, channels: int, size: int) -> tuple[dict[str, bytes], dict[str, bytes], list[str]]:
    """Pages by path: of the site as it was, those that the hour changes or adds, and the addresses that are new."""
    from newscrawl.samplesite import Frame, Part, SampleSite, render_2018

    draw = random.Random(11)
    originals = [article for article in SampleSite().articles if article.body]
    sentences = [part.text for article in originals for part in article.body if part.kind == "p" and part.text]
    now = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - pages print local times

    def make(number: int, channel: int, at: datetime) -> Any:
        body = [Part("p", draw.choice(sentences)) for _ in range(draw.randint(6, 14))] + [Part("p", f"编号{number}。")]
        return replace(
            draw.choice(originals), host=HOST, layout="2018", charset="utf-8", channel=f"c{channel}", number=str(17000000 + number),
            body=body, published=f"{at:%Y-%m-%d %H:%M:%S}", title=f"{draw.choice(sentences)[:18]}（{number}）",
        )  # fmt: skip

    old = [make(n, n % channels, now - timedelta(hours=2) - timedelta(days=DAYS) * (n / known)) for n in range(known)]
    fresh = [make(known + n, n % channels, now - timedelta(minutes=1 + n)) for n in range(new - 1)]
    late = make(known + new, 3, now - timedelta(days=5))

    def page(article: Any, among: list[Any]) -> bytes:
        others = [other.as_link() for other in draw.sample(among, 6)]
        html: bytes = render_2018(replace(article, recommended=others), frame=Frame(channels={"news": "新闻"}))
        return html.replace(b"</body>", f'<script>var x = "{"x" * max(0, size - len(html))}";</script></body>'.encode(), 1)

    def lists(articles: list[Any]) -> dict[str, bytes]:
        out = {}
        for channel in range(channels):
            mine = sorted((a for a in articles if a.channel == f"c{channel}"), key=lambda a: a.published, reverse=True)
            parts = [mine[start : start + PER_LIST] for start in range(0, len(mine), PER_LIST)]
            for number, part in enumerate(parts):
                items = "".join(f'<li><a href="{a.path}">{a.title}</a><span>{a.published[:10]}</span></li>' for a in part)
                more = f'<a href="index_{number + 1}.htm">下一页</a>' if number + 1 < len(parts) else ""
                name = f"/c{channel}/" if not number else f"/c{channel}/index_{number}.htm"
                html = f'<html><head><meta charset="utf-8"><title>c{channel}</title></head><body><ul>{items}</ul>{more}</body></html>'
                out[name] = html.encode()
        return out

    before = {article.path: page(article, old) for article in old} | lists(old)
    added = {article.path: page(article, old) for article in [*fresh, late]} | lists([*old, *fresh, late])
    return before, added, [article.path for article in [*fresh, late]]


class Server(asyncio.Protocol):
    """A proxy that answers for the site out of a table, with ETags; ``/-/hour`` lets the hour pass, ``/-/asked`` tells the requests."""

    before: dict[str, tuple[bytes, bytes]]
    added: dict[str, tuple[bytes, bytes]]
    asked: list[str]

    def connection_made(self, transport: Any) -> None:
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            target = lines[0].split(" ")[1]
            path = "/" + target.removeprefix("http://").partition("/")[2]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
            self.transport.write(self.answer(path, headers.get("if-none-match", "")))

    def answer(self, path: str, known: str) -> bytes:
        kind = type(self)
        if path == "/-/hour":
            kind.before = {**kind.before, **kind.added}
            return reply(200, b"")
        if path == "/-/asked":
            asked, kind.asked = kind.asked, []
            return reply(200, json.dumps(asked).encode())
        kind.asked.append(path)
        if path == "/robots.txt":
            return reply(200, b"User-agent: *\nDisallow:\n")
        found = kind.before.get(path)
        if found is None:
            return reply(404, b"")
        tag, packed = found
        if known.encode() == tag:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
        return reply(200, packed, b"Content-Encoding: gzip\r\nContent-Type: text/html\r\nETag: " + tag + b"\r\n")


def reply(status: int, body: bytes, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


def serve(options: argparse.Namespace) -> None:
    before, added, new = make_pages(options.known, options.new, options.channels, options.size)

    def packed(pages: dict[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
        return {
            path: (f'"{hashlib.sha1(body).hexdigest()[:16]}"'.encode(), gzip.compress(body, 6)) for path, body in pages.items()
        }

    Server.before, Server.added, Server.asked = packed(before), packed(added), []

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        lists = sum(not path.endswith("htm") or "index" in path for path in before)
        print(json.dumps({"port": server.sockets[0].getsockname()[1], "new": new, "all lists": lists}), flush=True)
        await server.serve_forever()

    asyncio.run(run())


def make_site(folder: Path, channels: int) -> None:
    """A site file and the settings that find it, in a folder for PYTHONPATH."""
    listed = "".join(f'"http://{HOST}/c{n}/", ' for n in range(channels))
    (folder / "bench_sites").mkdir()
    (folder / "bench_sites" / "__init__.py").write_text("")
    (folder / "bench_sites" / "example.py").write_text(SITE.format(channels=listed), "utf-8")
    settings = 'from newscrawl.settings import *\n\nSPIDER_MODULES = ["bench_sites"]\nCONCURRENT_REQUESTS = 16\n'
    (folder / "bench_settings.py").write_text(settings)


def crawl(folder: Path, port: int) -> dict[str, Any]:
    """One ``newscrawl crawl``: what it asked for, took and left."""
    database = folder / "news.db"
    environment = {
        **os.environ, "http_proxy": f"http://127.0.0.1:{port}", "no_proxy": "", "PYTHONPATH": str(folder), "NEWSCRAWL_DB": str(database),
        "SCRAPY_SETTINGS_MODULE": "bench_settings", "NEWSCRAWL_CONTACT": "bench@example.cn",
    }  # fmt: skip
    command = [sys.executable, "-m", "newscrawl", "crawl", "example", "--delay", "0", "--concurrency", "16"]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"the crawl ended with {process.returncode}")
    stored = sqlite3.connect(database).execute("SELECT count(*) FROM articles").fetchone()[0]
    return {
        "seconds": took,
        "cpu": usage.ru_utime + usage.ru_stime,
        "stored": stored,
        "asked": json.loads(ask(port, "/-/asked")),
        "peak": usage.ru_maxrss / 1024,
    }


def ask(port: int, path: str) -> bytes:
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body: bytes = opener.open(f"http://127.0.0.1:{port}{path}", timeout=60).read()
    return body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--known", type=int, default=5000)
    parser.add_argument("--new", type=int, default=50)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--size", type=int, default=60000, help="bytes of an article page")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options)
        return
    results: dict[str, list[dict[str, Any]]] = {"full": [], "hourly": [], "idle": []}
    for _ in range(options.rounds):
        server = subprocess.Popen([sys.executable, __file__, "--serve", *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            served = json.loads(server.stdout.readline())
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                make_site(folder, options.channels)
                results["full"].append(crawl(folder, served["port"]))
                ask(served["port"], "/-/hour")
                hourly = crawl(folder, served["port"])
                results["hourly"].append(hourly)
                known = sqlite3.connect(folder / "news.db").execute("SELECT key FROM article_urls").fetchall()
                keys = {key for (key,) in known}
                hourly["found"] = sum(f"{HOST}{path}" in keys for path in served["new"])
                hourly["late"] = f"{HOST}{served['new'][-1]}" in keys
                results["idle"].append(crawl(folder, served["port"]))
        finally:
            server.kill()
    print(
        f"{options.known} known articles, {options.new} new, {options.channels} channels ({served['all lists']} list pages), "
        f"{options.size:,} bytes a page, medians of {options.rounds}"
    )
    print(
        f"{'':8}{'requests':>10}{'lists':>7}{'articles':>10}{'seconds':>9}{'CPU s':>8}{'CPU / full':>12}{'stored':>8}{'peak MB':>9}"
    )
    for name, rounds in results.items():
        last = rounds[-1]
        articles = sum("/t2" in path for path in last["asked"])
        ratio = statistics.median(mine["cpu"] / full["cpu"] for mine, full in zip(rounds, results["full"], strict=True))
        print(
            f"{name:8}{len(last['asked']):10}{sum('/c' in p and '/t2' not in p for p in last['asked']):7}{articles:10}"
            f"{statistics.median(r['seconds'] for r in rounds):9.1f}{statistics.median(r['cpu'] for r in rounds):8.2f}{ratio:12.3f}"
            f"{last['stored']:8}{last['peak']:9.0f}"
        )
    last = results["hourly"][-1]
    allowed = options.new + 2 * options.channels
    print(f"hourly: {last['found']} of {options.new} new articles found, the late one {'found' if last['late'] else 'MISSED'}")
    print(f"hourly: {len(last['asked'])} requests; new + 2 x lists allows {allowed}")


if __name__ == "__main__":
    main()
