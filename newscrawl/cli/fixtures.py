"""``newscrawl capture|accept|verify``: pages of a site on file, what must be read from them, and whether the live site is read."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from scrapy.settings import Settings

from newscrawl import fixtures, verify
from newscrawl.cli.options import EPILOG, Problem, project_settings, site_loader
from newscrawl.days import SHANGHAI, today
from newscrawl.exits import DONE, FAILED
from newscrawl.fetch import Fetched, FetchProblem, fetch
from newscrawl.fixtures import BrokenFixture, Fixture, Meta
from newscrawl.pipelines import DEFAULT_DATABASE
from newscrawl.spider import NewsSpider

tests_option = click.option(
    "--tests",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where fixtures are [default: tests/sites of the project, beside its scrapy.cfg].",
)
delay_option = click.option(
    "--delay", type=click.FloatRange(min=0), help="Seconds between two requests to one host, exactly [default: 1 or more]."
)


def site_named(name: str) -> type[NewsSpider]:
    """The site of a name; raises `Problem` for none."""
    sites = site_loader().sites
    if name in sites:
        return sites[name]
    near = difflib.get_close_matches(name, sites, n=3, cutoff=0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else "'newscrawl sites' lists them."
    raise Problem(f"no site {name!r}. {hint}")


def fixtures_root(root: Path | None) -> Path:
    """The folder of fixtures that is named, else the project's; raises `Problem` where there is neither."""
    found = root or fixtures.home()
    if found is None:
        raise Problem("no scrapy.cfg here or above, so that there is no tests/sites. Go to the project, or say --tests DIR.")
    return found


def fetching_settings(delay: float | None) -> Settings:
    """The project's settings for single pages."""
    settings = project_settings(DEFAULT_DATABASE)
    if delay is not None:
        settings.set("DOWNLOAD_DELAY", delay, priority="cmdline")
    return settings


def shown_path(path: Path) -> str:
    """A path as seen from the current folder, where it is below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@click.command(epilog=EPILOG)
@click.argument("site")
@click.argument("url")
@click.option("--slug", metavar="NAME", help="The fixture's name [default: out of the address].")
@click.option(
    "--from",
    "saved",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Take the page from a file instead of the web.",
)
@click.option("--list", "is_list", is_flag=True, help="It is a list of articles, a channel page.")
@tests_option
@delay_option
def capture(
    site: str, url: str, slug: str | None, saved: Path | None, is_list: bool, root: Path | None, delay: float | None
) -> None:
    """Fetch a page of a site and keep it as a fixture of its test.

    The page is asked for as a crawl would: robots.txt, the host's pace, the same User-Agent. What is read from it is shown and
    kept as what is expected; the test fails until somebody has looked at it: newscrawl accept.
    """
    spider = site_named(site)
    folder = fixtures_root(root)
    if not re.match(r"https?://\S+$", url):
        raise Problem(f"{url!r} is no address; write it whole: http://…")
    asked = Meta(url, "", "list" if is_list else "article")
    if not spider.allowed_hosts() or ((why := fixtures.out_of_place(asked, spider)) and "is not on" in why):
        others = [name for name, other in site_loader().sites.items() if not fixtures.out_of_place(asked, other)]
        hint = f" It is {others[0]}'s: newscrawl capture {others[0]} {url}" if others else ""
        raise Problem(f"{url} is not on {', '.join(spider.allowed_hosts())}, where {site} is.{hint}")
    if slug is not None and not re.fullmatch(r"[A-Za-z0-9][\w.-]*", slug, re.A):
        raise Problem(f"{slug!r} cannot be a fixture's name: letters, digits, - and _.")
    if saved is not None:
        body, at = saved.read_bytes(), datetime.fromtimestamp(saved.stat().st_mtime, SHANGHAI)
        meta = replace(asked, fetched_at=at.isoformat(timespec="seconds"))
    else:
        page = _fetched(spider, url, delay)
        body = page.body
        meta = Meta(page.final_url, page.at.isoformat(timespec="seconds"), asked.kind, page.status, page.charset)
    if why := fixtures.out_of_place(meta, spider):
        advice = {
            True: "Where it is an article all the same, the site file's 'article' does not say so yet.",
            False: "Leave out --list, or mend the site file's 'article'.",
        }[meta.kind == "article"]
        hint = " A list is captured with --list." if meta.kind == "article" else ""
        raise Problem(f"{why}. {advice}{hint}")
    where = folder / site / (slug or fixtures.slug(meta.url))
    try:
        taken = fixtures.take(where, body, meta, spider)
    except FileExistsError:
        raise Problem(f"{shown_path(where)} is there already. Remove it, or name another with --slug.") from None
    except OSError as error:
        raise Problem(f"{shown_path(where)} cannot be written: {error.strerror or error}") from None
    _tell(taken, meta, len(body), saved, fixtures.asked_for(body, meta, spider))


def _fetched(spider: type[NewsSpider], url: str, delay: float | None) -> Fetched:
    try:
        (page,) = fetch([url], site=spider, settings=fetching_settings(delay))
    except FetchProblem as error:
        raise click.ClickException(f"{url}: {error}") from None
    if page.error is not None:
        said = page.error if url in page.error else f"{url}: {page.error}"
        raise click.ClickException(f"{said}; nothing was captured")
    if page.status != 200:
        raise click.ClickException(f"{page.final_url}: the server answers {page.status}; nothing was captured")
    return page


def _tell(taken: fixtures.Taken, meta: Meta, size: int, saved: Path | None, asked: Sequence[str]) -> None:
    name = taken.fixture.name
    came = f"from {saved}" if saved else f"status {meta.status}"
    click.echo(
        f"{meta.url}\n  {came}, {size:,} bytes, charset {meta.charset or 'not declared by the server'}, {meta.fetched_at}\n"
    )
    echo(fixtures.shown(taken.found))
    for address in asked:
        click.echo(f"  A block stands empty for a script to fill; a crawl asks for its links: {address}")
    if taken.found["verdict"] != meta.kind:
        click.echo(f"\nThis is read as no {meta.kind}: {taken.found['verdict']}, {taken.found.get('why')}.")
    click.echo(
        f"\nwritten: {shown_path(taken.fixture.folder)}/ ({', '.join((fixtures.RESPONSE, fixtures.META, fixtures.EXPECTED))})"
    )
    if taken.dropped:
        click.echo(
            f"  without the text of {_scripts(taken.dropped)} ({taken.saved:,} bytes less): the page is read in the same way."
        )
    if taken.kept:
        click.echo(f"  with the text of {_scripts(taken.kept)}: without it the page is read in another way.")
    click.echo(
        f"\nIts test fails until somebody has looked. Compare the above with the page, then: newscrawl accept {name}\n"
        f"Where something is wrong, mend the site file and see again: newscrawl accept --check {name}"
    )


def _scripts(number: int) -> str:
    return f"{number} script{'s' if number > 1 else ''}"


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[SITE|SITE/NAME]...")
@click.option("--check", "only_show", is_flag=True, help="Only show; exit code 1 where anything differs.")
@tests_option
def accept(names: Sequence[str], only_show: bool, root: Path | None) -> None:
    """Show what fixtures are read as now, and record it as expected.

    Field by field, what was expected and what is found; a fixture that nobody has looked at is shown whole. Without names: all
    fixtures. With --check nothing is written.
    """
    chosen = _chosen(fixtures_root(root), names)
    sites = site_loader().sites
    counts = dict.fromkeys(("same", "differs", "broken"), 0)
    for fixture in chosen:
        try:
            counts[_accept(fixture, sites, only_show)] += 1
        except BrokenFixture as error:
            counts["broken"] += 1
            click.echo(f"{fixture.name}: {error}", err=True)
    said = [f"{len(chosen)} fixture{'s' if len(chosen) != 1 else ''}", f"{counts['same']} as expected"]
    if counts["differs"]:
        said.append(f"{counts['differs']} {'not as expected, or never looked at' if only_show else 'recorded'}")
    if counts["broken"]:
        said.append(f"{counts['broken']} cannot be used")
    click.echo("; ".join(said))
    sys.exit(FAILED if counts["broken"] or (only_show and counts["differs"]) else DONE)


def _chosen(root: Path, names: Sequence[str]) -> list[Fixture]:
    everything = list(fixtures.all_of(root))
    if not names:
        if not everything:
            raise Problem(f"{shown_path(root)}: no fixtures. newscrawl capture SITE URL makes one.")
        return everything
    out: dict[Path, Fixture] = {}
    for name in names:
        wanted = name.strip("/").removeprefix(f"{root}/").removeprefix("tests/sites/")
        found = [fixture for fixture in everything if wanted in (fixture.site, fixture.name)]
        if not found:
            known = sorted({word for fixture in everything for word in (fixture.site, fixture.name)})
            near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.4)
            hint = f"Did you mean {', '.join(near)}?" if near else "newscrawl capture SITE URL makes one."
            raise Problem(f"no fixture {wanted!r} in {shown_path(root)}. {hint}")
        out.update((fixture.folder, fixture) for fixture in found)
    return list(out.values())


def _accept(fixture: Fixture, sites: dict[str, type[NewsSpider]], only_show: bool) -> str:
    """Show and record one fixture; says what it was: same or differs."""
    if fixture.site not in sites:
        raise BrokenFixture(f"there is no site {fixture.site!r}; remove {shown_path(fixture.folder)}, or write its site file")
    meta, body = fixture.meta(), fixture.body()
    try:
        expected: dict[str, Any] = fixture.expected()
    except BrokenFixture:
        if (fixture.folder / fixtures.EXPECTED).exists():
            raise
        expected = {}
    found = fixtures.outcome(body, meta, sites[fixture.site])
    lines = fixtures.report(fixture.name, expected, found, most=sys.maxsize)[:-1]
    if meta.reviewed is not None and not lines:
        return "same"
    if misplaced := fixtures.out_of_place(meta, sites[fixture.site]):
        click.echo(f"{fixture.name}: {misplaced}; its test fails whatever is accepted")
    if meta.reviewed is None:
        click.echo(f"{fixture.name}: nobody has looked yet; {meta.url} is read as {found['verdict']}:")
        echo(fixtures.shown(found))
    if lines:
        echo(lines)
    if not only_show:
        fixture.write(meta=replace(meta, reviewed=today().isoformat()), expected=found)
        changed = f"{fixtures.EXPECTED}, " if lines else ""
        click.echo(f"written: {shown_path(fixture.folder)}/ ({changed}{fixtures.META}: reviewed {today()})")
    click.echo()
    return "differs"


def echo(lines: Sequence[str]) -> None:
    """Print lines as they are: the terminal breaks them, or Chinese would be torn at blanks."""
    click.echo("\n".join(lines))


@click.command("verify", epilog=EPILOG)
@click.argument("site")
@click.option("--pages", type=click.IntRange(min=1, max=50), default=5, show_default=True, help="Articles to read.")
@tests_option
@delay_option
def verify_command(site: str, pages: int, root: Path | None, delay: float | None) -> None:
    """Read a handful of pages of the live site, and say how well that went.

    Its first lists and a few of their newest articles are fetched as a crawl would; nothing is stored. Where all give title,
    time and body, the site file's status says so with the day, and tests/sites/SITE/verified.json what came from where.
    """
    spider = site_named(site)
    try:
        report = verify.look(spider, fetching_settings(delay), pages)
    except FetchProblem as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{site} ({spider.title}), {report.day}\n")
    for url, count, problem in report.lists:
        click.echo(f"  {url}: {problem or f'{count} articles'}")
    if report.pages:
        click.echo()
        echo(list(report.table()))
        click.echo()
    for number, page in enumerate(report.pages, 1):
        title = getattr(page.item, "title", None) or ""
        click.echo(f"  {number}  {page.url}  {page.problem or title}")
    click.echo(f"\n{report.line()}" if report.pages else "")
    if report.problem is not None:
        click.echo(f"{site} is not verified: {report.problem}. Nothing was recorded.", err=True)
        sys.exit(FAILED)
    try:
        for file, what in verify.record(spider, report, root):
            click.echo(f"written: {shown_path(file)}: {what}")
    except verify.NotRecorded as error:
        click.echo(f"{site} is read well, and this is put on record nowhere: {error}.")
