"""Ready entries for cron and systemd: crawls at minutes of their own, and a backup every night."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CARRIED = (
    "NEWSCRAWL_CONTACT", "NEWSCRAWL_ALARM", "http_proxy", "https_proxy", "no_proxy", "SCRAPY_SETTINGS_MODULE", "PYTHONPATH",
)  # fmt: skip
"""Variables that a crawl reads: those that are set when the entries are made go into them."""

SECRET = ("NEWSCRAWL_ALARM", "http_proxy", "https_proxy")
"""Those whose values may hold a password or token."""

PATH = "/usr/local/bin:/usr/bin:/bin"

MAX_LINE = 998
"""Bytes that cron takes of a command; it runs none of a longer line."""

HOUR, DAY = 60, 1440


class ScheduleProblem(ValueError):
    """What cannot be put into an entry; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What is to be run, and with what.

    ``program``: the words that start this newscrawl; ``groups``: for each entry its sites or groups (empty: all);
    ``every``: minutes between two runs; ``environment``: what the entries set; ``backups``: the folder of nightly backups,
    ``None`` for none, of which ``keep`` stay.
    """

    program: Sequence[str]
    database: Path
    folder: Path
    log: Path
    user: str
    groups: Sequence[Sequence[str]] = ((),)
    every: int = 15
    environment: Mapping[str, str] = field(default_factory=dict)
    mailto: str | None = None
    backups: Path | None = None
    keep: int = 7

    def crawl(self, group: Sequence[str]) -> list[str]:
        """The words of a crawl of what is due."""
        return [*self.program, "crawl", "--due", *group]

    def backup(self) -> list[str]:
        """The words of the backup; the blank that ends a folder's name says that it is one."""
        return [*self.program, "backup", f"{self.backups}/", "--keep", str(self.keep)]

    def moment(self, group: Sequence[str]) -> int:
        """Minutes after midnight of an entry's first run; entries of one plan stand apart evenly, no two plans together."""
        number = [list(g) for g in self.groups].index(list(group))
        first = _number(self.user, str(self.database), *(name for g in self.groups for name in g)) % self.every
        moment = (first + number * self.every // len(self.groups)) % self.every
        # Never the full hour, when all the world asks.
        return moment if moment % HOUR or self.every == 1 else moment + 1

    def night(self) -> int:
        """Minutes after midnight of the backup: between two and five o'clock."""
        number = _number("backup", self.user, str(self.database))
        return (2 + number % 3) * HOUR + 1 + number // 3 % 59


def period(text: str) -> int:
    """Minutes of ``15m``, ``1h`` or ``1d``; raises `ScheduleProblem` for what does not divide an hour or a day evenly."""
    found = re.fullmatch(r"(\d{1,4})\s*(m|min|h|d)", text.strip())
    minutes = int(found[1]) * {"m": 1, "min": 1, "h": HOUR, "d": DAY}[found[2]] if found else 0
    if minutes and (HOUR % minutes == 0 or (minutes % HOUR == 0 and DAY % minutes == 0)):
        return minutes
    raise ScheduleProblem(
        f"{text}: not a period that cron can keep. Take 5m, 10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h, 12h or 1d."
    )


def cron(plan: Plan) -> str:
    """Lines for the end of a user's crontab; raises `ScheduleProblem`."""
    lines = [
        "# newscrawl: for the end of your crontab (crontab -e): variables hold for all lines below them.",
        *(f"{name}={_cron_value(name, value)}" for name, value in {"SHELL": "/bin/sh", **_environment(plan)}.items()),
    ]
    if plan.mailto:
        lines.append(f"MAILTO={_cron_value('MAILTO', plan.mailto)}")
    else:
        lines.append("# Standard error goes to cron's mail, so that mail comes when something is wrong. To whom:")
        lines.append("# MAILTO=desk@example.org")
    lines.append("# A run that finds the one before it still busy ends at once with 75.")
    start = f"cd {shlex.quote(str(plan.folder))} &&"
    end = f">> {shlex.quote(str(plan.log))}"
    lines += [
        _cron_line(_times(plan.moment(group), plan.every), f"{start} {shlex.join(plan.crawl(group))} {end}")
        for group in plan.groups
    ]
    if plan.backups is not None:
        lines.append(f"# Every night a copy; the newest {plan.keep} are kept.")
        lines.append(_cron_line(_times(plan.night(), DAY), f"{start} {shlex.join(plan.backup())} {end}"))
    return "\n".join(lines) + "\n"


def systemd(plan: Plan, *, user: bool = False) -> dict[str, str]:
    """Units by file name; ``user``: for a user's own manager (``systemctl --user``). Raises `ScheduleProblem`."""
    units = {}
    for group in plan.groups:
        name = "newscrawl" if len(plan.groups) == 1 else f"newscrawl-{_unit_word('-'.join(group))}"
        what = " ".join(group) or "all sites"
        delay = max(1, min(60, plan.every * 60 // 10))
        units[f"{name}.service"] = _service(plan, f"newscrawl: crawl what is due of {what}", plan.crawl(group), user, CRAWL_ENDS)
        units[f"{name}.timer"] = _timer(
            f"newscrawl: {what}, {_said(plan.every)}", _calendar(plan.moment(group), plan.every), delay
        )
    if plan.backups is not None:
        units["newscrawl-backup.service"] = _service(plan, "newscrawl: backup of its database", plan.backup(), user)
        units["newscrawl-backup.timer"] = _timer("newscrawl: backup, every night", _calendar(plan.night(), DAY), 600)
    return units


def install_lines(units: Mapping[str, str], *, user: bool) -> list[str]:
    """What to type to bring units into force."""
    flag = " --user" if user else ""
    timers = " ".join(shlex.quote(name) for name in units if name.endswith(".timer"))
    return [
        f"copy the files to {'~/.config/systemd/user' if user else '/etc/systemd/system'}/, then:",
        f"systemctl{flag} daemon-reload && systemctl{flag} enable --now {timers}",
        *(["loginctl enable-linger    # so that they run while you are not logged in"] if user else []),
        f"journalctl{flag} -u 'newscrawl*'    # what they said",
    ]


def _environment(plan: Plan) -> dict[str, str]:
    return {
        "PATH": PATH,
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "NEWSCRAWL_DB": str(plan.database),
        **plan.environment,
    }


def _number(*words: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode(), digest_size=6).digest())


def _said(minutes: int) -> str:
    if minutes == DAY:
        return "every day"
    number, unit = (minutes // HOUR, "hour") if minutes % HOUR == 0 else (minutes, "minute")
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def _steps(moment: int, every: int) -> tuple[str, str]:
    """The hours and minutes of a day as lists; ``*`` for all."""
    if every <= HOUR:
        minutes = "*" if every == 1 else ",".join(str(minute) for minute in range(moment % every, HOUR, every))
        return "*", minutes
    return ",".join(str(hour) for hour in range(moment // HOUR % (every // HOUR), 24, every // HOUR)), str(moment % HOUR)


def _times(moment: int, every: int) -> str:
    hours, minutes = _steps(moment, every)
    return f"{minutes} {hours} * * *"


def _calendar(moment: int, every: int) -> str:
    hours, minutes = (re.sub(r"\b\d\b", r"0\g<0>", part) for part in _steps(moment, every))
    return f"*-*-* {hours}:{minutes}:00"


def _one_line(name: str, value: str) -> str:
    if not value.isprintable():
        raise ScheduleProblem(f"{name}: {value!r} holds a character that no entry can hold.")
    return value


def _cron_line(times: str, command: str) -> str:
    _one_line("the command", command)
    if re.search(r"\\%", command):
        raise ScheduleProblem("a backslash before % cannot be written in a crontab. Name another folder or file.")
    # A bare % ends the command and begins its input.
    command = command.replace("%", "\\%")
    if len(command.encode()) > MAX_LINE:
        raise ScheduleProblem(
            f"the command has {len(command.encode())} bytes, cron takes {MAX_LINE}. Name groups instead of sites, or say --each."
        )
    return f"{times} {command}"


def _cron_value(name: str, value: str) -> str:
    """A variable's value: as it stands; in quotes where cron would take blanks or quotes at its ends away."""
    _one_line(name, value)
    if len(value.encode()) > MAX_LINE - len(name) - 3:
        raise ScheduleProblem(f"{name}: too long for a crontab ({len(value.encode())} bytes).")
    if value and value == value.strip() and value[0] not in "\"'":
        return value
    for mark in "\"'":
        if mark not in value:
            return f"{mark}{value}{mark}"
    raise ScheduleProblem(f"{name}: {value!r} cannot be quoted in a crontab.")


def _systemd_word(text: str) -> str:
    """A word of a unit file: specifiers doubled; in quotes, with what is special in them escaped, where it has to be."""
    text = _one_line("a unit", text).replace("%", "%%")
    if re.fullmatch(r"[\w./:@%+=,-]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unit_word(text: str) -> str:
    """A name as part of a unit's name, which is ASCII: another one is told by eight hex digits."""
    return text if re.fullmatch(r"[a-z0-9_-]{1,80}", text) else hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


CRAWL_ENDS = (
    "# 75: the run before it is still busy. All other codes are shown as failed, 3 (degraded) too.",
    "SuccessExitStatus=75",
    "# A crawl that is asked to end has ten seconds to; then all its processes are killed.",
    "KillMode=mixed",
    "KillSignal=SIGTERM",
    "TimeoutStopSec=15",
)
"""How a crawl's service ends."""


def _service(plan: Plan, description: str, words: Sequence[str], user: bool, ends: Sequence[str] = ()) -> str:
    if re.search(r"[\"'\\]", words[0]):
        raise ScheduleProblem(
            f"{words[0]}: systemd starts no program with a quote or backslash in its path. Install newscrawl elsewhere."
        )
    # The colon: a $ in an argument is itself.
    command = " ".join(_systemd_word(word) for word in words)
    lines = ["[Unit]", f"Description={description.replace('%', '%%')}"]
    if not user and ends:
        lines += ["Wants=network-online.target", "After=network-online.target"]
    lines += ["", "[Service]", "Type=oneshot"]
    if not user:
        lines.append(f"User={plan.user}")
    lines.append(f"WorkingDirectory={_one_line('the folder', str(plan.folder)).replace('%', '%%')}")
    environment = _environment(plan)
    if not user and any(name in environment for name in SECRET):
        lines.append("# Everybody on this machine may see these values (systemctl show).")
    lines += [f"Environment={_systemd_word(f'{name}={value}')}" for name, value in environment.items()]
    lines += [
        f"ExecStart=:{command}",
        *ends,
        "Nice=10",
        "NoNewPrivileges=yes",
        "LockPersonality=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
    ]
    if not user:
        lines += ["ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectControlGroups=yes"]
        written = (plan.database, plan.log, *([plan.backups] if plan.backups else []))
        if not any(path.is_relative_to(place) for path in written for place in ("/usr", "/boot", "/efi", "/etc")):
            lines.append("ProtectSystem=full")
    return "\n".join(lines) + "\n"


def _timer(description: str, calendar: str, delay: int) -> str:
    return "\n".join(
        (
            "[Unit]", f"Description={description.replace('%', '%%')}", "", "[Timer]", f"OnCalendar={calendar}",
            f"RandomizedDelaySec={delay}", "AccuracySec=1", "Persistent=true", "", "[Install]", "WantedBy=timers.target", "",
        )
    )  # fmt: skip
