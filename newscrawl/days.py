"""Days: in China's time, and as users write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China's one time zone, fixed since 1991; a plain offset needs no zone database."""


def as_day(value: str | date | None) -> date | None:
    """A day out of ``2026-11-01`` or ``20261101``; raises ``ValueError`` that says so."""
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"not a day: {value!r}; write it as 2026-11-01") from None


def today() -> date:
    """Today in China."""
    return datetime.now(SHANGHAI).date()


def midnight(day: date) -> str:
    """When a day begins in China, as times are stored (ISO 8601, UTC); the first and the last day of all are taken as they are."""
    if day in (date.min, date.max):
        return day.isoformat()
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC).isoformat(timespec="seconds")
