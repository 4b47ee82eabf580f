"""Questions about who is credited: sources (来源) and the people of bylines, each with what it made, where and when.

Times are ISO 8601 as the pages print them, nearly all of them China's (+08:00); a day or month is the first characters of such a time.
A byline carries a name and nothing else: one name may be several persons.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

ROLES = ("reporter", "author", "correspondent", "editor")
"""The roles of bylines, most often asked for first."""

BOUND = 2000
"""Of how many articles, the newest, a page tells what was recommended and reprinted of somebody's; more would take seconds."""

TOP = 10


@dataclass(frozen=True, slots=True)
class Credit:
    """A source or a person in a list: articles, on how many sites, when first and last (ISO 8601; ``None`` where no time is known)."""

    name: str
    articles: int
    sites: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: how many there are in all, how many articles they have together, and those of the page."""

    total: int
    articles: int
    credits: list[Credit]


@dataclass(frozen=True, slots=True)
class Counted:
    """A name with a number of articles; ``note``: what stands beside it (a site's title, an editor's label)."""

    name: str
    articles: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article in a list; ``count``: how many articles recommend it, or are reprints of one another with it."""

    id: int
    title: str
    published_at: str | None
    published_precision: str | None
    site: str
    site_title: str
    source: str | None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Journey:
    """A text that several publishers carry with the same credit: its cluster, the title of its likely origin, how far it came and
    when it was first and last published (ISO 8601)."""

    cluster: int
    title: str
    articles: int
    publishers: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """All that a source's page shows. ``days``: articles by day (``2017-07-28``); ``undated``: those without a time."""

    name: str
    articles: int
    share: float
    first: str | None
    last: str | None
    days: dict[str, int]
    undated: int
    sites: list[Counted]
    people: dict[str, list[Counted]]
    latest: list[Article]
    recommended: list[Article]
    journeys: list[Journey]
    bounded: bool


@dataclass(frozen=True, slots=True)
class Person:
    """All that a person's page shows. ``roles``: articles by role; ``labels``: by what an editor's role is called in print
    (责任编辑); ``partners``: with whom, by the partner's role."""

    name: str
    articles: int
    roles: dict[str, int]
    labels: list[Counted]
    first: str | None
    last: str | None
    days: dict[str, int]
    undated: int
    sources: list[Counted]
    sites: list[Counted]
    partners: dict[str, list[Counted]]
    latest: list[Article]
    recommended: list[Article]
    reprinted: list[Article]
    bounded: bool


def sources(connection: sqlite3.Connection, *, words: str = "", limit: int = 50, offset: int = 0) -> Listing:
    """Sources by their number of articles; ``words``: only those whose name has this in it, in any case of Latin letters."""
    where = "source IS NOT NULL" + (" AND instr(lower(source), lower(:words)) > 0" if words else "")
    given = {"words": words, "limit": limit, "offset": offset}
    total, articles = connection.execute(
        f"SELECT count(*), coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM articles WHERE {where} GROUP BY source)",  # noqa: S608
        given,
    ).fetchone()
    rows = connection.execute(
        "SELECT c.source, c.n, (SELECT count(DISTINCT site) FROM articles WHERE source = c.source), c.first, c.last FROM ("  # noqa: S608
        f"SELECT source, count(*) AS n, min(published_at) AS first, max(published_at) AS last FROM articles WHERE {where} "
        "GROUP BY source ORDER BY n DESC, source LIMIT :limit OFFSET :offset) c",
        given,
    )
    return Listing(total, articles, [Credit(*row) for row in rows])


def people(
    connection: sqlite3.Connection, role: str, *, words: str = "", limit: int = 50, offset: int = 0
) -> tuple[Listing, dict[str, int]]:
    """People of a role (`ROLES`) by their number of articles, and how many names each role has; ``words`` as in `sources`.

    `Listing.articles` is 0 here: an article by two reporters would be there twice.
    """
    named = " AND instr(lower(name), lower(:words)) > 0" if words else ""
    given = {"role": role, "words": words, "limit": limit, "offset": offset}
    # The index has a name's roles together, so that each is met once; count(DISTINCT name) by role would sort them all.
    roles: dict[str, int] = dict.fromkeys(ROLES, 0) | dict(
        connection.execute(
            f"SELECT role, count(*) FROM (SELECT DISTINCT name, role FROM bylines WHERE true{named}) GROUP BY role",  # noqa: S608
            given,
        ).fetchall()
    )
    rows = connection.execute(
        "WITH top AS (SELECT name, count(DISTINCT article_id) AS n FROM bylines "  # noqa: S608
        f"WHERE role = :role{named} GROUP BY name ORDER BY n DESC, name LIMIT :limit OFFSET :offset) "
        "SELECT top.name, top.n, count(DISTINCT a.site), min(a.published_at), max(a.published_at) FROM top "
        "CROSS JOIN bylines b ON b.name = top.name AND b.role = :role CROSS JOIN articles a ON a.id = b.article_id "
        "GROUP BY top.name ORDER BY top.n DESC, top.name",
        given,
    )
    return Listing(roles.get(role, 0), 0, [Credit(*row) for row in rows]), roles


_ARTICLE = "a.id, a.title, a.published_at, a.published_precision, a.site, coalesce(s.title, a.site), a.source"
_OF_SOURCE = "SELECT id FROM articles WHERE source = :name ORDER BY published_at DESC, id DESC"
_OF_PERSON = (
    "SELECT DISTINCT a.id FROM bylines b CROSS JOIN articles a ON a.id = b.article_id WHERE b.name = :name "
    "ORDER BY a.published_at DESC, a.id DESC"
)


def source(connection: sqlite3.Connection, name: str, *, limit: int = 20, offset: int = 0) -> Source | None:
    """A source by its exact name, ``None`` where none is stored; ``limit`` and ``offset`` are of its latest articles."""
    given = {"name": name}
    days = _days(connection, "SELECT substr(published_at, 1, 10), count(*) FROM articles WHERE source = :name GROUP BY 1", name)
    articles = sum(days.values())
    if not articles:
        return None
    first, last = connection.execute(
        "SELECT min(published_at), max(published_at) FROM articles WHERE source = :name", given
    ).fetchone()
    (stored,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    sites = connection.execute(
        "SELECT c.site, c.n, coalesce(s.title, c.site) FROM (SELECT site, count(*) AS n FROM articles WHERE source = :name GROUP BY site) c "
        "LEFT JOIN sites s ON s.name = c.site ORDER BY c.n DESC, c.site",
        given,
    )
    people = connection.execute(
        "SELECT b.role, b.name, count(DISTINCT b.article_id) AS n FROM articles a CROSS JOIN bylines b ON b.article_id = a.id "
        "WHERE a.source = :name GROUP BY b.role, b.name ORDER BY n DESC, b.name",
        given,
    )
    latest = connection.execute(
        f"SELECT {_ARTICLE} FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.source = :name "  # noqa: S608
        "ORDER BY a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset",
        {**given, "limit": limit, "offset": offset},
    )
    journeys = connection.execute(
        f"WITH own AS ({_OF_SOURCE} LIMIT :bound) "  # noqa: S608
        "SELECT m.cluster_id, coalesce(o.title, max(a.title)), count(*) AS articles, count(DISTINCT coalesce(a.publisher, a.site)) AS publishers, "
        "min(a.published_at) AS first, max(a.published_at) FROM own CROSS JOIN cluster_members m ON m.article_id = own.id "
        "CROSS JOIN articles a ON a.id = own.id JOIN clusters c ON c.id = m.cluster_id LEFT JOIN articles o ON o.id = c.origin_id "
        "GROUP BY m.cluster_id HAVING publishers > 1 ORDER BY publishers DESC, articles DESC, first DESC, m.cluster_id LIMIT :top",
        {**given, "bound": BOUND, "top": TOP},
    )
    return Source(
        name, articles, articles / stored, first, last, {day: n for day, n in days.items() if day}, days.get("", 0),
        [Counted(*row) for row in sites], _by_role(people.fetchall()), [Article(*row) for row in latest],
        _recommended(connection, _OF_SOURCE, name), [Journey(*row) for row in journeys], articles > BOUND,
    )  # fmt: skip


def person(connection: sqlite3.Connection, name: str, *, limit: int = 20, offset: int = 0) -> Person | None:
    """A person by the exact name, ``None`` where no byline has it; ``limit`` and ``offset`` are of the latest articles."""
    given = {"name": name}
    roles = dict(
        connection.execute(
            "SELECT role, count(DISTINCT article_id) AS n FROM bylines WHERE name = :name GROUP BY role ORDER BY n DESC, role",
            given,
        ).fetchall()
    )
    if not roles:
        return None
    own = "(SELECT DISTINCT article_id FROM bylines WHERE name = :name) b CROSS JOIN articles a ON a.id = b.article_id"
    rows = connection.execute(f"SELECT a.published_at, a.source, a.site FROM {own}", given).fetchall()  # noqa: S608
    days: dict[str, int] = {}
    by_source: dict[str, int] = {}
    by_site: dict[str, int] = {}
    for published, credited, site in rows:
        for counts, value in ((days, (published or "")[:10]), (by_source, credited or ""), (by_site, site)):
            counts[value] = counts.get(value, 0) + 1
    times = sorted(published for published, _, _ in rows if published)
    titles = dict(connection.execute("SELECT name, coalesce(title, name) FROM sites").fetchall())
    labels = connection.execute(
        "SELECT label, count(DISTINCT article_id) AS n FROM bylines WHERE name = :name AND label IS NOT NULL GROUP BY label "
        "ORDER BY n DESC, label",
        given,
    )
    partners = connection.execute(
        "SELECT o.role, o.name, count(DISTINCT o.article_id) AS n FROM (SELECT DISTINCT article_id FROM bylines WHERE name = :name) b "
        "CROSS JOIN bylines o ON o.article_id = b.article_id WHERE o.name <> :name GROUP BY o.role, o.name ORDER BY n DESC, o.name",
        given,
    )
    latest = connection.execute(
        f"SELECT {_ARTICLE} FROM {own} LEFT JOIN sites s ON s.name = a.site "  # noqa: S608
        "ORDER BY a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset",
        {**given, "limit": limit, "offset": offset},
    )
    reprinted = connection.execute(
        f"WITH own AS ({_OF_PERSON} LIMIT :bound), top AS ("  # noqa: S608
        "SELECT c.id, min(own.id) AS article, c.articles FROM own CROSS JOIN cluster_members m ON m.article_id = own.id "
        "CROSS JOIN clusters c ON c.id = m.cluster_id GROUP BY c.id ORDER BY c.articles DESC, c.id LIMIT :top) "
        f"SELECT {_ARTICLE}, top.articles FROM top CROSS JOIN articles a ON a.id = top.article LEFT JOIN sites s ON s.name = a.site "
        "ORDER BY top.articles DESC, a.published_at DESC, a.id",
        {**given, "bound": BOUND, "top": TOP},
    )
    return Person(
        name, len(rows), roles, [Counted(*row) for row in labels], times[0] if times else None, times[-1] if times else None,
        {day: n for day, n in sorted(days.items()) if day}, days.get("", 0),
        [Counted(value, n) for value, n in _most(by_source) if value],
        [Counted(value, n, titles.get(value, value)) for value, n in _most(by_site)],
        _by_role(partners.fetchall()), [Article(*row) for row in latest], _recommended(connection, _OF_PERSON, name),
        [Article(*row) for row in reprinted], len(rows) > BOUND,
    )  # fmt: skip


def _days(connection: sqlite3.Connection, sql: str, name: str) -> dict[str, int]:
    return {day or "": count for day, count in connection.execute(sql, {"name": name})}


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _by_role(rows: Sequence[tuple[str, str, int]]) -> dict[str, list[Counted]]:
    """Rows of role, name and number, the greatest first, as lists by role, the roles in our order."""
    found: dict[str, list[Counted]] = {role: [] for role in ROLES}
    for role, name, articles in rows:
        found.setdefault(role, []).append(Counted(name, articles))
    return {role: names for role, names in found.items() if names}


def _recommended(connection: sqlite3.Connection, own: str, name: str) -> list[Article]:
    """Which articles out of `own`, the newest `BOUND`, most others recommend: how many articles have or had such a link."""
    # Links are counted in the index first, and looked at one by one only where there are many.
    rows = connection.execute(
        f"WITH own AS ({own} LIMIT :bound), "  # noqa: S608
        "many AS (SELECT own.id, (SELECT count(*) FROM article_links WHERE target_id = own.id AND kind = 'recommended') AS links FROM own "
        "ORDER BY links DESC, own.id LIMIT 5 * :top), "
        "top AS (SELECT many.id, count(DISTINCT l.article_id) AS n FROM many CROSS JOIN article_links l ON l.target_id = many.id "
        "AND l.kind = 'recommended' AND l.article_id <> l.target_id GROUP BY many.id ORDER BY n DESC, many.id LIMIT :top) "
        f"SELECT {_ARTICLE}, top.n FROM top CROSS JOIN articles a ON a.id = top.id LEFT JOIN sites s ON s.name = a.site "
        "ORDER BY top.n DESC, a.published_at DESC, a.id",
        {"name": name, "bound": BOUND, "top": TOP},
    )
    return [Article(*row) for row in rows]
