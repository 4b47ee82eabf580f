"""What a layer answers for a field: a value, and why it is that value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newscrawl.extract.page import Element


@dataclass(frozen=True, slots=True)
class Candidate:
    """One layer's answer for one field.

    ``value`` is typed as the field is in `newscrawl.items.Article` (``published_at`` carries a `dates.Moment`, ``body`` a
    `body.Body`, ``blocks`` a list of `items.Block`). ``rule`` names the layer and the rule in it (``site:dzwww/2018``,
    ``cms:trs``, ``meta:publishdate``, ``generic:byline``). ``element`` is where it stands, for ``--explain``.
    """

    field: str
    value: Any
    rule: str
    raw: str = ""
    element: Element | None = None
