"""Full-text search: the index brought up to date, and questions to it.

The index is FTS5's, without the texts themselves: table ``articles_fts`` (title, body), rowid = articles.id, filled with the tokens of
`newscrawl.bigrams`. The title there is 引题, headline and 副题. Asking it needs no function of newscrawl's: Han as overlapping pairs in
quotes, one character alone with a star, a Latin word or number in lower case:

    SELECT a.id, a.published_at, a.title FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid
    WHERE articles_fts MATCH '"网上 上灭 灭枪"' ORDER BY rank LIMIT 20

    … MATCH '"枪" *'                           one character
    … MATCH '"年 gdp 增" *'                    年GDP增: a run that ends with 年, the word, a run that begins with 增
    … MATCH 'title : "织网" NOT "渔港"'         only in the title; AND, OR, NOT and parentheses are FTS5's
    … ORDER BY bm25(articles_fts, 20, 1)        title above body, as `find` has it

Traditional characters stand there as simplified ones, capitals as small letters, full-width forms as ASCII.

What has to be indexed waits in table ``unindexed``, which triggers fill within the writer's transactions. `index` works it off in
batches, each a transaction of its own that begins with the lock: any number of processes may do it at once, and where one is killed
the next goes on.
"""

from __future__ import annotations

import bisect
import json
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from newscrawl import bigrams
from newscrawl.bigrams import Piece, Query, SearchError
from newscrawl.days import SHANGHAI
from newscrawl.store.writer import transaction

BATCH = 200
"""Articles that one transaction indexes: a tenth of a second."""

BATCH_CHARACTERS = 1_000_000
"""Characters after which a batch ends early."""

PAUSE = 0.01
"""Seconds between two batches. Who waits for the lock looks every tenth of a second: he finds it free within a second or so."""

RANKED = 5000
"""Hits that are ranked at most: of a word that more articles have, those stored last. All are counted."""

TITLE_WEIGHT = 20.0
"""A hit in the title counts as so many in the body."""

FRESH, FADING = 0.3, 180.0
"""What an article of today gains over an old one, and the days after which half of it is left."""


_FEW = 2000
"""Matches up to which each is looked up to see whether it is asked for; of more, all that is asked for is looked up first."""

_VERSION = "search"
"""The setting that keeps the version of the tokens in the index."""

_TITLE = "coalesce(kicker || char(10), '') || title || coalesce(char(10) || subtitle, '')"


_ADD = "INSERT INTO articles_fts (rowid, title, body) VALUES (?, ?, ?)"
# An index without texts forgets only what it is told, token by token.
_FORGET = "INSERT INTO articles_fts (articles_fts, rowid, title, body) VALUES ('delete', ?, ?, ?)"


class NoIndex(SearchError):
    """A database that no newscrawl with a search has written to yet."""


# -- the index


def index(connection: sqlite3.Connection, *, batch: int = BATCH, renew: bool = False) -> Iterator[int]:
    """Index what waits; yields after each batch how many articles it took. May be left after any of them.

    Where the index was made by another version of the tokens it is emptied, and all articles wait anew: in one transaction, so that
    nothing of it is half forgotten. That is looked at where anything waits; ``renew``: even where nothing does. ``connection`` writes
    and is in no transaction. Raises ``sqlite3.Error`` where the database fails; what was indexed before stays.
    """
    execute = connection.execute
    while renew or execute("SELECT 1 FROM unindexed LIMIT 1").fetchone():
        renew = False
        with transaction(connection):
            _of_today(connection)
            done = _some(connection, batch)
        yield done
        time.sleep(PAUSE)


def _of_today(connection: sqlite3.Connection) -> None:
    """Make sure that what is in the index are today's tokens."""
    version = bigrams.version()
    if connection.execute("SELECT value FROM settings WHERE name = ?", (_VERSION,)).fetchone() == (version,):
        return
    if connection.execute("SELECT 1 FROM articles_fts_docsize LIMIT 1").fetchone():
        _anew(connection)
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_VERSION, version),
    )


def _anew(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    connection.execute("DELETE FROM unindexed")
    connection.execute("INSERT INTO unindexed (article_id) SELECT id FROM articles")


def _some(connection: sqlite3.Connection, batch: int) -> int:
    """Index some of what waits, in the order of articles; how many."""
    execute = connection.execute
    done = characters = 0
    for (number,) in execute("SELECT article_id FROM unindexed ORDER BY article_id LIMIT ?", (batch,)).fetchall():
        old = execute("SELECT title, body FROM unindexed WHERE article_id = ?", (number,)).fetchone()
        new = execute(f"SELECT {_TITLE}, body_text FROM articles WHERE id = ?", (number,)).fetchone()  # noqa: S608
        if execute("SELECT 1 FROM articles_fts_docsize WHERE id = ?", (number,)).fetchone() is None:
            old = None
        elif old[0] is None:
            # In the index, and nobody knows with which text: a row that was replaced past the triggers (INSERT OR REPLACE).
            _anew(connection)
            return done
        if old != new:
            for command, text in ((_FORGET, old), (_ADD, new)):
                if text:
                    execute(command, (number, *map(bigrams.tokens, text)))
                    characters += len(text[1])
        execute("DELETE FROM unindexed WHERE article_id = ?", (number,))
        done += 1
        if characters > BATCH_CHARACTERS:
            break
    return done


@dataclass(frozen=True, slots=True)
class State:
    """How the index is: articles in it, articles that wait (new, changed or deleted), and whether its tokens are today's."""

    indexed: int
    waiting: int
    current: bool


def state(connection: sqlite3.Connection) -> State:
    """How the index is. Raises `NoIndex`."""
    with _asking(connection):
        indexed = connection.execute("SELECT count(*) FROM articles_fts_docsize").fetchone()[0]
        kept = connection.execute("SELECT value FROM settings WHERE name = ?", (_VERSION,)).fetchone()
        return State(indexed, waiting(connection), not indexed or bool(kept and kept[0] == bigrams.version()))


def waiting(connection: sqlite3.Connection) -> int:
    """How many articles wait to be indexed."""
    return int(connection.execute("SELECT count(*) FROM unindexed").fetchone()[0])


# -- questions


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. ``marked`` is its headline, ``snippet`` the part of its body (or 引题, 副题) that says most, both in
    pieces with the hits apart; without a hit in either, the snippet is the body's beginning. Times as in table articles."""

    id: int
    title: str
    site: str
    site_title: str | None
    publisher: str | None
    source: str | None
    published_at: str | None
    published_precision: str | None
    url: str
    score: float
    marked: list[Piece]
    snippet: list[Piece]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: ``total`` articles have it, of which the newest ``ranked`` were put in order, and those asked for are in ``hits``."""

    query: Query
    total: int
    ranked: int
    hits: list[Hit] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        """Whether more have it than were put in order."""
        return self.total > self.ranked


def find(
    connection: sqlite3.Connection,
    query: str | Query,
    *,
    sites: Collection[str] = (),
    publisher: str | None = None,
    region: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    newest: bool = False,
    limit: int = 20,
    offset: int = 0,
    width: int = 90,
) -> Found:
    """The articles that a query asks for (`newscrawl.bigrams.parse`), the best first.

    ``sites``, ``publisher``, ``region``: only of these; ``source``: only with this 来源; ``since`` and ``until``: only of these days of
    China's time, by published_at, so that an article without a time is none of them. ``newest``: the latest published first instead.
    ``width``: characters of a snippet.

    An article's score is bm25 over title and body, where a hit in the title counts for twenty, times 1 + 0.3 * 180 / (180 + age), age
    being the days between it and the newest article that is not from the future: today's gains 30 %, that of half a year ago 15 %,
    that of three years ago 4 %. Equal ones: the latest first.

    Of a word that more than 5,000 articles have, only those 5,000 stored last are put in order: `Found.is_cut`. All are counted.
    Raises `SearchError`, with what to do, and ``sqlite3.Error``. All of an answer is of one moment, unless the connection is in a
    transaction of another kind.
    """
    asked = bigrams.parse(query) if isinstance(query, str) else query
    wanted = _wanted(sites, publisher, region, source, since, until)
    with _asking(connection):
        matched = _Matched(connection, asked, wanted)
        order = matched.by_time(limit, offset) if newest else matched.by_score(limit, offset)
        hits = [_hit(connection, asked, number, score, width) for number, score in order]
        return Found(asked, matched.total, matched.total if newest else min(matched.total, RANKED), hits)


def count(
    connection: sqlite3.Connection,
    query: str | Query,
    *,
    sites: Collection[str] = (),
    publisher: str | None = None,
    region: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """How many articles a query asks for; as `find`, at a fraction of its cost."""
    asked = bigrams.parse(query) if isinstance(query, str) else query
    with _asking(connection):
        return _Matched(connection, asked, _wanted(sites, publisher, region, source, since, until)).total


def sources_near(connection: sqlite3.Connection, source: str, limit: int = 5) -> list[str]:
    """The 来源 that have this in their name, most articles first."""
    found = connection.execute(
        "SELECT source FROM articles WHERE instr(source, ?) GROUP BY source ORDER BY count(*) DESC, source LIMIT ?",
        (source, limit),
    )
    return [row[0] for row in found]


_SITES = "site IN (SELECT name FROM sites WHERE {} = ?)"

# A text with China's own offset tells its day itself; the index has it, and no row is read.
_DAY = "CASE WHEN substr(published_at, -6) = '+08:00' THEN substr(published_at, 1, 10) ELSE date(published_at, '+8 hours') END"


def _wanted(
    sites: Collection[str],
    publisher: str | None,
    region: str | None,
    source: str | None,
    since: date | None,
    until: date | None,
) -> list[tuple[str, list[str]]]:
    """Conditions on articles, each one that an index answers alone."""
    out: list[tuple[str, list[str]]] = []
    if sites:
        out.append((f"site IN ({', '.join('?' * len(sites))})", list(sites)))
    for column, value in (("publisher", publisher), ("region", region)):
        if value is not None:
            out.append((_SITES.format(column), [value]))
    if source is not None:
        out.append(("source = ?", [source]))
    # Only within a day of the edge may a time of another zone lie on the other side of it.
    window: list[tuple[str, list[str]]] = []
    if since:
        edges = [_shifted(since, -1), _shifted(since, 1), str(since)]
        window.append((f"published_at >= ? AND (published_at >= ? OR {_DAY} >= ?)", edges))
    if until:
        edges = [_shifted(until, 2), str(until), str(until)]
        window.append((f"published_at < ? AND (published_at < ? OR {_DAY} <= ?)", edges))
    if window:
        out.append((" AND ".join(condition for condition, _ in window), [value for _, values in window for value in values]))
    return out


def _shifted(day: date, by: int) -> str:
    try:
        return (day + timedelta(days=by)).isoformat()
    except OverflowError:
        return day.isoformat() + "~" * (by > 0)


class _Matched:
    """The articles that have what is asked for, within one moment of the database."""

    def __init__(self, connection: sqlite3.Connection, query: Query, wanted: list[tuple[str, list[str]]]) -> None:
        self._execute = connection.execute
        self._expression = query.expression
        self._numbers: list[int] | None = None
        self.total: int = self._execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (query.expression,)
        ).fetchone()[0]
        if wanted and self.total:
            self._numbers = self._narrowed(wanted)
            self.total = len(self._numbers)

    def _narrowed(self, wanted: list[tuple[str, list[str]]]) -> list[int]:
        """Those of the articles that are asked for, the last stored first."""
        if self.total <= _FEW:
            conditions = " AND ".join(condition for condition, _ in wanted)
            where = f"EXISTS (SELECT 1 FROM articles WHERE id = articles_fts.rowid AND {conditions})"  # noqa: S608
        else:
            # The plus keeps SQLite from asking the full-text index anew for each of them.
            where = " AND ".join(f"+rowid IN (SELECT id FROM articles WHERE {condition})" for condition, _ in wanted)  # noqa: S608
        values = [value for _, values in wanted for value in values]
        found = self._execute(
            f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND {where} ORDER BY rowid DESC",  # noqa: S608
            (self._expression, *values),
        )
        return [number for (number,) in found.fetchall()]

    def _some(self, most: int | None) -> tuple[str, tuple[str, str | int]]:
        """The condition that picks these articles, or so many of those stored last; and its parameters."""
        if self._numbers is not None:
            return "articles_fts MATCH ? AND +rowid IN (SELECT value FROM json_each(?))", (
                self._expression,
                json.dumps(self._numbers[:most]),
            )
        lowest = 0
        if most is not None and self.total > most:
            (lowest,) = self._execute(
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?",
                (self._expression, most - 1),
            ).fetchone()
        return "articles_fts MATCH ? AND rowid >= ?", (self._expression, lowest)

    def by_score(self, limit: int, offset: int) -> list[tuple[int, float]]:
        """The best of those stored last, with their scores."""
        where, parameters = self._some(RANKED)
        # Of SQLite the best is the least.
        found = self._execute(
            f"SELECT -bm25(articles_fts, {TITLE_WEIGHT}, 1.0), rowid FROM articles_fts WHERE {where}",  # noqa: S608
            parameters,
        )
        ranked = sorted(((score, number) for score, number in found.fetchall()), reverse=True)
        end = offset + limit
        if len(ranked) > end > 0:
            # What even the newest day would not lift so high needs no look at its day, which lies beside its text.
            least = ranked[end - 1][0] / (1 + FRESH)
            ranked = ranked[: bisect.bisect_right(ranked, -least, key=lambda row: -row[0])]
        days = self._days([number for _, number in ranked])
        (latest,) = self._execute(
            "SELECT julianday(max(published_at)) FROM articles WHERE published_at <= ?", (datetime.now(SHANGHAI).isoformat(),)
        ).fetchone()
        scored = [
            (score * (1 + FRESH * FADING / (FADING + max(0.0, (latest or 0.0) - days[number]))), days[number], number)
            for score, number in ranked
            if number in days
        ]
        return [(number, score) for score, _, number in sorted(scored, reverse=True)[offset:end]]

    def _days(self, numbers: list[int]) -> dict[int, float]:
        """When articles were published, else first seen: Julian days."""
        return dict(
            self._execute(
                # first_seen lies behind the text in a row: read only where it is needed.
                "SELECT a.id, coalesce(julianday(a.published_at), julianday(a.first_seen), 0) "
                "FROM json_each(?) CROSS JOIN articles a ON a.id = value",
                (json.dumps(numbers),),
            ).fetchall()
        )

    def by_time(self, limit: int, offset: int) -> list[tuple[int, float]]:
        """The latest published; their scores are not worked out."""
        where, parameters = self._some(None)
        found = self._execute(
            f"SELECT id FROM articles WHERE +id IN (SELECT rowid FROM articles_fts WHERE {where}) "  # noqa: S608
            "ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?",
            (*parameters, limit, offset),
        )
        return [(number, 0.0) for (number,) in found.fetchall()]


def _hit(connection: sqlite3.Connection, query: Query, number: int, score: float, width: int) -> Hit:
    title, kicker, subtitle, site, site_title, publisher, source, at, precision, url, body = connection.execute(
        "SELECT a.title, a.kicker, a.subtitle, a.site, s.title, a.publisher, a.source, a.published_at, a.published_precision, a.url, "
        "a.body_text FROM articles a LEFT JOIN sites s ON s.name = a.site WHERE a.id = ?",
        (number,),
    ).fetchone()
    snippet = query.snippet(body, "body", width)
    for beside in (kicker, subtitle):
        snippet = snippet or (query.snippet(beside, "title", width) if beside else [])
    if not snippet and body:
        snippet = [(" ".join(body[:width].split("\n")) + "…" * (len(body) > width), False)]
    return Hit(
        number,
        title,
        site,
        site_title,
        publisher,
        source,
        at,
        precision,
        url,
        round(score, 4),
        query.mark(title, "title"),
        snippet,
    )


@contextmanager
def _asking(connection: sqlite3.Connection) -> Iterator[None]:
    """One moment of the database for several questions."""
    mine = not connection.in_transaction
    if mine:
        connection.execute("BEGIN")
    try:
        yield
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        raise NoIndex("the database has no search index yet: newscrawl search --index makes it.") from None
    finally:
        if mine:
            connection.execute("ROLLBACK")
