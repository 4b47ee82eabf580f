"""Count -> Validate -> Fingerprint -> Store: what every item passes, out of a crawl or out of a shelf of saved pages."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl import fingerprint
from newscrawl.health import FieldCounter
from newscrawl.items import Article, Visit
from newscrawl.store.frontier import LISTS
from newscrawl.store.writer import Site
from newscrawl.store.writer import Store as Database

if TYPE_CHECKING:
    import asyncio

    from scrapy.crawler import Crawler

    from newscrawl.warc import Written

logger = logging.getLogger(__name__)

DEFAULT_DATABASE = Path("data/newscrawl.db")

Item = Article | Visit


class Count:
    """Counts what was read field by field, before anything is refused for what it lacks: the site's health goes by it."""

    def __init__(self) -> None:
        self.fields = FieldCounter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Count:
        """Scrapy's way of making one."""
        pipeline = cls()
        crawler.newscrawl_fields = pipeline.fields  # type: ignore[attr-defined]
        return pipeline

    def process_item(self, item: Any) -> Any:
        """The item itself."""
        if isinstance(item, Article):
            self.fields.add(item)
        return item


class Validate:
    """Makes sure that an article is whole: an address, a title and a body. What is not becomes a visit on record."""

    def process_item(self, item: Any) -> Any:
        """The item, or the visit that takes its place; items of other kinds pass."""
        if not isinstance(item, Article):
            return item
        lacks = [name for name in ("url", "site", "title", "body_text") if not getattr(item, name)]
        if item.images and lacks == ["body_text"]:
            # A photo page without a word: its title and images are the article.
            item.body_text, lacks = "", []
        if not lacks:
            return item
        visit = item.visit or Visit(url=item.url or "", site=item.site or "", verdict="")
        visit.verdict, visit.why = "incomplete", f"no {' and no '.join(lacks)} found"
        return visit


class Fingerprint:
    """Gives an article its canonical address and content hash, and each of its addresses its one spelling."""

    def process_item(self, item: Any) -> Any:
        """The item; visits and items of other kinds pass."""
        if isinstance(item, Article):
            assert item.url
            item.addresses = _spelled([item.url, *item.addresses])
            item.url = item.addresses[0]
            item.parts = _spelled(item.parts)
            item.content_hash = item.content_hash or fingerprint.content_hash(item.title, item.body_text)
        return item


def _spelled(urls: list[str]) -> list[str]:
    out: dict[str, None] = {}
    for url in urls:
        try:
            out[fingerprint.canonical(url)] = None
        except ValueError:
            continue
    return list(out)


class Store:
    """Writes items to the database in batches: a full one at once, a part of one within a second.

    A storage error ends the run with reason ``storage error``: nothing is dropped in silence, and what was stored
    before stays whole.
    """

    def __init__(self, path: str | Path, batch: int = 100, crawler: Crawler | None = None) -> None:
        self.path = Path(path)
        self.size = batch
        self.crawler = crawler
        self.batch: list[Item] = []
        self.records: list[Written] = []
        """What was archived since the last batch."""
        self.run: int | None = None
        self.flushed: str | None = None
        """When the last batch was written: ISO 8601, UTC, to the microsecond."""
        self.outcomes: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.database: Database | None = None
        self.error: Exception | None = None
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Store:
        """Scrapy's way of making one."""
        settings = crawler.settings
        path = database_path(settings.get("NEWSCRAWL_DB"))
        pipeline = cls(path, settings.getint("NEWSCRAWL_BATCH"), crawler)
        crawler.newscrawl_store = pipeline  # type: ignore[attr-defined]
        return pipeline

    async def open_spider(self) -> None:
        """Open the database and lend it to the spider; not for ``scrapy shell`` and ``scrapy parse``, which only look."""
        if self.crawler is not None and only_looks(self.crawler):
            return
        self.open()
        spider = self.crawler.spider if self.crawler else None
        if spider is not None and hasattr(spider, "site_rules"):
            assert self.database
            self.database.add_site(site_row(type(spider)))
            setattr(spider, "store", self.database)  # noqa: B010 - NewsSpider's, which imports this module's makers

    def open(self) -> None:
        """Open the database; raises `newscrawl.store.writer.DatabaseProblem`."""
        self.database = Database(self.path)

    async def close_spider(self) -> None:
        """Write what is left and close."""
        self.close()

    def close(self) -> None:
        """Write what is left and close the database; a second call does nothing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.database is not None:
            try:
                if self.error is None:
                    self.flush()
            finally:
                self.database.close()
                self.database = None

    def process_item(self, item: Any) -> Any:
        """Take an item into the batch."""
        if isinstance(item, Article | Visit) and self.error is None and self.database is not None:
            self.batch.append(item)
            if len(self.batch) >= self.size:
                self.flush()
            elif self._timer is None and self.crawler is not None:
                import asyncio  # loaded by every crawl; by a command that only asks where the database lies, not

                self._timer = asyncio.get_running_loop().call_later(1.0, self._due)
        return item

    def _due(self) -> None:
        self._timer = None
        self.flush()

    def flush(self) -> None:
        """Write the batch in one transaction."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not (self.batch or self.records) or self.database is None:
            return
        batch, self.batch = self.batch, []
        records, self.records = self.records, []
        try:
            outcomes = self.database.write(batch, records, self.run)
            self.flushed = datetime.now(UTC).isoformat()
        except sqlite3.Error as error:
            self.fail(error, len(batch))
            if self.crawler is None:
                raise
            return
        for item, outcome in zip(batch, outcomes, strict=True):
            self.outcomes[outcome] += 1
            if isinstance(item, Article):
                self.outcomes["articles"] += 1
                for block in item.blocks:
                    self.outcomes[f"links/{block.kind}"] += len(block.links)
            else:
                # Lists apart: whether they are well is told by their own rows.
                what = f"list {item.verdict}" if item.kind in LISTS else item.verdict
                self.outcomes[f"verdict/{what}"] += outcome in ("refused", "failed")
                if outcome in ("failed", "refused"):
                    self.failures[item.why or item.verdict] += 1

    def fail(self, error: sqlite3.Error | OSError, lost: int = 0) -> None:
        """The database or the archive has failed: end the run, with ``lost`` pages that were fetched and could not be stored."""
        if self.error is not None:
            return
        self.error = error
        lost += len(self.batch)
        logger.error("%s: %s; %d pages were not stored, what was stored before is whole", self.path, error, lost)
        engine = self.crawler.engine if self.crawler is not None else None
        if engine is not None:
            import asyncio

            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="storage error"))


def only_looks(crawler: Crawler) -> bool:
    """Whether Scrapy's shell or parse command runs: told by the duplicates filter of the one and the start of the other."""
    shell = crawler.settings.get("DUPEFILTER_CLASS") == "scrapy.dupefilters.BaseDupeFilter"
    return shell or crawler.spidercls.start.__module__ == "scrapy.commands.parse"


def database_path(named: str | None = None) -> Path:
    """Where the database lies: as named (``--db``, setting or NEWSCRAWL_DB in the environment), else data/newscrawl.db."""
    return Path(named or os.environ.get("NEWSCRAWL_DB") or DEFAULT_DATABASE)


def site_row(spider: Any) -> Site:
    """A spider class as a row of table ``sites``."""
    return Site(spider.name, spider.title or spider.name, spider.publisher, spider.region, spider.city, spider.home or None)
