"""Where the link blocks of a page stand that have a heading or a telling name.

A block is found by its heading (`headings.HEADINGS`), else by the name that its container bears (``relate``, ``tuijian``,
``xgxw``, ``phb`` …). A heading without items is a block too, for it is there and a script fills it. The answer is kept per
page. Nothing recurses, and every look around an element has a bound, so that a hostile page costs no more than its size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice, takewhile
from typing import NamedTuple, cast
from weakref import WeakKeyDictionary

from lxml import etree

from newscrawl.extract.anchors import MORE, SENTENCE, Anchors, is_article, is_goods, is_list
from newscrawl.extract.elements import (
    BLOCK_TAGS,
    HEADING_TAGS,
    first_kind,
    holds,
    is_hidden,
    kind_named,
    place_of,
    short_text,
    texts_of,
    uses_named,
    uses_of,
    within,
)
from newscrawl.extract.headings import (
    ALONE,
    CHOSEN,
    DECORATION,
    HALVES,
    LONGEST_TEXT,
    announced,
    heading_text,
    may_head,
    unknown_words,
)
from newscrawl.extract.link_items import MAX_LINKS
from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.extract.text import clean
from newscrawl.items import LinkKind

_LINE_TAGS = frozenset("p li dl dt dd a tr ul ol table b strong font span h2 h3 h4 h5 h6 br".split())
_NO_HEADING_TAGS = frozenset("li ul ol a em i td tr body html input p img".split())
_FIELD_TAGS = UNSEEN_TAGS | {"input", "button", "label", "form", "option", "title", "meta", "link", "br", "img", "hr"}
# After these a heading may stand as bare text: an icon, an anchor, a line break, half of its words.
_TAILED_TAGS = frozenset("a b br em font i img ins span strong u script hr div input small label".split())
_SILENT_TAGS = frozenset("script style meta link title head html noscript option input base".split())

MAX_HEADINGS = 120
"""Headings read on one page, out of four times as many texts that might be; real ones have under 60."""
MAX_CLIMB = 6
"""Steps from a heading to the element beside which its list stands; real pages need four."""


class _Heading(NamedTuple):
    """A text that heads a block: ``element`` holds it; ``after`` is the child whose tail it is, if it is one;
    ``inside``: what follows it within ``element`` may be its list. ``kind`` ``None``: unknown words in a heading's place."""

    place: tuple[int, ...]
    kind: LinkKind | None
    text: str
    element: Element
    after: Element | None
    inside: bool


@dataclass(slots=True)
class Found:
    """Where a block stands: ``parts`` make it up, heading included, ``roots`` hold its items."""

    place: tuple[int, ...]
    kind: LinkKind
    heading: str | None
    parts: list[Element]
    roots: list[Element]


@dataclass(slots=True)
class Scan:
    """What is known of a page's blocks; it holds elements but not the page, so that it dies with it."""

    found: list[Found] = field(default_factory=list)
    anchors: Anchors = field(default_factory=Anchors)
    claimed: set[Element] = field(default_factory=set)
    """Links that stand in a block."""
    hosts: set[Element] = field(default_factory=set)
    """Elements that hold a heading."""
    marks: set[Element] = field(default_factory=set)
    """The same and all that they stand in."""
    lines: list[tuple[Element, Element]] | None = None
    """Links alone on their lines among paragraphs (`links._lines_in_prose`), once asked for."""


_scans: WeakKeyDictionary[Page, Scan] = WeakKeyDictionary()


def scan_of(page: Page) -> Scan:
    """What is known of a page's blocks; looked for once and kept as long as the page."""
    scan = _scans.get(page)
    if scan is None:
        scan = _scans[page] = Scan()
        _Finder(page, scan).run()
    return scan


@dataclass(slots=True)
class _Gathered:
    """What followed a heading: ``roots`` hold items; ``to_end``: nothing else follows them in their parent; ``waiting``:
    an empty element or a script, for items to come; ``prose``: running text; ``stopped``: by another block, a footer …"""

    roots: list[Element] = field(default_factory=list)
    to_end: bool = False
    waiting: bool = False
    prose: bool = False
    stopped: bool = False


class _Finder:
    """Finds the blocks of a page that have a heading or a telling name."""

    def __init__(self, page: Page, scan: Scan) -> None:
        self.page = page
        self.scan = scan
        self.headings: list[_Heading] = []
        self.leading: set[Element] = set()
        """Elements that begin with a heading: they belong to that one, not to the one before."""
        self.frames: set[Element] = set()
        """The article's title and what holds it: no block reaches that far."""

    def run(self) -> None:
        for title in self.page.tags.get("h1", ())[:5]:
            if not announced("".join(islice(texts_of(title), 4)))[1]:
                _mark(title, self.frames)
        self._read_headings()
        for heading in self.headings:
            _mark(heading.element, self.scan.marks)
            self.scan.hosts.add(heading.element)
            self._lead(heading)
        # From the end: an inner block takes its links before the one that stands around it.
        for heading in reversed(self._tabs()):
            self._follow(heading)
        self._by_name()
        self.scan.found.sort(key=lambda one: one.place)

    def _read_headings(self) -> None:
        told: list[tuple[Element, Element | None, str]] = []
        for tag, found in self.page.tags.items():
            if tag not in _SILENT_TAGS:
                told += [
                    (element, None, text.strip())
                    for element in found
                    if (text := element.text) and 1 < len(text) < 80 and may_head(text)
                ]
            if tag in _TAILED_TAGS:
                told += [
                    (host, element, text.strip())
                    for element in found
                    if (text := element.tail)
                    and 1 < len(text) < 80
                    and may_head(text)
                    and (host := element.getparent()) is not None
                ]
        images = [
            img
            for img in self.page.tags.get("img", ())
            if (alt := img.get("alt")) and len(alt) <= LONGEST_TEXT and announced(alt)[1]
        ]
        seen: set[Element] = set()
        for host, after, text in sorted(told[: 4 * MAX_HEADINGS], key=lambda one: place_of(one[0])):
            if len(self.headings) >= MAX_HEADINGS:
                break
            heading = self._heading(host, after, text)
            if heading is None or heading.element in seen:
                continue
            if not heading.inside:
                # Put together from its halves: they are none by themselves.
                self.headings = [one for one in self.headings if one.element.getparent() is not heading.element]
                seen.update(islice(heading.element.iterdescendants("*"), 12))
            seen.add(heading.element)
            self.headings.append(heading)
        for image in images[:MAX_HEADINGS]:
            # An image that leads to an article is its thumbnail, whatever it is called.
            bare, kind = announced(image.get("alt") or "")
            if len(bare) >= 4 and not within(image, "a", 2):
                self.headings.append(_Heading(place_of(image), kind, clean(image.get("alt")), image, None, False))
        self._unknown(seen)
        self.headings.sort(key=lambda one: one.place)

    def _heading(self, host: Element, after: Element | None, text: str) -> _Heading | None:
        if host.tag in UNSEEN_TAGS:
            return None
        bare, kind = announced(text)
        if bare in HALVES:
            parent = host if after is not None else host.getparent()
            if parent is not None and 2 <= len(parent) + bool(parent.text) <= 6:
                joined = "".join(islice(texts_of(parent), 8))
                whole, told = announced(joined) if len(joined) < 80 else ("", None)
                first = whole.removesuffix(bare)
                # Two words that each head a list of their own are two tabs.
                tabs = bare in ALONE and announced(first)[1]
                if told and first and first != whole and not tabs and self._is_heading(parent, told, whole):
                    return _Heading(place_of(host), told, heading_text(joined), parent, None, False)
        if kind is None or not self._is_heading(host, kind, bare):
            return None
        if _continued(host, after) and not (kind in CHOSEN and len(bare) >= 4):
            return None
        return _Heading(place_of(host), kind, heading_text(text), host, after, True)

    def _is_heading(self, host: Element, kind: LinkKind, bare: str) -> bool:
        """Whether words that could head a block stand where a heading stands, not in a menu or a list's item."""
        strong = kind in CHOSEN and len(bare) >= 4
        if len(bare) < 4:
            # Two characters (视频, 推荐) are a menu's word unless the markup says heading.
            above = host.getparent()
            if not (_is_line(host) or (above is not None and _is_line(above))) or within(host, "li", 2):
                return False
        linked = False
        node: Element | None = host
        for step in range(12):
            if node is None:
                break
            tag = node.tag
            if tag in UNSEEN_TAGS or tag in ("nav", "footer", "button", "option"):
                return False
            if tag == "a":
                linked = True
                if _in_menu_row(node) or (not strong and _is_item(node, bare)):
                    return False
            elif tag == "li" and linked and _is_menu(node):
                return False
            uses = uses_of(node)
            if uses and node not in self.frames and not (step < 2 and "line" in uses):
                # In a menu every word is a link; a word that is none may be a tab (ul#menu0 > li).
                if linked and ("foreign" in uses and step > 1 if strong else "menu" in uses):
                    return False
            elif "foreign" in uses and "menu" in uses:
                return False
            node = node.getparent()
        return True

    def _unknown(self, seen: set[Element]) -> None:
        """Words that no table knows, in a heading's place: they end the block before them, and may head one."""
        candidates: list[Element] = []
        for tag in ("h2", "h3", "h4", "h5"):
            candidates += self.page.tags.get(tag, ())[:60]
        for name, holders in self.page.classes.items():
            if len(holders) <= 24 and "heading" in uses_named(name[:200]):
                candidates += holders
        for element in candidates:
            if element in seen or element.tag in _NO_HEADING_TAGS or len(element) > 3 or len(self.headings) >= MAX_HEADINGS:
                continue
            above = element.getparent()
            # A heading within an item is that item's title.
            if above is None or above.tag in ("li", "dd", "a", "td", "button"):
                continue
            texts = islice(texts_of(element), 9) if len(element) else (element.text or "",)
            words = [text for text in texts if not text.isspace()]
            if len(words) == 2:
                # <h2><span>更多</span>全部文章</h2>
                words = [text for text in words if not MORE.fullmatch(text.strip())]
            if len(words) != 1 or len(words[0]) > 200 or not (text := unknown_words(words[0])) or _is_item(element, text):
                continue
            # 更多新闻 is a heading where it leads nowhere.
            if MORE.fullmatch(text) and (len(text) < 4 or within(element, "a", 2) or holds(element, "a")):
                continue
            if any(node in seen or node.tag in _FIELD_TAGS for node in islice(element.iterdescendants("*"), 12)):
                continue
            seen.add(element)
            self.headings.append(_Heading(place_of(element), None, text, element, None, False))

    def _lead(self, heading: _Heading) -> None:
        node = heading.element
        if heading.after is not None and not _trivial_before(heading.after, including=True):
            return
        self.leading.add(node)
        for _ in range(MAX_CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html"):
                return
            if _says_more(parent.text) or not _trivial_before(node):
                return
            self.leading.add(parent)
            node = parent

    # -- one heading, one list

    def _follow(self, heading: _Heading) -> None:
        node = heading.element
        if heading.kind is None and not self._in_place(heading):
            return
        if heading.inside and (heading.after is not None or len(node)):
            rest = heading.after.itersiblings() if heading.after is not None else iter(node)
            gathered = self._gather(rest, node, leads=False)
            if gathered.roots:
                whole = gathered.to_end and node in self.leading
                self._add(heading, [node] if whole else gathered.roots, gathered.roots)
                return
            if gathered.prose or (heading.after is not None and node not in self.leading):
                return
        for step in range(MAX_CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag == "html" or node in self.frames:
                break
            leads = node in self.leading and parent in self.leading
            gathered = self._gather(node.itersiblings(), parent, leads=leads)
            if gathered.roots:
                whole = gathered.to_end and parent in self.leading and parent not in self.frames
                self._add(heading, [parent] if whole else [node, *gathered.roots], gathered.roots)
                return
            if gathered.prose:
                return
            # A box that its name tells is the block, not the line of its heading: what follows it is another's.
            boxed = step > 0 and first_kind((node,)) is not None and "line" not in uses_of(node)
            if gathered.stopped or boxed or parent not in self.leading:
                break
            node = parent
            if gathered.waiting:
                break
        # Nothing there: only what surely heads a block of articles is one that waits for its script.
        if heading.kind in CHOSEN and len(announced(heading.text)[0]) >= 4 and self._in_place(heading):
            self.scan.found.append(Found(heading.place, heading.kind, heading.text, [node], []))

    def _in_place(self, heading: _Heading) -> bool:
        """Whether a heading stands outside menus, headers, footers and what else has headings of its own."""
        node: Element | None = heading.element
        for _ in range(10):
            if node is None:
                break
            if node.tag in ("a", "nav", "header", "footer") or (node.tag == "li" and _is_menu(node)):
                return False
            uses = uses_of(node)
            if "foreign" in uses or ("menu" in uses and "line" not in uses and node not in self.frames):
                return False
            node = node.getparent()
        return True

    def _add(self, heading: _Heading, parts: list[Element], roots: list[Element]) -> None:
        kind = heading.kind
        anchors = [a for root in roots for a in root.iter("a")]
        items = [one for a in anchors if a not in self.scan.claimed and (one := self.scan.anchors[a]).role != "other"]
        if kind is None:
            # Unknown words head a block if a real list follows; the name of its box may tell what it is for.
            if not is_list(items, len(anchors), 3):
                return
            kind = (first_kind(parts) if len(parts) == 1 else None) or "more"
        elif kind not in CHOSEN:
            # 视频 and 热点 head menus too: only what leads to articles is a block of that kind.
            good = {one.href for one in items if one.article or len(one.text) >= 10}
            if (
                not good
                or (len(good) < 2 and max(len(one.text) for one in items) < 8)
                or 2 * len(good) < len({one.href for one in items})
            ):
                return
        elif 2 * sum(not one.article for one in items) > len(items) and any(is_goods(one.href) for one in items):
            kind = "more"
        self.scan.claimed.update(anchors)
        self.scan.found.append(Found(heading.place, kind, heading.text, parts, roots))

    def _gather(self, siblings: Iterable[Element], parent: Element, *, leads: bool) -> _Gathered:
        """What follows a heading, as far as it is its list."""
        out = _Gathered()
        scan = self.scan
        known, claimed = scan.anchors, scan.claimed
        entries: list[tuple[Element, tuple[str, str], bool]] = []
        pending: list[Element] = []
        between: set[tuple[str, str]] = set()
        gap = False
        for node in siblings:
            tag = node.tag
            if not isinstance(tag, str):
                continue
            if tag in UNSEEN_TAGS:
                # A script right after a heading writes its list.
                out.waiting = out.waiting or (tag == "script" and not entries)
                continue
            if node in self.leading or node in self.frames:
                out.stopped = True
                break
            uses = uses_of(node)
            if "ad" in uses:
                gap = True
                continue
            if "foreign" in uses or tag in ("footer", "form"):
                out.stopped = True
                break
            anchors = [node] if tag == "a" else list(node.iter("a"))
            if "pager" in uses and len(anchors) < 40:
                continue
            items = [a for a in anchors if a not in claimed and known[a].role != "other"]
            if items:
                if self._is_prose(node, anchors, items):
                    out.prose = not entries
                    out.stopped = True
                    break
                between.update(map(_signature, pending))
                entries += [(one, _signature(one), False) for one in pending]
                entries.append((node, _signature(node), gap))
                pending, gap = [], False
                if node in self.scan.marks and node not in self.scan.hosts:
                    out.stopped = True
                    break
                continue
            words = short_text(node, 60)
            if not words:
                if "clear" in uses:
                    gap = gap or bool(entries)
                elif tag in BLOCK_TAGS and tag != "p":
                    out.waiting = True
                    gap = gap or bool(entries)
            elif not entries:
                out.prose = not anchors and (len(words) > 40 or (len(words) > 12 and SENTENCE.search(words) is not None))
                out.stopped = out.prose or node in self.scan.marks
                if out.stopped:
                    break
            elif tag in HEADING_TAGS and not anchors:
                out.stopped = True
                break
            else:
                pending.append(node)
                if len(pending) > 3:
                    break
        if not entries:
            return out
        if pending and _signature(pending[0]) in between:
            entries.append((pending[0], _signature(pending[0]), False))
            pending = pending[1:]
        out.to_end = not out.stopped and sum(len(short_text(one, 40)) for one in pending) < 30
        if not (out.to_end and leads and "column" not in uses_of(parent) and parent.tag != "body"):
            run = _run(entries)
            out.to_end = out.to_end and run == len(entries)
            entries = entries[:run]
        roots = [one for one, _, _ in entries]
        # Of lists that a tab switches, the one that is shown.
        out.roots = [one for one in roots if not is_hidden(one)] or roots
        return out

    def _is_prose(self, node: Element, anchors: list[Element], items: list[Element]) -> bool:
        """Whether an element is running text with links in it, not a list of links, titles and summaries."""
        inside = sum(len(self.scan.anchors[a].text) for a in anchors)
        if inside >= 200 or (node.tag in ("ul", "ol", "li", "table") and inside > 24):
            return False
        flows = node.tag in ("p", "span", "font", "section")
        if not flows:
            # Scripts and white space included, but most often there is too little text even so.
            text = etree.tostring(node, method="text", encoding="unicode", with_tail=False)
            if len(text) <= 250 * len(items) + inside:
                return False
        total = 0
        for text in texts_of(node):
            total += len(text.strip())
            if total > 250 * len(items) + inside + 60:
                return True
        if flows and total - inside > max(40, 2 * inside):
            return not any(self.scan.anchors[a].role == "detail" for a in items) and not holds(node, "img")
        return False

    # -- tabs

    def _tabs(self) -> list[_Heading]:
        """Pair headings that stand side by side with the lists below them; return the headings that are no tabs."""
        rows: dict[Element, list[tuple[Element, _Heading]]] = {}
        for heading in self.headings:
            tab, row = heading.element, heading.element.getparent()
            for _ in range(2):
                if row is None or len(row) != 1 or _says_more(row.text):
                    break
                tab, row = row, row.getparent()
            if row is not None and heading.kind is not None and 2 <= len(row) <= 12 and row.tag not in ("body", "html"):
                rows.setdefault(row, []).append((tab, heading))
        done: set[Element] = set()
        for row, pairs in rows.items():
            tabs = [node for node in row if isinstance(node.tag, str) and node.tag not in UNSEEN_TAGS]
            # Everything in the row is as short as a heading.
            texts = list(takewhile(lambda text: len(text) <= 12, (short_text(node, 12) for node in tabs)))
            if len(texts) < len(tabs):
                continue
            tabs = [node for node, text in zip(tabs, texts, strict=True) if text]
            if len(tabs) < 2:
                continue
            tabs = [node for node in tabs if node.tag == tabs[0].tag]
            if len(pairs) < 2 and not (tabs[0].tag == "li" or "tabs" in uses_of(row)):
                continue
            panels = self._panels(row, len(tabs))
            if len(panels) < 2 and len(pairs) < 2:
                continue
            for tab, heading in pairs:
                if tab in tabs and panels:
                    done.add(heading.element)
                    place = tabs.index(tab)
                    self._tab(heading, tab, panels[place] if place < len(panels) else None)
        return [heading for heading in self.headings if heading.element not in done]

    def _tab(self, heading: _Heading, tab: Element, panel: Element | None) -> None:
        if panel is not None and any(
            a not in self.scan.claimed and self.scan.anchors[a].role != "other" for a in panel.iter("a")
        ):
            self._add(heading, [tab, panel], [panel])
        elif heading.kind in CHOSEN and self._in_place(heading):
            self.scan.found.append(Found(heading.place, heading.kind, heading.text, [tab], []))

    def _panels(self, row: Element, wanted: int) -> list[Element]:
        """The lists below a row of tabs, in their order: as many as tabs, or the one that is there."""
        node = row
        for _ in range(3):
            following: list[Element] = []
            for sibling in node.itersiblings():
                if sibling in self.leading or len(following) > 12:
                    break
                if not isinstance(sibling.tag, str) or sibling.tag in _FIELD_TAGS or sibling.tag in ("a", "span", "i", "em"):
                    continue
                if len(sibling) or clean(sibling.text) or "clear" not in uses_of(sibling):
                    following.append(sibling)
            if following:
                if len(following) >= wanted and len({one.tag for one in following[:wanted]}) == 1:
                    return following[:wanted]
                panel = following[0]
                for _ in range(4):
                    inner = [
                        one
                        for one in panel
                        if isinstance(one.tag, str) and one.tag not in _FIELD_TAGS and one.tag not in ("a", "i", "em")
                    ]
                    inner = [one for one in inner if one.tag != "span" or len(one)]
                    if len(inner) == wanted and len({one.tag for one in inner}) == 1 and inner[0].tag not in ("li", "p", "dd"):
                        return inner
                    if len(inner) != 1:
                        break
                    panel = inner[0]
                return following[:1]
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html"):
                break
            node = parent
        return []

    # -- containers whose name tells them

    def _by_name(self) -> None:
        tried: set[Element] = set()
        named = ((name, (element,)) for name, element in self.page.ids.items())
        for name, holders in chain(self.page.classes.items(), named):
            if len(holders) > 4 or (kind := kind_named(name[:200])) is None or "line" in uses_named(name[:200]):
                continue
            for element in holders:
                if element not in tried and len(tried) < 40 and element.tag in BLOCK_TAGS and element.tag not in ("li", "body"):
                    tried.add(element)
                    self._by_its_name(element, kind)

    def _by_its_name(self, element: Element, kind: LinkKind) -> None:
        scan = self.scan
        if element in self.frames or element in scan.marks or is_hidden(element):
            return
        anchors = list(islice(element.iter("a"), 4 * MAX_LINKS))
        if not anchors or any(a in scan.claimed for a in anchors):
            return
        if not is_list([one for a in anchors if (one := self.scan.anchors[a]).role != "other"], len(anchors), 2):
            return
        node: Element | None = element
        for _ in range(8):
            if node is None:
                break
            if node.tag in ("nav", "header", "footer") or ("menu" in uses_of(node) and node not in self.frames):
                return
            node = node.getparent()
        scan.claimed.update(anchors)
        scan.found.append(Found(place_of(anchors[0]), kind, None, [element], [element]))


def _run(entries: list[tuple[Element, tuple[str, str], bool]]) -> int:
    """How many of the elements that follow a heading in a column are one list: alike, or lines, with no gap between."""
    first = entries[0][1]
    kinds = {first}
    for place, (_, kind, apart) in enumerate(entries):
        if place and kind not in kinds and (apart or not (kind[0] in _LINE_TAGS or kind[1] == first[1])):
            return place
        kinds.add(kind)
    return len(entries)


def _mark(element: Element, marks: set[Element]) -> None:
    node: Element | None = element
    while node is not None and node not in marks:
        marks.add(node)
        node = node.getparent()


def _is_line(element: Element) -> bool:
    return (
        element.tag in HEADING_TAGS
        or element.tag in ("dt", "th", "legend", "caption", "strong", "b")
        or "line" in uses_of(element)
    )


def _is_menu(item: Element) -> bool:
    """Whether a list's item stands among other short links."""
    parent = item.getparent()
    if parent is None:
        return False
    others = [node for node in islice(parent, 8) if node is not item and node.tag == item.tag]
    short = [node for node in others if len(short_text(node, 13)) <= 8 and holds(node, "a")]
    return len(short) >= 2 or (len(short) == 1 and len(others) == 1)


def _in_menu_row(a: Element) -> bool:
    """Whether a link is one of several short ones side by side."""
    parent = a.getparent()
    if parent is None:
        return False
    row = list(islice(parent.iterchildren("a"), 6))
    return len(row) >= 3 and all(len(short_text(node, 9)) <= 8 for node in row)


def _is_item(element: Element, text: str) -> bool:
    """Whether a short text leads to an article: a title, then, and no heading."""
    if len(text) <= 4:
        return False
    link = element if element.tag == "a" else next(element.iterdescendants("a"), None)
    node: Element | None = element
    for _ in range(3):
        if link is None and node is not None:
            node = node.getparent()
            link = node if node is not None and node.tag == "a" else None
    return link is not None and is_article(link.get("href") or "")


def _continued(host: Element, after: Element | None) -> bool:
    """Whether more words of the same line follow a text: then it is no heading but the beginning of a sentence."""
    following = after.getnext() if after is not None else (host[0] if len(host) else None)
    for _ in range(3):
        if following is None or following.tag == "br" or following.tag in BLOCK_TAGS:
            return False
        if following.tail and len(following.tail.strip()) > 12:
            return True
        following = following.getnext()
    return False


def _trivial_before(node: Element, *, including: bool = False) -> bool:
    """Whether nothing that a reader reads as content stands before an element in its parent."""
    previous = node if including else node.getprevious()
    for _ in range(8):
        if previous is None:
            return True
        if not including and _says_more(tail := previous.tail) and len((tail or "").translate(DECORATION)) > 2:
            return False
        including = False
        if isinstance(previous.tag, str) and previous.tag not in UNSEEN_TAGS:
            words = short_text(previous, 6)
            if len(words) > 4 and not MORE.fullmatch(words):
                return False
            if not words and holds(previous, "img") and holds(previous, "a"):
                return False
        previous = previous.getprevious()
    return False


def _signature(element: Element) -> tuple[str, str]:
    """What elements of one list have in common: tag and first class."""
    words = (element.get("class") or "").split(None, 1)
    return str(element.tag), words[0] if words else ""


def _says_more(text: str | None) -> bool:
    """Whether a text is more than white space."""
    return bool(text) and not cast(str, text).isspace() and clean(text) != ""
