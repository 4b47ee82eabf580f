"""Single pages, fetched as a crawl fetches them: robots.txt, the address guard, each host's pace, retries, the proxy.

Scrapy's engine runs in a process of its own, ``python -m newscrawl.fetch FD``, which answers on a socket and ends when that closes:
a command can ask, look at the answer and ask again, and the pace is kept over all of it. Nothing is stored.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import re
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings, Settings

from newscrawl.days import SHANGHAI
from newscrawl.middlewares import OffSite
from newscrawl.resolver import plain, refusal
from newscrawl.robots import Disallowed

if TYPE_CHECKING:
    from newscrawl.spider import NewsSpider

_LENGTH = struct.Struct("!I")


class FetchProblem(Exception):
    """The fetching process is gone; the message says so."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address.

    ``url``: as asked for; ``final_url``: after ``redirects`` (the addresses that sent on, first one first). ``headers``: by lower-case
    name. ``at``: when it came, in China's time. ``error``: why there is no answer (then ``status`` is 0 and ``body`` empty), in the
    words of what refused it; ``None`` for an answer of whatever status. ``robots``: robots.txt disallows it, or cannot be had.
    """

    url: str
    final_url: str
    redirects: tuple[str, ...] = ()
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    at: datetime = field(default_factory=lambda: datetime.now(SHANGHAI))
    error: str | None = None
    robots: bool = False

    @property
    def charset(self) -> str | None:
        """The charset of the Content-Type header, where it names one."""
        match = re.search(r"charset\s*=\s*[\"']?([\w-]+)", self.headers.get("content-type", ""), re.I)
        return match[1] if match else None

    @property
    def problem(self) -> str | None:
        """Why this is no page to read, in a few words: the error, or an answer that is not 200."""
        return self.error or (None if self.status == 200 else f"the server answers {self.status}")


def fetch(urls: Sequence[str], *, site: type[NewsSpider] | None, settings: BaseSettings) -> list[Fetched]:
    """Fetch addresses, each once; blocks until all have come; the answers stand in the order of the addresses.

    ``site``: only its hosts are fetched, redirects included, under its settings; ``None``: any public host, and a private one only
    where one of the first ``urls`` names it, which the user has typed. ``settings``: the project's. Raises `FetchProblem`.
    """
    with Fetcher(site=site, settings=settings) as fetcher:
        return fetcher.fetch(urls)


class Fetcher:
    """Fetches in several goes at one pace: what comes of the first says what is asked for next. A context manager."""

    def __init__(self, *, site: type[NewsSpider] | None, settings: BaseSettings) -> None:
        # Here, and not in the process that it starts, which does without the package's core.
        from newscrawl.spider import NewsSpider

        settings = settings.copy()
        (site or NewsSpider).update_settings(settings)
        # No item comes of it, no site file is needed, and nothing is kept.
        for name, value in (("ITEM_PIPELINES", {}), ("SPIDER_MODULES", []), ("NEWSCRAWL_ARCHIVE", "off")):
            settings.set(name, value, priority="cmdline")
        ours, theirs = socket.socketpair()
        with theirs:
            # The same modules as here: a project's settings may name its own.
            command = [sys.executable, "-P", "-m", "newscrawl.fetch", str(theirs.fileno())]
            variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._process = subprocess.Popen(  # noqa: S603
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=variables
            )
        self._socket = ours
        self._stream = ours.makefile("rwb")
        # Scrapy's defaults stay defaults: it warns of some that somebody sets.
        values = settings.copy_to_dict()
        chosen = [(name, values[name], at) for name in settings if (at := settings.getpriority(name)) and name in values]
        self._send(("newscrawl" if site is None else site.name, site.allowed_hosts() if site else (), chosen))

    def fetch(self, urls: Sequence[str]) -> list[Fetched]:
        """Fetch addresses; the answers stand in their order. Raises `FetchProblem`."""
        self._send(list(urls))
        try:
            found: list[Fetched] = _receive(self._stream)
        except (EOFError, OSError):
            raise FetchProblem("the fetching process ended before it answered; its last words stand above") from None
        return found

    def _send(self, what: Any) -> None:
        try:
            self._stream.write(_packed(what))
            self._stream.flush()
        except OSError:
            raise FetchProblem("the fetching process is gone; its last words stand above") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self._stream.close()
        self._socket.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _packed(what: Any) -> bytes:
    data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def _receive(stream: Any) -> Any:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return pickle.loads(stream.read(_LENGTH.unpack(head)[0]))  # noqa: S301 - our own process's


class Pages(Spider):
    """Fetches what it is told over a socket, until that closes."""

    name = "newscrawl"
    custom_settings = None
    hosts: tuple[str, ...] = ()
    stream: Any = None
    named: frozenset[str] | None = None

    @classmethod
    def allowed_hosts(cls) -> tuple[str, ...]:
        """The hosts that the address guard lets through; none: any public one."""
        return cls.hosts

    async def start(self) -> AsyncIterator[Any]:
        """Answer each list of addresses with a list of `Fetched`."""
        loop = asyncio.get_running_loop()
        while self.stream is not None:
            try:
                urls = await loop.run_in_executor(None, _receive, self.stream)
            except (EOFError, OSError):
                return
            if self.named is None:
                self.named = frozenset(map(_host, urls))
            found = await asyncio.gather(*map(self._fetch, urls))
            try:
                self.stream.write(_packed(found))
                self.stream.flush()
            except OSError:
                return
        yield  # an async generator that yields nothing: all requests go past the scheduler

    async def _fetch(self, url: str) -> Fetched:
        try:
            request = Request(url, callback=NO_CALLBACK, dont_filter=True)
            if not self.hosts and self.named is not None and _host(url) not in self.named and (why := refusal(_host(url))):
                raise OffSite(f"{url} is not fetched: {why}")
            assert self.crawler.engine is not None
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is why there is no page
            said = str(error) or type(error).__name__
            return Fetched(url, url, error=said[:300], robots=isinstance(error, Disallowed))
        return self._fetched(url, response)

    @staticmethod
    def _fetched(url: str, response: Response) -> Fetched:
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
        }
        redirects = tuple(response.meta.get("redirect_urls", ()))
        return Fetched(url, response.url, redirects, response.status, headers, response.body)


def _host(url: str) -> str:
    try:
        return plain(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def work(connection: socket.socket) -> None:
    """The process's life: settings and hosts come first, then addresses, until the socket closes."""
    with connection, connection.makefile("rwb") as stream:
        name, hosts, values = _receive(stream)
        spider = type("Pages", (Pages,), {"name": name, "hosts": hosts, "stream": stream})
        settings = Settings()
        for key, value, priority in values:
            settings.set(key, value, priority=priority)
        process = AsyncCrawlerProcess(settings)
        process.crawl(spider)
        process.start()


if __name__ == "__main__":
    from newscrawl.fetch import work as work_as_a_module  # so that Fetched is pickled under its module's own name

    logging.captureWarnings(True)
    try:
        work_as_a_module(socket.socket(fileno=int(sys.argv[1])))
    except (ConnectionError, EOFError):
        os._exit(0)
