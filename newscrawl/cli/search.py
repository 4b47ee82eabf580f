"""``newscrawl search``: articles by the words that they have."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from newscrawl import bigrams, indexing
from newscrawl.bigrams import Piece, Query, SearchError
from newscrawl.cli.options import EPILOG, Problem, database_option, day, open_database, output, sites_meant
from newscrawl.days import SHANGHAI
from newscrawl.pipelines import database_path
from newscrawl.store import search as store
from newscrawl.store.search import Found, Hit
from newscrawl.store.writer import DatabaseProblem, connect

HIT = "bold red"


class _Words(click.Command):
    """A command among whose words ``-网上`` is one, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        short = {name for parameter in self.get_params(ctx) for name in parameter.opts if not name.startswith("--")}
        return super().parse_args(
            ctx, [f"－{arg[1:]}" if arg[:1] == "-" and arg[1:2] not in ("", "-") and arg not in short else arg for arg in args]
        )


@click.command(cls=_Words, epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="WORDS...")
@click.option("--site", "sites", multiple=True, metavar="NAME", help="Only this site or group, as for crawl; may be said again.")
@click.option("--since", callback=day, metavar="DAY", help="Only articles published on this day (2026-11-01) or later …")
@click.option("--until", callback=day, metavar="DAY", help="… and on this day or earlier.")
@click.option("--source", metavar="来源", help="Only articles that credit this source.")
@click.option("--newest", is_flag=True, help="The latest published first, not the best.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many are shown.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, times as stored.")
@click.option(
    "--index", "indexes", is_flag=True, help="First index what waits for it: runs do so at their end, as far as they come."
)
@database_option
def search(
    words: Sequence[str],
    sites: Sequence[str],
    since: date | None,
    until: date | None,
    source: str | None,
    newest: bool,
    limit: int,
    as_json: bool,
    indexes: bool,
    db: str | None,
) -> None:
    """Find articles by words of their title and text.

    \b
      newscrawl search 网上 灭枪          both, anywhere in title or text
      newscrawl search '网上 OR 灭枪'     one of the two; 枪 NOT 网上, 枪 -网上: not that one
      newscrawl search '“威海 5G”'        next to each other; 「…」 《…》 "…" do the same
      newscrawl search title:织网         in the title; body: in the text
      newscrawl search 'NB*'              words and numbers that begin so

    Chinese is found by any part, words and numbers of other scripts whole; traditional by simplified characters and the other way
    round. The best come first: title before text, new before old. Days and times are China's.
    """
    path = database_path(db)
    if indexes:
        _index(path)
    if not words:
        if indexes and not (sites or since or until or source):
            return
        raise Problem("say what to search for: newscrawl search 网上灭枪.")
    if since and until and since > until:
        raise Problem(f"--since {since} is later than --until {until}: no day lies between them.")
    try:
        with closing(open_database(path)) as connection:
            asked: dict[str, Any] = {"sites": sites_meant(connection, sites), "since": since, "until": until, "source": source}
            found = store.find(connection, " ".join(words), newest=newest, limit=limit, **asked)
            state = store.state(connection)
            hints = _hints(connection, found.query, asked) if not found.total else []
    except SearchError as error:
        raise Problem(str(error)) from None
    except sqlite3.Error as error:
        raise Problem(f"{path}: {error}") from None
    if as_json:
        click.echo(json.dumps(_as_object(found, state), ensure_ascii=False, indent=1))
        return
    _print(found, hints, newest=newest)
    if state.waiting:
        wait = "waits" if state.waiting == 1 else "wait"
        click.echo(f"{_counted(state.waiting)} {wait} to be indexed: newscrawl search --index", err=True)
    elif not state.current:
        click.echo("the index was made by another version of newscrawl: newscrawl search --index makes it anew", err=True)


def _index(path: Path) -> None:
    if not path.exists():
        raise Problem(f"{path}: no such database. Crawl or ingest something first, or name another with --db.")
    try:
        with closing(connect(path)) as connection:
            left = indexing.work_off(connection, Console(stderr=True), renew=True)
            click.echo(f"{_counted(store.state(connection).indexed)} in the index" + f", {left} wait" * bool(left), err=True)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{path}: {error}; what was indexed before stays, run it again.") from None


def _hints(connection: sqlite3.Connection, query: Query, asked: dict[str, Any]) -> list[str]:
    """What may be done where nothing was found."""
    out = []
    everywhere = store.count(connection, query)
    limits = [f"--{name.removesuffix('s')}" for name, value in asked.items() if value]
    if everywhere:
        out.append(f"without {', '.join(limits)}: {_counted(everywhere)}")
        if asked["source"] and (near := store.sources_near(connection, asked["source"])):
            out.append(f"sources like {asked['source']}: {'、'.join(near)}")
    elif len(query.terms) > 1 or query.expression != query.terms[0].expression():
        alone = [("".join(term.runs), store.count(connection, Query(term.expression(), (term,)))) for term in query.terms]
        out.append(
            "each alone: " + ", ".join(f"{word} {count}" for word, count in alone) + "; OR between two asks for one of them"
        )
    else:
        (term,) = query.terms
        whole = "".join(term.runs)
        if len(term.runs) > 1 and (count := store.count(connection, bigrams.parse(f'"{whole}"'))):
            out.append(f"{whole} without anything between: {_counted(count)}")
        elif len(term.runs) == 1 and whole.isascii() and not term.open:
            out.append(f"words and numbers are found whole; {whole}* finds those that begin so")
        elif len(whole) > 2:
            out.append("fewer words or characters find more")
    return out


def _as_object(found: Found, state: store.State) -> dict[str, Any]:
    return {
        "match": found.query.expression, "total": found.total, "ranked": found.ranked, "indexed": state.indexed,
        "waiting": state.waiting, "hits": [asdict(hit) for hit in found.hits],
    }  # fmt: skip


def _print(found: Found, hints: Sequence[str], *, newest: bool) -> None:
    # Lines are the terminal's to break: a library that breaks at blanks tears Chinese apart.
    say = partial(output().print, soft_wrap=True)
    if not found.total:
        say(Text("nothing found", style="bold"))
        for hint in hints:
            say(Text(f"  {hint}"))
        return
    width = max(len(str(hit.id)) for hit in found.hits)
    for hit in found.hits:
        _print_hit(hit, width, say)
    shown = f", {'the latest' if newest else 'the best'} {len(found.hits)} of them here" if found.total > len(found.hits) else ""
    some = f"; of the {found.ranked} stored last" if found.is_cut else ""
    say(Text(f"{_counted(found.total)}{shown}{some}; newscrawl show {found.hits[0].id} prints one whole", style="dim"))


def _print_hit(hit: Hit, width: int, say: Any) -> None:
    say(Text.assemble((f"{hit.id:>{width}}  ", "cyan"), _marked(hit.marked, "bold")))
    site = hit.site_title or hit.site
    whose = site if not hit.publisher or hit.publisher in site else f"{hit.publisher}, {site}"
    source = f"来源 {hit.source}" if hit.source else None
    about = " · ".join(part for part in (_when(hit), whose, source) if part)
    say(Text(f"{'':>{width}}  {about}", style="dim"))
    if hit.snippet:
        say(Text.assemble(f"{'':>{width}}  ", _marked(hit.snippet, "")))
    say()


def _marked(pieces: Sequence[Piece], style: str) -> Text:
    return Text.assemble(*((part, HIT if is_hit else style) for part, is_hit in pieces))


def _when(hit: Hit) -> str:
    """A stored time as China's clocks show it, no more exact than the page gives it."""
    if not hit.published_at:
        return "no date"
    moment = datetime.fromisoformat(hit.published_at)
    moment = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    return moment.strftime("%Y-%m-%d" if hit.published_precision == "day" else "%Y-%m-%d %H:%M")


def _counted(number: int) -> str:
    return f"{number} article" if number == 1 else f"{number} articles"
