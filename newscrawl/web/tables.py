"""The data as tables: what Datasette shows of each table and column, which queries it offers, how its search box searches."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib import resources
from time import monotonic
from typing import Any

from datasette.app import Datasette
from datasette.database import Database, Results
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from newscrawl import bigrams, export
from newscrawl.store import examples, exports, queries, reader, schema
from newscrawl.web import formats, pages
from newscrawl.web.pages import DATABASE

HIDDEN = (
    "_sqlite_migrations",
    "sqlite_sequence",
    "settings",
    "robots",
    "sketches",
    "article_sketches",
    "bands",
    "alike",
    "unsettled",
    "unindexed",
)
"""Tables that only the program itself reads."""

FIRST_TABLES = (
    "articles",
    "bylines",
    "article_links",
    "sites",
    "images",
    "article_blocks",
    "clusters",
    "cluster_members",
    "revisions",
)
"""Tables as an analyst meets them; the others come after them."""

FIRST_VIEWS = (
    "latest_articles",
    "links",
    "sources",
    "people",
    "articles_by_day",
    "most_recommended",
    "reprint_pairs",
    "most_corrected",
)
"""Views to start with; the others come after them."""

SORTABLE = {
    "articles": ("id", "published_at", "site", "source"),
    "article_links": ("id", "article_id", "target_key"),
    "article_urls": ("key", "article_id"),
    "article_blocks": ("article_id",),
    "bylines": ("article_id", "name"),
    "images": ("article_id",),
    "pages": ("key", "site"),
    "run_fields": ("run_id",),
    "archive_records": ("key",),
    "link_positions": ("link_id",),
    "latest_articles": ("id", "published_at", "site", "source", "region"),
    "links": ("id",),
}
"""Of large tables and views, the columns that an index sorts by; each other one would have all rows sorted, texts and all."""

NEWEST_FIRST = {
    "articles": "published_at",
    "clusters": "last_published_at",
    "revisions": "replaced_at",
    "absences": "gone_at",
    "runs": "id",
}

VIEW_COLUMNS = {
    "articles": "how many articles",
    "sites": "on how many sites",
    "sources": "how many sources",
    "authors": "作者, joined by 、",
    "reporters": "记者, joined by 、",
    "correspondents": "通讯员, joined by 、",
    "editors": "编辑 with what their role is called in print",
    "images": "how many images",
    "recommends": "how many links it recommends",
    "recommended_by": "how many articles recommend it",
    "linked_by": "how many articles link it",
    "open": "how many of these links still stand",
    "from_id": "the article that the link stands beside",
    "from_site": "its site",
    "from_title": "its headline",
    "from_publisher": "its publisher",
    "from_published_at": "when it was published",
    "to_id": "the article that the link leads to; null while it is not stored",
    "to_site": "that one's site",
    "to_title": "its headline",
    "to_publisher": "its publisher",
    "to_published_at": "when it was published",
    "hours_at_least": "hours from publication until both pages were there",
    "hours_at_most": "hours from publication until the link was first seen",
    "day": "day of publication in China",
    "first_published_at": "when the first of them was published",
    "last_published_at": "when the last of them was published",
    "corrections": "how often it was changed",
    "first_corrected_at": "when the first change was seen, UTC",
    "last_corrected_at": "when the last change was seen, UTC",
    "origin_publisher": "whose the text most likely was first",
    "similarity": "how alike the texts are on average, 0 to 1",
    "hours": "hours from the origin to the reprint on average",
    "absences": "how often it was not to be had",
    "found_on": "the page that linked it",
}
"""What columns of views hold, where no table has them under the same name and meaning."""

COUNT_MS = 100
"""How long rows are counted for the head of a table; a view that takes longer is shown without its count."""

COUNTED_FOR = 60.0
"""Seconds that the counts on the database's page are kept."""

LONG = 160
"""Characters of a text that a table shows."""

MAX_VALUE = 64 * 1024 * 1024
"""Bytes of a value at most that SQL may make: a query must not fill the memory."""

FEED_ENTRIES = 100

ARTICLE_COLUMNS = frozenset({"article_id", "target_id", "from_id", "to_id", "origin_id"})
ARTICLE_TABLES = frozenset({"articles", "latest_articles", "same_text"})
"""Tables and views whose ``id`` is an article's."""

_VIEW = re.compile(r"((?:^--.*\n)+)CREATE VIEW (\w+)", re.MULTILINE)


class Stored(Database):  # type: ignore[misc]
    """The database as Datasette reads it; rows are counted no longer than a reader waits for it."""

    _counts: dict[str, int | None] | None = None
    _counted_at = 0.0

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        if custom_time_limit is None and sql.startswith("select count(*) from "):
            custom_time_limit = COUNT_MS
        # What readers get wrong in a query is for them to read, not for the log.
        return await super().execute(sql, params, truncate, custom_time_limit, page_size, log_sql_errors=False)

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        if self._counts is None or monotonic() - self._counted_at > COUNTED_FOR:
            self._counts, self._counted_at = await super().table_counts(max(limit, COUNT_MS // 4)), monotonic()
        return self._counts


# What is told of tables and columns.


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for name, columns in schema.DESCRIPTIONS.items():
        told: dict[str, Any] = {
            "description": columns.get("", ""),
            "columns": {column: text for column, text in columns.items() if column},
        }
        if name in SORTABLE:
            told["sortable_columns"] = list(SORTABLE[name])
        if name in NEWEST_FIRST:
            told["sort_desc"] = NEWEST_FIRST[name]
        tables[name] = told
    for name in HIDDEN:
        tables.setdefault(name, {})["hidden"] = True
    tables["articles"] |= {
        "label_column": "title",
        "facets": ["site", "source"],
        "facet_size": 12,
        "fts_table": "articles_fts",
        "fts_pk": "id",
    }
    tables["sites"]["label_column"] = "title"
    tables["runs"]["label_column"] = "started_at"
    known: dict[str, str] = {}
    for name in reversed(FIRST_TABLES):
        known |= tables[name]["columns"]
    known |= VIEW_COLUMNS
    for name, text in view_descriptions().items():
        of_view = dict(known)
        if name in ("most_recommended", "most_recommended_this_week", "recommendation_delay", "most_corrected", "vanished"):
            of_view["site"] = "the spider that read it; null while it is not stored"
        # A view is told whole; the columns that it does not have are not shown.
        tables[name] = {"description": text, "columns": of_view}
        if name in SORTABLE:
            tables[name]["sortable_columns"] = list(SORTABLE[name])
    return tables


@lru_cache(maxsize=1)
def view_descriptions() -> dict[str, str]:
    """What each view of views.sql is, in file order: the comment above it."""
    text = resources.files("newscrawl.store").joinpath("views.sql").read_text("utf-8")
    found = {}
    for comment, name in _VIEW.findall(text):
        lines = [line.removeprefix("--").strip() for line in comment.splitlines()]
        found[name] = " ".join(lines)
    return found


def metadata() -> dict[str, Any]:
    """Datasette's metadata for the database: each table, view and column with its description, how it is sorted and labelled."""
    # Datasette writes into what it is given.
    tables = {name: dict(told) for name, told in _tables().items()}
    about = {
        "title": "Tables and SQL",
        "tables": tables,
        "first_tables": list(FIRST_TABLES),
        "first_views": list(FIRST_VIEWS),
        "examples": [{"title": title, "sql": sql} for title, sql in examples.EXAMPLES],
    }
    return {"title": "newscrawl", "databases": {DATABASE: about}}


def canned_queries(datasette: Datasette) -> dict[str, Any]:
    """The saved queries, in Datasette's form: newscrawl's and those beside the database. A broken one of the user's own hides none of
    the others."""
    try:
        found = queries.queries(pages.path(datasette))
        broken = ""
    except queries.QueryProblem as error:
        found, broken = queries.queries(), str(error)
    return {
        name: {
            "sql": query.sql,
            "title": query.title,
            "description": query.description,
            "params": [one.name for one in query.params],
            "told": {one.name: one.description + ("" if one.required else " (may be left out)") for one in query.params},
            "needed": [one.name for one in query.params if one.required],
            "own": query.file is not None,
            "broken": broken,
        }
        for name, query in found.items()
    }


# What connections know.


def prepare(connection: sqlite3.Connection) -> None:
    """What each connection of the site's knows besides SQLite's own: how a search box's words are looked for, and its limits."""
    connection.create_function("escape_fts", 1, searched, deterministic=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    reader.map_file(connection)


def searched(words: str | None) -> str:
    """A search box's words as FTS5 is asked for them; what asks for nothing finds nothing."""
    try:
        return bigrams.parse(words or "").expression
    except bigrams.SearchError:
        return '""'


# Cells.


def cell(value: Any, column: str, table: str | None) -> Any:
    """How a table shows a value; ``None`` leaves it to Datasette.

    Articles, stories, sites, sources and people lead to their pages, addresses outside only where they are http or https; lists and
    objects in JSON are written for readers; long text is cut.
    """
    label = None
    if isinstance(value, dict):
        # A foreign key with the label of the row it leads to.
        value, label = value.get("value"), value.get("label")
    if value is None or isinstance(value, bytes):
        return None
    if isinstance(value, int):
        if column in ARTICLE_COLUMNS or (column == "id" and table in ARTICLE_TABLES):
            return _link(f"/article/{value}", label or value, f"article {value}" if label else "")
        if column == "cluster_id" or (column == "id" and table == "clusters"):
            return _link(f"/story/{value}", value)
        if column == "run_id" and table is not None:
            return _link(f"/{DATABASE}/runs/{value}", value, str(label or ""))
        return None
    if not isinstance(value, str) or not value:
        return None
    text = value.strip()
    if column == "site" or (table == "sites" and column == "name"):
        return _link(formats.path_of("site", value), label or value, value if label else "")
    if column == "source" and table != "run_fields":
        return _link(formats.path_of("source", value), value)
    if column == "name" and table in ("bylines", "people"):
        return _link(formats.path_of("person", value), value)
    if address := _address(text):
        shown = re.sub(r"^https?://(www\.)?", "", text)
        return Markup('<a href="{}" rel="noreferrer" title="{}">{}</a>').format(address, address, _cut(shown, 60))
    if text[:1] in "[{" and (told := formats.readable(text)) is not None:
        return Markup('<span class="json" lang="zh-CN">{}</span>').format(_cut(told))
    if len(value) > LONG:
        return Markup('<span class="long" lang="zh-CN">{}</span>').format(_cut(value))
    return None


def _address(text: str) -> str | None:
    return formats.web(text) if not re.search(r"\s", text) else None


def _cut(text: str, most: int = LONG) -> str:
    return text if len(text) <= most else text[:most] + "…"


def _link(address: str, shown: Any, title: str = "") -> Markup:
    said = Markup(' title="{}"').format(title) if title else Markup("")
    return Markup('<a href="{}"{} lang="zh-CN">{}</a>').format(address, said, _cut(str(shown), 80))


# Feeds.


async def feed(datasette: Datasette, request: Request) -> Response:
    """``/newscrawl/NAME.atom?name=…``: a saved query as an Atom feed, an entry a row, the newest first."""
    name = request.url_vars["name"]
    try:
        query = queries.queries(pages.path(datasette)).get(name)
    except queries.QueryProblem:
        query = queries.queries().get(name)
    if query is None:
        return await pages.missing(
            datasette,
            request,
            f"No saved query {name!r}: feeds are made of these. Of others, newscrawl export {name} -o FILE.atom.",
        )
    values = {one.name: request.args.get(one.name) or "" for one in query.params}
    if missing := [one for one in query.params if one.required and not values[one.name]]:
        asked = "; ".join(f"?{one.name}=… ({one.description})" for one in missing)
        return await pages.failed(datasette, request, 400, f"Say in the address what the feed is of: {asked}.")
    try:
        text = await pages.read(datasette, _feed, query, values)
    except exports.ExportProblem as error:
        return await pages.failed(datasette, request, 400, f"{name}: {error}")
    return Response(text, content_type="application/atom+xml; charset=utf-8")


def _feed(connection: sqlite3.Connection, query: queries.Query, values: Mapping[str, str]) -> str:
    out = io.BytesIO()
    wrap = partial(queries.as_feed, name=query.name, limit=FEED_ENTRIES)
    with exports.query(connection, query.sql, values, typed=False, wrap=wrap) as reading:
        export.write_atom(out, reading.rows, name=query.name, title=query.title)
    return out.getvalue().decode("utf-8")


async def nothing(datasette: Datasette, request: Request) -> Response:
    """Datasette's pages for those who build it or log in: here is nobody to log in."""
    return await pages.missing(datasette, request, f"There is no page {request.path}.")


ROUTES: pages.Routes = (
    (rf"^/{DATABASE}/(?P<name>[A-Za-z][\w-]*)\.atom$", feed),
    (r"^/-/(allow-debug|auth-token|logout|messages|patterns|permissions|threads)(\.json)?$", nothing),
)
