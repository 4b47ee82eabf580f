"""The analysts' web site: a Datasette plugin with its pages, its policy and its way to the database, which it only reads.

``newscrawl serve`` registers it and serves it (`newscrawl.web.server`). Each page is one function in the module of its kind, which
names it in its ROUTES. Questions to the database are asked in `newscrawl.store`, templates are in ``templates/``, what the browser
loads in ``static/``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

from newscrawl import __version__
from newscrawl.web import (
    article,
    coverage,
    credits,
    dashboards,
    find,
    formats,
    front,
    neighbourhood,
    pages,
    policy,
    sites,
    story,
    tables,
)
from newscrawl.web.pages import DATABASE

PAGES = (front, find, sites, article, story, neighbourhood, credits, coverage, dashboards, tables)
"""The modules that have pages."""

NAVIGATION: tuple[tuple[str, str], ...] = (
    ("/", "Front page"),
    ("/search", "Search"),
    ("/sites", "Sites"),
    ("/stories", "Stories"),
    ("/coverage", "Coverage"),
    ("/charts", "Charts"),
    ("/sources", "Sources"),
    ("/people", "People"),
    (f"/{DATABASE}", "Tables and SQL"),
)
"""The masthead's links, in order."""


@hookimpl
def register_routes() -> list[tuple[str, pages.Page]]:
    return [route for module in PAGES for route in module.ROUTES]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    return policy.wrapper(datasette)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    formats.install(env)


@hookimpl
def get_metadata() -> dict[str, Any]:
    return tables.metadata()


@hookimpl
def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    return tables.canned_queries(datasette) if database == DATABASE else {}


@hookimpl(trylast=True)
def prepare_connection(conn: Any) -> None:
    tables.prepare(conn)


@hookimpl
def render_cell(value: Any, column: str, table: str | None) -> Any:
    return tables.cell(value, column, table)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Awaitable[Any]:
    return pages.exception_page(datasette, request, exception)


@hookimpl
def extra_template_vars() -> dict[str, Any]:
    return {"navigation": NAVIGATION, "version": __version__, "database_name": DATABASE}
