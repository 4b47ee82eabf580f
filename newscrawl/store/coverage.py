"""Questions about coverage: articles by site and day of publication, and which runs took place when.

A day is China's: the first ten characters of ``published_at``, which nearly every page gives in China's time (+08:00). Runs are on record
in UTC and are told here by their day in China.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from newscrawl.days import SHANGHAI, midnight

GOOD = (0, 3)
"""Exit codes of a run that did its work: 3 says besides that the site is not well."""

BY_DAY = "SELECT * FROM articles_by_day WHERE day BETWEEN :since AND :until"
"""What an analyst may begin with: articles by site and day."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its spider's name, its title for people, its province and city."""

    name: str
    title: str
    region: str | None
    city: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a site: its number, its day in China, its start (ISO 8601, UTC), whether it did its work, its reason or message, and
    how many pages it read (articles, known ones too, and refused pages)."""

    id: int
    day: date
    started_at: str
    good: bool
    why: str
    read: int


def sites(connection: sqlite3.Connection) -> list[Site]:
    """The sites that have run, by region and title."""
    rows = connection.execute(
        "SELECT name, coalesce(title, name), region, city FROM sites ORDER BY region IS NULL, region, city IS NOT NULL, coalesce(title, name)"
    )
    return [Site(*row) for row in rows]


def span(connection: sqlite3.Connection, site: str | None = None) -> tuple[date, date] | None:
    """The first and last day of publication, of a site or of all; days to come and what is no day are left out."""
    tomorrow = (datetime.now(SHANGHAI).date() + timedelta(days=1)).isoformat()
    where, given = ("site = ? AND ", [site]) if site is not None else ("", [])
    first, last = (
        connection.execute(
            f"SELECT published_at FROM articles WHERE {where}published_at >= '1980' AND published_at < ? "  # noqa: S608
            f"ORDER BY published_at {order} LIMIT 1",
            [*given, tomorrow],
        ).fetchone()
        for order in ("ASC", "DESC")
    )
    days = [day for row in (first, last) if row and (day := day_of(row[0]))]
    return (min(days), max(days)) if days else None


def days(connection: sqlite3.Connection, since: date, until: date, *, site: str | None = None) -> dict[str, dict[date, int]]:
    """Articles by site and day of publication from ``since`` to ``until``, both included; days without any are not in it."""
    found: dict[str, dict[date, int]] = {}
    # Site by site, for the index has a site's times in order.
    for name, text, articles in connection.execute(
        "SELECT s.name, substr(a.published_at, 1, 10) AS day, count(*) FROM sites s CROSS JOIN articles a ON a.site = s.name "
        "WHERE (:site IS NULL OR s.name = :site) AND a.published_at >= :since AND a.published_at < :after GROUP BY s.name, day",
        {"site": site, "since": since.isoformat(), "after": (until + timedelta(days=1)).isoformat()},
    ):
        day = day_of(text)
        if day:
            of = found.setdefault(name, {})
            of[day] = of.get(day, 0) + articles
    return found


def undated(connection: sqlite3.Connection, site: str | None = None) -> int:
    """How many articles have no time of publication, of a site or of all."""
    where, given = (" AND site = ?", [site]) if site is not None else ("", [])
    row: tuple[int] = connection.execute(
        f"SELECT count(*) FROM articles WHERE published_at IS NULL{where}",  # noqa: S608
        given,
    ).fetchone()
    return row[0]


def runs(connection: sqlite3.Connection, site: str, since: date, until: date) -> list[Run]:
    """A site's runs that asked the web (crawls and backfills) from ``since`` to ``until``, days in China, both included, first ones
    first. Runs that are not finished are left out."""
    rows = connection.execute(
        "SELECT id, started_at, exit_code, state, coalesce(message, reason, ''), "
        "coalesce(new + changed + unchanged + duplicates + refused, 0) FROM runs WHERE site = ? AND started_at >= ? AND started_at < ? "
        "AND command IN ('crawl', 'backfill') AND finished_at IS NOT NULL ORDER BY started_at",
        (site, midnight(since), midnight(until + timedelta(days=1))),
    )
    return [
        Run(
            number,
            datetime.fromisoformat(started).astimezone(SHANGHAI).date(),
            started,
            code in GOOD and state != "red" and read > 0,
            why,
            read,
        )
        for number, started, code, state, why, read in rows
    ]


def first_runs(connection: sqlite3.Connection) -> dict[str, date]:
    """For each site the day in China of its first crawl."""
    rows = connection.execute(
        "SELECT s.name, (SELECT min(started_at) FROM runs WHERE site = s.name AND command IN ('crawl', 'backfill')) FROM sites s"
    )
    return {name: datetime.fromisoformat(text).astimezone(SHANGHAI).date() for name, text in rows if text}


def last_days(connection: sqlite3.Connection) -> dict[str, date]:
    """For each site the last day on which an article of it was published, days to come left out."""
    tomorrow = (datetime.now(SHANGHAI).date() + timedelta(days=1)).isoformat()
    rows = connection.execute(
        "SELECT s.name, (SELECT max(published_at) FROM articles WHERE site = s.name AND published_at < ?) FROM sites s",
        (tomorrow,),
    )
    return {name: day for name, text in rows if text and (day := day_of(text))}


def day_of(text: str) -> date | None:
    """The day that a time's text begins with; ``None`` where it begins with none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
