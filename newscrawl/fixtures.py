"""Fixtures: a page of a site, kept with what must be read from it; one folder a page below ``tests/sites/<site>/``.

A fixture is three files: ``response.html.gz`` (the bytes as the site serves them), ``meta.json`` (address, time, what was asked for)
and ``expected.json`` (what reading it must give).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from newscrawl import discovery, reader
from newscrawl.extract import cms, fills
from newscrawl.extract.page import Page
from newscrawl.items import Article

if TYPE_CHECKING:
    from newscrawl.spider import NewsSpider

RESPONSE, META, EXPECTED = "response.html.gz", "meta.json", "expected.json"

FIELDS = (
    "title", "kicker", "subtitle", "published_at", "published_precision", "source", "source_url", "authors", "reporters",
    "correspondents", "editors", "channel", "lead", "body_text", "subheadings", "images", "keywords", "blocks", "next_page",
    "charset", "flags",
)  # fmt: skip
"""The fields of an article that a fixture holds, in the order of the page."""

WIDTH = 110
"""Columns of a terminal that messages give a value; a Chinese character takes two."""


class BrokenFixture(Exception):
    """A fixture that cannot be used; the message names the file and says what to do."""


@dataclass(slots=True)
class Meta:
    """What is known of a fixture's page beside its bytes.

    ``kind``: an ``article`` page or a ``list``. ``fetched_at``: ISO 8601 with offset; the clock stands there while the page is read.
    ``charset``: that of the Content-Type header, where it named one. ``reviewed``: the day on which a person last looked at
    ``expected.json``; ``None``: nobody has, and the fixture's test fails.
    """

    url: str
    fetched_at: str
    kind: Literal["article", "list"] = "article"
    status: int = 200
    charset: str | None = None
    reviewed: str | None = None


@dataclass(frozen=True, slots=True)
class Fixture:
    """One page on file."""

    folder: Path

    @property
    def site(self) -> str:
        """The spider whose page it is."""
        return self.folder.parent.name

    @property
    def name(self) -> str:
        """Its site and its own name, ``weihai/reference``."""
        return f"{self.site}/{self.folder.name}"

    def meta(self) -> Meta:
        """What is known of the page; raises `BrokenFixture`."""
        row = self._json(META)
        known = {spec.name for spec in fields(Meta)}
        try:
            meta = Meta(**{name: value for name, value in row.items() if name in known})
            if datetime.fromisoformat(meta.fetched_at).tzinfo is None:
                raise ValueError("fetched_at has no offset from UTC")
        except (TypeError, ValueError) as error:
            raise BrokenFixture(f"{self.folder / META}: {error}") from None
        if unknown := row.keys() - known:
            raise BrokenFixture(f"{self.folder / META}: unknown {', '.join(sorted(unknown))}")
        return meta

    def body(self) -> bytes:
        """The page's bytes; raises `BrokenFixture`."""
        try:
            return gzip.decompress((self.folder / RESPONSE).read_bytes())
        except (OSError, EOFError) as error:
            raise BrokenFixture(f"{self.folder / RESPONSE}: cannot be read ({error})") from None

    def expected(self) -> dict[str, Any]:
        """What reading the page must give; raises `BrokenFixture`."""
        return self._json(EXPECTED)

    def _json(self, file: str) -> dict[str, Any]:
        try:
            row = json.loads((self.folder / file).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BrokenFixture(f"{self.folder / file}: cannot be read ({error})") from None
        if not isinstance(row, dict):
            raise BrokenFixture(f"{self.folder / file}: is no JSON object")
        return row

    def write(self, *, body: bytes | None = None, meta: Meta | None = None, expected: Mapping[str, Any] | None = None) -> None:
        """Write what is given, in the one form that gives small differences under version control."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if body is not None:
            (self.folder / RESPONSE).write_bytes(gzip.compress(body, mtime=0))
        for file, row in ((META, asdict(meta) if meta else None), (EXPECTED, expected)):
            if row is not None:
                (self.folder / file).write_text(json.dumps(row, ensure_ascii=False, indent=1) + "\n", "utf-8")


def all_of(root: Path) -> Iterator[Fixture]:
    """The fixtures below ``tests/sites``, by site and name."""
    for folder in sorted(root.glob("*/*/")):
        if (folder / META).exists() or (folder / RESPONSE).exists():
            yield Fixture(folder)


def outcome(body: bytes, meta: Meta, spider: type[NewsSpider]) -> dict[str, Any]:
    """What reading a page gives today, in the form of ``expected.json``: what is empty is left out.

    An article gives its fields and ``layers``: for each field the layer that gave it (site, cms, meta, generic …). A list gives the
    addresses that it leads to. What is neither gives its verdict and why.
    """
    page = _page(body, meta)
    rules = spider.site_rules()
    if meta.kind == "list":
        channel = re.compile(spider.channel) if spider.channel else None
        found = discovery.look(page, hosts=spider.allowed_hosts(), article=re.compile(spider.article, re.I), channel=channel)
        leads = {"articles": dict(found.articles), "channels": list(found.channels), "next_page": found.next_page}
        return {"verdict": "list", **_filled(leads)}
    item = reader.read(page, rules, status=meta.status)
    if not isinstance(item, Article):
        return {"verdict": item.verdict, "why": item.why}
    row: dict[str, Any] = {name: getattr(item, name) for name in FIELDS}
    row["body_text"] = (item.body_text or "").splitlines()
    row["editors"] = [f"{editor.role}：{editor.name}" for editor in item.editors]
    row["images"] = [_filled(asdict(image)) for image in item.images]
    row["blocks"] = [
        {**_filled(asdict(block)), "links": [_filled(asdict(link)) for link in block.links]} for block in item.blocks
    ]
    layers = {name: rule.partition(":")[0] for name, rule in item.provenance.items()}
    return {"verdict": "article", **_filled(row), "layers": layers}


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields in which two outcomes differ, with both values; ``None`` where one has none."""
    names = dict.fromkeys((*expected, *found))
    return {name: (expected.get(name), found.get(name)) for name in names if expected.get(name) != found.get(name)}


# -- where they are


def home(start: Path | None = None) -> Path | None:
    """The folder of fixtures: ``tests/sites`` of the project that ``start`` (the current folder) is in, told by its scrapy.cfg;
    else of the source tree that this package is run from; ``None`` where there is neither."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if (folder / "scrapy.cfg").is_file():
            return folder / "tests" / "sites"
    return None


def slug(url: str) -> str:
    """A name for the fixture of an address: its last part that tells pages apart (``t20170728_16209870``, ``news``)."""
    parts = urlsplit(url)
    names = [name for name in parts.path.split("/") if name]
    last = re.sub(r"\.\w{3,5}$", "", names[-1]) if names else "front"
    if names and last.lower() in ("index", "content", "default", "list", "c", "detail"):
        last = "_".join((*names[-2:-1], last)) + (f"_{parts.query}" if parts.query else "")
    elif parts.query:
        last = f"{last}_{parts.query}"
    return re.sub(r"[^\w-]+", "_", last, flags=re.A).strip("_")[:60] or "page"


# -- taking one

_SCRIPT = re.compile(rb"(<script\b[^>]*>)(.*?)(</script\s*>)", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Taken:
    """A page that became a fixture: what was ``found`` on it; how many scripts lost their text (``dropped``, of ``saved`` bytes) and
    how many did not (``kept``), since the page would be read in another way without it."""

    fixture: Fixture
    found: Mapping[str, Any]
    dropped: int = 0
    saved: int = 0
    kept: int = 0


def take(folder: Path, body: bytes, meta: Meta, spider: type[NewsSpider]) -> Taken:
    """Write a page into a ``folder`` as a fixture that nobody has looked at. Raises ``FileExistsError`` where there is one already."""
    fixture = Fixture(folder)
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(str(folder))
    found = outcome(body, meta, spider)
    seen = (found, families(body, meta), asked_for(body, meta, spider))
    slim, dropped, kept = _without_scripts(
        body, lambda changed: (outcome(changed, meta, spider), families(changed, meta), asked_for(changed, meta, spider)) == seen
    )
    fixture.write(body=slim, meta=meta, expected=found)
    return Taken(fixture, found, dropped, len(body) - len(slim), kept)


def _without_scripts(body: bytes, is_same: Callable[[bytes], bool]) -> tuple[bytes, int, int]:
    """A page without the text of its scripts, how many lost it and how many kept it: all do, or else each that nobody reads."""
    if b"\0" in body:
        # UTF-16, where bytes are no letters.
        return body, 0, len(_SCRIPT.findall(body.replace(b"\0", b"")))
    scripts = [match for match in _SCRIPT.finditer(body) if match[2].strip()]
    keep = set(range(len(scripts)))

    def left() -> bytes:
        out, at = [], 0
        for number, match in enumerate(scripts):
            if number not in keep:
                out += [body[at : match.start(2)]]
                at = match.end(2)
        return b"".join([*out, body[at:]])

    keep.clear()
    if not is_same(left()):
        keep.update(range(len(scripts)))
        for number in range(len(scripts)):
            keep.discard(number)
            if not is_same(left()):
                keep.add(number)
    return left(), len(scripts) - len(keep), len(keep)


# -- what they say


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not what was expected. ``where``: the field, and the place within it; ``None``: there is none."""

    where: str
    expected: Any
    found: Any

    def lines(self) -> list[str]:
        """In three lines, values cut to the part that differs."""
        expected, found = _shown(self.expected), _shown(self.found)
        if max(_columns(expected), _columns(found)) > WIDTH:
            differing = (at for at, (one, other) in enumerate(zip(expected, found, strict=False)) if one != other)
            start = max(0, next(differing, min(len(expected), len(found))) - WIDTH // 6)
            expected, found = _window(expected, start), _window(found, start)
        return [f"  {self.where}", f"    expected  {expected}", f"    found     {found}"]


def changes(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[Change]:
    """What differs between two outcomes, down to the line of a text, the link of a block and its value."""
    return [change for name, (was, now) in differences(expected, found).items() for change in _changes(name, was, now)]


def report(name: str, expected: Mapping[str, Any], found: Mapping[str, Any], *, most: int = 12) -> list[str]:
    """The lines that say what differs for a fixture and how it is accepted; none where nothing does. ``most``: changes shown."""
    all_changes = changes(expected, found)
    if not all_changes:
        return []
    fields_named = ", ".join(dict.fromkeys(change.where.partition(",")[0] for change in all_changes))
    out = [f"{name}: not read as {EXPECTED} has it: {fields_named}"]
    for change in all_changes[:most]:
        out.extend(change.lines())
    if len(all_changes) > most:
        out.append(f"  and {len(all_changes) - most} more: newscrawl accept --check {name}")
    out.append(f"where it is right now: newscrawl accept {name}")
    return out


def problems(fixture: Fixture, spider: type[NewsSpider]) -> list[str]:
    """What is wrong with a fixture of a site, a line or more each; none: its page is read as expected. Raises `BrokenFixture`."""
    meta = fixture.meta()
    out: list[str] = []
    if misplaced := out_of_place(meta, spider):
        out.append(f"{fixture.name}: {misplaced}")
    if meta.reviewed is None:
        return [
            *out,
            f"{fixture.name}: nobody has looked at what is read from it. See it and record it: newscrawl accept {fixture.name}",
        ]
    body = fixture.body()
    # A page that the site's own layout reads may be of a time before its CMS, or after it.
    own = fixture.expected().get("layers", {}).get("body") == "site"
    if meta.kind == "article" and spider.family and not own and not set(spider.family) & set(families(body, meta)):
        seen = ", ".join(families(body, meta)) or "none"
        out.append(
            f"{fixture.name}: none of the site's CMS families ({', '.join(spider.family)}) is seen on the page; seen: {seen}"
        )
    return [*out, *report(fixture.name, fixture.expected(), outcome(body, meta, spider))]


def out_of_place(meta: Meta, spider: type[NewsSpider]) -> str | None:
    """Why a page's address is not one that the site's crawl would read as what it is; ``None``: it would."""
    if not discovery.is_allowed(meta.url, spider.allowed_hosts()):
        return f"{meta.url} is not on {', '.join(spider.allowed_hosts())}"
    is_article = re.search(spider.article, meta.url, re.I) is not None
    if meta.kind == "article" and not is_article:
        return f"{meta.url} has not the address of an article (the site's pattern: {spider.article})"
    if meta.kind == "list" and is_article:
        return f"{meta.url} has the address of an article (the site's pattern: {spider.article}), and is no list"
    return None


def families(body: bytes, meta: Meta) -> list[str]:
    """The CMS families that a page shows the marks of."""
    return [family.name for family in cms.recognise(_page(body, meta))]


def asked_for(body: bytes, meta: Meta, spider: type[NewsSpider]) -> list[str]:
    """The addresses that a crawl asks for the links of a page's empty blocks."""
    page = _page(body, meta)
    item = reader.read(page, spider.site_rules(), status=meta.status)
    return [one.url for one in fills.wanted(page, item, spider.fills)] if isinstance(item, Article) else []


def _page(body: bytes, meta: Meta) -> Page:
    return Page(body, meta.url, charset=meta.charset, now=datetime.fromisoformat(meta.fetched_at))


def shown(row: Mapping[str, Any], *, lines: int = 6) -> list[str]:
    """An outcome for people: a line a value with the layer that gave it; of a text the beginning and the end, ``lines`` in all."""
    layers = row.get("layers", {})
    out = []
    for name, value in row.items():
        if name in ("layers", "verdict") and row.get("verdict") == "article":
            continue
        layer = layers.get({"body_text": "body"}.get(name, name), "")
        values = _listed(name, value)
        if name == "body_text" and len(values) > lines + 1:
            values = [*values[: lines - 2], f"… {len(values) - lines} more lines …", *values[-2:]]
        for number, line in enumerate(values):
            out.append(f"  {name if not number else '':<20}{layer if not number else '':<10}{_window(line, 0)}".rstrip())
    return out


def _listed(name: str, value: Any) -> list[str]:
    if name == "blocks":
        out = []
        for block in value:
            out.append(_shown(block))
            out += [f"  {_shown(link)}" for link in block.get("links", ())]
        return out
    if isinstance(value, Mapping):
        return [f"{text or '(no text)'}  {url}" for url, text in value.items()]
    return [_shown(item) for item in value] if isinstance(value, list) else [_shown(value)]


def _changes(where: str, was: Any, now: Any) -> Iterator[Change]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*was, *now)):
            if was.get(key) != now.get(key):
                yield from _changes(f"{where}, {key}", was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list):
        keys = [[json.dumps(item, ensure_ascii=False, sort_keys=True) for item in side] for side in (was, now)]
        matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
        for what, a, b, c, d in matcher.get_opcodes():
            if what == "equal":
                continue
            for number, (one, other) in enumerate(zip_longest(was[a:b], now[c:d])):
                place = a + number if one is not None else c + number
                yield from _changes(f"{where}, {_place(one if one is not None else other, place)}", one, other)
    else:
        yield Change(where, was, now)


def _place(item: Any, at: int) -> str:
    """What one calls an item of a list: a block by its heading, a link by its number."""
    if isinstance(item, Mapping) and "kind" in item:
        return str(item.get("heading") or item["kind"])
    return f"link {item['position']}" if isinstance(item, Mapping) and "position" in item else str(at + 1)


def _shown(value: Any) -> str:
    if value is None:
        return "(nothing)"
    if isinstance(value, list):
        return " | ".join(map(_shown, value))
    if not isinstance(value, Mapping):
        return str(value)
    if "kind" in value:
        links = value.get("links", [])
        filled = value.get("filled_by", "page")
        return (
            f"{value.get('heading') or '(no heading)'} ({value['kind']}"
            + ("" if filled == "page" else f", {filled}")
            + f"): {len(links)} link{'' if len(links) == 1 else 's'}"
        )
    named = [str(value[name]) for name in ("position", "title", "caption", "published_at", "source", "url") if name in value]
    return "  ".join(named) if named else json.dumps(value, ensure_ascii=False)


def _window(text: str, start: int) -> str:
    """A text from ``start`` on, in one line of `WIDTH` columns."""
    text = text.replace("\n", " ")
    end, left = start, WIDTH
    while end < len(text) and left > 0:
        left -= _columns(text[end])
        end += 1
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
