"""How values are written on pages: times, numbers, addresses. Filters of the templates."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from newscrawl.days import SHANGHAI


def when(value: str | None, precision: str | None = None) -> str:
    """``2017-07-28 10:28`` of an ISO 8601 time, in China's time; the date alone where the precision is ``day``."""
    if not value:
        return ""
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return value[:16].replace("T", " ")
    if time.tzinfo is not None:
        time = time.astimezone(SHANGHAI)
    return f"{time:%Y-%m-%d}" if precision == "day" or len(value) == 10 else f"{time:%Y-%m-%d %H:%M}"


def day(value: str | None) -> str:
    """``2017-07-28`` of an ISO 8601 time, in China's time."""
    return when(value, "day")


def number(value: float | None) -> str:
    """``1,234``; an empty string for null."""
    return "" if value is None else f"{value:,}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """``1 article``, ``2,000 articles``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def web(url: str | None) -> str | None:
    """An address that may stand in a link: http and https only, else ``None``."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def host(url: str | None) -> str:
    """The host of an address, for a reader."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def path_of(kind: str, name: str | int) -> str:
    """Our page of something: ``path_of("source", "威海网")``. Slashes and dots in names are escaped."""
    return f"/{kind}/{quote(str(name), safe='')}"


def readable(text: str, separator: str = " · ") -> str | None:
    """A JSON list or object as a reader takes it: its values, or its names with their values; ``None`` for what is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, list):
        return separator.join(_plain(one) for one in found) or "–"
    if isinstance(found, dict):
        return separator.join(f"{name}: {_plain(one)}" for name, one in found.items()) or "–"
    return None


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items() if one not in (None, ""))
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return "" if value is None else str(value)


def install(env: Any) -> None:
    """Make the filters known to the templates."""
    for function in (when, day, number, counted, web, host, readable):
        env.filters[function.__name__] = function
    env.globals["path_of"] = path_of
