"""How a page comes about: a question to the database in a thread, under a time limit; a template; or an error that says what to do."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError
from markupsafe import Markup

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

Page = Callable[..., Awaitable[Response]]
Routes = tuple[tuple[str, Page], ...]
"""A module's pages: the address's pattern, whose named groups are in ``request.url_vars``, and the function that answers."""

DATABASE = "newscrawl"
"""The name under which the site's database is attached, whatever its file is called."""

SECONDS = 5.0
"""How long all questions of one page may take."""


class TooSlow(Exception):
    """A page's questions took too long; the message tells a reader what to do."""


def path(datasette: Datasette) -> Path:
    """The database's file."""
    return Path(str(datasette.get_database(DATABASE).path))


async def read(
    datasette: Datasette, question: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Ask the database: ``question(connection, …)`` runs in a thread on a read-only connection, for `SECONDS` at most.

    Raises `TooSlow`.
    """

    def ask(connection: sqlite3.Connection) -> T:
        # Questions take rows for tuples, as everywhere else; Datasette wants its own on the same connection.
        theirs, connection.row_factory = connection.row_factory, None
        with sqlite_timelimit(connection, SECONDS * 1000):
            try:
                return question(connection, *args, **kwargs)
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    raise TooSlow(f"The database took more than {SECONDS:.0f} seconds. Narrow the question down.") from None
                raise
            finally:
                connection.row_factory = theirs

    found: T = await datasette.get_database(DATABASE).execute_fn(ask)
    return found


async def show(
    datasette: Datasette,
    request: Request,
    template: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page from its template, in which ``request`` and all of ``context`` are known."""
    text = await datasette.render_template(template, {"status": status, **context}, request=request)
    return Response.html(text, status=status, headers=headers)


async def missing(datasette: Datasette, request: Request, what: str) -> Response:
    """The page for what is not stored: ``return await missing(datasette, request, "No article 7.")``."""
    return await failed(datasette, request, 404, what)


async def failed(
    datasette: Datasette, request: Request, status: int, message: str | Markup, title: str | None = None
) -> Response:
    """An error as a page, or as JSON where the address ends in .json."""
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": str(message), "status": status, "title": title}, status=status)
    return await show(datasette, request, "error.html", status=status, error=message, title=title)


async def exception_page(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """What a reader sees of an error in a page, ours or Datasette's; what nobody foresaw goes to the log with its trace."""
    in_tables = request.path == f"/{DATABASE}" or request.path.startswith((f"/{DATABASE}.", f"/{DATABASE}/"))
    if isinstance(exception, QueryInterrupted) or getattr(exception, "title", "") == "SQL Interrupted":
        seconds = datasette.setting("sql_time_limit_ms") / 1000
        return await failed(
            datasette,
            request,
            400,
            f"The query took more than {seconds:g} seconds and was stopped. Ask for less: name days (published_at >= '2026-11-01'), "
            "a site or a LIMIT, and compare indexed columns. EXPLAIN QUERY PLAN before a SELECT says how it is answered.",
            "The query took too long",
        )
    if isinstance(exception, DatasetteError):
        message = Markup(exception.message) if exception.message_is_html else exception.message  # noqa: S704
        # Datasette takes what cannot be sorted for its own mistake.
        status = 400 if in_tables and exception.status == 500 else exception.status
        return await failed(datasette, request, status, message, exception.title)
    if isinstance(exception, Base400):
        said = str(exception.args[0]) if exception.args else ""
        if said in ("", "404", "Database not found"):
            said = f"There is no page {request.path}."
        return await failed(datasette, request, exception.status, said)
    if isinstance(exception, TooSlow):
        return await failed(datasette, request, 503, str(exception), "That took too long")
    if in_tables and isinstance(exception, (ValueError, TypeError, sqlite3.Error)):
        # Datasette takes the parameters of an address for what they should be.
        log.info("%s?%s: %s", request.path, request.query_string, exception)
        return await failed(datasette, request, 400, f"The address asks for what cannot be given ({exception}).")
    log.error("%s: %s", request.path, exception, exc_info=exception)
    return await failed(datasette, request, 500, f"{type(exception).__name__}: {exception}")
