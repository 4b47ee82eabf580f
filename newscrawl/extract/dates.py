"""Dates and times as Chinese news pages print them: text to `Moment`. No clock and no time zone of the machine is read.

Four questions: `parse` and `find` read running text and byline lines, `of_link` the time beside an item of a link
block, `in_url` an address. Whatever is read is in China's one time zone unless the text names another; it is never
later than the page (``now``) and never before 1990, when there were no such pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from newscrawl.days import SHANGHAI
from newscrawl.items import Precision

AHEAD = timedelta(minutes=15)
"""How far a time may lie in the future: the clocks of servers differ by as much, scheduled articles by more."""

FILLED_LATER = timedelta(days=45)
"""How much later than its article an item of its link blocks may be: blocks are filled when the page is asked for."""

FIRST = datetime(1990, 1, 1, tzinfo=SHANGHAI)
"""The earliest moment that is believed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as a page states it.

    ``at`` is in +08:00, in whole seconds, zero beyond ``precision``; ``raw`` is the text it was read from, as printed.
    """

    at: datetime
    precision: Precision
    raw: str

    def iso(self) -> str:
        """ISO 8601 with offset: ``2017-07-28T10:28:00+08:00``."""
        return self.at.isoformat()


# -- the forms
#
# Blanks are counted and taken for good (possessive), digits are counted: a text of any kind is read in linear time.
# No form begins inside a run of digits, and a date that cannot be (2017-13-40) is used up whole, so that no part of it
# is taken for another one.

_B = r"[\s\u200b\ufeff]"
_O = _B + "{0,2}+"
_COLON = "[:：∶]"
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NAME = rf"(?i:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTH_NAMES)}|sept)\.?"

_HEAD = re.compile(
    rf"""
    (?<![0-9])(?<![0-9]\.)(?:
        # 2017-07-28, 2017/7/28, 2017.07.28; 2017年7月28日, 2017年07月28; 2024 05/09, a header split over elements
        (?P<year>[12][0-9]{{3}})
        (?: {_O}(?P<mark>[-/.－／．‐‑]){_O}(?P<month>[0-9]{{1,2}}){_O}(?P=mark){_O}
          | (?:{_O}年{_O} | (?<=199[0-9]|20[0-9][0-9]){_B}{{1,9}}+)
            (?P<month_of>[0-9]{{1,2}})(?:{_O}月{_O} | (?<=[0-9][0-9]){_O}[-/]{_O}(?=[0-9][0-9]))
        )
        (?P<day>[0-9]{{1,2}})
        # the time may follow without a blank, where a page sets both as elements of one line: 2017-07-2810:28
        (?:(?![0-9]) | (?<=[0-9][0-9])(?=[0-9][0-9]{_COLON}))(?!\.[0-9])
        (?:{_O}[日号])?
      # 二〇一七年七月二十八日
      | (?P<han_year>[12一二][0-9〇零○ＯO一二三四五六七八九]{{3}}){_O}年
        {_O}(?P<han_month>十[一二]?|[一二三四五六七八九]|[0-9]{{1,2}}){_O}月
        {_O}(?P<han_day>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|[0-9]{{1,2}}){_O}[日号]
      # 17-10-08 09:15: only with a time
      | (?<![-/:：∶])(?P<short_year>[0-4][0-9])-(?P<short_month>[01][0-9])-(?P<short_day>[0-3][0-9])(?={_B}{{1,9}}[0-2]?[0-9]{_COLON}[0-5][0-9])
      # 10月8日, 10-08 12:00: the year is not told; not the rest of 618年10月8日, 17-10-08 or 9:10-08
      | (?<![0-9][-/:：∶])(?<!年)(?<!年\s)(?:
            (?P<md_month>[0-9]{{1,2}}){_O}月{_O}(?P<md_day>[0-9]{{1,2}})(?:{_O}(?P<md_end>[日号]) | (?![0-9]))
          | (?P<md>[01][0-9]-[0-3][0-9] | [01]?[0-9]/[0-3]?[0-9])
            (?:(?![0-9]) | (?<=[0-9][0-9])(?=[0-9][0-9]{_COLON}))(?![-/])
        )
      # 5分钟前
      | (?P<count>[0-9]{{1,3}}){_O}(?P<unit>秒|分|个?小时|天)钟?{_O}前
      # 28 Jul 2017
      | (?P<en_day>[0-9]{{1,2}})[ -](?P<en_month>{_NAME}),?[ -](?P<en_year>[12][0-9]{{3}})(?![0-9])
    )
    | (?P<half>半个?小时前)
    | (?P<just>刚刚)
    | (?P<word>(?<!大)[昨前今][天日])
    # Jul 28, 2017; Jul 28 2017 10:28:00 GMT+0800, as JavaScript prints it; Jul 28 10:28:00 CST 2017, as Java does
    | (?<![A-Za-z])(?P<us_month>{_NAME})\ {{1,2}}+(?P<us_day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:
          ,?\ (?P<us_year>[12][0-9]{{3}})(?![0-9:])
        | \ (?P<java_time>[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}})\ (?:(?P<java_zone>[A-Z]{{3}}[+:0-9]{{0,6}})\ )?
          (?P<java_year>[12][0-9]{{3}})(?![0-9])
      )
    """,
    re.VERBOSE,
)

# Where a form may begin. A class comes first, so that all other text is passed over at full speed.
_START = re.compile(
    r"""
    [0-9昨前今刚半一二JFMASOND]
    (?: (?<=[0-9])[0-9]*+ | (?<=[昨前今])(?=[天日]) | (?<=刚)(?=刚) | (?<=半)(?=[个小])
      | (?<=一)(?=九) | (?<=二)(?=[〇零○ＯO0]) | (?<=[A-Z])(?=[A-Za-z]{2}) )
    """,
    re.VERBOSE,
)

_TIME = re.compile(
    rf"""
    {_B}{{0,9}}+
    (?:[（(]?(?:(?:星期|礼拜|周)[一二三四五六日天]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{{0,6}}+)[）)]?{_B}{{0,9}}+)?+
    (?P<joint>[-/T,，]?+){_B}{{0,9}}+
    (?P<part>凌晨|清晨|早上|早晨|上午|中午|午间|下午|傍晚|晚上|晚间|夜间|深夜|[AaPp][Mm])?+{_O}
    (?P<hour>2[0-3]|[01]?[0-9])
    (?: \s?{_COLON}\s?(?P<minute>[0-5][0-9] | [0-5]?[0-9](?={_COLON}))
        (?:{_COLON}(?P<second>[0-5][0-9] | [0-9](?![0-9]))(?:\.[0-9]{{1,9}}+)?)?
      | \s?[时時点點](?:
            \s?(?P<minute_of>[0-5]?[0-9])(?![0-9])(?:\s?分(?:\s?(?P<second_of>[0-5]?[0-9])\s?秒)?)?
          # 3点建议 is a list, not an hour
          | (?<=[时時])(?![0-9间代光期候半]) | (?<=[点點])(?=[整钟许]|左右|\s|$)
        )
    )
    (?:{_O}(?P<suffix>[AaPp]\.?[Mm])(?![A-Za-z]))?
    """,
    re.VERBOSE,
)

# In link blocks only: 06-07 for 06:07 (大众网 and others on TRS WCM). The source may follow without a blank.
_TIME_OF_LINK = re.compile(rf"{_B}{{1,9}}+(?P<hour>[01][0-9]|2[0-3])-(?P<minute>[0-5][0-9])(?:-(?P<second>[0-5][0-9]))?")

_ZONE = re.compile(
    r"\s?(?:(?P<name>Z|UTC|UT|GMT|CST|EST|EDT|CDT|MST|MDT|PST|PDT)(?![A-Za-z0-9+-])"
    r"|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>0[0-9]|1[0-4])(?P<colon>:?)(?P<minutes>00|15|30|45)?(?![0-9:]))"
)
# CST is China's where a Chinese server prints it. The American ones are those of RFC 2822.
_ZONES = {"CST": 8, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

# Values that are digits and nothing else: 20170728, 201707281028, 20170728102800, 20170728T102800Z; seconds since 1970.
_COMPACT = re.compile(
    r"\s*(?P<raw>(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:[ T]?(?P<hour>[01][0-9]|2[0-3]):?(?P<minute>[0-5][0-9])(?::?(?P<second>[0-5][0-9])(?:\.[0-9]{1,9})?)?"
    r"(?P<zone>Z|[+-][0-9:]{2,5})?)?)\s*"
)
_EPOCH = re.compile(r"\s*(?P<raw>(?P<seconds>[0-9]{10})(?:[0-9]{3})?(?:\.[0-9]{1,9})?)\s*")

# A link item's bare day as the whole value: 7-28, [07.28]; 1/2 counts pages.
_DAY_OF_LINK = re.compile(r"[\s\[(（【]*(?P<raw>[01]?[0-9]-[0-3]?[0-9]|[01][0-9]\.[0-3][0-9])[\s\])）】]*")

_WIDE = re.compile("[０-９]")
_NARROW = str.maketrans("０１２３４５６７８９／．－‐‑", "0123456789/.---")

_MONTHS = {name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)}
_HAN_DIGITS = str.maketrans("〇零○ＯO一二三四五六七八九", "00000123456789")
_HAN_ONES = ("", *"一二三四五六七八九")
_HAN_TENS = (("", 0), ("十", 10), ("一十", 10), ("二十", 20), ("三十", 30))
_HAN = {tens + one: ten + n for tens, ten in _HAN_TENS for n, one in enumerate(_HAN_ONES)}
_HAN |= {str(n): n for n in range(32)} | {f"0{n}": n for n in range(10)}

_UNITS: dict[str, tuple[timedelta, Precision]] = {
    "秒": (timedelta(seconds=1), "second"),
    "分": (timedelta(minutes=1), "minute"),
    "小时": (timedelta(hours=1), "hour"),
    "个小时": (timedelta(hours=1), "hour"),
    "天": (timedelta(days=1), "day"),
}
_AGO = frozenset({"unit", "half", "just"})
_DAYS_AGO = {"今": 0, "昨": 1, "前": 2}

# What may stand before and after a day that is no more than a word or two: 今天 in 今天上午 is no date of an article.
_BEFORE = frozenset(":：([（【|｜·•/>于")
_AFTER = frozenset(")]）】|｜·•/<")
_AFTER_WORDS = ("发布", "发表", "更新", "来源", "来自", "阅读", "浏览", "评论")


# -- what is asked


def parse(text: str, now: datetime, *, near: Moment | None = None) -> Moment | None:
    """The first plausible date or date-time in a text, ``None`` if there is none.

    ``now`` is when the page was fetched (aware; `ValueError` if not): relative dates count from it, and what lies more
    than `AHEAD` after it is passed over, as are days that do not exist. A date without a year is the latest one that is
    not in the future, or the one nearest to ``near``; a bare 7月28日 is given only where the text says nothing better.
    Compact values (``20170728102800``, seconds or milliseconds since 1970) are read where they are the whole text.
    """
    weak: Moment | None = None
    now = _aware(now)
    for _, _, moment, full in _scan(text, now, _until(now, near)):
        if full:
            return moment
        weak = weak or moment
    return weak


def find(text: str, now: datetime, *, near: Moment | None = None) -> list[tuple[int, int, Moment]]:
    """Every plausible date or date-time in a text, as (start, end, moment), in order and without overlap.

    ``text[start:end]`` is the moment's ``raw``. Arguments as for `parse`; a bare 7月28日 counts here.
    """
    now = _aware(now)
    return [(start, end, moment) for start, end, moment, _ in _scan(text, now, _until(now, near))]


def of_link(text: str, article: datetime | None, now: datetime) -> Moment | None:
    """The time of a link block's item, out of the text that holds it (the whole item will do), or ``None``.

    Reads all that `find` reads and what only such blocks print: ``07-28 06-07``, ``[07-28]``, ``07-28``. Without a year
    it is the latest that is neither after ``now`` nor more than `FILLED_LATER` after the ``article`` (aware, ``None`` if
    unknown): a December item on a January page is last year's. Among several the one that gives a time wins, then one
    that stands apart from the words around it (titles and summaries have dates too), then the last.
    """
    now = _aware(now)
    until = now + AHEAD
    if article is not None:
        until = min(until, _aware(article) + FILLED_LATER)
    best: Moment | None = None
    best_rank = (False, False)
    length = len(text.rstrip())
    for start, end, moment, full in _scan(text, now, until, link=True):
        # A time of digits at the very end is set apart by markup even where no blank is left of it.
        last = end == length and moment.raw[-1].isdigit()
        apart = last or (_begins(text, start) and _ends(text, end))
        rank = (moment.precision != "day", apart)
        if (full or apart) and (best is None or rank >= best_rank):
            best, best_rank = moment, rank
    if best is None and length < 20 and (bare := _DAY_OF_LINK.fullmatch(text.translate(_NARROW))):
        month, day = map(int, bare["raw"].replace(".", "-").split("-"))
        if at := _without_year(month, day, _MIDNIGHT, now, until):
            best = Moment(at, "day", text[slice(*bare.span("raw"))])
    return best


# -- reading


class _Clock(NamedTuple):
    """A time of day. Hour 24 is the day's end; ``end`` is where its text ends; ``zone`` is in minutes east of UTC."""

    hour: int
    minute: int
    second: int
    precision: Precision
    end: int
    zone: int | None = None


_MIDNIGHT = _Clock(0, 0, 0, "day", 0)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone says nothing: give an aware datetime")
    return moment if moment.tzinfo is SHANGHAI else moment.astimezone(SHANGHAI)


def _until(now: datetime, near: Moment | None) -> datetime:
    """The bound for dates without a year: the latest one up to half a year after ``near`` is the nearest to it."""
    until = now + AHEAD
    return until if near is None else min(until, near.at + timedelta(days=183))


def _scan(text: str, now: datetime, until: datetime, link: bool = False) -> Iterator[tuple[int, int, Moment, bool]]:
    """(start, end, moment, full) for each date in order; full: it is more than a day without a year."""
    plain = text if text.isascii() or not _WIDE.search(text) else text.translate(_NARROW)
    if value := _COMPACT.fullmatch(plain) or _EPOCH.fullmatch(plain):
        start, end = value.span("raw")
        whole = _compact(value, now) if value.re is _COMPACT else _epoch(value, now)
        if whole:
            yield start, end, Moment(*whole, text[start:end]), True
        return
    position = 0
    while begin := _START.search(plain, position):
        start, position = begin.span()
        head = _HEAD.match(plain, start)
        if not head:
            continue
        position = head.end()
        form = head.lastgroup or ""
        if form in _AGO:
            # 3天前 of a sentence is not when the article was published
            if link or (_ends(plain, position) and (form == "unit" or _begins(plain, start))):
                ago = _ago(head, form, now)
                if ago:
                    yield start, position, Moment(*ago, text[start:position]), True
            continue
        year, month, day, alone = _day(head, form, now, link)
        if form == "word":
            alone = alone and _begins(plain, start) and _ends(plain, position)
        clock = _java(head) if form == "java_year" else _clock(plain, position, link)
        if clock:
            position = clock.end
        elif alone:
            clock = _MIDNIGHT
        else:
            continue
        at = _at(year, month, day, clock, now) if year else _without_year(month, day, clock, now, until)
        if at:
            full = bool(year) or clock.precision != "day"
            yield start, position, Moment(at, clock.precision, text[start:position]), full


def _day(head: re.Match[str], form: str, now: datetime, link: bool) -> tuple[int, int, int, bool]:
    """(year, month, day, whether it is a date without a time too); 0 for what is not told or not to be read."""
    if form == "day":
        return int(head["year"]), int(head["month"] or head["month_of"]), int(head["day"]), True
    if form == "short_day":
        return 2000 + int(head["short_year"]), int(head["short_month"]), int(head["short_day"]), False
    if form in ("md_day", "md_end"):
        return 0, int(head["md_month"]), int(head["md_day"]), form == "md_end"
    if form == "md":
        left, right = head["md"].replace("/", "-").split("-")
        # 1/2 in a link block counts pages
        return 0, int(left), int(right), link and len(head["md"]) == 5
    if form == "word":
        word = head["word"]
        then = now - timedelta(days=_DAYS_AGO[word[0]])
        # 今日 alone begins headings: 今日看点
        return then.year, then.month, then.day, word[1] == "天"
    if form == "han_day":
        year = int(head["han_year"].translate(_HAN_DIGITS))
        return year, _HAN.get(head["han_month"], 0), _HAN.get(head["han_day"], 0), True
    if form == "en_year":
        return int(head["en_year"]), _MONTHS[head["en_month"][:3].lower()], int(head["en_day"]), True
    return int(head[form]), _MONTHS[head["us_month"][:3].lower()], int(head["us_day"]), True


def _clock(text: str, position: int, link: bool) -> _Clock | None:
    """The time of day that stands at a position, after a date."""
    time = _TIME.match(text, position)
    if not time:
        if link and (time := _TIME_OF_LINK.match(text, position)):
            hour, minute, second = time.groups()
            return _Clock(int(hour), int(minute), int(second or 0), "second" if second else "minute", time.end())
        return None
    joint, part, hour, minute, second, minute_of, second_of, suffix = time.groups()
    end, zone = time.end(), None
    found = _ZONE.match(text, end) if minute else None
    # 10:28-11:30 are two times of a day, not one of another zone
    if found and (found["sign"] != "-" or joint == "T" or (found["minutes"] and not found["colon"])):
        zone, end = _offset(found), found.end()
    minute, second = minute or minute_of, second or second_of
    precision: Precision = "second" if second else "minute" if minute else "hour"
    return _Clock(_of_24(int(hour), suffix or part), int(minute or 0), int(second or 0), precision, end, zone)


def _of_24(hour: int, part: str | None) -> int:
    """An hour of 24, from one that a part of the day goes with: 下午2 is 14, 上午12 is 0, 晚上12 is 24."""
    if not part or hour > 12:
        return hour
    first = part[0]
    if first in "下傍Pp":
        return hour % 12 + 12
    if first in "晚夜深":
        return hour + 12 if hour >= 5 else hour
    if part in ("中午", "午间"):
        return hour + 12 if hour < 4 else hour
    return hour % 12


def _java(head: re.Match[str]) -> _Clock | None:
    hour, minute, second = map(int, head["java_time"].split(":"))
    zone = _ZONE.fullmatch(head["java_zone"] or "")
    return _Clock(hour, minute, second, "second", head.end(), _offset(zone) if zone else None)


def _compact(value: re.Match[str], now: datetime) -> tuple[datetime, Precision] | None:
    hour, minute, second = value.group("hour", "minute", "second")
    precision: Precision = "second" if second else "minute" if hour else "day"
    zone = _ZONE.fullmatch(value["zone"] or "")
    if value["zone"] and not zone:
        return None
    clock = _Clock(int(hour or 0), int(minute or 0), int(second or 0), precision, 0, _offset(zone) if zone else None)
    at = _at(int(value["year"]), int(value["month"]), int(value["day"]), clock, now)
    return (at, precision) if at else None


def _epoch(value: re.Match[str], now: datetime) -> tuple[datetime, Precision] | None:
    at = datetime.fromtimestamp(int(value["seconds"]), SHANGHAI)
    return (at, "second") if _plausible(at, "second", now) else None


def _offset(zone: re.Match[str]) -> int:
    """Minutes east of Greenwich."""
    if name := zone["name"]:
        return 60 * _ZONES.get(name, 0)
    minutes = 60 * int(zone["hours"]) + int(zone["minutes"] or 0)
    return -minutes if zone["sign"] == "-" else minutes


def _ago(head: re.Match[str], form: str, now: datetime) -> tuple[datetime, Precision] | None:
    unit, precision = _UNITS[head["unit"] if form == "unit" else "分"]
    count = int(head["count"]) if form == "unit" else 30 if form == "half" else 0
    at = now - count * unit
    at -= (at - FIRST) % unit
    return (at, precision) if at >= FIRST else None


def _at(year: int, month: int, day: int, clock: _Clock, now: datetime) -> datetime | None:
    """The instant in +08:00; ``None`` if there is no such day or time, or it is not to be believed."""
    hour, minute, second, precision, _, zone = clock
    if not 1989 <= year <= now.year + 1:
        return None
    try:
        if hour == 24:
            at = datetime(year, month, day, 0, minute, second, tzinfo=SHANGHAI) + timedelta(days=1)
        else:
            at = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None
    if zone is not None:
        at += timedelta(minutes=480 - zone)
    return at if _plausible(at, precision, now) else None


def _without_year(month: int, day: int, clock: _Clock, now: datetime, until: datetime) -> datetime | None:
    """The latest such day not after ``until``; eight years hold any 29 February."""
    for year in range(until.year, until.year - 9, -1):
        at = _at(year, month, day, clock, now)
        if at and at <= until:
            return at
    return None


def _plausible(at: datetime, precision: Precision, now: datetime) -> bool:
    return at >= FIRST and (at <= now or (precision != "day" and at <= now + AHEAD))


def _begins(text: str, start: int) -> bool:
    return start == 0 or text[start - 1].isspace() or text[start - 1] in _BEFORE


def _ends(text: str, end: int) -> bool:
    return end == len(text) or text[end].isspace() or text[end] in _AFTER or text.startswith(_AFTER_WORDS, end)


# -- addresses

# Years that an address may carry: no page is older, and an id that begins with 2050 is an id.
_Y = "(199[5-9]|20[0-4][0-9])"
_M = "(0[1-9]|1[0-2])"
_D = "(0[1-9]|[12][0-9]|3[01])"
_PATH = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:)?(?://[^/?#]*)?([^?#]*)")
_IN_URL = tuple(
    re.compile(pattern)
    for pattern in (
        # /2017-07/28/ (Founder, xinhuanet, gmw), /2017/07-28/ (chinanews), /2017/7/28/ (大汉 JCMS), /2017_07_28/
        rf"(?<![0-9A-Za-z]){_Y}[-/_](0?[1-9]|1[0-2])[-/_](0?[1-9]|[12][0-9]|3[01])(?=/|$)",
        # 2017-07-28.html, 2017_07_28_123.htm
        rf"(?<![0-9A-Za-z]){_Y}[-_]{_M}[-_]{_D}(?=[._-])",
        # /2017/0728/ (people, iqilu, stcn), /201707/28/ (Founder's newer papers)
        rf"(?<=/){_Y}(?:/{_M}{_D}|{_M}/{_D})(?=/)",
        # /t20170728_123.htm (TRS WCM)
        rf"(?<=/)[tT]{_Y}{_M}{_D}(?=_)",
        # /20170728/, renmrb_20170728_1-01.htm, 20170728A0ABCD00 (qq); not content_20120131.htm, which is a number
        rf"(?:(?<=/)|(?<=[-_,])(?<!content_)){_Y}{_M}{_D}(?=[-_,./A-Z]|$)",
        # /201707281028123456.html, a time and a number
        rf"(?<=/){_Y}{_M}{_D}(?:[01][0-9]|2[0-3])[0-5][0-9][0-9]{{0,10}}+(?=[._/-]|$)",
        # /17/0728/10/CQF5.html (163)
        rf"(?<=/)([0-4][0-9])/{_M}{_D}(?=/[012][0-9]/)",
        # /170728/; not /201210/, a month, nor /130102/, a county: no province has the codes 00-10, 16-20, 24-30
        rf"(?<=/)(?<!/GB/)(?!20[0-9]{{2}}(?:0[1-9]|1[0-2])/)(0[0-9]|1[06-9]|2[04-9]){_M}{_D}(?=/)",
    )
)


@lru_cache(maxsize=64)
def in_url(url: str) -> date | None:
    """The day that an article's address carries in its path, from 1995 to 2049; ``None`` if it carries none."""
    match = _PATH.match(url)
    path = "/" + match[1].lstrip("/") if match else ""
    for pattern in _IN_URL:
        for found in pattern.finditer(path):
            year, month, day = (int(part) for part in found.groups() if part)
            try:
                return date(year if year > 99 else 2000 + year, month, day)
            except ValueError:  # 30 February
                continue
    return None
