"""Text as the full-text index sees it, what a reader's words ask of it, and where they stand in a text. No I/O.

A text becomes plain first, one character to one (`plain`): lower case, full-width forms as ASCII, traditional characters as simplified
ones; what is neither a letter, a figure nor a character becomes a blank. It then falls into runs:

- Han characters and kana, up to whatever else comes: overlapping pairs, and the last character alone, so that each character begins a
  token and any part of a run is a sequence of tokens (网上灭枪: 网上 上灭 灭枪 枪).
- letters and figures of any other script: one token, the whole word or number.

So Han is found by any part of a run, words and numbers are found whole. Between two runs of a query anything may stand that is no
letter, figure or character: 年GDP and 年，GDP are the same.

Tokens are joined by blanks: SQLite's ``ascii`` tokenizer parts them again and changes nothing of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from zlib import crc32

VERSION = 1
"""Of the tokens made here: to be raised with every change of what a text gives. See `version`."""

MAX_QUERY = 1000
"""Characters of a query at most."""

MAX_WORDS = 50
"""Words and phrases of a query at most."""

MAX_DEPTH = 10
"""Parentheses within each other at most; SQLite's own parser ends at thirty."""

MAX_HITS = 500
"""Hits of a text among which those that say most are looked for."""

Column = Literal["title", "body"]

Piece = tuple[str, bool]
"""A part of a text, and whether it is a hit."""


class SearchError(ValueError):
    """A query that asks for nothing that could be looked up; the message says why and what to do."""


# -- plain text and tokens

# Han with 々〆〇 and Suzhou numerals, kana, bopomofo; characters of a page's own font, which stand for rare ones; the supplementary
# planes whole, whatever Unicode has put there so far.
_HAN = (
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003fffd\U000f0000-\U0010fffd"
)
_IS_HAN = re.compile(f"[{_HAN}]")
_WORD = re.compile("L|N|Mn|Mc")
# They say how the character before them is drawn.
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_RUN = re.compile(f"([{_HAN}]+)|([^ {_HAN}]+)")


@cache
def _simplified() -> dict[str, str]:
    """Traditional characters with their simplified ones, as OpenCC has them for single characters."""
    # Fifty milliseconds, for those who index or search: no crawl begins with them.
    from opencc import OpenCC

    codes = (*range(0x3400, 0xA000), *range(0x20000, 0x323B0))
    found = OpenCC("t2s").convert("\n".join(map(chr, codes))).split("\n")
    return {chr(code): new for code, new in zip(codes, found, strict=True) if len(new) == 1 and new != chr(code)}


class _Plain(dict[int, str]):
    """What each character becomes, worked out when it is first met; for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        char, before = chr(code), ""
        while char != before:
            before = char
            for new in (unicodedata.normalize("NFKC", char), char.lower()):
                # ㎡ and İ would be two characters: they stay.
                if len(new) == 1 and new != char:
                    char = new
                    break
            else:
                char = _simplified().get(char, char)
        if not _IS_HAN.match(char) and (not _WORD.match(unicodedata.category(char)) or _SELECTOR.match(char)):
            char = " "
        self[code] = char
        return char


_PLAIN = _Plain()


def plain(text: str) -> str:
    """A text as it is compared, of the same length: the character at each place is that of the same place. A second time changes nothing."""
    return text.translate(_PLAIN)


def tokens(text: str) -> str:
    """A text's tokens in order, joined by blanks."""
    out: list[str] = []
    for han, word in _RUN.findall(plain(text)):
        if han:
            out += [han[at : at + 2] for at in range(len(han))]
        else:
            out.append(word)
    return " ".join(out)


def version() -> str:
    """What the tokens of a text hang on: the rules, OpenCC's table, Python's Unicode. Those of two versions are not to be mixed: what one
    has put into the index, the other could not take out of it."""
    table = "".join(f"{old}{new}" for old, new in _simplified().items())
    return f"{VERSION}.{crc32(table.encode('utf-8')):08x}.{unicodedata.unidata_version}"


# -- queries


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of a query: its runs of plain text, whether its last word goes on (``*``), the column that it must stand in."""

    runs: tuple[str, ...]
    open: bool = False
    column: Column | None = None

    def expression(self) -> str:
        """As FTS5 is asked for it."""
        *others, last = self.runs
        parts = [part for run in others for part in tokens(run).split(" ")]
        more = self.open
        if not _IS_HAN.match(last):
            parts.append(last)
        elif len(last) == 1:
            # The character begins a token, whichever follows it.
            parts.append(last)
            more = True
        else:
            parts += [last[at : at + 2] for at in range(len(last) - 1)]
            more = False
        return f'{f"{self.column} : " if self.column else ""}"{" ".join(parts)}"{" *" if more else ""}'

    def pattern(self) -> re.Pattern[str]:
        """Where it stands in plain text, by the same rules; the pattern takes one character after another as a start."""
        out = []
        for place, run in enumerate(self.runs):
            last = place == len(self.runs) - 1
            if _IS_HAN.match(run):
                # What follows another run begins a run itself, and what another run follows ends one.
                before = f"(?<![{_HAN}])" if place else ""
                out.append(f"{before}{re.escape(run)}" + ("" if last else f"(?![{_HAN}])"))
            else:
                end = "" if last and self.open else f"(?![^ {_HAN}])"
                out.append(f"(?<![^ {_HAN}]){re.escape(run)}{end}")
        return re.compile(" *".join(out))


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read: what FTS5 is asked, and the terms that may be marked in what is found."""

    expression: str
    terms: tuple[Term, ...]
    _patterns: list[tuple[Column | None, re.Pattern[str]]] = field(default_factory=list, compare=False, repr=False)

    def hits(self, text: str, column: Column) -> list[tuple[int, int, int]]:
        """Where its terms stand in a text of that column: start, end and number of the term, in order; hits may overlap."""
        if not self._patterns:
            self._patterns.extend((term.column, term.pattern()) for term in self.terms)
        found = []
        flat = plain(text)
        for number, (of, pattern) in enumerate(self._patterns):
            if of in (None, column):
                at = 0
                while match := pattern.search(flat, at):
                    found.append((match.start(), match.end(), number))
                    at = match.start() + 1
        return sorted(found)

    def mark(self, text: str, column: Column) -> list[Piece]:
        """A whole text in pieces, its hits apart; joined they are the text."""
        return _pieces(text, self.hits(text, column), 0, len(text))

    def snippet(self, text: str, column: Column, width: int = 90) -> list[Piece]:
        """The part of a text with the most of its terms, about ``width`` characters on one line, ``…`` where it is cut.

        Empty where none of them is there.
        """
        hits = self.hits(text, column)
        if not hits:
            return []
        start, end = _window(text, hits, width)
        pieces = [(" ".join(part.split("\n")), hit) for part, hit in _pieces(text, hits, start, end)]
        if start > 0:
            pieces.insert(0, ("…", False))
        if end < len(text):
            pieces.append(("…", False))
        return _joined(pieces)


def _pieces(text: str, hits: Sequence[tuple[int, int, int]], start: int, end: int) -> list[Piece]:
    out: list[Piece] = []
    at = start
    for begin, close, _ in hits:
        begin, close = max(begin, at), min(close, end)
        if begin >= close:
            continue
        out += [(text[at:begin], False), (text[begin:close], True)]
        at = close
    out.append((text[at:end], False))
    return _joined(out)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Without empty pieces, neighbours of one kind as one."""
    out: list[Piece] = []
    for part, hit in pieces:
        if part and out and out[-1][1] == hit:
            out[-1] = (out[-1][0] + part, hit)
        elif part:
            out.append((part, hit))
    return out


_STOP = re.compile(r"[\n。！？!?；;]")
_PAUSE = re.compile(r"[，,、：:\s]")


def _window(text: str, hits: Sequence[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """From where to where a text is shown: with the hits that say most, from a sentence's beginning where one is near."""
    best, first, last = (0, 0), 0, 0
    for place, (start, _, _) in enumerate(hits[:MAX_HITS]):
        inside = [hit for hit in hits[place : place + width] if hit[1] <= start + width * 2 // 3] or [hits[place]]
        score = (len({number for _, _, number in inside}), len(inside))
        if score > best:
            best, first, last = score, start, max(hit[1] for hit in inside)
    room = max(0, width - (last - first))
    start = max(0, first - room // 3)
    if start:
        for stop in (_STOP, _PAUSE):
            if found := stop.search(text, start, first):
                start = found.end()
                break
        while start < first and (text[start].isspace() or text[start] in "”」』）)"):
            start += 1
    end = min(len(text), max(start + width, last))
    return start, end


# -- reading a query

_QUOTES = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "《": "》", "＂": "＂", "〝": "〞"}
_OPEN, _CLOSE = "(（", ")）"
_MINUS = "-－"
_STAR = "*＊"
_OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s()（）]|$)")
_COLUMN = re.compile(r"(title|body|标题|正文)\s*[:：]\s*", re.I)
_COLUMNS: dict[str, Column] = {"title": "title", "标题": "title", "body": "body", "正文": "body"}


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of a query as FTS5 can be asked for it; ``negated``: all but that."""

    kind: Literal["term", "and", "or", "not"]
    expression: str
    negated: bool = False

    def inverted(self) -> _Node:
        return _Node(self.kind, self.expression, not self.negated)

    def within(self) -> str:
        return self.expression if self.kind == "term" else f"({self.expression})"


def _all_of(nodes: Sequence[_Node]) -> _Node | None:
    """All of the parts; what is negated is taken from the rest, for FTS5's NOT stands between two."""
    wanted = [node for node in nodes if not node.negated]
    unwanted = [node for node in nodes if node.negated]
    if not wanted:
        none = _chain("or", unwanted)
        return none and _Node(none.kind, none.expression, True)
    left = _chain("and", wanted)
    without = _chain("or", unwanted)
    assert left
    return _Node("not", f"{left.within()} NOT {without.within()}") if without else left


def _any_of(nodes: Sequence[_Node]) -> _Node | None:
    """Any of the parts: not one of the parts is missing."""
    if not any(node.negated for node in nodes):
        return _chain("or", nodes)
    none = _all_of([node.inverted() for node in nodes])
    return none and none.inverted()


def _chain(kind: Literal["and", "or"], nodes: Sequence[_Node]) -> _Node | None:
    if len(nodes) < 2:
        return _Node(nodes[0].kind, nodes[0].expression) if nodes else None
    word = f" {kind.upper()} "
    return _Node(kind, word.join(node.expression if node.kind == kind else node.within() for node in nodes))


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a query consists of, from left to right: ``(`` ``)`` ``AND`` ``OR`` ``NOT``, a column, a word or phrase."""

    kind: str
    text: str = ""
    open: bool = False


def _signs(text: str) -> Iterator[_Sign]:
    at = depth = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in _OPEN:
            at, depth = at + 1, depth + 1
            if depth > MAX_DEPTH:
                raise SearchError(f"more than {MAX_DEPTH} parentheses within each other: ask for less at once.")
            yield _Sign("(")
        elif char in _CLOSE:
            at += 1
            if depth:
                depth -= 1
                yield _Sign(")")
        elif found := _OPERATOR.match(text, at):
            at = found.end()
            yield _Sign(found[1])
        elif char in _MINUS:
            at += 1
            if at < len(text) and not text[at].isspace() and text[at] not in _CLOSE:
                yield _Sign("NOT")
        elif found := _COLUMN.match(text, at):
            at = found.end()
            yield _Sign("column", _COLUMNS[found[1].lower()])
        elif char in _QUOTES:
            # One that nobody has closed goes to the end.
            end = text.find(_QUOTES[char], at + 1)
            end = len(text) if end < 0 else end
            inside = text[at + 1 : end]
            at = end + 1
            star = text[at : at + 1] in _STAR and at < len(text)
            at += star
            yield _Sign("term", inside, star or inside[-1:] in tuple(_STAR))
        else:
            end = _word_end(text, at, depth)
            yield _Sign("term", text[at:end], text[end - 1] in _STAR)
            at = end


def _word_end(text: str, at: int, depth: int) -> int:
    """Where a word ends: at a blank, or at a parenthesis that closes a group; 防溺水（图） is one word."""
    inner = 0
    while at < len(text) and not text[at].isspace():
        if text[at] in _OPEN:
            inner += 1
        elif text[at] in _CLOSE:
            if depth and not inner:
                break
            inner -= inner > 0
        at += 1
    return at


class _Reader:
    """Reads the signs of a query."""

    def __init__(self, text: str) -> None:
        self.signs = list(_signs(text))
        self.at = 0
        self.terms: dict[Term, None] = {}
        self.words = 0

    def read(self) -> Query:
        node, _ = self._any(None, wanted=True)
        if node is None:
            raise SearchError("nothing to search for: give a word, a number or a character.")
        if node.negated:
            raise SearchError("this says only what must not be there: say as well what shall be (枪 NOT 网上).")
        return Query(node.expression, tuple(self.terms))

    def _kind(self) -> str:
        return self.signs[self.at].kind if self.at < len(self.signs) else ""

    def _any(self, column: Column | None, *, wanted: bool) -> tuple[_Node | None, bool]:
        """Parts between OR; and whether there was anything at all."""
        node, asked = self._all(column, wanted=wanted)
        parts = [node]
        while self._kind() == "OR":
            self.at += 1
            node, more = self._all(column, wanted=wanted)
            if not asked or not more:
                raise _alone("OR")
            parts.append(node)
        return _any_of([part for part in parts if part is not None]), asked

    def _all(self, column: Column | None, *, wanted: bool) -> tuple[_Node | None, bool]:
        parts: list[_Node | None] = []
        while self._kind() not in ("", ")", "OR"):
            if self._kind() == "AND":
                self.at += 1
                if not parts or self._kind() in ("", ")", "OR", "AND"):
                    raise _alone("AND")
            parts.append(self._one(column, wanted=wanted))
        return _all_of([part for part in parts if part is not None]), bool(parts)

    def _one(self, column: Column | None, *, wanted: bool) -> _Node | None:
        """A word, a phrase or a group; ``wanted``: whether it is to be there, as far as NOTs say, and so may be marked."""
        inverted = False
        while (sign := self.signs[self.at]).kind in ("NOT", "column"):
            self.at += 1
            if self._kind() in ("", ")", "AND", "OR"):
                raise _alone("NOT") if sign.kind == "NOT" else SearchError(f"{sign.text}: needs a word after it (title:灭枪).")
            inverted ^= sign.kind == "NOT"
            column = _COLUMNS.get(sign.text, column)
        self.at += 1
        if sign.kind == "(":
            node, _ = self._any(column, wanted=wanted ^ inverted)
            self.at += 1
        else:
            node = self._term(sign, column, wanted=wanted ^ inverted)
        return node.inverted() if node and inverted else node

    def _term(self, sign: _Sign, column: Column | None, *, wanted: bool) -> _Node | None:
        runs = tuple(_runs(sign.text))
        if not runs:
            return None
        self.words += 1
        if self.words > MAX_WORDS:
            raise SearchError(f"more than {MAX_WORDS} words and phrases: ask for less at once.")
        term = Term(runs, sign.open and not _IS_HAN.match(runs[-1]), column)
        if wanted:
            self.terms[term] = None
        return _Node("term", term.expression())


def _runs(text: str) -> Iterator[str]:
    return (match[0] for match in _RUN.finditer(plain(text)))


def _alone(word: str) -> SearchError:
    if word == "NOT":
        return SearchError('NOT must be followed by what shall not be there; in quotes ("NOT") it is a word itself.')
    return SearchError(f'{word} must stand between two words; in quotes ("{word}") it is a word itself.')


def parse(query: str) -> Query:
    """Read what somebody is looking for.

    - Words divided by white space: all of them. ``OR``: one of two; ``NOT`` or ``-word``: not that one; parentheses group. Only
      capitals are operators. NOT binds most, then AND, then OR.
    - ``"…"``, ``“…”``, ``「…」``, ``『…』`` and ``《…》`` around a phrase: in this order, next to each other.
    - ``title:`` and ``body:`` (标题: 正文:) before a word, a phrase or a group: only there.
    - ``*`` behind a word or number of Latin or another script: words that begin so. Of Han any part of a run is found anyway.

    Gives a valid FTS5 expression, or raises `SearchError` with what to do. What is not closed is closed at the end; punctuation alone
    is passed over.
    """
    if len(query) > MAX_QUERY:
        raise SearchError(f"more than {MAX_QUERY} characters: a sentence of it finds the same.")
    return _Reader(query).read()
