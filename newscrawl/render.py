"""Pages as a browser shows them: rendered where a script fills a block, and observed for the requests that their scripts make.

The browser is the system's Chromium, driven by playwright; in a crawl by scrapy-playwright, which keeps it alive (extra
``render``). It has no network of its own: names do not resolve in it, and its proxy is a closed port. Whatever a page's scripts ask
for is handed to newscrawl, which fetches it as it fetches pages: by robots.txt, at the host's pace, through the proxy, from public
addresses alone; images, media, fonts and style sheets are refused before that. The page itself is not fetched again: the browser
gets the bytes that were read.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.discovery import is_allowed
from newscrawl.middlewares import ANYWHERE, OffSite
from newscrawl.robots import Disallowed

if TYPE_CHECKING:
    from playwright.async_api import Page as BrowserPage
    from playwright.async_api import Route
    from scrapy.crawler import Crawler

    from newscrawl.downloader import Downloader

logger = logging.getLogger(__name__)

DOCUMENT = "document"
"""Key of a request's meta: the response that the browser gets as the page."""
FAILED = "failed_in_browser"
"""Key of a request's meta: what of the site's own did not answer while the browser showed the page, in a few words, and whether it may
answer another day; ``None`` where all did."""

LOADED = frozenset({"document", "script", "xhr", "fetch"})
"""Kinds of requests that are made for a page; the others show only what nobody looks at."""
MAX_REQUESTS = 40
"""Requests of one page that are made at most."""
MAX_SIZE = 8 * 1024 * 1024
"""Bytes that one page's requests may bring at most."""
MAX_SECONDS = 45.0
"""Seconds after which a page is taken as it stands; the pace of its host is in them."""
MAX_POSTED = 64 * 1024
"""Bytes of the longest body that a script may send."""
QUIET = 0.4
"""Seconds without a request after which a page's scripts are taken to be done."""
PAGES = 2
"""Pages that are open at once."""
MAX_KEPT = 200
"""Scripts of a site that are kept for its further pages."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "no browser: pages are not rendered. Install the extra (pip install 'newscrawl[render]') and Chromium "
    "(apt install chromium); name it with the setting NEWSCRAWL_CHROMIUM or with CHROMIUM in the environment where it is not on PATH"
)

_ARGUMENTS = (
    # Nothing that the browser asks for by itself, or that a page opens past the routes (web sockets, WebRTC), gets out.
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
)
_CONTEXT: dict[str, Any] = {
    "service_workers": "block",
    "accept_downloads": False,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "viewport": {"width": 1280, "height": 2000},
}
# Later events do not come where a script leads elsewhere before them.
_ARRIVED: dict[str, Any] = {"wait_until": "commit", "timeout": 10_000}
# Said for the connection, or undone already.
_HOP = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie", "content-security-policy"})  # fmt: skip
_SENT = ("accept", "accept-language", "content-type", "referer", "x-requested-with")


class Unavailable(IgnoreRequest):
    """No browser can be had; the message says what to install or set."""


class Unrendered(IgnoreRequest):
    """The browser failed at a page."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a page and its answer.

    ``type`` is document, script, xhr, fetch, image …; ``status`` is ``None`` where it was not made or had no
    answer (``failed``), and ``why`` then says why.
    """

    method: str
    url: str
    type: str
    status: int | None = None
    body: bytes = b""
    why: str = ""
    failed: bool = False


@dataclass(slots=True)
class Observed:
    """A page after its scripts ran: its DOM as HTML, and what was asked for meanwhile, in order, the page itself first."""

    url: str
    html: str
    requests: list[Exchange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request of a page is answered with."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[[str, str, Mapping[str, str], bytes | None], Awaitable[Answer]]
"""Method, address, headers, body -> answer. What it raises says why there is none."""


def executable(named: str | None = None) -> str:
    """The browser's program: as ``named``, as CHROMIUM in the environment names it, else found on PATH. Raises `Unavailable`."""
    for name in (named, os.environ.get("CHROMIUM")):
        if name:
            found = shutil.which(name)
            if found is None:
                raise Unavailable(f"no browser: {name} is no program that can be run; set NEWSCRAWL_CHROMIUM or CHROMIUM to one")
            return found
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise Unavailable(MISSING)
    return found


def launch_options(named: str | None = None) -> dict[str, Any]:
    """How playwright is to start the browser. Raises `Unavailable`."""
    # Chromium refuses to run as root with its sandbox.
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    return {"executable_path": executable(named), "headless": True, "args": [*_ARGUMENTS, *root]}


class Door:
    """What one page's requests go through: answered by ``fetch``, or refused, and counted."""

    def __init__(self, url: str, document: Answer, fetch: Fetch, *, posts: Callable[[str], bool] = lambda _: True) -> None:
        self.url, self.document, self.fetch, self.posts = url, document, fetch, posts
        self.exchanges: list[Exchange] = []
        self.html: str | None = None
        self.left = MAX_SIZE
        self._open = 0
        self._made = 0
        self._last = monotonic()
        self._shown = False

    async def route(self, route: Route) -> None:
        """Answer or refuse one request of the page; playwright's handler of routes."""
        request = route.request
        if request.is_navigation_request() and request.frame.parent_frame is None:
            if self._shown:
                # Scripts that lead elsewhere: told that nothing is there, the browser stays on the page.
                self.exchanges.append(Exchange(request.method, request.url, "document", why="the page leads elsewhere"))
                await route.fulfill(status=204)
                return
            self._shown = True
            self.exchanges.append(Exchange("GET", self.url, "document", self.document.status, self.document.body))
            await route.fulfill(status=self.document.status, headers=dict(self.document.headers), body=self.document.body)
            return
        if why := self._refusal(request.resource_type, request.method, request.url, request.post_data_buffer):
            await self._refuse(route, why)
            return
        self._made += 1
        self._open += 1
        try:
            headers = {name: value for name, value in request.headers.items() if name in _SENT}
            answer = await self.fetch(request.method, request.url, headers, request.post_data_buffer)
            self.left -= len(answer.body)
            self.exchanges.append(Exchange(request.method, request.url, request.resource_type, answer.status, answer.body))
            await route.fulfill(status=answer.status, headers=_passed_on(answer.headers, request.headers), body=answer.body)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the page does not get it
            with suppress(Exception):
                await self._refuse(
                    route, f"{type(error).__name__}: {error}".strip(": ")[:200], failed=not isinstance(error, OffSite)
                )
        finally:
            self._open -= 1
            self._last = monotonic()

    async def settle(self, page: BrowserPage) -> None:
        """Wait until the page's scripts have asked for all they want, or have had their time; then take the page as it stands."""
        until = monotonic() + MAX_SECONDS
        with suppress(Exception):
            await page.wait_for_load_state("domcontentloaded", timeout=1000)
        while (now := monotonic()) < until and (self._open or now - self._last < QUIET):  # noqa: ASYNC110 - quiet is a span, no event
            await asyncio.sleep(0.05)
        self.html = await page.content()

    def _refusal(self, kind: str, method: str, url: str, body: bytes | None) -> str | None:
        if kind not in LOADED:
            return f"{kind} is not loaded"
        if urlsplit(url).scheme not in ("http", "https"):
            return "neither http nor https"
        if method not in ("GET", "HEAD") and not (method == "POST" and kind in ("xhr", "fetch") and self.posts(url)):
            return f"{method} is not made"
        if body is not None and len(body) > MAX_POSTED:
            return "it sends too much"
        if self._made >= MAX_REQUESTS:
            return f"more than {MAX_REQUESTS} requests"
        return "more bytes than a page may load" if self.left <= 0 else None

    async def _refuse(self, route: Route, why: str, *, failed: bool = False) -> None:
        request = route.request
        self.exchanges.append(Exchange(request.method, request.url, request.resource_type, why=why, failed=failed))
        await route.abort("blockedbyclient")


def _passed_on(headers: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in headers.items() if name.lower() not in _HOP}
    if (origin := asked.get("origin")) and not any(name.lower() == "access-control-allow-origin" for name in kept):
        # The browser does not see that a host is the site's own under another name; what it may load is decided here.
        kept["Access-Control-Allow-Origin"] = origin
    return kept


def _answer(response: Response) -> Answer:
    headers = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
    return Answer(response.status, _passed_on(headers, {}), response.body)


# -- in a crawl


class Browser:
    """Downloader middleware: a request of kind ``browser`` is answered with the page's DOM after its scripts ran.

    The answer's body is HTML in UTF-8. Raises `Unavailable` or `Unrendered`; what of the site's own did not answer the page's scripts is
    in the request's meta under `FAILED`.
    """

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.get("NEWSCRAWL_REPLAY"):
            raise NotConfigured
        self.crawler = crawler
        self._driver: Any = None
        self._starting = asyncio.Lock()
        self._turns = asyncio.Semaphore(PAGES)
        self._missing: Unavailable | None = None
        self._scripts: dict[str, asyncio.Task[Answer]] = {}
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Browser:
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """The page as the browser shows it, for requests that ask for that."""
        if request.meta.get("kind") != "browser":
            return None
        if self._missing is not None:
            raise self._missing
        document: Response = request.meta.pop(DOCUMENT)
        try:
            async with self._turns:
                return await self._show(request, document)
        except Unavailable as error:
            self._missing = error
            logger.warning("%s", error)
            raise

    async def close(self) -> None:
        """End the browser."""
        if self._driver is not None:
            driver, self._driver = self._driver, None
            await driver.close()

    async def _show(self, request: Request, document: Response) -> Response:
        driver = await self._started()
        from scrapy_playwright.page import PageMethod

        own = self._own_hosts()
        door = Door(document.url, _answer(document), self._fetch, posts=lambda url: is_allowed(url, own))

        async def open_door(page: BrowserPage, request: Request) -> None:
            await page.route("**/*", door.route)

        shown = Request(
            document.url,
            meta={
                "playwright": True,
                "playwright_context_kwargs": {**_CONTEXT, "user_agent": self._user_agent()},
                "playwright_page_init_callback": open_door,
                "playwright_page_goto_kwargs": _ARRIVED,
                "playwright_page_methods": [PageMethod(door.settle)],
            },
        )
        engine = self.crawler.engine
        assert engine is not None
        downloader: Downloader = engine.downloader  # type: ignore[assignment]
        task = asyncio.ensure_future(driver.download_request(shown))
        await asyncio.wait([task, downloader.stopping()], return_when=asyncio.FIRST_COMPLETED, timeout=2 * MAX_SECONDS)
        if not task.done():
            task.cancel()
            raise Unrendered("the browser did not come to an end")
        error = task.exception()
        if door.html is None:
            raise Unrendered(f"the browser failed: {type(error).__name__}: {error}"[:300])
        request.meta[FAILED] = _failure([one for one in door.exchanges if is_allowed(one.url, own)])
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return HtmlResponse(document.url, headers=headers, body=door.html.encode("utf-8", "replace"), request=request)

    async def _started(self) -> Any:
        async with self._starting:
            if self._driver is None:
                settings = self.crawler.settings
                options = launch_options(settings.get("NEWSCRAWL_CHROMIUM"))
                try:
                    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
                except ImportError:
                    raise Unavailable(MISSING) from None
                logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
                own = settings.copy()
                own.frozen = False
                own.set("PLAYWRIGHT_LAUNCH_OPTIONS", options, priority="cmdline")
                # After a page is taken, its load event is waited for, which does not come where a script leads elsewhere.
                own.set("PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT", 1000, priority="cmdline")
                own.set("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT", PAGES, priority="cmdline")
                driver = ScrapyPlaywrightDownloadHandler(_With(self.crawler, own))
                # What it does when an engine starts; this one has started long ago.
                await driver._launch()
                self._driver = driver
            return self._driver

    async def _fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        parts = urlsplit(url)
        if method != "GET" or parts.query or not parts.path.endswith(".js"):
            return await self._download(method, url, headers, body)
        # A library: asked for once by all pages of the run, those included that are open side by side.
        task = self._scripts.get(url)
        if task is None:
            task = asyncio.ensure_future(self._download(method, url, headers, body))
            if len(self._scripts) < MAX_KEPT:
                self._scripts[url] = task
        try:
            answer = await asyncio.shield(task)
        except Exception:
            self._scripts.pop(url, None)
            raise
        if answer.status != 200:
            self._scripts.pop(url, None)
        return answer

    async def _download(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        engine = self.crawler.engine
        assert engine is not None
        request = Request(
            url,
            callback=NO_CALLBACK,
            method=method,
            headers=dict(headers),
            body=body or b"",
            meta={"kind": "asset", ANYWHERE: True, "dont_retry": True, "download_timeout": 10},
            dont_filter=True,
        )
        return _answer(await engine.download_async(request))

    def _own_hosts(self) -> Sequence[str]:
        allowed = getattr(self.crawler.spider, "allowed_hosts", None)
        hosts: Sequence[str] = allowed() if allowed is not None else ()
        return hosts

    def _user_agent(self) -> str:
        return str(self.crawler.settings.get("USER_AGENT"))


class _With:
    """A crawler with settings of its own, for the driver alone."""

    def __init__(self, crawler: Crawler, settings: Any) -> None:
        self._crawler, self.settings = crawler, settings

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crawler, name)


def _failure(own: Sequence[Exchange]) -> tuple[str, bool] | None:
    """What of the site's own did not answer a page, and whether it may another day; what the site has not is an answer."""
    forbidden = None
    for one in own:
        if one.status is not None:
            if one.status >= 500 or one.status in (403, 408, 429):
                return f"{one.url} answers {one.status}", True
        elif one.why.startswith(Disallowed.__name__):
            forbidden = forbidden or (f"{one.url} is not asked for: {one.why}", False)
        elif one.failed:
            return f"{one.url} does not answer: {one.why}", True
    return forbidden


# -- by hand


def observe(url: str, *, proxy: str | None = None, settings: Any = None, site: Any = None, named: str | None = None) -> Observed:
    """Visit a page once in a browser, and see what its scripts ask for; blocks until that is done.

    All is fetched as `newscrawl.fetch` fetches: with ``site`` (a spider class) by its settings, without one from any public host, and
    from a private one only where ``url`` names it. ``settings``: the project's. ``proxy``: in place of http_proxy. ``named``: the
    browser's program. Requests but GET are told and not made. Raises `Unavailable` where there is no browser, `Unrendered` where the
    page does not come or the browser fails.
    """
    from scrapy.utils.project import get_project_settings

    from newscrawl.fetch import Fetcher

    try:
        from playwright.sync_api import sync_playwright  # noqa: F401 - an extra
    except ImportError:
        raise Unavailable(MISSING) from None
    settings = (settings or get_project_settings()).copy()
    options = launch_options(named or settings.get("NEWSCRAWL_CHROMIUM"))
    settings.set("DOWNLOAD_TIMEOUT", 15, priority="cmdline")
    before = os.environ.get("http_proxy")
    if proxy is not None:
        os.environ["http_proxy"] = proxy
    try:
        fetcher = Fetcher(site=site, settings=settings)
    finally:
        if proxy is not None:
            if before is None:
                del os.environ["http_proxy"]
            else:
                os.environ["http_proxy"] = before
    with fetcher:
        first = fetcher.fetch([url])[0]
        if first.error is not None:
            raise Unrendered(f"{url}: {first.error}")
        turn = asyncio.Lock()

        async def fetch(method: str, wanted: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
            async with turn:
                found = (await asyncio.to_thread(fetcher.fetch, [wanted]))[0]
            if found.error is not None:
                raise Unrendered(found.error)
            return Answer(found.status, found.headers, found.body)

        document = Answer(first.status, _passed_on(first.headers, {}), first.body)
        door = Door(first.final_url, document, fetch, posts=lambda _: False)
        user_agent = str(settings.get("USER_AGENT"))
        return asyncio.run(_visit(door, options, user_agent))


async def _visit(door: Door, options: dict[str, Any], user_agent: str) -> Observed:
    from playwright.async_api import Error, async_playwright

    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**options)
            try:
                context = await browser.new_context(**_CONTEXT, user_agent=user_agent)
                page = await context.new_page()
                await page.route("**/*", door.route)
                await page.goto(door.url, **_ARRIVED)
                await door.settle(page)
            finally:
                await browser.close()
    except Error as error:
        raise Unrendered(f"the browser failed: {error}"[:300]) from None
    return Observed(door.url, door.html or "", door.exchanges)


def available(named: str | None = None) -> Path | None:
    """The browser's program, where it and the extra are there; else ``None``."""
    try:
        import playwright.async_api  # noqa: F401 - an extra
        import scrapy_playwright  # noqa: F401 - an extra

        return Path(executable(named))
    except (ImportError, Unavailable):
        return None
