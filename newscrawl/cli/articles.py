"""``newscrawl ingest|extract``: saved pages, stored or only read."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from newscrawl import __version__, indexing, ingest, lock, run
from newscrawl.cli.options import EPILOG, Problem, check_database, choose, database_option, file_size, site_loader
from newscrawl.cli.survey import print_layers
from newscrawl.exits import DONE, FAILED
from newscrawl.extract.layers import extract
from newscrawl.extract.page import Page
from newscrawl.items import Article
from newscrawl.loaders import load
from newscrawl.lock import Locked
from newscrawl.pipelines import Store, database_path
from newscrawl.store import ledger
from newscrawl.store.writer import DatabaseProblem


@click.command("ingest", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@database_option
@click.option(
    "--site", "names", multiple=True, metavar="NAME", help="Only pages of this site or group, as for crawl; may be said again."
)
@click.option("--no-site-rules", is_flag=True, help="Read every page as one of an unknown site.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each page.")
def ingest_command(paths: Sequence[Path], db: str | None, names: Sequence[str], no_site_rules: bool, verbose: bool) -> None:
    """Store saved pages: HTML, manifests, WARC and WACZ files.

    PATHS are folders or files of HTML (plain or gz), manifests (JSONL with file, url, encoding), WARC files (Common Crawl's news among them) or WACZ packages. They go through the same extraction and pipelines as a crawl; the same pages a second time change nothing.
    """
    path = database_path(db)
    for source in paths:
        if not source.exists():
            raise Problem(f"{source}: no such file or folder.")
    hosts = sorted({host for spider in choose(names, everything=False) for host in spider.allowed_hosts()}) if names else None
    check_database(path)
    console = Console(stderr=True)
    problems: list[str] = []

    def problem(line: str) -> None:
        problems.append(line)
        console.print(Text(line, style="yellow" if console.is_terminal else ""), soft_wrap=True)

    started = time.monotonic()
    store = Store(path)
    store.open()
    assert store.database
    try:
        with contextlib.suppress(Locked), lock.acquire(path, "ingest"):
            # Where no other ingest runs, those that are still open in the ledger are dead.
            ledger.close_dead(store.database.connection, None)
        held = lock.acquire(path, "ingest", shared=True)
        number = ledger.start_run(store.database.connection, None, "ingest", __version__)
    except (DatabaseProblem, sqlite3.Error) as error:
        raise Problem(f"{path}: {error}; nothing was read.") from None
    shelf = ingest.Shelf(store, ingest.Sites({} if no_site_rules else site_loader().sites))
    progress = Progress(
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    pages = 0
    exit_code = DONE
    try:
        with progress if console.is_terminal else contextlib.nullcontext():
            task = progress.add_task("reading", total=ingest.count(paths) if console.is_terminal else None)
            for source in paths:
                for page in ingest.saved(source, problem, hosts):
                    item = shelf.add(page)
                    pages += 1
                    progress.advance(task)
                    if verbose:
                        click.echo(_page_line(page.name, item))
            shelf.close()
    except ingest.BadInput as error:
        raise Problem(str(error)) from None
    except Exception as error:
        if store.error is None:
            raise
        click.echo(
            f"{path}: {error}; stopped after {pages} pages, what was stored before is whole. Free disk space and run it again.",
            err=True,
        )
        exit_code = FAILED
    finally:
        summary = run.Summary("ingest", seconds=time.monotonic() - started, outcomes=store.outcomes)
        if store.error is None and store.database is not None:
            store.flush()
            code = FAILED if problems else DONE
            ledger.finish_run(
                store.database.connection,
                number,
                seconds=summary.seconds,
                reason="finished",
                exit_code=code,
                counts=summary.counts(),
                verdicts=summary.verdicts,
                links=summary.links,
                fields=shelf.count.fields.counts(),
            )
            store.close()
        held.release()
    if store.error is None:
        indexing.after_run(path, lambda line: click.echo(line, err=True), console)
    click.echo(f"{pages} pages read: {summary.line().partition(': ')[2]}")
    if problems:
        click.echo(f"{len(problems)} inputs could not be read, see above", err=True)
        exit_code = FAILED
    click.echo(f"database: {path} ({file_size(path)})")
    sys.exit(exit_code)


def _page_line(name: str, item: Any) -> str:
    if isinstance(item, Article):
        return f"{name}: {item.title} ({(item.published_at or 'no date')[:10]}, {len(item.body_text or '')} characters)"
    return f"{name}: {item.verdict}: {item.why}"


@click.command("extract", epilog=EPILOG)
@click.argument("path", metavar="PAGE.html|MANIFEST.jsonl", type=click.Path(path_type=Path))
@click.option("--url", help="The address of the page.")
@click.option("--no-site-rules", is_flag=True, help="Read it as a page of an unknown site.")
@click.option("--explain", is_flag=True, help="For each field every layer's answer, its rule and where it stands.")
def extract_command(path: Path, url: str | None, no_site_rules: bool, explain: bool) -> None:
    """Print what is found on saved pages as JSON.

    One object a page; nothing is stored.
    """
    problems: list[str] = []
    sites = ingest.Sites({} if no_site_rules else site_loader().sites)
    try:
        for saved in ingest.saved(path, problems.append):
            saved.url = url or saved.url
            page = Page(saved.body, saved.url or "", charset=saved.charset, now=saved.saved_at)
            rules = sites.rules_for(saved)
            extraction = extract(page, rules.layouts, explain=explain)
            if explain:
                print_layers(saved.id or saved.name, extraction)
                for block in extraction.blocks:
                    click.echo(f"  block {block.kind}: {block.heading or '(no heading)'}, {len(block.links)} links")
                click.echo()
            else:
                article = load(extraction, site=rules.name)
                click.echo(json.dumps(_as_output(saved.id or saved.name, article), ensure_ascii=False))
    except ingest.BadInput as error:
        raise Problem(str(error)) from None
    for line in problems:
        click.echo(line, err=True)
    sys.exit(FAILED if problems else DONE)


def _as_output(name: str, article: Article) -> dict[str, Any]:
    """An article as ``newscrawl extract`` prints it: its fields, and its links in one list with their block's kind."""
    row = {"id": name, **asdict(article)}
    for unused in ("visit", "leads", "addresses", "fetched_at", "content_hash", "parts"):
        row.pop(unused)
    row["links"] = [
        {"kind": block.kind, "heading": block.heading, **asdict(link)} for block in article.blocks for link in block.links
    ]
    row["empty_blocks"] = [
        {"kind": block.kind, "heading": block.heading, **({"asks": [ask.url for ask in block.asks]} if block.asks else {})}
        for block in article.blocks
        if not block.links
    ]
    row.pop("blocks")
    return row
