"""Archived pages read again and held against what is stored: what today's rules would change, field by field."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.settings import Settings

from newscrawl import fingerprint, warc
from newscrawl.items import Article, Visit
from newscrawl.offline import FURTHER, Session, each
from newscrawl.pipelines import Fingerprint, Store, Validate
from newscrawl.spider import NewsSpider
from newscrawl.store import archive as index
from newscrawl.store import reader, revisions
from newscrawl.store.frontier import text
from newscrawl.warc import Captured

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What reading a page again would change, or has changed, in its article: ``before`` and ``after`` by field, in lines.

    The field ``verdict`` stands for a page that gave no article and gives one now, or the other way round. The latter is told and
    not written: a stored article stays.
    """

    url: str
    site: str
    title: str
    fields: Mapping[str, tuple[Values, Values]]


@dataclass(slots=True)
class Compared:
    """What came of some pages: how many were read, what differs, the items that are to be stored for it, pages that are read as they
    were (by address), lines about what could not be read."""

    pages: int = 0
    changes: list[Change] = field(default_factory=list)
    items: list[Article | Visit] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Comparison:
    """Reads pages of one site's archive again, and compares. It writes nothing."""

    def __init__(self, store: Store, folder: Path, spider: type[NewsSpider], settings: Settings) -> None:
        assert store.database
        self.folder = folder
        self.database = store.database
        self.session = Session(spider, settings, store, {}, datetime.now(UTC))
        self._validate, self._fingerprint = Validate(), Fingerprint()

    def close(self) -> None:
        """Its session is over."""
        self.session.close()

    async def read(self, pages: Iterable[index.Kept]) -> Compared:
        """Read pages and compare each with what is stored."""
        out = Compared()
        for page in pages:
            record = self._record(page, out)
            response = self.session.response(record) if record is not None else None
            if record is None or response is None:
                continue
            out.pages += 1
            results = deque([self.session.results(record, response)])
            while results:
                async for result in each(results.popleft()):
                    if isinstance(result, Request):
                        if result.meta.get("kind") in FURTHER:
                            results.append(self._further(result, out))
                    elif isinstance(result, Article) or result.kind == "article":
                        self._compare(result, out)
        return out

    def _record(self, page: index.Kept, out: Compared) -> Captured | None:
        try:
            return warc.at(self.folder, page.place)
        except (OSError, ValueError) as error:
            out.problems.append(
                f"{self.folder / page.place.file}: {page.url} at byte {page.place.offset} cannot be read ({error})"
            )
            return None

    def _further(self, request: Request, out: Compared) -> Any:
        """What an archived further answer of an article makes of it."""
        kept = index.last(self.database.connection, request.url)
        record = self._record(kept, out) if kept is not None else None
        response = self.session.response(record) if record is not None else None
        if record is None or response is None:
            return self.session.give_up(request)
        self.session.waiting[request.meta["kind"], fingerprint.key(record.url)] = request
        return self.session.results(record, response)

    def _compare(self, item: Article | Visit, out: Compared) -> None:
        connection = self.database.connection
        item = self._fingerprint.process_item(self._validate.process_item(item))
        visit = item.visit if isinstance(item, Article) else item
        if visit is None:
            return
        visit.reread = True
        number = reader.find_article(connection, visit.url)
        before = reader.article(connection, number) if number is not None else None
        changes: dict[str, tuple[Values, Values]] = {}
        title = before["title"] if before else ""
        if not isinstance(item, Article):
            if before is None:
                out.items.append(item)
            elif not _is_other(before, visit.url):
                # A stored article stays.
                changes["verdict"] = (("article",), (f"{visit.verdict}: {visit.why}",))
        elif before is None or number is None:
            page = reader.find_page(connection, visit.url)
            was = f"{page['verdict']}: {page['why']}" if page else "not stored"
            changes["verdict"] = ((was,), ("article",))
            out.items.append(item)
            title = item.title or ""
        else:
            seen = visit.fetched_at or text(datetime.now(UTC)) or ""
            if _is_other(before, visit.url) or not revisions.keep(connection, number, item, seen, dry=True).take:
                return
            # Where nobody answered for a block, what is stored stays.
            self.database.keep_links(item, number)
            old, new = stored(before), told(item)
            changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
            if changes or self.database.differs(item, number):
                out.items.append(item)
            else:
                out.same.append(visit.url)
        if changes:
            out.changes.append(Change(visit.url, self.session.spider.name, title, changes))


def _is_other(article: Mapping[str, Any], url: str) -> bool:
    """Whether an address is just another one of an article, known for the same text."""
    key = fingerprint.key(url)
    return any(row["reason"] == "same text" and fingerprint.key(row["url"]) == key for row in article["addresses"])


# -- an article in lines, as it is compared


def told(article: Article) -> dict[str, Values]:
    """An article that was read, field by field in lines."""
    blocks = [f"{block.kind} {block.heading or ''} ({len(block.links)})" for block in article.blocks]
    # Linked twice in one block, a link is stored where it stands first.
    first: dict[tuple[str, str | None, str], str] = {}
    for block in article.blocks:
        for link in block.links:
            name = (block.kind, block.heading, _target(link.url) or link.title)
            more = (link.thumbnail, link.source, link.published_at, link.summary)
            first.setdefault(name, _link(block.kind, block.heading, link.position, link.title, link.url, *more))
    return {
        "title": _lines(article.title),
        "kicker": _lines(article.kicker),
        "subtitle": _lines(article.subtitle),
        "published_at": _lines(_time(article.published_at, article.published_precision)),
        "source": _lines(article.source),
        "source_url": _lines(article.source_url),
        "authors": tuple(article.authors),
        "reporters": tuple(article.reporters),
        "correspondents": tuple(article.correspondents),
        "editors": tuple(f"{editor.role}：{editor.name}" for editor in article.editors),
        "channel": _lines(" > ".join(article.channel)),
        "lead": tuple(article.lead),
        "body_text": _lines(article.body_text),
        "body_html": _lines(article.body_html),
        "images": tuple(_image(image.url, image.caption) for image in article.images),
        "keywords": tuple(article.keywords),
        "blocks": tuple(blocks),
        "links": tuple(first.values()),
    }


def stored(row: Mapping[str, Any]) -> dict[str, Values]:
    """A stored article (`newscrawl.store.reader.article`) in the same lines."""
    people: dict[str, list[str]] = {}
    for byline in row["bylines"]:
        name = byline["name"]
        people.setdefault(byline["role"], []).append(f"{byline['label']}：{name}" if byline["role"] == "editor" else name)
    blocks = row["blocks"]
    return {
        "title": _lines(row["title"]),
        "kicker": _lines(row["kicker"]),
        "subtitle": _lines(row["subtitle"]),
        "published_at": _lines(_time(row["published_at"], row["published_precision"])),
        "source": _lines(row["source"]),
        "source_url": _lines(row["source_url"]),
        "authors": tuple(people.get("author", ())),
        "reporters": tuple(people.get("reporter", ())),
        "correspondents": tuple(people.get("correspondent", ())),
        "editors": tuple(people.get("editor", ())),
        "channel": _lines(row["channel"]),
        "lead": _lines(row["lead"]),
        "body_text": _lines(row["body_text"]),
        "body_html": _lines(row["body_html"]),
        "images": tuple(_image(image["url"], image["caption"]) for image in row["images"]),
        "keywords": tuple(row["keywords"] or ()),
        "blocks": tuple(f"{block['kind']} {block['heading'] or ''} ({block['count']})" for block in blocks),
        "links": tuple(
            _link(
                block["kind"],
                block["heading"],
                link["position"],
                link["title"],
                link["url"],
                link["thumbnail"],
                link["source"],
                link["published_at"],
                link["summary"],
            )
            for block in blocks
            for link in block["links"]
        ),
    }


def _target(url: str | None) -> str | None:
    try:
        return fingerprint.key(url) if url else None
    except ValueError:
        return None


def _lines(value: str | None) -> Values:
    return tuple(value.splitlines()) if value else ()


def _time(at: str | None, precision: str | None) -> str | None:
    return f"{at} ({precision})" if at else None


def _image(url: str, caption: str | None) -> str:
    return f"{url} {caption}" if caption else url


def _link(kind: str, heading: str | None, position: int, title: str, *more: str | None) -> str:
    return " ".join(value for value in (kind, heading, f"{position}.", title, *more) if value)
