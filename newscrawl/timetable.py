"""When an address is asked for again: lists by how much was new, articles by their age, failures ever later.

Pure functions of times; all times are aware, all results in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LOOKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3), timedelta(days=3), timedelta(days=30))
"""Ages at which an article is looked at again for corrections; the steps are NewsDiffs'."""

SOONEST = timedelta(minutes=10)
"""An article is not looked at again sooner than this after a look."""

FIRST, SHORTEST, LONGEST = 60, 15, 24 * 60
"""Minutes between two looks at a channel's first list: at the start, at least, at most."""

DEEP_FIRST, DEEP_SHORTEST, DEEP_LONGEST = 12 * 60, 2 * 60, 7 * 24 * 60
"""The same for its further lists, where articles appear that were posted late."""

MAX_TRIES = 5
"""How often an address that fails is asked for before it is left alone."""


def next_look(published: datetime | None, first_seen: datetime, looked: datetime) -> datetime | None:
    """When an article is looked at again, after a look at ``looked``; ``None``: never.

    Its age counts from its publication, where that is known and not in the future, else from ``first_seen``: an article out
    of an archive is not looked at again, one that was posted late is looked at like others of its age.
    """
    born = published if published is not None and published <= looked else first_seen
    for step in LOOKS:
        if born + step >= looked + SOONEST:
            return (born + step).astimezone(UTC)
    return None


def next_poll(every: int | None, number: int, listed: int, fresh: int) -> int:
    """Minutes until a list is looked at again, from those until now (``None``: its first look).

    ``number`` is its place in its channel, ``listed`` how many articles it links, ``fresh`` how many of them were new.
    Half of them new: more may have come and gone, so look twice as often; none: half as often again less.
    """
    first, shortest, longest = (FIRST, SHORTEST, LONGEST) if number <= 1 else (DEEP_FIRST, DEEP_SHORTEST, DEEP_LONGEST)
    if every is None:
        return first
    if fresh == 0:
        every = every * 3 // 2
    elif fresh * 2 >= listed:
        every //= 2
    elif fresh * 5 >= listed:
        every = every * 3 // 4
    return max(shortest, min(longest, every))


def next_try(tries: int, failed: datetime) -> datetime | None:
    """When an address that failed is asked for again: after 15 min, 30 min, 1 h …; ``None`` after `MAX_TRIES`."""
    if tries >= MAX_TRIES:
        return None
    return (failed + timedelta(minutes=15 << max(0, tries - 1))).astimezone(UTC)
