"""``newscrawl archive|reparse``: the raw pages that were kept, and reading them again."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from newscrawl import __version__, archive, indexing, lock, warc
from newscrawl.cli.options import (
    EPILOG,
    Problem,
    choose,
    database_option,
    day,
    file_size,
    in_bytes,
    open_database,
    output,
    project_settings,
    site_loader,
)
from newscrawl.days import SHANGHAI
from newscrawl.exits import BUSY, DONE, FAILED
from newscrawl.lock import Locked
from newscrawl.pipelines import Store, database_path
from newscrawl.store import archive as index
from newscrawl.store import ledger
from newscrawl.store.frontier import text
from newscrawl.store.writer import DatabaseProblem

if TYPE_CHECKING:
    from newscrawl.comparison import Change, Values
    from newscrawl.reparse import Reparse

folder_option = click.option(
    "--archive",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The archive's folder [default: beside the database, newscrawl.archive for newscrawl.db].",
)

SHOWN = 8
"""Lines of one field that are shown of a change at most."""


@click.group("archive", epilog=EPILOG)
def archive_group() -> None:
    """Look into the raw pages that crawls have kept."""


@archive_group.command("list", epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[SITE]...")
@database_option
@folder_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_command(names: Sequence[str], db: str | None, folder: Path | None, as_json: bool) -> None:
    """List the archive's files, newest last, with how much of each the database knows."""
    path = database_path(db)
    where = _folder(path, folder)
    known = _known(path)
    rows: list[dict[str, Any]] = [
        {"site": site, "file": file.relative_to(where).as_posix(), "bytes": file.stat().st_size}
        for site, file in _files(where, names)
    ]
    if as_json:
        for row in rows:
            click.echo(json.dumps({**row, "on_record": known.get(str(row["file"]), 0)}, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (("site", "left"), ("file", "left"), ("size", "right"), ("in the database", "left")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for row in rows:
        size, of_it = row["bytes"], known.get(str(row["file"]), 0)
        state = "all" if of_it >= size else "nothing" if not of_it else f"{100 * of_it // size} %"
        table.add_row(str(row["site"]), str(row["file"]), in_bytes(size), state)
    output().print(table)
    click.echo(f"\n{len(rows)} files, {in_bytes(sum(int(row['bytes']) for row in rows))} in {where}")


@archive_group.command("check", epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[SITE|FILE]...")
@database_option
@folder_option
def check_command(paths: Sequence[str], db: str | None, folder: Path | None) -> None:
    """Verify the archive: each record's digests and lengths, whole files, and that each page on record is where the database says.

    Names are sites, or WARC and WACZ files of anybody's. Exit code 1 where anything is damaged.
    """
    path = database_path(db)
    named = [Path(name) for name in paths if Path(name).is_file()]
    sites = [name for name in paths if not Path(name).is_file()]
    where = _folder(path, folder) if sites or not named else folder or archive.folder_of(path)
    problems: list[str] = []

    def problem(line: str) -> None:
        problems.append(line)
        click.echo(line, err=True)

    total = warc.Checked()
    files = named + ([file for _, file in _files(where, sites)] if sites or not named else [])
    for file in files:
        found = warc.check(file, problem)
        total.records += found.records
        total.responses += found.responses
        total.bytes += found.bytes
    missing = 0
    if path.exists() and not named:
        with open_database(path) as connection:
            missing = _missing(connection, where, sites, problem)
    click.echo(
        f"{len(files)} files, {total.records} records, {total.responses} responses, {in_bytes(total.bytes)}: "
        + (f"{len(problems)} problems" if problems else "all whole")
        + (f"; {missing} files on record are not there" if missing else "")
    )
    sys.exit(FAILED if problems else DONE)


def _missing(connection: sqlite3.Connection, where: Path, sites: Sequence[str], problem: Callable[[str], None]) -> int:
    count = 0
    for name, size in index.sizes(connection).items():
        if sites and name.partition("/")[0] not in sites:
            continue
        file = where / name
        if not file.exists():
            count += 1
            problem(f"{file}: is on record in the database, and is not there")
        elif file.stat().st_size < size:
            problem(f"{file}: holds {file.stat().st_size} bytes, {size} are on record: its end is lost")
    return count


@click.command(epilog=EPILOG)
@click.option("--site", "names", multiple=True, metavar="NAME", help="Only this site or group, as for crawl; may be said again.")
@click.option("--since", callback=day, metavar="DAY", help="Only pages fetched on this day or later (2026-11-01).")
@click.option("--url", metavar="URL", help="Only this page.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1, max=64), help="Processes that read pages.")
@click.option("--dry-run", is_flag=True, help="Only say what would change; nothing is written.")
@click.option("--diff", "show_diff", is_flag=True, help="Each change: page, field, before and after.")
@click.option("--json", "as_json", is_flag=True, help="Each change as one JSON object a line.")
@database_option
@folder_option
def reparse(
    names: Sequence[str],
    since: date | None,
    url: str | None,
    jobs: int,
    dry_run: bool,
    show_diff: bool,
    as_json: bool,
    db: str | None,
    folder: Path | None,
) -> None:
    """Read the archived pages again with today's rules, without the network.

    The newest state of each article's page is read and compared with what is stored; what differs is stored, and is no revision,
    since the page has not changed. What the archive has and the database has not comes back into it, in the order of time: a
    database that is lost, or older than the archive, is made whole so.
    """
    # It takes what crawls take, Scrapy first: to list and to check files do without.
    from newscrawl.reparse import Reparse

    path = database_path(db)
    where = _folder(path, folder)
    sites = _sites(where, names)
    if dry_run and not path.exists():
        raise Problem(f"{path}: no such database: nothing to compare with. Without --dry-run it is made anew out of {where}.")
    console = Console(stderr=True)
    problems: list[str] = []

    def problem(line: str) -> None:
        problems.append(line)
        console.print(Text(line), soft_wrap=True)

    def told(change: Change) -> None:
        if as_json:
            fields = {name: {"before": list(before), "after": list(after)} for name, (before, after) in change.fields.items()}
            click.echo(
                json.dumps({"url": change.url, "site": change.site, "title": change.title, "fields": fields}, ensure_ascii=False)
            )
        elif show_diff:
            _show(change)

    started, began = time.monotonic(), text(datetime.now().astimezone())
    store = Store(path)
    with ExitStack() as held:
        for site in sites:
            try:
                held.enter_context(lock.acquire(path, site))
            except Locked as error:
                click.echo(f"{error}; wait for its end, or name other sites", err=True)
                sys.exit(BUSY)
            except DatabaseProblem as error:
                raise Problem(str(error)) from None
        try:
            store.open()
        except DatabaseProblem as error:
            raise Problem(str(error)) from None
        try:
            with _progress(console) as advance:
                work = Reparse(
                    store, where, site_loader().sites, project_settings(path), jobs=jobs, dry=dry_run, problem=problem, told=told,
                    progress=advance,
                )  # fmt: skip
                moment = text(datetime.combine(since, clock(), SHANGHAI)) if since else None
                outcome = asyncio.run(work.run(sites, since=moment, url=url))
            if not dry_run:
                assert store.database
                _into_ledger(store, work, began, time.monotonic() - started)
        except sqlite3.Error as error:
            click.echo(f"{path}: {error}; what was stored before is whole. Free disk space and run it again.", err=True)
            sys.exit(FAILED)
        finally:
            store.close()
    if not dry_run:
        indexing.after_run(path, lambda line: click.echo(line, err=True), console)
    _summary(outcome.pages, outcome.restored, outcome.runs, outcome.changed, outcome.by_field, dry_run, quiet=as_json)
    if url and not outcome.pages and not outcome.restored:
        click.echo(f"{url}: no such page in {where}", err=True)
        sys.exit(FAILED)
    if not as_json:
        click.echo(f"{'compared with' if dry_run else 'database:'} {path} ({file_size(path)})")
    sys.exit(FAILED if problems else DONE)


def _into_ledger(store: Store, work: Reparse, began: str | None, seconds: float) -> None:
    assert store.database
    connection = store.database.connection
    number = ledger.start_run(connection, None, "reparse", __version__, started_at=began)
    from newscrawl.run import Summary

    summary = Summary("reparse", seconds=seconds, outcomes=store.outcomes)
    ledger.finish_run(
        connection,
        number,
        seconds=seconds,
        reason="finished",
        exit_code=DONE,
        counts=summary.counts(),
        verdicts=summary.verdicts,
        links=summary.links,
        fields=work.count.fields.counts(),
    )


def _summary(pages: int, restored: int, runs: int, changed: int, by_field: Mapping[str, int], dry: bool, *, quiet: bool) -> None:
    if quiet:
        return
    if by_field:
        width = max(map(len, by_field))
        for name, count in sorted(by_field.items(), key=lambda entry: (-entry[1], entry[0])):
            click.echo(f"{name:<{width}}  {count} page{'s' if count > 1 else ''}")
    if restored and dry:
        click.echo(f"{restored} pages of the archive are not in the database; without --dry-run they come into it")
    elif restored:
        click.echo(f"{restored} pages of {runs} run{'s' if runs > 1 else ''} that the database did not know are in it now")
    if pages or not restored:
        would = "would change" if dry else "changed"
        click.echo(
            f"{pages} pages read again: {changed} {would}, {pages - changed} as they were"
            + ("; nothing was written" if dry else "")
        )


def _show(change: Change) -> None:
    """One changed page on the terminal: field, before, after; of a long field the lines that differ."""
    out = output()
    out.print(Text(change.url, style="bold"), soft_wrap=True)
    if change.title:
        out.print(Text(f"  {change.title}", style="dim"), soft_wrap=True)
    for name, (before, after) in change.fields.items():
        for sign, style, lines in (("-", "red", _only(before, after)), ("+", "green", _only(after, before))):
            for line in lines[:SHOWN] or (["(nothing)"] if not (before if sign == "-" else after) else []):
                short = line if len(line) <= 160 else line[:159] + "…"
                out.print(Text(f"  {name}: {sign} {short}", style=style), soft_wrap=True)
            if len(lines) > SHOWN:
                out.print(Text(f"  {name}: {sign} … {len(lines) - SHOWN} more lines", style="dim"))
        if not _only(before, after) and not _only(after, before):
            out.print(Text(f"  {name}: the same lines in another order", style="dim"))


def _only(lines: Values, others: Values) -> list[str]:
    """The lines that the other side has not."""
    there = set(others)
    return [line for line in lines if line not in there]


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[], None]]:
    bar = Progress(
        SpinnerColumn(),
        TextColumn("reading again: {task.completed:.0f} pages"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task("reading", total=None)
    with bar if console.is_terminal else nullcontext():
        yield lambda: bar.advance(task)


def _folder(path: Path, named: Path | None) -> Path:
    folder = archive.folder_of(path, named)
    if not folder.is_dir():
        raise Problem(
            f"{folder}: no such folder: nothing has been archived yet. Crawls keep their pages there, or name it with --archive."
        )
    return folder


def _files(folder: Path, sites: Sequence[str]) -> Iterator[tuple[str, Path]]:
    there = sorted(path.name for path in folder.iterdir() if path.is_dir())
    for site in sites or there:
        if site not in there:
            raise Problem(f"{site}: neither a file nor a site in {folder}. There are: {', '.join(there) or 'none'}.")
        for file in warc.files(folder / site):
            yield site, file


def _sites(folder: Path, names: Sequence[str]) -> list[str]:
    """The sites to read: those that are named, or all that the archive has and that have a site file."""
    there = {path.name for path in folder.iterdir() if path.is_dir()}
    wanted = [spider.name for spider in choose(names, everything=False)] if names else sorted(there & site_loader().sites.keys())
    found = [name for name in wanted if name in there]
    if not found:
        raise Problem(
            f"{folder}: has nothing of {', '.join(names) or 'any site'}. There are: {', '.join(sorted(there)) or 'none'}."
        )
    return found


def _known(path: Path) -> dict[str, int]:
    if not path.exists():
        return {}
    with open_database(path) as connection:
        return index.sizes(connection)
