"""The command line: ``newscrawl crawl|sites|ingest|show|extract|sample-site|demo``."""

from __future__ import annotations

import difflib
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from newscrawl import __version__, ingest, run, samplesite
from newscrawl import demo as demonstration
from newscrawl.extract.layers import Extraction, extract
from newscrawl.extract.page import Page, where
from newscrawl.items import Article
from newscrawl.loaders import load
from newscrawl.pipelines import DEFAULT_DATABASE, Store, database_path
from newscrawl.spider import NewsSpider, SiteLoader, as_day
from newscrawl.store import reader
from newscrawl.store.writer import DatabaseProblem, connect

EPILOG = "Exit codes: 0 done, 1 failed, 2 wrong arguments or a database that cannot be used."


class Problem(click.ClickException):
    """A mistake of the user's, or a database that cannot be used: said in a line or two, exit code 2."""

    exit_code = run.USAGE


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return as_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


database_option = click.option(
    "--db", "db", metavar="FILE", help=f"The database [default: $NEWSCRAWL_DB, or {DEFAULT_DATABASE}]."
)


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="newscrawl")
def main() -> None:
    """Watch regional news: crawl it politely, keep it with its links and bylines in one SQLite file."""


# -- sites


@main.command()
@click.option("--region", help="Only the sites of one region (山东).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
def sites(region: str | None, as_json: bool, db: str | None) -> None:
    """List what can be crawled, by region."""
    found = [spider for spider in _loader().sites.values() if region in (None, spider.region)]
    if not found:
        known = sorted({spider.region or "" for spider in _loader().sites.values()})
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
    _console().print(table)
    click.echo(
        f"\n{len(found)} sites. Crawl one by name, or all of a publisher or region: newscrawl crawl weihai · newscrawl crawl 山东"
    )


def _stored_sites(db: str | None) -> dict[str, tuple[int, str | None]]:
    path = database_path(db)
    if not path.exists():
        return {}
    connection = _open(path)
    try:
        return reader.sites(connection)
    finally:
        connection.close()


# -- crawl


@main.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Crawl every site.")
@database_option
@click.option("--since", callback=_day, metavar="DAY", help="Only articles of this day or later (2026-11-01).")
@click.option("--until", callback=_day, metavar="DAY", help="Only articles of this day or earlier.")
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
    _check_database(path)
    settings = _settings(path, verbose)
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
    available = _loader().sites
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


# -- ingest


@main.command("ingest", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@database_option
@click.option("--no-site-rules", is_flag=True, help="Read every page as one of an unknown site.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each page.")
def ingest_command(paths: Sequence[Path], db: str | None, no_site_rules: bool, verbose: bool) -> None:
    """Store saved pages: HTML, manifests, WARC files.

    PATHS are folders or files of HTML (plain or gz), manifests (JSONL with file, url, encoding) or WARC files. They go through the same extraction and pipelines as a crawl; the same pages a second time change nothing.
    """
    path = database_path(db)
    for source in paths:
        if not source.exists():
            raise Problem(f"{source}: no such file or folder.")
    _check_database(path)
    console = Console(stderr=True)
    problems: list[str] = []

    def problem(line: str) -> None:
        problems.append(line)
        console.print(Text(line, style="yellow" if console.is_terminal else ""), soft_wrap=True)

    started = time.monotonic()
    store = Store(path)
    store.open()
    assert store.database
    number = store.database.start_run(None, "ingest", __version__)
    shelf = ingest.Shelf(store, ingest.Sites({} if no_site_rules else _loader().sites))
    progress = Progress(
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    pages = 0
    exit_code = run.DONE
    try:
        with progress if console.is_terminal else nullcontext():
            task = progress.add_task("reading", total=ingest.count(paths) if console.is_terminal else None)
            for source in paths:
                for page in ingest.saved(source, problem):
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
            store.database.finish_run(number, seconds=summary.seconds, reason="finished", exit_code=code, counts=summary.counts())
            store.close()
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


# -- show


@main.command(epilog=EPILOG)
@click.argument("wanted", metavar="URL|ID")
@database_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
def show(wanted: str, db: str | None, as_json: bool) -> None:
    """Print an article with all that is known of it."""
    path = database_path(db)
    connection = _open(path)
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
    console = _console()
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
                f"\n{block['heading'] or '(no heading)'} ({block['kind']})" + ("" if block["links"] else ": stands empty"),
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


# -- extract


@main.command("extract", epilog=EPILOG)
@click.argument("path", metavar="PAGE.html|MANIFEST.jsonl", type=click.Path(path_type=Path))
@click.option("--url", help="The address of the page.")
@click.option("--no-site-rules", is_flag=True, help="Read it as a page of an unknown site.")
@click.option("--explain", is_flag=True, help="For each field every layer's answer, its rule and where it stands.")
def extract_command(path: Path, url: str | None, no_site_rules: bool, explain: bool) -> None:
    """Print what is found on saved pages as JSON.

    One object a page; nothing is stored.
    """
    problems: list[str] = []
    sites = ingest.Sites({} if no_site_rules else _loader().sites)
    try:
        for saved in ingest.saved(path, problems.append):
            saved.url = url or saved.url
            page = Page(saved.body, saved.url or "", charset=saved.charset, now=saved.saved_at)
            rules = sites.rules_for(saved)
            extraction = extract(page, rules.layouts, explain=explain)
            if explain:
                _explain(saved.id or saved.name, extraction)
            else:
                article = load(extraction, site=rules.name)
                click.echo(json.dumps(_as_output(saved.id or saved.name, article), ensure_ascii=False))
    except ingest.BadInput as error:
        raise Problem(str(error)) from None
    for line in problems:
        click.echo(line, err=True)
    sys.exit(run.FAILED if problems else run.DONE)


def _as_output(name: str, article: Article) -> dict[str, Any]:
    """An article as ``newscrawl extract`` prints it: its fields, and its links in one list with their block's kind."""
    row = {"id": name, **asdict(article)}
    for unused in ("visit", "addresses", "fetched_at", "content_hash", "parts"):
        row.pop(unused)
    row["links"] = [
        {"kind": block.kind, "heading": block.heading, **asdict(link)} for block in article.blocks for link in block.links
    ]
    row["empty_blocks"] = [{"kind": block.kind, "heading": block.heading} for block in article.blocks if not block.links]
    row.pop("blocks")
    return row


def _explain(name: str, extraction: Extraction) -> None:
    console = _console()
    page = extraction.page
    console.print(Text(f"{name}", style="bold"))
    console.print(
        Text(
            f"charset {page.charset} ({page.decoded.by}) · layout {extraction.layout or '-'} · families {', '.join(extraction.families) or '-'}"
        )
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "field", "rule", "value", "where"):
        table.add_column(column, overflow="fold")
    fields: dict[str, list[Any]] = {}
    for candidate in extraction.candidates:
        fields.setdefault(candidate.field, []).append(candidate)
    for field, candidates in fields.items():
        chosen = extraction.chosen.get(field)
        winner = next((candidate for candidate in candidates if chosen and candidate.rule == chosen.rule), None)
        for number, candidate in enumerate(candidates):
            won = candidate is winner
            at = where(candidate.element) if candidate.element is not None else ""
            table.add_row(
                "*" if won else "",
                field if not number else "",
                candidate.rule,
                _short(candidate.value),
                at,
                style="" if won else "dim",
            )
    console.print(table)
    for block in extraction.blocks:
        console.print(Text(f"  block {block.kind}: {block.heading or '(no heading)'}, {len(block.links)} links"))
    console.print()


def _short(value: Any) -> Text:
    if hasattr(value, "iso"):
        text = f"{value.iso()} ({value.precision}, printed {value.raw!r})"
    elif hasattr(value, "paragraphs"):
        text = f"{len(value.paragraphs)} paragraphs, {len(value.text)} characters, {len(value.images)} images: {value.text[:40]}…"
    elif isinstance(value, list):
        text = "、".join(f"{v.role}:{v.name}" if hasattr(v, "role") else str(v) for v in value)
    else:
        text = str(value)
    return Text(text if len(text) <= 160 else text[:159] + "…")


# -- sample site and demo


@main.command("sample-site")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8800, show_default=True, type=click.IntRange(0, 65535))
def sample_site(host: str, port: int) -> None:
    """Serve the sample site on this machine.

    As itself, for a browser, and as the proxy through which its real addresses are reached.
    """

    def ready(base: str) -> None:
        click.echo(
            f"The sample site is served on {base}/ (Ctrl-C ends it). Look at it in a browser, or crawl its real addresses through it:"
        )
        click.echo(f"  http_proxy={base} newscrawl crawl weihai --delay 0 --db data/sample.db")

    try:
        samplesite.serve_forever(host=host, port=port, ready=ready)
    except OSError as error:
        raise Problem(f"{host}:{port}: {error.strerror or error}. Name another port with --port.") from None


@main.command()
@click.option("--db", "db", metavar="FILE", default="data/demo.db", show_default=True, help="Made anew by each demo.")
def demo(db: str) -> None:
    """Crawl the sample site and say what came of it."""
    path = Path(db)
    sys.exit(demonstration.run_demo(path, _settings(path)))


# -- common


def _console() -> Console:
    width = None if sys.stdout.isatty() else 160
    return Console(width=width, highlight=False, soft_wrap=False)


def _settings(path: Path, verbose: bool = False) -> Settings:
    """The project's settings, whichever folder the command is run in."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    settings = get_project_settings()
    settings.set("NEWSCRAWL_DB", str(path), priority="cmdline")
    if not verbose:
        run.quiet_logging(settings)
    return settings


def _loader() -> SiteLoader:
    return SiteLoader.of(_settings(DEFAULT_DATABASE))


def _open(path: Path) -> Any:
    try:
        return connect(path, readonly=True)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None


def _check_database(path: Path) -> None:
    """Refuse an unusable database before anything is fetched."""
    try:
        connect(path).close()
    except DatabaseProblem as error:
        raise Problem(str(error)) from None


if __name__ == "__main__":
    main()
