"""Tables to take away: what a row of each is, its columns with what they hold, and the questions that give them, row by row.

A table is read at one moment, however long that takes, through a connection that may be read-only; nothing of it is held in memory.
Besides the tables of `TABLES` there are the views of views.sql, saved queries and any SELECT: the kinds of their columns are told from
what is in them, which is one more pass over the query.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal

from newscrawl.days import midnight
from newscrawl.export import Column, Kind, Row
from newscrawl.store import schema
from newscrawl.store.links import choose

Wrap = Callable[[str, Sequence[str]], str]
"""Makes another query of a query's text and the names of its columns."""


class ExportProblem(Exception):
    """Something was asked for that there is not; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table: ``sql`` gives it. ``default``: whether it is there unless columns are named; ``long``: a whole text."""

    column: Column
    sql: str
    default: bool = True
    long: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be taken away.

    ``source`` is its FROM clause and what follows; ``{articles}`` stands for the chosen articles as ``a``, ``{sites}`` and the like for
    conditions, ``{when}`` for one on ``time``, a column in UTC. ``days``: what --since and --until choose by. ``feed``: the columns that
    the entries of a feed are made of; none: its rows are no news.
    """

    name: str
    row: str
    days: str
    fields: tuple[Field, ...]
    source: str
    time: str | None = None
    feed: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Column]:
        """All columns by name."""
        return {field.column.name: field.column for field in self.fields}


def _f(
    name: str, sql: str, kind: Kind = "text", *, told: str | None = None, zone: Literal["Asia/Shanghai", "UTC"] = "UTC", default: bool = True,
    long: bool = False,
) -> Field:  # fmt: skip
    """A field; without ``told`` it has the description of the column that it is (``a.title``)."""
    if told is None:
        table, _, column = sql.partition(".")
        told = schema.DESCRIPTIONS[_ALIASES[table]][column]
    return Field(Column(name, kind, told, zone), sql, default, long)


_ALIASES = {
    "a": "articles", "b": "bylines", "i": "images", "l": "article_links", "p": "pages", "r": "revisions", "u": "article_urls", "x": "absences", "s": "sites", "n": "runs",
    "m": "cluster_members", "c": "clusters", "e": "run_fields",
}  # fmt: skip
CHINA: Literal["Asia/Shanghai"] = "Asia/Shanghai"


def _names(role: str, what: str) -> Field:
    names = f"SELECT name FROM bylines WHERE article_id = a.id AND role = '{role}' ORDER BY position"  # noqa: S608
    return _f(f"{role}s", f"(SELECT json_group_array(name) FROM ({names}))", "list", told=f"{what}, in the page's order")  # noqa: S608


_EDITORS = (
    "(SELECT json_group_array(coalesce(label || ':', '') || name) FROM "
    "(SELECT label, name FROM bylines WHERE article_id = a.id AND role = 'editor' ORDER BY position))"
)
_SITE_COLUMNS = (
    _f("site", "a.site"),
    _f("publisher", "a.publisher"),
    _f("published_at", "a.published_at", "time", zone=CHINA),
    _f("title", "a.title"),
    _f("url", "a.url"),
)
_RUN: tuple[tuple[str, Kind], ...] = (
    ("command", "text"), ("version", "text"), ("started_at", "time"), ("finished_at", "time"), ("seconds", "real"), ("reason", "text"),
    ("exit_code", "integer"), ("state", "text"), ("message", "text"), ("requests", "integer"), ("bytes", "integer"), ("new", "integer"),
    ("changed", "integer"), ("unchanged", "integer"), ("duplicates", "integer"), ("refused", "integer"), ("failed", "integer"),
    ("retries", "integer"), ("statuses", "json"), ("verdicts", "json"), ("links", "json"),
)  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "articles",
            "an article",
            "the day of publication; of an article without one, the day it was first seen",
            (
                _f("id", "a.id", "integer"),
                _f("url", "a.url"),
                _f("site", "a.site"),
                _f("site_title", "s.title"),
                _f("publisher", "a.publisher"),
                _f("region", "a.region"),
                _f("city", "s.city"),
                _f("channel", "a.channel"),
                _f("published_at", "a.published_at", "time", zone=CHINA),
                _f("published_precision", "a.published_precision"),
                _f("title", "a.title"),
                _f("kicker", "a.kicker"),
                _f("subtitle", "a.subtitle"),
                _f("source", "a.source"),
                _names("author", "names under 作者"),
                _names("reporter", "names of reporters (记者)"),
                _names("correspondent", "names of correspondents (通讯员)"),
                _f("editors", _EDITORS, "list", told="editors, each with the label it is printed under: 责任编辑:丛知夏"),
                _f("characters", "a.characters", "integer"),
                _f("keywords", "a.keywords", "list"),
                _f("lead", "a.lead"),
                _f(
                    "images",
                    "(SELECT count(*) FROM images WHERE article_id = a.id)",
                    "integer",
                    told="how many images the body has",
                ),
                _f(
                    "recommends",
                    "(SELECT count(*) FROM article_links WHERE article_id = a.id AND kind = 'recommended' AND gone_at IS NULL)",
                    "integer",
                    told="how many links stand under 推荐阅读",
                ),
                _f(
                    "recommended_by",
                    "(SELECT count(DISTINCT article_id) FROM article_links WHERE target_id = a.id AND kind = 'recommended')",
                    "integer",
                    told="how many stored articles recommend it, or did",
                ),
                _f(
                    "cluster_id",
                    "(SELECT cluster_id FROM cluster_members WHERE article_id = a.id)",
                    "integer",
                    told="its set of reprints, as in the table reprints; null: none is known",
                ),
                _f(
                    "changes",
                    "(SELECT count(*) FROM revisions WHERE article_id = a.id AND cause = 'site')",
                    "integer",
                    told="how often its site has changed it, as far as was seen",
                ),
                _f("first_seen", "a.first_seen", "time"),
                _f("last_changed", "a.last_changed", "time"),
                _f("gone_at", "a.gone_at", "time"),
                _f("flags", "a.flags", "list"),
                _f("body_text", "a.body_text", long=True),
                _f("body_html", "a.body_html", default=False, long=True),
                _f("published_raw", "a.published_raw", default=False),
                _f("source_url", "a.source_url", default=False),
                _f("charset", "a.charset", default=False),
                _f("content_hash", "a.content_hash", default=False),
                _f("provenance", "a.provenance", "json", default=False),
                _f("gone_why", "a.gone_why", default=False),
            ),
            "FROM {articles} JOIN sites s ON s.name = a.site ORDER BY a.id",
            feed=("url", "title", "published_at", "first_seen", "source", "publisher", "body_text"),
        ),
        Table(
            "links",
            "a link beside an article, with both of its ends",
            "the day of publication of the article it stands beside",
            (
                _f("id", "l.id", "integer"),
                _f("kind", "l.kind"),
                _f("heading", "l.heading"),
                _f("block", "l.block", "integer"),
                _f("position", "l.position", "integer"),
                _f("from_id", "a.id", "integer", told="the article it stands beside"),
                _f("from_site", "a.site", told="that article's site"),
                _f("from_publisher", "a.publisher", told="that site's publisher"),
                _f("from_published_at", "a.published_at", "time", told="when that article was published", zone=CHINA),
                _f("from_title", "a.title", told="that article's headline"),
                _f("from_url", "a.url", told="that article's address"),
                _f("title", "coalesce(l.full_title, l.title)", told="the link's title, whole where the page tells it"),
                _f("url", "l.url"),
                _f("target_key", "l.target_key"),
                _f("published_at", "l.published_at", "time", zone=CHINA),
                _f("source", "l.source"),
                _f("summary", "l.summary"),
                _f("thumbnail", "l.thumbnail"),
                _f("to_id", "t.id", "integer", told="the article it leads to; null: not stored"),
                _f("to_site", "t.site", told="that article's site"),
                _f("to_publisher", "t.publisher", told="that site's publisher"),
                _f("to_published_at", "t.published_at", "time", told="when that article was published", zone=CHINA),
                _f("to_title", "t.title", told="that article's headline"),
                _f("to_url", "t.url", told="that article's address"),
                _f("first_seen", "l.first_seen", "time"),
                _f("gone_at", "l.gone_at", "time"),
            ),
            "FROM {articles} CROSS JOIN article_links l ON l.article_id = a.id LEFT JOIN articles t ON t.id = l.target_id "
            "WHERE {kinds} ORDER BY a.id, l.id",
            feed=("url", "title", "first_seen", "kind", "heading", "from_title", "from_url", "from_site"),
        ),
        Table(
            "recommendations",
            "an address that articles recommend (推荐阅读), the most recommended first",
            "the day of publication of the articles that recommend it",
            (
                _f("recommended_by", "count(DISTINCT l.article_id)", "integer", told="how many articles recommend it, or did"),
                _f(
                    "title",
                    "coalesce(max(t.title), max(l.full_title), max(l.title))",
                    told="its headline, or its title in a link",
                ),
                _f("url", "coalesce(max(t.url), max(l.url))", told="its address"),
                _f("article_id", "max(l.target_id)", "integer", told="the article; null: not stored"),
                _f("site", "max(t.site)", told="the article's site"),
                _f("publisher", "max(t.publisher)", told="that site's publisher"),
                _f("published_at", "max(t.published_at)", "time", told="when it was published", zone=CHINA),
                _f("first_seen", "min(l.first_seen)", "time", told="when it was first seen recommended, UTC"),
                _f(
                    "standing",
                    "count(DISTINCT l.article_id) FILTER (WHERE l.gone_at IS NULL)",
                    "integer",
                    told="how many articles recommend it still",
                ),
                _f("target_key", "l.target_key"),
            ),
            "FROM {articles} CROSS JOIN article_links l ON l.article_id = a.id LEFT JOIN articles t ON t.id = l.target_id "
            "WHERE l.kind = 'recommended' AND l.target_key IS NOT NULL GROUP BY l.target_key ORDER BY count(DISTINCT l.article_id) DESC, l.target_key",
            feed=("url", "title", "first_seen", "recommended_by", "publisher", "site"),
        ),
        Table(
            "reprints",
            "an article of a set of reprints; the sets whole, each from the first article to the last",
            "the day of publication of any article of the set",
            (
                _f("cluster_id", "m.cluster_id", "integer"),
                _f("article_id", "m.article_id", "integer"),
                _f("origin", "m.article_id IS c.origin_id", "boolean", told="whether the others were most likely taken from it"),
                _f("similarity", "m.similarity", "real"),
                _f("containment", "m.containment", "real"),
                *_SITE_COLUMNS,
                _f("source", "a.source"),
                _f("characters", "a.characters", "integer"),
                _f(
                    "hours",
                    "round((julianday(a.published_at) - julianday(c.first_published_at)) * 24, 2)",
                    "real",
                    told="how long after the first of the set it was published",
                ),
                _f("articles", "c.articles", "integer", told="how many articles the set has"),
                _f("texts", "c.texts", "integer", told="how many different texts"),
                _f("sites", "c.sites", "integer", told="how many sites"),
                _f("publishers", "c.publishers", "integer", told="how many publishers"),
                _f("origin_id", "c.origin_id", "integer"),
                _f("origin_reasons", "c.origin_reasons", "list", told="why that one is the origin"),
            ),
            "FROM clusters c CROSS JOIN cluster_members m ON m.cluster_id = c.id CROSS JOIN articles a ON a.id = m.article_id "
            "WHERE {clusters} ORDER BY c.id, a.published_at IS NULL, datetime(a.published_at), a.id",
            feed=("url", "title", "published_at", "publisher", "source", "cluster_id", "articles", "similarity"),
        ),
        Table(
            "revisions",
            "a state of an article that is no longer there",
            "the day on which the next state was first seen, in China's time",
            (
                _f("article_id", "r.article_id", "integer"),
                _f("number", "r.number", "integer"),
                _f("cause", "r.cause"),
                _f(
                    "changed",
                    "r.changed",
                    "list",
                    told="what the next state has changed: title, kicker, subtitle, published, source, byline, body, images, links",
                ),
                _f("summary", "r.summary"),
                _f("seen_from", "r.seen_from", "time"),
                _f("last_seen", "r.last_seen", "time"),
                _f("replaced_at", "r.replaced_at", "time"),
                _f("site", "a.site"),
                _f("publisher", "a.publisher"),
                _f("url", "a.url"),
                _f("title", "r.title"),
                _f("title_now", "a.title", told="the headline, as it is now"),
                _f("kicker", "r.kicker"),
                _f("subtitle", "r.subtitle"),
                _f("published_at", "r.published_at", "time", zone=CHINA),
                _f("source", "r.source"),
                _f("bylines", "r.bylines", "json"),
                _f("images", "r.images", "json"),
                _f("body_text", "r.body_text", long=True),
                _f("body_html", "r.body_html", default=False, long=True),
                _f("blocks", "r.blocks", "json", default=False),
                _f("content_hash", "r.content_hash", default=False),
                _f("provenance", "r.provenance", "json", default=False),
            ),
            "FROM revisions r CROSS JOIN articles a ON a.id = r.article_id WHERE {sites} AND {when} ORDER BY r.id",
            time="r.replaced_at",
            feed=("url", "title", "replaced_at", "number", "summary", "publisher"),
        ),
        Table(
            "absences",
            "a time in which an article was not to be had",
            "the day on which it was first found to be gone, in China's time",
            (
                _f("article_id", "x.article_id", "integer"),
                _f("gone_at", "x.gone_at", "time"),
                _f("back_at", "x.back_at", "time"),
                _f("looked_at", "x.looked_at", "time"),
                _f("verdict", "x.verdict"),
                _f("why", "x.why"),
                *_SITE_COLUMNS,
            ),
            "FROM absences x CROSS JOIN articles a ON a.id = x.article_id WHERE {sites} AND {when} ORDER BY x.article_id, x.gone_at",
            time="x.gone_at",
            feed=("url", "title", "gone_at", "back_at", "verdict", "why", "publisher"),
        ),
        Table(
            "bylines",
            "a name in an article's byline",
            "the day of publication",
            (
                _f("article_id", "b.article_id", "integer"),
                _f("role", "b.role"),
                _f("position", "b.position", "integer"),
                _f("name", "b.name"),
                _f("label", "b.label"),
                *_SITE_COLUMNS,
                _f("source", "a.source"),
            ),
            "FROM {articles} CROSS JOIN bylines b ON b.article_id = a.id ORDER BY a.id, b.role, b.position",
        ),
        Table(
            "people",
            "a person in a role, who is named most first; two people of one name are one row",
            "the day of publication of their articles",
            (
                _f("name", "b.name"),
                _f("role", "b.role"),
                _f("articles", "count(DISTINCT a.id)", "integer", told="in how many articles"),
                _f("sites", "count(DISTINCT a.site)", "integer", told="on how many sites"),
                _f("first_published_at", "min(a.published_at)", "time", told="the first of them", zone=CHINA),
                _f("last_published_at", "max(a.published_at)", "time", told="the last of them", zone=CHINA),
            ),
            "FROM {articles} CROSS JOIN bylines b ON b.article_id = a.id GROUP BY b.name, b.role ORDER BY count(DISTINCT a.id) DESC, b.name, b.role",
        ),
        Table(
            "sources",
            "a 来源, the most credited first",
            "the day of publication of the articles that credit it",
            (
                _f("source", "a.source"),
                _f("articles", "count(*)", "integer", told="how many articles credit it"),
                _f("sites", "count(DISTINCT a.site)", "integer", told="on how many sites"),
                _f("publishers", "count(DISTINCT coalesce(a.publisher, a.site))", "integer", told="of how many publishers"),
                _f("first_published_at", "min(a.published_at)", "time", told="the first of them", zone=CHINA),
                _f("last_published_at", "max(a.published_at)", "time", told="the last of them", zone=CHINA),
            ),
            "FROM {articles} WHERE a.source IS NOT NULL GROUP BY a.source ORDER BY count(*) DESC, a.source",
        ),
        Table(
            "images",
            "an image of an article's body",
            "the day of publication",
            (
                _f("article_id", "i.article_id", "integer"),
                _f("position", "i.position", "integer"),
                _f("image_url", "i.url"),
                _f("caption", "i.caption"),
                _f("alt", "i.alt"),
                *_SITE_COLUMNS,
            ),
            "FROM {articles} CROSS JOIN images i ON i.article_id = a.id ORDER BY a.id, i.position",
        ),
        Table(
            "addresses",
            "an address of an article",
            "the day of publication",
            (
                _f("article_id", "u.article_id", "integer"),
                _f("address", "u.url"),
                _f("reason", "u.reason"),
                _f("first_seen", "u.first_seen", "time"),
                _f("key", "u.key"),
                *_SITE_COLUMNS,
            ),
            "FROM {articles} CROSS JOIN article_urls u ON u.article_id = a.id ORDER BY a.id, u.key",
        ),
        Table(
            "days",
            "a site and day of publication with articles",
            "the day",
            (
                _f("site", "a.site"),
                _f("day", "substr(a.published_at, 1, 10)", "day", told="the day, as the pages give it"),
                _f("articles", "count(*)", "integer", told="how many articles"),
                _f("sources", "count(DISTINCT a.source)", "integer", told="how many 来源 they credit"),
                _f("characters", "sum(a.characters)", "integer", told="how long they are together"),
            ),
            "FROM {articles} WHERE a.published_at IS NOT NULL GROUP BY a.site, substr(a.published_at, 1, 10) ORDER BY substr(a.published_at, 1, 10), a.site",
        ),
        Table(
            "pages",
            "an address that was found, with what it came to; refused ones too",
            "the day of the last fetch, or of the find, in China's time",
            (
                _f("key", "p.key"),
                _f("url", "p.url"),
                _f("site", "p.site"),
                _f("kind", "p.kind"),
                _f("verdict", "p.verdict"),
                _f("why", "p.why"),
                _f("status", "p.status", "integer"),
                _f("tries", "p.tries", "integer"),
                _f("first_seen", "p.first_seen", "time"),
                _f("fetched_at", "p.fetched_at", "time"),
                _f("next_visit", "p.next_visit", "time"),
                _f("failing_since", "p.failing_since", "time"),
                _f("found_on", "p.found_on"),
                _f("article_id", "p.article_id", "integer"),
                _f("depth", "p.depth", "integer"),
                _f("charset", "p.charset"),
                _f("size", "p.size", "integer"),
                _f("etag", "p.etag", default=False),
                _f("last_modified", "p.last_modified", default=False),
                _f("number", "p.number", "integer", default=False),
                _f("every", "p.every", "integer", default=False),
                _f("listed", "p.listed", "integer", default=False),
                _f("usual", "p.usual", "real", default=False),
                _f("read_by", "p.read_by", default=False),
            ),
            "FROM pages p WHERE {page_sites} AND {when} ORDER BY p.key",
            time="coalesce(p.fetched_at, p.first_seen)",
        ),
        Table(
            "runs",
            "a run of a site",
            "the day it began, in China's time",
            (
                _f("id", "n.id", "integer"),
                _f("site", "n.site", told="the spider; null: an ingest, of all its sites"),
                *(_f(name, f"n.{name}", kind) for name, kind in _RUN),
            ),
            "FROM runs n WHERE {run_sites} AND {when} ORDER BY n.id",
            time="n.started_at",
        ),
        Table(
            "fields",
            "a field that a run read: in how many of its articles it was there",
            "the day the run began, in China's time",
            (
                _f("run_id", "e.run_id", "integer"),
                _f("site", "n.site", told="the spider"),
                _f("started_at", "n.started_at", "time", told="when the run began, UTC"),
                _f("field", "e.field"),
                _f("articles", "e.articles", "integer"),
                _f("filled", "e.filled", "integer"),
                _f("distinct_values", "e.distinct_values", "integer"),
                _f("median_length", "e.median_length", "real"),
                _f("rules", "e.rules", "json"),
            ),
            "FROM runs n CROSS JOIN run_fields e ON e.run_id = n.id WHERE {run_sites} AND {when} ORDER BY n.id, e.field",
            time="n.started_at",
        ),
        Table(
            "sites",
            "a site that has run",
            "",
            (
                _f("name", "s.name"),
                _f("title", "s.title"),
                _f("publisher", "s.publisher"),
                _f("region", "s.region"),
                _f("city", "s.city"),
                _f("home", "s.home"),
                _f(
                    "articles",
                    "(SELECT count(*) FROM articles WHERE site = s.name)",
                    "integer",
                    told="how many articles are stored",
                ),
                _f(
                    "first_published_at",
                    "(SELECT min(published_at) FROM articles WHERE site = s.name)",
                    "time",
                    told="the first of them",
                    zone=CHINA,
                ),
                _f(
                    "last_published_at",
                    "(SELECT max(published_at) FROM articles WHERE site = s.name)",
                    "time",
                    told="the last of them",
                    zone=CHINA,
                ),
                _f(
                    "last_run",
                    "(SELECT max(started_at) FROM runs WHERE site = s.name)",
                    "time",
                    told="when its last run began, UTC",
                ),
            ),
            "FROM sites s WHERE {own_sites} ORDER BY s.name",
        ),
    )
}
"""The tables by name, in the order in which they are told."""


# -- reading a table


@dataclass(frozen=True, slots=True)
class Filter:
    """What is left of a table: articles (and what belongs to them) of these sites and days, both ends included; nothing: all.

    ``sites`` are names of the table sites. ``kinds``: links of these kinds alone.
    """

    sites: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether it chooses by days."""
        return self.since is not None or self.until is not None


@dataclass(slots=True)
class Reading:
    """A table as it is read: its columns, and its rows as they are stored, which can be taken once."""

    columns: list[Column]
    rows: Iterator[Row]


def chosen_fields(table: Table, names: Sequence[str] = (), *, body: bool | None = None) -> list[Field]:
    """The columns to take, in the order named; without names those of the default. ``body``: whether whole texts are among them.

    Raises `ExportProblem` for a name that the table does not have.
    """
    if not names:
        return [one for one in table.fields if one.default and (body is not False or not one.long)]
    known = {one.column.name: one for one in table.fields}
    _need(names, known, table.name)
    return [known[name] for name in dict.fromkeys(names)]


def _need(names: Sequence[str], known: Mapping[str, object], where: str) -> None:
    if missing := [name for name in names if name not in known]:
        raise ExportProblem(f"{where} has no column {', '.join(missing)}. It has: {', '.join(known)}.")


@contextmanager
def table(
    connection: sqlite3.Connection, wanted: Table, fields: Sequence[Field], which: Filter, *, wrap: Wrap | None = None
) -> Iterator[Reading]:
    """A table of `TABLES`, as it is at this moment. ``wrap`` makes another query of it, from its text and columns.

    ``connection`` must not be within a transaction.
    """
    if which.kinds and "{kinds}" not in wanted.source:
        raise ExportProblem(f"{wanted.name}: --kind goes with links alone.")
    if which.is_dated and not wanted.days:
        raise ExportProblem(f"{wanted.name}: has no days to choose by.")
    connection.execute("BEGIN")
    try:
        sql, values = _asked(connection, wanted, which)
        names = ", ".join(f"{one.sql} AS {one.column.name}" for one in fields)
        columns, asked = [one.column for one in fields], f"SELECT {names} {sql}"
        if wrap is not None:
            asked = wrap(asked, [column.name for column in columns])
        rows = connection.execute(asked, values)
        yield Reading(columns if wrap is None else [Column(name) for name, *_ in rows.description], rows)
    finally:
        # The temporary table goes with it.
        connection.execute("ROLLBACK")


def _asked(connection: sqlite3.Connection, wanted: Table, which: Filter) -> tuple[str, list[str]]:
    """A table's FROM clause with its conditions, and their values in order."""
    is_chosen = bool(which.sites) or which.is_dated
    if is_chosen and ("{articles}" in wanted.source or "{clusters}" in wanted.source):
        choose(connection, which.since, which.until, which.sites)
    among = f"IN ({', '.join('?' * len(which.sites))})" if which.sites else "IS NOT NULL"
    values: list[str] = []
    out = wanted.source

    def put(name: str, condition: str, given: Sequence[str]) -> None:
        nonlocal out
        if f"{{{name}}}" in out:
            out = out.replace(f"{{{name}}}", condition)
            values.extend(given)

    put("articles", "chosen o CROSS JOIN articles a ON a.id = o.id" if is_chosen else "articles a", ())
    members = "SELECT cluster_id FROM cluster_members JOIN chosen o ON o.id = article_id"
    put("clusters", f"c.id IN ({members})" if is_chosen else "true", ())
    put("kinds", f"l.kind IN ({', '.join('?' * len(which.kinds))})" if which.kinds else "true", which.kinds)
    put("sites", f"a.site {among}", which.sites)
    put("page_sites", f"p.site {among}", which.sites)
    put("run_sites", f"n.site {among}" if which.sites else "true", which.sites)
    put("own_sites", f"s.name {among}", which.sites)
    begins = [midnight(which.since)] if which.since else []
    ends = [midnight(which.until + timedelta(days=1))] if which.until and which.until < date.max else []
    between = [f"{wanted.time} >= ?"] * len(begins) + [f"{wanted.time} < ?"] * len(ends)
    put("when", " AND ".join(between) or "true", begins + ends)
    return out, values


# -- reading views and queries

_COMMENT = re.compile(r"((?:^--[^\n]*\n)+)CREATE VIEW (\w+)", re.M)
_SITES, _DAYS = ("site", "from_site"), ("published_at", "day", "from_published_at")


@cache
def views() -> dict[str, str]:
    """The views by name, each with what a row of it is."""
    text = resources.files("newscrawl.store").joinpath("views.sql").read_text("utf-8")
    told = {
        name: " ".join(line.removeprefix("--").strip() for line in comment.splitlines())
        for comment, name in _COMMENT.findall(text)
    }
    return {name: told.get(name, "") for name in schema.views()}


def view_query(connection: sqlite3.Connection, name: str, which: Filter) -> tuple[str, list[str]]:
    """The query that reads a view, with its values; raises `ExportProblem` where it has no column that the filter wants."""
    columns = [column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})")]
    conditions: list[str] = []
    values: list[str] = []
    if which.kinds:
        raise ExportProblem(f"{name}: --kind goes with the table links alone.")
    if which.sites:
        column = next((one for one in _SITES if one in columns), None)
        if column is None:
            raise ExportProblem(f"{name}: has no column that names a site, so --site cannot choose from it.")
        conditions.append(f"{column} IN ({', '.join('?' * len(which.sites))})")
        values += which.sites
    if which.is_dated:
        column = next((one for one in _DAYS if one in columns), None)
        if column is None:
            raise ExportProblem(f"{name}: has no column with a day of publication, so --since and --until cannot choose from it.")
        conditions += [f"substr({column}, 1, 10) >= ?"] * (which.since is not None)
        conditions += [f"substr({column}, 1, 10) <= ?"] * (which.until is not None)
        values += [one.isoformat() for one in (which.since, which.until) if one is not None]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM {name}{where}", values  # noqa: S608


@contextmanager
def query(
    connection: sqlite3.Connection,
    sql: str,
    values: Mapping[str, str] | Sequence[str] = (),
    *,
    names: Sequence[str] = (),
    typed: bool = True,
    wrap: Wrap | None = None,
) -> Iterator[Reading]:
    """What a SELECT gives, as it is at this moment; ``names``: these columns alone, in this order.

    ``typed``: whether the columns' kinds are told, by what is in them. ``wrap`` makes another query of it, from its text and columns.
    ``connection`` must be read-only and not within a transaction. Raises `ExportProblem` for what is no SELECT, or names no columns.
    """
    sql = sql.strip().rstrip(";").rstrip()
    connection.execute("BEGIN")
    try:
        try:
            # A subquery: whatever else it does than to read is no query then.
            head = connection.execute(f"SELECT * FROM (\n{sql}\n) LIMIT 0", values)  # noqa: S608
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise ExportProblem(f"that is no query that gives a table: {error}.") from None
        columns = [column[0] for column in head.description]
        if wrap is not None:
            sql = wrap(sql, columns)
            columns = [column[0] for column in connection.execute(f"SELECT * FROM (\n{sql}\n) LIMIT 0", values).description]  # noqa: S608
        kinds = _kinds(connection, sql, values, columns) if typed else [Column(name) for name in columns]
        rows: Iterator[Row] = connection.execute(sql, values)
        if names:
            _need(names, dict.fromkeys(columns), "the query")
            places = [columns.index(name) for name in dict.fromkeys(names)]
            kinds = [kinds[place] for place in places]
            rows = (tuple(row[place] for place in places) for row in rows)
        yield Reading(kinds, rows)
    finally:
        connection.execute("ROLLBACK")


_TIME = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9][+-][0-9][0-9]:[0-9][0-9]"
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


def _kinds(
    connection: sqlite3.Connection, sql: str, values: Mapping[str, str] | Sequence[str], columns: Sequence[str]
) -> list[Column]:
    """The kinds of a query's columns: of one type throughout, text that is times, days or JSON lists throughout; else text."""
    asked = []
    for name in columns:
        column = '"' + name.replace('"', '""') + '"'
        asked += [
            f"group_concat(DISTINCT typeof({column}))",
            f"min({column} GLOB '{_TIME}')",
            f"min({column} GLOB '*+00:00')",
            f"min({column} GLOB '{_DAY}')",
            f"min(CASE WHEN {column} GLOB '[[]*]' THEN json_valid({column}) WHEN {column} IS NOT NULL THEN 0 END)",
        ]
    found: list[object] = []
    # SQLite takes so many columns in one go.
    for start in range(0, len(asked), 500):
        part = ", ".join(asked[start : start + 500])
        found += connection.execute(f"SELECT {part} FROM (\n{sql}\n)", values).fetchone()  # noqa: S608
    out = []
    for place, name in enumerate(columns):
        types, is_time, is_utc, is_day, is_list = found[5 * place : 5 * place + 5]
        stored = set(str(types or "").split(",")) - {"null", ""}
        kind: Kind = "text"
        if stored == {"integer"}:
            kind = "integer"
        elif stored and stored <= {"integer", "real"}:
            kind = "real"
        elif stored == {"blob"}:
            kind = "binary"
        elif stored == {"text"}:
            kind = "time" if is_time else "day" if is_day else "list" if is_list else "text"
        out.append(Column(name, kind, zone="UTC" if is_utc else "Asia/Shanghai"))
    return out
