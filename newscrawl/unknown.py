"""A site without a site file, crawled by discovery and the generic layers: what a site file would say is learned from its front page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from newscrawl import addresses, discovery, fingerprint, survey
from newscrawl.addresses import Pattern
from newscrawl.extract.page import Page
from newscrawl.spider import NOT_MODIFIED, NewsSpider, Search, page_of
from newscrawl.store.frontier import Waiting

MAX_CHANNELS = 12
"""Channels of the front page that are read."""

SURE = 0.8
"""The share of the front page's headlines from which on a learned pattern stands alone; below, any CMS's addresses count too."""


class UnknownSite(NewsSpider):
    """A site that nobody has described: within its host, from its front page. `of` makes the spider of an address."""

    learned: ClassVar[Pattern | None] = None
    """What its front page said of its articles' addresses, once it was read."""
    elsewhere: ClassVar[Counter[str]] = Counter()
    """Other hosts of the house that headlines of its front page lead to, with their number."""

    def parse_channel(
        self, response: Response, number: int = 1, polled: bool = True, search: Search | None = None, walk: int = 0
    ) -> Iterator[Any]:
        """A list page; at the front page, what articles and channels look like is learned first."""
        is_front = number == 1 and response.status != NOT_MODIFIED and self._is_front(response.request)
        page = page_of(response) if is_front else None
        if page is not None:
            self._learn(page)
        yield from super().parse_channel(response, number, polled, search, walk)
        if page is not None:
            found = survey.channels_of(page, self.allowed_hosts(), self._article)
            channels = [channel.url for channel in found if fingerprint.key(channel.url) != fingerprint.key(response.url)]
            self._on_record(channels[:MAX_CHANNELS], response.url, "channel", number=1)
            for url in channels[:MAX_CHANNELS]:
                yield from self._poll(url, "channel")

    def _is_front(self, request: Request | None) -> bool:
        return request is not None and self.home in (request.url, *request.meta.get("redirect_urls", ()))

    def _learn(self, page: Page) -> None:
        pattern = addresses.learn(survey.links_of([page], self.allowed_hosts()))
        type(self).learned = pattern
        house = survey.links_of([page], survey.hosts_of(self.home))
        headlines = (url for url, words in house.items() if not self._is_own(url) and addresses.is_headline(url, words))
        type(self).elsewhere = Counter(urlsplit(url).hostname or "" for url in headlines)
        if pattern is not None:
            alone = pattern.matched >= SURE * pattern.headlines
            self._article = pattern.compiled if alone else re.compile(f"{pattern.text}|{discovery.ARTICLE.pattern}", re.I)

    def _list_request(self, url: str, kind: str, number: int = 1, **how: Any) -> Request:
        request = super()._list_request(url, kind, number, **how)
        # Before all other lists: they are read by what it says.
        return request.replace(priority=100) if url == self.home else request

    def _conditions(self, known: Waiting) -> dict[str, str]:
        # There is something to learn from the front page whether it has changed or not.
        return {} if fingerprint.key(known.url) == fingerprint.key(self.home) else super()._conditions(known)


def of(url: str) -> type[UnknownSite]:
    """The spider of an unknown site by its front page's address; its host is its name. Raises ``ValueError`` for no web address."""
    home = fingerprint.canonical(url)
    host = urlsplit(home).hostname or ""
    attributes = {"name": host, "title": host, "home": home, "hosts": (host,), "__module__": __name__}
    return type("UnknownSite", (UnknownSite,), attributes)
