"""A spider without an engine: the archive's answers go through its callbacks, and what it asks for next is answered there or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.statscollectors import MemoryStatsCollector
from twisted.python.failure import Failure

from newscrawl import fingerprint
from newscrawl.items import Visit
from newscrawl.pipelines import Store
from newscrawl.robots import Rules, origin_of
from newscrawl.spider import NewsSpider
from newscrawl.store.frontier import LISTS
from newscrawl.warc import Captured

FURTHER = ("part", "fill", "browser")
"""Kinds of answers that belong to an article that is on its way."""


class NotArchived(Exception):
    """An answer that the archive does not have."""


class _Robots:
    """What the robots.txt files of the archive name: the spider asks for their sitemaps."""

    def __init__(self) -> None:
        self.rules: dict[str, Rules] = {}

    def sitemaps(self, url: str) -> list[str]:
        rules = self.rules.get(origin_of(url))
        return list(rules.sitemaps) if rules else []


class Session:
    """One site whose archived answers are read: its spider, without an engine, and the articles that wait for further answers."""

    def __init__(self, spider: type[NewsSpider], settings: Settings, store: Store, arguments: Mapping[str, Any], at: datetime):
        settings = settings.copy()
        settings.set("NEWSCRAWL_ARCHIVE", "off", priority="cmdline")
        settings.set("NEWSCRAWL_READERS", 0, priority="cmdline")
        crawler = Crawler(spider, settings)
        self.robots = crawler.newscrawl_robots = _Robots()  # type: ignore[attr-defined]
        crawler.newscrawl_store = store  # type: ignore[attr-defined]
        crawler.stats = MemoryStatsCollector(crawler)
        wanted = {
            name: value for name, value in arguments.items() if name in ("since", "until", "limit", "looks", "due", "recommended")
        }
        self.spider = spider.from_crawler(crawler, **wanted)
        self.spider.begin_at(at)
        self.spider.store = store.database
        self.spider.offline = True
        self.retries = settings.getint("RETRY_TIMES")
        self.retried = {int(code) for code in settings.getlist("RETRY_HTTP_CODES")}
        self.waiting: dict[tuple[str, str], Request] = {}
        self.store = store

    def close(self) -> None:
        """Its readers are given back."""
        self.spider.closed("finished")

    async def start(self) -> None:
        """Begin as a crawl does, which asks for what waits and what is due: those requests are answered by the archive, or not."""
        async for _ in self.spider.start():
            pass

    def response(self, record: Captured) -> Response | None:
        """An archived answer as a crawl's callbacks get it; ``None`` for one that no callback got: a redirect, a retried failure."""
        about = record.about
        status = record.status or 200
        if (300 <= status < 400 and status != 304) or about.get("kind") == "image":
            return None
        if status in self.retried and about.get("retry_times", 0) < self.retries and about.get("kind") != "robots":
            return None
        meta: dict[str, Any] = {
            name: about[name]
            for name in ("kind", "found_on", "depth_of_links", "again", "redirect_urls", "fill", "failed_in_browser")
            if name in about
        }
        meta.setdefault("depth_of_links", 0)
        meta["archived_at"] = record.at.isoformat(timespec="seconds")
        request = Request(record.url, meta=meta, dont_filter=True)
        headers = Headers([(name, value) for name, value in record.headers if name.lower() != "content-encoding"])
        body = b"" if status == 304 else record.content()
        kind = responsetypes.from_args(headers=headers, url=record.url, body=body)
        return kind(record.url, status=status, headers=headers, body=body, request=request)

    def results(self, record: Captured, response: Response) -> Any:
        """What the spider's callback makes of an answer, an iterable of items and requests, at times an asynchronous one."""
        request = response.request
        assert request is not None
        about, kind, spider = record.about, record.about.get("kind", "article"), self.spider
        asked = self.waiting.pop((kind, fingerprint.key(record.url)), None) if kind in FURTHER else None
        if kind in FURTHER and asked is None:
            # Today's rules do not ask for it.
            return ()
        if asked is not None:
            response = response.replace(request=asked.replace(meta={**asked.meta, **request.meta}))
        if not (200 <= response.status < 300 or response.status == 304):
            failure = Failure(HttpError(response))  # type: ignore[no-untyped-call]
            failure.request = response.request  # type: ignore[attr-defined]
            errback = asked.errback if asked is not None and asked.errback is not None else spider.failed
            return errback(failure)
        if asked is not None and asked.callback is not None:
            return asked.callback(response, **asked.cb_kwargs)
        number = about.get("number", 1)
        if kind == "channel":
            how = {name: about[name] for name in ("polled", "walk") if name in about}
            return spider.parse_channel(response, number, search=spider.search_of(about.get("search")), **how)
        if kind in LISTS:
            return spider.parse_feed(response, kind, number)
        return spider.parse_article(response)

    def unanswered(self) -> Iterator[Any]:
        """What the articles come to that still wait: a further answer did not come, or today's rules ask for one that nobody did."""
        while self.waiting:
            for name in list(self.waiting):
                request = self.waiting.pop(name)
                yield from self.give_up(request)

    def give_up(self, request: Request) -> Iterator[Any]:
        """What comes of an article whose further answer the archive does not have: it is whole without, or marked."""
        failure = Failure(NotArchived(f"{request.url} is not in the archive"))  # type: ignore[no-untyped-call]
        failure.request = request  # type: ignore[attr-defined]
        if request.errback is not None:
            # Why it was not there then is not on record, and is no page's state now.
            yield from (result for result in request.errback(failure) or () if not isinstance(result, Visit))


async def each(results: Any) -> AsyncIterator[Any]:
    """The results of a callback, whether it is an asynchronous generator, another iterable, or nothing."""
    if results is None:
        return
    if hasattr(results, "__aiter__"):
        async for result in results:
            yield result
    else:
        for result in results:
            yield result
