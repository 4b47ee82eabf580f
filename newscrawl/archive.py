"""The archive: every answer of a crawl, as it came over the wire, on its way into WARC files beside the database."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl import __version__, warc
from newscrawl.items import Visit
from newscrawl.pipelines import only_looks
from newscrawl.store import archive as index
from newscrawl.store import reader

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.pipelines import Store

KEEPS = ("off", "pages", "images")
"""What of a site is kept: nothing, its pages, its pages and the images of its articles."""

NOT_MODIFIED = 304

ABOUT = ("found_on", "depth_of_links", "again", "redirect_urls", "retry_times", "fill", "failed_in_browser")
"""Keys of a request's meta that are kept with its answer, beside ``kind``."""

logger = logging.getLogger(__name__)


class Archive:
    """One crawl's way into the archive. Made once a crawler; see `of`.

    What is kept is said by the setting NEWSCRAWL_ARCHIVE, else by the spider's ``archive``; where, by NEWSCRAWL_ARCHIVE_DIR, else it is
    the folder beside the database (`folder_of`). Nothing is kept of a replay, nor in ``scrapy shell`` and ``scrapy parse``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        keeps = settings.get("NEWSCRAWL_ARCHIVE") or os.environ.get("NEWSCRAWL_ARCHIVE")
        keeps = str(keeps or getattr(crawler.spidercls, "archive", "off")).lower()
        if keeps not in KEEPS:
            raise ValueError(f"NEWSCRAWL_ARCHIVE is {keeps!r}; it is one of {', '.join(KEEPS)}")
        self.keeps = "off" if settings.get("NEWSCRAWL_REPLAY") or only_looks(crawler) else keeps
        self.run: int | None = None
        self._writer: warc.Writer | None = None
        self._files: set[str] = set()
        self._flushed: str | None = None

    @classmethod
    def of(cls, crawler: Crawler) -> Archive:
        """The crawler's archive, made at the first call."""
        found: Archive | None = getattr(crawler, "newscrawl_archive", None)
        if found is None:
            found = crawler.newscrawl_archive = cls(crawler)  # type: ignore[attr-defined]
        return found

    @property
    def _store(self) -> Store | None:
        store: Store | None = getattr(self.crawler, "newscrawl_store", None)
        return store if store is not None and store.database is not None else None

    def begin(self, spider: Spider, run: int | None, *, mend: bool) -> None:
        """A run begins: ``run`` is its number in the ledger, ``mend`` whether a run before it was killed.

        What a kill left half written at a file's end is cut off: the next reader would take it for damage.
        """
        store = self._store
        if self.keeps == "off" or store is None:
            return
        self.run = run
        folder = folder_of(store.path, self.crawler.settings.get("NEWSCRAWL_ARCHIVE_DIR"))
        if mend:
            for path in warc.files(folder / spider.name)[-20:] if (folder / spider.name).is_dir() else ():
                with suppress(OSError):
                    if cut := warc.repair(path):
                        logger.info("%s: %d bytes of a record that was not finished are cut off", path, cut)
        arguments = {name: value for name, value in getattr(spider, "_arguments", {}).items() if value is not None}
        assert store.database
        contact = reader.settings(store.database.connection).get("contact")
        info = {"site": spider.name, "version": __version__, "arguments": arguments, "started_at": _text(datetime.now(UTC))}
        self._writer = warc.Writer(folder, spider.name, info={**info, **({"contact": contact} if contact else {})})

    def keep(self, request: Request, response: Response) -> None:
        """Keep an answer; the moment goes into the request's meta, for whoever reads it."""
        store = self._store
        if self._writer is None or store is None or store.error is not None:
            return
        at = datetime.now(UTC)
        request.meta["archived_at"] = _text(at)
        kept = {**about(request), **self._order(store, at)}
        headers = [(name.decode("latin-1"), v.decode("latin-1")) for name, values in response.headers.items() for v in values]
        asked = [(name.decode("latin-1"), v.decode("latin-1")) for name, values in request.headers.items() for v in values]
        asked.insert(0, ("Host", urlsplit(request.url).netloc))
        try:
            record = self._writer.response(
                request.url,
                response.status,
                headers,
                response.body,
                at=at,
                about=kept,
                request_method=request.method,
                request_headers=asked,
                unchanged=self._unchanged(store, request.url, response),
                truncated="unspecified" if {"partial", "dataloss"} & set(response.flags) else None,
            )
        except OSError as error:
            store.fail(error)
            return
        self._note(store, record)

    def keep_shown(self, request: Request, response: Response) -> None:
        """Keep a page as a browser showed it."""
        store = self._store
        if self._writer is None or store is None or store.error is not None:
            return
        at = datetime.now(UTC)
        request.meta["archived_at"] = _text(at)
        kind = (response.headers.get(b"Content-Type") or b"text/html; charset=utf-8").decode("latin-1")
        kept = {**about(request), **self._order(store, at)}
        try:
            self._note(store, self._writer.resource(request.url, kind, response.body, at=at, about=kept))
        except OSError as error:
            store.fail(error)

    def keep_visit(self, visit: Visit) -> None:
        """Keep what became of an address that did not answer."""
        store = self._store
        if self._writer is None or store is None or store.error is not None:
            return
        at = datetime.fromisoformat(visit.fetched_at) if visit.fetched_at else datetime.now(UTC)
        try:
            self._note(store, self._writer.visit(visit.url, {**asdict(visit), **self._order(store, at)}, at=at))
        except OSError as error:
            store.fail(error)

    def finish(self, run: Mapping[str, Any] | None = None) -> dict[str, int]:
        """The run is over: its row of the ledger is kept with its pages; gives its files with their sizes. Raises ``OSError``."""
        writer, self._writer = self._writer, None
        if writer is None:
            return {}
        try:
            if run is not None:
                writer.finish(dict(run))
        finally:
            writer.close()
        return {name: (writer.folder / name).stat().st_size for name in self._files}

    def _order(self, store: Store, at: datetime) -> dict[str, str]:
        """What tells in which order things went, to the microsecond: when this came, and when pages before it were stored, if any."""
        told = {"moment": at.isoformat()}
        if store.flushed != self._flushed and store.flushed is not None:
            told["stored"] = self._flushed = store.flushed
        return told

    def _note(self, store: Store, record: warc.Written) -> None:
        self._files.add(record.place.file)
        store.records.append(record)

    @staticmethod
    def _unchanged(store: Store, url: str, response: Response) -> tuple[str, str, str] | None:
        """The newest answer of the same page, which this one may be the same as."""
        assert store.database
        kept = index.last(store.database.connection, url)
        if kept is None or kept.digest is None or kept.status != 200 or response.status not in (200, NOT_MODIFIED):
            return None
        return kept.url, kept.fetched_at, kept.digest


class Capture:
    """Downloader middleware nearest to the network: what it sees is as it came, content coding and all."""

    def __init__(self, crawler: Crawler) -> None:
        self.archive = Archive.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Capture:
        """Scrapy's way of making one."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response itself, or one like it that knows nothing of text as yet."""
        if request.meta.get("kind") == "asset":
            # What the scripts of a page load in a browser: what came of it is in the page as the browser shows it.
            return response
        if request.meta.get("kind") == "browser":
            self.archive.keep_shown(request, response)
        else:
            self.archive.keep(request, response)
        if response.headers.get(b"Content-Encoding"):
            from scrapy.http import Response

            # As Scrapy unpacks a text it has the charset of the packed bytes guessed, and forgets it: a tenth of a crawl's time.
            return Response(**{name: getattr(response, name) for name in Response.attributes})
        return response


class Unanswered:
    """Pipeline: an address that did not answer leaves no response, but why it did not is kept too."""

    def __init__(self, crawler: Crawler) -> None:
        self.archive = Archive.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Unanswered:
        """Scrapy's way of making one."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """The item itself."""
        if isinstance(item, Visit) and item.status is None:
            self.archive.keep_visit(item)
        return item


def about(request: Request) -> dict[str, Any]:
    """What is kept of a request with its answer: all that reading the answer again needs."""
    meta = request.meta
    kept: dict[str, Any] = {"kind": meta.get("kind") or ("robots" if urlsplit(request.url).path == "/robots.txt" else "page")}
    kept.update((name, meta[name]) for name in ABOUT if meta.get(name))
    for name in ("number", "polled", "walk"):
        if (value := request.cb_kwargs.get(name)) is not None:
            kept[name] = value
    if (search := request.cb_kwargs.get("search")) is not None:
        kept["search"] = [search.known.url, search.low, search.high, search.wanted, search.last]
    if (article := request.cb_kwargs.get("article")) is not None:
        kept["of"] = article.url
    return kept


def folder_of(database: Path, named: str | Path | None = None) -> Path:
    """Where the archive of a database lies: as named, else beside it, ``data/newscrawl.archive`` for ``data/newscrawl.db``.

    Each database has its own: `newscrawl reparse` brings all that lies there into it.
    """
    return Path(named or os.environ.get("NEWSCRAWL_ARCHIVE_DIR") or database.with_suffix(".archive"))


def keeps_images(crawler: Crawler) -> bool:
    """Whether the images of articles are to be fetched."""
    return Archive.of(crawler).keeps == "images"


def unkept(store: Store, urls: Iterable[str]) -> list[str]:
    """Those of some images that the archive does not have."""
    assert store.database
    return [url for url in urls if index.last(store.database.connection, url) is None]


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
