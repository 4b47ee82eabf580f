"""The ledger: what each run asked for and came to, field by field, and how its site was after it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from newscrawl.health import COMMAND, COMPARED, REMEMBERED, FieldCount, ListRecord, RunRecord
from newscrawl.store.frontier import now_text
from newscrawl.store.writer import transaction

COUNTS = ("requests", "bytes", "new", "changed", "unchanged", "duplicates", "refused", "failed")
"""The columns of a run's counts."""

MOST = 1000
"""Runs that a site's health looks back on at most: six weeks of hourly ones."""

_RUN = (
    "id, coalesce(site, ''), started_at, finished_at, command, reason, exit_code, seconds, "
    + ", ".join(f"coalesce({name}, 0)" for name in (*COUNTS, "retries"))
    + ", slowest_host, slowest_seconds, peak_memory, statuses, verdicts, links, state, message, version"
)

# -- writing


def start_run(
    connection: sqlite3.Connection, site: str | None, command: str, version: str, *, started_at: str | None = None
) -> int:
    """Open a run's row; gives its number. ``site`` is ``None`` for an ingest, ``command`` `newscrawl.health.COMMAND` for a
    run that later ones are compared with."""
    with transaction(connection):
        if site is not None:
            connection.execute("INSERT INTO sites (name) VALUES (?) ON CONFLICT DO NOTHING", (site,))
        row = connection.execute(
            "INSERT INTO runs (site, command, version, started_at) VALUES (?, ?, ?, ?) RETURNING id",
            (site, command, version, started_at or now_text()),
        ).fetchone()
    return int(row[0])


def finish_run(
    connection: sqlite3.Connection,
    run: int,
    *,
    seconds: float,
    reason: str,
    exit_code: int,
    counts: Mapping[str, int],
    statuses: Mapping[str, int] | None = None,
    verdicts: Mapping[str, int] | None = None,
    links: Mapping[str, int] | None = None,
    retries: int = 0,
    slowest_host: str | None = None,
    slowest_seconds: float | None = None,
    peak_memory: int | None = None,
    fields: Iterable[FieldCount] = (),
) -> None:
    """Close a run's row and write its fields, all or nothing. ``counts`` by column (`COUNTS`), ``peak_memory`` in bytes."""
    values = {
        "finished_at": now_text(), "seconds": round(seconds, 3), "reason": reason, "exit_code": exit_code,
        **{name: counts.get(name, 0) for name in COUNTS},
        "statuses": _text(statuses or {}), "verdicts": _text(verdicts or {}), "links": _text(links or {}),
        "retries": retries, "slowest_host": slowest_host,
        "slowest_seconds": None if slowest_seconds is None else round(slowest_seconds, 3), "peak_memory": peak_memory,
    }  # fmt: skip
    with transaction(connection):
        _update(connection, run, values)
        connection.execute("DELETE FROM run_fields WHERE run_id = ?", (run,))
        connection.executemany(
            "INSERT INTO run_fields (run_id, field, articles, filled, distinct_values, median_length, rules) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(run, f.field, f.articles, f.filled, f.distinct, f.median_length, _text(f.rules)) for f in fields],
        )


def as_row(connection: sqlite3.Connection, run: int) -> dict[str, Any]:
    """A run's row as the archive keeps it: with its fields' rows under ``fields``, and under ``articles`` the numbers of the articles
    that it was the first to read, by address key."""
    found = connection.execute("SELECT * FROM runs WHERE id = ?", (run,))
    row = dict(zip((name for name, *_ in found.description), found.fetchone(), strict=True))
    fields = connection.execute("SELECT * FROM run_fields WHERE run_id = ?", (run,))
    names = [name for name, *_ in fields.description]
    row["fields"] = [dict(zip(names, values, strict=True)) for values in fields]
    articles = connection.execute(
        "SELECT u.key, a.id FROM articles a JOIN article_urls u ON u.article_id = a.id AND u.reason = 'canonical' "
        "WHERE a.site = ? AND a.first_seen BETWEEN ? AND ?",
        (row["site"], row["started_at"], row["finished_at"] or "9999"),
    )
    row["articles"] = dict(articles.fetchall())
    return row


def restore(connection: sqlite3.Connection, row: Mapping[str, Any]) -> int:
    """Put a run's row as the archive keeps it back into the ledger, within a transaction; gives its number.

    A run that is there already is left alone, told by its site, its start and its number; where numbers have changed, by what it
    fetched, for two may have begun in one second. It gets its old number where that is free.
    """
    known = connection.execute(
        "SELECT id FROM runs WHERE site IS ?1 AND started_at = ?2 AND (id = ?3 OR requests IS ?4 AND bytes IS ?5) ORDER BY id <> ?3",
        (row["site"], row["started_at"], row.get("id"), row.get("requests"), row.get("bytes")),
    ).fetchone()
    if known:
        return int(known[0])
    values = {name: value for name, value in row.items() if name in _columns(connection, "runs")}
    if connection.execute("SELECT 1 FROM runs WHERE id = ?", (values.get("id"),)).fetchone():
        del values["id"]
    number = _insert(connection, "runs", values)
    names = _columns(connection, "run_fields")
    for field in row.get("fields", ()):
        _insert(connection, "run_fields", {name: value for name, value in {**field, "run_id": number}.items() if name in names})
    return number


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}


def _insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    marks = ", ".join("?" * len(values))
    done = connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608
    return done.lastrowid or 0


def set_state(connection: sqlite3.Connection, run: int, state: str, message: str | None) -> None:
    """Keep how the site was after a run. One that did its work on a site that is not well returns 3."""
    with transaction(connection):
        _set_state(connection, run, state, message)


def _set_state(connection: sqlite3.Connection, run: int, state: str, message: str | None) -> None:
    connection.execute(
        "UPDATE runs SET state = ?, message = ?, exit_code = CASE WHEN exit_code = 0 AND ? IN ('yellow', 'red') THEN 3 ELSE exit_code END "
        "WHERE id = ?",
        (state, message, state, run),
    )


def close_dead(connection: sqlite3.Connection, site: str | None) -> list[int]:
    """Close the rows of a site's runs that were killed; gives their numbers. ``None``: those of ingests.

    The caller holds the site's lock and has not yet opened a run of its own, so that no open run is alive. What they stored
    is counted as far as the tables tell; an ingest's pages carry the times of their files and tell nothing.
    """
    with transaction(connection):
        dead = connection.execute(
            "SELECT id, started_at, (SELECT min(started_at) FROM runs n WHERE n.site IS r.site AND n.id > r.id) "
            "FROM runs r WHERE site IS ? AND finished_at IS NULL ORDER BY id",
            (site,),
        ).fetchall()
        for run, started, until in dead:
            left = {} if site is None else _left_behind(connection, site, started, until or "9999")
            _update(connection, run, {"finished_at": started, "reason": "killed", "exit_code": 137, **left})
    return [run for run, _, _ in dead]


def _left_behind(connection: sqlite3.Connection, site: str, started: str, until: str) -> dict[str, str | int]:
    """What a killed run left: columns of ``runs``. Requests are the pages that were stored, at least."""
    one = connection.execute
    window = (site, started, until)
    fetched = "FROM pages WHERE site = ? AND fetched_at >= ? AND fetched_at < ?"
    last, pages, size = one(f"SELECT max(fetched_at), count(*), coalesce(sum(size), 0) {fetched}", window).fetchone()
    if last is None:
        return {}
    verdicts = dict(one(f"SELECT verdict, count(*) {fetched} GROUP BY verdict ORDER BY 2 DESC", window).fetchall())
    statuses = dict(
        one(f"SELECT status, count(*) {fetched} AND status IS NOT NULL GROUP BY status ORDER BY 2 DESC", window).fetchall()
    )
    links = dict(
        one(
            f"SELECT kind, sum(links) FROM article_blocks WHERE article_id IN (SELECT article_id {fetched}) "  # noqa: S608
            "GROUP BY kind HAVING sum(links) > 0 ORDER BY 2 DESC",
            window,
        ).fetchall()
    )
    new, changed = one(
        "SELECT count(*) FILTER (WHERE first_seen >= ?2), count(*) FILTER (WHERE first_seen < ?2) FROM articles "
        "WHERE site = ?1 AND last_changed >= ?2 AND last_changed < ?3",
        window,
    ).fetchone()
    (duplicates,) = one(
        "SELECT count(*) FROM article_urls u JOIN articles a ON a.id = u.article_id "
        "WHERE a.site = ? AND u.reason = 'same text' AND u.first_seen >= ? AND u.first_seen < ?",
        window,
    ).fetchone()
    (read,) = one(f"SELECT count(*) {fetched} AND kind = 'article' AND verdict = 'article'", window).fetchone()
    refused = {word: n for word, n in verdicts.items() if word not in ("article", "list", "redirect", "pending")}
    return {
        "finished_at": last, "requests": pages, "bytes": size, "new": new, "changed": changed,
        "unchanged": max(0, read - new - changed - duplicates), "duplicates": duplicates,
        "refused": sum(n for word, n in refused.items() if word != "error"), "failed": refused.get("error", 0),
        "statuses": _text(statuses), "verdicts": _text(refused), "links": _text(links),
    }  # fmt: skip


def accept(connection: sqlite3.Connection, site: str, run: int, state: str, message: str | None) -> None:
    """Take a site as it is after ``run``: that run and those before it are no longer compared with.

    Lists that link no article any more are no longer expected to. ``state`` and ``message``: how the site is then.
    """
    with transaction(connection):
        connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (f"health:{site}", str(run)),
        )
        connection.execute(
            "UPDATE pages SET usual = NULL WHERE site = ? AND kind IN ('channel', 'feed', 'sitemap') "
            "AND (verdict <> 'list' OR listed = 0)",
            (site,),
        )
        _set_state(connection, run, state, message)


def _update(connection: sqlite3.Connection, run: int, values: Mapping[str, str | float | None]) -> None:
    columns = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE runs SET {columns} WHERE id = ?", (*values.values(), run))  # noqa: S608


def _text(counts: Mapping[str, int]) -> str:
    return json.dumps(counts, ensure_ascii=False)


# -- reading


def records(connection: sqlite3.Connection, site: str | None, limit: int, *, failed: bool = False) -> list[RunRecord]:
    """Runs of a site, or of all, with their fields, newest first. ``failed``: those that failed, were killed, or left the
    site red."""
    return _records(
        connection,
        "(?1 IS NULL OR site = ?1) AND (NOT ?2 OR exit_code NOT IN (0, 3) OR state = 'red') ORDER BY id DESC LIMIT ?3",
        (site, failed, limit),
    )


def run(connection: sqlite3.Connection, number: int) -> RunRecord | None:
    """One run, ``None`` where there is none of that number."""
    return next(iter(_records(connection, "id = ?", (number,))), None)


def newest(connection: sqlite3.Connection) -> int | None:
    """The number of the newest run."""
    row: tuple[int | None] = connection.execute("SELECT max(id) FROM runs").fetchone()
    return row[0]


def history(connection: sqlite3.Connection, record: RunRecord) -> list[RunRecord]:
    """The runs before one that its site's health is judged by, newest first: what `newscrawl.health.judge` wants as ``earlier``.

    Runs that read no page say nothing and are left out; so are those that a person has accepted (`accept`). The fields of
    the newest ones are enough as long as the site was well at all of them, and of older ones are not read then.
    """
    since = (datetime.fromisoformat(record.started_at) - REMEMBERED).astimezone(UTC).isoformat(timespec="seconds")
    found = _records(
        connection,
        "site = ? AND id < ? AND id > ? AND command = ? AND started_at >= ? AND finished_at IS NOT NULL "
        "AND new + changed + unchanged + duplicates + refused > 0 ORDER BY id DESC LIMIT ?",
        (record.site, record.id, accepted(connection, record.site), COMMAND, since, MOST),
        fields=0,
    )
    read = [one for one in found if one.new + one.changed + one.unchanged + one.duplicates]
    near = read[: COMPARED + 50]
    whole = read if any(one.state in ("yellow", "red") for one in near) else near
    _add_fields(connection, whole)
    return found


def state_before(connection: sqlite3.Connection, record: RunRecord) -> str | None:
    """How a site was after the last run before this one that was judged, ``None`` where none was."""
    row = connection.execute(
        "SELECT state FROM runs WHERE site = ? AND id < ? AND state IS NOT NULL ORDER BY id DESC LIMIT 1",
        (record.site, record.id),
    ).fetchone()
    return row[0] if row else None


def accepted(connection: sqlite3.Connection, site: str) -> int:
    """The last run of a site that is no longer compared with, 0 where there is none."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (f"health:{site}",)).fetchone()
    return int(row[0]) if row else 0


def lists(connection: sqlite3.Connection, site: str) -> list[ListRecord]:
    """A site's lists, feeds and sitemaps: of a channel the newest list, for the older ones come and go."""
    return [
        ListRecord(*row)
        for row in connection.execute(
            "SELECT url, kind, verdict, why, listed, usual, failing_since FROM pages "
            "WHERE site = ? AND kind IN ('channel', 'feed', 'sitemap') AND coalesce(number, 1) = 1 ORDER BY first_seen, url",
            (site,),
        )
    ]


def latest(connection: sqlite3.Connection) -> dict[str, RunRecord]:
    """For each site the last run that was judged, else the last that is finished; a killed run tells nothing of a site."""
    found = _records(
        connection,
        "id IN (SELECT coalesce(max(id) FILTER (WHERE state IS NOT NULL), max(id)) FROM runs "
        "WHERE site IS NOT NULL AND finished_at IS NOT NULL GROUP BY site) ORDER BY site",
        (),
        fields=0,
    )
    return {record.site: record for record in found}


def state_since(connection: sqlite3.Connection, record: RunRecord) -> str:
    """Since when a site is as it was after this run: the start of the first of the runs in a row with that state."""
    row = connection.execute(
        "SELECT min(started_at) FROM runs WHERE site = ?1 AND state = ?2 AND id > "
        "coalesce((SELECT max(id) FROM runs WHERE site = ?1 AND state <> ?2 AND id < ?3), 0)",
        (record.site, record.state, record.id),
    ).fetchone()
    return row[0] or record.started_at


def last_new(connection: sqlite3.Connection) -> dict[str, str]:
    """For each site the start of the last run that stored a new article."""
    return dict(
        connection.execute("SELECT site, max(started_at) FROM runs WHERE site IS NOT NULL AND new > 0 GROUP BY site").fetchall()
    )


def _records(
    connection: sqlite3.Connection, where: str, parameters: tuple[str | int | None, ...], *, fields: int | None = None
) -> list[RunRecord]:
    """Runs by a condition; ``fields``: 0 leaves their fields out."""
    found = [
        RunRecord(*row[:20], *(_counts(text) for text in row[20:23]), *row[23:])
        for row in connection.execute(f"SELECT {_RUN} FROM runs WHERE {where}", parameters)  # noqa: S608
    ]
    if fields != 0:
        _add_fields(connection, found)
    return found


def _add_fields(connection: sqlite3.Connection, runs: list[RunRecord]) -> None:
    by_run = {record.id: record.fields for record in runs}
    numbers = sorted(by_run)
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        marks = ", ".join("?" * len(part))
        for number, name, articles, filled, distinct, length, rules in connection.execute(
            "SELECT run_id, field, articles, filled, distinct_values, median_length, rules FROM run_fields "  # noqa: S608
            f"WHERE run_id IN ({marks})",
            part,
        ):
            by_run[number][name] = FieldCount(name, articles, filled, distinct, length, _counts(rules))


@lru_cache(4096)
def _counts(text: str | None) -> dict[str, int]:
    """Counts out of JSON; the same few texts come again and again, and nobody changes them."""
    return json.loads(text) if text else {}
