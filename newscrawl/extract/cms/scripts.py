"""Articles that stand in a page's scripts: JSON after ``name = `` and what the fields of such data mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from newscrawl.extract import body as bodies
from newscrawl.extract import bylines, dates
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.page import Page
from newscrawl.extract.text import clean

LONGEST = 2_000_000
"""Characters of JSON that are read at most."""

_DECODER = json.JSONDecoder(strict=False)


@lru_cache(maxsize=64)
def _assignment(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name) + r"\s{0,4}=\s{0,4}(?=\{)")


def variable(page: Page, name: str) -> Any:
    """The value of the first ``name = {…}`` in a page's scripts that is JSON; ``None`` without one."""
    for count, match in enumerate(_assignment(name).finditer(page.html)):
        if count == 4:
            break
        try:
            value, _ = _DECODER.raw_decode(page.html[match.end() : match.end() + LONGEST])
        except (ValueError, RecursionError):
            continue
        return value
    return None


def article(
    page: Page,
    rule: str,
    *,
    title: Any = None,
    published: Any = None,
    source: Any = None,
    author: Any = None,
    editors: Any = None,
    body: Any = None,
) -> Iterator[Candidate]:
    """Candidates out of a script's values, whatever their type; ``body`` is HTML, which need not be a whole page."""
    if isinstance(title, str) and (value := clean(title)):
        yield Candidate("title", value, rule, value)
    if isinstance(published, (str, int)) and (at := dates.parse(str(published), page.now)):
        yield Candidate("published_at", at, rule, str(published))
    if isinstance(source, str) and (name := bylines.source(clean(source))):
        yield Candidate("source", name, rule, source)
    if isinstance(author, str) and (names := bylines.read(clean(author), page.now).authors or bylines.names(clean(author))):
        yield Candidate("authors", names, rule, author)
    if isinstance(editors, str) and (value := clean(editors)):
        found_editors = bylines.editors(value) or bylines.editors(f"责任编辑：{value}")
        if found_editors:
            yield Candidate("editors", found_editors, rule, value)
    if isinstance(body, str) and body.strip() and len(body) <= LONGEST:
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
        try:
            root = etree.fromstring(f"<div>{body}</div>".replace("\x00", "").encode("utf-8", "replace"), parser)
        except (etree.XMLSyntaxError, etree.ParserError, ValueError):
            return
        element = next(root.iter("div"), root)
        found = bodies.read(page, element, title=clean(title) if isinstance(title, str) else None)
        if found.paragraphs or found.images:
            yield Candidate("body", found, rule, found.text[:80], element)
