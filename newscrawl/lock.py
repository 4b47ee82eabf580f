"""The kernel's lock on a site of a database: whoever holds it crawls, and a dead run frees it at once.

A lock is ``flock`` on a file beside the database. What the file says (process, start) is for people only: a file without a
lock on it is a leftover and harms nobody. Lock files are never removed, because another process might be about to lock one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
import weakref
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple
from urllib.parse import quote, unquote

from newscrawl.store.writer import DatabaseProblem

TRIES, PAUSE = 5, 0.02
"""A lock that is taken is asked for again within a tenth of a second: `holders` takes each free one for a moment to see."""


class Locked(Exception):
    """Another process holds the lock. ``pid`` and ``since`` (ISO 8601, local time with offset) where it said them."""

    def __init__(self, site: str, pid: int | None = None, since: str | None = None) -> None:
        self.site, self.pid, self.since = site, pid, since
        super().__init__(site, pid, since)

    def __str__(self) -> str:
        """``weihai is being crawled by process 4711 since 10:02``."""
        who = "another process" if self.pid is None else f"process {self.pid}"
        return f"{self.site} is being crawled by {who}{said_since(self.since)}"


class Holder(NamedTuple):
    """A lock file: whether it is locked now, and what its last holder said of itself."""

    name: str
    held: bool
    pid: int | None
    since: str | None


class Lock:
    """A lock that is held, until `release` or the end of a ``with`` block; or until this process ends, however it ends."""

    def __init__(self, path: Path, name: str, descriptor: int) -> None:
        self.path, self.name = path, name
        self._descriptor: int | None = descriptor
        _live.add(self)

    def __enter__(self) -> Lock:
        """Itself: it is held since `acquire`."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Release it."""
        self.release()

    @property
    def held(self) -> bool:
        """Whether this process holds it still."""
        return self._descriptor is not None

    def release(self) -> None:
        """Let go; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            # What is left in a file that nobody locks tells of a run that died.
            if _said(descriptor)[0] == os.getpid():
                _write(descriptor, b"")
        finally:
            os.close(descriptor)

    def _forget(self) -> None:
        """In a forked child: close the file, which leaves the parent's lock alone; unlocking would take it away."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


_live: weakref.WeakSet[Lock] = weakref.WeakSet()


def _in_child() -> None:
    for lock in list(_live):
        lock._forget()


# A child that runs another program loses the file by close-on-exec; one that only forks, by this.
os.register_at_fork(after_in_child=_in_child)


def folder(database: Path) -> Path:
    """Where a database's lock files lie: ``data/newscrawl.db.locks/``; one folder for all the ways to spell its path.

    Raises `DatabaseProblem` for ``:memory:``, which no two processes share.
    """
    if str(database) == ":memory:":
        raise DatabaseProblem(":memory: cannot be locked: a crawl needs a database in a file. Name one with --db.")
    real = Path(database).resolve()
    return real.with_name(f"{real.name}.locks")


def acquire(database: Path, name: str, *, shared: bool = False) -> Lock:
    """Take the lock of a name (a site's), or of many at once with others who take it ``shared``.

    Raises `Locked` at once where it is taken, `DatabaseProblem` where no lock file can be made.
    """
    if not name:
        raise ValueError("a lock needs a name")
    place = folder(database)
    path = place / f"{quote(name, safe='')}.lock"
    try:
        place.mkdir(parents=True, exist_ok=True)
        descriptor = _open(path)
    except OSError as error:
        raise DatabaseProblem(
            f"{path}: the lock cannot be made ({error.strerror}). Check the folder's permissions and the disk, "
            "or name a database elsewhere with --db."
        ) from None
    try:
        _take(descriptor, name, shared, path)
    except BaseException:
        os.close(descriptor)
        raise
    said = {"pid": os.getpid(), "since": datetime.now().astimezone().isoformat(timespec="seconds")}
    _write(descriptor, json.dumps(said).encode())
    return Lock(path, name, descriptor)


def holders(database: Path) -> list[Holder]:
    """Every lock file of a database by name: held now or not, and by whom; of one not held, whose run died with it.

    A lock that was released in order says nobody. Takes no lock away from anyone.
    """
    found = []
    for path in sorted(folder(database).glob("*.lock")):
        try:
            descriptor = _open(path)
        except OSError:
            continue
        try:
            held = not _try(descriptor, fcntl.LOCK_EX)
            pid, since = _said(descriptor)
        finally:
            os.close(descriptor)
        found.append(Holder(unquote(path.name.removesuffix(".lock")), held, pid, since))
    return found


def said_since(since: str | None) -> str:
    """`` since 10:02``, with the day where it is not today's; empty where unknown."""
    try:
        at = datetime.fromisoformat(since or "").astimezone()
    except ValueError:
        return ""
    today = at.date() == datetime.now().astimezone().date()
    return f" since {at:%H:%M}" if today else f" since {at:%Y-%m-%d %H:%M}"


def _open(path: Path) -> int:
    """Open without waiting and closed on exec (Python's default); another user's file for reading, which is enough to lock."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except PermissionError:
        if not path.exists():
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)


def _take(descriptor: int, name: str, shared: bool, path: Path) -> None:
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE)
        try:
            if _try(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
                return
        except OSError as error:
            raise DatabaseProblem(
                f"{path}: cannot be locked ({error.strerror}): a file system without locks. Put the database on a local disk."
            ) from None
    raise Locked(name, *_said(descriptor))


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True


def _said(descriptor: int) -> tuple[int | None, str | None]:
    """What the file says of its holder; nothing where it is empty, being written, or no JSON."""
    try:
        said = json.loads(os.pread(descriptor, 4096, 0))
        pid, since = said["pid"], said["since"]
    except (OSError, ValueError, KeyError, TypeError):
        return None, None
    return (pid if isinstance(pid, int) else None), (since if isinstance(since, str) else None)


def _write(descriptor: int, data: bytes) -> None:
    try:
        os.pwrite(descriptor, data, 0)
        os.ftruncate(descriptor, len(data))
    except OSError:
        # A full disk, or another user's file: the lock holds all the same.
        pass
