"""An article's history as a reader follows it: from state to state, the fields and paragraphs that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newscrawl import diff
from newscrawl.diff import Paragraph, Piece, State
from newscrawl.store.revisions import History, Revision

CONTEXT = 1
"""Unchanged paragraphs that are shown before and after a changed one."""

NOTES = {
    "site": "",
    "rules": "newscrawl's rules for the site changed as well: the difference may be theirs",
    "address": "read from another address, as the old one is gone",
}
"""What is to be said of a revision's cause."""


@dataclass(frozen=True, slots=True)
class Step:
    """The way from one state of an article to the next: ``rows`` are its fields that differ, line by line."""

    revision: Revision
    title: tuple[Piece, ...]
    rows: list[tuple[str, list[tuple[Piece, ...]]]]
    paragraphs: list[Paragraph]
    of: int

    @property
    def is_text_changed(self) -> bool:
        """Whether any paragraph differs."""
        return any(paragraph.kind != "same" for paragraph in self.paragraphs)


def steps(history: History) -> list[Step]:
    """An article's changes, oldest first."""
    states = [*(revision.state for revision in history.revisions), history.state]
    return [
        Step(
            revision,
            diff.inline(old.title, new.title),
            list(_rows(old, new)),
            diff.paragraphs(diff.read_lines(old, new), diff.read_lines(new, old)),
            len(states),
        )
        for revision, (old, new) in zip(history.revisions, pairwise(states), strict=True)
    ]


def _rows(old: State, new: State) -> Iterator[tuple[str, list[tuple[Piece, ...]]]]:
    """The fields around the text that differ, each as lines of pieces."""
    for name, word in (("kicker", "引题"), ("subtitle", "副题"), ("source", "来源")):
        before, now = getattr(old, name) or "", getattr(new, name) or ""
        if diff.normal(before) != diff.normal(now):
            # A name is read whole.
            yield word, [_instead(before, now) if name == "source" else diff.inline(before, now)]
    if old.published_at != new.published_at and old.published_at and new.published_at:
        yield "时间", [_instead(_moment(old), _moment(new))]
    for role, word in diff.ROLES.items():
        before_names, names = _names(old, role), _names(new, role)
        if set(before_names) != set(names):
            yield word, [_list_of_names(before_names, names)]
    if lines := _entries(
        {diff.same_file(image.url): _image(image) for image in old.images if not diff.is_advert(image.url)},
        {diff.same_file(image.url): _image(image) for image in new.images if not diff.is_advert(image.url)},
    ):
        yield "图片", lines
    within = [
        (Piece("same", f"{words} "), Piece("removed", before), Piece("added", now))
        for words, before, now in diff.relinked(old, new)
    ]
    if lines := within + _entries(_links(old), _links(new)):
        yield "链接", lines


def _instead(old: str, new: str) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in (("removed", old), ("added", new)) if text)  # type: ignore[arg-type]


def _moment(state: State) -> str:
    """A time of publication as exactly as it is known: 2026-11-01 08:30."""
    size = {"day": 10, "hour": 16, "minute": 16}.get(state.published_precision or "", 19)
    return (state.published_at or "").replace("T", " ")[:size]


def _names(state: State, role: str) -> list[str]:
    return [byline.name for byline in state.bylines if byline.role == role]


def _list_of_names(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Names in a row; the one that took another's place stands behind it."""
    gone = [name for name in old if name not in new]
    out: list[Piece] = []
    for name in new:
        if out:
            out.append(Piece("same", "、"))
        if name in old:
            out.append(Piece("same", name))
        else:
            out.extend([Piece("removed", gone.pop(0)), Piece("added", name)] if gone else [Piece("added", name)])
    for name in gone:
        out.extend([Piece("same", "、"), Piece("removed", name)] if out else [Piece("removed", name)])
    return tuple(out)


def _image(image: diff.Picture) -> str:
    return f"{image.caption} {image.url}" if image.caption else image.url


def _links(state: State) -> dict[str, str]:
    """The editorial links of a state by what makes them the same."""
    return {
        link.url or link.title: f"{link.title} ({link.kind}) {link.url or ''}".rstrip()
        for link in state.links
        if link.kind in diff.EDITORIAL
    }


def _entries(old: dict[str, str], new: dict[str, str]) -> list[tuple[Piece, ...]]:
    """One line each for what is gone, what has come, and what is there with other words."""
    lines: list[tuple[Piece, ...]] = [(Piece("removed", text),) for name, text in old.items() if name not in new]
    for name, text in new.items():
        if name not in old:
            lines.append((Piece("added", text),))
        elif diff.normal(_words(old[name])) != diff.normal(_words(text)):
            lines.append(diff.inline(_words(old[name]), _words(text)))
    return lines


def _words(entry: str) -> str:
    """An entry without its address, which may differ without a meaning."""
    return entry.rpartition(" ")[0] if "://" in entry.rpartition(" ")[2] else entry


def grouped(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """The paragraphs, those that nothing near has changed in groups of more than one; all others alone."""
    near = [
        any(other.kind != "same" for other in paragraphs[max(0, n - CONTEXT) : n + CONTEXT + 1]) for n in range(len(paragraphs))
    ]
    group: list[Paragraph] = []
    for paragraph, is_near in zip(paragraphs, near, strict=True):
        if not is_near:
            group.append(paragraph)
            continue
        if group:
            yield group
            group = []
        yield [paragraph]
    if group:
        yield group
