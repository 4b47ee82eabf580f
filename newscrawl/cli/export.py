"""``newscrawl export``: a table, a view or a query as a file for another program."""

from __future__ import annotations

import difflib
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, get_args

import click
from rich.text import Text

from newscrawl import __version__, export
from newscrawl.cli.options import EPILOG, Problem, database_option, day, in_bytes, open_database, output, sites_meant
from newscrawl.items import LinkKind
from newscrawl.pipelines import database_path
from newscrawl.store import condition, exports, queries

TABLES = tuple(exports.TABLES)

FEED_ENTRIES = 100
"""Entries of a feed, where no other number is asked for."""

_GRAPHS = ("gexf", "graphml")
_BINARY = ("parquet", "xlsx")


@dataclass(slots=True)
class Wanted:
    """What is asked for: one of a table, a view, a saved query, a query."""

    name: str
    table: exports.Table | None = None
    view: str | None = None
    query: queries.Query | None = None
    values: dict[str, str] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """What a row is, or what the query answers."""
        if self.table:
            return self.table.row
        if self.view:
            return exports.views()[self.view]
        assert self.query
        return self.query.title


@click.command("export", epilog=EPILOG)
@click.argument("name", required=False)
@click.option("--sql", metavar="SELECT", help="This query instead of NAME.")
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A value that a saved query or --sql asks for (:NAME)."
)
@click.option("-o", "--output", "target", default="-", metavar="FILE", help="Where to [default: -, standard output, as CSV].")
@click.option("--format", "form", type=click.Choice(get_args(export.Format)), help="What to write [default: as FILE ends].")
@click.option("--since", callback=day, metavar="DAY", help="From this day on …")
@click.option("--until", callback=day, metavar="DAY", help="… and until this one.")
@click.option("--site", "sites", multiple=True, metavar="NAME", help="Only this site or group, as for crawl; may be said again.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(get_args(LinkKind)), help="Of links: only these; may be said again."
)
@click.option("--columns", metavar="A,B,C", help="These columns, in this order [default: as --list names them].")
@click.option("--body/--no-body", default=None, help="With the whole text, or without [default: with it].")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    metavar="ROWS",
    help=f"This many at most [default: all; of a feed {FEED_ENTRIES}].",
)
@click.option(
    "--bom/--no-bom", default=None, help="CSV with the mark that spreadsheets know UTF-8 by, or without [default: in files]."
)
@click.option("--list", "listing", is_flag=True, help="What there is to export; with NAME: its columns, and what each holds.")
@database_option
def export_command(
    name: str | None,
    sql: str | None,
    params: Sequence[str],
    target: str,
    form: export.Format | None,
    since: date | None,
    until: date | None,
    sites: Sequence[str],
    kinds: Sequence[str],
    columns: str | None,
    body: bool | None,
    limit: int | None,
    bom: bool | None,
    listing: bool,
    db: str | None,
) -> None:
    """Write a table as CSV, JSON lines, Parquet, Excel, a feed (Atom) or a graph.

    NAME is a table (articles, links, reprints, revisions, bylines, people, sources, images, pages …), a view, or a saved query;
    --list names them all. Beside FILE goes FILE.json: what the columns hold, how many rows there are, what was chosen. FILE is
    replaced when all is written.

    \b
    newscrawl export articles -o articles.parquet --since 2026-11-01 --site 山东
    newscrawl export links -o links.xlsx --kind recommended
    newscrawl export articles_of_person -p name=丛知夏 -o person.csv
    newscrawl export corrections_last_week -o corrections.atom
    """
    path = database_path(db)
    if listing:
        _list(path, name)
        return
    if (name is None) == (sql is None):
        raise Problem("name a table, a view or a saved query (newscrawl export --list), or give a query with --sql, not both.")
    file = None if target == "-" else Path(target)
    if file is not None:
        _check(file, path)
    form = form or _form_of(file)
    if file is None and form in _GRAPHS:
        raise Problem(f"{form} needs a file: name one with -o.")
    if file is None and form in _BINARY and sys.stdout.isatty():
        raise Problem(f"{form} is nothing for a terminal: name a file with -o.")
    wanted = _wanted(path, name, sql, params)
    picked = [one.strip() for one in columns.replace("，", ",").split(",") if one.strip()] if columns else []
    if since and until and until < since:
        raise Problem(f"--until {until} lies before --since {since}.")
    try:
        with closing(open_database(path)) as connection:
            which = exports.Filter(tuple(sites_meant(connection, sites)), since, until, tuple(kinds))
            filters = _filters(which, sites, limit)
            if form in _GRAPHS:
                assert file is not None
                _write_graph(
                    connection, wanted, which, form, file, path, filters, plain=not (picked or limit or body is not None)
                )
                return
            if form == "atom":
                if picked:
                    raise Problem("a feed has columns of its own; leave --columns out.")
                limit = limit or FEED_ENTRIES
            with _reading(connection, wanted, which, picked, body, form, limit) as reading:
                reading.rows = islice(reading.rows, limit) if limit else reading.rows
                version, _ = condition.schema_version(connection)
                about = _about(wanted, reading.columns, path, version, filters)
                _write(reading, form, file, wanted, about, bom=bom if bom is not None else file is not None)
    except (exports.ExportProblem, queries.QueryProblem, export.NeedsExtra) as error:
        raise Problem(str(error)) from None
    except sqlite3.Error as error:
        if "no such" in str(error) and wanted.query is None:
            raise Problem(f"{path}: was written by an older newscrawl. The next crawl brings it up to date.") from None
        raise Problem(f"{path}: {error}.") from None


def _form_of(file: Path | None) -> export.Format:
    if file is None:
        return "csv"
    found = export.SUFFIXES.get(file.suffix.lower())
    if found is None:
        raise Problem(f"{file}: say with --format what it shall hold, or name it {', '.join(sorted(export.SUFFIXES))}.")
    return found


def _check(file: Path, database: Path) -> None:
    if file.is_dir():
        raise Problem(f"{file}: is a folder. Name a file in it with -o.")
    if file.exists() and database.exists() and file.samefile(database):
        raise Problem(f"{file}: is the database. Name another file with -o.")


def _wanted(path: Path, name: str | None, sql: str | None, params: Sequence[str]) -> Wanted:
    values: dict[str, str] = {}
    for one in params:
        key, sign, value = one.partition("=")
        if not sign or not key:
            raise Problem(f"-p {one}: write it as NAME=VALUE.")
        values[key.removeprefix(":")] = value
    try:
        if sql is not None:
            query = queries.parse("query", sql)
            return Wanted("query", query=query, values=query.values(values))
        assert name is not None
        if name in exports.TABLES or name in exports.views():
            if values:
                raise Problem(f"{name}: takes no values; -p goes with a saved query or --sql.")
            return Wanted(name, table=exports.TABLES.get(name), view=None if name in exports.TABLES else name)
        saved = queries.queries(path)
        if name in saved:
            return Wanted(name, query=saved[name], values=saved[name].values(values))
    except queries.QueryProblem as error:
        raise Problem(str(error)) from None
    known = {**exports.TABLES, **exports.views(), **saved}
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    raise Problem(f"no table, view or saved query {name!r}. {hint}newscrawl export --list names all.")


def _filters(which: exports.Filter, sites: Sequence[str], limit: int | None) -> dict[str, Any]:
    """What was chosen, for people and programs; empty where all was."""
    told: dict[str, Any] = {}
    if sites:
        told |= {"site": list(sites), "sites": list(which.sites)}
    if which.since:
        told["since"] = which.since.isoformat()
    if which.until:
        told["until"] = which.until.isoformat()
    if which.kinds:
        told["kind"] = list(which.kinds)
    if limit:
        told["limit"] = limit
    return told


@contextmanager
def _reading(
    connection: sqlite3.Connection,
    wanted: Wanted,
    which: exports.Filter,
    picked: Sequence[str],
    body: bool | None,
    form: export.Format,
    limit: int | None,
) -> Iterator[exports.Reading]:
    """What is wanted, as it is read."""
    wrap = partial(queries.as_feed, name=wanted.name, limit=limit or FEED_ENTRIES) if form == "atom" else None
    if wanted.table is not None:
        if wrap is not None and not wanted.table.feed:
            can = ", ".join(table.name for table in exports.TABLES.values() if table.feed)
            raise Problem(f"{wanted.name}: its rows are no news. A feed can be made of {can}, of views and of saved queries.")
        names = wanted.table.feed if wrap is not None else picked
        with exports.table(
            connection, wanted.table, exports.chosen_fields(wanted.table, names, body=body), which, wrap=wrap
        ) as reading:
            yield reading
        return
    if body is not None:
        raise Problem(f"{wanted.name}: --body and --no-body go with tables; say with --columns what you want of it.")
    sql: str
    values: Any
    if wanted.view is not None:
        sql, values = exports.view_query(connection, wanted.view, which)
    else:
        assert wanted.query is not None
        if which != exports.Filter():
            raise Problem(f"{wanted.name}: is a query; --site, --since, --until and --kind go with tables and views.")
        sql, values = wanted.query.sql, wanted.values
    # CSV has text alone: what it is need not be known.
    typed = form not in ("csv", "atom")
    with exports.query(connection, sql, values, names=picked, typed=typed, wrap=wrap) as reading:
        yield reading


def _about(wanted: Wanted, columns: Sequence[export.Column], path: Path, version: int, filters: dict[str, Any]) -> dict[str, Any]:
    """What is to be known of an export, as it stands beside its file."""
    told: dict[str, Any] = {"table": wanted.name, "row": wanted.row}
    if wanted.query is not None:
        told |= {"query": wanted.query.sql, **({"values": wanted.values} if wanted.values else {})}
    return told | {
        "filters": filters,
        "database": str(path),
        "schema_version": version,
        "newscrawl": __version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "columns": [
            {"name": column.name, "kind": column.kind, **({"description": column.description} if column.description else {})}
            for column in columns
        ],
    }


def _write(
    reading: exports.Reading, form: export.Format, file: Path | None, wanted: Wanted, about: dict[str, Any], *, bom: bool
) -> None:
    """Write the file and what stands beside it, whole or not at all, and say what was written."""
    size = 0
    with _telling_errors(file), ExitStack() as stack:
        part = beside = None
        if file is None:
            out: BinaryIO = sys.stdout.buffer
        elif file.exists() and not file.is_file():
            # A device or a pipe has no name to put beside it.
            out = stack.enter_context(file.open("wb"))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Put in place in the opposite order.
            beside = stack.enter_context(export.in_place(_beside(file)))
            part = stack.enter_context(export.in_place(file))
            out = stack.enter_context(part.open("wb"))
        written = _write_as(form, out, reading, wanted, about, bom=bom)
        out.flush()
        if file is not None and part is not None and beside is not None:
            out.close()
            size = part.stat().st_size
            beside.write_text(_told(file, form, about, written, export.sha256(part), size), "utf-8")
    rows = f"{written.rows:,} {'row' if written.rows == 1 else 'rows'}"
    for note in written.notes:
        click.echo(f"note: {note}", err=True)
    if not written.rows:
        chosen = ", ".join(
            f"{name} {', '.join(value) if isinstance(value, list) else value}"
            for name, value in about["filters"].items()
            if name != "sites"
        )
        click.echo(f"nothing was found{f' ({chosen})' if chosen else ''}: the file has no rows", err=True)
    if file is None or part is None:
        click.echo(f"{rows} of {wanted.name}, schema {about['schema_version']}", err=True)
    else:
        click.echo(f"{file}: {rows}, {len(reading.columns)} columns ({in_bytes(size)}); {file.name}.json says what they hold")


def _write_as(
    form: export.Format, out: BinaryIO, reading: exports.Reading, wanted: Wanted, about: dict[str, Any], *, bom: bool
) -> export.Written:
    columns, rows = reading.columns, reading.rows
    if form == "csv":
        return export.write_csv(out, columns, rows, bom=bom)
    if form == "jsonl":
        return export.write_jsonl(out, columns, rows)
    if form == "parquet":
        # Each column's description stands in its field.
        told = {**about, "columns": [column.name for column in columns]}
        return export.write_parquet(out, columns, rows, metadata={"newscrawl": json.dumps(told, ensure_ascii=False)})
    if form == "xlsx":
        plain = [(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for name, value in about.items() if name != "columns"]  # fmt: skip
        explained = [(column.name, f"{column.description or column.kind}" + (" (here: China's time)" if column.kind == "time" else "")) for column in columns]  # fmt: skip
        return export.write_xlsx(out, columns, rows, title=wanted.name, about=[*plain, ("", ""), *explained])
    assert form == "atom"
    return export.write_atom(
        out, rows, name=wanted.name, title=wanted.query.title if wanted.query else f"newscrawl: {wanted.name}"
    )


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _told(file: Path, form: str, about: dict[str, Any], written: export.Written, digest: str, size: int) -> str:
    """The text of FILE.json."""
    counted = {"rows": written.rows, "bytes": size, "sha256": digest, "notes": written.notes}
    told = {"file": file.name, "format": form, **about, **counted}
    # What is long stands last.
    told["columns"] = told.pop("columns")
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


@contextmanager
def _telling_errors(file: Path | None) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        where = file or "standard output"
        raise click.ClickException(f"{where}: cannot be written ({error.strerror or error}). {_still(file)}".rstrip()) from None


def _still(file: Path | None) -> str:
    return f"The {file.name} there is was left as it was." if file is not None and file.is_file() else ""


def _write_graph(
    connection: sqlite3.Connection,
    wanted: Wanted,
    which: exports.Filter,
    form: export.Format,
    file: Path,
    path: Path,
    filters: dict[str, Any],
    *,
    plain: bool,
) -> None:
    """The links as a graph, by the same way as ``newscrawl graph``."""
    from newscrawl.cli import links
    from newscrawl.store.links import graph

    if wanted.name != "links":
        raise Problem(f"{form} is a graph, and only links are one: newscrawl export links -o {file}.")
    if not plain:
        raise Problem(f"{form}: its columns are fixed, and it is whole; leave --columns, --body and --limit out.")
    assert form in ("gexf", "graphml")
    version, _ = condition.schema_version(connection)
    about = _about(wanted, [], path, version, filters)
    with _telling_errors(file):
        with graph(connection, kinds=which.kinds, since=which.since, until=which.until, sites=which.sites) as chosen:
            done = links.write_graph(chosen, form, file)
        written = export.Written(done.links)
        size = file.stat().st_size
        with export.in_place(_beside(file)) as beside:
            beside.write_text(
                _told(file, form, {**about, "articles": done.articles}, written, export.sha256(file), size), "utf-8"
            )
    click.echo(
        f"{file}: {done.links:,} links between {done.articles:,} articles ({in_bytes(size)}); newscrawl graph has more options"
    )


# -- what there is


def _list(path: Path, name: str | None) -> None:
    try:
        saved = queries.queries(path)
    except queries.QueryProblem as error:
        raise Problem(str(error)) from None
    say = partial(output().print, soft_wrap=True)
    if name is None:
        groups = (
            ("tables, a row is", {table.name: table.row for table in exports.TABLES.values()}),
            ("views", {view: row for view, row in exports.views().items() if view not in exports.TABLES}),
            ("saved queries", {query.name: query.title + _asks(query) for query in saved.values()}),
        )
        for title, told in groups:
            say(Text(title, style="bold"))
            for one, what in told.items():
                say(Text.assemble("  ", (f"{one:<30}", "cyan"), what))
            say()
        say(Text(f"A query of your own: {path.parent / queries.FOLDER}/NAME.sql, with its title in a first line: -- TITLE"))
        return
    if name in saved:
        query = saved[name]
        say(Text(query.title, style="bold"))
        if query.description:
            say(Text(query.description))
        for asked in query.params:
            left = "" if asked.required else " (may be left out)"
            say(Text.assemble("  ", (f":{asked.name:<29}", "cyan"), asked.description, left))
        say(Text(f"\n{query.sql}", style="dim"))
        return
    wanted = _wanted(path, name, None, ())
    say(Text(f"{name}: {'a row is ' if wanted.table else ''}{wanted.row}", style="bold"))
    if wanted.table is None:
        with closing(open_database(path)) as connection:
            sql, values = exports.view_query(connection, name, exports.Filter())
            with exports.query(connection, sql, values, typed=False) as reading:
                say(Text("  " + " ".join(column.name for column in reading.columns), style="cyan"))
        return
    if wanted.table.days:
        say(Text(f"--since and --until go by {wanted.table.days}"))
    for part in wanted.table.fields:
        column, named = part.column, "" if part.default else " (only when named with --columns)"
        kind = "" if column.kind == "text" else f"{column.kind}, "
        say(Text.assemble("  ", (f"{column.name:<20}", "cyan"), kind, column.description, named))


def _asks(query: queries.Query) -> str:
    shown = [f"-p {one.name}=…" if one.required else f"[-p {one.name}=…]" for one in query.params]
    return f" ({' '.join(shown)})" if shown else ""
