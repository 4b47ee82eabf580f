"""The body of an article as a page of ours shows it: cleaned once more, its images from the archive or as boxes that say what they are.

What is stored is clean already; it is cleaned again where it is shown, for whatever came into the database another way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import nh3
from lxml import html
from lxml.etree import ParserError
from markupsafe import Markup

from newscrawl.store.reading import Picture
from newscrawl.web import formats

LONGEST = 400_000
"""Characters of a body that are shown; what comes behind is in the tables."""

_TEXT = {
    "p", "h2", "h3", "h4", "h5", "h6", "img", "figure", "figcaption", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption",
    "ul", "ol", "li", "blockquote", "strong", "em", "br", "a",
}  # fmt: skip
_TOLD = {"img": {"src", "alt"}, "a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_DROPPED = {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "title", "textarea", "select", "xmp"}
_AS_TOLD = nh3.Cleaner(
    tags=_TEXT,
    attributes=_TOLD,
    clean_content_tags=_DROPPED,
    url_schemes={"http", "https"},
    link_rel=None,
)
# What our own boxes need besides.
_AS_SHOWN = nh3.Cleaner(
    tags=_TEXT | {"div", "span"},
    attributes={
        **_TOLD,
        "img": {"src", "alt", "loading", "decoding", "referrerpolicy", "class"},
        "a": {"href", "rel"},
        "p": {"class"},
        "div": {"class", "role", "tabindex", "aria-label"},
        "span": {"class"},
    },
    clean_content_tags=_DROPPED,
    url_schemes={"http", "https"},
    link_rel=None,
)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Shown:
    """A body ready to be shown. ``unseen``: how many of its images are boxes; ``cut``: whether its end is left out; ``lead``: the lines
    of the 导语 that do not stand in it."""

    html: Markup
    unseen: int
    cut: bool
    lead: tuple[str, ...]


def shown(
    body_html: str,
    body_text: str,
    lead: str | None,
    pictures: Sequence[Picture],
    *,
    archive: str | None,
    from_site: bool,
) -> Shown:
    """Clean a body and put its images in place.

    ``archive``: where images that the archive has are served, without their number; ``None`` where there is no archive.
    ``from_site``: images that it has not are loaded from their sites.
    """
    cut = len(body_html) > LONGEST
    cleaned = _AS_TOLD.clean(body_html[:LONGEST])
    try:
        root = html.fragment_fromstring(cleaned, create_parent="div")
    except (ParserError, ValueError):
        root = html.Element("div")
    if not (root.text_content().strip() or root.find(".//img") is not None):
        cut = cut or len(body_text) > LONGEST
        for line in body_text[:LONGEST].split("\n"):
            if line.strip():
                paragraph = html.Element("p")
                paragraph.text = _writable(line)
                root.append(paragraph)
    kept = {picture.url: picture for picture in pictures if picture.kept} if archive is not None else {}
    unseen = 0
    for number, image in enumerate(list(root.iter("img")), 1):
        unseen += _place_image(image, number, kept, archive or "", from_site)
    _name_links(root)
    _order_headings(root)
    for table in list(root.iter("table")):
        _box(table)
    missing = _mark_lead(root, lead)
    return Shown(Markup(_AS_SHOWN.clean(_inner(root))), unseen, cut, missing)  # noqa: S704 - cleaned as the last thing


def _inner(root: html.HtmlElement) -> str:
    """What an element holds, as HTML."""
    out = html.tostring(root, encoding="unicode", method="html")
    return str(out[out.index(">") + 1 : out.rindex("<")])


def _writable(text: str) -> str:
    """Text without the characters that no XML tree takes."""
    return "".join(c for c in text if c >= " " or c in "\t\n").replace("\ufffe", "").replace("\uffff", "")


def _place_image(image: html.HtmlElement, number: int, kept: Mapping[str, Picture], archive: str, from_site: bool) -> int:
    """Give an image its source of ours, or put a box in its place; 1 where it is a box."""
    url, alt = image.get("src") or "", image.get("alt") or ""
    tail = image.tail
    if picture := kept.get(url):
        image.attrib.clear()
        image.set("src", f"{archive}{picture.position}")
    elif from_site and formats.web(url):
        image.attrib.clear()
        image.set("src", url)
        image.set("referrerpolicy", "no-referrer")
    else:
        box = html.Element("span")
        box.set("class", "unseen")
        what = html.Element("span")
        what.text = alt or f"Image {number}"
        box.append(what)
        host = formats.host(url)
        if formats.web(url) and host:
            link = html.Element("a")
            link.set("href", url)
            link.text = f"image on {host}"
            box.append(link)
        box.tail = tail
        parent = image.getparent()
        assert parent is not None
        parent.replace(image, box)
        return 1
    # Beside a caption its description is said by that.
    image.set("alt", alt)
    image.set("loading", "lazy")
    image.set("decoding", "async")
    return 0


def _name_links(root: html.HtmlElement) -> None:
    """Links lead to the web or are none; the address of a page of ours is not an article's to give."""
    for link in list(root.iter("a")):
        address = link.get("href")
        if formats.web(address):
            link.set("rel", "noreferrer noopener nofollow")
        else:
            link.drop_tag()


def _order_headings(root: html.HtmlElement) -> None:
    """Headings below the page's one h1 and its sections' h2, none of them empty and no level left out."""
    before = 1
    for heading in list(root.iter(*_HEADINGS)):
        if not heading.text_content().strip():
            heading.drop_tag()
            continue
        level = min(int(str(heading.tag)[1]), before + 1)
        heading.tag = f"h{level}"
        before = level


def _box(table: html.HtmlElement) -> None:
    """A table scrolls in a box of its own."""
    box = html.Element("div")
    box.set("class", "table-scroll")
    box.set("role", "group")
    box.set("tabindex", "0")
    box.set("aria-label", "Table of the article")
    box.tail, table.tail = table.tail, None
    parent = table.getparent()
    assert parent is not None
    parent.replace(table, box)
    box.append(table)


def _mark_lead(root: html.HtmlElement, lead: str | None) -> tuple[str, ...]:
    """Mark the paragraphs that are the 导语, which stand first; the lines that are not there."""
    lines = [line.strip() for line in (lead or "").split("\n") if line.strip()]
    found = set()
    for paragraph in list(root)[: len(lines) + 2]:
        text = paragraph.text_content().strip()
        if paragraph.tag == "p" and text in lines:
            paragraph.set("class", "lead")
            found.add(text)
    return tuple(line for line in lines if line not in found)
