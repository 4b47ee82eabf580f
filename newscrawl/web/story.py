"""A story: a cluster of reprints over time, from paper to paper."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from newscrawl import charts, diff
from newscrawl.days import SHANGHAI
from newscrawl.diff import Piece
from newscrawl.store import reading
from newscrawl.store.reading import Cluster, Reprint, Story
from newscrawl.web import pages
from newscrawl.web.pages import DATABASE

SIZE = 25
"""Stories on one page."""

LAST_PAGE = 200

LANES = 40
"""Papers that a timeline shows."""

LONG_TITLE = 120
"""Characters of a title up to which its differences are marked."""

ORDERS: dict[reading.Order, str] = {
    "biggest": "most articles",
    "newest": "newest reprint",
    "fastest": "fastest spread",
}
DAYS = (7, 30, 90, 365)


# -- the list


async def stories(datasette: Datasette, request: Request) -> Response:
    """``/stories?order=biggest|newest|fastest&days=30&region=山东&page=2``"""
    given = request.args.get("order") or ""
    order = cast("reading.Order", given) if given in ORDERS else "biggest"
    region = (request.args.get("region") or "").strip()[:100] or None
    days = _number(request.args.get("days"), 0, 36500)
    page = max(_number(request.args.get("page"), 1, LAST_PAGE), 1)
    today = datetime.now(SHANGHAI).date()
    since = today - timedelta(days=days - 1) if days else None
    found, regions = await pages.read(datasette, _stories, order, since, region, page)
    asked = {"order": order, "days": str(days) if days else "", "region": region or ""}
    return await pages.show(
        datasette,
        request,
        "stories.html",
        stories=found[:SIZE],
        order=order,
        orders=ORDERS,
        days=days,
        choices=DAYS if not days or days in DAYS else (*DAYS, days),
        region=region,
        regions=regions,
        since=since,
        page=page,
        earlier=_address(asked, page - 1) if page > 1 else None,
        following=_address(asked, page + 1) if len(found) > SIZE and page < LAST_PAGE else None,
        number=(page - 1) * SIZE,
        span=charts.span,
        table=f"/{DATABASE}/clusters?_sort_desc=articles",
    )


def _stories(
    connection: sqlite3.Connection, order: reading.Order, since: date | None, region: str | None, page: int
) -> tuple[list[Story], list[str]]:
    found = reading.stories(connection, order, since=since, region=region, page=page, size=SIZE)
    return found, reading.regions(connection)


def _number(text: str | None, otherwise: int, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _address(asked: dict[str, str], page: int) -> str:
    return "/stories?" + urlencode({name: value for name, value in {**asked, "page": str(page)}.items() if value})


# -- one story


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the table shows it: its title with what differs from the origin's, and whom it credits."""

    reprint: Reprint
    title: tuple[Piece, ...]
    credits: tuple[tuple[str, int | None], ...]
    """As printed, with the number of the member whose house that is, where it is one's."""


async def story(datasette: Datasette, request: Request) -> Response:
    """``/story/ID``"""
    number = int(request.url_vars["id"])
    found, credited = await pages.read(datasette, _story, number)
    if found is None:
        return await pages.missing(
            datasette, request, f"There is no story {number}. A story's number lasts while most of its articles stay together."
        )
    members = await asyncio.to_thread(_members, found, credited)
    named = Counter(name for member in members for name, _ in member.credits)
    sources = {member.source for member in found.members}
    return await pages.show(
        datasette,
        request,
        "story.html",
        story=found,
        members=members,
        origin=found.origin,
        title=found.origin.title if found.origin else found.members[0].title if found.members else f"Story {number}",
        timeline=timeline(found),
        span=charts.span,
        seconds=_reach(found.members),
        papers=len({member.paper for member in found.members}),
        named=[(name, count, name in sources) for name, count in named.most_common(20)],
        queries=[
            ("its members", f"/{DATABASE}/cluster_members?cluster_id={number}"),
            ("CSV", f"/{DATABASE}/cluster_members.csv?cluster_id={number}&_size=max&_labels=on"),
            ("the cluster", f"/{DATABASE}/clusters/{number}"),
            ("who takes over from whom", f"/{DATABASE}/reprint_pairs"),
        ],
    )


def _story(connection: sqlite3.Connection, number: int) -> tuple[Cluster | None, dict[int, tuple[tuple[str, int | None], ...]]]:
    found = reading.story(connection, number)
    return found, reading.credited(connection, found.members) if found else {}


def _members(found: Cluster, credited: dict[int, tuple[tuple[str, int | None], ...]]) -> list[Member]:
    origin = found.origin
    out = []
    for member in found.members:
        title: tuple[Piece, ...] = (Piece("same", member.title),)
        if origin and not member.is_origin and max(len(origin.title), len(member.title)) <= LONG_TITLE:
            title = diff.inline(origin.title, member.title) or title
        out.append(Member(member, title, credited.get(member.id, ())))
    return out


def _reach(members: Sequence[Reprint]) -> float | None:
    """Seconds from the first to the last member whose time is known to more than the day."""
    known = [member.seconds for member in members if member.seconds is not None]
    return max(known) - min(known) if len(known) > 1 else None


def timeline(found: Cluster) -> Markup | None:
    """A cluster's members on an axis of time, a lane for each publisher; for each site, where there is one publisher.

    ``None`` where no member has a time.
    """
    by_site = found.publishers < 2
    events = []
    lanes: set[str] = set()
    for member in found.members:
        at = _wall_clock(member.published_at)
        lane = member.paper if by_site else member.publisher or member.paper
        if at is None or (len(lanes) >= LANES and lane not in lanes):
            continue
        lanes.add(lane)
        note = "likely origin" if member.is_origin else f"{100 * member.similarity:.0f} %"
        colour = 4 if member.is_origin else 1
        whole = member.published_precision == "day"
        events.append(charts.Event(at, lane, member.title, f"/article/{member.id}", note, colour, whole))
    return charts.timeline(events, title="From paper to paper", lane="Paper", quiet=True) if events else None


def _wall_clock(text: str | None) -> datetime | None:
    """A time in China's wall clock."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (at.astimezone(SHANGHAI) if at.tzinfo else at).replace(tzinfo=None)


ROUTES: pages.Routes = ((r"^/stories$", stories), (r"^/story/(?P<id>\d{1,19})$", story))
