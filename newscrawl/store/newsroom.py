"""Questions that the front page, the lists of articles and the pages of sites ask: what came in, what is pushed and taken over, how the
sites are.

A day is China's: the first ten characters of ``published_at``. Days to come, which some page always claims, are left out: ``today`` says
where they begin. All that is "of late" is counted back from the newest day in the data, not from the clock: a database that nobody has
crawled into for a while shows its last days. Other times are ISO 8601 in UTC.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from newscrawl.days import SHANGHAI
from newscrawl.health import ListRecord, RunRecord
from newscrawl.store import coverage, ledger

WEEK = timedelta(days=7)

SPARK_DAYS = 28
"""Days of a site's small line, the newest day in the data the last of them."""

SITE_DAYS = 60
"""Days of a site's own columns."""

PERIOD_DAYS = 90
"""Days over which a site's sources, people, channels and recommendations are counted."""

REPRINT_DAYS = 365
"""Days over which a site's reprints are counted."""

LINKS = 50_000
"""Links that are looked at, at most, for what is recommended most: the first crawl of many sites finds a million in a day."""

Trend = Literal["up", "down", "usual"]


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its spider's name, its title for people, whose it is, its province and city, its front page."""

    name: str
    title: str
    publisher: str | None
    region: str | None
    city: str | None
    home: str | None


@dataclass(frozen=True, slots=True)
class Headline:
    """An article in a list. ``reporters``: its reporters, else its authors; ``teaser``: its lead, else how its text begins; ``caption``:
    the first that one of its images has."""

    id: int
    title: str
    url: str
    site: str
    site_title: str
    region: str | None
    source: str | None
    published_at: str | None
    published_precision: str | None
    gone: bool
    reporters: tuple[str, ...] = ()
    teaser: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class SiteDay:
    """A site on one day; ``usual``: how many it had on average at the same weekdays before, by the same hour; ``None``: not known."""

    site: Site
    articles: int
    usual: float | None

    @property
    def trend(self) -> Trend | None:
        return trend(self.articles, self.usual)


@dataclass(frozen=True, slots=True)
class RegionDay:
    """A region on one day, its sites with the most articles first; ``usual``: of those of its sites of which it is known."""

    region: str | None
    articles: int
    usual: float | None
    compared: int
    sites: list[SiteDay]

    @property
    def trend(self) -> Trend | None:
        """Of the sites that can be compared, together."""
        return trend(self.compared, self.usual)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What is recommended: its address and title, how many articles do so; of one that is stored its number, site and time."""

    key: str
    url: str | None
    title: str
    articles: int
    article_id: int | None
    site: str | None
    site_title: str | None
    published_at: str | None
    published_precision: str | None


@dataclass(frozen=True, slots=True)
class Pushing:
    """What was recommended most by links first seen from ``since`` to ``until`` (UTC). ``looked``: how many links were looked at;
    ``cut``: these are the newest ones, there are more."""

    items: list[Pushed]
    since: str
    until: str
    looked: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A set of reprints: its cluster's number, its likely origin's title, how far it came. ``papers``: the publishers with their number of
    articles, most first; ``hours`` from its first to its last article, ``None`` where only days are known."""

    cluster: int
    title: str
    article_id: int | None
    articles: int
    publishers: int
    first: str | None
    last: str | None
    hours: float | None
    papers: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Correction:
    """An article that its site changed: in which state's place (``number``) another stands since ``at``, and what it changed."""

    article_id: int
    number: int
    title: str
    site: str
    site_title: str
    summary: str
    at: str


@dataclass(frozen=True, slots=True)
class Loss:
    """An article that is there no more, since when and why."""

    article_id: int
    title: str
    site: str
    site_title: str
    at: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """How a site is after its last run that was judged: ``state`` is ``None`` where no run was. ``since``: when the first run in a row
    with that state began, only of sites that are not well."""

    site: Site
    state: str | None
    message: str | None
    since: str | None
    last_run: str | None


@dataclass(frozen=True, slots=True)
class Front:
    """All that the front page shows. ``newest``: the newest day with articles; ``day``: the one that is shown; ``until``: the time of day of the newest article of ``day``, by which days are compared; ``None``:
    whole days are. ``links`` is ``None`` where a region was asked for. ``states``: sites by state."""

    regions: list[tuple[str | None, int]]
    articles: int
    links: int | None
    waiting: int
    newest: date | None
    day: date | None
    until: str | None
    by_region: list[RegionDay]
    latest: list[Headline]
    pushing: Pushing | None
    reprinted: list[Story]
    corrected: list[Correction]
    vanished: list[Loss]
    states: dict[str, int]
    ill: list[Condition]
    last_run: str | None

    @property
    def day_articles(self) -> int:
        return sum(region.articles for region in self.by_region)

    @property
    def day_sites(self) -> int:
        return sum(1 for region in self.by_region for site in region.sites if site.articles)

    @property
    def all_sites(self) -> int:
        return sum(len(region.sites) for region in self.by_region)

    @property
    def usual(self) -> float | None:
        known = [region.usual for region in self.by_region if region.usual is not None]
        return sum(known) if known else None

    @property
    def trend(self) -> Trend | None:
        return trend(sum(region.compared for region in self.by_region), self.usual)


def trend(articles: int, usual: float | None) -> Trend | None:
    """Whether a number of articles is more or less than usual by more than such numbers vary by themselves; ``None``: not known."""
    if usual is None:
        return None
    # Counts of independent events vary by their square root; twice that is one in twenty, by chance.
    apart = max(2.0, 2 * usual**0.5)
    return "up" if articles > usual + apart else "down" if articles < usual - apart else "usual"


# -- the front page


def front(connection: sqlite3.Connection, now: datetime, region: str | None = None, day: date | None = None) -> Front:
    """The front page at a time (aware); ``region``: only this province's sites, ``""`` those without one; ``day``: as of that day.

    A region that no site has gives a page without sites. Corrections, losses and the sites' states are always the newest.
    """
    today = now.astimezone(SHANGHAI).date()
    every = sites(connection)
    chosen = [site for site in every if region is None or (site.region or "") == region]
    names = None if region is None else [site.name for site in chosen]
    newest = newest_day(connection, today, names)
    day = day or newest
    until, by_region = None, _by_region(chosen, Counter(), {})
    if day is not None:
        # Of the newest day more may come; others are over.
        until = _last_time(connection, day, names) if day == newest else None
        by_region = _by_region(chosen, _on(connection, day, until), _usual(connection, day, until))
        if day < (newest or day):
            now = min(now, datetime.combine(day + timedelta(days=1), time(), SHANGHAI))
            today = day
    conditions = [_condition(connection, site) for site in chosen]
    ill = [_dated(connection, number, one) for number, one in conditions if number is not None and one.state in ("yellow", "red")]
    ill.sort(key=lambda one: (one.state != "red", one.since or "", one.site.name))
    counts = Counter(site.region for site in every)
    return Front(
        regions=[(name, counts[name]) for name in sorted(counts, key=lambda name: (name is None, -counts[name], name))],
        articles=_count(connection, names),
        links=connection.execute("SELECT count(*) FROM article_links").fetchone()[0] if region is None else None,
        waiting=waiting(connection),
        newest=newest,
        day=day,
        until=until,
        by_region=by_region,
        latest=headlines(connection, _latest(connection, today, names, 20), told=1),
        pushing=_pushing(connection, now, names, 10),
        reprinted=_reprinted(connection, day, names, 8) if day else [],
        corrected=_corrected(connection, names, 6),
        vanished=_vanished(connection, names, 6),
        states=dict(Counter(one.state or "new" for _, one in conditions)),
        ill=ill,
        last_run=max((one.last_run for _, one in conditions if one.last_run), default=None),
    )


def sites(connection: sqlite3.Connection) -> list[Site]:
    """All sites that have run or have articles, by name."""
    rows = connection.execute("SELECT name, coalesce(title, name), publisher, region, city, home FROM sites ORDER BY name")
    return [Site(*row) for row in rows]


def newest_day(connection: sqlite3.Connection, today: date, names: Sequence[str] | None = None) -> date | None:
    """The newest day with articles, of all sites or of those named, not after ``today``; ``None`` where there is none."""
    after = _after(today)
    if names is None:
        found = [connection.execute("SELECT max(published_at) FROM articles WHERE published_at < ?", (after,)).fetchone()[0]]
    else:
        newest = "SELECT max(published_at) FROM articles WHERE site = ? AND published_at < ?"
        found = [connection.execute(newest, (name, after)).fetchone()[0] for name in names]
    days = [day for text in found if text and (day := coverage.day_of(text))]
    return max(days, default=None)


def waiting(connection: sqlite3.Connection) -> int:
    """How many articles the full-text index does not have yet, or has as they were."""
    row: tuple[int] = connection.execute("SELECT count(*) FROM unindexed").fetchone()
    return row[0]


def headlines(connection: sqlite3.Connection, numbers: Sequence[int], *, told: int = 0) -> list[Headline]:
    """Articles by their numbers, in that order; numbers of none are left out. The first ``told`` get a teaser and a caption."""
    found: dict[int, Headline] = {}
    people: dict[int, dict[str, None]] = defaultdict(dict)
    reported: set[int] = set()
    first = set(numbers[:told])
    for part in _parts(numbers):
        marks = ", ".join("?" * len(part))
        # Reporters come first; where there are any, authors are left out.
        for number, role, name in connection.execute(
            "SELECT article_id, role, name FROM bylines "  # noqa: S608
            f"WHERE article_id IN ({marks}) AND role IN ('reporter', 'author') ORDER BY article_id, role DESC, position",
            part,
        ):
            if role == "reporter":
                reported.add(number)
            if role == "reporter" or number not in reported:
                people[number][name] = None
        for *row, gone in connection.execute(
            "SELECT a.id, a.title, a.url, a.site, coalesce(s.title, a.site), s.region, a.source, a.published_at, a.published_precision, "  # noqa: S608
            f"a.gone_at IS NOT NULL FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.id IN ({marks})",
            part,
        ):
            number, title, url, site, site_title, region, source, at, precision = row
            teaser, caption = _teaser(connection, number) if number in first else (None, None)
            found[number] = Headline(
                number, title, url, site, site_title, region, source, at, precision, bool(gone),
                tuple(people.get(number, ())), teaser, caption,
            )  # fmt: skip
    return [found[number] for number in numbers if number in found]


def _teaser(connection: sqlite3.Connection, number: int) -> tuple[str | None, str | None]:
    text, caption = connection.execute(
        "SELECT coalesce(lead, substr(body_text, 1, 200)), "
        "(SELECT caption FROM images WHERE article_id = a.id AND caption <> '' ORDER BY position LIMIT 1) FROM articles a WHERE id = ?",
        (number,),
    ).fetchone()
    # A caption is part of the text, too: it is not said twice.
    lines = [line.strip() for line in text.split("\n") if line.strip() and line.strip() != caption]
    line = " ".join(lines)
    return (f"{line[:140]}…" if len(line) > 140 else line) or None, caption


def _latest(connection: sqlite3.Connection, today: date, names: Sequence[str] | None, most: int) -> list[int]:
    """The newest articles' numbers; after those that have a time the others, the last stored first."""
    if names is None:
        rows = connection.execute(
            "SELECT id FROM articles WHERE published_at < ? ORDER BY published_at DESC, id DESC LIMIT ?", (_after(today), most)
        )
        found = [number for (number,) in rows]
    else:
        dated: list[tuple[str, int]] = []
        for name in names:
            # The index has a site's times in order, so that no row is read that is not among its newest.
            newest = "SELECT published_at, id FROM articles WHERE site = ? AND published_at < ? ORDER BY published_at DESC, id DESC LIMIT ?"
            dated += [(at, number) for at, number in connection.execute(newest, (name, _after(today), most))]
        found = [number for _, number in sorted(dated, reverse=True)[:most]]
    if len(found) < most:
        where, given = _at(names, "site")
        undated = f"SELECT id FROM articles WHERE published_at IS NULL{where} ORDER BY id DESC LIMIT ?"  # noqa: S608
        found += [number for (number,) in connection.execute(undated, [*given, most - len(found)])]
    return found


def _count(connection: sqlite3.Connection, names: Sequence[str] | None) -> int:
    where, given = _at(names, "site")
    row: tuple[int] = connection.execute(f"SELECT count(*) FROM articles WHERE true{where}", given).fetchone()  # noqa: S608
    return row[0]


def _last_time(connection: sqlite3.Connection, day: date, names: Sequence[str] | None) -> str | None:
    """The time of day (``17:52:00``) of a day's newest article; ``None`` where only its day is known."""
    span = (day.isoformat(), _after(day))
    question = "SELECT max(published_at) FROM articles WHERE {}published_at >= ? AND published_at < ?"
    if names is None:
        found = [connection.execute(question.format(""), span).fetchone()[0]]
    else:
        found = [connection.execute(question.format("site = ? AND "), (name, *span)).fetchone()[0] for name in names]
    newest = max((text for text in found if text), default="")[11:19]
    return newest if len(newest) == 8 and newest > "00:00:00" else None


def _on(connection: sqlite3.Connection, day: date, until: str | None) -> Counter[str]:
    """Articles of a day by site, up to a time of day."""
    # '~' comes after any offset or fraction.
    last = f"{day}T{until}~" if until else _after(day)
    rows = connection.execute(
        "SELECT name, (SELECT count(*) FROM articles WHERE site = s.name AND published_at >= ? AND published_at < ?) FROM sites s",
        (day.isoformat(), last),
    )
    return Counter(dict(rows.fetchall()))


def _usual(connection: sqlite3.Connection, day: date, until: str | None) -> dict[str, float]:
    """For each site how many articles it had on the same weekday of the four weeks before, by the same hour, on average; of sites
    whose first article is less than two weeks older, nothing is known."""
    weeks = [day - WEEK * number for number in range(1, 5)]
    counts = {week: _on(connection, week, until) for week in weeks}
    first = dict(
        connection.execute(
            "SELECT name, (SELECT min(published_at) FROM articles WHERE site = s.name AND published_at IS NOT NULL) FROM sites s"
        ).fetchall()
    )
    found = {}
    for name, at in first.items():
        known = [week for week in weeks if at and at < week.isoformat()]
        if len(known) >= 2:
            found[name] = sum(counts[week][name] for week in known) / len(known)
    return found


def _by_region(chosen: Iterable[Site], counts: Counter[str], usual: dict[str, float]) -> list[RegionDay]:
    grouped: dict[str | None, list[SiteDay]] = defaultdict(list)
    for site in chosen:
        grouped[site.region].append(SiteDay(site, counts[site.name], usual.get(site.name)))
    found = []
    for region, members in grouped.items():
        members.sort(key=lambda one: (-one.articles, -(one.usual or 0), one.site.title))
        known = [(one.articles, one.usual) for one in members if one.usual is not None]
        together = sum(level for _, level in known) if known else None
        compared = sum(articles for articles, _ in known)
        found.append(RegionDay(region, sum(one.articles for one in members), together, compared, members))
    return sorted(found, key=lambda one: (one.region is None, -one.articles, -len(one.sites), one.region or ""))


def _pushing(connection: sqlite3.Connection, now: datetime, names: Sequence[str] | None, most: int) -> Pushing | None:
    """What the sites' articles recommend most, by links first seen in the last week, or else in the newest week that has any."""
    until = _utc(now)
    (newest,) = connection.execute(
        "SELECT max(first_seen) FROM article_links WHERE kind = 'recommended' AND first_seen <= ?", (until,)
    ).fetchone()
    if newest is None:
        return None
    since = _utc(now - WEEK)
    if newest < since:
        until, since = newest, _utc(datetime.fromisoformat(newest) - WEEK)
    # The numbers of a region's articles are in the sites' index; asking each link's article would read its row.
    of, given = _at(names, "site")
    within = f"AND +l.article_id IN (SELECT id FROM articles WHERE true{of}) " if names is not None else ""  # noqa: S608
    looked, counts = 0, Counter[str]()
    rows = connection.execute(
        "SELECT l.target_key FROM article_links l WHERE l.kind = 'recommended' AND l.first_seen >= ? AND l.first_seen <= ? "  # noqa: S608
        f"AND l.target_key IS NOT NULL AND l.article_id IS NOT l.target_id {within}ORDER BY l.first_seen DESC, l.id DESC LIMIT ?",
        [since, until, *given, LINKS + 1],
    )
    # A page has a target once, all but always: counted exactly below, for those that are shown.
    for (key,) in rows:
        counts[key] += 1
    looked = counts.total()
    items = [_pushed(connection, key, since, until, names) for key, _ in counts.most_common(most * 2)]
    items.sort(key=lambda item: (-item.articles, item.title))
    return Pushing([item for item in items[:most] if item.articles], since, until, min(looked, LINKS), looked > LINKS)


def _pushed(connection: sqlite3.Connection, key: str, since: str, until: str, names: Sequence[str] | None) -> Pushed:
    of, given = _at(names, "a.site")
    join = f" JOIN articles a ON a.id = l.article_id{of}" if names is not None else ""
    url, title, articles, number = connection.execute(
        f"SELECT max(l.url), coalesce(max(l.full_title), max(l.title)), count(DISTINCT l.article_id), max(l.target_id) FROM article_links l{join} "  # noqa: S608
        "WHERE l.target_key = ? AND l.kind = 'recommended' AND l.first_seen >= ? AND l.first_seen <= ? AND l.article_id IS NOT l.target_id",
        [*given, key, since, until],
    ).fetchone()
    stored = connection.execute(
        "SELECT a.title, a.id, a.site, coalesce(s.title, a.site), a.published_at, a.published_precision "
        "FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.id = ?",
        (number,),
    ).fetchone()
    if stored is None:
        return Pushed(key, url, title or "", articles, None, None, None, None, None)
    return Pushed(key, url, stored[0], articles, *stored[1:])


def _reprinted(connection: sqlite3.Connection, day: date, names: Sequence[str] | None, most: int) -> list[Story]:
    """The sets of reprints with an article in the week up to a day, those that came to most publishers first."""
    where, given = _at(names, "a.site")
    member = ""
    if names is not None:
        of_cluster = "FROM cluster_members m JOIN articles a ON a.id = m.article_id WHERE m.cluster_id = c.id"
        member = f" AND EXISTS (SELECT 1 {of_cluster}{where})"
    rows = connection.execute(
        "SELECT c.id, c.articles, c.publishers, c.origin_id, c.first_published_at, c.last_published_at FROM clusters c "  # noqa: S608
        f"WHERE c.last_published_at >= ? AND c.last_published_at < ?{member} "
        "ORDER BY c.publishers DESC, c.articles DESC, c.last_published_at DESC, c.id LIMIT ?",
        [(day - timedelta(days=6)).isoformat(), _after(day), *given, most],
    ).fetchall()
    return [_story(connection, *row) for row in rows]


def _story(
    connection: sqlite3.Connection,
    cluster: int,
    articles: int,
    publishers: int,
    origin: int | None,
    first: str | None,
    last: str | None,
) -> Story:
    papers: Counter[str] = Counter()
    title, number, days = "", None, False
    for one, headline, paper, precision in connection.execute(
        "SELECT a.id, a.title, coalesce(a.publisher, s.title, a.site), a.published_precision FROM cluster_members m "
        "JOIN articles a ON a.id = m.article_id LEFT JOIN sites s ON s.name = a.site WHERE m.cluster_id = ? "
        "ORDER BY a.id IS NOT ?, a.published_at IS NULL, a.published_at, a.id",
        (cluster, origin),
    ):
        papers[paper] += 1
        if number is None:
            number, title = one, headline
        days = days or precision == "day"
    return Story(
        cluster, title, number, articles, publishers, first, last, None if days else _hours(first, last), papers.most_common()
    )


def _hours(first: str | None, last: str | None) -> float | None:
    try:
        return (datetime.fromisoformat(last) - datetime.fromisoformat(first)) / timedelta(hours=1) if first and last else None
    except (ValueError, TypeError):
        # No times, or one of them without its zone.
        return None


def _corrected(connection: sqlite3.Connection, names: Sequence[str] | None, most: int) -> list[Correction]:
    """What sites changed last, newest first."""
    where, given = _at(names, "a.site")
    rows = connection.execute(
        "SELECT r.article_id, r.number, a.title, a.site, coalesce(s.title, a.site), r.summary, r.replaced_at FROM revisions r "  # noqa: S608
        "CROSS JOIN articles a ON a.id = r.article_id LEFT JOIN sites s ON s.name = a.site "
        f"WHERE r.cause = 'site'{where} ORDER BY r.replaced_at DESC, r.id DESC LIMIT ?",
        [*given, most],
    )
    return [Correction(*row) for row in rows]


def _vanished(connection: sqlite3.Connection, names: Sequence[str] | None, most: int) -> list[Loss]:
    """What was lost last, newest loss first."""
    where, given = _at(names, "+a.site")
    rows = connection.execute(
        "SELECT a.id, a.title, a.site, coalesce(s.title, a.site), a.gone_at, a.gone_why FROM articles a LEFT JOIN sites s ON s.name = a.site "  # noqa: S608
        f"WHERE a.gone_at IS NOT NULL{where} ORDER BY a.gone_at DESC, a.id DESC LIMIT ?",
        [*given, most],
    )
    return [Loss(*row) for row in rows]


def _condition(connection: sqlite3.Connection, site: Site) -> tuple[int | None, Condition]:
    """How a site is, and the number of the run that says so. Runs are looked up by site and start, however many there are."""
    (last,) = connection.execute("SELECT max(started_at) FROM runs WHERE site = ?", (site.name,)).fetchone()
    judged = connection.execute(
        "SELECT id, state, message FROM runs WHERE site = ? AND state IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1",
        (site.name,),
    ).fetchone()
    if judged is None:
        return None, Condition(site, None, None, None, last)
    number, state, message = judged
    return number, Condition(site, state, (message or "").removeprefix(f"{site.name}: ") or None, None, last)


def _dated(connection: sqlite3.Connection, number: int, condition: Condition) -> Condition:
    """With the time since when a site is so."""
    record = ledger.run(connection, number)
    since = ledger.state_since(connection, record) if record else None
    return Condition(condition.site, condition.state, condition.message, since, condition.last_run)


# -- lists of articles


@dataclass(frozen=True, slots=True)
class Choices:
    """What the search form offers: regions, sites, and the sources with the most articles."""

    regions: list[str]
    sites: list[Site]
    sources: list[str]


def choices(connection: sqlite3.Connection, most: int = 300) -> Choices:
    """The values of the search form's filters; ``most``: of sources."""
    every = sites(connection)
    counts = Counter(site.region for site in every if site.region)
    sources = connection.execute(
        "SELECT source FROM articles WHERE source IS NOT NULL GROUP BY source ORDER BY count(*) DESC, source LIMIT ?", (most,)
    )
    return Choices(
        sorted(counts, key=lambda name: (-counts[name], name)),
        sorted(every, key=lambda site: (site.region is None, site.region or "", site.title)),
        [name for (name,) in sources],
    )


def browse(
    connection: sqlite3.Connection,
    *,
    site: Sequence[str] | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 20,
    offset: int = 0,
) -> tuple[int, list[Headline]]:
    """Articles by site, source and day of publication (China's, both ends included), newest first: how many, and a page of them.

    ``site`` names sites; none of them gives nothing. Articles without a time come last, and not at all where a day is asked for.
    """
    where, given = _chosen(source, since, until)
    table = "articles a"
    if site is not None and source is None:
        # Site by site, for the index has a site's times in order.
        where, given = f" AND s.name IN ({', '.join('?' * len(site))}){where}", [*site, *given]
        table = "sites s CROSS JOIN articles a ON a.site = s.name"
    elif site is not None:
        # The plus keeps the sites' index out of it: a source has fewer articles than a region.
        where, given = f"{where} AND +a.site IN ({', '.join('?' * len(site))})", [*given, *site]
    total: int = connection.execute(f"SELECT count(*) FROM {table} WHERE true{where}", given).fetchone()[0]  # noqa: S608
    rows = connection.execute(
        f"SELECT a.id FROM {table} WHERE true{where} ORDER BY a.published_at DESC, a.id DESC LIMIT ? OFFSET ?",  # noqa: S608
        [*given, limit, offset],
    )
    return total, headlines(connection, [number for (number,) in rows], told=limit)


def _chosen(source: str | None, since: date | None, until: date | None) -> tuple[str, list[str]]:
    """Conditions on articles ``a``, with their values."""
    where, given = "", []
    if source is not None:
        where, given = " AND a.source = ?", [source]
    if since is not None:
        where, given = f"{where} AND a.published_at >= ?", [*given, since.isoformat()]
    if until is not None:
        where, given = f"{where} AND a.published_at < ?", [*given, _after(until)]
    return where, given


# -- the sites


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in the list of all: how many articles it has, its newest time not to come, its state and message, its last run, articles by
    day (`SPARK_DAYS` of them, up to the list's ``day``), and their average over the days since its first article, the last day left out."""

    site: Site
    articles: int
    newest: str | None
    condition: Condition
    days: list[int]
    usual: float | None


def site_lines(connection: sqlite3.Connection, today: date) -> tuple[date | None, list[SiteLine]]:
    """All sites, by name, and the newest day in the data, which is the last of each line's days."""
    every = sites(connection)
    day = newest_day(connection, today)
    after = _after(today)
    start = day - timedelta(days=SPARK_DAYS - 1) if day else None
    by_day = coverage.days(connection, start, day) if day and start else {}
    found = []
    for site in every:
        articles, newest, first = connection.execute(
            "SELECT (SELECT count(*) FROM articles WHERE site = ?1), (SELECT max(published_at) FROM articles WHERE site = ?1 AND published_at < ?2), "
            "(SELECT min(published_at) FROM articles WHERE site = ?1 AND published_at IS NOT NULL)",
            (site.name, after),
        ).fetchone()
        counts = by_day.get(site.name, {})
        days = [counts.get(start + timedelta(days=number), 0) for number in range(SPARK_DAYS)] if start else []
        found.append(SiteLine(site, articles, newest, _condition(connection, site)[1], days, _mean(days, first, start)))
    return day, found


def _mean(days: Sequence[int], first: str | None, start: date | None) -> float | None:
    begun = coverage.day_of(first) if first else None
    if not begun or not start:
        return None
    whole = days[max(0, (begun - start).days) : -1]
    return sum(whole) / len(whole) if whole else None


# -- a site


@dataclass(frozen=True, slots=True)
class Counted:
    """A name with a number of articles."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class SitePage:
    """All that a site's page shows. ``days``: articles by day, `SITE_DAYS` of them up to ``day``, the newest in its data; ``since``: the
    first day over which sources, people, channels and recommendations are counted; ``given`` and ``taken``: publishers that took over
    its articles, and whose articles it took over, with the number of articles; ``refused``: pages that gave no article, by verdict."""

    site: Site
    condition: Condition
    articles: int
    first: str | None
    day: date | None
    usual: float | None
    undated: int
    gone: int
    pending: int
    days: dict[date, int]
    since: date | None
    counted: int
    latest: list[Headline]
    channels: list[Counted]
    sources: list[Counted]
    source_names: int
    uncredited: int
    reporters: list[Counted]
    reporter_names: int
    pushed: list[Pushed]
    given: list[Counted]
    taken: list[Counted]
    refused: list[tuple[str, int]]
    lists: list[ListRecord]
    runs: list[RunRecord] = field(default_factory=list)


def site_page(connection: sqlite3.Connection, name: str, today: date) -> SitePage | None:
    """A site by its name, ``None`` where there is none."""
    row = connection.execute(
        "SELECT name, coalesce(title, name), publisher, region, city, home FROM sites WHERE name = ?", (name,)
    ).fetchone()
    if row is None:
        return None
    site = Site(*row)
    number, condition = _condition(connection, site)
    if number is not None:
        condition = _dated(connection, number, condition)
    one = connection.execute
    day = newest_day(connection, today, [name])
    (first,) = one("SELECT min(published_at) FROM articles WHERE site = ? AND published_at IS NOT NULL", (name,)).fetchone()
    days: dict[date, int] = {}
    since = None
    if day:
        start = day - timedelta(days=SITE_DAYS - 1)
        counts = coverage.days(connection, start, day, site=name).get(name, {})
        days = {start + timedelta(days=number): counts.get(start + timedelta(days=number), 0) for number in range(SITE_DAYS)}
        since = day - timedelta(days=PERIOD_DAYS - 1)
    span = (name, since.isoformat(), _after(day)) if since and day else (name, "9999", "9999")
    channels, sources, uncredited = Counter[str](), Counter[str](), 0
    for channel, source in one(
        "SELECT channel, source FROM articles WHERE site = ? AND published_at >= ? AND published_at < ?", span
    ):
        if channel:
            channels[channel] += 1
        if source:
            sources[source] += 1
        else:
            uncredited += 1
    reporters = Counter(
        dict(
            one(
                "SELECT b.name, count(DISTINCT a.id) FROM articles a CROSS JOIN bylines b ON b.article_id = a.id "
                "WHERE a.site = ? AND a.published_at >= ? AND a.published_at < ? AND b.role IN ('reporter', 'author') GROUP BY b.name",
                span,
            ).fetchall()
        )
    )
    recent = list(days.values())[-SPARK_DAYS:]
    return SitePage(
        site=site,
        condition=condition,
        articles=_count(connection, [name]),
        first=first,
        day=day,
        usual=_mean(recent, first, day - timedelta(days=SPARK_DAYS - 1)) if day else None,
        undated=coverage.undated(connection, name),
        gone=one("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL AND site = ?", (name,)).fetchone()[0],
        pending=one("SELECT count(*) FROM pages WHERE site = ? AND kind = 'article' AND verdict = 'pending'", (name,)).fetchone()[
            0
        ],
        days=days,
        since=since,
        counted=uncredited + sources.total(),
        latest=headlines(connection, _latest(connection, today, [name], 10)),
        channels=_most(channels, 12),
        sources=_most(sources, 12),
        source_names=len(sources),
        uncredited=uncredited,
        reporters=_most(reporters, 12),
        reporter_names=len(reporters),
        pushed=_pushed_by(connection, span, 8),
        given=_given(connection, site, today),
        taken=_taken(connection, site, today),
        refused=one(
            "SELECT verdict, count(*) AS pages FROM pages WHERE site = ? AND kind IN ('article', 'part') "
            "AND verdict NOT IN ('article', 'redirect', 'pending') GROUP BY verdict ORDER BY pages DESC, verdict",
            (name,),
        ).fetchall(),
        lists=ledger.lists(connection, name),
        runs=_runs(connection, name, 15),
    )


def _most(counts: Counter[str], most: int) -> list[Counted]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Counted(name, articles) for name, articles in ordered[:most]]


def _runs(connection: sqlite3.Connection, name: str, most: int) -> list[RunRecord]:
    numbers = connection.execute("SELECT id FROM runs WHERE site = ? ORDER BY started_at DESC, id DESC LIMIT ?", (name, most))
    return [record for (number,) in numbers.fetchall() if (record := ledger.run(connection, number)) is not None]


def _pushed_by(connection: sqlite3.Connection, span: tuple[str, str, str], most: int) -> list[Pushed]:
    """What a site's articles of some days recommend most."""
    rows = connection.execute(
        "SELECT l.target_key, max(l.url), coalesce(max(l.full_title), max(l.title)), count(DISTINCT l.article_id) AS articles, max(l.target_id) "
        "FROM articles a CROSS JOIN article_links l ON l.article_id = a.id WHERE a.site = ? AND a.published_at >= ? AND a.published_at < ? "
        "AND l.kind = 'recommended' AND l.target_key IS NOT NULL AND l.article_id IS NOT l.target_id "
        "GROUP BY l.target_key ORDER BY articles DESC, l.target_key LIMIT ?",
        (*span, most),
    ).fetchall()
    stored = {one.id: one for one in headlines(connection, [number for *_, number in rows if number is not None])}
    found = []
    for key, url, title, articles, number in rows:
        one = stored.get(number)
        told = (one.id, one.site, one.site_title, one.published_at, one.published_precision) if one else (None,) * 5
        found.append(Pushed(key, url, one.title if one else title, articles, *told))
    return found


def _given(connection: sqlite3.Connection, site: Site, today: date) -> list[Counted]:
    """Publishers that took over a site's articles, most first."""
    rows = connection.execute(
        "SELECT coalesce(t.publisher, t.site) AS name, count(*) AS articles FROM articles a CROSS JOIN cluster_members m ON m.article_id = a.id "
        "CROSS JOIN clusters c ON c.id = m.cluster_id CROSS JOIN cluster_members n ON n.cluster_id = c.id CROSS JOIN articles t ON t.id = n.article_id "
        "WHERE a.site = ? AND a.published_at >= ? AND a.published_at < ? AND c.origin_id = a.id AND t.site <> a.site "
        "GROUP BY name ORDER BY articles DESC, name LIMIT 8",
        _year(connection, site, today),
    )
    return [Counted(*row) for row in rows]


def _taken(connection: sqlite3.Connection, site: Site, today: date) -> list[Counted]:
    """Publishers whose articles a site took over, most first."""
    rows = connection.execute(
        "SELECT coalesce(o.publisher, o.site) AS name, count(*) AS articles FROM articles a CROSS JOIN cluster_members m ON m.article_id = a.id "
        "CROSS JOIN clusters c ON c.id = m.cluster_id CROSS JOIN articles o ON o.id = c.origin_id "
        "WHERE a.site = ? AND a.published_at >= ? AND a.published_at < ? AND o.site <> a.site "
        "GROUP BY name ORDER BY articles DESC, name LIMIT 8",
        _year(connection, site, today),
    )
    return [Counted(*row) for row in rows]


def _year(connection: sqlite3.Connection, site: Site, today: date) -> tuple[str, str, str]:
    day = newest_day(connection, today, [site.name]) or today
    return site.name, (day - timedelta(days=REPRINT_DAYS - 1)).isoformat(), _after(day)


# -- the same in SQL, for those who want to ask on: Datasette's page takes it with its parameters

DAY_SQL = """SELECT region, site, count(*) AS articles, count(DISTINCT source) AS sources
FROM articles
WHERE published_at >= :since AND published_at < :before
GROUP BY region, site
ORDER BY articles DESC"""

CONDITION_SQL = """SELECT site, state, message, started_at, new, changed, failed
FROM runs
WHERE state IN ('red', 'yellow') AND id IN (SELECT max(id) FROM runs WHERE state IS NOT NULL GROUP BY site)
ORDER BY state, site"""

SITE_SQL = """SELECT substr(published_at, 1, 10) AS day, count(*) AS articles, count(DISTINCT source) AS sources
FROM articles
WHERE site = :site
GROUP BY day
ORDER BY day DESC"""

PUSHED_SQL = """SELECT coalesce(l.full_title, l.title) AS title, count(DISTINCT l.article_id) AS articles, l.target_id AS article_id, l.url
FROM articles a CROSS JOIN article_links l ON l.article_id = a.id
WHERE a.site = :site AND a.published_at >= :since AND l.kind = 'recommended' AND l.article_id IS NOT l.target_id
GROUP BY l.target_key
ORDER BY articles DESC"""


def in_sql(
    *,
    match: str | None = None,
    site: str | None = None,
    region: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    newest: bool = False,
) -> tuple[str, dict[str, str]]:
    """A search as SQL that anybody can ask, and its parameters. ``match``: the words as FTS5 is asked for them."""
    where, values = _narrowed(match, site, region, source, since, until)
    table = "articles_fts JOIN articles a ON a.id = articles_fts.rowid" if match else "articles a"
    order = "bm25(articles_fts, 20, 1)" if match and not newest else "a.published_at DESC"
    lines = ["SELECT a.id, a.published_at, a.site, a.source, a.title, a.url", f"FROM {table}"]
    lines += [f"WHERE {' AND '.join(where)}"] if where else []
    return "\n".join([*lines, f"ORDER BY {order}"]), values


def as_feed(
    *,
    match: str | None = None,
    site: str | None = None,
    region: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> str:
    """The same search's newest articles, with the columns that an Atom feed is made of; its parameters are those of `in_sql`."""
    where, _ = _narrowed(match, site, region, source, since, until)
    table = "articles_fts JOIN articles a ON a.id = articles_fts.rowid" if match else "articles a"
    return (
        "SELECT a.url AS atom_id, a.title AS atom_title, a.published_at AS atom_updated, a.url AS atom_link,\n"
        "  coalesce(a.source, a.site) AS atom_author_name, substr(a.body_text, 1, 300) AS atom_content\n"
        f"FROM {table}\nWHERE {' AND '.join([*where, 'a.published_at IS NOT NULL'])}\nORDER BY a.published_at DESC\nLIMIT 50"
    )


def _narrowed(
    match: str | None, site: str | None, region: str | None, source: str | None, since: date | None, until: date | None
) -> tuple[list[str], dict[str, str]]:
    where, values = [], {}
    for name, value, condition in (
        ("match", match, "articles_fts MATCH :match"),
        (
            "site",
            site,
            "a.site IN (SELECT name FROM sites WHERE name = :site OR NOT EXISTS (SELECT 1 FROM sites WHERE name = :site) "
            "AND :site IN (title, publisher, region, city))",
        ),
        ("region", region, "a.site IN (SELECT name FROM sites WHERE region = :region)"),
        ("source", source, "a.source = :source"),
        ("since", since.isoformat() if since else None, "a.published_at >= :since"),
        ("before", _after(until) if until else None, "a.published_at < :before"),
    ):
        if value:
            where.append(condition)
            values[name] = value
    return where, values


# -- parts of the above


def _at(names: Sequence[str] | None, column: str) -> tuple[str, list[str]]:
    """A condition that a column names one of the sites, with its values; none for ``None``."""
    return ("", []) if names is None else (f" AND {column} IN ({', '.join('?' * len(names))})", list(names))


def _parts(numbers: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _after(day: date) -> str:
    """Where the next day begins, in the order of texts of times."""
    return (day + timedelta(days=1)).isoformat() if day < date.max else "9999-99"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
