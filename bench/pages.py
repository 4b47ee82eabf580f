"""How fast each page of the web site is.

    python bench/pages.py [--db FILE] [--articles 100000] [--links 1000000] [--times 12] [--seed 7]

Without ``--db`` a database of invented news is made by ``bench/make_db.py``, indexed, and thrown away. `newscrawl serve` runs on it as a
process of its own; pages are asked for over one kept connection, each kind at addresses that chance draws from the database (the
most linked articles, the biggest stories and sites among them). Milliseconds from request to last byte; ``first`` is the first
request of a kind, with its template not compiled yet and what it reads not in SQLite's cache.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

import httpx  # noqa: E402

from newscrawl.store import queries, search  # noqa: E402
from newscrawl.store.writer import connect  # noqa: E402

HERE = Path(__file__).resolve().parent
BAR, ARTICLE_BAR = 300.0, 100.0
"""Milliseconds that a page may take, and that an article may."""


@contextmanager
def served(path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--db", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line
            yield found[0].rstrip("/")
        finally:
            process.terminate()


def addresses(path: Path, times: int, chance: random.Random) -> dict[str, list[str]]:
    """For each kind of page, what to ask for."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:

        def column(sql: str) -> list[str]:
            return [str(value) for (value,) in connection.execute(sql)]

        def drawn(values: Sequence[str]) -> list[str]:
            return chance.sample(values, min(times, len(values))) if values else []

        articles = column("SELECT id FROM articles")
        linked = column(
            "SELECT target_id FROM article_links WHERE target_id IS NOT NULL GROUP BY target_id ORDER BY count(*) DESC LIMIT 12"
        )
        revised = column("SELECT article_id FROM revisions GROUP BY article_id ORDER BY count(*) DESC LIMIT 40")
        stories = column("SELECT id FROM clusters ORDER BY articles DESC LIMIT 12") + drawn(column("SELECT id FROM clusters"))
        pairs = column(
            "SELECT m.article_id || '/against/' || c.origin_id FROM cluster_members m JOIN clusters c ON c.id = m.cluster_id "
            "WHERE m.article_id <> c.origin_id"
        )
        sites = column("SELECT site FROM articles GROUP BY site ORDER BY count(*) DESC LIMIT 6") + drawn(
            column("SELECT name FROM sites")
        )
        regions = column("SELECT region FROM articles WHERE region IS NOT NULL GROUP BY region ORDER BY count(*) DESC")
        sources = column("SELECT source FROM sources LIMIT 6") + drawn(column("SELECT source FROM sources"))
        people = column("SELECT DISTINCT name FROM (SELECT name FROM people LIMIT 12)") + drawn(
            column("SELECT DISTINCT name FROM people")
        )
        days = drawn(column("SELECT DISTINCT substr(published_at, 1, 10) FROM articles WHERE published_at IS NOT NULL"))
        titles = drawn(column("SELECT title FROM articles WHERE length(title) > 8"))
        views = column("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")
    words = [title[at : at + size] for title in titles for at, size in [(chance.randrange(len(title) - 3), chance.randint(1, 4))]]

    def named(kind: str, names: Sequence[str]) -> list[str]:
        return [f"/{kind}/{quote(name, safe='')}" for name in names]

    return {
        "front page": ["/"] * 3,
        "front page of a region": ["/?" + urlencode({"region": region}) for region in regions[:times]],
        "front page of a day": [f"/?day={day}" for day in days],
        "search": ["/search?" + urlencode({"q": word}) for word in words],
        "search for 的": ["/search?q=%E7%9A%84"] * 3,
        "search without words": ["/search"] * 3 + [f"/search?since={day}&until={day}" for day in days],
        "article": [f"/article/{number}" for number in drawn(articles)],
        "article, most linked": [f"/article/{number}" for number in linked],
        "who links an article": [f"/article/{number}/linked" for number in linked],
        "revisions": [f"/article/{number}/revisions" for number in drawn(revised)],
        "differences of a reprint": [f"/article/{pair}" for pair in drawn(pairs)],
        "as it came": [f"/article/{number}/raw" for number in drawn(articles)],
        "graph": [f"/graph/{number}" for number in [*drawn(articles), *linked]],
        "graph, two steps": [f"/graph/{number}?depth=2" for number in linked],
        "stories": ["/stories"] * 3 + ["/stories?" + urlencode({"region": region}) for region in regions[:4]],
        "story": [f"/story/{number}" for number in stories],
        "sites": ["/sites"] * 3,
        "site": named("site", sites),
        "coverage": ["/coverage"] * 3 + [f"/coverage?month={day[:7]}" for day in days],
        "coverage of a site": named("coverage", sites),
        "charts": ["/charts"] * 3,
        "sources": ["/sources"] * 3,
        "source": named("source", sources),
        "people": ["/people"] * 3 + ["/people?role=editor"],
        "person": named("person", people),
        "tables and SQL": ["/newscrawl"] * 3,
        "table articles": ["/newscrawl/articles"] * 3,
        "table article_links": ["/newscrawl/article_links"] * 3,
        **{f"view {view}": [f"/newscrawl/{view}"] * 3 for view in views},
        **{f"query {name}": [f"/newscrawl/{name}"] * 3 for name, query in queries.queries(path).items() if not query.params},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", type=Path, help="a database that is there")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=12, help="addresses of each kind")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.db or Path(folder) / "news.db"
        if asked.db is None:
            size = ["--articles", str(asked.articles), "--links", str(asked.links)]
            subprocess.run([sys.executable, HERE / "make_db.py", path, *size], check=True)
        with closing(connect(path)) as connection:
            for _ in search.index(connection):
                pass
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "article_links")
            ]
        print(f"{counts[0]:,} articles, {counts[1]:,} links\n")
        print(f"{'page':<34} {'median':>8} {'most':>8} {'first':>8}  {'kB':>6}")
        late = []
        with served(path) as base, httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
            client.get("/-/versions.json")
            for kind, wanted in addresses(path, asked.times, random.Random(asked.seed)).items():
                taken, size = [], 0
                for address in wanted:
                    begun = time.perf_counter()
                    answer = client.get(address)
                    taken.append((time.perf_counter() - begun) * 1000)
                    size = max(size, len(answer.content))
                    if answer.status_code != 200:
                        late.append(f"{address}: {answer.status_code}")
                if not taken:
                    continue
                bar = ARTICLE_BAR if kind.startswith("article") else BAR
                if statistics.median(taken) > bar:
                    late.append(f"{kind}: over {bar:.0f} ms")
                print(f"{kind:<34} {statistics.median(taken):8.0f} {max(taken):8.0f} {taken[0]:8.0f}  {size / 1000:6.0f}")
        print(
            "\nnot well: " + "; ".join(late)
            if late
            else f"\nall under {BAR:.0f} ms, articles under {ARTICLE_BAR:.0f} ms, by their medians"
        )


if __name__ == "__main__":
    main()
