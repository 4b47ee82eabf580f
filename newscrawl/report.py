"""A report on a stretch of days: what was published, recommended, reprinted, corrected, and what is missing; one page or Markdown.

The page is one file, fit for mailing: no script, nothing from elsewhere, and tables beside its charts for mail programs that drop
them. Days are those of publication as pages print them; what is no time of publication (corrections, runs) counts by China's days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from math import sqrt
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from newscrawl import __version__, charts, coverage
from newscrawl.charts import Bar, Cell, Column, Event, Row, number
from newscrawl.coverage import Gap
from newscrawl.days import SHANGHAI
from newscrawl.diff import Field
from newscrawl.health import name_of
from newscrawl.store.report import Told

MOST = 10
"""Lines of a table at most, where nothing else is said."""

FIRST_SITES = 30
"""Sites whose days are shown at once; those of the others are folded away."""

MOST_CELLS = 1500
"""Cells of sites by days at most: what is more would make the page too large to mail."""

LOOKED_BACK = timedelta(weeks=16)
"""How far back a site's days are read, to tell which ones lack articles."""

DAYS, WEEKS = 31, 371
"""Up to so many days a column is a day, then a week."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_UNSEEN = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


# -- which days


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @classmethod
    def week(cls, text: str, today: date) -> Span:
        """A week from Monday to Sunday: ``2026-W47``, a day in it (``2026-11-18``), ``last`` (the last whole one) or ``this``.

        Raises `ValueError` for anything else, its message for a reader.
        """
        if text in ("last", "this"):
            monday = today - timedelta(days=today.weekday() + (7 if text == "last" else 0))
        elif found := _WEEK.fullmatch(text):
            try:
                monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            except ValueError:
                raise ValueError(f"{text}: that year has no such week.") from None
        else:
            try:
                day = date.fromisoformat(text)
            except ValueError:
                raise ValueError(f"{text!r} is no week: give it as 2026-W47, by a day in it, or say last or this.") from None
            monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def is_week(self) -> bool:
        return self.days == 7 and self.since.weekday() == 0

    @property
    def code(self) -> str:
        """What names a report's file: 2026-W47, 2026-11-18, 2026-11-01_2026-11-15."""
        if self.is_week:
            return week_code(self.since)
        return self.since.isoformat() if self.days == 1 else f"{self.since}_{self.until}"

    @property
    def label(self) -> str:
        """As a reader says it: 24 to 30 July 2017."""
        return _days(self.since, self.until)

    @property
    def kind(self) -> str:
        """week, day, or 15 days."""
        return "week" if self.is_week else "day" if self.days == 1 else f"{self.days} days"

    @property
    def before(self) -> str:
        """What it is compared with, as a reader says it."""
        return f"the {self.kind} before"


def week_code(day: date) -> str:
    """The week of a day: 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _day(day: date, year: bool = False) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def _days(since: date, until: date, *, year: bool = True) -> str:
    if since == until:
        return f"{_WEEKDAYS[since.weekday()]}, {_day(since, year)}"
    if since.year != until.year:
        return f"{_day(since, True)} to {_day(until, True)}"
    first = str(since.day) if since.month == until.month else _day(since)
    return f"{first} to {_day(until, year)}"


# -- what a report holds


@dataclass(frozen=True, slots=True)
class Linked:
    """A title and its address; ``None`` where it has none that may be linked to."""

    text: str
    url: str | None


Sentence = tuple["str | Linked", ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the strip below the headline, with what it was before; ``bad``: whether more of it is worse."""

    name: str
    value: int
    before: int | None = None
    bad: bool = False

    @property
    def change(self) -> str:
        return "" if self.before is None else change(self.value, self.before)


@dataclass(frozen=True, slots=True)
class Story:
    """A cluster: its title, likely origin with the reason, publishers and reprints, how fast, and its members as events."""

    title: Linked
    origin: str
    reason: str
    papers: Sequence[str]
    reprints: int
    first: str
    speed: str
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class SiteDays:
    """One site's articles by bucket of days, and whether a bucket is a hole."""

    name: str
    title: str
    counts: Sequence[int]
    holes: Sequence[bool]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days that share a column: their label and the line below it."""

    since: date
    until: date
    label: str
    below: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says, ready to be set."""

    span: Span
    about: str
    made_at: datetime
    unfinished: bool
    headline: Sequence[Sentence]
    figures: Sequence[Figure]
    totals: Mapping[str, int]
    buckets: Sequence[Bucket]
    stacks: Mapping[str, Sequence[int]]
    site_days: Sequence[SiteDays]
    sites_left: int
    quiet_sites: int
    regions: Sequence[tuple[str, int, int]]
    publishers: Sequence[tuple[str, int, int]]
    sources: Sequence[tuple[str, int, int]]
    hours: Mapping[int, int]
    recommended: Sequence[Mapping[str, Any]]
    recommendations: tuple[int, int]
    stories: Sequence[Story]
    reprints: tuple[int, int]
    takers: Sequence[tuple[str, str, int]]
    corrected_kinds: Sequence[str]
    corrected: Sequence[tuple[str, int, Sequence[int]]]
    corrections: Sequence[Mapping[str, Any]]
    corrections_left: int
    vanished: Sequence[Mapping[str, Any]]
    vanished_left: int
    reporters: Sequence[Mapping[str, Any]]
    correspondents: Sequence[Mapping[str, Any]]
    named: tuple[int, int]
    gaps: Sequence[tuple[str, str]]
    states: Sequence[Mapping[str, Any]]
    idle: Sequence[str]
    has_runs: bool
    falls: Sequence[Mapping[str, Any]]
    unanswered: Sequence[Mapping[str, Any]]
    never_crawled: Sequence[Mapping[str, Any]]
    never_crawled_count: int

    @property
    def step(self) -> str:
        """What a column of its charts is: day, week or month."""
        return "day" if self.span.days <= DAYS else "week" if self.span.days <= WEEKS else "month"

    @property
    def is_empty(self) -> bool:
        """Whether no article was published on these days."""
        return not self.totals["articles"]


def change(now: int, before: int) -> str:
    """A number against the one before it: +12, −3, ±0."""
    return f"+{number(now - before)}" if now > before else f"−{number(before - now)}" if now < before else "±0"


def counted(many: int, word: str) -> str:
    """1 article, 2 articles; none where there is none."""
    return f"{number(many) if many else 'no'} {word if many == 1 else word + 's'}"


def web_address(url: str | None) -> str | None:
    """An address that a report may link to: http and https alone, without what no eye sees."""
    if not url or _UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


# -- assembling


def assemble(told: Told, now: datetime, about: str = "", *, span: Span) -> Report:
    """Read a report's numbers. ``now`` (aware) is when it is made; ``about`` names the sites where not all are meant."""
    today = now.astimezone(SHANGHAI).date()
    totals, sites = told.totals(), told.chosen_sites()
    reprints, corrections, vanished = told.reprints(), told.corrections(), told.vanished()
    days = told.days(span.since - LOOKED_BACK)
    # Of today not all can be there, and of tomorrow nothing.
    told_until = min(span.until, today - timedelta(days=1))
    missed = {site: found for site in sorted(days) if (found := coverage.gaps(days[site], span.since, told_until))}
    buckets = _buckets(span)
    site_days = _site_days(days, missed, sites, buckets)
    states, runs = told.states(), told.runs()
    idle = [_title(sites, site) for site, (ran, before) in runs.items() if not ran and before]
    stories = [_story(row) for row in told.stories(MOST)]
    recommended = [_recommended(row) for row in told.recommended(MOST)]
    corrected = {row["article_id"] for row in corrections}
    kinds, by_site = _corrected(corrections, sites)
    figures = [
        Figure("articles", totals["articles"], totals["before"]),
        Figure("reprints among them", reprints[0], reprints[1]),
        Figure("articles corrected", len(corrected), told.corrections_before()),
        Figure("articles vanished", len(vanished), told.vanished_before(), bad=True),
        Figure("missing days of sites", sum(map(len, missed.values())), bad=True),
        Figure("sites yellow or red", len(states), bad=True),
    ]
    listed = sorted(corrections, key=lambda row: ("title" not in row["changed"], "body" not in row["changed"]))[: MOST + 5]
    return Report(
        span=span,
        about=about,
        made_at=now.astimezone(SHANGHAI),
        unfinished=span.until >= today,
        headline=_headline(span, totals, stories, reprints, recommended, figures, states, missed, site_days, buckets),
        figures=figures,
        totals=totals,
        buckets=buckets,
        stacks=_stacks(days, sites, buckets),
        site_days=site_days[: max(FIRST_SITES, MOST_CELLS // len(buckets))],
        sites_left=max(0, len(site_days) - max(FIRST_SITES, MOST_CELLS // len(buckets))),
        quiet_sites=len(set(sites) - {one.name for one in site_days}),
        regions=_largest(told.by_region()),
        publishers=told.by_publisher()[: MOST + 5],
        sources=told.by_source(MOST + 5),
        hours=told.by_hour(),
        recommended=recommended,
        recommendations=told.recommendations(),
        stories=stories,
        reprints=reprints,
        takers=told.takers(MOST),
        corrected_kinds=kinds,
        corrected=by_site,
        corrections=[_correction(row, sites) for row in listed],
        corrections_left=len(corrections) - len(listed),
        vanished=[_vanished(row, sites) for row in vanished[:MOST]],
        vanished_left=len(vanished) - len(vanished[:MOST]),
        reporters=_people(told.people("reporter", MOST)),
        correspondents=_people(told.people("correspondent", MOST)),
        named=told.named("reporter"),
        gaps=[
            (_title(sites, site), _gaps(found))
            for site, found in sorted(missed.items(), key=lambda item: -sum(gap.usual - gap.articles for gap in item[1]))
        ],
        states=[
            {**row, "title": _title(sites, row["site"]), "since": f"{_china(row['since']):%Y-%m-%d %H:%M}"} for row in states
        ],
        idle=idle,
        has_runs=any(ran for ran, _ in runs.values()),
        falls=_falls(told.fields(), sites),
        unanswered=[{**row, "site": _title(sites, row["site"])} for row in told.unanswered(MOST)],
        never_crawled=[
            {**row, "title": Linked(row["title"] or "", web_address(row["url"])), "why": _why_not(row)}
            for row in told.never_crawled(MOST)
        ],
        never_crawled_count=told.never_crawled_count(),
    )


def _largest(rows: Sequence[tuple[str | None, int, int]]) -> list[tuple[str, int, int]]:
    """The first rows, and the others together."""
    shown = [(name or "no region", now, before) for name, now, before in rows]
    if len(shown) <= MOST + 6:
        return shown
    rest = shown[MOST + 5 :]
    return [*shown[: MOST + 5], (f"{len(rest)} others", sum(now for _, now, _ in rest), sum(before for _, _, before in rest))]


def _title(sites: Mapping[str, Mapping[str, Any]], name: str) -> str:
    site = sites.get(name)
    return (site and site["title"]) or name


def _china(text: str) -> datetime:
    """A stored time in China's wall clock."""
    at = datetime.fromisoformat(text)
    return at.astimezone(SHANGHAI).replace(tzinfo=None) if at.tzinfo else at


def _buckets(span: Span) -> list[Bucket]:
    """Days, weeks or months, by how many days there are."""
    found, since = [], span.since
    while since <= span.until:
        if span.days <= DAYS:
            until = since
            label, below = charts.day_label(since), charts.WEEKDAYS[since.weekday()]
        elif span.days <= WEEKS:
            until = since + timedelta(days=6 - since.weekday())
            label, below = charts.day_label(since), week_code(since)[5:]
        else:
            until = (since.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            label, below = charts.MONTHS[since.month - 1], str(since.year)
        found.append(Bucket(since, min(until, span.until), label, below if span.days <= 8 or span.days > DAYS else ""))
        since = until + timedelta(days=1)
    return found


def _in_buckets(days: Mapping[date, int], buckets: Sequence[Bucket]) -> list[int]:
    return [sum(count for day, count in days.items() if bucket.since <= day <= bucket.until) for bucket in buckets]


def _site_days(
    days: Mapping[str, Mapping[date, int]],
    missed: Mapping[str, Sequence[Gap]],
    sites: Mapping[str, Mapping[str, Any]],
    buckets: Sequence[Bucket],
) -> list[SiteDays]:
    """The sites that have articles or lack some, those with most first."""
    found = []
    for site, by_day in days.items():
        counts = _in_buckets(by_day, buckets)
        gone = {gap.day for gap in missed.get(site, ())}
        if not any(counts) and not gone:
            continue
        # A week is a hole where it has nothing and a day of it is one.
        holes = [
            (bucket.since == bucket.until or not count) and any(bucket.since <= day <= bucket.until for day in gone)
            for bucket, count in zip(buckets, counts, strict=True)
        ]
        found.append(SiteDays(site, _title(sites, site), counts, holes))
    return sorted(found, key=lambda one: (-one.total, one.title))


def _stacks(
    days: Mapping[str, Mapping[date, int]], sites: Mapping[str, Mapping[str, Any]], buckets: Sequence[Bucket]
) -> dict[str, list[int]]:
    """What the columns are stacked of: regions, or sites where there is one region only; the largest, and the rest together."""
    counts = {site: _in_buckets(by_day, buckets) for site, by_day in days.items()}
    counts = {site: found for site, found in counts.items() if any(found)}
    of = {site: (sites[site]["region"] if site in sites else None) or "no region" for site in counts}
    if len(set(of.values())) == 1:
        of = {site: _title(sites, site) for site in counts}
    sums: dict[str, list[int]] = {}
    for site, found in counts.items():
        sums[of[site]] = [one + other for one, other in zip(sums.get(of[site], [0] * len(buckets)), found, strict=True)]
    ordered = sorted(sums.items(), key=lambda item: (-sum(item[1]), item[0]))
    shown = dict(ordered if len(ordered) <= 7 else ordered[:6])
    if len(ordered) > 7:
        shown[f"{len(ordered) - 6} others"] = [sum(values) for values in zip(*(found for _, found in ordered[6:]), strict=True)]
    return shown


def _headline(
    span: Span,
    totals: Mapping[str, int],
    stories: Sequence[Story],
    reprints: tuple[int, int],
    recommended: Sequence[Mapping[str, Any]],
    figures: Sequence[Figure],
    states: Sequence[Mapping[str, Any]],
    missed: Mapping[str, Sequence[Gap]],
    site_days: Sequence[SiteDays],
    buckets: Sequence[Bucket],
) -> list[Sentence]:
    when = f"on {span.label}" if span.days == 1 else f"from {span.label}"
    articles, before = totals["articles"], totals["before"]
    out: list[Sentence] = []
    if not articles:
        out.append((f"No article was published {when}" + (f"; {span.before} there were {number(before)}." if before else "."),))
    else:
        was = "was" if articles == 1 else "were"
        if not before:
            than = f"; of {span.before} nothing is on record"
        elif articles == before:
            than = f", as many as {span.before}"
        else:
            word = "more" if articles > before else "fewer"
            than = f", {number(abs(articles - before))} {word} than {span.before} ({100 * (articles - before) / before:+.0f} %)"
            than = than.replace("-", "−")
        of = counted(totals["publishers"], "publisher")
        on = f" on {counted(totals['sites'], 'site')}" if totals["sites"] != totals["publishers"] else ""
        out.append((f"{counted(articles, 'article')} by {of}{on} {was} published {when}{than}.",))
        if len(buckets) > 1 and span.days <= DAYS:
            sums = [sum(one.counts[index] for one in site_days) for index in range(len(buckets))]
            best = buckets[sums.index(max(sums))].since
            if sums.count(max(sums)) == 1:
                out.append((f"The fullest day was {_WEEKDAYS[best.weekday()]}, {_day(best)}, with {number(max(sums))}.",))
    if reprints[0]:
        first = "1 article is a reprint." if reprints[0] == 1 else f"{number(reprints[0])} articles are reprints."
        out.append((first,))
        if stories and len(stories[0].papers) > 1:
            best_story = stories[0]
            how = f" ({best_story.speed})" if best_story.speed else ""
            out.append(("Furthest went ", best_story.title, f", to {counted(len(best_story.papers), 'publisher')}{how}."))
    if recommended:
        count = recommended[0]["articles"]
        out.append(("Recommended most was ", recommended[0]["title"], f", beside {counted(count, 'article')}."))
    corrected, vanished = figures[2].value, figures[3].value
    if corrected or vanished:
        be = "was" if corrected == 1 else "were"
        out.append((f"{counted(corrected, 'article').capitalize()} {be} corrected, {number(vanished) or 0} vanished.",))
    trouble = []
    if missed:
        trouble.append(
            f"{counted(len(missed), 'site')} {'lacks' if len(missed) == 1 else 'lack'} articles on days that usually have some"
        )
    if states:
        red = sum(row["state"] == "red" for row in states)
        trouble.append(
            f"{counted(len(states), 'site')} {'is' if len(states) == 1 else 'are'} not well" + (f" ({red} red)" if red else "")
        )
    if trouble:
        text = " and ".join(trouble)
        out.append((f"{text[0].upper()}{text[1:]}: see What is missing.",))
    return out


def _recommended(row: Mapping[str, Any]) -> dict[str, Any]:
    published = row["published_at"]
    return {
        "title": Linked(row["title"] or "", web_address(row["url"])),
        "articles": row["articles"],
        "by": _by(row["by"]),
        "stored": row["publisher"] is not None,
        "where": " ".join(filter(None, (row["publisher"], published[:10] if published else None))),
    }


def _by(counts: Sequence[tuple[str, int]], most: int = 3) -> str:
    """Names with their numbers: 大众网 12, 威海晚报 3 and 2 more."""
    named = ", ".join(f"{name} {number(count)}" for name, count in counts[:most])
    return f"{named} and {len(counts) - most} more" if len(counts) > most else named


def _story(row: Mapping[str, Any]) -> Story:
    members = row["members"]
    first = next((member for member in members if member["id"] == row["origin_id"]), members[0])
    start, is_exact = _china(first["published_at"]), first["precision"] != "day"
    events, delays = [], []
    for member in members:
        at, exact = _china(member["published_at"]), member["precision"] != "day"
        note = ""
        if member is first:
            note = "likely origin"
        elif exact and is_exact:
            delay = (at - start).total_seconds()
            note = f"{'+' if delay >= 0 else ''}{charts.span(delay)}"
            if delay >= 0:
                delays.append(delay)
        if not exact:
            at = at.replace(hour=0, minute=0, second=0)
        colour = 4 if member is first else 1
        events.append(Event(at, member["publisher"], member["title"], web_address(member["url"]), note, colour, not exact))
    speed = ""
    if delays:
        speed = f"the first after {charts.span(min(delays))}"
        if len(delays) > 1:
            speed += f", {len(delays)} within {charts.span(max(delays))}"
    shown = f"{start:%Y-%m-%d %H:%M}" if is_exact else f"{start:%Y-%m-%d}"
    return Story(
        Linked(first["title"], web_address(first["url"])), first["publisher"], (row["origin_reasons"] or [""])[0],
        list(dict.fromkeys(member["publisher"] for member in members)), row["reprints"], shown, speed, events,
    )  # fmt: skip


def _people(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    # Of many with one article each none is a top one.
    shown = [row for row in rows if row["articles"] > 1 or len(rows) < MOST]
    return [{**row, "by": _by(row["by"])} for row in shown]


_KINDS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("title", ("title", "kicker", "subtitle")),
    ("text", ("body",)),
    ("time", ("published",)),
    ("source or people", ("source", "byline")),
    ("images", ("images",)),
    ("links", ("links",)),
)
"""What a correction may be of, as the report's columns."""


def _corrected(
    corrections: Iterable[Mapping[str, Any]], sites: Mapping[str, Mapping[str, Any]]
) -> tuple[list[str], list[tuple[str, int, list[int]]]]:
    """What was corrected at all, and by site: articles, and how many corrections touched each of that; most first."""
    articles: dict[str, set[int]] = {}
    touched: dict[str, Counter[str]] = {}
    for row in corrections:
        articles.setdefault(row["site"], set()).add(row["article_id"])
        named = [name for name, fields in _KINDS if not set(fields).isdisjoint(row["changed"])]
        touched.setdefault(row["site"], Counter()).update(named)
    kinds = [name for name, _ in _KINDS if any(name in counts for counts in touched.values())]
    ordered = sorted(articles, key=lambda site: (-len(articles[site]), -touched[site].total(), site))
    return kinds, [(_title(sites, site), len(articles[site]), [touched[site][name] for name in kinds]) for site in ordered]


def _correction(row: Mapping[str, Any], sites: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "title": Linked(row["title"], web_address(row["url"])),
        "summary": row["summary"],
        "site": _title(sites, row["site"]),
        "seen": f"{_china(row['replaced_at']):%m-%d %H:%M}",
    }


def _vanished(row: Mapping[str, Any], sites: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "title": Linked(row["title"], web_address(row["url"])),
        "site": _title(sites, row["site"]),
        "published": (row["published_at"] or "")[:10],
        "seen": f"{_china(row['gone_at']):%m-%d %H:%M}",
        "why": row["gone_why"] or "",
    }


def _gaps(found: Sequence[Gap]) -> str:
    """A site's gaps in a line: none on 26 and 27 July, usually 12; 2 on 30 July, usually 40."""
    runs: list[list[Gap]] = []
    for gap in found:
        if runs and runs[-1][-1].day == gap.day - timedelta(days=1) and (not runs[-1][-1].articles) is (not gap.articles):
            runs[-1].append(gap)
        else:
            runs.append([gap])
    lines = []
    for run in runs:
        days = _days(run[0].day, run[-1].day, year=False) if len(run) > 1 else _day(run[0].day)
        how = "none" if not run[0].articles else f"only {number(sum(gap.articles for gap in run))}"
        usual = number(round(sum(gap.usual for gap in run)))
        lines.append(f"{how} {'from' if len(run) > 1 else 'on'} {days}, usually {usual}")
    return "; ".join(lines)


_LEAST_READ, _LEAST_FALL, _SURE = 20, 0.1, 4.0


def _falls(rows: Iterable[Mapping[str, Any]], sites: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Fields that are there in fewer articles than in the four weeks before, by ten points at least and beyond chance; worst first."""
    found = []
    for row in rows:
        now, before = row["now"], row["before"]
        if min(now, before) < _LEAST_READ:
            continue
        share, was = row["filled"] / now, row["filled_before"] / before
        both = (row["filled"] + row["filled_before"]) / (now + before)
        spread = sqrt(both * (1 - both) * (1 / now + 1 / before))
        if was - share >= _LEAST_FALL and was - share > _SURE * spread:
            found.append({
                "site": _title(sites, row["site"]), "field": name_of(row["field"]), "share": share, "was": was, "articles": now,
            })  # fmt: skip
    return sorted(found, key=lambda row: row["share"] - row["was"])[: MOST + 5]


def _why_not(row: Mapping[str, Any]) -> str:
    if row["verdict"] is None:
        return "never asked for"
    if row["verdict"] in ("pending", "redirect"):
        return "waits to be crawled" if row["verdict"] == "pending" else "led elsewhere"
    return f"{row['verdict']}: {row['why']}" if row["why"] else str(row["verdict"])


# -- setting


def as_html(report: Report) -> str:
    """The report as one page."""
    drawn = {
        "days": _day_chart(report),
        "sites": _site_chart(report, report.site_days[:FIRST_SITES], f"Articles by site and {report.step}"),
        "more_sites": _site_chart(report, report.site_days[FIRST_SITES:], f"Articles of the other sites by {report.step}"),
        "regions": _bar_chart(report.regions, "By region", "Region"),
        "publishers": _bar_chart(report.publishers, "By publisher", "Publisher"),
        "sources": _bar_chart(report.sources, "By source", "来源"),
        "hours": _hour_chart(report),
        "story": _story_chart(report),
    }
    page = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            charts=drawn,
            css=charts.CSS,
            version=__version__,
            first_sites=FIRST_SITES,
        )
    )
    return _without_blank_lines(page)


def as_markdown(report: Report) -> str:
    """The report as Markdown (CommonMark with tables), for a chat, a wiki or a mail."""
    page = _environment().get_template("report.md.jinja").render(report=report, version=__version__)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def _without_blank_lines(page: str) -> str:
    return re.sub(r"\n\s*\n+", "\n", page)


def _day_chart(report: Report) -> Markup:
    names = list(report.stacks)
    data = [
        Column(bucket.label, [report.stacks[name][index] for name in names], below=bucket.below)
        for index, bucket in enumerate(report.buckets)
    ]
    colours = [8 if name.endswith(" others") else index for index, name in enumerate(names, 1)]
    return charts.columns(data, names, title="Articles by day of publication", colours=colours, quiet=True, height=200)


def _site_chart(report: Report, sites: Sequence[SiteDays], title: str) -> Markup:
    is_short = len(report.buckets) <= 8
    heads = [f"{bucket.below} {bucket.since.day}" if is_short and bucket.below else bucket.label for bucket in report.buckets]
    rows = [
        Row(
            one.title,
            [Cell(count, hole=hole) for count, hole in zip(one.counts, one.holes, strict=True)],
            total=number(one.total),
        )
        for one in sites
    ]
    # Both charts of sites by one measure.
    bounds = charts.heat_bounds(count for one in report.site_days for count in one.counts)
    return charts.grid(
        rows, heads, title=title, corner="Site", total="Together", values=len(heads) <= 14, bounds=bounds, quiet=True
    )


def _bar_chart(rows: Sequence[tuple[str, int, int]], title: str, label: str) -> Markup:
    data = [
        Bar(name, now, note=change(now, before), colour=8 if name.endswith(" others") else 1) for name, now, before in rows if now
    ]
    return charts.bars(data, title=title, label=label)


def _hour_chart(report: Report) -> Markup:
    data = [Column(f"{hour:02d}", [report.hours.get(hour, 0)]) for hour in range(24)]
    return charts.columns(data, ["articles"], title="By hour of publication", label="Hour", height=110)


def _story_chart(report: Report) -> Markup:
    """How the first story went from paper to paper: its first lanes."""
    if not report.stories or len(report.stories[0].papers) < 2:
        return Markup()
    story = report.stories[0]
    shown = set(story.papers[:14])
    events = [event for event in story.events if event.lane in shown]
    left = len(story.papers) - len(shown)
    note = f"{story.title.text}" + (f" ({left} more publishers later)" if left else "")
    return charts.timeline(events, title="How the first of them travelled", note=note, lane="Publisher")


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("newscrawl"), autoescape=select_autoescape(("html.jinja",)), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    found.filters |= {
        "zh": _chinese,
        "md": markdown_text,
        "mdlink": markdown_link,
        "number": number,
        "change": change,
        "many": counted,
    }
    return found


def _chinese(text: str) -> Markup:
    """Text for the page; Chinese says that it is."""
    seen = _UNSEEN.sub(" ", text)
    return Markup(f'<span lang="zh-CN">{escape(seen)}</span>' if _HAN.search(seen) else escape(seen))  # noqa: S704 - escaped


_MARKS = re.compile(r"[\\`*_\[\]<>&|~$@^!]|:(?=//)|(?<=www)\.", re.IGNORECASE)


def markdown_text(text: object) -> str:
    """Text that Markdown shows as it is within a line: in a sentence, a link or a table's cell, not at a line's beginning."""
    return _MARKS.sub(_as_text, _UNSEEN.sub(" ", str(text)).strip())


def _as_text(mark: re.Match[str]) -> str:
    # Entities keep out of HTML, tables and mentions even what knows no backslashes.
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "|": "&#124;"}.get(mark[0], f"\\{mark[0]}")


def markdown_link(title: Linked) -> str:
    """A title linked to its address."""
    text = markdown_text(title.text) or "(no title)"
    return f"[{text}](<{quote(title.url, safe=_KEPT)}>)" if title.url else text


_KEPT = "%/:=&?~#+!$,;'@[]*"
