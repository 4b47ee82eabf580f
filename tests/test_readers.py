"""Reading in processes of its own: the same answers, in any number, and no page lost when a process dies."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from newscrawl import readers, samplesite
from newscrawl.items import Article
from newscrawl.readers import Job, Readers
from newscrawl.spiders.dzwww import Dzwww

RULES = Dzwww.edition("weihai").site_rules()
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def jobs():
    articles = [article for article in samplesite.SampleSite().articles if article.host == "weihai.dzwww.com"]
    render = {"2016": samplesite.render_2016, "2018": samplesite.render_2018}
    return [Job(render[article.layout](article), article.url, None, NOW, {}) for article in articles]


def run(workers, jobs, kill_after=None):
    async def main():
        pool = Readers.shared(workers)
        try:
            first = [await pool.read(job, RULES) for job in jobs[: readers.SAMPLE + 1]]
            tasks = [asyncio.create_task(pool.read(job, RULES)) for job in jobs[readers.SAMPLE + 1 :]]
            if kill_after is not None:
                await asyncio.sleep(0)
                for worker in list(pool._workers):
                    os.kill(worker._process.pid, signal.SIGKILL)
            return first + await asyncio.gather(*tasks), len(pool._workers)
        finally:
            pool.close()

    return asyncio.run(main())


def test_the_same_answers_here_and_elsewhere(jobs, monkeypatch):
    monkeypatch.setattr(readers, "FAST", 0.1)
    here, none = run(0, jobs)
    elsewhere, some = run(2, jobs)
    assert (none, some) == (0, 2)
    assert here == elsewhere
    assert all(isinstance(item, Article) for item in here)


def test_a_slow_crawl_reads_in_place(jobs, monkeypatch):
    monkeypatch.setattr(readers, "FAST", 1e9)
    assert run(2, jobs)[1] == 0


def test_a_killed_process_loses_no_page(jobs, monkeypatch):
    monkeypatch.setattr(readers, "FAST", 0.1)
    items, left = run(1, jobs, kill_after=1)
    assert left == 0
    assert [item.url for item in items] == [job.url for job in jobs]


def test_no_process_outlives_a_killed_crawl():
    code = """
import asyncio, sys
from newscrawl.readers import _Worker
async def main():
    worker = await _Worker.start()
    print(worker._process.pid, flush=True)
    await asyncio.sleep(100)
asyncio.run(main())
"""
    crawl = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with crawl:
        assert crawl.stdout is not None
        worker = int(crawl.stdout.readline())
        time.sleep(0.5)
        crawl.kill()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and alive(worker):
        time.sleep(0.05)
    assert not alive(worker)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
