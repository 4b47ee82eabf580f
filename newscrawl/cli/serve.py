"""``newscrawl serve``: the analysts' web site."""

from __future__ import annotations

import webbrowser
from contextlib import closing
from pathlib import Path

import click

from newscrawl.cli.options import EPILOG, Problem, database_option, open_database
from newscrawl.pipelines import database_path
from newscrawl.store import condition
from newscrawl.store.writer import DatabaseProblem, connect


@click.command(epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 serves to the network: there is no login.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@database_option
def serve(host: str, port: int, open_browser: bool, db: str | None) -> None:
    """Look at the database in a browser: articles, stories, sources, coverage, charts, tables and SQL.

    The site only reads. Crawls may go on meanwhile; what they store is there at the next click.
    """
    path = database_path(db)
    if not path.exists():
        raise Problem(
            f"{path}: no such database. Crawl first (newscrawl crawl …, or newscrawl demo), or name another file with --db."
        )
    make_current(path)
    try:
        from newscrawl.web import server
    except ModuleNotFoundError as error:
        raise Problem(f"The web site needs {error.name}: pip install 'newscrawl[analyst]'.") from None

    def ready(address: str) -> None:
        click.echo(f"{path} is on {address} (Ctrl-C ends it)")
        if open_browser:
            webbrowser.open(address)

    try:
        server.serve(path, host=host, port=port, ready=ready)
    except OSError as error:
        raise Problem(f"{host}:{port}: {error.strerror or error}. Name another port with --port.") from None


def make_current(path: Path) -> None:
    """See that the database is one of ours, with all that this version's pages ask for; one that cannot be written is taken as it is."""
    with closing(open_database(path)) as connection:
        has, wanted = condition.schema_version(connection)
    try:
        connect(path).close()
    except DatabaseProblem as error:
        if has != wanted:
            raise Problem(f"{error} It is of an older newscrawl and must be brought up to date once.") from None
