"""What changed between two texts, marked: an article's states one after the other, and two articles against each other."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from newscrawl import diff
from newscrawl.changes import CONTEXT, NOTES, steps
from newscrawl.diff import Paragraph, Piece, State
from newscrawl.store import clusters, reading, revisions
from newscrawl.store.reading import Head
from newscrawl.store.revisions import History, Revision
from newscrawl.web import pages
from newscrawl.web.pages import DATABASE

SHOWN = 6
"""Changes that one page marks."""

LONG = 60_000
"""Characters of both texts together up to which paragraphs are compared word by word."""
LONG_LINE = 2500

NAMES = {
    "title": "title",
    "kicker": "引题",
    "subtitle": "副题",
    "published": "time",
    "source": "来源",
    "byline": "people",
    "body": "text",
    "images": "images",
    "links": "links",
}
"""What the fields of a change are called."""

Lines = list[tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs in a row: one, or several that nothing near has changed (``is_far``)."""

    paragraphs: tuple[Paragraph, ...]
    is_far: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """How one text became another: its title, the fields around the text that differ, the text. ``is_coarse``: paragraphs were compared
    as wholes, as the texts are long."""

    title: tuple[Piece, ...]
    rows: list[tuple[str, Lines]]
    groups: list[Group]
    is_text_changed: bool
    is_coarse: bool

    @property
    def is_any(self) -> bool:
        """Whether anything is marked."""
        return self.is_text_changed or bool(self.rows) or any(piece.kind != "same" for piece in self.title)


def between(old: State, new: State) -> Difference:
    """What a reader would notice between two states."""
    coarse = len(old.body_text) + len(new.body_text) > LONG or any(
        len(line) > LONG_LINE for state in (old, new) for line in state.body_text.split("\n")
    )
    left, right = (replace(state, body_text="", body_html="") for state in (old, new)) if coarse else (old, new)
    only = Revision(1, "site", (), "", "", "", "", left)
    (step,) = steps(History(0, "", "", None, "", None, None, None, right, (only,)))
    paragraphs = _wholes(diff.read_lines(old, new), diff.read_lines(new, old)) if coarse else step.paragraphs
    changed = any(paragraph.kind != "same" for paragraph in paragraphs)
    return Difference(step.title, step.rows, _grouped(paragraphs), changed, coarse)


def _wholes(old: Sequence[str], new: Sequence[str]) -> list[Paragraph]:
    """Two texts compared paragraph by paragraph, without a look into them."""
    out: list[Paragraph] = []
    left, right = list(map(diff.normal, old)), list(map(diff.normal, new))
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            out += [Paragraph("same", (Piece("same", line),)) for line in new[c:d]]
            continue
        out += [Paragraph("removed", (Piece("removed", line),)) for line in old[a:b]]
        out += [Paragraph("added", (Piece("added", line),)) for line in new[c:d]]
    return out


def _grouped(paragraphs: Sequence[Paragraph]) -> list[Group]:
    near = [
        any(other.kind != "same" for other in paragraphs[max(0, n - CONTEXT) : n + CONTEXT + 1]) for n in range(len(paragraphs))
    ]
    out: list[Group] = []
    for paragraph, is_near in zip(paragraphs, near, strict=True):
        if not is_near and out and out[-1].is_far:
            out[-1] = Group((*out[-1].paragraphs, paragraph), True)
        else:
            out.append(Group((paragraph,), not is_near))
    return out


# -- one article over time


@dataclass(frozen=True, slots=True)
class Marked:
    """A change with what it changed marked, and what is to be said of its cause."""

    revision: Revision
    note: str
    difference: Difference


async def changes(datasette: Datasette, request: Request) -> Response:
    """``/article/ID/revisions``: its states and what changed between neighbours, the last change first; ``?to=N``: up to that one."""
    number = int(request.url_vars["id"])
    head, history = await pages.read(datasette, _history, number)
    if head is None or history is None:
        return await pages.missing(datasette, request, f"There is no article {number}.")
    last = len(history.revisions)
    given = request.args.get("to") or ""
    to = min(max(int(given), 1), last) if given.isascii() and given.isdigit() and len(given) < 19 else last
    first = max(to - SHOWN, 0)
    marked = await asyncio.to_thread(_marked, history, first, to)
    return await pages.show(
        datasette,
        request,
        "revisions.html",
        article=head,
        history=history,
        marked=marked,
        earlier=first if first > 0 else None,
        later=min(to + SHOWN, last) if to < last else None,
        names=NAMES,
        table=f"/{DATABASE}/revisions?article_id={number}&_sort_desc=number",
    )


def _history(connection: sqlite3.Connection, number: int) -> tuple[Head | None, History | None]:
    head = reading.head(connection, number)
    return head, revisions.history(connection, number) if head else None


def _marked(history: History, first: int, to: int) -> list[Marked]:
    states = [*(revision.state for revision in history.revisions), history.state]
    return [
        Marked(
            history.revisions[index],
            NOTES[history.revisions[index].cause],
            between(states[index], states[index + 1]),
        )
        for index in reversed(range(first, to))
    ]


# -- two articles


async def against(datasette: Datasette, request: Request) -> Response:
    """``/article/ID/against/OTHER``: what an article has that the other, taken for the original, has not, and the reverse."""
    number, other = (int(request.url_vars[name]) for name in ("id", "other"))
    found = await pages.read(datasette, _both, number, other)
    if found is None:
        return await pages.missing(datasette, request, f"There is no article {number}, or no article {other}.")
    one, two, old, new, cluster = found
    difference = await asyncio.to_thread(between, old, new)
    return await pages.show(
        datasette, request, "against.html", article=one, other=two, difference=difference, cluster=cluster, names=NAMES
    )


def _both(connection: sqlite3.Connection, number: int, other: int) -> tuple[Head, Head, State, State, int | None] | None:
    one, two = reading.head(connection, number), reading.head(connection, other)
    if one is None or two is None:
        return None
    old, new = (revisions.history(connection, which).state for which in (other, number))
    # Each page's own links say nothing of the text that they share.
    old, new = replace(old, links=()), replace(new, links=())
    shared = clusters.cluster_of(connection, number)
    return one, two, old, new, shared if shared == clusters.cluster_of(connection, other) else None


ROUTES: pages.Routes = (
    (r"^/article/(?P<id>\d{1,19})/revisions$", changes),
    (r"^/article/(?P<id>\d{1,19})/against/(?P<other>\d{1,19})$", against),
)
