"""Coverage: which site published how much on which day, and which days are missing."""

from __future__ import annotations

import shlex
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import unquote, urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from newscrawl import charts
from newscrawl.coverage import Gap, gaps
from newscrawl.days import SHANGHAI
from newscrawl.store import coverage as stored
from newscrawl.web import credits, formats, pages

LOOKED_BACK = timedelta(weeks=16)
"""How far before a month its sites' days are read, to know what is usual; reports do the same."""

LISTED = 200
"""Holes on a page at most."""

MONTHS = 240
"""Months to choose from at most, the newest."""

YEARS = 30
"""Calendars on a site's page at most."""

NOT_CRAWLED, FAILED, BEFORE, NOTHING = "not crawled", "run failed", "before the first run", "nothing found"

REASONS = {
    NOT_CRAWLED: "no run on that day or the next",
    FAILED: "each run on that day or the next failed, or left the site red",
    BEFORE: "the site was crawled for the first time later; its lists may have gone no further back",
    NOTHING: "runs took place and found no more: nothing was published, or the site's lists do not show it",
}
"""Why a day may be missing, as far as runs tell."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Days of a site in a row that are missing, with the days between that have none either: what was stored, what is usual for them
    together, the likely reason (a key of `REASONS`), what a run said of it, and the command that fills it."""

    site: str
    title: str
    first: date
    last: date
    days: int
    articles: int
    usual: float
    reason: str
    said: str
    command: str


async def coverage(datasette: Datasette, request: Request) -> Response:
    """``/coverage?month=2017-07&region=山东``"""
    found = await pages.read(datasette, stored.span)
    if found is None:
        return await pages.show(datasette, request, "coverage.html", months=[])
    (first, last), today = found, _today()
    month = _month(request.args.get("month")) or last.replace(day=1)
    region = request.args.get("region") or ""
    if not first.replace(day=1) <= month <= last.replace(day=1):
        return await pages.missing(
            datasette, request, f"Nothing is stored of {month:%Y-%m}: articles are there from {first} to {last}."
        )
    end = month_end(month)
    sites = await pages.read(datasette, stored.sites)
    regions = sorted({site.region for site in sites if site.region})
    shown = [site for site in sites if not region or site.region == region]
    days, missing, holes = await pages.read(datasette, _of_month, shown, month, end, today)
    every = [month + timedelta(days=n) for n in range((end - month).days + 1)]
    silent = [site for site in shown if not any(day in days.get(site.name, {}) for day in every) and not missing[site.name]]
    rows = [_row(site, days.get(site.name, {}), missing[site.name], holes, every, today) for site in shown if site not in silent]
    total = sum(count for site in shown for day, count in days.get(site.name, {}).items() if month <= day <= end)
    return await pages.show(
        datasette,
        request,
        "coverage.html",
        month=month,
        months=_months(first, last)[:MONTHS],
        before=_address(_shift(month, -1), region) if month > first.replace(day=1) else None,
        after=_address(_shift(month, 1), region) if month < last.replace(day=1) else None,
        region=region,
        regions=regions,
        grid=_grid(rows, every, month) if rows else None,
        together=_together(shown, days, every, region, today) if total else None,
        articles=total,
        sites=len(shown) - len(silent),
        silent=silent,
        holes=holes[:LISTED],
        holes_left=max(0, len(holes) - LISTED),
        missing=sum(map(len, missing.values())),
        reasons=REASONS,
        anchor=anchor,
        sql=_sql(stored.BY_DAY, since=month.isoformat(), until=end.isoformat()),
    )


async def of_site(datasette: Datasette, request: Request) -> Response:
    """``/coverage/SITE``"""
    name = unquote(request.url_vars["name"])
    sites = await pages.read(datasette, stored.sites)
    site = next((one for one in sites if one.name == name), None)
    if site is None:
        return await pages.missing(datasette, request, f"No site {credits.shortened(name)!r} has run.")
    span, days, missing, holes, begun, undated = await pages.read(datasette, _of_site, site, _today())
    if span is None:
        return await pages.show(datasette, request, "coverage_site.html", site=site, span=None, undated=undated)
    years = sorted({day.year for day in days} | {gap.day.year for gap in missing}, reverse=True)
    bounds = charts.heat_bounds(days.values())
    return await pages.show(
        datasette,
        request,
        "coverage_site.html",
        site=site,
        span=span,
        undated=undated,
        articles=sum(days.values()),
        published=len(days),
        missing=len(missing),
        calendars=[_calendar(site, year, days, missing, span, bounds) for year in years[:YEARS]],
        years_left=years[YEARS:],
        holes=list(reversed(holes))[:LISTED],
        holes_left=max(0, len(holes) - LISTED),
        begun=begun,
        reasons=REASONS,
        sql=f"/{pages.DATABASE}/articles_by_day?{urlencode({'site': name})}",
        runs=f"/{pages.DATABASE}/runs?{urlencode({'site': name, '_sort_desc': 'started_at'})}",
    )


# What is read.


def _of_month(
    connection: sqlite3.Connection, sites: Sequence[stored.Site], month: date, end: date, today: date
) -> tuple[dict[str, dict[date, int]], dict[str, list[Gap]], list[Hole]]:
    """Of a month's sites, days, gaps and holes."""
    days = stored.days(connection, month - LOOKED_BACK, end)
    until = min(end, today - timedelta(days=1))
    missing = {site.name: gaps(days.get(site.name, {}), month, until) for site in sites}
    begun = stored.first_runs(connection)
    holes = []
    for site in sites:
        if found := missing[site.name]:
            runs = stored.runs(connection, site.name, found[0].day, found[-1].day + timedelta(days=1))
            holes += _holes(site, found, days.get(site.name, {}), runs, begun.get(site.name))
    return days, missing, holes


def _of_site(
    connection: sqlite3.Connection, site: stored.Site, today: date
) -> tuple[tuple[date, date] | None, dict[date, int], list[Gap], list[Hole], date | None, int]:
    """Of a site's whole time: first and last day, days, gaps, holes, its first run, and how many articles have no time."""
    undated = stored.undated(connection, site.name)
    begun = stored.first_runs(connection).get(site.name)
    span = stored.span(connection, site.name)
    if span is None:
        return None, {}, [], [], begun, undated
    days = stored.days(connection, span[0], span[1], site=site.name).get(site.name, {})
    # A site that has stopped is missed until it counts as ended.
    missing = gaps(days, span[0], today - timedelta(days=1))
    runs = stored.runs(connection, site.name, missing[0].day, missing[-1].day + timedelta(days=1)) if missing else []
    return span, days, missing, _holes(site, missing, days, runs, begun), begun, undated


# Holes.


def _holes(
    site: stored.Site,
    missing: Sequence[Gap],
    days: Mapping[date, int],
    runs: Iterable[stored.Run],
    begun: date | None,
) -> list[Hole]:
    """A site's missing days, those in a row and of one reason as one hole."""
    by_day: dict[date, list[stored.Run]] = {}
    for run in runs:
        by_day.setdefault(run.day, []).append(run)
    found: list[list[tuple[Gap, str, str]]] = []
    for gap in missing:
        reason, said = _reason(gap.day, by_day, begun)
        if found and found[-1][-1][1] == reason and _no_day_between(found[-1][-1][0].day, gap.day, days):
            found[-1].append((gap, reason, said))
        else:
            found.append([(gap, reason, said)])
    return [
        Hole(
            site.name,
            site.title,
            run[0][0].day,
            run[-1][0].day,
            len(run),
            sum(gap.articles for gap, _, _ in run),
            sum(gap.usual for gap, _, _ in run),
            run[0][1],
            next((said for _, _, said in run if said), ""),
            f"newscrawl crawl {shlex.quote(site.name)} --since {run[0][0].day} --until {run[-1][0].day}",
        )
        for run in found
    ]


def _reason(day: date, runs: Mapping[date, Sequence[stored.Run]], begun: date | None) -> tuple[str, str]:
    """Why a day is likely to be missing, and what the last of its failed runs said. An article of a day is found on that day or the
    next, as long as lists reach back so far."""
    if begun is None or begun > day + timedelta(days=1):
        return BEFORE, ""
    took_place = [*runs.get(day, ()), *runs.get(day + timedelta(days=1), ())]
    if not took_place:
        return NOT_CRAWLED, ""
    if any(run.good for run in took_place):
        return NOTHING, ""
    return FAILED, took_place[-1].why


def _no_day_between(first: date, last: date, days: Mapping[date, int]) -> bool:
    return (last - first).days < 14 and not any(first + timedelta(days=n) in days for n in range(1, (last - first).days))


# What is drawn.


def _row(
    site: stored.Site, days: Mapping[date, int], missing: Iterable[Gap], holes: Sequence[Hole], every: Sequence[date], today: date
) -> charts.Row:
    gone = {gap.day: gap for gap in missing}
    why = {day: hole for hole in holes if hole.site == site.name for day in _days_of(hole)}
    first = min(days, default=None)
    cells = []
    for day in every:
        gap = gone.get(day)
        if gap:
            note = f"usually {charts.number(gap.usual)}: {why[day].reason}"
            cells.append(charts.Cell(gap.articles or None, f"#{anchor(site.name)}", True, note))
        elif day in days:
            cells.append(charts.Cell(days[day], _articles(site.name, day)))
        else:
            cells.append(charts.Cell(None if first is None or day < first or day > today else 0))
    total = sum(days.get(day, 0) for day in every)
    return charts.Row(site.title, cells, formats.path_of("coverage", site.name), charts.number(total))


def _days_of(hole: Hole) -> list[date]:
    return [hole.first + timedelta(days=n) for n in range((hole.last - hole.first).days + 1)]


def _grid(rows: Sequence[charts.Row], every: Sequence[date], month: date) -> Markup:
    heads = [str(day.day) for day in every]
    return charts.grid(
        rows, heads, title=f"Articles by site and day, {month:%Y-%m}", corner="Site", total="Total", values=False, quiet=True
    )


def _together(
    sites: Sequence[stored.Site], days: Mapping[str, Mapping[date, int]], every: Sequence[date], region: str, today: date
) -> Markup:
    data = [
        charts.Column(
            str(day.day),
            [sum(days.get(site.name, {}).get(day, 0) for site in sites) if day <= today else 0],
            credits.search(since=day.isoformat(), until=day.isoformat(), region=region),
        )
        for day in every
    ]
    return charts.columns(data, ["Articles"], title="Articles a day", height=110, quiet=True)


def _calendar(
    site: stored.Site,
    year: int,
    days: Mapping[date, int],
    missing: Iterable[Gap],
    span: tuple[date, date],
    bounds: Sequence[float],
) -> tuple[int, int, Markup]:
    """A year, its articles, and its calendar."""
    holes = {gap.day for gap in missing if gap.day.year == year}
    start, end = date(year, 1, 1), date(year, 12, 31)
    first, last = max(start, span[0]), min(end, max(span[1], *holes) if holes else span[1])
    counts = {day: 0 for n in range((last - first).days + 1) if (day := first + timedelta(days=n))}
    counts.update((day, count) for day, count in days.items() if day.year == year)
    total = sum(counts.values())
    drawn = charts.calendar(
        counts,
        title=f"{site.title}, {year}",
        holes=holes,
        since=start,
        until=end,
        bounds=bounds,
        href=lambda day: _articles(site.name, day) if counts.get(day) else None,
        quiet=True,
    )
    return year, total, drawn


def _articles(site: str, day: date) -> str:
    return credits.search(site=site, since=day.isoformat(), until=day.isoformat())


def anchor(site: str) -> str:
    """The id of a site's first hole on the page: no blank may be in it."""
    return "missing-" + "".join(sign if sign.isalnum() else f"_{ord(sign):x}_" for sign in site)


# Months.


def _today() -> date:
    return datetime.now(SHANGHAI).date()


def _month(text: str | None) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _shift(month: date, by: int) -> date:
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def _months(first: date, last: date) -> list[date]:
    """All months from one day to another, the newest first."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [_shift(last.replace(day=1), -n) for n in range(count)]


def _address(month: date, region: str) -> str:
    return "/coverage?" + urlencode({"month": f"{month:%Y-%m}", **({"region": region} if region else {})})


def _sql(sql: str, **given: str) -> str:
    return f"/{pages.DATABASE}?" + urlencode({"sql": sql, **given})


ROUTES: pages.Routes = (
    (r"^/coverage$", coverage),
    (r"^/coverage/(?P<name>[^/]+)$", of_site),
)
