"""The frontier is the database: what is known, what waits, and when each address is asked for again."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from newscrawl import fingerprint, timetable
from newscrawl.items import Visit

LISTS = ("channel", "feed", "sitemap")
"""Kinds of pages that lead to articles and are none."""

UNSETTLED = f"(verdict IN ('pending', 'error', 'blocked', 'captcha') AND tries < {timetable.MAX_TRIES})"
"""What has no lasting answer yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address to ask for: ``number`` is a list's place in its channel, ``depth`` how many link blocks led here.

    ``verdict``, ``etag`` and ``last_modified`` are those of the last answer, ``read_by`` what it was read with; ``next_visit``
    is ``None`` for what is not asked for by itself.
    """

    url: str
    kind: str
    found_on: str | None = None
    depth: int = 0
    number: int = 1
    etag: str | None = None
    last_modified: str | None = None
    read_by: str | None = None
    verdict: str = "pending"
    next_visit: str | None = None
    marker: str | None = None
    marker_at: int | None = None
    posted: int | None = None

    @property
    def is_polled(self) -> bool:
        """Whether it is asked for again by itself."""
        return self.next_visit is not None

    def is_due(self, now: str) -> bool:
        """Whether it is time to ask for it."""
        return self.next_visit is not None and self.next_visit <= now


_WAITING = "url, kind, found_on, depth, coalesce(number, 1), etag, last_modified, read_by, verdict, next_visit, marker, marker_at, posted"


class Frontier:
    """Reads what is to be asked for. ``pages`` is written by `newscrawl.store.writer.Store`, but for what is merely found."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of the address keys that need no fetching: an article's address, or fetched with a lasting verdict.

        An address that is pending, or failed fewer than `timetable.MAX_TRIES` times, is not known.
        """
        wanted = list(keys)
        found: set[str] = set()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            found.update(
                row[0]
                for row in self.connection.execute(
                    f"SELECT key FROM article_urls WHERE key IN ({marks}) UNION "  # noqa: S608
                    f"SELECT key FROM pages WHERE key IN ({marks}) AND NOT {UNSETTLED}",
                    part + part,
                )
            )
        return found

    def pending(self, site: str, kind: str = "article", *, now: str | None = None) -> list[Waiting]:
        """Addresses of a site that were found but have no lasting answer yet, the oldest first.

        With ``now`` only those that are due by then; without it a failure's pause counts for nothing.
        """
        due = "" if now is None else " AND next_visit <= ?"
        return self._waiting(
            f"SELECT {_WAITING} FROM pages WHERE site = ? AND kind = ? AND {UNSETTLED}{due} ORDER BY first_seen, key",  # noqa: S608
            (site, kind) if now is None else (site, kind, now),
        )

    def lists(self, site: str) -> dict[str, Waiting]:
        """The site's lists, feeds and sitemaps by address key, whether or not they are due."""
        marks = ", ".join(f"'{kind}'" for kind in LISTS)
        found = self.connection.execute(f"SELECT key, {_WAITING} FROM pages WHERE site = ? AND kind IN ({marks})", (site,))  # noqa: S608
        return {key: Waiting(*row) for key, *row in found}

    def looks(self, site: str, limit: int, *, now: str | None = None) -> list[Waiting]:
        """Stored articles that are due for another look, the longest overdue first, ``limit`` at most."""
        return self._waiting(
            f"SELECT {_WAITING} FROM pages WHERE site = ? AND kind = 'article' AND article_id IS NOT NULL AND next_visit <= ? "  # noqa: S608
            f"AND NOT {UNSETTLED} ORDER BY next_visit, key LIMIT ?",
            (site, now or now_text(), limit),
        )

    def unanswered(self, site: str, limit: int, *, now: str | None = None) -> list[Waiting]:
        """Stored articles with a link block that is to be asked for again, the longest waiting first, ``limit`` at most.

        With ``now`` only those that are due by then; without it a failure's pause counts for nothing. After `timetable.MAX_TRIES`
        looks they are looked at as others are.
        """
        due = "" if now is None else " AND next_visit <= ?"
        return self._waiting(
            f"SELECT {_WAITING} FROM pages WHERE site = ? AND kind = 'article' AND verdict = 'article' AND tries < {timetable.MAX_TRIES} "  # noqa: S608
            "AND (article_id, key) IN (SELECT id, read_from FROM articles WHERE flags LIKE '%\"unanswered\"%' AND id IN "
            f"(SELECT article_id FROM article_blocks WHERE filled_by = 'unanswered')){due} ORDER BY next_visit, key LIMIT ?",
            (site, limit) if now is None else (site, now, limit),
        )

    def due(self, *, now: str | None = None) -> set[str]:
        """Sites of which something is due: a list, a failure to try again, an article to look at again."""
        found = self.connection.execute("SELECT DISTINCT site FROM pages WHERE next_visit <= ?", (now or now_text(),))
        return {site for (site,) in found}

    def next_due(self, sites: Collection[str]) -> tuple[str, str] | None:
        """The one of the sites of which something is due first, and when."""
        marks = ", ".join("?" * len(sites))
        return self.connection.execute(  # type: ignore[no-any-return]
            f"SELECT site, min(next_visit) AS first FROM pages WHERE site IN ({marks}) AND next_visit IS NOT NULL "  # noqa: S608
            "GROUP BY site ORDER BY first LIMIT 1",
            list(sites),
        ).fetchone()

    def robots(self, origin: str, *, since: str) -> bytes | None:
        """The robots.txt of an origin, where it was fetched since then."""
        row = self.connection.execute("SELECT body FROM robots WHERE origin = ? AND fetched_at >= ?", (origin, since)).fetchone()
        return row[0] if row else None

    def keep_robots(self, origin: str, body: bytes, fetched_at: str) -> None:
        """Keep the robots.txt of an origin for later runs."""
        self.connection.execute(
            "INSERT INTO robots (origin, body, fetched_at) VALUES (?, ?, ?) "
            "ON CONFLICT (origin) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
            (origin, body, fetched_at),
        )

    def sites(self) -> set[str]:
        """Sites that have run to some end: any page of theirs was fetched."""
        return {site for (site,) in self.connection.execute("SELECT DISTINCT site FROM pages WHERE fetched_at IS NOT NULL")}

    def _waiting(self, sql: str, parameters: tuple[str | int, ...]) -> list[Waiting]:
        return [Waiting(*row) for row in self.connection.execute(sql, parameters)]


@dataclass(slots=True)
class Record:
    """What a page's row says of its earlier fetches."""

    tries: int = 0
    every: int | None = None
    listed: int | None = None
    usual: float | None = None
    failing_since: str | None = None
    next_visit: str | None = None


def after(
    visit: Visit, before: Record, *, article: tuple[str | None, str | None, str] | None, unanswered: bool = False
) -> Record:
    """What the row says after a visit.

    ``article``: of a page that gives or gave an article, when that was published, how exactly that is known, and when it
    was first seen. ``unanswered``: a link block of it is to be asked for again, as early as what failed.
    """
    seen = datetime.fromisoformat(visit.fetched_at or now_text())
    out = Record(before.tries + 1, before.every, before.listed, before.usual)
    answered = visit.verdict in ("article", "list")
    out.failing_since = None if answered else before.failing_since or seen.isoformat(timespec="seconds")
    if visit.kind in LISTS:
        out.listed, out.usual = _listed(visit, before)
        if not visit.polled:
            # A list out of the reach of late posts is not looked at for its own sake.
            return out
        if answered:
            out.every = timetable.next_poll(before.every, visit.number or 1, out.listed or 0, visit.fresh)
        elif visit.verdict != "error":
            # It is there no more, or may not be read: less and less often, once a day at last.
            out.every = min(timetable.LONGEST, 2 * (before.every or timetable.FIRST))
        out.next_visit = text(seen, minutes=out.every or timetable.FIRST)
    elif article is not None and visit.kind == "article":
        published, precision, first_seen = article
        born = datetime.fromisoformat(published) if published else None
        if born is not None and precision == "day":
            born += timedelta(days=1)
        # A saved page was fetched long ago: it is looked at again by its age of today.
        looked = max(seen, datetime.now(UTC))
        turns = [timetable.next_look(born, datetime.fromisoformat(first_seen), looked)]
        if unanswered:
            turns.append(timetable.next_try(out.tries, seen))
        out.next_visit = text(min(filter(None, turns), default=None))
    elif visit.verdict in ("error", "blocked", "captcha"):
        out.next_visit = text(timetable.next_try(out.tries, seen))
    return out


def _listed(visit: Visit, before: Record) -> tuple[int | None, float | None]:
    """How many articles a list links, and usually links: an empty look does not make emptiness usual."""
    if visit.listed is None:
        return before.listed, before.usual
    if not visit.listed:
        return 0, before.usual
    usual = float(visit.listed) if before.usual is None else round(0.8 * before.usual + 0.2 * visit.listed, 2)
    return visit.listed, usual


def now_text() -> str:
    """The current time as stored: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def text(at: datetime | None, *, minutes: int = 0) -> str | None:
    """A time as stored."""
    if at is None:
        return None
    return datetime.fromtimestamp(at.timestamp() + 60 * minutes, UTC).isoformat(timespec="seconds")


def keyed(urls: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Addresses with their keys; what is no address is left out."""
    for url in urls:
        try:
            yield fingerprint.key(url), url
        except ValueError:
            continue
