"""A consistent copy of the database, also while a crawl writes: one moment of it, checked and whole, or nothing."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from newscrawl.store.writer import connect

COUNTED = ("articles", "article_links", "pages", "runs")
"""Tables whose rows a backup counts."""

STALE_SECONDS = 86400
"""Age from which a partial file in a folder of backups is what a killed backup left."""


class BackupFailed(Exception):
    """No copy was made; the message says why. What was written of it has been removed."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished backup: its file, its bytes, and its rows by table."""

    path: Path
    size: int
    rows: dict[str, int]


def dated(folder: Path, database: Path, now: datetime) -> Path:
    """The name of a backup of this minute in a folder: ``newscrawl-20261124-0310.db``."""
    return folder / f"{database.stem}-{now:%Y%m%d-%H%M}.db"


def backup(database: Path, target: Path, *, force: bool = False) -> Copy:
    """Copy a database into a file that appears there only when it is whole, checked and on the disk.

    The copy is compact (``VACUUM INTO``), and is of one moment, however much is written meanwhile. Raises
    ``FileExistsError`` where the target is there and ``force`` is not given, `BackupFailed` where the copy cannot be made
    (disk full, a damaged source), and `newscrawl.store.writer.DatabaseProblem` for a database that cannot be used.
    """
    source = connect(database, readonly=True)
    if target.exists() and (not force or target.is_dir() or target.samefile(database)):
        source.close()
        raise FileExistsError(target)
    if target.with_name(f"{target.name}-wal").exists():
        source.close()
        # What another program has written of it there would be read into the copy.
        raise BackupFailed(f"{target}: no backup was made: it is a database that is in use, or was when its program died")
    partial = target.with_name(f".{target.name}.partial")
    try:
        with closing(source):
            partial.unlink(missing_ok=True)
            source.execute("VACUUM INTO ?", (str(partial),))
        rows = _check(partial)
        _to_disk(partial)
        size = partial.stat().st_size
        partial.replace(target)
        _to_disk(target.parent)
    except (sqlite3.Error, OSError) as error:
        why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        raise BackupFailed(f"{target}: no backup was made: {why}") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return Copy(target, size, rows)


def prune(folder: Path, database: Path, keep: int) -> list[Path]:
    """Remove the oldest dated backups of a database beyond ``keep``, and what killed ones left; gives the former."""
    pattern = re.compile(rf"{re.escape(database.stem)}-\d{{8}}-\d{{4}}\.db")
    found = sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
    old = found[:-keep]
    for path in old:
        path.unlink(missing_ok=True)
    for path in folder.glob(f".{database.stem}-*.db.partial"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()
    return old


def _check(path: Path) -> dict[str, int]:
    """The rows of a copy by table; raises ``sqlite3.DatabaseError`` where it is not whole."""
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    with closing(connection):
        found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
        if found != ["ok"]:
            raise sqlite3.DatabaseError(f"the copy is damaged, and so is the database: {'; '.join(found)}")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - names from above
            for name in COUNTED
            if name in tables
        }


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
