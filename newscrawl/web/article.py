"""An article as a reader expects it, with all that stands around it: links, reprints, revisions, provenance, the page as it came."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from newscrawl import archive, charts
from newscrawl.diff import EDITORIAL, ROLES
from newscrawl.store import reader, reading
from newscrawl.store.reading import Block, Named, Pointer, Reading
from newscrawl.web import body, differences, formats, pages, raw
from newscrawl.web.pages import DATABASE

KINDS = {
    "recommended": ("Recommended", "推荐阅读"),
    "related": ("Related", "相关新闻"),
    "hot": ("Hot", "热点"),
    "rank": ("Ranking", "排行"),
    "photo": ("Photos", "图集"),
    "video": ("Videos", "视频"),
    "topic": ("Topics", "专题"),
    "more": ("Other links", "其他"),
}
"""What kinds of link blocks are called."""

FLAGS = {
    "incomplete": "A further page of it did not come: its end is missing.",
    "truncated": "The page was longer than is read: its end is missing.",
    "mojibake": "Some characters could not be read in any charset.",
    "deep": "The page was nested deeper than any real one; it was flattened before it was read.",
    "crowded": "A tag had thousands of attributes, which were dropped.",
    "unanswered": "A script fills one of its link blocks, and whoever it asks did not answer.",
}
"""What the flags of an article mean."""

REASONS = {
    "canonical": "its canonical address",
    "address": "fetched, or redirected, under it",
    "part": "a further page of it",
    "same text": "the same text under another address of the house",
}
"""Why an address is one of an article's."""

STANDING = {
    "waiting": "waits to be fetched",
    "not crawled": "not crawled",
    "no address": "no address",
    "gone": "gone when it was fetched",
    "soft404": "not there when it was fetched",
    "offsite": "another site's",
    "list": "a list, no article",
    "robots": "robots.txt keeps it closed",
}
"""What is known of a link's target that is not stored."""

OPEN = 8
"""Links of a block that stand open; the others are folded away."""

LARGEST_IMAGE = 24 * 1024 * 1024

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A line of people: what they are called, and who they are."""

    label: str
    chinese: str
    people: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The blocks of one kind, as the page shows them."""

    kind: str
    name: str
    chinese: str
    blocks: tuple[Block, ...]
    closed: tuple[Pointer, ...]

    @property
    def count(self) -> int:
        """How many links stand."""
        return sum(block.count for block in self.blocks)


# -- the page


async def show(datasette: Datasette, request: Request) -> Response:
    """``/article/ID``; ``?images=site`` loads the images that the archive has not from their sites."""
    number = int(request.url_vars["id"])
    found = await pages.read(datasette, reading.article, number)
    if found is None:
        return await pages.missing(datasette, request, f"There is no article {number}.")
    from_site = request.args.get("images") == "site"
    has_archive = archive.folder_of(pages.path(datasette)).is_dir()
    text = await asyncio.to_thread(
        body.shown,
        found.body_html,
        found.body_text,
        found.lead,
        found.pictures,
        archive=f"/article/{number}/image/" if has_archive else None,
        from_site=from_site,
    )
    shelves = _shelves(found)
    linked = [(entry, *_name(entry.kind)) for entry in found.linked if entry.newest]
    return await pages.show(
        datasette,
        request,
        "article.html",
        article=found,
        body=text,
        credits=_credits(found.people),
        from_site=from_site,
        has_archive=has_archive,
        chosen=[shelf for shelf in shelves if shelf.kind in EDITORIAL],
        others=[shelf for shelf in shelves if shelf.kind not in EDITORIAL],
        linked=linked,
        linked_elsewhere=[(entry.count, *_name(entry.kind)) for entry in found.linked if not entry.newest],
        citation=_citation(found),
        rules=_rules(found),
        flags=[(flag, FLAGS.get(flag, "")) for flag in found.flags],
        reasons=REASONS,
        standing=STANDING,
        open=OPEN,
        counted_to=reading.COUNTED,
        span=charts.span,
        about=_about(found),
        queries=_queries(found),
    )


def _name(kind: str) -> tuple[str, str]:
    return KINDS.get(kind, (kind.capitalize(), ""))


def _shelves(article: Reading) -> list[Shelf]:
    """Its blocks by kind, those first that somebody may have chosen for the article, both of them even where there are none."""
    kinds = dict.fromkeys([*EDITORIAL, *(block.kind for block in article.blocks), *(link.kind for link in article.closed)])
    return [
        Shelf(
            kind,
            *_name(kind),
            blocks=tuple(block for block in article.blocks if block.kind == kind),
            closed=tuple(link for link in article.closed if link.kind == kind),
        )
        for kind in kinds
    ]


def _credits(people: Sequence[Named]) -> list[Credit]:
    """The lines of people; an editor's label is as printed."""
    english = {"author": "Author", "reporter": "Reporter", "correspondent": "Correspondent", "editor": "Editor"}
    out = []
    for (role, label), named in groupby(people, key=lambda one: (one.role, one.label if one.role == "editor" else None)):
        out.append(Credit(english.get(role, role), label or ROLES.get(role, role), tuple(named)))
    return out


def _rules(article: Reading) -> list[tuple[str, list[str]]]:
    """Which rule gave which fields."""
    found: dict[str, list[str]] = {}
    for name, rule in article.provenance.items():
        found.setdefault(rule, []).append(name)
    return sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))


def _about(article: Reading) -> str:
    """Whose it is, in one line for the page's head."""
    return article.site_title or article.publisher or article.site


def _citation(article: Reading) -> dict[str, str]:
    """How to cite it: plainly, and as GB/T 7714-2015 wants electronic resources."""
    authors = [one.name for one in article.people if one.role in ("author", "reporter")]
    house = article.source or _about(article)
    published = formats.day(article.published_at)
    read = formats.day(article.last_changed)
    who = "，".join(authors[:3]) + ("，等" if len(authors) > 3 else "")
    standard = f"{who + '. ' if who else ''}{article.title}[EB/OL]. {house}, {published or '[日期不详]'}[{read}]. {article.url}."
    plain = f"{who + '：' if who else ''}《{article.title}》，{house}{'，' + published if published else ''}，{article.url}"
    return {"standard": standard, "plain": plain, "read": formats.when(article.last_changed)}


def _queries(article: Reading) -> list[tuple[str, str]]:
    """Ways to the data behind the page."""
    number, rows = article.id, f"/{DATABASE}"
    out = [
        ("The article as a row", f"{rows}/articles/{number}"),
        ("as JSON", f"{rows}/articles/{number}.json?_shape=objects"),
        ("its links", f"{rows}/links?from_id={number}"),
        ("as CSV", f"{rows}/links.csv?from_id={number}&_size=max"),
        ("links that lead to it", f"{rows}/links?to_id={number}"),
        ("its people", f"{rows}/bylines?article_id={number}"),
        ("its images", f"{rows}/images?article_id={number}"),
    ]
    if article.change_count:
        out.append(("its revisions", f"{rows}/revisions?article_id={number}"))
    if article.cluster:
        out.append(("its cluster", f"{rows}/cluster_members?cluster_id={article.cluster.id}"))
    return out


# -- by address


async def find(datasette: Datasette, request: Request) -> Response:
    """``/article?url=…``, or a number in its place: on to the article's page, or what is known of an address that gave none."""
    wanted = (request.args.get("url") or request.args.get("id") or "").strip()
    if not wanted:
        return Response.redirect("/search")
    number, page = await pages.read(datasette, _find, wanted)
    if number is not None:
        return Response.redirect(f"/article/{number}")
    shown = wanted if len(wanted) <= 300 else wanted[:299] + "…"
    if page is None:
        return await pages.missing(datasette, request, f"{shown} is not on record. Give any address that an article has.")
    why = page["why"] or "no reason on record"
    when = f"fetched {formats.when(page['fetched_at'])}" if page["fetched_at"] else "not fetched yet"
    return await pages.failed(
        datasette, request, 404, f"{shown} gave no article: {page['verdict']}, {why} ({when}).", "No article at that address"
    )


def _find(connection: sqlite3.Connection, wanted: str) -> tuple[int | None, dict[str, Any] | None]:
    if wanted.isdigit():
        number = int(wanted[:30])
        return (number, None) if reading.is_there(connection, number) else (None, None)
    found = reader.find_article(connection, wanted)
    return found, None if found is not None else reader.find_page(connection, wanted)


# -- its images


async def image(datasette: Datasette, request: Request) -> Response:
    """``/article/ID/image/N``: an image of its body out of the archive; only what is a picture of points, told by its first bytes."""
    number, position = (int(request.url_vars[name]) for name in ("id", "position"))
    found = await pages.read(datasette, reading.image, number, position)
    if found is None:
        return await pages.missing(datasette, request, f"The archive has no image {position} of article {number}.")
    url, place = found
    record = await asyncio.to_thread(raw.record, archive.folder_of(pages.path(datasette)), place)
    if isinstance(record, str):
        return await pages.missing(datasette, request, f"{url}: {record}")
    data = await asyncio.to_thread(raw.content, record)
    kind = image_type(data) if data is not None and len(data) <= LARGEST_IMAGE else None
    if data is None or kind is None:
        return await pages.missing(datasette, request, f"{url}: what the archive has is no image that is shown here.")
    return Response(
        data,
        content_type=kind,
        headers={
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "private, max-age=86400",
        },
    )


def image_type(data: bytes) -> str | None:
    """The content type of a raster image by its first bytes; ``None`` for anything else, SVG among it."""
    for sign, kind in _SIGNS:
        if data.startswith(sign):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return None


# -- who leads here


async def linking(datasette: Datasette, request: Request) -> Response:
    """``/article/ID/linked?kind=recommended``: every article beside which a link of a kind leads here, a page at a time."""
    number = int(request.url_vars["id"])
    kind = request.args.get("kind") or "recommended"
    given = request.args.get("before") or ""
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    head, kinds, found = await pages.read(datasette, _linking, number, kind, before)
    if head is None:
        return await pages.missing(datasette, request, f"There is no article {number}.")
    size = reading.LINKING * 6
    return await pages.show(
        datasette,
        request,
        "linked.html",
        article=head,
        kind=kind,
        name=_name(kind),
        kinds=[(name, count, *_name(name)) for name, count in kinds.items()],
        linking=found[:size],
        following=found[size - 1].link_id if len(found) > size else None,
        before=before,
        table=f"/{DATABASE}/links?to_id={number}&kind={quote(kind, safe='')}",
    )


def _linking(
    connection: sqlite3.Connection, number: int, kind: str, before: int | None
) -> tuple[reading.Head | None, dict[str, int], list[reading.Linking]]:
    head = reading.head(connection, number)
    if head is None:
        return None, {}, []
    found = reading.linking(connection, number, kind, before=before, most=reading.LINKING * 6 + 1)
    return head, reading.kinds_leading_to(connection, number), found


ROUTES: pages.Routes = (
    (r"^/article$", find),
    (r"^/article/(?P<id>\d{1,19})$", show),
    (r"^/article/(?P<id>\d{1,19})/image/(?P<position>\d{1,19})$", image),
    (r"^/article/(?P<id>\d{1,19})/linked$", linking),
    *differences.ROUTES,
    *raw.ROUTES,
)
