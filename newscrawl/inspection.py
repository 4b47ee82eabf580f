"""One page looked at closely: each field with the place where it stands, its link blocks, and the page itself with all of it marked.

No I/O. The marked page is one self-contained file: nothing in it that the page brought along can run or load. Its tags and attributes
are written anew from a list of harmless ones, it is shown in a frame without scripts, and a content security policy stands over both.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from newscrawl import reader
from newscrawl.extract import fills, link_blocks
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.elements import BLOCK_TAGS, texts_of
from newscrawl.extract.layers import Extraction, extract
from newscrawl.extract.page import Element, Page, where
from newscrawl.extract.text import clean
from newscrawl.items import Article, Block

if TYPE_CHECKING:
    from newscrawl.reader import SiteRules
    from newscrawl.render import Observed

FIELDS = (
    "title", "kicker", "subtitle", "published_at", "source", "source_url", "authors", "reporters", "correspondents", "editors", "channel",
    "keywords", "body",
)  # fmt: skip
"""The fields that are told, in the order of the page."""


@dataclass(slots=True)
class Placed:
    """A link block with the elements that make it up, heading included.

    ``named``: the address that a script beside an empty one names. After a visit in a browser: ``links``, how many it has there, and
    ``filled_by``, the request that brought them.
    """

    block: Block
    parts: list[Element] = field(default_factory=list)
    named: str | None = None
    links: int | None = None
    filled_by: str | None = None

    @property
    def heading(self) -> str:
        """What it is called."""
        return self.block.heading or "(no heading)"

    def story(self) -> str:
        """In a few words: how many links, or why none."""
        count = len(self.block.links)
        if count:
            return f"{count} link{'s' if count > 1 else ''}"
        out = "stands empty"
        if self.links is not None:
            out += f"; in a browser it has {self.links} links" if self.links else "; it stays empty in a browser"
            return out + (f", filled by {self.filled_by}" if self.filled_by else "")
        return out + (
            f"; the script beside it names {self.named}, which a crawl asks"
            if self.named
            else "; a script fills it from elsewhere"
        )


@dataclass(slots=True)
class Inspection:
    """What was found on a page: ``verdict`` and ``why``; ``article`` where it reads like one; its ``blocks``."""

    page: Page
    rules: SiteRules
    extraction: Extraction
    verdict: str
    why: str
    article: Article | None
    blocks: list[Placed]


def inspect(page: Page, rules: SiteRules, *, status: int = 200) -> Inspection:
    """Read a page by a site's rules, every layer asked for every field."""
    extraction = extract(page, rules.layouts, explain=True)
    item = reader.read(page, rules, status=status, address=page.url or "file:///page")
    article = item if isinstance(item, Article) else None
    verdict, why = ("article", "") if article is not None else (item.verdict, item.why)  # type: ignore[union-attr]
    blocks = [Placed(block, _parts(page, block)) for block in extraction.blocks]
    for placed in blocks:
        if not placed.block.links:
            placed.named = fills.named_by(page, placed.block)
    return Inspection(page, rules, extraction, verdict, why, article, blocks)


def compare(found: Inspection, observed: Observed) -> None:
    """Note for each empty block what it holds in a browser, and which of the page's requests brought it."""
    rendered = Page(observed.html.encode("utf-8"), found.page.url, charset="utf-8", now=found.page.now)
    there = extract(rendered, found.rules.layouts).blocks
    for placed in found.blocks:
        if placed.block.links:
            continue
        full = next((b for b in there if b.kind == placed.block.kind and b.heading == placed.block.heading and b.links), None)
        placed.links = len(full.links) if full is not None else 0
        if full is not None:
            titles = [link.title for link in full.links]
            asked = (one for one in observed.requests if one.type != "document")
            best = max(asked, key=lambda one: _brings(one.body, titles), default=None)
            if best is not None and _brings(best.body, titles):
                placed.filled_by = f"{best.method} {best.url}"


def _brings(body: bytes, titles: Sequence[str]) -> int:
    """How many titles an answer holds, in whatever spelling."""
    text = body.decode("utf-8", "replace") if b"\xff" not in body else ""
    wide = body.decode("gb18030", "replace")
    return sum(title in text or title in wide or json.dumps(title)[1:-1] in text.lower() for title in titles)


def short(value: Any) -> str:
    """A value of the extraction in a line."""
    if hasattr(value, "iso"):
        text = f"{value.iso()} ({value.precision}, printed {value.raw!r})"
    elif hasattr(value, "paragraphs"):
        text = f"{len(value.paragraphs)} paragraphs, {len(value.text)} characters, {len(value.images)} images: {value.text[:40]}…"
    elif isinstance(value, list):
        text = "、".join(f"{v.role}:{v.name}" if hasattr(v, "role") else str(v) for v in value)
    else:
        text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"


def lines(found: Inspection) -> Iterator[str]:
    """The verdict and the link blocks, for a terminal."""
    yield f"verdict: {found.verdict}{f' ({found.why})' if found.why else ''}"
    if not found.blocks:
        yield "no link blocks"
    for placed in found.blocks:
        yield f"block {placed.block.kind}: {placed.heading}, {placed.story()}"


# -- places


def _parts(page: Page, block: Block) -> list[Element]:
    """The elements of a block: its heading and its list as they were found, else what holds its links."""
    for one in link_blocks.scan_of(page).found:
        if one.heading == block.heading and one.kind == block.kind and one.heading is not None:
            if block.links or one.roots:
                return one.parts
            # The list that a script fills stands behind the heading, or behind what holds it.
            last = one.parts[-1]
            following = last.getnext()
            if (
                following is not None
                and isinstance(following.tag, str)
                and not len(following)
                and following.tag in ("ul", "ol", "div", "dl")
            ):
                return [*one.parts, following]
            return one.parts
    wanted = {link.url for link in block.links if link.url}
    titles = {link.title for link in block.links}
    anchors = [
        a for a in page.tags.get("a", ()) if page.absolute(a.get("href")) in wanted and (page.text(a) in titles or not len(a))
    ]
    shared: list[Element] | None = None
    for anchor in anchors:
        above = [anchor, *anchor.iterancestors()]
        shared = above if shared is None else [node for node in shared if node in above]
    nearest = shared[0] if shared else None
    return [nearest] if nearest is not None and nearest.tag not in ("html", "body") else []


@dataclass(slots=True)
class _Mark:
    key: str
    label: str
    colour: str


@dataclass(slots=True)
class _Marks:
    """What is marked on a page: whole elements, and pieces of text below an element."""

    boxes: dict[Element, list[_Mark]] = field(default_factory=dict)
    pieces: dict[Element, list[tuple[str, _Mark]]] = field(default_factory=dict)

    def box(self, element: Element, mark: _Mark) -> None:
        self.boxes.setdefault(element, []).append(mark)

    def piece(self, element: Element, text: str, mark: _Mark) -> None:
        if len(text) > 1:
            self.pieces.setdefault(element, []).append((text, mark))


COLOURS = {
    "title": "red", "kicker": "red", "subtitle": "red", "published_at": "blue", "source": "teal", "source_url": "teal", "authors": "violet",
    "reporters": "violet", "correspondents": "violet", "editors": "orange", "channel": "slate", "keywords": "slate", "body": "green",
    "images": "olive",
}  # fmt: skip

_NAMES = {"published_at": "published"}


def _marks(found: Inspection) -> _Marks:
    marks = _Marks()
    page, chosen = found.page, found.extraction.chosen
    body = chosen.get("body")
    for name in FIELDS:
        candidate = chosen.get(name)
        if candidate is None or name == "source_url":
            continue
        mark = _Mark(name, _NAMES.get(name, name), COLOURS[name])
        element = candidate.element if candidate.element is not None else _located(page, candidate)
        within_text = body is not None and element is body.element and name != "body"
        if element is None or within_text or candidate.rule.startswith("text"):
            # Keywords are words of the text, wherever they stand in it.
            if body is not None and body.element is not None and name != "keywords":
                said = page.text(body.element)
                for text in _texts(candidate):
                    if text in said:
                        marks.piece(body.element, text, mark)
            continue
        marks.box(element, mark)
        if name not in ("body", "title", "kicker", "subtitle"):
            for text in _texts(candidate):
                marks.piece(_holding(page, element, text), text, mark)
    if body is not None and body.element is not None:
        wanted = {image.url for image in body.value.images}
        for image in body.element.iter("img"):
            sources = (page.absolute(image.get(name)) for name in ("src", "data-src", "data-original", "_src"))
            if wanted & {source for source in sources if source}:
                marks.box(image, _Mark("images", "image", COLOURS["images"]))
    for number, placed in enumerate(found.blocks):
        mark = _Mark(
            f"block{number}", f"{placed.block.kind} · {len(placed.block.links)} links", "pink" if placed.block.links else "grey"
        )
        for number_of_part, part in enumerate(placed.parts):
            marks.box(part, mark if not number_of_part else replace(mark, label=""))
    return marks


def _holding(page: Page, element: Element, text: str) -> Element:
    """An element, or the nearest line above it that says a text: of several editor lines a candidate names the first."""
    node: Element | None = element
    for _ in range(4):
        if node is None or len(said := page.text(node)) > 400:
            break
        if text in said:
            return node
        node = node.getparent()
    return element


def _texts(candidate: Candidate) -> Iterator[str]:
    """The pieces of text that a value is made of, as they are printed."""
    value = candidate.value
    if isinstance(value, str):
        yield value
    elif hasattr(value, "raw"):
        yield value.raw
    elif isinstance(value, list):
        for part in value:
            text = getattr(part, "name", part)
            if isinstance(text, str):
                yield text


def _located(page: Page, candidate: Candidate) -> Element | None:
    """Where a value is printed that a comment, a script or the head gave: the smallest element that says just this."""
    value = candidate.value
    if not isinstance(value, str) or not 2 <= len(value) <= 200:
        return None
    for tag in ("h1", "h2", "h3", "p", "div", "span", "td", "font", "strong"):
        for element in page.tags.get(tag, ())[:3000]:
            head = next(iter(texts_of(element)), "")
            if (not head.strip() or clean(head)[:2] == value[:2]) and len(element) < 6 and page.text(element) == value:
                return element
    return None


# -- the page, written anew

_DROPPED = frozenset(
    "script noscript style iframe frame frameset noframes object embed applet link meta base title head svg math template audio video source track canvas "
    "input button textarea select option optgroup param map area portal dialog".split()
)
_KEPT = frozenset(
    "a abbr address article aside b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer "
    "h1 h2 h3 h4 h5 h6 header hr i ins kbd label legend li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td "
    "tfoot th thead time tr tt u ul var wbr".split()
)
_BARE = frozenset("br hr wbr col".split())
_ATTRIBUTES = frozenset(
    "id class style align valign width height colspan rowspan border bgcolor cellpadding cellspacing size color face dir lang".split()
)
# What a frame's own rules must not be taken away from it by.
_SELF_MADE = re.compile(r"^nc-")
MAX_TEXT = 4_000_000
"""Characters of a page that are shown at most."""


def _written(found: Inspection, marks: _Marks, online: bool) -> str:
    """The page's body as HTML of harmless tags and attributes, marks included. Iterative: a page may nest two thousand deep."""
    page = found.page
    body = next(iter(page.tags.get("body", ())), page.tree)
    out: list[str] = []
    size = 0
    active: list[tuple[str, _Mark]] = []
    todo: list[tuple[str, Any]] = [("open", body)]
    while todo:
        what, node = todo.pop()
        if what == "close":
            out.append(node)
        elif what == "leave":
            del active[len(active) - node :]
        elif what == "text":
            size += len(node)
            if size <= MAX_TEXT:
                out.append(_text(node, active))
        else:
            tag = node.tag if isinstance(node.tag, str) else ""
            if node is not body and node.tail:
                todo.append(("text", node.tail))
            if not tag or (tag in _DROPPED and node is not body):
                continue
            opening, closing = _tag(page, node, tag if node is not body else "div", marks.boxes.get(node, []), online)
            out.append(opening)
            if not closing:
                continue
            todo.append(("close", closing))
            if pieces := marks.pieces.get(node):
                active.extend(pieces)
                todo.append(("leave", len(pieces)))
            todo.extend(("open", child) for child in reversed(node))
            if node.text:
                todo.append(("text", node.text))
    return "".join(out)


def _tag(page: Page, node: Element, tag: str, marks: Sequence[_Mark], online: bool) -> tuple[str, str]:
    """An element's tags; no closing one for what holds nothing."""
    attributes = {name: value for name, value in node.items() if name in _ATTRIBUTES}
    classes = [word for word in attributes.pop("class", "").split() if not _SELF_MADE.match(word)]
    if marks:
        classes += [
            "nc-box",
            f"nc-{marks[0].colour}",
            *(["nc-block"] if marks[0].label and (tag in BLOCK_TAGS or tag.startswith("h")) else []),
        ]
        attributes["data-nc"] = " ".join(mark.key for mark in marks)
        attributes["data-nc-label"] = " · ".join(dict.fromkeys(mark.label for mark in marks if mark.label))
    if tag == "img":
        source = page.absolute(node.get("src")) or page.absolute(node.get("data-src")) or ""
        if online and source:
            shown = {
                **attributes,
                "src": source,
                "alt": node.get("alt") or "",
                "referrerpolicy": "no-referrer",
                "loading": "lazy",
            }
            image = f"<img{_attributes(shown, [])}>"
            if not marks:
                return f"<img{_attributes({**shown}, classes)}>", ""
            return (
                f"<span{_attributes({k: v for k, v in attributes.items() if k.startswith('data-')}, classes)}>{image}</span>",
                "",
            )
        kept = {name: value for name, value in attributes.items() if name.startswith("data-")}
        name = clean(node.get("alt") or "") or unquote(urlsplit(source).path.rpartition("/")[2]) or "image"
        return f"<span{_attributes(kept, [*classes, 'nc-image'])}>{escape(name[:60])}</span>", ""
    if tag == "a" and (href := page.absolute(node.get("href"))):
        attributes["title"] = href
    if tag not in _KEPT:
        tag = "div" if tag in ("form", "fieldset", "html", "body", "center", "dir", "menu", "hgroup", "search") else "span"
        if any(isinstance(child.tag, str) and child.tag in BLOCK_TAGS for child in node):
            tag = "div"
    return f"<{tag}{_attributes(attributes, classes)}>", "" if tag in _BARE else f"</{tag}>"


def _attributes(attributes: dict[str, str], classes: Sequence[str]) -> str:
    named = {**attributes, **({"class": " ".join(classes)} if classes else {})}
    return "".join(f' {name}="{escape(value)}"' for name, value in named.items())


def _text(text: str, pieces: Sequence[tuple[str, _Mark]]) -> str:
    """A text with the pieces of values in it marked, the longest first."""
    here = {piece: mark for piece, mark in reversed(pieces) if piece in text}
    if not here:
        return escape(text, quote=False)
    pattern = re.compile("|".join(re.escape(piece) for piece in sorted(here, key=len, reverse=True)))
    out, at = [], 0
    for match in pattern.finditer(text):
        mark = here[match[0]]
        out.append(escape(text[at : match.start()], quote=False))
        out.append(
            f'<mark class="nc-piece nc-{mark.colour}" data-nc="{mark.key}" title="{mark.label}">{escape(match[0], quote=False)}</mark>'
        )
        at = match.end()
    return "".join([*out, escape(text[at:], quote=False)])


def _styles(page: Page, online: bool) -> str:
    """The page's own style sheets: those in it, and those on the web where it may load them."""
    out = []
    for element in page.tree.iter("style", "link"):
        if element.tag == "style" and element.text:
            # What would end the element, or be taken for a comment of HTML, cannot be in it.
            out.append(f"<style>{re.sub(r'<[/!]', '', element.text)}</style>")
        elif element.tag == "link" and "stylesheet" in (element.get("rel") or "").lower():
            href = page.absolute(element.get("href")) if online else None
            out += [f'<link rel="stylesheet" href="{escape(href)}">'] if href else []
    return "".join(out)


# -- the file


def as_html(found: Inspection, *, online: bool = False) -> str:
    """The page with the parts of the article marked in it, and a panel with each field's value, layer and rule: one file.

    ``online``: its images and style sheets are loaded from the web. Scripts, forms, frames and links of the page are not in it.
    """
    marks = _marks(found)
    placed = {mark.key for group in marks.boxes.values() for mark in group}
    placed |= {mark.key for group in marks.pieces.values() for _, mark in group}
    styles = _styles(found.page, online)
    web = " http: https:" if online else ""
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(_SCRIPT)}'; style-src 'unsafe-inline'{web}; img-src data:{web}; "
        f"font-src data:{web}; base-uri 'none'; form-action 'none'; frame-src 'self'"
    )
    frame = _FRAME.substitute(
        policy=escape(policy),
        style=_FRAME_STYLE + ("" if styles else _PLAIN_STYLE),
        styles=styles,
        body=_written(found, marks, online),
    )
    page, extraction = found.page, found.extraction
    facts = [f"charset {page.charset}", f"by {page.decoded.by}", f"layout {extraction.layout or 'none'}"]
    facts += [f"family {name}" for name in extraction.families] or ["no CMS family"]
    title = found.article.title if found.article else page.title_tag
    return _FILE.substitute(
        policy=escape(policy),
        title=escape(title or "page"),
        address=escape(page.url or "(no address)"),
        verdict=escape(found.verdict),
        state="good" if found.verdict == "article" else "bad",
        why=f'<p class="why">{escape(found.why)}</p>' if found.why else "",
        facts="".join(f"<li>{escape(fact)}</li>" for fact in facts),
        fields="\n".join(_field_rows(found, placed)),
        blocks="\n".join(_block_rows(found)) or '<p class="none">No link blocks.</p>',
        style=_STYLE,
        script=_SCRIPT,
        frame=escape(frame),
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _field_rows(found: Inspection, placed: Iterable[str]) -> Iterator[str]:
    known = set(placed)
    for name in FIELDS:
        candidate = found.extraction.chosen.get(name)
        if candidate is None:
            if name in ("title", "published_at", "source", "authors", "editors", "body"):
                yield f'<div class="row missing"><span class="dot"></span><b>{_NAMES.get(name, name)}</b><p class="value">not found</p></div>'
            continue
        others = [one for one in found.extraction.candidates if one.field == name and one.rule != candidate.rule]
        element = candidate.element if candidate.element is not None else _located(found.page, candidate)
        at = where(element) if element is not None else ""
        differing = [one for one in others if short(one.value) != short(candidate.value)]
        note = at or ("in the text" if name in known else "in a comment, a script or the page's head")
        yield _row(
            name,
            _NAMES.get(name, name),
            _value(found, name, candidate),
            candidate.rule,
            note,
            name in known,
            COLOURS[name],
            differing,
        )
    if found.article is not None and found.article.images:
        images = found.article.images
        value = "\n".join(image.caption or urlsplit(image.url).path.rpartition("/")[2] for image in images)
        yield _row("images", f"images · {len(images)}", value, "body", "", "images" in known, COLOURS["images"], [])


def _value(found: Inspection, name: str, candidate: Candidate) -> str:
    if name == "body":
        return (
            f"{len(candidate.value.paragraphs)} paragraphs, {len(candidate.value.text)} characters\n{candidate.value.text[:120]}…"
        )
    if name == "published_at":
        return f"{candidate.value.iso()}\nprinted {candidate.value.raw}, to the {candidate.value.precision}"
    if name == "editors":
        return "\n".join(f"{editor.role}：{editor.name}" for editor in candidate.value)
    return "、".join(map(str, candidate.value)) if isinstance(candidate.value, list) else str(candidate.value)


def _row(key: str, name: str, value: str, rule: str, at: str, is_placed: bool, colour: str, others: Sequence[Candidate]) -> str:
    layer, _, rest = rule.partition(":")
    more = "".join(f"<li><i>{escape(one.rule)}</i> {escape(short(one.value))}</li>" for one in others[:4])
    return (
        f'<button class="row nc-{colour}" data-go="{key}"{"" if is_placed else " disabled"}><span class="dot"></span><b>{escape(name)}</b>'
        f'<span class="layer {escape(layer)}">{escape(layer)}</span><span class="rule">{escape(rest)}</span>'
        f'<p class="value" lang="zh-CN">{escape(value)}</p>'
        + (f'<p class="at">{escape(at)}</p>' if at else "")
        + (f'<ul class="others" lang="zh-CN">{more}</ul>' if more else "")
        + "</button>"
    )


def _block_rows(found: Inspection) -> Iterator[str]:
    for number, placed in enumerate(found.blocks):
        colour = "pink" if placed.block.links else "grey"
        titles = "\n".join(f"{link.position}. {link.title}" for link in placed.block.links[:4])
        more = f"\n… {len(placed.block.links) - 4} more" if len(placed.block.links) > 4 else ""
        yield (
            f'<button class="row nc-{colour}" data-go="block{number}"{"" if placed.parts else " disabled"}><span class="dot"></span>'
            f'<b lang="zh-CN">{escape(placed.heading)}</b><span class="layer">{escape(placed.block.kind)}</span>'
            f'<p class="at">{escape(placed.story())}</p>'
            + (f'<p class="value" lang="zh-CN">{escape(titles + more)}</p>' if titles else "")
            + "</button>"
        )


_COLOURS = """
.nc-red{--nc:#c62828}.nc-blue{--nc:#1565c0}.nc-teal{--nc:#00796b}.nc-violet{--nc:#6a3fb5}.nc-orange{--nc:#c25a00}.nc-slate{--nc:#546e7a}
.nc-green{--nc:#2e7d32}.nc-olive{--nc:#827717}.nc-pink{--nc:#ad1e6b}.nc-grey{--nc:#757575}
"""

_FRAME_STYLE = (
    _COLOURS
    + """
html{color-scheme:light;background:#fff;padding:10px 14px 40px}
@layer nc-base{body{font:16px/1.75 "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif;margin:0;color:#222}}
.nc-box{outline:2px solid var(--nc)!important;outline-offset:3px;position:relative!important;min-height:1em;visibility:visible!important;overflow:visible!important}
.nc-box[style*="none"]{display:block!important}
.nc-block{margin-top:24px!important}
.nc-box:not([data-nc-label=""])::before{content:attr(data-nc-label)!important;position:absolute!important;left:-5px!important;top:-23px!important;width:auto!important;height:auto!important;
 font:600 11px/17px system-ui,sans-serif!important;letter-spacing:0!important;text-indent:0!important;text-shadow:none!important;background:var(--nc)!important;color:#fff!important;
 padding:0 7px!important;border-radius:4px 4px 0 0!important;white-space:nowrap!important;z-index:2147483000!important;opacity:1!important}
.nc-green.nc-box{outline-style:dashed!important}
.nc-piece{background:color-mix(in srgb,var(--nc) 16%,transparent)!important;color:inherit!important;border-bottom:2px solid var(--nc);border-radius:2px}
.nc-image{display:inline-block;min-width:120px;max-width:100%;box-sizing:border-box;padding:20px 14px;margin:4px;background:#eef0f2;border:1px dashed #aab2ba;border-radius:6px;color:#59636e;
 font:13px/1.5 system-ui,sans-serif;text-indent:0;text-align:center}
.nc-found{animation:nc-found 1.6s ease-out 1}
@keyframes nc-found{0%,50%{background:color-mix(in srgb,var(--nc) 30%,transparent);outline-width:5px}100%{outline-width:2px}}
"""
)

_PLAIN_STYLE = """
@layer nc-base{body{max-width:52rem;margin:0 auto;padding:24px 28px}a{color:#1a4b84}ul,ol{padding-left:1.4em}h1{font-size:1.7em;line-height:1.4}img{max-width:100%}table{border-collapse:collapse}}
"""

_STYLE = (
    _COLOURS
    + """
:root{color-scheme:light dark;--paper:#f6f7f8;--card:#fff;--ink:#1c2126;--soft:#68717b;--line:#dde1e5;--hover:#eef2f6;--good:#1b7a3d;--bad:#b3261e;--chip:#e8ecf0}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1d2125;--ink:#e6e9ec;--soft:#9aa4ae;--line:#32383e;--hover:#272c31;--good:#5fcf86;--bad:#ff8a80;--chip:#2b3137}
.nc-red{--nc:#ff7b74}.nc-blue{--nc:#6db3ff}.nc-teal{--nc:#4fd0bf}.nc-violet{--nc:#b798ff}.nc-orange{--nc:#ffa04d}.nc-slate{--nc:#9db4c0}.nc-green{--nc:#71cc78}.nc-olive{--nc:#cdc24f}.nc-pink{--nc:#ff7bbd}.nc-grey{--nc:#a5a5a5}}
*{box-sizing:border-box}
body{margin:0;height:100vh;display:grid;grid-template-columns:minmax(320px,26rem) 1fr;background:var(--paper);color:var(--ink);
 font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
aside{overflow-y:auto;padding:18px 16px 40px;border-right:1px solid var(--line)}
iframe{border:0;width:100%;height:100%;background:#fff}
:lang(zh-CN){font-family:"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",system-ui,sans-serif}
h1{font-size:18px;line-height:1.5;margin:0 0 4px;text-wrap:balance}
.address{color:var(--soft);font-size:12px;overflow-wrap:anywhere;margin:0 0 10px}
.verdict{display:inline-block;font-weight:600;padding:1px 10px;border-radius:99px;border:1px solid currentColor}.good{color:var(--good)}.bad{color:var(--bad)}
.why{margin:6px 0 0;color:var(--soft)}
.facts{list-style:none;padding:0;margin:10px 0 4px;display:flex;flex-wrap:wrap;gap:5px}.facts li{background:var(--chip);border-radius:4px;padding:1px 7px;font-size:12px;color:var(--soft)}
h2{font-size:12px;letter-spacing:.04em;color:var(--soft);font-weight:600;margin:20px 2px 8px}
.row{display:flex;flex-wrap:wrap;align-items:center;gap:2px 8px;width:100%;text-align:left;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--nc,var(--line));
 border-radius:6px;padding:8px 10px;margin:0 0 7px;cursor:pointer}
.row:hover:not(:disabled){background:var(--hover)}.row:focus-visible{outline:2px solid var(--nc);outline-offset:1px}.row:disabled,.missing{cursor:default}.missing{opacity:.65}
.dot{display:none}
.row b{font-weight:600}.layer{font-size:11px;background:var(--chip);border-radius:4px;padding:0 6px;line-height:18px}.layer.generic{outline:1px dashed var(--soft)}.rule{font-size:12px;color:var(--soft);overflow-wrap:anywhere}
.value{flex-basis:100%;margin:3px 0 0;line-height:1.65;white-space:pre-line;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:6;overflow:hidden}
.at{flex-basis:100%;margin:2px 0 0;font:12px/1.5 ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;color:var(--soft);overflow-wrap:anywhere}
.others{flex-basis:100%;margin:5px 0 0;padding:5px 0 0;list-style:none;border-top:1px dotted var(--line);font-size:12px;color:var(--soft)}.others li{overflow-wrap:anywhere}
.others i{font-style:normal;font-weight:600}.none,.hint{color:var(--soft);margin:0 2px}.hint{font-size:12px;margin-top:18px}
@media (max-width:760px){body{grid-template-columns:1fr;grid-template-rows:45vh 55vh}aside{border-right:0;border-bottom:1px solid var(--line)}}
"""
)

_SCRIPT = """
const frame = document.querySelector("iframe");
const turns = new Map();
document.querySelector("aside").addEventListener("click", (event) => {
  const row = event.target.closest("[data-go]");
  const page = frame.contentDocument;
  if (!row || !page) return;
  const places = [...page.querySelectorAll("[data-nc~=" + row.dataset.go + "]")];
  const seen = places.filter((place) => place.getClientRects().length);
  if (!seen.length) return;
  const turn = (turns.get(row) ?? -1) + 1;
  turns.set(row, turn);
  const place = seen[turn % seen.length];
  place.scrollIntoView({block: "center", behavior: "smooth"});
  place.classList.remove("nc-found");
  void place.offsetWidth;
  place.classList.add("nc-found");
});
"""

_FRAME = Template(
    """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="$policy">$styles<style>$style</style></head><body>$body</body></html>"""
)

_FILE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body>
<aside>
<h1 lang="zh-CN">$title</h1>
<p class="address">$address</p>
<span class="verdict $state">$verdict</span>$why
<ul class="facts">$facts</ul>
<h2>Fields</h2>
$fields
<h2>Link blocks</h2>
$blocks
<p class="hint">A click leads to the place on the page. Scripts, frames, forms and links of the page are left out.</p>
</aside>
<iframe title="The page, marked" sandbox="allow-same-origin" srcdoc="$frame"></iframe>
<script>$script</script>
</body>
</html>
""")
