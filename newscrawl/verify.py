"""Does the live site read as its file says: a handful of its pages fetched politely, read, and put on record; nothing is stored."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl import __version__, discovery, feeds, reader
from newscrawl.days import today
from newscrawl.extract.page import Page
from newscrawl.fetch import Fetched, Fetcher
from newscrawl.items import Article, Visit
from newscrawl.spider import NewsSpider

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

LISTS = 3
"""Lists that are looked at for articles, and as many further ones where these lead to too few."""

FIELDS = {
    "title": "title", "published_at": "time", "source": "source", "authors": "authors", "reporters": "reporters",
    "correspondents": "correspondents", "editors": "editors", "body_text": "body", "images": "images", "blocks": "blocks",
}  # fmt: skip
"""The fields that are told of, with the words for them."""

NEEDED = ("title", "published_at", "body_text")
"""What each page must give for a site to be called verified."""

RECORD = "verified.json"
NAMED = 6
"""Editions that a status names; more are counted."""


@dataclass(slots=True)
class Seen:
    """One article page: what it was read as, or why it was not."""

    url: str
    item: Article | Visit | None = None
    why: str = ""

    @property
    def missing(self) -> list[str]:
        """The words for what it lacks of what each page must give."""
        return [FIELDS[name] for name in NEEDED if not getattr(self.item, name, None)]

    @property
    def problem(self) -> str | None:
        """Why it does not count, in a line; ``None``: it does."""
        if isinstance(self.item, Article):
            return f"no {', no '.join(self.missing)}" if self.missing else None
        return self.why or (f"{self.item.verdict}: {self.item.why}" if self.item else "not read")

    def layer(self, name: str) -> str | None:
        """Which layer gave a field: ``site``, ``cms:trs``, ``meta``, ``generic``; of blocks, how many with how many links."""
        if not isinstance(self.item, Article) or not getattr(self.item, name):
            return None
        if name == "blocks":
            return f"{len(self.item.blocks)} ({sum(len(block.links) for block in self.item.blocks)})"
        rule = self.item.provenance.get({"body_text": "body"}.get(name, name), "")
        layer, _, rest = rule.partition(":")
        # Images are the body's.
        return f"cms:{rest.partition('/')[0].partition(':')[0]}" if layer == "cms" else layer or self.layer("body_text")


@dataclass(slots=True)
class Report:
    """What a look at a site gave. ``lists``: each list with how many articles it leads to, or why it was not read."""

    site: str
    day: date
    wanted: int
    lists: list[tuple[str, int, str | None]] = field(default_factory=list)
    pages: list[Seen] = field(default_factory=list)

    @property
    def problem(self) -> str | None:
        """Why the site cannot be called verified; ``None``: it can."""
        if not self.pages:
            unread = all(problem is not None for _, _, problem in self.lists)
            return "none of its lists could be read" if unread else "no article was found on its lists"
        if bad := sum(page.problem is not None for page in self.pages):
            return f"{bad} of {len(self.pages)} pages did not give title, time and body"
        least = min(self.wanted, 3)
        return f"only {len(self.pages)} of at least {least} articles were found" if len(self.pages) < least else None

    def line(self) -> str:
        """How well it went: ``5 of 5 pages give title, time and body: title 5, time 5, source 4, …``."""
        good = sum(page.problem is None for page in self.pages)
        told = [
            f"{FIELDS[name]} {sum(page.layer(name) is not None for page in self.pages)}"
            for name in ("title", "published_at", "source", "body_text", "editors", "blocks")
        ]
        links = sum(len(block.links) for page in self.pages if isinstance(page.item, Article) for block in page.item.blocks)
        return f"{good} of {len(self.pages)} pages give title, time and body: {', '.join(told)} ({links} links)"

    def table(self) -> Iterator[str]:
        """A line a field, a column a page: the layer that gave it."""
        names = [
            name for name in FIELDS if name in (*NEEDED, "source", "editors", "blocks") or any(p.layer(name) for p in self.pages)
        ]
        cells = [["", *map(str, range(1, len(self.pages) + 1))]]
        cells += [[FIELDS[name], *(page.layer(name) or "-" for page in self.pages)] for name in names]
        widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
        for row in cells:
            yield "  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

    def row(self) -> dict[str, Any]:
        """What is put on record: the day, the addresses, and for each field on how many pages each layer gave it."""
        layers = {
            FIELDS[name]: Counter(filter(None, (page.layer(name) for page in self.pages))) for name in FIELDS if name != "blocks"
        }
        articles = [page.item for page in self.pages if isinstance(page.item, Article)]
        layers["blocks"] = Counter(by for article in articles for by in {block.filled_by for block in article.blocks})
        return {
            "day": self.day.isoformat(),
            "newscrawl": __version__,
            "addresses": [page.url for page in self.pages],
            "fields": {name: dict(found) for name, found in layers.items() if found},
        }


def look(spider: type[NewsSpider], settings: BaseSettings, wanted: int) -> Report:
    """Fetch a site's first lists and ``wanted`` articles out of them, newest first, and read them. Raises `fetch.FetchProblem`."""
    report = Report(spider.name, today(), wanted)
    with Fetcher(site=spider, settings=settings) as fetcher:
        found: list[list[str]] = []
        further: list[str] = []
        for url, page in _answers(fetcher, _lists(spider)):
            _look_at(spider, url, page, report, found, further)
        if len({article for articles in found for article in articles}) < wanted:
            more = [*spider.feeds[:1], *further, *spider.sitemaps[:1]]
            known = {url for url, _, _ in report.lists}
            for url, page in _answers(fetcher, [url for url in dict.fromkeys(more) if url not in known][:LISTS]):
                _look_at(spider, url, page, report, found, further)
        # A column of each list in turn: its newest article, its second …
        mixed = [url for row in zip_longest(*found) for url in row if url]
        chosen = list(dict.fromkeys(mixed))[:wanted]
        for url, page in _answers(fetcher, chosen):
            report.pages.append(_read(spider, url, page))
    return report


def _answers(fetcher: Fetcher, urls: Sequence[str]) -> Iterable[tuple[str, Fetched]]:
    return zip(urls, fetcher.fetch(urls), strict=True) if urls else ()


def _lists(spider: type[NewsSpider]) -> list[str]:
    urls = list(spider.channels[:LISTS])
    if spider.day_lists is not None:
        # Yesterday's issue is whole; today's may not be out.
        urls = [(today() - timedelta(days=days)).strftime(spider.day_lists) for days in (1, 0)] + urls
    return urls[:LISTS] or [spider.home]


def _look_at(
    spider: type[NewsSpider], url: str, fetched: Fetched, report: Report, found: list[list[str]], further: list[str]
) -> None:
    """Note what a list leads to: its articles as a list of ``found``, other lists in ``further``."""
    if fetched.problem is not None:
        report.lists.append((url, 0, fetched.problem))
        return
    hosts, article = spider.allowed_hosts(), re.compile(spider.article, re.I)
    feed = (
        feeds.read(fetched.body, fetched.final_url, charset=fetched.charset) if url in (*spider.feeds, *spider.sitemaps) else None
    )
    if feed is not None:
        articles = list(discovery.in_feed(feed, hosts=hosts, article=article))
    else:
        channel = re.compile(spider.channel) if spider.channel else None
        page = Page(fetched.body, fetched.final_url, charset=fetched.charset, now=fetched.at)
        seen = discovery.look(page, hosts=hosts, article=article, channel=channel)
        articles = list(seen.articles)
        further += seen.channels
    found.append(articles)
    report.lists.append((url, len(articles), None))


def _read(spider: type[NewsSpider], url: str, fetched: Fetched) -> Seen:
    if fetched.error is not None:
        return Seen(url, why=fetched.error)
    page = Page(fetched.body, fetched.final_url, charset=fetched.charset, now=fetched.at)
    return Seen(fetched.final_url, reader.read(page, spider.site_rules(), status=fetched.status, addresses=fetched.redirects))


# -- the record


class NotRecorded(Exception):
    """What was seen could not be put on record; the message says why."""


def record(spider: type[NewsSpider], report: Report, root: Path | None) -> list[tuple[Path, str]]:
    """Put a good report on record: the ``status`` in the site file, and `RECORD` beside the site's fixtures below ``root``.

    Gives the files that were written, each with what is in it now. Raises `NotRecorded` where the site file is not in a source tree
    or may not be written; then nothing is.
    """
    base = _written_as(spider)
    file = Path(inspect.getsourcefile(sys.modules[spider.__module__]) or "")
    project = next((folder for folder in file.resolve().parents if (folder / "scrapy.cfg").is_file()), None)
    if project is None:
        raise NotRecorded(f"{file} is not in a source tree (no scrapy.cfg above it)")
    if not os.access(file, os.W_OK):
        raise NotRecorded(f"{file} may not be written")
    folder = (root or project / "tests" / "sites") / spider.name
    status = f"verified {report.day}"
    if base is not spider:
        names = [name for name in base.editions if name == spider.name or (folder.parent / name / RECORD).exists()]
        status += f" ({', '.join(names)})" if len(names) <= NAMED else f" ({len(names)} of {len(base.editions)} editions)"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RECORD).write_text(json.dumps(report.row(), ensure_ascii=False, indent=1) + "\n", "utf-8")
        file.write_text(with_status(file.read_text("utf-8"), base.__name__, status), "utf-8")
    except OSError as error:
        raise NotRecorded(f"{error.filename}: {error.strerror}") from None
    return [(file, f'status = "{status}"'), (folder / RECORD, "day, addresses, layers")]


def _written_as(spider: type[NewsSpider]) -> type[NewsSpider]:
    """The class that the site file has: that of the publisher for one of its editions."""
    above = spider.__mro__[1]
    return above if issubclass(above, NewsSpider) and spider.name in above.editions else spider


def with_status(text: str, name: str, status: str) -> str:
    """A site file with the ``status`` of its class ``name`` set; raises ``ValueError`` where it has no such class."""
    found = next((node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == name), None)
    if found is None:
        raise ValueError(f"no class {name}")
    lines = text.splitlines(keepends=True)
    line = f'    status = "{status}"\n'
    for node in found.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "status":
            lines[node.lineno - 1 : node.end_lineno] = [line]
            return "".join(lines)
    first = next((node for node in found.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))), None)
    at = first.lineno - 1 if first is not None else found.end_lineno or len(lines)
    lines[at:at] = [line]
    return "".join(lines)
