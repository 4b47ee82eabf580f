"""Reading the archive again: what today's rules make of yesterday's pages, and the way back to a database that is lost.

An archived answer goes the way of a live one: the spider's own callback, the pipelines, the store. Only the network is left out.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import itertools
import logging
import multiprocessing
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from newscrawl import fingerprint, warc
from newscrawl.comparison import Change, Compared, Comparison
from newscrawl.items import Article, Visit
from newscrawl.offline import FURTHER, Session, each
from newscrawl.pipelines import Count, Fingerprint, Store, Validate, site_row
from newscrawl.readers import Readers
from newscrawl.robots import MAX_SIZE, Rules, origin_of
from newscrawl.spider import NewsSpider
from newscrawl.store import archive as index
from newscrawl.store import ledger, reader
from newscrawl.store.frontier import text
from newscrawl.store.writer import Numbers, transaction
from newscrawl.warc import Captured, Written

logger = logging.getLogger(__name__)

BATCH = 1000
"""Pages that are stored in one transaction at most, where the archive does not say when the crawl stored them."""

TAIL = 8 * 1024 * 1024
"""Bytes of a file's end in which its last record is looked for."""

SHARE = 25
"""Pages that are compared in one go."""

AHEAD = 128
"""Pages that are read ahead of the one whose turn it is."""


@dataclass(slots=True)
class Outcome:
    """What came of it: pages read, pages of the archive that the database did not know (``restored``), runs that were restored."""

    pages: int = 0
    restored: int = 0
    runs: int = 0
    changed: int = 0
    by_field: Counter[str] = field(default_factory=Counter)


class Reparse:
    """Reads an archive again into a database; with ``dry`` only says what would change."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        spiders: Mapping[str, type[NewsSpider]],
        settings: Settings,
        *,
        jobs: int = 1,
        dry: bool = False,
        problem: Callable[[str], None] = lambda _: None,
        told: Callable[[Change], None] = lambda _: None,
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        self.store, self.folder, self.spiders, self.settings = store, folder, spiders, settings
        self.jobs, self.dry, self.problem, self.told, self.progress = jobs, dry, problem, told, progress
        self.outcome = Outcome()
        self.count, self._validate, self._fingerprint = Count(), Validate(), Fingerprint()
        self._pool: Readers | None = None
        self._bodies: dict[str, warc.Place] = {}

    async def run(self, sites: Iterable[str], *, since: str | None = None, url: str | None = None) -> Outcome:
        """Read the sites' archives: first what the database does not know, in the order of time, then each page that it has.

        ``since``: only pages fetched since then (ISO 8601, UTC); ``url``: only this page; both leave alone what the database does not
        know. Raises ``sqlite3.Error``.
        """
        names = [name for name in sites if name in self.spiders]
        try:
            done: set[str] = set()
            if since is None and url is None:
                done = await self._restore(names)
            await self._again(names, since, url, done)
        finally:
            if self._pool is not None:
                self._pool.close()
        return self.outcome

    # -- what the database does not know

    async def _restore(self, sites: Sequence[str]) -> set[str]:
        """Bring what lies in the archive and not in the database into it, as if it were crawled; gives the files that were read."""
        assert self.store.database
        known = index.sizes(self.store.database.connection)
        fresh = []
        for site in sites:
            for path in warc.files(self.folder / site) if (self.folder / site).is_dir() else ():
                name = path.relative_to(self.folder).as_posix()
                if path.stat().st_size > known.get(name, 0):
                    fresh.append((path, name, site, known.get(name, 0)))
        if self.dry:
            for path, _, _, size in fresh:
                for found in warc.records(path, folder=self.folder, problem=self.problem, bodies=False):
                    self.outcome.restored += found.type in ("response", "resource") and found.place.offset >= size
            return {name for _, name, _, _ in fresh}
        if fresh and self.jobs > 1:
            self._pool = Readers(0)
            await self._pool.start(self.jobs)
        numbers: dict[str, int] = {}
        for path, name, *_ in fresh:
            numbers.update(_numbers(self.folder, path, name))
        self.store.database.numbers = Numbers(numbers)
        sessions: dict[str, _Restored] = {}
        window: _Window = deque()
        for record, site in _in_time(fresh, self.folder, self.problem):
            restored = sessions.get(site)
            if record is None:
                # Here the crawl stored what it had read: what came of it hangs on that at times.
                if restored is not None:
                    window.append((None, restored, None))
                continue
            if record.type == "warcinfo":
                if restored is not None and restored.started != record.about.get("started_at"):
                    await self._drain(window, 0)
                    await self._end(restored)
                    restored = None
                if restored is None:
                    await self._drain(window, 0)
                    sessions[site] = await self._begin(site, record)
                continue
            if restored is None:
                # A file without its head, as after a move by hand.
                await self._drain(window, 0)
                restored = sessions[site] = await self._begin(site, record)
            response = None
            if record.type in ("response", "revisit", "resource"):
                self._resolve(record)
                response = restored.session.response(record) if record.about.get("kind") != "robots" else None
            if response is not None:
                self._read_ahead(response, record, restored.session)
            if record.about.get("newscrawl") == "run":
                await self._drain(window, 0)
                await self._end(sessions.pop(site), record.about)
            else:
                window.append((record, restored, response))
                await self._drain(window, AHEAD)
                # An answer that is there already gives nobody else a turn: pages ahead would not leave for their readers.
                await asyncio.sleep(0)
        await self._drain(window, 0)
        for restored in sessions.values():
            await self._end(restored)
        self.store.database.numbers = None
        return {name for _, name, _, _ in fresh}

    async def _begin(self, site: str, record: Captured) -> _Restored:
        assert self.store.database
        about = record.about if record.type == "warcinfo" else {}
        spider = self.spiders[site]
        self.store.database.add_site(site_row(spider))
        if contact := about.get("contact"):
            self.store.database.set("contact", contact)
        at = datetime.fromisoformat(about["started_at"]) if "started_at" in about else record.at
        self.store.flush()
        session = Session(spider, self.settings, self.store, about.get("arguments", {}), at)
        await session.start()
        self.outcome.runs += 1
        return _Restored(session, about.get("started_at"))

    async def _end(self, restored: _Restored, run: Mapping[str, Any] | None = None) -> None:
        """A run's records are all read: what waits is stored without its further answers, the run's row goes back into the ledger."""
        assert self.store.database
        await self._take(restored.session.unanswered(), restored)
        self._flush(restored)
        restored.session.close()
        connection = self.store.database.connection
        with transaction(connection):
            if run is not None:
                index.assign(connection, restored.files, ledger.restore(connection, run))
            index.close(connection, {name: (self.folder / name).stat().st_size for name in restored.files})

    async def _drain(self, window: _Window, left: int) -> None:
        while len(window) > left:
            record, restored, response = window.popleft()
            if record is None:
                self._flush(restored)
            else:
                await self._one(record, restored, response)

    def _flush(self, restored: _Restored) -> None:
        """Store what was read of a run since the last time, in one transaction as the crawl did."""
        assert self.store.database
        self.store.size = len(restored.held) + 1
        self.store.records, restored.records = restored.records, []
        held, restored.held = restored.held, []
        for item in held:
            self.store.process_item(item)
        self.store.flush()

    async def _one(self, record: Captured, restored: _Restored, response: Response | None) -> None:
        assert self.store.database
        kind = record.about.get("kind", "page")
        if record.type in ("response", "revisit", "resource", "metadata"):
            restored.records.append(_written(record, kind))
            restored.files.add(record.place.file)
        if record.type == "metadata" and kind == "robots":
            return
        if record.type == "metadata" and "verdict" in record.about:
            await self._failed(record, restored)
        elif kind == "robots" and record.type == "response" and record.status is not None:
            if 200 <= record.status < 300:
                origin, body = origin_of(record.url), record.content()
                restored.session.robots.rules[origin] = Rules.read(body, record.url)
                self.store.database.frontier.keep_robots(origin, body[:MAX_SIZE], text(record.at) or "")
        elif response is not None:
            if (known := reader.fetched_at(self.store.database.connection, record.url)) is not None and known > _at(record):
                # Left over from a run that was killed: a later one has asked again.
                return
            self.outcome.restored += 1
            self.progress()
            await self._take(restored.session.results(record, response), restored)

    async def _failed(self, record: Captured, restored: _Restored) -> None:
        """An address that did not answer: its visit is on record as it was."""
        known = {spec.name for spec in fields(Visit)}
        visit = Visit(**{name: value for name, value in record.about.items() if name in known})
        asked = self._waiting_for(restored.session, visit)
        if asked is not None:
            await self._take(restored.session.give_up(asked), restored)
        self._pass(visit, restored)

    @staticmethod
    def _waiting_for(session: Session, visit: Visit) -> Request | None:
        key = fingerprint.key(visit.url)
        return next((session.waiting.pop((kind, key)) for kind in FURTHER if (kind, key) in session.waiting), None)

    async def _take(self, results: Any, restored: _Restored) -> None:
        """Items go down the pipelines, requests for further answers of an article wait for them; others have had their answer."""
        async for result in each(results):
            if isinstance(result, Request):
                if (kind := result.meta.get("kind")) in FURTHER:
                    restored.session.waiting[kind, fingerprint.key(result.url)] = result
            else:
                self._pass(result, restored)

    def _pass(self, item: Article | Visit, restored: _Restored) -> None:
        restored.held.append(self._fingerprint.process_item(self._validate.process_item(self.count.process_item(item))))
        if len(restored.held) >= BATCH:
            self._flush(restored)

    def _resolve(self, record: Captured) -> None:
        """Give a record that says that nothing had changed the body that it refers to, where it stands for a whole answer."""
        if record.type == "response":
            self._bodies[record.url] = record.place
        elif record.type == "revisit" and record.status != 304:
            place = self._bodies.get(record.url) or self._place_of(record)
            if place is not None:
                first = warc.at(self.folder, place)
                headers = dict.fromkeys(name.lower() for name, _ in record.headers)
                record.body = first.body
                record.headers += [(name, value) for name, value in first.headers if name.lower() not in headers]

    def _place_of(self, record: Captured) -> warc.Place | None:
        assert self.store.database
        kept = index.last(self.store.database.connection, record.url)
        return kept.place if kept else None

    def _read_ahead(self, response: Response, record: Captured, session: Session) -> None:
        kind = record.about.get("kind", "article")
        if self._pool is None or kind not in ("article", "part", "page") or not 200 <= response.status < 300:
            return
        job = session.spider.job(response, "part" if kind == "part" else "article")
        response.meta["reading"] = asyncio.ensure_future(self._pool.read(job, session.spider.rules))

    # -- what the database has

    async def _again(self, sites: Sequence[str], since: str | None, url: str | None, done: set[str]) -> None:
        """Read each page that the database has an answer of in the archive, the newest, and compare; here, or in processes."""
        assert self.store.database
        connection = self.store.database.connection
        shares = (
            (site, share)
            for site in sites
            for share in _in_shares(
                page
                for page in list(index.pages(connection, site, since=since, url=url))
                if page.kind == "article" and page.place.file not in done
            )
        )
        comparisons: dict[str, Comparison] = {}
        for site, share in shares if self.jobs == 1 else itertools.islice(shares, 1):
            if site not in comparisons:
                comparisons[site] = Comparison(self.store, self.folder, self.spiders[site], self.settings)
            self._compared(site, await comparisons[site].read(share))
        for comparison in comparisons.values():
            comparison.close()
        if self.jobs == 1:
            return
        # Forked after the first share was read here, they have all that was compiled for it; the database each opens for itself.
        _here[:] = [self]
        gc.freeze()
        under_way: deque[tuple[str, Future[Compared]]] = deque()
        with ProcessPoolExecutor(self.jobs, mp_context=multiprocessing.get_context("fork")) as pool:
            for site, share in shares:
                under_way.append((site, pool.submit(_compare_there, site, share)))
                if len(under_way) > 3 * self.jobs:
                    self._compared(*_done(under_way.popleft()))
            while under_way:
                self._compared(*_done(under_way.popleft()))

    def _compared(self, site: str, found: Compared) -> None:
        """Tell what differs, and store it."""
        assert self.store.database
        self.outcome.pages += found.pages
        self.outcome.changed += len(found.changes)
        for problem in found.problems:
            self.problem(problem)
        for change in found.changes:
            self.outcome.by_field.update(change.fields.keys())
            self.told(change)
        for _ in range(found.pages):
            self.progress()
        if not self.dry:
            for item in found.items:
                self.store.process_item(item)
            self.store.flush()
            self.store.database.read_again(found.same, self.spiders[site].made_of())


@dataclass(slots=True)
class _Restored:
    """A run whose archive is on its way back into the database."""

    session: Session
    started: str | None
    files: set[str] = field(default_factory=set)
    held: list[Article | Visit] = field(default_factory=list)
    records: list[Written] = field(default_factory=list)


_Window = deque[tuple[Captured | None, _Restored, Response | None]]
"""What was read and waits for its turn; without a record: the moment at which the crawl stored what it had read so far."""


def _at(record: Captured) -> str:
    return record.at.isoformat(timespec="seconds")


def _in_shares(pages: Iterable[index.Kept]) -> Iterator[list[index.Kept]]:
    """Pages in shares that one process reads in one go."""
    left = iter(pages)
    while share := list(itertools.islice(left, SHARE)):
        yield share


_here: list[Reparse] = []
"""Whose pages the processes compare: they are forked, and find it here."""

_opened: list[Store] = []
_comparisons: dict[str, Comparison] = {}
"""The database of a process that compares, and its comparisons by site."""


def _compare_there(site: str, pages: Sequence[index.Kept]) -> Compared:
    """A share of a site's pages, compared in a process of its own."""
    (parent,) = _here
    if not _opened:
        store = Store(parent.store.path)
        store.open()
        _opened.append(store)
    if site not in _comparisons:
        _comparisons[site] = Comparison(_opened[0], parent.folder, parent.spiders[site], parent.settings)
    return asyncio.run(_comparisons[site].read(pages))


def _done(entry: tuple[str, Future[Compared]]) -> tuple[str, Compared]:
    return entry[0], entry[1].result()


def _written(record: Captured, kind: str) -> Written:
    kinds = {"response": "response", "revisit": "revisit", "resource": "resource"}
    return Written(
        record.place,
        record.url,
        _at(record),
        kinds.get(record.type, "metadata"),  # type: ignore[arg-type]
        kind,
        record.status,
        record.digest,
    )


def _in_time(
    found: Iterable[tuple[Path, str, str, int]], folder: Path, problem: Callable[[str], None]
) -> Iterator[tuple[Captured | None, str]]:
    """The records of files, each with its site, in the order of time; only files whose times overlap are open at once.

    ``None`` in a record's place: just then the crawl stored what it had read of the site.
    """
    ahead = deque(sorted(found, key=lambda entry: (_stamp(entry[1]), entry[1])))
    heap: list[tuple[str, int, Captured | None, _Reading]] = []
    # By site: a run begins when the one before it has ended, which may be the same second.
    behind: dict[str, deque[_Reading]] = {}
    ties = itertools.count()

    def push(reading: _Reading) -> None:
        for record in reading.records:
            if record.place.offset < reading.size and record.type != "warcinfo":
                continue
            if stored := record.about.get("stored"):
                heapq.heappush(heap, (max(reading.last, str(stored)), next(ties), None, reading))
            # What failed carries the moment at which it was asked for.
            reading.last = max(reading.last, str(record.about.get("moment") or record.at.isoformat()))
            heapq.heappush(heap, (reading.last, next(ties), record, reading))
            return
        if behind[reading.site]:
            push(behind[reading.site].popleft())
        else:
            del behind[reading.site]

    while heap or ahead:
        while ahead and (not heap or _stamp(ahead[0][1]) <= re.sub(r"[-:]", "", heap[0][0])[:15] + "Z"):
            path, _, site, size = ahead.popleft()
            reading = _Reading(site, size, warc.records(path, folder=folder, problem=problem))
            if site in behind:
                behind[site].append(reading)
            else:
                behind[site] = deque()
                push(reading)
        if heap:
            _, _, record, reading = heapq.heappop(heap)
            yield record, reading.site
            if record is not None:
                push(reading)


@dataclass(slots=True)
class _Reading:
    """A file that is being read: its site, how much of it the database knows, its records, the moment of the last one."""

    site: str
    size: int
    records: Iterator[Captured]
    last: str = ""


def _numbers(folder: Path, path: Path, name: str) -> dict[str, int]:
    """The numbers that the articles of a run had, by address key: they stand in the last record of its last file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.seek(max(0, size - TAIL))
        tail = file.read()
    at = len(tail)
    for _ in range(100):
        if (at := tail.rfind(b"\x1f\x8b\x08", 0, at)) < 0:
            break
        try:
            record = warc.at(folder, warc.Place(name, start + at, size - start - at))
        except (OSError, ValueError):
            continue
        found = record.about.get("articles") if record.about.get("newscrawl") == "run" else None
        return {str(key): number for key, number in (found or {}).items() if isinstance(number, int)}
    return {}


def _stamp(name: str) -> str:
    """The moment in an archive file's name, ``…/weihai-20261124T154739Z-00000.warc.gz``."""
    parts = name.rpartition("/")[2].rsplit("-", 2)
    return parts[1] if len(parts) == 3 else ""
