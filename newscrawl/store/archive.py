"""Where in the archive each page lies: the index of its files, by address."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl import fingerprint
from newscrawl.store.frontier import LISTS

if TYPE_CHECKING:
    from newscrawl.warc import Place, Written

REPLACED = (*LISTS, "robots")
"""Kinds of which only the newest state is on record here: the files have them all."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page in the archive: the address it was asked for under, when it was fetched (ISO 8601, UTC), its digest, its place."""

    url: str
    fetched_at: str
    kind: str
    status: int | None
    digest: str | None
    place: Place


_KEPT = "r.url, r.fetched_at, r.kind, r.status, r.digest, f.name, r.offset, r.length"
_FROM = "archive_records r JOIN archive_files f ON f.id = r.file_id"


def add(connection: sqlite3.Connection, records: Sequence[Written], run: int | None) -> None:
    """Put records of the archive on record, within the transaction of the pages that were read from them.

    Records without content of their own (nothing had changed, no answer came) have no row; their file's size tells that they are
    known.
    """
    numbers: dict[str, int] = {}
    for record in records:
        place = record.place
        if place.file not in numbers:
            numbers[place.file] = connection.execute(
                "INSERT INTO archive_files (name, site, run_id, started_at, size) VALUES (?, ?, ?, ?, 0) "
                "ON CONFLICT (name) DO UPDATE SET run_id = coalesce(run_id, excluded.run_id) RETURNING id",
                (place.file, place.file.partition("/")[0], run, record.at),
            ).fetchone()[0]
        number = numbers[place.file]
        connection.execute("UPDATE archive_files SET size = max(size, ?) WHERE id = ?", (place.offset + place.length, number))
        if record.type not in ("response", "resource"):
            continue
        key = fingerprint.key(record.url)
        if record.kind in REPLACED:
            connection.execute("DELETE FROM archive_records WHERE key = ? AND kind = ?", (key, record.kind))
        connection.execute(
            "INSERT INTO archive_records (key, url, fetched_at, file_id, offset, length, kind, status, digest) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (key, record.url, record.at, number, place.offset, place.length, record.kind, record.status, record.digest),
        )


def last(connection: sqlite3.Connection, url: str) -> Kept | None:
    """The newest state of a page in the archive."""
    row = connection.execute(
        f"SELECT {_KEPT} FROM {_FROM} WHERE r.key = ? ORDER BY r.fetched_at DESC, r.offset DESC LIMIT 1",  # noqa: S608
        (fingerprint.key(url),),
    ).fetchone()
    return _kept(row) if row else None


def sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """The files that are on record, with the bytes of each that are."""
    return dict(connection.execute("SELECT name, size FROM archive_files"))


def pages(
    connection: sqlite3.Connection, site: str | None, *, since: str | None = None, url: str | None = None
) -> Iterator[Kept]:
    """The newest state of each article page (and of the further parts of articles), in the order of the archive's files.

    ``site``: only this one; ``since``: only what was fetched since then (ISO 8601, UTC); ``url``: only this address.
    """
    wanted = "r.kind IN ('article', 'part')"
    values: list[str] = []
    if url is not None:
        wanted += " AND r.key = ?"
        values.append(fingerprint.key(url))
    if site is not None:
        wanted += " AND f.site = ?"
        values.append(site)
    if since is not None:
        wanted += " AND r.fetched_at >= ?"
        values.append(since)
    found = connection.execute(
        f"SELECT {_KEPT} FROM {_FROM} WHERE {wanted} AND NOT EXISTS (SELECT 1 FROM archive_records n WHERE n.key = r.key "  # noqa: S608
        "AND n.kind = r.kind AND (n.fetched_at, n.file_id, n.offset) > (r.fetched_at, r.file_id, r.offset)) ORDER BY f.name, r.offset",
        values,
    )
    return map(_kept, found)


def close(connection: sqlite3.Connection, sizes: Mapping[str, int]) -> None:
    """All of these files is on record: they are written to their end."""
    connection.executemany("UPDATE archive_files SET size = ? WHERE name = ?", [(size, name) for name, size in sizes.items()])


def assign(connection: sqlite3.Connection, names: Iterable[str], run: int) -> None:
    """Say which run wrote files, within a transaction."""
    connection.executemany("UPDATE archive_files SET run_id = ? WHERE name = ?", [(run, name) for name in names])


def _kept(row: tuple[str, str, str, int | None, str | None, str, int, int]) -> Kept:
    url, at, kind, status, digest, file, offset, length = row
    from newscrawl.warc import Place

    return Kept(url, at, kind, status, digest, Place(file, offset, length))
