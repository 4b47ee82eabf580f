"""What stands between the engine and the network."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from newscrawl.discovery import is_allowed


class OffSite(IgnoreRequest):
    """A request to an address that its spider may not fetch."""


class AddressGuard:
    """Lets through only http and https requests to the spider's own hosts, redirected ones too.

    Scrapy's offsite filter looks at links, not at start requests or where a redirect leads.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Scrapy's way of making one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what is off the site; raises `OffSite`."""
        allowed = getattr(self.crawler.spider, "allowed_hosts", None)
        hosts = allowed() if allowed is not None else ()
        if hosts and not is_allowed(request.url, hosts):
            raise OffSite(f"{request.url} is not on {', '.join(hosts)}")
