"""Which days of a site lack articles that it should have: told from the site's own other days. No I/O and no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

WEEKS = 8
"""How many weeks are looked back on: as many Mondays for a Monday."""

KNOWN = 4
"""Days to compare with, without which nothing is said."""

MISSED = 6.0
"""Articles that a silence must have cost: were they independent, one silence in four hundred would cost as many by chance."""

FORGIVEN = timedelta(days=60)
"""A site that has been silent for so long has ended: no further day is missed."""

_LEAST = 8
# Days of a silence on which next to nothing is published are none that lack it: a weekend.
_COUNTS = 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """A day with no articles, or hardly any, where there usually are some; ``usual``: how many there are on such a day."""

    day: date
    articles: int
    usual: float


def gaps(days: Mapping[date, int], since: date, until: date) -> list[Gap]:
    """The gaps from ``since`` to ``until``, both included; ``days``: articles by day of publication, from well before ``since`` on.

    What a day usually brings is the mean of the same weekday in the last weeks (`WEEKS`), or of all working days or all days of
    weekends where too few of those are known. Days without an article in a row are gaps where together they would have brought
    `MISSED` articles, and more than any such silence of the last weeks by half: one day of a large site, several of a small one. A
    day with articles is a gap where it has less than a quarter of the least of its kind, and that is 8 or more. Gaps are not
    compared with, so that what is broken does not become normal. Days before the site's first article are none.
    """
    found: list[Gap] = []
    if not days:
        return found
    same: list[deque[int]] = [deque(maxlen=WEEKS) for _ in range(7)]
    alike: list[deque[int]] = [deque(maxlen=5 * WEEKS), deque(maxlen=2 * WEEKS)]
    silence: list[date] = []
    silences: deque[list[date]] = deque()

    def known(day: date) -> deque[int]:
        near, kind = same[day.weekday()], alike[day.weekday() > 4]
        # Other weekdays stand for this one only where they are much the same.
        return kind if len(near) < KNOWN and 8 * kind.count(0) <= len(kind) else near

    def usual(day: date) -> float:
        return fmean(values) if len(values := known(day)) >= KNOWN else 0.0

    def take(day: date, articles: int) -> None:
        same[day.weekday()].append(articles)
        alike[day.weekday() > 4].append(articles)

    def close() -> None:
        """What was a silence is over: gaps, or days like others."""
        if not silence:
            return
        while silences and silence[0] - silences[0][-1] > timedelta(weeks=WEEKS):
            silences.popleft()
        cost = sum(map(usual, silence))
        # What former silences cost is told by what is known now: the first ones came when nothing was.
        if cost >= MISSED and cost > 1.5 * max((sum(map(usual, former)) for former in silences), default=0.0):
            lost = [Gap(day, 0, usual(day)) for day in silence if day - silence[0] < FORGIVEN]
            found.extend(gap for gap in lost if gap.usual >= _COUNTS)
        else:
            silences.append(silence.copy())
            for day in silence:
                take(day, 0)
        silence.clear()

    day = min(days)
    while day <= until:
        articles = days.get(day, 0)
        if not articles:
            silence.append(day)
        else:
            close()
            least = min(known(day), default=0) if usual(day) else 0
            if least >= _LEAST and 4 * articles < least:
                found.append(Gap(day, articles, usual(day)))
            else:
                take(day, articles)
        day += timedelta(days=1)
    close()
    return [gap for gap in found if gap.day >= since]
