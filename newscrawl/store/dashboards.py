"""The numbers behind the charts: each answer carries the SQL that gave it, so that whoever doubts a chart can run it.

A period is a span of days of publication, China's (the first ten characters of ``published_at``); articles without a time are in none.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

NEWEST = 2000
"""Of how many articles of a period, the newest, what stands around them is counted; more would take seconds."""


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` to ``until``, both included; of a region or a site where these are named."""

    since: date
    until: date
    region: str = ""
    site: str = ""

    @property
    def unit(self) -> str:
        """What the time is told by: ``day`` for a quarter of a year, ``month`` for ten years, else ``year``."""
        days = (self.until - self.since).days
        return "day" if days < 92 else "month" if days < 3660 else "year"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, and the question they answer: SQL with named parameters, and these."""

    sql: str
    parameters: dict[str, str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All answers of a period. Columns by answer:

    - ``by_day``: site, day, month or year (see `Period.unit`), articles
    - ``sources``: source, articles
    - ``hours``: weekday (0: Sunday), hour (``07``), articles
    - ``channels``: channel, articles
    - ``flows``: origin's publisher, publisher, articles, hours from one to the other on average
    - ``fields``: site, articles, then for each of `FIELDS` in how many it is there; of the newest articles
    - ``links``: kind, links, articles with such a block, articles where it stands empty; of the newest articles
    - ``ages``: bucket of `AGES`, links; of the newest articles
    """

    by_day: Answer
    sources: Answer
    hours: Answer
    channels: Answer
    flows: Answer
    fields: Answer
    links: Answer
    ages: Answer


FIELDS = ("source", "reporter", "author", "correspondent", "editor", "images", "channel", "keywords", "recommended", "related")
"""What is counted of each article, apart from title, body and time, which each has."""

AGES = ("newer", "same day", "1 d", "2–3 d", "4–7 d", "8–30 d", "1–3 mo", "3–12 mo", "older")
"""How old a recommended article is, by the day of the article that recommends it."""


def dashboard(connection: sqlite3.Connection, period: Period) -> Dashboard:
    """All numbers of a period; a site that is named goes before a region."""
    return Dashboard(
        by_day=_ask(
            connection,
            f"SELECT s.name AS site, substr(a.published_at, 1, {_LENGTHS[period.unit]}) AS day, count(*) AS articles\n"
            f"FROM sites s CROSS JOIN articles a ON a.site = s.name\nWHERE {_where(period)}\nGROUP BY s.name, day",
            period,
        ),
        sources=_ask(
            connection,
            f"SELECT source, count(*) AS articles\nFROM articles a\nWHERE {_where(period)} AND source IS NOT NULL\n"
            "GROUP BY source ORDER BY articles DESC, source LIMIT 20",
            period,
        ),
        hours=_ask(connection, _HOURS.format(where=_where(period)), period),
        channels=_ask(
            connection,
            f"SELECT channel, count(*) AS articles\nFROM articles a\nWHERE {_where(period)} AND channel IS NOT NULL\n"
            "GROUP BY channel ORDER BY articles DESC, channel LIMIT 20",
            period,
        ),
        flows=_ask(connection, _FLOWS.format(where=_where(period)), period),
        fields=_ask(connection, _FIELDS.format(newest=_newest(period)), period),
        links=_ask(connection, _LINKS.format(newest=_newest(period)), period),
        ages=_ask(connection, _AGES.format(newest=_newest(period)), period),
    )


_LENGTHS = {"day": 10, "month": 7, "year": 4}
_HOURS = """
SELECT strftime('%w', substr(at, 1, 10)) AS weekday, substr(at, 12, 2) AS hour, sum(articles) AS articles
FROM (SELECT substr(a.published_at, 1, 13) AS at, count(*) AS articles FROM articles a
      WHERE {where} AND substr(a.published_at, 12, 8) <> '00:00:00' GROUP BY at)
GROUP BY weekday, hour
"""
_FLOWS = """
SELECT coalesce(o.publisher, o.site) AS origin_publisher, coalesce(a.publisher, a.site) AS publisher, count(*) AS articles,
       round(avg(CAST(strftime('%s', a.published_at) AS INTEGER) - CAST(strftime('%s', o.published_at) AS INTEGER)) / 3600.0, 1) AS hours
FROM clusters c CROSS JOIN cluster_members m ON m.cluster_id = c.id CROSS JOIN articles a ON a.id = m.article_id
     JOIN articles o ON o.id = c.origin_id
WHERE c.last_published_at >= :since AND {where} AND a.id <> o.id
      AND coalesce(o.publisher, o.site) <> coalesce(a.publisher, a.site)
GROUP BY origin_publisher, coalesce(a.publisher, a.site)
ORDER BY articles DESC, origin_publisher, 2
"""
_FIELDS = """
SELECT a.site, count(*) AS articles, count(a.source) AS source,
       sum(EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id AND role = 'reporter')) AS reporter,
       sum(EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id AND role = 'author')) AS author,
       sum(EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id AND role = 'correspondent')) AS correspondent,
       sum(EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id AND role = 'editor')) AS editor,
       sum(EXISTS (SELECT 1 FROM images WHERE article_id = a.id)) AS images,
       count(a.channel) AS channel, count(a.keywords) AS keywords,
       sum(EXISTS (SELECT 1 FROM article_blocks WHERE article_id = a.id AND kind = 'recommended' AND links > 0)) AS recommended,
       sum(EXISTS (SELECT 1 FROM article_blocks WHERE article_id = a.id AND kind = 'related' AND links > 0)) AS related
FROM ({newest}) n CROSS JOIN articles a ON a.id = n.id
GROUP BY a.site ORDER BY articles DESC, a.site
"""
_LINKS = """
SELECT b.kind, sum(b.links) AS links, count(DISTINCT CASE WHEN b.links > 0 THEN b.article_id END) AS articles,
       count(DISTINCT CASE WHEN b.links = 0 THEN b.article_id END) AS empty
FROM ({newest}) n CROSS JOIN article_blocks b ON b.article_id = n.id
GROUP BY b.kind ORDER BY links DESC, b.kind
"""
_AGES = """
SELECT CASE WHEN age < 0 THEN 'newer' WHEN age < 1 THEN 'same day' WHEN age < 2 THEN '1 d' WHEN age < 4 THEN '2–3 d'
            WHEN age < 8 THEN '4–7 d' WHEN age < 31 THEN '8–30 d' WHEN age < 92 THEN '1–3 mo'
            WHEN age < 366 THEN '3–12 mo' ELSE 'older' END AS age_of_recommended, count(*) AS links
FROM (SELECT julianday(substr(n.published_at, 1, 10)) - julianday(substr(t.published_at, 1, 10)) AS age
      FROM ({newest}) n CROSS JOIN article_links l ON l.article_id = n.id CROSS JOIN articles t ON t.id = l.target_id
      WHERE l.kind = 'recommended' AND l.gone_at IS NULL AND t.published_at IS NOT NULL AND t.id <> n.id)
WHERE age IS NOT NULL
GROUP BY age_of_recommended ORDER BY min(age)
"""


def _where(period: Period) -> str:
    chosen = ""
    if period.site:
        chosen = " AND a.site = :site"
    elif period.region:
        chosen = " AND a.site IN (SELECT name FROM sites WHERE region = :region)"
    return f"a.published_at >= :since AND a.published_at < :until{chosen}"


def _newest(period: Period) -> str:
    return f"SELECT a.id, a.published_at FROM articles a WHERE {_where(period)} ORDER BY a.published_at DESC LIMIT {NEWEST}"  # noqa: S608


def _ask(connection: sqlite3.Connection, sql: str, period: Period) -> Answer:
    # A day ends before the next begins, which a time's text tells.
    given = {"since": period.since.isoformat(), "until": (period.until + timedelta(days=1)).isoformat()}
    if period.site:
        given["site"] = period.site
    elif period.region:
        given["region"] = period.region
    sql = sql.strip()
    return Answer(sql, given, connection.execute(sql, given).fetchall())
