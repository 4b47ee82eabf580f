"""``newscrawl report``: a week, a day or any days on one page: what came, what is missing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

import click

from newscrawl.cli.options import EPILOG, Problem, database_option, day, open_database, sites_meant
from newscrawl.days import SHANGHAI
from newscrawl.pipelines import database_path
from newscrawl.report import Report, Span, as_html, as_markdown, assemble, counted, week_code
from newscrawl.store import report as store

SUFFIX = {"html": ".html", "md": ".md"}


@click.command(epilog=EPILOG)
@click.option(
    "--week",
    metavar="[WEEK]",
    is_flag=False,
    flag_value="last",
    help="A week, Monday to Sunday: 2026-W47, a day in it, last (the last whole one, the default) or this.",
)
@click.option(
    "--day",
    "one_day",
    metavar="[DAY]",
    is_flag=False,
    flag_value="yesterday",
    help="One day (2026-11-18); without DAY: yesterday.",
)
@click.option("--since", metavar="DAY", callback=day, help="From this day on, to --until or yesterday.")
@click.option("--until", metavar="DAY", callback=day, help="To this day, itself included.")
@click.option("--site", "names", multiple=True, metavar="NAME", help="Only this site or group, as for crawl; may be said again.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    help="Write there; a folder: under the days' name in it; -: to standard output [default: report-DAYS.html here; Markdown to standard output].",
)
@click.option(
    "--format", "form", type=click.Choice(["html", "md"]), help="A web page or Markdown [default: as FILE ends, else html]."
)
@database_option
def report(
    week: str | None,
    one_day: str | None,
    since: date | None,
    until: date | None,
    names: Sequence[str],
    target: str | None,
    form: Literal["html", "md"] | None,
    db: str | None,
) -> None:  # fmt: skip
    """Report on a week: what was published, recommended, reprinted and corrected, and what is missing.

    Without options: the last whole week, by China's time, of all sites, as one HTML file that can be mailed as it is. The numbers are
    compared with the week before.
    """
    now = datetime.now(SHANGHAI)
    span = _span(week, one_day, since, until, now.date())
    path = database_path(db)
    if form is None:
        form = "md" if (target or "").lower().endswith((".md", ".markdown")) else "html"
    place = _place(target, form, span, path)
    try:
        with closing(open_database(path)) as connection:
            sites = sites_meant(connection, names)
            with store.told(connection, span.since, span.until, sites) as told:
                made = assemble(told, now, "、".join(names), span=span)
            known = store.days_with_articles(connection, sites) if made.is_empty else {}
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise Problem(f"{path}: {error}") from None
        raise Problem(f"{path}: was written by an older newscrawl. The next crawl brings it up to date.") from None
    text = as_html(made) if form == "html" else as_markdown(made)
    if place is None:
        click.echo(text, nl=False)
    else:
        _write(place, text)
        click.echo(f"{place}: {_said(made)} ({len(text.encode()) / 1000:.0f} kB)")
    if made.is_empty:
        click.echo(_where_data_is(span, known, bool(names)), err=True)


def _span(week: str | None, one_day: str | None, since: date | None, until: date | None, today: date) -> Span:
    if sum((week is not None, one_day is not None, since is not None or until is not None)) > 1:
        raise Problem("--week, --day and --since/--until: give one of them.")
    yesterday = today - timedelta(days=1)
    if one_day is not None:
        try:
            only = yesterday if one_day == "yesterday" else today if one_day == "today" else date.fromisoformat(one_day)
        except ValueError:
            raise Problem(f"--day: {one_day!r} is no day: give it as 2026-11-18.") from None
        return Span(only, only)
    if since is not None:
        last = until or max(yesterday, since)
        if last < since:
            raise Problem(f"--until {last} lies before --since {since}.")
        return Span(since, last)
    if until is not None:
        raise Problem("--until needs --since.")
    try:
        return Span.week(week or "last", today)
    except ValueError as error:
        raise Problem(f"--week: {error}") from None


def _place(target: str | None, form: Literal["html", "md"], span: Span, database: Path) -> Path | None:
    """Where the report goes, ``None`` for standard output."""
    name = f"report-{span.code}{SUFFIX[form]}"
    if target == "-" or (target is None and form == "md"):
        return None
    if target is None:
        return Path(name)
    place = Path(target)
    if target.endswith(("/", os.sep)) or place.is_dir():
        place = place / name
    if place.exists() and database.exists() and place.samefile(database):
        raise Problem(f"{place} is the database itself: name another file with -o.")
    return place


def _write(place: Path, text: str) -> None:
    """Write a file whole or not at all: a web server may be reading the one before it."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, prefix=f".{place.name}.", delete=False) as file:
            try:
                file.write(text)
                file.flush()
                # Temporary files are for their owner alone; this one is a file like any other.
                mask = os.umask(0)
                os.umask(mask)
                Path(file.name).chmod(0o666 & ~mask)
                Path(file.name).replace(place)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Problem(f"{place}: cannot be written ({error.strerror}). Name another place with -o.") from None


def _said(made: Report) -> str:
    of = f" of {counted(made.totals['sites'], 'site')}" if not made.is_empty else ""
    return f"{counted(made.totals['articles'], 'article')}{of}, {made.span.label}"


def _where_data_is(span: Span, known: dict[date, int], some: bool) -> str:
    """What to say where no article was published: which weeks have some."""
    of = " of these sites" if some else ""
    said = f"No article{of} was published on these days ({span.label})."
    if not known:
        return f"{said} There is none with a time of publication at all."
    weeks: dict[str, int] = {}
    for published, articles in known.items():
        weeks[week_code(published)] = weeks.get(week_code(published), 0) + articles
    newest = list(weeks.items())[-6:]
    shown = ", ".join(f"{code} ({articles})" for code, articles in newest)
    first = "" if len(weeks) == len(newest) else f", the first is {next(iter(weeks))}"
    return f"{said} {counted(len(weeks), 'week')} {'has' if len(weeks) == 1 else 'have'} articles{first}, the last are: {shown}."
