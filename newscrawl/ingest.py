"""Saved pages into the database: folders of HTML, manifests, WARC and WACZ files, through the same reading and pipelines."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newscrawl import discovery, fingerprint, loaders, reader, warc
from newscrawl.extract.page import Page
from newscrawl.items import Article, Visit
from newscrawl.pipelines import Count, Fingerprint, Store, Validate, site_row
from newscrawl.reader import SiteRules
from newscrawl.spider import NewsSpider
from newscrawl.store.writer import Site

PAGE_ENDINGS = (".html", ".htm", ".shtml", ".xhtml", ".html.gz", ".htm.gz", ".shtml.gz", ".xhtml.gz")
WARC_ENDINGS = warc.ENDINGS
MAX_PAGE = warc.MAX_CONTENT
"""Bytes of one saved page at most, decompressed: a bomb is no page."""


class BadInput(Exception):
    """Saved input that cannot be read; the message names the file, the line and what is wrong."""


@dataclass(slots=True)
class SavedPage:
    """One page off a shelf. ``name`` says where it came from, for messages."""

    body: bytes
    name: str
    url: str | None = None
    charset: str | None = None
    status: int = 200
    saved_at: datetime | None = None
    site: str | None = None
    id: str | None = None
    path: Path | None = None


def saved(path: Path, problem: Callable[[str], None], hosts: Sequence[str] | None = None) -> Iterator[SavedPage]:
    """The pages of a file or folder, in order. What cannot be read goes to ``problem`` as a line, and the rest goes on.

    A folder is read with all that is below it: its manifests first (``*.jsonl`` with a ``file`` in each row), then the
    pages that no manifest names, then WARC and WACZ files. ``hosts``: only pages whose address is there; other records of a WARC
    file are passed over. Raises `BadInput` where there is nothing to read at all.
    """
    wanted = _of(hosts)
    for page in _saved(path, problem, hosts):
        if wanted is None or (page.url is not None and wanted(page.url)):
            yield page


def _saved(path: Path, problem: Callable[[str], None], hosts: Sequence[str] | None) -> Iterator[SavedPage]:
    if path.is_dir():
        yield from _folder(path, problem, hosts)
    elif not path.exists():
        raise BadInput(f"{path}: no such file or folder")
    elif path.name.endswith(WARC_ENDINGS):
        yield from _warc(path, problem, hosts)
    elif path.suffix == ".jsonl":
        yield from _manifest(path, problem, set())
    else:
        page = _file(path, problem)
        if page is not None:
            yield page


def _folder(folder: Path, problem: Callable[[str], None], hosts: Sequence[str] | None) -> Iterator[SavedPage]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    done: set[Path] = set()
    count = 0
    for path in files:
        if path.suffix == ".jsonl" and _is_manifest(path):
            for row in _manifest(path, problem, done):
                count += 1
                yield row
    for path in files:
        if path.name.endswith(PAGE_ENDINGS) and path.resolve() not in done:
            count += 1
            page = _file(path, problem)
            if page is not None:
                yield page
    for path in files:
        if path.name.endswith(WARC_ENDINGS):
            for record in _warc(path, problem, hosts):
                count += 1
                yield record
    passed_over = hosts is not None and any(path.name.endswith(WARC_ENDINGS) for path in files)
    if not count and not passed_over:
        raise BadInput(
            f"{folder}: holds no pages ({', '.join(PAGE_ENDINGS[:4])}, plain or .gz), manifests (.jsonl), WARC or WACZ files"
        )


def _is_manifest(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(1 << 20)
    try:
        return isinstance(json.loads(first).get("file"), str)
    except (ValueError, AttributeError):
        return False


def _manifest(path: Path, problem: Callable[[str], None], done: set[Path]) -> Iterator[SavedPage]:
    """Rows: ``file`` (relative to the manifest), and optionally id, url, encoding, status, fetched_at, site."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                file = row["file"]
                named = path.parent / file
            except (ValueError, KeyError, TypeError) as error:
                problem(
                    f"{path}, line {number}: not a row of a manifest ({type(error).__name__}: {error}); it needs a JSON object with file"
                )
                continue
            done.add(named.resolve())
            found = _file(named, problem)
            if found is None:
                continue
            found.id = _text(row, "id") or file
            found.url, found.charset, found.site = _text(row, "url"), _text(row, "encoding"), _text(row, "site")
            if isinstance(row.get("status"), int):
                found.status = row["status"]
            if at := _text(row, "fetched_at"):
                try:
                    moment = datetime.fromisoformat(at)
                    found.saved_at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                except ValueError:
                    problem(f"{path}, line {number}: fetched_at is not a time: {at!r}; the file's own time is used")
            yield found


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None


def _file(path: Path, problem: Callable[[str], None]) -> SavedPage | None:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as page:
            body = page.read(MAX_PAGE + 1)
        stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, EOFError, zlib.error) as error:
        problem(f"{path}: cannot be read ({error})")
        return None
    if len(body) > MAX_PAGE:
        problem(f"{path}: is larger than {MAX_PAGE >> 20} MiB; left out")
        return None
    # An archive unpacked without times says 1970: then the present is the better guess.
    return SavedPage(body, str(path), saved_at=stamp if stamp.year > 1994 else None, id=path.name, path=path)


def _warc(path: Path, problem: Callable[[str], None], hosts: Sequence[str] | None) -> Iterator[SavedPage]:
    """The HTML responses of a WARC or WACZ file, whoever wrote it; chunks and compression of the transfer are undone."""
    count = 0

    def tell(line: str) -> None:
        problem(line.replace(": broken", f": broken after {count} records", 1))

    try:
        for record in warc.records(path, problem=tell, wanted=_of(hosts)):
            if record.type != "response" or not record.headers or not record.url.startswith(("http://", "https://")):
                continue
            count += 1
            declared = record.header("Content-Type")
            kind = declared.partition(";")[0].strip().lower()
            if kind not in ("text/html", "application/xhtml+xml", ""):
                continue
            try:
                body = record.content()
            except warc.Undecodable as error:
                problem(f"{path} record {count}: {record.url}: cannot be read, {error}; left out")
                continue
            charset = re.search(r"charset\s*=\s*[\"']?([\w-]+)", declared, re.I)
            yield SavedPage(
                body,
                f"{path} record {count}",
                url=record.url,
                charset=charset[1] if charset else None,
                status=record.status or 200,
                saved_at=None if record.at == warc.UNKNOWN else record.at,
                id=record.url,
            )
    except OSError as error:
        problem(f"{path}: cannot be read after {count} records ({error}); what came before is stored")
    if not count and hosts is None:
        problem(f"{path}: holds no response records")


def _of(hosts: Sequence[str] | None) -> Callable[[str], bool] | None:
    """Whether an address is on some hosts, or below them."""
    return None if hosts is None else lambda url: discovery.is_allowed(url, tuple(hosts))


class Sites:
    """Which site a saved page belongs to: by its address, or by what its manifest says."""

    def __init__(self, spiders: Mapping[str, type[NewsSpider]]) -> None:
        self.spiders = spiders
        self._known: dict[str, SiteRules] = {}

    def rules_for(self, page: SavedPage) -> SiteRules:
        """The rules of its site; without a site file, its host is its name and it has none."""
        host = (urlsplit(page.url).hostname or "").lower() if page.url else ""
        name = host or page.site or "saved"
        if name not in self._known:
            owners = (
                s
                for s in self.spiders.values()
                if (discovery.is_allowed(page.url, s.allowed_hosts()) if page.url else name == s.name)
            )
            owner = next(owners, None)
            self._known[name] = owner.site_rules() if owner else SiteRules(name, name)
        return self._known[name]


def read(page: SavedPage, rules: SiteRules) -> Article | Visit:
    """Read one saved page."""
    address = page.url or (page.path.resolve().as_uri() if page.path else f"file:///{page.id}")
    parsed = Page(page.body, page.url or "", charset=page.charset, now=page.saved_at)
    return reader.read(parsed, rules, status=page.status, address=address)


class Shelf:
    """Reads saved pages into a database."""

    def __init__(self, store: Store, sites: Sites) -> None:
        self.store = store
        self.sites = sites
        self.count, self._validate, self._fingerprint = Count(), Validate(), Fingerprint()
        self._waiting: dict[str, Article] = {}
        self._named: set[str] = set()

    def add(self, page: SavedPage) -> Article | Visit:
        """Read one saved page and pass it down the pipelines. A paged article waits for its next part."""
        item = read(page, self.sites.rules_for(page))
        if isinstance(item, Article) and page.url:
            first = self._waiting.pop(fingerprint.key(page.url), None)
            if first is not None:
                if item.visit is not None:
                    item.visit.kind = "part"
                    self._pass(item.visit)
                item = loaders.join(first, item)
            if item.next_page:
                self._waiting[fingerprint.key(item.next_page)] = item
                return item
        self._pass(item)
        return item

    def close(self) -> None:
        """Store the articles whose next part never came, marked incomplete."""
        for article in self._waiting.values():
            article.flags.append("incomplete")
            self._pass(article)
        self._waiting.clear()
        self.store.flush()

    def _pass(self, item: Article | Visit) -> None:
        name = item.site or "saved"
        if name not in self._named:
            assert self.store.database
            spider = self.sites.spiders.get(name)
            self.store.database.add_site(site_row(spider) if spider else Site(name, name))
            self._named.add(name)
        counted = self.count.process_item(item)
        self.store.process_item(self._fingerprint.process_item(self._validate.process_item(counted)))


def count(paths: Iterable[Path]) -> int | None:
    """How many pages there are to read, for a progress bar; ``None`` where only reading would tell (WARC)."""
    total = 0
    for path in paths:
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        if any(p.name.endswith(WARC_ENDINGS) for p in files):
            return None
        manifests = [p for p in files if p.suffix == ".jsonl" and _is_manifest(p)]
        pages = [p for p in files if p.name.endswith(PAGE_ENDINGS)]
        total += max(len(pages), sum(p.read_bytes().count(b"\n") for p in manifests))
    return total
