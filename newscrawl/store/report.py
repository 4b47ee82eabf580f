"""What a report asks of the database: one stretch of days against the one before it, read at one moment."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from newscrawl.days import midnight
from newscrawl.health import COMMAND
from newscrawl.store import coverage, ledger

BEFORE = timedelta(weeks=4)
"""How far back fields are compared, and runs looked for."""

_TOLD = """
CREATE TEMP TABLE {} (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, hour INTEGER, site TEXT NOT NULL, publisher TEXT NOT NULL, region TEXT, source TEXT,
    title TEXT NOT NULL, url TEXT NOT NULL, published_at TEXT NOT NULL
)
"""


class Told:
    """The articles published on the chosen days, and what belongs to them; made by `told`. Rows are dicts by column.

    ``publisher`` is the site's name where a site has no publisher. ``sites`` are the chosen ones, empty for all.
    """

    def __init__(self, connection: sqlite3.Connection, since: date, until: date, sites: Sequence[str]) -> None:
        self._connection = connection
        self.since, self.until, self.sites = since, until, tuple(sites)
        self._marks = ", ".join("?" * len(self.sites))
        after = until + timedelta(days=1)
        # What is no time of publication is stored in UTC; its day, too, is one of China's.
        self._window = (midnight(since), midnight(after))
        before = since - (after - since)
        self._before = (midnight(before), self._window[0])
        self._put("told", since, after)
        self._put("told_before", before, since)

    def _put(self, table: str, first: date, after: date) -> None:
        execute = self._connection.execute
        execute(_TOLD.format(table))
        # A time of publication begins with its day, as the page prints it.
        execute(
            f"INSERT INTO {table} SELECT id, substr(published_at, 1, 10), "  # noqa: S608
            "CASE WHEN published_precision IN ('second', 'minute', 'hour') THEN CAST(substr(published_at, 12, 2) AS INTEGER) END, "
            "site, coalesce(publisher, site), region, source, title, url, published_at FROM articles "
            f"WHERE published_at >= ? AND published_at < ?{self._of('site')}",
            (first.isoformat(), after.isoformat(), *self.sites),
        )

    def _of(self, column: str) -> str:
        return f" AND {column} IN ({self._marks})" if self.sites else ""

    def _rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        cursor = self._connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _one(self, sql: str, *parameters: Any) -> Any:
        return self._connection.execute(sql, parameters).fetchone()[0]

    # -- published

    def totals(self) -> dict[str, int]:
        """``articles``, ``sites`` and ``publishers`` of these days; ``before``: articles of as many days before; ``undated``: articles
        without a time of publication first stored on these days; ``stored``: all that were."""
        articles, sites, publishers = self._connection.execute(
            "SELECT count(*), count(DISTINCT site), count(DISTINCT publisher) FROM told"
        ).fetchone()
        stored, undated = self._connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE published_at IS NULL) FROM articles "  # noqa: S608
            f"WHERE first_seen >= ? AND first_seen < ?{self._of('site')}",
            (*self._window, *self.sites),
        ).fetchone()
        return {
            "articles": articles, "sites": sites, "publishers": publishers, "stored": stored, "undated": undated,
            "before": self._one("SELECT count(*) FROM told_before"),
        }  # fmt: skip

    def by_region(self) -> list[tuple[str | None, int, int]]:
        """Region, articles, articles before; most first."""
        return self._against("region")

    def by_publisher(self) -> list[tuple[str, int, int]]:
        """Publisher, articles, articles before; most first."""
        return [(name or "", now, before) for name, now, before in self._against("publisher") if now]

    def by_source(self, most: int) -> list[tuple[str, int, int]]:
        """来源, articles, articles before; most first."""
        return [(name, now, before) for name, now, before in self._against("source") if name and now][:most]

    def _against(self, column: str) -> list[tuple[str | None, int, int]]:
        return self._connection.execute(
            f"SELECT {column} AS name, sum(now), sum(before) FROM ("  # noqa: S608
            f"SELECT {column}, count(*) AS now, 0 AS before FROM told GROUP BY 1 UNION ALL "
            f"SELECT {column}, 0, count(*) FROM told_before GROUP BY 1) GROUP BY name ORDER BY 2 DESC, 3 DESC, name"
        ).fetchall()

    def by_hour(self) -> dict[int, int]:
        """Articles by hour of publication; those of which only the day is known are left out."""
        return dict(self._connection.execute("SELECT hour, count(*) FROM told WHERE hour IS NOT NULL GROUP BY hour").fetchall())

    def chosen_sites(self) -> dict[str, dict[str, Any]]:
        """The sites that are looked at, by name: title, publisher, region."""
        found = self._rows(
            f"SELECT name, title, publisher, region FROM sites WHERE true{self._of('name')} ORDER BY name",  # noqa: S608
            *self.sites,
        )
        return {row.pop("name"): row for row in found}

    def days(self, since: date) -> dict[str, dict[date, int]]:
        """For each site, articles by day of publication from ``since`` to the last day; sites and days without any are left out."""
        found = coverage.days(self._connection, since, self.until)
        return {site: days for site, days in found.items() if not self.sites or site in self.sites}

    # -- recommended

    def recommended(self, most: int) -> list[dict[str, Any]]:
        """What these days' articles recommend most: title, url, ``articles`` that do so, ``by`` (their publishers, most first), and of
        one that is stored its publisher and published_at."""
        found = self._rows(
            "SELECT l.target_key AS key, max(l.url) AS url, coalesce(max(l.full_title), max(l.title)) AS title, max(l.target_id) AS id, "
            "count(DISTINCT l.article_id) AS articles FROM told t CROSS JOIN article_links l ON l.article_id = t.id "
            "WHERE l.kind = 'recommended' AND l.target_key IS NOT NULL AND l.article_id IS NOT l.target_id "
            "GROUP BY l.target_key ORDER BY articles DESC, title, key LIMIT ?",
            most,
        )
        for row in found:
            row["by"] = self._connection.execute(
                "SELECT t.publisher, count(DISTINCT t.id) FROM article_links l CROSS JOIN told t ON t.id = l.article_id "
                "WHERE l.target_key = ? AND l.kind = 'recommended' AND l.article_id IS NOT l.target_id GROUP BY 1 ORDER BY 2 DESC, 1",
                (row["key"],),
            ).fetchall()
            stored = self._rows(
                "SELECT title, url, coalesce(publisher, site) AS publisher, published_at FROM articles WHERE id = ?", row["id"]
            )
            row |= stored[0] if stored else {"publisher": None, "published_at": None}
        return found

    def recommendations(self) -> tuple[int, int]:
        """How many recommendations stand beside these days' articles, and how many of them lead to an article that is stored."""
        row: tuple[int, int] = self._connection.execute(
            "SELECT count(*), count(l.target_id) FROM told t CROSS JOIN article_links l ON l.article_id = t.id WHERE l.kind = 'recommended'"
        ).fetchone()
        return row

    # -- reprinted

    def reprints(self) -> tuple[int, int]:
        """How many of these days' articles are reprints (members of a cluster, its likely origin left out), and how many before."""
        return self._reprints("told"), self._reprints("told_before")

    def _reprints(self, table: str) -> int:
        return int(
            self._one(
                f"SELECT count(*) FROM {table} t CROSS JOIN cluster_members m ON m.article_id = t.id "  # noqa: S608
                "CROSS JOIN clusters c ON c.id = m.cluster_id WHERE t.id IS NOT c.origin_id"
            )
        )

    def stories(self, most: int) -> list[dict[str, Any]]:
        """The clusters with reprints of most publishers on these days: ``reprints`` and ``publishers`` of these days, origin_id,
        origin_reasons (a list), and ``members`` up to the last day, the earliest first: id, publisher, site, title, url, published_at, precision."""
        found = self._rows(
            "SELECT c.id, c.origin_id, c.origin_reasons, count(*) AS reprints, count(DISTINCT t.publisher) AS publishers "
            "FROM told t CROSS JOIN cluster_members m ON m.article_id = t.id CROSS JOIN clusters c ON c.id = m.cluster_id "
            "WHERE t.id IS NOT c.origin_id GROUP BY c.id ORDER BY publishers DESC, reprints DESC, c.last_published_at DESC, c.id LIMIT ?",
            most,
        )
        after = (self.until + timedelta(days=1)).isoformat()
        for row in found:
            row["origin_reasons"] = json.loads(row["origin_reasons"])
            row["members"] = self._rows(
                "SELECT a.id, coalesce(a.publisher, a.site) AS publisher, coalesce(s.title, a.site) AS site, a.title, a.url, a.published_at, "
                "a.published_precision AS precision FROM cluster_members m CROSS JOIN articles a ON a.id = m.article_id LEFT JOIN sites s ON s.name = a.site "
                "WHERE m.cluster_id = ? AND a.published_at < ? ORDER BY datetime(a.published_at), a.id IS NOT ?, a.id",
                row["id"], after, row["origin_id"],
            )  # fmt: skip
        return found

    def takers(self, most: int) -> list[tuple[str, str, int]]:
        """From whose likely origins who has reprinted on these days, and how often: two publishers, reprints."""
        return self._connection.execute(
            "SELECT coalesce(o.publisher, o.site), t.publisher, count(*) AS reprints FROM told t CROSS JOIN cluster_members m ON m.article_id = t.id "
            "CROSS JOIN clusters c ON c.id = m.cluster_id CROSS JOIN articles o ON o.id = c.origin_id WHERE t.id <> o.id "
            "GROUP BY 1, 2 ORDER BY reprints DESC, 1, 2 LIMIT ?",
            (most,),
        ).fetchall()

    # -- corrected, vanished

    def corrections(self) -> list[dict[str, Any]]:
        """What sites changed of their articles, as it was seen on these days, newest first: article_id, site, publisher, title, url,
        changed (a list), summary, replaced_at."""
        found = self._rows(
            "SELECT r.article_id, a.site, coalesce(a.publisher, a.site) AS publisher, a.title, a.url, r.changed, r.summary, "  # noqa: S608
            "r.replaced_at FROM revisions r CROSS JOIN articles a ON a.id = r.article_id "
            f"WHERE r.cause = 'site' AND r.replaced_at >= ? AND r.replaced_at < ?{self._of('a.site')} ORDER BY r.replaced_at DESC, r.id DESC",
            *self._window, *self.sites,
        )  # fmt: skip
        for row in found:
            row["changed"] = json.loads(row["changed"])
        return found

    def corrections_before(self) -> int:
        """How many articles were corrected on as many days before."""
        return int(
            self._one(
                "SELECT count(DISTINCT r.article_id) FROM revisions r CROSS JOIN articles a ON a.id = r.article_id "  # noqa: S608
                f"WHERE r.cause = 'site' AND r.replaced_at >= ? AND r.replaced_at < ?{self._of('a.site')}",
                *self._before,
                *self.sites,
            )
        )

    def vanished(self) -> list[dict[str, Any]]:
        """Articles that were first missed on these days and are still gone, newest loss first."""
        return self._rows(
            "SELECT id, site, coalesce(publisher, site) AS publisher, title, url, published_at, gone_at, gone_why FROM articles "  # noqa: S608
            f"WHERE gone_at >= ? AND gone_at < ?{self._of('site')} ORDER BY gone_at DESC, id DESC",
            *self._window,
            *self.sites,
        )

    def vanished_before(self) -> int:
        """How many were first missed on as many days before."""
        return int(
            self._one(
                f"SELECT count(*) FROM articles WHERE gone_at >= ? AND gone_at < ?{self._of('site')}",  # noqa: S608
                *self._before,
                *self.sites,
            )
        )

    # -- people

    def people(self, role: str, most: int) -> list[dict[str, Any]]:
        """Whose names stand most often in a role: name, articles, ``before``, and ``by`` (publishers, most first)."""
        found = self._rows(
            "SELECT b.name, count(DISTINCT t.id) AS articles FROM told t CROSS JOIN bylines b ON b.article_id = t.id "
            "WHERE b.role = ? GROUP BY b.name ORDER BY articles DESC, b.name LIMIT ?",
            role,
            most,
        )
        for row in found:
            row["by"] = self._connection.execute(
                "SELECT t.publisher, count(DISTINCT t.id) FROM bylines b CROSS JOIN told t ON t.id = b.article_id "
                "WHERE b.name = ? AND b.role = ? GROUP BY 1 ORDER BY 2 DESC, 1",
                (row["name"], role),
            ).fetchall()
            row["before"] = self._one(
                "SELECT count(DISTINCT t.id) FROM bylines b CROSS JOIN told_before t ON t.id = b.article_id WHERE b.name = ? AND b.role = ?",
                row["name"],
                role,
            )
        return found

    def named(self, role: str) -> tuple[int, int]:
        """How many articles of these days name somebody in a role, and how many names there are."""
        row: tuple[int, int] = self._connection.execute(
            "SELECT count(DISTINCT t.id), count(DISTINCT b.name) FROM told t CROSS JOIN bylines b ON b.article_id = t.id WHERE b.role = ?",
            (role,),
        ).fetchone()
        return row

    # -- missing

    def states(self) -> list[dict[str, Any]]:
        """The sites that were yellow or red after the last run judged by the last day, red first: site, state, since, message."""
        found = self._connection.execute(
            f"SELECT max(id) FROM runs WHERE state IS NOT NULL AND started_at < ?{self._of('site')} GROUP BY site",  # noqa: S608
            (self._window[1], *self.sites),
        ).fetchall()
        records = [record for (number,) in found if (record := ledger.run(self._connection, number)) is not None]
        rows = [
            {
                "site": record.site, "state": record.state, "since": ledger.state_since(self._connection, record),
                "message": (record.message or "").removeprefix(f"{record.site}: "),
            }
            for record in records if record.state in ("yellow", "red")
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row["state"] != "red", row["since"], row["site"]))

    def runs(self) -> dict[str, tuple[int, int]]:
        """For each site its crawls on these days and in the four weeks before."""
        first = midnight(self.since - BEFORE)
        return {
            site: (now, before)
            for site, now, before in self._connection.execute(
                "SELECT site, count(*) FILTER (WHERE started_at >= ?2), count(*) FILTER (WHERE started_at < ?2) FROM runs "  # noqa: S608
                f"WHERE site IS NOT NULL AND started_at >= ?1 AND started_at < ?3 {self._numbered('site', 4)} GROUP BY site ORDER BY site",
                (first, *self._window, *self.sites),
            )
        }

    def fields(self) -> list[dict[str, Any]]:
        """For each site and field: articles that the crawls of these days read (``now``) and those among them that have it (``filled``), and
        the same of the four weeks before (``before``, ``filled_before``)."""
        first = midnight(self.since - BEFORE)
        return self._rows(
            "SELECT r.site, f.field, "  # noqa: S608
            "sum(f.articles) FILTER (WHERE r.started_at >= ?2) AS now, sum(f.filled) FILTER (WHERE r.started_at >= ?2) AS filled, "
            "sum(f.articles) FILTER (WHERE r.started_at < ?2) AS before, sum(f.filled) FILTER (WHERE r.started_at < ?2) AS filled_before "
            "FROM runs r CROSS JOIN run_fields f ON f.run_id = r.id LEFT JOIN settings s ON s.name = 'health:' || r.site "
            "WHERE r.command = ?4 AND r.started_at >= ?1 AND r.started_at < ?3 AND r.id > coalesce(CAST(s.value AS INTEGER), 0) "
            f"{self._numbered('r.site', 5)} GROUP BY r.site, f.field HAVING now > 0 AND before > 0",
            first, *self._window, COMMAND, *self.sites,
        )  # fmt: skip

    def _numbered(self, column: str, first: int) -> str:
        """As `_of`, for statements whose parameters have numbers."""
        return f" AND {column} IN ({', '.join(f'?{first + index}' for index in range(len(self.sites)))})" if self.sites else ""

    def unanswered(self, most: int) -> list[dict[str, Any]]:
        """Link blocks of these days' pages that a script fills and nobody filled: site, heading, articles."""
        return self._rows(
            "SELECT t.site, b.heading, count(DISTINCT t.id) AS articles FROM told t CROSS JOIN article_blocks b ON b.article_id = t.id "
            "WHERE b.filled_by = 'unanswered' GROUP BY t.site, b.heading ORDER BY articles DESC, t.site, b.heading LIMIT ?",
            most,
        )

    def never_crawled(self, most: int) -> list[dict[str, Any]]:
        """What these days' articles recommend or call related and is not stored: title, url, source, ``articles`` that link it, and the
        last ``verdict`` on it with its ``why`` where it was asked for."""
        return self._rows(
            "SELECT f.title, f.url, f.source, f.articles, p.verdict, p.why FROM (SELECT l.target_key AS key, max(l.url) AS url, "
            "coalesce(max(l.full_title), max(l.title)) AS title, max(l.source) AS source, count(DISTINCT l.article_id) AS articles "
            "FROM told t CROSS JOIN article_links l ON l.article_id = t.id WHERE l.target_id IS NULL AND l.target_key IS NOT NULL "
            "AND l.kind IN ('recommended', 'related') GROUP BY l.target_key ORDER BY articles DESC, title, key LIMIT ?) f "
            "LEFT JOIN pages p ON p.key = f.key ORDER BY f.articles DESC, f.title, f.key",
            most,
        )

    def never_crawled_count(self) -> int:
        """How many addresses these days' articles recommend or call related that are not stored."""
        return int(
            self._one(
                "SELECT count(DISTINCT l.target_key) FROM told t CROSS JOIN article_links l ON l.article_id = t.id "
                "WHERE l.target_id IS NULL AND l.kind IN ('recommended', 'related')"
            )
        )


@contextmanager
def told(connection: sqlite3.Connection, since: date, until: date, sites: Sequence[str] = ()) -> Iterator[Told]:
    """The database as it is at one moment, asked about the days from ``since`` to ``until`` (China's), and about ``sites`` alone where
    any are named. ``connection`` must not be within a transaction; it may be read-only."""
    connection.execute("BEGIN")
    try:
        yield Told(connection, since, until, sites)
    finally:
        # The temporary tables go with it.
        connection.execute("ROLLBACK")


def days_with_articles(connection: sqlite3.Connection, sites: Sequence[str] = ()) -> dict[date, int]:
    """Articles by day of publication, oldest first, of all sites or of some."""
    marks = ", ".join("?" * len(sites))
    found = connection.execute(
        "SELECT substr(published_at, 1, 10) AS day, count(*) FROM articles WHERE published_at IS NOT NULL "  # noqa: S608
        f"{f'AND site IN ({marks})' if sites else ''} GROUP BY day ORDER BY day",
        tuple(sites),
    )
    return {day: articles for text, articles in found if (day := coverage.day_of(text))}
