"""Fills: the request by which a page's script fills a link block, as data; its address, and its answer read. No I/O.

A block of 推荐 or 相关 that stands empty in a page waits for a script, which asks an endpoint for its links. A site file says
which (`Fill`); and where the script beside the block names an address of JSON on the page's own host, that one is asked without
being told (`NAMED`). Answers are hostile until read: nothing in them is evaluated, every look has a bound, nothing raises.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from string import Formatter
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlsplit

from w3lib.url import safe_url_string

from newscrawl.extract import dates
from newscrawl.extract.anchors import Anchors
from newscrawl.extract.elements import kind_named
from newscrawl.extract.headings import CHOSEN
from newscrawl.extract.link_blocks import Scan, scan_of
from newscrawl.extract.link_items import MAX_LINKS, MAX_TITLE, Items
from newscrawl.extract.page import Element, Page, decode
from newscrawl.extract.text import clean
from newscrawl.items import Article, Block, Link, LinkKind

MAX_ANSWER = 2 * 1024 * 1024
"""Bytes of the longest answer that is read; a list of links has a hundredth of that."""
MAX_URL = 2000
"""Characters of the longest address that is asked for."""
MAX_STEPS = 5000
"""Values of an answer that are looked through for its list, where no path is named."""
MAX_SCRIPT = 100_000
"""Characters of the longest script that is looked through for an address."""

_PLACES = ("id", "url", "host", "title", "keywords", "channel")
_FIELDS = ("title", "url", "thumbnail", "summary", "source", "published")


@dataclass(frozen=True, kw_only=True)
class Fill:
    """Where the links of an empty block come from: a request, and what its answer means.

    ``url`` is a template: ``http://{host}/api/related?id={id}&k={keywords}``. ``{id}`` is the number in the page's address,
    ``{url}`` and ``{host}`` its address and host, ``{title}``, ``{keywords}`` (with commas), ``{channel}`` (the innermost) what was read of
    it, and each name of ``find`` what that pattern finds in the page's address or else in its source: its first group, or
    all of it. Values are percent-encoded in ``charset``; where one is missing, nothing is asked for. A host that ``url`` writes out
    may be asked though it is not among the site's ``hosts``.

    It fills the empty block of ``kind``, and of ``heading`` where one is named.

    ``format``: ``json``, ``jsonp`` (also ``var name = [...]``; nothing is evaluated) or ``html`` (a fragment, also within document.write).
    ``items``: the dotted path to the list (``data.list``; of ``html``: to the string that holds it); without one the first list of
    objects with title and address is taken. ``fields``: dotted paths within an item for title, url, thumbnail, summary, source and
    published, or templates of them (``/news/{docid}.html``); what is not named is looked for under its usual names.

    Raises ``ValueError`` for a name or pattern that cannot be.
    """

    url: str
    kind: LinkKind = "related"
    heading: str | None = None
    format: Literal["json", "jsonp", "html"] = "json"
    items: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    find: Mapping[str, str] = field(default_factory=dict)
    charset: str = "utf-8"

    def __post_init__(self) -> None:
        for name in _names(self.url):
            if name not in _PLACES and name not in self.find:
                raise ValueError(f"{self.url}: no {{{name}}}; there are {', '.join(_PLACES)} and the names of find")
        for name in self.fields:
            if name not in _FIELDS:
                raise ValueError(f"{self.url}: no field {name}; there are {', '.join(_FIELDS)}")
        for pattern in self.find.values():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern}: no pattern: {error}") from None
        try:
            "".encode(self.charset)
        except LookupError:
            raise ValueError(f"{self.charset}: no charset") from None

    @property
    def host(self) -> str | None:
        """The host that the template writes out."""
        host = urlsplit(self.url.partition("?")[0]).netloc.partition(":")[0].lower()
        return host if host and "{" not in host else None


def _names(template: str) -> list[str]:
    try:
        return [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise ValueError(f"{template}: no template: {error}") from None


NAMED = Fill(url="")
"""The fill of a block whose script names the address: JSON of any form."""


class Wanted(NamedTuple):
    """A request for the links of an empty ``block``: ``number`` is that of the fill among the site's, from 1; 0: `NAMED`."""

    block: Block
    fill: Fill
    number: int
    url: str


# -- what to ask for


def wanted(page: Page, article: Article, fills: Sequence[Fill]) -> list[Wanted]:
    """What is to be asked for the blocks that stand on a page and are empty: one request a block, of the site's ``fills`` first.

    Of a block of 推荐 or 相关 that no fill of the site is for, the address that the page itself names, if it names one on its own
    host. Never raises.
    """
    found: list[Wanted] = []
    for block in article.blocks:
        if block.links:
            continue
        for number, fill in enumerate(fills, 1):
            if fill.kind == block.kind and fill.heading in (None, block.heading):
                if url := _address(fill, page, article):
                    found.append(Wanted(block, fill, number, url))
                break
        else:
            if block.kind in CHOSEN and (named := named_by(page, block)):
                found.append(Wanted(block, NAMED, 0, named))
    return found


def number_of(url: str) -> str | None:
    """The number in an article's address: ``/201607/t20160718_14640521.htm`` -> 14640521."""
    stem = urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0]
    runs = re.findall(r"\d{4,}", stem) or re.findall(r"\d{4,}", url)
    return runs[-1] if runs else stem or None


def _address(fill: Fill, page: Page, article: Article) -> str | None:
    where = page.url or article.url or ""
    values: dict[str, str | None] = {
        "id": number_of(where),
        "url": where,
        "host": page.host,
        "title": article.title,
        "keywords": ",".join(article.keywords),
        "channel": article.channel[-1] if article.channel else None,
    }
    for name, pattern in fill.find.items():
        match = re.search(pattern, where) or re.search(pattern, page.html[: 4 * MAX_SCRIPT])
        values[name] = (match[1] if match and match.re.groups else match[0]) if match else None
    encoded = {}
    for name in _names(fill.url):
        value = values[name]
        if not value:
            return None
        encoded[name] = value if name == "host" else quote(value.encode(fill.charset, "replace"), safe="")
    return _spelled(page, fill.url.format(**encoded))


def _spelled(page: Page, url: str) -> str | None:
    absolute = page.absolute(url)
    if absolute is None or not absolute.startswith("http") or len(absolute) > MAX_URL:
        return None
    try:
        return str(safe_url_string(absolute)).partition("#")[0]
    except ValueError:
        return None


# -- what the page names

_DATA = re.compile(
    r"\.jsonp?(?:$|\?)|/(?:jsonp?|ajax|api|apis|rest|interface)(?:/|\.|\?|$)|[?&](?:callback|jsonp|jsonpcallback|jsoncallback|cb)=",
    re.I,
)
_OTHER = re.compile(
    r"comment|cmt|pinglun|liuyan|login|passport|user|count|click|hits|visit|stat(?:s|istics)?\b|track|collect|vote|share|weather|tianqi|search|captcha"
    r"|/ads?[/._?]|adver|banner|jquery|\.css",
    re.I,
)
_LIBRARY = re.compile(r"\.js(?:$|\?)", re.I)
_STRING = r""""(?:[^"\\\n]|\\.){0,500}"|'(?:[^'\\\n]|\\.){0,500}'"""
_TERM = rf"(?:{_STRING}|[\w$.]{{1,60}}(?:\([\w$.]{{0,60}}\))?)"
# "/json/related/" + trs_id + ".json": strings and names, joined.
_JOINED = re.compile(rf"(?:{_STRING})(?:\s{{0,9}}\+\s{{0,9}}{_TERM}){{0,8}}")
_TERMS = re.compile(_TERM)
_NAME = re.compile(r"(?:(?:encodeURI(?:Component)?|escape|String)\()?([\w$]+)\)?")
_ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+[/?]|\.{0,2}/[\w~%-]|[\w-]+(?:/[\w.-]+)*\.jsonp?\b", re.A)
# A cache buster at the end: ?_= , &t=
_OPEN_END = re.compile(r"[?&][\w$]*=?$")


def named_by(page: Page, block: Block) -> str | None:
    """The address of JSON on the page's own host that the script beside an empty block names, or an attribute of its element.

    Strings that are joined with variables of the page (``"/json/" + id + ".json"``) are put together; nothing is run.
    """
    scan = scan_of(page)
    for found in scan.found:
        if found.roots or found.kind != block.kind or found.heading != block.heading:
            continue
        near = list(_beside(scan, found.parts[-1]))
        ids = list(islice((name for element in near if (name := element.get("id"))), 20))
        candidates = [*_attributes(near)]
        for script in (element for element in near if element.tag == "script"):
            candidates += [script.get("src") or "", *_strings(page, script.text)]
        if ids:
            candidates += _mentioning(page, ids)
        own = [url for one in candidates if (url := _own(page, one))]
        # A script may fill several things: what says that it is for such a block goes first.
        own.sort(key=lambda url: kind_named(urlsplit(url).path[:200]) != block.kind)
        if own:
            return own[0]
    return None


def _beside(scan: Scan, node: Element) -> Iterator[Element]:
    """The elements of an empty block: what its heading stands in, and what follows it up to the next heading."""
    yield from islice((one for one in node.iter("*") if one not in scan.hosts), 40)
    for sibling in islice(node.itersiblings(), 8):
        if not isinstance(sibling.tag, str):
            continue
        if sibling in scan.marks:
            return
        inner = list(islice(sibling.iter("*"), 40))
        if any(one.tag == "p" for one in inner) and sibling.tag != "script":
            return
        yield from inner


def _attributes(near: Sequence[Element]) -> Iterator[str]:
    for element in near:
        for name, value in element.items():
            if str(name).startswith("data-"):
                yield str(value)[:MAX_URL]


def _mentioning(page: Page, ids: Sequence[str]) -> Iterator[str]:
    """The strings near each place where a script of the page names one of the elements, those behind it first."""
    pattern = re.compile("[\"'#](?:" + "|".join(map(re.escape, ids)) + ")[\"']")
    for text in _scripts(page):
        for match in islice(pattern.finditer(text), 4):
            yield from _strings(page, text[match.end() : match.end() + 800])
            yield from reversed(list(_strings(page, text[max(0, match.start() - 800) : match.start()])))


def _scripts(page: Page) -> Iterator[str]:
    """The page's own scripts, but for long ones, four times as much as one may have at most."""
    left = 4 * MAX_SCRIPT
    for script in islice(page.tags.get("script", ()), 60):
        if (text := script.text) and len(text) <= min(left, MAX_SCRIPT):
            left -= len(text)
            yield text


def _strings(page: Page, text: str | None) -> Iterator[str]:
    """The addresses that a script writes, joined with the page's variables where it joins them."""
    if not text or len(text) > MAX_SCRIPT:
        return
    addresses = 0
    for match in islice(_JOINED.finditer(text), 200):
        parts = [one[0] for one in _TERMS.finditer(match[0])]
        head = parts[0][1:-1].replace("\\/", "/")
        if not _ADDRESS.match(head):
            continue
        addresses += 1
        if addresses > 12:
            return
        joined = ""
        for part in parts:
            value = part[1:-1].replace("\\/", "/") if part[0] in "\"'" else _variable(page, part)
            if value is None:
                # What is only there to get round a cache can go; without anything else the address is none.
                cut = _OPEN_END.sub("", joined)
                joined = cut if cut != joined else ""
                break
            joined += value
        if joined:
            yield joined


def _variable(page: Page, term: str) -> str | None:
    """The value of a variable that the page sets to a string or number, once and in plain sight."""
    match = _NAME.fullmatch(term)
    if match is None:
        return None
    if match[1].isdigit():
        return match[1]
    assigned = re.compile(
        rf"(?<![\w$.])(?:var\s+|let\s+|const\s+)?{re.escape(match[1])}\s{{0,9}}=\s{{0,9}}(?:\"([^\"\\\n]{{0,200}})\"|'([^'\\\n]{{0,200}})'|(\d{{1,20}}))\s{{0,9}}[;,\n<]"
    )
    for text in _scripts(page):
        if found := assigned.search(text + "\n"):
            value = next(group for group in found.groups() if group is not None)
            return quote(value, safe="") if term != match[1] else value
    return None


def _own(page: Page, candidate: str) -> str | None:
    """An address that may be the block's: on the page's own host, of data, and not of something that pages have besides."""
    candidate = candidate.strip()
    if not candidate or len(candidate) > MAX_URL or not _ADDRESS.match(candidate) or _OTHER.search(candidate):
        return None
    data = _DATA.search(candidate)
    if data is None:
        # A file of data for this very page, which is called a script.
        number = number_of(page.url)
        if not (number and len(number) > 4 and number in candidate and _LIBRARY.search(candidate)):
            return None
    url = _spelled(page, candidate)
    return url if url and urlsplit(url).hostname == page.host else None


# -- what an answer says

_WRAPPED = re.compile(r"(?:;|/\*.{0,200}?\*/|\s){0,9}+(?:(?:var|let|const)\s)?\s{0,9}[\w$.\[\]\"']{1,120}+\s{0,9}[(=]", re.S)
_LITERAL = re.compile(
    r""""(?:[^"\\]|\\.)*+(?:"|\Z)|'(?:[^'\\]|\\.)*+(?:'|\Z)|,(?=\s*[}\]])|[A-Za-z_$][\w$]*(?=\s*:)|\bundefined\b""", re.S
)
_WRITTEN = re.compile(r"""\.\s*write(?:ln)?\s*\(\s*("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')\s*\)""", re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>|<!--.{0,1000}?-->", re.S)
_FAILED = re.compile(r"[45]\d\d")

_USUAL: dict[str, tuple[str, ...]] = {
    "title": ("title", "doctitle", "newstitle", "articletitle", "headline", "subject", "biaoti", "name", "shorttitle", "text"),
    "url": ("url", "link", "href", "docpuburl", "puburl", "docurl", "weburl", "arcurl", "newsurl", "articleurl", "linkurl", "shareurl", "wapurl"),
    "thumbnail": (
        "thumbnail", "thumb", "pic", "picurl", "img", "imgurl", "image", "imageurl", "cover", "litpic", "titleimg", "titlepic", "logo", "photo",
    ),
    "summary": ("summary", "abstract", "docabstract", "description", "desc", "digest", "intro", "brief", "zhaiyao"),
    "source": ("source", "docsourcename", "sourcename", "origin", "media", "from", "laiyuan", "copyfrom"),
    "published": (
        "published", "publishedat", "publishtime", "publishdate", "pubtime", "pubdate", "docpubtime", "docreltime", "ptime", "posttime", "showtime",
        "time", "date", "datetime", "createtime", "createdat", "ctime", "inputtime", "addtime", "updatetime",
    ),
}  # fmt: skip
_LISTS = frozenset(
    "data list items item rows row result results news newslist articles records content related datalist docs".split()
)


def read(fill: Fill, answer: bytes, charset: str | None, url: str, article: Article) -> list[Link] | None:
    """The links in an answer, in its order; an empty list where it says that there are none; ``None`` where it says nothing usable.

    ``charset`` is that of the answer's Content-Type; what it is really in is told by the bytes. ``url`` is the answer's address, for
    errors alone: relative addresses count from the article's page, whose script writes them there. Times without a zone are
    China's. Never raises.
    """
    if not answer or len(answer) > MAX_ANSWER:
        return None
    place = Page(b"", (article.visit.url if article.visit else None) or article.url or url, now=clock(article))
    text = decode(answer, charset).text.lstrip("\ufeff")
    if fill.format == "html":
        return _fragment(fill, text, place, article)
    found = _parsed(text)
    if found is _NOTHING:
        return None
    return _listed(fill, found, place, article)


def clock(article: Article) -> datetime | None:
    """When an article was fetched: what its answers' times count from."""
    return datetime.fromisoformat(article.fetched_at) if article.fetched_at else None


_NOTHING = object()


def _parsed(text: str) -> Any:
    """A JSON value, bare or within JSONP or an assignment, also as scripts write objects; `_NOTHING` where there is none."""
    text = text.strip().replace("\x00", "")
    if text.startswith("<"):
        return _NOTHING
    if text[:1] not in ("{", "["):
        wrapped = _WRAPPED.match(text)
        if wrapped is None:
            return _NOTHING
        text = text[wrapped.end() :].lstrip()
        if text[:1] not in ("{", "["):
            return _NOTHING
    for lenient in (False, True):
        try:
            return _DECODER.raw_decode(_LITERAL.sub(_as_json, text) if lenient else text)[0]
        except (ValueError, RecursionError, OverflowError):
            continue
    return _NOTHING


_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


def _as_json(match: re.Match[str]) -> str:
    literal = match[0]
    first = literal[0]
    if first == '"':
        return literal
    if first == "'":
        return json.dumps(_unquoted(literal), ensure_ascii=False)
    if first == ",":
        return ""
    return "null" if literal == "undefined" else f'"{literal}"'


def _unquoted(literal: str) -> str:
    """What a string of a script says."""
    inner = literal[1:-1].replace('\\"', '"').replace("\\'", "'").replace("\\/", "/")
    inner = re.sub(r"\\(?![bfnrtu\\])", "", inner).replace('"', '\\"')
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner.replace("\\", "")


def _at(value: Any, path: str) -> Any:
    """What stands at a dotted path; ``None`` where nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and len(step) < 6 and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _listed(fill: Fill, found: Any, place: Page, article: Article) -> list[Link] | None:
    items = _at(found, fill.items) if fill.items else _first_list(fill, found)
    if isinstance(items, dict) and items and all(isinstance(one, dict) for one in islice(items.values(), 50)):
        # {"1": {...}, "2": {...}}, as PHP writes lists.
        items = list(items.values())
    if not isinstance(items, list):
        return None
    if not items:
        return None if _is_failure(found) else []
    links = _links(fill, items, place, article)
    return links or None


def _is_failure(found: Any) -> bool:
    """Whether an answer without links says that something went wrong."""
    if not isinstance(found, dict):
        return False
    told = (found.get(name) for name in ("code", "status", "errcode", "errno", "ret", "error_code"))
    return any(isinstance(one, int | str) and not isinstance(one, bool) and _FAILED.fullmatch(str(one)) for one in told)


def _first_list(fill: Fill, found: Any) -> list[Any] | None:
    """The first list of objects with title and address, outer ones first; else an empty list where one would stand."""
    level: list[tuple[str, Any]] = [("list", found)]
    empty: list[Any] | None = None
    steps = 0
    for _ in range(8):
        inner: list[tuple[str, Any]] = []
        for name, value in level:
            steps += 1
            if steps > MAX_STEPS:
                return empty
            if isinstance(value, list):
                if not value and name.lower() in _LISTS:
                    empty = value
                objects = [one for one in value[:MAX_LINKS] if isinstance(one, dict)]
                good = sum(bool(_text(fill, one, "title")) and bool(_text(fill, one, "url")) for one in objects)
                if good and 2 * good >= len(objects):
                    return value
                inner += [("", one) for one in value[:MAX_LINKS]]
            elif isinstance(value, dict):
                inner += [(str(key), one) for key, one in islice(value.items(), MAX_LINKS)]
        level = inner
    return empty


def _text(fill: Fill, item: dict[str, Any], name: str) -> str:
    """A field of an item as text: at its path, by its template, or under a usual name."""
    path = fill.fields.get(name)
    if path is None:
        folded = {str(key).lower().replace("_", ""): value for key, value in islice(item.items(), 60)}
        return next((text for usual in _USUAL[name] if (text := _plain(folded.get(usual)))), "")
    if "{" not in path:
        return _plain(_at(item, path))
    parts: list[str] = []
    for match in re.finditer(r"\{([^{}]*)\}|([^{}]+)", path):
        value = _plain(_at(item, match[1])) if match[1] is not None else match[2]
        if not value:
            return ""
        parts.append(value)
    return "".join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, list) and value:
        # Several images: the first.
        value = value[0]
    if isinstance(value, dict):
        value = value.get("url") or value.get("src")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, str):
        return value[: 4 * MAX_URL]
    try:
        return str(value)
    except ValueError:
        return ""


def _words(text: str) -> str:
    """Text without its tags: titles come with <em> and &quot;."""
    return clean(html.unescape(_TAG.sub("", text)))


def _links(fill: Fill, items: Sequence[Any], place: Page, article: Article) -> list[Link]:
    at = datetime.fromisoformat(article.published_at) if article.published_at else None
    links: list[Link] = []
    seen: set[str] = set()
    for item in islice(items, 2 * MAX_LINKS):
        if not isinstance(item, dict):
            continue
        title = _words(_text(fill, item, "title"))[: 2 * MAX_TITLE]
        url = place.absolute(html.unescape(_text(fill, item, "url")))
        if len(title) < 2 or len(url or "") > MAX_URL or (url or title) in seen:
            continue
        seen.add(url or title)
        printed = _words(_text(fill, item, "published"))[:80]
        moment = dates.of_link(printed, at, place.now) if printed else None
        links.append(
            Link(
                len(links) + 1,
                title,
                url,
                place.absolute(html.unescape(_text(fill, item, "thumbnail"))),
                _words(_text(fill, item, "summary")) or None,
                _words(_text(fill, item, "source"))[:100] or None,
                moment.iso() if moment else None,
                clean(moment.raw) if moment else None,
            )
        )
        if len(links) >= MAX_LINKS:
            break
    # What leads nowhere is no list of articles.
    return links if any(link.url for link in links) else []


def _fragment(fill: Fill, text: str, place: Page, article: Article) -> list[Link] | None:
    if fill.items:
        inner = _at(_parsed(text), fill.items)
        if not isinstance(inner, str):
            return None
        text = inner
    elif text.lstrip()[:1] not in ("<", ""):
        written = _WRITTEN.findall(text)
        text = "".join(map(_unquoted, written)) if written else text
    page = Page(f"<html><body>{text}</body></html>".encode("utf-8", "replace"), place.url, charset="utf-8", now=place.now)
    at = datetime.fromisoformat(article.published_at) if article.published_at else None
    root = page.tree.find(".//body")
    if root is None:
        return None
    links = Items(page, Anchors(), set(), set(), at).read([root], set())
    if links and any(link.url for link in links) and not page.tags.get("title"):
        return links
    # Empty: nothing, or the frame of a list. Words without links, or a page of its own, say that something went wrong.
    return None if page.text(root) or page.tags.get("title") else []
