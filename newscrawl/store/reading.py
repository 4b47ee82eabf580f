"""Questions of the pages that show one article, one story or one neighbourhood: all that stands around it, each list bounded.

What is counted is counted out of an index alone, up to `COUNTED`; what is listed is cut off, and the list says how much there is.
Columns that lie behind the text in a row of ``articles`` (first_seen and those after it) are asked for only of the article itself.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from newscrawl import fingerprint, sketch
from newscrawl.diff import EDITORIAL
from newscrawl.store import clusters
from newscrawl.store.clusters import Member
from newscrawl.store.frontier import UNSETTLED
from newscrawl.store.revisions import Absence
from newscrawl.warc import Place

COUNTED = 1000
"""Up to this many rows are counted one by one; beyond it a count says "at least"."""

LINKS = 400
"""Links beside an article that are shown at most: no page has so many."""
CLOSED = 60
"""Links that have vanished from an article's page and are shown: the last ones."""
LINKING = 8
"""Articles of each kind of link that are shown as leading to an article."""
MEMBERS = 12
"""Reprints that an article's page shows."""
STORY = 120
"""Members of a cluster that a story's page shows."""
HOUSES = 60
CHANGES = 40
ADDRESSES = 40
STATES = 200

# -- what is given back


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a byline: role (author, reporter, correspondent or editor), the label an editor is printed under, how many
    articles carry the name in any role (`COUNTED` + 1: more than that)."""

    role: str
    label: str | None
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of a body; ``kept``: whether the archive has it."""

    position: int
    url: str
    caption: str | None
    alt: str | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Pointer:
    """A link beside an article. ``title`` whole where the page cuts it; ``source`` and ``published_at`` as the link says them, in the
    page's own time zone.

    ``state``: stored; waiting (found, no lasting answer yet); a verdict where the address was fetched and gave no article, with its
    ``why``; not crawled; no address. The ``target_…`` are ``None`` for all but the first. ``first_seen`` and ``gone_at`` are UTC.
    """

    id: int
    kind: str
    heading: str | None
    block: int
    position: int
    title: str
    url: str | None
    source: str | None
    published_at: str | None
    published_raw: str | None
    first_seen: str
    gone_at: str | None
    state: str
    why: str | None
    target_id: int | None
    target_title: str | None
    target_site: str | None
    target_published_at: str | None
    target_precision: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A link block of the page, with the links that stand in it; ``count``: how many, though not all be listed."""

    position: int
    kind: str
    heading: str | None
    count: int
    filled_by: str
    links: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class Linking:
    """An article beside which a link stands that leads here. ``first_seen``: of the link, UTC. ``gone_at``: since when it is gone."""

    link_id: int
    id: int
    title: str
    site: str
    site_title: str | None
    publisher: str | None
    published_at: str | None
    published_precision: str | None
    kind: str
    heading: str | None
    first_seen: str
    gone_at: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """The links of one kind that lead to an article: how many there were ever (by the index), and the newest that stand."""

    kind: str
    count: int
    newest: tuple[Linking, ...]


@dataclass(frozen=True, slots=True)
class Reprint:
    """A member of a cluster. ``similarity``: to the origin's text, 0 to 1; ``seconds``: after the origin, ``None`` where one of the two
    is known by the day only or not at all."""

    id: int
    title: str
    site: str
    site_title: str | None
    publisher: str | None
    source: str | None
    published_at: str | None
    published_precision: str | None
    url: str
    characters: int
    similarity: float
    containment: float
    is_origin: bool
    seconds: float | None

    @property
    def paper(self) -> str:
        """Whose it is, for people: the site's title."""
        return self.site_title or self.publisher or self.site


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster as table ``clusters`` has it, with members from the first to the last; ``count``: how many there are."""

    id: int
    count: int
    texts: int
    sites: int
    publishers: int
    origin_id: int | None
    reasons: tuple[str, ...]
    first_published_at: str | None
    last_published_at: str | None
    members: tuple[Reprint, ...]

    @property
    def origin(self) -> Reprint | None:
        """The member that the others were most likely taken from, where it is among those that were asked for."""
        return next((member for member in self.members if member.is_origin), None)


@dataclass(frozen=True, slots=True)
class Change:
    """A revision without its text: what the next state changed, and when each was seen (UTC)."""

    number: int
    cause: str
    changed: tuple[str, ...]
    summary: str
    seen_from: str
    last_seen: str
    replaced_at: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address of an article and why it is one; ``first_seen`` is UTC."""

    url: str
    reason: str
    first_seen: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is on record of a page that gave an article. Times are UTC."""

    url: str
    kind: str
    verdict: str
    why: str
    status: int | None
    tries: int
    first_seen: str
    fetched_at: str | None
    next_visit: str | None
    found_on: str | None
    charset: str | None
    size: int | None
    etag: str | None
    last_modified: str | None
    read_by: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with all that stands around it. Times as in table ``articles``."""

    id: int
    url: str
    site: str
    site_title: str | None
    city: str | None
    publisher: str | None
    region: str | None
    channel: str | None
    title: str
    kicker: str | None
    subtitle: str | None
    published_at: str | None
    published_raw: str | None
    published_precision: str | None
    source: str | None
    source_url: str | None
    source_articles: int
    body_text: str
    body_html: str
    characters: int
    lead: str | None
    keywords: tuple[str, ...]
    charset: str | None
    content_hash: str
    first_seen: str
    last_changed: str
    flags: tuple[str, ...]
    provenance: Mapping[str, str]
    gone_at: str | None
    gone_why: str | None
    people: tuple[Named, ...]
    pictures: tuple[Picture, ...]
    blocks: tuple[Block, ...]
    closed: tuple[Pointer, ...]
    closed_count: int
    linked: tuple[Linked, ...]
    cluster: Cluster | None
    changes: tuple[Change, ...]
    change_count: int
    absences: tuple[Absence, ...]
    addresses: tuple[Address, ...]
    address_count: int
    fetched: tuple[Fetched, ...]
    states: int
    """How many answers of its addresses the archive has on record."""


@dataclass(frozen=True, slots=True)
class Head:
    """An article in a line."""

    id: int
    url: str
    title: str
    site: str
    site_title: str | None
    publisher: str | None
    source: str | None
    published_at: str | None
    published_precision: str | None


# -- the article


_STATE = f"""
CASE WHEN t.id IS NOT NULL THEN 'stored' WHEN l.target_key IS NULL THEN 'no address' WHEN p.key IS NULL THEN 'not crawled'
     WHEN (SELECT 1 FROM pages WHERE key = p.key AND {UNSETTLED}) THEN 'waiting' ELSE p.verdict END
"""  # noqa: S608
_POINTER = f"""
SELECT l.id, l.kind, l.heading, l.block, l.position, coalesce(l.full_title, l.title), l.url, l.source, l.published_at, l.published_raw,
       l.first_seen, l.gone_at, {_STATE}, CASE WHEN t.id IS NULL THEN nullif(p.why, '') END,
       t.id, t.title, coalesce(s.title, t.publisher, t.site), t.published_at, t.published_precision
FROM article_links l LEFT JOIN articles t ON t.id = l.target_id LEFT JOIN sites s ON s.name = t.site
     LEFT JOIN pages p ON p.key = l.target_key
WHERE l.article_id = ?
"""  # noqa: S608
_LINKING = """
SELECT l.id, f.id, f.title, f.site, s.title, f.publisher, f.published_at, f.published_precision, l.kind, l.heading, l.first_seen, l.gone_at
FROM article_links l JOIN articles f ON f.id = l.article_id LEFT JOIN sites s ON s.name = f.site
WHERE l.target_id = ? AND l.kind = ? AND l.article_id <> l.target_id
"""


def is_there(connection: sqlite3.Connection, article_id: int) -> bool:
    """Whether there is such an article, whatever the size of the number."""
    if article_id >= 2**63:
        return False
    return connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None


def head(connection: sqlite3.Connection, article_id: int) -> Head | None:
    """An article in a line; ``None`` where there is none."""
    if not is_there(connection, article_id):
        return None
    return next(iter(heads(connection, [article_id])), None)


def heads(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[Head]:
    """Articles in a line each, in the order of their numbers."""
    marks = ", ".join("?" * len(numbers))
    return [
        Head(*row)
        for row in connection.execute(
            "SELECT a.id, a.url, a.title, a.site, s.title, a.publisher, a.source, a.published_at, a.published_precision "  # noqa: S608
            f"FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.id IN ({marks}) ORDER BY a.id",
            numbers,
        )
    ]


def article(connection: sqlite3.Connection, article_id: int) -> Reading | None:
    """An article with all that its page shows; ``None`` where there is none."""
    if not is_there(connection, article_id):
        return None
    row = _rows(
        connection,
        "SELECT a.*, s.title AS site_title, s.city FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.id = ?",
        article_id,
    )[0]
    closed = pointers(connection, article_id, closed=True)
    changes = [
        Change(number, cause, tuple(json.loads(changed)), *rest)
        for number, cause, changed, *rest in connection.execute(
            "SELECT number, cause, changed, summary, seen_from, last_seen, replaced_at FROM revisions WHERE article_id = ? "
            "ORDER BY number DESC LIMIT ?",
            (article_id, CHANGES),
        )
    ]
    addresses = [
        Address(*found)
        for found in connection.execute(
            "SELECT url, reason, first_seen FROM article_urls WHERE article_id = ? ORDER BY reason <> 'canonical', reason, key LIMIT ?",
            (article_id, ADDRESSES),
        )
    ]
    return Reading(
        id=article_id,
        **{
            name: row[name]
            for name in (
                "url", "site", "site_title", "city", "publisher", "region", "channel", "title", "kicker", "subtitle", "published_at",
                "published_raw", "published_precision", "source", "source_url", "body_text", "body_html", "characters", "lead", "charset",
                "content_hash", "first_seen", "last_changed", "gone_at", "gone_why",
            )
        },
        keywords=tuple(_strings(row["keywords"])),
        flags=tuple(_strings(row["flags"])),
        provenance=_object(row["provenance"]),
        source_articles=_count(connection, "SELECT 1 FROM articles WHERE source = ?", row["source"]) if row["source"] else 0,
        people=_people(connection, article_id),
        pictures=pictures(connection, article_id),
        blocks=_blocks(connection, article_id),
        closed=closed,
        closed_count=len(closed)
        if len(closed) < CLOSED
        else _count(connection, "SELECT 1 FROM article_links WHERE article_id = ? AND gone_at IS NOT NULL", article_id),
        linked=_linked(connection, article_id),
        cluster=_cluster_around(connection, article_id),
        changes=tuple(reversed(changes)),
        change_count=changes[0].number if changes else 0,
        absences=tuple(
            Absence(*found)
            for found in connection.execute(
                "SELECT gone_at, looked_at, verdict, why, back_at FROM absences WHERE article_id = ? ORDER BY gone_at DESC LIMIT ?",
                (article_id, CHANGES),
            )
        )[::-1],
        addresses=tuple(addresses),
        address_count=len(addresses)
        if len(addresses) < ADDRESSES
        else _count(connection, "SELECT 1 FROM article_urls WHERE article_id = ?", article_id),
        fetched=tuple(
            Fetched(*found)
            for found in connection.execute(
                "SELECT url, kind, verdict, why, status, tries, first_seen, fetched_at, next_visit, found_on, charset, size, etag, "
                "last_modified, read_by FROM pages WHERE article_id = ? ORDER BY kind, fetched_at DESC, key LIMIT 8",
                (article_id,),
            )
        ),
        states=_count(
            connection,
            "SELECT 1 FROM article_urls u CROSS JOIN archive_records r ON r.key = u.key WHERE u.article_id = ?",
            article_id,
        ),
    )  # fmt: skip


def pointers(connection: sqlite3.Connection, article_id: int, *, closed: bool = False) -> tuple[Pointer, ...]:
    """The links beside an article in page order, `LINKS` at most; ``closed``: those that have vanished, the last first, `CLOSED` at most."""
    if closed:
        found = connection.execute(
            f"{_POINTER} AND l.gone_at IS NOT NULL ORDER BY l.gone_at DESC, l.block, l.position, l.id LIMIT ?",
            (article_id, CLOSED),
        )
    else:
        found = connection.execute(
            f"{_POINTER} AND l.gone_at IS NULL ORDER BY l.block, l.position, l.id LIMIT ?", (article_id, LINKS)
        )
    return tuple(Pointer(*row) for row in found)


def _blocks(connection: sqlite3.Connection, article_id: int) -> tuple[Block, ...]:
    held: dict[int, list[Pointer]] = defaultdict(list)
    for pointer in pointers(connection, article_id):
        held[pointer.block].append(pointer)
    found = connection.execute(
        "SELECT position, kind, heading, links, filled_by FROM article_blocks WHERE article_id = ? ORDER BY position LIMIT 60",
        (article_id,),
    )
    return tuple(Block(*(*row, tuple(held.get(row[0], ())))) for row in found)


def _people(connection: sqlite3.Connection, article_id: int) -> tuple[Named, ...]:
    rows = connection.execute(
        "SELECT role, label, name FROM bylines WHERE article_id = ? ORDER BY CASE role WHEN 'author' THEN 1 WHEN 'reporter' THEN 2 "
        "WHEN 'correspondent' THEN 3 ELSE 4 END, position LIMIT 60",
        (article_id,),
    ).fetchall()
    counts = {name: _count(connection, "SELECT 1 FROM bylines WHERE name = ?", name) for name in {name for _, _, name in rows}}
    return tuple(Named(role, label, name, counts[name]) for role, label, name in rows)


def pictures(connection: sqlite3.Connection, article_id: int) -> tuple[Picture, ...]:
    """The images of an article's body in order, 300 at most."""
    return tuple(
        Picture(position, url, caption, alt, _kept_image(connection, url) is not None)
        for position, url, caption, alt in connection.execute(
            "SELECT position, url, caption, alt FROM images WHERE article_id = ? ORDER BY position LIMIT 300", (article_id,)
        )
    )


def image(connection: sqlite3.Connection, article_id: int, position: int) -> tuple[str, Place] | None:
    """An image of an article, by its place in the body: its address, and where in the archive its newest good answer lies."""
    if max(article_id, position) >= 2**63:
        return None
    row = connection.execute("SELECT url FROM images WHERE article_id = ? AND position = ?", (article_id, position)).fetchone()
    place = _kept_image(connection, row[0]) if row else None
    return (row[0], place) if place else None


def _kept_image(connection: sqlite3.Connection, url: str) -> Place | None:
    try:
        key = fingerprint.key(url)
    except ValueError:
        return None
    row = connection.execute(
        "SELECT f.name, r.offset, r.length FROM archive_records r JOIN archive_files f ON f.id = r.file_id "
        "WHERE r.key = ? AND r.status = 200 AND r.kind = 'image' ORDER BY r.fetched_at DESC, r.offset DESC LIMIT 1",
        (key,),
    ).fetchone()
    return Place(*row) if row else None


# -- who leads here


def _linked(connection: sqlite3.Connection, article_id: int) -> tuple[Linked, ...]:
    counts = dict(
        connection.execute("SELECT kind, count(*) FROM article_links WHERE target_id = ? GROUP BY kind", (article_id,)).fetchall()
    )
    ordered = sorted(
        counts, key=lambda kind: (EDITORIAL.index(kind) if kind in EDITORIAL else len(EDITORIAL), -counts[kind], kind)
    )
    out = []
    for kind in ordered:
        rows: tuple[Linking, ...] = ()
        if kind in EDITORIAL:
            # By the index newest first, so that however many there are, few are read.
            rows = tuple(
                Linking(*row)
                for row in connection.execute(
                    f"{_LINKING} AND l.gone_at IS NULL ORDER BY l.id DESC LIMIT ?", (article_id, kind, LINKING)
                )
            )
        out.append(Linked(kind, counts[kind], rows))
    return tuple(out)


def linking(
    connection: sqlite3.Connection, article_id: int, kind: str, *, before: int | None = None, most: int = 50
) -> list[Linking]:
    """The articles beside which a link of a kind leads, or led, to this one; that which was seen last first.

    ``before``: only links that were found before this one (its number), for going on.
    """
    return [
        Linking(*row)
        for row in connection.execute(
            f"{_LINKING} AND l.id < ? ORDER BY l.id DESC LIMIT ?",
            (article_id, kind, before if before is not None else 2**62, most),
        )
    ]


def kinds_leading_to(connection: sqlite3.Connection, article_id: int) -> dict[str, int]:
    """How many links lead, or led, to an article, by kind, the most frequent first."""
    return dict(
        connection.execute(
            "SELECT kind, count(*) AS links FROM article_links WHERE target_id = ? GROUP BY kind ORDER BY links DESC, kind",
            (article_id,),
        ).fetchall()
    )


# -- stories

_MEMBER = (
    "SELECT a.id, a.title, a.site, s.title, a.publisher, a.source, a.published_at, a.published_precision, a.url, a.characters, "
    "m.similarity, m.containment FROM cluster_members m CROSS JOIN articles a ON a.id = m.article_id LEFT JOIN sites s ON s.name = a.site "
)
_EARLIEST_FIRST = "ORDER BY a.published_at IS NULL, a.published_at, a.id IS NOT ?, a.id LIMIT ?"


def _cluster_row(connection: sqlite3.Connection, number: int) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = connection.execute(
        "SELECT id, articles, texts, sites, publishers, origin_id, origin_reasons, first_published_at, last_published_at "
        "FROM clusters WHERE id = ?",
        (number,),
    ).fetchone()
    return row


def _cluster_around(connection: sqlite3.Connection, article_id: int) -> Cluster | None:
    """The cluster of an article; of a large one, besides the article and the origin the first members."""
    member = connection.execute("SELECT cluster_id FROM cluster_members WHERE article_id = ?", (article_id,)).fetchone()
    row = _cluster_row(connection, member[0]) if member else None
    if row is None:
        return None
    rows = connection.execute(f"{_MEMBER} WHERE m.cluster_id = ? {_EARLIEST_FIRST}", (row[0], row[5], MEMBERS)).fetchall()
    have = {found[0] for found in rows}
    for wanted in (article_id, row[5]):
        if wanted is not None and wanted not in have:
            rows += connection.execute(f"{_MEMBER} WHERE m.article_id = ?", (wanted,)).fetchall()
    return _cluster(row, rows)


def story(connection: sqlite3.Connection, number: int) -> Cluster | None:
    """A cluster with its members from the first to the last, `STORY` at most and the origin among them; ``None`` where there is none."""
    row = _cluster_row(connection, number) if number < 2**63 else None
    if row is None:
        return None
    rows = connection.execute(f"{_MEMBER} WHERE m.cluster_id = ? {_EARLIEST_FIRST}", (number, row[5], STORY)).fetchall()
    if row[5] is not None and all(found[0] != row[5] for found in rows):
        rows += connection.execute(f"{_MEMBER} WHERE m.article_id = ?", (row[5],)).fetchall()
    return _cluster(row, rows)


def _cluster(row: tuple[Any, ...], rows: Sequence[tuple[Any, ...]]) -> Cluster:
    number, count, texts, sites, publishers, origin, reasons, first, last = row
    begun = next((_exact(found[6], found[7]) for found in rows if found[0] == origin), None)
    members = []
    for found in rows:
        at = _exact(found[6], found[7])
        seconds = (at - begun).total_seconds() if at and begun else None
        members.append(Reprint(*(*found, found[0] == origin, seconds)))
    return Cluster(number, count, texts, sites, publishers, origin, tuple(_strings(reasons)), first, last, tuple(members))


def _exact(text: str | None, precision: str | None) -> datetime | None:
    """A time that is known to more than the day, and in which zone."""
    if not text or precision == "day":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def credited(connection: sqlite3.Connection, members: Sequence[Reprint]) -> dict[int, tuple[tuple[str, int | None], ...]]:
    """Whom each member of a cluster credits besides its own house: with its 来源, and in its first and last lines (来源, 转载自).

    By its number, the names as printed, each with the earliest member whose publisher or site it names, if it is one's; of many names the
    `HOUSES` most frequent are looked up so.
    """
    known = [_as_member(connection, one) for one in members]
    names = {
        member.id: [name for name in dict.fromkeys(clusters.names_credited(member)) if not clusters.is_named(name, member)]
        for member in known
    }
    whose = {
        name: next((member.id for member in known if clusters.is_named(name, member)), None)
        for name, _ in Counter(itertools.chain(*names.values())).most_common(HOUSES)
    }
    return {number: tuple((name, whose.get(name)) for name in of_it) for number, of_it in names.items()}


def _as_member(connection: sqlite3.Connection, one: Reprint) -> Member:
    (body,) = connection.execute("SELECT body_text FROM articles WHERE id = ?", (one.id,)).fetchone()
    return Member(
        one.id, 0, one.url, one.site, one.site_title, one.publisher, one.title, one.source, one.published_at,
        one.published_precision, one.characters, sketch.credits_in(body),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """A cluster in a list. ``papers``: titles of its sites, six at most; ``seconds``: from its first to its last member, where both are
    known to more than the day."""

    id: int
    articles: int
    sites: int
    publishers: int
    first_published_at: str | None
    last_published_at: str | None
    origin_id: int | None
    title: str | None
    site: str | None
    site_title: str | None
    publisher: str | None
    source: str | None
    papers: tuple[str, ...]
    seconds: float | None


Order = Literal["biggest", "newest", "fastest"]

_SPAN = "(strftime('%s', c.last_published_at) - strftime('%s', c.first_published_at))"
_ORDERS: dict[Order, str] = {
    "biggest": "c.articles DESC, c.last_published_at DESC, c.id DESC",
    "newest": "c.last_published_at DESC, c.id DESC",
    "fastest": f"{_SPAN} * 1.0 / (c.sites - 1), c.articles DESC, c.id DESC",
}
# Where a time is known by the day only, its clock stands at midnight: nothing can be said of its pace.
_PACED = (
    "c.sites > 1 AND substr(c.first_published_at, 11, 9) <> 'T00:00:00' AND substr(c.last_published_at, 11, 9) <> 'T00:00:00' "
    "AND c.last_published_at > c.first_published_at"
)


def stories(
    connection: sqlite3.Connection,
    order: Order,
    *,
    since: date | None = None,
    region: str | None = None,
    page: int = 1,
    size: int = 25,
) -> list[Story]:
    """Clusters of reprints, one more than ``size`` where there is a further page.

    ``order``: the biggest first, those with the newest member first, or those that reached most sites in the least time (the time from
    the first to the last member for each further site; only where both are known to more than the day). ``since``: only those with a
    member of that day, as printed, or later; ``region``: only those with a member of a site there.
    """
    where, values = ["true"], []
    if since:
        where.append("c.last_published_at >= ?")
        values.append(since.isoformat())
    if order == "fastest":
        where.append(_PACED)
    if region:
        where.append(
            "EXISTS (SELECT 1 FROM cluster_members m CROSS JOIN articles r ON r.id = m.article_id WHERE m.cluster_id = c.id AND r.region = ?)"
        )
        values.append(region)
    rows = connection.execute(
        "SELECT c.id, c.articles, c.sites, c.publishers, c.first_published_at, c.last_published_at, c.origin_id, a.title, a.site, s.title, "  # noqa: S608
        f"a.publisher, a.source FROM (SELECT * FROM clusters c WHERE {' AND '.join(where)} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?) c "
        f"LEFT JOIN articles a ON a.id = c.origin_id LEFT JOIN sites s ON s.name = a.site ORDER BY {_ORDERS[order]}",
        (*values, size + 1, (page - 1) * size),
    ).fetchall()
    return [Story(*(*row, _papers(connection, row[0]), _seconds(row[4], row[5]))) for row in rows]


def _papers(connection: sqlite3.Connection, number: int) -> tuple[str, ...]:
    """The sites of a cluster's first members, each once."""
    rows = connection.execute(
        "SELECT coalesce(s.title, a.publisher, a.site) FROM (SELECT article_id FROM cluster_members WHERE cluster_id = ? LIMIT 30) m "
        "CROSS JOIN articles a ON a.id = m.article_id LEFT JOIN sites s ON s.name = a.site ORDER BY a.published_at IS NULL, a.published_at, a.id",
        (number,),
    )
    return tuple(dict.fromkeys(name for (name,) in rows))[:6]


def _seconds(first: str | None, last: str | None) -> float | None:
    ends = [None if text and text[10:19] == "T00:00:00" else _exact(text, None) for text in (first, last)]
    return (ends[1] - ends[0]).total_seconds() if ends[0] and ends[1] else None


def regions(connection: sqlite3.Connection) -> list[str]:
    """The regions of all sites, in the order of their names."""
    return [name for (name,) in connection.execute("SELECT DISTINCT region FROM sites WHERE region IS NOT NULL ORDER BY region")]


# -- the archive


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer in the archive that is an article's page or a part of it. ``name`` names it in addresses; ``fetched_at`` is UTC."""

    name: str
    url: str
    reason: str
    fetched_at: str
    kind: str
    status: int | None
    place: Place


def stored(connection: sqlite3.Connection, article_id: int, name: str | None = None) -> list[Stored]:
    """The answers of an article's addresses that the archive has on record, newest first, `STATES` at most; ``name``: only this one."""
    only, values = "", [article_id]
    if name is not None:
        numbers = name.split(".")
        if len(numbers) != 2 or not all(number.isascii() and number.isdigit() and len(number) < 19 for number in numbers):
            return []
        only, values = "AND r.file_id = ? AND r.offset = ?", [article_id, *map(int, numbers)]
    return [
        Stored(f"{number}.{offset}", url, reason, at, kind, status, Place(file, offset, length))
        for number, offset, url, reason, at, kind, status, file, length in connection.execute(
            "SELECT r.file_id, r.offset, r.url, u.reason, r.fetched_at, r.kind, r.status, f.name, r.length FROM article_urls u "  # noqa: S608
            f"CROSS JOIN archive_records r ON r.key = u.key JOIN archive_files f ON f.id = r.file_id WHERE u.article_id = ? {only} "
            "ORDER BY r.fetched_at DESC, u.reason <> 'canonical', r.offset DESC LIMIT ?",
            (*values, STATES),
        )
    ]


def stored_query(article_id: int) -> str:
    """The same as a query that analysts can go on from."""
    return (
        "SELECT r.fetched_at, r.kind, r.status, r.url, f.name, r.offset, r.length FROM article_urls u "  # noqa: S608
        f"JOIN archive_records r ON r.key = u.key JOIN archive_files f ON f.id = r.file_id WHERE u.article_id = {article_id:d} "
        "ORDER BY r.fetched_at DESC"
    )


# -- the neighbourhood


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node of the graph around an article. ``name``: the article's number, or ``u`` and the number of a link that leads to what is
    not stored. ``degree``: how many links of the chosen kinds lead to it in the whole database, up to `DEGREE`; ``steps``: from the
    article in the middle."""

    name: str
    id: int | None
    title: str
    url: str | None
    site: str | None
    site_title: str | None
    publisher: str | None
    source: str | None
    published_at: str | None
    published_precision: str | None
    degree: int
    steps: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two nodes, from the article beside which it stands."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What lies around an article; ``found``: how many nodes there were to choose from (more than are here where it was cut)."""

    centre: str
    nodes: tuple[Neighbour, ...] = field(default=())
    edges: tuple[Edge, ...] = field(default=())
    found: int = 0


DEGREE = 500
_FANOUT = 400
"""Links of one article, and to one, that are looked at on each side."""
_FRONT = 60
"""Articles next to the one in the middle whose own links are followed."""
_SECOND = 40
"""The same as `_FANOUT`, of those."""

_Node = int | str
"""An article's number, or the key of an address that is not stored."""


def neighbourhood(
    connection: sqlite3.Connection, article_id: int, *, kinds: Sequence[str] = EDITORIAL, depth: int = 1, most: int = 150
) -> Neighbourhood | None:
    """What an article links and what links it, one or two steps far, by links of ``kinds`` that stand; ``None`` where there is no article.

    Of more than ``most`` nodes those are taken that are nearest, and among equals those with most links to nodes that are taken already.
    """
    if not is_there(connection, article_id):
        return None
    taken: dict[_Node, int] = {article_id: 0}
    found: set[_Node] = {article_id}
    front: list[int] = [article_id]
    for step in range(1, depth + 1):
        weight: dict[_Node, float] = defaultdict(float)
        for number in front[:_FRONT]:
            for other, kind in _around(connection, number, kinds, _FANOUT if step == 1 else _SECOND):
                if other not in taken:
                    # What somebody chose for the article counts more than what a script found for it.
                    weight[other] += 1.0 if kind == "recommended" else 0.6
        found |= weight.keys()
        ranked = sorted(weight, key=lambda node: (-weight[node], isinstance(node, str), str(node)))
        chosen = ranked[: max(most - len(taken), 0)]
        taken |= dict.fromkeys(chosen, step)
        front = [node for node in chosen if isinstance(node, int)]
    return _described(connection, article_id, taken, kinds, len(found))


def _around(connection: sqlite3.Connection, number: int, kinds: Sequence[str], most: int) -> list[tuple[_Node, str]]:
    """The other ends of an article's links, and of those to it: the newest ``most`` of each kind and side."""
    out: list[tuple[_Node, str]] = []
    marks = ", ".join("?" * len(kinds))
    for target_id, key, kind in connection.execute(
        f"SELECT target_id, target_key, kind FROM article_links WHERE article_id = ? AND kind IN ({marks}) AND gone_at IS NULL "  # noqa: S608
        "AND target_key IS NOT NULL ORDER BY id DESC LIMIT ?",
        (number, *kinds, most),
    ):
        out.append((target_id if target_id is not None else key, kind))
    for kind in kinds:
        out += connection.execute(
            "SELECT article_id, kind FROM article_links WHERE target_id = ? AND kind = ? AND gone_at IS NULL ORDER BY id DESC LIMIT ?",
            (number, kind, most),
        )
    return [(node, kind) for node, kind in out if node != number]


def _described(
    connection: sqlite3.Connection, centre: int, taken: Mapping[_Node, int], kinds: Sequence[str], found: int
) -> Neighbourhood:
    articles = [node for node in taken if isinstance(node, int)]
    marks, of = ", ".join("?" * len(articles)), ", ".join("?" * len(kinds))
    names: dict[_Node, str] = {number: str(number) for number in articles}
    edges: dict[Edge, None] = {}
    unstored: dict[str, tuple[int, str, str | None, str | None]] = {}
    for link, article, target_id, key, kind, title, url, source in connection.execute(
        "SELECT id, article_id, target_id, target_key, kind, coalesce(full_title, title), url, source FROM article_links "  # noqa: S608
        f"WHERE article_id IN ({marks}) AND kind IN ({of}) AND gone_at IS NULL AND target_key IS NOT NULL ORDER BY id",
        (*articles, *kinds),
    ):
        node = target_id if target_id is not None else key
        if node not in taken or node == article:
            continue
        if isinstance(node, str) and node not in unstored:
            unstored[node] = (link, title, url, source)
            names[node] = f"u{link}"
        edges[Edge(str(article), names[node], kind)] = None
    nodes = [
        Neighbour(
            str(one.id), one.id, one.title, one.url, one.site, one.site_title, one.publisher, one.source, one.published_at,
            one.published_precision, _degree(connection, "target_id", one.id, kinds), taken[one.id],
        )
        for one in heads(connection, articles)
    ]  # fmt: skip
    nodes += [
        Neighbour(
            names[key],
            None,
            title,
            url,
            None,
            None,
            None,
            source,
            None,
            None,
            _degree(connection, "target_key", key, kinds),
            taken[key],
        )
        for key, (_, title, url, source) in unstored.items()
    ]
    nodes.sort(key=lambda node: (node.steps, -node.degree, node.id is None, node.name))
    return Neighbourhood(str(centre), tuple(nodes), tuple(edges), found)


def _degree(connection: sqlite3.Connection, column: str, value: _Node, kinds: Sequence[str]) -> int:
    of = ", ".join("?" * len(kinds))
    (count,) = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM article_links WHERE {column} = ? AND kind IN ({of}) LIMIT {DEGREE})",  # noqa: S608
        (value, *kinds),
    ).fetchone()
    return int(count)


# -- small change


def _count(connection: sqlite3.Connection, rows: str, *values: Any) -> int:
    """How many rows a query has, `COUNTED` + 1 for more than that."""
    (count,) = connection.execute(f"SELECT count(*) FROM ({rows} LIMIT {COUNTED + 1})", values).fetchone()  # noqa: S608
    return int(count)


def _rows(connection: sqlite3.Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _strings(text: str | None) -> Collection[str]:
    """A JSON list of strings; what is none is empty."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return ()
    return [str(value) for value in found] if isinstance(found, list) else ()


def _object(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
