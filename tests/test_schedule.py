"""Entries for cron and systemd are right: a real cron runs them, systemd's own tools read them; and backups are whole."""

import itertools
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import damage

from newscrawl import samplesite, schedule
from newscrawl.cli import upkeep
from newscrawl.schedule import Plan, ScheduleProblem
from newscrawl.store import backup
from newscrawl.store.writer import Store, connect

ROOT = Path(__file__).parent.parent
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
CRON = shutil.which("cron", path=PLACES) or shutil.which("crond", path=PLACES)
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze on this machine")

AWKWARD = '新闻 100% "sure" $HOME it\'s & so'
"""A folder's name with all that a shell, cron or systemd would take for something else."""


def plan(**changes):
    values = {
        "program": ["/srv/news/.venv/bin/newscrawl"], "database": Path("/srv/news/newscrawl.db"), "folder": Path("/srv/news"),
        "log": Path("/srv/news/newscrawl.log"), "user": "news", "backups": Path("/srv/news/backup"),
    }  # fmt: skip
    return Plan(**{**values, **changes})


def entries(text):
    """The lines of a crontab that run something: time fields and command."""
    lines = [line for line in text.splitlines() if re.match(r"[\d*]", line)]
    return [(line.split()[:5], line.split(None, 5)[5]) for line in lines]


# -- cron


def test_the_lines_of_a_plan():
    text = schedule.cron(plan(groups=[("weihai", "山东")], environment={"NEWSCRAWL_CONTACT": "desk@example.org"}))
    lines = text.splitlines()
    assert "NEWSCRAWL_DB=/srv/news/newscrawl.db" in lines
    assert "NEWSCRAWL_CONTACT=desk@example.org" in lines
    assert "# MAILTO=desk@example.org" in lines
    (minutes, *rest), crawl = entries(text)[0]
    assert rest == ["*"] * 4
    assert crawl == "cd /srv/news && /srv/news/.venv/bin/newscrawl crawl --due weihai '山东' >> /srv/news/newscrawl.log"
    apart = [int(minute) for minute in minutes.split(",")]
    assert [minute - apart[0] for minute in apart] == [0, 15, 30, 45]
    assert 0 not in apart
    _, night = entries(text)[1]
    assert night == "cd /srv/news && /srv/news/.venv/bin/newscrawl backup /srv/news/backup/ --keep 7 >> /srv/news/newscrawl.log"
    assert "crawl --due >>" in schedule.cron(plan())
    assert "backup" not in schedule.cron(plan(backups=None))
    assert "MAILTO=desk@example.org" in schedule.cron(plan(mailto="desk@example.org")).splitlines()


@pytest.mark.parametrize("every", ["1m", "2m", "5m", "10m", "15m", "20m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d"])
def test_a_day_has_as_many_runs_as_asked_for_and_none_at_the_full_hour(every):
    minutes = schedule.period(every)
    for user in ("a", "b", "c", "d", "e", "f", "g"):
        (at, hours, *_), _ = entries(schedule.cron(plan(user=user, every=minutes)))[0]
        of_hour = range(60) if at == "*" else [int(n) for n in at.split(",")]
        of_day = range(24) if hours == "*" else [int(n) for n in hours.split(",")]
        runs = sorted(hour * 60 + minute for hour in of_day for minute in of_hour)
        assert len(runs) == 1440 // minutes
        assert {later - earlier for earlier, later in itertools.pairwise(runs)} <= {minutes}
        assert every == "1m" or 0 not in of_hour
        assert max(of_hour) < 60
        assert max(of_day) < 24
        night = entries(schedule.cron(plan(user=user)))[1][0]
        assert 2 <= int(night[1]) <= 4
        assert 1 <= int(night[0]) <= 59


@pytest.mark.parametrize("every", ["7m", "45m", "90m", "5h", "0m", "2d", "", "m", "-5m", "1w", "1.5h"])
def test_a_period_that_no_clock_keeps_is_refused(every):
    with pytest.raises(ScheduleProblem, match="not a period"):
        schedule.period(every)


def test_entries_of_one_plan_stand_apart_and_two_plans_do_not_meet():
    groups = [("a",), ("b",), ("c",), ("d",)]
    each = plan(groups=groups, every=60)
    minutes = sorted(each.moment(group) for group in groups)
    gaps = [later - earlier for earlier, later in zip(minutes, [*minutes[1:], minutes[0] + 60], strict=True)]
    assert all(14 <= gap <= 16 for gap in gaps)
    many = {plan(database=Path(f"/srv/{n}.db"), every=60).moment(()) for n in range(100)}
    assert len(many) > 30
    assert plan().moment(()) == plan().moment(())


def test_what_a_crontab_cannot_hold_is_said():
    with pytest.raises(ScheduleProblem, match="groups instead"):
        schedule.cron(plan(groups=[tuple(f"site{n}" for n in range(200))]))
    with pytest.raises(ScheduleProblem, match="character"):
        schedule.cron(plan(folder=Path("/srv/new\nline")))
    with pytest.raises(ScheduleProblem, match="backslash"):
        schedule.cron(plan(folder=Path("/srv/a\\%b")))
    with pytest.raises(ScheduleProblem, match="cannot be quoted"):
        schedule.cron(plan(environment={"NEWSCRAWL_CONTACT": "'\" "}))
    assert "\nNEWSCRAWL_CONTACT=' a\"b '\n" in schedule.cron(plan(environment={"NEWSCRAWL_CONTACT": ' a"b '}))


def private_cron(place, crontab):
    """The command that runs this machine's cron with one user's crontab and nothing else, in a world of its own.

    The crontabs, its pid file and its process tree are the test's: mounts and processes in namespaces that end with it.
    """
    spool, empty, state = place / "spool", place / "empty", place / "run"
    for folder in (spool, empty, state):
        folder.mkdir()
    (place / "none").touch()
    (spool / "root").write_text(crontab, "utf-8")
    (spool / "root").chmod(0o600)
    mounts = [(spool, "/var/spool/cron/crontabs"), (empty, "/etc/cron.d"), (state, "/run")]
    script = [f"mount --bind {shlex.quote(str(here))} {there}" for here, there in mounts]
    script.append(f"if [ -e /etc/crontab ]; then mount --bind {shlex.quote(str(place / 'none'))} /etc/crontab; fi")
    script.append(f"exec {CRON} -f")
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", " && ".join(script)]


def why_no_cron():
    if CRON is None or not Path("/var/spool/cron/crontabs").is_dir() or not Path("/etc/cron.d").is_dir():
        return "no cron of Debian's kind on this machine"
    if shutil.which("unshare") is None or os.geteuid() != 0:
        return "needs root and unshare, to run cron apart from the machine's own crontabs"
    probe = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "mount",
        "--bind",
        "/etc/cron.d",
        "/etc/cron.d",
    ]
    done = subprocess.run(probe, capture_output=True, text=True)
    return f"namespaces cannot be made here: {done.stderr.strip()}" if done.returncode else None


def test_cron_runs_what_schedule_prints(tmp_path):
    if reason := why_no_cron():
        pytest.skip(reason)
    folder = tmp_path / AWKWARD
    folder.mkdir()
    # Without pauses, and three articles: what the entries carry must reach the crawl for it to end soon.
    (folder / "quick.py").write_text("from newscrawl.settings import *\nDOWNLOAD_DELAY = 0\nNEWSCRAWL_LIMIT = 3\n")
    Store(folder / "news.db").close()
    with samplesite.running() as base:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "http_proxy": base, "https_proxy": "http://127.0.0.1:9", "no_proxy": "",
            "NEWSCRAWL_DB": "news.db", "NEWSCRAWL_CONTACT": "desk@example.org", "SCRAPY_SETTINGS_MODULE": "quick",
            "PYTHONPATH": f"{folder}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        command = [sys.executable, "-m", "newscrawl", "schedule", "--cron", "weihai", "--every", "1m"]
        printed = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
        assert printed.stderr == ""
        crontab = printed.stdout
        assert next(fields for fields, _ in entries(crontab)) == ["*"] * 5
        # cron runs these when it starts, and not at the next minute: all else is as it was printed.
        now = re.sub(r"(?m)^[\d*]\S*( \S+){4} ", "@reboot ", crontab)
        assert now.count("@reboot cd") == 2
        now = now.replace("# MAILTO=desk@example.org", 'MAILTO=""')
        daemon = subprocess.Popen(private_cron(tmp_path, now), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            log = folder / "news.log"
            end = time.monotonic() + 60
            while time.monotonic() < end and not (log.exists() and {"new,", "checked"} <= set(log.read_text("utf-8").split())):
                assert daemon.poll() is None, daemon.stdout.read()
                time.sleep(0.1)
        finally:
            daemon.send_signal(signal.SIGKILL)
            daemon.wait()
            daemon.stdout.close()
    said = log.read_text("utf-8")
    assert "weihai: 3 new" in said
    with closing(connect(folder / "news.db", readonly=True)) as connection:
        assert connection.execute("SELECT count(*) FROM articles WHERE site = 'weihai'").fetchone() == (3,)
        assert connection.execute("SELECT exit_code FROM runs").fetchone() == (0,)
    (copy,) = (folder / "backup").iterdir()
    assert re.fullmatch(r"news-\d{8}-\d{4}\.db", copy.name)
    assert not any(entry.name not in {AWKWARD, "spool", "empty", "run", "none"} for entry in tmp_path.iterdir())


# -- systemd


@needs_systemd
@pytest.mark.parametrize("user", [False, True], ids=["system", "user"])
@pytest.mark.parametrize("groups", [[()], [("weihai",), ("山东",)]], ids=["all", "each"])
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path, user, groups):
    folder = tmp_path / AWKWARD
    folder.mkdir()
    # Its own limit: no quotes in the path of a program.
    (tmp_path / "100% 新闻 $HOME").mkdir()
    program = tmp_path / "100% 新闻 $HOME" / "newscrawl"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = schedule.systemd(
        plan(
            program=[str(program)], database=folder / "news.db", folder=folder, log=folder / "news.log", user="root",
            backups=folder / "backup", groups=groups,
            environment={"NEWSCRAWL_ALARM": 'https://example.org/a?b="c"&d=%41\\ mailto://x:y%25@example.org'},
        ),
        user=user,
    )  # fmt: skip
    assert len(units) == 2 * len(groups) + 2
    place = tmp_path / "units"
    place.mkdir()
    for name, text in units.items():
        (place / name).write_text(text, "utf-8")
    words = [ANALYZE, "--user" if user else "--system", "--man=no", "verify", *(str(place / name) for name in units)]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)})
    # What it says of the machine's own units is not ours.
    ours = [line for line in done.stderr.splitlines() if "newscrawl" in line or str(place) in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


@needs_systemd
@pytest.mark.parametrize("every", ["1m", "15m", "1h", "6h", "1d"])
def test_systemd_reads_the_times_as_cron_does(every):
    minutes = schedule.period(every)
    units = schedule.systemd(plan(every=minutes))
    calendar = re.search(r"^OnCalendar=(.*)$", units["newscrawl.timer"], re.M)[1]
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    done = subprocess.run(
        [ANALYZE, "calendar", "--iterations=3", calendar], capture_output=True, text=True, check=True, env=environment
    )
    found = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ (\S+ \S+) UTC", done.stdout)
    times = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in found]
    assert len(times) == 3
    assert times[1] - times[0] == times[2] - times[1] == timedelta(minutes=minutes)
    (at, hours, *_), _ = entries(schedule.cron(plan(every=minutes)))[0]
    assert at == "*" or times[0].minute in {int(n) for n in at.split(",")}
    assert hours == "*" or times[0].hour in {int(n) for n in hours.split(",")}


def test_what_a_service_says():
    units = schedule.systemd(plan(environment={"NEWSCRAWL_CONTACT": 'the "desk" 50%\\', "http_proxy": "http://u:p@proxy:3128"}))
    text = units["newscrawl.service"]
    for line in (
        "Type=oneshot", "SuccessExitStatus=75", "TimeoutStopSec=15", "KillSignal=SIGTERM", "NoNewPrivileges=yes", "User=news",
        "ProtectSystem=full", "WorkingDirectory=/srv/news", "Environment=NEWSCRAWL_DB=/srv/news/newscrawl.db",
        'Environment="NEWSCRAWL_CONTACT=the \\"desk\\" 50%%\\\\"',
        "ExecStart=:/srv/news/.venv/bin/newscrawl crawl --due",
    ):  # fmt: skip
        assert line in text.splitlines()
    assert "may see these values" in text
    assert "Persistent=true" in units["newscrawl.timer"]
    with pytest.raises(ScheduleProblem, match="elsewhere"):
        schedule.systemd(plan(program=["/srv/it's/newscrawl"]))
    user = schedule.systemd(plan(database=Path("/etc/news.db")), user=True)["newscrawl.service"]
    assert "User=" not in user
    assert "ProtectSystem" not in user
    assert "ProtectSystem" not in schedule.systemd(plan(database=Path("/usr/local/news.db")))["newscrawl.service"]


# -- the command


def test_units_are_written_where_asked(run_newscrawl, tmp_path):
    done = run_newscrawl("schedule", "--systemd", "weihai", "--user", "-o", "units", check=0, NEWSCRAWL_ALARM="json://h/")
    names = {"newscrawl.service", "newscrawl.timer", "newscrawl-backup.service", "newscrawl-backup.timer"}
    assert {path.name for path in (tmp_path / "units").iterdir()} == names
    assert (tmp_path / "units" / "newscrawl.service").stat().st_mode & 0o777 == 0o600
    assert "systemctl --user enable --now newscrawl.timer newscrawl-backup.timer" in done.stderr
    assert "NEWSCRAWL_CONTACT is not set" in done.stderr


def test_units_are_printed_one_after_another(tmp_path):
    done = CliRunner().invoke(
        upkeep.schedule, ["--systemd", "weihai", "威海", "--each", "--db", str(tmp_path / "news.db"), "--no-backup"]
    )
    assert done.exit_code == 0
    names = re.findall(r"(?m)^# ---- (.*)$", done.stdout)
    assert names[:2] == ["newscrawl-weihai.service", "newscrawl-weihai.timer"]
    assert len(names) == 4
    assert all(name.isascii() for name in names)
    assert done.stdout.count("[Timer]") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["weihai"], "--cron or --systemd"),
        (["--cron", "weihei"], "Did you mean weihai"),
        (["--cron", "--every", "7m"], "not a period"),
        (["--cron", "--each"], "needs names"),
        (["--cron", "--db", "nowhere/x.db"], "no such folder"),
        (["--cron", "--db", ":memory:"], "--db"),
    ],
)
def test_a_mistake_is_said_in_a_line(arguments, message):
    done = CliRunner().invoke(upkeep.schedule, arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


# -- backup

WRITER = """
import sqlite3, sys
from newscrawl.store.writer import connect, transaction
connection = connect(sys.argv[1])
n = 0
while True:
    n += 1
    with transaction(connection):
        connection.execute("INSERT INTO sites (name, title) VALUES (?, ?)", (f"site{n}", "x" * 2000))
        connection.execute("INSERT INTO settings VALUES (?, '')", (f"site{n}",))
    if n == 50:
        print("busy", flush=True)
"""


def test_a_backup_is_of_one_moment_while_another_process_writes(tmp_path):
    database = tmp_path / "news.db"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, database], stdout=subprocess.PIPE)
    try:
        assert writer.stdout.readline() == b"busy\n"
        counts = []
        for n in range(8):
            copy = backup.backup(database, tmp_path / f"copy{n}.db")
            with closing(connect(copy.path, readonly=True)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                rows = connection.execute("SELECT (SELECT count(*) FROM sites), (SELECT count(*) FROM settings)").fetchone()
            assert rows[0] == rows[1]
            counts.append(rows[0])
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert counts == sorted(counts)
    assert counts[0] >= 50
    assert counts[-1] > counts[0]
    # The copy is a database to go on with.
    with Store(tmp_path / "copy0.db") as store:
        assert store.connection.execute("SELECT count(*) FROM sites").fetchone()[0] == counts[0]
    assert not list(tmp_path.glob(".*"))


def test_the_command_says_what_it_copied(run_newscrawl, tmp_path):
    Store(tmp_path / "news.db").close()
    done = run_newscrawl("backup", "copy.db", check=0)
    assert re.match(r"copy\.db: 0 articles, 0 article links, 0 pages, 0 runs; [\d.]+ kB, checked\n$", done.stdout)
    assert {path.name for path in tmp_path.glob("copy*")} == {"copy.db"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["copy.db"], "--force"),
        # Never over the database itself.
        (["news.db", "--force"], "is there already"),
        (["nowhere/copy.db"], "no such folder"),
        (["nowhere/deep/"], "cannot be made"),
        (["new.db", "--keep", "3"], "needs a folder"),
        (["new.db", "--db", "none.db"], "no such database"),
    ],
)
def test_a_backup_that_would_be_wrong_is_not_made(tmp_path, monkeypatch, arguments, message):
    Store(tmp_path / "news.db").close()
    (tmp_path / "copy.db").write_bytes(b"an older copy")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCRAWL_DB", "news.db")
    done = CliRunner().invoke(upkeep.backup, arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert (tmp_path / "copy.db").read_bytes() == b"an older copy"
    assert connect(tmp_path / "news.db", readonly=True).close() is None
    assert {path.name for path in tmp_path.iterdir()} <= {"news.db", "news.db-wal", "news.db-shm", "copy.db"}


def test_a_database_in_use_is_no_target(tmp_path):
    Store(tmp_path / "news.db").close()
    with Store(tmp_path / "other.db") as other:
        other.set("name", "value")
        with pytest.raises(backup.BackupFailed, match="in use"):
            backup.backup(tmp_path / "news.db", tmp_path / "other.db", force=True)
    backup.backup(tmp_path / "news.db", tmp_path / "other.db", force=True)


def test_force_replaces_a_file(tmp_path):
    Store(tmp_path / "news.db").close()
    (tmp_path / "copy.db").write_bytes(b"an older copy")
    done = CliRunner().invoke(upkeep.backup, [str(tmp_path / "copy.db"), "--force", "--db", str(tmp_path / "news.db")])
    assert done.exit_code == 0
    connect(tmp_path / "copy.db", readonly=True).close()


def test_a_folder_keeps_the_newest(tmp_path):
    Store(tmp_path / "news.db").close()
    folder = tmp_path / "kept"
    folder.mkdir()
    others = ["news-20200101-0000.db.txt", "other-20200101-0000.db", "news-2020.db", "newscrawl-20200101-0000.db"]
    for name in ["news-20200101-0000.db", "news-20210101-0000.db", "news-20220101-0000.db", *others]:
        (folder / name).touch()
    (folder / ".news-20200101-0000.db.partial").touch()
    os.utime(folder / ".news-20200101-0000.db.partial", (0, 0))
    arguments = [str(folder), "--db", str(tmp_path / "news.db"), "--keep"]
    done = CliRunner().invoke(upkeep.backup, [*arguments, "2"])
    assert done.exit_code == 0
    assert "removed 2 older: news-20200101-0000.db, news-20210101-0000.db" in done.stdout
    left = {path.name for path in folder.iterdir()}
    assert left >= {"news-20220101-0000.db", *others}
    assert len(left) == 2 + len(others)
    # Where the copy fails nothing is removed.
    (tmp_path / "news.db").write_bytes(b"no database")
    assert CliRunner().invoke(upkeep.backup, [*arguments, "1"]).exit_code == 2
    assert {path.name for path in folder.iterdir()} == left


def test_a_damaged_database_gives_no_backup(tmp_path):
    database = tmp_path / "news.db"
    damage(database)
    done = CliRunner().invoke(upkeep.backup, [str(tmp_path / "copy.db"), "--db", str(database)])
    assert done.exit_code == 1
    assert "no backup was made" in done.stderr
    assert "malformed" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"news.db", "news.db-wal", "news.db-shm"}


def test_a_copy_is_checked_before_it_appears(tmp_path):
    """Damage that SQLite copies without a word: rows that the table's own rules forbid."""
    database = tmp_path / "news.db"
    with Store(database) as store:
        store.connection.execute("CREATE TABLE odd (a)")
        store.connection.execute("INSERT INTO odd VALUES (NULL)")
        store.connection.execute("PRAGMA writable_schema = ON")
        store.connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE odd (a NOT NULL)' WHERE name = 'odd'")
    with pytest.raises(backup.BackupFailed, match=r"damaged.*NULL value in odd\.a"):
        backup.backup(database, tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy*"))


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="needs root and unshare, to mount a small disk")
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path):
    database = tmp_path / "news.db"
    with Store(database) as store:
        for n in range(300):
            store.set(f"name{n}", "x" * 3000)
    (tmp_path / "disk").mkdir()
    command = shlex.join([sys.executable, "-m", "newscrawl", "backup", "disk/", "--db", str(database)])
    script = f"mount -t tmpfs -o size=300k none disk || exit 77; {command}; echo $?; ls -A disk | wc -l"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    if done.returncode == 77:
        pytest.skip("no disk can be mounted here")
    assert done.stdout.split() == ["1", "0"]
    assert "no backup was made: database or disk is full" in done.stderr
