"""``newscrawl demo``: the main job on the sample site, with the real spider through the real downloader."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text
from scrapy.settings import Settings

from newscrawl import archive, run, samplesite
from newscrawl.cli.options import file_size, in_bytes
from newscrawl.exits import USAGE
from newscrawl.spider import SiteLoader
from newscrawl.store import reader
from newscrawl.store.writer import DatabaseProblem, Store, connect


def run_demo(path: Path, settings: Settings) -> int:
    """Crawl the sample site into a database made anew at ``path``; gives the exit code.

    The sample site answers as a proxy, so that the addresses stored are a news site's own and nothing leaves the machine.
    """
    if path.exists() and path.name != "demo.db" and not _is_demo(path):
        click.echo(
            f"{path}: was not made by a demo, which would make it anew; it was left untouched. Name another with --db.", err=True
        )
        return USAGE
    for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        old.unlink(missing_ok=True)
    kept = archive.folder_of(path)
    shutil.rmtree(kept, ignore_errors=True)
    settings.set("NEWSCRAWL_ARCHIVE_DIR", str(kept), priority="cmdline")
    # The web site shows images that are kept; those of other sites it would have to load from there.
    settings.set("NEWSCRAWL_ARCHIVE", "images", priority="cmdline")
    spider = SiteLoader.of(settings).sites["weihai"]
    settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")
    settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 8, priority="cmdline")
    console = Console(stderr=True)
    with samplesite.running() as base:
        click.echo(f"A sample of {spider.title} is served on {base}; crawling it with the spider {spider.name} …")
        os.environ["http_proxy"] = base
        try:
            (summary,) = run.crawl([spider], settings, {}, report=lambda _: None, console=console)
        finally:
            del os.environ["http_proxy"]
    if summary.exit_code:
        click.echo(f"the demo failed: {summary.reason}", err=True)
        return summary.exit_code
    with Store(path) as store:
        store.set("demo", "made by newscrawl demo")
    _tell(path, summary)
    return summary.exit_code


def _is_demo(path: Path) -> bool:
    try:
        connection = connect(path, readonly=True)
    except DatabaseProblem:
        return False
    try:
        return "demo" in reader.settings(connection)
    except sqlite3.Error:
        return False
    finally:
        connection.close()


def _tell(path: Path, summary: run.Summary) -> None:
    connection = connect(path, readonly=True)
    try:
        totals = reader.totals(connection)
        best = reader.most_recommended(connection)
    finally:
        connection.close()
    kept = archive.folder_of(path)
    size = sum(file.stat().st_size for file in kept.rglob("*.warc.gz"))
    rows = [
        ("articles", f"{totals['articles']}, under {totals['addresses']} addresses"),
        (
            "links",
            ", ".join(f"{n} {kind}" for kind, n in totals["links"].items()) + f"; {totals['resolved']} lead to stored articles",
        ),
        (
            "filled blocks",
            f"{sum(totals['filled'].values())} (相关新闻, empty in the page: from the JSON that its script asks for)",
        ),
        ("empty blocks", f"{totals['empty']} (相关新闻: no links there, or no word of where they are)"),
        ("bylines", f"{totals['bylines']} names by role"),
        ("images", f"{totals['images']}, with their captions"),
        ("duplicates", f"{summary.outcomes['duplicate']} (text and 来源 stored already, under another address)"),
        ("refused pages", ", ".join(f"{n} {verdict}" for verdict, n in totals["verdicts"].items()) or "none"),
        ("requests", f"{summary.requests} in {summary.seconds:.1f} seconds"),
        ("database", f"{path} ({file_size(path)})"),
        ("raw pages", f"{kept} ({in_bytes(size)}), every answer as it came: newscrawl reparse reads them again"),
    ]
    console = Console(highlight=False, width=None if Console().is_terminal else 120)
    console.print(Text("\nstored", style="bold"))
    for name, value in rows:
        console.print(Text(f"  {name:<14}", style="cyan") + Text(value))
    console.print(Text("\nfour things to try next", style="bold"))
    # The demo runs in a virtual environment that the reader's shell may not have activated.
    here = ".venv/bin/" if Path(".venv/bin/newscrawl").exists() else ""
    number, recommended_by = best if best else (1, 0)
    for command, why in (
        (f"{here}newscrawl serve --db {path} --open", "the same in a browser: articles, stories, coverage, charts, SQL"),
        (
            f"{here}newscrawl show {number} --db {path}",
            f"an article that {recommended_by} others recommend" if best else "an article",
        ),
        (f"{here}sqlite-utils rows {path} most_recommended --limit 5 -c title -c recommended_by -t", "what the site pushes"),
        (f"{here}newscrawl sample-site", "the pages as they were, to crawl with your own spider"),
    ):
        console.print(Text(f"  {command}") + Text(f"   # {why}", style="dim"), soft_wrap=True)
