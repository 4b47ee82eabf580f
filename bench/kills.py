"""Kills a crawl at random moments, runs it again, and compares what is stored with an undisturbed run.

    python bench/kills.py [--kills 100] [--articles 600] [--jobs 2]

Each kill is SIGKILL to the crawl and the processes it started, on a database of its own; then ``newscrawl crawl`` runs once
more, to its end. Compared are articles with all fields, their addresses, bylines, images, blocks and links (with where they
lead), and the ledger: the killed run closed as killed. ``PRAGMA integrity_check`` must say ok right after the kill.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import incremental

ROWS = {
    "articles": "SELECT url, site, title, kicker, subtitle, published_at, source, channel, body_text, body_html, lead, keywords, content_hash, "
    "state_hash, flags, provenance FROM articles",
    "addresses": "SELECT u.key, a.url, u.reason FROM article_urls u JOIN articles a ON a.id = u.article_id",
    "bylines": "SELECT a.url, b.role, b.position, b.name, b.label FROM bylines b JOIN articles a ON a.id = b.article_id",
    "images": "SELECT a.url, i.position, i.url, i.caption FROM images i JOIN articles a ON a.id = i.article_id",
    "blocks": "SELECT a.url, b.position, b.kind, b.heading, b.links FROM article_blocks b JOIN articles a ON a.id = b.article_id",
    "links": "SELECT a.url, l.kind, l.block, l.position, l.title, l.url, l.summary, l.published_at, t.url, l.gone_at FROM article_links l "
    "JOIN articles a ON a.id = l.article_id LEFT JOIN articles t ON t.id = l.target_id",
    "revisions": "SELECT a.url, r.number, r.changed, r.summary FROM revisions r JOIN articles a ON a.id = r.article_id",
    "reprints": "SELECT a.url, o.url FROM cluster_members m JOIN articles a ON a.id = m.article_id JOIN clusters c ON c.id = m.cluster_id "
    "JOIN articles o ON o.id = c.origin_id",
    "waiting": "SELECT key FROM pages WHERE verdict = 'pending'",
}


def rows(database: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """All that must be the same, however the crawl came to its end."""
    with closing(sqlite3.connect(database)) as connection:
        return {name: Counter(connection.execute(sql).fetchall()) for name, sql in ROWS.items()}


def start(folder: Path, port: int, database: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ, "http_proxy": f"http://127.0.0.1:{port}", "no_proxy": "", "PYTHONPATH": str(folder), "NEWSCRAWL_DB": str(database),
        "SCRAPY_SETTINGS_MODULE": "bench_settings", "NEWSCRAWL_CONTACT": "bench@example.cn",
    }  # fmt: skip
    command = [sys.executable, "-m", "newscrawl", "crawl", "example", "--delay", "0", "--concurrency", "16"]
    return subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def kill_once(number: int, folder: Path, port: int, longest: float, whole: dict[str, Counter[tuple[Any, ...]]]) -> dict[str, Any]:
    """One kill and its rerun; what differs from the undisturbed run."""
    database = folder / f"kill-{number}.db"
    moment = random.Random(number).uniform(0.3, longest)
    process = start(folder, port, database)
    time.sleep(moment)
    with_result = process.poll() is not None
    os.killpg(process.pid, signal.SIGKILL) if not with_result else None
    process.communicate()
    stored, checked = 0, "ok"
    if database.exists():
        with closing(sqlite3.connect(database)) as connection:
            checked = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'articles'").fetchone()[0]:
                stored = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    rerun = start(folder, port, database)
    _, errors = rerun.communicate(timeout=300)
    found = rows(database)
    differing = {
        name: [len(list((whole[name] - found[name]).elements())), len(list((found[name] - whole[name]).elements()))]
        for name in ROWS
        if whole[name] != found[name]
    }
    with closing(sqlite3.connect(database)) as connection:
        ended = connection.execute("SELECT reason, finished_at IS NOT NULL FROM runs ORDER BY id").fetchall()
    for leftover in folder.glob(f"kill-{number}.db*"):
        if leftover.is_file():
            leftover.unlink()
    return {
        "moment": moment, "stored": stored, "check": checked, "exit": rerun.returncode, "differing": differing, "runs": ended,
        "errors": errors.decode(), "early": with_result,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    served = ["--serve", "--known", str(options.articles), "--new", "2", "--channels", "4", "--size", "6000"]
    server = subprocess.Popen([sys.executable, incremental.__file__, *served], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        port = json.loads(server.stdout.readline())["port"]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            incremental.make_site(folder, 4)
            begun = time.monotonic()
            process = start(folder, port, folder / "whole.db")
            _, errors = process.communicate()
            took = time.monotonic() - begun
            if process.returncode:
                raise SystemExit(f"the undisturbed crawl ended with {process.returncode}: {errors.decode()}")
            whole = rows(folder / "whole.db")
            print(
                f"undisturbed: exit {process.returncode}, {took:.1f} s, {sum(whole['articles'].values())} articles, "
                f"{sum(whole['links'].values())} links{', ' + errors.decode().strip() if errors else ''}"
            )
            longest = took * (1 if options.jobs == 1 else 1.4)
            with ThreadPoolExecutor(options.jobs) as pool:
                done = list(pool.map(lambda n: kill_once(n, folder, port, longest, whole), range(options.kills)))
    finally:
        server.kill()
    killed = [result for result in done if not result["early"]]
    print(f"kills: {len(killed)} of a running crawl, {len(done) - len(killed)} came after its end")
    print(f"stored at the kill: {min(r['stored'] for r in killed)} to {max(r['stored'] for r in killed)} articles")
    print(f"integrity_check ok right after the kill: {sum(r['check'] == 'ok' for r in done)} of {len(done)}")
    print(f"rerun ended with 0: {sum(r['exit'] == 0 for r in done)} of {len(done)}")
    print(f"the same as undisturbed: {sum(not r['differing'] for r in done)} of {len(done)}")
    closed = [r for r in killed if all(ended for _, ended in r["runs"])]
    print(
        f"every run closed in the ledger: {len(closed)} of {len(killed)}, as killed: {sum(r['runs'][0][0] == 'killed' for r in killed)}"
    )
    for result in done:
        if result["differing"] or result["exit"] or result["check"] != "ok" or result["errors"]:
            print(f"  killed after {result['moment']:.2f} s: {result}")


if __name__ == "__main__":
    main()
