"""From feeds and sitemaps to article addresses: RSS, Atom, RDF, sitemaps, news sitemaps and indexes of them. No I/O."""

from __future__ import annotations

import calendar
import codecs
import html
import re
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from html.entities import html5
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawl.days import SHANGHAI
from newscrawl.extract import dates
from newscrawl.extract.page import MAX_TITLE, Page, decode
from newscrawl.extract.text import clean

if TYPE_CHECKING:
    from lxml.etree import ParserTarget
    from lxml.etree._parser import CustomTargetParser

    _Target = ParserTarget[None]
else:
    _Target = object

Kind = Literal["rss", "atom", "sitemap", "index"]

MAX_ENTRIES = 50_000
"""Entries and children that are read at most: what sitemaps.org lets one file hold."""

MAX_BYTES = 50 * 1024 * 1024
"""Bytes that are read at most, unpacked: what sitemaps.org lets one file have."""

MAX_MENDED = 8 * 1024 * 1024
"""Characters of a malformed document that is read a second time with its tags put in order."""

MAX_TAGS = 2_000_000
"""Elements that are read at most: 50,000 addresses of forty elements each."""

MAX_DEPTH = 256
"""Nesting at which reading ends; libxml2 sets itself the same limit, but keeps to it only where it builds a tree."""

MAX_MEMBERS = 1000
"""Members of a gzip file, which are joined; most have one."""

MAX_PROLOG = 1024 * 1024
"""Bytes in which the first element must begin."""

MAX_ADDRESS = 4096
"""Characters of an address; sitemaps.org lets one have 2,048."""

MAX_ROBOTS = 512 * 1024
"""Bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB at least."""

AHEAD = timedelta(days=1)
"""How far a date may lie in the future and be believed; servers that name a wrong zone are half a day ahead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed or sitemap says of one address.

    ``url`` is absolute, http or https, as written otherwise. ``title`` is one clean line of `MAX_TITLE` characters at
    most. ``at`` is when it was published, or last changed where only that is told: aware, in +08:00, midnight where no
    time was given; ``None`` where it is not told, cannot be read, or lies before 1990 or more than `AHEAD` in the future.
    """

    url: str
    title: str | None = None
    at: datetime | None = None


@dataclass(slots=True)
class Feed:
    """A feed, a sitemap or an index of sitemaps.

    ``entries``: articles, in document order, each address once. ``children``: the sitemaps that an index names, with
    when each was last changed. ``flags``: ``truncated`` where a limit of this module cut it; ``broken`` where its XML or
    its packing is at fault so that something may be missing (cut off, wrongly nested, undecodable): what was there is
    read. Bare ampersands, HTML's entities and lines before the declaration are put right without a flag.
    """

    kind: Kind
    entries: list[Entry] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


_GZIP = b"\x1f\x8b"

# -- the forms

_ROOTS: dict[str, Kind] = {
    "rss": "rss",
    "rdf": "rss",
    # 互联网新闻开放协议, Baidu's form of old: <document><item><link/><title/><pubDate/>
    "document": "rss",
    "feed": "atom",
    "urlset": "sitemap",
    "sitemapindex": "index",
}
# What may stand before the first element: blanks, and byte-order marks (as Latin-1 reads them, too).
_VOID = " \t\r\n\x00\ufeff\xef\xbb\xbf"
_DECLARATION = re.compile(r"<\?xml\s")
_NAME = re.compile(r"<(?:[^\W\d][\w.-]{0,99}:)?([^\W\d][\w.-]{0,99})(?=[\s/>])")
_DOCTYPE = re.compile(
    r"""<!DOCTYPE(?:[^<>"'\[]++|"[^"]*+"|'[^']*+')*+(?:\[(?:[^]<"']++|"[^"]*+"|'[^']*+'|<!--(?:(?s:.*?)-->|(?s:.*))|<)*+][^>]*+)?>""",
    re.I,
)
_ENTITY = re.compile(r"<!ENTITY\s++(?:%\s++)?+([^\s\"'<>]{1,64}+)", re.I)

# What XML cannot hold at all, in a text that has no surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
# What a parser would stumble over, stop at or follow. A class comes first, so that all else is passed over at full speed;
# what has no end goes to the text's end, so that each place is read once.
_ODD = re.compile(
    r"""
    [&<](?:
      (?<=&)(?:(?P<name>\#[0-9]{1,9}|\#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{0,63});)?+
    | (?<=<)(?:
        (?P<cdata>!\[CDATA\[(?:.*?]]>|.*))
      | (?P<unseen>!--(?:.*?-->|.*) | \?(?:.*?\?>|.*) | ![^>]*+>?)
      | (?P<bare>(?![^\W\d]|/[^\W\d]))
      )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_TAG = re.compile(
    r"""<(?:!\[CDATA\[(?:.*?]]>|.*)|(?P<closing>/?)(?P<name>[^\W\d][\w:.-]*+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>)""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""\s+([^\W\d][\w:.-]*+)=(?:"[^"<]*+"|'[^'<]*+')""")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})

# Fields by where they stand below their entry, each with what is done with it. Names in lower case; those of Dublin Core and of
# Atom within another form with their prefix, those of the entry's own form, of news sitemaps and without a namespace without.
_TEXTS: dict[str, str] = {
    "link": "link",
    "loc": "link",
    "guid": "guid",
    "id": "id",
    "title": "title",
    "news/title": "title",
    "data/display/title": "title",
    "dc:title": "title",
    # Best first: see _PUBLISHED.
    **dict.fromkeys(
        (
            "news/publication_date", "data/display/pubtime", "published", "issued", "pubdate", "dc:date", "dc:issued", "dc:created",
            "date", "pubtime", "atom:published", "created", "updated", "modified", "dc:modified", "atom:updated", "lastmod",
        ),
        "time",
    ),
}  # fmt: skip
_PUBLISHED = {name: rank for rank, name in enumerate(name for name, use in _TEXTS.items() if use == "time")}
_MOST = {"link": 2 * MAX_ADDRESS, "guid": 2 * MAX_ADDRESS, "id": 2 * MAX_ADDRESS, "title": 16 * MAX_TITLE, "time": 200}
_ENTRY_TAGS = {"rss": frozenset({"item"}), "atom": frozenset({"entry"})}
_SITEMAP_TAGS = frozenset({"url", "sitemap"})
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,1000}>|<!--.{0,1000}?-->", re.DOTALL)

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml", "application/xml"})
# WordPress: /comments/feed/, ?feed=comments-rss2; Typecho: /feed/comments/, /feed/rss/comments/
_COMMENTS = re.compile(r"/comments?(?:[/.?-]|$)|[?&]feed=comments", re.I)
# »文登新闻 » 评论Feed«; not 评论 alone, which is a paper's opinion pages.
_OF_COMMENTS = re.compile(r"评论\s*(?:feed|源|聚合|订阅)|的评论|評論\s*(?:feed|訂閱)|comments?\s+(?:rss\s+)?feed", re.I)
_SITEMAP_LINE = re.compile(r"^[ \t\ufeff]*site-?map[ \t]*:[ \t]*(?P<address>[^\s#]{1,4096}+)[^\S\n]*(?:#|$)", re.I | re.M)

# Addresses with nothing to put right or to join, as nearly all are.
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]{1,255}+(?:/[\w./%~,+-]{0,1000}+)?(?:\?[\w./%~,+=-]{1,1000}+)?", re.ASCII)
_BLANKS = re.compile(r"[\t\r\n]+")
_HOST = re.compile(r"[\w.:-]{1,255}")
_IS_HTTP = re.compile(r"\s*https?://", re.I)

# Years and months as RFC 822 has them no more, and never had them.
_SHORT_YEAR = re.compile(r"(?<![0-9])([0-9]{1,2}[ -][A-Za-z]{3,9}[ -])([0-9]{2})(?=\s+[0-9]{1,2}:)")
_HAN_MONTH = re.compile(r"(?<![0-9])([0-9]{1,2})\s+(十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月\s+([12][0-9]{3})(?![0-9])")
_HAN_MONTHS = {
    name: month for month, name in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)
}
_YEAR = re.compile(r"(?<![0-9])[12][0-9]{3}")
_ISO = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")
_UTC = re.compile(r"(?:Z|GMT|UTC?|[+-]00:?00)\s*", re.I)

# 2017-07-28, 2017/07/28, 20170728, 2017_07, 201707, 2017; yyyy=2017&mm=07&dd=28
_PERIOD = re.compile(
    r"""
    (?<![0-9])(?P<year>199[5-9]|20[0-4][0-9])
    (?: (?P<mark>[-_/.]?)(?P<month>0[1-9]|1[0-2])(?:(?P=mark)(?P<day>0[1-9]|[12][0-9]|3[01]))?
      | &(?:mm|month|m)=(?P<month_of>1[0-2]|0?[1-9])(?:&(?:dd|day|d)=(?P<day_of>3[01]|[12][0-9]|0?[1-9]))?
    )?(?![0-9])
    """,
    re.VERBOSE | re.I,
)


# -- what is asked


def read(body: bytes, url: str, *, charset: str | None = None, now: datetime | None = None) -> Feed | None:
    """A feed or sitemap out of what a server sent; ``None`` for anything else (an HTML page, JSON, nothing).

    ``body`` may be packed with gzip. ``url`` is where it was read: relative links are relative to it, and a list of
    addresses, one a line, is taken for a sitemap only where its path ends with ``.txt``. ``charset`` is the one of the HTTP
    header, believed as `page.decode` believes it. ``now`` is when it was fetched (aware; the current time if not given).
    Never raises for what ``body`` holds; never follows an entity, a DTD or anything else that it names.
    """
    flags: set[str] = set()
    for _ in range(2):  # packed by the site, and once more by its server
        if body.startswith(_GZIP):
            body = _unpacked(body, flags)
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
        flags.add("truncated")
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # All charsets but the wide ones have markup where ASCII has it.
    head = body[:MAX_PROLOG].decode("utf-16" if wide else "latin-1", "ignore")
    start = _root(head)
    if start is None and (declared := _DECLARATION.search(head, 0, 4096)):
        # A script's warning, or whatever else a server put before the document.
        start = _root(head, declared.start())
    now = now or datetime.now(SHANGHAI)
    if start is None:
        return _listed(body, charset, flags) if _path(url).endswith((".txt", ".txt.gz")) else None
    declared = _DECLARATION.search(head, 0, start.at)
    decoded = decode(body[declared.start() :] if declared and not wide else body, charset)
    if decoded.damaged and "truncated" not in flags:
        flags.add("broken")
    start = _root(decoded.text)
    if start is None:
        return None
    text = _sound(decoded.text[start.at :], start.declared)
    feed = _Reading(start, url, now, flags).read(text)
    if "broken" in feed.flags and len(text) <= MAX_MENDED:
        again = _Reading(start, url, now, {*flags, "broken"}).read(_balanced(text))
        if len(again.entries) + len(again.children) >= len(feed.entries) + len(feed.children):
            feed = again
    return feed if feed.entries or start.name != "document" else None


def announced(page: Page) -> list[str]:
    """The feeds that an HTML page names in ``<link rel=alternate>``, in its order, each once; feeds of comments are left out."""
    found: dict[str, None] = {}
    for element in page.tags.get("link", ()):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if kind not in _FEED_TYPES or "alternate" not in (element.get("rel") or "").lower().split():
            continue
        url = page.absolute(element.get("href"))
        if not url or not _IS_HTTP.match(url) or _COMMENTS.search(_path(url, query=True)):
            continue
        if not _OF_COMMENTS.search(clean(element.get("title"))):
            found[url] = None
    return list(found)


def in_robots(body: bytes, url: str) -> list[str]:
    """The sitemaps that a robots.txt names, in its order, each once; ``url`` is its own address."""
    text = decode(body[:MAX_ROBOTS]).text.replace("\r", "\n")
    found = (_absolute(url, line["address"]) for line in _SITEMAP_LINE.finditer(text))
    return list(dict.fromkeys(address for address in found if address))[:MAX_ENTRIES]


def worth(child: Entry, since: date | None) -> bool:
    """Whether a sitemap may hold something of a day (in China) or later.

    It may not if it was last changed before, or if the latest day, month or year that its address names is over before:
    ``sitemap-2017-07.xml``, ``sitemap_20170728.xml``, ``/2017/07.xml``, ``?yyyy=2017&mm=07``. A year alone may as well be a
    running number and counts only where the last change is not told. What nothing is known of may.
    """
    if since is None:
        return True
    if child.at is not None and child.at.astimezone(SHANGHAI).date() < since:
        return False
    ends = [end for match in _PERIOD.finditer(_path(child.url, query=True)) if (end := _end(match, child.at is None))]
    return not ends or max(ends) >= since


# -- packing and lists


def _unpacked(body: bytes, flags: set[str]) -> bytes:
    """What gzip holds, `MAX_BYTES` and one at most: that one tells that there is more."""
    pieces: list[bytes] = []
    room, at = MAX_BYTES + 1, 0
    for _ in range(MAX_MEMBERS):
        unpacking = zlib.decompressobj(wbits=31)
        piece = b"-"
        while room > 0 and not unpacking.eof and (piece or at < len(body)):
            # Small steps: what stands before a fault is kept.
            step = body[at : at + 1024]
            try:
                piece = unpacking.decompress(step, min(room, 1 << 20))
            except zlib.error:
                flags.add("broken")
                return b"".join(pieces)
            at += len(step) - len(unpacking.unconsumed_tail) - len(unpacking.unused_data)
            pieces.append(piece)
            room -= len(piece)
        if not unpacking.eof and room > 0:
            flags.add("broken")
        if room <= 0 or not body.startswith(_GZIP, at):
            break
    else:
        flags.add("truncated")
    return b"".join(pieces)


def _listed(body: bytes, charset: str | None, flags: set[str]) -> Feed | None:
    """A sitemap of plain text: one address a line. Its first line must be one, else it is another kind of text."""
    feed = Feed("sitemap", flags=flags)
    seen: set[str] = set()
    for line in decode(body, charset).text.splitlines():
        line = line.strip("\ufeff \t\x00")
        if not line:
            continue
        url = _absolute("", line) if len(line) <= MAX_ADDRESS else None
        if url is None:
            if not seen:
                return None
            flags.add("broken")
        elif url not in seen:
            if len(seen) == MAX_ENTRIES:
                flags.add("truncated")
                break
            seen.add(url)
            feed.entries.append(Entry(url))
    return feed if feed.entries else None


# -- XML


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the first element begins, what that makes of the document, and the entities that a DTD before it declares."""

    at: int
    kind: Kind
    declared: frozenset[str]
    name: str


def _root(text: str, at: int = 0) -> _Start | None:
    """The first element, if it is one that a feed or sitemap begins with."""
    declared: frozenset[str] = frozenset()
    for _ in range(1000):
        begin, at = at, text.find("<", at)
        if at < 0 or text[begin:at].strip(_VOID):
            return None
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4) + 3
        elif text.startswith("<?", at):
            end = text.find("?>", at) + 2
        elif text.startswith("<!", at):
            doctype = _DOCTYPE.match(text, at)
            if doctype is None:
                return None
            declared |= frozenset(_ENTITY.findall(doctype[0]))
            end = doctype.end()
        else:
            name = _NAME.match(text, at)
            kind = _ROOTS.get(name[1].lower()) if name else None
            return _Start(at, kind, declared, name[1].lower()) if name and kind else None
        if end <= at:
            return None
        at = end
    return None


def _sound(text: str, declared: frozenset[str]) -> str:
    """The text with nothing left that would stop the parser or that it could follow: no DTD, comment, instruction or entity.

    HTML's entities become their characters, those that the DTD declared nothing, all other ampersands text.
    """

    def mended(match: re.Match[str]) -> str:
        if match.lastgroup == "cdata":
            return match[0]
        if match.lastgroup == "unseen":
            return ""
        if match.lastgroup == "bare":
            return "&lt;"
        name = match["name"]
        if not name:
            return "&amp;"
        if name in _PREDEFINED:
            return match[0]
        if name[0] == "#":
            code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
            legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
            return match[0] if legal else ""
        if characters := html5.get(name + ";"):
            return html.escape(characters)
        return "" if name in declared else f"&amp;{name};"

    return _ODD.sub(mended, _FORBIDDEN.sub("", text))


def _balanced(text: str) -> str:
    """The text with each end tag that nothing began left out, and each that is missing put in; sound attributes only.

    The parser takes any end for the one of the innermost element, so that one ``</p>`` too many in a description that is
    not escaped costs it all that follows.
    """
    opened: list[str] = []
    standing: dict[str, int] = {}

    def mended(match: re.Match[str]) -> str:
        closing, name, rest = match.group("closing", "name", "rest")
        if name is None:
            return match[0]
        key = name.lower()
        if not closing:
            attributes = {found[1]: found[0] for found in _ATTRIBUTE.finditer(rest)}
            if rest.rstrip().endswith("/"):
                return f"<{name}{''.join(attributes.values())}/>"
            opened.append(name)
            standing[key] = standing.get(key, 0) + 1
            return f"<{name}{''.join(attributes.values())}>"
        ends = []
        while standing.get(key):
            last = opened.pop()
            standing[last.lower()] -= 1
            ends.append(f"</{last}>")
            if last.lower() == key:
                break
        return "".join(ends)

    return _TAG.sub(mended, text)


def _parser(target: _Target) -> CustomTargetParser[None]:
    # A second wall: _sound() leaves no DTD and no entity. Never collect_ids=False here: libxml2 (2.14.6) then loads the
    # external DTD and the parameter entities that a document names, whatever load_dtd says.
    return etree.XMLParser(
        encoding="utf-8",
        target=target,
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
    )


@lru_cache(maxsize=1024)
def _name(tag: str, own: str) -> str:
    """A tag's name as the table of fields has it; ``own`` is the namespace of its entry. ``?`` for what is foreign to it."""
    space, _, name = tag.rpartition("}")
    space, name = space[1:], name.lower()
    if space in ("", own) or "sitemap-news" in space:
        return name
    if space.startswith("http://purl.org/dc/"):
        return "dc:" + name
    if space in ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"):
        return "atom:" + name
    return "?"


class _Field(NamedTuple):
    """An element whose text is wanted: how many are open around it, its place below the entry, its use."""

    depth: int
    place: str
    use: str
    base: str
    is_permalink: bool


@dataclass(slots=True)
class _Draft:
    """An entry that is being read. Addresses are as written, with the base that they are relative to."""

    tag: str
    own: str
    base: str
    links: list[tuple[int, str, str]] = field(default_factory=list)
    title: str = ""
    times: dict[str, str] = field(default_factory=dict)


class _Reading(_Target):
    """One document on its way through the parser, which calls `start`, `data` and `end`; no tree is built."""

    def __init__(self, start: _Start, url: str, now: datetime, flags: set[str]) -> None:
        self.url, self.now = url, now
        self.feed = Feed(start.kind, flags=set(flags))
        self.tags = _ENTRY_TAGS.get(start.kind, _SITEMAP_TAGS)
        self.seen: dict[str, set[str]] = {"entries": set(), "children": set()}
        # Open elements: tag, place below the entry ("" outside of any, "." the entry itself), base address.
        self.open: list[tuple[str, str, str]] = []
        self.count = 0
        self.stopped = False
        self.draft: _Draft | None = None
        self.field: _Field | None = None
        self.pieces: list[str] = []
        self.length = 0

    def read(self, text: str) -> Feed:
        """``text`` begins with the first element, and is as `_sound` leaves it."""
        parser = _parser(self)
        try:
            for at in range(0, len(text), 65536):
                parser.feed(text[at : at + 65536].encode("utf-8", "replace"))
                if self.stopped:
                    break
            else:
                parser.close()
        except etree.XMLSyntaxError:
            self.feed.flags.add("broken")
        if not self.stopped:
            self._finish()
            # What was cut here is cut on purpose, and all else with it that is open.
            if "truncated" not in self.feed.flags and (
                self.open or any(error.level == etree.ErrorLevels.FATAL for error in parser.feed_error_log)
            ):
                self.feed.flags.add("broken")
        if self.feed.kind == "sitemap" and self.feed.children and not self.feed.entries:
            self.feed.kind = "index"
        return self.feed

    # -- what the parser calls

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.stopped:
            return
        self.count += 1
        if self.count > MAX_TAGS:
            self._stop("truncated")
            return
        if len(self.open) >= MAX_DEPTH:
            self._stop("broken")
            return
        base = self.open[-1][2] if self.open else self.url
        if attributes and (given := attributes.get(_BASE)):
            base = _absolute(base, given) or base
        draft = self.draft
        if self.open and (tag == draft.tag if draft is not None else tag.rpartition("}")[2].lower() in self.tags):
            if draft is not None:
                # Within another one: that one was never closed.
                self._finish()
                while self.open.pop()[1] != ".":
                    pass
            self.draft = draft = _Draft(tag, tag.rpartition("}")[0][1:], base)
            self.open.append((tag, ".", base))
            if about := attributes.get(_ABOUT):
                draft.links.append((4, base, about))
            return
        place = ""
        if draft is not None and self.open:
            above = self.open[-1][1]
            name = _name(tag, draft.own) if len(tag) < 200 else "?"
            place = name if above == "." else f"{above}/{name}" if above and len(above) < 100 else ""
            if self.field is None:
                self._begin(draft, place, base, attributes)
        self.open.append((tag, place, base))

    def data(self, text: str) -> None:
        if self.field is None or self.length >= (most := _MOST[self.field.use]):
            return
        text = text[:most] if self.length else text.lstrip()[:most]
        self.pieces.append(text)
        self.length += len(text)

    def end(self, tag: str) -> None:
        if self.stopped or not self.open:
            return
        if self.open[-1][0] != tag and all(opened[0] != tag for opened in self.open):
            return
        closed = ("", "", "")
        # A start that the parser itself gave up has no end of its own.
        while closed[0] != tag:
            closed = self.open.pop()
            if self.field is not None and len(self.open) == self.field.depth:
                self._keep()
            if closed[1] == ".":
                self._finish()

    def close(self) -> None:
        """Nothing: the end of the text is no end of what is still open."""

    # -- entries

    def _stop(self, flag: str) -> None:
        self.feed.flags.add(flag)
        self.stopped, self.draft, self.field = True, None, None

    def _begin(self, draft: _Draft, place: str, base: str, attributes: dict[str, str]) -> None:
        if place in ("link", "atom:link") and (href := attributes.get("href")):
            relation = attributes.get("rel", "alternate").strip().lower()
            if relation == "alternate":
                is_page = attributes.get("type", "text/html").strip().lower() in ("text/html", "application/xhtml+xml")
                draft.links.append((3 * (place != "link") + (not is_page), base, href))
        if use := _TEXTS.get(place):
            is_permalink = use != "guid" or attributes.get("isPermaLink", "true").strip().lower() != "false"
            self.field = _Field(len(self.open), place, use, base, is_permalink)
            self.pieces, self.length = [], 0

    def _keep(self) -> None:
        """The text of a field that ended."""
        draft, field_ = self.draft, self.field
        self.field = None
        if draft is None or field_ is None:
            return
        text = "".join(self.pieces)
        if not text:
            return
        if field_.use == "link":
            draft.links.append((0, field_.base, text))
        elif field_.use == "title":
            draft.title = draft.title or text
        elif field_.use == "time":
            draft.times.setdefault(field_.place, text)
        elif field_.is_permalink and _IS_HTTP.match(text):
            draft.links.append((2, field_.base, text))

    def _finish(self) -> None:
        draft, self.draft, self.field = self.draft, None, None
        if draft is None:
            return
        which = "children" if draft.tag.lower().endswith("sitemap") else "entries"
        for _, base, href in sorted(draft.links, key=lambda link: link[0]):
            url = _absolute(base, href)
            if url is None:
                continue
            seen = self.seen[which]
            if url not in seen:
                if len(seen) >= MAX_ENTRIES:
                    self._stop("truncated")
                    return
                seen.add(url)
                getattr(self.feed, which).append(Entry(url, _title(draft.title), self._at(draft.times)))
            return

    def _at(self, times: dict[str, str]) -> datetime | None:
        for name in sorted(times, key=_PUBLISHED.__getitem__):
            if at := _moment(times[name], self.now):
                return at
        return None


# -- values


def _title(text: str) -> str | None:
    return clean(html.unescape(_MARKUP.sub("", text)))[:MAX_TITLE].rstrip() or None


def _absolute(base: str, href: str) -> str | None:
    """An http or https address, with what stands in it by mistake (line ends, escaped ampersands) put right."""
    if _WHOLE.fullmatch(href):
        return href
    href = clean(_BLANKS.sub("", href)).replace("\\", "/").replace("&amp;", "&").replace(" ", "%20")
    if not href or href.startswith("#") or len(href) > MAX_ADDRESS:
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.hostname or ""):
            return None
        _ = parts.port
    except ValueError:
        return None
    return parts.scheme + url[len(parts.scheme) :] if len(url) <= MAX_ADDRESS else None


def _path(url: str, query: bool = False) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if query and parts.query else parts.path


def _moment(text: str, now: datetime) -> datetime | None:
    """When, out of RFC 822, ISO 8601 or what `dates` reads; without a zone it is in China's.

    What names GMT and lies in the future, and is not if it is taken for China's time, is that.
    """
    text = clean(text[:100])
    if _ISO.fullmatch(text):
        # Nearly all are, and this is ten times as fast.
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        at = at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        return _believed(at, text, now)
    if han := _HAN_MONTH.search(text):
        # 星期五, 28 七月 2017 10:28:00 +0800, as Java prints it in Chinese
        month = _HAN_MONTHS.get(han[2]) or int(han[2])
        text = f"{text[: han.start()]}{han[3]}-{month:02}-{int(han[1]):02}{text[han.end() :]}"
    elif short := _SHORT_YEAR.search(text):
        century = "20" if short[2] < "70" else "19"
        text = f"{text[: short.start(2)]}{century}{text[short.start(2) :]}"
    moment = dates.parse(text, now)
    if moment is None and _YEAR.search(text):
        moment = dates.parse(text, now + AHEAD)
    if moment is None:
        return None
    return moment.at if moment.precision == "day" else _believed(moment.at, text, now)


def _believed(at: datetime, text: str, now: datetime) -> datetime | None:
    if at > now + dates.AHEAD and len(text) > 10 and _UTC.search(text):
        china = at - timedelta(hours=8)
        at = china if china <= now + dates.AHEAD else at
    return at if dates.FIRST <= at <= now + AHEAD else None


def _end(match: re.Match[str], year_counts: bool) -> date | None:
    """The last day of the period that an address names; ``None`` for a year that may be a number, and for no such day."""
    year = int(match["year"])
    month = match["month"] or match["month_of"]
    day = match["day"] or match["day_of"]
    if not month:
        return date(year, 12, 31) if year_counts else None
    last = calendar.monthrange(year, int(month))[1]
    if day and int(day) > last:
        return None
    return date(year, int(month), int(day) if day else last)
