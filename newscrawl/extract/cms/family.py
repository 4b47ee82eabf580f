"""What a CMS family is: a layout, the marks that tell its pages, and code only where selectors cannot reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newscrawl.extract import select
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout, Selectors, many


@dataclass(frozen=True, slots=True)
class Family:
    """One generation of one CMS's pages.

    A page belongs to it where one of ``layout.marks`` is found, or one of ``comments`` (what a comment begins with),
    ``meta`` (lower-case names of ``<meta>``), ``assets`` (part of the address of a script or style sheet) or ``literals``
    (text of the page's source), and each of ``needs`` too. Marks are CSS that ends in an id, a class or a tag of its own,
    so that recognition is a look-up, not a search; a literal is searched for in every page, so few families have one.
    ``values`` gives what no selector can: fields that stand in comments and scripts; they come before the layout's.
    """

    layout: Layout
    comments: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    needs: Selectors = ()
    values: Callable[[Page], Iterable[Candidate]] | None = None

    def __post_init__(self) -> None:
        if not (self.layout.marks or self.comments or self.meta or self.assets or self.literals):
            raise ValueError(f"{self.layout.name}: a family needs marks")
        for selector in many(self.layout.marks):
            if select.is_xpath(selector):
                raise ValueError(f"{self.layout.name}: a mark is CSS, not XPath: {selector!r}")
        for selector in many(self.needs):
            select.check(selector)

    @property
    def name(self) -> str:
        """The layout's name, ``people/rm``: what follows ``cms:`` in a value's provenance."""
        return self.layout.name
