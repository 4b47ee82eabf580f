"""The search page: words, filters, hits with the words marked; without words all articles, newest first."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from newscrawl.bigrams import Piece, SearchError
from newscrawl.days import as_day
from newscrawl.store import newsroom, reader, search
from newscrawl.store.newsroom import Choices, Headline
from newscrawl.web import pages

SIZE = 20
"""Articles on a page."""

LAST = 500
"""The last page that can be asked for."""

WIDTH = 110
"""Characters of a snippet."""

SORTS = {"relevance": "best first", "date": "newest first"}

# What one types to see an article: its number, or where it stands.
_NUMBER = re.compile(r"[0-9]{1,18}\Z")
_ADDRESS = re.compile(r"(https?://)?[\w.-]+\.[a-z]{2,}(:\d+)?/\S*\Z", re.IGNORECASE)

LANGUAGE: tuple[tuple[str, str], ...] = (
    ("网上灭枪", "these characters in this order, in the title or the text; any part of a word is found"),
    ("渔港 织网", "both, anywhere in the article"),
    ("渔港 OR 码头", "one of them; capitals only"),
    ("渔港 -休渔", "the first, but not the second; NOT says the same"),
    ('"威海 渔港"', "a phrase: next to each other, whatever stands between them that is no letter or character"),
    ("标题:天鹅", "only in the headline, its 引题 and 副题; title:天鹅 says the same, body: or 正文: for the text"),
    ("(渔港 OR 码头) 标题:天鹅", "parentheses group"),
    ("5G", "a Latin word or a number is found whole, capitals or not; wi* finds all that begin with wi"),
    ("漁港", "traditional characters find simplified ones, and the reverse"),
)
"""What the search box understands: a query and what it finds."""


# -- what is asked, what is answered


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. ``wrong``: what of it could not be understood, in a sentence each, and was passed over."""

    q: str
    site: str | None
    source: str | None
    since: date | None
    until: date | None
    region: str | None
    sort: str
    page: int
    wrong: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, as an address has them."""
        every = {
            "site": self.site,
            "source": self.source,
            "region": self.region,
            "since": _text(self.since),
            "until": _text(self.until),
        }
        return {name: value for name, value in every.items() if value}

    @property
    def narrowed(self) -> dict[str, Any]:
        """The filters that are set, as the database is asked."""
        return {"site": self.site, "source": self.source, "region": self.region, "since": self.since, "until": self.until}

    def at(self, path: str = "/search", **other: str | None) -> str:
        """The address of this question, with something else in place of what it has."""
        sort = self.sort if self.q and self.sort != "relevance" else None
        return with_query(path, **{"q": self.q or None, **self.filters, "sort": sort, **other})


@dataclass(frozen=True, slots=True)
class Result:
    """An article that was found; ``title`` and ``snippet`` in pieces, the words that were looked for apart."""

    article: Headline
    title: Sequence[Piece]
    snippet: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. ``reachable``: so many of ``total`` are on pages; ``opened``: the article whose number or address was typed;
    ``match``: the words as FTS5 is asked for them; ``waiting``: articles that cannot be found yet; ``problem``: why nothing could be
    looked up."""

    choices: Choices
    total: int = 0
    reachable: int = 0
    results: Sequence[Result] = ()
    opened: Headline | None = None
    match: str | None = None
    waiting: int = 0
    problem: str | None = None
    unknown: Sequence[str] = field(default=())

    @property
    def pages(self) -> int:
        return min(max(1, -(-self.reachable // SIZE)), LAST)


def asked_of(request: Request) -> Asked:
    """What an address asks for. What is no day, no number or no order is passed over and told."""
    wrong: list[str] = []

    def text(name: str) -> str | None:
        return (request.args.get(name) or "").strip() or None

    def day(name: str) -> date | None:
        value = text(name)
        try:
            return as_day(value)
        except ValueError:
            wrong.append(f"{name}: {shortened(value or '')!r} is no day; write it as 2026-11-01.")
            return None

    since, until = day("since"), day("until")
    if since and until and since > until:
        wrong.append("The first day comes after the last: they are taken the other way round.")
        since, until = until, since
    sort, page = text("sort") or "relevance", text("page") or "1"
    if sort not in SORTS:
        wrong.append(f"sort: {shortened(sort)!r} is no order; there are {', '.join(SORTS)}.")
        sort = "relevance"
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
    return Asked(
        text("q") or "", text("site"), text("source"), since, until, text("region"), sort, min(max(number, 1), LAST), tuple(wrong)
    )


def answer(connection: sqlite3.Connection, asked: Asked) -> Answer:
    """Look it up; what cannot be looked up says so in ``problem``."""
    choices = newsroom.choices(connection)
    waiting = newsroom.waiting(connection)
    opened = _opened(connection, asked.q)
    names, unknown = _sites(connection, asked, choices)
    if unknown:
        return Answer(choices, opened=opened, waiting=waiting, unknown=unknown)
    offset = (asked.page - 1) * SIZE
    if not asked.q:
        total, found = newsroom.browse(
            connection, site=names, source=asked.source, since=asked.since, until=asked.until, limit=SIZE, offset=offset
        )
        listed = [Result(one, [(one.title, False)], [(one.teaser, False)] if one.teaser else []) for one in found]
        return Answer(choices, total, total, listed, waiting=waiting)
    try:
        hits = search.find(
            connection,
            asked.q,
            sites=names or (),
            source=asked.source,
            since=asked.since,
            until=asked.until,
            newest=asked.sort == "date",
            limit=SIZE,
            offset=offset,
            width=WIDTH,
        )
    except SearchError as error:
        return Answer(choices, opened=opened, waiting=waiting, problem=str(error))
    stored = {one.id: one for one in newsroom.headlines(connection, [hit.id for hit in hits.hits])}
    results = [Result(stored[hit.id], hit.marked, hit.snippet) for hit in hits.hits if hit.id in stored]
    return Answer(choices, hits.total, hits.ranked, results, opened, hits.query.expression, waiting)


def _opened(connection: sqlite3.Connection, words: str) -> Headline | None:
    """The article whose number, or one of whose addresses, this is."""
    if not (_NUMBER.match(words) or _ADDRESS.match(words)):
        return None
    wanted = words if _NUMBER.match(words) or "://" in words else f"http://{words}"
    number = reader.find_article(connection, wanted)
    return next(iter(newsroom.headlines(connection, [number])), None) if number is not None else None


def _sites(connection: sqlite3.Connection, asked: Asked, choices: Choices) -> tuple[list[str] | None, list[str]]:
    """The sites that are asked for, ``None`` for all; and what is wrong with them."""
    names: list[str] | None = None
    if asked.region:
        names = [site.name for site in choices.sites if site.region == asked.region]
        if not names:
            return names, [f"No site of a region {shortened(asked.region)!r}."]
    if asked.site:
        of_name = reader.sites_named(connection, [asked.site])[asked.site]
        if not of_name:
            return names, [f"No site {shortened(asked.site)!r}."]
        names = [name for name in of_name if names is None or name in names]
        if not names:
            return names, [f"{shortened(asked.site)} is no site of {shortened(asked.region or '')}."]
    return names, []


# -- pages


async def page(datasette: Datasette, request: Request) -> Response:
    """``/search?q=&site=&source=&since=&until=&region=&sort=&page=``"""
    asked = asked_of(request)
    found = await pages.read(datasette, answer, asked)
    query, values = newsroom.in_sql(**asked.narrowed, match=found.match, newest=asked.sort == "date")
    feed = newsroom.as_feed(**asked.narrowed, match=found.match) if found.total else None
    return await pages.show(
        datasette,
        request,
        "search.html",
        asked=asked,
        found=found,
        q=asked.q,
        sorts=SORTS,
        grouped=[(region, list(members)) for region, members in groupby(found.choices.sites, lambda site: site.region)],
        language=LANGUAGE,
        first=(asked.page - 1) * SIZE + 1,
        search=address,
        sql=sql(query, **values),
        csv=sql(query, "csv", _size="max", **values),
        feed=sql(feed, "atom", _feed_title=_feed_title(asked), **values) if feed else None,
        json=asked.at("/search.json", page=str(asked.page) if asked.page > 1 else None),
    )


async def as_json(datasette: Datasette, request: Request) -> Response:
    """``/search.json``, the same as JSON; status 400 with ``error`` for what cannot be looked up."""
    asked = asked_of(request)
    found = await pages.read(datasette, answer, asked)
    problems = [*asked.wrong, *found.unknown, *([found.problem] if found.problem else [])]
    if problems:
        return _json({"ok": False, "error": " ".join(problems)}, 400)
    hits = [
        {
            **{name: value for name, value in asdict(one.article).items() if name not in ("teaser", "caption")},
            "marked": [{"text": text, "hit": hit} for text, hit in one.title],
            "snippet": [{"text": text, "hit": hit} for text, hit in one.snippet],
        }
        for one in found.results
    ]
    return _json(
        {
            "ok": True,
            "query": asked.q,
            "filters": asked.filters,
            "sort": asked.sort if asked.q else "date",
            "total": found.total,
            "reachable": found.reachable,
            "page": asked.page,
            "pages": found.pages,
            "next": asked.at("/search.json", page=str(asked.page + 1)) if asked.page < found.pages else None,
            "waiting": found.waiting,
            "hits": hits,
        }
    )


def _json(value: dict[str, Any], status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False)
    return Response(text, status=status, content_type="application/json; charset=utf-8")


# -- addresses


def _feed_title(asked: Asked) -> str:
    return " · ".join(["newscrawl", *([asked.q] if asked.q else []), *asked.filters.values()])


def address(**filters: str | None) -> str:
    """The search page with words and filters."""
    return with_query("/search", **filters)


def sql(text: str, kind: str = "", **values: str) -> str:
    """Where a question in SQL is asked: as a page, or as ``csv``, ``json`` or ``atom``."""
    return with_query(f"/{pages.DATABASE}{f'.{kind}' if kind else ''}", sql=text, **values)


def with_query(path: str, **values: str | None) -> str:
    """An address with what is set of these values."""
    given = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def shortened(text: str, most: int = 60) -> str:
    """A text cut for a sentence about it."""
    return text if len(text) <= most else f"{text[:most]}…"


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


ROUTES: pages.Routes = ((r"^/search$", page), (r"^/search\.json$", as_json))
