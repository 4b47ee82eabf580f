"""NewsSpider, the only base class: a site file says what a site is, this says how any site is crawled."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.spiderloader import SpiderLoader
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl import discovery, fingerprint, loaders, verdict
from newscrawl.extract.page import SHANGHAI, Page
from newscrawl.extract.rules import Layout
from newscrawl.items import Article, Visit
from newscrawl.middlewares import OffSite
from newscrawl.reader import SiteRules
from newscrawl.readers import Job, Readers, default_workers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from scrapy.crawler import Crawler

    from newscrawl.store.writer import Store

MAX_PARTS = 30
"""Pages of one article that are followed at most."""

Item = Article | Visit


class NewsSpider(Spider):
    """A regional news site. A site file sets the class attributes; most sites need nothing else.

    - ``title``, ``publisher``, ``region``, ``city``: what people call it, whose it is, where.
    - ``home``: its front page; ``channels``: its list pages, newest article first (none: the front page and the
      channels found on it by ``channel``).
    - ``hosts``: where it may be crawled (default: the host of ``home``).
    - ``article``, ``channel``: patterns of addresses; ``channel`` is matched against the path.
    - ``layouts``: its rules; a site on a known CMS family needs none.
    - ``editions``: spider name -> city, for a publisher whose sites share one file; ``{name}`` and ``{city}`` in
      ``title``, ``home`` and ``channels`` are filled in for each.

    Arguments (``scrapy crawl NAME -a since=2026-11-01``): ``since``, ``until`` (days by the article's address),
    ``limit`` (new articles at most).
    """

    title: ClassVar[str] = ""
    publisher: ClassVar[str | None] = None
    region: ClassVar[str | None] = None
    city: ClassVar[str | None] = None
    home: ClassVar[str] = ""
    hosts: ClassVar[tuple[str, ...]] = ()
    channels: ClassVar[tuple[str, ...]] = ()
    article: ClassVar[str] = discovery.ARTICLE.pattern
    channel: ClassVar[str | None] = None
    layouts: ClassVar[tuple[Layout, ...]] = ()
    editions: ClassVar[dict[str, str]] = {}
    max_list_pages: ClassVar[int] = 100

    store: Store | None = None
    """Set by the Store pipeline; without one (``scrapy parse``) every address is new."""
    readers: Readers | None = None

    def __init__(
        self,
        name: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: str | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._window = (since, until, limit)
        self.since: date | None = None
        self.until: date | None = None
        self.limit: int | None = None
        self.asked = 0
        self._asked_keys: set[str] = set()
        self.rules = self.site_rules()
        self._channel = re.compile(self.channel) if self.channel else None
        self._article = re.compile(self.article, re.I)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's call before a crawl: the contact address, where one is set, goes into the User-Agent."""
        super().update_settings(settings)
        contact = settings.get("NEWSCRAWL_CONTACT") or os.environ.get("NEWSCRAWL_CONTACT")
        if contact and settings.getpriority("USER_AGENT") == SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        """Scrapy's way of making one; raises ``ValueError`` for a day or number that is none."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        since, until, limit = spider._window
        settings = crawler.settings
        spider.since = as_day(since or settings.get("NEWSCRAWL_SINCE"))
        spider.until = as_day(until or settings.get("NEWSCRAWL_UNTIL"))
        asked = limit if limit is not None else settings.get("NEWSCRAWL_LIMIT")
        spider.limit = None if asked is None else int(asked)
        workers = settings.get("NEWSCRAWL_READERS")
        spider.readers = Readers.shared(default_workers() if workers is None else int(workers))
        return spider

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end of a crawl."""
        if self.readers is not None:
            self.readers.close()
            self.readers = None

    @classmethod
    @cache
    def site_rules(cls) -> SiteRules:
        """What reading its pages needs."""
        return SiteRules(cls.name, cls.title or None, cls.publisher, cls.region, re.compile(cls.article, re.I), cls.layouts)

    @classmethod
    def edition(cls, name: str) -> type[NewsSpider]:
        """The spider of one of the ``editions``: the same site file with its name and city filled in."""
        city = cls.editions[name]

        def fill(text: str) -> str:
            return text.replace("{name}", name).replace("{city}", city)

        attributes: dict[str, Any] = {
            "name": name,
            "city": city,
            "title": fill(cls.title),
            "home": fill(cls.home),
            "channels": tuple(fill(url) for url in cls.channels),
            "hosts": tuple(fill(host) for host in cls.hosts),
            "editions": {},
            "__doc__": cls.__doc__,
            "__module__": cls.__module__,
        }
        return type(f"{cls.__name__}_{name}", (cls,), attributes)

    @classmethod
    def allowed_hosts(cls) -> tuple[str, ...]:
        """The hosts it may be crawled on."""
        if cls.hosts:
            return cls.hosts
        host = re.match(r"https?://([^/:]+)", cls.home)
        return (host[1].lower(),) if host else ()

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Whether an address is this site's: ``scrapy parse URL`` and ``scrapy shell`` find their spider by it."""
        return discovery.is_allowed(request.url, cls.allowed_hosts())

    # -- requests

    async def start(self) -> AsyncIterator[Any]:
        """What was left pending by an earlier run, then the channels."""
        if self.store is not None:
            for url in self.store.pending(self.name):
                if discovery.in_window(url, self.since, self.until) and (request := self._ask(url, None)) is not None:
                    yield request
        for url in self.channels or (self.home,):
            yield self._look(url, 1)
        if self.store is not None:
            for url in self.store.pending(self.name, "channel"):
                yield self._look(url, 2)

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        """Read any page of the site: an article by its address, else a channel."""
        if self._article.search(response.url):
            async for result in self.parse_article(response):
                yield result
        else:
            for result in self.parse_channel(response):
                yield result

    def parse_channel(self, response: Response, number: int = 1) -> Iterator[Any]:
        """A list page: asks for the articles that are new, and for older lists while there are any."""
        page = page_of(response)
        early = verdict.early(page, response.status)
        if early is not None and early.word != "list":
            yield self._visit(response, page, early.word, early.why, "channel")
            return
        found = discovery.look(page, hosts=self.allowed_hosts(), article=self._article, channel=self._channel)
        wanted = [url for url in found.articles if discovery.in_window(url, self.since, self.until)]
        fresh = self._unknown(wanted)
        older = found.next_page if number < self.max_list_pages and self._goes_on(found, fresh) else None
        # All that the list leads to is on record before the list itself is: what a kill or the limit cuts off, the next
        # run begins with.
        if self.store is not None:
            self.store.add_pending(self.name, map(self._in_own_scheme, fresh), response.url)
            self.store.add_pending(self.name, [older] if older else [], response.url, "channel")
        yield self._visit(response, page, "list", f"{len(found.articles)} articles, {len(fresh)} new", "channel")
        for url in fresh:
            if (request := self._ask(url, response.url)) is not None:
                yield request
        for url in found.channels:
            yield self._look(url, 1)
        if older and self._may_ask():
            yield self._look(older, number + 1)

    async def parse_article(self, response: Response) -> AsyncIterator[Any]:
        """An article page: the article, or a visit that says why it is none; further parts are asked for first."""
        item = await self._read(response, "article")
        for result in self._go_on(item):
            yield result

    async def parse_part(self, response: Response, article: Article) -> AsyncIterator[Any]:
        """A further page of an article: joined to what there is."""
        part = await self._read(response, "part")
        if isinstance(part, Article):
            visit = part.visit
            loaders.join(article, part)
            if visit is not None:
                yield visit
        else:
            article.flags.append("incomplete")
            article.next_page = None
            yield part
        for result in self._go_on(article):
            yield result

    def _go_on(self, item: Item) -> Iterator[Any]:
        if not isinstance(item, Article) or not item.next_page:
            yield item
            return
        url = item.next_page
        have = {fingerprint.key(known) for known in (item.url or "", *item.addresses, *item.parts)}
        if fingerprint.key(url) in have or len(item.parts) >= MAX_PARTS or not discovery.is_allowed(url, self.allowed_hosts()):
            item.next_page = None
            yield item
            return
        # A part is the article's own: never filtered as seen, and fetched before what comes next.
        yield Request(
            url,
            self.parse_part,
            errback=self.part_failed,
            cb_kwargs={"article": item},
            meta={"kind": "part"},
            priority=10,
            dont_filter=True,
        )

    def part_failed(self, failure: Failure) -> Iterator[Any]:
        """A part that does not come: the article is stored with what there is, and marked incomplete."""
        article: Article = failure.request.cb_kwargs["article"]  # type: ignore[attr-defined]
        article.flags.append("incomplete")
        yield article
        yield from self.failed(failure)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """A request without a usable answer: a visit with its reason."""
        request: Request = failure.request  # type: ignore[attr-defined]
        kind = request.meta.get("kind", "article")
        url = request.meta.get("redirect_urls", [request.url])[0]
        visit = Visit(url=url, site=self.name, verdict="error", kind=kind, fetched_at=_now(), found_on=_found_on(request))
        error = failure.value
        if isinstance(error, HttpError):
            response = error.response
            visit.status, visit.size = response.status, len(response.body)
            early = verdict.early(page_of(response), response.status)
            if early is not None:
                visit.verdict, visit.why = early.word, early.why
            else:
                visit.why = f"HTTP {response.status}"
        elif isinstance(error, OffSite):
            visit.verdict, visit.why = "offsite", str(error)
        elif isinstance(error, IgnoreRequest):
            visit.verdict, visit.why = "robots", str(error) or "robots.txt disallows it"
        else:
            visit.why = f"{type(error).__name__}: {error}".strip(": ")[:300]
        yield visit

    # -- parts of the above

    def _look(self, url: str, number: int) -> Request:
        """A request for a list page, the ``number``-th of its channel."""
        return Request(url, self.parse_channel, errback=self.failed, cb_kwargs={"number": number}, meta={"kind": "channel"})

    def _ask(self, url: str, found_on: str | None) -> Request | None:
        """A request for an article; ``None`` where it has been asked for under any spelling, or the limit is reached."""
        key = fingerprint.key(url)
        if key in self._asked_keys or not self._may_ask():
            return None
        url = self._in_own_scheme(url)
        self._asked_keys.add(key)
        self.asked += 1
        return Request(url, self.parse_article, errback=self.failed, meta={"kind": "article", "found_on": found_on})

    def _in_own_scheme(self, url: str) -> str:
        """http and https are one article: it is asked for in the scheme that the site file says the site speaks."""
        return f"{self.home.partition('://')[0]}://{url.partition('://')[2]}" if self.home else url

    def _may_ask(self) -> bool:
        return self.limit is None or self.asked < self.limit

    def _unknown(self, urls: Iterable[str]) -> list[str]:
        wanted = list(urls)
        if self.store is None:
            return wanted
        known = self.store.known(fingerprint.key(url) for url in wanted)
        return [url for url in wanted if fingerprint.key(url) not in known]

    def _goes_on(self, found: discovery.Found, fresh: list[str]) -> bool:
        """Whether older lists are worth asking for: while there is news, or until the window's first day is passed."""
        if self.since is None:
            return bool(fresh) or (
                self.until is not None and not all(discovery.in_window(u, None, self.until) for u in found.articles)
            )
        return not found.articles or any(discovery.in_window(url, self.since, None) for url in found.articles)

    async def _read(self, response: Response, kind: Literal["article", "part"]) -> Item:
        options = {
            "status": response.status,
            "addresses": response.meta.get("redirect_urls", []),
            "found_on": _found_on(response.request),
            "etag": _header(response, b"ETag"),
            "last_modified": _header(response, b"Last-Modified"),
            "kind": kind,
        }
        job = Job(response.body, response.url, _charset(response), datetime.now(SHANGHAI), options)
        return await self.readers.read(job, self.rules) if self.readers is not None else job.read(self.rules)

    def _visit(self, response: Response, page: Page, word: str, why: str, kind: Literal["channel", "article"]) -> Visit:
        return Visit(
            url=response.url,
            site=self.name,
            verdict=word,
            why=why,
            status=response.status,
            kind=kind,
            fetched_at=_now(),
            found_on=_found_on(response.request),
            redirected_from=response.meta.get("redirect_urls", []),
            charset=page.charset,
            size=page.size,
            etag=_header(response, b"ETag"),
            last_modified=_header(response, b"Last-Modified"),
        )


class SiteLoader(SpiderLoader):
    """Scrapy's spider loader that also knows the ``editions`` of a site file, each under its own name."""

    def _load_spiders(self, module: ModuleType) -> None:
        for found in vars(module).values():
            if not (isinstance(found, type) and issubclass(found, NewsSpider) and found.__module__ == module.__name__):
                continue
            for name in found.editions:
                spider = found.edition(name)
                self._found[name].append((module.__name__, spider.__name__))
                self._spiders[name] = spider
        super()._load_spiders(module)

    @property
    def sites(self) -> dict[str, type[NewsSpider]]:
        """All news spiders by name."""
        return {name: spider for name, spider in sorted(self._spiders.items()) if issubclass(spider, NewsSpider)}

    @classmethod
    def of(cls, settings: BaseSettings) -> SiteLoader:
        """The loader of the project's settings."""
        return cls.from_settings(settings)


class QuietItems(LogFormatter):
    """Scrapy's log lines with items in a few words: an article's whole text is no log line."""

    def scraped(self, item: Any, response: Any, spider: Spider) -> Any:
        """One line an item."""
        line: dict[str, Any] = dict(super().scraped(item, response, spider))
        if isinstance(item, Article):
            line["args"] = {"src": response, "item": f"article {item.title!r}, {len(item.body_text or '')} characters"}
        elif isinstance(item, Visit):
            line["args"] = {"src": response, "item": f"{item.verdict}: {item.why or item.kind}"}
        return line


def page_of(response: Response) -> Page:
    """A response as a page, its declared charset with it."""
    return Page(response.body, response.url, charset=_charset(response))


def _charset(response: Response) -> str | None:
    match = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", response.headers.get(b"Content-Type") or b"", re.I)
    return match[1].decode("ascii") if match else None


def as_day(value: str | date | None) -> date | None:
    """A day out of ``2026-11-01`` or ``20261101``; raises ``ValueError`` that says so."""
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"not a day: {value!r}; write it as 2026-11-01") from None


def today() -> date:
    """Today in China."""
    return datetime.now(SHANGHAI).date()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _found_on(request: Request | None) -> str | None:
    return request.meta.get("found_on") if request is not None else None


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
