"""An article's page as it came over the wire: the archive's states of it, the chosen one shut in a frame, or its source as text."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from lxml import etree

from newscrawl import archive, codings, warc
from newscrawl.extract import page
from newscrawl.store import reading
from newscrawl.store.reading import Head, Stored
from newscrawl.warc import Captured, Place
from newscrawl.web import formats, pages

LARGEST = 3 * 1024 * 1024
"""Bytes of a page that are shown."""
LONGEST_SOURCE = 400_000
"""Characters of a page's source that are shown."""

OPEN = 8
"""States that stand open in the list."""

_HTML = ("text/html", "application/xhtml")


@dataclass(frozen=True, slots=True)
class Opened:
    """A page out of the archive: its text, how its bytes were read, whether it is HTML, whether its end is left out."""

    text: str
    charset: str
    is_html: bool
    cut: bool
    size: int
    headers: tuple[tuple[str, str], ...]


def record(folder: Path, place: Place) -> Captured | str:
    """A record of the archive, or why it cannot be had. Files outside the archive's folder are never opened."""
    path = folder / place.file.partition("!/")[0]
    if not path.resolve().is_relative_to(folder.resolve()):
        return "its place on record lies outside the archive."
    try:
        return warc.at(folder, place)
    except FileNotFoundError:
        return f"it is on record in {place.file}, and that file is not in {folder}. It may have been moved elsewhere."
    except (OSError, warc.Damaged) as error:
        return f"{place.file}: {error}"


def content(record: Captured) -> bytes | None:
    """A record's body with its content coding undone; ``None`` where it cannot be."""
    try:
        return record.content()
    except codings.Undecodable:
        return None


def opened(folder: Path, place: Place) -> Opened | str:
    """A page out of the archive as text, or why it cannot be had."""
    found = record(folder, place)
    if isinstance(found, str):
        return found
    data = content(found)
    if data is None:
        return f"{place.file}: its content coding cannot be undone."
    kind = found.header("Content-Type").lower()
    charset = kind.partition("charset=")[2].strip().strip("\"'; ") or None
    decoded = page.decode(data[:LARGEST], charset)
    is_html = kind.startswith(_HTML) or (not kind and "<" in decoded.text[:2000])
    return Opened(decoded.text, decoded.charset, is_html, len(data) > LARGEST, len(data), tuple(found.headers))


_LOADING = frozenset(
    "script noscript link meta base iframe frame object embed applet param video audio source track template portal".split()
)
_ADDRESSES = frozenset(
    "src srcset background poster data lowsrc dynsrc action formaction ping manifest longdesc cite classid codebase".split()
)
_CSS_ADDRESS = re.compile(r"@import[^;]*;?|(?:url|image-set)\s*\([^)]*\)?", re.I)
_OWN_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]", re.I)


def shut_in(text: str) -> str:
    """A page for looking at: without what runs, and without what loads something from elsewhere.

    The policy under which it is served forbids both already; a page that does not try leaves no complaints behind. Links stay, so
    that one sees where they led.
    """
    root = page.Page(text.encode("utf-8", "replace"), charset="utf-8").tree
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.lower().rpartition(":")[2]
        if tag in _LOADING:
            _remove(element)
            continue
        if tag == "style":
            element.text = _CSS_ADDRESS.sub("none", element.text or "")
        if tag == "img" and not element.get("alt"):
            element.set("alt", "image")
        for name in list(element.attrib):
            plain = str(name).lower().rpartition(":")[2].rpartition("}")[2]
            value = str(element.get(name))
            if plain == "src" and tag == "img" and _OWN_IMAGE.match(value):
                continue
            if (
                plain.startswith("on")
                or plain == "autofocus"
                or plain in _ADDRESSES
                or (plain == "href" and tag not in ("a", "area"))
                or (plain == "href" and not formats.web(value))
                or (plain == "style" and _CSS_ADDRESS.search(value))
            ):
                del element.attrib[name]
    return f"<!DOCTYPE html>\n{etree.tostring(root, encoding='unicode', method='html')}"


def _remove(element: page.Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _states(connection: sqlite3.Connection, number: int, name: str | None) -> tuple[Head | None, list[Stored], Stored | None]:
    """The article, the states that the archive has of it, and the one that is asked for, else the newest of its own page."""
    head = reading.head(connection, number)
    if head is None:
        return None, [], None
    found = reading.stored(connection, number)
    if name is not None:
        return head, found, next(iter(reading.stored(connection, number, name)), None)
    good = [state for state in found if state.status == 200 and state.kind != "part"]
    return head, found, next(iter(good or found), None)


async def frame(datasette: Datasette, request: Request) -> Response:
    """``/article/ID/raw?at=STATE&view=page|source``"""
    number = int(request.url_vars["id"])
    name = request.args.get("at")
    head, states, chosen = await pages.read(datasette, _states, number, name)
    if head is None:
        return await pages.missing(datasette, request, f"There is no article {number}.")
    if name is not None and chosen is None:
        return await pages.missing(datasette, request, f"The archive has no such state of article {number}.")
    folder = archive.folder_of(pages.path(datasette))
    found = await asyncio.to_thread(opened, folder, chosen.place) if chosen else None
    problem = found if isinstance(found, str) else None
    shown = found if isinstance(found, Opened) else None
    view = "source" if request.args.get("view") == "source" or (shown is not None and not shown.is_html) else "page"
    return await pages.show(
        datasette,
        request,
        "raw.html",
        article=head,
        states=states,
        chosen=chosen,
        problem=problem,
        shown=shown,
        source=shown.text[:LONGEST_SOURCE] if shown is not None and view == "source" else None,
        source_cut=shown is not None and (shown.cut or len(shown.text) > LONGEST_SOURCE),
        view=view,
        folder=folder,
        has_archive=folder.is_dir(),
        most=reading.STATES,
        open=OPEN,
        query=reading.stored_query(number),
    )


async def as_it_came(datasette: Datasette, request: Request) -> Response:
    """``/article/ID/raw/page?at=STATE``: the page itself, which `newscrawl.web.policy` shuts in; ``&view=source``: its source."""
    number = int(request.url_vars["id"])
    head, _, chosen = await pages.read(datasette, _states, number, request.args.get("at"))
    if head is None or chosen is None:
        return _plain(f"The archive has no such state of article {number}.\n", 404)
    found = await asyncio.to_thread(opened, archive.folder_of(pages.path(datasette)), chosen.place)
    if isinstance(found, str):
        return _plain(f"{found}\n", 404)
    if not found.is_html or request.args.get("view") == "source":
        return _plain(found.text)
    return Response.html(await asyncio.to_thread(shut_in, found.text))


def _plain(text: str, status: int = 200) -> Response:
    return Response.text(text, status=status)


ROUTES: pages.Routes = (
    (r"^/article/(?P<id>\d{1,19})/raw$", frame),
    (r"^/article/(?P<id>\d{1,19})/raw/page$", as_it_came),
)
