"""Bytes to tree: one fetched page, decoded once, parsed once and indexed once. No I/O."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from lxml import etree
from resiliparse.parse.encoding import detect_encoding

from newscrawl.days import SHANGHAI
from newscrawl.extract.text import clean

Element: TypeAlias = etree._Element

MAX_BYTES = 8 * 1024 * 1024
"""What is parsed of a page at most; the rest is cut and the page flagged ``truncated``."""

MAX_DEPTH = 2000
"""Nesting that no real page has. libxml2 stops without a word at 2,048; such pages are flagged ``deep`` and flattened."""

MAX_TITLE = 300
"""Characters of a heading that may be a title."""

# Containers whose loss costs a page its layout but not its text.
_CONTAINERS = re.compile(rb"</?(?:div|span|font|center|section|article|table|tbody|tr|td|ul|ol|dl|b|i|em|strong|a)\b[^>]*>", re.I)

# libxml2 takes time in the square of a tag's attributes (100,000: half a minute); no real tag has a hundred.
_CROWDED = re.compile(
    rb"""(<[a-zA-Z][^\s<>/]*+)(?:[\s/]*+[^\s/<>"'=][^\s/<>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"'][^\s<>]*+))?+){1000,}+"""
)

# Never part of what a reader sees.
UNSEEN_TAGS = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select", "textarea"})

_LINE_ENDS = re.compile(r"[\t\n\r]+")
# Addresses that joining only puts together: no dot segments, nothing escaped, empty or ambiguous.
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[\w./%~,+-]*)?(?:\?[\w./%~,+&=-]+)?", re.ASCII)
_RELATIVE = re.compile(r"(?!(?i:https?)$)(?:\./|/)?((?:[\w%~-][\w.%~-]*+/)*+[\w%~-][\w.%~-]*+(?:\?[\w./%~,+&=-]+)?)", re.ASCII)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,20})""", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# What a declared name means in practice: browsers read gb2312 and gbk as their superset, and so does everyone's CMS.
_SUPERSET = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "gb18030",
    "gb_2312-80": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip

# Common in any Chinese text; what wrongly decoded bytes do not give.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三"
    "之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间"
    "样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革"
    "位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南"
    "给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具"
    "万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容"
    "儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江"
    "時們來國會說對學過後還個發為這動經開問長東車門間電見現"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text and how it was found: ``charset`` as Python names it, ``by`` one of bom, utf-8, header, meta, detected."""

    text: str
    charset: str
    by: str
    damaged: int
    """Characters that could not be read."""


def _readable(text: str) -> float:
    """Share of the text's CJK characters that are common ones: near .6 in Chinese, near 0 in mojibake; 1 without any."""
    han = [c for c in text[:20000] if "\u3400" <= c <= "\u9fff" or c == "\ufffd" or "\ue000" <= c <= "\uf8ff"]
    if not han:
        # No Chinese: plain text as it is, but a crowd of accented letters is most often Chinese read wrongly.
        return 1.0 if sum("\x80" <= c <= "\xff" for c in text[:20000]) < 50 else 0.3
    return sum(c in _COMMON for c in han) / len(han)


_ONE_BYTE = ("ascii", "iso8859", "cp125", "koi8", "mac-", "charmap", "unicode-escape", "raw-unicode-escape")


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    name = name.strip().strip("\"'").lower()
    try:
        found = _SUPERSET.get(name) or codecs.lookup(name).name
        # Not all that Python can look up is a charset: base64, idna, undefined and their like cannot read just any byte.
        b"\xff".decode(found, "replace")
    except (LookupError, ValueError):
        return None
    return found


def decode(body: bytes, header: str | None = None) -> Decoded:
    """Decode a page's bytes, trusting what decodes over what is declared.

    ``header`` is the charset of the HTTP header or of a manifest. Order: byte-order mark; UTF-8 where the bytes are
    valid UTF-8 (a double-byte text of any length practically never is), whatever is declared; the declared ones if
    they decode strictly into readable Chinese; detection over the candidates, the most readable wins.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(name, "replace")
            return Decoded(text, name, "bom", text.count("\ufffd"))
    if body.isascii():
        return Decoded(body.decode("ascii"), "utf-8", "utf-8", 0)
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "utf-8", 0)
    except UnicodeDecodeError:
        pass
    head = body[:4096]
    said = [("header", header)]
    said += [("meta", m.group(1).decode("ascii")) for m in (_META_CHARSET.search(head), _XML_CHARSET.search(head)) if m]
    declared = [(by, codec) for by, name in said if (codec := _codec(name)) and not codec.startswith("utf-16")]
    # One byte a character reads anything: such a declaration proves nothing on a page that is not ASCII.
    declared = [(by, name) for by, name in declared if not name.startswith(_ONE_BYTE)]
    for by, name in declared:
        if name == "utf-8":
            continue
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if _readable(text) >= 0.2:
            return Decoded(text, name, by, 0)
    names = ["utf-8", *(name for _, name in declared), _codec(detect_encoding(body)) or "gb18030", "gb18030", "big5hkscs"]
    best = Decoded("", "utf-8", "detected", 0)
    best_score = float("-inf")
    for name in dict.fromkeys(names):
        text = body.decode(name, "replace")
        damaged = text.count("\ufffd")
        # UTF-8 proves itself: a wrong guess damages nearly every character, a damaged page only some.
        wide = sum(1 for c in text[:50000] if c > "\x7f") or 1
        score = _readable(text) - min(1.0, 4 * damaged / wide)
        if score > best_score:
            by = next((by for by, codec in declared if codec == name), "detected")
            best, best_score = Decoded(text, name, by, damaged), score
    return best


class Page:
    """One page: its tree, its text by element, and quick ways to its parts.

    ``body`` is what the server sent, after content decoding. ``url`` is where it was read (may be empty for a saved
    page). ``charset`` is the one declared outside the page (HTTP header, manifest). ``now`` is when it was fetched, the
    moment that relative dates (昨天, 3小时前) count from; aware, defaults to the current time.

    ``flags`` says what was odd: ``truncated`` (longer than `MAX_BYTES`), ``deep`` (nested beyond `MAX_DEPTH`),
    ``mojibake`` (characters that no charset could read), ``crowded`` (a tag had thousands of attributes, which were
    dropped), ``empty``.
    """

    def __init__(self, body: bytes, url: str = "", *, charset: str | None = None, now: datetime | None = None) -> None:
        self.url = url
        self.now = (now or datetime.now(SHANGHAI)).astimezone(SHANGHAI)
        self.flags: set[str] = set()
        self.size = len(body)
        if len(body) > MAX_BYTES:
            body = body[:MAX_BYTES]
            self.flags.add("truncated")
        self.decoded = decode(body, charset)
        self.charset = self.decoded.charset
        if self.decoded.damaged:
            self.flags.add("mojibake")
        text = self.decoded.text
        if "\x00" in text:
            data = text.replace("\x00", "").encode("utf-8", "replace")
        else:
            # Bytes that are UTF-8 throughout are what the parser wants.
            data = body if self.decoded.by == "utf-8" else text.encode("utf-8", "replace")
        if len(data) > 65536 and _CROWDED.search(data):
            data = _CROWDED.sub(rb"\1", data)
            self.flags.add("crowded")
        root = _parse(data)
        if root is not None and _depth_at_end(root) >= MAX_DEPTH:
            self.flags.add("deep")
            root = _parse(_CONTAINERS.sub(b" ", data))
        if root is None:
            self.flags.add("empty")
            root = etree.fromstring(b"<html><body></body></html>", etree.HTMLParser())
        self.tree: Element = root

    @property
    def html(self) -> str:
        """The page as text, for what stands in scripts and comments."""
        return self.decoded.text

    @cached_property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to: ``<base href>`` where it has one, else the page's address."""
        for element in self.tags.get("base", ()):
            href = clean(element.get("href"))
            if href:
                return _join(self.url, href) or self.url
        return self.url

    # -- the index: one pass over the tree, made when first asked for

    @cached_property
    def _index(self) -> tuple[dict[str, Element], dict[str, list[Element]], dict[str, list[Element]]]:
        ids: dict[str, Element] = {}
        classes: defaultdict[str, list[Element]] = defaultdict(list)
        tags: defaultdict[str, list[Element]] = defaultdict(list)
        for element in self.tree.iter("*"):
            tags[element.tag].append(element)  # type: ignore[index]
            if (name := element.get("id")) and name not in ids:
                ids[name] = element
            if value := element.get("class"):
                for name in value.split():
                    classes[name].append(element)
        # What is asked for is not put in.
        classes.default_factory = tags.default_factory = None
        return ids, classes, tags

    @property
    def ids(self) -> dict[str, Element]:
        """Elements by ``id``; the first where an id stands twice."""
        return self._index[0]

    @property
    def classes(self) -> dict[str, list[Element]]:
        """Elements by each word of ``class``, in document order."""
        return self._index[1]

    @property
    def tags(self) -> dict[str, list[Element]]:
        """Elements by tag, in document order."""
        return self._index[2]

    @cached_property
    def meta(self) -> dict[str, str]:
        """``<meta>`` values by lower-cased name, property or itemprop; the first that is not empty."""
        found: dict[str, str] = {}
        for element in self.tags.get("meta", ()):
            content = element.get("content")
            if not content:
                continue
            for attribute in ("name", "property", "itemprop"):
                name = element.get(attribute)
                if name and (value := clean(content)):
                    found.setdefault(name.strip().lower(), value)
        return found

    @cached_property
    def title_tag(self) -> str:
        """The text of ``<title>``."""
        for element in self.tags.get("title", ()):
            if value := clean("".join(element.itertext())):
                return value
        return ""

    @cached_property
    def headings(self) -> list[str]:
        """The texts of the first dozen each of ``<h1>``, ``<h2>`` and ``<h3>`` that are no longer than a title, as they stand."""
        texts = (_short_text(element) for tag in ("h1", "h2", "h3") for element in self.tags.get(tag, ())[:12])
        return [text for text in texts if text]

    @cached_property
    def comments(self) -> list[str]:
        """The text of every HTML comment: some CMSes keep their marks and fields there."""
        return [c.text or "" for c in self.tree.iter(etree.Comment)]

    # -- reading

    def absolute(self, href: str | None) -> str | None:
        """An http or https address out of an ``href`` or ``src``; ``None`` for script, mail, data and broken ones."""
        return _join(self.base, href)

    def text(self, element: Element) -> str:
        """An element's text as one clean line, scripts and styles left out."""
        return clean(raw_text(element))


def _parse(data: bytes) -> Element | None:
    if not data or data.isspace():
        return None
    # The parser is told the encoding, so that no <meta> changes it half-way; huge_tree lifts the depth limit of 256.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError):
        return None


def _depth_at_end(root: Element) -> int:
    """How deep the last element of the tree lies: where libxml2 gave up, that is its limit."""
    depth, node = 1, root
    while len(node):
        node, depth = node[-1], depth + 1
    return depth


@lru_cache(maxsize=64)
def _places(base: str) -> tuple[str, str] | None:
    """What addresses that begin at a site's root, and those that do not, stand behind; ``None`` for a base without a host."""
    if not base.startswith(("http://", "https://")) or _resolved(base, "/") is None:
        return None
    return urljoin(base, "/"), urljoin(base, "x")[:-1]


def _join(base: str, href: str | None) -> str | None:
    if not href:
        return None
    if _WHOLE.fullmatch(href):
        return href
    if (plain := _RELATIVE.fullmatch(href)) and (places := _places(base)) is not None:
        return places[href[0] != "/"] + plain[1]
    return _resolved(base, href)


def _resolved(base: str, href: str) -> str | None:
    # As browsers do: line ends within an address do not count, and a backslash is a slash.
    href = clean(_LINE_ENDS.sub("", href)).replace("\\", "/")
    if not href or href.startswith("#") or href.rstrip("/:").lower() in ("http", "https"):
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            # A saved page without an address keeps its relative links as they are written.
            if not base and not parts.scheme and not href.startswith("//"):
                return href
            return None
        _ = parts.port
    except ValueError:
        return None
    return url


def _short_text(element: Element) -> str:
    """An element's text, empty where it is too long for a title: the reading stops there."""
    if not len(element):
        text = element.text or ""
        return text if len(text) <= MAX_TITLE else ""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext(with_tail=False):
        pieces.append(str(piece))
        length += len(piece)
        if length > MAX_TITLE:
            return ""
    return "".join(pieces)


def raw_text(element: Element) -> str:
    """An element's text in document order, unseen elements skipped, ``<br>`` as a newline; its tail is not its text."""
    if not len(element):
        return "" if element.tag in UNSEEN_TAGS else "\n" if element.tag == "br" else element.text or ""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    # No recursion: a page nested 200,000 deep must not break it.
    skip: Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end", "comment")):
        if event == "start":
            if skip is None:
                if node.tag in UNSEEN_TAGS:
                    skip = node
                else:
                    if node.tag == "br":
                        yield "\n"
                    if node.text:
                        yield node.text
        else:
            if skip is node:
                skip = None
            if skip is None and node is not element and node.tail:
                yield node.tail


def where(element: Element) -> str:
    """Where an element stands, for people: ``div.layout > div.left``; its nearest id or three steps."""
    steps: list[str] = []
    node: Element | None = element
    while node is not None and len(steps) < 3 and isinstance(node.tag, str):
        step = node.tag
        if name := node.get("id"):
            step += f"#{name}"
        elif words := (node.get("class") or "").split():
            step += "." + words[0]
        steps.append(step)
        if name:
            break
        node = node.getparent()
    return " > ".join(reversed(steps))
