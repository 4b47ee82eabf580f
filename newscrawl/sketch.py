"""What makes two texts nearly the same: a small sketch of each, and how alike two texts truly are. No I/O.

A text is compared by the Han characters, letters and digits of its body, in width and case made one, without the lines and
brackets that name its source, its reporters and editors, and without the dateline it begins with: those change wherever a text
is taken over. What is left is cut into overlapping grams of four characters.

- `sketch` reduces it to some 250 bytes: a one-permutation MinHash of the grams (`Sketch.bins`), fourteen keys to find it by
  (`Sketch.keys`: the least hashes of its grams of eight characters) and its figures, each with the words around it.
- Two texts are worth a look when they share `SHARED_KEYS` keys, their estimated containment is near enough and their figures
  do not contradict each other (`Sketch.figures`, `contradict`).
- `compare` then says how alike they are by their whole sets of grams.

Each step is a question of two texts alone: no third text, no order, no moment changes the answer.

Containment is the share of the smaller set that is in the larger one. Half of an article has a Jaccard similarity of .5 to the
whole at most, but a containment of 1. One character in ten changed at random leaves .9 to the power of 4 = .66 of the grams.
The smaller a text is beside the other, the more of it must be in there: see `enough`.

Weather, results, draws, prices, obituaries and yearly notices are alike in all but their news. That is in the figures and the
names: where the same words surround other figures, or two names or more are exchanged throughout, it is another text.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

VERSION = 1
"""Of the algorithm: sketches of another version are not compared. To be raised with every change of what is hashed or how."""

MIN_CHARACTERS = 30
"""Han characters, letters and digits below which a text is too short to be told from others of its kind."""

BINS = 128
KEYS = 14
SHARED_KEYS = 2
MAX_FIGURES = 32

MIN_RATIO = 0.25
"""Of two sets' sizes: a roundup that holds a notice among ten others is no reprint of it."""

SLACK = 0.15
"""By how much an estimate over `BINS` bins may fall short before the texts themselves are not looked at: three deviations."""

_WORD = np.uint64
_MULTIPLIERS = tuple(
    _WORD(value) for value in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xBF58476D1CE4E5B9)
)
_SHIFT = _WORD(32)
_BIN_SHIFT, _VALUE_SHIFT, _VALUES = _WORD(57), _WORD(20), _WORD(255)
# A digit is less than any letter. Two bits: such a gram counts as four others.
_NO_DIGIT, _DIGITS_FIRST = np.uint16(ord(":")), _WORD(2)
_SALT = bytes([VERSION])
_SEED = _WORD(VERSION * 0xA24BAED4963EE407 % 2**64)

# -- the text without credits

_LABEL = (
    "来源|稿源|稿件来源|文章来源|信息来源|新闻来源|本文来源|图片来源|原标题|原题|转载自?|转自|摘自|原载|作者|文|图|文/图|图/文|摄影|摄|供稿|供图|撰稿|"
    "(?:本报|本网|本台|本社|见习|实习|首席|特约|全媒体|融媒体)*(?:记者|通讯员|实习生)|(?:责任|初审|复审|终审|值班|执行|网络|本期|图片|新媒体)?编辑|责编|美编|编审|"
    "初审|复审|终审|一审|二审|三审|审核|审读|校对|校审|监制|统筹|策划|主编|签发|制图|剪辑"
)
_CREDIT_LINE = re.compile(rf"[\s（(【\[〔]*(?:{_LABEL})(?:[:：/／|丨《]|\s|(?=[^\s:：]{{2,4}}[\s）)】\]〕]*$))")
_CREDIT_TAIL = re.compile(
    r"[（(【\[〔][^（()）【】\[\]〔〕]{0,12}(?:记者|来源|编辑|责编|通讯员|校对|作者|摄影|转载|转自|原标题|供稿|供图|实习生)[^（()）【】\[\]〔〕]{0,60}[）)】\]〕]\s*$"
)
_DATELINE = re.compile(
    r"[\s　【（(]*[^，。！？；：\n]{0,24}?(?:日|报|网|社|台|新闻|客户端)[^，。！？；：\n]{0,8}?(?:讯|电|消息|报道)[】）)]?"
    r"(?:\s*[（(][^（()）\n]{0,40}[）)])?|[\s　]*[（(][^（()）\n]{0,12}(?:记者|通讯员)[^（()）\n]{0,40}[）)]"
)
_MAX_CREDIT = 80
_END = "。！？!?”"


def bare(body: str) -> str:
    """A body without its source, reporter and editor lines at both ends, its dateline, and what is credited in a last bracket."""
    lines = [line for line in body.split("\n") if line]
    first, last = 0, len(lines)
    while first < last and _is_credit(lines[first]):
        first += 1
    while last > first and _is_credit(lines[last - 1]):
        last -= 1
    if first == last:
        return ""
    lines = lines[first:last]
    found = _DATELINE.match(lines[0])
    if found:
        lines[0] = lines[0][found.end() :]
    while lines[-1][-1:] in "）)】]〕" and (tail := _CREDIT_TAIL.search(lines[-1][-_MAX_CREDIT:])):
        lines[-1] = lines[-1][: len(lines[-1]) - len(tail[0])]
    return "\n".join(lines)


def _is_credit(line: str) -> bool:
    return len(line) <= _MAX_CREDIT and line.rstrip()[-1:] not in _END and _CREDIT_LINE.match(line) is not None


_CREDITED = re.compile(
    r"(?:来源|稿源|转载自|转载|转自|摘自|原载于?)\s*[:：于自]?\s*[《“\"]?([^\s，。；、《》“”\"（()）【】\[\]|]{2,24})"
)
_ORIGINAL_TITLE = re.compile(r"(?:原标题|原题)\s*[:：]\s*(.{4,80}?)[\s）)】\]]*$")


@dataclass(frozen=True, slots=True)
class Credits:
    """What a text's first and last lines say of where it comes from: names behind 来源 and 转载自, and the 原标题."""

    names: tuple[str, ...] = ()
    original_title: str | None = None


def credits_in(body: str) -> Credits:
    """The credits that stand in a body's first three and last five lines."""
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    ends = lines if len(lines) <= 8 else lines[:3] + lines[-5:]
    names: dict[str, None] = {}
    title = None
    for line in ends:
        for part in {line[:_MAX_CREDIT], line[-_MAX_CREDIT:]}:
            if _is_credit(part) or _CREDIT_TAIL.search(part):
                names |= dict.fromkeys(_CREDITED.findall(part))
                if found := _ORIGINAL_TITLE.search(part):
                    title = title or found[1]
    return Credits(tuple(names), title)


# -- grams


@cache
def _fold_table() -> NDArray[np.uint16]:
    """For each UTF-16 unit the one it is compared as; 0 for punctuation, symbols and white space. Surrogates stay."""
    table = np.zeros(65536, np.uint16)
    for unit in range(65536):
        if 0xD800 <= unit < 0xE000:
            table[unit] = unit
            continue
        folded = unicodedata.normalize("NFKC", chr(unit)).lower()
        if len(folded) == 1 and folded.isalnum() and ord(folded) < 65536:
            table[unit] = ord(folded)
    return table


def _units(body: str) -> NDArray[np.uint16]:
    raw = np.frombuffer(bare(body).encode("utf-16-le", "surrogatepass"), "<u2")
    units: NDArray[np.uint16] = _fold_table()[raw]
    kept: NDArray[np.uint16] = units[units != 0]
    return kept


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashes = hashes ^ (hashes >> _SHIFT)
    hashes *= _MULTIPLIERS[4]
    hashes ^= hashes >> _SHIFT
    hashes *= _MULTIPLIERS[0]
    hashes ^= hashes >> _SHIFT
    return hashes


def _grams(units: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """A number for each gram of four, in order, not mixed."""
    wide = units.astype(np.uint64)
    hashes = wide[:-3] * _MULTIPLIERS[0]
    hashes += wide[1:-2] * _MULTIPLIERS[1]
    hashes += wide[2:-1] * _MULTIPLIERS[2]
    hashes += wide[3:] * _MULTIPLIERS[3]
    hashes ^= _SEED
    return hashes


# -- figures

# Arabic figures, dates in one; Chinese ones of two characters and more, and behind 第. The first set lets the search skip ahead.
_FIGURE = re.compile(
    "([0-9第〇零一二三四五六七八九十百千](?:(?<=[0-9])|(?=[〇零一二三四五六七八九十百千]))[0-9〇零一二三四五六七八九十百千]*(?:[年月][0-9]+)*)"
)
_DATED = frozenset("年月日届期轮号季周岁时点分")


def _figures(text: str) -> bytes:
    """Each figure of a folded text as four bytes: the words around it (two bytes, the lowest bit set for a date, an age or a number
    in a series) and its value; sorted, the first `MAX_FIGURES` of them."""
    crc = zlib.crc32
    out = []
    pieces = _FIGURE.split(text)
    for at in range(1, len(pieces), 2):
        figure, after = pieces[at], pieces[at + 1][:1]
        place = crc(f"{pieces[at - 1][-2:]}#{after}".encode("utf-8", "surrogatepass")) >> 8 & 0xFFFE | (after in _DATED)
        value = int(figure) if len(figure) < 5 and figure.isdecimal() else 10000 + crc(figure.encode()) % 55000
        out.append(place << 16 | value)
    out.sort()
    return array("I", out[:MAX_FIGURES]).tobytes()


def contradict(one: bytes, other: bytes) -> bool:
    """Whether two texts' figures (`Sketch.figures`) say other things in the same words: another day, another draw, another match.

    One corrected figure is none of that, nor are figures that only one of them has, nor is one that a digit fell out of.
    """
    agree, differ, dates_agree, dates_differ = _confronted(one, other)
    if dates_differ >= 2 and dates_differ > dates_agree:
        return True
    return differ >= 2 and differ > (0.2 if dates_differ else 0.25) * (agree + differ)


def _confronted(one: bytes, other: bytes) -> tuple[int, int, int, int]:
    """How many figures in the same words agree and differ; how many dates do."""
    mine = _by_place(one)
    agree = differ = dates_agree = dates_differ = 0
    unlike: dict[int, list[int]] = {}
    for figure in array("I", other):
        place = figure >> 16
        here = mine.get(place)
        if here is None:
            continue
        if here == [figure & 0xFFFF]:
            agree += 1
            dates_agree += place & 1
        else:
            unlike.setdefault(place, []).append(figure & 0xFFFF)
    for place, there in unlike.items():
        ours, others, same = mine[place], there, 0
        if len(ours) > 1 or len(others) > 1:
            ours, others = list(ours), []
            for value in there:
                if value in ours:
                    ours.remove(value)
                    same += 1
                else:
                    others.append(value)
        apart = min(len(ours), len(others))
        if apart:
            apart = max(0, apart - sum(any(_damaged(value, other) for other in others) for value in ours))
        agree += same
        differ += apart
        if place & 1:
            dates_agree += same
            dates_differ += apart
    return agree, differ, dates_agree, dates_differ


@lru_cache(maxsize=4)
def _by_place(figures: bytes) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for figure in array("I", figures):
        out.setdefault(figure >> 16, []).append(figure & 0xFFFF)
    return out


def _damaged(one: int, other: int) -> bool:
    """Whether one number is the other without one of its digits."""
    short, long = (one, other) if one < other else (other, one)
    # What has as many digits is another number; what is hashed has none.
    if not short or long < 10 or long > 9999 or short >= (10 if long < 100 else 100 if long < 1000 else 1000):
        return False
    return any(long // (10 * ten) * ten + long % ten == short for ten in (1, 10, 100, 1000) if ten <= long)


# -- sketches


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text in some 250 bytes.

    ``grams``: how many different grams it has. ``bins``: for each of `BINS` ranges of hashes a byte of its least hash, 0 where there
    is none. ``keys``: signed 32-bit numbers that it is found by. ``figures``: see `contradict`. ``digest``: a signed 64-bit number,
    equal for texts that are the same once credits, white space and punctuation are off.
    """

    grams: int
    bins: bytes
    keys: tuple[int, ...]
    figures: bytes
    digest: int


def sketch(body: str | None) -> Sketch | None:
    """The sketch of a body (``body_text``); ``None`` where it has less than `MIN_CHARACTERS`."""
    if not body or len(body) < MIN_CHARACTERS:
        return None
    units = _units(body)
    if len(units) < MIN_CHARACTERS:
        return None
    hashes = _grams(units)
    # Two grams of four are one of eight.
    long = hashes[:-4] * _MULTIPLIERS[2]
    long += hashes[4:]
    long = _mixed(long)
    # Those with a digit in them come first: of weather and prices it is what differs from day to day, and what nobody else has.
    digit = units < _NO_DIGIT
    digit = digit[:-1] | digit[1:]
    digit = digit[:-2] | digit[2:]
    long >>= (digit[:-4] | digit[4:]) * _DIGITS_FIRST
    if len(long) > 2 * KEYS:
        # Twice as many as needed: some of the least may be the same gram twice.
        long = np.partition(long, 2 * KEYS)[: 2 * KEYS]
    long.sort()
    hashes = _mixed(hashes)
    hashes.sort()
    bins = (hashes >> _BIN_SHIFT).astype(np.intp)
    first = np.empty(len(bins), bool)
    first[0] = True
    np.not_equal(bins[1:], bins[:-1], out=first[1:])
    least = hashes[first]
    least >>= _VALUE_SHIFT
    values = np.zeros(BINS, np.uint8)
    values[bins[first]] = least % _VALUES
    values[bins[first]] += 1
    return Sketch(
        grams=1 + int(np.count_nonzero(hashes[1:] != hashes[:-1])),
        bins=values.tobytes(),
        # The low bits: the high ones of the least hashes are nearly all zero.
        keys=tuple(dict.fromkeys(long.astype(np.uint32).view(np.int32).tolist()))[:KEYS],
        figures=_figures(_as_text(units)),
        digest=int.from_bytes(blake2b(units.data, digest_size=8, salt=_SALT).digest(), "little", signed=True),
    )


def _as_text(units: NDArray[np.uint16]) -> str:
    return units.astype("<u2").tobytes().decode("utf-16-le", "surrogatepass")


def estimates(one: Sketch, grams: Sequence[int], bins: Sequence[bytes]) -> list[tuple[float, float]]:
    """Estimated Jaccard similarity and containment of one sketch and several others, given by their ``grams`` and ``bins``."""
    if not bins:
        return []
    mine = np.frombuffer(one.bins, np.uint8)
    others = np.frombuffer(b"".join(bins), np.uint8).reshape(-1, BINS)
    filled = ((others | mine) != 0).sum(axis=1)
    equal = ((others == mine) & (mine != 0)).sum(axis=1) / filled
    # One byte in 255 is equal by chance.
    jaccard = np.clip((equal - 1 / 255) / (1 - 1 / 255), 0, 1)
    sizes = np.array(grams)
    shared = jaccard / (1 + jaccard) * (sizes + one.grams)
    contained = np.clip(shared / np.minimum(sizes, one.grams), 0, 1)
    return list(zip(jaccard.tolist(), contained.tolist(), strict=True))


def enough(grams: int, others: int) -> float | None:
    """The containment that two texts of so many grams need to be alike: .55 for texts of one length, .66 where one is half of the
    other, .71 for a quarter; ``None`` where one is too small beside the other, see `MIN_RATIO`."""
    ratio = min(grams, others) / max(grams, others)
    return None if ratio < MIN_RATIO else 0.55 + 0.22 * (1 - ratio)


def worth_a_look(one: Sketch, grams: Sequence[int], bins: Sequence[bytes], figures: Sequence[bytes]) -> list[int]:
    """Which of several sketches, given by their parts, belong to texts that may be alike to one: their places in the lists.

    By estimated containment first, then by figures.
    """
    likely = []
    for place, (_, contained) in enumerate(estimates(one, grams, bins)):
        least = enough(one.grams, grams[place])
        if least is not None and contained >= least - SLACK:
            likely.append(place)
    if len(likely) > _MANY:
        likely = [
            place
            for place, apart in zip(likely, _at_odds(one.figures, [figures[place] for place in likely]), strict=True)
            if not apart
        ]
    return [place for place in likely if not contradict(one.figures, figures[place])]


_MANY = 8
"""How many sketches it takes until comparing all their figures at once pays."""


def _at_odds(one: bytes, others: Sequence[bytes]) -> list[bool]:
    """For each of several texts' figures, whether they contradict one's beyond doubt: `contradict` would say so, too.

    Counted as different are only figures of one length that stand alone in their words on both sides; any two that are equal agree.
    """
    mine = np.frombuffer(one, "<u4")
    theirs = np.frombuffer(b"".join(others), "<u4")
    if not len(mine) or not len(theirs):
        return [False] * len(others)
    owner = np.repeat(np.arange(len(others)), [len(figures) // 4 for figures in others])
    places = mine >> 16
    at = np.searchsorted(places, theirs >> 16)
    at[at == len(mine)] = 0
    known = places[at] == theirs >> 16
    equal = np.isin(theirs, mine)
    alone = np.ones(len(mine), bool)
    alone[1:] &= places[1:] != places[:-1]
    alone[:-1] &= places[1:] != places[:-1]
    single = np.ones(len(theirs), bool)
    again = (theirs[1:] >> 16 == theirs[:-1] >> 16) & (owner[1:] == owner[:-1])
    single[1:] &= ~again
    single[:-1] &= ~again
    length = np.searchsorted(_LENGTHS, mine[at] & 0xFFFF, "right") == np.searchsorted(_LENGTHS, theirs & 0xFFFF, "right")
    apart = known & ~equal & alone[at] & single & length
    dated = (theirs >> 16 & 1).astype(bool)

    def count(which: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.bincount(owner[which], minlength=len(others))

    agree, differ, dates_agree, dates_differ = count(equal), count(apart), count(equal & dated), count(apart & dated)
    share = np.where(dates_differ > 0, 0.2, 0.25)
    verdict = ((dates_differ >= 2) & (dates_differ > dates_agree)) | ((differ >= 2) & (differ > share * (agree + differ)))
    found: list[bool] = verdict.tolist()
    return found


_LENGTHS = np.array([10, 100, 1000, 10000])


# -- the texts themselves


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are by their sets of grams: Jaccard similarity and containment, each from 0 to 1, to three digits;
    ``alike`` says whether one is a reprint of the other."""

    similarity: float
    containment: float
    alike: bool


class Text:
    """A body ready to be compared with several others."""

    __slots__ = ("figures", "grams", "hashes", "units")

    def __init__(self, body: str) -> None:
        self.units = _units(body)
        self.hashes: NDArray[np.uint64] = _mixed(_grams(self.units)) if len(self.units) > 3 else np.zeros(0, np.uint64)
        self.grams: NDArray[np.uint64] = np.unique(self.hashes)
        self.figures: bytes | None = None


def compare(one: Text, other: Text) -> Likeness:
    """How alike two texts are, by all they have."""
    if not len(one.grams) or not len(other.grams):
        return Likeness(0.0, 0.0, alike=False)
    both = np.concatenate((one.grams, other.grams))
    both.sort()
    shared = both[1:][both[1:] == both[:-1]]
    similarity = len(shared) / (len(both) - len(shared))
    containment = len(shared) / min(len(one.grams), len(other.grams))
    least = enough(len(one.grams), len(other.grams))
    alike = least is not None and containment >= least
    if alike and containment < 1:
        for text in (one, other):
            if text.figures is None:
                text.figures = _figures(_as_text(text.units))
        assert one.figures is not None
        assert other.figures is not None
        alike = not contradict(one.figures, other.figures)
        if alike:
            # Editing leaves no strings that stand again and again; a name corrected throughout is one, and figures are as they were.
            names = min(_own_names(one, other, shared), _own_names(other, one, shared))
            alike = names == 0 or (names == 1 and _confronted(one.figures, other.figures)[1] == 0)
    return Likeness(round(similarity, 3), round(containment, 3), alike)


def _own_names(text: Text, other: Text, shared: NDArray[np.uint64]) -> int:
    """How many pairs of characters begin two passages or more that only one text has, and do not stand in the other at all."""
    at = np.searchsorted(shared, text.hashes)
    at[at == len(shared)] = 0
    known = shared[at] == text.hashes
    covered = np.zeros(len(text.units) + 2, bool)
    covered[0] = covered[-1] = True
    for step in range(1, 5):
        covered[step : step + len(known)] |= known
    edges = np.flatnonzero(covered[1:] != covered[:-1])
    starts, ends = edges[::2], edges[1::2]
    pairs, counts = np.unique(_pairs(text.units)[starts[ends - starts > 1]], return_counts=True)
    return int(np.count_nonzero(~np.isin(pairs[counts > 1], _pairs(other.units))))


def _pairs(units: NDArray[np.uint16]) -> NDArray[np.uint32]:
    wide = units.astype(np.uint32)
    return (wide[:-1] << np.uint32(16)) | wide[1:]
