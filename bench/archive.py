"""What archiving costs: a crawl with it and without, side by side, and a record by the way it is packed.

    python bench/archive.py [--pages 2000] [--rounds 3] [--size 60000]

Crawls as in bench/crawl.py: a server process on loopback serves the pages, the real spider crawls them into a fresh database with 16
requests under way and no delay, each crawl in a process of its own, in turn, round after round: pages served gzipped and plain, archive
off and on. CPU is that of the crawl and of its readers. Then `newscrawl reparse` over one such archive, by one process and by two. Printed are medians, and ratios within each round, which hold when the machine's
speed drifts. Then the writer alone: an answer with its request, by how its body comes and how it is packed.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != HERE.parent]

WAYS = ("off", "pages")
FORMS = ("gzipped", "plain")


def crawl_bench() -> Any:
    """bench/crawl.py, whose pages, server and crawl these are."""
    spec = importlib.util.spec_from_file_location("crawl_bench", HERE.with_name("crawl.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["crawl_bench"] = module
    spec.loader.exec_module(module)
    return module


# -- a crawl


class Plain:
    """In the place of gzip, where pages are served as they are."""

    @staticmethod
    def compress(body: bytes, _: int) -> bytes:
        return body


class Uncoded(dict[bytes, bytes]):
    """Answers that do not say that they are gzipped."""

    def __setitem__(self, path: bytes, answer: bytes) -> None:
        super().__setitem__(path, answer.replace(b"Content-Encoding: gzip\r\n", b"", 1))


def serve(count: int, size: int, form: str) -> None:
    """Serve until killed."""
    bench = crawl_bench()
    if form == "plain":
        bench.gzip = Plain
        bench.Server.answers = Uncoded()
    bench.serve(count, size)


def crawl(database: Path) -> dict[str, Any]:
    """One crawl in this process, with the CPU of the readers too."""
    found: dict[str, Any] = crawl_bench().contend("newscrawl", [], database)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["readers"] = children.ru_utime + children.ru_stime
    return found


def crawls(pages: int, size: int, rounds: int) -> None:
    """Crawl round after round, and print the table."""
    here = [sys.executable, str(HERE)]
    print(f"{pages} pages of {size:,} bytes on loopback, {rounds} rounds, medians; CPU of crawl and readers")
    print(f"{'served':10}{'archive':9}{'pages/s':>9}{'x off':>8}{'CPU ms/page':>13}{'x off':>8}{'archived bytes/page':>21}")
    for form in FORMS:
        server = subprocess.Popen(
            [*here, "--serve", form, "--pages", str(pages), "--size", str(size)], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        results: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        try:
            port = json.loads(server.stdout.readline())["port"]
            with tempfile.TemporaryDirectory() as name:
                for round_ in range(rounds):
                    # In turn the first: whoever comes second finds the machine warm.
                    for way in WAYS if round_ % 2 else WAYS[::-1]:
                        folder = Path(name) / f"{way}-{round_}"
                        folder.mkdir()
                        environment = {
                            **os.environ, "http_proxy": f"http://127.0.0.1:{port}", "no_proxy": "",
                            "NEWSCRAWL_ARCHIVE": way, "NEWSCRAWL_ARCHIVE_DIR": str(folder / "archive"),
                        }  # fmt: skip
                        command = [*here, "--run", str(folder / "news.db")]
                        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
                        found = json.loads(done.stdout.splitlines()[-1])
                        found["bytes"] = sum(path.stat().st_size for path in folder.rglob("*.warc.gz"))
                        results[way].append(found)
        finally:
            server.kill()
            server.wait()
        speeds = {way: [r["pages"] / r["wall"] for r in rounds_] for way, rounds_ in results.items()}
        cpus = {way: [1000 * (r["cpu"] + r["readers"]) / r["pages"] for r in rounds_] for way, rounds_ in results.items()}
        for way in WAYS:
            ratios = [
                statistics.median(mine / base for mine, base in zip(table[way], table["off"], strict=True))
                for table in (speeds, cpus)
            ]
            size_ = statistics.median(r["bytes"] / r["pages"] for r in results[way])
            print(
                f"{form:10}{way:9}{statistics.median(speeds[way]):9.0f}{ratios[0]:8.2f}{statistics.median(cpus[way]):13.2f}{ratios[1]:8.2f}{size_:21,.0f}"
            )


# -- the archive read again


def readings(pages: int, size: int, rounds: int) -> None:
    """Crawl once, then read its archive again and again by one process and by two: compared with the database, and into an empty one."""
    here = [sys.executable, str(HERE)]
    server = subprocess.Popen(
        [*here, "--serve", "gzipped", "--pages", str(pages), "--size", str(size)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    ways = {
        "compared (--dry-run)": ("--dry-run",),
        "into an empty database": (),
    }
    seconds: dict[tuple[str, int], list[float]] = {(name, jobs): [] for name in ways for jobs in (1, 2)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            **os.environ,
            "no_proxy": "",
            "NEWSCRAWL_ARCHIVE": "pages",
            "NEWSCRAWL_ARCHIVE_DIR": str(folder / "archive"),
        }
        try:
            port = json.loads(server.stdout.readline())["port"]
            crawled = {**environment, "http_proxy": f"http://127.0.0.1:{port}"}
            subprocess.run([*here, "--run", str(folder / "news.db")], env=crawled, stdout=subprocess.DEVNULL, check=True)
        finally:
            server.kill()
            server.wait()
        for round_ in range(rounds):
            for jobs in (1, 2) if round_ % 2 else (2, 1):
                for way, options in ways.items():
                    database = folder / ("news.db" if options else f"new-{round_}-{jobs}.db")
                    command = [sys.executable, "-m", "newscrawl", "reparse", *options, "--jobs", str(jobs), "--db", str(database)]
                    started = time.monotonic()
                    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True, cwd=HERE.parent.parent)
                    seconds[way, jobs].append(time.monotonic() - started)
    print(
        f"\n{pages} archived pages of {size:,} bytes read again, {rounds} rounds, medians; start and end of the process included"
    )
    print(f"{'':26}{'1 job, s':>10}{'ms/page':>9}{'2 jobs, s':>11}{'1 job x 2 jobs':>16}")
    for way in ways:
        one, two = seconds[way, 1], seconds[way, 2]
        ratio = statistics.median(a / b for a, b in zip(one, two, strict=True))
        first = statistics.median(one)
        print(f"{way:26}{first:10.2f}{1000 * first / pages:9.2f}{statistics.median(two):11.2f}{ratio:16.2f}")


# -- a record


class Level:
    """A deflater of one level in the place of the writer's own."""

    def __init__(self, module: Any, level: int) -> None:
        self.module, self.level = module, level

    def compressobj(self, _: int, method: int, wbits: int) -> Any:
        return self.module.compressobj(self.level, method, wbits)


def packers() -> dict[str, tuple[Any, bool]]:
    """Ways to pack: a deflater, and whether what is packed already is stored."""
    from newscrawl import warc

    ways: dict[str, tuple[Any, bool]] = {"as newscrawl does": (warc.deflater, True)}
    ways |= {f"zlib {level}": (Level(zlib, level), False) for level in (0, 1, 3, 6, 9)}
    try:
        from isal import isal_zlib
    except ImportError:
        return ways
    return ways | {f"isal {level}": (Level(isal_zlib, level), False) for level in (0, 1, 2, 3)}


def by_warcio(url: str, headers: list[tuple[str, str]], body: bytes, out: io.BytesIO) -> None:
    """An answer and its request as warcio builds and packs them."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    asked = StatusAndHeaders("/ HTTP/1.1", [("User-Agent", "newscrawl"), ("Host", "a.cn")], protocol="GET", is_http_request=False)
    answered = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    answer = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=answered)
    request = writer.create_warc_record(url, "request", http_headers=asked)
    writer.write_request_response_pair(request, answer)


def records(size: int, rounds: int) -> None:
    """Print what a record costs."""
    from newscrawl import warc

    pages = [body for path, body in crawl_bench().make_pages(60, size).items() if "/t2017" in path]
    kept = warc.deflater, warc._is_packed
    print(f"\nthe writer alone: an answer of {size:,} bytes with its request, best of {rounds} rounds; CPU µs and bytes a record")
    print(f"{'':20}{'gzipped µs':>12}{'bytes':>9}{'plain µs':>12}{'bytes':>9}")
    forms = [
        ([gzip.compress(page, 6) for page in pages], [("Content-Encoding", "gzip")]),
        (pages, []),
    ]

    def timed(write: Callable[[bytes, list[tuple[str, str]]], int]) -> str:
        cells = []
        for bodies, coding in forms:
            headers = [("Server", "nginx"), ("Content-Type", "text/html; charset=utf-8"), ("ETag", '"5a3c-1"'), *coding]
            best = float("inf")
            for _ in range(rounds):
                started = time.process_time()
                total = sum(write(body, headers) for body in bodies)
                best = min(best, (time.process_time() - started) / len(bodies))
            cells.append(f"{best * 1e6:12.0f}{total / len(bodies):9,.0f}")
        return "".join(cells)

    url = "http://weihai.dzwww.com/news/201707/t20170701_1.htm"
    for name, (deflater, stores) in packers().items():
        warc.deflater = deflater
        warc._is_packed = kept[1] if stores else lambda *_: False
        with tempfile.TemporaryDirectory() as folder:
            writer = warc.Writer(Path(folder), "weihai", info={})

            def write(body: bytes, headers: list[tuple[str, str]], writer: Any = writer) -> int:
                before = writer._size
                writer.response(
                    url, 200, headers, body, at=datetime.now(UTC), about={"kind": "article", "found_on": "http://weihai.dzwww.com/news/"},
                    request_headers=[("User-Agent", "newscrawl"), ("Accept-Encoding", "gzip, br")],
                )  # fmt: skip
                return int(writer._size - before) if before else 0

            print(f"{name:20}{timed(write)}")
            writer.close()
    warc.deflater, warc._is_packed = kept

    def write_warcio(body: bytes, headers: list[tuple[str, str]]) -> int:
        out = io.BytesIO()
        by_warcio(url, headers, body, out)
        return out.tell()

    print(f"{'warcio':20}{timed(write_warcio)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=60000, help="bytes of a page")
    parser.add_argument("--records", action="store_true", help="only the writer")
    parser.add_argument("--readings", action="store_true", help="only the archive read again")
    parser.add_argument("--serve", choices=FORMS, help=argparse.SUPPRESS)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.pages, options.size, options.serve)
    elif options.run:
        print(json.dumps(crawl(options.run)))
    elif options.readings:
        readings(options.pages, options.size, options.rounds)
    else:
        if not options.records:
            crawls(options.pages, options.size, options.rounds)
            readings(options.pages, options.size, options.rounds)
        records(options.size, max(options.rounds, 3))


if __name__ == "__main__":
    main()
