"""Reprints: which stored articles have nearly the same text, and the sets that they form.

Each different text has one sketch (`newscrawl.sketch`), whichever articles have it. Its keys stand in ``bands`` (at first in
``bands_new``), so that a new text finds those it shares some with by fourteen look-ups, and no index has to be in memory. Candidates
are told by their sketches, then by their texts; pairs that hold are kept in ``alike``.

**What a cluster is.** Texts and the pairs between them are a graph. A text weighs what it has in common with its neighbours: the sum
of their squared similarities, each as often as articles have it. The heaviest text becomes a core and takes in every text that is
alike to it; the heaviest of those left becomes the next core, and so on (star clustering; equal weights are told by length, then by
the text itself). A text that is alike to several cores goes to the one it is most similar to. A cluster is the articles of a core and
of its texts, where these are two articles or more.

So each member is alike to one text, the core: chains do not grow, whatever stands between them. The answer depends on what is stored
and on nothing else: not on the order of arrival, not on numbers of rows, not on restarts. When a member leaves, the sets are made anew
for all that was connected to it, and what it alone held together falls apart.

A text that one site has under `BOILERPLATE_TITLES` titles or more is that site's boilerplate (a disclaimer, a player's notice): it is
part of no cluster.

`place` and `remove` belong into the transaction that writes the article, `settle` at its end. What they left unsettled, a deleted
article's text included, waits in a table of its own: the next `settle` does it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from newscrawl import sketch as sketches
from newscrawl.sketch import Credits, Sketch, Text

BOILERPLATE_TITLES = 5

CROWD = 200
"""Texts that look alike to a new one, beyond which it is a template's or a trap's: it is compared with none of them. So thousands
of pages that differ in a word cost no more than others do; of these alone the clusters depend on which came first."""

_NEW_BANDS = 50_000
"""Rows of bands_new that are moved to bands at once: those of 3,600 texts, a megabyte."""

_CHUNK = 500
"""How many numbers one query names."""

# -- writing


def place(connection: sqlite3.Connection, article_id: int, body: str | None) -> None:
    """Give an article that is new, or whose text or credits have changed, its sketch, and find what its text is alike to.

    ``body`` is its body_text, which must stand in table articles already. Within the caller's transaction; `settle` before its end.
    """
    execute = connection.execute
    made = sketches.sketch(body)
    had = execute(
        "SELECT x.sketch_id, s.digest, s.version FROM article_sketches x LEFT JOIN sketches s ON s.id = x.sketch_id WHERE x.article_id = ?",
        (article_id,),
    ).fetchone()
    if had:
        if made and had[1:] == (made.digest, sketches.VERSION):
            # The same text: its credits or its time may tell another origin now.
            if execute("SELECT 1 FROM cluster_members WHERE article_id = ?", (article_id,)).fetchone():
                _unsettle(connection, had[0])
            return
        remove(connection, article_id)
    sketch_id = None
    if made:
        assert body
        sketch_id = _add(connection, made, body)
    execute("INSERT INTO article_sketches (article_id, sketch_id) VALUES (?, ?)", (article_id, sketch_id))


def remove(connection: sqlite3.Connection, article_id: int) -> None:
    """Take an article out of its cluster, before or without its deletion. Within the caller's transaction; `settle` before its end."""
    connection.execute("DELETE FROM article_sketches WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM cluster_members WHERE article_id = ?", (article_id,))


def _add(connection: sqlite3.Connection, made: Sketch, body: str) -> int:
    """The number of a text's sketch, which is stored where it is new, with its pairs."""
    execute = connection.execute
    marks = ", ".join("?" * len(made.keys))
    found_by = (
        f"SELECT sketch_id FROM bands WHERE key IN ({marks}) UNION ALL SELECT sketch_id FROM bands_new WHERE key IN ({marks})"  # noqa: S608
    )
    met = [other for (other,) in execute(found_by, made.keys * 2)]
    least = min(sketches.SHARED_KEYS, len(made.keys))
    # Most texts meet nobody twice.
    often = [other for other, times in Counter(met).items() if times >= least] if len(met) >= least else []
    rows = _named(connection, "SELECT id, grams, digest, bins, figures, version FROM sketches WHERE id IN ({})", often)
    found = [row[:5] for row in rows if row[5] == sketches.VERSION]
    for row in found:
        if row[2] == made.digest:
            _unsettle(connection, row[0])
            return int(row[0])
    (sketch_id,) = execute(
        "INSERT INTO sketches (version, grams, digest, bins, keys, figures) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (sketches.VERSION, made.grams, made.digest, made.bins, np.array(made.keys, "<i4").tobytes(), made.figures),
    ).fetchone()
    connection.executemany("INSERT INTO bands_new (key, sketch_id) VALUES (?, ?)", [(key, sketch_id) for key in made.keys])
    if found:
        pairs = _pairs(connection, made, body, found)
        if pairs:
            connection.executemany(
                "INSERT INTO alike (sketch_id, other_id, similarity, containment) VALUES (?, ?, ?, ?)",
                [row for other, *how in pairs for row in ((sketch_id, other, *how), (other, sketch_id, *how))],
            )
            _unsettle(connection, sketch_id)
    return int(sketch_id)


def _pairs(connection: sqlite3.Connection, made: Sketch, body: str, found: Sequence[Any]) -> list[tuple[int, float, float]]:
    """Those of the candidates (id, grams, digest, bins, figures) that are alike to a text: id, similarity, containment."""
    _, grams, _, bins, figures = zip(*found, strict=True)
    mine = None
    pairs: list[tuple[int, float, float]] = []
    places = sketches.worth_a_look(made, grams, bins, figures)
    if len(places) > CROWD:
        return pairs
    for place in places:
        other = found[place][0]
        theirs = _body(connection, other)
        if theirs is None:
            continue
        mine = mine or Text(body)
        likeness = sketches.compare(mine, Text(theirs))
        if likeness.alike:
            pairs.append((other, likeness.similarity, likeness.containment))
    return pairs


def _body(connection: sqlite3.Connection, sketch_id: int) -> str | None:
    row = connection.execute(
        "SELECT body_text FROM articles WHERE id = (SELECT min(article_id) FROM article_sketches WHERE sketch_id = ?)",
        (sketch_id,),
    ).fetchone()
    return row[0] if row else None


def _unsettle(connection: sqlite3.Connection, sketch_id: int) -> None:
    connection.execute("INSERT OR IGNORE INTO unsettled (sketch_id) VALUES (?)", (sketch_id,))


# -- clusters


def settle(connection: sqlite3.Connection) -> None:
    """Make the clusters anew around every text that came, went or changed. Within the caller's transaction."""
    if connection.execute("SELECT count(*) FROM bands_new").fetchone()[0] >= _NEW_BANDS:
        # In the order of keys each page is written once for several of them; one by one, each would be a page of its own.
        connection.execute("INSERT INTO bands SELECT key, sketch_id FROM bands_new ORDER BY key, sketch_id")
        connection.execute("DELETE FROM bands_new")
    seeds = [row[0] for row in connection.execute("SELECT sketch_id FROM unsettled")]
    if not seeds:
        return
    connection.execute("DELETE FROM unsettled")
    for seed in list(seeds):
        if not connection.execute("SELECT 1 FROM article_sketches WHERE sketch_id = ? LIMIT 1", (seed,)).fetchone():
            seeds += _drop(connection, seed)
    done: set[int] = set()
    taken: set[int] = set()
    for seed in seeds:
        if seed not in done:
            edges = _connected(connection, seed)
            done |= edges.keys()
            _cluster(connection, edges, taken)


def _drop(connection: sqlite3.Connection, sketch_id: int) -> list[int]:
    """Forget a text that no article has any more; the texts that were alike to it."""
    execute = connection.execute
    row = execute("SELECT keys FROM sketches WHERE id = ?", (sketch_id,)).fetchone()
    if row:
        keys = np.frombuffer(row[0], "<i4").tolist()
        for table in ("bands", "bands_new"):
            connection.executemany(f"DELETE FROM {table} WHERE key = ? AND sketch_id = ?", [(key, sketch_id) for key in keys])  # noqa: S608
    neighbours = [other for (other,) in execute("SELECT other_id FROM alike WHERE sketch_id = ?", (sketch_id,))]
    connection.executemany("DELETE FROM alike WHERE sketch_id = ? AND other_id = ?", [(other, sketch_id) for other in neighbours])
    execute("DELETE FROM alike WHERE sketch_id = ?", (sketch_id,))
    execute("DELETE FROM sketches WHERE id = ?", (sketch_id,))
    return neighbours


class _Edge(NamedTuple):
    similarity: float
    containment: float


_Edges = dict[int, dict[int, _Edge]]


def _connected(connection: sqlite3.Connection, seed: int) -> _Edges:
    """All texts that pairs lead to from one, each with its pairs."""
    edges: _Edges = {}
    if connection.execute("SELECT 1 FROM sketches WHERE id = ?", (seed,)).fetchone():
        edges[seed] = {}
    fresh = list(edges)
    while fresh:
        found = _named(
            connection, "SELECT sketch_id, other_id, similarity, containment FROM alike WHERE sketch_id IN ({})", fresh
        )
        fresh = []
        for one, other, *how in found:
            edges[one][other] = _Edge(*how)
            if other not in edges:
                edges[other] = {}
                fresh.append(other)
    return edges


def _named(connection: sqlite3.Connection, sql: str, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Rows of a query with ``IN ({})``, asked for so many numbers at a time."""
    for start in range(0, len(numbers), _CHUNK):
        some = numbers[start : start + _CHUNK]
        yield from connection.execute(sql.format(", ".join("?" * len(some))), some)


@dataclass(frozen=True, slots=True)
class Node:
    """A text as clustering sees it: how many articles have it, its length in grams, and what tells it from all others."""

    articles: int
    grams: int
    digest: int


def stars(nodes: Mapping[int, Node], similarity: Mapping[int, Mapping[int, float]]) -> list[list[int]]:
    """The sets of texts that form clusters, each with its core first; texts that stand alone too.

    ``similarity``: for each text those alike to it, both ways. See the head of this module.
    """
    # Thousandths: whole numbers add up to the same sum in any order.
    near = {
        one: {other: round(1000 * value) for other, value in similarity.get(one, {}).items() if other in nodes} for one in nodes
    }
    weight = {
        one: 1_000_000 * (node.articles - 1) + sum(nodes[other].articles * value**2 for other, value in near[one].items())
        for one, node in nodes.items()
    }
    order = sorted(nodes, key=lambda one: (-weight[one], -nodes[one].grams, nodes[one].digest))
    core: dict[int, list[int]] = {}
    taken: set[int] = set()
    for one in order:
        if one not in taken:
            core[one] = [one]
            taken |= near[one].keys()
    rank = {one: place for place, one in enumerate(order)}
    for one in order:
        if one not in core:
            core[min((other for other in near[one] if other in core), key=lambda other: (-near[one][other], rank[other]))].append(
                one
            )
    return list(core.values())


@dataclass(slots=True)
class Member:
    """An article as the search for the origin sees it. ``site_title`` is the site's name for people; times as in table articles."""

    id: int
    sketch_id: int
    url: str
    site: str
    site_title: str | None
    publisher: str | None
    title: str
    source: str | None
    published_at: str | None
    precision: str | None
    characters: int
    credits: Credits = field(default_factory=Credits)


def _cluster(connection: sqlite3.Connection, edges: _Edges, taken: set[int]) -> None:
    """Bring the clusters of connected texts to what they are now; ``taken`` are the numbers that others got in this go."""
    numbers = sorted(edges)
    holders: dict[int, list[Member]] = defaultdict(list)
    for row in _named(
        connection,
        "SELECT a.id, x.sketch_id, a.url, a.site, s.title, a.publisher, a.title, a.source, a.published_at, a.published_precision, a.characters "
        "FROM article_sketches x JOIN articles a ON a.id = x.article_id JOIN sites s ON s.name = a.site WHERE x.sketch_id IN ({})",
        numbers,
    ):
        holders[row[1]].append(Member(*row))
    nodes = {
        number: Node(len(holders[number]), grams, digest)
        for number, grams, digest in _named(connection, "SELECT id, grams, digest FROM sketches WHERE id IN ({})", numbers)
        if holders[number] and not _is_boilerplate(holders[number])
    }
    near = {one: {other: edge.similarity for other, edge in found.items()} for one, found in edges.items()}
    groups = [[member for text in texts for member in holders[text]] for texts in stars(nodes, near)]
    groups = [sorted(group, key=lambda member: member.id) for group in groups if len(group) > 1]
    everyone = [member.id for members in holders.values() for member in members]
    stood = {
        article: (cluster, _Edge(*how))
        for article, cluster, *how in _named(
            connection,
            "SELECT article_id, cluster_id, similarity, containment FROM cluster_members WHERE article_id IN ({})",
            everyone,
        )
    }
    rows: dict[int, tuple[int, _Edge]] = {}
    for number, group in _numbered(groups, {article: cluster for article, (cluster, _) in stood.items()}, taken):
        for member in group:
            (body,) = connection.execute("SELECT body_text FROM articles WHERE id = ?", (member.id,)).fetchone()
            member.credits = sketches.credits_in(body)
        first, reasons = origin(group)
        likeness = _likeness(connection, first.sketch_id, {member.sketch_id for member in group}, edges)
        cluster_id = _write_cluster(connection, number, group, first, reasons)
        rows |= {member.id: (cluster_id, likeness[member.sketch_id]) for member in group}
    connection.executemany(
        "INSERT INTO cluster_members (article_id, cluster_id, similarity, containment) VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE "
        "SET cluster_id = excluded.cluster_id, similarity = excluded.similarity, containment = excluded.containment",
        [(article, cluster, *how) for article, (cluster, how) in rows.items() if stood.get(article) != (cluster, how)],
    )
    connection.executemany(
        "DELETE FROM cluster_members WHERE article_id = ?", [(article,) for article in stood if article not in rows]
    )
    left = {cluster for cluster, _ in stood.values()} - {cluster for cluster, _ in rows.values()}
    connection.executemany(
        "DELETE FROM clusters WHERE id = ? AND NOT EXISTS (SELECT 1 FROM cluster_members WHERE cluster_id = clusters.id)",
        [(cluster,) for cluster in left],
    )


def _is_boilerplate(members: Sequence[Member]) -> bool:
    if len(members) < BOILERPLATE_TITLES:
        return False
    titles: dict[str, set[str]] = defaultdict(set)
    for member in members:
        titles[member.site].add("".join(member.title.split()))
    return max(map(len, titles.values())) >= BOILERPLATE_TITLES


def _numbered(groups: list[list[Member]], stood: Mapping[int, int], taken: set[int]) -> Iterator[tuple[int | None, list[Member]]]:
    """Each group with the number that most of its members had as a cluster; larger groups choose first."""
    for group in sorted(groups, key=lambda group: (-len(group), group[0].id)):
        had = Counter(stood[member.id] for member in group if member.id in stood)
        free = (number for number, _ in sorted(had.items(), key=lambda item: (-item[1], item[0])) if number not in taken)
        number = next(free, None)
        if number is not None:
            taken.add(number)
        yield number, group


def _likeness(connection: sqlite3.Connection, first: int, texts: Iterable[int], edges: _Edges) -> dict[int, _Edge]:
    """How alike each text is to the origin's; two that are alike to the core only are compared now."""
    out = {}
    origin_text = None
    for text in texts:
        if text == first:
            out[text] = _Edge(1.0, 1.0)
        elif text in edges[first]:
            out[text] = edges[first][text]
        else:
            origin_text = origin_text or Text(_body(connection, first) or "")
            found = sketches.compare(origin_text, Text(_body(connection, text) or ""))
            out[text] = _Edge(found.similarity, found.containment)
    return out


def _write_cluster(
    connection: sqlite3.Connection, number: int | None, group: Sequence[Member], first: Member, reasons: Sequence[str]
) -> int:
    times = sorted(
        ((_earliest(member), member.published_at) for member in group if member.published_at), key=lambda pair: pair[0]
    )
    row = (
        len(group), len({member.sketch_id for member in group}), len({member.site for member in group}),
        len({member.publisher or member.site for member in group}), first.id, json.dumps(reasons, ensure_ascii=False),
        times[0][1] if times else None, times[-1][1] if times else None,
    )  # fmt: skip
    (cluster_id,) = connection.execute(
        "INSERT INTO clusters (id, articles, texts, sites, publishers, origin_id, origin_reasons, first_published_at, last_published_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET articles = excluded.articles, texts = excluded.texts, "
        "sites = excluded.sites, publishers = excluded.publishers, origin_id = excluded.origin_id, origin_reasons = excluded.origin_reasons, "
        "first_published_at = excluded.first_published_at, last_published_at = excluded.last_published_at RETURNING id",
        (number, *row),
    ).fetchone()
    return int(cluster_id)


# -- origin

_MARKS = re.compile(r"[\W_]+")
_CHANNEL = re.compile("(?:频道|网站|官网|客户端|微信公众号|公众号|官方微博|微博|微信)$")
_LAST = {"second": timedelta(0), "minute": timedelta(seconds=59), "hour": timedelta(minutes=59, seconds=59), "day": timedelta(hours=23, minutes=59, seconds=59)}  # fmt: skip


def origin(members: Sequence[Member]) -> tuple[Member, list[str]]:
    """The member that the others were most likely taken from, and the reasons for it, a line each.

    First counts how many other members credit it: with a 来源 or a 转载自 that names its publisher or site, or with a 原标题 that is
    its title. Then whether it credits somebody else itself. Then who is earliest; a time that is exact to the day counts as that day's
    end. Then whose text is longest. What is still equal is told by the address.
    """
    credited = {one.id: [other for other in members if other is not one and _credits(other, one)] for one in members}
    taker = {one.id: _takes(one) for one in members}

    def order(one: Member) -> tuple[Any, ...]:
        return (-len(credited[one.id]), taker[one.id], _latest(one), -one.characters, one.url)

    first = min(members, key=order)
    reasons = []
    if credited[first.id]:
        count = len(credited[first.id])
        names = Counter(how for other in credited[first.id] if (how := _credits(other, first)))
        reasons.append(
            f"{count} {'other credits' if count == 1 else 'others credit'} it: {'、'.join(name for name, _ in names.most_common(3))}"
        )
    if _owns(first):
        reasons.append(f"its own 来源: {first.source}")
    earliest = min(_latest(one) for one in members)
    if first.published_at and _latest(first) == earliest:
        sure = all(one is first or _earliest(one) > _latest(first) for one in members)
        reasons.append(f"{'earliest' if sure else 'none is earlier for sure'}: {_shown(first)}")
    longest = max(one.characters for one in members)
    if first.characters == longest and any(one.characters < longest for one in members):
        reasons.append(f"longest text: {longest} characters")
    return first, reasons or ["nothing tells them apart"]


def _plain(name: str | None) -> str:
    return _CHANNEL.sub("", _MARKS.sub("", name or "").lower())


def is_named(name: str, member: Member) -> bool:
    """Whether a credit names a member's site or publisher: 大众网, 大众网威海, 大众网·威海频道."""
    plain = _plain(name)
    if len(plain) < 2:
        return False
    publisher, title = _plain(member.publisher), _plain(member.site_title)
    return plain in (publisher, title) or (len(title) > 2 and title in plain)


def names_credited(member: Member) -> list[str]:
    """Whom an article credits: its 来源, then those that its text names."""
    return [name for name in (member.source, *member.credits.names) if name]


def _credits(member: Member, other: Member) -> str | None:
    """How a member credits another one, as printed; ``None`` where it does not, or where it credits its own house."""
    for name in names_credited(member):
        if is_named(name, other) and not is_named(name, member):
            return f"来源 {name}"
    if member.credits.original_title and other.title:
        given, title = _plain(member.credits.original_title), _plain(other.title)
        if given == title and title != _plain(member.title):
            return f"原标题 {member.credits.original_title}"
    return None


def _owns(member: Member) -> bool:
    return bool(member.source) and is_named(member.source or "", member)


def _takes(member: Member) -> bool:
    """Whether a member says that it is not the first: it credits another house, or carries a 原标题."""
    return any(not is_named(name, member) for name in names_credited(member)) or member.credits.original_title is not None


def _earliest(member: Member) -> datetime:
    if not member.published_at:
        return datetime.max.replace(tzinfo=UTC)
    moment = datetime.fromisoformat(member.published_at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _latest(member: Member) -> datetime:
    return _earliest(member) + _LAST.get(member.precision or "second", timedelta(0)) if member.published_at else _earliest(member)


def _shown(member: Member) -> str:
    assert member.published_at
    length = {"day": 10, "hour": 13, "minute": 16}.get(member.precision or "", 19)
    return member.published_at[:length].replace("T", " ")


# -- upkeep


def unsketched(connection: sqlite3.Connection) -> int:
    """How many articles have not been looked at, or by another version of the algorithm."""
    (count,) = connection.execute(
        "SELECT count(*) FROM articles a LEFT JOIN article_sketches x ON x.article_id = a.id LEFT JOIN sketches s ON s.id = x.sketch_id "
        "WHERE x.article_id IS NULL OR s.version <> ?",
        (sketches.VERSION,),
    ).fetchone()
    return int(count)


def rebuild(connection: sqlite3.Connection, batch: int = 200) -> Iterator[int]:
    """Sketch every article that has no sketch of today's version, then make all clusters anew; yields how many articles each step took.

    Each step is a transaction of its own, so that a crawl can write between them, and a rebuild that is cut short goes on where it was.
    Memory does not grow with the database.
    """
    last = 0
    while True:
        connection.execute("BEGIN IMMEDIATE")
        try:
            rows = connection.execute(
                "SELECT a.id, a.body_text FROM articles a LEFT JOIN article_sketches x ON x.article_id = a.id "
                "LEFT JOIN sketches s ON s.id = x.sketch_id WHERE a.id > ? AND s.version IS NOT ? ORDER BY a.id LIMIT ?",
                (last, sketches.VERSION, batch),
            ).fetchall()
            for article_id, body in rows:
                place(connection, article_id, body)
            settle(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        if not rows:
            break
        last = rows[-1][0]
        yield len(rows)
    last = 0
    while True:
        connection.execute("BEGIN IMMEDIATE")
        try:
            numbers = [
                row[0]
                for row in connection.execute("SELECT id FROM sketches WHERE id > ? ORDER BY id LIMIT ?", (last, 50 * batch))
            ]
            if numbers:
                connection.execute(
                    "INSERT OR IGNORE INTO unsettled (sketch_id) SELECT sketch_id FROM alike WHERE sketch_id BETWEEN ? AND ? UNION "
                    "SELECT sketch_id FROM article_sketches WHERE sketch_id BETWEEN ? AND ? GROUP BY sketch_id HAVING count(*) > 1",
                    (numbers[0], numbers[-1]) * 2,
                )
            settle(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        if not numbers:
            break
        last = numbers[-1]
        yield 0


# -- questions


def count(connection: sqlite3.Connection) -> int:
    """How many clusters there are."""
    return int(connection.execute("SELECT count(*) FROM clusters").fetchone()[0])


def cluster_of(connection: sqlite3.Connection, article_id: int) -> int | None:
    """The number of an article's cluster, where it is in one."""
    row = connection.execute("SELECT cluster_id FROM cluster_members WHERE article_id = ?", (article_id,)).fetchone()
    return row[0] if row else None


def cluster(connection: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    """A cluster's row, with its ``members`` from the first to the last: rows of articles with ``site_title``, ``similarity``,
    ``containment``, ``body_text`` and ``origin`` (true for one). ``None`` where there is no such cluster."""
    cursor = connection.execute("SELECT * FROM clusters WHERE id = ?", (number,))
    row = next(_rows(cursor), None)
    if row is None:
        return None
    row["origin_reasons"] = json.loads(row["origin_reasons"])
    cursor = connection.execute(
        "SELECT a.id, a.published_at, a.published_precision, a.first_seen, a.site, s.title AS site_title, a.publisher, a.source, a.title, a.url, "
        "a.characters, m.similarity, m.containment, a.id IS ? AS origin, a.body_text FROM cluster_members m JOIN articles a ON a.id = m.article_id "
        "JOIN sites s ON s.name = a.site WHERE m.cluster_id = ? ORDER BY a.published_at IS NULL, datetime(a.published_at), NOT origin, a.first_seen, a.id",
        (row["origin_id"], number),
    )
    row["members"] = [{**member, "origin": bool(member["origin"])} for member in _rows(cursor)]
    return row


def listing(
    connection: sqlite3.Connection, *, since: date | None = None, newest: bool = False, most: int = 20
) -> list[dict[str, Any]]:
    """Clusters with their origin's title, site and address: the largest first, or those with the newest member first.

    ``since``: only those with a member published on that day (as printed) or later.
    """
    order = "datetime(c.last_published_at) DESC" if newest else "c.articles DESC, datetime(c.last_published_at) DESC"
    cursor = connection.execute(
        "SELECT c.id, c.articles, c.texts, c.sites, c.publishers, c.first_published_at, c.last_published_at, c.origin_id, a.title, a.site, a.publisher, "  # noqa: S608
        "a.source, a.url FROM clusters c LEFT JOIN articles a ON a.id = c.origin_id WHERE ? IS NULL OR substr(c.last_published_at, 1, 10) >= ? "
        f"ORDER BY {order}, c.id LIMIT ?",
        (*(2 * (since.isoformat() if since else None,)), most),
    )
    return list(_rows(cursor))


def _rows(cursor: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
