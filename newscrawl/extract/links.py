"""The link blocks beside and below an article: 推荐阅读, 相关新闻, 热点排行, 精彩图集 … each with its items.

A block is one that rules name, one that has a heading or a telling name (`link_blocks`), a list of article links that
follows the body, or a row of them among its paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from newscrawl.extract.anchors import SEPARATOR, Anchor, is_article, is_list
from newscrawl.extract.elements import HEADING_TAGS, first_kind, holds, is_hidden, place_of, short_text, texts_of, uses_of
from newscrawl.extract.headings import heading_text, kind_of
from newscrawl.extract.link_blocks import Found, Scan, scan_of
from newscrawl.extract.link_items import Items
from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.items import Block, LinkKind

__all__ = ["blocks", "elements", "kind_of"]

_LINKED_LINES = frozenset("a b strong p font span em u h4".split())
_NO_LINES = frozenset("li dd dt ul ol tr table nav header body".split())

MAX_UNHEADED = 15
"""Links of the longest list that follows a body without a heading and is still taken as recommended with it."""


def blocks(
    page: Page,
    *,
    body: Element | None = None,
    article: datetime | None = None,
    named: Sequence[tuple[LinkKind | None, Element]] = (),
) -> list[Block]:
    """Every link block of an article page.

    ``body`` is the element that holds the article's body: a list of article links after it is a block even without a
    heading. ``article`` is when the article appeared (aware): items print days without a year. ``named`` are containers
    that a site's or a family's rules know, each with its kind or ``None`` (its heading tells); they come first and are not
    found again. The others follow in the page's order.

    A block of 推荐 or 相关 that is headed but empty is there without links. Addresses are absolute http(s) ones; an item
    that a script opens has none but stays, as it is printed. Never raises.
    """
    scan = scan_of(page)
    items = Items(page, scan.anchors, scan.hosts, scan.marks, article)
    claimed: set[Element] = set()
    taken: set[Element] = set()
    out: list[Block] = []
    for kind, container in named:
        out += _named_blocks(scan, items, kind, container, claimed, taken)
    found = [one for one in scan.found if one.roots or taken.isdisjoint(one.parts)]
    found += _lines_of_links(page, scan, claimed)
    if body is not None:
        found += _after_body(scan, body, claimed, found)
    found.sort(key=lambda one: one.place)
    for one in found:
        links = items.read(one.roots, claimed)
        if links or not one.roots:
            out.append(Block(one.kind, one.heading, links))
    return _unique(out)


def elements(page: Page) -> list[Element]:
    """The elements that make up the page's link blocks, headings included, in its order: what a body leaves out.

    Links in running text are in none of them, nor is an element that holds a paragraph besides.
    """
    scan = scan_of(page)
    found = sorted([*scan.found, *_lines_of_links(page, scan, set())], key=lambda one: one.place)
    return list(dict.fromkeys(part for one in found for part in one.parts))


# -- blocks that rules name


def _named_blocks(
    scan: Scan, items: Items, kind: LinkKind | None, container: Element, claimed: set[Element], taken: set[Element]
) -> list[Block]:
    """The block in a container that rules know, or each of several; what is empty in it goes to ``taken``."""
    inside = [one for one in scan.found if any(_is_in(node, container) for node in (*one.parts, *one.roots))]
    around = [one for one in scan.found if any(_is_in(container, root) for root in one.roots)]
    taken.update(node for one in inside if not one.roots for node in one.parts)
    full = [one for one in inside if one.roots]
    out: list[Block] = []
    if len(full) > 1:
        for one in full:
            # What a heading says of its own list is nearer than what rules say of the column.
            told = kind if kind and one.kind == "more" else one.kind
            if found := items.read(one.roots, claimed):
                out.append(Block(told, one.heading, found))
        if kind is None:
            return out
    heading: str | None = None
    told_kind: LinkKind | None = None
    if not out:
        for one in (*full, *around, *inside):
            heading, told_kind = one.heading, one.kind
            break
        else:
            heading, told_kind = _first_heading(container)
    links = items.read([container], claimed)
    if links or (heading is not None and not out and not around):
        out.append(Block(kind or told_kind or first_kind((container,)) or "more", heading, links))
    return out


def _first_heading(container: Element) -> tuple[str | None, LinkKind | None]:
    for element in islice(container.iter(*HEADING_TAGS, "dt", "strong", "b", "span", "div", "p", "li"), 12):
        if (text := "".join(islice(texts_of(element), 6))) and len(text) < 80 and (kind := kind_of(text)):
            return heading_text(text), kind
    return None, None


def _is_in(element: Element, container: Element) -> bool:
    node: Element | None = element
    while node is not None:
        if node is container:
            return True
        node = node.getparent()
    return False


# -- blocks without a heading


def _after_body(scan: Scan, body: Element, claimed: set[Element], found: list[Found]) -> list[Found]:
    """The list of article links that follows the body in its column or in the page."""
    busy = claimed.union(scan.claimed, (a for one in found for root in one.roots for a in root.iter("a")))
    node = body
    for _ in range(5):
        parent = node.getparent()
        if parent is None or node.tag == "body":
            break
        for sibling in node.itersiblings():
            if (
                not isinstance(sibling.tag, str)
                or sibling.tag in UNSEEN_TAGS
                or sibling.tag in ("footer", "nav", "aside", "form", "header")
            ):
                continue
            if is_hidden(sibling) or not uses_of(sibling).isdisjoint(("side", "foreign", "menu", "tags")):
                continue
            anchors = list(islice(sibling.iter("a"), 120))
            if len(anchors) < 3 or any(a in busy for a in anchors):
                continue
            if sum(is_article(a.get("href") or "") for a in anchors[:12]) < 3:
                continue
            read = [one for a in anchors if (one := scan.anchors[a]).role != "other"]
            if not is_list(read, len(anchors), 3) or not _mostly_links(sibling, read):
                continue
            boxes = list(islice(sibling.iter("div", "ul", "ol", "section"), 12))
            if any("foreign" in uses_of(box) for box in boxes):
                continue
            kind = first_kind((sibling, *boxes[:4]))
            if kind is None:
                # A long list, or one under words of its own, is what the site has besides, not what goes with the article.
                loose = len({one.href for one in read}) > MAX_UNHEADED or next(sibling.iter(*HEADING_TAGS), None) is not None
                kind = "more" if loose else "recommended"
            return [Found(place_of(anchors[0]), kind, None, [sibling], [sibling])]
        node = parent
    return []


def _mostly_links(element: Element, items: list[Anchor]) -> bool:
    inside = sum(len(one.text) for one in items)
    total = 0
    for text in texts_of(element):
        total += len(text.strip())
        if total > 3 * inside + 100:
            return False
    return True


def _lines_of_links(page: Page, scan: Scan, claimed: set[Element]) -> list[Found]:
    """Rows of three or more article links, each alone on its line, among the paragraphs of a body (人民网 prints them so)."""
    if scan.lines is None:
        scan.lines = _lines_in_prose(page)
    rows: list[list[Element]] = []
    last: Element | None = None
    for a, line in scan.lines:
        if a in scan.claimed or a in claimed:
            continue
        if last is None or _next_line(last) is not line:
            rows.append([])
        rows[-1].append(line)
        last = line
    found = []
    for lines in rows:
        if len(lines) < 3:
            continue
        anchors = [a for line in lines for a in line.iter("a")]
        read = [one for a in anchors if (one := scan.anchors[a]).role == "item"]
        if len(read) == len(anchors) and is_list(read, len(anchors), 3):
            found.append(Found(place_of(anchors[0]), first_kind(lines[:1]) or "related", None, lines, lines))
    return found


def _lines_in_prose(page: Page) -> list[tuple[Element, Element]]:
    """Links that stand alone on a line among paragraphs: each with the child of the paragraphs' parent that it fills."""
    out: list[tuple[Element, Element]] = []
    seen: set[Element] = set()
    for paragraph in page.tags.get("p", ()):
        above = paragraph.getparent()
        if above is None or above in seen:
            continue
        seen.add(above)
        if above.tag in _NO_LINES or not holds(above, "a"):
            continue
        long = (node for node in islice(above.iterchildren("p"), 20) if len(short_text(node, 60)) > 40)
        if len(list(islice(long, 2))) < 2:
            continue
        for line in above.iterchildren(*_LINKED_LINES):
            a = _filling(line)
            if a is not None and _own_line(line, above):
                out.append((a, line))
    return out


def _filling(line: Element) -> Element | None:
    """The link that fills a line, or nothing: <p><strong><a>."""
    node = line
    for _ in range(4):
        if node.tag == "a":
            return node
        if not 1 <= len(node) <= 3 or node.tag not in _LINKED_LINES:
            return None
        inner = [child for child in node if child.tag not in ("br", "img")]
        if len(inner) != 1 or not _sole(inner[0], node):
            return None
        node = inner[0]
    return None


def _own_line(line: Element, above: Element) -> bool:
    """Whether nothing but white space and bullets stands before and after an element on its line."""
    previous = line.getprevious()
    before = above.text if previous is None else previous.tail
    return all(not text or text.isspace() or SEPARATOR.fullmatch(text) for text in (before, line.tail))


def _sole(child: Element, parent: Element) -> bool:
    if len(parent) > 3 or any(node is not child and node.tag not in ("br", "img") for node in parent):
        return False
    return all(not text or text.isspace() or SEPARATOR.fullmatch(text) for text in (parent.text, child.tail))


def _next_line(node: Element) -> Element | None:
    following = node.getnext()
    while following is not None and (following.tag in ("br", "img", "hr") or not isinstance(following.tag, str)):
        following = following.getnext()
    return following


def _unique(found: list[Block]) -> list[Block]:
    """Blocks without their repetitions: pages print one for the desktop and one for the telephone."""
    out: list[Block] = []
    seen: set[tuple[str, ...]] = set()
    for block in found:
        key = tuple(link.title for link in block.links) or (block.heading or "",)
        if key not in seen:
            seen.add(key)
            out.append(block)
    full = {block.heading for block in out if block.links}
    return [block for block in out if block.links or block.heading not in full]
