"""Selectors for site files and CMS families, answered from a page's index instead of by scanning its tree.

Two notations, told apart by their first character:

- XPath, if it begins with ``/``, ``(`` or ``id(``: compiled once. ``id('x')`` is a direct look-up in libxml2.
- A small part of CSS otherwise: ``#id``, ``.class``, ``tag``, compounds of them (``div.left``), descendants
  (``div.layout div.left``) and alternatives (``#news-con, div.TRS_Editor``). Anything else is written as XPath.

CSS as parsel and cssselect know it becomes an XPath that looks at every element; on a hot path that costs more than
parsing the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from newscrawl.extract.page import Element, Page

_COMPOUND = re.compile(r"(?P<tag>[a-zA-Z][\w-]*)?(?P<rest>(?:[#.][\w\u00a0-\uffff-]+)*)")


_ASKED_ID = re.compile(r"@id ?= ?'([^'\\s]+)'")
_ASKED_CLASS = re.compile(r"contains\(@class, ?'([^'\\s]+)'\)")

MAX_STEPS = 200_000
"""Ancestors looked at for one selector at most: thousands of hits, each nested a thousand deep, are no news page."""


class _Compound(NamedTuple):
    tag: str | None
    id: str | None
    classes: tuple[str, ...]

    def stand(self, page: Page) -> list[Element]:
        """The elements that the index has for it, in document order; those that fit are among them."""
        if self.id:
            element = page.ids.get(self.id)
            return [] if element is None else [element]
        if self.classes:
            return page.classes.get(self.classes[0], [])
        return page.tags.get(self.tag or "", [])

    def fits(self, element: Element) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.id and element.get("id") != self.id:
            return False
        if self.classes:
            value = element.get("class")
            if not value:
                return False
            words = value.split()
            for name in self.classes:
                if name not in words:
                    return False
        return True


@lru_cache(maxsize=4096)
def _xpath(expression: str) -> etree.XPath:
    try:
        return etree.XPath(expression, smart_strings=False)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"not an XPath: {expression!r} ({error})") from None


@lru_cache(maxsize=4096)
def _asked(expression: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids and parts of classes without which an XPath finds nothing on a page."""
    if "|" in expression or " or " in expression or "not(" in expression:
        return (), ()
    return tuple(_ASKED_ID.findall(expression)), tuple(_ASKED_CLASS.findall(expression))


def _may_find(page: Page, expression: str) -> bool:
    """A look at the index before the whole tree is searched: most layouts' selectors are tried on pages of other kinds."""
    ids, parts = _asked(expression)
    return all(name in page.ids for name in ids) and all(any(part in name for name in page.classes) for part in parts)


@lru_cache(maxsize=4096)
def _css(selector: str) -> tuple[tuple[_Compound, ...], ...]:
    chains = []
    for part in selector.split(","):
        chain = []
        for word in part.split():
            match = _COMPOUND.fullmatch(word)
            if not match or not word:
                raise ValueError(f"not a selector that is known here: {word!r} in {selector!r}; write it as XPath")
            names = re.findall(r"[#.][^#.]+", match["rest"])
            ids = [name[1:] for name in names if name[0] == "#"]
            chain.append(_Compound(match["tag"], ids[0] if ids else None, tuple(n[1:] for n in names if n[0] == ".")))
        if not chain:
            raise ValueError(f"an empty selector in {selector!r}")
        chains.append(tuple(chain))
    return tuple(chains)


def is_xpath(selector: str) -> bool:
    """Whether a selector is read as XPath."""
    return selector.startswith(("/", "(", "id("))


def check(selector: str) -> None:
    """Raise ``ValueError`` where a selector cannot be read: site files are checked when they are loaded."""
    if is_xpath(selector):
        _xpath(selector)
    else:
        _css(selector)


def select(page: Page, selector: str, within: Element | None = None) -> list[Element]:
    """Elements of a page that a selector names, in document order per alternative; ``within`` keeps descendants only."""
    if is_xpath(selector):
        if not _may_find(page, selector):
            return []
        found = _xpath(selector)(page.tree)
        elements = [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []
    else:
        elements = []
        for chain in _css(selector):
            elements += _follow(page, chain)
    if within is None:
        return elements
    return [element for element in elements if any(parent is within for parent in element.iterancestors())]


def first(page: Page, selector: str) -> Element | None:
    """The first element that a selector names."""
    found = select(page, selector)
    return found[0] if found else None


def _follow(page: Page, chain: tuple[_Compound, ...]) -> list[Element]:
    out: list[Element] = []
    stands = [compound.stand(page) for compound in chain]
    # No ancestor is looked at where the page has none of one kind: a layout's selectors are tried on every other's pages.
    if not all(stands):
        return out
    *above, last = chain
    # An id may stand twice, and the index knows the first.
    fit = [c.fits if c.id else set(filter(c.fits, stand)).__contains__ for c, stand in zip(above, stands, strict=False)]
    steps = 0
    for element in stands[-1]:
        if not last.fits(element):
            continue
        wanted = len(fit) - 1
        for parent in element.iterancestors() if fit else ():
            if fit[wanted](parent):
                wanted -= 1
                if wanted < 0:
                    break
            steps += 1
            if steps > MAX_STEPS:
                return out
        if wanted < 0:
            out.append(element)
    return out
