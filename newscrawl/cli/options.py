"""What the commands share: their options, their errors, the way to the database and to the sites."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from newscrawl import project, run
from newscrawl.pipelines import DEFAULT_DATABASE
from newscrawl.spider import SiteLoader, as_day
from newscrawl.store import reader
from newscrawl.store.writer import DatabaseProblem, Store, connect

EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 wrong arguments or a database that cannot be used, 3 degraded (see newscrawl health), "
    "75 another run is under way."
)


class Problem(click.ClickException):
    """A mistake of the user's, or a database that cannot be used: said in a line or two, exit code 2."""

    exit_code = run.USAGE


def day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return as_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


database_option = click.option(
    "--db", "db", metavar="FILE", help=f"The database [default: $NEWSCRAWL_DB, or {DEFAULT_DATABASE}]."
)


def output() -> Console:
    width = None if sys.stdout.isatty() else 160
    return Console(width=width, highlight=False, soft_wrap=False)


def project_settings(path: Path, verbose: bool = False) -> Settings:
    """The settings of the project that the command is run in, else newscrawl's own."""
    try:
        project.enter(Path.cwd())
    except project.ProjectProblem as error:
        raise Problem(str(error)) from None
    settings = get_project_settings()
    settings.set("NEWSCRAWL_DB", str(path), priority="cmdline")
    if not verbose:
        run.quiet_logging(settings)
    return settings


def site_loader() -> SiteLoader:
    return SiteLoader.of(project_settings(DEFAULT_DATABASE))


def open_database(path: Path) -> Any:
    try:
        return connect(path, readonly=True)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None


def check_database(path: Path) -> None:
    """Refuse an unusable database before anything is fetched."""
    try:
        connect(path).close()
    except DatabaseProblem as error:
        raise Problem(str(error)) from None


def settings_of(path: Path) -> dict[str, str]:
    """What is kept in the database for its runs."""
    with closing(open_database(path)) as connection:
        return reader.settings(connection)


def keep_setting(path: Path, name: str, value: str) -> None:
    """Keep a setting in the database for later runs."""
    try:
        with Store(path) as store:
            store.set(name, value)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    except sqlite3.Error as error:
        raise Problem(f"{path}: {error}.") from None
