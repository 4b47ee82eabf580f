"""Questions about links: an article's own, those that lead to it, those that lead nowhere yet, and all of them as a graph."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from newscrawl import discovery
from newscrawl.days import midnight
from newscrawl.graph import Edge, Node
from newscrawl.store.frontier import UNSETTLED

_STATE = f"""
CASE WHEN t.id IS NOT NULL THEN 'stored' WHEN l.target_key IS NULL THEN 'no address' WHEN p.key IS NULL THEN 'not crawled'
     WHEN (SELECT 1 FROM pages WHERE key = p.key AND {UNSETTLED}) THEN 'waiting' ELSE p.verdict END
"""  # noqa: S608
_OUTGOING = f"""
SELECT l.id, l.kind, l.heading, l.block, l.position, coalesce(l.full_title, l.title) AS title, l.url, l.first_seen, l.gone_at,
       {_STATE} AS state, CASE WHEN t.id IS NULL THEN nullif(p.why, '') END AS why,
       t.id AS target_id, t.title AS target_title, t.published_at AS target_published_at,
       t.published_precision AS target_published_precision, t.site AS target_site, s.title AS target_site_title,
       t.publisher AS target_publisher, t.url AS target_url
FROM article_links l LEFT JOIN articles t ON t.id = l.target_id LEFT JOIN sites s ON s.name = t.site
     LEFT JOIN pages p ON p.key = l.target_key
WHERE l.article_id = ?
"""  # noqa: S608
_INCOMING = """
SELECT l.id, l.kind, l.heading, l.position, coalesce(l.full_title, l.title) AS title, l.first_seen, l.gone_at,
       f.id AS from_id, f.title AS from_title, f.published_at AS from_published_at,
       f.published_precision AS from_published_precision, f.site AS from_site, s.title AS from_site_title,
       f.publisher AS from_publisher, f.url AS from_url
FROM article_links l JOIN articles f ON f.id = l.article_id LEFT JOIN sites s ON s.name = f.site
"""


def head(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """An article's number, address, title, time and site."""
    return _rows(
        connection,
        "SELECT a.id, a.url, a.title, a.published_at, a.published_precision, a.site, s.title AS site_title, a.publisher "
        "FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.id = ?",
        article_id,
    )[0]


def outgoing(
    connection: sqlite3.Connection, article_id: int, *, kinds: Collection[str] = (), closed: bool = False
) -> list[dict[str, Any]]:
    """The links beside an article in page order; ``kinds``: only these; ``closed``: after them those that have vanished.

    ``state`` says what is known of a link's target: stored; waiting (found, no lasting answer yet); a verdict where it was
    fetched and gave no article, with its ``why``; not crawled; no address. The columns ``target_…`` are null for all but the first.
    """
    order = "ORDER BY l.gone_at IS NOT NULL, l.block, l.position, l.id"
    return _rows(connection, f"{_OUTGOING} {_only(kinds, closed)} {order}", article_id, *kinds)


def incoming(
    connection: sqlite3.Connection,
    *,
    article_id: int | None = None,
    key: str | None = None,
    kinds: Collection[str] = (),
    closed: bool = False,
) -> list[dict[str, Any]]:
    """The links of other articles that lead to one, given by its number, or to an address that is not stored, by its key.

    The first seen come first.
    """
    where, wanted = _leading_to(article_id, key)
    order = "ORDER BY l.gone_at IS NOT NULL, l.first_seen, f.published_at, l.id"
    return _rows(connection, f"{_INCOMING} WHERE {where} {_only(kinds, closed)} {order}", wanted, *kinds)


def counted(
    connection: sqlite3.Connection,
    *,
    article_id: int | None = None,
    key: str | None = None,
    besides: Collection[str] = (),
    closed: bool = False,
) -> list[tuple[str, str | None, int]]:
    """How many articles there are beside which a link leads there, by kind and heading, ``besides`` those of some kinds."""
    where, wanted = _leading_to(article_id, key)
    marks = ", ".join("?" * len(besides))
    return connection.execute(
        f"SELECT l.kind, l.heading, count(DISTINCT l.article_id) AS articles FROM article_links l WHERE {where} {_only((), closed)} "  # noqa: S608
        f"AND l.kind NOT IN ({marks}) GROUP BY l.kind, l.heading ORDER BY articles DESC, l.kind, l.heading",
        [wanted, *besides],
    ).fetchall()


def _leading_to(article_id: int | None, key: str | None) -> tuple[str, int | str | None]:
    if key is None:
        return "l.target_id = ? AND l.article_id <> l.target_id", article_id
    return "l.target_key = ?", key


def _only(kinds: Collection[str], closed: bool) -> str:
    of = f" AND l.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    return of if closed else f"{of} AND l.gone_at IS NULL"


def uncrawled(
    connection: sqlite3.Connection,
    site: str,
    hosts: Collection[str],
    limit: int,
    *,
    accept: Callable[[str], object] | None = None,
) -> list[tuple[str, str, int]]:
    """What a site's stored articles recommend and nobody has fetched: address, the article it was found on, depth of links.

    Taken are open links of the kinds recommended and related, to the given hosts, whose address is no article's and has no
    lasting answer: what is pending is among them. ``accept`` is asked of each address. What most articles link comes first,
    then what was seen last; ``limit`` at most.
    """
    found: list[tuple[str, str, int]] = []
    if limit <= 0:
        return found
    for url, from_id, from_url, _ in connection.execute(
        # With max() alone the bare columns are those of its row: the newest article that links it (sqlite.org/lang_select.html).
        "SELECT l.url, f.id, f.url, max(l.first_seen) AS seen FROM articles f CROSS JOIN article_links l ON l.article_id = f.id "  # noqa: S608
        "WHERE f.site = ? AND l.target_id IS NULL AND l.target_key IS NOT NULL AND l.gone_at IS NULL "
        "AND l.kind IN ('recommended', 'related') "
        "AND NOT EXISTS (SELECT 1 FROM article_urls WHERE key = l.target_key) "
        f"AND NOT EXISTS (SELECT 1 FROM pages WHERE key = l.target_key AND NOT {UNSETTLED}) "
        "GROUP BY l.target_key ORDER BY count(DISTINCT f.id) DESC, seen DESC, l.target_key",
        (site,),
    ):
        if discovery.is_allowed(url, hosts) and (accept is None or accept(url)):
            depth = connection.execute("SELECT min(depth) FROM pages WHERE article_id = ?", (from_id,)).fetchone()[0]
            found.append((url, from_url, (depth or 0) + 1))
            if len(found) == limit:
                break
    return found


def sites_missing(connection: sqlite3.Connection, names: Sequence[str]) -> list[str]:
    """Those of the names that no site in the database has."""
    known = {name for (name,) in connection.execute("SELECT name FROM sites")}
    return [name for name in names if name not in known]


class Graph:
    """Articles and links that were chosen; made by `graph`. Nothing is held in memory: nodes and edges come as they are read."""

    def __init__(self, connection: sqlite3.Connection, kinds: Sequence[str], uncrawled: bool) -> None:
        self._connection, self._uncrawled = connection, uncrawled
        self._kinds = tuple(kinds)
        self._of = f" AND l.kind IN ({', '.join('?' * len(self._kinds))})" if self._kinds else ""

    def choose(self, since: date | None, until: date | None, sites: Sequence[str]) -> None:
        """Put on temporary tables which articles and addresses are nodes."""
        execute = self._connection.execute
        choose(self._connection, since, until, sites)
        execute("CREATE TEMP TABLE reached (id INTEGER PRIMARY KEY)")
        execute(
            "INSERT OR IGNORE INTO reached SELECT l.target_id FROM chosen c CROSS JOIN article_links l ON l.article_id = c.id "  # noqa: S608
            f"WHERE l.target_id IS NOT NULL AND l.target_id NOT IN (SELECT id FROM chosen){self._of}",
            self._kinds,
        )
        execute(
            "CREATE TEMP TABLE unstored (key TEXT PRIMARY KEY, name TEXT NOT NULL, link INTEGER NOT NULL, since TEXT NOT NULL) WITHOUT ROWID"
        )
        if self._uncrawled:
            # Named by the first link that ever led there: the same in every export.
            execute(
                "INSERT INTO unstored SELECT l.target_key, 'u' || (SELECT min(id) FROM article_links WHERE target_key = l.target_key), "  # noqa: S608
                "max(l.id), min(l.first_seen) FROM chosen c CROSS JOIN article_links l ON l.article_id = c.id "
                f"WHERE l.target_id IS NULL AND l.target_key IS NOT NULL{self._of} GROUP BY l.target_key",
                self._kinds,
            )

    def nodes(self) -> Iterator[Node]:
        """Articles by number, then the addresses that are not stored."""
        execute = self._connection.execute
        for number, title, url, site, publisher, source, region, published_at, first_seen in execute(
            # first_seen lies behind the text in a row: read only where it is needed.
            "SELECT a.id, a.title, a.url, a.site, a.publisher, a.source, a.region, a.published_at, "
            "CASE WHEN a.published_at IS NULL THEN a.first_seen END FROM "
            "(SELECT id FROM chosen UNION SELECT id FROM reached) n CROSS JOIN articles a ON a.id = n.id"
        ):
            since = published_at or first_seen
            yield Node(str(number), title, since, url, site, publisher, source, region, published_at, True)
        for name, title, url, source, since in execute(
            "SELECT u.name, coalesce(l.full_title, l.title), l.url, l.source, u.since FROM unstored u "
            "CROSS JOIN article_links l ON l.id = u.link"
        ):
            yield Node(name, title, since, url, None, None, source, None, None, False)

    def edges(self) -> Iterator[Edge]:
        """The links between those nodes, closed ones too, by the number of the article they stand beside."""
        target = (
            "coalesce(l.target_id, (SELECT name FROM unstored WHERE key = l.target_key))" if self._uncrawled else "l.target_id"
        )
        for number, article_id, to, *rest in self._connection.execute(
            f"SELECT l.id, c.id, {target} AS target, l.kind, l.heading, l.position, l.first_seen, l.gone_at "  # noqa: S608
            f"FROM chosen c CROSS JOIN article_links l ON l.article_id = c.id WHERE target IS NOT NULL{self._of} ORDER BY c.id",
            self._kinds,
        ):
            yield Edge(number, str(article_id), str(to), *rest)


@contextmanager
def graph(
    connection: sqlite3.Connection,
    *,
    kinds: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    sites: Sequence[str] = (),
    uncrawled: bool = False,
) -> Iterator[Graph]:
    """The link graph at one moment, however long it takes to read it and whatever is written meanwhile.

    Its articles are those published on the days from ``since`` to ``until`` on the ``sites``, and all that their links lead
    to; its edges are the links beside the former, of ``kinds`` alone where any are named. ``uncrawled``: addresses that are not
    stored are nodes too, else links to them are left out. ``connection`` must not be within a transaction; it may be read-only.
    """
    connection.execute("BEGIN")
    try:
        chosen = Graph(connection, kinds, uncrawled)
        chosen.choose(since, until, sites)
        yield chosen
    finally:
        # The temporary tables go with it.
        connection.execute("ROLLBACK")


def choose(connection: sqlite3.Connection, since: date | None, until: date | None, sites: Sequence[str]) -> None:
    """Put the numbers of articles on the temporary table ``chosen``, which is made: those published on the days from ``since`` to
    ``until`` on the ``sites``; nothing named: all. Within the caller's transaction, whose end takes the table away."""
    execute = connection.execute
    execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    where, values = "", list(sites)
    if sites:
        where = f" AND site IN ({', '.join('?' * len(sites))})"
    if since is None and until is None:
        execute(f"INSERT INTO chosen SELECT id FROM articles WHERE true{where}", values)  # noqa: S608
        return
    first, after = since or date.min, (until or date.max - timedelta(days=1)) + timedelta(days=1)
    # A time as a page prints it begins with its day; of an article without one, the day it was first seen counts.
    execute(
        f"INSERT INTO chosen SELECT id FROM articles WHERE published_at >= ? AND published_at < ?{where}",  # noqa: S608
        [first.isoformat(), after.isoformat(), *values],
    )
    execute(
        f"INSERT INTO chosen SELECT id FROM articles WHERE published_at IS NULL AND first_seen >= ? AND first_seen < ?{where}",  # noqa: S608
        [midnight(first), midnight(after), *values],
    )


def _rows(connection: sqlite3.Connection, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
