"""How requests leave: at the pace of each host, one pace for the whole process, and cut short when a run is stopped."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, signals
from scrapy.core.downloader import Downloader as ScrapyDownloader
from scrapy.core.downloader import Slot
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from newscrawl.middlewares import OffSite
from newscrawl.pace import SENT_AT, Host
from newscrawl.resolver import Resolver, plain

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

FIRST = "goes_first"
"""Key of a request's meta: it is sent before what waits in its host's queue. robots.txt, which the others wait for."""
GRACE = 4.0
"""Seconds that requests on the wire have to end in when a run is stopped."""
LOOK = 0.2
"""Seconds between two looks whether the run is being stopped: Scrapy has no signal for it."""

STOPPED = "the run was stopped"

_SOON = 0.005


class Stopped(IgnoreRequest):
    """The run was stopped before an answer came; the address is to be asked for by the next run."""


class Busy(IgnoreRequest):
    """The host asks to be left alone for longer than a run waits; the address is to be asked for by a later run."""


class Downloader(ScrapyDownloader):
    """Scrapy's downloader with pauses and least delays of hosts, and an end within seconds.

    - ``pause`` and ``floor`` hold for all requests to a host, those in its queue included, also with DOWNLOAD_DELAY 0.
    - The pace of a host is kept for the process: several crawlers that ask one host take turns.
    - DOWNLOAD_DELAY 0 means no delay: AutoThrottle sets none then. Pauses and Crawl-delay are kept all the same.
    - When the spider is being closed, by a signal or otherwise, what waits in a queue fails at once with `Stopped`, what is
      on the wire after ``GRACE`` seconds; its connection is aborted.
    """

    hosts: ClassVar[dict[str, Host]] = {}
    """The pace of each host that this process asked."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._paced = self.settings.getfloat("DOWNLOAD_DELAY") > 0 or bool(self.per_slot_settings)
        self._wire: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Future[None] | None = None

    # -- what others ask of it

    def get_slot_key(self, request: Request) -> str:
        """The host that a request goes to; a redirected request carries the slot of the host that it left."""
        return plain(urlparse_cached(request).hostname or "")

    def host(self, key: str) -> Host:
        """The pace of a host."""
        return self.hosts.setdefault(key, Host())

    def pause(self, key: str, seconds: float) -> None:
        """Send nothing more to a host for so many seconds; a longer pause that runs stays."""
        host = self.host(key)
        host.paused = max(host.paused, monotonic() + seconds)

    def floor(self, key: str, seconds: float) -> None:
        """Let at least so many seconds pass between two requests to a host, from the last one on."""
        host = self.host(key)
        host.least = max(host.least, seconds)

    def give_up(self, key: str, seconds: float, why: str) -> None:
        """Refuse all requests to a host for so many seconds with `Busy`, which says ``why``."""
        host = self.host(key)
        host.left, host.why = monotonic() + seconds, why
        if key in self.slots:
            self._drop(self.slots[key], Busy, why)

    def given_up(self) -> dict[str, str]:
        """The hosts that are given up now, with the reason."""
        now = monotonic()
        return {key: host.why for key, host in self.hosts.items() if host.left > now}

    @property
    def is_stopping(self) -> bool:
        """Whether the spider is being closed."""
        engine = self.crawler.engine
        assert engine is not None
        return engine._slot is None or engine._slot.closing is not None

    def stopping(self) -> asyncio.Future[None]:
        """Is done as soon as the spider is being closed; for what waits elsewhere than in a queue. Not to be cancelled."""
        if self._stopping is None:
            self._stopping = asyncio.get_running_loop().create_future()
        return self._stopping

    # -- Scrapy's

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Any]:
        """Fetch a request through the middlewares."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK, self._look)
        return super().fetch(request)

    async def _enqueue_request(self, request: Request) -> Response:
        key, slot = self._get_slot(request)
        request.meta[self.DOWNLOAD_SLOT] = key
        slot.active.add(request)
        self.signals.send_catch_log(signal=signals.request_reached_downloader, request=request, spider=self.crawler.spider)
        answer: Deferred[Response] = Deferred()
        if request.meta.get(FIRST):
            slot.queue.appendleft((request, answer))
        else:
            slot.queue.append((request, answer))
        if self.is_stopping:
            self._drop(slot, Stopped, STOPPED)
        else:
            self._process_queue(slot)
        try:
            return await maybe_deferred_to_future(answer)
        finally:
            slot.active.remove(request)

    def _process_queue(self, slot: Slot) -> None:
        if slot.latercall:
            return
        while slot.queue and slot.free_transfer_slots() > 0:
            if self.is_stopping:
                # At once, where the timer would let a fast crawl send dozens more.
                self._drop(slot, Stopped, STOPPED)
                return
            host, now = self._host_of(slot), monotonic()
            if host.left > now:
                self._drop(slot, Busy, host.why)
                return
            at = host.turn(now, self._gap(slot, host))
            if at > now:
                slot.latercall = call_later(at - now, self._latercall, slot)
                return
            self._send(slot, host)

    def _latercall(self, slot: Slot) -> None:
        slot.latercall = None
        if slot.queue:
            # Since the turn was taken a pause may have begun, or another crawler's turn came late.
            host, now = self._host_of(slot), monotonic()
            if host.left < now and host.earliest > now + _SOON:
                slot.latercall = call_later(host.earliest - now, self._latercall, slot)
            elif host.left < now:
                self._send(slot, host)
        self._process_queue(slot)

    def _gap(self, slot: Slot, host: Host) -> float:
        """The seconds to keep after a request: the slot's delay, of which jitter takes nothing that the host asks for."""
        return max(slot.download_delay() if self._paced else 0.0, host.least)

    def _host_of(self, slot: Slot) -> Host:
        return self.host(slot.queue[0][0].meta[self.DOWNLOAD_SLOT])

    def _send(self, slot: Slot, host: Host) -> None:
        request, answer = slot.queue.popleft()
        request.meta[SENT_AT] = slot.lastseen = host.last = monotonic()
        host.gap = self._gap(slot, host)
        # Counted from now on and not from the task's first step, or more would be sent than may be under way.
        slot.transferring.add(request)
        task = asyncio.get_running_loop().create_task(self._wait_for_download(slot, request, answer))
        self._wire.add(task)
        task.add_done_callback(partial(self._sent, slot, request, answer))

    def _sent(self, slot: Slot, request: Request, answer: Deferred[Response], task: asyncio.Task[None]) -> None:
        self._wire.discard(task)
        if task.cancelled():
            slot.transferring.discard(request)
            answer.errback(Stopped(STOPPED))

    async def _download(self, slot: Slot, request: Request) -> Response:
        try:
            return await super()._download(slot, request)
        except CannotResolveHostError:
            name = plain(urlparse_cached(request).hostname or "")
            if name in Resolver.refused:
                raise OffSite(f"{name} leads to {Resolver.refused[name]}, which is not a public address") from None
            raise

    def close(self) -> None:
        """End all timers."""
        super().close()
        if self._timer is not None:
            self._timer.cancel()

    # -- the end

    def _look(self) -> None:
        """Look whether the spider is being closed, as long as anything is under way."""
        self._timer = None
        loop = asyncio.get_running_loop()
        if self.is_stopping:
            if not self.stopping().done():
                self.stopping().set_result(None)
            for slot in self.slots.values():
                self._drop(slot, Stopped, STOPPED)
            self._timer = loop.call_later(GRACE, self._cut)
        elif self.active:
            self._timer = loop.call_later(LOOK, self._look)

    def _cut(self) -> None:
        """Abort what is on the wire."""
        for task in self._wire:
            task.cancel()

    @staticmethod
    def _drop(slot: Slot, error: type[IgnoreRequest], why: str) -> None:
        """Let all that waits in a queue fail."""
        waiting, slot.queue = list(slot.queue), type(slot.queue)()
        for _, answer in waiting:
            if not answer.called:
                answer.errback(error(why))
