"""The one way into the database: articles, links and page states in batches, each batch one transaction."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from newscrawl import fingerprint
from newscrawl.items import Article, Block, Link, Visit
from newscrawl.store import archive, revisions, schema
from newscrawl.store.frontier import LISTS, Frontier, Record, after, keyed, now_text

if TYPE_CHECKING:
    from newscrawl.warc import Written

BUSY_SECONDS = 30
"""How long a writer waits for another one."""

Outcome = Literal["new", "changed", "unchanged", "duplicate", "part", "refused", "channel", "failed"]
"""What a stored page came to."""


class DatabaseProblem(Exception):
    """A database that cannot be used; the message says why and what to do. Nothing was written to it."""


@dataclass(frozen=True, slots=True)
class Site:
    """The row of table ``sites``."""

    name: str
    title: str | None = None
    publisher: str | None = None
    region: str | None = None
    city: str | None = None
    home: str | None = None


def connect(path: str | Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Open a newscrawl database, made and brought up to date where needed.

    ``readonly``: never creates, never changes the file. Raises `DatabaseProblem` where the file is missing (read-only),
    is no SQLite file, belongs to another program, was written by a newer newscrawl, or cannot be written.
    """
    path = Path(path)
    if readonly and not path.is_file():
        raise DatabaseProblem(f"{path}: no such database. Crawl or ingest something first, or name another with --db.")
    if path.is_dir():
        raise DatabaseProblem(f"{path}: is a folder, not a database. Name a file with --db.")
    if not readonly:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseProblem(f"{path.parent}: cannot be made ({error.strerror}). Name another place with --db.") from None
    _inspect(path)
    if readonly:
        return _read_only(path)
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        _bring_up(connection)
    except sqlite3.OperationalError as error:
        if connection is not None:
            connection.close()
        raise DatabaseProblem(
            f"{path}: cannot be opened for writing ({error}). Check its permissions and the disk, or name another file with --db."
        ) from None
    return connection


def _read_only(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except sqlite3.OperationalError:
        # A WAL database needs a -shm file beside it. Where none can be made nobody writes either: read it as it lies.
        connection.close()
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
    return connection


def _inspect(path: Path) -> None:
    """Refuse, before a byte is written, a file that is not ours to write."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise DatabaseProblem(f"{path}: cannot be read ({error.strerror}). Check its permissions.") from None
    if head != b"SQLite format 3\x00":
        raise DatabaseProblem(f"{path}: is not a SQLite database; it was left untouched. Name another file with --db.")
    connection = None
    try:
        connection = _read_only(path)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DatabaseProblem(
            f"{path}: is damaged or encrypted ({error}); it was left untouched. Restore a backup or name another file with --db."
        ) from None
    finally:
        if connection is not None:
            connection.close()
    if tables and application != schema.APPLICATION_ID:
        raise DatabaseProblem(
            f"{path}: is a SQLite database of another program; it was left untouched. Name another file with --db."
        )
    if version > schema.SCHEMA_VERSION:
        raise DatabaseProblem(
            f"{path}: was written by a newer newscrawl (schema {version}, this one knows {schema.SCHEMA_VERSION}); "
            "it was left untouched. Update newscrawl, or name another file with --db."
        )


def _bring_up(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    # Switching to WAL ignores the busy timeout: another process that switches at the same moment is waited for here.
    for attempt in range(100):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 99:
                raise
            time.sleep(0.05)
    connection.execute("PRAGMA synchronous = NORMAL")
    current = schema.is_current(connection)
    # Taken even when there is nothing to do: a file that cannot be written is told now, not at the first article.
    with transaction(connection):
        if not current:
            schema.apply(connection)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A write transaction that takes its lock at once: a later upgrade from reading would fail at once under WAL."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _columns(*names: str) -> str:
    return ", ".join(names)


_ARTICLE_FIELDS = (
    "url", "site", "publisher", "region", "channel", "title", "kicker", "subtitle", "published_at", "published_raw",
    "published_precision", "source", "source_url", "body_text", "body_html", "characters", "lead", "keywords", "charset",
    "content_hash", "state_hash", "first_seen", "last_changed", "flags", "provenance", "read_from",
)  # fmt: skip
_INSERT_ARTICLE = (
    f"INSERT INTO articles (id, {_columns(*_ARTICLE_FIELDS)}) VALUES (?, {', '.join('?' * len(_ARTICLE_FIELDS))}) RETURNING id"  # noqa: S608
)
# The address, the site and the first sight of an article stay those it was stored with.
_KEPT = ("url", "site", "publisher", "region", "first_seen", "last_changed", "read_from")
_CHANGING = tuple(name for name in _ARTICLE_FIELDS if name not in _KEPT)
_UPDATE_ARTICLE = f"UPDATE articles SET {', '.join(f'{name} = ?' for name in _CHANGING)} WHERE id = ?"  # noqa: S608

_INSERT_LINK = """
INSERT INTO article_links (article_id, kind, heading, block, position, title, full_title, url, target_key, target_id, thumbnail, summary,
                           source, published_at, published_raw, first_seen)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT article_id FROM article_urls WHERE key = ?), ?, ?, ?, ?, ?, ?)
"""
_INSERT_LEAD = """
INSERT INTO pages (key, url, site, kind, verdict, why, tries, first_seen, found_on, depth, next_visit)
SELECT ?, ?, ?, 'article', 'pending', '', 0, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM article_urls WHERE key = ?)
ON CONFLICT DO NOTHING
"""
_FIRST_POSITION = """
INSERT INTO link_positions (link_id, seen_at, position) SELECT id, first_seen, position FROM article_links WHERE id = ?
ON CONFLICT DO NOTHING
"""
_NEXT_POSITION = """
INSERT INTO link_positions (link_id, seen_at, position) VALUES (?, ?, ?)
ON CONFLICT (link_id, seen_at) DO UPDATE SET position = excluded.position
"""
_UPSERT_PAGE = """
INSERT INTO pages (key, url, site, kind, verdict, why, status, tries, first_seen, fetched_at, found_on, article_id, charset,
                   size, etag, last_modified, depth, number, next_visit, every, failing_since, listed, usual, read_by,
                   marker, marker_at, posted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET url = excluded.url, kind = excluded.kind, verdict = excluded.verdict, why = excluded.why,
    status = excluded.status, tries = excluded.tries, fetched_at = excluded.fetched_at,
    found_on = coalesce(pages.found_on, excluded.found_on), article_id = coalesce(excluded.article_id, pages.article_id),
    charset = excluded.charset, size = excluded.size, etag = excluded.etag, last_modified = excluded.last_modified,
    number = coalesce(excluded.number, pages.number), next_visit = excluded.next_visit, every = excluded.every,
    failing_since = excluded.failing_since, listed = excluded.listed, usual = excluded.usual, read_by = excluded.read_by,
    marker = coalesce(excluded.marker, pages.marker), marker_at = coalesce(excluded.marker_at, pages.marker_at),
    posted = coalesce(excluded.posted, pages.posted)
"""
_NOT_MODIFIED = """
UPDATE pages SET status = 304, tries = ?, fetched_at = ?, every = ?, next_visit = ?, failing_since = NULL WHERE key = ?
"""
_REREAD = """
UPDATE pages SET verdict = ?, why = ?, article_id = coalesce(?, article_id), charset = ?, size = ?, read_by = ? WHERE key = ?
"""
_UPSERT_REDIRECT = """
INSERT INTO pages (key, url, site, kind, verdict, why, tries, first_seen, fetched_at, found_on, article_id, depth, next_visit)
VALUES (?, ?, ?, ?, 'redirect', ?, 1, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET url = excluded.url, kind = excluded.kind, verdict = 'redirect', why = excluded.why, status = NULL,
    tries = tries + 1, fetched_at = excluded.fetched_at, article_id = coalesce(excluded.article_id, pages.article_id),
    charset = NULL, size = NULL, etag = NULL, last_modified = NULL, next_visit = excluded.next_visit, failing_since = NULL
"""


class Numbers:
    """The numbers that articles are to have: people have cited them. ``known`` by address key.

    Who is not among them gets the lowest number that nobody has or had.
    """

    def __init__(self, known: Mapping[str, int]) -> None:
        self.known = dict(known)
        self._had = set(known.values())
        self._next = 0

    def take(self, connection: sqlite3.Connection, key: str) -> int | None:
        """The number of a new article; ``None``: any that is free."""
        number = self.known.pop(key, None)
        if number is not None and self._is_free(connection, number):
            return number
        while self._next < max(self._had, default=0):
            self._next += 1
            if self._next not in self._had and self._is_free(connection, self._next):
                return self._next
        return None

    @staticmethod
    def _is_free(connection: sqlite3.Connection, number: int) -> bool:
        return connection.execute("SELECT 1 FROM articles WHERE id = ?", (number,)).fetchone() is None


class Store:
    """A writer on one database. Not for several threads at once; any number of processes may have one each."""

    def __init__(self, path: str | Path) -> None:
        """Open or make the database at ``path``; raises `DatabaseProblem`."""
        self.path = Path(path)
        self.connection = connect(path)
        self.frontier = Frontier(self.connection)
        self._sites: set[str] = set()
        self.numbers: Numbers | None = None
        """The numbers that articles had in a database that is lost."""

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- sites

    def add_site(self, site: Site) -> None:
        """Write a site's row where it is new or has changed."""
        names = [spec.name for spec in fields(Site)]
        row = tuple(getattr(site, name) for name in names)
        found = self.connection.execute(f"SELECT {_columns(*names)} FROM sites WHERE name = ?", (site.name,)).fetchone()  # noqa: S608
        self._sites.add(site.name)
        if found == row:
            return
        updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        with transaction(self.connection):
            self.connection.execute(
                f"INSERT INTO sites ({_columns(*names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
                f"ON CONFLICT (name) DO UPDATE SET {updates}",
                row,
            )

    def set(self, name: str, value: str) -> None:
        """Keep a setting for later runs."""
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    # -- pages and articles

    def add_pending(
        self,
        site: str,
        urls: Iterable[str],
        found_on: str | None,
        kind: str = "article",
        *,
        depth: int = 0,
        number: int | None = None,
        seen: str | None = None,
    ) -> None:
        """Put addresses on record as found, before they are asked for: a killed run goes on from here. ``seen``: when (now)."""
        found = list(keyed(urls))
        if not found:
            return
        seen = seen or now_text()
        with transaction(self.connection):
            self._need_site(site)
            self.connection.executemany(
                "INSERT INTO pages (key, url, site, kind, verdict, why, tries, first_seen, found_on, depth, number, next_visit) "
                "VALUES (?, ?, ?, ?, 'pending', '', 0, ?, ?, ?, ?, ?) "
                # What a list leads to as well is in no budget of what articles recommend.
                "ON CONFLICT (key) DO UPDATE SET depth = excluded.depth, found_on = excluded.found_on WHERE excluded.depth < pages.depth",
                [(key, url, site, kind, seen, found_on, depth, number, seen) for key, url in found],
            )

    def write(self, items: Sequence[Article | Visit], records: Sequence[Written] = (), run: int | None = None) -> list[Outcome]:
        """Store fetched pages, all of them or none, and say what each came to.

        ``records``: where the archive has them, ``run``: the run that put them there. Articles must have passed the pipelines before (address, site, title, body and hash are there). Raises
        ``sqlite3.Error`` where the database fails; then nothing of the batch is stored and what was stored before stays.
        """
        # numpy comes with it, which whoever only reads does without.
        from newscrawl.store import clusters

        with transaction(self.connection):
            outcomes = [self._write_article(item) if isinstance(item, Article) else self._write_visit(item) for item in items]
            # Who reprints whom is settled once a batch.
            clusters.settle(self.connection)
            if records:
                archive.add(self.connection, records, run)
            return outcomes

    def read_again(self, urls: Sequence[str], read_by: str) -> None:
        """Note of pages that they were read once more, by other rules, and told the same."""
        if urls:
            with transaction(self.connection):
                self.connection.executemany(
                    "UPDATE pages SET read_by = ? WHERE key = ?", [(read_by, fingerprint.key(url)) for url in urls]
                )

    def _write_visit(self, visit: Visit, article_id: int | None = None, *, unanswered: bool = False) -> Outcome:
        self._need_site(visit.site)
        execute = self.connection.execute
        visit.fetched_at = seen = visit.fetched_at or now_text()
        key = fingerprint.key(visit.url)
        row = execute(
            "SELECT tries, every, listed, usual, failing_since, next_visit, article_id, kind FROM pages WHERE key = ?", (key,)
        ).fetchone()
        gave = article_id if article_id is not None else row and row[6]
        article = None
        if gave is not None:
            article = execute(
                "SELECT published_at, published_precision, first_seen FROM articles WHERE id = ?", (gave,)
            ).fetchone()
        now = after(visit, Record(*row[:6]) if row else Record(), article=article, unanswered=unanswered)
        if visit.reread and row:
            # Read once more, not fetched: when it was fetched, and what comes next, stands as it is.
            execute(_REREAD, (visit.verdict, visit.why, article_id, visit.charset, visit.size, visit.read_by, key))
            return "part" if visit.verdict == "article" else "failed" if visit.verdict == "error" else "refused"
        if row and row[7] in LISTS and visit.kind not in LISTS:
            # An article's address that leads to a list says nothing of the list.
            pass
        elif row and visit.status == 304:
            execute(_NOT_MODIFIED, (now.tries, seen, now.every, now.next_visit, key))
        else:
            execute(
                _UPSERT_PAGE,
                (
                    key, visit.url, visit.site, visit.kind, visit.verdict, visit.why, visit.status, now.tries, seen, seen,
                    visit.found_on, article_id, visit.charset, visit.size, visit.etag, visit.last_modified, visit.depth,
                    visit.number, now.next_visit, now.every, now.failing_since, now.listed, now.usual, visit.read_by,
                    visit.marker, visit.marker_at, visit.posted,
                ),
            )  # fmt: skip
        for url in visit.redirected_from:
            # Where a redirect led is on record: the old address needs no second look, but that of an article which it has lost.
            if (old := fingerprint.key(url)) != key:
                lost = None
                if article_id is None:
                    lost = execute(
                        "SELECT a.published_at, a.published_precision, a.first_seen FROM pages p JOIN articles a ON a.id = p.article_id "
                        "WHERE p.key = ?",
                        (old,),
                    ).fetchone()
                again = after(visit, Record(), article=lost).next_visit if lost else None
                execute(
                    _UPSERT_REDIRECT,
                    (
                        old, url, visit.site, visit.kind, f"to {visit.url}", seen, seen, visit.found_on, article_id, visit.depth,
                        again,
                    ),
                )  # fmt: skip
        revisions.note_visit(self.connection, visit, gave, seen)
        if visit.verdict == "article":
            return "unchanged" if visit.status == 304 else "part"
        if visit.verdict == "error":
            return "failed"
        return "channel" if visit.kind in LISTS and visit.verdict == "list" else "refused"

    def _need_site(self, name: str) -> None:
        if name not in self._sites:
            self.connection.execute("INSERT INTO sites (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
            self._sites.add(name)

    def _write_article(self, article: Article) -> Outcome:
        assert article.url
        assert article.site
        assert article.content_hash
        self._need_site(article.site)
        seen = (article.visit.fetched_at if article.visit else None) or article.fetched_at or now_text()
        outcome, article_id = self._place(article, seen)
        self._add_addresses(article, article_id, seen, "same text" if outcome == "duplicate" else "address")
        if article.visit:
            # Of a duplicate no block is stored that could be asked for again.
            unanswered = "unanswered" in article.flags and outcome != "duplicate"
            self._write_visit(article.visit, article_id, unanswered=unanswered)
        if article.leads:
            depth = article.visit.depth + 1 if article.visit else 1
            self.connection.executemany(
                _INSERT_LEAD, [(key, url, article.site, seen, article.url, depth, seen, key) for key, url in keyed(article.leads)]
            )
        return outcome

    def _place(self, article: Article, seen: str) -> tuple[Outcome, int]:
        """Find the article's row, or make it; bring it up to date."""
        execute = self.connection.execute
        keys = list(dict.fromkeys(fingerprint.key(url) for url in (article.url or "", *article.addresses)))
        marks = ", ".join("?" * len(keys))
        rows = execute(f"SELECT key, article_id, reason FROM article_urls WHERE key IN ({marks})", keys).fetchall()  # noqa: S608
        mine = [row for row in rows if row[2] != "same text"]
        borrowed = [row for row in rows if row[2] == "same text"]
        if mine:
            # The canonical address decides where an article's addresses came to stand with two articles.
            mine.sort(key=lambda row: (row[2] != "canonical", row[1]))
            return self._update(article, mine[0][1], seen), mine[0][1]
        if fingerprint.identifies(article.body_text):
            twin = execute(
                # Under another 来源 it is a reprint, and so it is elsewhere: a site without a known publisher is its own.
                "SELECT id FROM articles WHERE content_hash = ? AND source IS ? AND publisher IS ? AND (publisher IS NOT NULL OR site = ?) "
                "ORDER BY id LIMIT 1",
                (article.content_hash, article.source, article.publisher, article.site),
            ).fetchone()
            if twin:
                return "duplicate", twin[0]
        # What was the same text under another address and is no longer becomes an article of its own.
        for key, _, _ in borrowed:
            execute("UPDATE article_links SET target_id = NULL WHERE target_key = ?", (key,))
            execute("DELETE FROM article_urls WHERE key = ?", (key,))
        number = self.numbers.take(self.connection, keys[0]) if self.numbers is not None else None
        (article_id,) = execute(_INSERT_ARTICLE, [number, *(_value(article, name, seen) for name in _ARTICLE_FIELDS)]).fetchone()
        self._sketch(article, article_id)
        self._write_parts(article, article_id)
        self._write_blocks(article, article_id, seen)
        return "new", article_id

    def _sketch(self, article: Article, article_id: int) -> None:
        """Of a new text: find what is like it."""
        from newscrawl.store import clusters

        clusters.place(self.connection, article_id, article.body_text)

    def _update(self, article: Article, article_id: int, seen: str) -> Outcome:
        execute = self.connection.execute
        row = execute("SELECT state_hash, flags FROM articles WHERE id = ?", (article_id,)).fetchone()
        outcome: Outcome = "unchanged"
        self.keep_links(article, article_id)
        if row[0] != state_hash(article) or (
            article.visit is not None and article.visit.reread and self.differs(article, article_id)
        ):
            kept = revisions.keep(self.connection, article_id, article, seen)
            if not kept.take:
                return outcome
            execute(_UPDATE_ARTICLE, [*(_value(article, name, seen) for name in _CHANGING), article_id])
            self._sketch(article, article_id)
            execute("DELETE FROM bylines WHERE article_id = ?", (article_id,))
            execute("DELETE FROM images WHERE article_id = ?", (article_id,))
            self._write_parts(article, article_id)
            if kept.is_noticed:
                execute("UPDATE articles SET last_changed = ? WHERE id = ?", (seen, article_id))
                outcome = "changed"
            elif article.visit is not None and article.visit.reread:
                outcome = "changed"
        elif row[1] != (flags := _value(article, "flags", seen)):
            # Text that came damaged at an earlier look was not taken, but marked.
            execute("UPDATE articles SET flags = ? WHERE id = ?", (flags, article_id))
        self._write_blocks(article, article_id, seen)
        return outcome

    def differs(self, article: Article, article_id: int) -> bool:
        """Whether any column of an article's row would change, those that no reader sees among them."""
        names = [name for name in _CHANGING if name != "published_at"]
        row = self.connection.execute(f"SELECT {_columns(*names)} FROM articles WHERE id = ?", (article_id,)).fetchone()  # noqa: S608
        return tuple(row) != tuple(_value(article, name, "") for name in names)

    def _write_parts(self, article: Article, article_id: int) -> None:
        rows: list[tuple[int, str, int, str, str | None]] = []
        for role, names in (
            ("author", article.authors),
            ("reporter", article.reporters),
            ("correspondent", article.correspondents),
        ):
            rows += [(article_id, role, n, name, None) for n, name in enumerate(names, 1)]
        rows += [(article_id, "editor", n, editor.name, editor.role) for n, editor in enumerate(article.editors, 1)]
        if rows:
            self.connection.executemany(
                "INSERT INTO bylines (article_id, role, position, name, label) VALUES (?, ?, ?, ?, ?)", rows
            )
        if article.images:
            self.connection.executemany(
                "INSERT INTO images (article_id, position, url, caption, alt) VALUES (?, ?, ?, ?, ?)",
                [(article_id, n, image.url, image.caption, image.alt) for n, image in enumerate(article.images, 1)],
            )

    def keep_links(self, article: Article, article_id: int) -> None:
        """Give an empty block that a script fills, and for which nobody answered now, the links that are stored: they are not gone."""
        execute = self.connection.execute
        empty = [block for block in article.blocks if not block.links and block.filled_by in ("page", "unanswered")]
        if not empty:
            return
        found = execute(
            "SELECT kind, heading, filled_by FROM article_blocks WHERE article_id = ? AND filled_by <> 'page'", (article_id,)
        )
        stored = {(kind, heading): by for kind, heading, by in found}
        for block in empty:
            name = (block.kind, block.heading)
            if block.filled_by == "page":
                if name not in stored:
                    continue
                # A saved page, say: nobody was asked.
                block.filled_by, block.asks = stored[name], []
            block.links = [
                Link(*row)
                for row in execute(
                    "SELECT position, title, url, thumbnail, summary, source, published_at, published_raw, full_title FROM article_links "
                    "WHERE article_id = ? AND kind = ? AND heading IS ? AND gone_at IS NULL ORDER BY position",
                    (article_id, *name),
                )
            ]

    def _write_blocks(self, article: Article, article_id: int, seen: str) -> None:
        """Bring the link blocks to what the page shows: links that are gone are closed, links that stay are left alone."""
        execute, many = self.connection.execute, self.connection.executemany
        blocks = [(article_id, n, b.kind, b.heading, len(b.links), _filled_by(b)) for n, b in enumerate(article.blocks, 1)]
        stored = execute(
            "SELECT article_id, position, kind, heading, links, filled_by FROM article_blocks WHERE article_id = ? ORDER BY position",
            (article_id,),
        ).fetchall()
        if blocks != stored:
            execute("DELETE FROM article_blocks WHERE article_id = ?", (article_id,))
            many(
                "INSERT INTO article_blocks (article_id, position, kind, heading, links, filled_by) VALUES (?, ?, ?, ?, ?, ?)",
                blocks,
            )
        wanted: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for row in _link_rows(article.blocks):
            # Linked twice in one block, it stands where it stands first.
            wanted.setdefault(_link_identity(row), row)
        standing = {}
        for link_id, gone_at, *row in execute(
            "SELECT id, gone_at, kind, heading, block, position, title, full_title, url, target_key, thumbnail, summary, source, published_at, "
            "published_raw FROM article_links WHERE article_id = ?",
            (article_id,),
        ):
            standing[_link_identity(tuple(row))] = (link_id, gone_at, tuple(row))
        gone = [(seen, entry[0]) for name, entry in standing.items() if name not in wanted and entry[1] is None]
        changes: list[tuple[int, str, int | None]] = [(link_id, seen, None) for _, link_id in gone]
        changes += [
            (standing[name][0], seen, row[3])
            for name, row in wanted.items()
            if name in standing and (standing[name][1] is not None or standing[name][2][3] != row[3])
        ]
        if changes:
            # Where it stood at first is on record only once that has changed.
            many(_FIRST_POSITION, [(change[0],) for change in changes])
            many(_NEXT_POSITION, changes)
        if gone and article.visit is not None and article.visit.reread:
            # The page was the same: they never stood there, and were read into it by earlier rules.
            many("DELETE FROM article_links WHERE id = ?", [(link_id,) for _, link_id in gone])
        elif gone:
            many("UPDATE article_links SET gone_at = ? WHERE id = ?", gone)
        moved = [
            (*row, standing[name][0])
            for name, row in wanted.items()
            if name in standing and (standing[name][1] is not None or standing[name][2] != row)
        ]
        if moved:
            many(
                "UPDATE article_links SET gone_at = NULL, kind = ?, heading = ?, block = ?, position = ?, title = ?, full_title = ?, url = ?, "
                "target_key = ?, thumbnail = ?, summary = ?, source = ?, published_at = ?, published_raw = ? WHERE id = ?",
                moved,
            )
        fresh = [(article_id, *row[:8], row[7], *row[8:], seen) for name, row in wanted.items() if name not in standing]
        if fresh:
            many(_INSERT_LINK, fresh)

    def _add_addresses(self, article: Article, article_id: int, seen: str, reason: str) -> None:
        execute = self.connection.execute
        assert article.url
        own = "canonical" if reason != "same text" else reason
        wanted = [(article.url, own), *((url, reason) for url in article.addresses), *((url, "part") for url in article.parts)]
        done = set()
        for url, why in wanted:
            key = fingerprint.key(url)
            if key in done:
                continue
            done.add(key)
            row = execute(
                "INSERT INTO article_urls (key, article_id, url, reason, first_seen) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (key) DO NOTHING RETURNING key",
                (key, article_id, url, why, seen),
            ).fetchone()
            if row:
                # Links that were there first learn where they lead.
                execute(
                    "UPDATE article_links SET target_id = ? WHERE target_key = ? AND target_id IS NOT ?",
                    (article_id, key, article_id),
                )


def _filled_by(block: Block) -> str:
    """Who filled a block; where a script fills it and nobody was asked, as of a saved page, nobody did."""
    return "unanswered" if block.asks and not block.links else block.filled_by


def _link_rows(blocks: Sequence[Block]) -> Iterator[tuple[Any, ...]]:
    for number, block in enumerate(blocks, 1):
        for link in block.links:
            target = None
            if link.url:
                try:
                    target = fingerprint.key(link.url)
                except ValueError:
                    target = None
            yield (
                block.kind, block.heading, number, link.position, link.title, link.full_title, link.url, target, link.thumbnail,
                link.summary, link.source, link.published_at, link.published_raw,
            )  # fmt: skip


def _link_identity(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """What makes a link the same one at the next look: its block's kind and heading, and its target or title."""
    kind, heading, _, _, title, _, _, target, *_ = row
    return (kind, heading, target or title)


def _value(article: Article, name: str, seen: str) -> Any:
    if name in ("flags", "keywords", "provenance"):
        value = getattr(article, name)
        return json.dumps(value, ensure_ascii=False, sort_keys=name == "provenance")
    if name == "channel":
        return " > ".join(article.channel) or None
    if name == "lead":
        return "\n".join(article.lead) or None
    if name == "characters":
        return len(article.body_text or "")
    if name == "body_html":
        return article.body_html or ""
    if name == "state_hash":
        return state_hash(article)
    if name in ("first_seen", "last_changed"):
        return seen
    if name == "read_from":
        return fingerprint.key(article.visit.url) if article.visit else None
    return getattr(article, name)


def state_hash(article: Article) -> str:
    """32 hex digits over what a reader would notice: headline, times, credits, body and images; links are kept apart."""
    state = [
        article.title, article.kicker, article.subtitle, article.published_at, article.source, article.authors, article.reporters,
        article.correspondents, [(e.role, e.name) for e in article.editors], article.channel, article.body_text, article.body_html,
        [asdict(image) for image in article.images],
    ]  # fmt: skip
    return hashlib.blake2b(json.dumps(state, ensure_ascii=False).encode("utf-8", "replace"), digest_size=16).hexdigest()
