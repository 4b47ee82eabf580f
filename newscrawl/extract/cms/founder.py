"""方正翔宇 Founder: the CMS of many city papers, and of the digital papers (电子报).

An article's fields stand in a comment of its page, ``<!--enpproperty <articleid>…<date>…<author>…<title>…
<keyword>…<subtitle>…<introtitle>…<nodename>… /enpproperty-->``, its text between ``<!--enpcontent-->`` and
``<!--/enpcontent-->`` or in ``<founder-content>``; digital papers put it in ``#ozoom``.
Rules: the comment as public scrapers and Founder's own templates write it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from newscrawl.extract import body as bodies
from newscrawl.extract import bylines, dates
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import ranges
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout
from newscrawl.extract.text import clean

_LONGEST = 8000
_FIELDS = {"title": "title", "introtitle": "kicker", "subtitle": "subtitle"}
_TAG = re.compile(r"<[^<>]{0,200}>")
_MIDNIGHT = re.compile(r"\s+00:00(?::00(?:[.:]0+)?)?$")
_MILLISECONDS = re.compile(r"(?<=:\d\d:\d\d)[.:]\d{1,3}$")

# A digital paper's headlines stand beside or above its text.
_PAPER = "//*[@id='ozoom']/ancestor::div[contains(@class, 'article')]"


def _properties(page: Page) -> dict[str, str]:
    """The comment's fields by name, tags and entities off."""
    start = page.html.find("<!--enpproperty")
    stop = page.html.find("/enpproperty-->", start, start + _LONGEST) if start >= 0 else -1
    if stop < 0:
        return {}
    text, found = page.html[start:stop], {}
    for name in ("date", "author", "title", "keyword", "subtitle", "introtitle", "nodename"):
        _, begin, rest = text.partition(f"<{name}>")
        value, end, _ = rest.partition(f"</{name}>")
        if begin and end and (value := clean(html.unescape(_TAG.sub(" ", value)))):
            found[name] = value
    return found


def _values(page: Page) -> Iterator[Candidate]:
    fields = _properties(page)
    for name, field in _FIELDS.items():
        if value := fields.get(name):
            yield Candidate(field, value, f"cms:founder:{name}", value)
    if raw := fields.get("date"):
        # A paper's day is printed with an hour of midnight.
        moment = dates.parse(_MILLISECONDS.sub("", _MIDNIGHT.sub("", raw)), page.now)
        if moment:
            yield Candidate("published_at", moment, "cms:founder:date", raw)
    # Of a site's page it is whoever put the page in; of a paper's, or where it says 记者, the author.
    raw = fields.get("author", "")
    names = bylines.read(raw, page.now).authors or (bylines.names(raw) if "ozoom" in page.ids else [])
    if names:
        yield Candidate("authors", names, "cms:founder:author", raw)
    if words := [word for word in re.split(r"[,，;；、\s]+", fields.get("keyword", "")) if word]:
        yield Candidate("keywords", words, "cms:founder:keyword", fields["keyword"])
    if node := fields.get("nodename"):
        yield Candidate("channel", [node], "cms:founder:nodename", node)
    text = ranges.of_comments(page, "enpcontent", "/enpcontent")
    if text:
        found = bodies.read(page, text.element, remove=text.outside, title=fields.get("title"))
        if found.paragraphs or found.images:
            yield Candidate("body", found, "cms:founder:enpcontent", found.text[:80], text.element)


FAMILIES = (
    Family(
        Layout(
            name="founder",
            marks=("founder-content", "#ozoom"),
            title=("founder-title", f"{_PAPER}/h1", "td.font01"),
            kicker=("founder-introtitle", f"{_PAPER}/h3"),
            subtitle=("founder-subtitle", f"{_PAPER}/h2"),
            byline=(f"{_PAPER}/p[@class='sec']", "td.font02"),
            author="founder-author",
            body=("founder-content", "#ozoom"),
            remove=("#ozoom h1", "p.sec"),
        ),
        comments=("enpproperty", "enpcontent"),
        values=_values,
    ),
)
