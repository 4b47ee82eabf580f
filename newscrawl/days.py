"""Days: in China's time, and as users write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

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
