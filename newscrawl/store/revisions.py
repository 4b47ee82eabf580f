"""What articles were before they changed, and which of them are gone: all SQL of revisions and absences.

A revision is stored when a page that is read again tells an article otherwise in a way that a reader would notice
(`newscrawl.diff.compare` says what that is). The row in ``articles`` is always the newest state; each older one is a row of
``revisions``, whole. Nothing is stored for a look that finds nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from newscrawl import diff, fingerprint
from newscrawl.diff import Byline, Picture, Pointer, State
from newscrawl.items import Article, Visit

Cause = Literal["site", "rules", "address"]
"""Why a state differs from the one before: see `keep`."""

VANISHED = ("gone", "soft404")
"""Verdicts that say that a page is there no more. A refusal (blocked, captcha, login), a failure and robots.txt do not."""

LAME = frozenset({"incomplete", "truncated"})
"""Flags of an article that was not read to its end."""

CLOCKS = timedelta(minutes=10)
"""How far a server's clock may be ahead of this machine's."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What to do with a page that gives a known article anew.

    ``take``: whether the article's row takes what the page says now. ``changed``: what a reader would notice, by the names of
    `newscrawl.diff.Field`; the state before is then stored as a revision, for ``cause``.
    """

    take: bool
    changed: tuple[diff.Field, ...] = ()
    cause: Cause = "site"

    @property
    def is_noticed(self) -> bool:
        """Whether it is the site that changed the article, as far as can be told."""
        return bool(self.changed) and self.cause != "rules"


@dataclass(frozen=True, slots=True)
class Revision:
    """A state that an article had, and what the next one changed. Times are ISO 8601, UTC."""

    number: int
    cause: Cause
    changed: tuple[diff.Field, ...]
    summary: str
    seen_from: str
    last_seen: str
    replaced_at: str
    state: State


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which an article was not to be had; ``back_at`` is ``None`` while it is not. Times are ISO 8601, UTC."""

    gone_at: str
    looked_at: str
    verdict: str
    why: str
    back_at: str | None


@dataclass(frozen=True, slots=True)
class History:
    """An article now, with all that it was before, oldest first."""

    id: int
    url: str
    site: str
    publisher: str | None
    first_seen: str
    last_looked: str | None
    gone_at: str | None
    gone_why: str | None
    state: State
    revisions: tuple[Revision, ...] = field(default=())
    absences: tuple[Absence, ...] = field(default=())


_STATE = (
    "title", "kicker", "subtitle", "published_at", "published_raw", "published_precision", "source", "source_url", "body_text",
    "body_html", "content_hash", "provenance",
)  # fmt: skip
_REVISION = ("article_id", "number", "cause", "changed", "summary", "seen_from", "last_seen", "replaced_at", *_STATE)
_PARTS = ("bylines", "images", "blocks")
_INSERT = (
    f"INSERT INTO revisions ({', '.join((*_REVISION, *_PARTS))}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len((*_REVISION, *_PARTS)))})"
)


# -- writing, within the transaction of the batch


def keep(connection: sqlite3.Connection, article_id: int, article: Article, seen: str, *, dry: bool = False) -> Kept:
    """Store the state of an article as a revision, where the page that was read at ``seen`` has another to tell.

    To be called before anything of the article's row, bylines, images and blocks is overwritten, and before the visit of the
    page is on record. ``article`` has passed the pipelines. ``seen`` is ISO 8601, UTC.

    The page's state is not taken, and nothing changes, where it is

    - older than what is stored (a saved page that is ingested late),
    - read from another address of the article while the one that its state comes from still stands: a mobile or print page
      tells the same otherwise. The canonical address comes before all others, and where the old address is gone the new one
      is taken,
    - cut short (flags incomplete, truncated), or charset noise: that is flagged ``mojibake``, and the good text stays.

    It is taken without a revision where a reader would notice nothing. A time of publication that is later than the first sight
    of the article is the stamp of an update: the time known from before is kept, also in ``article``.

    ``cause`` is ``rules`` where the page was read by other rules than the last time (``pages.read_by``): the difference may be
    ours. Where the server's ETag, or its Last-Modified, and the size say that it is the same page, it is ours for certain, and no
    revision is stored. ``address``: the state comes from another address, as the old one is gone. ``site``: all else.

    ``dry``: nothing is written, and the answer is what it would be.
    """
    row = _row(
        connection,
        "SELECT url, read_from, first_seen, last_changed, flags, " + ", ".join(_STATE) + " FROM articles WHERE id = ?",  # noqa: S608
        article_id,
    )
    visit, ours = article.visit, False
    cause: Cause = "site"
    if visit is not None:
        if seen < row["last_changed"]:
            return Kept(take=False)
        origin = _origin(connection, article_id, row["url"], row["read_from"], visit)
        if origin == "other":
            return Kept(take=False)
        cause = "address" if origin == "instead" else _cause(connection, visit)
        ours = visit.reread or origin == "canonical" or (not article.parts and _is_same_page(connection, visit))
    flags = json.loads(row["flags"])
    if LAME.intersection(article.flags) and not LAME.intersection(flags):
        return Kept(take=False)
    parts = _parts(connection, article_id)
    old, new = _state(row, *parts), _told(article)
    if diff.noise(new, old):
        if "mojibake" not in flags and not dry:
            marked = json.dumps([*flags, "mojibake"], ensure_ascii=False)
            connection.execute("UPDATE articles SET flags = ? WHERE id = ?", (marked, article_id))
        return Kept(take=False)
    if _is_update_stamp(article.published_at, row["published_at"], row["first_seen"]):
        article.published_at, article.published_raw = row["published_at"], row["published_raw"]
        article.published_precision = row["published_precision"]
        new = _told(article)
    # What was noise and is now mended has not been changed by anybody.
    changed = () if ours or diff.noise(old, new) else tuple(diff.compare(old, new))
    if dry:
        return Kept(take=True, changed=changed, cause=cause)
    if changed:
        number, seen_from = connection.execute(
            "SELECT count(*) + 1, max(replaced_at) FROM revisions WHERE article_id = ?", (article_id,)
        ).fetchone()
        seen_from = seen_from or row["first_seen"]
        last_seen = max(seen_from, _last_read(connection, row["read_from"]) or seen_from)
        told = (json.dumps(changed), diff.summary(old, new, changed), seen_from, last_seen, seen)
        state = [row[name] for name in _STATE]
        as_json = [json.dumps(part, ensure_ascii=False) for part in parts]
        connection.execute(_INSERT, (article_id, number, cause, *told, *state, *as_json))
    if visit is not None:
        connection.execute("UPDATE articles SET read_from = ? WHERE id = ?", (fingerprint.key(visit.url), article_id))
    return Kept(take=True, changed=changed, cause=cause)


def note_visit(connection: sqlite3.Connection, visit: Visit, article_id: int | None, seen: str) -> None:
    """Mark the article that an address gives, or gave, as gone or as back, by what the address came to at ``seen``.

    To be called when the visit is on record. ``article_id``: the article that the visited page gives or gave, ``None`` where it
    never gave one. Gone is what answers 404 or 410, a soft 404, or with the home page or a list in its place, while no other
    address of the article gives it: what refuses to be read, or fails, says nothing.
    """
    execute = connection.execute
    if visit.verdict == "article":
        if article_id is None:
            return
        absent = execute("SELECT gone_at FROM articles WHERE id = ? AND gone_at IS NOT NULL", (article_id,)).fetchone()
        # A page that has not changed since it was a soft 404 is one still.
        if absent and _stands(connection, article_id):
            execute("UPDATE articles SET gone_at = NULL, gone_why = NULL WHERE id = ?", (article_id,))
            execute("UPDATE absences SET back_at = ? WHERE article_id = ? AND back_at IS NULL", (seen, article_id))
        return
    key = fingerprint.key(visit.url)
    elsewhere = [old for url in visit.redirected_from if (old := fingerprint.key(url)) != key]
    if visit.verdict not in VANISHED and not (elsewhere and visit.verdict == "list"):
        return
    found = {article_id} if article_id is not None and visit.verdict in VANISHED else set()
    for old in elsewhere:
        found.update(execute("SELECT article_id FROM pages WHERE key = ? AND article_id IS NOT NULL", (old,)).fetchone() or ())
    for number in found:
        if _stands(connection, number):
            continue
        (since,) = execute(
            "UPDATE articles SET gone_at = coalesce(gone_at, ?), gone_why = ? WHERE id = ? RETURNING gone_at",
            (seen, f"{visit.verdict}: {visit.why}", number),
        ).fetchone()
        execute(
            "INSERT INTO absences (article_id, gone_at, looked_at, verdict, why) VALUES (?, ?, ?, ?, ?) ON CONFLICT (article_id, gone_at) "
            "DO UPDATE SET looked_at = excluded.looked_at, verdict = excluded.verdict, why = excluded.why, back_at = NULL",
            (number, since, seen, visit.verdict, visit.why),
        )


def _stands(connection: sqlite3.Connection, article_id: int) -> bool:
    """Whether any address on the web gave the article when it was last asked for; a saved page's key begins with a slash."""
    return (
        connection.execute(
            "SELECT 1 FROM pages WHERE article_id = ? AND kind = 'article' AND verdict = 'article' AND key NOT LIKE '/%'",
            (article_id,),
        ).fetchone()
        is not None
    )


def _origin(
    connection: sqlite3.Connection, article_id: int, url: str, read_from: str | None, visit: Visit
) -> Literal["same", "canonical", "instead", "other"]:
    """Whether a page is the one that the article's state comes from, its better, what stands in its place, or another."""
    key = fingerprint.key(visit.url)
    canonical = fingerprint.key(url)
    if read_from is None:
        # Stored before this was on record.
        given = {
            k for (k,) in connection.execute("SELECT key FROM pages WHERE article_id = ? AND kind = 'article'", (article_id,))
        }
        read_from = canonical if canonical in given else next(iter(sorted(given)), key)
    if key == read_from or read_from in map(fingerprint.key, visit.redirected_from):
        return "same"
    if key == canonical:
        return "canonical"
    row = connection.execute("SELECT verdict FROM pages WHERE key = ?", (read_from,)).fetchone()
    if row is None:
        return "same"
    return "instead" if row[0] in (*VANISHED, "redirect") else "other"


def _cause(connection: sqlite3.Connection, visit: Visit) -> Cause:
    row = connection.execute("SELECT read_by FROM pages WHERE key = ?", (fingerprint.key(visit.url),)).fetchone()
    return "rules" if row and row[0] and visit.read_by and row[0] != visit.read_by else "site"


def _is_same_page(connection: sqlite3.Connection, visit: Visit) -> bool:
    """Whether the server says that a page is byte for byte the one that it was."""
    row = connection.execute(
        "SELECT verdict, size, etag, last_modified FROM pages WHERE key = ?", (fingerprint.key(visit.url),)
    ).fetchone()
    if row is None or row[0] != "article" or row[1] is None or row[1] != visit.size:
        return False
    _, _, etag, modified = row
    return bool(etag == visit.etag if etag or visit.etag else modified and modified == visit.last_modified)


def _last_read(connection: sqlite3.Connection, key: str | None) -> str | None:
    row = connection.execute("SELECT fetched_at FROM pages WHERE key = ? AND verdict = 'article'", (key,)).fetchone()
    return row[0] if row else None


def _is_update_stamp(now: str | None, before: str | None, first_seen: str) -> bool:
    """Whether a time of publication is that of an update: later than the article was first seen, and another was known."""
    if not now or not before or now == before:
        return False
    seen = datetime.fromisoformat(first_seen) + CLOCKS
    return datetime.fromisoformat(now) > seen >= datetime.fromisoformat(before)


# -- reading


def history(connection: sqlite3.Connection, article_id: int) -> History:
    """An article as it is and as it was; ``article_id`` must be one that there is."""
    row = _row(connection, "SELECT * FROM articles WHERE id = ?", article_id)
    revisions = tuple(
        Revision(
            found["number"],
            found["cause"],
            tuple(json.loads(found["changed"])),
            found["summary"],
            found["seen_from"],
            found["last_seen"],
            found["replaced_at"],
            _state(found, *(json.loads(found[name]) for name in _PARTS)),
        )
        for found in _rows(connection, "SELECT * FROM revisions WHERE article_id = ? ORDER BY number", article_id)
    )
    absences = tuple(
        Absence(*found)
        for found in connection.execute(
            "SELECT gone_at, looked_at, verdict, why, back_at FROM absences WHERE article_id = ? ORDER BY gone_at", (article_id,)
        )
    )
    (looked,) = connection.execute("SELECT max(fetched_at) FROM pages WHERE article_id = ?", (article_id,)).fetchone()
    return History(
        row["id"],
        row["url"],
        row["site"],
        row["publisher"],
        row["first_seen"],
        looked,
        row["gone_at"],
        row["gone_why"],
        _state(row, *_parts(connection, article_id)),
        revisions,
        absences,
    )


def _parts(connection: sqlite3.Connection, article_id: int) -> tuple[list[dict[str, Any]], ...]:
    """An article's bylines, images and link blocks as they are stored now."""
    bylines = _rows(connection, "SELECT role, label, name FROM bylines WHERE article_id = ? ORDER BY role, position", article_id)
    images = _rows(connection, "SELECT url, caption, alt FROM images WHERE article_id = ? ORDER BY position", article_id)
    blocks = _rows(
        connection, "SELECT position, kind, heading FROM article_blocks WHERE article_id = ? ORDER BY position", article_id
    )
    links = _rows(
        connection,
        "SELECT block, position, title, url, published_at, source FROM article_links WHERE article_id = ? AND gone_at IS NULL "
        "ORDER BY block, position",
        article_id,
    )
    standing: dict[int, list[dict[str, Any]]] = {block["position"]: [] for block in blocks}
    for link in links:
        standing.setdefault(link.pop("block"), []).append({name: value for name, value in link.items() if value is not None})
    return bylines, images, [{**block, "links": standing[block["position"]]} for block in blocks]


def _state(
    row: dict[str, Any], bylines: Sequence[dict[str, Any]], images: Sequence[dict[str, Any]], blocks: Sequence[dict[str, Any]]
) -> State:
    """A stored state, for comparing."""
    return State(
        row["title"],
        row["kicker"],
        row["subtitle"],
        row["published_at"],
        row["published_precision"],
        row["source"],
        tuple(Byline(byline["role"], byline["name"], byline["label"]) for byline in bylines),
        row["body_text"],
        row["body_html"],
        tuple(Picture(image["url"], image["caption"]) for image in images),
        tuple(Pointer(block["kind"], link["title"], link.get("url")) for block in blocks for link in block["links"]),
    )


def _told(article: Article) -> State:
    """What a page tells, for comparing."""
    roles = (("author", article.authors), ("reporter", article.reporters), ("correspondent", article.correspondents))
    return State(
        article.title or "",
        article.kicker,
        article.subtitle,
        article.published_at,
        article.published_precision,
        article.source,
        (
            *(Byline(role, name) for role, names in roles for name in names),
            *(Byline("editor", editor.name, editor.role) for editor in article.editors),
        ),
        article.body_text or "",
        article.body_html or "",
        tuple(Picture(image.url, image.caption) for image in article.images),
        tuple(Pointer(block.kind, link.title, link.url) for block in article.blocks for link in block.links),
    )


def _row(connection: sqlite3.Connection, sql: str, article_id: int) -> dict[str, Any]:
    return _rows(connection, sql, article_id)[0]


def _rows(connection: sqlite3.Connection, sql: str, article_id: int) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, (article_id,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
