"""newscrawl doctor: each check is made to fail for real, and says what to do."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import damage
from scrapy.settings import Settings

from newscrawl import doctor, lock
from newscrawl.cli import upkeep
from newscrawl.doctor import Finding
from newscrawl.spider import NewsSpider
from newscrawl.store import condition, ledger
from newscrawl.store.writer import Store, connect

ROOT = Path(__file__).parent.parent
SETTINGS = Settings({"ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 1.0, "USER_AGENT": "newscrawl/0"})


class Invented(NewsSpider):
    """A site that a test serves as a proxy."""

    name = "invented"
    home = "http://invented.example/"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "news.db"
    Store(path).close()
    return path


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Nothing of the machine's own configuration, and no way off it."""
    for name in ("NEWSCRAWL_ALARM", "NEWSCRAWL_CONTACT", "NEWSCRAWL_DB", "SCRAPY_SETTINGS_MODULE", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.chdir(tmp_path)


def named(findings, check):
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def offline(path, settings=SETTINGS, **options):
    found = list(doctor.examine(path, [], settings, offline=True, **options))
    assert all(isinstance(finding, Finding) and "\n" not in finding.text for finding in found)
    return found


# -- the command


def test_a_well_kept_crawl_has_no_problem(run_newscrawl, sample):
    _, base = sample
    run_newscrawl("crawl", "weihai", "--delay", 0, "--limit", 2, proxy=base, check=0, NEWSCRAWL_CONTACT="desk@example.org")
    done = run_newscrawl("doctor", "weihai", proxy=base, check=0, NEWSCRAWL_CONTACT="desk@example.org")
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert any(line.startswith("ok       weihai: robots.txt allows http://weihai.dzwww.com/") for line in lines)
    assert any(line.startswith("ok       clock against sites: ") for line in lines)
    assert any(line.startswith("ok       integrity: ") for line in lines)
    assert lines[-1].startswith(f"{len(lines) - 1} checks: 0 problems")


def test_problems_exit_1_and_warnings_do_not(database):
    arguments = ["--offline", "--db", str(database), "--json"]
    done = CliRunner().invoke(upkeep.doctor, arguments)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"check", "state", "text"} == set(rows[0])
    assert {row["check"]: row["state"] for row in rows}["contact"] == "warning"
    assert done.exit_code == 0
    done = CliRunner().invoke(upkeep.doctor, [*arguments, "--send-test"])
    assert "NEWSCRAWL_ALARM" in done.stdout
    assert done.exit_code == 1
    assert CliRunner().invoke(upkeep.doctor, ["weihei"]).exit_code == 2


# -- the database


def test_a_damaged_database(tmp_path, database):
    damage(database)
    found = named(offline(database), "integrity")
    assert found.state == "problem"
    assert "restore a backup" in found.text


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "letter.db"
    path.write_text("a letter, not a database\n" * 40)
    found = offline(path)
    assert named(found, "database").state == "problem"
    assert "not a SQLite database" in named(found, "database").text
    assert path.read_text().startswith("a letter")


def test_a_database_that_is_not_there_yet(tmp_path):
    found = named(offline(tmp_path / "data" / "news.db"), "database")
    assert found.state == "warning"
    assert "first crawl makes it" in found.text
    assert list(tmp_path.iterdir()) == []


def test_an_older_schema(database):
    with closing(connect(database)) as connection:
        connection.execute("PRAGMA user_version = 1")
    found = named(offline(database), "database")
    assert found.state == "warning"
    assert f"schema 1, the next crawl brings it to {condition.SCHEMA_VERSION}" in found.text


def test_a_database_that_another_process_keeps_locked(database, monkeypatch):
    with closing(connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(condition.write_refusal, "__defaults__", (0.2,))
        found = named(offline(database), "writable")
        other.execute("ROLLBACK")
    assert found.state == "problem"
    assert "locked" in found.text
    assert named(offline(database), "writable").state == "ok"


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("unshare") is None, reason="needs root and unshare, for a disk that is read-only"
)
def test_a_database_that_cannot_be_written(tmp_path, database):
    script = (
        "mount --bind . . && mount -o remount,ro,bind . || exit 77; exec "
        + f"{sys.executable} -m newscrawl doctor --offline --db {database}"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if done.returncode == 77:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 1, done.stderr
    assert "problem  writable: the file cannot be written by this user" in done.stdout


def test_a_write_ahead_log_that_a_reader_keeps(database):
    with closing(connect(database)) as writer, closing(connect(database, readonly=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        writer.execute("CREATE TABLE big (text)")
        for _ in range(80):
            writer.execute("INSERT INTO big VALUES (?)", ("x" * 1_000_000,))
        found = named(offline(database), "write-ahead log")
    assert found.state == "warning"
    assert "reads without end" in found.text


def test_a_check_that_takes_too_long_is_not_waited_for(database, monkeypatch):
    with Store(database) as store:
        for n in range(3000):
            store.set(f"name{n}", "x")
    monkeypatch.setattr(condition, "OPS", 10)
    with closing(connect(database, readonly=True)) as connection:
        assert condition.quick_check(connection, seconds=0) is None
        assert condition.quick_check(connection) == []


# -- runs


def test_dead_runs_and_their_locks(database):
    program = """
import sys, time
from pathlib import Path
from newscrawl import lock
from newscrawl.store import ledger
from newscrawl.store.writer import connect
held = lock.acquire(Path(sys.argv[1]), "weihai")
connection = connect(sys.argv[1])
ledger.start_run(connection, "weihai", "crawl", "0")
print("crawling", flush=True)
time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", program, database], stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"crawling\n"
        found = offline(database)
        assert named(found, "locks").text.startswith(f"held now: weihai by process {process.pid} since ")
        assert named(found, "ledger") == ("ledger", "ok", "1 under way, none dead")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    found = offline(database)
    assert named(found, "locks") == ("locks", "ok", "none is held; left over from runs that died, and harmless: weihai")
    assert named(found, "ledger").state == "warning"
    assert "run 1 of weihai" in named(found, "ledger").text
    with closing(connect(database)) as connection:
        ledger.close_dead(connection, "weihai")
    assert named(offline(database), "ledger") == ("ledger", "ok", "no run is left open")


def test_a_run_that_never_ends(database):
    with lock.acquire(database, "weihai") as held:
        since = (datetime.now(UTC) - timedelta(hours=13)).isoformat(timespec="seconds")
        held.path.write_text(json.dumps({"pid": os.getpid(), "since": since}))
        found = named(offline(database), "locks")
    assert found.state == "warning"
    assert "weihai has been busy for more than 12 hours" in found.text


def test_a_clock_before_what_is_stored(database):
    with closing(connect(database)) as connection:
        run = ledger.start_run(connection, "weihai", "crawl", "0")
        connection.execute("UPDATE runs SET started_at = '2099-01-01T10:00:00+00:00' WHERE id = ?", (run,))
    found = named(offline(database), "clock")
    assert found.state == "problem"
    assert "2099-01-01T10:00" in found.text


# -- the machine


@pytest.mark.parametrize(
    ("free", "size", "daily", "state"),
    [
        (50 * doctor.MB, doctor.MB, None, "problem"),
        (1000 * doctor.MB, doctor.MB, 500.0 * doctor.MB, "problem"),
        (1000 * doctor.MB, doctor.MB, 50.0 * doctor.MB, "warning"),
        (1000 * doctor.MB, 900 * doctor.MB, None, "warning"),
        (1000 * doctor.MB, doctor.MB, 1.0, "ok"),
        (1000 * doctor.MB, doctor.MB, None, "ok"),
    ],
)
def test_space_against_growth(free, size, daily, state):
    assert doctor.space(free, size, daily).state == state


def test_growth_is_of_the_last_days(database):
    with Store(database) as store:
        connection = store.connection
        assert condition.growth(connection) is None
        connection.execute("INSERT INTO sites (name) VALUES ('weihai')")
        connection.execute(
            "INSERT INTO articles (url, site, title, body_text, body_html, characters, content_hash, state_hash, first_seen, "
            "last_changed, flags, provenance) VALUES ('http://a.example/', 'weihai', 't', ?, '', 1, '', '', '', '', '[]', '{}')",
            ("x" * 100_000,),
        )
        for days, new in ((40, 5000), (5, 30), (0, 20)):
            at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
            connection.execute(
                "INSERT INTO runs (site, command, version, started_at, new) VALUES ('weihai', 'crawl', '0', ?, ?)", (at, new)
            )
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        assert condition.growth(connection) == pytest.approx(pages * 4096 * 50 / 5, rel=0.01)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="needs root and unshare, to mount a small disk")
def test_a_disk_that_is_full_of_small_files(tmp_path):
    script = (
        "mount -t tmpfs -o size=50m,nr_inodes=60 none . || exit 77; "
        f"exec {sys.executable} -m newscrawl doctor --offline --json --db new.db"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"cd {tmp_path} && {script.replace('none .', f'none {tmp_path}')}"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 1, done.stderr
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["inodes"]["state"] == "problem"
    assert doctor.inodes(0, 0).state == "ok"
    assert doctor.inodes(10_000, 1_000_000).state == "warning"


def test_a_network_file_system(tmp_path):
    (tmp_path / "my data").mkdir()
    point = str(tmp_path).replace(" ", "\\040")
    lines = [
        "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
        f"22 21 0:50 / {point}/my\\040data rw,relatime shared:7 - nfs4 server:/news rw,vers=4.2",
        "23 21 0:51 / /elsewhere rw - cifs //server/news rw",
    ]
    found = doctor.file_system(tmp_path / "my data", "\n".join(lines))
    assert found.state == "problem"
    assert "nfs4" in found.text
    assert "local disk" in found.text
    assert doctor.file_system(tmp_path, "\n".join(lines)).text == "ext4 on /"
    covered = [*lines, f"24 22 0:52 / {point}/my\\040data rw - tmpfs tmpfs rw"]
    assert doctor.file_system(tmp_path / "my data", "\n".join(covered)).state == "ok"
    assert doctor.file_system(tmp_path).state == "ok"


def test_few_open_files():
    program = "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))\nfrom newscrawl import doctor\nprint(doctor.file_limit())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "warning" in done.stdout
    assert "ulimit -n 1024" in done.stdout


def test_no_time_zone_data():
    program = "from newscrawl import doctor\nprint(doctor.time_zones())"
    # PYTHONTZPATH empty, and no tzdata package to be found.
    blocked = "import sys\nsys.modules['tzdata'] = None\n" + program
    environment = {**os.environ, "PYTHONTZPATH": ""}
    done = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=True, env=environment)
    assert "install tzdata" in done.stdout
    assert "warning" in done.stdout


# -- what is configured


def test_contact(database, monkeypatch):
    assert named(offline(database), "contact").state == "warning"
    assert "NEWSCRAWL_CONTACT" in named(offline(database), "contact").text
    with Store(database) as store:
        store.set("contact", "")
    assert named(offline(database), "contact").state == "warning"
    with Store(database) as store:
        store.set("contact", "kept@example.org")
    assert named(offline(database), "contact") == ("contact", "ok", "kept@example.org")
    monkeypatch.setenv("NEWSCRAWL_CONTACT", "set@example.org")
    assert named(offline(database), "contact").text == "set@example.org"
    own = Settings({**SETTINGS, "USER_AGENT": "our crawler (+https://example.org/)"})
    monkeypatch.delenv("NEWSCRAWL_CONTACT")
    assert doctor.contact(own, {}).state == "ok"


def test_robots_switched_off(database):
    found = named(offline(database, Settings({"ROBOTSTXT_OBEY": False})), "politeness")
    assert found.state == "problem"
    assert named(offline(database, Settings({"ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0})), "politeness").state == "warning"


def test_alarm_addresses(database, monkeypatch):
    assert named(offline(database), "alarms").state == "ok"
    monkeypatch.setenv("NEWSCRAWL_ALARM", "https://example.org/s3cret mailto://u:s3cret@example.org")
    assert named(offline(database), "alarms") == ("alarms", "ok", "https://example.org/…, mailto://example.org/…")
    monkeypatch.setenv("NEWSCRAWL_ALARM", "nosuch://s3cret")
    found = named(offline(database), "alarms")
    assert found.state == "problem"
    assert "s3cret" not in found.text
    # Port 9 is closed: the test message does not arrive.
    monkeypatch.setenv("NEWSCRAWL_ALARM", "http://127.0.0.1:9/s3cret")
    found = named(offline(database, send_test=True), "test message")
    assert found.state == "problem"
    assert "s3cret" not in found.text


# -- the network


@contextmanager
def serving(answer):
    """An HTTP proxy that answers every request with what ``answer(path)`` gives: status, body, headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["User-Agent"]))
            status, body, headers = answer(self.path)
            self.send_response_only(status)
            for name, value in {"Date": format_datetime(datetime.now(UTC), usegmt=True), **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def ask(monkeypatch, proxy, kept=None):
    monkeypatch.setenv("http_proxy", proxy)
    return list(doctor.network([Invented], SETTINGS, kept or {}))


@pytest.mark.parametrize(
    ("robots", "home", "state", "said"),
    [
        ((200, b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"), 200, "ok", "allows http://invented.example/, every 3 s"),
        ((200, b"User-agent: newscrawl\nDisallow: /\n"), 200, "problem", "disallows"),
        ((404, b""), 200, "ok", "no robots.txt (404), all is allowed"),
        ((503, b""), 200, "problem", "robots.txt answers 503: nothing is fetched"),
        ((429, b""), 200, "problem", "robots.txt answers 429: nothing is fetched"),
        ((404, b""), 403, "problem", "answers 403. The site may not want to be read from here."),
        ((404, b""), 502, "problem", "answers 502"),
    ],
)
def test_what_a_site_answers(monkeypatch, robots, home, state, said):
    def answer(path):
        return (*robots, {}) if path.endswith("/robots.txt") else (home, b"<p>x</p>", {})

    with serving(answer) as (proxy, asked):
        found = named(ask(monkeypatch, proxy, {"contact": "desk@example.org"}), "invented")
    assert found.state == state
    assert said in found.text
    assert {agent for _, agent in asked} == {"newscrawl/0 (+desk@example.org)"}
    if state == "problem" and "robots.txt" in said:
        assert [path for path, _ in asked] == ["http://invented.example/robots.txt"]


@pytest.mark.parametrize(
    ("hours", "age", "state", "said"),
    [
        (3, 0, "warning", "3 hours behind"),
        (-48, 0, "warning", "2 days ahead"),
        (0, 0, "ok", "within 2 minutes"),
        (-1, 3600, "ok", "within"),
    ],
)
def test_the_clock_against_a_page(monkeypatch, hours, age, state, said):
    def answer(path):
        date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
        return 200, b"", {"Date": date, **({"Age": str(age)} if age else {})}

    with serving(answer) as (proxy, _):
        found = named(ask(monkeypatch, proxy), "clock against sites")
    assert found.state == state
    assert said in found.text


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 24 Nov 2026 10:00:00", "Mon, 99 Nov 99999 10:00:00 GMT"])
def test_a_date_that_is_none_is_no_clock(monkeypatch, date):
    with serving(lambda path: (200, b"", {"Date": date, "Age": "x"})) as (proxy, _):
        found = ask(monkeypatch, proxy)
    assert named(found, "invented").state == "ok"


def test_no_network(monkeypatch):
    found = named(ask(monkeypatch, "http://127.0.0.1:9"), "invented")
    assert found.state == "problem"
    assert "Connection refused" in found.text
    monkeypatch.delenv("http_proxy")
    found = named(list(doctor.network([Invented], SETTINGS, {})), "invented")
    assert found.state == "problem"
    assert "invented.example: no such name" in found.text


def test_a_site_that_never_answers_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(doctor, "WAIT", 20.0)
    monkeypatch.setattr(doctor, "ALL", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as dead:
        began = time.monotonic()
        found = ask(monkeypatch, f"http://127.0.0.1:{dead.getsockname()[1]}")
        assert time.monotonic() - began < 10
    assert named(found, "invented").state == "problem"
    assert "no answer within" in named(found, "invented").text


def test_proxies_are_named_without_their_passwords(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://user:s3cret@proxy.example:3128")
    text = doctor.proxies().text
    assert "http: http://…@proxy.example:3128" in text
    assert "s3cret" not in text


def test_the_sites_crawled_last_are_asked_where_none_is_named(database):
    spiders = [type(name, (NewsSpider,), {"name": name, "home": f"http://{name}.example/"}) for name in "abcdefg"]
    assert [spider.name for spider in doctor.usual(spiders, database)] == ["a", "b", "c"]
    with closing(connect(database)) as connection:
        for name in "fbdcz":
            ledger.start_run(connection, name, "crawl", "0")
            connection.execute("UPDATE runs SET started_at = ? WHERE site = ?", (f"2026-01-0{'fbdcz'.index(name) + 1}", name))
    assert [spider.name for spider in doctor.usual(spiders, database)] == ["c", "d"]
    assert [spider.name for spider in doctor.usual(spiders, database.with_name("none.db"))] == ["a", "b", "c"]


def test_a_scheduler_is_looked_for(monkeypatch, tmp_path):
    found = doctor.scheduler()
    assert found.state in ("ok", "warning")
    crontab = tmp_path / "crontab"
    crontab.write_text("#!/bin/sh\necho '7 * * * * /srv/news/.venv/bin/newscrawl crawl --due --all'\n")
    crontab.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert doctor._mentions(["crontab", "-l"])
    crontab.write_text("#!/bin/sh\necho '# newscrawl'\n")
    assert not doctor._mentions(["crontab", "-l"])


def test_all_within_its_time(sample, database, monkeypatch):
    """Several sites are asked side by side."""
    _, base = sample
    monkeypatch.setenv("http_proxy", base)
    spiders = [type(f"S{n}", (NewsSpider,), {"name": f"s{n}", "home": "http://weihai.dzwww.com/"}) for n in range(20)]
    found = list(doctor.examine(database, spiders, SETTINGS))
    assert [finding.state for finding in found if finding.check.startswith("s") and finding.check[1:].isdigit()] == ["ok"] * 20
