"""What stands between the engine and the network: the guard over addresses, and over traps."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from newscrawl.discovery import is_allowed
from newscrawl.resolver import Resolver, plain, refusal

ANYWHERE = "may_leave_the_site"
"""Key of a request's meta: it may go to another host than its spider's. Only robots.txt may, where it redirects."""

ALSO = "also_hosts"
"""Key of a request's meta: hosts that it may go to besides its spider's, for the site file names them."""


class OffSite(IgnoreRequest):
    """A request to an address that its spider may not fetch."""


class Spent(IgnoreRequest):
    """A request of a kind that has given nothing new for long; the address is to be asked for by the next run."""


class TrapGuard:
    """Lets addresses of one kind wait for the next run, once they have given nothing new for long.

    The spider's own budget counts when it makes requests, and hundreds may wait between that and their turn.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TrapGuard:
        """Scrapy's way of making one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Hold back what is fruitless; raises `Spent`."""
        is_spent = getattr(self.crawler.spider, "is_spent", None)
        if is_spent is not None and is_spent(request):
            raise Spent(f"{request.url}: addresses like it have given nothing new")


class AddressGuard:
    """Lets through only http and https requests to the spider's own hosts, and never to an address that is not public.

    It sees redirected requests as well: Scrapy's offsite filter looks at links, not at start requests or where a redirect
    leads. A site may be on a private address where its ``home`` or ``hosts`` name that address or ``localhost``, or with
    the setting NEWSCRAWL_ALLOW_PRIVATE. What a name resolves to is judged by `newscrawl.resolver.Resolver`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.allow_private = crawler.settings.getbool("NEWSCRAWL_ALLOW_PRIVATE")
        # Proxies are named by the user, who may have them anywhere.
        proxies = getproxies()
        for proxy in filter(None, map(proxies.get, ("http", "https"))):
            self._trust(proxy if "://" in proxy else f"http://{proxy}")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Scrapy's way of making one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what may not be asked for; raises `OffSite`."""
        try:
            parts = urlsplit(request.url)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            raise OffSite(f"{request.url} is not an address: {error}") from None
        if parts.scheme not in ("http", "https"):
            raise OffSite(f"{request.url} is neither http nor https")
        if re.search(r"[@\\\s]", parts.netloc):
            raise OffSite(f"{request.url} hides its host behind a user's name")
        allowed = getattr(self.crawler.spider, "allowed_hosts", None)
        hosts = (*allowed(), *request.meta.get(ALSO, ())) if allowed is not None else ()
        if hosts and not request.meta.get(ANYWHERE) and not is_allowed(request.url, hosts):
            raise OffSite(f"{request.url} is not on {', '.join(hosts)}")
        if why := refusal(host):
            # By hand (scrapy shell, scrapy fetch) there is no site: then the address that was typed names it.
            named = hosts or (() if request.meta.get("redirect_urls") else (host,))
            if not self.allow_private and plain(host) not in map(plain, named):
                raise OffSite(f"{request.url} is not fetched: {why}")
            self._trust(request.url)
        elif self.allow_private:
            self._trust(request.url)
        if proxy := request.meta.get("proxy"):
            self._trust(str(proxy))

    @staticmethod
    def _trust(url: str) -> None:
        with suppress(ValueError):
            Resolver.trusted.add(plain(urlsplit(url).hostname or ""))
