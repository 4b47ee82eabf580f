"""Government sites: the head that the State Council's rules for government websites prescribe, over any CMS.

``<meta name="ArticleTitle">``, ``PubDate``, ``ContentSource``, ``ColumnName`` are read by `newscrawl.extract.metadata`;
here is where the text stands: between ``<meta name="ContentStart">`` and ``ContentEnd``, or in one of the usual ids.
Rules: the prescribed names (国办发 2017 47, 2019); pages of gov.cn, 山西省政府 and others; public scrapers.
"""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.extract import body as bodies
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import ranges
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Element, Page
from newscrawl.extract.rules import Layout


def _values(page: Page) -> Iterator[Candidate]:
    start: Element | None = None
    end: Element | None = None
    for meta in page.tags.get("meta", ()):
        name = (meta.get("name") or "").lower()
        if name == "contentstart" and start is None:
            start = meta
        elif name == "contentend":
            end = meta
    text = ranges.between(start, end) if start is not None and end is not None else None
    if text:
        found = bodies.read(page, text.element, remove=text.outside, title=page.meta.get("articletitle"))
        if found.paragraphs or found.images:
            yield Candidate("body", found, "cms:government:contentstart", found.text[:80], text.element)


FAMILIES = (
    Family(
        # 中国政府网 gov.cn and the departments on its platform (UCAP)
        Layout(
            name="government/ucap",
            marks="#UCAP-CONTENT",
            title=("#ti", "div.article h1"),
            byline="div.pages-date",
            editors="div.editor",
            channel=("div.BreadcrumbNav", "div.path"),
            body="#UCAP-CONTENT",
        ),
        values=_values,
    ),
    Family(
        Layout(
            name="government",
            channel=("div.BreadcrumbNav", "#BreadcrumbNav", "ul.breadcrumb"),
            body=("div.TRS_UEDITOR", "div.TRS_Editor", "#zoom", "#Zoom", "#zoomcon", "div.pages_content"),
        ),
        meta=("articletitle", "contentsource"),
        values=_values,
    ),
)
