"""``newscrawl reprints``: who wrote it first, who took it over, and what they changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from difflib import SequenceMatcher
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from newscrawl.cli.options import EPILOG, Problem, database_option, day, open_database, output
from newscrawl.pipelines import database_path
from newscrawl.store import clusters, reader
from newscrawl.store.writer import DatabaseProblem, connect

NARROW = 110
"""Columns below which the list of clusters leaves out who is credited."""

LONGEST = 4000
"""Characters up to which two bodies are compared character by character; longer ones line by line first."""


@contextmanager
def _opened(db: str | None, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
    path = database_path(db)
    try:
        with closing(connect(path) if writing and path.exists() else open_database(path)) as connection:
            yield connection
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise Problem(f"{path}: {error}") from None
        raise Problem(f"{path}: holds no reprints yet. 'newscrawl reprints --rebuild' finds them.") from None


@click.command(epilog=EPILOG)
@click.argument("wanted", metavar="[URL|ID]", required=False)
@click.option("--newest", is_flag=True, help="Those with the newest reprint first, not the largest.")
@click.option("--since", metavar="DAY", callback=day, help="Only those with a member published on that day or later.")
@click.option("-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@click.option("--rebuild", is_flag=True, help="Look at every article that was not looked at yet, and make all clusters anew.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; of a list, one a line.")
@database_option
def reprints(
    wanted: str | None, newest: bool, since: date | None, count: int, rebuild: bool, as_json: bool, db: str | None
) -> None:
    """Print who reprinted an article, and from whom it most likely comes.

    Without URL or ID: the largest clusters of reprints. Times are as the pages give them.
    """
    if rebuild:
        if wanted or since or newest or as_json:
            raise Problem("--rebuild stands alone.")
        with _opened(db, writing=True) as connection:
            _rebuild(connection)
        return
    with _opened(db) as connection:
        if wanted is None:
            _list(connection, since, newest, count, as_json)
        else:
            _show(connection, wanted, as_json, str(database_path(db)))


def _rebuild(connection: sqlite3.Connection) -> None:
    total = clusters.unsketched(connection)
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("comparing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    done = 0
    with progress if console.is_terminal else nullcontext():
        task = progress.add_task("comparing", total=total)
        for step in clusters.rebuild(connection):
            done += step
            progress.advance(task, step)
    click.echo(f"{_counted(done, 'article')} looked at; {_counted(clusters.count(connection), 'cluster')} of reprints")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


# -- the list


def _list(connection: sqlite3.Connection, since: date | None, newest: bool, count: int, as_json: bool) -> None:
    found = clusters.listing(connection, since=since, newest=newest, most=count)
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    if found:
        console = output()
        console.print(_list_table(found, console))
    else:
        click.echo(f"no reprints with a member of {since} or later" if since else "no reprints are known")
    if waiting := clusters.unsketched(connection):
        click.echo(f"{_counted(waiting, 'article')} not looked at yet: newscrawl reprints --rebuild", err=True)


def _list_table(found: Sequence[dict[str, Any]], console: Console) -> Table:
    wide = console.width >= NARROW
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("articles", "sites"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("first", "last"):
        table.add_column(name, no_wrap=True)
    table.add_column("origin", justify="right", no_wrap=True)
    table.add_column("site", no_wrap=True)
    if wide:
        table.add_column("来源", overflow="fold")
    table.add_column("title", overflow="fold")
    for row in found:
        table.add_row(
            str(row["articles"]), str(row["sites"]), *(_time(row[name], None)[:16] for name in ("first_published_at", "last_published_at")),
            str(row["origin_id"] or ""), row["site"] or "", *([row["source"] or ""] if wide else []), row["title"] or "",
        )  # fmt: skip
    return table


# -- one cluster


def _show(connection: sqlite3.Connection, wanted: str, as_json: bool, path: str) -> None:
    article = reader.find_article(connection, wanted)
    if article is None:
        raise Problem(f"{wanted}: not in {path}. Give an article's number, or any address it has.")
    number = clusters.cluster_of(connection, article)
    found = clusters.cluster(connection, number) if number is not None else None
    if found is None:
        if as_json:
            click.echo(json.dumps({"id": None, "article": article, "members": []}, ensure_ascii=False))
        else:
            click.echo(f"article {article}: no reprints of it are known")
        return
    first = next((member for member in found["members"] if member["origin"]), found["members"][0])
    for member in found["members"]:
        member["differs"] = "" if member is first else difference(first, member)
    if as_json:
        for member in found["members"]:
            del member["body_text"]
        click.echo(json.dumps({**found, "article": article}, ensure_ascii=False, indent=1))
        return
    _print(found, article)


def _print(found: dict[str, Any], article: int) -> None:
    console = output()
    head = f"{_counted(found['articles'], 'article')}, {_counted(found['texts'], 'text')}, {_counted(found['publishers'], 'publisher')}"
    console.print(Text(f"cluster {found['id']}: {head}", style="bold"), soft_wrap=True)
    for member in found["members"]:
        console.print()
        line = Text.assemble(
            ("* " if member["origin"] else "  "), (_time(member["published_at"], member["published_precision"]) or "no date", "cyan"),
            f"  {member['site_title'] or member['site']}", f"  来源 {member['source']}" if member["source"] else "",
            f"  {member['similarity']:.0%}" if not member["origin"] else "",
        )  # fmt: skip
        console.print(line, soft_wrap=True)
        console.print(Text(f"  {member['title']}", style="bold" if member["id"] == article else ""), soft_wrap=True)
        console.print(Text(f"  article {member['id']}: {member['url']}", style="dim"), soft_wrap=True)
        if member["origin"]:
            for reason in found["origin_reasons"]:
                console.print(Text(f"  likely origin: {reason}", style="green"), soft_wrap=True)
        else:
            console.print(Text(f"  {member['differs']}", style="yellow"), soft_wrap=True)


def _time(text: str | None, precision: str | None) -> str:
    """A time as the page gives it, no more exact than that."""
    length = {"day": 10, "hour": 13, "minute": 16}.get(precision or "", 19)
    return (text or "")[:length].replace("T", " ")


def difference(first: dict[str, Any], member: dict[str, Any]) -> str:
    """What a member has changed of the origin, in a line: ``+12 −30 characters, title changed``."""
    out = []
    added, removed = _characters(first["body_text"], member["body_text"])
    if added or removed:
        counts = " ".join(f"{sign}{number}" for sign, number in (("+", added), ("−", removed)) if number)
        out.append(f"{counts} characters")
    if "".join(first["title"].split()) != "".join(member["title"].split()):
        out.append("title changed")
    return ", ".join(out) or "the same word for word"


def _characters(first: str, second: str) -> tuple[int, int]:
    """How many characters the second text has that the first has not, and the other way round; white space does not count."""
    old, new = ("".join(text.split()) for text in (first, second))
    if max(len(old), len(new)) <= LONGEST:
        return _counts(old, new)
    lines = [["".join(line.split()) for line in text.splitlines() if line.strip()] for text in (first, second)]
    added = removed = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, lines[0], lines[1], autojunk=False).get_opcodes():
        if tag != "equal":
            plus, minus = _counts("".join(lines[0][i1:i2]), "".join(lines[1][j1:j2]))
            added, removed = added + plus, removed + minus
    return added, removed


def _counts(old: str, new: str) -> tuple[int, int]:
    if not old or not new or max(len(old), len(new)) > 2 * LONGEST:
        return len(new), len(old)
    same = sum(size for _, _, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return len(new) - same, len(old) - same
