"""Charts of all there is: how much is published where and when, who is credited, how complete the fields are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from newscrawl import charts
from newscrawl.store import coverage as stored
from newscrawl.store import dashboards
from newscrawl.store.dashboards import AGES, FIELDS, NEWEST, Answer, Period
from newscrawl.web import coverage, credits, formats, pages

DAYS = 30
"""How many days are shown where none are asked for: the last ones that have articles."""

PRESETS = (7, 30, 90, 365)

STACKED = charts.COLOURS
"""Series of a stack at most, the others together being the last."""

TOP = 12
"""Publishers of a grid at most."""

ROWS = 30
"""Sites of a grid at most."""

FIELD_NAMES = {
    "source": "source 来源",
    "reporter": "reporter 记者",
    "author": "author 作者",
    "correspondent": "corresp. 通讯员",
    "editor": "editor 编辑",
    "images": "images",
    "channel": "channel",
    "keywords": "keywords",
    "recommended": "推荐阅读",
    "related": "相关新闻",
}

KIND_NAMES = {"recommended": "recommended 推荐阅读", "related": "related 相关新闻"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the page: its id, its heading, what it says in a sentence or two, what is drawn, and the SQL behind it."""

    id: str
    title: str
    sentence: str
    drawn: Sequence[Markup]
    sql: str
    csv: str


async def show(datasette: Datasette, request: Request) -> Response:
    """``/charts?since=&until=&region=&site=&by=``"""
    span = await pages.read(datasette, stored.span)
    if span is None:
        return await pages.show(datasette, request, "charts.html", span=None)
    sites = await pages.read(datasette, stored.sites)
    regions = sorted({site.region for site in sites if site.region})
    region, name = request.args.get("region") or "", request.args.get("site") or ""
    if name and name not in {site.name for site in sites}:
        return await pages.missing(datasette, request, f"No site {credits.shortened(name)!r} has run.")
    if region and region not in regions:
        return await pages.missing(datasette, request, f"No site of a region {credits.shortened(region)!r} has run.")
    since, until, warning = _asked(request, *span)
    period = Period(since, until, region, name)
    by = request.args.get("by") or ("site" if region or name else "region")
    by = by if by in ("region", "site") else "region"
    drawn = []
    if since <= span[1] and until >= span[0]:
        found = await pages.read(datasette, dashboards.dashboard, period)
        drawn = [
            _by_day(found.by_day, period, sites, by),
            _sources(found.sources, found.by_day, period),
            _hours(found.hours, found.by_day),
            _channels(found.channels, found.by_day),
            _flows(found.flows),
            _fields(found.fields, sites),
            _links(found.links),
            _ages(found.ages),
        ]
        drawn = drawn if found.by_day.rows else []
    return await pages.show(
        datasette,
        request,
        "charts.html",
        span=span,
        period=period,
        warning=warning,
        by=by,
        regions=regions,
        sites=sites,
        presets=[(days, _address(until - timedelta(days=days - 1), until, region, name, by)) for days in PRESETS]
        if until.year > 1900
        else [],
        charts=drawn,
        newest=NEWEST,
    )


async def stylesheet(datasette: Datasette, request: Request) -> Response:
    """``/-/charts.css``: what charts look like, in the newsroom's colours."""
    return Response(charts.CSS + SURFACES, content_type="text/css; charset=utf-8", headers={"cache-control": "max-age=3600"})


SURFACES = """
:root, :root[data-theme="dark"] { --chart-surface: var(--paper); --chart-ink: var(--ink); --chart-faint: var(--soft); --chart-rule: var(--line);
  --chart-base: var(--line-strong); --chart-hole: var(--red); }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --chart-surface: var(--paper); --chart-ink: var(--ink);
  --chart-faint: var(--soft); --chart-rule: var(--line); --chart-base: var(--line-strong); --chart-hole: var(--red); } }
"""
"""The newsroom's colours where charts have their own."""


# What is drawn.


def _by_day(answer: Answer, period: Period, sites: Sequence[stored.Site], by: str) -> Chart:
    names = {site.name: (site.region or "no region") if by == "region" else site.title for site in sites}
    totals: dict[str, int] = {}
    cells: dict[str, dict[str, int]] = {}
    for site, day, articles in answer.rows:
        name = names.get(site, site)
        totals[name] = totals.get(name, 0) + articles
        of = cells.setdefault(day, {})
        of[name] = of.get(name, 0) + articles
    series = sorted(totals, key=lambda name: (-totals[name], name))
    others = series[STACKED - 1 :] if len(series) > STACKED else []
    series = series[: STACKED - 1] if others else series
    columns = []
    for label, start, end in _buckets(period):
        of = cells.get(start.isoformat()[: {"day": 10, "month": 7, "year": 4}[period.unit]], {})
        values = [of.get(name, 0) for name in series]
        if others:
            values.append(sum(of.get(name, 0) for name in others))
        address = credits.search(since=start.isoformat(), until=end.isoformat(), region=period.region, site=period.site)
        columns.append(charts.Column(label, values, address))
    total = sum(totals.values())
    days = (period.until - period.since).days + 1
    sentence = f"{formats.counted(total, 'article')} of {formats.counted(len({row[0] for row in answer.rows}), 'site')} in {formats.counted(days, 'day')}"
    if days > 1:
        sentence += f", {charts.number(round(total / days, 1))} a day"
    if columns and total:
        most = max(columns, key=lambda column: sum(value or 0 for value in column.values))
        sentence += f"; most {'on' if period.unit == 'day' else 'in'} {most.label}"
        sentence += f" ({charts.number(sum(value or 0 for value in most.values))})"
    drawn = charts.columns(
        columns,
        [*series, *(["others"] if others else [])] or ["Articles"],
        title=f"Articles by {period.unit}",
        label=period.unit.capitalize(),
        quiet=True,
    )
    return _chart("days", f"Articles a {period.unit}, by {by}", sentence + ".", [drawn], answer)


def _sources(answer: Answer, all_of: Answer, period: Period) -> Chart:
    total = sum(row[2] for row in all_of.rows)
    data = [
        charts.Bar(source, articles, formats.path_of("source", source), f"{100 * articles / total:.1f} %")
        for source, articles in answer.rows
    ]
    sentence = "No article of this period credits a source."
    if data:
        share = sum(bar.value for bar in data) / total
        sentence = f"{data[0].label} is credited most, with {formats.counted(int(data[0].value), 'article')}"
        sentence += f"; the {len(data)} first together with {100 * share:.0f} % of all." if len(data) > 1 else "."
    drawn = charts.bars(data, title="Sources by articles", label="Source", quiet=True)
    return _chart("sources", "Sources 来源", sentence, [drawn], answer)


def _hours(answer: Answer, all_of: Answer) -> Chart:
    counts = {(int(weekday), int(hour)): articles for weekday, hour, articles in answer.rows if weekday and hour.isdecimal()}
    by_hour = [sum(counts.get((weekday, hour), 0) for weekday in range(7)) for hour in range(24)]
    total, every = sum(by_hour), sum(row[2] for row in all_of.rows)
    if not total:
        return _chart("hours", "Hours of publication", "No article of this period has an hour.", [], answer)
    top = by_hour.index(max(by_hour))
    night = sum(by_hour[22:]) + sum(by_hour[:6])
    sentence = (
        f"Most are published between {top}:00 and {top + 1}:00 ({100 * by_hour[top] / total:.0f} %), {100 * night / total:.0f} % at night "
        "(22:00 to 6:00), by China's time."
    )
    if every > total:
        sentence += (
            f" {formats.counted(every - total, 'article')} of which only the day is known, or of midnight sharp, left out."
        )
    columns = charts.columns(
        [charts.Column(f"{hour}", [count]) for hour, count in enumerate(by_hour)],
        ["Articles"],
        title="Articles by hour",
        label="Hour",
        height=130,
        quiet=True,
    )
    rows = [
        charts.Row(name, [charts.Cell(counts.get(((index + 1) % 7, hour), 0)) for hour in range(24)])
        for index, name in enumerate(charts.WEEKDAYS)
    ]
    grid = charts.grid(rows, [f"{hour}" for hour in range(24)], title="By weekday and hour", corner="Day", values=False)
    return _chart("hours", "Hours of publication", sentence, [columns, grid], answer)


def _channels(answer: Answer, all_of: Answer) -> Chart:
    total = sum(row[2] for row in all_of.rows)
    # The last step says most, and the beginning of a long label is what is always seen.
    data = [charts.Bar(" ‹ ".join(reversed(channel.split(" > "))), articles) for channel, articles in answer.rows]
    sentence = "No article of this period says its channel."
    if data:
        sentence = f"The channels that most articles stand in, as their pages print them; the {len(data)} first have {100 * sum(bar.value for bar in data) / total:.0f} % of all articles."
    drawn = charts.bars(data, title="Channels by articles", label="Channel", quiet=True)
    return _chart("channels", "Sections and channels", sentence, [drawn], answer)


def _flows(answer: Answer) -> Chart:
    out: dict[str, int] = {}
    into: dict[str, int] = {}
    for origin, publisher, articles, _ in answer.rows:
        out[origin] = out.get(origin, 0) + articles
        into[publisher] = into.get(publisher, 0) + articles
    origins, takers = _most(out)[:TOP], _most(into)[:TOP]
    pairs = {(row[0], row[1]): (row[2], row[3]) for row in answer.rows}
    total = sum(out.values())
    sentence = "No article of this period is known to be taken over from another publisher."
    if total:
        origin, publisher, articles, hours = answer.rows[0]
        sentence = f"{formats.counted(total, 'article')} taken over from another publisher, by the likely origin of each text. The strongest flow: {origin} to {publisher}, {formats.counted(articles, 'article')}"
        sentence += f", {charts.span(hours * 3600)} later on average." if hours is not None else "."
        if len(out) > TOP or len(into) > TOP:
            sentence += f" Shown are {len(origins)} of {len(out)} origins and {len(takers)} of {len(into)} others."
    rows = [
        charts.Row(
            origin,
            [
                charts.Cell(None)
                if origin == taker
                else charts.Cell(pairs.get((origin, taker), (0, None))[0], note=_later(pairs.get((origin, taker), (0, None))[1]))
                for taker in takers
            ],
            total=charts.number(out[origin]),
        )
        for origin in origins
    ]
    drawn = charts.grid(rows, takers, title="Reprints from publisher to publisher", corner="From", total="All", quiet=True)
    return _chart("flows", "Reprint flows", sentence, [drawn] if rows else [], answer)


def _fields(answer: Answer, sites: Sequence[stored.Site]) -> Chart:
    titles = {site.name: site.title for site in sites}
    together = [sum(row[2 + index] for row in answer.rows) for index in range(len(FIELDS))]
    total = sum(row[1] for row in answer.rows)
    sentence = "In how many of a site's articles each field is there, in per cent"
    sentence += f", of the newest {NEWEST:,} articles of the period." if total >= NEWEST else "."
    if total:
        most, least = (pick(range(len(FIELDS)), key=lambda index: together[index]) for pick in (max, min))
        sentence += f" Most often there: {FIELD_NAMES[FIELDS[most]]} ({100 * together[most] / total:.0f} %); least: {FIELD_NAMES[FIELDS[least]]} ({100 * together[least] / total:.0f} %)."
    if len(answer.rows) > ROWS:
        sentence += f" Shown are the {ROWS} sites with the most articles of {len(answer.rows)}."
    rows = [
        charts.Row(
            titles.get(row[0], row[0]),
            [charts.Cell(100 * count / row[1], note=f"{count} of {row[1]}") for count in row[2:]],
            formats.path_of("site", row[0]),
            charts.number(row[1]),
        )
        for row in answer.rows[:ROWS]
    ]
    drawn = charts.grid(
        rows,
        [FIELD_NAMES[field] for field in FIELDS],
        title="Fields by site",
        corner="Site",
        total="Articles",
        show=lambda value: f"{value:.0f}",
        bounds=[1.0, 25.0, 50.0, 75.0, 95.0],
        quiet=True,
    )
    return _chart("fields", "How often fields are filled", sentence, [drawn], answer)


def _links(answer: Answer) -> Chart:
    data = [
        charts.Bar(
            KIND_NAMES.get(kind, kind),
            links,
            note=f"in {formats.counted(articles, 'article')}" + (f", {empty:,} empty" if empty else ""),
        )
        for kind, links, articles, empty in answer.rows
    ]
    total = sum(row[1] for row in answer.rows)
    sentence = "No article of this period has a block of links beside it."
    if data:
        sentence = f"{formats.counted(total, 'link')} beside the newest articles of the period ({NEWEST:,} at most), by the kind of block they stand in."
    drawn = charts.bars(data, title="Links by kind", label="Kind", unit="links", quiet=True)
    return _chart("links", "Kinds of links", sentence, [drawn], answer)


def _ages(answer: Answer) -> Chart:
    counts: Mapping[str, int] = {row[0]: row[1] for row in answer.rows}
    total = sum(counts.values())
    if not total:
        return _chart("ages", "How old what is recommended is", "No recommended article of this period is stored.", [], answer)
    fresh = sum(counts.get(age, 0) for age in ("newer", "same day", "1 d"))
    old = sum(counts.get(age, 0) for age in ("1–3 mo", "3–12 mo", "older"))
    sentence = (
        f"Of {formats.counted(total, 'link')} that recommend a stored article, beside the newest {NEWEST:,} articles at most: {100 * fresh / total:.0f} % lead to one of "
        f"the same day, the day before or later, {100 * old / total:.0f} % to one of more than a month before."
    )
    drawn = charts.columns(
        [charts.Column(age, [counts.get(age, 0)]) for age in AGES],
        ["Links"],
        title="Recommended links by age",
        unit="links",
        label="Age",
        height=140,
        quiet=True,
    )
    return _chart("ages", "How old what is recommended is", sentence, [drawn], answer)


def _chart(name: str, title: str, sentence: str, drawn: Sequence[Markup], answer: Answer) -> Chart:
    query = urlencode({"sql": answer.sql, **answer.parameters})
    return Chart(name, title, sentence, drawn, f"/{pages.DATABASE}?{query}", f"/{pages.DATABASE}.csv?{query}&_dl=1")


def _later(hours: float | None) -> str:
    return "" if hours is None else f"{charts.span(hours * 3600)} later on average"


def _most(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))


# Periods.


def _asked(request: Request, first: date, last: date) -> tuple[date, date, str]:
    """The first and last day to show, and what is wrong with what was asked; days before the first article and after the last are
    left out, unless all of them are."""
    texts = [(request.args.get(name) or "").strip() for name in ("since", "until")]
    since, until = days = [stored.day_of(text) for text in texts]
    wrong = [text for text, day in zip(texts, days, strict=True) if text and day is None]
    warning = f"{credits.shortened(wrong[0])!r} is no day: write it as 2017-07-28." if wrong else ""
    if since and until and since > until:
        since, until = until, since
        warning = warning or "The first day was later than the last: they are taken the other way round."
    if (since and since > last) or (until and until < first):
        return since or until or last, until or since or first, warning
    until = min(until or last, last)
    return max(since or until - timedelta(days=min(DAYS - 1, (until - first).days)), first), until, warning


def _buckets(period: Period) -> list[tuple[str, date, date]]:
    """The days, months or years of a period: label, first and last day."""
    found = []
    start = period.since
    while start <= period.until:
        end = {"day": start, "month": coverage.month_end(start), "year": date(start.year, 12, 31)}[period.unit]
        label = {"day": charts.day_label(start), "month": f"{start:%Y-%m}", "year": f"{start.year}"}[period.unit]
        found.append((label, start, min(end, period.until)))
        start = end + timedelta(days=1)
    return found


def _address(since: date, until: date, region: str, site: str, by: str) -> str:
    given = {"since": since.isoformat(), "until": until.isoformat(), "region": region, "site": site, "by": by}
    return "/charts?" + urlencode({name: value for name, value in given.items() if value})


ROUTES: pages.Routes = ((r"^/charts$", show), (r"^/-/charts\.css$", stylesheet))
