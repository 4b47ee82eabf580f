"""``newscrawl ingest|show|extract``: single pages and articles."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from newscrawl import __version__, ingest, lock, run
from newscrawl.cli.crawling import choose
from newscrawl.cli.options import (
    EPILOG,
    Problem,
    check_database,
    database_option,
    open_database,
    output,
    site_loader,
)
from newscrawl.cli.survey import print_layers
from newscrawl.extract.layers import extract
from newscrawl.extract.page import Page
from newscrawl.items import Article
from newscrawl.loaders import load
from newscrawl.lock import Locked
from newscrawl.pipelines import Store, database_path
from newscrawl.store import ledger, reader
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
    exit_code = run.DONE
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
        exit_code = run.FAILED
    finally:
        summary = run.Summary("ingest", seconds=time.monotonic() - started, outcomes=store.outcomes)
        if store.error is None and store.database is not None:
            store.flush()
            code = run.FAILED if problems else run.DONE
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
    click.echo(f"{pages} pages read: {summary.line().partition(': ')[2]}")
    if problems:
        click.echo(f"{len(problems)} inputs could not be read, see above", err=True)
        exit_code = run.FAILED
    click.echo(f"database: {path} ({run.file_size(path)})")
    sys.exit(exit_code)


def _page_line(name: str, item: Any) -> str:
    if isinstance(item, Article):
        return f"{name}: {item.title} ({(item.published_at or 'no date')[:10]}, {len(item.body_text or '')} characters)"
    return f"{name}: {item.verdict}: {item.why}"


@click.command(epilog=EPILOG)
@click.argument("wanted", metavar="URL|ID")
@database_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
def show(wanted: str, db: str | None, as_json: bool) -> None:
    """Print an article with all that is known of it."""
    path = database_path(db)
    connection = open_database(path)
    try:
        number = reader.find_article(connection, wanted)
        if number is None:
            page = reader.find_page(connection, wanted) if not wanted.isdigit() else None
            if page is None:
                raise Problem(f"{wanted}: not in {path}. Give an article's number, or any address it has.")
            raise Problem(
                f"{wanted}: gave no article: {page['verdict']}, {page['why'] or 'no reason on record'} (fetched {page['fetched_at'] or 'never'})."
            )
        article = reader.article(connection, number)
    finally:
        connection.close()
    if as_json:
        click.echo(json.dumps(article, ensure_ascii=False, indent=1))
        return
    _show(article)


def _show(article: dict[str, Any]) -> None:
    console = output()
    # Lines are the terminal's to break: a library that breaks at blanks tears Chinese apart.
    out = partial(console.print, soft_wrap=True)
    if article["kicker"]:
        out(Text(article["kicker"], style="dim"))
    out(Text(article["title"], style="bold"))
    if article["subtitle"]:
        out(Text(article["subtitle"]))
    line = [article["published_at"] or "no date"]
    if article["source"]:
        line.append(f"来源 {article['source']}")
    for role, word in (("author", "作者"), ("reporter", "记者"), ("correspondent", "通讯员")):
        if names := [b["name"] for b in article["bylines"] if b["role"] == role]:
            line.append(f"{word} {'、'.join(names)}")
    line += [f"{b['label']} {b['name']}" for b in article["bylines"] if b["role"] == "editor"]
    out(Text(" · ".join(line), style="cyan"))
    out()
    out(Text(article["body_text"]))
    if article["images"]:
        out(Text("\nimages", style="bold"))
        for number, image in enumerate(article["images"], 1):
            out(Text(f"  {number}. {image['url']}" + (f"\n     {image['caption']}" if image["caption"] else "")))
    for block in article["blocks"]:
        out(
            Text(
                f"\n{block['heading'] or '(no heading)'} ({block['kind']})" + _standing(block),
                style="bold",
            )
        )
        for link in block["links"]:
            stored = f"  -> article {link['target_id']}" if link["target_id"] else ""
            out(Text(f"  {link['position']}. {link['title']}{stored}\n     {link['url'] or ''}"))
            more = " · ".join(value for value in (link["published_at"], link["source"]) if value)
            if more:
                out(Text(f"     {more}", style="dim"))
    if article["recommended_by"]:
        out(Text("\nlinked by", style="bold"))
        counted: dict[str, int] = {}
        for other in article["recommended_by"]:
            if other["kind"] in ("recommended", "related"):
                out(Text(f"  article {other['id']} ({other['kind']}): {other['title']}"))
            else:
                counted[other["kind"]] = counted.get(other["kind"], 0) + 1
        for kind, count in counted.items():
            out(Text(f"  {count} articles beside which it stands under {kind}"))
    out(Text("\nrecord", style="bold"))
    out(
        Text(
            f"  article {article['id']} of {article['site']}, {article['characters']} characters, first seen {article['first_seen']}"
        )
    )
    for address in article["addresses"]:
        out(Text(f"  {address['reason']}: {address['url']}"))
    if article["page"] and article["page"]["found_on"]:
        out(Text(f"  found on: {article['page']['found_on']}"))
    if article["flags"]:
        out(Text(f"  flags: {', '.join(article['flags'])}"))
    rules: dict[str, list[str]] = {}
    for name, rule in article["provenance"].items():
        rules.setdefault(rule, []).append(name)
    for rule, names in rules.items():
        out(Text(f"  {rule}: {', '.join(names)}"))


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
    sys.exit(run.FAILED if problems else run.DONE)


def _standing(block: dict[str, Any]) -> str:
    """What is to be said of a block beside its heading: that it is empty, and who filled it."""
    if block["filled_by"] == "unanswered":
        now = ", these links are from before" if block["links"] else ""
        return f": filled by a script, nobody answered at the last look{now}"
    full, empty = {
        "endpoint": (", from the endpoint that its script asks", ": stands empty, the endpoint that its script asks has nothing"),
        "browser": (", as a browser shows it", ": stands empty, in a browser too"),
    }.get(block["filled_by"], ("", ": stands empty"))
    return full if block["links"] else empty


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
