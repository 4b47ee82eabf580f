"""Two states of an article: what of it a reader would notice, and a word-level diff that reads well in Chinese. No I/O.

`compare` holds two `State` objects against each other after `normal` and the like have taken away what no reader sees as a
change. `paragraphs` aligns two texts paragraph by paragraph, and `inline` two lines word by word: the characters are compared
first, then each change is widened to whole words (BudouX's model for simplified Chinese; numbers and Latin words are one word),
and what stayed the same between two changes is taken into them where it is too short to be read by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from budoux import Parser, load_default_simplified_chinese_parser

# -- what a reader would notice

Field = Literal["title", "kicker", "subtitle", "published", "source", "byline", "body", "images", "links"]
"""What can have changed, by the name under which it is on record."""

ROLES = {"author": "作者", "reporter": "记者", "correspondent": "通讯员", "editor": "编辑"}
"""Roles of bylines, and what pages call them."""

EDITORIAL = ("recommended", "related")
"""Link blocks that somebody may have chosen for the article; what is hot or ranks high says nothing of it."""


class Byline(NamedTuple):
    """A name with its role (a key of `ROLES`) and the label it was printed under."""

    role: str
    name: str
    label: str | None = None


class Picture(NamedTuple):
    """An image of the body and the caption that stands with it."""

    url: str
    caption: str | None = None


class Pointer(NamedTuple):
    """A link of a block: the block's kind, the link's title, where it leads."""

    kind: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What a reader saw of an article at one time. ``published_at`` is ISO 8601 with offset."""

    title: str = ""
    kicker: str | None = None
    subtitle: str | None = None
    published_at: str | None = None
    published_precision: str | None = None
    source: str | None = None
    bylines: tuple[Byline, ...] = ()
    body_text: str = ""
    body_html: str = ""
    images: tuple[Picture, ...] = ()
    links: tuple[Pointer, ...] = ()


# Zero-width and direction marks, soft hyphens, variation selectors, byte-order marks, any white space.
_UNSEEN = re.compile("[\\s\xad\u034f\u061c\u115f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3000\ufe00-\ufe0f\ufeff]+")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»「」『』〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−─━﹣－", "-"),
        **dict.fromkeys("·•・‧∙⋅●", "·"),
        "。": ".",
        "｡": ".",
        "〜": "~",
        "【": "[",
        "】": "]",
        "〔": "[",
        "〕": "]",
    }
)
_RUNS = ((re.compile(r"\.{2,}"), "…"), (re.compile(r"-{2,}"), "-"), (re.compile(r"~{2,}"), "~"))

_COUNTED = r"(?:阅读|浏览|点击|访问|观看|播放|点赞|评论|回复|分享|收藏|转发|参与|人气|热度|推荐|关注|围观|views?|hits?|comments?)"
_COUNTER = re.compile(
    rf"[\[(]?(?:本文|文章|累计|当前|已有|共有?|已被?){{0,2}}(?:{_COUNTED}(?:总?量|人?次数?|人?数|率|总数)?[:：]?[\d,.]+[万亿千wk+]*(?:次|人|条|个|赞)?"
    rf"|[\d,.]+[万亿千wk+]*(?:人?次|位?(?:网友|用户|人)|条|个)?已?{_COUNTED}(?:过|量|数)?)[\])]?",
    re.I,
)
_STAMP = re.compile(
    r"[\[(]?(?:最[后近新]|本[文页]|网页|页面|系统)?(?:更新|发布|发表|修改|编辑|打印|生成|刷新|当前|现在|北京|访问|录入)(?:于|时间|日期|是)?[:：]?"
    r"(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?)?(?:星期[一二三四五六日天])?(?:\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2})?[分秒]?)?(?:\d+(?:秒|分钟|小时|天)前|刚刚|昨天|今天)?[\])]?"
    r"|\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2})?[分秒]?"
)
_AD = re.compile(
    r"[\[(]?(?:广告|推广|赞助商?(?:链接|内容)?|商业推广|ad|ads|adv|advert|advertise?ments?|sponsored)[\])]?[:：]?", re.I
)
_AD_IMAGE = re.compile(r"(?:^|[/._-])(?:ads?|adv|advert\w*|adimg|guanggao|sponsor\w*|qrcode|erweima)(?=[/._-])", re.I)
# What stands before the size in a file's name: photo_600x400.jpg, photo-w640, photo@2x, photo!list, photo_thumb.
_SIZE = re.compile(
    r"(?:[_\-.@!~](?:\d{2,4}[x×*]\d{2,4}\w?|[wh]_?\d{2,4}|\d{2,4}[wh]|[1-4]x|thumb(?:nail)?s?|small|mid(?:dle)?|medium|large|big|min|resized?|zoom|[smlb]|watermark))+$",
    re.I,
)
_IMAGE_ENDING = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|jfif|tiff?|heic)(?=$|[!@_.?])", re.I)
_SIZING = re.compile(
    r"(?:w|h|width|height|size|q|quality|x-oss-process|imageview2?|imagemogr2?|format|fm|fit|crop|scale|resize|auto|v|t|ts?|_|"
    r"r(?:nd|and(?:om)?)?|ver(?:sion)?|time(?:stamp)?|token|sign(?:ature)?|expires?|ossaccesskeyid|watermark|tp|wxfrom|wx_\w+)(?:/.*)?",
    re.I,
)
_ANCHOR = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.S)
_TAG = re.compile(r"<[^>]*>")


def normal(text: str | None) -> str:
    """Text for comparing states: what differs only in what no reader notices becomes equal.

    White space of any kind (also between paragraphs), zero-width and direction marks off; full and half width, the styles of
    quotation marks, dashes, dots and brackets made one (NFKC and a table). Upper and lower case stay, and so do simplified and
    traditional characters: a reader sees these.
    """
    if not text:
        return ""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE))
    for pattern, one in _RUNS:
        text = pattern.sub(one, text)
    return text


def is_passing(line: str) -> bool:
    """Whether a line of a body is none of the article's: a counter (阅读 1234), a time by itself, the word 广告."""
    text = normal(line)
    return len(text) <= 48 and (not text or any(pattern.fullmatch(text) for pattern in (_COUNTER, _STAMP, _AD)))


def same_file(url: str) -> str:
    """What an image's address is compared by: the same for the same picture on another host or in another size.

    The file's name without its ending and size (``_600x400``, ``@2x``, ``!thumb``), with its folder where the name says little
    (``1.jpg``); host, scheme and query fall away, but for the query of a script (``image.php?id=7``), less its size and time
    stamps. An image within the page (``data:``) is its own name.
    """
    if url.startswith("data:"):
        return url
    parts = urlsplit(url)
    folder, _, name = unquote(parts.path).rpartition("/")
    stem = name
    if ending := _IMAGE_ENDING.search(name):
        stem = name[: ending.start()]
    elif parts.query or re.search(r"\.(?:php|aspx?|jsp|do|ashx|cgi)$", name, re.I):
        said = sorted(
            f"{key}={value}" for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _SIZING.fullmatch(key)
        )
        return f"{name}?{'&'.join(said)}"
    stem = _SIZE.sub("", stem) or stem
    if len(stem) < 8 or not re.search(r"\d{4}", stem):
        stem = f"{folder.rpartition('/')[2]}/{stem}"
    return stem.lower()


def is_advert(url: str) -> bool:
    """Whether an image's address says that it is an advertisement or a code to scan."""
    return bool(_AD_IMAGE.search(urlsplit(url).path))


def read_lines(state: State, other: State | None = None) -> list[str]:
    """The lines of a body that count: no captions (they belong to the images), no counters, times or advertisements.

    ``other``: the state that it is held against, whose captions are none of the text either.
    """
    images = (*state.images, *(other.images if other else ()))
    captions = {normal(picture.caption) for picture in images if picture.caption}
    return [
        line
        for line in state.body_text.split("\n")
        if (plain := normal(line)) and plain not in captions and not (len(line) <= 96 and is_passing(line))
    ]


def _read(state: State, other: State) -> str:
    return normal("".join(read_lines(state, other)))


def _pictures(state: State) -> Counter[str]:
    return Counter(same_file(picture.url) for picture in state.images if not is_advert(picture.url))


def _captions(state: State) -> list[str]:
    return sorted(normal(picture.caption) for picture in state.images if picture.caption and not is_advert(picture.url))


def _names(state: State, role: str) -> list[str]:
    """The names of a role, each once, in the page's order."""
    return list(dict.fromkeys(normal(byline.name) for byline in state.bylines if byline.role == role))


def _target(url: str | None) -> str:
    """Where a link leads, whatever the host and scheme: a site that moves changes them all."""
    if not url:
        return ""
    parts = urlsplit(url)
    return unquote(parts.path) + (f"?{parts.query}" if re.search(r"(?:^|&)\w*id=", parts.query, re.I) else "")


def _anchors(html: str) -> dict[str, str]:
    """The links within a text: their words and their addresses; words that stand twice are left out."""
    found: dict[str, list[str]] = {}
    for url, words in _ANCHOR.findall(html):
        found.setdefault(normal(unescape(_TAG.sub("", words))), []).append(unescape(url))
    return {words: urls[0] for words, urls in found.items() if words and len(urls) == 1}


def relinked(old: State, new: State) -> list[tuple[str, str, str]]:
    """The words that are a link in both texts and lead elsewhere in the new one, with the old and the new address."""
    before, now = _anchors(old.body_html), _anchors(new.body_html)
    return [(words, before[words], url) for words, url in now.items() if _target(before.get(words, url)) != _target(url)]


def _pointers(state: State) -> set[str]:
    return {_target(link.url) or normal(link.title) for link in state.links if link.kind in EDITORIAL}


def compare(old: State, new: State) -> list[Field]:
    """What of an article a reader would notice as changed, in the page's order; empty where nothing is.

    What is compared, after `normal`:

    - title, kicker, subtitle, source: the text.
    - published: the day, where both states have one. Another time of the same day is named only beside another change.
    - byline: the names of each role, in any order; how an editor is labelled is not compared.
    - body: the lines that `read_lines` leaves, with no regard to where paragraphs break. Markup is not compared.
    - images: which files there are (`same_file`), in any order, without advertisements; and their captions.
    - links: where the words that are links in both texts lead. Links that stand beside the text, 推荐阅读 and 相关新闻, are named
      only beside another change: many sites draw them anew at every visit, and nothing tells an editor's hand from that; each
      link's coming and going is on record in ``article_links`` either way. Other blocks (hot, rank …) are never compared.
    """
    headings: tuple[Field, ...] = ("title", "kicker", "subtitle")
    changed: list[Field] = [name for name in headings if normal(getattr(old, name)) != normal(getattr(new, name))]
    moved = _moved(old, new)
    if moved == "day":
        changed.append("published")
    if normal(old.source) != normal(new.source):
        changed.append("source")
    if any(set(_names(old, role)) != set(_names(new, role)) for role in ROLES):
        changed.append("byline")
    if old.body_text != new.body_text and _read(old, new) != _read(new, old):
        changed.append("body")
    if _pictures(old) != _pictures(new) or _captions(old) != _captions(new):
        changed.append("images")
    if relinked(old, new):
        changed.append("links")
    if changed:
        if moved == "time":
            changed.append("published")
        if "links" not in changed and _pointers(old) != _pointers(new):
            changed.append("links")
    return changed


def _moved(old: State, new: State) -> Literal["day", "time"] | None:
    """What of the time of publication differs; what one of the two does not know does not."""
    if not old.published_at or not new.published_at or old.published_at == new.published_at:
        return None
    before, now = datetime.fromisoformat(old.published_at), datetime.fromisoformat(new.published_at)
    if before.astimezone(now.tzinfo).date() != now.date():
        return "day"
    return "time" if "day" not in (old.published_precision, new.published_precision) and before != now else None


# -- charset noise

_LOST = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯|ï»¿|[ÃÂ][\x80-\xbf]|â€|[äåæçèé][\x80-\xbf¡-¿]{2}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LATIN = re.compile("[\x80-\xff]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# A third and more of any Chinese text; next to none of what a wrong charset makes of it.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间"
    "市区新闻记者讯月今县公安路号员近局名首长城山海东西南北目期将港通村镇车场活服务展安建设联报网店校院企办保"
)


def is_noise(text: str | None, good: str | None) -> bool:
    """Whether a text came out of a wrong charset or a damaged answer, and the other state of it did not.

    Told by replacement characters and the well-known marks of a wrong charset (锟斤拷, Ã¥…) that the other state has fewer of; by
    private or accented Latin characters in numbers; by Chinese without the characters that all Chinese has.
    """
    text, good = text or "", good or ""
    if not text or not good or text == good:
        return False
    if len(_LOST.findall(text)) > len(_LOST.findall(good)):
        return True
    for pattern, share in ((_PRIVATE, 0.05), (_LATIN, 0.2)):
        if len(pattern.findall(text)) > share * len(text) and len(pattern.findall(good)) <= share / 2 * len(good):
            return True
    han, other = _HAN.findall(text), _HAN.findall(good)
    if len(han) < 20 or len(other) < 20:
        return False
    return _common(han) < 0.08 and _common(other) > 0.16


def _common(han: Sequence[str]) -> float:
    return sum(character in _COMMON for character in han) / len(han)


def noise(new: State, old: State) -> bool:
    """Whether a state is charset noise in its title, source or body, where the old one is none."""
    return any(
        is_noise(getattr(new, name), getattr(old, name)) for name in ("title", "kicker", "subtitle", "source", "body_text")
    )


# -- the diff of a line

PieceKind = Literal["same", "removed", "added"]


class Piece(NamedTuple):
    """A run of text that is in both states, or only in the old (``removed``) or the new one (``added``)."""

    kind: PieceKind
    text: str


class _Unit(NamedTuple):
    """A character as compared, and as it stands, with the unseen ones that follow it."""

    key: str
    text: str


_TOO_MUCH = 4_000_000
"""Characters of one line times those of the other from which on whole sentences are compared first."""


@lru_cache(maxsize=1)
def _segmenter() -> Parser:
    return load_default_simplified_chinese_parser()


@lru_cache(maxsize=4096)
def _key(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character.translate(_ALIKE)).translate(_ALIKE)
    return folded if len(folded) == 1 else character


def _units(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    for character in text:
        if _UNSEEN.match(character):
            if units:
                units[-1] = _Unit(units[-1].key, units[-1].text + character)
        else:
            units.append(_Unit(_key(character), character))
    return units


def _class(unit: _Unit) -> str:
    """What sort of character it is: those of one sort may make a word, others never do."""
    key = unit.key
    if _HAN.match(key):
        return "han"
    if key.isdecimal():
        return "number"
    if key.isalpha():
        return "latin"
    return "mark"


def _breaks(units: Sequence[_Unit]) -> set[int]:
    """Where words begin and end in a line, as positions among its characters, both ends with them."""
    found = {0, len(units)}
    if not units:
        return found
    at = 0
    for word in _segmenter().parse("".join(unit.text[0] for unit in units)):
        at += len(word)
        found.add(at)
    for position, (before, after) in enumerate(pairwise(units), 1):
        one, other = _class(before), _class(after)
        if one == other == "mark" or {one, other} == {"han", "mark"}:
            found.add(position)
        elif {one, other} <= {"number", "latin"}:
            # Within a number or a word (A4, G20), but not over a blank.
            (found.add if before.text[-1].isspace() else found.discard)(position)
        elif "mark" in (one, other):
            mark, beside = (before, after) if one == "mark" else (after, before)
            behind = units[position + 1] if other == "mark" and position + 1 < len(units) else None
            ahead = units[position - 2] if one == "mark" and position >= 2 else None
            neighbour = behind or ahead
            # 3.5, 1,200, 10:30, 3%, U-20 are one each.
            joined = (mark.key in ".,:/-" and neighbour is not None and _class(neighbour) == _class(beside)) or (
                mark.key in "%‰" and one == "number"
            )
            (found.discard if joined and not before.text[-1].isspace() else found.add)(position)
        elif one != other:
            found.add(position)
    return found


def inline(old: str, new: str, *, whole_words: bool = True) -> tuple[Piece, ...]:
    """The diff of two lines: pieces in reading order, the removed before the added.

    What differs only as `normal` allows is the same, and stands as it does in the new line. Without ``whole_words`` changes are
    not widened to whole words: cheaper, for counting.
    """
    before, after = _units(old), _units(new)
    changes = _changes(before, after)
    if whole_words and changes:
        one, other = _breaks(before), _breaks(after)
        changes = _merged(_widened(_slid(changes, before, after, one, other), one, other), before)
        # What the merging left may begin or end within a word of the other line.
        changes = _widened(changes, one, other)
    return tuple(_pieces(before, after, changes))


class _Change(NamedTuple):
    """The characters from ``a`` up to ``b`` of the old line gave way to those from ``c`` up to ``d`` of the new one."""

    a: int
    b: int
    c: int
    d: int


def _changes(before: Sequence[_Unit], after: Sequence[_Unit]) -> list[_Change]:
    old, new = [unit.key for unit in before], [unit.key for unit in after]
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return _between(before, after, _Change(start, len(old) - end, start, len(new) - end))


def _between(before: Sequence[_Unit], after: Sequence[_Unit], region: _Change) -> list[_Change]:
    """The changes within a region of both lines; in a large one only those sentences are looked at that differ."""
    a, b, c, d = region
    if a == b or c == d:
        return [region] if a < b or c < d else []
    if (b - a) * (d - c) <= _TOO_MUCH:
        old, new = [unit.key for unit in before[a:b]], [unit.key for unit in after[c:d]]
        codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return [_Change(a + i, a + j, c + k, c + m) for tag, i, j, k, m in codes if tag != "equal"]
    left, starts = _sentences(before[a:b])
    right, others = _sentences(after[c:d])
    if len(left) * len(right) > _TOO_MUCH * 10:
        return [region]
    found: list[_Change] = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            part = _Change(a + starts[i], a + starts[j], c + others[k], c + others[m])
            small = (part.b - part.a) * (part.d - part.c) <= _TOO_MUCH
            found += _between(before, after, part) if small else [part]
    return found


def _sentences(units: Sequence[_Unit]) -> tuple[list[str], list[int]]:
    """A line's sentences, and where each begins, its end last."""
    ends = [0, *(n for n, unit in enumerate(units, 1) if unit.key in ".;!?"), len(units)]
    ends = sorted(set(ends))
    return ["".join(unit.key for unit in units[i:j]) for i, j in pairwise(ends)], ends


def _slid(changes: list[_Change], before: Sequence[_Unit], after: Sequence[_Unit], old: set[int], new: set[int]) -> list[_Change]:
    """The changes, each insertion or removal moved to where it reads best: 三{年，缓刑四}年 is 三年{，缓刑四年}.

    Within a text that repeats itself there are several places for it; the best begins and ends with words, then beside a mark.
    """
    out: list[_Change] = []
    for number, (a, b, c, d) in enumerate(changes):
        if (a == b) == (c == d):
            out.append(_Change(a, b, c, d))
            continue
        units, breaks, start, end = (after, new, c, d) if a == b else (before, old, a, b)
        back = a - out[-1].b if out else a
        ahead = (changes[number + 1].a if number + 1 < len(changes) else len(before)) - b
        best, shift = _fit(units, breaks, start, end), 0
        step = 0
        while step > -back and units[start + step - 1].key == units[end + step - 1].key:
            step -= 1
            best, shift = max((best, shift), (_fit(units, breaks, start + step, end + step), step))
        step = 0
        while step < ahead and units[start + step].key == units[end + step].key:
            step += 1
            best, shift = max((best, shift), (_fit(units, breaks, start + step, end + step), step))
        out.append(_Change(a + shift, b + shift, c + shift, d + shift))
    return out


def _fit(units: Sequence[_Unit], breaks: set[int], start: int, end: int) -> int:
    """How well a run of a line reads as a part of it."""

    def is_mark(at: int) -> bool:
        return not 0 <= at < len(units) or _class(units[at]) == "mark"

    words = (start in breaks) + (end in breaks)
    return 4 * words + 2 * is_mark(end - 1) + is_mark(start - 1) + is_mark(end) + is_mark(start)


def _widened(changes: list[_Change], old: set[int], new: set[int]) -> list[_Change]:
    """The changes, each from the beginning of a word to the end of one in both lines; those that meet are one."""
    wide: list[_Change] = []
    for number, (a, b, c, d) in enumerate(changes):
        low = wide[-1].b if wide else 0
        high = changes[number + 1].a if number + 1 < len(changes) else max(old)
        while a > low and not (a in old and c in new):
            a, c = a - 1, c - 1
        while b < high and not (b in old and d in new):
            b, d = b + 1, d + 1
        if wide and wide[-1].b == a:
            wide[-1] = _Change(wide[-1].a, b, wide[-1].c, d)
        else:
            wide.append(_Change(a, b, c, d))
    return wide


def _merged(changes: list[_Change], before: Sequence[_Unit]) -> list[_Change]:
    """Changes with the short islands between them taken in, until none is left that is too short."""
    while True:
        out: list[_Change] = []
        for change in changes:
            if out and _is_short(out[-1], change, before):
                out[-1] = _Change(out[-1].a, change.b, out[-1].c, change.d)
            else:
                out.append(change)
        if len(out) == len(changes):
            return out
        changes = out


def _is_short(one: _Change, other: _Change, before: Sequence[_Unit]) -> bool:
    """Whether what is the same between two changes is too short to be read by itself.

    Between two replacements: four characters at most, no longer than either, and no comma or full stop among them. An insertion
    or a removal reads well as it is.
    """
    if any(unit.key in ",.;:、!?" for unit in before[one.b : other.a]):
        return False
    size = sum(_class(unit) != "mark" for unit in before[one.b : other.a])
    if any(change.a == change.b or change.c == change.d for change in (one, other)):
        return size <= 1
    return size <= min(4, *(max(change.b - change.a, change.d - change.c) for change in (one, other)))


def _pieces(before: Sequence[_Unit], after: Sequence[_Unit], changes: Sequence[_Change]) -> Iterator[Piece]:
    def text(units: Sequence[_Unit]) -> str:
        return "".join(unit.text for unit in units)

    at, blank = 0, ""
    for a, b, c, d in changes:
        if at < c or blank:
            yield Piece("same", blank + text(after[at:c]))
        gone, come, blank = text(before[a:b]), text(after[c:d]), ""
        if gone and come:
            # The blank behind a word is not the word's.
            gone, whole = gone.rstrip(), come
            come = come.rstrip()
            blank = whole[len(come) :]
        if gone:
            yield Piece("removed", gone)
        if come:
            yield Piece("added", come)
        at = d
    if at < len(after) or blank:
        yield Piece("same", blank + text(after[at:]))


# -- the diff of a text

ParagraphKind = Literal["same", "changed", "added", "removed", "moved", "moved away"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a diff, in the new text's order.

    ``moved`` stands where it stands now, and where it stood there is ``moved away``, with its old text; both with the changes
    within, if there are any, in ``pieces``.
    """

    kind: ParagraphKind
    pieces: tuple[Piece, ...] = field(default=())

    @property
    def text(self) -> str:
        """What a reader of the new text sees; of what is gone, the old text."""
        gone = self.kind in ("removed", "moved away")
        return "".join(piece.text for piece in self.pieces if piece.kind != ("added" if gone else "removed"))


_ALIKE_ENOUGH = 0.4
"""Share of common pairs of characters from which on a paragraph is the old one changed, not another one."""

_MOVED_ALIKE = 0.75

_TOO_MANY = 40_000
"""Old paragraphs times new ones from which on a text is another one, and its paragraphs are not paired."""


class _Pair(NamedTuple):
    """The old and the new text of one paragraph; ``None`` where it has none."""

    old: str | None
    new: str | None


def paragraphs(old: Sequence[str], new: Sequence[str], *, whole_words: bool = True) -> list[Paragraph]:
    """The diff of two texts, given as their paragraphs.

    Paragraphs that are the same are found first, then those that are alike, in order; then, among what is left, those that
    moved. One that was merely cut in two, or two that were joined, are the same.
    """
    pairs = list(_aligned([line for line in old if normal(line)], [line for line in new if normal(line)]))
    away = _moves(pairs)
    here = {number: origin for origin, number in away.items()}
    out = []
    for number, (before, after) in enumerate(pairs):
        if before is not None and after is not None:
            pieces = inline(before, after, whole_words=whole_words)
            out.append(Paragraph("same" if all(piece.kind == "same" for piece in pieces) else "changed", pieces))
        elif number in away:
            out.append(Paragraph("moved away", (Piece("removed", before or ""),)))
        elif number in here:
            out.append(Paragraph("moved", inline(pairs[here[number]].old or "", after or "", whole_words=whole_words)))
        elif before is not None:
            out.append(Paragraph("removed", (Piece("removed", before),)))
        else:
            out.append(Paragraph("added", (Piece("added", after or ""),)))
    return out


def _moves(pairs: Sequence[_Pair]) -> dict[int, int]:
    """Paragraphs that are gone in one place and new in another: the one place and the other."""
    gone = [number for number, pair in enumerate(pairs) if pair.new is None]
    come = [number for number, pair in enumerate(pairs) if pair.old is None]
    if not gone or not come or len(gone) * len(come) > _TOO_MANY:
        return {}
    grams = {number: _grams(pair.old or pair.new or "") for number, pair in enumerate(pairs) if None in pair}
    alike = sorted(
        ((_likeness(grams[a], grams[b]), -abs(a - b), a, b) for a in gone for b in come),
        reverse=True,
    )
    found: dict[int, int] = {}
    for likeness, _, a, b in alike:
        if likeness < _MOVED_ALIKE:
            break
        if a not in found and b not in found.values():
            found[a] = b
    return found


def _aligned(old: list[str], new: list[str]) -> Iterator[_Pair]:
    """Both texts' paragraphs side by side."""
    left, right = [normal(line) for line in old], [normal(line) for line in new]
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from map(_Pair, old[a:b], new[c:d])
        elif tag == "replace":
            yield from _paired(*_rejoined(old[a:b], new[c:d]))
        else:
            yield from (_Pair(line, None) for line in old[a:b])
            yield from (_Pair(None, line) for line in new[c:d])


def _rejoined(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both texts with the same breaks, where only the breaks differ: the new text's paragraphs stay whole."""
    left, right = [normal(line) for line in old], [normal(line) for line in new]
    out: list[str] = []
    at = 0
    while at < len(old):
        for number, wanted in enumerate(right):
            if left[at].startswith(wanted) and (run := _run(left[at], right, number)) > 1:
                # One paragraph was cut: cut the old one in the same places.
                out.extend(new[number : number + run])
                break
            if wanted.startswith(left[at]) and (run := _run(wanted, left, at)) > 1:
                out.append(new[number])
                at += run - 1
                break
        else:
            out.append(old[at])
        at += 1
    return out, new


def _run(text: str, lines: Sequence[str], start: int) -> int:
    """How many of the lines, from one on, make up the text; 0 where they do not."""
    at = 0
    for number in range(start, len(lines)):
        if not text.startswith(lines[number], at):
            return 0
        at += len(lines[number])
        if at == len(text):
            return number + 1 - start
    return 0


def _paired(old: list[str], new: list[str]) -> Iterator[_Pair]:
    """Paragraphs side by side that are alike, in order, so that they are as much alike as can be."""
    if len(old) == len(new) == 1:
        yield from [_Pair(old[0], new[0])] if _is_alike(old[0], new[0]) else [_Pair(old[0], None), _Pair(None, new[0])]
        return
    left, right = [_grams(line) for line in old], [_grams(line) for line in new]
    if len(old) * len(new) > _TOO_MANY:
        yield from (_Pair(line, None) for line in old)
        yield from (_Pair(None, line) for line in new)
        return
    scores = [[_likeness(one, other) for other in right] for one in left]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= _ALIKE_ENOUGH else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and scores[i][j] >= _ALIKE_ENOUGH and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            yield _Pair(old[i], new[j])
            i, j = i + 1, j + 1
        elif j >= len(new) or (i < len(old) and best[i][j] == best[i + 1][j]):
            yield _Pair(old[i], None)
            i += 1
        else:
            yield _Pair(None, new[j])
            j += 1


def _is_alike(one: str, other: str) -> bool:
    return _likeness(_grams(one), _grams(other)) >= _ALIKE_ENOUGH


def _grams(text: str) -> frozenset[str]:
    """A paragraph's pairs of characters; of a single character, itself."""
    text = normal(text)
    return frozenset(map("".join, pairwise(text))) or frozenset([text])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 for nothing in common to 1 for all: Dice's measure, or of a short one within a long one, how much of it is there."""
    common, small = len(one & other), min(len(one), len(other))
    within = common / small
    return max(2 * common / (len(one) + len(other)), within * 0.8 if within > 0.8 and small >= 12 else 0.0)


# -- in a line for people


def summary(old: State, new: State, changed: Sequence[Field]) -> str:
    """What changed, in a line: ``title: 开工 → 停工; body: 1 paragraph changed (+2 −2 characters)``; 400 characters at most."""
    out = []
    for name in changed:
        if name in ("title", "kicker", "subtitle", "source"):
            out.append(f"{name}: {_short(getattr(old, name))} → {_short(getattr(new, name))}")
        elif name == "published":
            out.append(f"published: {old.published_at} → {new.published_at}")
        elif name == "byline":
            for role, word in ROLES.items():
                before, now = _names(old, role), _names(new, role)
                signs = [*(f"−{n}" for n in before if n not in now), *(f"+{n}" for n in now if n not in before)]
                if signs:
                    out.append(f"{word}: {' '.join(signs)}")
        elif name == "body":
            out.append(f"body: {_in_figures(old, new)}")
        elif name == "images":
            gone, come = _pictures(old) - _pictures(new), _pictures(new) - _pictures(old)
            out.append(f"images: −{gone.total()} +{come.total()}" if gone or come else "images: another caption")
        else:
            gone_links, come_links = _pointers(old) - _pointers(new), _pointers(new) - _pointers(old)
            within = "a link within the text leads elsewhere"
            out.append(f"links: −{len(gone_links)} +{len(come_links)}" if gone_links or come_links else f"links: {within}")
    text = "; ".join(out)
    return text if len(text) <= 400 else text[:399] + "…"


def _short(text: str | None) -> str:
    if not text:
        return "(none)"
    return text if len(text) <= 60 else text[:59] + "…"


def _in_figures(old: State, new: State) -> str:
    found = paragraphs(read_lines(old, new), read_lines(new, old), whole_words=False)
    kinds = Counter(paragraph.kind for paragraph in found)
    counted = [f"{kinds[kind]} {kind}" for kind in ("changed", "added", "removed", "moved") if kinds[kind]]
    if counted:
        first = counted[0].split()[0]
        counted[0] = counted[0].replace(" ", f" paragraph{'' if first == '1' else 's'} ", 1)
    sizes: Counter[str] = Counter()
    for paragraph in found:
        if paragraph.kind != "moved away":
            for piece in paragraph.pieces:
                sizes[piece.kind] += len(normal(piece.text))
    return f"{', '.join(counted)} (+{sizes['added']} −{sizes['removed']} characters)"
