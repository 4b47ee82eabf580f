"""Locks are the kernel's: real processes hold them, die with them, and leave children behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import pytest

from newscrawl import lock
from newscrawl.store.writer import DatabaseProblem

HOLD = """
import sys, time
from pathlib import Path
from newscrawl import lock
held = lock.acquire(Path(sys.argv[1]), sys.argv[2], shared="shared" in sys.argv)
{then}
print("held", flush=True)
time.sleep(60)
"""
CHILD = """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds={close_fds}, stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
"""
FORK = """
import os
child = os.fork()
if not child:
    os.close(1)
    time.sleep(60)
    os._exit(0)
print(child, flush=True)
"""


def died(pid):
    """Whether a process is gone, or a zombie that nobody has waited for."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def hold():
    """Starts a process that takes a lock; gives it and the number of its own child, where it has one."""
    started, children = [], []

    def start(database, name, *words, then=""):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD.format(then=then), database, name, *words], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        lines = []
        while (line := process.stdout.readline().strip()) not in ("held", ""):
            lines.append(int(line))
        assert line == "held"
        children.extend(lines)
        return process, (lines[0] if lines else None)

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
    for child in children:
        os.kill(child, signal.SIGKILL)


def test_a_second_taker_is_told_at_once_by_whom(tmp_path, hold):
    database = tmp_path / "news.db"
    process, _ = hold(database, "weihai")
    began = time.monotonic()
    with pytest.raises(lock.Locked) as caught:
        lock.acquire(database, "weihai")
    assert time.monotonic() - began < 1
    assert (caught.value.site, caught.value.pid) == ("weihai", process.pid)
    assert str(caught.value).startswith(f"weihai is being crawled by process {process.pid} since ")
    lock.acquire(database, "yantai").release()
    lock.acquire(tmp_path / "other.db", "weihai").release()


def test_a_killed_holder_frees_it(tmp_path, hold):
    database = tmp_path / "news.db"
    process, _ = hold(database, "weihai")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert lock.holders(database) == [lock.Holder("weihai", False, process.pid, lock.holders(database)[0].since)]
    with lock.acquire(database, "weihai") as held:
        assert held.held
        assert lock.holders(database)[0][:3] == ("weihai", True, os.getpid())
    assert lock.holders(database) == [lock.Holder("weihai", False, None, None)]


@pytest.mark.parametrize(
    "then", [CHILD.format(close_fds=True), CHILD.format(close_fds=False), FORK], ids=["exec", "exec, open", "fork"]
)
def test_a_child_does_not_keep_it(tmp_path, hold, then):
    database = tmp_path / "news.db"
    process, child = hold(database, "weihai", then=then)
    with pytest.raises(lock.Locked):
        lock.acquire(database, "weihai")
    process.kill()
    process.wait()
    assert not died(child)
    lock.acquire(database, "weihai").release()


def test_a_forked_child_cannot_release_it(tmp_path, hold):
    database = tmp_path / "news.db"
    then = FORK.replace("time.sleep(60)", "held.release(); time.sleep(60)") + "time.sleep(0.2)"
    process, _ = hold(database, "weihai", then=then)
    with pytest.raises(lock.Locked) as caught:
        lock.acquire(database, "weihai")
    assert caught.value.pid == process.pid


def test_one_process_cannot_take_it_twice(tmp_path):
    with lock.acquire(tmp_path / "news.db", "weihai") as held:
        with pytest.raises(lock.Locked):
            lock.acquire(tmp_path / "news.db", "weihai")
        held.release()
        held.release()
        lock.acquire(tmp_path / "news.db", "weihai").release()


def test_shared_locks_go_together_and_shut_an_exclusive_one_out(tmp_path, hold):
    database = tmp_path / "news.db"
    process, _ = hold(database, "database", "shared")
    with lock.acquire(database, "database", shared=True), pytest.raises(lock.Locked):
        lock.acquire(database, "database")
    # The file may say nobody now; the lock is held all the same.
    assert lock.holders(database)[0].held
    with pytest.raises(lock.Locked, match="database is being crawled by"):
        lock.acquire(database, "database")
    process.kill()
    process.wait()
    with lock.acquire(database, "database"), pytest.raises(lock.Locked):
        lock.acquire(database, "database", shared=True)


def test_looking_does_not_turn_a_crawl_away(tmp_path, monkeypatch):
    """`holders` locks each file for a moment; who starts just then waits that moment out."""
    monkeypatch.setattr(lock, "PAUSE", 1.0)
    look = lock.acquire(tmp_path / "news.db", "weihai")
    timer = threading.Timer(0.1, look.release)
    timer.start()
    with lock.acquire(tmp_path / "news.db", "weihai") as held:
        assert held.held
    timer.join()


def test_two_spellings_of_a_database_are_one(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    (tmp_path / "data" / "news.db").touch()
    (tmp_path / "alias.db").symlink_to(tmp_path / "data" / "news.db")
    monkeypatch.chdir(tmp_path)
    with lock.acquire(tmp_path / "data" / "news.db", "weihai"):
        for spelling in ("data/news.db", "data/../data/news.db", "link/news.db", "alias.db"):
            with pytest.raises(lock.Locked):
                lock.acquire(lock.Path(spelling), "weihai")
    assert lock.folder(lock.Path("alias.db")) == tmp_path / "data" / "news.db.locks"


@pytest.mark.parametrize("name", ["../../escaped", "威海", ".", "a/b", "x" * 200])
def test_a_name_cannot_leave_the_folder(tmp_path, name):
    database = tmp_path / "data" / "news.db"
    with lock.acquire(database, name) as held:
        assert held.path.parent == lock.folder(database)
        assert [holder.name for holder in lock.holders(database)] == [name]
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_what_cannot_be_locked_is_said(tmp_path):
    with pytest.raises(DatabaseProblem, match="in a file"):
        lock.acquire(lock.Path(":memory:"), "weihai")
    (tmp_path / "news.db.locks").write_text("in the way")
    with pytest.raises(DatabaseProblem, match="lock cannot be made"):
        lock.acquire(tmp_path / "news.db", "weihai")
    with pytest.raises(DatabaseProblem, match="lock cannot be made"):
        lock.acquire(tmp_path / "other.db", "x" * 300)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be another user for a moment")
def test_an_unwritable_folder_is_said_and_another_users_file_still_locks():
    program = """
import os, sys
from pathlib import Path
from newscrawl import lock
from newscrawl.store.writer import DatabaseProblem
os.setuid(65534)
with lock.acquire(Path(sys.argv[1]), "weihai"):
    try:
        lock.acquire(Path(sys.argv[1]), "weihai")
    except lock.Locked as error:
        print(error)
try:
    lock.acquire(Path(sys.argv[1]), "yantai")
except DatabaseProblem as error:
    print(error)
"""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        database = lock.Path(place) / "news.db"
        lock.acquire(database, "weihai").release()
        done = subprocess.run([sys.executable, "-c", program, database], capture_output=True, text=True)
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first == "weihai is being crawled by another process"
    assert "Permission denied" in second
    assert "--db" in second


def test_a_torn_file_is_no_obstacle(tmp_path):
    database = tmp_path / "news.db"
    lock.acquire(database, "weihai").release()
    path = lock.folder(database) / "weihai.lock"
    for text in ("", '{"pid": 1', "[]", "null", '{"pid": "x", "since": 4}', "\x00" * 20):
        path.write_text(text)
        assert lock.holders(database) == [lock.Holder("weihai", False, None, None)]
        with lock.acquire(database, "weihai"):
            assert json.loads(path.read_text())["pid"] == os.getpid()


def test_a_day_is_named_where_it_is_not_today():
    assert str(lock.Locked("weihai", 7, "2020-03-01T10:02:00+00:00")).startswith(
        "weihai is being crawled by process 7 since 2020-03-01 "
    )
    assert str(lock.Locked("weihai")) == "weihai is being crawled by another process"
    assert lock.said_since("yesterday") == ""
