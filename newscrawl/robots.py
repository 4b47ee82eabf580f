"""robots.txt, by RFC 9309: asked for once, obeyed, and where it cannot be had nothing is fetched."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.archive import Archive
from newscrawl.downloader import FIRST, STOPPED, Busy, Stopped
from newscrawl.items import Visit
from newscrawl.middlewares import ANYWHERE, OffSite
from newscrawl.pace import SENT_AT, TOO_MANY
from newscrawl.resolver import plain
from newscrawl.store.frontier import now_text, text

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.downloader import Downloader
    from newscrawl.store.frontier import Frontier

logger = logging.getLogger(__name__)

TOKEN = "newscrawl"  # noqa: S105 - no password
"""The product token that groups of rules are matched with (RFC 9309, 2.2.1), whatever contact the User-Agent carries."""
MAX_SIZE = 500 * 1024
"""Bytes that are read (RFC 9309, 2.5); what comes after them is not."""
MAX_HOPS = 5
"""Redirects that are followed (RFC 9309, 2.3.1.2)."""
MAX_DELAY = 60.0
"""Seconds of Crawl-delay that are kept to at most: more would be a day for a thousand pages."""
KEPT = 24 * 3600.0
"""Seconds for which rules are kept (RFC 9309, 2.4)."""
KEPT_ON_DISK = timedelta(hours=6)
"""Time for which later runs go by the rules that one has fetched."""
KEPT_FAILURE = 3600.0
"""Seconds after which a robots.txt that could not be had is asked for again."""

_AGENT = re.compile(r"\s*user[ -]?agent\s*[:\s]\s*(.*)", re.I)
_RULE = re.compile(r"\s*(?:allow|d[ia]{1,2}s+al+[oa]w|crawl[- ]delay)\s*[:\s]", re.I)
_SITEMAP = re.compile(r"\s*site-?maps?\s*:\s*(\S+)", re.I)


class Disallowed(IgnoreRequest):
    """robots.txt disallows the address. ``temporary``: it could not be had, and a later run asks anew."""

    def __init__(self, why: str, *, temporary: bool = False) -> None:
        super().__init__(why)
        self.temporary = temporary


@dataclass(slots=True)
class Rules:
    """What the robots.txt of one origin says to newscrawl."""

    body: bytes = b""
    delay: float = 0.0
    """Crawl-delay in seconds, as it stands there; 0 where there is none."""
    sitemaps: list[str] = field(default_factory=list)
    missing: str | None = None
    """Why it could not be had: then nothing is allowed."""
    until: float = 0.0
    """Until when it is good, by `time.monotonic`."""
    parsed: Protego | None = None

    @classmethod
    def read(cls, body: bytes, url: str) -> Rules:
        """The rules in the body of a robots.txt that stands at ``url``. Never raises: what is not understood is no rule."""
        rules = cls(body)
        if len(body) > MAX_SIZE:
            body = body[:MAX_SIZE].rpartition(b"\n")[0]
        if body.startswith((b"\xff\xfe", b"\xfe\xff")):
            body = body.decode("utf-16", "ignore").encode()
        body = body.removeprefix(b"\xef\xbb\xbf")
        if body.lstrip().startswith(b"<"):
            # A page in its place, as sites give for what they have not: no rules.
            return rules
        kept = []
        for line in re.split(rb"\r\n?|\n", body):
            if found := _SITEMAP.match(line.decode("utf-8", "replace")):
                address = urljoin(url, found[1])
                if address.startswith(("http://", "https://")) and address not in rules.sitemaps:
                    rules.sitemaps.append(address)
                continue
            text = _ascii(line.partition(b"#")[0])
            if found := _AGENT.match(text):
                # protego takes the beginning of a name for the name, and a version for a part of it.
                token = re.match(r"[a-z_-]+|\*", found[1].strip(), re.I)
                name = token[0].lower() if token else ""
                kept.append(f"User-agent: {name if name in (TOKEN, '*') else 'another'}")
            elif _RULE.match(text):
                # Lines of other kinds do not come between a group's names (RFC 9309, 2.2.4); protego lets them.
                kept.append(text)
        rules.parsed = Protego.parse("\n".join(kept))
        rules.delay = rules.parsed.crawl_delay(TOKEN) or 0.0
        return rules

    def allows(self, url: str) -> bool:
        """Whether an address of the origin may be fetched."""
        if self.missing is not None:
            return False
        return self.parsed is None or self.parsed.can_fetch(_octets(url), TOKEN)


def _ascii(line: bytes) -> str:
    """A line in ASCII: other octets escaped as RFC 9309, 2.2.2 has it, whatever the charset; control characters are spaces."""
    escaped = re.sub(rb"[\x80-\xff]", lambda match: b"%%%02X" % match[0][0], line)
    return _octets(re.sub(rb"[\x00-\x1f]", b" ", escaped).decode("ascii"))


def _octets(text: str) -> str:
    """Escapes of octets beyond ASCII in a form that protego leaves alone: it reads them as UTF-8, so that all GBK is one."""
    return re.sub(r"%([89a-f][0-9a-f])", lambda match: "~" + match[1].upper(), text, flags=re.I)


class Robots:
    """Takes the place of Scrapy's middleware, which crawls on where robots.txt fails, and knows no Crawl-delay.

    An origin's robots.txt is asked for once in a process, and not by runs that follow within six hours. A 4xx answer means that all is allowed; 429, 5xx, no answer
    within NEWSCRAWL_ROBOTS_TIMEOUT seconds on the wire or too many redirects mean that nothing is. Crawl-delay is the
    least delay of the host, 60 seconds at most.
    """

    _known: ClassVar[dict[str, Rules]] = {}
    _asked: ClassVar[dict[str, asyncio.Future[None]]] = {}

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.timeout = crawler.settings.getfloat("NEWSCRAWL_ROBOTS_TIMEOUT")
        crawler.newscrawl_robots = self  # type: ignore[attr-defined]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the origin's rules; raises `Disallowed` with the reason."""
        if request.meta.get(FIRST):
            return
        rules = await self.rules(request.url)
        if rules.allows(request.url):
            return
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("robotstxt/forbidden")
        if rules.missing is not None:
            raise Disallowed(f"{rules.missing}: nothing may be fetched", temporary=True)
        raise Disallowed("robots.txt disallows it")

    async def rules(self, url: str) -> Rules:
        """The rules for an address, asked for where they are not known; raises `Stopped`, `Busy` or `OffSite`."""
        origin = origin_of(url)
        while True:
            if (rules := self._known.get(origin)) is not None and rules.until > monotonic():
                return rules
            if (asked := self._asked.get(origin)) is None:
                return self._kept(origin) or await self._ask(origin)
            # Whoever asks may be stopped, and then leaves no rules.
            await asyncio.wait([asked, self._downloader.stopping()], return_when=asyncio.FIRST_COMPLETED)
            if self._downloader.stopping().done():
                raise Stopped(STOPPED)

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of an address's origin names; none where it is not known yet."""
        rules = self._known.get(origin_of(url))
        return list(rules.sitemaps) if rules is not None else []

    def body(self, url: str) -> bytes:
        """The robots.txt of an address's origin as it came; empty where there is none, or it is not known yet."""
        rules = self._known.get(origin_of(url))
        return rules.body if rules is not None else b""

    @property
    def _downloader(self) -> Downloader:
        assert self.crawler.engine is not None
        return self.crawler.engine.downloader  # type: ignore[return-value]

    def _kept(self, origin: str) -> Rules | None:
        """The rules that an earlier run fetched, where they are good still."""
        if self._frontier is None:
            return None
        body = self._frontier.robots(origin, since=text(datetime.now(UTC) - KEPT_ON_DISK) or "")
        if body is None:
            return None
        rules = self._known[origin] = Rules.read(body, f"{origin}/robots.txt")
        rules.until = monotonic() + KEPT
        self._keep_to(origin, rules)
        return rules

    @property
    def _frontier(self) -> Frontier | None:
        """The database's; none where nothing is stored (``scrapy shell``)."""
        store = getattr(self.crawler, "newscrawl_store", None)
        return store.database.frontier if store is not None and store.database is not None else None

    async def _ask(self, origin: str) -> Rules:
        done = self._asked[origin] = asyncio.get_running_loop().create_future()
        try:
            rules = await self._fetch(f"{origin}/robots.txt")
            rules.until = monotonic() + (KEPT if rules.missing is None else KEPT_FAILURE)
            self._known[origin] = rules
            if rules.missing is None and self._frontier is not None:
                self._frontier.keep_robots(origin, rules.body[:MAX_SIZE], now_text())
        finally:
            del self._asked[origin]
            done.set_result(None)
        self._keep_to(origin, rules)
        return rules

    def _keep_to(self, origin: str, rules: Rules) -> None:
        """Hold the host's pace to its Crawl-delay."""
        if rules.delay:
            if rules.delay > MAX_DELAY:
                logger.info("%s/robots.txt: Crawl-delay %g is taken for %g seconds", origin, rules.delay, MAX_DELAY)
            self._downloader.floor(plain(urlsplit(origin).hostname or ""), min(rules.delay, MAX_DELAY))

    async def _fetch(self, url: str) -> Rules:
        left = self.timeout
        here = url
        for _ in range(MAX_HOPS + 1):
            request = Request(
                here,
                callback=NO_CALLBACK,
                priority=1000,
                meta={FIRST: True, ANYWHERE: True, "dont_retry": True, "dont_redirect": True, "download_timeout": left},
            )
            try:
                assert self.crawler.engine is not None
                response = await self.crawler.engine.download_async(request)
            except (Stopped, Busy):
                raise
            except DownloadTimeoutError:
                return self._unanswered(url, f"robots.txt does not answer within {self.timeout:g} s")
            except OffSite as error:
                if here == url:
                    # The site itself is where nobody may go, which is not robots.txt's to say.
                    raise
                return Rules(missing=f"robots.txt leads astray ({error})")
            except Exception as error:  # noqa: BLE001 - whatever it is, there are no rules then
                return self._unanswered(url, f"robots.txt cannot be had ({type(error).__name__}: {error})"[:300])
            # What the host's own pace takes is not held against it.
            left -= monotonic() - request.meta.get(SENT_AT, monotonic())
            self._count(response)
            if 300 <= response.status < 400:
                location = (response.headers.get(b"Location") or b"").decode("utf-8", "replace").strip()
                if not location:
                    return Rules(missing=f"robots.txt answers {response.status} and does not say where it is")
                if left <= 0:
                    return Rules(missing=f"robots.txt does not answer within {self.timeout:g} s")
                try:
                    here = urljoin(here, location)
                    urlsplit(here).port  # noqa: B018 - raises for an address that is none
                except ValueError:
                    return Rules(missing=f"robots.txt leads astray ({location[:100]})")
                if not here.startswith(("http://", "https://")):
                    return Rules(missing=f"robots.txt leads astray ({here[:100]})")
                continue
            if 200 <= response.status < 300:
                return Rules.read(response.body, url)
            if 400 <= response.status < 500 and response.status != TOO_MANY:
                return Rules()
            return Rules(missing=f"robots.txt answers {response.status}")
        return Rules(missing=f"robots.txt redirects more than {MAX_HOPS} times")

    def _unanswered(self, url: str, why: str) -> Rules:
        """No rules, and in the archive why: a replay must not take it for leave to crawl."""
        name = getattr(self.crawler.spider, "name", "")
        Archive.of(self.crawler).keep_visit(Visit(url, name, "error", why, kind="robots"))
        return Rules(missing=why)

    def _count(self, response: Response) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("robotstxt/response_count")
        self.crawler.stats.inc_value(f"robotstxt/response_status_count/{response.status}")


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, each in its one spelling; the port only where it is not the scheme's own."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, 443 if parts.scheme == "https" else 80) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
