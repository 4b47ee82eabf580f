"""How good extraction is, and what it costs: newscrawl beside public extractors on the same labelled pages.

    python bench/extraction.py [--install] [--peers-dir bench/.peers] [--peer NAME ...] [--repeat 5]

The first table is that of ``../shared/eval/score.py`` on ``../shared/corpus/articles``: newscrawl as ``newscrawl extract
--no-site-rules`` reads them, and the peers of ``../shared/eval/peers.py``, each in a virtual environment of its own that
``--install`` makes. The second is process CPU a page, as a ratio to lxml's parse of the same bytes: best of ``--repeat``
for each page, then median and mean over the pages; such ratios hold from one machine to the next, milliseconds do not.
Peers start from decoded text, with their imports and first page before the clock.

Where there are no labelled pages beside the repository, only the sample site's own pages are measured.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import importlib.util
import io
import json
import logging
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

ROOT = Path(__file__).resolve().parent.parent
SHELF = ROOT.parent / "shared"
GOLD = SHELF / "corpus" / "articles" / "gold.jsonl"
SCORE, PEERS_FILE = SHELF / "eval" / "score.py", SHELF / "eval" / "peers.py"

PEERS: dict[str, tuple[str, ...]] = {
    "trafilatura": ("trafilatura==2.3.1", "lxml_html_clean"),
    # Without jieba it refuses Chinese.
    "newspaper4k": ("newspaper4k[zh]==0.9.6",),
    "gne": ("gne==0.4.3",),
    "readability": ("readability-lxml==0.9",),
    # Needs Python 3.12.
    "magic_html": ("magic-html==0.1.8",),
    # It and what it needs import more than they ask for.
    "news_please": ("news-please==1.6.16", "jieba", "lxml_html_clean"),
}
"""The peers by their name in peers.py, with what pip installs for each."""

NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
"""A closed port: newspaper4k would ask for the images of every page."""

PEER_REPEAT = 3
"""How often a peer reads each page at most: some take a sixth of a second."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One page to measure on: ``charset`` is what the manifest or the server says of it."""

    name: str
    body: bytes
    url: str
    charset: str | None


# -- pages


def gold_pages() -> list[Sample]:
    """The labelled pages, as bytes."""
    found = []
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        body = (GOLD.parent / row["file"]).read_bytes()
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        found.append(Sample(row["id"], body, row.get("url") or "", row.get("encoding")))
    return found


def sample_pages() -> list[Sample]:
    """Every article page of the sample site, as it serves them."""
    from newscrawl.samplesite import SampleSite

    site, found = SampleSite(), []
    for article in site.articles:
        for url in article.urls:
            path = url.removeprefix(f"http://{article.host}")
            # Some addresses fail once.
            answers = (site.page(path, article.host) for _ in range(2))
            body = next(answer.body for answer in answers if answer.status == 200)
            found.append(Sample(url, body, url, None))
    return found


# -- scores


def ours(output: Path) -> None:
    """Write newscrawl's output on the labelled pages."""
    command = [sys.executable, "-m", "newscrawl", "extract", GOLD, "--no-site-rules"]
    with output.open("wb") as file:
        subprocess.run(command, check=True, cwd=ROOT, stdout=file)


def install(name: str, folder: Path) -> str | None:
    """Make a peer's environment; the reason where that fails."""
    home = folder / name
    if (home / "ready").exists():
        return None
    venv.create(home, clear=True, with_pip=True, symlinks=True)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS[name]]
    done = subprocess.run(pip, check=False, capture_output=True, text=True)
    if done.returncode == 0:
        (home / "ready").touch()
        return None
    shutil.rmtree(home)
    lines = [line.removeprefix("ERROR: ") for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
    wants_other_python = re.search(r"Requires-Python (\S+)", done.stderr)
    if wants_other_python:
        return f"needs Python {wants_other_python[1]}, this is {platform.python_version()}"
    return lines[-1] if lines else f"pip ended with {done.returncode}"


def peer(name: str, folder: Path, output: Path, repeat: int) -> tuple[list[float], str]:
    """Write a peer's output on the labelled pages: its seconds of CPU a page and its version, or why there are none."""
    python = folder / name / "bin" / "python"
    if not (folder / name / "ready").exists():
        return [], "not installed: --install does it"
    command = [python, __file__, "--run-peer", name, "--output", output, "--repeat", str(repeat)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **NO_NETWORK})
    if done.returncode != 0:
        output.unlink(missing_ok=True)
        return [], (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    said = json.loads(done.stdout.splitlines()[-1])
    return said["seconds"], said["version"]


def run_peer(name: str, output: Path, repeat: int) -> None:
    """In a peer's own environment: read every page, write what it found; its CPU goes to standard output."""
    from importlib.metadata import version

    spec = importlib.util.spec_from_file_location("peers", PEERS_FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    logging.disable(logging.CRITICAL)
    read, pages, seconds = getattr(module, name), gold_pages(), []

    def once(page: Sample) -> tuple[dict[str, Any], float]:
        html = page.body.decode(page.charset or "utf-8", "replace")
        start = time.process_time()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                found = read(html, page.url or None)
        except ImportError:
            raise
        except Exception:  # noqa: BLE001 - a page that a peer cannot read counts as read without result
            found = {}
        return found, time.process_time() - start

    once(pages[0])
    with output.open("w", encoding="utf-8") as file:
        for page in pages:
            runs = [once(page) for _ in range(repeat)]
            seconds.append(min(spent for _, spent in runs))
            print(json.dumps({"id": page.name, **runs[0][0]}, ensure_ascii=False, default=str), file=file)
    package = re.split(r"[\[=]", PEERS[name][0])[0]
    print(json.dumps({"seconds": seconds, "version": version(package)}))


def scores(options: argparse.Namespace) -> dict[str, list[float]]:
    """Print the table of figures; gives the peers' CPU a page."""
    costs: dict[str, list[float]] = {}
    skipped: dict[str, str] = {}
    options.peers_dir.mkdir(parents=True, exist_ok=True)
    (options.peers_dir / ".gitignore").write_text("*\n", "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / "newscrawl.jsonl"]
        ours(outputs[0])
        for name in options.peer:
            reason = install(name, options.peers_dir) if options.install else None
            output = Path(folder) / f"{name}.jsonl"
            seconds, said = ([], reason) if reason else peer(name, options.peers_dir, output, min(options.repeat, PEER_REPEAT))
            if not seconds:
                skipped[name] = said or "no result"
                continue
            labelled = output.with_stem(f"{name} {said}")
            outputs.append(output.rename(labelled))
            costs[labelled.stem] = seconds
        sys.stdout.flush()
        subprocess.run([sys.executable, SCORE, GOLD, *outputs], check=True)
    for name, reason in skipped.items():
        print(f"{name:22}  skipped: {reason}")
    return costs


# -- costs


def best(make: Callable[[], Callable[[], object]], repeat: int) -> float:
    """The least process CPU of a call, in seconds; what ``make`` does to prepare it is not counted."""
    least = float("inf")
    for _ in range(repeat):
        call = make()
        start = time.process_time()
        kept = call()
        least = min(least, time.process_time() - start)
        del kept
    return least


@contextlib.contextmanager
def no_families() -> Iterator[None]:
    """Every page is one of an unknown CMS."""
    from newscrawl.extract import cms

    recognise = cms.recognise
    cms.recognise = lambda page: []
    try:
        yield
    finally:
        cms.recognise = recognise


def costs_of(sample: Sample, layouts: Sequence[Any], repeat: int) -> dict[str, float]:
    """Seconds of CPU by stage for one page."""
    from lxml import etree

    from newscrawl.extract import cms
    from newscrawl.extract.layers import extract
    from newscrawl.extract.page import Page
    from newscrawl.loaders import load

    now = datetime.now(UTC)

    def page() -> Page:
        return Page(sample.body, sample.url, charset=sample.charset, now=now)

    def parse() -> object:
        parser = etree.HTMLParser(encoding=charset, huge_tree=True)
        return etree.fromstring(sample.body, parser)

    def of_page(rules: Sequence[Any] = ()) -> Callable[[], object]:
        return functools.partial(extract, page(), rules)

    def whole(rules: Sequence[Any] = ()) -> Callable[[], object]:
        return lambda: load(extract(page(), rules))

    charset = page().charset
    known = bool(cms.recognise(page()))
    found = {"parse": best(lambda: parse, repeat), "Page": best(lambda: page, repeat)}
    with no_families():
        found["generic"] = best(of_page, repeat)
    found["known family" if known else "no known family"] = best(of_page, repeat)
    found["whole"] = best(whole, repeat)
    if layouts:
        found["site rules"] = best(functools.partial(of_page, layouts), repeat)
        found["whole, site rules"] = best(functools.partial(whole, layouts), repeat)
    return found


STAGES = {
    "parse": "lxml's parse",
    "Page": "Page: decode, parse",
    "generic": "extract: no families",
    "known family": "extract: known family",
    "no known family": "extract: none known",
    "site rules": "extract: site rules",
    "whole": "whole, no site rules",
    "whole, site rules": "whole, site rules",
}
"""The stages in the order of the table. ``extract`` starts from a ready `Page`; ``whole`` is from bytes to `Article`."""


def measure(pages: list[Sample], layouts: Sequence[Any], repeat: int) -> list[dict[str, float]]:
    """Seconds by stage, for each page; one page before the clock, so that what is made once is there."""
    costs_of(pages[0], layouts, 1)
    return [costs_of(page, layouts, repeat) for page in pages]


def print_costs(heading: str, rows: list[dict[str, float]], peers: dict[str, list[float]], repeat: int) -> None:
    """One table: each stage over its pages, as a ratio to lxml's parse."""
    print(f"\nCPU a page, {heading}, best of {repeat}")
    print(f"{'':24}{'pages':>7}{'x parse, median':>18}{'mean':>8}{'max':>8}{'ms, median':>13}")
    named = {name: [(row[stage], row["parse"]) for row in rows if stage in row] for stage, name in STAGES.items()}
    named |= {name: list(zip(seconds, (row["parse"] for row in rows), strict=True)) for name, seconds in peers.items()}
    for name, pairs in named.items():
        if not pairs:
            continue
        ratios = [spent / parse for spent, parse in pairs]
        middle = 1000 * statistics.median(spent for spent, _ in pairs)
        print(
            f"{name:24}{len(pairs):7}{statistics.median(ratios):18.2f}{statistics.mean(ratios):8.2f}{max(ratios):8.2f}{middle:13.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="make the peers' environments that are not there yet")
    parser.add_argument("--peers-dir", type=Path, default=ROOT / "bench" / ".peers", help="where they are kept")
    parser.add_argument("--peer", nargs="*", default=list(PEERS), choices=list(PEERS), help="which peers; none: just newscrawl")
    parser.add_argument("--repeat", type=int, default=5, help="times that each page is read")
    parser.add_argument("--run-peer", choices=list(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run_peer:
        run_peer(options.run_peer, options.output, options.repeat)
        return
    from newscrawl.spiders.dzwww import Dzwww

    options.peers_dir = options.peers_dir.resolve()
    if all(path.exists() for path in (GOLD, SCORE, PEERS_FILE)):
        peers = scores(options)
        print_costs("labelled pages", measure(gold_pages(), (), options.repeat), peers, options.repeat)
    else:
        print(
            "no labelled pages beside the repository (../shared): no scores, no peers; the sample site's pages alone are measured"
        )
    print_costs("sample site", measure(sample_pages(), Dzwww.layouts, options.repeat), {}, options.repeat)


if __name__ == "__main__":
    main()
