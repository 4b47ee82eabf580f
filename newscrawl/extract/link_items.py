"""The items of a link block: links that share an address, each with its title, summary, time, source and thumbnail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from newscrawl.extract import bylines, dates
from newscrawl.extract.anchors import (
    BRACKETED,
    COUNT,
    DETAIL,
    MORE,
    SENTENCE,
    SEPARATOR,
    Anchors,
    attribute_title,
    is_apart,
    is_publisher,
)
from newscrawl.extract.elements import BLOCK_TAGS, uses_of
from newscrawl.extract.headings import DECORATION
from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.extract.text import clean
from newscrawl.items import Link

# An address that needs no joining and no checking: what page.absolute would give back as it is.
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/[!-\[\]-~]*)?")
# A page's address and relative ones of which joining is adding.
_BASE = re.compile(r"(https?://[a-z0-9][a-z0-9.-]*|)(?:(?<=.)(/(?:[\w-][\w.-]*/)*)[\w.-]*(?:\?[\w=&.%-]*)?)?", re.A)
_RELATIVE = re.compile(r"(?!(?i:https?)/?$)(/|\./)?([\w-][\w.-]*(?:/[\w-][\w.-]*)*/?(?:\?[\w=&.%-]+)?)", re.A)

_IMAGE_ATTRIBUTES = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "lazy-src",
    "lazysrc",
    "data-echo",
    "_src",
    "original",
    "src",
)
_NO_IMAGE = re.compile(r"blank|loading|placeholder|spacer|lazy|gr[ae]y|icon|play|arrow|dot\.|transparent|default", re.I)

_CUTS = frozenset("…⋯.。")
_CUT = re.compile(r"\s*(?:…+|⋯+|\.{2,}|。。+)$")
_CLOSING = {"[": "]", "【": "】", "(": ")", "（": "）", "〔": "〕"}
_LABELS = frozenset(
    "专题 视频 图集 组图 图片 直播 独家 置顶 热 新 荐 原创 快讯 推荐 广告 音频 图文 头条 要闻 评论 高清 VR 动图 数读 辟谣 海报 H5 微视频 图解 访谈 NEW HOT TOP".split()
)
_DURATION = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")
_INDEX = re.compile(r"\d{1,3}\s*[.、:：)图张]?")
_BULLET = re.compile(r"^[\s·•●■◆▪▶►»›>◎○□☆★※*+]+(?=\S)")
_TIMEISH = re.compile(r"\d\s*[-/.年月:：]\s*\d|\d\s*(?:秒|分钟|小时|天|日)前|刚刚|昨[天日]|前天|今[天日]|\d月")
_CLOCK = re.compile(r"\d{1,2}[:：-]\d{2}(?:[:：]\d{2})?")
_SOURCE_LABEL = re.compile(r"(?:来源|稿源|来自|出处|作者)\s*[于自]?\s*[:：]")
_RIM = " |｜·•⋅-—[]()（）【】"
_TITLE_TAGS = frozenset("h1 h2 h3 h4 h5 h6 strong b dt".split())

MAX_TOPS = 8
"""Elements of one item that stand apart: image, title, summary …"""
MAX_DEPTH = 16
"""Steps from a link to the element that holds its item."""
MAX_TITLE = 200
"""Characters of the longest text that is believed to be a title."""
MAX_LINKS = 200
"""Items read of one block."""


class _Piece(NamedTuple):
    """One text of an item: ``owner`` holds it, ``link`` is the link that it stands in, ``line`` is it in one clean line."""

    text: str
    owner: Element
    link: Element | None
    line: str


class Items:
    """Reads the items of blocks: groups links that share an address, and tells title, summary, time and source apart."""

    def __init__(self, page: Page, anchors: Anchors, hosts: Set[Element], marks: Set[Element], article: datetime | None) -> None:
        self.page = page
        self.anchors = anchors
        self.hosts = hosts
        """Elements that hold a heading: no text of an item."""
        self.marks = marks
        """The same and all that they stand in: no item reaches beyond them."""
        self.article = article
        self.urls: dict[str, str | None] = {}
        base = _BASE.fullmatch(page.base)
        self.base = (base[1] and base[1] + "/", base[1] and base[1] + (base[2] or "/")) if base else None
        """What ``/x`` and ``x`` are added to, if that is all there is to joining them."""

    def read(self, roots: Sequence[Element], claimed: set[Element]) -> list[Link]:
        """The items below ``roots``, but for links that another block ``claimed``; its own are claimed for it."""
        groups = self._groups(roots, claimed)
        if not groups:
            return []
        rooted = set(roots)
        tops = self._tops(rooted, groups)
        starts = {top[0] for top in tops}
        leading = self._time_leads(tops[0][0], rooted)
        links: list[Link] = []
        unlinked: set[str] = set()
        for group, top in zip(groups[:MAX_LINKS], tops, strict=False):
            beside = self._before(top[0], starts, rooted) if leading else self._after(top[-1], starts, rooted)
            link = self._link(group, top, beside)
            if link is None or (link.url is None and link.title in unlinked):
                continue
            if link.url is None:
                unlinked.add(link.title)
            link.position = len(links) + 1
            links.append(link)
        return links

    def _groups(self, roots: Sequence[Element], claimed: set[Element]) -> list[list[Element]]:
        """The links of each item: those that share an address, its fragment aside."""
        groups: dict[str, list[Element]] = {}
        for root in roots:
            for a in root.iter("a"):
                if a in claimed:
                    continue
                claimed.add(a)
                one = self.anchors[a]
                if one.role == "other" or self._in_heading(a) or is_apart(a):
                    continue
                key = url = self._url(one.href)
                if url is None:
                    key = "#" + one.text if one.text else None
                elif "#" in url:
                    base, _, fragment = url.partition("#")
                    key = url if fragment[:1] in ("/", "!") else base
                if key is not None:
                    groups.setdefault(key, []).append(a)
        return list(groups.values())

    def _url(self, href: str) -> str | None:
        if href not in self.urls:
            self.urls[href] = self._joined(href)
        return self.urls[href]

    def _joined(self, href: str) -> str | None:
        """What ``page.absolute`` gives, without its splitting and joining for the ordinary forms."""
        if _PLAIN.fullmatch(href):
            return href
        if self.base is not None and (match := _RELATIVE.fullmatch(href)):
            root, folder = self.base
            return href if not root else root + match[2] if match[1] == "/" else folder + match[2]
        return self.page.absolute(href)

    def _in_heading(self, a: Element) -> bool:
        parent = a.getparent()
        hosts = self.hosts
        return a in hosts or (parent in hosts and parent is not None and len(parent) == 1)

    def _tops(self, rooted: set[Element], groups: list[list[Element]]) -> list[list[Element]]:
        """For each item the highest elements that hold nothing of another."""
        mixed = -1
        owner: dict[Element, int] = {}
        for place, group in enumerate(groups):
            for a in group:
                node: Element | None = a
                for _ in range(MAX_DEPTH):
                    if node is None:
                        break
                    held = owner.setdefault(node, place)
                    if held == mixed:
                        break
                    if held != place:
                        owner[node] = mixed
                    if node in rooted:
                        break
                    node = node.getparent()
        tops: list[list[Element]] = []
        for place, group in enumerate(groups):
            found: dict[Element, None] = {}
            for a in group:
                top = a
                for _ in range(MAX_DEPTH):
                    parent = top.getparent()
                    if top in rooted or parent is None or owner.get(parent) != place:
                        break
                    top = parent
                found[top] = None
            if len(found) > 1:
                found = {top: None for top in found if found.keys().isdisjoint(islice(top.iterancestors(), MAX_DEPTH))}
            tops.append(list(islice(found, MAX_TOPS)))
        return tops

    def _after(self, top: Element, starts: set[Element], rooted: set[Element]) -> list[_Piece]:
        """The texts after an item, up to the next: its time or summary may stand beside its link, not around it."""
        inside = top not in rooted
        out: list[_Piece] = []
        parent = top.getparent()
        if parent is None:
            return out
        if inside and (tail := top.tail) and not tail.isspace() and not SEPARATOR.fullmatch(tail):
            out.append(_Piece(tail, parent, None, clean(tail)))
        node = top.getnext()
        for _ in range(6):
            if node is None or node in starts or (not inside and node not in rooted) or node in self.marks:
                break
            if isinstance(node.tag, str) and node.tag not in UNSEEN_TAGS:
                if any(self._heads(a) for a in node.iter("a")):
                    break
                out += _pieces(node)
            if (tail := node.tail) and not tail.isspace():
                out.append(_Piece(tail, parent, None, clean(tail)))
            node = node.getnext()
        return out

    def _before(self, top: Element, starts: set[Element], rooted: set[Element]) -> list[_Piece]:
        """The texts before an item, back to the one before it."""
        parent = top.getparent()
        if top in rooted or parent is None:
            return []
        out: list[_Piece] = []
        node = top.getprevious()
        for _ in range(4):
            if node is None:
                out[:0] = [_Piece(parent.text, parent, None, clean(parent.text))] if parent.text else []
                break
            if node.tail:
                out.insert(0, _Piece(node.tail, parent, None, clean(node.tail)))
            if node in starts or node in self.marks or any(self._heads(a) for a in node.iter("a")):
                break
            if isinstance(node.tag, str) and node.tag not in UNSEEN_TAGS:
                out[:0] = _pieces(node)
            node = node.getprevious()
        return out

    def _time_leads(self, top: Element, rooted: set[Element]) -> bool:
        """Whether times stand before the links, not after them, in a list without a frame around each item."""
        before = "".join(piece.text for piece in self._before(top, set(), rooted))
        return 4 < len(before) < 60 and bool(_TIMEISH.search(before)) and self._moment(clean(before)) is not None

    def _heads(self, a: Element) -> bool:
        return self.anchors[a].role != "other"

    def _moment(self, text: str) -> dates.Moment | None:
        return dates.of_link(text, self.article, self.page.now)

    # -- one item

    def _link(self, group: list[Element], tops: list[Element], beside: list[_Piece]) -> Link | None:
        a = group[0]
        first = self.anchors[a]
        if len(group) == 1 and not beside and not len(a) and _holds_only(tops[0], a):
            # Most items: one link in its list element, nothing else.
            title = _BULLET.sub("", first.text)
            return Link(1, title, self._url(first.href), full_title=_whole(title, [a])) if _is_title(title) else None
        own = set(group)
        details = {a for a in group if self.anchors[a].role == "detail"}
        pieces = [piece for top in tops for piece in _pieces(top)]
        by_link: dict[Element, list[_Piece]] = {}
        for piece in pieces:
            if piece.link is not None:
                by_link.setdefault(piece.link, []).append(piece)
        titles: list[tuple[str, Element]] = []
        rest: set[int] = set()
        for a in group:
            texts = by_link.get(a, [])
            title, beyond = ("", texts) if a in details else _title_in_link(a, texts)
            if title:
                titles.append((title, a))
            rest.update(map(id, beyond))
        others = [p for p in pieces if (id(p) in rest if p.link in own else p.link is None or is_publisher(p.link))]
        others += [piece for piece in beside if piece.link is None or is_publisher(piece.link)]
        others = [piece for piece in others if not _is_noise(piece, details) and piece.owner not in self.hosts]
        title, summary = self._title(titles, others, group, tops)
        if not _is_title(title):
            return None
        raw, at, source, rest_of_it = self._rest(others, details)
        summary = rest_of_it or summary
        if summary and _same_words(summary, title):
            summary = None
        href = first.href
        if not (first.role == "item" and first.text):
            href = next((one.href for a in group if (one := self.anchors[a]).role == "item" and one.text), href)
        return Link(1, title, self._url(href), self._thumbnail(tops), summary, source, at, raw, _whole(title, group))

    def _title(
        self, titles: list[tuple[str, Element]], others: list[_Piece], group: list[Element], tops: list[Element]
    ) -> tuple[str, str | None]:
        """The item's title, and its summary where that is a link of its own; what serves as title is taken off ``others``."""
        if len(titles) == 1:
            return titles[0][0][: 2 * MAX_TITLE], None
        if titles:
            titles = [(text[: 2 * MAX_TITLE], a) for text, a in titles]
            place = next((i for i, (text, _) in enumerate(titles) if 5 <= len(text) <= MAX_TITLE), None)
            if place is None:
                place = max(range(len(titles)), key=lambda i: len(titles[i][0]))
            title, _ = titles[place]
            whole, stem = title, _CUT.sub("", title)
            summary: str | None = None
            for text, _ in titles[place + 1 :]:
                if stem and len(whole) < len(text) <= 80 and text.startswith(stem):
                    # The same title, cut in one place and whole in the other.
                    whole = text
                elif len(text) >= 15 and not title.startswith(_CUT.sub("", text)):
                    summary = summary or text
            return whole, summary
        for i, piece in enumerate(others):
            if _is_title(piece.line) and (piece.owner.tag in _TITLE_TAGS or "title" in uses_of(piece.owner)):
                return others.pop(i).line, None
        plain = [i for i, piece in enumerate(others) if _is_title(piece.line) and not _TIMEISH.search(piece.text)]
        if len(plain) == 1 and len(text := others[plain[0]].line) <= 60 and not SENTENCE.search(text[:-1]):
            del others[plain[0]]
            return text, None
        for image in (image for top in tops for image in top.iter("img")):
            for name in ("alt", "title"):
                lines = (image.get(name) or "").strip().splitlines()
                if lines and _is_title(clean(lines[0])):
                    return clean(lines[0]), None
        return next((title for a in group if (title := attribute_title(a))), ""), None

    def _rest(self, others: list[_Piece], details: set[Element]) -> tuple[str | None, str | None, str | None, str | None]:
        """Time as printed, its instant, source and summary out of the texts beside the title."""
        if not others:
            return None, None, None, None
        raw: str | None = None
        at: str | None = None
        source: str | None = None
        used: set[int] = set()
        texts = [piece.line for piece in others]
        for i, text in enumerate(texts):
            if len(text) > 60 or others[i].link in details or not _TIMEISH.search(text) or _DURATION.fullmatch(text):
                continue
            last = i
            if i + 1 < len(texts) and _CLOCK.fullmatch(texts[i + 1]):
                # 2019-09-30 <span>07:42</span>
                text, last = f"{text} {texts[i + 1]}", i + 1
            moment = self._moment(text)
            if moment is None:
                continue
            rest = clean(text.replace(moment.raw, " ", 1))
            if len(rest) > 24 or SENTENCE.search(rest):
                # A date within a sentence is no time of publication.
                continue
            raw, at = clean(moment.raw), moment.iso()
            used.update(range(i, last + 1))
            source = _source(rest)
            for near in (last + 1, i - 1):
                if source is None and 0 <= near < len(texts) and _is_beside(others[near], others[i]):
                    source = _source(texts[near])
                    if source is not None:
                        used.add(near)
            break
        for i, text in enumerate(texts):
            if source is not None or i in used or len(text) > 30:
                continue
            if _SOURCE_LABEL.match(text) or ("source" in uses_of(others[i].owner) and _is_source(text)):
                source = _source(text)
                used.add(i)
                # The label and its value may stand apart.
                if source is None and i + 1 < len(texts) and i + 1 not in used and _is_source(texts[i + 1]):
                    source = _source(texts[i + 1])
                    used.add(i + 1)
        return raw, at, source, _summary(others, texts, used, details)

    def _thumbnail(self, tops: list[Element]) -> str | None:
        for image in (image for top in tops for image in top.iter("img")):
            attributes = dict(image.items())
            for name in _IMAGE_ATTRIBUTES:
                value = attributes.get(name)
                if not value or value.startswith("data:") or _NO_IMAGE.search(value.rpartition("/")[2][:80]):
                    continue
                if url := self._url(value):
                    return url
        return None


def _pieces(root: Element) -> list[_Piece]:
    """The texts of an element in reading order, each with what holds it. Its tail is not its text."""
    out: list[_Piece] = []
    if not isinstance(root.tag, str) or root.tag in UNSEEN_TAGS:
        return out
    link = root if root.tag == "a" else None
    if (text := root.text) and not text.isspace():
        out.append(_Piece(text, root, link, clean(text)))
    # Elements that are open: what is left of each, itself, the link that it stands in or is.
    todo = [(iter(root), root, link)]
    while todo:
        children, parent, link = todo[-1]
        for child in children:
            tag = child.tag
            if isinstance(tag, str) and tag not in UNSEEN_TAGS:
                inner = child if tag == "a" else link
                if (text := child.text) and not text.isspace():
                    out.append(_Piece(text, child, inner, clean(text)))
                if len(child):
                    todo.append((iter(child), child, inner))
                    break
            if (text := child.tail) and not text.isspace():
                out.append(_Piece(text, parent, link, clean(text)))
        else:
            todo.pop()
            if todo and (text := parent.tail) and not text.isspace():
                out.append(_Piece(text, todo[-1][1], todo[-1][2], clean(text)))
    return out


def _box(element: Element) -> Element:
    """The element that an element's text flows in."""
    node: Element | None = element
    for _ in range(MAX_DEPTH):
        if node is None or node.tag in BLOCK_TAGS:
            break
        node = node.getparent()
    return element if node is None else node


def _holds_only(top: Element, a: Element) -> bool:
    """Whether an element holds one link and besides it nothing but bullets and numbers."""
    node = a
    for _ in range(3):
        if node is top:
            return True
        parent = node.getparent()
        if parent is None or any(child is not node and (len(child) or child.tag in ("img", "a")) for child in parent):
            return False
        for text in (parent.text, *(child.tail for child in parent), *(child.text for child in parent if child is not node)):
            if text and not text.isspace() and not (SEPARATOR.fullmatch(text) or _INDEX.fullmatch(text.strip())):
                return False
        node = parent
    return node is top


def _same_words(summary: str, title: str) -> bool:
    """Whether two texts, neither empty, differ in nothing but decoration."""
    if summary[0] != title[0] and ord(summary[0]) not in DECORATION and ord(title[0]) not in DECORATION:
        return False
    return summary.translate(DECORATION) == title.translate(DECORATION)


def _title_in_link(a: Element, texts: list[_Piece]) -> tuple[str, list[_Piece]]:
    """The title among the texts of one link, and those that are something else: a link may hold a whole card."""
    if len(texts) == 1:
        text = texts[0].line
        return ("", []) if _DURATION.fullmatch(text) or text in _LABELS else (_BULLET.sub("", text), [])
    groups: list[tuple[Element, list[_Piece]]] = []
    for piece in texts:
        box = piece.owner
        for _ in range(MAX_DEPTH):
            parent = box.getparent()
            if box is a or box.tag in BLOCK_TAGS or parent is None:
                break
            box = parent
        if groups and groups[-1][0] is box:
            groups[-1][1].append(piece)
        else:
            groups.append((box, [piece]))
    if len(groups) == 1:
        kept = [piece for piece in texts if not _is_mark(piece, a)]
        apart = [p for p in kept if p.owner is not a and len(kept) > 1 and len(p.text.strip()) <= 20 and _TIMEISH.search(p.text)]
        return _BULLET.sub("", clean("".join(p.text for p in kept if p not in apart))), apart
    joined = [clean("".join(p.text for p in pieces if not _is_mark(p, a))) for _, pieces in groups]
    best: int | None = None
    for i, (box, pieces) in enumerate(groups):
        if _is_title(joined[i]) and (
            box.tag in _TITLE_TAGS
            or "title" in uses_of(box)
            or any(p.owner.tag in _TITLE_TAGS or "title" in uses_of(p.owner) for p in pieces)
        ):
            best = i
            break
    if best is None:
        best = next(
            (i for i, text in enumerate(joined) if _is_title(text) and not (_TIMEISH.search(text) and len(text) <= 24)), None
        )
    if best is None:
        return "", texts
    return _BULLET.sub("", joined[best]), [p for i, (_, pieces) in enumerate(groups) if i != best for p in pieces]


def _is_mark(piece: _Piece, a: Element) -> bool:
    """A number, label or length set beside a title within its link."""
    text = piece.line
    return piece.owner is not a and (text in _LABELS or bool(_INDEX.fullmatch(text)) or bool(_DURATION.fullmatch(text)))


def _whole(title: str, anchors: Iterable[Element]) -> str | None:
    """The whole of a title that is printed cut (…), out of a link's ``title`` attribute that begins with the same words."""
    if title[-1:] not in _CUTS or len(title) > MAX_TITLE:
        return None
    stem = _CUT.sub("", title)
    if stem != title and len(stem) >= 4:
        for a in anchors:
            full = attribute_title(a)
            if len(full) > len(stem) and full.startswith(stem):
                return full
    return None


def _is_title(text: str) -> bool:
    if len(text) > 24:
        return len(text) <= MAX_TITLE
    return len(text) >= 3 and not (MORE.fullmatch(text) or DETAIL.fullmatch(text) or SEPARATOR.fullmatch(text))


def _is_noise(piece: _Piece, details: set[Element]) -> bool:
    if piece.link is not None and piece.link in details:
        return False
    return len(piece.line) <= 24 and _says_nothing(piece.line)


@lru_cache(maxsize=8192)
def _says_nothing(text: str) -> bool:
    """Whether a short text is a label, a number, a count, punctuation or a button."""
    return (
        text in _LABELS
        or bool(SEPARATOR.fullmatch(text) or _INDEX.fullmatch(text) or COUNT.fullmatch(text) or MORE.fullmatch(text))
        or bool(BRACKETED.fullmatch(text) and not _TIMEISH.search(text) and not DETAIL.fullmatch(text))
    )


def _is_source(text: str) -> bool:
    return 2 <= len(text) <= 20 and _names_source(text)


@lru_cache(maxsize=8192)
def _names_source(text: str) -> bool:
    return not (
        SENTENCE.search(text) or _TIMEISH.search(text) or _CUT.search(text) or COUNT.fullmatch(text) or DETAIL.fullmatch(text)
    )


@lru_cache(maxsize=1024)
def _source(text: str) -> str | None:
    """The source that a short text names; a site's items name the same few."""
    text = _SOURCE_LABEL.sub("", text).strip(_RIM)
    return bylines.source(text) if text and not COUNT.fullmatch(text) else None


def _is_beside(piece: _Piece, time: _Piece) -> bool:
    """Whether a text next to a time may be a source: short, or at least in one line with it."""
    text = piece.line
    if not _is_source(text) or "summary" in uses_of(piece.owner):
        return False
    return len(text) <= 10 or "source" in uses_of(piece.owner) or _box(piece.owner) is _box(time.owner)


def _summary(others: list[_Piece], texts: list[str], used: set[int], details: set[Element]) -> str | None:
    """The longest text beside a title, with what stands in one line with it and its [详细]."""
    best: int | None = None
    for i, text in enumerate(texts):
        if i in used or others[i].link in details or DETAIL.fullmatch(text):
            continue
        if best is not None and len(text) <= len(texts[best]):
            continue
        if len(text) >= 12 or (len(text) >= 6 and "summary" in uses_of(others[i].owner)):
            best = i
    if best is None:
        return None
    box = _box(others[best].owner)

    def belongs(i: int) -> bool:
        return 0 <= i < len(texts) and i not in used and others[i].link not in details and _box(others[i].owner) is box

    first = last = best
    while belongs(first - 1):
        first -= 1
    while belongs(last + 1):
        last += 1
    text = texts[best] if first == last else clean("".join(piece.text for piece in others[first : last + 1]))
    if not DETAIL.fullmatch(text[-4:]):
        for i in range(len(others)):
            if not first <= i <= last and i not in used and (others[i].link in details or DETAIL.fullmatch(texts[i])):
                # [<a>详细</a>]: the bracket behind the link is a piece of its own, and was taken for a separator.
                closing = _CLOSING.get(text[-1:], "")
                return text + texts[i] + ("" if texts[i].endswith(closing) else closing)
    return text
