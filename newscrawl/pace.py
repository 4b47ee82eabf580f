"""The pace of each host: when the next request may be sent to it, and for how long it wants none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.downloader import Downloader

SENT_AT = "sent_at"
"""Key of a request's meta: when it was sent, in seconds of `time.monotonic`."""

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
"""Seconds to wait for a host that says "too many requests" and not for how long: the first time, and at most."""
MAX_VAIN = 6
"""Pauses of one host in a row without a good answer between them; after that it is given up."""
GIVEN_UP = 3600.0
"""Seconds for which a host is given up that complains again and again."""
TOO_MANY = 429
"""Too Many Requests (RFC 6585)."""


@dataclass(slots=True)
class Host:
    """The pace of one host. Moments are of `time.monotonic`, spans are seconds."""

    last: float = -math.inf
    """When the last request was sent."""
    gap: float = 0.0
    """The span to keep after it."""
    next: float = -math.inf
    """From when on a further one may be; each crawler that waits has taken its turn already."""
    least: float = 0.0
    """The span between two requests that the host asks for (Crawl-delay)."""
    paused: float = -math.inf
    """Until when nothing is sent."""
    left: float = -math.inf
    """Until when it is given up."""
    why: str = ""
    """Why it is given up."""
    asked: float = -math.inf
    """When it last said that there are too many requests."""
    back_off: float = 0.0
    """The last pause that was chosen for it."""
    vain: int = 0
    """Pauses since the last good answer."""

    def turn(self, now: float, gap: float) -> float:
        """Take the next turn to send: its moment. ``gap`` is the span to keep after it."""
        at = max(now, self.next, self.earliest)
        self.next = at + gap
        return at

    @property
    def earliest(self) -> float:
        """The moment before which nothing may be sent, whosoever's turn it is."""
        return max(self.paused, self.last + max(self.gap, self.least))

    def complaint(self, now: float, sent: float, named: float | None = None) -> float:
        """Note that it wants fewer requests, in its answer to a request of the moment ``sent``: the span to pause, in seconds.

        ``named`` is the span that it asks for. Where it names none, the pause is 30 seconds, and twice as long with each
        further complaint, up to ten minutes. An answer to what was sent before the last complaint is part of that one;
        after ten quiet minutes the count begins anew.
        """
        quiet = now - max(self.paused, self.asked) > LONGEST_PAUSE
        if sent > self.asked or quiet:
            self.vain = 1 if quiet else self.vain + 1
            if named is None:
                self.back_off = FIRST_PAUSE if quiet or not self.back_off else min(2 * self.back_off, LONGEST_PAUSE)
            self.asked = now
        return named if named is not None else self.back_off or FIRST_PAUSE

    def good_answer(self, sent: float) -> None:
        """Note that it answers what it was asked since its last complaint."""
        if sent > self.asked:
            self.vain = 0


class RetryAfter:
    """Scrapy extension: pauses a whole host when it asks for it: by 429, or by Retry-After in seconds or as a date (RFC 9110, 10.2.3).

    A 429 that does not say for how long pauses for 30 seconds, then for twice as long each time. A host that asks for more
    than ten minutes, or that complains on after six pauses, is given up: its addresses are left to a later run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        # Before the next request of the queue is sent; a middleware sees an answer only after that.
        crawler.signals.connect(self.answered, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        """Scrapy's way of making one."""
        return cls(crawler)

    def answered(self, response: Response, request: Request) -> None:
        """Note what a host asks for; the answer goes its way, to be retried by Scrapy where its status says so."""
        engine, stats = self.crawler.engine, self.crawler.stats
        assert engine is not None
        assert stats is not None
        downloader: Downloader = engine.downloader  # type: ignore[assignment]
        key = downloader.get_slot_key(request)
        host = downloader.host(key)
        now = monotonic()
        sent = request.meta.get(SENT_AT, now)
        named = wait_asked(response) if response.status >= 300 else None
        if named is None and response.status != TOO_MANY:
            if response.status < 400:
                host.good_answer(sent)
            return
        pause = host.complaint(now, sent, named)
        if pause > LONGEST_PAUSE:
            until = datetime.now().astimezone() + timedelta(seconds=min(pause, 366 * 86400))
            form = "%H:%M" if until.date() == datetime.now().astimezone().date() else "%Y-%m-%d %H:%M"
            downloader.give_up(key, pause, f"the host asks to wait until {until.strftime(form)}")
        elif host.vain > MAX_VAIN:
            downloader.give_up(key, GIVEN_UP, f"the host answers {response.status} again after {MAX_VAIN} pauses")
        else:
            downloader.pause(key, pause)
            stats.inc_value("pauses/count")
            stats.max_value("pauses/longest", pause)


def wait_asked(response: Response) -> float | None:
    """The seconds that a response asks to wait for by Retry-After, from now; ``None`` where it does not or is not understood.

    A date is taken against the response's own Date, where it has one: the host's clock may be wrong.
    """
    value = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value, re.A):
        return min(float(value), 1e9)
    until = _moment(value)
    if until is None:
        return None
    now = _moment((response.headers.get(b"Date") or b"").decode("latin-1")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0)


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
