"""Layouts: where a page of one site or one CMS family keeps each field. Data, in selectors; see `select.py`.

A site's own layouts and a CMS family's are the same thing, so that what is learnt of a site can move to its family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date

from newscrawl.extract import select

Selectors = str | tuple[str, ...]
"""One selector, or several in order of preference: the first that finds a usable value wins."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One layout of a site or a CMS family. Every field is a selector (or several), or left out.

    - ``byline``: a line holding several labelled values (date, 来源, 作者, 编辑): each is found in it by its label.
    - ``published``, ``source``, ``author``, ``editors``: an element holding that one value, its label allowed
      (``发布时间：2017-07-28 10:28``).
    - ``body``: the element that holds the paragraphs; ``remove``: what in it is not body.
    - ``recommended``, ``related``: the element that holds such a block, heading included or not; ``blocks``: others,
      their kind told by their heading.
    - ``channel``: the breadcrumb. Further pages are found by their addresses, see `pager.py`.
    - ``until``: the last day (ISO) on which the layout was used; after it, later layouts are tried first.
    """

    name: str
    until: str | None = None
    title: Selectors = ()
    kicker: Selectors = ()
    subtitle: Selectors = ()
    byline: Selectors = ()
    published: Selectors = ()
    source: Selectors = ()
    author: Selectors = ()
    editors: Selectors = ()
    channel: Selectors = ()
    keywords: Selectors = ()
    body: Selectors = ()
    remove: Selectors = ()
    recommended: Selectors = ()
    related: Selectors = ()
    blocks: Selectors = ()
    marks: Selectors = field(default=())
    """What tells this layout: a CMS family is recognised where any mark is found; a site's layout fits where its body is
    found and, if it names marks, any of them too."""

    def __post_init__(self) -> None:
        if self.until is not None:
            try:
                date.fromisoformat(self.until)
            except ValueError:
                raise ValueError(f"layout {self.name}: until is not a day: {self.until!r}") from None
        for _, selector in self.selectors():
            select.check(selector)

    def selectors(self) -> Iterator[tuple[str, str]]:
        """Each selector with the name of its field."""
        for spec in fields(self):
            if spec.name not in ("name", "until"):
                for selector in many(getattr(self, spec.name)):
                    yield spec.name, selector


def many(selectors: Selectors) -> tuple[str, ...]:
    """One selector or several, as several."""
    return (selectors,) if isinstance(selectors, str) else selectors


def in_order(layouts: tuple[Layout, ...] | list[Layout], day: str | None) -> list[Layout]:
    """Layouts in the order to try them for a page of a day (ISO date, ``None``: unknown, taken as today's).

    Those that held on that day come first, the earliest to end first; then the others, for a page that outlived its
    layout or whose date is wrong.
    """
    held = [layout for layout in layouts if layout.until is None or (day is not None and day <= layout.until)]
    held.sort(key=lambda layout: layout.until or "9999")
    return held + [layout for layout in layouts if layout not in held]
