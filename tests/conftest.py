"""What several tests need: the sample site on loopback, and crawls as a user starts them."""

import importlib.util
import os
import sys
from pathlib import Path

import forks
import hypothesis
import pytest

from newscrawl import samplesite
from newscrawl.store.writer import Store

# Each crawl of the sample is fast enough to start a reading process, which takes longer than the pages do; tests of readers ask for them.
os.environ.setdefault("NEWSCRAWL_READERS", "0")

# No timing is a verdict: other tests run beside.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
SHELF = ROOT.parent / "shared"
"""Real pages to measure against, beside the project where there are any; never part of it."""


@pytest.fixture
def sample():
    """The sample site, fresh, and where it is served."""
    site = samplesite.SampleSite()
    with samplesite.running(site) as base:
        yield site, base


def runner(folder):
    """Runs a command of newscrawl in a folder; ``proxy`` is where the crawl goes instead of the web."""

    def run(*arguments, proxy=None, program="newscrawl", check=None, timeout=100, cwd=None, **environment):
        variables = {**os.environ, "no_proxy": "", "NO_PROXY": "", "NEWSCRAWL_DB": str(folder / "news.db"), **environment}
        variables["PYTHONPATH"] = str(ROOT)
        # Nothing may leave the machine: without a proxy of the test's own, requests go to a closed port.
        for name in ("http_proxy", "https_proxy"):
            variables[name] = proxy or "http://127.0.0.1:9"
        done = forks.run(arguments, program=program, env=variables, cwd=cwd or folder, timeout=timeout)
        if check is not None:
            assert done.returncode == check, f"{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture
def run_newscrawl(tmp_path):
    """Runs a command of newscrawl in a folder of its own."""
    return runner(tmp_path)


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory):
    """The sample's two cities, crawled once a session: 75 articles, with their archive beside them. Copy what a test changes."""
    folder = tmp_path_factory.mktemp("sample")
    with samplesite.running(samplesite.SampleSite()) as base:
        variables = {
            **os.environ,
            "http_proxy": base,
            "https_proxy": base,
            "no_proxy": "",
            "NO_PROXY": "",
            "PYTHONPATH": str(ROOT),
        }
        words = ["crawl", "weihai", "yantai", "--delay", 0, "--db", folder / "news.db"]
        done = forks.run(words, env=variables, cwd=folder)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return folder / "news.db"


@pytest.fixture
def shelf():
    """The folder of real labelled pages; skips where it is not."""
    if not (SHELF / "corpus" / "articles" / "gold.jsonl").exists():
        pytest.skip("no labelled pages beside the project (../shared/corpus)")
    return SHELF


def load_bench(name):
    """A benchmark as a module, for what it generates; the path is left as it was."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "bench" / f"{name}.py")
    before = list(sys.path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def damage(database):
    """Overwrite the beginnings of forty pages of a database that holds enough."""
    with Store(database) as store:
        # The pages that there are hold the schema, without which nothing opens it.
        (first,) = store.connection.execute("PRAGMA page_count").fetchone()
        for n in range(300):
            store.set(f"name{n}", "x" * 3000)
    data = bytearray(database.read_bytes())
    for page in range(first + 20, first + 60):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    database.write_bytes(data)
