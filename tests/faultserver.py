"""A web server that misbehaves as it is told, and crawls of it with site files that a test writes.

`FaultServer` listens on loopback in a thread of its own. It answers as a proxy for any http address, so that a test names
hosts as it likes (``http://news.example/robots.txt``), and directly. Every request is in ``log`` with its moment::

    with FaultServer() as server:
        server.page("http://news.example/", list_page(["http://news.example/202611/t20261101_1.html"]))
        server.on("http://news.example/robots.txt", status(503))
        done = crawl(tmp_path, site_file("news.example"), proxy=server.base)
        assert server.urls() == ["http://news.example/robots.txt"]

What is not there is answered with 404. `start` runs a crawl beside the test, `crawl` waits for it.
"""

import asyncio
import gzip
import itertools
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import brotli
import forks

ROOT = Path(__file__).parent.parent


class Asked(NamedTuple):
    """One request: its moment by ``time.monotonic``, its method and whole address, its headers (names in lower case)."""

    at: float
    method: str
    url: str
    headers: dict


@dataclass
class Exchange:
    """One request and the way to answer it. ``number`` counts the requests for this address, from 1."""

    method: str
    url: str
    headers: dict
    number: int
    writer: asyncio.StreamWriter

    async def raw(self, data):
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, code=200, headers=None, length=None):
        """Send the status line and headers; ``length`` is what Content-Length claims."""
        lines = {"Content-Type": "text/html; charset=utf-8", "Connection": "close", **(headers or {})}
        if length is not None:
            lines["Content-Length"] = str(length)
        try:
            phrase = HTTPStatus(code).phrase
        except ValueError:
            phrase = "Unheard Of"
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        await self.raw(f"HTTP/1.1 {code} {phrase}\r\n{text}\r\n".encode("latin-1"))

    async def reply(self, code=200, body=b"", headers=None):
        """Send a whole answer."""
        body = body.encode() if isinstance(body, str) else body
        await self.head(code, headers, len(body))
        if self.method != "HEAD":
            await self.raw(body)

    def abort(self):
        """Reset the connection."""
        self.writer.transport.abort()


# -- handlers: each takes an Exchange


def status(code, body="", **headers):
    """Answers with a status; ``status(429, Retry_After=5)`` sets a header."""
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}

    async def handle(exchange):
        await exchange.reply(code, body, named)

    return handle


def redirect(to, code=302):
    """Sends elsewhere; ``to`` may be a function of the exchange."""

    async def handle(exchange):
        await exchange.reply(code, "moved", {"Location": to(exchange) if callable(to) else to})

    return handle


async def hang(exchange):
    """Takes the request and never answers."""
    await asyncio.sleep(3600)


async def reset(exchange):
    """Takes the request and resets the connection."""
    exchange.abort()


def drip(body, every=1.0, start=0):
    """Sends ``start`` bytes at once and then a byte every so many seconds."""
    body = body.encode() if isinstance(body, str) else body

    async def handle(exchange):
        await exchange.head(200, None, len(body))
        await exchange.raw(body[:start])
        for number in range(start, len(body)):
            await exchange.raw(body[number : number + 1])
            await asyncio.sleep(every)

    return handle


def truncate(body, missing=100):
    """Claims more bytes than it sends, and closes."""
    body = body.encode() if isinstance(body, str) else body

    async def handle(exchange):
        await exchange.head(200, None, len(body) + missing)
        await exchange.raw(body)

    return handle


def break_chunks(body):
    """Sends a chunk, and closes instead of the last one."""
    body = body.encode() if isinstance(body, str) else body

    async def handle(exchange):
        await exchange.head(200, {"Transfer-Encoding": "chunked"})
        await exchange.raw(b"%x\r\n%s\r\n" % (len(body), body))

    return handle


def bomb(kind, size=300 * 1024 * 1024):
    """A page of ``size`` bytes in a few hundred kB: ``kind`` is gzip, deflate or br."""

    async def handle(exchange):
        await exchange.reply(200, bombs(kind, size), {"Content-Encoding": kind})

    return handle


@cache
def bombs(kind, size):
    """The body of a bomb: the beginning of a page and then blanks."""
    if kind == "br":
        packer = brotli.Compressor(quality=1)
        feed, end = packer.process, packer.finish
    else:
        packer = zlib.compressobj(1, wbits=31 if kind == "gzip" else 15)
        feed, end = packer.compress, packer.flush
    block = b" " * (1 << 20)
    return b"".join([feed(b"<html><body><h1>x</h1>"), *(feed(block) for _ in range(size >> 20)), end()])


def in_turn(*handlers):
    """One handler for each request, the last one for all further ones."""
    rest = itertools.chain(handlers[:-1], itertools.repeat(handlers[-1]))

    async def handle(exchange):
        await next(rest)(exchange)

    return handle


class FaultServer:
    """See the module's first lines. ``base`` is its address, to be used as a proxy or asked directly."""

    def __init__(self):
        self.log = []
        self._routes = itertools.count()
        self._exact = {}
        self._patterns = []
        self._numbers = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="fault-server", daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def page(self, url, body="", status=200, headers=None, gzipped=False):
        """Answer an address with a page; ``body`` is text (sent as UTF-8) or bytes."""
        headers = dict(headers or {})
        data = body.encode() if isinstance(body, str) else body
        if gzipped:
            data, headers = gzip.compress(data), {**headers, "Content-Encoding": "gzip"}

        async def handle(exchange):
            await exchange.reply(status, data, headers)

        self.on(url, handle)

    def on(self, url, handler):
        """Answer an address, or all that a compiled pattern is found in, by a handler; what was said last counts."""
        if isinstance(url, re.Pattern):
            self._patterns.insert(0, (next(self._routes), url, handler))
        else:
            self._exact[url] = next(self._routes), handler

    def urls(self, pattern=""):
        """The addresses asked for, in order, that the pattern is found in."""
        return [asked.url for asked in list(self.log) if re.search(pattern, asked.url)]

    def moments(self, pattern=""):
        """The moments of requests for addresses that the pattern is found in."""
        return [asked.at for asked in list(self.log) if re.search(pattern, asked.url)]

    def gaps(self, pattern=""):
        """The seconds between each two of these requests."""
        moments = self.moments(pattern)
        return [later - earlier for earlier, later in itertools.pairwise(moments)]

    def wait_for(self, pattern, count=1, timeout=30):
        """Wait until so many requests came for addresses that the pattern is found in."""
        end = time.monotonic() + timeout
        while len(self.urls(pattern)) < count:
            assert time.monotonic() < end, f"{pattern}: {self.urls()}"
            time.sleep(0.02)

    async def _main(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._clients = {}
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
        self.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task, writer in list(self._clients.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await server.wait_closed()

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._clients[task] = writer
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._clients.pop(task)
            writer.close()

    async def _converse(self, reader, writer):
        first, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        url = target if "://" in target else f"http://{headers.get('host', '')}{target}"
        self.log.append(Asked(time.monotonic(), method, url, headers))
        number = self._numbers[url] = self._numbers.get(url, 0) + 1
        fitting = [(when, handler) for when, pattern, handler in self._patterns if pattern.search(url)][:1]
        fitting += [self._exact[url]] if url in self._exact else []
        handler = max(fitting, key=lambda route: route[0])[1] if fitting else status(404)
        exchange = Exchange(method, url, headers, number, writer)
        serving = asyncio.ensure_future(handler(exchange))
        # Whoever asked may go before the answer is whole.
        gone = asyncio.ensure_future(reader.read())
        await asyncio.wait([serving, gone], return_when=asyncio.FIRST_COMPLETED)
        for waiting in (serving, gone):
            if not waiting.done():
                waiting.cancel()
        await asyncio.gather(serving, gone, return_exceptions=True)


# -- pages


def list_page(urls, title="新闻", more=""):
    """A list of articles; ``more`` goes below it."""
    items = "".join(f'<li><a href="{url}">港区新闻第{number}条：码头今日忙</a></li>' for number, url in enumerate(urls))
    return f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><ul>{items}</ul>{more}</body></html>'


def article_page(title="港区码头今日开工", text="一艘渔船清晨进港，船上的鱼都是昨夜打的。", more=""):
    """An article of four paragraphs, told apart by its title."""
    body = "".join(f"<p>{title}，第{number}段：{text * 3}</p>" for number in "一二三四")
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>'
        f'<div class="info">2026-11-01 08:30 来源：港区日报</div><div class="content">{body}</div>{more}</body></html>'
    )


def articles(server, host, count, channel="/"):
    """A channel of so many articles on a host; gives their addresses."""
    urls = [f"http://{host}/202611/t20261101_{number}.html" for number in range(1, count + 1)]
    for number, url in enumerate(urls, 1):
        server.page(url, article_page(f"{host.partition('.')[0]}港第{number}号船进港"))
    server.page(f"http://{host}{channel}", list_page(urls))
    return urls


# -- crawls


def site_file(host="news.example", name="news", **attributes):
    """A site file's text: a NewsSpider with the class attributes given, its ``home`` on ``host`` where no other is named."""
    given = {"name": name, "title": "港区新闻", "home": f"http://{host}/", **attributes}
    lines = "".join(f"    {key} = {value!r}\n" for key, value in given.items())
    return f"from newscrawl.spider import NewsSpider\n\n\nclass Site_{name}(NewsSpider):\n{lines}\n\n"


@dataclass
class Run:
    """A crawl that has ended. ``seconds`` from its start."""

    code: int
    stdout: str
    stderr: str
    seconds: float


@dataclass
class Running:
    """A crawl under way."""

    process: forks.Process | subprocess.Popen
    folder: Path
    started: float = field(default_factory=time.monotonic)

    def signal(self, number=signal.SIGTERM):
        """Send a signal; SIGTERM where none is named."""
        self.process.send_signal(number)

    def wait(self, timeout=60):
        """Wait for its end; kills it and fails after ``timeout`` seconds."""
        timer = threading.Timer(timeout, self.process.kill)
        timer.start()
        self.process.wait()
        timer.cancel()
        run = Run(
            self.process.returncode,
            (self.folder / "stdout").read_text("utf-8"),
            (self.folder / "stderr").read_text("utf-8"),
            time.monotonic() - self.started,
        )
        assert run.code != -signal.SIGKILL, f"not ended after {timeout} s\n{run.stdout}\n{run.stderr[-3000:]}"
        return run


def start(folder, sites, *arguments, proxy=None, settings="", fresh=False, **environment):
    """Start ``newscrawl crawl`` on site files of the test's own, in a folder where news.db will be.

    ``sites`` is their text (`site_file`), ``arguments`` are those of the command (default: ``--all --delay 0``), ``settings``
    is Python text that is added to newscrawl's settings. Without a proxy nothing leaves the machine by a name: addresses are
    asked for directly. ``fresh``: not forked off, so that its memory is all its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test_sites.py").write_text(sites, "utf-8")
    (folder / "test_settings.py").write_text(
        f"from newscrawl.settings import *\n\nSPIDER_MODULES = ['test_sites']\nNEWSCRAWL_READERS = 0\n{settings}\n", "utf-8"
    )
    variables = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    variables |= {
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "SCRAPY_SETTINGS_MODULE": "test_settings",
        "NEWSCRAWL_DB": str(folder / "news.db"),
        "NEWSCRAWL_CONTACT": "desk@example.org",
        **({"http_proxy": proxy} if proxy else {}),
        **environment,
    }
    words = ["crawl", *(arguments or ("--all", "--delay", 0))]
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        if fresh:
            command = [sys.executable, "-m", "newscrawl", *map(str, words)]
            process = subprocess.Popen(command, env=variables, cwd=folder, stdout=out, stderr=err)
        else:
            process = forks.Process(words, env=variables, cwd=folder, stdout=out, stderr=err)
    return Running(process, folder)


def crawl(folder, sites, *arguments, proxy=None, settings="", fresh=False, timeout=60, **environment):
    """`start` and wait."""
    return start(folder, sites, *arguments, proxy=proxy, settings=settings, fresh=fresh, **environment).wait(timeout)


def rows(folder, sql, *parameters):
    """What a crawl in a folder has stored: the rows of a query."""
    with closing(sqlite3.connect(folder / "news.db")) as connection:
        return connection.execute(sql, parameters).fetchall()
