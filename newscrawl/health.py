"""Is a site well: what a run read, field by field, against the site's own earlier runs. No I/O and no clock.

A site is compared with itself only. Each number (the share of articles that have a 来源, the share that the site's own
rules read …) is followed over the site's runs, and an alarm needs all of: a fall too large for chance, a fall by half,
and less than any stretch of as many articles ever had. The runs since a fall are no longer compared with, so that what
is broken does not become normal, until `FORGIVEN` has passed or a person accepts it.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import median
from typing import Literal, NamedTuple, Protocol

from newscrawl.items import Article

State = Literal["new", "green", "yellow", "red"]
"""``new``: too few runs to compare with and nothing plainly wrong; ``yellow``: look at it; ``red``: little of use comes in."""

COUNTED = 2000
"""Articles of a run whose values are told apart and measured: a bound for memory."""

COMPARED = 150
"""Runs that read an article and are compared with: a week of hourly ones, so that weekends are among them."""

FORGIVEN = timedelta(days=30)
"""After this a change that nobody repaired is how the site is."""

REMEMBERED = timedelta(days=90)
"""How far back earlier runs are of use."""

COMMAND = "crawl"
"""The runs that are compared: those of other commands (a window of days, saved pages) read other pages than today's."""

_RECENT = timedelta(hours=48)
_RECENT_ARTICLES, _ENOUGH_ARTICLES = 200, 20
_LEAST_RUNS, _LEAST_ARTICLES = 2, 20
# Where the history is long it was cut somewhere: what it begins with is taken as the site's normal.
_GIVEN_RUNS = 12
# Articles of a run that are more than a site's news.
_BACKLOG = 200
# A number that is not always the same needs more runs to be known.
_RUNS = ((0.98, 2), (0.9, 6), (0.0, 20))
# One in a million by chance: some 80 numbers a site are looked at, every hour.
_SURE = math.log(1e6)
# Some fifty to one: two articles that are well again after a complete break.
_BACK = 4.0

# -- counting


@dataclass(frozen=True, slots=True)
class FieldCount:
    """What a run read of one field: the row of table ``run_fields``.

    ``median_length``: characters (names and keywords joined); how many, for images and for the links of a kind of block.
    ``rules``: which rule gave it how often; for a kind of block, ``empty``: in how many articles it stands there without a
    link.
    """

    field: str
    articles: int
    filled: int
    distinct: int
    median_length: float | None
    rules: dict[str, int]


_Read = Callable[[Article], "str | Sequence[str] | None"]

# Field, its name in Article.provenance, its value. A lead and images come with the body, by its rule.
_FIELDS: tuple[tuple[str, str | None, _Read], ...] = (
    ("title", "title", lambda a: a.title),
    ("published_at", "published_at", lambda a: a.published_at),
    ("source", "source", lambda a: a.source),
    ("body_text", "body", lambda a: a.body_text),
    ("kicker", "kicker", lambda a: a.kicker),
    ("subtitle", "subtitle", lambda a: a.subtitle),
    ("channel", "channel", lambda a: a.channel),
    ("keywords", "keywords", lambda a: a.keywords),
    ("lead", None, lambda a: a.lead),
    ("images", None, lambda a: [image.url for image in a.images]),
    ("author", "authors", lambda a: a.authors),
    ("reporter", "reporters", lambda a: a.reporters),
    ("correspondent", "correspondents", lambda a: a.correspondents),
    ("editor", "editors", lambda a: [editor.name for editor in a.editors]),
)
_ALWAYS = ("recommended", "related")


class _Tally:
    __slots__ = ("filled", "lengths", "rules", "values")

    def __init__(self) -> None:
        self.filled = 0
        self.values: set[int] = set()
        self.lengths = array("L")
        self.rules: Counter[str] = Counter()

    def add(self, value: int, length: int) -> None:
        self.filled += 1
        if self.filled <= COUNTED:
            self.values.add(value)
            self.lengths.append(length)


class FieldCounter:
    """Counts the articles of one run as they are read, before any is refused for what it lacks."""

    def __init__(self) -> None:
        self.articles = 0
        self._tallies: dict[str, _Tally] = {name: _Tally() for name in (*(name for name, _, _ in _FIELDS), *_ALWAYS)}

    def add(self, article: Article) -> None:
        """Count one article."""
        self.articles += 1
        for name, origin, read in _FIELDS:
            value = read(article)
            if not value:
                continue
            tally = self._tallies[name]
            if isinstance(value, str):
                tally.add(hash(value), len(value))
            else:
                tally.add(hash(tuple(value)), len(value) if name == "images" else sum(map(len, value)))
            if origin is not None and (rule := article.provenance.get(origin)):
                tally.rules[rule] += 1
        links: dict[str, list[str]] = {}
        for block in article.blocks:
            links.setdefault(block.kind, []).extend(link.url or link.title for link in block.links)
        for kind, targets in links.items():
            tally = self._tallies.setdefault(kind, _Tally())
            if targets:
                tally.add(hash(tuple(targets)), len(targets))
            else:
                tally.rules["empty"] += 1

    def counts(self) -> list[FieldCount]:
        """The counts, a row a field; none where no article was read."""
        if not self.articles:
            return []
        return [
            FieldCount(
                name, self.articles, t.filled, len(t.values), float(median(t.lengths)) if t.lengths else None, dict(t.rules)
            )
            for name, t in self._tallies.items()
        ]


# -- what is judged


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A row of the ledger with its fields; times are ISO 8601 in UTC, ``None`` while it runs. Counts not on record are 0."""

    id: int
    site: str
    started_at: str
    finished_at: str | None = None
    command: str = COMMAND
    reason: str | None = None
    exit_code: int | None = None
    seconds: float | None = None
    requests: int = 0
    bytes: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    refused: int = 0
    failed: int = 0
    retries: int = 0
    slowest_host: str | None = None
    slowest_seconds: float | None = None
    peak_memory: int | None = None
    statuses: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    state: str | None = None
    message: str | None = None
    version: str = ""
    fields: dict[str, FieldCount] = field(default_factory=dict)

    @property
    def articles(self) -> int:
        """Articles read, as far as they were counted field by field."""
        return max((count.articles for count in self.fields.values()), default=0)


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A list page as the table ``pages`` has it: see there."""

    url: str
    kind: str
    verdict: str
    why: str
    listed: int | None
    usual: float | None
    failing_since: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``field`` is a name of ``run_fields`` where it is about one; ``name`` is for a reader."""

    state: Literal["yellow", "red"]
    field: str | None
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How a site is after a run; ``findings`` with the worst first."""

    state: State
    findings: tuple[Finding, ...] = ()

    def message(self, site: str) -> str | None:
        """All in a line: the worst finding, and the names of the others; ``None`` where nothing is wrong."""
        if not self.findings:
            return None
        worst, *others = self.findings
        more = [name for name in dict.fromkeys(finding.name for finding in others) if name != worst.name]
        return f"{site}: {worst.text}" + (f" (and {len(more)} more: {', '.join(more)})" if more else "")


_NAMES = {
    "body_text": "body", "source": "来源", "author": "作者", "reporter": "记者", "correspondent": "通讯员", "editor": "编辑",
    "recommended": "推荐阅读", "related": "相关新闻",
}  # fmt: skip
_BLOCKS = frozenset(("recommended", "related", "hot", "rank", "photo", "video", "topic", "more"))
_NEEDED = ("title", "body_text", "published_at")
_ORDER = {name: n for n, name in enumerate((*_NEEDED, "source", "author", "reporter", "correspondent", "editor", *_ALWAYS))}


def name_of(name: str) -> str:
    """A field's name for people: 编辑 for editor; a column's own name where it has no other."""
    return _NAMES.get(name, name)


def judge(
    run: RunRecord, earlier: Sequence[RunRecord], lists: Sequence[ListRecord] = (), *, now: datetime, zone: tzinfo
) -> Health:
    """How a site is after ``run``; ``earlier``: runs of the same site, newest first; ``lists``: its list pages as they are.

    ``now`` (aware) and ``zone`` say how times are printed, and how old a list's failure is. A run that read nothing leaves
    standing what was wrong before it.
    """
    runs = [one for one in reversed(earlier) if one.command == COMMAND and one.finished_at is not None]
    if run.command == COMMAND:
        runs.append(run)
    known = [one.articles for one in _without_backlog(runs) if one.articles and one is not run]
    clock = _Clock(now, zone)
    found: list[Finding] = []
    failed = run.exit_code == 1 and run.reason not in ("shutdown", "killed")
    if failed:
        reason = run.reason if run.reason not in (None, "", "finished") else "nothing could be fetched or stored"
        found.append(Finding("red", None, f"failed: {reason}", "the run failed"))
    else:
        found += _refused(runs, clock)
        found += _lists(lists, clock)
    found += sorted(_fields(_without_backlog(runs), clock), key=lambda one: _ORDER.get(one.field or "", len(_ORDER)))
    if not failed:
        found += _silence(runs, clock)
    if found:
        found.sort(key=lambda finding: finding.state != "red")
        return Health(found[0].state, tuple(found))
    return Health("green" if len(known) >= _LEAST_RUNS and sum(known) >= _LEAST_ARTICLES else "new")


def _without_backlog(runs: list[RunRecord]) -> list[RunRecord]:
    """A site's first runs fetch its past, which may look otherwise: left out once a run reads under a tenth as many."""
    first = 0
    while first < len(runs) and (runs[first].articles > _BACKLOG or not runs[first].articles):
        first += 1
    largest = max((one.articles for one in runs[:first]), default=0)
    return runs[first:] if any(0 < one.articles < largest / 10 for one in runs[first:]) else runs


class _Clock:
    """Times for people: the hour for today, else with the day."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.now, self.zone = now, zone

    def at(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        today = local.date() == self.now.astimezone(self.zone).date()
        return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")


# -- one number over a site's runs


class _Point(NamedTuple):
    """A run's part of a number: ``n`` articles, ``x`` what they add up to, ``level`` the quotient."""

    run: RunRecord
    at: datetime
    n: int
    x: float
    level: float


def _point(run: RunRecord, at: datetime, n: int, x: float) -> _Point:
    return _Point(run, at, n, x, x / n)


class _Sums(NamedTuple):
    """Points added up: their ``n`` and ``x``, ``x`` squared over ``n``, ``n`` squared."""

    n: float = 0.0
    x: float = 0.0
    xx: float = 0.0
    nn: float = 0.0

    def plus(self, point: _Point) -> _Sums:
        n, x = point.n, point.x
        return _Sums(self.n + n, self.x + x, self.xx + x * x / n, self.nn + n * n)

    def minus(self, other: _Sums) -> _Sums:
        return _Sums(self.n - other.n, self.x - other.x, self.xx - other.xx, self.nn - other.nn)


class _Test(Protocol):
    """When a number has fallen."""

    @property
    def least(self) -> int:
        """Articles without which nothing is said."""

    def runs(self, usual: float) -> int:
        """Runs without which no level is known."""

    @property
    def ceiling(self) -> float:
        """The level above which no run has fallen, whatever is usual."""

    def low(self, usual: float) -> float:
        """The level at or below which a run has fallen from its usual one; below every level where it cannot be told."""

    def sure(self, seen: _Sums, usual: _Sums, runs: int) -> float:
        """How improbable it is that nothing has changed: minus the logarithm of a bound for the probability."""

    def back(self, point: _Point, usual: float, fallen: _Sums) -> float:
        """How much a run speaks for a recovery, as the logarithm of a likelihood ratio."""


@dataclass(frozen=True, slots=True)
class _Share:
    """A share of articles (``x`` of ``n``). It has fallen at ``ratio`` of the usual one."""

    ratio: float = 0.5
    least: int = 3

    def runs(self, usual: float) -> int:
        return next(runs for level, runs in _RUNS if usual >= level)

    @property
    def ceiling(self) -> float:
        return self.ratio

    def low(self, usual: float) -> float:
        return self.ratio * usual if usual >= 0.3 else -1.0

    def sure(self, seen: _Sums, usual: _Sums, runs: int) -> float:
        # Likelihood ratio of two shares against one. Articles of a run are alike (ten notices about the weather, none of
        # them with a 记者): what runs differ by beyond chance gives their correlation, and that the articles they are worth.
        p = (usual.x + 0.5) / (usual.n + 1)
        excess = max(0.0, (usual.xx - 2 * p * usual.x + p * p * usual.n) / (p * (1 - p)) / runs - 1)
        alike = min(1.0, excess / max(0.5, usual.nn / usual.n - 1))
        # Few runs cannot tell how alike; twenty of the sort that half of all articles have are taken for granted.
        alike = (runs * alike + 20 * 0.8 * p * (1 - p)) / (runs + 20)
        n, before = (sums.n / (1 + alike * (sums.nn / sums.n - 1)) for sums in (seen, usual))
        share, share_before = seen.x / seen.n, usual.x / usual.n
        both = (n * share + before * share_before) / (n + before)
        return n * _divergence(share, both) + before * _divergence(share_before, both)

    def back(self, point: _Point, usual: float, fallen: _Sums) -> float:
        well = min(usual, 0.95)
        ill = min(max((fallen.x + 0.5) / (fallen.n + 1), 0.02), well * self.ratio)
        return point.x * math.log(well / ill) + (point.n - point.x) * math.log((1 - well) / (1 - ill))


def _divergence(share: float, other: float) -> float:
    """Kullback's and Leibler's, of one share from another."""
    out = share * math.log(share / other) if share > 0 else 0.0
    return out + ((1 - share) * math.log((1 - share) / (1 - other)) if share < 1 else 0.0)


@dataclass(frozen=True, slots=True)
class _Length:
    """A median's logarithm (``x`` is ``n`` times it). ``spread``: how far single articles are expected from it."""

    ratio: float
    spread: float
    least: int = 5
    ceiling: float = math.inf

    def runs(self, usual: float) -> int:
        return _LEAST_RUNS

    def low(self, usual: float) -> float:
        return usual + math.log(self.ratio)

    def sure(self, seen: _Sums, usual: _Sums, runs: int) -> float:
        # The normal tail's bound; the expected spread counts as four runs, so that two equal ones prove nothing.
        variance = (4 * self.spread**2 + max(0.0, usual.xx - usual.x**2 / usual.n)) / (4 + runs)
        away = usual.x / usual.n - seen.x / seen.n
        return max(0.0, away) ** 2 / (variance * (1 / seen.n + 1 / usual.n)) / 2

    def back(self, point: _Point, usual: float, fallen: _Sums) -> float:
        return _BACK if point.level >= usual + math.log(self.ratio) / 2 else -_BACK


@dataclass(slots=True)
class _Break:
    """A fall that stands: the runs since then, and the runs before it that they were compared with."""

    usual: float
    before: list[_Point]
    points: list[_Point]
    sums: _Sums
    hopeful: list[_Point] = field(default_factory=list)
    hope: float = 0.0

    @property
    def since(self) -> datetime:
        return self.points[0].at

    @property
    def n(self) -> int:
        return int(self.sums.n)

    @property
    def x(self) -> float:
        return self.sums.x

    def is_over(self, point: _Point, test: _Test) -> bool:
        """Take a further run, and say whether it is well again."""
        self.hope = max(0.0, self.hope + test.back(point, self.usual, self.sums))
        self.hopeful.append(point)
        if not self.hope:
            for one in self.hopeful:
                self.sums = self.sums.plus(one)
            self.points += self.hopeful
            self.hopeful = []
        return self.hope >= _BACK


class _Course:
    """A number's way through the runs: those that are its normal, and the fall that stands."""

    def __init__(self, test: _Test) -> None:
        self.test = test
        self.broken: _Break | None = None
        self.well: list[_Point] = []
        self.sums = [_Sums()]
        # A fall begins after the last recovery.
        self.mended = 0

    def follow(self, points: Sequence[_Point]) -> _Break | None:
        """The fall that stands after the last of the points, which come in the order of time."""
        given = _GIVEN_RUNS if len(points) >= COMPARED else 0
        for number, point in enumerate(points):
            if self.broken is not None:
                if point.at - self.broken.since <= FORGIVEN:
                    if self.broken.is_over(point, self.test):
                        self.mended = len(self.well)
                        self._take(self.broken.hopeful)
                        self.broken = None
                    continue
                self.well, self.sums, self.mended = [], [_Sums()], 0
                self._take(self.broken.points)
                self.broken = None
            self._take([point])
            first = self._fall() if number >= given else None
            if first is not None:
                before = self.well[max(0, first - COMPARED) : first]
                usual = sum(one.x for one in before) / sum(one.n for one in before)
                self.broken = _Break(usual, before, self.well[first:], self.sums[-1].minus(self.sums[first]))
                del self.well[first:], self.sums[first + 1 :]
        return self.broken

    def _take(self, points: Iterable[_Point]) -> None:
        for point in points:
            self.well.append(point)
            self.sums.append(self.sums[-1].plus(point))

    def _fall(self) -> int | None:
        """Where the fall begins that the last run shows: of all beginnings the one that is surest."""
        end = len(self.well)
        last = self.well[-1]
        if last.level > self.test.ceiling:
            return None
        best, surest = None, _SURE
        sums, test, n = self.sums, self.test, 0.0
        end_n, end_x = sums[end].n, sums[end].x
        for first in range(end - 1, self.mended - 1, -1):
            point = self.well[first]
            if first < end - 1 and (n + point.n > _RECENT_ARTICLES or (n >= _ENOUGH_ARTICLES and last.at - point.at > _RECENT)):
                break
            here, begin = sums[first], max(0, first - COMPARED)
            n, share = end_n - here.n, (end_x - here.x) / (end_n - here.n)
            usual_n = here.n - sums[begin].n
            if first - begin < _LEAST_RUNS or usual_n < _LEAST_ARTICLES:
                break
            if n < test.least or share > test.ceiling:
                continue
            level = (here.x - sums[begin].x) / usual_n
            if max(share, point.level, last.level) > test.low(level) or first - begin < test.runs(level):
                continue
            sure = test.sure(sums[end].minus(here), here.minus(sums[begin]), first - begin)
            if sure > surest and self._is_lowest(n, share, begin, first):
                best, surest = first, sure
        return best

    def _is_lowest(self, n: float, level: float, begin: int, end: int) -> bool:
        """Whether every stretch of runs before, with as many articles, was better."""
        last = begin
        for first in range(begin, end):
            while last < end and self.sums[last].n - self.sums[first].n < n:
                last += 1
            stretch = self.sums[last].minus(self.sums[first])
            if stretch.n < n:
                break
            if stretch.x / stretch.n <= level:
                return False
        return True


def _stands(points: Sequence[_Point], test: _Test) -> _Break | None:
    return _Course(test).follow(points)


# -- fields

_LAYERS = ("site", "cms", "meta", "generic", "text")
"""The layers of extraction in the order of trust, as a rule's name begins."""


def _layer(rule: str) -> int:
    name = rule.partition(":")[0]
    return _LAYERS.index(name) if name in _LAYERS else len(_LAYERS)


def _fields(runs: Sequence[RunRecord], clock: _Clock) -> list[Finding]:
    read = [(run, datetime.fromisoformat(run.started_at), run.articles) for run in runs if run.articles]
    names = dict.fromkeys(name for run, _, _ in read for name in run.fields)
    found: list[Finding] = []
    for name in names:
        points = [_point(run, at, articles, count.filled if (count := run.fields.get(name)) else 0) for run, at, articles in read]
        fill = _stands(points, _Share()) if any(p.x < p.n for p in points) else None
        rule = _rule_break(name, points) if name not in _BLOCKS else None
        if fill is not None:
            found.append(_emptied(name, fill, clock))
        elif rule is not None:
            found.append(_fell_through(name, *rule, clock))
        found += _alike(name, points, clock)
        found += _shorter(name, points, clock)
    return found


def _counts(name: str, points: Iterable[_Point]) -> Counter[str]:
    out: Counter[str] = Counter()
    for point in points:
        if count := point.run.fields.get(name):
            out.update(count.rules)
    return out


def _shown(rule: str) -> str:
    return rule.removeprefix("site:")


def _emptied(name: str, fall: _Break, clock: _Clock) -> Finding:
    """A field that is not there any more, and why as far as its rules tell."""
    n, empty = fall.n, fall.n - round(fall.x)
    text = f"{name_of(name)} empty in {empty} of {n} articles since {clock.at(fall.since)}"
    before, after = _counts(name, fall.before), _counts(name, fall.points)
    if name in _BLOCKS:
        text += ", its block stands there without links" if 2 * after["empty"] >= empty else ", its block is missing"
    elif before:
        rule, count = before.most_common(1)[0]
        if after[rule] * sum(point.n for point in fall.before) <= 0.25 * count * n:
            text += f", rule {_shown(rule)} no longer matches"
    return Finding("red" if name in _NEEDED else "yellow", name, text, name_of(name))


def _rule_break(name: str, points: Sequence[_Point]) -> tuple[int, _Break] | None:
    """The highest layer that no longer answers where it used to, and since when."""
    layers = sorted({_layer(rule) for point in points if (count := point.run.fields.get(name)) for rule in count.rules})
    # What the lowest of them or a higher one gives is all.
    for layer in layers[:-1]:
        given = []
        for point in points:
            count = point.run.fields.get(name)
            if count is not None and (total := sum(count.rules.values())):
                kept = sum(times for rule, times in count.rules.items() if _layer(rule) <= layer)
                given.append(_point(point.run, point.at, total, kept))
        if (fall := _stands(given, _Share())) is not None:
            return layer, fall
    return None


def _fell_through(name: str, layer: int, fall: _Break, clock: _Clock) -> Finding:
    def most(points: Iterable[_Point], is_kept: bool) -> str:
        return next(rule for rule, _ in _counts(name, points).most_common() if (_layer(rule) <= layer) is is_kept)

    lost = fall.n - round(fall.x)
    text = (
        f"rule {_shown(most(fall.before, True))} no longer gives {name_of(name)} in {lost} of {fall.n} articles "
        f"since {clock.at(fall.since)}; {most(fall.points, False)} answers"
    )
    return Finding("yellow", name, text, name_of(name))


_ALIKE: Mapping[str, tuple[Literal["yellow", "red"], str, str]] = {
    "title": ("red", "title", "titles"),
    "body_text": ("red", "body", "bodies"),
    "published_at": ("yellow", "time of publication", "times of publication"),
}
"""Fields that differ from article to article."""


def _alike(name: str, points: Sequence[_Point], clock: _Clock) -> list[Finding]:
    """A field that has become the same in all articles. The first article of a run differs from none."""
    if name not in _ALIKE:
        return []
    state, one, several = _ALIKE[name]
    others = []
    for point in points:
        count = point.run.fields.get(name)
        if count is not None and count.filled > 1:
            others.append(_point(point.run, point.at, min(count.filled, COUNTED) - 1, count.distinct - 1))
    fall = _stands(others, _Share(least=4)) if any(p.x < p.n for p in others) else None
    # Pages that print the day alone have few times; only all equal to the second is odd.
    if fall is None or (name == "published_at" and fall.x):
        return []
    runs = len(fall.points)
    distinct, filled = round(fall.x) + runs, fall.n + runs
    if fall.x:
        text = f"only {distinct} different {several} in {filled} articles since {clock.at(fall.since)}"
    else:
        text = f"the same {one} in all {filled} articles{' of each run' if runs > 1 else ''} since {clock.at(fall.since)}"
    return [Finding(state, name, text, name_of(name))]


def _shorter(name: str, points: Sequence[_Point], clock: _Clock) -> list[Finding]:
    """A body that has become much shorter; a block with far fewer links."""
    if name == "body_text":
        test = _Length(ratio=0.25, spread=1.0)
    elif name in _BLOCKS:
        test = _Length(ratio=0.5, spread=0.3)
    else:
        return []
    measured = [
        _point(point.run, point.at, count.filled, count.filled * math.log(max(1.0, count.median_length)))
        for point in points
        if (count := point.run.fields.get(name)) and count.filled and count.median_length is not None
    ]
    fall = _stands(measured, test)
    if fall is None:
        return []
    now, usual = math.exp(fall.x / fall.n), math.exp(fall.usual)
    what = f"of {now:.0f} characters" if name == "body_text" else f"with {now:.0f} links"
    text = f"{name_of(name)} {what}, usually {usual:.0f}, in {fall.n} articles since {clock.at(fall.since)}"
    return [Finding("yellow", name, text, name_of(name))]


# -- pages, lists, silence

_NO_PAGE = frozenset(("robots", "offsite", "error", "redirect", "pending"))
"""Verdicts that say nothing of a page that was read."""


def _refused(runs: Sequence[RunRecord], clock: _Clock) -> list[Finding]:
    """Articles among the pages that came: far fewer than usual. What is refused at every run (a dead list) is left out."""
    if not runs:
        return []
    told = [_pages(run.verdicts).total() if run.verdicts else run.refused for run in runs]
    # What nine runs in ten refuse. The median would come to know a block that stands for weeks.
    always = sorted(told)[len(told) // 10]
    points = []
    for run, refused in zip(runs, told, strict=True):
        came = run.new + run.changed + run.unchanged + run.duplicates
        if n := came + max(0, refused - always):
            points.append(_point(run, datetime.fromisoformat(run.started_at), n, came))
    fall = _stands(points, _Share(ratio=0.75)) if any(p.x < p.n for p in points) else None
    if fall is None:
        return []
    words: Counter[str] = Counter()
    for point in fall.points:
        words.update(_pages(point.run.verdicts))
    lost = fall.n - round(fall.x)
    named = f": {', '.join(f'{n} {word}' for word, n in words.most_common())}" if words else ""
    text = f"{lost} of {fall.n} pages refused since {clock.at(fall.since)}{named}"
    return [Finding("red" if 2 * lost > fall.n else "yellow", None, text, "pages refused")]


def _pages(verdicts: Mapping[str, int]) -> Counter[str]:
    """The verdicts on articles' pages; those on lists (``list gone``) are judged by the lists themselves."""
    return Counter({word: n for word, n in verdicts.items() if word not in _NO_PAGE and not word.startswith("list ")})


_PASSING = timedelta(hours=24)
"""How long a list may fail by no fault of the site's layout."""


def _is_dead(one: ListRecord, now: datetime) -> bool:
    if one.verdict in ("pending", "redirect"):
        return False
    if one.verdict == "list":
        # A sitemap of news holds two days, and is empty after two quiet ones.
        return one.listed == 0 and (one.usual or 0) >= 3 and one.kind != "sitemap"
    if one.verdict == "error" or (one.verdict == "robots" and one.failing_since is not None):
        return one.failing_since is not None and now - datetime.fromisoformat(one.failing_since) > _PASSING
    return True


def _lists(lists: Sequence[ListRecord], clock: _Clock) -> list[Finding]:
    """List pages that used to link articles and link none."""
    used = [one for one in lists if one.usual]
    dead = [one for one in used if _is_dead(one, clock.now)]
    if not dead:
        return []
    worst = dead[0]
    is_bare = all(one.verdict == "list" for one in dead)
    cause = "pattern or layout has changed"
    if len(dead) == 1:
        usual = f"{worst.usual:.0f}"
        if is_bare:
            text = f"list {worst.url} links no article any more, usually {usual}: its {cause}"
        else:
            text = f"list {worst.url} links no article any more, usually {usual}: {_verdict(worst)}"
    else:
        words = Counter("without links" if one.verdict == "list" else one.verdict for one in dead)
        named = f"their {cause}" if is_bare else ", ".join(f"{n} {word}" for word, n in words.most_common())
        count = f"all {len(used)}" if len(dead) == len(used) else f"{len(dead)} of {len(used)}"
        text = f"{count} lists link no article any more: {named}; first {worst.url}"
    return [Finding("red" if len(dead) == len(used) else "yellow", None, text, "lists")]


def _verdict(one: ListRecord) -> str:
    return f"{one.verdict} ({one.why[:80]})" if one.why else one.verdict


def _silence(runs: Sequence[RunRecord], clock: _Clock) -> list[Finding]:
    """No new article for far longer than ever. Measured up to the last run: while none runs, nothing could be found."""
    if not runs:
        return []
    last = datetime.fromisoformat(runs[-1].started_at)
    some = [datetime.fromisoformat(run.started_at) for run in runs if run.new]
    some = [at for at in some if some[-1] - at <= timedelta(days=60)]
    # A week has a weekend.
    if len(some) < 5 or some[-1] - some[0] < timedelta(days=7):
        return []
    gaps = sorted(later - sooner for sooner, later in pairwise(some))
    if last - some[-1] <= max(timedelta(hours=24), 3 * gaps[-1]):
        return []
    text = f"no new article since {clock.at(some[-1])}, usually one every {_span(gaps[len(gaps) // 2])}"
    return [Finding("yellow", None, text, "new articles")]


def _span(time: timedelta) -> str:
    """A time in one unit, as people say it."""
    minutes = time.total_seconds() / 60
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"
