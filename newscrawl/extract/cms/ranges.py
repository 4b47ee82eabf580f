"""Ranges of a page that marks delimit: comments (``<!--enpcontent-->``) or empty elements (``<meta name=ContentStart>``)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from newscrawl.extract.page import Element, Page
from newscrawl.extract.text import clean

_TAG = re.compile(r"<[^<>]{0,1000}>")


class Range(NamedTuple):
    """``element`` holds the range; ``outside`` are the elements in it that stand before or after the range."""

    element: Element
    outside: list[Element]


def between(start: Element, end: Element) -> Range | None:
    """The range from one node to another, which follows it in the document: the smallest element that holds both."""
    above = [start, *start.iterancestors()]
    place = {id(node): index for index, node in enumerate(above)}
    below: Element | None = None
    for node in (end, *end.iterancestors()):
        index = place.get(id(node))
        if index is not None:
            if index == 0 or below is None:
                return None
            first, last = node.index(above[index - 1]), node.index(below)
            if last < first:
                return None
            return Range(node, [e for e in (*node[:first], *node[last + 1 :]) if isinstance(e.tag, str)])
        below = node
    return None


def of_comments(page: Page, begin: str, end: str) -> Range | None:
    """The range from the first comment that is ``begin`` to the last that is ``end``, blanks around them aside."""
    return _outermost(page, lambda c: (c.text or "").strip() == begin, lambda c: (c.text or "").strip() == end)


def _outermost(page: Page, begins: Callable[[Element], bool], ends: Callable[[Element], bool]) -> Range | None:
    start = stop = None
    for comment in page.tree.iter(etree.Comment):
        if start is None and begins(comment):
            start = comment
        elif start is not None and ends(comment):
            stop = comment
    return between(start, stop) if start is not None and stop is not None else None


def text_of(source: str, begin: str, end: str, limit: int = 2000) -> str:
    """Clean text between two marks of a page's source, tags off; empty where a mark is missing or ``limit`` is passed."""
    start = source.find(begin)
    if start < 0:
        return ""
    start += len(begin)
    stop = source.find(end, start, start + limit + len(end))
    return clean(html.unescape(_TAG.sub(" ", source[start:stop]))) if stop >= 0 else ""
