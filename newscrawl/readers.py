"""Reading in processes of its own: a crawl that fetches faster than one core can read uses the other cores.

A worker is ``python -m newscrawl.readers FD``: it answers jobs on a socket, one after the other, and ends when the socket
closes, however the crawl ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawl import reader
from newscrawl.extract.page import Page
from newscrawl.items import Article, Visit
from newscrawl.reader import SiteRules

logger = logging.getLogger(__name__)

FAST = 50.0
"""Pages a second past which reading moves out. A polite crawl of one site never comes near: it reads in place."""

SAMPLE = 25
"""Pages over which that pace is taken."""

_LENGTH = struct.Struct("!I")


@dataclass(slots=True)
class Job:
    """One fetched page to read: what `reader.read` takes, in values that travel between processes."""

    body: bytes
    url: str
    charset: str | None
    now: datetime
    options: dict[str, Any]

    def read(self, rules: SiteRules) -> Article | Visit:
        """Read the page, in this process."""
        return reader.read(Page(self.body, self.url, charset=self.charset, now=self.now), rules, **self.options)


class Readers:
    """Reads pages here while the crawl is slow, and in worker processes once it is fast.

    ``workers``: how many processes at most; 0 keeps all reading here. One for all the sites of a process: see `shared`.
    """

    _shared: Readers | None = None

    def __init__(self, workers: int) -> None:
        self.limit = workers
        self._workers: list[_Worker] = []
        self._users = 0
        self._count = 0
        self._since = time.monotonic()

    @classmethod
    def shared(cls, workers: int) -> Readers:
        """The readers of this process, made at the first call; each call is answered by one `close`."""
        if cls._shared is None:
            cls._shared = cls(workers)
        cls._shared._users += 1
        return cls._shared

    def close(self) -> None:
        """The last user's call ends the processes."""
        self._users -= 1
        if self._users <= 0:
            for worker in self._workers:
                worker.close()
            self._workers = []
            if Readers._shared is self:
                Readers._shared = None

    async def start(self, workers: int) -> None:
        """Start so many processes at once, without a look at the pace."""
        self.limit = 0
        self._workers = [await _Worker.start() for _ in range(workers)]

    async def read(self, job: Job, rules: SiteRules) -> Article | Visit:
        """Read one page by a site's rules, here or elsewhere; never raises for what a page holds."""
        if not self._workers:
            await self._look_at_the_pace()
        if not self._workers:
            return job.read(rules)
        worker = min(self._workers, key=lambda worker: worker.waiting)
        try:
            return await worker.read(job, rules)
        except (ConnectionError, EOFError):
            if worker in self._workers:
                logger.warning("a reading process ended unexpectedly; its pages are read here")
                self._workers.remove(worker)
                worker.close()
            return job.read(rules)

    async def _look_at_the_pace(self) -> None:
        self._count += 1
        if self.limit and self._count >= SAMPLE:
            elapsed = time.monotonic() - self._since
            self._count, self._since = 0, time.monotonic()
            if elapsed < SAMPLE / FAST:
                self.limit, wanted = 0, self.limit
                # Until they answer, reading goes on here.
                self._workers = [await _Worker.start() for _ in range(wanted)]


class _Worker:
    """One process and the jobs it has not answered yet, in order."""

    def __init__(
        self, process: subprocess.Popen[bytes], ours: socket.socket, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> None:
        self._process, self._socket = process, ours
        answers, self._writer = streams
        self._answers: deque[asyncio.Future[Any]] = deque()
        self._known: set[int] = set()
        self._task = asyncio.get_running_loop().create_task(self._listen(answers))

    @classmethod
    async def start(cls) -> _Worker:
        """Start a process; it takes jobs at once and answers when it has come up."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "newscrawl.readers", str(theirs.fileno())]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: ASYNC220, S603
        theirs.close()
        return cls(process, ours, await asyncio.open_connection(sock=ours))

    @property
    def waiting(self) -> int:
        """How many pages it has still to read."""
        return len(self._answers)

    async def read(self, job: Job, rules: SiteRules) -> Article | Visit:
        """Send a page and wait for what it says; raises ``ConnectionError`` where the process is gone."""
        if self._task.done():
            raise ConnectionResetError("the reading process is gone")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        # A site's rules travel once.
        first = id(rules) not in self._known
        self._known.add(id(rules))
        data = pickle.dumps((id(rules), rules if first else None, job), pickle.HIGHEST_PROTOCOL)
        self._writer.write(_LENGTH.pack(len(data)) + data)
        await self._writer.drain()
        found: Article | Visit = await answer
        return found

    async def _listen(self, streams: asyncio.StreamReader) -> None:
        try:
            while True:
                (length,) = _LENGTH.unpack(await streams.readexactly(_LENGTH.size))
                found = pickle.loads(await streams.readexactly(length))  # noqa: S301 - our own process's answer
                answer = self._answers.popleft()
                if not answer.done():
                    answer.set_result(found)
        except (ConnectionError, EOFError):
            pass
        finally:
            # Whatever ended it, nobody waits for an answer that will not come.
            while self._answers:
                answer = self._answers.popleft()
                if not answer.done():
                    answer.set_exception(ConnectionResetError("the reading process is gone"))
                    # Whoever waited may be gone as well: then nobody asks, and that is no error.
                    answer.exception()

    def close(self) -> None:
        """Close the socket, which ends the process."""
        self._task.cancel()
        # At once, not when the loop comes round to it: the process is waited for below.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._writer.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def default_workers() -> int:
    """A process for each core but the crawl's own, two at most: fetching cannot keep more of them busy."""
    return max(0, min(2, len(os.sched_getaffinity(0)) - 1))


def work(connection: socket.socket) -> None:
    """A worker's life: read a job, read its page, answer; until the socket closes."""
    rules: dict[int, SiteRules] = {}
    with connection, connection.makefile("rb") as jobs:
        while head := jobs.read(_LENGTH.size):
            number, sent, job = pickle.loads(jobs.read(_LENGTH.unpack(head)[0]))  # noqa: S301 - the crawl's own job
            if sent is not None:
                rules[number] = sent
            answer = pickle.dumps(job.read(rules[number]), pickle.HIGHEST_PROTOCOL)
            connection.sendall(_LENGTH.pack(len(answer)) + answer)


if __name__ == "__main__":
    # Ctrl-C is for the crawl: it closes the socket when it has stored what is under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    from newscrawl.readers import work as work_as_a_module  # so that Job is pickled under its module's own name

    try:
        work_as_a_module(socket.socket(fileno=int(sys.argv[1])))
    except ConnectionError:
        sys.exit(0)
