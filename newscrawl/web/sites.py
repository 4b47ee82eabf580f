"""The sites: all in a table, and each with what it publishes, credits, recommends, takes over, and how its crawls went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import unquote

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from newscrawl import charts
from newscrawl.days import today
from newscrawl.store import newsroom
from newscrawl.store.newsroom import SiteLine, SitePage
from newscrawl.web import find, formats, front, pages

_STATES = {"red": 0, "yellow": 1, "new": 2, None: 3, "green": 4}

# Of what is ordered by, and whether the greatest comes first.
SORTS: dict[str, tuple[str, Callable[[SiteLine], Any], bool]] = {
    "region": ("region", lambda line: line.site.title, False),
    "name": ("site", lambda line: line.site.title, False),
    "articles": ("articles", lambda line: line.articles, True),
    "usual": ("a day", lambda line: line.usual or 0.0, True),
    "newest": ("newest article", lambda line: line.newest or "", True),
    "run": ("last run", lambda line: line.condition.last_run or "", True),
    "state": ("state", lambda line: (_STATES.get(line.condition.state, 3), line.site.title), False),
}
"""How the table can be ordered."""

LISTS = 60
"""List pages of a site that are shown."""


async def listing(datasette: Datasette, request: Request) -> Response:
    """``/sites?region=&sort=``"""
    region = front.region_of(request)
    sort = request.args.get("sort") or "region"
    if sort not in SORTS:
        return await pages.missing(datasette, request, f"No order {find.shortened(sort)!r}: there are {', '.join(SORTS)}.")
    day, lines = await pages.read(datasette, newsroom.site_lines, today())
    regions = _regions(lines)
    if region is not None:
        lines = [line for line in lines if (line.site.region or "") == region]
        if not lines:
            return await pages.missing(datasette, request, f"No site of a region {find.shortened(region)!r}.")
    _, key, falling = SORTS[sort]
    lines = sorted(lines, key=key, reverse=falling)
    names = [name for name, _ in regions] if region is None else [region or None]
    groups = (
        [(name, [line for line in lines if line.site.region == name]) for name in names] if sort == "region" else [(None, lines)]
    )
    return await pages.show(
        datasette,
        request,
        "sites.html",
        groups=groups,
        grouped=sort == "region",
        regions=regions,
        region=region,
        sort=sort,
        sorts={name: label for name, (label, _, _) in SORTS.items()},
        falling={name: falling for name, (_, _, falling) in SORTS.items()},
        address=front.address_of,
        day=day,
        old=(today() - day).days if day else None,
        total=len(lines),
        articles=sum(line.articles for line in lines),
        sparkline=_sparkline,
        search=find.address,
    )


def _regions(lines: Sequence[SiteLine]) -> list[tuple[str | None, int]]:
    """Regions with their number of sites, most first, sites without one last."""
    counts: dict[str | None, int] = {}
    for line in lines:
        counts[line.site.region] = counts.get(line.site.region, 0) + 1
    return sorted(counts.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))


def _sparkline(line: SiteLine) -> Any:
    return charts.sparkline(line.days, title=f"Articles a day, {len(line.days)} days", width=112, height=24)


async def site(datasette: Datasette, request: Request) -> Response:
    """``/site/NAME``"""
    name = unquote(request.url_vars["name"])
    found = await pages.read(datasette, newsroom.site_page, name, today())
    if found is None:
        return await pages.missing(
            datasette,
            request,
            f"No site {find.shortened(name)!r} has run or has articles here. The page of all sites lists them.",
        )
    since, until = _text(found.since), _text(found.day)
    return await pages.show(
        datasette,
        request,
        "site.html",
        page=found,
        site=found.site,
        days=_days(found),
        age=(today() - found.day).days if found.day else None,
        sources=_bars(found.sources, "Sources", lambda one: formats.path_of("source", one)),
        reporters=_bars(found.reporters, "Reporters and authors", lambda one: formats.path_of("person", one)),
        channels=_channels(found),
        since=since,
        until=until,
        period=newsroom.PERIOD_DAYS,
        reprint_days=newsroom.REPRINT_DAYS,
        most_lists=LISTS,
        search=find.address,
        region_address=front.address_of("/sites", found.site.region or "") if found.site.region else None,
        tables=_tables(name, since),
    )


def _days(found: SitePage) -> Any:
    """Columns of articles a day, each leading to that day's articles."""
    data = [
        charts.Column(charts.day_label(day), [articles], find.address(site=found.site.name, since=_text(day), until=_text(day)))
        for day, articles in found.days.items()
    ]
    return charts.columns(data, ["Articles"], title="Articles a day", height=150, quiet=True) if data else None


def _bars(found: Sequence[newsroom.Counted], title: str, href: Callable[[str], str | None]) -> Any:
    bars = [charts.Bar(one.name, one.articles, href(one.name)) for one in found]
    return charts.bars(bars, title=title, quiet=True) if bars else None


def _channels(found: SitePage) -> Any:
    """Bars of sections, named without the steps that all of them have, each leading to its articles."""
    steps = [one.name.split(" > ") for one in found.channels]
    common = 0
    while steps and all(len(one) > common + 1 and one[common] == steps[0][common] for one in steps):
        common += 1
    articles = f"/{pages.DATABASE}/articles"
    bars = [
        charts.Bar(
            " > ".join(of[common:]), one.articles, find.with_query(articles, site__exact=found.site.name, channel__exact=one.name)
        )
        for one, of in zip(found.channels, steps, strict=True)
    ]
    return charts.bars(bars, title="Sections", quiet=True) if bars else None


def _tables(name: str, since: str | None) -> dict[str, str]:
    """Where the data behind a site's page lie."""
    data = f"/{pages.DATABASE}"
    return {
        "articles": find.with_query(f"{data}/latest_articles", site__exact=name),
        "days": find.sql(newsroom.SITE_SQL, site=name),
        "pushed": find.sql(newsroom.PUSHED_SQL, site=name, since=since or ""),
        "refused": find.with_query(f"{data}/refused_pages", site__exact=name),
        "runs": find.with_query(f"{data}/runs", site__exact=name, _sort_desc="started_at"),
        "pages": find.with_query(f"{data}/pages", site__exact=name, kind__in="channel,feed,sitemap"),
        "vanished": find.with_query(f"{data}/vanished", site__exact=name),
        "corrected": find.with_query(f"{data}/most_corrected", site__exact=name),
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


ROUTES: pages.Routes = ((r"^/sites$", listing), (r"^/site/(?P<name>[^/]+)$", site))
