"""A crawl out of the archive: WARC files answer inside the downloader, in the place of the network."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from newscrawl import discovery, fingerprint, warc
from newscrawl.downloader import Downloader

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from newscrawl.warc import Captured, Place

NOT_MODIFIED = 304

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "newscrawl.replay.Handler")
    | dict.fromkeys(("file", "data", "ftp", "s3")),
    "DOWNLOADER": "newscrawl.replay.Unhurried",
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
}
"""What a crawl out of the archive is set to, beside NEWSCRAWL_REPLAY."""

logger = logging.getLogger(__name__)


class NotArchived(IgnoreRequest):
    """The address is not in the archive; the message names it."""


class Failed(IgnoreRequest):
    """The address gave no answer when it was archived; the message is the reason of then."""


class Unhurried(Downloader):
    """The downloader without waits: whom it asks is a file."""

    def pause(self, key: str, seconds: float) -> None:
        """No pause."""

    def floor(self, key: str, seconds: float) -> None:
        """No least delay."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record on the shelf. ``run`` counts the archived runs, oldest first."""

    run: int
    type: str
    url: str
    at: datetime
    status: int | None
    place: Place
    folder: Path
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive answers to a request. ``at``: when it was archived, UTC."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    at: datetime


class Shelf:
    """The records of WARC and WACZ files by address. Only where they lie is held in memory.

    ``paths``: files, and folders that are searched for them; ``hosts``: only addresses there. What is damaged is logged and left out.
    Raises ``OSError`` for a path that cannot be read, ``ValueError`` where there is no WARC file at all.

    Addresses are found by their exact spelling, else by `newscrawl.fingerprint.key`. Of several runs that asked for an address, the
    last one answers. Its answers come in their order, and the last one again and again.
    """

    _shared: ClassVar[dict[str, Shelf]] = {}

    def __init__(self, paths: Iterable[str | Path], hosts: Sequence[str] | None = None) -> None:
        self.hosts = hosts
        self.count = 0
        """Answers there are."""
        self._entries: dict[str, list[_Entry]] = {}
        self._begun: list[datetime] = []
        self._runs: dict[str, int] = {}
        self._turns: dict[tuple[int, str, str], int] = {}
        found = [(path, root) for root in map(Path, paths) for path in warc.files(root)]
        if not found:
            raise ValueError(f"{', '.join(map(str, paths))}: holds no WARC files ({', '.join(warc.ENDINGS)})")
        for path, root in found:
            self._add(path, root if root.is_dir() else root.parent)

    @classmethod
    def shared(cls, path: str) -> Shelf:
        """The shelf of the setting NEWSCRAWL_REPLAY, filled once in a process."""
        if path not in cls._shared:
            cls._shared[path] = cls([path])
        return cls._shared[path]

    @property
    def first_at(self) -> datetime | None:
        """When the last of the archived runs began."""
        return self.began()

    def began(self, hosts: Sequence[str] | None = None) -> datetime | None:
        """When the last of the archived runs began that has an answer of these hosts (default: of any)."""
        runs = (
            entry.run
            for entries in self._entries.values()
            for entry in entries
            if hosts is None or discovery.is_allowed(entry.url, tuple(hosts))
        )
        last = max(runs, default=None)
        return None if last is None else self._begun[last]

    def _add(self, path: Path, folder: Path) -> None:
        run = -1
        for record in warc.records(path, folder=folder, problem=logger.warning, wanted=self._wanted, bodies=False):
            if run < 0:
                # Files of others are a run each: what they say they are part of may be the work of years.
                name = str(record.about.get("newscrawl_run") or path) if record.type == "warcinfo" else str(path)
                if name not in self._runs:
                    self._runs[name] = len(self._runs)
                    self._begun.append(record.at)
                run = self._runs[name]
            if record.type == "warcinfo" or (record.type == "metadata" and "verdict" not in record.about):
                continue
            why = str(record.about.get("why") or "no answer") if record.type == "metadata" else ""
            entry = _Entry(run, record.type, record.url, record.at, record.status, record.place, folder, why)
            self._entries.setdefault(_key(record.url), []).append(entry)
            self.count += record.type != "metadata"

    def _wanted(self, url: str) -> bool:
        if not url.startswith(("http://", "https://")):
            return False
        return self.hosts is None or discovery.is_allowed(url, tuple(self.hosts))

    def find(self, request: Request) -> Answer:
        """The answer to a request. Raises `NotArchived`, `Failed`, and ``OSError`` or `warc.Damaged` where a file is not what it was."""
        url = warc.address(request.url.partition("#")[0])
        known = self._entries.get(_key(url), [])
        exact = [entry for entry in known if entry.url.partition("#")[0] == url]
        entry = self._next(exact or known, url, shown=request.meta.get("kind") == "browser")
        if entry is None:
            # Where a redirect led to nowhere, what was asked for has the reason.
            for first in request.meta.get("redirect_urls", ())[:1]:
                for failed in reversed(self._entries.get(_key(first), [])):
                    if failed.type == "metadata":
                        raise self._failure(request, failed)
            raise NotArchived(f"{request.url} is not in the archive")
        if entry.type == "metadata":
            raise self._failure(request, entry)
        record = warc.at(entry.folder, entry.place)
        answer = self._answer(entry, record, is_conditional(request))
        if not exact and 300 <= answer.status < 400:
            where = next((value for name, value in answer.headers if name.lower() == "location"), "")
            if _same(urljoin(entry.url, where), url):
                # http led to https, or the like: what is asked for is what it led to.
                raise NotArchived(f"{request.url} is not in the archive, only {entry.url}, which leads there")
        request.meta["archived_at"] = answer.at.isoformat(timespec="seconds")
        return answer

    @staticmethod
    def _failure(request: Request, entry: _Entry) -> Failed:
        request.meta["archived_at"] = entry.at.isoformat(timespec="seconds")
        return Failed(entry.why)

    def _next(self, known: list[_Entry], url: str, *, shown: bool) -> _Entry | None:
        """The entry whose turn it is, of the last run that has one."""
        fitting = [entry for entry in known if (entry.type == "resource") == shown] or (
            [] if shown else [entry for entry in known if entry.type == "resource"]
        )
        if not fitting:
            return None
        run = max(entry.run for entry in fitting)
        of_run = [entry for entry in fitting if entry.run == run]
        name = (run, url, "shown" if shown else "")
        turn = self._turns.get(name, 0)
        self._turns[name] = turn + 1
        return of_run[min(turn, len(of_run) - 1)]

    def _answer(self, entry: _Entry, record: Captured, conditional: bool) -> Answer:
        if record.type != "revisit" or (record.status == NOT_MODIFIED and conditional):
            return Answer(record.url, record.status or 200, record.headers, record.body, record.at)
        first = self._referred(entry, record)
        if first is None:
            since = f" since {record.refers_to[1]:%Y-%m-%d %H:%M}" if record.refers_to else ""
            raise NotArchived(f"{record.url} had not changed{since}, and that answer is not in the archive")
        whole = warc.at(first.folder, first.place)
        if record.status in (None, NOT_MODIFIED):
            return Answer(record.url, whole.status or 200, whole.headers, whole.body, record.at)
        return Answer(record.url, record.status or 200, record.headers, whole.body, record.at)

    def _referred(self, entry: _Entry, record: Captured) -> _Entry | None:
        """The answer that a revisit stands for: the one that it names, else the last one before it."""
        url, at = record.refers_to or (record.url, record.at)
        found = [known for known in self._entries.get(_key(url), []) if known.type == "response" and known.status != NOT_MODIFIED]
        named = [known for known in found if known.at == at and known.url == url]
        before = [known for known in found if known.at <= entry.at and (known.status or 200) < 300]
        return next(reversed(named or before), None)


def _key(url: str) -> str:
    try:
        return fingerprint.key(url)
    except ValueError:
        return url


def _same(one: str, other: str) -> bool:
    return one.partition("#")[0] == other.partition("#")[0]


def is_conditional(request: Request) -> bool:
    """Whether a request asks for a page only if it has changed (RFC 9110, 13.1)."""
    return b"If-None-Match" in request.headers or b"If-Modified-Since" in request.headers


class Handler:
    """Scrapy's download handler for http and https, out of the setting NEWSCRAWL_REPLAY: a file, or a folder of files.

    Sets ``archived_at`` in the request's meta: when the answer was archived, ISO text in UTC. An archive without a robots.txt, as others
    make them, answers 404 for it: whoever crawled the pages had asked for leave.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self.shelf = Shelf.shared(str(crawler.settings["NEWSCRAWL_REPLAY"]))
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way of making one."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The archived answer. Raises what `Shelf.find` raises, and as the real downloader does for a page that is too large."""
        try:
            answer = self.shelf.find(request)
        except NotArchived:
            first = self.shelf.first_at
            if first is None or urlsplit(request.url).path != "/robots.txt":
                raise
            request.meta["archived_at"] = first.isoformat(timespec="seconds")
            answer = Answer(request.url, 404, [], b"", first)
        most = request.meta.get("download_maxsize", self._largest)
        if most and len(answer.body) > most:
            raise DownloadCancelledError(f"{request.url} has {len(answer.body)} bytes, more than {most}")
        headers = Headers()
        for name, value in answer.headers:
            headers.appendlist(name.encode("latin-1"), value.encode("latin-1"))
        kind = responsetypes.from_args(headers=headers, url=request.url, body=answer.body)
        return kind(request.url, status=answer.status, headers=headers, body=answer.body, protocol="HTTP/1.1")

    async def close(self) -> None:
        """Nothing is open."""
