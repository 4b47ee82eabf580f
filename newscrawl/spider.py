"""NewsSpider, the only base class: a site file says what a site is, this says how any site is crawled."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.spiderloader import SpiderLoader
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl import __version__, archive, discovery, feeds, fingerprint, loaders, replay, verdict
from newscrawl.days import SHANGHAI, as_day
from newscrawl.downloader import Busy, Stopped
from newscrawl.extract import dates
from newscrawl.extract.fills import Fill
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout
from newscrawl.filling import Filling
from newscrawl.items import Article, PageKind, Visit
from newscrawl.middlewares import ANYWHERE, OffSite, Spent
from newscrawl.reader import SiteRules
from newscrawl.readers import Job, Readers, default_workers
from newscrawl.robots import Disallowed
from newscrawl.store import links
from newscrawl.store.frontier import Waiting, keyed, now_text, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import ModuleType

    from scrapy.crawler import Crawler

    from newscrawl.store.writer import Store

MAX_PARTS = 30
"""Pages of one article that are followed at most."""

MAX_SITEMAPS = 20
"""Sitemaps of one index, or feeds of one page, that are followed at most."""

SITEMAP_DAYS = 30
"""How far back a sitemap is taken, where no ``since`` is named: it holds the whole archive."""

STOP_AFTER = 5
"""Refusals (`verdict.REFUSALS`) one after another that end a run."""

ARTICLES_OF_A_SHAPE, LISTS_OF_A_SHAPE, BARREN = 10_000, 500, 50
"""How many articles and lists of one `discovery.shape` a run asks for, and how many in a row may give nothing new."""

NOT_MODIFIED = 304

Item = Article | Visit


class NewsSpider(Spider):
    """A regional news site. A site file sets the class attributes; most sites need nothing else.

    - ``title``, ``publisher``, ``region``, ``city``: what people call it, whose it is, where.
    - ``home``: its front page; ``channels``: its list pages, newest article first (none: the front page and the
      channels found on it by ``channel``).
    - ``hosts``: where it may be crawled (default: the host of ``home``).
    - ``article``, ``channel``: patterns of addresses; ``channel`` is matched against the path.
    - ``layouts``: its rules; a site on a known CMS family needs none.
    - ``feeds``, ``sitemaps``: where it has them; others are found by looking (``discover``): links in a list's head,
      ``Sitemap:`` lines of robots.txt.
    - ``day_lists``: a list for each day, as a pattern of `strftime` (``http://a.cn/html/%Y-%m/%d/node_1.htm``), for ``since``.
    - ``family``: the CMS families that its pages are on, as `newscrawl.extract.cms` names them; ``status``: ``unverified`` until
      ``newscrawl verify`` has read pages of the live site.
    - ``archive``: what of it is kept raw: ``pages``, ``images`` (pages and the images of articles) or ``off``.
    - ``fills``: where link blocks come from that scripts fill; ``render``: whether a browser fills them where no fill answers.
    - ``follow_depth``, ``follow_budget``: how deep, and how many in a run, articles are followed that others recommend.
    - ``look_budget``: how many stored articles a run looks at again; ``late_days``: for how many days back further lists are
      looked at for articles that were posted late.
    - ``editions``: spider name -> city, for a publisher whose sites share one file; ``{name}`` and ``{city}`` in
      ``title``, ``home`` and ``channels`` are filled in for each.

    Arguments (``scrapy crawl NAME -a since=2026-11-01``): ``since``, ``until`` (days by the article's address),
    ``limit`` (new articles at most), ``due`` (only what is due now), ``looks`` (articles looked at again at most),
    ``recommended`` (only what stored articles recommend and nobody has fetched).
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
    feeds: ClassVar[tuple[str, ...]] = ()
    sitemaps: ClassVar[tuple[str, ...]] = ()
    discover: ClassVar[bool] = True
    day_lists: ClassVar[str | None] = None
    family: ClassVar[tuple[str, ...]] = ()
    status: ClassVar[str] = "unverified"
    archive: ClassVar[Literal["off", "pages", "images"]] = "pages"
    fills: ClassVar[tuple[Fill, ...]] = ()
    render: ClassVar[bool] = False
    follow_depth: ClassVar[int] = 1
    follow_budget: ClassVar[int] = 100
    look_budget: ClassVar[int] = 100
    late_days: ClassVar[int] = 7

    store: Store | None = None
    """Set by the Store pipeline; without one (``scrapy parse``) every address is new."""
    readers: Readers | None = None
    clock: datetime | None = None
    """When a replay's run began: what never left the machine happened then."""
    offline: bool = False
    """Whether it only reads what the archive has, without an engine (`newscrawl.reparse`)."""

    def __init__(
        self,
        name: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: str | int | None = None,
        due: str | bool | None = None,
        looks: str | int | None = None,
        recommended: str | bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._arguments = {"since": since, "until": until, "limit": limit, "due": due, "looks": looks, "recommended": recommended}
        self.since: date | None = None
        self.until: date | None = None
        self.limit: int | None = None
        self.looks: int | None = None
        self.due = self.recommended = False
        self.begin_at(datetime.now(UTC))
        self.asked = 0
        self._followed = 0
        self._refusals = 0
        self._closing = False
        self._asked_keys: set[str] = set()
        self._met: set[str] = set()
        self._asked_lists: set[str] = set()
        self._texts: set[int] = set()
        self._recommended: dict[str, tuple[str | None, int]] = {}
        self._lists: dict[str, Waiting] = {}
        self._channels: dict[str, Channel] = {}
        self._article_budget = discovery.Budget(most=ARTICLES_OF_A_SHAPE, barren=BARREN)
        self._list_budget = discovery.Budget(most=LISTS_OF_A_SHAPE, barren=BARREN)
        self.filling = Filling(self)
        self.rules = self.site_rules()
        self.read_by = self.made_of()
        self._channel = re.compile(self.channel) if self.channel else None
        self._article = re.compile(self.article, re.I)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's call before a crawl: the contact address, where one is set, goes into the User-Agent; a replay is set up."""
        super().update_settings(settings)
        if settings.get("NEWSCRAWL_REPLAY"):
            for name, value in replay.SETTINGS.items():
                settings.set(name, value, priority="cmdline")
        contact = settings.get("NEWSCRAWL_CONTACT") or os.environ.get("NEWSCRAWL_CONTACT")
        if contact and settings.getpriority("USER_AGENT") == SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        """Scrapy's way of making one; raises ``ValueError`` for a day or number that is none."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings

        def argument(name: str) -> Any:
            value = spider._arguments[name]
            return settings.get(f"NEWSCRAWL_{name.upper()}") if value is None else value

        spider.since, spider.until = as_day(argument("since")), as_day(argument("until"))
        limit, looks = argument("limit"), argument("looks")
        spider.limit = None if limit is None else int(limit)
        spider.looks = None if looks is None else int(looks)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        spider.due, spider.recommended = (
            str(argument(name) or "").lower() in ("1", "true", "yes") for name in ("due", "recommended")
        )
        if settings.get("NEWSCRAWL_REPLAY"):
            shelf = replay.Shelf.shared(str(settings["NEWSCRAWL_REPLAY"]))
            spider.clock = shelf.began(spider.allowed_hosts())
            spider.begin_at(spider.clock or datetime.now(UTC))
        workers = settings.get("NEWSCRAWL_READERS")
        if workers is None:
            workers = os.environ.get("NEWSCRAWL_READERS")
        spider.readers = Readers.shared(default_workers() if workers is None else int(workers))
        return spider

    def begin_at(self, at: datetime) -> None:
        """Set the moment at which the run begins: what is due, which day is today. A replay's is that of the archived run."""
        self.now = text(at) or now_text()
        self.today = at.astimezone(SHANGHAI).date()

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end of a crawl."""
        if self.readers is not None:
            self.readers.close()
            self.readers = None

    @classmethod
    @cache
    def made_of(cls) -> str:
        """What its pages are read with: this version and the site's rules in a few digits.

        Where it changes, a page is read anew though the server says that it has not changed.
        """
        rules = repr((cls.article, cls.channel, cls.layouts, cls.fills, cls.render))
        return f"{__version__}/{hashlib.blake2b(rules.encode(), digest_size=4).hexdigest()}"

    @classmethod
    @cache
    def site_rules(cls) -> SiteRules:
        """What reading its pages needs."""
        return SiteRules(
            cls.name, cls.title or None, cls.publisher, cls.region, re.compile(cls.article, re.I), cls.layouts, cls.fills
        )

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
        """What waits from earlier runs, then the lists, then the articles whose turn it is to be looked at again."""
        frontier = self.store.frontier if self.store is not None else None
        if frontier is None:
            for url in self.channels or (self.home,):
                yield self._list_request(url, "channel")
            return
        if self.recommended:
            for asked in self._recommended_ones():
                yield asked
            return
        self._lists = frontier.lists(self.name)
        self._channels = channels_of(self._lists)
        budget = self.look_budget if self.looks is None else self.looks
        if not self._is_window:
            for waiting in frontier.unanswered(self.name, budget, now=self.now if self.due else None):
                budget -= 1
                yield self._look_again(waiting, priority=5)
        for waiting in frontier.pending(self.name, now=self.now if self.due else None):
            self._met.add(fingerprint.key(waiting.url))
            wanted = discovery.in_window(waiting.url, self.since, self.until)
            if waiting.depth:
                # What the budget left over in an earlier run is in this run's budget.
                wanted = wanted and self._followed < self.follow_budget
                self._followed += wanted
            if wanted and (request := self._ask(waiting.url, waiting.found_on, waiting.depth)) is not None:
                yield request
        for url in self.channels or (self.home,):
            for request in self._poll(url, "channel", always=True):
                yield request
        for kind, urls in (("feed", self.feeds), ("sitemap", self.sitemaps)):
            for url in urls:
                for request in self._poll(url, kind, always=True):
                    yield request
        for url in self._lists_of_days():
            yield self._list_request(url, "channel", polled=False)
        for waiting in list(self._lists.values()):
            for request in self._poll(waiting.url, waiting.kind, waiting.number):
                yield request
        if not self._is_window:
            for waiting in frontier.looks(self.name, budget, now=self.now):
                if fingerprint.key(waiting.url) not in self._asked_keys:
                    yield self._look_again(waiting)

    def _recommended_ones(self) -> Iterator[Request]:
        """Requests for all that stored articles recommend and nobody has fetched, most linked first."""
        assert self.store is not None
        found = links.uncrawled(
            self.store.connection, self.name, self.allowed_hosts(), self.limit or ARTICLES_OF_A_SHAPE, accept=self._article.search
        )
        for url, found_on, depth in found:
            if not discovery.in_window(url, self.since, self.until):
                continue
            self._on_record([url], found_on, depth=depth)
            if (request := self._ask(url, found_on, depth)) is not None:
                yield request

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        """Read any page of the site: an article by its address, else a channel."""
        if self._article.search(response.url):
            async for result in self.parse_article(response):
                yield result
        else:
            for result in self.parse_channel(response):
                yield result

    def parse_channel(
        self, response: Response, number: int = 1, polled: bool = True, search: Search | None = None, walk: int = 0
    ) -> Iterator[Any]:
        """A list page: asks for the articles that are new, and for older lists while there are any.

        ``search``: it is asked for to see where late posts stand; ``walk``: the list before which all are read.
        """
        if response.status == NOT_MODIFIED:
            yield self._unchanged(response, "channel", number)
            return
        page = page_of(response)
        early = verdict.early(page, response.status)
        if early is not None and early.word != "list":
            yield from self._counted(self._visit(response, page, early.word, early.why, "channel", number=number, polled=polled))
            return
        found = discovery.look(page, hosts=self.allowed_hosts(), article=self._article, channel=self._channel)
        wanted = [url for url in found.articles if discovery.in_window(url, self.since, self.until)]
        fresh = self._news(wanted)
        self._list_budget.note(response.url, bool(fresh))
        key = fingerprint.key(response.url)
        before = self._lists.get(key)
        channel = self._channels.setdefault(key, Channel())
        moved = channel.moved(search.known, found, fresh) if search is not None else None
        expected = channel.posted - (search.known.posted or 0) if search is not None else 0
        if before is not None and before.verdict == "list":
            # At a first look nothing has come before anything.
            channel.posted += len(fresh)
        settled = before is not None and before.verdict == "list" and not self._may_grow(found, fresh, number)
        older = found.next_page if number < self.max_list_pages and self._goes_on(found, fresh, settled) else None
        if found.next_page and number + 1 < walk:
            older = found.next_page
        if older:
            self._channels.setdefault(fingerprint.key(older), channel)
        # All that the list leads to is on record before the list itself is: what a kill or the limit cuts off, the next
        # run begins with.
        at = moment(response)
        self._on_record(fresh, response.url, at=at)
        self._on_record(found.channels, response.url, "channel", number=1, at=at)
        announced = self._announced(page) if self.discover and number == 1 else []
        for kind, url in announced:
            self._on_record([url], response.url, kind, at=at)
        if older:
            self._on_record([older], response.url, "channel", number=number + 1, at=at)
        visit = self._visit(response, page, "list", f"{len(found.articles)} articles, {len(fresh)} new", "channel", number=number)
        visit.listed, visit.fresh = len(found.articles), len(fresh)
        visit.polled = polled and (number == 1 or self._is_young(found, number))
        visit.marker, visit.marker_at = discovery.marker(found)
        visit.posted = channel.posted
        if search is not None and moved:
            visit.posted = (search.known.posted or 0) + moved + len(fresh)
        yield from self._counted(visit)
        for url in fresh:
            if (request := self._ask(url, response.url)) is not None:
                yield request
        for url in found.channels:
            yield from self._poll(url, "channel")
        for kind, url in announced:
            yield from self._poll(url, kind)
        if search is not None:
            yield from self._search_on(channel, search, number, moved, expected, len(fresh))
        if older and self._may_ask():
            # Behind known articles only late posts may stand. The last list that they reach to tells whether there are any:
            # then its articles have moved by more than the news.
            last = channel.last_young() if number == 1 and not self._is_window and list(found.articles)[-1] not in fresh else None
            if last is not None:
                yield from self._poll(
                    last.url, "channel", last.number, always=True, goes_on=True, search=Search(last, 2, last.number)
                )
            else:
                yield from self._poll(older, "channel", number + 1, always=True, goes_on=True, polled=polled, walk=walk)

    def _search_on(
        self, channel: Channel, search: Search, number: int, moved: int | None, expected: int, fresh: int
    ) -> Iterator[Any]:
        """The next list to read for late posts, halving those between the first and the last that they may stand on."""
        low, high, wanted = search.low, search.high, search.wanted
        known = {waiting.number: waiting for waiting in channel.further}
        if wanted is None:
            # The last list: not at all moved, lists keep their articles for good, and it tells nothing of those before it.
            if moved in (0, expected):
                return
            wanted = moved - expected if moved is not None else None
            high = number - 1
        elif fresh >= wanted:
            return
        elif fresh == 0 and moved is not None:
            low, high = (low, number - 1) if moved > expected else (number + 1, high)
        else:
            moved = None
        middle = known.get((low + high + 1) // 2)
        if moved is None or wanted is None or middle is None or middle.marker is None:
            # Several in different places, or lists that are not as they were: all are read.
            if low <= high and 2 in known:
                yield from self._poll(known[2].url, "channel", 2, always=True, goes_on=True, walk=search.last or number)
        elif low <= high:
            search = Search(middle, low, high, wanted, search.last or number)
            yield from self._poll(middle.url, "channel", middle.number, always=True, goes_on=True, search=search)

    def search_of(self, kept: Sequence[Any] | None) -> Search | None:
        """The search that the archive keeps with a list's answer (`newscrawl.archive.about`), where its list is still known."""
        if not kept:
            return None
        url, low, high, wanted, last = kept
        known = self._lists.get(fingerprint.key(url))
        return Search(known, low, high, wanted, last) if known is not None else None

    def parse_feed(self, response: Response, kind: Literal["feed", "sitemap"], number: int = 1) -> Iterator[Any]:
        """A feed or sitemap: asks for the articles that are new, and for the sitemaps that an index names."""
        if response.status == NOT_MODIFIED:
            yield self._unchanged(response, kind, number)
            return
        page = page_of(response)
        feed = feeds.read(response.body, response.url, charset=_charset(response))
        if feed is None:
            early = verdict.early(page, response.status)
            word, why = (
                (early.word, early.why) if early is not None else ("incomplete", f"no {kind}: neither RSS, Atom nor a sitemap")
            )
            yield from self._counted(self._visit(response, page, word, why, kind, number=number))
            return
        horizon = self.since or (None if kind == "feed" else self.today - timedelta(days=SITEMAP_DAYS))
        articles = discovery.in_feed(feed, hosts=self.allowed_hosts(), article=self._article, since=horizon, until=self.until)
        fresh = self._news(articles)
        self._on_record(fresh, response.url, at=moment(response))
        children = [child.url for child in feed.children if feeds.worth(child, horizon) and self._is_own(child.url)][
            :MAX_SITEMAPS
        ]
        self._on_record(children, response.url, "sitemap", number=number + 1, at=moment(response))
        why = f"{len(feed.children)} sitemaps" if feed.kind == "index" else f"{len(articles)} articles, {len(fresh)} new"
        visit = self._visit(response, page, "list", why, kind, number=number)
        if feed.kind != "index":
            visit.listed, visit.fresh = len(articles), len(fresh)
        yield from self._counted(visit)
        for url in fresh:
            if (request := self._ask(url, response.url)) is not None:
                yield request
        if number < 3:
            for url in children:
                yield from self._poll(url, "sitemap", number + 1)

    async def parse_article(self, response: Response) -> AsyncIterator[Any]:
        """An article page: the article, or a visit that says why it is none; further parts are asked for first."""
        if response.status == NOT_MODIFIED:
            yield self._unchanged(response, "article")
            return
        item = await self._read(response, "article")
        request = response.request
        if request is not None and not request.meta.get("again"):
            self._article_budget.note(request.meta.get("redirect_urls", [request.url])[0], self._says_something(item))
        if isinstance(item, Article):
            self.filling.keep(item, response)
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
        if isinstance(item, Visit):
            yield from self._counted(item)
            return
        if url := self._next_part(item):
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
            return
        if (request := self.filling.request(item, self.parse_fill, self.parse_rendered, self.fill_failed)) is not None:
            yield request
            return
        self._follow(item)
        yield from self._images(item)
        yield from self._counted(item)

    def parse_fill(self, response: Response, article: Article) -> Iterator[Any]:
        """What a script asks for to fill a block of an article: merged into it."""
        self.filling.answered(response, article)
        yield from self._go_on(article)

    def parse_rendered(self, response: Response, article: Article) -> Iterator[Any]:
        """An article's page as a browser shows it: what fills the blocks that are still empty is merged into the article."""
        self.filling.rendered(response, article)
        yield from self._go_on(article)

    def fill_failed(self, failure: Failure) -> Iterator[Any]:
        """A block's links do not come: the article is stored without them, and asked for again by the next run."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.filling.failed(request, failure.value)
        yield from self._go_on(request.cb_kwargs["article"])

    def _next_part(self, article: Article) -> str | None:
        url, article.next_page = article.next_page, None
        if not url or len(article.parts) >= MAX_PARTS or not self._is_own(url):
            return None
        have = {fingerprint.key(known) for known in (article.url or "", *article.addresses, *article.parts)}
        return url if fingerprint.key(url) not in have else None

    def _images(self, article: Article) -> Iterator[Request]:
        """Requests for an article's images that the archive does not have, where it keeps images. They may lie on any host."""
        pipeline = getattr(self.crawler, "newscrawl_store", None)
        if self.store is None or pipeline is None or not archive.keeps_images(self.crawler):
            return
        for url in archive.unkept(pipeline, (image.url for image in article.images)):
            meta = {"kind": "image", "found_on": article.url, ANYWHERE: True}
            yield Request(url, self.parse_image, errback=self.image_failed, meta=meta, priority=-20, dont_filter=True)

    def parse_image(self, response: Response) -> None:
        """An image: the archive has it, and nobody reads it."""

    def image_failed(self, failure: Failure) -> None:
        """An image that does not come: the article is none the worse, and the next run that reads it asks again."""
        self.logger.info("%s: %s", failure.request.url, failure.value)  # type: ignore[attr-defined]

    def _follow(self, article: Article) -> None:
        """Take note of the articles of the site that this one recommends, as deep and as many as the site allows.

        They go on record with the article itself, and are asked for when all else is done: most of them a list or a redirect
        leads to as well.
        """
        depth = article.visit.depth if article.visit else 0
        if depth >= self.follow_depth or self._followed >= self.follow_budget or self.store is None:
            return
        for block in article.blocks:
            if block.kind not in ("recommended", "related"):
                continue
            for link in block.links:
                url = link.url
                if not url or url in self._recommended or len(self._recommended) >= 10 * self.follow_budget:
                    continue
                if not self._article.search(url) or not self._is_own(url) or fingerprint.key(url) in self._asked_keys:
                    continue
                if discovery.in_window(url, self.since, self.until):
                    self._recommended[url] = (article.url, depth + 1)
                    article.leads.append(self._in_own_scheme(url))

    def idle(self) -> None:
        """Scrapy's signal that nothing is left to do: ask for what articles recommend and nothing else has led to."""
        recommended, self._recommended = self._recommended, {}
        pipeline = getattr(self.crawler, "newscrawl_store", None)
        if not recommended or self._closing or pipeline is None:
            return
        pipeline.flush()
        requests = []
        for url in self._unknown(recommended):
            found_on, depth = recommended[url]
            if self._followed < self.follow_budget and (request := self._ask(url, found_on, depth)) is not None:
                self._followed += 1
                requests.append(request)
        if requests and self.crawler.engine is not None:
            for request in requests:
                self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def part_failed(self, failure: Failure) -> Iterator[Any]:
        """A part that does not come: the article is stored with what there is, and marked incomplete."""
        if not isinstance(failure.value, Stopped):
            article: Article = failure.request.cb_kwargs["article"]  # type: ignore[attr-defined]
            article.flags.append("incomplete")
            yield from self._go_on(article)
            yield from self.failed(failure)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """A request without a usable answer: a visit with its reason. What was not asked for after all goes on waiting."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        kind = request.meta.get("kind", "article")
        if isinstance(error, Stopped | Spent) or (isinstance(error, Busy) and kind == "article"):
            return
        url = request.meta.get("redirect_urls", [request.url])[0]
        visit = Visit(
            url=url,
            site=self.name,
            verdict="error",
            kind=kind,
            fetched_at=text(moment(request, self.clock)),
            found_on=_found_on(request),
            depth=request.meta.get("depth_of_links", 0),
            number=request.cb_kwargs.get("number"),
            polled=request.cb_kwargs.get("polled", True),
        )
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
        elif isinstance(error, Disallowed):
            visit.why = str(error)
            if error.temporary:
                # Not asked for: an article goes on waiting, a list says what is wrong.
                if kind == "article":
                    return
            else:
                visit.verdict = "robots"
        elif isinstance(error, IgnoreRequest):
            visit.why = str(error) or "not fetched"
        else:
            visit.why = f"{type(error).__name__}: {error}".strip(": ")[:300]
        if kind == "article" and not request.meta.get("again"):
            self._article_budget.note(url, False)
        yield from self._counted(visit)

    def is_spent(self, request: Request) -> bool:
        """Whether addresses of a request's kind have given nothing new for so long that it had better wait for the next run."""
        return self.filling.is_spent(request) or (
            request.meta.get("kind") == "article"
            and not request.meta.get("again")
            and self._article_budget.is_barren(request.url)
        )

    # -- parts of the above

    def _poll(
        self, url: str, kind: str, number: int = 1, *, always: bool = False, goes_on: bool = False, **how: Any
    ) -> Iterator[Request]:
        """A request for a list, if it is its turn: once a run, when it is due or nobody asks for what is due alone.

        ``always``: it stands in the site file, or a list just read goes on with it (``goes_on``, whatever its own turn);
        ``how``: further arguments of `parse_channel`.
        """
        key = fingerprint.key(url)
        known = self._lists.get(key)
        if key in self._asked_lists:
            return
        turn = goes_on or known is None or known.is_due(self.now)
        if not turn and not self.due:
            # Somebody wants the news now: what stands in the site file, and each channel's first list that is one.
            turn = always or (
                kind == "channel" and number == 1 and known is not None and known.is_polled and known.verdict == "list"
            )
        if not turn or not (always or self._list_budget.take(url)):
            return
        yield self._list_request(url, kind, number, **how)

    def _list_request(self, url: str, kind: str, number: int = 1, **how: Any) -> Request:
        key = fingerprint.key(url)
        self._asked_lists.add(key)
        known = self._lists.get(key)
        meta: dict[str, Any] = {"kind": kind, "found_on": known.found_on if known else None}
        headers = self._conditions(known) if known and not self._is_window else {}
        if headers:
            meta["handle_httpstatus_list"] = [NOT_MODIFIED]
        if kind == "channel":
            channel = {"number": number, **how}
            # An older list waits for the articles of the newer one: else a first crawl holds all of a site's in memory.
            later = 0 if "search" in how else 1 - number
            return Request(
                url,
                self.parse_channel,
                errback=self.failed,
                headers=headers,
                dont_filter=True,
                cb_kwargs=channel,
                meta=meta,
                priority=later,
            )
        if kind == "sitemap":
            # The protocol allows 50 MB.
            meta["download_maxsize"] = 50 * 1024 * 1024
        feed = {"kind": kind, "number": number}
        return Request(url, self.parse_feed, errback=self.failed, headers=headers, dont_filter=True, cb_kwargs=feed, meta=meta)

    def _conditions(self, known: Waiting) -> dict[str, str]:
        """Headers that ask for a page only if it has changed, where it was last read as it would be read today."""
        if known.read_by != self.read_by:
            return {}
        pairs = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
        return {name: value for name, value in pairs if value}

    def _look_again(self, waiting: Waiting, priority: int = -5) -> Request:
        """A request for a stored article, for what may have been corrected."""
        headers = self._conditions(waiting)
        meta: dict[str, Any] = {"kind": "article", "found_on": waiting.found_on, "depth_of_links": waiting.depth, "again": True}
        if headers:
            meta["handle_httpstatus_list"] = [NOT_MODIFIED]
        self._asked_keys.add(fingerprint.key(waiting.url))
        return Request(
            waiting.url, self.parse_article, errback=self.failed, headers=headers, dont_filter=True, meta=meta, priority=priority
        )

    def _ask(self, url: str, found_on: str | None, depth: int = 0) -> Request | None:
        """A request for an article; ``None`` where it has been asked for under any spelling, or a limit is reached."""
        key = fingerprint.key(url)
        if key in self._asked_keys or not self._may_ask() or not self._article_budget.take(url):
            return None
        url = self._in_own_scheme(url)
        self._asked_keys.add(key)
        self.asked += 1
        meta = {"kind": "article", "found_on": found_on, "depth_of_links": depth}
        # Asked for once a run by its key. Scrapy's filter would drop a redirect to what another address led to, and the old
        # address would wait for ever.
        return Request(url, self.parse_article, errback=self.failed, meta=meta, priority=-depth, dont_filter=True)

    def _in_own_scheme(self, url: str) -> str:
        """http and https are one article: it is asked for in the scheme that the site file says the site speaks."""
        return f"{self.home.partition('://')[0]}://{url.partition('://')[2]}" if self.home else url

    @property
    def _is_window(self) -> bool:
        """Whether a window of days is asked for."""
        return self.since is not None or self.until is not None

    def _is_own(self, url: str) -> bool:
        return discovery.is_allowed(url, self.allowed_hosts())

    def _may_ask(self) -> bool:
        return not self._closing and (self.limit is None or self.asked < self.limit)

    def _unknown(self, urls: Iterable[str]) -> list[str]:
        wanted = list(urls)
        if self.store is None:
            return wanted
        known = self.store.frontier.known(fingerprint.key(url) for url in wanted)
        return [url for url in wanted if fingerprint.key(url) not in known]

    def _news(self, urls: Iterable[str]) -> list[str]:
        """Those of a list's articles that nobody knew when the run began.

        What another list of this run has led to, and may have been stored since, is news to this list as well: whether older
        lists are read must not hang on which page came first.
        """
        listed = list(urls)
        new = set(self._unknown(listed))
        return [url for url in listed if url in new or fingerprint.key(url) in self._met]

    def _on_record(
        self,
        urls: Iterable[str],
        found_on: str | None,
        kind: str = "article",
        *,
        depth: int = 0,
        number: int | None = None,
        at: datetime | None = None,
    ) -> None:
        """Put addresses on record before they are asked for."""
        spelled = list(map(self._in_own_scheme, urls) if kind == "article" else urls)
        if kind == "article":
            self._met.update(key for key, _ in keyed(spelled))
        if self.store is None:
            return
        try:
            self.store.add_pending(self.name, spelled, found_on, kind, depth=depth, number=number, seen=text(at))
        except sqlite3.Error as error:
            # What cannot be put on record must not be asked for: it ends the run as any error of storage does.
            self._closing = True
            self.crawler.newscrawl_store.fail(error)  # type: ignore[attr-defined]

    def _goes_on(self, found: discovery.Found, fresh: list[str], settled: bool) -> bool:
        """Whether older lists are worth asking for: while there is news, or until the window's first day is passed.

        ``settled``: the list was read before, and what comes after it is too old for late posts.
        """
        if self.since is None:
            return (bool(fresh) and not settled) or (
                self.until is not None and not all(discovery.in_window(u, None, self.until) for u in found.articles)
            )
        return not found.articles or any(discovery.in_window(url, self.since, None) for url in found.articles)

    def _may_grow(self, found: discovery.Found, fresh: list[str], number: int) -> bool:
        """Whether there may be news behind a list's end: its last article is new itself, or young enough for late posts."""
        articles = list(found.articles)
        if not articles or articles[-1] in fresh:
            return True
        # The last few: one that is pinned, or carries a wrong date, decides nothing.
        days = [day for url in articles[-3:] if (day := dates.in_url(url)) is not None]
        return max(days) >= self.today - timedelta(days=self.late_days) if days else number <= 3

    def _is_young(self, found: discovery.Found, number: int) -> bool:
        """Whether a list reaches into the days in which articles are posted late."""
        days = [day for url in found.articles if (day := dates.in_url(url)) is not None]
        return max(days) >= self.today - timedelta(days=self.late_days) if days else number <= 3

    def _announced(self, page: Page) -> list[tuple[Literal["feed", "sitemap"], str]]:
        """Feeds that a list names in its head and sitemaps that robots.txt names, those of the site."""
        found: list[tuple[Literal["feed", "sitemap"], str]] = [("feed", url) for url in feeds.announced(page)]
        robots = getattr(self.crawler, "newscrawl_robots", None)
        if robots is not None:
            found.extend(("sitemap", url) for url in robots.sitemaps(page.url))
        return [(kind, url) for kind, url in found if self._is_own(url)][:MAX_SITEMAPS]

    def _lists_of_days(self) -> Iterator[str]:
        """The list of each day of the window, newest first."""
        if self.day_lists is None or self.since is None:
            return
        day = min(self.until or self.today, self.today)
        while day >= self.since:
            yield day.strftime(self.day_lists)
            day -= timedelta(days=1)

    def _says_something(self, item: Item) -> bool:
        """Whether an answer is an article whose text has not come under another address in this run."""
        if isinstance(item, Visit):
            return False
        text = hash(item.content_hash)
        if text in self._texts:
            return False
        self._texts.add(text)
        return True

    def _counted(self, item: Item) -> Iterator[Item]:
        """The item; several refusals in a row end the run: the site does not want to be read now."""
        yield item
        if isinstance(item, Visit) and item.verdict in verdict.REFUSALS:
            self._refusals += 1
            if self._refusals >= STOP_AFTER and not self._closing:
                self._closing = True
                # What is read again out of the archive ended where its records end.
                if not self.offline:
                    self._end = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="blocked"))
        elif isinstance(item, Article) or item.verdict in ("article", "list"):
            self._refusals = 0

    def job(self, response: Response, kind: Literal["article", "part"]) -> Job:
        """What reading an article's page takes, in values that travel between processes."""
        options = {
            "status": response.status,
            "addresses": response.meta.get("redirect_urls", []),
            "found_on": _found_on(response.request),
            "etag": _header(response, b"ETag"),
            "last_modified": _header(response, b"Last-Modified"),
            "kind": kind,
        }
        return Job(response.body, response.url, _charset(response), moment(response).astimezone(SHANGHAI), options)

    async def _read(self, response: Response, kind: Literal["article", "part"]) -> Item:
        # Out of the archive pages are read ahead.
        reading = response.meta.get("reading")
        if reading is not None:
            item: Item = await reading
        else:
            job = self.job(response, kind)
            item = await self.readers.read(job, self.rules) if self.readers is not None else job.read(self.rules)
        visit = item.visit if isinstance(item, Article) else item
        if visit is not None:
            visit.depth, visit.read_by = response.meta.get("depth_of_links", 0), self.read_by
        return item

    def _visit(
        self,
        response: Response,
        page: Page,
        word: str,
        why: str,
        kind: PageKind,
        *,
        number: int | None = None,
        polled: bool = True,
    ) -> Visit:
        # A list of which only a window of days was taken has to be read again by the next run, whether changed or not.
        whole = not self._is_window
        return Visit(
            url=response.url,
            site=self.name,
            verdict=word,
            why=why,
            status=response.status,
            kind=kind,
            fetched_at=text(moment(response)),
            found_on=_found_on(response.request),
            redirected_from=response.meta.get("redirect_urls", []),
            charset=page.charset,
            size=page.size,
            etag=_header(response, b"ETag") if whole else None,
            last_modified=_header(response, b"Last-Modified") if whole else None,
            number=number,
            polled=polled,
            read_by=self.read_by,
        )

    def _unchanged(self, response: Response, kind: PageKind, number: int | None = None) -> Visit:
        """A page that has not changed since it was last fetched."""
        word = "article" if kind == "article" else "list"
        at = text(moment(response))
        return Visit(url=response.url, site=self.name, verdict=word, status=304, kind=kind, fetched_at=at, number=number)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for late posts: the list asked for as it was ``known``, the lists on which they may stand (``low`` to
    ``high``), how many are ``wanted`` (``None``: whether there are any is not known yet), the ``last`` list."""

    known: Waiting
    low: int
    high: int
    wanted: int | None = None
    last: int = 0


@dataclass(slots=True)
class Channel:
    """A channel's lists as one: how many articles it has brought, and what is known of its ``further`` lists, by number."""

    posted: int = 0
    further: list[Waiting] = field(default_factory=list)

    def last_young(self) -> Waiting | None:
        """The last list into which articles may be posted late, where one behind the second is known."""
        young = [waiting for waiting in self.further if waiting.is_polled and waiting.marker]
        return young[-1] if young and young[-1].number > 2 else None

    @staticmethod
    def moved(before: Waiting, found: discovery.Found, fresh: list[str]) -> int | None:
        """How many articles have come before a list: so far down has the one gone that stood in its middle.

        ``None``: it stands there no more. The list's own news are not counted.
        """
        urls = list(found.articles)
        keys = [fingerprint.key(url) for url in urls]
        if before.marker not in keys or before.marker_at is None:
            return None
        at = keys.index(before.marker)
        return at - before.marker_at - sum(url in fresh for url in urls[:at])


def channels_of(lists: Mapping[str, Waiting]) -> dict[str, Channel]:
    """The channels that known lists make up, by the key of each of their lists: a list is found on the one before it."""
    following = {
        fingerprint.key(waiting.found_on): key for key, waiting in lists.items() if waiting.number > 1 and waiting.found_on
    }
    channels: dict[str, Channel] = {}
    for first, waiting in lists.items():
        if waiting.kind != "channel" or waiting.number != 1:
            continue
        channel, key = Channel(waiting.posted or 0), first
        while key is not None and key not in channels:
            channels[key] = channel
            channel.posted = max(channel.posted, lists[key].posted or 0)
            if (key := following.get(key)) is not None:  # type: ignore[assignment]
                channel.further.append(lists[key])
    return channels


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


def moment(answer: Response | Request, clock: datetime | None = None) -> datetime:
    """When an answer came: where it is archived, or comes out of the archive, the moment that stands there; else ``clock``, or now."""
    request = answer if isinstance(answer, Request) else answer.request
    at = request.meta.get("archived_at") if request is not None else None
    return datetime.fromisoformat(at) if at else clock or datetime.now(UTC)


def _found_on(request: Request | None) -> str | None:
    return request.meta.get("found_on") if request is not None else None


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
