"""How well full-text search finds, and how fast, against a plain scan of the same texts.

    python bench/search.py [--articles 20000 100000] [--queries 200] [--seed 7] [--db FILE …] [--keep FOLDER]

Databases of invented news come from ``bench/make_db.py``; ``--db`` names some that are there instead, ``--keep`` a folder in which they
are kept for the next time. Queries are one to eight characters long, as many of each length, cut out of titles and bodies wherever
chance puts the knife: Han alone, and mixed with Latin words, numbers and punctuation.

The scan knows nothing of tokens. It makes both sides plain (small letters, full width as ASCII, traditional as simplified characters)
and looks for the query in every text as it stands: Han anywhere, a word or number only whole, and where Han, words, numbers or
punctuation meet in the query, any punctuation or none may stand in the text (between two of a kind, some must).

The first table: recall and precision of all matches, and seconds of ``newscrawl.store.search.find`` with 20 hits, snippets included, on
a connection of its own: the first time and again. The second: the commonest words, and limits by site and day. The third: what
indexing costs.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

from opencc import OpenCC  # noqa: E402

from newscrawl import bigrams  # noqa: E402
from newscrawl.store import search  # noqa: E402
from newscrawl.store.writer import connect  # noqa: E402

HERE = Path(__file__).resolve().parent
LINKS = 10
LONGEST = 8
TARGETS = {20_000: 5.0, 100_000: 20.0}
"""Milliseconds that the middle query may take."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff〇々"
PARTS = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")

Text = tuple[int, str, str]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        yield connection


# -- the scan


class Scan:
    """All texts in memory, made plain, and looked through from the first to the last."""

    def __init__(self, texts: Sequence[Text]) -> None:
        converter = OpenCC("t2s")
        self._table: dict[int, str] = {}
        for char in {char for _, *both in texts for text in both for char in text}:
            wide = unicodedata.normalize("NFKC", char)
            small = (wide if len(wide) == 1 else char).lower()
            self._table[ord(char)] = converter.convert(small if len(small) == 1 else char)
        self.texts: list[Text] = [
            (number, title.translate(self._table), body.translate(self._table)) for number, title, body in texts
        ]

    def find(self, query: str) -> set[int]:
        runs = PARTS.findall(query.translate(self._table))
        longest = max(runs, key=len)
        pattern = None if len(runs) == 1 and re.match(f"[{HAN}]", longest) else self._pattern(runs)
        return {
            number
            for number, *both in self.texts
            for text in both
            if longest in text and (pattern is None or pattern.search(text))
        }

    @staticmethod
    def _pattern(runs: Sequence[str]) -> re.Pattern[str]:
        out, before = "", ""
        for run in runs:
            kind = "han" if re.match(f"[{HAN}]", run) else "word"
            out += r"[\W_]+" if kind == before else r"[\W_]*" if before else ""
            out += re.escape(run) if kind == "han" else rf"(?<![^\W_{HAN}]){re.escape(run)}(?![^\W_{HAN}])"
            before = kind
        return re.compile(out)


def draw_queries(texts: Sequence[Text], count: int, seed: int) -> list[str]:
    """Parts of texts, as many of each length, without what a query means by itself (blanks, quotes, parentheses, stars, hyphens)."""
    draw = random.Random(seed)
    out: list[str] = []
    while len(out) < count:
        length = 1 + len(out) % LONGEST
        # One in four from a title.
        _, title, body = draw.choice(texts)
        text = title if draw.random() < 0.25 else body
        start = draw.randrange(max(1, len(text) - length))
        query = text[start : start + length]
        if len(query) == length and PARTS.search(query) and not re.search(r"[\s\"“”「」『』《》＂〝()（）*＊－-]", query):
            out.append(query)
    return out


def kind_of(query: str) -> str:
    parts = PARTS.findall(query)
    if "".join(parts) != query:
        return "with punctuation"
    kinds = {bool(re.match(f"[{HAN}]", part)) for part in parts}
    return "mixed" if len(kinds) == 2 else "Han" if True in kinds else "a word or number"


# -- measuring


def milliseconds(connection: sqlite3.Connection, query: str, **how: Any) -> tuple[float, search.Found]:
    started = time.perf_counter()
    found = search.find(connection, query, **how)
    return 1000 * (time.perf_counter() - started), found


def quality(path: Path, count: int, seed: int) -> bool:
    """Recall, precision and times of one database; whether they are as they must be."""
    with opened(path) as connection:
        texts = connection.execute(
            "SELECT id, coalesce(kicker || char(10), '') || title || coalesce(char(10) || subtitle, ''), body_text FROM articles"
        ).fetchall()
    queries = draw_queries(texts, count, seed)
    scan = Scan(texts)
    bigrams.version()
    true = right = given = 0
    wrong = []
    scanned, first, again = [], [], []
    with opened(path) as connection:
        first = [milliseconds(connection, query)[0] for query in queries]
        for query in queries:
            again.append(milliseconds(connection, query)[0])
            matched = {
                number
                for (number,) in connection.execute(
                    "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", (bigrams.parse(query).expression,)
                )
            }
            started = time.perf_counter()
            expected = scan.find(query)
            scanned.append(1000 * (time.perf_counter() - started))
            true, given, right = true + len(expected), given + len(matched), right + len(expected & matched)
            if expected != matched:
                wrong.append((query, sorted(expected ^ matched)[:3]))
    kinds = {
        kind: sum(kind_of(query) == kind for query in queries)
        for kind in ("Han", "mixed", "a word or number", "with punctuation")
    }
    print(f"\n{len(texts):,} articles; {len(queries)} queries: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()))
    recall, precision = right / true if true else 1.0, right / given if given else 1.0
    print(f"  recall {recall:.4f}, precision {precision:.4f} ({true:,} matches)")
    for query, numbers in wrong[:10]:
        print(f"    differs: {query!r} in articles {numbers}")
    print(f"  {'':<12}{'median':>10}{'p95':>10}{'max':>10}   ms")
    for name, values in (("first time", first), ("again", again), ("scan", scanned)):
        values = sorted(values)
        print(f"  {name:<12}{statistics.median(values):>10.2f}{values[int(len(values) * 0.95)]:>10.2f}{values[-1]:>10.2f}")
    target = next((most for size, most in sorted(TARGETS.items()) if len(texts) <= size), None)
    return not wrong and (target is None or statistics.median(again) < target)


def common(path: Path) -> None:
    """The commonest words of a database, and what limits cost."""
    with opened(path) as connection:
        total = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        site, of_it = connection.execute("SELECT site, count(*) FROM articles GROUP BY site ORDER BY 2 DESC LIMIT 1").fetchone()
        latest = date.fromisoformat(connection.execute("SELECT substr(max(published_at), 1, 10) FROM articles").fetchone()[0])
        source = connection.execute(
            "SELECT source FROM articles GROUP BY source ORDER BY count(*) DESC LIMIT 1 OFFSET 5"
        ).fetchone()[0]
        cases: list[tuple[str, dict[str, Any]]] = [
            (query, {}) for query in ("的", "记者", "的 是 了", "的 OR 一", "记者 NOT 居民", "title:市")
        ]
        limits: list[dict[str, Any]] = [
            {"sites": [site]}, {"source": source}, {"since": latest - timedelta(days=7)}, {"since": latest - timedelta(days=365)},
            {"newest": True}, {"newest": True, "sites": [site]}, {"offset": 2000},
        ]  # fmt: skip
        cases += [("记者", how) for how in limits]
        print(f"\n{total:,} articles; {site} has {of_it:,}")
        print(f"  {'query':<14}{'matches':>10}{'first':>10}{'again':>10}   ms")
        for query, how in cases:
            once, _ = milliseconds(connection, query, **how)
            again, found = min((milliseconds(connection, query, **how) for _ in range(3)), key=lambda pair: pair[0])
            told = ", ".join(f"{name}={value[0] if isinstance(value, list) else value}" for name, value in how.items())
            width = 14 - sum(unicodedata.east_asian_width(char) in "WF" for char in query)
            print(f"  {query:<{width}}{found.total:>10,}{once:>10.1f}{again:>10.1f}   {told}")


def cost(path: Path, folder: Path) -> None:
    """What indexing costs, on a copy."""
    copy = folder / "indexed.db"
    shutil.copyfile(path, copy)
    with closing(connect(copy)) as connection:
        articles, characters = connection.execute("SELECT count(*), avg(characters) FROM articles").fetchone()
        connection.execute("UPDATE settings SET value = '0' WHERE name = 'search'")
        pause, search.PAUSE = search.PAUSE, 0
        wall, cpu, worst = time.perf_counter(), time.process_time(), 0.0
        began = wall
        for _ in search.index(connection, renew=True):
            now = time.perf_counter()
            worst, began = max(worst, now - began), now
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        search.PAUSE = pause
        size = connection.execute("SELECT sum(length(block)) FROM articles_fts_data").fetchone()[0]
        size += connection.execute("SELECT sum(length(sz)) FROM articles_fts_docsize").fetchone()[0]
    copy.unlink()
    print(
        f"\nindexing {articles:,} articles of {characters:.0f} characters: {1000 * wall / articles:.2f} ms each ({1000 * cpu / articles:.2f} of CPU), "
        f"{size / articles / 1000:.1f} kB each; longest transaction {worst:.2f} s"
    )


def make(folder: Path, articles: int) -> Path:
    path = folder / f"news{articles}.db"
    if not path.exists():
        print(f"making {path} …", flush=True)
        command = [sys.executable, HERE / "make_db.py", path, "--articles", articles, "--links", LINKS * articles]
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=list(TARGETS))
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--db", type=Path, nargs="+", help="databases that are there, instead of new ones")
    parser.add_argument("--keep", type=Path, help="a folder in which the databases made are kept")
    options = parser.parse_args()
    well = True
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        paths = options.db or [make(folder, articles) for articles in options.articles]
        for path in paths:
            well &= quality(path, options.queries, options.seed)
        common(paths[-1])
        cost(paths[0], Path(temporary))
    print("\nall as it must be" if well else "\nNOT as it must be")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
