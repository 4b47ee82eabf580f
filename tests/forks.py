"""``python -m newscrawl`` and its like at a tenth of their cost: in processes forked off one that has imported it all.

What runs is a process of its own as ever, with its own arguments, environment, folder, output and exit code, that signals reach
and that can be killed; only the second of imports is spared. Programs that may import something else than this copy of
newscrawl start afresh.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAMS = ("newscrawl", "scrapy", "sqlite_utils")
_starting = threading.Lock()
_NUMBER = struct.Struct("<i")


def run(arguments, *, program="newscrawl", script=False, env, cwd, timeout=100):
    """Run a program to its end; gives what `subprocess.run` gives, its output as text.

    ``script``: as its script in bin/ does, which has not the folder that it is run in to import from.
    """
    if program not in PROGRAMS or env["PYTHONPATH"].split(os.pathsep)[-1] != str(ROOT):
        command = [sys.executable, "-m", program, *map(str, arguments)]
        return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=timeout)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = Process(arguments, program=program, script=script, env=env, cwd=cwd, stdout=out, stderr=err)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        out.seek(0), err.seek(0)
        return subprocess.CompletedProcess([program, *arguments], process.returncode, out.read(), err.read())


class Process:
    """A program under way, to be handled as a `subprocess.Popen`; ``stdout`` and ``stderr`` are open files, its input is empty."""

    def __init__(self, arguments, *, program="newscrawl", script=False, env, cwd, stdout, stderr):
        self.args = [program, *map(str, arguments)]
        self.returncode = None
        first = Path(sys.executable).parent if script else cwd
        message = json.dumps([program, self.args[1:], env, str(cwd), str(first)]).encode()
        self._told, tell = os.pipe()
        try:
            with _starting:
                zygote = _zygote()
            socket.send_fds(zygote, [message], [stdout.fileno(), stderr.fileno(), tell])
        finally:
            os.close(tell)
        self.pid = self._next()

    def _next(self):
        told = os.read(self._told, _NUMBER.size)
        assert told, "the process that forks has ended"
        return _NUMBER.unpack(told)[0]

    def poll(self):
        """Its exit code (a signal's number below zero), or None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.returncode = self._next()
            os.close(self._told)
        return self.returncode

    def wait(self, timeout=None):
        """Wait for its exit code; raises ``subprocess.TimeoutExpired``."""
        if self.returncode is None and not select.select([self._told], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.poll()

    def send_signal(self, number):
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """End it."""
        self.send_signal(signal.SIGKILL)


@cache
def _zygote():
    """The connection to the process that forks, which ends with these tests."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCRAWL_", "SCRAPY_"))}
    # numpy's library would start a thread, and a process that forks should have none.
    variables |= {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    zygote = subprocess.Popen(
        [sys.executable, __file__, str(its.fileno())], env=variables, cwd=ROOT,
        pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    its.close()
    # Last in, first out: it ends once the connection is closed.
    atexit.register(zygote.wait)
    atexit.register(ours.close)
    return ours


# -- the process that forks


def _import_all():
    """What the commands import, and what Scrapy imports as it starts a crawl, down to its handlers and extensions."""
    from scrapy.settings import default_settings
    from scrapy.utils.misc import load_object

    from newscrawl import bigrams, cli, settings, sketch, spiders

    names = ["scrapy.cmdline", "newscrawl.readers", "newscrawl.store.clusters", "sqlite_utils.cli"]
    names += [f"newscrawl.cli.{place.partition('.')[0]}" for place, _ in cli.TABLE.values()]
    names += [module.name for module in pkgutil.walk_packages(spiders.__path__, "newscrawl.spiders.")]
    for name in names:
        importlib.import_module(name)
    for name in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS", "DOWNLOAD_HANDLERS", "ITEM_PIPELINES"):
        base, own = getattr(default_settings, f"{name}_BASE"), getattr(settings, name, {})
        for component in (*(base.values() if name == "DOWNLOAD_HANDLERS" else base), *own):
            if "." in str(component):
                load_object(component)
    assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared by processes"
    # Tables that are worked out once.
    bigrams.version(), sketch.sketch("威海港" * sketch.MIN_CHARACTERS)
    gc.collect()
    gc.freeze()


def _serve(connection):
    """Fork as asked, and tell each asker the process's number and then its exit code; returns the program in each child."""
    wake, waker = socket.socketpair()
    wake.setblocking(False), waker.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno())
    asked = {}
    while True:
        ready, _, _ = select.select([connection, wake], [], [])
        if wake in ready:
            wake.recv(4096)
            for pid in list(asked):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    _tell(asked[pid], os.waitstatus_to_exitcode(status))
                    os.close(asked.pop(pid))
        if connection not in ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 3)
        if not message:
            sys.exit()
        out, err, tell = descriptors
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (connection, wake, waker):
                end.close()
            for descriptor in (tell, *asked.values()):
                os.close(descriptor)
            return _become(*json.loads(message), out, err)
        asked[pid] = tell
        _tell(tell, pid)
        os.close(out), os.close(err)


def _tell(descriptor, number):
    # Whoever asked may have gone.
    with suppress(BrokenPipeError):
        os.write(descriptor, _NUMBER.pack(number))


def _become(program, arguments, variables, folder, first, out, err):
    """Take on what `python -m program arguments` would have been started with."""
    for descriptor, number in ((out, 1), (err, 2)):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    sys.argv = [program, *arguments]
    # This file's folder, and what PYTHONPATH said.
    sys.path[:2] = [first, *variables["PYTHONPATH"].split(os.pathsep)]
    return program


def _run(program):
    """Run a program and end as Python does, but for taking everything apart, which is a tenth of a second."""
    code = None
    try:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        code = leaving.code
    except Exception:
        traceback.print_exc()
        code = 1
    if not isinstance(code, int | None):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush(), sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    _import_all()
    _run(_serve(socket.socket(fileno=int(sys.argv[1]))))
