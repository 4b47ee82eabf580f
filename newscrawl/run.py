"""A run from start to end: its row in the ledger, its progress, its summary, its exit code."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings

from newscrawl import __version__
from newscrawl.pipelines import Store
from newscrawl.spider import NewsSpider
from newscrawl.store.writer import DatabaseProblem
from newscrawl.store.writer import Store as Database

if TYPE_CHECKING:
    from scrapy import Spider

DONE, FAILED, USAGE = 0, 1, 2
"""Exit codes: done; failed (nothing could be fetched, or the database gave up); wrong arguments or an unusable database."""

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
        # Why it failed is said on standard error, where cron takes its mail from.
        return text if self.exit_code or self.reason in ("", "finished") else f"{text}; ended early: {self.reason}"


class Ledger:
    """Scrapy extension: opens and closes the run's row, whoever started the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: int | None = None
        self.started = time.monotonic()
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Ledger:
        """Scrapy's way of making one; not for spiders that keep no articles."""
        if not (crawler.spidercls and issubclass(crawler.spidercls, NewsSpider)):
            raise NotConfigured
        return cls(crawler)

    def opened(self, spider: Spider) -> None:
        """Write the run's first half."""
        store: Store | None = getattr(self.crawler, "newscrawl_store", None)
        if store is not None and store.database is not None:
            self.run = store.database.start_run(spider.name, "crawl", __version__)

    def closed(self, spider: Spider, reason: str) -> None:
        """Write its second half; the pipeline has closed its connection by now."""
        summary = summarise(self.crawler, reason, time.monotonic() - self.started)
        self.crawler.newscrawl_summary = summary  # type: ignore[attr-defined]
        store: Store | None = getattr(self.crawler, "newscrawl_store", None)
        if store is None or self.run is None:
            return
        code, counts = summary.exit_code, summary.counts()
        if store.error is not None:
            reason = "storage error"
        try:
            with Database(store.path) as database:
                database.finish_run(self.run, seconds=summary.seconds, reason=reason, exit_code=code, counts=counts)
        except (DatabaseProblem, sqlite3.Error) as error:
            # Where the disk is full the ledger cannot be closed either: the run's row stays open, its cause is on standard error.
            logger.error("%s: the run's end was not written: %s", store.path, error)


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
    if store is not None and store.error is not None:
        # Told by the error and not by the reason: the last batch is written when the crawl has "finished".
        summary.exit_code, summary.reason = FAILED, f"storage error: {store.error}"
    elif errors:
        summary.exit_code, summary.reason = FAILED, f"{errors} errors in the spider's code, see the log"
    elif reason == "finished" and not answered:
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
    every half minute. Raises nothing for what a site does.
    """
    process = AsyncCrawlerProcess(settings)
    if settings.get("LOG_LEVEL") == "WARNING":
        # After the process is made, which sets Scrapy's loggers up anew.
        logging.getLogger("scrapy.downloadermiddlewares").setLevel(logging.CRITICAL)
    crawlers = [process.create_crawler(spider) for spider in spiders]
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
    summaries = []
    for crawler in crawlers:
        summary = getattr(crawler, "newscrawl_summary", None)
        if summary is None:
            name = crawler.spidercls.name
            summary = Summary(
                name, getattr(crawler.spidercls, "title", ""), reason=broken.get(name, "not started"), exit_code=FAILED
            )
        summaries.append(summary)
    return summaries


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


def total(summaries: Iterable[Summary]) -> Summary:
    """Several summaries as one; its exit code is the worst."""
    out = Summary("all")
    for summary in summaries:
        out.outcomes.update(summary.outcomes)
        out.requests += summary.requests
        out.bytes += summary.bytes
        out.seconds = max(out.seconds, summary.seconds)
        out.exit_code = max(out.exit_code, summary.exit_code)
    return out


def quiet_logging(settings: Settings) -> None:
    """Only what asks for a person: a page that does not come is on record, with its reason, and is no log line."""
    settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    settings.set("LOG_FORMAT", "%(levelname)s: %(message)s", priority="cmdline")


def file_size(path: Path) -> str:
    """A file's size for people."""
    size = float(sum(p.stat().st_size for p in (path, path.with_name(path.name + "-wal")) if p.exists()))
    unit = "B"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.1f} {unit}"
