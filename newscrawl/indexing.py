"""The search index brought up to date: at the end of a run, or when somebody asks for it."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from newscrawl.store import search
from newscrawl.store.writer import DatabaseProblem, connect

SECONDS = 60.0
"""What the end of a crawl spends on it at most: some fifty thousand articles. What is left is the next run's."""

STOPPING_SECONDS = 1.0
"""The same of a crawl that somebody has stopped."""


def after_run(path: Path, tell: Callable[[str], None], console: Console | None = None, *, seconds: float | None = None) -> None:
    """Index what a run has stored, for so many ``seconds`` at most; what is left, and why, is told in a line.

    Raises nothing: the articles are stored, and whichever run comes next goes on. Ctrl-C and SIGTERM end it after a batch.
    """
    try:
        with closing(connect(path)) as connection:
            left = work_off(connection, console, seconds=seconds)
    except (DatabaseProblem, sqlite3.Error, OSError) as error:
        tell(f"search: the index is behind ({error}); what is stored is safe, and the next run indexes it")
        return
    if left:
        tell(f"search: {left} articles are not in the index yet; the next run goes on, or: newscrawl search --index")


def work_off(
    connection: sqlite3.Connection, console: Console | None = None, *, seconds: float | None = None, renew: bool = False
) -> int:
    """Index what waits, for so many ``seconds`` at most, with a bar where ``console`` is a terminal; how many articles are left.

    ``renew``: an index of another version is made anew even where nothing waits. Raises ``sqlite3.Error``.
    """
    end = time.monotonic() + seconds if seconds is not None else None
    progress = Progress(
        TextColumn("indexing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    with _until_stopped() as stopped, progress if console is not None and console.is_terminal else nullcontext():
        task = progress.add_task("indexing", total=search.waiting(connection))
        done = 0
        for step in search.index(connection, renew=renew):
            done += step
            if progress.live.is_started:
                progress.update(task, completed=done, total=done + search.waiting(connection))
            if stopped() or (end is not None and time.monotonic() > end):
                break
    return search.waiting(connection)


@contextmanager
def _until_stopped() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or SIGTERM has come since: Scrapy's handlers, which stay after a crawl, stop nothing any more."""
    came: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        came.append(number)

    here = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)} if here else {}
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
