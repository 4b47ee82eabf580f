"""``newscrawl sites|crawl``: what can be crawled, and crawling it."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy import Request

from newscrawl import alarm, archive, run, unknown
from newscrawl.cli.options import (
    EPILOG,
    Problem,
    check_database,
    choose,
    database_option,
    day,
    file_size,
    keep_setting,
    open_database,
    output,
    project_settings,
    settings_of,
    site_loader,
    stored_sites,
)
from newscrawl.exits import BUSY, DEGRADED, DONE
from newscrawl.pipelines import database_path
from newscrawl.spider import NewsSpider
from newscrawl.store import ledger
from newscrawl.store.frontier import Frontier
from newscrawl.store.writer import DatabaseProblem

FIRST_LOOK = 50
"""Articles of a site without a site file that are fetched where no limit is named."""

TOLD = (
    "title", "published_at", "source", "author", "reporter", "correspondent", "editor", "channel", "keywords", "kicker", "subtitle",
    "body_text", "images",
)  # fmt: skip
"""The fields that are told of such a site, by their names in the ledger."""

REPLAYS = Path("data/replay.db")
"""The database of a replay where none is named; made anew each time."""


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
    stored = stored_sites(db)
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


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Every site.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Every site of a region (山东).")
@click.option(
    "--url", metavar="URL", help="A site without a site file, by its front page; at most 50 articles where no --limit is given."
)
@click.option("--due", is_flag=True, help="Only what is due now; without names, of the sites that the database has.")
@database_option
@click.option(
    "--since", callback=day, metavar="DAY", help="Only articles of this day or later (2026-11-01), as far back as the lists go."
)
@click.option("--until", callback=day, metavar="DAY", help="Only articles of this day or earlier.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many new articles a site.")
@click.option("--recommended", is_flag=True, help="Only what stored articles recommend and nobody has fetched yet.")
@click.option(
    "--looks", type=click.IntRange(min=0), help="At most this many stored articles a site looked at again [default: 100]."
)
@click.option("--concurrency", type=click.IntRange(min=1), help="Requests under way at once for one host [default: 2].")
@click.option(
    "--delay", type=click.FloatRange(min=0), help="Seconds between two requests to one host, exactly [default: 1 or more]."
)
@click.option("--contact", metavar="ADDRESS", help="Where sites can write to you; kept in the database.")
@click.option(
    "--archive", "keeps", type=click.Choice(archive.KEEPS), help="What is kept raw of each page [default: as the site file says]."
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE|DIR",
    help="Answer every request out of these WARC or WACZ files, without the network.",
)
@click.option("-v", "--verbose", is_flag=True, help="Scrapy's own log as well.")
def crawl(
    names: Sequence[str],
    everything: bool,
    regions: Sequence[str],
    url: str | None,
    due: bool,
    db: str | None,
    since: date | None,
    until: date | None,
    limit: int | None,
    recommended: bool,
    looks: int | None,
    concurrency: int | None,
    delay: float | None,
    contact: str | None,
    keeps: str | None,
    replay: Path | None,
    verbose: bool,
) -> None:
    """Crawl sites, by name or by group.

    A group is a publisher's file (dzwww), a publisher (大众网), a region (山东) or a city (威海).
    Articles that are stored already are not fetched again, but for a look at what was corrected; a run that was cut short
    goes on where it was.
    """
    if since and until and since > until:
        raise Problem(f"--since {since} is later than --until {until}: no day lies between them.")
    if due and (since or until):
        raise Problem("--due asks for what is due now, --since and --until for a window of days: say one of them.")
    if due and recommended:
        raise Problem("--due asks for what is due now, --recommended for what articles recommend: say one of them.")
    path = _replay_database(db) if replay else database_path(db)
    if url:
        if names or regions or everything:
            raise Problem("--url names one site by its front page: name no other beside it.")
        spiders = [_at(url)]
        limit = limit or (FIRST_LOOK if spiders[0].__module__ == unknown.__name__ else None)
    else:
        spiders = choose([*names, *regions], everything, of_database=path if due else None)
    check_database(path)
    if due:
        spiders = _due(path, spiders)
    settings = project_settings(path, verbose)
    for name, value in (
        ("CONCURRENT_REQUESTS_PER_DOMAIN", concurrency),
        ("DOWNLOAD_DELAY", delay),
        ("NEWSCRAWL_ARCHIVE", keeps),
        ("NEWSCRAWL_REPLAY", str(replay) if replay else None),
        ("NEWSCRAWL_CONTACT", None if replay else _contact(path, contact)),
    ):
        if value is not None:
            settings.set(name, value, priority="cmdline")
    arguments = {
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "limit": limit,
        "looks": looks,
        "due": due,
        "recommended": recommended,
    }
    console = Console(stderr=True)
    try:
        summaries = run.crawl(spiders, settings, arguments, report=lambda line: _report(line, console), console=console)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    _alarm(summaries)
    total = run.total(summaries)
    if len(summaries) > 1:
        click.echo(f"{len(summaries)} sites: {total.line().partition(': ')[2]}")
    if issubclass(spiders[0], unknown.UnknownSite) and summaries[0].run is not None:
        _tell(path, spiders[0], summaries[0].run)
    click.echo(f"database: {path} ({file_size(path)})")
    sys.exit(total.exit_code)


def _at(url: str) -> type[NewsSpider]:
    """The site of an address: that of a site file, which is said, else one that nobody has described."""
    try:
        stranger = unknown.of(url)
    except ValueError:
        raise Problem(f"{url!r} is no address; write it whole: https://www.example.cn/") from None
    for spider in site_loader().sites.values():
        if spider.handles_request(Request(stranger.home)):
            click.echo(
                f"{stranger.name} is the site {spider.name} ({spider.title}), by its site file {spider.__module__}", err=True
            )
            return spider
    return stranger


def _tell(path: Path, spider: type[unknown.UnknownSite], number: int) -> None:
    """How well an unknown site is read: what came, which layer gave each field, and what to do to keep it."""
    with closing(open_database(path)) as connection:
        record = ledger.run(connection, number)
    if record is None:
        return
    pattern = spider.learned
    told = (
        f"{pattern.text} (fits {pattern.matched} of {pattern.headlines} headlines of the front page)" if pattern else "any CMS's"
    )
    click.echo(f"\n{spider.name} has no site file; this run:")
    refused = "".join(f", {n} {word}" for word, n in record.verdicts.items())
    click.echo(f"  articles   {record.new} new, {record.changed} changed, {record.unchanged + record.duplicates} known{refused}")
    click.echo(f"  addresses  {told}")
    if spider.elsewhere:
        hosts = ", ".join(f"{n} to {host}" for host, n in spider.elsewhere.most_common(4))
        click.echo(f"  elsewhere  {hosts}: headlines of its front page on other hosts, each a site of its own to --url")
    click.echo(f"  links      {', '.join(f'{n} {kind}' for kind, n in record.links.items()) or 'none'}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("  field", "there in", "layers"):
        table.add_column(column)
    for count in (record.fields[name] for name in TOLD if name in record.fields):
        layers: Counter[str] = Counter()
        for rule, times in count.rules.items():
            layers[rule.partition(":")[0]] += times
        if count.articles:
            by = ", ".join(f"{layer} {times}" for layer, times in layers.most_common())
            table.add_row(f"  {count.field}", f"{count.filled} of {count.articles}", by)
    if record.fields:
        output().print(table)
    click.echo(f"To keep it: newscrawl new-site {spider.home}\n")


def _replay_database(named: str | None) -> Path:
    """Where a replay goes: yesterday's answers do not belong among today's articles unless somebody says so."""
    if named:
        return Path(named)
    for ending in ("", "-wal", "-shm"):
        Path(f"{REPLAYS}{ending}").unlink(missing_ok=True)
    return REPLAYS


def _due(path: Path, spiders: list[type[NewsSpider]]) -> list[type[NewsSpider]]:
    """Those of the sites of which something is due, and those that have never run; ends the command where there are none."""
    with closing(open_database(path)) as connection:
        frontier = Frontier(connection)
        due, known = frontier.due(), frontier.sites()
        found = [spider for spider in spiders if spider.name in due or spider.name not in known]
        if not found:
            following = frontier.next_due({spider.name for spider in spiders})
    if not found:
        when = f"; next: {following[0]} at {_clock(following[1])}" if following else ""
        click.echo(f"{datetime.now().astimezone().isoformat(timespec='seconds')} nothing is due{when}")
        sys.exit(DONE)
    return found


def _clock(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _contact(path: Path, named: str | None) -> str | None:
    """Where sites can write to: as named or set, else as kept in the database; the first run asks for it."""
    kept = settings_of(path)
    contact = named or os.environ.get("NEWSCRAWL_CONTACT")
    if named:
        keep_setting(path, "contact", named)
    if contact or "contact" in kept:
        return contact or kept["contact"] or None
    how = "Sites should know whom to write to: an e-mail address or a page, which goes into the User-Agent"
    if sys.stdin.isatty() and sys.stderr.isatty():
        contact = click.prompt(f"{how} (empty: none)", default="", show_default=False, err=True).strip()
    else:
        click.echo(f"{how}. Set it with --contact or NEWSCRAWL_CONTACT; this is said once.", err=True)
    keep_setting(path, "contact", contact or "")
    return contact or None


def _alarm(summaries: Sequence[run.Summary]) -> None:
    """What is wrong goes to standard error, and to where alarms are sent, once: when a site's state changes."""
    changes = []
    for summary in summaries:
        told = alarm.changed(summary.previous, summary.state)
        if summary.exit_code in (DONE, DEGRADED):
            line = summary.message if summary.state in ("yellow", "red") else None
            if told and summary.state == "green":
                line = f"{summary.site}: green again"
        else:
            line = f"{summary.site}: {'' if summary.exit_code == BUSY else 'failed: '}{summary.reason}"
        if line:
            # Cron mails what stands on standard error: the same line every hour is no news, nor that a run is still busy.
            news = told or (summary.state is None and summary.exit_code != BUSY)
            click.echo(line, err=news or sys.stderr.isatty())
        if told and summary.state is not None:
            changes.append(
                alarm.Change(summary.site, summary.title, summary.state, summary.previous, line or summary.site, summary.run)
            )
    for problem in alarm.send(changes, alarm.addresses()) if changes else ():
        click.echo(problem, err=True)


def _report(line: str, console: Console) -> None:
    if console.is_terminal:
        console.print(Text(line), soft_wrap=True)
    else:
        click.echo(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {line}")
