"""From a page to an article's values: site rules, CMS family, page metadata, generic; the first that answers wins.

No I/O. `extract` reads a `Page` once and gives an `Extraction`: for each field the answer that won, with the rule that
gave it. `newscrawl.loaders` makes an `Article` of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from newscrawl.days import SHANGHAI
from newscrawl.extract import body as bodies
from newscrawl.extract import breadcrumbs, bylines, cms, dates, density, generic, links, metadata, pager
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import scripts
from newscrawl.extract.lines import whole
from newscrawl.extract.page import Element, Page
from newscrawl.extract.rules import Layout, Selectors, in_order, many
from newscrawl.extract.select import select
from newscrawl.extract.text import clean
from newscrawl.items import Block, Editor, LinkKind

__all__ = ["Candidate", "Extraction", "Layout", "Page", "extract"]


STUB = 120
"""Characters below which a family's body is held against the densest element of the page."""


@dataclass(slots=True)
class Extraction:
    """What a page says: ``chosen`` holds the winning candidate of each field.

    ``candidates`` holds every layer's answers in the order of trust, filled only when asked to explain. ``layout`` names
    the site layout that fitted, ``families`` the CMS families recognised.
    """

    page: Page
    chosen: dict[str, Candidate] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    layout: str | None = None
    families: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    next_part: str | None = None

    def value(self, name: str) -> Any:
        """The winning value of a field, ``None`` where no layer had one."""
        candidate = self.chosen.get(name)
        return candidate.value if candidate else None


def extract(page: Page, layouts: Sequence[Layout] = (), *, explain: bool = False) -> Extraction:
    """Find every field of an article page.

    ``layouts`` are the site's own rules (none: the layers below do it alone). ``explain`` asks every layer for every
    field, so that their answers can be compared; the winners are the same.
    """
    out = _extract(page, layouts, explain=False)
    if explain:
        out.candidates = _extract(page, layouts, explain=True).candidates
        out.families = [family.name for family in cms.recognise(page)]
    return out


def _extract(page: Page, layouts: Sequence[Layout], *, explain: bool) -> Extraction:
    reading = _Reading(page, explain)
    day = dates.in_url(page.url) if page.url else None
    for layout in in_order(tuple(layouts), day.isoformat() if day else None):
        if reading.try_site(layout) and not explain:
            break
    families = cms.recognise(page) if explain or not reading.is_complete() else []
    for family in families:
        reading.use_family(family)
    reading.offer_all(metadata.find(page, answered=reading.answered()), unless_settled=True)
    reading.use_generic()
    if explain or not reading.has("title", "published_at", "editors"):
        reading.offer_all(metadata.last_resort(page), unless_settled=True)
        reading.use_address(day)
    reading.finish()
    out = reading.out
    out.families = [family.name for family in families]
    return out


class _Reading:
    """One page on its way through the layers."""

    def __init__(self, page: Page, explain: bool) -> None:
        self.page = page
        self.explain = explain
        self.out = Extraction(page)
        # Fields that a fitting layout has looked at: printed without a value means that the page does not say.
        self.settled: set[str] = set()
        self.named: list[tuple[LinkKind | None, Element]] = []

    # -- answers

    def offer(self, candidate: Candidate) -> None:
        if self.explain:
            self.out.candidates.append(candidate)
        self.out.chosen.setdefault(candidate.field, candidate)

    def offer_all(self, candidates: Iterable[Candidate], *, unless_settled: bool = False) -> None:
        for candidate in candidates:
            if unless_settled and candidate.field in self.settled:
                if self.explain:
                    self.out.candidates.append(candidate)
                continue
            self.offer(candidate)

    def has(self, *names: str) -> bool:
        return all(name in self.out.chosen or name in self.settled for name in names)

    def answered(self) -> set[str]:
        """Fields that lower layers need not look for."""
        return set() if self.explain else {*self.out.chosen, *self.settled}

    def is_complete(self) -> bool:
        """Whether the site's own rules have answered all that an article is made of, and where it belongs."""
        return self.has("title", "published_at", "source", "authors", "editors", "body", "channel")

    # -- layers

    def try_site(self, layout: Layout) -> bool:
        """Use a site's layout if it fits: it has one of its marks, if it names any, and its body is found."""
        if self.out.layout is not None and not self.explain:
            return False
        if layout.marks and not any(select(self.page, mark) for mark in many(layout.marks)):
            return False
        rule = f"site:{layout.name}"
        body = self._body(layout, rule)
        if body is None:
            return False
        fits_first = self.out.layout is None
        if fits_first:
            self.out.layout = layout.name
        self.offer(body)
        self._fields(layout, rule, settle=fits_first)
        return True

    def use_family(self, family: cms.Family) -> None:
        rule = f"cms:{family.name}"
        if family.values is not None:
            self.offer_all(family.values(self.page), unless_settled=True)
        if self.explain or not self.has("body"):
            body = self._body(family.layout, rule)
            if body is not None:
                self.offer(body)
        self._fields(family.layout, rule, settle=False)

    def use_generic(self) -> None:
        page = self.page
        held = self.out.chosen.get("body")
        # A family's container may hold a closing note, and the article stand before it.
        stub = held is not None and held.rule.startswith("cms:") and len(held.value.text) < STUB and not held.value.images
        if self.explain or held is None or stub:
            element = density.find(page)
            if element is not None:
                found = bodies.read(page, element, title=self.out.value("title"))
                candidate = Candidate("body", found, "generic:density", found.text[:80], element)
                if stub and len(found.text) > 5 * STUB and element not in _above(held):
                    del self.out.chosen["body"]
                if found.paragraphs or found.images:
                    self.offer(candidate)
        held = self.out.chosen.get("body")
        if held is None or (len(held.value.text) < STUB and held.rule == "generic:density"):
            # A page that a browser has to fill: what its scripts fill it from.
            filled = scripts.state(page, "generic:script")
            if held is not None and any(candidate.field == "body" for candidate in filled):
                del self.out.chosen["body"]
            self.offer_all(filled, unless_settled=True)
        body = self.out.value("body")
        container = body.element if body is not None else None
        # A family's title brings the lines above and below it along only where its layout names them.
        if self.explain or not self.has("title") or not self.out.chosen["title"].rule.startswith("site:"):
            heading = None if self.explain else self.out.chosen.get("title")
            self.offer_all(generic.titles(page, container, known=heading))
        if self.explain or not self.has("channel"):
            heading = self.out.chosen.get("title")
            way = breadcrumbs.find(page, heading.element if heading else None, container)
            self.offer_all([way] if way else [])
        if body is not None:
            self._credits(body)
        if self.explain or not self.has("published_at", "source", "authors", "editors"):
            heading = self.out.chosen.get("title")
            dated = None if self.explain else self.out.chosen.get("published_at")
            answers = generic.byline(page, container, heading.element if heading else None, dated=dated)
            self.offer_all(answers, unless_settled=True)
            for candidate in answers:
                if candidate.field == "editors":
                    self._add_editors(candidate.value)

    def use_address(self, day: date | None) -> None:
        """The day that the address of an article carries, where the page prints none: digital papers date the whole issue."""
        body = self.out.chosen.get("body")
        if day is None or day > self.page.now.date() or body is None or len(body.value.text) < STUB:
            return
        at = datetime.combine(day, time(), SHANGHAI)
        self.offer(Candidate("published_at", dates.Moment(at, "day", day.isoformat()), "url", self.page.url))

    def _credits(self, body: bodies.Body) -> None:
        """The editor lines that the body held are no body, but they name editors, at times besides the one at its foot."""
        found = [editor for line in body.credits for editor in bylines.editors(line)]
        if not found:
            return
        if self.explain or not self.has("editors"):
            rule = self.out.chosen["body"].rule.replace("generic:density", "generic")
            self.offer(Candidate("editors", found, f"{rule}:body-credit", " ".join(body.credits)))
        self._add_editors(found)

    def _add_editors(self, editors: list[Editor]) -> None:
        """Editors whom another line of the page names, added to those of the line that won; a site's own rule names them all."""
        signed = self.out.chosen.get("editors")
        if signed is None:
            return
        if signed.rule.startswith("site:"):
            named = {editor.name for editor in signed.value}
            editors = [editor for editor in editors if editor.name in named]
        if (together := bylines.together(signed.value, editors)) != signed.value:
            self.out.chosen["editors"] = replace(signed, value=together)

    def finish(self) -> None:
        """What needs the winners: people named in the text, link blocks in the article's year, the next part."""
        page, out = self.page, self.out
        body: bodies.Body | None = out.value("body")
        if body is not None:
            lines = [p.text for p in body.paragraphs]
            # A line that is no body, such as 记者 张三 编辑 李四, still names its reporter.
            reporters, correspondents = bylines.in_text([*lines, *body.credits])
            for name, found in (("reporters", reporters), ("correspondents", correspondents)):
                if not found:
                    continue
                signed = out.chosen.get(name)
                if signed is not None:
                    # The byline named some; the text names the rest.
                    found = [*signed.value, *(person for person in found if person not in signed.value)]
                    out.chosen[name] = replace(signed, value=found)
                else:
                    self.offer(Candidate(name, found, "text", "、".join(found), body.element))
            authors = [] if self.has("authors") else bylines.signatures(lines) or bylines.signatures(body.credits)
            if authors:
                self.offer(Candidate("authors", authors, "text:signature", "、".join(authors), body.element))
        moment: dates.Moment | None = out.value("published_at")
        at: datetime | None = moment.at if moment else None
        out.blocks = links.blocks(page, body=body.element if body else None, article=at, named=self.named)
        out.next_part = pager.next_part(page)

    # -- rules

    def _body(self, layout: Layout, rule: str) -> Candidate | None:
        page = self.page
        for selector in many(layout.body):
            for element in select(page, selector):
                remove = [node for s in many(layout.remove) for node in select(page, s, within=element)]
                title = self.out.value("title") or self._title_text(layout)
                found = bodies.read(page, element, remove=remove, title=title)
                if found.paragraphs or found.images:
                    return Candidate("body", found, rule, found.text[:80], element)
        return None

    def _title_text(self, layout: Layout) -> str | None:
        for selector in many(layout.title):
            for element in select(self.page, selector):
                if text := self.page.text(element):
                    return text
        return None

    def _fields(self, layout: Layout, rule: str, *, settle: bool) -> None:
        page, now = self.page, self.page.now
        for name, selectors, read in (
            ("title", layout.title, clean),
            ("kicker", layout.kicker, clean),
            ("subtitle", layout.subtitle, clean),
            ("published_at", layout.published, lambda text: dates.parse(text, now)),
            ("source", layout.source, bylines.source),
            ("authors", layout.author, lambda text: _authors(text, now)),
            ("editors", layout.editors, bylines.editors),
            ("keywords", layout.keywords, metadata.keywords),
        ):
            if selectors and (self.explain or not self.has(name)):
                self._field(name, selectors, read, rule, settle)
        if layout.channel and (self.explain or not self.has("channel")):
            self._channel(layout.channel, rule)
        if layout.byline and (self.explain or not self.has("published_at", "source", "authors")):
            for selector in many(layout.byline):
                for element in select(page, selector):
                    text = whole(element)
                    line = bylines.read(text, now)
                    self._byline(line, text, rule, element)
                    if settle and line.published:
                        self.settled.update(("source", "authors"))
        for kind, selectors in (("recommended", layout.recommended), ("related", layout.related), (None, layout.blocks)):
            for selector in many(selectors):
                self.named += [(kind, element) for element in select(page, selector)]  # type: ignore[misc]

    def _field(self, name: str, selectors: Any, read: Callable[[str], Any], rule: str, settle: bool) -> None:
        seen = False
        for selector in many(selectors):
            elements = select(self.page, selector)
            if name == "editors":
                # Several editor lines are one answer.
                found = [editor for element in elements for editor in read(self.page.text(element))]
                if found:
                    raw = " ".join(self.page.text(element) for element in elements)
                    self.offer(Candidate(name, _unique_editors(found), rule, raw, elements[0]))
                    return
                seen = seen or bool(elements)
                continue
            for element in elements:
                seen = True
                text = self.page.text(element)
                if text and (value := read(text)):
                    self.offer(Candidate(name, value, rule, text, element))
                    if name == "authors":
                        self._trades(text, rule, element)
                    if name == "source" and (href := _first_href(self.page, element)):
                        self.offer(Candidate("source_url", href, rule, href, element))
                    return
        if seen and settle:
            self.settled.add(name)

    def _trades(self, text: str, rule: str, element: Element) -> None:
        """Those of an author's element whom it calls 记者 and 通讯员."""
        line = bylines.read(text, self.page.now, dated=False)
        for name, value in (("reporters", line.reporters), ("correspondents", line.correspondents)):
            if value:
                self.offer(Candidate(name, value, rule, text, element))

    def _channel(self, selectors: Selectors, rule: str) -> None:
        """The breadcrumb that a layout names. An empty one settles nothing: other layers may know the channel."""
        for selector in many(selectors):
            for element in select(self.page, selector):
                if found := breadcrumbs.steps(self.page, element):
                    self.offer(Candidate("channel", found, rule, self.page.text(element), element))
                    return

    def _byline(self, line: bylines.Byline, text: str, rule: str, element: Element) -> None:
        for name, value in (
            ("published_at", line.published),
            ("source", line.source),
            ("authors", line.authors),
            ("editors", line.editors),
            ("reporters", line.reporters),
            ("correspondents", line.correspondents),
        ):
            if value:
                self.offer(Candidate(name, value, rule, text, element))
        if line.source and (href := _first_href(self.page, element)):
            self.offer(Candidate("source_url", href, rule, href, element))


def _above(body: Candidate | None) -> list[Element]:
    return list(body.element.iterancestors()) if body is not None and body.element is not None else []


def _authors(text: str, now: datetime) -> list[str]:
    """Names in an author's element: after their label, or alone; an organisation or a stray source is no person."""
    return bylines.read(text, now).authors or [name for name in bylines.names(text) if bylines.is_person(name)]


def _unique_editors(editors: list[Editor]) -> list[Editor]:
    out: list[Editor] = []
    for editor in editors:
        if editor not in out:
            out.append(editor)
    return out


def _first_href(page: Page, element: Element) -> str | None:
    anchors = [element] if element.tag == "a" else list(element.iter("a"))
    return page.absolute(anchors[0].get("href")) if len(anchors) == 1 else None
