"""Charts as HTML and SVG, drawn on the server: for the analysts' site and for reports.

Own code, since no Python library draws small, accessible charts without script and without style attributes, as a strict content
security policy wants them, in milliseconds. What goes in are numbers and text of anybody's, all of it escaped; what comes out is
markup that takes its colours from classes: include `CSS` once in the page. Widths are per cent, so that a chart fills its place;
what is too wide for a phone scrolls inside its figure.

Whoever does not see a chart reads the same numbers: bars, calendars, grids and timelines are tables, columns carry one.
A hole (a day without articles where there usually are some) is outlined and hatched, never told by its colour alone.
Addresses that are not relative and not http or https make no link.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil, floor, isfinite, log10

from markupsafe import Markup, escape

COLOURS = 8
"""Colours c1 … c8; from the ninth series on they begin again, so put what is many together as the eighth."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a value for each series (None: not known, drawn as a hole), where it leads, a second line below its label."""

    label: str
    values: Sequence[float | None]
    href: str | None = None
    below: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, value, address, and a note after the value; `colour` is 1 to 8."""

    label: str
    value: float
    href: str | None = None
    note: str = ""
    colour: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value (None: nothing is expected here), where it leads, whether it is a hole, a note for its title."""

    value: float | None
    href: str | None = None
    hole: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid: its label, a cell for each column, where the label leads, and what stands after its cells."""

    label: str
    cells: Sequence[Cell]
    href: str | None = None
    total: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something at a time (in the wall clock that the axis shows) in a lane; `whole_day`: only the day is known."""

    at: datetime
    lane: str
    label: str
    href: str | None = None
    note: str = ""
    colour: int = 1
    whole_day: bool = False


# What all charts share.


def number(value: float) -> str:
    """A value as a reader wants it: 1,234 or 3.5."""
    if not isfinite(value):
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def nice_ticks(top: float, about: int = 4) -> list[float]:
    """Ticks from 0 to `top` or a little above it in steps of 1, 2 or 5 and their tens; whole numbers only. At least two."""
    top = max(top, 1.0)
    raw = top / about
    power = 10.0 ** floor(log10(raw))
    step = max(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999), 1.0)
    return [step * index for index in range(ceil(top / step - 1e-9) + 1)]


def heat_bounds(values: Iterable[float]) -> list[float]:
    """The least values of the heat levels h1 … h5, of the values above 0: half of them are in h1 and h2, the upper 4 in 100 in h5.

    Fewer levels where values differ little.
    """
    found = sorted(value for value in values if value > 0)
    if not found:
        return [1.0]
    whole = all(value == int(value) for value in found)
    if whole and found[-1] <= 5:
        return [float(value) for value in range(1, int(found[-1]) + 1)]
    bounds = [found[0], *(found[int(len(found) * share)] for share in (0.25, 0.5, 0.8, 0.96))]
    # A level that begins where the one before it does is the same.
    return sorted({1.0 if whole and index == 0 else bound for index, bound in enumerate(bounds)})


def heat(value: float, bounds: Sequence[float]) -> int:
    """The heat level of a value, 0 to 5; fewer bounds than five spread over the levels."""
    reached = bisect_right(bounds, value)
    if reached == 0 or value <= 0:
        return 0
    return _LEVELS[min(len(bounds), 5)][min(reached, 5) - 1]


_LEVELS = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}


def _text(value: object) -> str:
    """Text escaped; what no eye sees, or turns the reading direction, is a space."""
    return str(escape(_UNSEEN.sub(" ", str(value))))


def _lang(text: str) -> str:
    return ' lang="zh-CN"' if _HAN.search(text) else ""


def _link(href: str | None) -> str | None:
    """An address that may be linked to, escaped; None where it may not."""
    if not href:
        return None
    href = "".join(href.split()) if _UNSEEN.search(href) else href.strip()
    scheme = _SCHEME.match(href)
    if scheme and scheme.group().lower() not in ("http:", "https:"):
        return None
    return str(escape(href))


def _anchor(href: str | None, inner: str, label: str = "") -> str:
    """`inner` (markup) as a link, where it has somewhere to lead."""
    address = _link(href)
    if address is None:
        return inner
    named = f' aria-label="{_text(label)}"' if label else ""
    return f'<a href="{address}"{named}>{inner}</a>'


def _percent(share: float) -> str:
    return f"{100 * share:.3f}".rstrip("0").rstrip(".") + "%"


def _points(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _colour(index: int) -> str:
    return f"c{(index - 1) % COLOURS + 1}"


def _figure(kind: str, title: str, body: str, note: str = "", quiet: bool = False) -> Markup:
    """A figure with its caption; `quiet` leaves the caption to screen readers, where a heading stands above it."""
    said = f'<span class="chart-title"{_lang(title)}>{_text(title)}</span>'
    if note:
        said += f' <span class="chart-note"{_lang(note)}>{_text(note)}</span>'
    hidden = ' class="sr-only"' if quiet else ""
    return Markup(f'<figure class="chart {kind}-chart"><figcaption{hidden}>{said}</figcaption>{body}</figure>')  # noqa: S704 - all of it escaped above


def _scroll(title: str, inner: str, extra: str = "") -> str:
    # Whoever has no mouse scrolls it with the arrow keys.
    return f'<div class="chart-scroll{extra}" tabindex="0" role="group" aria-label="{_text(title)}">{inner}</div>'


def _nothing(kind: str, title: str, note: str, quiet: bool, empty: str) -> Markup:
    return _figure(kind, title, f'<p class="chart-empty">{_text(empty)}</p>', note, quiet)


def _legend(entries: Sequence[tuple[str, str]]) -> str:
    """Entries as (class of the swatch, label)."""
    items = "".join(
        f'<li><svg class="swatch" width="12" height="12" aria-hidden="true"><rect class="{mark}" x="1" y="1" width="10" height="10" rx="2"/></svg>'
        f"<span{_lang(label)}>{_text(label)}</span></li>"
        for mark, label in entries
    )
    return f'<ul class="chart-legend">{items}</ul>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The numbers of a chart, folded away below it."""
    columns = "".join(f'<th scope="col"{_lang(cell)}>{_text(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row"{_lang(row[0])}>{_text(row[0])}</th>{"".join(f"<td>{_text(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        '<details class="chart-data"><summary>Numbers as a table</summary>'
        f"<table><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table></details>"
    )


def day_label(day: date) -> str:
    """A day as charts print it: 24 Jul."""
    return f"{day.day} {MONTHS[day.month - 1]}"


# Columns.


def _room(columns: int) -> int:
    """The least width in pixels at which so many columns can be read: the classes w1 … w4 in CSS."""
    return 1 if columns <= 12 else 2 if columns <= 31 else 3 if columns <= 70 else 4


_ROOM = {1: 340, 2: 340, 3: 600, 4: 900}


def _every(labels: Sequence[str], width: int) -> int:
    """Each how many-th label is printed, so that none touches the next in a chart of this width."""
    longest = max((sum(2 if _HAN.match(sign) else 1 for sign in label) for label in labels), default=1)
    least = len(labels) * (longest * 6 + 12) / width
    return next((step for step in (1, 2, 3, 4, 5, 7, 10, 14, 28, 30, 60, 91, 182, 365) if step >= least), ceil(least))


def columns(
    data: Sequence[Column],
    series: Sequence[str],
    *,
    title: str,
    note: str = "",
    unit: str = "articles",
    label: str = "Day",
    height: int = 190,
    colours: Sequence[int] | None = None,
    quiet: bool = False,
    table: bool = True,
) -> Markup:
    """Stacked columns over days or hours.

    `data` has a column for each day, `series` names what is stacked, lowest first (one series: no legend). A column whose values
    are all None is a hole. `label` heads the table's first column, `unit` says what the axis counts, `height` is in pixels.
    """
    if not data:
        return _nothing("columns", title, note, quiet, "Nothing to show.")
    tops = [sum(value for value in column.values if value) for column in data]
    ticks = nice_ticks(max(tops))
    top, foot = ticks[-1], 40 if any(column.below for column in data) else 22
    full = height + foot + 10
    room, size = _room(len(data)), len(data)
    shades = [_colour(index) for index in (colours or range(1, len(series) + 1))]

    def level(value: float) -> float:
        return 10 + height - height * value / top

    axis = "".join(f'<text x="36" y="{_points(level(tick) + 4)}" text-anchor="end">{number(tick)}</text>' for tick in ticks)
    lines = "".join(
        f'<line class="{"base" if tick == 0 else "rule"}" x1="0" x2="100%" y1="{_points(level(tick))}" y2="{_points(level(tick))}"/>'
        for tick in ticks
    )
    share = 0.44 if size <= 8 else 0.62 if size <= 16 else 0.74 if size <= 62 else 0.84
    every = _every([column.label for column in data], _ROOM[room])
    marks, linked = [], False
    for index, column in enumerate(data):
        left, wide = _percent((index + (1 - share) / 2) / size), _percent(share / size)
        known = [(name, value) for name, value in zip(series, column.values, strict=True) if value is not None]
        heading = f"{column.below} {column.label}".strip()
        if not known:
            said = f"{heading}: no articles where there usually are some"
            drawn = f'<rect class="hole" x="{left}" y="{10 + height - 34}" width="{wide}" height="34"/>'
        else:
            parts = ", ".join(f"{name} {number(value)}" for name, value in reversed(known) if value) if len(series) > 1 else ""
            said = f"{heading}: {number(tops[index])} {unit}" + (f" ({parts})" if parts else "")
            drawn, reached = "", 0.0
            for shade, value in zip(shades, column.values, strict=True):
                if value:
                    tall = height * value / top
                    drawn += f'<rect class="{shade}" x="{left}" y="{_points(level(reached) - tall)}" width="{wide}" height="{_points(tall)}"/>'
                    reached += value
        band = f'<rect class="band" x="{_percent(index / size)}" y="0" width="{_percent(1 / size)}" height="{height + 10}"/>'
        marks.append(_anchor(column.href, f"<g><title>{_text(said)}</title>{band}{drawn}</g>", said))
        linked = linked or _link(column.href) is not None
        if index % every == 0:
            middle, anchor = _percent((index + 0.5) / size), "middle"
            if size > 16 and index in (0, size - 1):
                # At the ends a label wider than its column would leave the chart.
                middle, anchor = (_percent(0), "start") if index == 0 else (_percent(1), "end")
            marks.append(
                f'<text x="{middle}" y="{height + 27}" text-anchor="{anchor}"{_lang(column.label)}>{_text(column.label)}</text>'
            )
            if column.below:
                marks.append(
                    f'<text class="faint" x="{middle}" y="{height + 43}" text-anchor="{anchor}">{_text(column.below)}</text>'
                )
    summary = (
        f"{title}: {number(sum(tops))} {unit} in {size} columns, most {number(max(tops))} ({data[tops.index(max(tops))].label})"
    )
    role = "group" if linked else "img"
    plot = (
        f'<div class="chart-plot"><svg class="chart-axis" width="44" height="{full}" aria-hidden="true">{axis}</svg>'
        f'<svg class="chart-marks w{room}" width="100%" height="{full}" role="{role}" aria-label="{_text(summary)}">{lines}{"".join(marks)}</svg></div>'
    )
    legend = _legend(list(zip(shades, series, strict=True))) if len(series) > 1 else ""
    body = f'<p class="chart-unit" aria-hidden="true">{_text(unit)}</p>' + _scroll(title, plot)
    if table:
        head = [label, *series, *(["Together"] if len(series) > 1 else [])]
        rows = [
            [
                f"{column.below} {column.label}".strip(),
                *("–" if value is None else number(value) for value in column.values),
                *([number(together)] if len(series) > 1 else []),
            ]
            for column, together in zip(data, tops, strict=True)
        ]
        body += _table(head, rows)
    return _figure("columns", title, legend + body, note, quiet)


# Bars.


def bars(
    data: Sequence[Bar],
    *,
    title: str,
    note: str = "",
    unit: str = "articles",
    label: str = "",
    top: float | None = None,
    show: Callable[[float], str] = number,
    empty: str = "Nothing to show.",
    quiet: bool = False,
) -> Markup:
    """Horizontal bars: a table of label, bar and value. A long label is cut by the page's width; its title has all of it.

    `top` is the value of a full bar (the greatest value), `show` writes a value, `label` heads the labels, `unit` the values.
    """
    if not data:
        return _nothing("bars", title, note, quiet, empty)
    most = max(top or 0.0, *(bar.value for bar in data)) or 1.0
    rows = []
    for bar in data:
        said = f"{bar.label}: {show(bar.value)} {unit}" + (f", {bar.note}" if bar.note else "")
        name = f"<span{_lang(bar.label)}>{_text(bar.label)}</span>"
        after = f' <span class="bar-note"{_lang(bar.note)}>{_text(bar.note)}</span>' if bar.note else ""
        rows.append(
            f'<tr title="{_text(said)}"><th scope="row">{_anchor(bar.href, name)}</th><td class="bar" aria-hidden="true">'
            f'<svg width="100%" height="14"><rect class="{_colour(bar.colour)}" width="{_percent(max(bar.value, 0) / most)}" height="14" rx="2"/></svg></td>'
            f'<td class="bar-value">{_text(show(bar.value))}{after}</td></tr>'
        )
    head = f'<thead class="sr-only"><tr><th scope="col">{_text(label or "Name")}</th><td></td><th scope="col">{_text(unit)}</th></tr></thead>'
    return _figure("bars", title, f'<table class="chart-bars">{head}<tbody>{"".join(rows)}</tbody></table>', note, quiet)


# Calendar and grid.


def _heat_legend(bounds: Sequence[float], show: Callable[[float], str], holes: bool, none: str) -> str:
    entries = [("h0", none)]
    for index, bound in enumerate(bounds):
        following = bounds[index + 1] if index + 1 < len(bounds) else None
        level = f"h{heat(bound, bounds)}"
        if following is None:
            entries.append((level, f"{show(bound)} or more"))
        elif following - bound == 1 and bound == int(bound):
            entries.append((level, show(bound)))
        else:
            last = following - 1 if bound == int(bound) and following == int(following) else following
            entries.append((level, f"{show(bound)}–{show(last)}"))
    if holes:
        entries.append(("hole", "missing"))
    return _legend(entries)


def _cell(cell: Cell, said: str, bounds: Sequence[float], show: Callable[[float], str], visible: bool) -> str:
    """A cell of a calendar or grid; `said` names its row and column."""
    if cell.value is None and not cell.hole:
        return '<td class="off"></td>'
    # A hole says so to whoever cannot see how it is drawn; a site may have had a few articles and still have a hole.
    shown = show(cell.value) if cell.value is not None else ""
    told = f"{shown}, missing".lstrip(", ") if cell.hole else shown
    titled = _text(f"{said}: {told}" + (f", {cell.note}" if cell.note else ""))
    level = "hole" if cell.hole else f"h{heat(cell.value or 0, bounds)}"
    if visible:
        inner = (
            f"<span>{_text(shown)}</span>"
            if shown and not (cell.hole and not cell.value)
            else '<span aria-label="missing">∅</span>'
        )
        return f'<td class="{level}" title="{titled}">{_anchor(cell.href, inner)}</td>'
    inner = f'<span class="sr-only">{_text(told)}</span>'
    return f'<td class="{level}" title="{titled}">{_anchor(cell.href, inner)}</td>'


def calendar(
    days: Mapping[date, float],
    *,
    title: str,
    note: str = "",
    unit: str = "articles",
    holes: Collection[date] = (),
    since: date | None = None,
    until: date | None = None,
    href: Callable[[date], str | None] | None = None,
    bounds: Sequence[float] | None = None,
    quiet: bool = False,
) -> Markup:
    """One site's days by weeks, Monday first, a column a week.

    `days` has what each day came to; days between `since` and `until` (first and last day of `days` and `holes`) that it does not
    name are blank, those in `holes` are marked as missing. `href` gives a day's address. Days are the site's own, China's time.
    """
    known = [*days, *holes]
    if not known:
        return _nothing("calendar", title, note, quiet, "No day is on record.")
    first, last = since or min(known), until or max(known)
    start = first - timedelta(days=first.weekday())
    weeks = (last - start).days // 7 + 1
    bounds = bounds or heat_bounds(days.values())
    missing = set(holes)
    months: list[tuple[date, int]] = []
    for week in range(weeks):
        # A week belongs to the month of its Thursday, as ISO weeks belong to years.
        middle = (start + timedelta(days=7 * week + 3)).replace(day=1)
        if months and months[-1][0] == middle:
            months[-1] = (middle, months[-1][1] + 1)
        else:
            months.append((middle, 1))
    head, year = "", 0
    for month, wide in months:
        if wide < 2:
            head += "<td></td>"
            continue
        named = MONTHS[month.month - 1]
        if month.year != year and wide > 2:
            named, year = f"{named} {month.year}", month.year
        head += f'<th scope="colgroup" colspan="{wide}">{named}</th>'
    rows = []
    for weekday, name in enumerate(WEEKDAYS):
        cells = []
        for week in range(weeks):
            day = start + timedelta(days=7 * week + weekday)
            if not first <= day <= last or (day not in days and day not in missing):
                outside = not first <= day <= last
                cells.append(
                    '<td class="off"></td>' if outside else f'<td class="blank" title="{day.isoformat()}: not on record"></td>'
                )
                continue
            cell = Cell(days.get(day, 0), href(day) if href else None, day in missing)
            cells.append(_cell(cell, f"{name} {day.isoformat()}", bounds, lambda value: f"{number(value)} {unit}", False))
        rows.append(f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>')
    grid = f'<table class="chart-calendar"><thead><tr><td></td>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return _figure("calendar", title, _scroll(title, grid) + _heat_legend(bounds, number, bool(missing), "none"), note, quiet)


def grid(
    rows: Sequence[Row],
    heads: Sequence[str],
    *,
    title: str,
    note: str = "",
    corner: str = "",
    total: str = "",
    show: Callable[[float], str] = number,
    bounds: Sequence[float] | None = None,
    values: bool = True,
    hrefs: Sequence[str | None] | None = None,
    empty: str = "Nothing to show.",
    quiet: bool = False,
) -> Markup:
    """Rows by columns as a heat matrix: site by day, publisher by publisher, hour by weekday.

    `heads` names the columns (`hrefs`: where they lead), `corner` what the rows are, `total` heads the rows' totals. `values` writes
    each value into its cell; without it cells are small and say their value in the title. `bounds`: see `heat_bounds`.
    """
    if not rows or not heads:
        return _nothing("grid", title, note, quiet, empty)
    bounds = bounds or heat_bounds(cell.value for row in rows for cell in row.cells if cell.value)
    leads = hrefs or [None] * len(heads)
    head = "".join(
        f'<th scope="col"{_lang(text)} title="{_text(text)}">{_anchor(lead, f"<span>{_text(text)}</span>")}</th>'
        for text, lead in zip(heads, leads, strict=True)
    )
    lines, holes = [], False
    for row in rows:
        cells = []
        for text, cell in zip(heads, row.cells, strict=True):
            holes = holes or cell.hole
            cells.append(_cell(cell, f"{row.label}, {text}", bounds, show, values))
        name = _anchor(row.href, f"<span{_lang(row.label)}>{_text(row.label)}</span>")
        after = f'<td class="total">{_text(row.total)}</td>' if total else ""
        lines.append(f'<tr><th scope="row" title="{_text(row.label)}">{name}</th>{"".join(cells)}{after}</tr>')
    last = f'<th scope="col" class="total">{_text(total)}</th>' if total else ""
    first = f'<th scope="col">{_text(corner)}</th>' if corner else "<td></td>"
    size = "" if values else " small"
    table = f'<table class="chart-grid{size}"><thead><tr>{first}{head}{last}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    return _figure("grid", title, _scroll(title, table) + _heat_legend(bounds, show, holes, show(0)), note, quiet)


# Small line, timeline.


def sparkline(values: Sequence[float | None], *, title: str, width: int = 120, height: int = 26, colour: int = 1) -> Markup:
    """A line of the size of a word; None breaks it. `title` says what it shows, for those who do not see it."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if not known:
        return Markup('<span class="chart-empty">–</span>')
    top = max(value for _, value in known) or 1.0
    step = (width - 8) / max(len(values) - 1, 1)
    spot = {index: (4 + index * step, height - 4 - (height - 8) * value / top) for index, value in known}
    pieces: list[list[int]] = []
    for index, _ in known:
        if pieces and pieces[-1][-1] == index - 1:
            pieces[-1].append(index)
        else:
            pieces.append([index])
    lines = "".join(
        f'<polyline points="{" ".join(f"{_points(spot[index][0])},{_points(spot[index][1])}" for index in piece)}"/>'
        for piece in pieces
        if len(piece) > 1
    )
    last = known[-1][0]
    # A day between two holes is a dot, as is the last one.
    dots = "".join(
        f'<circle cx="{_points(spot[index][0])}" cy="{_points(spot[index][1])}" r="{2.6 if index == last else 1.6}"/>'
        for index in [*(piece[0] for piece in pieces if len(piece) == 1 and piece[0] != last), last]
    )
    said = _text(f"{title}: {number(known[0][1])} at first, {number(known[-1][1])} at last, at most {number(top)}")
    return Markup(  # noqa: S704 - numbers, and text escaped above
        f'<svg class="chart sparkline s{(colour - 1) % COLOURS + 1}" width="{width}" height="{height}" role="img" aria-label="{said}">'
        f"<title>{said}</title>{lines}{dots}</svg>"
    )


_STEPS = [timedelta(minutes=size) for size in (10, 30, 60, 120, 180, 360, 720)] + [timedelta(days=size) for size in (1, 2, 7, 14)]
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600)


def time_ticks(first: datetime, last: datetime, about: int = 7) -> list[datetime]:
    """Round times between two, at most about so many: hours, days, Mondays, firsts of a month; in the wall clock of what is given."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    step = next((step for step in _STEPS if (last - first) / step <= about), None)
    found: list[datetime] = []
    if step is None:
        months = next((size for size in _MONTHS if (last - first).days / 30.4 / size <= about), _MONTHS[-1])
        count = (first.year * 12 + first.month - 1) // months * months
        while True:
            at = midnight.replace(year=count // 12, month=count % 12 + 1, day=1)
            if at > last:
                return found
            if at >= first:
                found.append(at)
            count += months
    if step > timedelta(days=2):
        midnight -= timedelta(days=midnight.weekday())
    at = midnight + ceil((first - midnight) / step) * step
    while at <= last:
        found.append(at)
        at += step
    return found


def span(seconds: float) -> str:
    """A length of time as a reader says it: 40 min, 2 h 10 min, 3 d 4 h."""
    minutes = round(abs(seconds) / 60)
    sign = "−" if seconds < 0 and minutes else ""
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{sign}{days} d" + (f" {hours} h" if hours and days < 10 else "")
    if hours:
        return f"{sign}{hours} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{sign}{minutes} min"


def timeline(
    events: Sequence[Event],
    *,
    title: str,
    note: str = "",
    lane: str = "Lane",
    since: datetime | None = None,
    until: datetime | None = None,
    quiet: bool = False,
    empty: str = "Nothing to show.",
) -> Markup:
    """Events on an axis of time, a lane for each paper, the lane with the earliest event first: how a story travels.

    All times stand in one wall clock (China's), either all with or all without an offset. A note is printed beside its mark.
    An event of which only the day is known is drawn as wide as its day. `lane` heads the lanes' names.
    """
    if not events:
        return _nothing("timeline", title, note, quiet, empty)
    events = sorted(events, key=lambda event: (event.at, event.lane))
    day = timedelta(days=1)
    ends = [event.at + day if event.whole_day else event.at for event in events]
    first, last = since or events[0].at, until or max(ends)
    reach = max(last - first, timedelta(minutes=30))
    # Marks at the ends keep clear of them.
    first, last = first - reach * 0.04, first + reach * 1.06

    def place(at: datetime) -> float:
        return min(max((at - first) / (last - first), 0.0), 1.0)

    ticks = time_ticks(first, last)
    rules = "".join(
        f'<line class="rule" x1="{_percent(place(tick))}" x2="{_percent(place(tick))}" y1="0" y2="100%"/>' for tick in ticks
    )
    labels = []
    shown: date | None = None
    by_hours = len(ticks) > 1 and ticks[1] - ticks[0] < day
    for tick in ticks:
        middle = _percent(place(tick))
        if by_hours:
            labels.append(f'<text x="{middle}" y="12" text-anchor="middle">{tick:%H:%M}</text>')
        if not by_hours or tick.date() != shown:
            year = f" {tick.year}" if not by_hours and (shown is None or tick.year != shown.year) else ""
            labels.append(
                f'<text class="{"faint" if by_hours else ""}" x="{middle}" y="{27 if by_hours else 12}" text-anchor="middle">{day_label(tick)}{year}</text>'
            )
            shown = tick.date()
    lanes: dict[str, list[Event]] = {}
    for event in events:
        lanes.setdefault(event.lane, []).append(event)
    rows = []
    for name, found in lanes.items():
        marks = []
        thread = ""
        if len(found) > 1:
            thread = (
                f'<line class="thread" x1="{_percent(place(found[0].at))}" x2="{_percent(place(found[-1].at))}" y1="17" y2="17"/>'
            )
        for index, event in enumerate(found):
            at = place(event.at)
            when = f"{event.at:%Y-%m-%d}" if event.whole_day else f"{event.at:%Y-%m-%d %H:%M}"
            said = f"{name}, {when}: {event.label}" + (f" ({event.note})" if event.note else "")
            shade = _colour(event.colour)
            if event.whole_day:
                wide = place(event.at + day) - at
                mark = f'<rect class="{shade} vague" x="{_percent(at)}" y="11" width="{_percent(wide)}" height="12" rx="6"/>'
                right = at + wide
            else:
                mark, right = f'<circle class="{shade}" cx="{_percent(at)}" cy="17" r="6"/>', at
            # A note must not run into the next mark.
            following = place(found[index + 1].at) if index + 1 < len(found) else 1.0
            told = ""
            if event.note and (following - right > 0.16 or index + 1 == len(found)):
                side = ("end", -11, at) if right > 0.8 and index == 0 else ("start", 11, right)
                told = f'<text class="note" x="{_percent(side[2])}" dx="{side[1]}" y="21" text-anchor="{side[0]}"{_lang(event.note)}>{_text(event.note)}</text>'
            marks.append(_anchor(event.href, f"<g><title>{_text(said)}</title>{mark}{told}</g>", said))
        has_links = any(_link(event.href) for event in found)
        about = _text(f"{name}: {len(found)} " + ("event" if len(found) == 1 else "events"))
        said_all = (
            ""
            if has_links
            else "".join(
                f'<span class="sr-only">{_text(f"{event.at:%Y-%m-%d %H:%M}: {event.label} {event.note}")}</span>'
                for event in found
            )
        )
        role = f'role="group" aria-label="{about}"' if has_links else 'aria-hidden="true"'
        rows.append(
            f'<tr><th scope="row" title="{_text(name)}"><span{_lang(name)}>{_text(name)}</span></th>'
            f'<td>{said_all}<svg width="100%" height="34" {role}>{rules}{thread}{"".join(marks)}</svg></td></tr>'
        )
    tall = 32 if by_hours else 18
    axis = f'<svg width="100%" height="{tall}" aria-hidden="true">{"".join(labels)}</svg>'
    head = f'<thead><tr><th scope="col">{_text(lane)}</th><th scope="col"><span class="sr-only">Events, earliest first</span>{axis}</th></tr></thead>'
    table = f'<table class="chart-timeline">{head}<tbody>{"".join(rows)}</tbody></table>'
    return _figure("timeline", title, _scroll(title, table), note, quiet)


CSS = """
:root {
  --c1: #2444ab; --c2: #d29302; --c3: #2a9283; --c4: #9a0e1d; --c5: #38b8fd; --c6: #897122; --c7: #683c6c; --c8: #b2b2b2;
  --h0: #e7eaee; --h1: #d2e2f3; --h2: #a2c5e8; --h3: #659fd4; --h4: #2a6bb0; --h5: #123f7a;
  --h-ink-low: #15202b; --h-ink-high: #ffffff; --h3-ink: #0a1622;
  --chart-ink: var(--ink, #22272d); --chart-faint: var(--soft, #5d6670); --chart-rule: var(--line, #dfe3e8); --chart-base: #8d96a0;
  --chart-surface: var(--paper, #ffffff);
  --chart-hole: #b3261e; --chart-hover: rgb(36 68 171 / 8%);
}
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {
  --c1: #217ac4; --c2: #fbc7a4; --c3: #24b7c3; --c4: #ea7f7a; --c5: #92e8fa; --c6: #a5ce43; --c7: #a482f8; --c8: #737679;
  --h0: #23282e; --h1: #1d3854; --h2: #23547f; --h3: #2d73ae; --h4: #69abdf; --h5: #b9deff;
  --h-ink-low: #e8edf2; --h-ink-high: #08131e; --h3-ink: #ffffff;
  --chart-ink: var(--ink, #e3e6ea); --chart-faint: var(--soft, #9da5ae); --chart-rule: var(--line, #2d3339); --chart-base: #6c757e;
  --chart-surface: var(--paper, #15181c);
  --chart-hole: #ff9d8f; --chart-hover: rgb(146 184 255 / 10%);
} }
:root[data-theme="dark"] {
  --c1: #217ac4; --c2: #fbc7a4; --c3: #24b7c3; --c4: #ea7f7a; --c5: #92e8fa; --c6: #a5ce43; --c7: #a482f8; --c8: #737679;
  --h0: #23282e; --h1: #1d3854; --h2: #23547f; --h3: #2d73ae; --h4: #69abdf; --h5: #b9deff;
  --h-ink-low: #e8edf2; --h-ink-high: #08131e; --h3-ink: #ffffff;
  --chart-ink: var(--ink, #e3e6ea); --chart-faint: var(--soft, #9da5ae); --chart-rule: var(--line, #2d3339); --chart-base: #6c757e;
  --chart-surface: var(--paper, #15181c);
  --chart-hole: #ff9d8f; --chart-hover: rgb(146 184 255 / 10%);
}
.sr-only { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
.chart { color: var(--chart-ink); font-variant-numeric: tabular-nums; }
figure.chart { position: relative; margin: 0 0 1.75rem; min-width: 0; }
.chart figcaption { margin: 0 0 .6rem; line-height: 1.35; }
.chart figcaption.sr-only { margin: -1px; }
.chart-title { font-weight: 600; }
.chart-note { display: block; color: var(--chart-faint); font-size: .8125rem; }
.chart-empty { color: var(--chart-faint); margin: 0; }
.chart-unit { margin: 0 0 .1rem; color: var(--chart-faint); font-size: .75rem; }
.chart-legend { display: flex; flex-wrap: wrap; gap: .2rem .9rem; list-style: none; margin: 0 0 .5rem; padding: 0; font-size: .8125rem; color: var(--chart-faint); }
.chart-legend li { display: flex; align-items: center; gap: .35rem; margin: 0; }
.chart-scroll + .chart-legend { margin: .5rem 0 0; }
.chart .swatch { flex: none; overflow: visible; }
.chart-scroll { overflow-x: auto; position: relative; overscroll-behavior-x: contain; }
.chart-scroll:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
.chart svg { display: block; overflow: visible; }
.chart svg text { fill: var(--chart-faint); font-size: 12px; font-family: inherit; }
.chart svg .faint { font-size: 11px; opacity: .85; }
.chart svg a { cursor: pointer; }
.chart .c1 { fill: var(--c1); } .chart .c2 { fill: var(--c2); } .chart .c3 { fill: var(--c3); } .chart .c4 { fill: var(--c4); }
.chart .c5 { fill: var(--c5); } .chart .c6 { fill: var(--c6); } .chart .c7 { fill: var(--c7); } .chart .c8 { fill: var(--c8); }
.chart .rule { stroke: var(--chart-rule); shape-rendering: crispEdges; }
.chart .base { stroke: var(--chart-base); shape-rendering: crispEdges; }
.chart rect.hole { fill: none; stroke: var(--chart-hole); stroke-width: 1.5; stroke-dasharray: 3 2.5; }
.chart rect.h0 { fill: var(--h0); } .chart rect.h1 { fill: var(--h1); } .chart rect.h2 { fill: var(--h2); }
.chart rect.h3 { fill: var(--h3); } .chart rect.h4 { fill: var(--h4); } .chart rect.h5 { fill: var(--h5); }
.chart-data { margin-top: .35rem; font-size: .8125rem; color: var(--chart-faint); }
.chart-data summary { cursor: pointer; width: max-content; }
.chart-data table { border-collapse: collapse; margin-top: .4rem; display: block; overflow-x: auto; }
.chart-data th, .chart-data td { padding: .15rem .9rem .15rem 0; text-align: right; font-weight: normal; border: 0; border-bottom: 1px solid var(--chart-rule); }
.chart-data th:first-child { text-align: left; white-space: nowrap; }
/* columns */
.chart-plot { display: flex; }
.chart-axis { flex: none; position: sticky; left: 0; z-index: 1; background: var(--chart-surface); }
.chart-marks { flex: 1 1 auto; width: auto; }
.chart-marks.w1 { min-width: 260px; } .chart-marks.w2 { min-width: 330px; } .chart-marks.w3 { min-width: 600px; } .chart-marks.w4 { min-width: 900px; }
.chart-marks rect { stroke: var(--chart-surface); stroke-width: 1; }
.chart-marks .band { fill: transparent; stroke: none; }
.chart-marks a:hover .band, .chart-marks g:hover > .band { fill: var(--chart-hover); }
.chart-marks a:focus-visible { outline: none; }
.chart-marks a:focus-visible .band { fill: var(--chart-hover); stroke: var(--c1); stroke-width: 2; }
/* bars */
.chart-bars { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .875rem; }
.chart-bars th, .chart-bars td { padding: .2rem 0; border: 0; background: none; vertical-align: middle; }
.chart-bars th { width: 34%; text-align: left; font-weight: normal; padding-right: .75rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.chart-bars th a, .chart-bars th span { color: inherit; }
.chart-bars .bar-value { width: 6.5rem; padding-left: .6rem; text-align: left; white-space: nowrap; }
.chart-bars .bar-note { color: var(--chart-faint); font-size: .8125rem; }
.chart-bars tbody tr:hover { background: var(--chart-hover); }
/* calendar and grid */
.chart-calendar, .chart-grid { border-collapse: separate; border-spacing: 3px; font-size: .8125rem; margin-left: -3px; width: auto; }
.chart-calendar th, .chart-calendar td, .chart-grid th, .chart-grid td { padding: 0; border: 0; font-weight: normal; background: none; }
.chart-calendar thead th { text-align: left; color: var(--chart-faint); font-size: .75rem; white-space: nowrap; max-width: 0; overflow: visible; }
.chart-calendar tbody th { color: var(--chart-faint); font-size: .6875rem; text-align: left; padding-right: .4rem; position: sticky; left: 0; background: var(--chart-surface); z-index: 1; line-height: 1; }
.chart-calendar tbody tr:nth-child(even) th { color: transparent; }
.chart-calendar tbody td { width: 14px; min-width: 14px; height: 14px; border-radius: 3px; position: relative; overflow: hidden; }
.chart-grid thead th { color: var(--chart-faint); text-align: center; padding: 0 .2rem .2rem; white-space: nowrap; line-height: 1.25; vertical-align: bottom; }
.chart-grid thead th:first-child, .chart-grid tbody th { text-align: left; padding-left: 0; position: sticky; left: 0; z-index: 1; background: var(--chart-surface); }
.chart-grid thead th a { color: inherit; }
.chart-grid tbody th { max-width: 11.5rem; min-width: 5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-right: .6rem; }
.chart-grid tbody th a { color: inherit; }
.chart-grid tbody td { min-width: 2.75rem; height: 1.75rem; border-radius: 4px; text-align: center; position: relative; line-height: 1.75rem; }
.chart-grid.small { border-spacing: 2px; }
.chart-grid.small thead th { font-size: .6875rem; }
.chart-grid.small tbody td { min-width: 15px; width: 15px; height: 18px; border-radius: 3px; overflow: hidden; line-height: 1; }
.chart-grid .total { min-width: 3.5rem; text-align: right; color: var(--chart-faint); padding-left: .5rem; }
.chart td.h0 { background: var(--h0); color: var(--chart-faint); }
.chart td.h1 { background: var(--h1); color: var(--h-ink-low); } .chart td.h2 { background: var(--h2); color: var(--h-ink-low); }
.chart td.h3 { background: var(--h3); color: var(--h3-ink); }
.chart td.h4 { background: var(--h4); color: var(--h-ink-high); } .chart td.h5 { background: var(--h5); color: var(--h-ink-high); }
.chart td.blank { box-shadow: inset 0 0 0 1px var(--chart-rule); }
.chart td.hole { color: var(--chart-hole); box-shadow: inset 0 0 0 1.5px var(--chart-hole);
  background: repeating-linear-gradient(135deg, transparent 0 3px, color-mix(in srgb, var(--chart-hole) 38%, transparent) 3px 4.5px); }
.chart-grid td.hole span { background: var(--chart-surface); border-radius: 3px; padding: 0 .3em; }
.chart-calendar td a, .chart-grid tbody td a { position: absolute; inset: 0; color: inherit; text-decoration: none; border-radius: inherit; }
.chart-calendar td a:hover, .chart-grid tbody td a:hover { box-shadow: inset 0 0 0 2px var(--chart-ink); }
.chart-calendar td a:focus-visible, .chart-grid tbody td a:focus-visible { outline: 2px solid var(--chart-ink); outline-offset: -2px; }
/* small line */
.sparkline { display: inline-block; vertical-align: middle; }
.sparkline polyline { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
.sparkline circle { fill: currentColor; }
.sparkline.s1 { color: var(--c1); } .sparkline.s2 { color: var(--c2); } .sparkline.s3 { color: var(--c3); } .sparkline.s4 { color: var(--c4); }
.sparkline.s5 { color: var(--c5); } .sparkline.s6 { color: var(--c6); } .sparkline.s7 { color: var(--c7); } .sparkline.s8 { color: var(--c8); }
/* timeline */
.chart-timeline { width: 100%; min-width: 560px; border-collapse: collapse; table-layout: fixed; font-size: .875rem; }
.chart-timeline th, .chart-timeline td { padding: 0; border: 0; font-weight: normal; text-align: left; background: none; }
.chart-timeline th:first-child { width: 9.5rem; padding-right: .75rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; position: sticky; left: 0; z-index: 1; background: var(--chart-surface); }
.chart-timeline thead th:first-child { color: var(--chart-faint); font-size: .75rem; vertical-align: top; }
.chart-timeline tbody tr + tr > * { border-top: 1px solid var(--chart-rule); }
.chart-timeline .thread { stroke: var(--chart-base); stroke-width: 1.5; }
.chart-timeline circle { stroke: var(--chart-surface); stroke-width: 2; }
.chart-timeline .vague { fill-opacity: .35; stroke: var(--chart-base); stroke-width: 1; stroke-dasharray: 2 2; }
.chart-timeline svg text.note { fill: var(--chart-ink); paint-order: stroke; stroke: var(--chart-surface); stroke-width: 5px; stroke-linejoin: round; }
.chart-timeline a:hover circle, .chart-timeline a:hover rect, .chart-timeline a:focus-visible circle, .chart-timeline a:focus-visible rect { stroke: var(--chart-ink); }
.chart-timeline a:focus-visible { outline: none; }
@media (max-width: 640px) {
  .chart-bars th { width: 46%; } .chart-bars .bar-value { width: 4.75rem; }
  .chart-grid tbody th { max-width: 7.5rem; }
  .chart-timeline th:first-child { width: 6.5rem; }
}
@media print {
  .chart td, .chart rect, .chart circle { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .chart-scroll { overflow: visible; } .chart-data { display: none; } figure.chart { break-inside: avoid; }
}
"""
"""What charts look like, light and dark (`data-theme` on the root element wins over the system's choice). c1 … c8 were chosen so that
any two keep apart for the colour-blind as well. Text, lines and ground are the page's own `--ink`, `--soft`, `--line` and `--paper`
where it has them; on another ground (a card) set `--chart-surface` there."""
