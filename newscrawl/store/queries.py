"""Saved queries: named questions in SQL, newscrawl's own (``saved/*.sql``) and those that a user keeps beside the database.

A saved query is a file ``NAME.sql``: comment lines, then one SELECT.

    -- What it answers, in a line: the title
    -- More about it, in as many lines as it takes.
    -- :person  what the parameter is; it must be given
    -- :site?   one that may be left out: the query is given an empty text then
    SELECT …

A user's own lie in the folder ``queries`` beside the database (``data/queries/NAME.sql``); one that is named as one of newscrawl's takes
its place.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

FOLDER = "queries"
"""Where a user's own queries lie, beside the database."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

_PARAMETER = re.compile(r":(\w+)(\??)\s+(.+)")
# What of SQL is no code: strings, quoted names, comments; then what a value is put in for.
_USED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|(?<![\w:])[:@$](\w+)""", re.S)


class QueryProblem(Exception):
    """A saved query that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query asks for; where it is not ``required``, it is an empty text when nobody gives it."""

    name: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A named question: ``sql`` is one SELECT with ``:NAME`` for each of ``params``. ``file``: where a user's own lies."""

    name: str
    title: str
    description: str
    sql: str
    params: tuple[Parameter, ...] = ()
    file: Path | None = None

    def values(self, given: Mapping[str, str]) -> dict[str, str]:
        """A value for each parameter; raises `QueryProblem` where one is missing or is none of the query's."""
        known = {one.name: one for one in self.params}
        if unknown := [name for name in given if name not in known]:
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise QueryProblem(f"{self.name}: no parameter {', '.join(unknown)}; {there}.")
        if missing := [one for one in self.params if one.required and not given.get(one.name)]:
            asked = ", ".join(f"-p {one.name}=… ({one.description})" for one in missing)
            raise QueryProblem(f"{self.name}: wants {asked}.")
        return {name: given.get(name, "") for name in known}


def queries(database: Path | None = None) -> dict[str, Query]:
    """All saved queries by name: newscrawl's, and with ``database`` (where it lies) the user's own beside it.

    Raises `QueryProblem` for a file of the user's that is none.
    """
    found = dict(_own())
    folder = database.absolute().parent / FOLDER if database is not None else None
    if folder is not None and folder.is_dir():
        for file in sorted(folder.glob("*.sql")):
            try:
                query = parse(file.stem, file.read_text("utf-8-sig"), file)
            except (OSError, UnicodeDecodeError) as error:
                raise QueryProblem(f"{file}: cannot be read ({error}).") from None
            found[query.name] = query
    return dict(sorted(found.items()))


@cache
def _own() -> dict[str, Query]:
    folder = resources.files("newscrawl.store").joinpath("saved")
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return {name: parse(name, file.read_text("utf-8")) for file in files for name in [file.name.removesuffix(".sql")]}


def parse(name: str, text: str, file: Path | None = None) -> Query:
    """A query out of its file's text; raises `QueryProblem`."""
    where = file or f"{name}.sql"
    if not NAME.fullmatch(name):
        raise QueryProblem(f"{where}: a query is named by Latin letters, figures, _ and -.")
    head: list[str] = []
    lines = text.strip().split("\n")
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith("--")):
        head.append(lines.pop(0).strip().removeprefix("--").strip())
    sql = "\n".join(lines).strip().rstrip(";").rstrip()
    if not sql:
        raise QueryProblem(f"{where}: holds no query.")
    if sqlite3.complete_statement(f"{sql};") and _statements(sql) > 1:
        raise QueryProblem(f"{where}: holds more than one statement; a saved query is one SELECT.")
    told: dict[str, Parameter] = {}
    said: list[str] = []
    for line in head:
        if line and (found := _PARAMETER.fullmatch(line)):
            told[found[1]] = Parameter(found[1], found[3], required=not found[2])
        elif line:
            said.append(line)
    used = dict.fromkeys(found[1] for found in _USED.finditer(sql) if found[1])
    params = tuple(told.get(one, Parameter(one, "a value", required=True)) for one in used)
    return Query(name, said[0] if said else name, " ".join(said[1:]), sql, params, file)


def _statements(sql: str) -> int:
    """How many statements a text holds: a semicolon in a string or a comment ends none."""
    bare = _USED.sub(lambda found: found[0] if found[1] else " ", sql)
    return sum(1 for part in bare.split(";") if part.strip())


# -- feeds

_UPDATED = (
    "replaced_at",
    "gone_at",
    "last_published_at",
    "published_at",
    "last_corrected_at",
    "first_seen",
    "fetched_at",
    "started_at",
    "day",
)
"""Columns that say when what a row tells came about, the first of them first."""
_TITLES = ("title", "name", "source", "site")
_LINKS = ("url", "from_url", "article_url")
_TEXTS = ("summary", "lead", "snippet", "body_text")
_AUTHORS = ("source", "publisher", "site", "from_site")
_APART = ("replaced_at", "gone_at", "last_published_at", "last_corrected_at", "kind", "number")
"""Columns by which rows with one address are told apart: the same article may come again for something else."""
FEED = ("atom_id", "atom_title", "atom_updated", "atom_link", "atom_author_name", "atom_content")
"""The columns of a feed, as the plugin datasette-atom wants them."""


def as_feed(sql: str, columns: Sequence[str], name: str, *, limit: int = 100) -> str:
    """A query with the columns of `FEED`, of any query: an entry a row, the newest first.

    A column of the query that is named as one of `FEED` is taken. Else: the title is its ``title`` (or the first other column that
    names something); the link its ``url``; the time that of what happened (a change or a loss before a publication), a day's
    beginning, else when a run last began; the content its ``summary`` or the beginning of its text, else all columns, a line each.
    The id is the address, with what tells rows of one address apart (`_APART`); without an address it is the
    query's ``name`` and what the row says in words. What has no time comes last.
    """
    have = dict.fromkeys(columns)
    times = [column for column in _UPDATED if column in have]
    link = next((column for column in _LINKS if column in have), None)
    title = next((column for column in _TITLES if column in have), columns[0])
    texts = [column for column in _TEXTS if column in have]
    authors = [_q(column) for column in _AUTHORS if column in have and column != title]
    last = "(SELECT coalesce(max(started_at), strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')) FROM runs)"
    # What has no time comes last, not first.
    never = "'1970-01-01T00:00:00+00:00'"
    dated = [f"CASE WHEN length({_q(time)}) = 10 THEN {_q(time)} || 'T00:00:00+08:00' ELSE {_q(time)} END" for time in times]
    updated = f"coalesce({', '.join([*dated, never])})" if dated else last
    apart = [column for column in have if column in _APART]
    words = " || '/' || ".join(f"CASE typeof({_q(column)}) WHEN 'text' THEN {_q(column)} ELSE '' END" for column in columns)
    nameless = f"'tag:newscrawl,2026:{name}/' || lower(hex({words}))"
    target, identity = "''", nameless
    if link is not None:
        # What else an address may be (javascript:) is for no reader to follow.
        is_address = f"{_q(link)} LIKE 'http://%' OR {_q(link)} LIKE 'https://%'"
        whole = " || ".join([_q(link), *(f"coalesce('#' || {_q(column)}, '')" for column in apart)])
        target = f"CASE WHEN {is_address} THEN {_q(link)} ELSE '' END"
        identity = f"CASE WHEN {is_address} THEN {whole} ELSE {nameless} END"
    lines = " || char(10) || ".join(f"{_text(column)} || ': ' || coalesce({_q(column)}, '')" for column in columns)
    content = f"coalesce({', '.join(f'substr({_q(text)}, 1, 500)' for text in texts)}, '')" if texts else lines
    made = {
        "atom_id": identity, "atom_title": f"coalesce({_q(title)}, '')", "atom_updated": updated, "atom_link": target,
        "atom_author_name": f"coalesce({', '.join(authors)}, NULL)" if authors else "NULL", "atom_content": content,
    }  # fmt: skip
    chosen = ", ".join(f"{_q(column) if column in have else made[column]} AS {column}" for column in FEED)
    return f"SELECT {chosen} FROM (\n{sql}\n) ORDER BY datetime(atom_updated) DESC LIMIT {limit}"  # noqa: S608


def _q(name: str) -> str:
    """A column's name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
