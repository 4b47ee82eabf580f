"""``newscrawl runs|run|health``: what the runs came to, and how the sites are."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawl.cli.options import EPILOG, Problem, database_option, open_database, output, site_loader
from newscrawl.exits import DEGRADED, DONE
from newscrawl.health import RunRecord, judge, name_of
from newscrawl.pipelines import database_path
from newscrawl.store import ledger
from newscrawl.store.writer import DatabaseProblem, connect

COLOURS = {"green": "green", "yellow": "yellow", "red": "bold red"}

NARROW = 110
"""Columns below which a table leaves out what `newscrawl run` shows as well."""

NUMBERS = ("new", "changed", "refused", "failed", "requests")


@contextmanager
def _opened(db: str | None, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
    """The database of a command; raises `Problem` where there is none, or none with a ledger of today's shape."""
    path = database_path(db)
    try:
        connection = connect(path) if writing and path.exists() else open_database(path)
        with closing(connection):
            yield connection
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise Problem(f"{path}: {error}") from None
        raise Problem(
            f"{path}: holds no runs in the form of this newscrawl. The next crawl brings it up to date, or name another with --db."
        ) from None


@click.command(epilog=EPILOG)
@click.argument("site", required=False)
@click.option("-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@click.option("--failed", is_flag=True, help="Only those that failed, were killed or left their site red.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
def runs(site: str | None, count: int, failed: bool, as_json: bool, db: str | None) -> None:
    """List the runs, newest first; of one SITE or of all."""
    with _opened(db) as connection:
        found = ledger.records(connection, site, count, failed=failed)
        if not found and site is not None:
            _need_site(connection, site)
    if as_json:
        for record in found:
            row = asdict(record)
            del row["fields"]
            click.echo(json.dumps(row, ensure_ascii=False))
    elif found:
        console = output()
        console.print(_runs_table(found, console))
    else:
        click.echo("no run failed" if failed else "no run is on record yet")


def _runs_table(found: Sequence[RunRecord], console: Console) -> Table:
    columns = ["id", "site", f"started ({_zone()})", "took", "reason", "exit", *NUMBERS, "state"]
    if console.width < NARROW:
        columns = [name for name in columns if name not in ("changed", "requests", "exit")]
    rows = [_run_row(record, columns) for record in found]
    taken = sum(max(cell_len(name), *(cell_len(str(row[name])) for row in rows)) + 2 for name in columns if name != "reason")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        # A reason may be a sentence; it gets what the others leave.
        most = min(max(console.width - taken, 8), 48) if name == "reason" else None
        justify = "right" if name in ("id", "took", "exit", *NUMBERS) else "left"
        table.add_column(name, justify=justify, no_wrap=True, overflow="ellipsis", max_width=most)  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(row[name] for name in columns))
    return table


def _run_row(record: RunRecord, columns: Sequence[str]) -> dict[str, str | Text]:
    row: dict[str, str | Text] = {name: str(getattr(record, name)) if record.finished_at else "" for name in NUMBERS}
    return row | {
        "id": str(record.id),
        "site": record.site or record.command,
        columns[2]: _when(record.started_at),
        "took": _took(record.seconds),
        "reason": _reason(record),
        "exit": "" if record.exit_code is None else str(record.exit_code),
        "state": _state(record.state),
    }


@click.command("run", epilog=EPILOG)
@click.argument("number", metavar="ID|last")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@database_option
def run_command(number: str, as_json: bool, db: str | None) -> None:
    """Print one run: all its counts, and what it read field by field."""
    with _opened(db) as connection:
        wanted = ledger.newest(connection) if number == "last" else int(number) if number.isdecimal() else None
        record = ledger.run(connection, wanted) if wanted is not None else None
    if record is None:
        if number == "last":
            raise Problem("no run is on record yet")
        raise Problem(f"no run {number!r}. Give a number that 'newscrawl runs' lists, or last.")
    if as_json:
        row = asdict(record)
        row["fields"] = list(row["fields"].values())
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    console = output()
    for name, value in _facts(record):
        console.print(Text.assemble((f"{name:<10}", "bold"), value), soft_wrap=True)
    if record.fields:
        console.print()
        console.print(_fields_table(record, console))


def _facts(record: RunRecord) -> Iterator[tuple[str, str | Text]]:
    who = f"{record.command} of {record.site}" if record.site else record.command
    yield "run", f"{record.id}: {who}, newscrawl {record.version}"
    ended = f", ended {_when(record.finished_at, seconds=True)}" if record.finished_at else ""
    yield "started", f"{_when(record.started_at, seconds=True)}{ended} ({_zone()}), took {_took(record.seconds) or 'not known'}"
    code = "" if record.exit_code is None else f", exit code {record.exit_code}"
    yield "ended", f"{_reason(record)}{code}"
    if record.state:
        yield "state", _state(record.state)
    if record.message:
        yield "message", record.message
    yield (
        "articles",
        f"{record.new} new, {record.changed} changed, {record.unchanged} unchanged, {record.duplicates} duplicates",
    )
    yield "pages", f"{record.refused} refused, {record.failed} failed" + _named(record.verdicts, ": ")
    yield "requests", f"{record.requests} sent, {record.retries} repeated, {_size(record.bytes)} received"
    if record.statuses:
        yield "answers", _named(record.statuses, "by status: ")
    if record.links:
        yield "links", _named(record.links, "")
    if record.slowest_host and record.slowest_seconds is not None:
        yield "slowest", f"{record.slowest_host}, {record.slowest_seconds:.2f} s an answer"
    if record.peak_memory:
        yield "memory", f"{_size(record.peak_memory)} at most"


def _named(counts: dict[str, int], before: str) -> str:
    named = ", ".join(f"{n} {word}" for word, n in sorted(counts.items(), key=lambda item: -item[1]))
    if before.startswith("by status"):
        named = ", ".join(f"{word}: {n}" for word, n in sorted(counts.items()))
    return f"{before}{named}" if named else ""


def _fields_table(record: RunRecord, console: Console) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("field", no_wrap=True)
    for name in ("there in", "%", "different", "median length"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("rules", overflow="fold")
    for count in record.fields.values():
        label = count.field if name_of(count.field) == count.field else f"{count.field} {name_of(count.field)}"
        rules = ", ".join(f"{rule} {n}" for rule, n in sorted(count.rules.items(), key=lambda item: -item[1]))
        table.add_row(
            label, f"{count.filled} of {count.articles}", f"{100 * count.filled / count.articles:.0f}", str(count.distinct),
            "" if count.median_length is None else f"{count.median_length:g}", rules,
        )  # fmt: skip
    return table


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option("--accept", is_flag=True, help="Take the named sites as they are now: earlier runs are no longer compared with.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
def health(names: Sequence[str], accept: bool, as_json: bool, db: str | None) -> None:
    """Say how the sites are: green, yellow, red, and what is wrong, in a line each.

    A site is compared with its own recent runs; it is new until there are enough of them. Exit code 3 when any is yellow or red.
    """
    if accept and not names:
        raise Problem("name the sites to accept as they are.")
    with _opened(db, writing=accept) as connection:
        latest = ledger.latest(connection)
        for name in names:
            _need_site(connection, name)
        if accept:
            for name in names:
                if name not in latest:
                    raise Problem(f"{name}: has no run to accept.")
                _accept(connection, latest[name])
            latest = ledger.latest(connection)
        since = {site: ledger.state_since(connection, record) for site, record in latest.items() if record.state}
        fresh = ledger.last_new(connection)
    idle = set() if names else set(site_loader().sites) - set(latest)
    wanted = names or sorted({*latest, *(idle if as_json else ())})
    rows = [_health_row(name, latest.get(name), since.get(name), fresh.get(name)) for name in wanted]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        console = output()
        if not console.is_terminal:
            # A line a site, however long: what reads it is a program, or a mail.
            console.width = 1000
        _print_health(rows, console)
        if idle:
            click.echo(f"{len(idle)} sites have never run; newscrawl sites lists them")
    sys.exit(DEGRADED if any(row["state"] in ("yellow", "red") for row in rows) else DONE)


def _accept(connection: sqlite3.Connection, record: RunRecord) -> None:
    judged = judge(record, [], now=datetime.now(UTC), zone=datetime.now().astimezone().tzinfo or UTC)
    ledger.accept(connection, record.site, record.id, judged.state, judged.message(record.site))


def _health_row(name: str, record: RunRecord | None, since: str | None, fresh: str | None) -> dict[str, Any]:
    if record is None:
        return {"site": name, "state": "never run", "since": None, "message": None, "last_run": None, "last_new": None}
    return {
        "site": name, "state": record.state or "new", "since": since, "message": record.message,
        "last_run": record.started_at, "last_new": fresh,
    }  # fmt: skip


def _print_health(rows: Sequence[dict[str, Any]], console: Console) -> None:
    wide = console.width >= NARROW
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("site", "state", "since", "last run", "last new"):
        table.add_column(name, no_wrap=True)
    if wide:
        table.add_column(f"message (times: {_zone()})", overflow="fold")
    for row in rows:
        message = (row["message"] or "").removeprefix(f"{row['site']}: ")
        cells = [row["site"], _state(row["state"]), *(_when(row[name]) for name in ("since", "last_run", "last_new"))]
        table.add_row(*cells, *([message] if wide else []))
    console.print(table)
    if not wide and any(row["message"] for row in rows):
        console.print()
        for row in rows:
            if row["message"]:
                console.print(Text(row["message"], style=COLOURS.get(row["state"], "")), soft_wrap=True)


# -- parts of the above


def _need_site(connection: sqlite3.Connection, name: str) -> None:
    if name not in site_loader().sites and name not in ledger.latest(connection):
        raise Problem(f"no site {name!r}. 'newscrawl sites' lists them.")


def _state(state: str | None) -> Text:
    return Text(state or "", style=COLOURS.get(state or "", ""))


def _reason(record: RunRecord) -> str:
    return record.reason or ("" if record.finished_at else "running")


def _zone() -> str:
    return datetime.now().astimezone().strftime("%Z")


def _when(text: str | None, *, seconds: bool = False) -> str:
    """A stored time in the machine's zone."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S" if seconds else "%m-%d %H:%M")


def _took(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes} min {left} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
