"""``newscrawl sites|crawl``: what can be crawled, and crawling it."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawl import run
from newscrawl.cli.options import (
    EPILOG,
    Problem,
    check_database,
    database_option,
    day,
    open_database,
    output,
    project_settings,
    site_loader,
)
from newscrawl.pipelines import database_path
from newscrawl.spider import NewsSpider
from newscrawl.store import reader


@click.command()
@click.option("--region", help="Only the sites of one region (山东).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
def sites(region: str | None, as_json: bool, db: str | None) -> None:
    """List what can be crawled, by region."""
    found = [spider for spider in site_loader().sites.values() if region in (None, spider.region)]
    if not found:
        known = sorted({spider.region or "" for spider in site_loader().sites.values()})
        raise Problem(f"no site in region {region!r}. Regions: {', '.join(known)}.")
    stored = _stored_sites(db)
    if as_json:
        for spider in found:
            articles, last = stored.get(spider.name, (0, None))
            row = {
                "name": spider.name,
                "title": spider.title,
                "publisher": spider.publisher,
                "region": spider.region,
                "city": spider.city,
            }
            click.echo(json.dumps({**row, "home": spider.home, "articles": articles, "last_run": last}, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("region", "name", "site", "home", "articles", "last run (UTC)"):
        table.add_column(column, justify="right" if column == "articles" else "left")
    previous = None
    for spider in sorted(found, key=lambda spider: (spider.region or "", spider.name)):
        articles, last = stored.get(spider.name, (0, None))
        shown = spider.region if spider.region != previous else ""
        previous = spider.region
        table.add_row(
            shown, spider.name, spider.title, spider.home, str(articles or "-"), (last or "never")[:16].replace("T", " ")
        )
    output().print(table)
    click.echo(
        f"\n{len(found)} sites. Crawl one by name, or all of a publisher or region: newscrawl crawl weihai · newscrawl crawl 山东"
    )


def _stored_sites(db: str | None) -> dict[str, tuple[int, str | None]]:
    path = database_path(db)
    if not path.exists():
        return {}
    connection = open_database(path)
    try:
        return reader.sites(connection)
    finally:
        connection.close()


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Crawl every site.")
@database_option
@click.option("--since", callback=day, metavar="DAY", help="Only articles of this day or later (2026-11-01).")
@click.option("--until", callback=day, metavar="DAY", help="Only articles of this day or earlier.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many new articles a site.")
@click.option("--concurrency", type=click.IntRange(min=1), help="Requests under way at once for one host [default: 2].")
@click.option("--delay", type=click.FloatRange(min=0), help="Seconds between two requests to one host [default: 1].")
@click.option("-v", "--verbose", is_flag=True, help="Scrapy's own log as well.")
def crawl(
    names: Sequence[str],
    everything: bool,
    db: str | None,
    since: date | None,
    until: date | None,
    limit: int | None,
    concurrency: int | None,
    delay: float | None,
    verbose: bool,
) -> None:
    """Crawl sites, by name or by group.

    A group is a publisher's file (dzwww), a publisher (大众网), a region (山东) or a city (威海).
    Articles that are stored already are not fetched again; a run that was cut short goes on where it was.
    """
    spiders = _choose(names, everything)
    if since and until and since > until:
        raise Problem(f"--since {since} is later than --until {until}: no day lies between them.")
    path = database_path(db)
    check_database(path)
    settings = project_settings(path, verbose)
    for name, value in (("CONCURRENT_REQUESTS_PER_DOMAIN", concurrency), ("DOWNLOAD_DELAY", delay)):
        if value is not None:
            settings.set(name, value, priority="cmdline")
    arguments = {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None, "limit": limit}
    console = Console(stderr=True)
    summaries = run.crawl(spiders, settings, arguments, report=lambda line: _report(line, console), console=console)
    for summary in summaries:
        if summary.exit_code:
            click.echo(f"{summary.site}: failed: {summary.reason}", err=True)
    total = run.total(summaries)
    if len(summaries) > 1:
        click.echo(f"{len(summaries)} sites: {total.line().partition(': ')[2]}")
    click.echo(f"database: {path} ({run.file_size(path)})")
    sys.exit(total.exit_code)


def _report(line: str, console: Console) -> None:
    if console.is_terminal:
        console.print(Text(line), soft_wrap=True)
    else:
        click.echo(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {line}")


def _choose(names: Sequence[str], everything: bool) -> list[type[NewsSpider]]:
    """The spiders that are named, each once; a name is a site's, its file's, its publisher's or its region's."""
    available = site_loader().sites
    if everything:
        if names:
            raise Problem("name sites, or say --all, not both.")
        return list(available.values())
    if not names:
        raise Problem("name a site or a group, or say --all. 'newscrawl sites' lists them.")
    chosen: dict[str, type[NewsSpider]] = {}
    for name in names:
        group = [
            spider
            for spider in available.values()
            if name
            in (spider.name, spider.__module__.rpartition(".")[2], spider.publisher, spider.region, spider.city, spider.title)
        ]
        if name in available:
            group = [available[name]]
        if not group:
            words = {
                word
                for s in available.values()
                for word in (s.name, s.__module__.rpartition(".")[2], s.publisher, s.region, s.city)
                if word
            }
            near = difflib.get_close_matches(name, sorted(words), n=3, cutoff=0.4)
            hint = f"Did you mean {', '.join(near)}?" if near else "'newscrawl sites' lists them."
            raise Problem(f"no site or group {name!r}. {hint}")
        chosen.update((spider.name, spider) for spider in group)
    return list(chosen.values())
