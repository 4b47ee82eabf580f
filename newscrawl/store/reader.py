"""Questions to the database that commands ask: one article whole, the newest runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from newscrawl import fingerprint

MAPPED = 1 << 31
"""Bytes of a database's file that are mapped, at most."""


def map_file(connection: sqlite3.Connection) -> None:
    """Read the file through the system's cache without copying: what goes over a million links takes a third of the time."""
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")


def find_article(connection: sqlite3.Connection, wanted: str) -> int | None:
    """An article's number by its number or by any address it has."""
    # As many digits as SQLite's integers have.
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        row = connection.execute("SELECT id FROM articles WHERE id = ?", (int(wanted),)).fetchone()
        return row[0] if row else None
    try:
        key = fingerprint.key(wanted)
    except ValueError:
        return None
    row = connection.execute("SELECT article_id FROM article_urls WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def find_page(connection: sqlite3.Connection, url: str) -> dict[str, Any] | None:
    """What is on record of an address that gave no article."""
    try:
        key = fingerprint.key(url)
    except ValueError:
        return None
    return next(_rows(connection, "SELECT * FROM pages WHERE key = ?", key), None)


def fetched_at(connection: sqlite3.Connection, url: str) -> str | None:
    """When an address was last fetched (ISO 8601, UTC); ``None`` for one that never was."""
    row = connection.execute("SELECT fetched_at FROM pages WHERE key = ?", (fingerprint.key(url),)).fetchone()
    return row[0] if row else None


def article(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """An article with all that belongs to it, in lists of rows: addresses, bylines, images, blocks, recommended_by."""
    row = next(_rows(connection, "SELECT * FROM articles WHERE id = ?", article_id))
    for name in ("flags", "keywords", "provenance"):
        row[name] = json.loads(row[name]) if row[name] else row[name]
    row["addresses"] = list(
        _rows(
            connection,
            "SELECT url, reason, first_seen FROM article_urls WHERE article_id = ? ORDER BY reason <> 'canonical', key",
            article_id,
        )
    )
    row["bylines"] = list(
        _rows(connection, "SELECT role, label, name FROM bylines WHERE article_id = ? ORDER BY role, position", article_id)
    )
    row["images"] = list(
        _rows(connection, "SELECT url, caption, alt FROM images WHERE article_id = ? ORDER BY position", article_id)
    )
    row["blocks"] = list(
        _rows(
            connection,
            "SELECT position, kind, heading, links AS count, filled_by FROM article_blocks WHERE article_id = ? ORDER BY position",
            article_id,
        )
    )
    for block in row["blocks"]:
        block["links"] = list(
            _rows(
                connection,
                "SELECT position, title, url, target_id, thumbnail, summary, source, published_at, published_raw, first_seen "
                "FROM article_links WHERE article_id = ? AND block = ? AND gone_at IS NULL ORDER BY position",
                article_id,
                block["position"],
            )
        )
    row["recommended_by"] = list(
        _rows(
            connection,
            "SELECT DISTINCT a.id, a.title, l.kind FROM article_links l JOIN articles a ON a.id = l.article_id WHERE l.target_id = ? "
            "AND l.gone_at IS NULL AND a.id <> l.target_id ORDER BY a.id",
            article_id,
        )
    )
    page = next(
        _rows(
            connection,
            "SELECT fetched_at, status, tries, found_on FROM pages WHERE article_id = ? ORDER BY tries DESC",
            article_id,
        ),
        None,
    )
    row["page"] = page
    return row


def totals(connection: sqlite3.Connection) -> dict[str, Any]:
    """How much there is: articles, addresses, links by kind, links that lead to stored articles, verdicts of pages."""
    one = connection.execute
    return {
        "articles": one("SELECT count(*) FROM articles").fetchone()[0],
        "addresses": one("SELECT count(*) FROM article_urls").fetchone()[0],
        "images": one("SELECT count(*) FROM images").fetchone()[0],
        "bylines": one("SELECT count(*) FROM bylines").fetchone()[0],
        "links": dict(
            one("SELECT kind, count(*) FROM article_links WHERE gone_at IS NULL GROUP BY kind ORDER BY count(*) DESC").fetchall()
        ),
        "resolved": one("SELECT count(*) FROM article_links WHERE target_id IS NOT NULL AND gone_at IS NULL").fetchone()[0],
        "filled": dict(
            one(
                "SELECT filled_by, count(*) FROM article_blocks WHERE filled_by <> 'page' AND links > 0 GROUP BY filled_by"
            ).fetchall()
        ),
        "empty": one("SELECT count(*) FROM article_blocks WHERE links = 0").fetchone()[0],
        "verdicts": dict(
            one(
                "SELECT verdict, count(*) FROM pages WHERE kind IN ('article', 'part') AND verdict NOT IN ('article', 'redirect') GROUP BY verdict ORDER BY count(*) DESC"
            ).fetchall()
        ),
    }


def most_recommended(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """The stored article that most others recommend, and how many; ``None`` where none is."""
    row = connection.execute(
        "SELECT article_id, recommended_by FROM most_recommended WHERE article_id IS NOT NULL ORDER BY recommended_by DESC, article_id LIMIT 1"
    ).fetchone()
    return (row[0], row[1]) if row else None


def sites(connection: sqlite3.Connection) -> dict[str, tuple[int, str | None]]:
    """For each site that has run: how many articles are stored, and when its last run began."""
    found = connection.execute(
        "SELECT s.name, (SELECT count(*) FROM articles WHERE site = s.name), (SELECT max(started_at) FROM runs WHERE site = s.name) FROM sites s"
    )
    return {name: (count, last) for name, count, last in found}


def sites_named(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, list[str]]:
    """For each name the sites that it means: the site of that name, else all of that title, publisher, region or city."""
    rows = connection.execute("SELECT name, title, publisher, region, city FROM sites ORDER BY name").fetchall()
    exact = {name for name, *_ in rows}
    return {wanted: [wanted] if wanted in exact else [name for name, *words in rows if wanted in words] for wanted in names}


def site_words(connection: sqlite3.Connection) -> set[str]:
    """All words by which `sites_named` finds a site."""
    return {word for row in connection.execute("SELECT name, title, publisher, region, city FROM sites") for word in row if word}


def settings(connection: sqlite3.Connection) -> dict[str, str]:
    """What the database's runs are to know, by name."""
    return dict(connection.execute("SELECT name, value FROM settings").fetchall())


def _rows(connection: sqlite3.Connection, sql: str, *parameters: Any) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
