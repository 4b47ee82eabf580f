"""The web site as a server on this machine: Datasette on the database, read-only, with our pages."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from newscrawl import web
from newscrawl.web import tables
from newscrawl.web.pages import DATABASE

SETTINGS = {
    "sql_time_limit_ms": 3000,
    "default_page_size": 50,
    "max_returned_rows": 2000,
    "facet_time_limit_ms": 100,
    "suggest_facets": False,  # they would be looked for, column by column, at each view of a large table
    "allow_download": False,
    "num_sql_threads": 4,
    "truncate_cells_html": 240,
    "default_cache_ttl": 0,
}


def site(path: Path, *, hosts: Iterable[str] = ()) -> Datasette:
    """The web site on a database file, which must be there; ``hosts``: names it answers to besides localhost.

    A file in a folder where nothing can be written is read as it lies: SQLite's WAL needs files beside it.
    """
    if not pm.is_registered(web):
        pm.register(web, "newscrawl.web")
        # It prints every 404 with all local variables; ours takes its place.
        pm.unregister(name="datasette.handle_exception")
    datasette = Datasette([], settings=SETTINGS)
    datasette.newscrawl_hosts = tuple(hosts)
    datasette.remove_database("_memory")
    writable = os.access(path.parent, os.W_OK)
    datasette.add_database(tables.Stored(datasette, path=str(path), is_mutable=writable), name=DATABASE)
    return datasette


def serve(path: Path, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. ``port`` 0 takes a free one; ``ready`` is called with the site's address. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only of a socket that says TCP does asyncio switch off Nagle's delay, which would cost each answer 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
        shown = f"[{host}]" if ":" in host else host
        everywhere = host in ("0.0.0.0", "::")  # noqa: S104
        app = site(path, hosts=("*",) if everywhere else (host, shown)).app()
        ready(f"http://{shown}:{listening.getsockname()[1]}/")
        config = uvicorn.Config(app, log_level="warning", lifespan="on", server_header=False, access_log=False)
        # Ctrl-C is how it ends; uvicorn has closed what was open by then.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
