"""From lists, feeds and sitemaps to article addresses: what they lead to, where older ones are, what is a trap. No I/O."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from newscrawl import fingerprint
from newscrawl.days import SHANGHAI
from newscrawl.extract import dates, pager
from newscrawl.extract.page import Element, Page
from newscrawl.feeds import Feed

# How nearly every Chinese news CMS names its articles: a date and an id, or a long id, and a page's ending.
# t20170728_1.htm (TRS), content_1.htm (Founder), c1-2.html and c_1.htm (people, xinhua), 170728/1.shtml, /2017/0728/1.html
ARTICLE = re.compile(
    r"(?:/t\d{8}_\d+|/content_\d{4,}|/c\d+-\d+|/c_\d{6,}|/c\.html|/n\d?/\d{4}/\d{4}/|/\d{4}-\d{2}/\d{2}/|/\d{4}/\d{2}-?\d{2}/"
    r"|/\d{8}/|/\d{6}/|/detail|/article|_\d{6,}|/\d{6,})[\w./-]*\.s?html?(?:\?|$)|/(?:detail|article|news)/\d{5,}",
    re.I,
)
_NOT_PAGES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|ico|css|js|json|xml|rss|pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|mp[34]|m3u8|flv|avi|swf|apk|exe)(?:\?|$)",
    re.I,
)


@dataclass(slots=True)
class Found:
    """What a list page leads to.

    ``articles``: addresses in page order, each once, with the title that the list shows. ``channels``: other lists of
    the same host, by the site's pattern. ``next_page``: where this list goes on with older articles.
    """

    articles: dict[str, str] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)
    next_page: str | None = None
    offsite: int = 0


def look(
    page: Page, *, hosts: Iterable[str], article: re.Pattern[str] = ARTICLE, channel: re.Pattern[str] | None = None
) -> Found:
    """Read a list page: its article links on the given hosts, its channels, its next page.

    Addresses are canonical; a link to an article on another host is counted (``offsite``), not returned.
    """
    found = Found(next_page=pager.next_list(page))
    allowed = tuple(hosts)
    channels: dict[str, None] = {}
    spellings: dict[str, str] = {}
    titles: dict[str, str] = {}
    own = "/".join(page.url.split("/", 3)[:3]) + "/"
    this = pager.without_number(page.url)
    for anchor in page.tags.get("a", ()):
        url = page.absolute(anchor.get("href"))
        if not url or _NOT_PAGES.search(url):
            continue
        try:
            url = fingerprint.canonical(url)
        except ValueError:
            continue
        if not is_allowed(url, allowed):
            found.offsite += bool(article.search(url))
            continue
        if article.search(url):
            title = _title(page, anchor)
            key = fingerprint.key(url)
            spelled = spellings.setdefault(key, url)
            if spelled != url and url.startswith(own) and not spelled.startswith(own):
                # One article, two spellings (https, mobile): the one like the list's own is surely served.
                spellings[key] = url
            titles[key] = max(titles.get(key, ""), title, key=len)
        elif (
            channel is not None and channel.search(urlsplit(url).path) and not ("?" in url and pager.without_number(url) == this)
        ):
            # Not the list itself once more, at another of its pages.
            channels[url] = None
    found.articles = {url: titles[key] for key, url in spellings.items()}
    found.channels = list(channels)
    return found


def _title(page: Page, anchor: Element) -> str:
    """The title that a link shows: its heading where it holds one, with date and summary beside it."""
    if len(anchor):
        for heading in anchor.iterdescendants("h1", "h2", "h3", "h4", "h5", "h6"):
            if text := page.text(heading):
                return text
    return page.text(anchor)


def marker(found: Found) -> tuple[str | None, int | None]:
    """The key of the article in a list's middle, and its place from 0: what is pinned stands at the ends."""
    if not found.articles:
        return None, None
    at = len(found.articles) // 2
    return fingerprint.key(list(found.articles)[at]), at


def in_feed(
    feed: Feed, *, hosts: Iterable[str], article: re.Pattern[str] = ARTICLE, since: date | None = None, until: date | None = None
) -> dict[str, str]:
    """The articles that a feed or sitemap leads to, each once, as canonical address -> title.

    A feed holds articles alone, whatever their addresses look like; a sitemap holds all sorts of pages, of which those with
    an article's address are taken. ``since`` and ``until`` are held against the address's day, else the entry's.
    """
    allowed = tuple(hosts)
    found: dict[str, str] = {}
    keys: set[str] = set()
    for entry in feed.entries:
        if not is_allowed(entry.url, allowed) or _NOT_PAGES.search(entry.url):
            continue
        if feed.kind == "sitemap" and not article.search(entry.url):
            continue
        day = dates.in_url(entry.url) or (entry.at.astimezone(SHANGHAI).date() if entry.at else None)
        if day is not None and ((since and day < since) or (until and day > until)):
            continue
        try:
            url = fingerprint.canonical(entry.url)
        except ValueError:
            continue
        if (key := fingerprint.key(url)) not in keys:
            keys.add(key)
            found[url] = entry.title or ""
    return found


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """What addresses made by one script have in common: ``a.cn/x/201707/t20170728_1.htm?id=4`` -> ``a.cn/x/0/t0_0.htm?id``."""
    parts = urlsplit(url)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    path = _VARYING.sub("0", parts.path)
    return f"{(parts.hostname or '').removeprefix('www.')}{path}{'?' + '&'.join(names) if names else ''}"


# Numbers that count something; c1 and c2 are names of channels.
_VARYING = re.compile(r"[0-9a-f]{8,}|(?<![0-9a-z])\d+(?![0-9a-z])|\d{4,}", re.I)


class Budget:
    """How much is asked for of one `shape` of addresses in one run: calendars without end, session ids, wide fans.

    A shape is left alone once ``barren`` answers in a row gave nothing new, or ``most`` were asked for. What is left over
    stays on record for the next run, so that real pages come all the same.
    """

    def __init__(self, *, most: int, barren: int) -> None:
        self.most, self.barren = most, barren
        self._asked: Counter[str] = Counter()
        self._barren: Counter[str] = Counter()

    def take(self, url: str) -> bool:
        """Whether one more of its shape may be asked for; counts it if so."""
        of = shape(url)
        if self._asked[of] >= self.most or self._barren[of] >= self.barren:
            return False
        self._asked[of] += 1
        return True

    def is_barren(self, url: str) -> bool:
        """Whether its shape is left alone by now: what was taken before may still wait to be sent."""
        return self._barren[shape(url)] >= self.barren

    def note(self, url: str, fruitful: bool) -> None:
        """What an answer gave."""
        of = shape(url)
        self._barren[of] = 0 if fruitful else self._barren[of] + 1

    @property
    def spent(self) -> list[str]:
        """The shapes that were left alone."""
        return sorted(of for of, n in self._asked.items() if n >= self.most or self._barren[of] >= self.barren)


def is_allowed(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is http(s) on one of the hosts or below it: ``dzwww.com`` allows ``weihai.dzwww.com``."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    return parts.scheme in ("http", "https") and any(host == name or host.endswith("." + name) for name in hosts)


def in_window(url: str, since: date | None, until: date | None) -> bool:
    """Whether the day that an address carries lies within two days, both included; an address without a day does."""
    if since is None and until is None:
        return True
    day = dates.in_url(url)
    return day is None or ((since is None or day >= since) and (until is None or day <= until))
