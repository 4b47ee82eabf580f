"""``newscrawl links|graph``: who links what, of one article or of all."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO, get_args

import click
from rich.text import Text

from newscrawl import fingerprint, graph
from newscrawl.cli.options import EPILOG, Problem, database_option, day, file_size, open_database, output
from newscrawl.days import SHANGHAI, today
from newscrawl.export import in_place
from newscrawl.items import LinkKind
from newscrawl.pipelines import database_path
from newscrawl.store import links as store
from newscrawl.store import reader

kind_option = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(get_args(LinkKind)),
    help="Only links of this kind; may be given more than once.",
)

TABLES = ("nodes.csv", "edges.csv")

SPREADSHEET = "utf-8-sig"
"""UTF-8 with the mark without which spreadsheets take Chinese for something else; Gephi, R and pandas skip it."""

LISTED = ("recommended", "related")
"""Kinds that an editor or the CMS chose for one article; the others stand beside every article alike."""


@click.command(epilog=EPILOG)
@click.argument("wanted", metavar="URL|ID")
@click.option("--out", "out", is_flag=True, help="Only the links beside the article.")
@click.option("--in", "into", is_flag=True, help="Only the links of others that lead to it.")
@kind_option
@click.option("--all", "closed", is_flag=True, help="Closed ones too: links that have vanished from their page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, times as stored.")
@database_option
def links(wanted: str, out: bool, into: bool, kinds: tuple[str, ...], closed: bool, as_json: bool, db: str | None) -> None:
    """Print the links beside an article, and who links it.

    URL is any address that the article has, or one that was never crawled, of which it tells who links it. Times are China's.
    """
    path = database_path(db)
    with _reading(path) as connection:
        number = reader.find_article(connection, wanted)
        to: dict[str, Any] = {"article_id": number} if number is not None else {"key": _key(wanted)}
        found: dict[str, Any] = {"article": store.head(connection, number) if number is not None else None}
        if number is None:
            found["url"] = wanted
        elif out or not into:
            found["out"] = store.outgoing(connection, number, kinds=kinds, closed=closed)
        if into or not out or number is None:
            # What stands beside every article alike is counted for a reader, who may ask for it.
            told = kinds if kinds or as_json else LISTED
            found["in"] = store.incoming(connection, **to, kinds=told, closed=closed)
            if told is LISTED:
                found["more"] = store.counted(connection, **to, besides=LISTED, closed=closed)
        if number is None and not found["in"] and not found.get("more"):
            page = None if wanted.isdigit() else reader.find_page(connection, wanted)
            said = f"gave no article ({page['verdict']}), and no link" if page else f"not in {path}, and no link"
            raise Problem(f"{wanted}: {said} leads there. Give an article's number, or any address it has.")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print(found)


def _key(url: str) -> str:
    try:
        return fingerprint.key(url)
    except ValueError:
        return url


def _print(found: dict[str, Any]) -> None:
    # Lines are the terminal's to break: a library that breaks at blanks tears Chinese apart.
    say = partial(output().print, soft_wrap=True)
    article = found["article"]
    if article:
        say(Text(article["title"], style="bold"))
        say(Text(_join(f"article {article['id']}", *_about(article, ""), article["url"]), style="cyan"))
    else:
        if found["in"]:
            say(Text(found["in"][0]["title"], style="bold"))
        say(Text(_join("not stored", found["url"]), style="cyan"))
    if "out" in found:
        if not found["out"]:
            say(Text("\nno links stand beside it", style="bold"))
        for (gone, _, heading, kind), rows in groupby(
            found["out"], lambda row: (bool(row["gone_at"]), row["block"], row["heading"], row["kind"])
        ):
            say(Text(f"\n{heading or '(no heading)'} ({kind}){', closed' if gone else ''}", style="bold"))
            for row in rows:
                say(Text(f"  {row['position']}. {row['title']}"))
                target = _join(f"article {row['target_id']}", *_about(row, "target_")) if row["target_id"] else _state(row)
                say(Text(f"     {_join(target, *_seen(row))}", style="dim" if row["target_id"] else "yellow"))
                if not row["target_id"] and row["url"]:
                    say(Text(f"     {row['url']}", style="dim"))
    if "in" in found:
        _print_incoming(found["in"], found.get("more", ()), say)


def _print_incoming(
    rows: Sequence[dict[str, Any]], more: Sequence[tuple[str, str | None, int]], say: Callable[[Text], None]
) -> None:
    if not rows and not more:
        say(Text("\nno other article links it", style="bold"))
        return
    say(Text("\nlinked by", style="bold"))
    for row in rows:
        say(Text(f"  {row['from_title']}"))
        where = f"{row['heading'] or '(no heading)'} ({row['kind']}) at {row['position']}"
        say(Text(f"     {_join('article ' + str(row['from_id']), *_about(row, 'from_'))}", style="dim"))
        say(Text(f"     {_join(where, *_seen(row))}", style="dim"))
    for kind, heading, count in more:
        say(Text(f"  {count} beside which it stands under {heading or '(no heading)'} ({kind}); --kind {kind} lists them"))


def _about(row: dict[str, Any], prefix: str) -> list[str | None]:
    """Whose article it is, and when it was published, as exactly as that is known."""
    site, publisher = row.get(f"{prefix}site_title") or row[f"{prefix}site"], row[f"{prefix}publisher"]
    # 大众网·威海 names its publisher already.
    whose = site if not publisher or publisher in site else f"{publisher}, {site}"
    at, precision = row[f"{prefix}published_at"], row[f"{prefix}published_precision"]
    return [whose, f"published {_when(at, day_only=precision == 'day')}" if at else "no date"]


def _state(row: dict[str, Any]) -> str:
    if row["state"] in ("not crawled", "no address"):
        return str(row["state"])
    if row["state"] == "waiting":
        return "not crawled yet"
    return f"not stored: {row['state']}" + (f", {row['why']}" if row["why"] else "")


def _seen(row: dict[str, Any]) -> list[str]:
    return [f"first seen {_when(row['first_seen'])}"] + ([f"closed {_when(row['gone_at'])}"] if row["gone_at"] else [])


def _join(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _when(text: str, *, day_only: bool = False) -> str:
    """A stored time as China's clocks show it."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d" if day_only else "%Y-%m-%d %H:%M")


@click.command("graph", epilog=EPILOG)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to; csv: a folder, or a .zip.",
)
@click.option("--format", "form", type=click.Choice(get_args(graph.Format)), help="What to write [default: as FILE ends].")
@kind_option
@click.option("--since", callback=day, metavar="DAY", help="Links beside articles published from this day on …")
@click.option("--until", callback=day, metavar="DAY", help="… and until this one.")
@click.option(
    "--site", "sites", multiple=True, metavar="SITE", help="Links beside this site's articles; may be given more than once."
)
@click.option("--uncrawled", is_flag=True, help="Addresses that were never stored are nodes too.")
@database_option
def graph_command(
    target: Path,
    form: graph.Format | None,
    kinds: tuple[str, ...],
    since: date | None,
    until: date | None,
    sites: tuple[str, ...],
    uncrawled: bool,
    db: str | None,
) -> None:
    """Write the link graph for Gephi, networkx or a spreadsheet.

    Nodes are articles, edges the links beside them, closed ones too, each with the time it was first seen and gone.
    """
    path = database_path(db)
    form = form or _form_of(target)
    if target.exists() and path.exists() and target.samefile(path):
        raise Problem(f"{target}: is the database. Name another file with -o.")
    with _reading(path) as connection:
        if missing := store.sites_missing(connection, sites):
            raise Problem(f"{', '.join(missing)}: no such site in {path}.")
        try:
            with store.graph(connection, kinds=kinds, since=since, until=until, sites=sites, uncrawled=uncrawled) as chosen:
                written = write_graph(chosen, form, target)
        except OSError as error:
            raise click.ClickException(f"{error.filename or target}: cannot be written ({error.strerror or error})") from None
    beside = f", {written.uncrawled} addresses never stored" if uncrawled else ""
    files = [target] if target.is_file() else [target / name for name in TABLES]
    click.echo(f"{written.articles} articles{beside}, {written.links} links")
    for file in files:
        click.echo(f"{file} ({file_size(file)})")


def _form_of(target: Path) -> graph.Format:
    endings: dict[str, graph.Format] = {".gexf": "gexf", ".graphml": "graphml", ".zip": "csv"}
    form = "csv" if target.is_dir() else endings.get(target.suffix.lower())
    if form is None:
        raise Problem(f"{target}: say with --format what it shall hold, or name it .gexf, .graphml or .zip.")
    return form


def write_graph(chosen: store.Graph, form: graph.Format, target: Path) -> graph.Written:
    """Write the files whole or not at all: under another name first, put in place at the end."""
    nodes, edges = chosen.nodes(), chosen.edges()
    zipped = form == "csv" and target.suffix.lower() == ".zip"
    if form == "csv" and not zipped:
        if target.suffix.lower() == ".csv":
            raise Problem(f"{target}: csv is two tables. Name a folder or a .zip with -o.")
        target.mkdir(parents=True, exist_ok=True)
        with in_place(target / TABLES[0]) as one, in_place(target / TABLES[1]) as other:
            return graph.write_csv(partial(_open, one, SPREADSHEET), partial(_open, other, SPREADSHEET), nodes, edges)
    target.parent.mkdir(parents=True, exist_ok=True)
    with in_place(target) as part:
        if zipped:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                first, second = (partial(_member, archive, name) for name in TABLES)
                return graph.write_csv(first, second, nodes, edges)
        with _open(part) as out:
            if form == "gexf":
                return graph.write_gexf(out, nodes, edges, made_on=today())
            return graph.write_graphml(out, nodes, edges)


def _open(path: Path, encoding: str = "utf-8") -> TextIO:
    return path.open("w", encoding=encoding, newline="")


def _member(archive: zipfile.ZipFile, name: str) -> TextIO:
    return io.TextIOWrapper(archive.open(name, "w", force_zip64=True), encoding=SPREADSHEET, newline="")


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, read only; raises `Problem` where it cannot be read."""
    try:
        with closing(open_database(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise Problem(f"{path}: {error}") from None
