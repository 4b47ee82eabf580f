"""A run from start to end: its row in the ledger, its progress, its summary, its exit code."""

from __future__ import annotations

import asyncio
import logging
import re
import resource
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.settings import Settings

from newscrawl import __version__, health, indexing, lock
from newscrawl.archive import Archive
from newscrawl.downloader import Downloader
from newscrawl.exits import BUSY, DEGRADED, DONE, FAILED, USAGE
from newscrawl.lock import Lock, Locked
from newscrawl.pipelines import Store, database_path
from newscrawl.spider import NewsSpider
from newscrawl.store import archive, ledger
from newscrawl.store.writer import DatabaseProblem, connect

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Summary:
    """What a run of one site, or of a shelf, came to."""

    site: str
    title: str = ""
    seconds: float = 0.0
    reason: str = ""
    exit_code: int = DONE
    outcomes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    bytes: int = 0
    notes: list[str] = field(default_factory=list)
    run: int | None = None
    state: health.State | None = None
    previous: str | None = None
    message: str | None = None

    @property
    def links(self) -> dict[str, int]:
        """Links read, by kind, most first."""
        return {name.removeprefix("links/"): n for name, n in self.outcomes.most_common() if name.startswith("links/") and n}

    @property
    def verdicts(self) -> dict[str, int]:
        """Pages that gave no article, by verdict, most first."""
        return {name.removeprefix("verdict/"): n for name, n in self.outcomes.most_common() if name.startswith("verdict/") and n}

    def counts(self) -> dict[str, int]:
        """The ledger's columns."""
        o = self.outcomes
        return {
            "requests": self.requests, "bytes": self.bytes, "new": o["new"], "changed": o["changed"], "unchanged": o["unchanged"],
            "duplicates": o["duplicate"], "refused": o["refused"], "failed": o["failed"],
        }  # fmt: skip

    def line(self) -> str:
        """One line for a log: ``weihai: 64 new, 0 changed, 0 unchanged, 2 refused (1 soft404, 1 gone); 380 links; 12.3 s``."""
        o = self.outcomes
        parts = [f"{o['new']} new, {o['changed']} changed, {o['unchanged']} unchanged"]
        if o["duplicate"]:
            parts.append(f"{o['duplicate']} duplicate{'s' if o['duplicate'] > 1 else ''}")
        if o["refused"]:
            named = ", ".join(f"{n} {verdict}" for verdict, n in self.verdicts.items() if verdict != "error")
            parts.append(f"{o['refused']} refused ({named})")
        if o["failed"]:
            parts.append(f"{o['failed']} failed")
        text = f"{self.site}: {', '.join(parts)}; {sum(self.links.values())} links; {self.seconds:.1f} s"
        text += "".join(f"; {note}" for note in (*self.notes, *([self.state] if self.state in ("yellow", "red") else ())))
        # Why it failed is said on standard error, where cron takes its mail from.
        return text if self.exit_code or self.reason in ("", "finished") else f"{text}; ended early: {self.reason}"


class Ledger:
    """Scrapy extension: a run's lock and its row, whoever started the crawl; at its end, the site's health."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: int | None = None
        self.lock: Lock | None = None
        self.started = time.monotonic()
        self.answers: dict[str, tuple[int, float]] = {}
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.received, signals.response_received)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Ledger:
        """Scrapy's way of making one; not for spiders that keep no articles."""
        if not (crawler.spidercls and issubclass(crawler.spidercls, NewsSpider)):
            raise NotConfigured
        return cls(crawler)

    def opened(self, spider: Spider) -> None:
        """Take the site's lock, close the rows of runs that died, open this run's; raises ``CloseSpider`` where another runs."""
        store: Store | None = getattr(self.crawler, "newscrawl_store", None)
        if store is None or store.database is None:
            return
        self.lock = getattr(self.crawler, "newscrawl_lock", None)
        if self.lock is None:
            try:
                self.lock = lock.acquire(store.path, spider.name)
            except Locked as error:
                logger.error("%s", error)
                self.crawler.newscrawl_busy = str(error)  # type: ignore[attr-defined]
                raise CloseSpider("already running") from None
        connection = store.database.connection
        killed = ledger.close_dead(connection, spider.name)
        for dead in killed:
            logger.info("%s: run %d was killed; this one goes on where it was", spider.name, dead)
        # A window of days reads other pages than today's: health does not compare the one with the other.
        backfill = isinstance(spider, NewsSpider) and (spider.since or spider.until)
        command = "replay" if self.crawler.settings.get("NEWSCRAWL_REPLAY") else "backfill" if backfill else "crawl"
        self.run = store.run = ledger.start_run(connection, spider.name, command, __version__)
        Archive.of(self.crawler).begin(spider, self.run, mend=bool(killed))

    def received(self, response: Response, request: Request) -> None:
        """Count how long hosts take to answer."""
        host, seconds = request.meta.get("download_slot"), request.meta.get("download_latency")
        if host and seconds is not None:
            number, before = self.answers.get(host, (0, 0.0))
            self.answers[host] = (number + 1, before + seconds)

    def closed(self, spider: Spider, reason: str) -> None:
        """Write the row's second half, judge the site's health; the pipeline has closed its connection by now."""
        summary = summarise(self.crawler, reason, time.monotonic() - self.started)
        if (engine := self.crawler.engine) is not None and isinstance(engine.downloader, Downloader):
            summary.notes.extend(engine.downloader.given_up().values())
        self.crawler.newscrawl_summary = summary  # type: ignore[attr-defined]
        store: Store | None = getattr(self.crawler, "newscrawl_store", None)
        try:
            if store is not None and self.run is not None:
                if store.error is not None:
                    reason = "storage error"
                elif summary.exit_code == FAILED and reason in ("finished", "blocked"):
                    reason = summary.reason
                self._write(store, summary, reason)
        finally:
            Archive.of(self.crawler).finish()
            if self.lock is not None:
                self.lock.release()
        if store is not None and self.run is not None and getattr(self.crawler, "newscrawl_lock", None) is None:
            # Scrapy's own command: nobody else comes after it.
            indexing.after_run(store.path, logger.warning, seconds=_for_the_index([summary]))

    def _write(self, store: Store, summary: Summary, reason: str) -> None:
        assert self.run is not None
        stats = self.crawler.stats
        assert stats is not None
        number = "downloader/response_status_count/"
        fields: health.FieldCounter | None = getattr(self.crawler, "newscrawl_fields", None)
        slowest = max(self.answers.items(), key=lambda item: item[1][1] / item[1][0], default=None)
        try:
            with closing(connect(store.path)) as connection:
                ledger.finish_run(
                    connection,
                    self.run,
                    seconds=summary.seconds,
                    reason=reason,
                    exit_code=summary.exit_code,
                    counts=summary.counts(),
                    statuses={n.removeprefix(number): count for n, count in stats.get_stats().items() if n.startswith(number)},
                    verdicts=summary.verdicts,
                    links=summary.links,
                    retries=stats.get_value("retry/count", 0),
                    slowest_host=slowest[0] if slowest else None,
                    slowest_seconds=slowest[1][1] / slowest[1][0] if slowest else None,
                    peak_memory=peak_memory(),
                    fields=fields.counts() if fields is not None else (),
                )
                self._judge(connection, summary)
                kept = Archive.of(self.crawler).finish({**ledger.as_row(connection, self.run), "stored": store.flushed})
                archive.close(connection, kept)
        except (DatabaseProblem, sqlite3.Error, OSError) as error:
            # Where the disk is full the ledger cannot be closed either: the next run closes the row, its cause is on standard error.
            logger.error("%s: the run's end was not written: %s", store.path, error)

    def _judge(self, connection: sqlite3.Connection, summary: Summary) -> None:
        assert self.run is not None
        record = ledger.run(connection, self.run)
        assert record is not None
        now = datetime.now(UTC)
        judged = health.judge(
            record,
            ledger.history(connection, record),
            ledger.lists(connection, summary.site),
            now=now,
            zone=now.astimezone().tzinfo or UTC,
        )
        summary.run, summary.state, summary.message = self.run, judged.state, judged.message(summary.site)
        summary.previous = ledger.state_before(connection, record)
        ledger.set_state(connection, self.run, judged.state, summary.message)
        if summary.exit_code == DONE and judged.state in ("yellow", "red"):
            summary.exit_code = DEGRADED


def summarise(crawler: Crawler, reason: str, seconds: float) -> Summary:
    """A crawler's counts as a summary; the exit code says whether anything could be fetched and stored."""
    stats = crawler.stats
    assert stats is not None
    spider = crawler.spidercls
    summary = Summary(spider.name, getattr(spider, "title", ""), seconds, reason)
    store: Store | None = getattr(crawler, "newscrawl_store", None)
    if store is not None:
        summary.outcomes = store.outcomes
    summary.requests = stats.get_value("downloader/request_count", 0)
    summary.bytes = stats.get_value("downloader/response_bytes", 0)
    errors = sum(n for name, n in stats.get_stats().items() if name.startswith("spider_exceptions/") and isinstance(n, int))
    answered = sum(summary.outcomes[name] for name in ("new", "changed", "unchanged", "duplicate", "channel"))
    if busy := getattr(crawler, "newscrawl_busy", None):
        summary.exit_code, summary.reason = BUSY, busy
    elif store is not None and store.error is not None:
        # Told by the error and not by the reason: the last batch is written when the crawl has "finished".
        summary.exit_code, summary.reason = FAILED, f"storage error: {store.error}"
    elif errors:
        summary.exit_code, summary.reason = FAILED, f"{errors} errors in the spider's code, see the log"
    elif reason == "blocked" and not summary.outcomes["articles"]:
        summary.exit_code, summary.reason = FAILED, f"blocked: {', '.join(f'{n} {word}' for word, n in summary.verdicts.items())}"
    elif reason == "finished" and not answered and (summary.requests or summary.outcomes.total()):
        why = f" ({store.failures.most_common(1)[0][0]})" if store and store.failures else ""
        summary.exit_code, summary.reason = FAILED, f"no page could be fetched{why}"
    return summary


def crawl(
    spiders: Sequence[type[NewsSpider]],
    settings: Settings,
    arguments: Mapping[str, Any],
    *,
    report: Callable[[str], None],
    console: Console,
) -> list[Summary]:
    """Crawl sites in one process, each host at its own pace; a failing site leaves the others alone.

    ``report`` takes a line when a site is done. On a terminal a progress bar shows what goes on, elsewhere a line comes
    every half minute. A site that another process is crawling is left to it. Raises nothing for what a site does, and
    `DatabaseProblem` where no lock can be made.
    """
    path = database_path(settings.get("NEWSCRAWL_DB"))
    summaries: list[Summary] = []
    locks: dict[str, Lock] = {}
    for spider in spiders:
        try:
            locks[spider.name] = lock.acquire(path, spider.name)
        except Locked as error:
            summaries.append(Summary(spider.name, spider.title, reason=str(error), exit_code=BUSY))
    if not locks:
        return summaries
    process = AsyncCrawlerProcess(settings)
    if settings.get("LOG_LEVEL") == "WARNING":
        # After the process is made, which sets Scrapy's loggers up anew.
        logging.getLogger("scrapy.downloadermiddlewares").setLevel(logging.CRITICAL)
        logging.getLogger("scrapy.core.downloader.handlers").setLevel(logging.ERROR)
    crawlers = [process.create_crawler(spider) for spider in spiders if spider.name in locks]
    for crawler in crawlers:
        crawler.newscrawl_lock = locks[crawler.spidercls.name]  # type: ignore[attr-defined]
    progress = Watch(crawlers, console, report)
    broken: dict[str, str] = {}

    def note(crawler: Crawler, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            broken[crawler.spidercls.name] = f"{type(error).__name__}: {error}"

    for crawler in crawlers:
        process.crawl(crawler, **arguments).add_done_callback(partial(note, crawler))
    asyncio.get_event_loop_policy().get_event_loop().call_soon(progress.start)
    try:
        process.start()
    finally:
        progress.stop()
        for held in locks.values():
            held.release()
    for crawler in crawlers:
        summary = getattr(crawler, "newscrawl_summary", None)
        if summary is None:
            name = crawler.spidercls.name
            summary = Summary(
                name, getattr(crawler.spidercls, "title", ""), reason=broken.get(name, "not started"), exit_code=FAILED
            )
        summaries.append(summary)
    # At last, when no site waits for it.
    indexing.after_run(path, report, console, seconds=_for_the_index(summaries))
    return summaries


def _for_the_index(summaries: Sequence[Summary]) -> float:
    """Seconds that may be spent on the search index; few where somebody has stopped the crawl."""
    stopped = any(summary.reason == "shutdown" for summary in summaries)
    return indexing.STOPPING_SECONDS if stopped else indexing.SECONDS


class Watch:
    """Shows how a crawl is getting on."""

    def __init__(self, crawlers: Sequence[Crawler], console: Console, report: Callable[[str], None]) -> None:
        self.crawlers, self.console, self.report = crawlers, console, report
        self.every = 0.25 if console.is_terminal else 30.0
        self._bar: Progress | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._done: set[str] = set()

    def start(self) -> None:
        """Begin; a bar on a terminal."""
        if self.console.is_terminal:
            self._bar = Progress(
                SpinnerColumn(), TextColumn("[bold]{task.description}"), TextColumn("{task.fields[state]}"), TimeElapsedColumn(),
                console=self.console, transient=True,
            )  # fmt: skip
            self._bar.start()
            self._tasks = {c.spidercls.name: self._bar.add_task(c.spidercls.name, state="", total=None) for c in self.crawlers}
        self._schedule()

    def stop(self) -> None:
        """Last look, and the bar away."""
        if self._timer is not None:
            self._timer.cancel()
        self._look()
        if self._bar is not None:
            self._bar.stop()

    def _schedule(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self.every, self._tick)

    def _tick(self) -> None:
        self._look()
        if self._bar is None:
            for crawler in self.crawlers:
                if crawler.spidercls.name not in self._done and (state := self._state(crawler)):
                    self.report(f"{crawler.spidercls.name}: {state}")
        self._schedule()

    def _look(self) -> None:
        for crawler in self.crawlers:
            name = crawler.spidercls.name
            summary: Summary | None = getattr(crawler, "newscrawl_summary", None)
            if summary is not None and name not in self._done:
                self._done.add(name)
                self.report(summary.line())
                if self._bar is not None:
                    self._bar.remove_task(self._tasks[name])
            elif self._bar is not None and name not in self._done:
                self._bar.update(self._tasks[name], state=self._state(crawler))

    @staticmethod
    def _state(crawler: Crawler) -> str:
        if crawler.spider is None:
            return ""
        pages = crawler.stats.get_value("response_received_count", 0)
        items = crawler.stats.get_value("item_scraped_count", 0)
        store: Store | None = getattr(crawler, "newscrawl_store", None)
        new = store.outcomes["new"] if store else 0
        return f"{pages} pages fetched, {items} read, {new} new articles stored"


def peak_memory() -> int:
    """Bytes of memory that this process held at most.

    getrusage counts what its parent held when it was started; Linux tells the process's own elsewhere.
    """
    try:
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)
    except OSError:
        found = None
    return 1024 * (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def total(summaries: Sequence[Summary]) -> Summary:
    """Several summaries as one; its exit code is the worst, and `BUSY` only where nothing else ran."""
    out = Summary("all")
    worst = (FAILED, USAGE, DEGRADED, DONE, BUSY)
    out.exit_code = min((summary.exit_code for summary in summaries), key=worst.index, default=DONE)
    for summary in summaries:
        out.outcomes.update(summary.outcomes)
        out.requests += summary.requests
        out.bytes += summary.bytes
        out.seconds = max(out.seconds, summary.seconds)
    return out
