"""What crawls depend on, checked one by one: the machine, the database, what is configured, and the way to the sites."""

from __future__ import annotations

import email.utils
import os
import platform
import pwd
import re
import resource
import shutil
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy.settings import BaseSettings

from newscrawl import __version__, alarm, lock
from newscrawl.robots import Rules
from newscrawl.spider import NewsSpider
from newscrawl.store import condition, reader
from newscrawl.store.writer import DatabaseProblem, connect

WAIT, ALL = 10.0, 30.0
"""Seconds that one answer from the network may take, and all of them together."""

CLOCK_OFF = timedelta(minutes=2)
"""How far the clock may be off."""

FEW_SITES = 3
"""Sites that are asked where none is named."""

FILES = 1024
"""File descriptors that a crawl of many sites may want."""

MB = 1_000_000

REMOTE = re.compile(
    r"nfs\d?|cifs|smb\w*|9p|afs|ceph|lustre|glusterfs|beegfs|gpfs|davfs|ncpfs|vboxsf|fuse\.(sshfs|s3fs|rclone|glusterfs|davfs)"
)
"""Types of file systems that are not of this machine alone (WAL wants shared memory: https://sqlite.org/wal.html)."""

State = Literal["ok", "warning", "problem"]


class Finding(NamedTuple):
    """One check: its name, how it came out, and in a line what was found and what to do."""

    check: str
    state: State
    text: str


def examine(
    path: Path, spiders: Sequence[type[NewsSpider]], settings: BaseSettings, *, offline: bool = False, send_test: bool = False
) -> Iterator[Finding]:
    """Every check in turn. Never raises for what it finds; asks ``spiders``' sites unless ``offline``."""
    yield versions()
    yield time_zones()
    yield file_limit()
    yield scheduler()
    yield from database(path)
    yield from disk(path)
    kept: Mapping[str, str] = {}
    connection = _open(path)
    if connection is None:
        yield from locks(path)
    else:
        with closing(connection):
            try:
                kept = reader.settings(connection)
            except sqlite3.Error:
                kept = {}
            yield from locks(path, connection)
            yield from past_clock(connection)
    yield obedience(settings)
    yield contact(settings, kept)
    yield from alarms(send_test=send_test)
    if not offline:
        yield from network(spiders, settings, kept)


def usual(spiders: Sequence[type[NewsSpider]], path: Path) -> list[type[NewsSpider]]:
    """A few sites to ask where none is named: those crawled last, else the first ones."""
    connection = _open(path)
    names: list[str] = []
    if connection is not None:
        with closing(connection):
            try:
                names = condition.last_sites(connection, FEW_SITES)
            except sqlite3.Error:
                names = []
    return [spider for spider in spiders if spider.name in names] or list(spiders[:FEW_SITES])


# -- the machine


def versions() -> Finding:
    """What runs here; a SQLite without STRICT tables cannot hold the database."""
    parts = [f"newscrawl {__version__}", f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for name in ("Scrapy", "lxml", "sqlite-utils", "apprise"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            parts.append(f"no {name}")
    if sqlite3.sqlite_version_info < (3, 37):
        return Finding("versions", "problem", f"{', '.join(parts)}: SQLite 3.37 or later is needed.")
    return Finding("versions", "ok", ", ".join(parts))


def time_zones() -> Finding:
    """Whether Python finds time zone data."""
    try:
        ZoneInfo("Asia/Shanghai")
    except (ZoneInfoNotFoundError, OSError):
        return Finding("time zones", "warning", "no time zone data: install tzdata (system package, or pip install tzdata).")
    return Finding("time zones", "ok", f"Asia/Shanghai is known; local time is {datetime.now().astimezone():%H:%M %Z (UTC%z)}")


def file_limit() -> Finding:
    """Descriptors that a process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FILES:
        return Finding(
            "open files", "warning", f"a process may have {soft} files open; for many sites set ulimit -n {FILES} or more."
        )
    return Finding("open files", "ok", "no limit" if soft == resource.RLIM_INFINITY else f"{soft} a process")


def scheduler() -> Finding:
    """Whether something here starts crawls by the clock, and has an entry of newscrawl's as far as this user may see."""
    # Debian keeps cron where a user's PATH does not look.
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    have = [name for name in ("cron", "crond", "fcron", "busybox-crond") if shutil.which(name, path=places)]
    running = [name for name in have if name in _processes()]
    systemd = Path("/run/systemd/system").is_dir()
    if not running and not systemd:
        found = f"{have[0]} is installed, but does not run" if have else "no cron, and no systemd"
        return Finding(
            "scheduler", "warning", f"{found}: nothing starts crawls here. Install or start cron, then newscrawl schedule --cron."
        )
    entries = [
        name
        for name, words in (("crontab", ["crontab", "-l"]), ("timers", ["systemctl", "list-timers", "--all"]))
        if _mentions(words)
    ]
    names = " and ".join([*running, *(["systemd"] if systemd else [])])
    if not entries:
        return Finding(
            "scheduler",
            "ok",
            f"{names} is here; no entry of newscrawl's in this user's crontab or the timers (newscrawl schedule)",
        )
    return Finding("scheduler", "ok", f"{names} is here, with an entry of newscrawl's in the {' and the '.join(entries)}")


def _processes() -> set[str]:
    found = set()
    for file in Path("/proc").glob("[0-9]*/comm"):
        try:
            found.add(file.read_text().strip())
        except OSError:
            continue
    return found


def _mentions(words: list[str]) -> bool:
    if shutil.which(words[0]) is None:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - two commands of the system's
            words, check=False, capture_output=True, text=True, timeout=5, errors="replace", stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return any("newscrawl" in line and not line.lstrip().startswith("#") for line in done.stdout.splitlines())


# -- the database


def _open(path: Path) -> sqlite3.Connection | None:
    try:
        return connect(path, readonly=True)
    except (DatabaseProblem, sqlite3.Error):
        return None


def database(path: Path) -> Iterator[Finding]:
    """Whether it opens, is whole, and can be written."""
    if str(path) != ":memory:" and not path.exists():
        place = path.parent
        while not place.exists():
            place = place.parent
        if not os.access(place, os.W_OK | os.X_OK):
            yield Finding("database", "problem", f"{path} is not there, and {place} cannot be written. Check the folder's owner.")
        else:
            yield Finding(
                "database", "warning", f"{path} is not there yet; the first crawl makes it. Another one: --db or NEWSCRAWL_DB."
            )
        return
    try:
        connection = connect(path, readonly=True)
    except (DatabaseProblem, sqlite3.Error) as error:
        yield Finding("database", "problem", str(error))
        return
    with closing(connection):
        have, want = condition.schema_version(connection)
        size = path.stat().st_size
        old = "" if have == want else f"; schema {have}, the next crawl brings it to {want}: back it up first"
        yield Finding("database", "ok" if have == want else "warning", f"{path}: {_size(size)}, schema {have} of {want}{old}")
        damage = condition.quick_check(connection)
        if damage:
            yield Finding(
                "integrity", "problem", f"damaged: {' '.join(damage[0].split())}. Stop all crawls and restore a backup."
            )
            return
        if damage is None:
            took = f"more than {condition.CHECK_SECONDS:.0f} s"
            yield Finding(
                "integrity", "warning", f"the check takes {took} and was not finished. newscrawl backup checks its copy."
            )
        else:
            yield Finding("integrity", "ok", "quick_check finds nothing wrong")
    yield _writable(path)
    yield _wal(path, size)


def _writable(path: Path) -> Finding:
    for place, what in ((path, "the file"), (path.resolve().parent, "its folder")):
        if not os.access(place, os.W_OK):
            return Finding(
                "writable", "problem", f"{what} cannot be written by this user ({_user()}). Check owner and permissions."
            )
    if refusal := condition.write_refusal(path):
        what = "another process has kept it locked for 5 s" if "locked" in refusal else refusal
        return Finding("writable", "problem", f"no write can begin: {what}.")
    return Finding("writable", "ok", f"by this user ({_user()})")


def _wal(path: Path, size: int) -> Finding:
    wal = path.with_name(f"{path.name}-wal")
    held = wal.stat().st_size if wal.exists() else 0
    if held > max(64 * MB, size // 2):
        text = f"{_size(held)}: a program that reads without end keeps it from being emptied. Close what has the database open."
        return Finding("write-ahead log", "warning", text)
    return Finding("write-ahead log", "ok", _size(held))


def disk(path: Path) -> Iterator[Finding]:
    """Free space against the database's growth, inodes, and whether the disk is this machine's."""
    place = path.absolute().parent
    while not place.exists():
        place = place.parent
    found = os.statvfs(place)
    free = found.f_bavail * found.f_frsize
    size = path.stat().st_size if path.exists() else 0
    daily = None
    if (connection := _open(path)) is not None:
        with closing(connection):
            try:
                daily = condition.growth(connection)
            except sqlite3.Error:
                daily = None
    yield space(free, size, daily)
    yield inodes(found.f_favail, found.f_files)
    yield file_system(place)


def space(free: int, size: int, daily: float | None) -> Finding:
    """Bytes free, the database's size, its growth a day."""
    text = f"{_size(free)} free"
    days = None
    if daily:
        days = free / daily
        text += f", enough for {'years' if days > 3650 else f'{days:.0f} days'} (the database grows by {_size(int(daily))} a day)"
    if free < 100 * MB or (days is not None and days < 3):
        return Finding("disk", "problem", f"{text}. Make room before crawls fail.")
    if days is not None and days < 30:
        return Finding("disk", "warning", f"{text}. Make room.")
    if free < 2 * size:
        return Finding(
            "disk", "warning", f"{text}: less than twice the database ({_size(size)}), which a backup beside it needs."
        )
    return Finding("disk", "ok", text)


def inodes(free: int, total: int) -> Finding:
    """Files that can still be made."""
    if not total:
        return Finding("inodes", "ok", "this file system does not count them")
    state: State = "problem" if free < 100 else "warning" if free < total * 0.02 else "ok"
    todo = "" if state == "ok" else ". Remove small files."
    return Finding("inodes", state, f"{free:,} free of {total:,}{todo}")


def file_system(place: Path, mounts: str | None = None) -> Finding:
    """Whether SQLite's WAL works on the file system of a folder; ``mounts``: as in /proc/self/mountinfo."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(errors="replace")
        except OSError:
            return Finding("file system", "ok", "unknown: no /proc here")
    real = place.resolve()
    best, kind = Path(""), "unknown"
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        words = fields.split()
        if len(words) < 5 or not rest:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), words[4]))
        # Of two on one point the later one is seen.
        if real.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, kind = point, rest.split()[0]
    if REMOTE.fullmatch(kind):
        return Finding(
            "file system", "problem", f"{best} is {kind}: SQLite's WAL does not work there. Put the database on a local disk."
        )
    return Finding("file system", "ok", f"{kind} on {best}")


# -- runs


def locks(path: Path, connection: sqlite3.Connection | None = None) -> Iterator[Finding]:
    """Who crawls now, what died, and which runs the ledger holds open."""
    try:
        found = lock.holders(path)
    except DatabaseProblem as error:
        yield Finding("locks", "problem", str(error))
        return
    held = [holder for holder in found if holder.held]
    dead = [holder.name for holder in found if not holder.held and holder.pid is not None]
    parts = [f"{holder.name} by process {holder.pid or '?'}{lock.said_since(holder.since)}" for holder in held]
    text = f"held now: {', '.join(parts)}" if parts else "none is held"
    if dead:
        text += f"; left over from runs that died, and harmless: {', '.join(dead)}"
    long = [holder for holder in held if _age(holder.since) > timedelta(hours=12)]
    if long:
        yield Finding("locks", "warning", f"{text}. {long[0].name} has been busy for more than 12 hours: is it stuck?")
    else:
        yield Finding("locks", "ok", text)
    if connection is None:
        return
    try:
        runs = condition.open_runs(connection)
    except sqlite3.Error as error:
        yield Finding("ledger", "problem", f"cannot be read: {error}")
        return
    busy = {holder.name for holder in held}
    killed = [run for run in runs if (run.site or run.command) not in busy]
    if killed:
        named = ", ".join(f"run {run.id} of {run.site or run.command} ({run.started_at[:16]})" for run in killed[:5])
        more = f" and {len(killed) - 5} more" if len(killed) > 5 else ""
        yield Finding("ledger", "warning", f"killed before their end: {named}{more}. The next run of the same site closes them.")
    else:
        yield Finding("ledger", "ok", f"{len(runs)} under way, none dead" if runs else "no run is left open")


def past_clock(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Whether the clock is later than all that was written by it."""
    try:
        newest = condition.newest(connection)
    except sqlite3.Error:
        return
    now = datetime.now(UTC)
    if newest and datetime.fromisoformat(newest) > now + CLOCK_OFF:
        text = f"it is {now:%Y-%m-%d %H:%M} UTC here, but the database was written at {newest[:16]}: the clock is wrong, or was. Set it (NTP)."
        yield Finding("clock", "problem", text)
    else:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC, later than all that is stored")


# -- what is configured


def obedience(settings: BaseSettings) -> Finding:
    """Whether robots.txt is obeyed, whatever a settings module says."""
    if not settings.getbool("ROBOTSTXT_OBEY"):
        return Finding("politeness", "problem", "ROBOTSTXT_OBEY is off in the settings: switch it on.")
    delay = settings.getfloat("DOWNLOAD_DELAY")
    if delay < 0.5:
        return Finding(
            "politeness",
            "warning",
            f"robots.txt is obeyed, but DOWNLOAD_DELAY is {delay:g} s: sites may block you. Take 1 or more.",
        )
    return Finding("politeness", "ok", f"robots.txt is obeyed; {delay:g} s between two requests to a host, at least")


def contact(settings: BaseSettings, kept: Mapping[str, str]) -> Finding:
    """Whether sites find an address in the User-Agent."""
    address, agent = _contact(settings, kept), settings.get("USER_AGENT") or ""
    if address or "@" in agent or "http" in agent:
        return Finding("contact", "ok", address or agent)
    return Finding(
        "contact",
        "warning",
        "sites cannot write to you: set NEWSCRAWL_CONTACT (an e-mail address or a page), or crawl once with --contact.",
    )


def _contact(settings: BaseSettings, kept: Mapping[str, str]) -> str | None:
    return settings.get("NEWSCRAWL_CONTACT") or os.environ.get("NEWSCRAWL_CONTACT") or kept.get("contact") or None


def alarms(*, send_test: bool = False) -> Iterator[Finding]:
    """Whether the alarm addresses can be read; with ``send_test`` also whether they take a message."""
    addresses = alarm.addresses()
    if not addresses:
        state: State = "problem" if send_test else "ok"
        yield Finding("alarms", state, "no address is set (NEWSCRAWL_ALARM): what is wrong goes to standard error alone")
        return
    wrong = [line for line in map(alarm.problem, addresses) if line]
    for line in wrong:
        yield Finding("alarms", "problem", line)
    if not wrong:
        yield Finding("alarms", "ok", ", ".join(map(alarm.shown, addresses)))
    if send_test:
        refused = alarm.send_test(addresses)
        for line in refused:
            yield Finding("test message", "problem", line)
        if len(refused) < len(addresses):
            yield Finding("test message", "ok", f"taken by {len(addresses) - len(refused)} of {len(addresses)} addresses")


# -- the network


@dataclass(slots=True)
class _Site:
    """What came of asking one site."""

    name: str
    home: str
    findings: list[Finding] = field(default_factory=list)
    offset: timedelta | None = None
    """How much the site's clock is later than ours."""
    done: bool = False


def network(spiders: Sequence[type[NewsSpider]], settings: BaseSettings, kept: Mapping[str, str]) -> Iterator[Finding]:
    """The way to the sites, asked side by side and within `ALL` seconds: names, robots.txt, front pages, their clocks."""
    yield proxies()
    agent = settings.get("USER_AGENT") or "newscrawl"
    address = _contact(settings, kept)
    if address and address not in agent:
        agent = f"{agent} (+{address})"
    asked = [_Site(spider.name, spider.home) for spider in spiders if spider.home]
    work = iter(list(asked))
    guard = threading.Lock()

    def ask() -> None:
        while True:
            with guard:
                site = next(work, None)
            if site is None:
                return
            _ask(site, agent)
            site.done = True

    threads = [threading.Thread(target=ask, name="doctor", daemon=True) for _ in range(min(16, len(asked)))]
    end = time.monotonic() + ALL
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    for site in asked:
        yield from list(site.findings)
        if not site.done:
            yield Finding(site.name, "problem", f"{_origin(site.home)}: no answer within {ALL:.0f} s")
    yield from present_clock([site.offset for site in asked if site.offset is not None])


def present_clock(offsets: Sequence[timedelta]) -> Iterator[Finding]:
    """Our clock against the sites': how much theirs are later. The middle one counts, for one of them may be wrong."""
    if not offsets:
        return
    off = sorted(offsets)[len(offsets) // 2]
    whose = "the site's clock" if len(offsets) == 1 else f"the clocks of {len(offsets)} sites"
    if abs(off) > CLOCK_OFF:
        text = f"this machine is {_span(off)} {'behind' if off > timedelta(0) else 'ahead of'} {whose}. Set it (NTP)."
        yield Finding("clock against sites", "warning", text)
    else:
        yield Finding("clock against sites", "ok", f"within {CLOCK_OFF.seconds // 60} minutes of {whose}")


def proxies() -> Finding:
    """Which proxies requests go through, without their passwords."""
    found = {
        name: re.sub(r"//[^@/]*@", "//…@", url)
        for name, url in sorted(urllib.request.getproxies().items())
        if url and name != "no"
    }
    return Finding("proxies", "ok", ", ".join(f"{name}: {url}" for name, url in found.items()) or "none")


def _ask(site: _Site, agent: str) -> None:
    host = urlsplit(site.home).hostname or ""
    scheme = urlsplit(site.home).scheme
    if scheme not in urllib.request.getproxies() or urllib.request.proxy_bypass(host):
        try:
            socket.getaddrinfo(host, None)
        except OSError as error:
            site.findings.append(
                Finding(
                    site.name,
                    "problem",
                    f"{host}: no such name ({error.strerror}). Does this machine have a network and a name server?",
                )
            )
            return
    address = urljoin(site.home, "/robots.txt")
    status, body, why = _get(address, agent, site)
    if status is None or status == 429 or status >= 500:
        said = f"answers {status}" if status else f"cannot be had ({why})"
        site.findings.append(Finding(site.name, "problem", f"{address} {said}: nothing is fetched until that is over"))
        return
    if status < 400:
        rules = Rules.read(body, address)
        if not rules.allows(site.home):
            site.findings.append(Finding(site.name, "problem", f"{address} disallows {site.home}: it will not be crawled"))
            return
        said = f"robots.txt allows {site.home}"
        if rules.delay:
            said += f", every {rules.delay:g} s"
    else:
        said = f"no robots.txt ({status}), all is allowed"
    status, _, why = _get(site.home, agent, site)
    if status is None:
        site.findings.append(Finding(site.name, "problem", f"{said}; {site.home} cannot be had ({why})"))
    elif status >= 400:
        todo = " The site may not want to be read from here." if status in (401, 403, 429, 451) else ""
        site.findings.append(Finding(site.name, "problem", f"{said}; {site.home} answers {status}.{todo}"))
    else:
        site.findings.append(Finding(site.name, "ok", f"{said}, which answers {status}"))


def _get(url: str, agent: str, site: _Site) -> tuple[int | None, bytes, str]:
    """Status, the first bytes, or why there is no answer."""
    request = urllib.request.Request(url, headers={"User-Agent": agent})  # noqa: S310 - a site file's address
    began = datetime.now(UTC)
    try:
        # An opener of its own: the one that urlopen keeps has the proxies of its first use.
        with urllib.request.build_opener().open(request, timeout=WAIT) as answer:
            body = answer.read(512 * 1024)
            _note_time(answer.headers.get("Date"), answer.headers.get("Age"), began, site)
            return answer.status, body, ""
    except urllib.error.HTTPError as error:
        with error:
            _note_time(error.headers.get("Date"), error.headers.get("Age"), began, site)
            return error.code, b"", ""
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            return None, b"", f"no answer within {WAIT:.0f} s"
        if isinstance(reason, ssl.SSLError):
            return None, b"", f"TLS: {reason.reason or reason}"
        if isinstance(reason, OSError) and reason.strerror:
            return None, b"", reason.strerror
        return None, b"", str(reason) or type(reason).__name__


def _note_time(date: str | None, age: str | None, began: datetime, site: _Site) -> None:
    """The site's clock against ours, between the moments before and after the answer; a cache's answer is as old as it says."""
    try:
        theirs = email.utils.parsedate_to_datetime(date or "") + timedelta(seconds=int(age or 0))
    except (TypeError, ValueError, OverflowError):
        return
    theirs = theirs.replace(tzinfo=UTC) if theirs.tzinfo is None else theirs
    now = datetime.now(UTC)
    site.offset = theirs - began if theirs < began else theirs - now if theirs > now else timedelta(0)


# -- words


def _origin(url: str) -> str:
    return "://".join(urlsplit(url)[:2])


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _age(since: str | None) -> timedelta:
    try:
        return datetime.now(UTC) - datetime.fromisoformat(since or "").astimezone(UTC)
    except ValueError:
        return timedelta(0)


def _span(off: timedelta) -> str:
    seconds = abs(off.total_seconds())
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
