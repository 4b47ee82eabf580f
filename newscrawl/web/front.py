"""The front page: what came in, what is pushed and taken over, and how the sites are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from newscrawl.days import SHANGHAI, as_day
from newscrawl.store import newsroom
from newscrawl.web import find, pages

NO_REGION = "-"
"""How an address names the sites without a region."""

PILLS = 40
"""Regions that are offered, at most."""


async def front(datasette: Datasette, request: Request) -> Response:
    """``/?region=&day=``"""
    now = datetime.now(UTC)
    today = now.astimezone(SHANGHAI).date()
    region = region_of(request)
    try:
        asked = as_day(request.args.get("day"))
    except ValueError as error:
        return await pages.failed(datasette, request, 400, f"This is {error}.")
    if asked is not None and not date(1990, 1, 1) <= asked <= today:
        return await pages.missing(datasette, request, f"{asked} is a day to come, or one before there were such sites.")
    found = await pages.read(datasette, newsroom.front, now, region, asked)
    if region is not None and not any((name or "") == region for name, _ in found.regions):
        known = ", ".join(name for name, _ in found.regions[:PILLS] if name) or "none yet"
        return await pages.missing(datasette, request, f"No site of a region {find.shortened(region)!r}. There are: {known}.")
    day = found.day
    kept = asked.isoformat() if asked else None
    return await pages.show(
        datasette,
        request,
        "front.html",
        front=found,
        region=region,
        kept=kept,
        address_of=address_of,
        heading=heading(day, today) if day else None,
        age=(today - day).days if day else None,
        before=day - timedelta(days=1) if day else None,
        after=day + timedelta(days=1) if day and found.newest and day < found.newest else None,
        search=find.address,
        span=span,
        day_sql=find.sql(newsroom.DAY_SQL, since=day.isoformat(), before=(day + timedelta(days=1)).isoformat()) if day else None,
        condition_sql=find.sql(newsroom.CONDITION_SQL),
    )


def region_of(request: Request) -> str | None:
    """The region that an address asks for, ``""`` for sites without one, ``None`` for all."""
    region = (request.args.get("region") or "").strip()
    return None if not region else "" if region == NO_REGION else region


def address_of(path: str, region: str | None, **more: str | None) -> str:
    """A page of one region."""
    return find.with_query(path, region=NO_REGION if region == "" else region, **more)


def heading(day: date, today: date) -> str:
    """A day as a headline: Yesterday, Tuesday 24 November 2026."""
    near = {0: "Today, ", 1: "Yesterday, "}.get((today - day).days, "")
    return f"{near}{day:%A} {day.day} {day:%B %Y}"


def span(hours: float) -> str:
    """How long something took, for a reader."""
    if hours < 1:
        return "within the hour"
    if hours < 48:
        return f"within {round(hours)} hour{'s' * (round(hours) != 1)}"
    return f"over {round(hours / 24)} days"


ROUTES: pages.Routes = ((r"^/$", front),)
