"""A page as lines of text in document order, around one article: what title and byline of an unknown page are found in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from newscrawl.extract.page import UNSEEN_TAGS, Element
from newscrawl.extract.text import clean

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_FONTS = frozenset({"b", "strong", "font", "u", "big", "small", "sup", "sub"})

# Anything that makes a short line worth reading.
HINT = re.compile(
    r"来\s?源|來源|稿源|来自|转自|出处|信息源|作\s?者|撰文|撰稿|文字?\s?[/／|丨:：]|记\s?者|通讯员|编\s?[辑审]|編輯|责\s?编|校\s?对|审\s?核|监\s?制"
    r"|[一二三初复终]\s?[审校]|发布|发表|时间|日期|更新|(?:19|20)\d\d\s?[-年./]\s?\d|昨天|前天|(?:小时|分钟|天)前|刚刚|\d{1,2}[-月/]\d{1,2}日?\s+\d{1,2}[:：]\d\d"
)


_WHOLE = 1000
"""Elements of one line that are read."""


@dataclass(slots=True)
class Piece:
    """One text of a line: the element that it stands in, and the link, if any."""

    text: str
    element: Element
    link: Element | None


@dataclass(slots=True)
class Line:
    """What stands between two block boundaries.

    ``place``: above the title, head (from the title to the first words of the text), text, or below it; ``inside``: within
    the element that holds the text.
    """

    element: Element
    pieces: list[Piece] = field(default_factory=list)
    place: Literal["above", "head", "text", "below"] = "head"
    text: str = ""
    linked: int = 0
    inside: bool = False

    def close(self) -> bool:
        """Settle the text; whether there is any."""
        if len(self.pieces) == 1:
            piece = self.pieces[0]
            self.text = clean(piece.text)
            self.linked = len(self.text) if piece.link is not None else 0
            return bool(self.text)
        text = ""
        last: Piece | None = None
        for piece in self.pieces:
            if last is not None and text and not text[-1].isspace() and _apart(last, piece):
                text += " "
            text += piece.text
            last = piece
        self.text = clean(text)
        self.linked = sum(len(piece.text.strip()) for piece in self.pieces if piece.link is not None)
        return bool(self.text)


def _apart(first: Piece, second: Piece) -> bool:
    """Whether two pieces with no blank between them are two values all the same: they stand in elements side by side."""
    one, two = first.element, second.element
    if one is two or one.tag in _FONTS or two.tag in _FONTS:
        return False
    if first.text[-1].isdigit() and second.text[0].isdigit():
        return True
    return not (_is_within(two, one, 5) or _is_within(one, two, 5))


def _is_within(element: Element, other: Element, steps: int) -> bool:
    """Whether one element holds another, or is it, a few steps up at most."""
    node: Element | None = other
    while node is not None and steps > 0:
        if node is element:
            return True
        node = node.getparent()
        steps -= 1
    return False


def lines_from(
    start: Element, steps: int, *, marks: Sequence[Element] = ()
) -> Iterator[tuple[Element | None, bool, Line | None]]:
    """Read on from where ``start`` begins, in document order, ``steps`` elements at most, without recursion.

    Yields ``(None, False, line)`` for each line, and ``(element, entered, None)`` where one of ``marks`` begins or ends.
    """
    link: Element | None = None
    block = start
    above = start.getparent()
    while above is not None and link is None:
        link = above if above.tag == "a" else None
        above = above.getparent()
    while block.tag not in BLOCKS and (parent := block.getparent()) is not None:
        block = parent
    blocks = [block]
    line = Line(block)
    node, entering = start, True
    while True:
        tag = node.tag
        if entering:
            steps -= 1
            if steps < 0:
                break
            is_block = tag in BLOCKS
            seen = is_block or (isinstance(tag, str) and tag not in UNSEEN_TAGS)
            marked = node in marks
            if (is_block or marked) and line.pieces:
                if line.close():
                    yield None, False, line
                line = Line(blocks[-1])
            if marked:
                yield node, True, None
            if seen:
                if is_block:
                    blocks.append(node)
                    line.element = node
                elif tag == "a" and link is None:
                    link = node
                text = node.text
                if text and not text.isspace():
                    line.pieces.append(Piece(text, node, link))
                if len(node):
                    node = node[0]
                    continue
            entering = False
            continue
        is_block = tag in BLOCKS
        marked = node in marks
        if (is_block or marked) and line.pieces:
            if line.close():
                yield None, False, line
            line = Line(blocks[-1])
        if is_block:
            if len(blocks) > 1:
                blocks.pop()
            line.element = blocks[-1]
        if marked:
            yield node, False, None
        if link is node:
            link = None
        parent = node.getparent()
        if parent is None:
            break
        tail = node.tail
        if tail:
            if not tail.isspace():
                line.pieces.append(Piece(tail, parent, link))
            elif line.pieces:
                line.pieces.append(Piece(" ", parent, link))
        following = node.getnext()
        if following is not None:
            node, entering = following, True
        else:
            node = parent
    if line.pieces and line.close():
        yield None, False, line


def whole(element: Element) -> str:
    """An element's text as one line, a blank wherever two values meet: in lines of their own, or in elements side by side."""
    if not len(element):
        return clean(element.text)
    texts: list[str] = []
    for _, entered, line in lines_from(element, _WHOLE, marks=(element,)):
        if line is not None:
            texts.append(line.text)
        elif not entered:
            break
    return " ".join(texts)


def back(element: Element, steps: int) -> Element:
    """The element that begins ``steps`` before this one in document order, within ``<body>``."""
    node = element
    while steps > 0:
        previous = node.getprevious()
        if previous is not None:
            node = previous
            while len(node) and steps > 0:
                node = node[-1]
                steps -= 1
        else:
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html"):
                break
            node = parent
        steps -= 1
    while not isinstance(node.tag, str) and (parent := node.getparent()) is not None:
        node = parent
    return node


def precedes(first: Element, second: Element) -> bool:
    """Whether one element begins before another in document order."""
    path = [first, *first.iterancestors()]
    above = {node: i for i, node in enumerate(path)}
    child: Element | None = None
    for node in [second, *second.iterancestors()]:
        if node in above:
            i = above[node]
            if i == 0:
                return True
            if child is None:
                return False
            return bool(node.index(path[i - 1]) < node.index(child))
        child = node
    return False


# -- what an element says of itself


def upwards(element: Element, steps: int) -> Iterator[Element]:
    node: Element | None = element
    while node is not None and steps > 0:
        yield node
        node = node.getparent()
        steps -= 1


def name_of(element: Element) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''} {element.get('name') or ''}"


def names_above(element: Element, steps: int) -> str:
    return " ".join(name_of(node) for node in upwards(element, steps) if node.tag not in ("body", "html"))
