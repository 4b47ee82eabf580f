"""What the commands share: their options, their errors, the way to the database and to the sites."""

from __future__ import annotations

import difflib
import re
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from newscrawl.days import as_day
from newscrawl.exits import USAGE
from newscrawl.pipelines import DEFAULT_DATABASE, database_path
from newscrawl.store import reader
from newscrawl.store.writer import DatabaseProblem, Store, connect

# Scrapy takes its time to import: only commands that ask for sites or settings pay for it.
if TYPE_CHECKING:
    from scrapy.settings import Settings

    from newscrawl.spider import NewsSpider, SiteLoader

EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 wrong arguments or a database that cannot be used, 3 degraded (see newscrawl health), "
    "75 another run is under way."
)


class Problem(click.ClickException):
    """A mistake of the user's, or a database that cannot be used: said in a line or two, exit code 2."""

    exit_code = USAGE


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
    from scrapy.utils.project import get_project_settings

    from newscrawl import project

    try:
        project.enter(Path.cwd())
    except project.ProjectProblem as error:
        raise Problem(str(error)) from None
    settings = get_project_settings()
    settings.set("NEWSCRAWL_DB", str(path), priority="cmdline")
    if not verbose:
        # What asks for a person: a page that does not come is on record, with its reason, and is no log line.
        settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        settings.set("LOG_FORMAT", "%(levelname)s: %(message)s", priority="cmdline")
    return settings


def site_loader() -> SiteLoader:
    from newscrawl.spider import SiteLoader

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


def stored_sites(db: str | None) -> dict[str, tuple[int, str | None]]:
    path = database_path(db)
    if not path.exists():
        return {}
    connection = open_database(path)
    try:
        return reader.sites(connection)
    finally:
        connection.close()


def choose(names: Sequence[str], everything: bool, *, of_database: Path | None = None) -> list[type[NewsSpider]]:
    """The spiders that are named, each once; a name is a site's, its file's, its publisher's or its region's.

    ``of_database``: where nothing is named, the sites that this database has run. Raises `Problem` for an unknown name.
    """
    available = site_loader().sites
    if of_database is not None and not names and not everything:
        known = stored_sites(str(of_database))
        found = [spider for name, spider in available.items() if name in known]
        if not found:
            raise Problem(f"{of_database}: no site has run yet. Name sites, or say --all. 'newscrawl sites' lists them.")
        return found
    if everything:
        if names:
            raise Problem("name sites, or say --all, not both.")
        return list(available.values())
    if not names:
        raise Problem("name a site or a group, or say --all. 'newscrawl sites' lists them.")
    chosen: dict[str, type[NewsSpider]] = {}
    for name in names:
        group = [
            spider
            for spider in available.values()
            if name
            in (spider.name, spider.__module__.rpartition(".")[2], spider.publisher, spider.region, spider.city, spider.title)
        ]
        if name in available:
            group = [available[name]]
        if not group:
            words = {
                word
                for s in available.values()
                for word in (s.name, s.__module__.rpartition(".")[2], s.publisher, s.region, s.city)
                if word
            }
            near = difflib.get_close_matches(name, sorted(words), n=3, cutoff=0.4)
            hint = f"Did you mean {', '.join(near)}?" if near else "'newscrawl sites' lists them."
            if re.match(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[:/]|$)", name):
                hint = f"A site without a site file: newscrawl crawl --url {name if '://' in name else f'http://{name}/'}"
            raise Problem(f"no site or group {name!r}. {hint}")
        chosen.update((spider.name, spider) for spider in group)
    return list(chosen.values())


def file_size(path: Path) -> str:
    """A database's size for people."""
    return in_bytes(sum(p.stat().st_size for p in (path, path.with_name(path.name + "-wal")) if p.exists()))


def in_bytes(number: int) -> str:
    """A number of bytes for people."""
    size = float(number)
    unit = "B"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.1f} {unit}"


def sites_meant(connection: sqlite3.Connection, names: Sequence[str]) -> list[str]:
    """The database's sites that ``--site`` means: a site, or all of a title, publisher, region, city or site file; no name: none.

    Raises `Problem` for a name that means none, with those that it may have been.
    """
    found: dict[str, None] = {}
    for name, sites in reader.sites_named(connection, names).items():
        if not sites:
            # A publisher's file (dzwww) is no word of the database.
            stored = reader.sites_named(connection, available := site_loader().sites)
            sites = [site for site, spider in available.items() if spider.__module__.rpartition(".")[2] == name and stored[site]]
        if not sites:
            words = sorted(reader.site_words(connection))
            near = difflib.get_close_matches(name, words, n=3, cutoff=0.4) or words[:3]
            hint = f" There is: {', '.join(near)}." if near else ""
            raise Problem(f"--site {name}: this database has no such site or group.{hint}")
        found.update(dict.fromkeys(sites))
    return list(found)
