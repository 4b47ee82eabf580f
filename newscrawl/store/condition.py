"""How a database is: what `newscrawl doctor` asks of it. Nothing here writes."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.store.schema import SCHEMA_VERSION

CHECK_SECONDS = 60.0
"""How long the check of a large database may take."""

OPS = 100_000
"""SQLite's steps between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run without an end: under way, or dead. ``started_at``: ISO 8601, UTC."""

    id: int
    site: str | None
    command: str
    started_at: str


def schema_version(connection: sqlite3.Connection) -> tuple[int, int]:
    """The database's version, and the one that this newscrawl makes of it."""
    return connection.execute("PRAGMA user_version").fetchone()[0], SCHEMA_VERSION


def quick_check(connection: sqlite3.Connection, seconds: float = CHECK_SECONDS) -> list[str] | None:
    """What is damaged, in SQLite's words; empty where nothing is, ``None`` where the time was too short to know."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > end), OPS)
    try:
        found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return None
        return [str(error)]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        connection.set_progress_handler(None, OPS)
    return [] if found == ["ok"] else found


def write_refusal(path: Path, seconds: float = 5.0) -> str | None:
    """Why a write transaction cannot begin, ``None`` where it can; it is begun and given up."""
    try:
        with closing(sqlite3.connect(path, timeout=seconds, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return str(error)
    return None


def open_runs(connection: sqlite3.Connection) -> list[OpenRun]:
    """Runs without an end, oldest first."""
    found = connection.execute("SELECT id, site, command, started_at FROM runs WHERE finished_at IS NULL ORDER BY id")
    return [OpenRun(*row) for row in found]


def newest(connection: sqlite3.Connection) -> str | None:
    """The latest time at which something was written, ISO 8601, UTC."""
    times = [
        connection.execute(question).fetchone()[0]
        for question in (
            "SELECT max(coalesce(finished_at, started_at)) FROM runs WHERE command <> 'ingest'",
            "SELECT max(started_at) FROM runs",
        )
    ]
    return max((at for at in times if at), default=None)


def growth(connection: sqlite3.Connection, days: int = 7) -> float | None:
    """Bytes that the database grows by in a day: its bytes an article, times the new articles a day of the last days.

    ``None`` where the last days' runs stored nothing.
    """
    pages, size = connection.execute("PRAGMA page_count").fetchone()[0], connection.execute("PRAGMA page_size").fetchone()[0]
    since = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    stored, first = connection.execute(
        "SELECT sum(coalesce(new, 0)), min(started_at) FROM runs WHERE started_at > ? AND command <> 'ingest'", (since,)
    ).fetchone()
    articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    if not stored or not articles:
        return None
    # A database of a few hours: its pace counts as that of a day, for a first crawl fetches all there is.
    span = max(1.0, (datetime.now(UTC) - datetime.fromisoformat(first)) / timedelta(days=1))
    return float(pages * size / articles * stored / span)


def last_sites(connection: sqlite3.Connection, limit: int) -> list[str]:
    """The sites whose runs began last."""
    found = connection.execute(
        "SELECT site FROM runs WHERE site IS NOT NULL GROUP BY site ORDER BY max(started_at) DESC, site LIMIT ?", (limit,)
    )
    return [row[0] for row in found]
