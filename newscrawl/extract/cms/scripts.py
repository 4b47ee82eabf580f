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
from newscrawl.extract.page import MAX_TITLE, Page
from newscrawl.extract.text import clean, fold

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


_STATE = re.compile(r"(?:window\.|var\s|let\s|const\s)\s?[\w$.]{1,40}\s{0,4}=\s{0,4}(?=\{)")
_MOST_SCRIPTS, _MOST_VALUES = 40, 20_000
_LEAST_BODY = 80
# What the fields of such data are called, folded to lower case without underscores.
_NAMES = {
    "title": ("title", "newstitle", "articletitle", "doctitle", "headline", "contenttitle", "infotitle"),
    "body": ("content", "contenthtml", "articlecontent", "newscontent", "doccontent", "bodyhtml", "body", "html", "text", "detail"),
    "published": (
        "publishtime", "pubtime", "publishedat", "publishdate", "pubdate", "releasetime", "docpubtime", "displaytime", "issuetime",
        "createtime", "ctime", "time",
    ),
    "source": ("source", "sourcename", "docsource", "newssource", "copyfrom", "medianame", "origin"),
    "author": ("author", "authorname", "docauthor", "reporter", "writer"),
    "editors": ("editor", "editorname", "doceditor", "responsibleeditor", "dutyeditor"),
}  # fmt: skip


def state(page: Page, rule: str) -> list[Candidate]:
    """Candidates out of the data that a page's scripts fill it from (``window.__INITIAL_STATE__ = {…}``, ``__NEXT_DATA__``).

    For pages that a browser has to fill, whoever made them: the object that has a title and the longest text. None where
    ``<title>`` names another article, or where no script holds JSON.
    """
    best: dict[str, Any] | None = None
    length = _LEAST_BODY - 1
    for value in _objects(page):
        title, body = _named(value, "title"), _named(value, "body")
        if isinstance(title, str) and isinstance(body, str) and len(body) > length and 4 <= len(clean(title)) <= MAX_TITLE:
            best, length = value, len(body)
    if best is None:
        return []
    given, shown = fold(str(_named(best, "title"))), fold(page.title_tag)
    if given not in shown and len(shown) > 12 and shown not in given:
        return []
    return list(article(page, rule, **{name: _named(best, name) for name in _NAMES}))


def _objects(page: Page) -> Iterator[dict[str, Any]]:
    """Every object in the JSON of a page's scripts, within bounds."""
    seen = 0
    for script in page.tags.get("script", ())[:_MOST_SCRIPTS]:
        text = script.text or ""
        if len(text) <= _LEAST_BODY or len(text) > LONGEST:
            continue
        start = 0 if text.lstrip().startswith("{") else match.end() if (match := _STATE.search(text)) else -1
        if start < 0:
            continue
        try:
            value, _ = _DECODER.raw_decode(text[start:].lstrip())
        except (ValueError, RecursionError):
            continue
        stack: list[Any] = [value]
        while stack and seen < _MOST_VALUES:
            seen += 1
            one = stack.pop()
            if isinstance(one, dict):
                yield one
                stack += [inner for inner in one.values() if isinstance(inner, (dict, list))]
            else:
                stack += [inner for inner in one[:500] if isinstance(inner, (dict, list))]


def _named(value: dict[str, Any], field: str) -> Any:
    """An object's value for a field, by the first of its usual names that holds one."""
    names = {key.replace("_", "").lower(): key for key in value}
    return next((value[names[name]] for name in _NAMES[field] if name in names and value[names[name]]), None)


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
