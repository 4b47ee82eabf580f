"""From list pages to article addresses: what a channel page links to, and where its older pages are. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from newscrawl import fingerprint
from newscrawl.extract import dates, pager
from newscrawl.extract.page import Page

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
            title = page.text(anchor)
            key = fingerprint.key(url)
            spelled = spellings.setdefault(key, url)
            if spelled != url and url.startswith(own) and not spelled.startswith(own):
                # One article, two spellings (https, mobile): the one like the list's own is surely served.
                spellings[key] = url
            titles[key] = max(titles.get(key, ""), title, key=len)
        elif channel is not None and channel.search(urlsplit(url).path):
            channels[url] = None
    found.articles = {url: titles[key] for key, url in spellings.items()}
    found.channels = list(channels)
    return found


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
