"""``newscrawl new-site|inspect``: a site that nobody has described yet, and a page with the places where its fields stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import click
from rich.table import Table
from rich.text import Text

from newscrawl import addresses, discovery, feeds, fingerprint, fixtures, ingest, inspection, project, survey
from newscrawl.cli.options import EPILOG, Problem, file_size, output, project_settings, site_loader
from newscrawl.days import SHANGHAI, today
from newscrawl.extract.layers import Extraction
from newscrawl.extract.page import Page, where
from newscrawl.fetch import Fetcher, FetchProblem
from newscrawl.fixtures import Meta, Taken
from newscrawl.inspection import Inspection
from newscrawl.pipelines import DEFAULT_DATABASE
from newscrawl.spider import NewsSpider
from newscrawl.survey import Seen, Survey

Get = Callable[[Sequence[str]], list["Seen | str"]]
"""Pages by address: each as it was seen, or why it cannot be had."""

delay_option = click.option(
    "--delay", type=click.FloatRange(min=0), help="Seconds between two requests to one host, exactly [default: 1 or more]."
)


# -- new-site


@click.command("new-site", epilog=EPILOG)
@click.argument("url")
@click.option("--name", metavar="NAME", help="The site's name, one word [default: out of the address].")
@click.option("--title", help="Its name for people [default: out of the front page].")
@click.option("--region", help="The province (山东).")
@click.option("--city", help="The city, where the site is a city's (威海).")
@click.option(
    "--from",
    "saved",
    type=click.Path(path_type=Path, exists=True),
    metavar="DIR",
    help="Look at saved pages; nothing is fetched.",
)
@click.option(
    "--project",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The project to write to, begun where it is not there yet [default: the one with a scrapy.cfg here or above].",
)
@click.option("--force", is_flag=True, help="Overwrite the site file and its fixtures, and go on where a file covers the host.")
@click.option("--dry-run", is_flag=True, help="Look and tell; write nothing.")
@delay_option
def new_site(
    url: str,
    name: str | None,
    title: str | None,
    region: str | None,
    city: str | None,
    saved: Path | None,
    folder: Path | None,
    force: bool,
    dry_run: bool,
    delay: float | None,
) -> None:
    """Look at a site and write its site file, with a page of it as a test.

    URL is its front page. It, up to 5 channels and up to 5 articles are fetched as a crawl would: robots.txt, the host's pace. What
    is found is shown with its evidence; the site file and two fixtures are written. Their test fails until somebody has looked:
    newscrawl accept.
    """
    if not re.match(r"https?://[^/\s]+", url):
        raise Problem(f"{url!r} is no address; write it whole: https://www.example.cn/")
    url = fingerprint.canonical(url)
    name = name or survey.name_of(url)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise Problem(f"{name!r} cannot be a site's name: small letters, digits and _, a letter first. Say --name.")
    # A project that is to be begun is begun once there is something to write.
    begun = folder is None or (folder / "scrapy.cfg").is_file()
    place = _project(folder) if begun and not dry_run else None
    _refuse_known(url, name, place, force)
    with ExitStack() as stack:
        found, pages = _look(url, _getter(stack, saved, delay))
    _tell(found, name, region)
    if dry_run:
        click.echo("nothing was written (--dry-run). The site file would be:\n")
        click.echo(survey.source(found, name=name, title=title, region=region, city=city), nl=False)
        return
    place = place or _project(folder)
    file = place.spiders / f"{name}.py"
    for made in place.made:
        click.echo(f"written: {_shown(made)}")
    try:
        file.write_text(survey.source(found, name=name, title=title, region=region, city=city), "utf-8")
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror or error}") from None
    click.echo(f"written: {_shown(file)}")
    taken = _capture(found, pages, project.spider_in(file), place, force)
    _next(name, place, bool(taken), saved is None)


def _next(name: str, place: project.Project, taken: bool, live: bool) -> None:
    """What is to be done now, as commands."""
    steps = [
        (
            f"newscrawl accept {name}",
            "shows what is read of these pages: look, mend the site file where it is wrong, say it again",
        ),
        (
            f"python -m pytest -q tests/test_sites.py -k {name}",
            "its test: red until accept has put on record that somebody looked",
        ),
    ]
    if not taken:
        steps = [(f"newscrawl capture {name} URL", "no article could be kept for its test: name one")]
    if live:
        steps.append((f"newscrawl crawl {name} --limit 20", "a first look at what a crawl brings"))
    at = "" if place.root == project.root_of(Path.cwd()) else f", in {_shown(place.root)}"
    click.echo(f"\nnext{at}:")
    for line, why in steps:
        click.echo(f"  {line}\n      {why}")


def _project(folder: Path | None) -> project.Project:
    try:
        return project.of(folder)
    except project.ProjectProblem as error:
        raise Problem(str(error)) from None


def _refuse_known(url: str, name: str, place: project.Project | None, force: bool) -> None:
    """Say which site file is there already, before anything is fetched."""
    sites = site_loader().sites
    if force:
        return
    owner = next((spider for spider in sites.values() if discovery.is_allowed(url, spider.allowed_hosts())), None)
    if owner is not None:
        raise Problem(
            f"{urlsplit(url).hostname} is covered by the site {owner.name} ({owner.title}, {owner.__module__}): newscrawl crawl {owner.name}. "
            "To write another file all the same: --force."
        )
    if name in sites:
        raise Problem(f"there is a site {name!r} already ({sites[name].title}). Say another --name.")
    if place is not None and (file := place.spiders / f"{name}.py").exists():
        raise Problem(f"{_shown(file)} is there already; it is overwritten with --force only.")


def _getter(stack: ExitStack, saved: Path | None, delay: float | None) -> Get:
    """Where pages come from: a folder of saved ones, or the web."""
    if saved is not None:
        problems: list[str] = []
        shelf: dict[str, Seen] = {}
        try:
            for page in ingest.saved(saved, problems.append):
                if page.url:
                    seen = Seen(page.url, page.body, page.charset, page.status, page.saved_at)
                    shelf.setdefault(fingerprint.key(page.url), seen)
        except ingest.BadInput as error:
            raise Problem(str(error)) from None
        for line in problems:
            click.echo(line, err=True)
        if not shelf:
            raise Problem(
                f"{saved}: no page there has an address. Name them in a manifest (file, url; see docs/spiders.md), or save a WARC."
            )
        return lambda urls: [shelf.get(fingerprint.key(url), "not among the saved pages") for url in urls]
    settings = project_settings(DEFAULT_DATABASE)
    if delay is not None:
        settings.set("DOWNLOAD_DELAY", delay, priority="cmdline")
    fetcher = stack.enter_context(Fetcher(site=None, settings=settings))

    def get(urls: Sequence[str]) -> list[Seen | str]:
        try:
            answers = fetcher.fetch(urls)
        except FetchProblem as error:
            raise click.ClickException(str(error)) from None
        return [a.problem or Seen(a.final_url, a.body, a.charset, a.status, a.at) for a in answers]

    return get


def _look(url: str, get: Get) -> tuple[Survey, dict[str, Seen]]:
    """Front page, channels, articles: each go says what the next one asks for."""
    (front,) = get([url])
    if isinstance(front, str):
        raise click.ClickException(f"{url}: {front}; nothing was written")
    hosts = survey.hosts_of(front.url)
    home = front.page()
    pattern = addresses.learn(survey.links_of([home], hosts))
    article = pattern.compiled if pattern else discovery.ARTICLE
    wanted = [channel.url for channel in survey.channels_of(home, hosts, article)][: survey.MAX_CHANNELS]
    channels = _had(get, wanted)
    lists = [home, *(seen.page() for seen in channels)]
    pattern = addresses.learn(survey.links_of(lists, hosts)) or pattern
    article = pattern.compiled if pattern else discovery.ARTICLE
    articles = _had(get, survey.articles_of(lists[1:] or lists, hosts, article)[: survey.MAX_ARTICLES])
    root = urljoin(front.url, "/robots.txt")
    (robots,) = get([root])
    sitemaps = feeds.in_robots(robots.body, root) if isinstance(robots, Seen) else []
    found = survey.survey(front, channels, articles, sitemaps=sitemaps, day=today())
    return found, {seen.url: seen for seen in (front, *channels, *articles)}


def _had(get: Get, urls: Sequence[str]) -> list[Seen]:
    """Those pages of several that can be had; the others are said."""
    if not urls:
        return []
    out = []
    for url, seen in zip(urls, get(urls), strict=True):
        if isinstance(seen, str):
            click.echo(f"{url}: {seen}", err=True)
        else:
            out.append(seen)
    return out


def _capture(found: Survey, pages: dict[str, Seen], spider: type[NewsSpider], place: project.Project, force: bool) -> list[Taken]:
    """Keep an article and a list as fixtures that nobody has looked at."""
    wanted: list[tuple[str, Any]] = [(url, "article") for url in found.articles[:1]]
    wanted += [(channel.url, "list") for channel in found.lists[:1] if channel.url in pages]
    out = []
    for url, kind in wanted:
        seen = pages[url]
        at = (seen.at or datetime.now(SHANGHAI)).astimezone(SHANGHAI)
        meta = Meta(url, at.isoformat(timespec="seconds"), kind, seen.status, seen.charset)
        folder = place.tests / spider.name / fixtures.slug(url)
        if force and folder.is_dir():
            for file in folder.iterdir():
                file.unlink()
        try:
            taken = fixtures.take(folder, seen.body, meta, spider)
        except FileExistsError:
            click.echo(f"{_shown(folder)} is there already; it stays as it is (--force overwrites it)", err=True)
            continue
        click.echo(f"written: {_shown(folder)}/ (the test of one {kind})")
        out.append(taken)
    return out


def _shown(path: Path) -> str:
    """A path as seen from the current folder, where it is below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _tell(found: Survey, name: str, region: str | None) -> None:
    """What was found, a line each with its evidence."""
    console = output()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for what, value, evidence in _lines(found, name):
        table.add_row(what, Text(value), Text(evidence))
    console.print(table)
    if found.articles:
        click.echo(f"\nWhat is read of {len(found.articles)} articles without any rules of the site's own:\n")
        console.print(_fields(found))
    doubts = [
        *found.doubts,
        *([] if region else ["pages do not say in which province it is: --region, or region in the site file"]),
    ]
    click.echo()
    for doubt in doubts:
        click.echo(f"to look at: {doubt}")
    if doubts:
        click.echo()


def _lines(found: Survey, name: str) -> list[tuple[str, str, str]]:
    rows = [("site", found.url, f"name {name}; hosts {', '.join(found.hosts)}, subdomains included")]
    for what, pair in (("title", found.title), ("publisher", found.publisher)):
        rows.append((what, *pair) if pair else (what, "-", "not found: set it in the site file"))
    pages = found.charsets.total()
    rows.append(("charset", ", ".join(found.charsets), ", ".join(f"{n} of {pages} pages" for n in found.charsets.values())))
    families = ", ".join(found.families) or "none known"
    seen = ", ".join(f"{n} of {len(found.articles) or pages}" for n in found.families.values())
    rows.append(("CMS", families, f"its marks on {seen} pages" if seen else "the layers below do without"))
    pattern = found.pattern
    if pattern is None:
        rows.append(("articles", "any CMS's addresses", "no pattern could be learned"))
    else:
        told = f"fits {pattern.matched} of {pattern.headlines} links with a headline, {len(pattern.strays)} of {pattern.others} others"
        rows.append(("articles", pattern.text, told))
        rows += [("", make.example, f"{make.matched} such") for make in pattern.makes]
    looked = [channel for channel in found.channels if channel.articles is not None]
    for number, channel in enumerate(looked):
        title = f"{channel.title}: " if channel.title else ""
        rows.append(("channels" if not number else "", channel.url, f"{title}{channel.articles} articles"))
    if rest := [channel for channel in found.channels if channel.articles is None]:
        rows.append(("", f"and {len(rest)} more", "not looked at: " + "、".join(channel.title for channel in rest[:8])))
    if not looked:
        rows.append(("channels", "none", "the front page is read for articles"))
    rows.append(("feeds", "\n".join(found.feeds) or "none", "named in the pages' heads" if found.feeds else ""))
    rows.append(
        ("sitemaps", "\n".join(found.sitemaps) or "none", "named in robots.txt" if found.sitemaps else "robots.txt names none")
    )
    for heading, count in found.blocks.items():
        rows.append(("links", heading, f"with links on {count} of {len(found.articles)} articles"))
    for block in found.empty:
        how = (
            "a script fills it"
            if block.named
            else f"a script fills it; which request: newscrawl inspect {found.articles[0]} --browser"
        )
        rows.append(("links", block.heading or block.kind, f"stands empty on {block.pages} of {len(found.articles)}: {how}"))
        if block.named:
            rows.append(("", block.named, "what its script names; a crawl asks it"))
    if found.hint is None:
        rows.append(("layout", "none needed", "no field is without a rule that has a named element on every page"))
    else:
        why = "read by no rule, yet in the same element of every page: worth writing"
        for number, (part, selector) in enumerate(found.hint.selectors()):
            rows.append(("" if number else "layout", f"{part} {selector}", "" if number else why))
    return rows


def _fields(found: Survey) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("field", "found", "by", "for example"):
        table.add_column(column, overflow="fold")
    for reading in found.fields:
        by = ", ".join(rule if len(reading.rules) == 1 else f"{rule} {n}" for rule, n in reading.rules.items()) or "-"
        table.add_row(reading.name, f"{reading.found}/{len(found.articles)}", by, Text(reading.value))
    return table


# -- inspect


@click.command("inspect", epilog=EPILOG)
@click.argument("target", metavar="URL|FILE")
@click.option("--url", help="The address of a saved page.")
@click.option(
    "--html",
    "html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.html",
    help="The page with the parts of the article marked in it, as one file.",
)
@click.option("--online", is_flag=True, help="Let that file load the page's images and style sheets from the web.")
@click.option("--browser", is_flag=True, help="Also visit it in Chromium: which request fills an empty block (extra: render).")
@click.option("--no-site-rules", is_flag=True, help="Read it as a page of an unknown site.")
@delay_option
def inspect_command(
    target: str, url: str | None, html: Path | None, online: bool, browser: bool, no_site_rules: bool, delay: float | None
) -> None:
    """Show how a page is read: each field, its layers, where it stands.

    On the terminal, and with --html on the page itself. Nothing is stored.
    """
    page, status, shown = _page(target, url, delay)
    spiders = {} if no_site_rules else site_loader().sites
    rules = ingest.Sites(spiders).rules_for(ingest.SavedPage(b"", shown, url=page.url or None))
    found = inspection.inspect(page, rules, status=status)
    if browser:
        _visit(found, page)
    print_layers(shown, found.extraction)
    for line in inspection.lines(found):
        click.echo(line)
    if html is not None:
        try:
            html.write_text(inspection.as_html(found, online=online), "utf-8")
        except OSError as error:
            raise Problem(f"{html} cannot be written: {error.strerror or error}") from None
        click.echo(f"\nwritten: {_shown(html)} ({file_size(html)}): open it in a browser")


def _page(target: str, url: str | None, delay: float | None) -> tuple[Page, int, str]:
    """The page that is meant, its status, and what to call it."""
    if re.match(r"https?://", target):
        settings = project_settings(DEFAULT_DATABASE)
        if delay is not None:
            settings.set("DOWNLOAD_DELAY", delay, priority="cmdline")
        try:
            with Fetcher(site=None, settings=settings) as fetcher:
                (answer,) = fetcher.fetch([target])
        except FetchProblem as error:
            raise click.ClickException(str(error)) from None
        if answer.error is not None:
            raise click.ClickException(f"{target}: {answer.error}")
        return Page(answer.body, answer.final_url, charset=answer.charset, now=answer.at), answer.status, answer.final_url
    path = Path(target)
    if not path.is_file():
        raise Problem(f"{target}: no such file, and no address (http://…).")
    problems: list[str] = []
    try:
        saved = next(iter(ingest.saved(path, problems.append)), None)
    except ingest.BadInput as error:
        raise Problem(str(error)) from None
    if saved is None:
        raise Problem("; ".join(problems) or f"{target}: holds no page.")
    address = url or saved.url or ""
    return Page(saved.body, address, charset=saved.charset, now=saved.saved_at), saved.status, saved.id or saved.name


def _visit(found: Inspection, page: Page) -> None:
    from newscrawl import render

    if not page.url:
        raise Problem("--browser visits the page on the web: name its address with --url.")
    try:
        observed = render.observe(page.url, settings=project_settings(DEFAULT_DATABASE))
    except (render.Unavailable, render.Unrendered, FetchProblem) as error:
        raise Problem(str(error)) from None
    inspection.compare(found, observed)


def print_layers(name: str, extraction: Extraction) -> None:
    """For each field every layer's answer, its rule and where it stands; ``*`` marks the one that wins."""
    console = output()
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
            style = "" if won else "dim"
            shown = Text(inspection.short(candidate.value))
            table.add_row("*" if won else "", field if not number else "", candidate.rule, shown, at, style=style)
    console.print(table)
