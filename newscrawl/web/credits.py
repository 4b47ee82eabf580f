"""Sources and people: who is credited, with what, over which time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import unquote, urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from newscrawl import charts
from newscrawl.store import credits
from newscrawl.store.coverage import day_of
from newscrawl.web import formats, pages

SIZE = 50
"""Names on a page of a list."""

ARTICLES = 20
"""Articles on a page of a source or person."""

LAST = 10_000
"""The last page that can be asked for."""

ROLES = {
    "reporter": ("Reporters", "记者"),
    "author": ("Authors", "作者"),
    "correspondent": ("Correspondents", "通讯员"),
    "editor": ("Editors", "编辑"),
}
"""What the roles of bylines are called on pages."""


async def sources(datasette: Datasette, request: Request) -> Response:
    """``/sources?q=&page=``"""
    words, page = _words(request), page_number(request)
    found = await pages.read(datasette, credits.sources, words=words, limit=SIZE, offset=(page - 1) * SIZE)
    stored = found if not words else await pages.read(datasette, credits.sources, limit=1)
    return await pages.show(
        datasette,
        request,
        "sources.html",
        words=words,
        found=found,
        articles=stored.articles,
        rank=(page - 1) * SIZE,
        pager=pager(request, page, SIZE, found.total),
        sql=SOURCES_SQL,
    )


async def source(datasette: Datasette, request: Request) -> Response:
    """``/source/NAME?page=``"""
    name, page = _name(request), page_number(request)
    found = await pages.read(datasette, credits.source, name, limit=ARTICLES, offset=(page - 1) * ARTICLES)
    if found is None:
        return await pages.missing(datasette, request, f"No article is credited to {shortened(name)!r}.")
    chart = over_time(found.days, "Articles over time", lambda since, until: search(source=name, since=since, until=until))
    return await pages.show(
        datasette,
        request,
        "source.html",
        source=found,
        chart=chart,
        roles=ROLES,
        search=search(source=name),
        table=f"/{pages.DATABASE}/latest_articles?{urlencode({'source__exact': name})}",
        pager=pager(request, page, ARTICLES, found.articles),
    )


async def people(datasette: Datasette, request: Request) -> Response:
    """``/people?role=&q=&page=``"""
    words, page = _words(request), page_number(request)
    role = request.args.get("role") or credits.ROLES[0]
    if role not in ROLES:
        return await pages.missing(datasette, request, f"No role {shortened(role)!r}: there are {', '.join(ROLES)}.")
    found, names = await pages.read(datasette, credits.people, role, words=words, limit=SIZE, offset=(page - 1) * SIZE)
    return await pages.show(
        datasette,
        request,
        "people.html",
        words=words,
        role=role,
        roles=ROLES,
        found=found,
        names=names,
        rank=(page - 1) * SIZE,
        pager=pager(request, page, SIZE, found.total),
        sql=PEOPLE_SQL,
    )


async def person(datasette: Datasette, request: Request) -> Response:
    """``/person/NAME?page=``"""
    name, page = _name(request), page_number(request)
    found = await pages.read(datasette, credits.person, name, limit=ARTICLES, offset=(page - 1) * ARTICLES)
    if found is None:
        return await pages.missing(datasette, request, f"No byline has the name {shortened(name)!r}.")
    return await pages.show(
        datasette,
        request,
        "person.html",
        person=found,
        chart=over_time(found.days, "Articles over time", lambda since, until: None),
        roles=ROLES,
        table=f"/{pages.DATABASE}/bylines?{urlencode({'name__exact': name})}",
        pager=pager(request, page, ARTICLES, found.articles),
    )


SOURCES_SQL = f"/{pages.DATABASE}/sources"
PEOPLE_SQL = f"/{pages.DATABASE}/people"


# What these pages share.


def page_number(request: Request) -> int:
    """The page asked for, from 1; 1 where what is asked for is no number."""
    text = request.args.get("page") or ""
    return min(max(int(text), 1), LAST) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def pager(request: Request, page: int, size: int, total: int) -> dict[str, object]:
    """Where a page stands in its list: ``page``, ``pages``, and the addresses ``before`` and ``after`` (``None`` where none is)."""

    def address(number: int) -> str:
        arguments = [(key, value) for key in request.args for value in request.args.getlist(key) if key != "page"]
        query = urlencode([*arguments, *([("page", str(number))] if number > 1 else [])])
        return f"?{query}" if query else request.path

    count = max(1, -(-total // size))
    return {
        "page": page,
        "pages": count,
        "before": address(min(page - 1, count)) if page > 1 else None,
        "after": address(page + 1) if page < min(count, LAST) else None,
    }


def search(**filters: str | None) -> str:
    """The search page with these filters."""
    return "/search?" + urlencode({name: value for name, value in filters.items() if value})


def shortened(text: str, most: int = 60) -> str:
    """A text cut for a sentence about it."""
    return text if len(text) <= most else text[:most] + "…"


def over_time(
    days: Mapping[str, int], title: str, href: Callable[[str, str], str | None], *, quiet: bool = True
) -> Markup | None:
    """Columns of articles by day, month or year, as the whole asks for; ``days``: articles by day (``2017-07-28``).

    ``href`` gives the address of what was published from one day to another. ``None`` where no day is known.
    """
    known = sorted((day, count) for text, count in days.items() if (day := day_of(text)))
    if not known:
        return None
    first, last = known[0][0], known[-1][0]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    unit = "day" if (last - first).days < 45 else "month" if months <= 60 else "year"
    counts: dict[date, int] = {}
    for day, count in known:
        start = _start(day, unit)
        counts[start] = counts.get(start, 0) + count
    data = []
    start = _start(first, unit)
    while start <= last:
        end = _end(start, unit)
        label = {"day": charts.day_label(start), "month": f"{start:%Y-%m}", "year": f"{start.year}"}[unit]
        data.append(charts.Column(label, [counts.get(start, 0)], href(start.isoformat(), end.isoformat())))
        start = end + timedelta(days=1)
    return charts.columns(data, ["Articles"], title=title, label=unit.capitalize(), height=150, quiet=quiet)


def _start(day: date, unit: str) -> date:
    return day if unit == "day" else day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _end(start: date, unit: str) -> date:
    if unit == "day":
        return start
    return start.replace(day=monthrange(start.year, start.month)[1]) if unit == "month" else start.replace(month=12, day=31)


def _words(request: Request) -> str:
    return (request.args.get("q") or "").strip()[:100]


def _name(request: Request) -> str:
    return unquote(request.url_vars["name"])


def name_path(kind: str, name: str) -> str:
    """The page of a source or a person."""
    return formats.path_of(kind, name)


ROUTES: pages.Routes = (
    (r"^/sources$", sources),
    (r"^/source/(?P<name>[^/]+)$", source),
    (r"^/people$", people),
    (r"^/person/(?P<name>[^/]+)$", person),
)
