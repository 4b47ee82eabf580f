"""``newscrawl diff``: what an article was before it changed, on the terminal, as a web page or as JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from newscrawl.changes import NOTES, Step, grouped, steps
from newscrawl.cli.options import EPILOG, Problem, database_option, open_database, output
from newscrawl.diff import Paragraph, Piece
from newscrawl.pipelines import database_path
from newscrawl.store import reader, revisions
from newscrawl.store.revisions import History

STYLES = {"same": "", "removed": "red strike", "added": "green"}
MARKS = {"same": " ", "changed": "~", "added": "+", "removed": "-", "moved": ">", "moved away": "<"}


@click.command("diff", epilog=EPILOG)
@click.argument("wanted", metavar="URL|ID")
@click.option("--all", "every", is_flag=True, help="Every change, oldest first; otherwise the last one.")
@click.option("--html", "as_html", is_flag=True, help="As a web page, whole in one file.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="Write there.")
@database_option
def diff_command(wanted: str, every: bool, as_html: bool, as_json: bool, target: Path | None, db: str | None) -> None:
    """Show how an article was changed.

    What the site removed stands in [-red-], what it added in {+green+}. White space, punctuation styles, counters and
    advertisements are no changes.
    """
    if as_html and as_json:
        raise Problem("--html and --json: give one of them.")
    path = database_path(db)
    try:
        with closing(open_database(path)) as connection:
            number = reader.find_article(connection, wanted)
            if number is None:
                raise Problem(f"{wanted}: not in {path}. Give an article's number, or any address it has.")
            history = revisions.history(connection, number)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise Problem(f"{path}: {error}") from None
        raise Problem(
            f"{path}: holds no revisions yet. The next crawl brings it up to date, or name another with --db."
        ) from None
    chosen = steps(history)
    if not every and chosen:
        # What our own rules may have changed is not what was asked for, where there is anything else.
        chosen = [step for step in chosen if step.revision.cause != "rules"][-1:] or chosen[-1:]
    if as_json:
        text = json.dumps(as_object(history, chosen), ensure_ascii=False, indent=1) + "\n"
    elif as_html:
        text = web_page(history, chosen)
    elif target is not None:
        written = StringIO()
        show(Console(file=written, width=160, highlight=False), history, chosen)
        text = written.getvalue()
    else:
        show(output(), history, chosen)
        return
    if target is None:
        click.echo(text, nl=False)
        return
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise Problem(f"{target}: cannot be written ({error.strerror}).") from None


def _hidden(count: int) -> str:
    return f"{count} paragraph{'s' if count > 1 else ''} unchanged"


def _clock(time: str) -> str:
    """A time of newscrawl's own, for people."""
    return f"{time[:19].replace('T', ' ')} UTC"


def _seen(first: str, last: str) -> str:
    return f"seen from {first} to {last}" if first != last else f"seen at {first}"


def _absences(history: History) -> list[str]:
    return [
        f"gone since {_clock(absence.gone_at)} ({absence.why})"
        if absence.back_at is None
        else f"was gone from {_clock(absence.gone_at)} to {_clock(absence.back_at)} ({absence.why})"
        for absence in history.absences
    ]


def _unchanged(history: History) -> str:
    looked = f", looked at last {_clock(history.last_looked)}" if history.last_looked else ""
    return f"no change since it was first seen, {_clock(history.first_seen)}{looked}"


# -- on the terminal


def show(console: Console, history: History, chosen: Sequence[Step]) -> None:
    """Print changes; without colours what is gone stands in [-…-] and what has come in {+…+}."""
    plain = console.color_system is None or console.no_color
    out = partial(console.print, soft_wrap=True)
    out(Text(history.state.title, style="bold"))
    out(Text(f"article {history.id} of {history.site}: {history.url}", style="dim"))
    for line in _absences(history):
        out(Text(line, style="yellow"))
    if not chosen:
        out(Text(_unchanged(history)))
    for step in chosen:
        revision = step.revision
        out()
        out(Text(f"state {revision.number} -> {revision.number + 1} of {step.of}: {', '.join(revision.changed)}", style="bold"))
        out(Text(f"  old: {_seen(*(_clock(time) for time in (revision.seen_from, revision.last_seen)))}"))
        out(Text(f"  new: seen from {_clock(revision.replaced_at)}"))
        if NOTES[revision.cause]:
            out(Text(f"  {NOTES[revision.cause]}", style="yellow"))
        out()
        rows = step.rows
        if any(piece.kind != "same" for piece in step.title):
            rows = [("标题", [step.title]), *rows]
        wide = max((cell_len(name) for name, _ in rows), default=0)
        for name, lines in rows:
            for number, pieces in enumerate(lines):
                label = name if number == 0 else ""
                out(Text.assemble((f"{label}{' ' * (wide - cell_len(label))}  ", "bold"), _coloured(pieces, plain)))
        if rows and step.is_text_changed:
            out()
        if step.is_text_changed:
            for group in grouped(step.paragraphs):
                if group[0].kind == "same" and len(group) > 1:
                    out(Text(f"  … {_hidden(len(group))}", style="dim"))
                    continue
                for paragraph in group:
                    out(Text(f"{MARKS[paragraph.kind]} ") + _paragraph(paragraph, plain))


def _paragraph(paragraph: Paragraph, plain: bool) -> Text:
    if paragraph.kind == "moved away":
        return Text(f"(moved) {_brief(paragraph.text)}", style="dim")
    text = _coloured(paragraph.pieces, plain)
    if paragraph.kind == "same":
        text.stylize("dim")
    return Text.assemble(("(moved here) ", "dim"), text) if paragraph.kind == "moved" else text


def _coloured(pieces: Sequence[Piece], plain: bool) -> Text:
    text = Text()
    for kind, words in pieces:
        if plain and kind != "same":
            text.append(f"[-{words}-]" if kind == "removed" else f"{{+{words}+}}")
        else:
            text.append(words, style=STYLES[kind])
    return text


def _brief(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


# -- as JSON


def as_object(history: History, chosen: Sequence[Step]) -> dict[str, Any]:
    """An article's changes as one object: its address and times, and for each change the fields and paragraphs."""
    return {
        "id": history.id,
        "url": history.url,
        "site": history.site,
        "publisher": history.publisher,
        "title": history.state.title,
        "first_seen": history.first_seen,
        "last_looked": history.last_looked,
        "gone_at": history.gone_at,
        "gone_why": history.gone_why,
        "states": len(history.revisions) + 1,
        "absences": [asdict(absence) for absence in history.absences],
        "changes": [
            {
                "number": step.revision.number,
                "cause": step.revision.cause,
                "changed": list(step.revision.changed),
                "summary": step.revision.summary,
                "seen_from": step.revision.seen_from,
                "last_seen": step.revision.last_seen,
                "replaced_at": step.revision.replaced_at,
                "title": _as_list(step.title),
                "fields": [{"field": name, "lines": [_as_list(line) for line in lines]} for name, lines in step.rows],
                "paragraphs": [{"kind": p.kind, "pieces": _as_list(p.pieces)} for p in step.paragraphs],
            }
            for step in chosen
        ],
    }


def _as_list(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    return [{"kind": kind, "text": text} for kind, text in pieces]


# -- as a web page

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2026; --soft: #667080; --line: #dfe3e8; --back: #fff; --card: #f6f7f9;
  --ins: #d4f4dc; --ins-ink: #0b5a26; --del: #fde0de; --del-ink: #98201a; --link: #1a5fb4; --warn: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --soft: #98a2b0; --line: #343a44; --back: #16181c; --card: #1f2228;
  --ins: #133d22; --ins-ink: #9be5b0; --del: #4a1d1b; --del-ink: #ffb3ad; --link: #82b4ff; --warn: #f0c060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--ink);
  font: 17px/1.85 "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", system-ui, sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
header { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; padding-bottom: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.45; margin: 0 0 .5rem; }
h2 { font-size: 1.05rem; line-height: 1.5; margin: 0 0 .75rem; }
p.meta, .meta a { color: var(--soft); font-size: .85rem; line-height: 1.6; margin: 0; padding: 0; border: 0; }
a { color: var(--link); }
p.note { color: var(--warn); font-size: .9rem; margin: .4rem 0 0; padding: 0; border: 0; }
section { margin: 0 0 3rem; }
dl.times { display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; margin: 0 0 1rem; font-size: .85rem; color: var(--soft); }
dl.times dd { margin: 0; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; background: var(--card); border-radius: 6px; margin: 0 0 1.25rem; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-top: 1px solid var(--line); font-weight: normal; }
tr:first-child th, tr:first-child td { border-top: 0; }
th { color: var(--soft); white-space: nowrap; width: 1%; }
td div + div { margin-top: .25rem; }
ins, del { border-radius: 3px; padding: .05em .1em; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
ins { background: var(--ins); color: var(--ins-ink); text-decoration: none; }
del { background: var(--del); color: var(--del-ink); text-decoration: line-through; text-decoration-thickness: 1px; }
p { margin: 0 0 .9rem; padding-left: .8rem; border-left: 3px solid transparent; }
p.same { color: var(--soft); }
p.changed { border-color: #d9a300; }
p.added { border-color: #2da44e; }
p.removed { border-color: #d1453b; }
p.moved, p.away { border-color: #6f7fd8; }
.tag { color: var(--soft); font-size: .8rem; margin-right: .5em; white-space: nowrap; }
details { margin: 0 0 .9rem; padding-left: .8rem; }
summary { color: var(--soft); font-size: .85rem; cursor: pointer; }
details p { margin-top: .6rem; padding-left: 0; }
"""


def web_page(history: History, chosen: Sequence[Step]) -> str:
    """Changes as a web page: one file that needs no other, holds no script, and reads well in light and dark and on a phone."""
    title = history.state.title
    body = "\n".join(_section(step) for step in chosen) or f"<p>{escape(_unchanged(history))}</p>"
    notes = "".join(f'<p class="note">{escape(line)}</p>\n' for line in _absences(history))
    who = escape(history.publisher or history.site)
    return (
        '<!DOCTYPE html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)} - diff</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n"
        f'<h1>{escape(title)}</h1>\n<p class="meta">{who} · article {history.id} · {_address(history.url)}</p>\n{notes}</header>\n'
        f"{body}\n</body>\n</html>\n"
    )


def _address(url: str) -> str:
    shown = escape(url)
    return f'<a href="{shown}" rel="noreferrer">{shown}</a>' if url.startswith(("http://", "https://")) else shown


def _section(step: Step) -> str:
    revision = step.revision
    rows = step.rows
    if any(piece.kind != "same" for piece in step.title):
        rows = [("标题", [step.title]), *rows]
    table = "".join(
        f'<tr><th scope="row">{name}</th><td>{"".join(f"<div>{_html(line)}</div>" for line in lines)}</td></tr>\n'
        for name, lines in rows
    )
    note = f'<p class="note">{escape(NOTES[revision.cause])}</p>\n' if NOTES[revision.cause] else ""
    return (
        f"<section>\n<h2>State {revision.number} → {revision.number + 1} of {step.of}: {escape(', '.join(revision.changed))}</h2>\n"
        f'<dl class="times"><dt>old</dt><dd>{_seen(_time(revision.seen_from), _time(revision.last_seen))}</dd>'
        f"<dt>new</dt><dd>seen from {_time(revision.replaced_at)}</dd></dl>\n{note}"
        + (f"<table>\n{table}</table>\n" if table else "")
        + (_html_text(step.paragraphs) if step.is_text_changed else "")
        + "</section>"
    )


def _time(time: str) -> str:
    return f'<time datetime="{escape(time)}">{_clock(time)}</time>'


def _html_text(paragraphs: Sequence[Paragraph]) -> str:
    out = []
    for group in grouped(paragraphs):
        if group[0].kind == "same" and len(group) > 1:
            inner = "".join(f'<p class="same">{escape(paragraph.text)}</p>' for paragraph in group)
            out.append(f"<details><summary>{_hidden(len(group))}</summary>{inner}</details>\n")
        else:
            out.extend(map(_html_paragraph, group))
    return "".join(out)


def _html_paragraph(paragraph: Paragraph) -> str:
    if paragraph.kind == "moved away":
        return f'<p class="away"><span class="tag">moved</span><span class="tag">{escape(_brief(paragraph.text))}</span></p>\n'
    tag = '<span class="tag">moved here</span>' if paragraph.kind == "moved" else ""
    return f'<p class="{paragraph.kind}">{tag}{_html(paragraph.pieces)}</p>\n'


def _html(pieces: Sequence[Piece]) -> str:
    tags = {"removed": "del", "added": "ins"}
    return "".join(escape(text) if kind == "same" else f"<{tags[kind]}>{escape(text)}</{tags[kind]}>" for kind, text in pieces)
