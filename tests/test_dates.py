"""Dates as Chinese pages print them: every form, what only looks like one, no clock, no zone, linear time."""

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.extract.dates import AHEAD, FIRST, SHANGHAI, Moment, find, in_url, of_link, parse

NOW = datetime(2026, 11, 24, 18, 30, 15, tzinfo=SHANGHAI)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


# -- the forms

FORMS = [
    # digits and marks
    ("2017-07-28 10:28:00", "2017-07-28T10:28:00", "second"),
    ("2017-07-28 10:28", "2017-07-28T10:28:00", "minute"),
    ("2017-7-8 9:05", "2017-07-08T09:05:00", "minute"),
    ("2017-7-8 9:5:3", "2017-07-08T09:05:03", "second"),
    ("18-10-23 11:05", "2018-10-23T11:05:00", "minute"),
    ("2017-07-28", "2017-07-28T00:00:00", "day"),
    ("2017 - 07 - 28", "2017-07-28T00:00:00", "day"),
    ("2024.05.20", "2024-05-20T00:00:00", "day"),
    ("2024/05/20 08:58", "2024-05-20T08:58:00", "minute"),
    ("2017-07-28 10:28:00.0", "2017-07-28T10:28:00", "second"),
    ("2017-07-28, 10:28", "2017-07-28T10:28:00", "minute"),
    ("2017-07-28-10:28", "2017-07-28T10:28:00", "minute"),
    ("2017-07-28 10:28-11:30", "2017-07-28T10:28:00", "minute"),
    ("2017-07-28 09:00:00-11:30:00", "2017-07-28T09:00:00", "second"),
    # elements of one line without a blank between them
    ("2017-07-2810:28来源：威海日报", "2017-07-28T10:28:00", "minute"),
    ("2017-07-28 10:28:003条评论", "2017-07-28T10:28:00", "second"),
    ("2024 05/09 22:27:02", "2024-05-09T22:27:02", "second"),
    ("2023 11/ 17 20:52:15", "2023-11-17T20:52:15", "second"),
    # a time that cannot be leaves the day
    ("2017-07-28 25:61", "2017-07-28T00:00:00", "day"),
    ("2017-07-28 10:61", "2017-07-28T00:00:00", "day"),
    ("2017-07-28 3点建议", "2017-07-28T00:00:00", "day"),
    ("2017-07-28 12人阅读", "2017-07-28T00:00:00", "day"),
    # 年月日
    ("2017年07月28日10:28", "2017-07-28T10:28:00", "minute"),
    ("2017年7月28日 10时28分", "2017-07-28T10:28:00", "minute"),
    ("2017年7月28日10时28分05秒", "2017-07-28T10:28:05", "second"),
    ("2017年7月28日10点28分", "2017-07-28T10:28:00", "minute"),
    ("2017年7月28日10时", "2017-07-28T10:00:00", "hour"),
    ("2017年7月28日10点整", "2017-07-28T10:00:00", "hour"),
    ("2017 年 7 月 28 日", "2017-07-28T00:00:00", "day"),
    ("2017年07月28", "2017-07-28T00:00:00", "day"),
    ("2017年7月28号", "2017-07-28T00:00:00", "day"),
    ("2017年\n07/28 10:28", "2017-07-28T10:28:00", "minute"),
    ("二〇一七年七月二十八日", "2017-07-28T00:00:00", "day"),
    ("二零一七年十月十日 10:28", "2017-10-10T10:28:00", "minute"),
    ("二○一七年十二月三十一日", "2017-12-31T00:00:00", "day"),
    ("一九九八年一月二日", "1998-01-02T00:00:00", "day"),
    ("2017年七月二十八日", "2017-07-28T00:00:00", "day"),
    # full width
    ("２０１７－０７－２８　１０：２８", "2017-07-28T10:28:00", "minute"),
    ("２０１７年７月２８日１０：２８：０５", "2017-07-28T10:28:05", "second"),
    ("2017－07－28 10：28", "2017-07-28T10:28:00", "minute"),
    # weekdays
    ("2017年07月28日 星期五 10:28", "2017-07-28T10:28:00", "minute"),
    ("2017-07-28（周五）10:28:00", "2017-07-28T10:28:00", "second"),
    ("2017-07-28 Friday 10:28", "2017-07-28T10:28:00", "minute"),
    ("2017年07月28日 周一鸣", "2017-07-28T00:00:00", "day"),
    # parts of the day
    ("2017-07-28 上午10:28", "2017-07-28T10:28:00", "minute"),
    ("2017-07-28 下午2:30", "2017-07-28T14:30:00", "minute"),
    ("2017-07-28 下午 14:30", "2017-07-28T14:30:00", "minute"),
    ("2017/7/28 上午12:30:00", "2017-07-28T00:30:00", "second"),
    ("2017/7/28 下午12:30:00", "2017-07-28T12:30:00", "second"),
    ("2017-07-28 凌晨3:05", "2017-07-28T03:05:00", "minute"),
    ("2017-07-28 中午1:05", "2017-07-28T13:05:00", "minute"),
    ("2017-07-28 中午11:50", "2017-07-28T11:50:00", "minute"),
    ("2017-07-28 晚上8:05", "2017-07-28T20:05:00", "minute"),
    ("2017-12-31 晚上12:30", "2018-01-01T00:30:00", "minute"),
    ("2017年7月28日 星期五 下午2时30分", "2017-07-28T14:30:00", "minute"),
    ("2017-07-28 10:28 PM", "2017-07-28T22:28:00", "minute"),
    ("2017-07-28 10:28:00 am", "2017-07-28T10:28:00", "second"),
    # zones
    ("2017-07-28T10:28:00+08:00", "2017-07-28T10:28:00", "second"),
    ("2017-07-28T02:28:00Z", "2017-07-28T10:28:00", "second"),
    ("2017-07-28T02:28:00.123Z", "2017-07-28T10:28:00", "second"),
    ("2017-07-28T02:28:00+0000", "2017-07-28T10:28:00", "second"),
    ("2017-07-28T02:28+00:00", "2017-07-28T10:28:00", "minute"),
    ("2017-07-27T20:28:00-06:00", "2017-07-28T10:28:00", "second"),
    ("2017-07-28T07:58:00+05:30", "2017-07-28T10:28:00", "second"),
    ("2017-07-28 02:28:00 UTC", "2017-07-28T10:28:00", "second"),
    ("2017-07-28T10:28", "2017-07-28T10:28:00", "minute"),
    # feeds, headers, Java, JavaScript
    ("Fri, 28 Jul 2017 10:28:00 +0800", "2017-07-28T10:28:00", "second"),
    ("Fri, 28 Jul 2017 02:28:00 GMT", "2017-07-28T10:28:00", "second"),
    ("Thu, 27 Jul 2017 22:28 -0400", "2017-07-28T10:28:00", "minute"),
    ("Thu, 27 Jul 2017 22:28:00 EDT", "2017-07-28T10:28:00", "second"),
    ("28-Jul-2017 10:28", "2017-07-28T10:28:00", "minute"),
    ("Fri Jul 28 10:28:00 CST 2017", "2017-07-28T10:28:00", "second"),
    ("Fri Jul 28 2017 10:28:00 GMT+0800 (中国标准时间)", "2017-07-28T10:28:00", "second"),
    ("July 28, 2017 10:28 AM", "2017-07-28T10:28:00", "minute"),
    ("SEPT. 8 2017", "2017-09-08T00:00:00", "day"),
    # values that are digits alone
    ("20170728102800", "2017-07-28T10:28:00", "second"),
    ("201707281028", "2017-07-28T10:28:00", "minute"),
    (" 20170728\n", "2017-07-28T00:00:00", "day"),
    ("20170728 10:28:00", "2017-07-28T10:28:00", "second"),
    ("20170728T022800Z", "2017-07-28T10:28:00", "second"),
    ("1501208880", "2017-07-28T10:28:00", "second"),
    ("1501208880123", "2017-07-28T10:28:00", "second"),
    # without a year
    ("10-08 12:00", "2026-10-08T12:00:00", "minute"),
    ("10/8 12:00", "2026-10-08T12:00:00", "minute"),
    ("10月8日 12:00", "2026-10-08T12:00:00", "minute"),
    ("10月08 12:00:30", "2026-10-08T12:00:30", "second"),
    ("11-25 10:00", "2025-11-25T10:00:00", "minute"),
    ("12月8日", "2025-12-08T00:00:00", "day"),
    ("02-29 10:00", "2024-02-29T10:00:00", "minute"),
    # counted from now
    ("昨天 12:30", "2026-11-23T12:30:00", "minute"),
    ("昨日12:30", "2026-11-23T12:30:00", "minute"),
    ("前天", "2026-11-22T00:00:00", "day"),
    ("今天 下午2:05", "2026-11-24T14:05:00", "minute"),
    ("今天", "2026-11-24T00:00:00", "day"),
    ("发布于昨天", "2026-11-23T00:00:00", "day"),
    ("昨天 来源：威海日报", "2026-11-23T00:00:00", "day"),
    ("刚刚", "2026-11-24T18:30:00", "minute"),
    ("30秒前", "2026-11-24T18:29:45", "second"),
    ("5分钟前", "2026-11-24T18:25:00", "minute"),
    ("半小时前", "2026-11-24T18:00:00", "minute"),
    ("3小时前", "2026-11-24T15:00:00", "hour"),
    ("威海晚报 3 个小时前发布", "2026-11-24T15:00:00", "hour"),
    ("2天前", "2026-11-22T00:00:00", "day"),
]


@pytest.mark.parametrize(("text", "iso", "precision"), FORMS)
def test_form(text: str, iso: str, precision: str) -> None:
    moment = parse(text, NOW)
    assert moment is not None
    assert (moment.iso(), moment.precision) == (iso + "+08:00", precision)
    assert moment.raw in text


@pytest.mark.parametrize("label", ["发布时间：", "时间：", "发布日期: ", "更新时间：", "来源：威海日报 ", "【 "])
def test_labels_do_not_matter(label: str) -> None:
    for text in ("2017-07-28 10:28:00", "2017年07月28日10:28", "昨天 12:30", "5分钟前", "10-08 12:00"):
        alone, labelled = parse(text, NOW), parse(f"{label}{text} 作者：丁一", NOW)
        assert alone == labelled
        assert alone is not None
        assert alone.raw == text


NOT_DATES = [
    *("", " ", "来源：威海日报", "年月日", "10:28", "10:28:30", "1.2.3", "v2.10.8 12:00", "2017-2018", "2017", "2017-07"),
    *("2017年7月", "2017年3.15晚会", "2017-07-281", "12017-07-28", "2017.07.28.1", "10.08元", "13.81-15.20", "9.98-13.88万元"),
    # telephones, licences, ids
    *("0631-5201234", "010-88001234", "400-800-1234", "13812345678", "鲁ICP备05001234号-1", "11010802012345", "123456789"),
    *("文章编号 20170728", "c_1125512345", "20171340", "9999999999", "20170728253000"),
    # days that do not exist
    *("2017-13-40", "2017-13-40 10:28", "2017-02-30", "2017年2月29日", "0000-00-00 00:00:00", "13-01 12:00", "02-30 12:00"),
    *("2017年十三月一日", "31 Feb 2017", "Fri Jul 28 25:28:00 CST 2017"),
    # parts of other dates; scores, fractions, seasons
    *("17-07-28", "28-07-17 10:28", "117-07-28 10:28", "1-17-07-28 10:28", "17年7月28日", "618年10月8日", "618年 10月8日", "1949年10月1日", "1949年 10月1日 15:00", "10-08", "10/08"),
    *("3-2", "09-10赛季", "10/08/2017 12:00", "8:30-11:30 13:00-17:00"),
    # words of a sentence
    *("今天是个好日子", "今日头条", "今日 看点", "昨天，记者来到现场", "目前天气转晴", "大前天 12:30"),
    *("市场刚刚开", "他3天前出发，", "前天下午"),
    *("Mark 12, 2017", "Mayor 5 2017"),
    # before there were such pages
    *("1989-12-31", "1890-01-01 10:00"),
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_DATES)
def test_not_a_date(text: str) -> None:
    assert parse(text, NOW) is None
    assert find(text, NOW) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-24 18:45:15", True),
        ("2026-11-24 18:45:16", False),
        ("2026-11-24", True),
        ("2026-11-25", False),
        ("2026-11-24 19时", False),
        ("2027-01-01 00:00", False),
        ("2026-11-24T10:30:00Z", True),
        ("2026-11-24T11:30:00Z", False),
        ("20261125", False),
        ("1795520000000", False),
        ("今天 23:00", False),
    ],
)
def test_the_future_is_refused(text: str, read: bool) -> None:
    assert (parse(text, NOW) is not None) is read


def test_a_day_just_after_midnight_is_not_ahead() -> None:
    now = at(2026, 11, 24, 23, 55)
    assert parse("2026-11-25 00:05", now) is not None
    assert parse("2026-11-25", now) is None
    moment = parse("11月25日", now)
    assert moment is not None
    assert moment.at == at(2025, 11, 25)


def test_what_is_refused_is_passed_over() -> None:
    moment = parse("有效期至2030-01-01 发布：2017-02-30 更新：2017-07-28 10:28", NOW)
    assert moment is not None
    assert moment.at == at(2017, 7, 28, 10, 28)


def test_the_first_wins_and_a_bare_day_without_a_year_only_if_alone() -> None:
    first = parse("2017-07-28 10:28 更新时间：2017-07-29 08:00", NOW)
    assert first is not None
    assert first.raw == "2017-07-28 10:28"
    better = parse("威海7月27日电 2017-07-28 10:28", NOW)
    assert better is not None
    assert better.raw == "2017-07-28 10:28"
    alone = parse("威海7月27日电", NOW)
    assert alone is not None
    assert alone.at == at(2026, 7, 27)


@pytest.mark.parametrize(
    ("text", "near", "want"),
    [
        ("07-28 10:28", at(2017, 7, 29), at(2017, 7, 28, 10, 28)),
        ("12-30 10:28", at(2018, 1, 2), at(2017, 12, 30, 10, 28)),
        ("01-02 10:28", at(2017, 12, 30), at(2018, 1, 2, 10, 28)),
        ("7月28日", at(2017, 7, 1), at(2017, 7, 28)),
        ("12-30 10:28", at(2026, 11, 20), at(2025, 12, 30, 10, 28)),
    ],
)
def test_the_year_nearest_to(text: str, near: datetime, want: datetime) -> None:
    moment = parse(text, NOW, near=Moment(near, "day", ""))
    assert moment is not None
    assert moment.at == want


def test_the_year_on_new_years_day() -> None:
    for text, want in (("12-31 23:50", at(2025, 12, 31, 23, 50)), ("01-01 00:05", at(2026, 1, 1, 0, 5))):
        moment = parse(text, at(2026, 1, 1, 0, 10))
        assert moment is not None
        assert moment.at == want
    yesterday = parse("昨天 23:50", at(2026, 1, 1, 0, 10))
    assert yesterday is not None
    assert yesterday.at == at(2025, 12, 31, 23, 50)


def test_now_in_another_zone_is_the_same_now() -> None:
    for zone in (UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=14))):
        assert parse("昨天 12:30", NOW.astimezone(zone)) == parse("昨天 12:30", NOW)


def test_a_time_without_a_zone_is_an_error() -> None:
    naive = datetime(2026, 11, 24)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        parse("2017-07-28", naive)
    with pytest.raises(ValueError, match="aware"):
        of_link("07-28", naive, NOW)


# -- find


def test_find_gives_all_with_their_places() -> None:
    text = "7月27日消息：2017-07-28 10:28:00 更新 2017年07月29日 星期六 下午2:05（昨天 12:30），20170730 不算"
    found = find(text, NOW)
    assert [moment.raw for _, _, moment in found] == [
        "7月27日",
        "2017-07-28 10:28:00",
        "2017年07月29日 星期六 下午2:05",
        "昨天 12:30",
    ]
    assert [moment.precision for _, _, moment in found] == ["day", "second", "minute", "minute"]
    for start, end, moment in found:
        assert text[start:end] == moment.raw


def test_find_keeps_places_in_full_width_text() -> None:
    text = "发布：２０１７－０７－２８　１０：２８　来源"
    assert [(start, end) for start, end, _ in find(text, NOW)] == [(3, 19)]
    assert find(" 20170728 ", NOW)[0][:2] == (1, 9)


# -- items of link blocks

JULY = at(2017, 7, 28, 10, 28)

LINK_TIMES = [
    ("07-28 06-07新锐大众", JULY, "2017-07-28T06:07:00", "07-28 06-07"),
    ("07-28 06-0721世纪报", JULY, "2017-07-28T06:07:00", "07-28 06-07"),
    ("2017-07-28 06-07-08", None, "2017-07-28T06:07:08", "2017-07-28 06-07-08"),
    ("07-28", JULY, "2017-07-28T00:00:00", "07-28"),
    ("2016-07-28", JULY, "2016-07-28T00:00:00", "2016-07-28"),
    ("07/28 10:07", JULY, "2017-07-28T10:07:00", "07/28 10:07"),
    ("[07-28]", JULY, "2017-07-28T00:00:00", "07-28"),
    ("(7月28日)", JULY, "2017-07-28T00:00:00", "7月28日"),
    ("【07/28】", JULY, "2017-07-28T00:00:00", "07/28"),
    ("7-8", JULY, "2017-07-08T00:00:00", "7-8"),
    ("[07.28]", JULY, "2017-07-28T00:00:00", "07.28"),
    ("０７－２８", JULY, "2017-07-28T00:00:00", "０７－２８"),
    ("昨天", JULY, "2026-11-23T00:00:00", "昨天"),
    ("3小时前", JULY, "2026-11-24T15:00:00", "3小时前"),
    ("3小时前新锐大众", JULY, "2026-11-24T15:00:00", "3小时前"),
    # the year
    ("12-30 06-07", at(2018, 1, 5), "2017-12-30T06:07:00", "12-30 06-07"),
    ("01-05", at(2017, 12, 28), "2018-01-05T00:00:00", "01-05"),
    ("09-10 06-07", JULY, "2017-09-10T06:07:00", "09-10 06-07"),
    ("09-20 06-07", JULY, "2016-09-20T06:07:00", "09-20 06-07"),
    ("11-25 06-07", at(2026, 11, 20), "2025-11-25T06:07:00", "11-25 06-07"),
    ("07-28", None, "2026-07-28T00:00:00", "07-28"),
    # the item as a whole: titles and summaries have dates too
    ("文登暴雨7月27日转红色预警07-28", JULY, "2017-07-28T00:00:00", "07-28"),
    ("[07-28] 文登7月27日暴雨", JULY, "2017-07-28T00:00:00", "07-28"),
    ("7月27日,赛事进入最后一天。[详细] 07-28 06-07齐鲁壹点", JULY, "2017-07-28T06:07:00", "07-28 06-07"),
    ("樱花节开幕 2017-04-01", JULY, "2017-04-01T00:00:00", "2017-04-01"),
    ("2016年4月1日的樱花 2017-04-01 08:00", JULY, "2017-04-01T08:00:00", "2017-04-01 08:00"),
]


@pytest.mark.parametrize(("text", "article", "iso", "raw"), LINK_TIMES)
def test_of_link(text: str, article: datetime | None, iso: str, raw: str) -> None:
    moment = of_link(text, article, NOW)
    assert moment is not None
    assert (moment.iso(), moment.raw) == (iso + "+08:00", raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "果农有了新滴灌",
        "延期至7月28日",
        "(1/2)",
        "[1/12] 组图",
        "决赛比分3-2",
        "09-10赛季回顾",
        "今天起降温",
        "02-30",
        "13-01",
        "10:07",
        "2030-01-01",
    ],
)
def test_of_link_none(text: str) -> None:
    assert of_link(text, JULY, NOW) is None


def test_month_day_hour_hyphen_minute_is_a_link_time_only() -> None:
    assert parse("07-28 06-07", NOW) is None


# -- addresses

ADDRESSES = [
    ("http://weihai.example.com/news/201707/t20170728_16212345.htm", "2017-07-28"),
    ("./t20170728_16212345.htm", "2017-07-28"),
    ("t20170728_1.html", "2017-07-28"),
    ("http://example.cn/html/2017-07/28/content_1.htm", "2017-07-28"),
    ("http://example.cn/local/2020-02/19/c_1125512345.htm", "2020-02-19"),
    ("http://example.cn/rmrb/html/2017-07/28/nw.D110000xx_20170728_1-01.htm", "2017-07-28"),
    ("http://example.cn/nw.D110000xx_20170728_1-01.htm", "2017-07-28"),
    ("http://example.cn/pc/content/202505/20/content_30012345.html", "2025-05-20"),
    ("//example.cn/n1/2017/0728/c1004-40212345.html", "2017-07-28"),
    ("https://example.com/gn/2017/07-28/8212345.shtml", "2017-07-28"),
    ("https://example.com/2017/07/28/012345.shtml", "2017-07-28"),
    ("http://example.gov.cn/art/2017/7/8/art_1234_56789.html", "2017-07-08"),
    ("https://example.com/c/2024-05/09/", "2024-05-09"),
    ("https://example.com/a/2017-07-28.html?from=list#top", "2017-07-28"),
    ("https://example.com/news_2017_07_28_1.html", "2017-07-28"),
    ("https://example.com/20170728/", "2017-07-28"),
    ("https://example.com/20240515/d59c39d4160a4fe4b3084c3e4abfb450/c.html", "2024-05-15"),
    ("https://example.com/rain/a/20170728A0ABCD00", "2017-07-28"),
    ("https://example.com/article/201707/201707281028123456.html", "2017-07-28"),
    ("https://example.com/19/0907/00/EOEA.html", "2019-09-07"),
    ("https://example.com/170728/a.html", "2017-07-28"),
    # the first that is a day
    ("https://example.com/2017-02/30/2017-07/28/a.html", "2017-07-28"),
]


@pytest.mark.parametrize(("url", "day"), ADDRESSES)
def test_in_url(url: str, day: str) -> None:
    assert in_url(url) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "url",
    [
        *("", "/", "http://", "http://example.cn/", "http://example.cn/c_1125512345.htm", "http://example.cn/content_37312345.htm"),
        # eight digits that could be a day, but number an article
        *("http://example.cn/content_20120131.htm", "http://example.cn/15263156.html", "http://example.cn/c1004-40232587.html"),
        *("http://example.cn/201707/a.html", "http://example.cn/201210/a.html", "http://example.cn/130102/a.html"),
        *("http://example.cn/GB/100101/index.html", "http://example.cn/2017/02/30/a.html", "http://example.cn/2017/1340/a.html"),
        *("http://example.cn/2017/07/12345.html", "http://example.cn/1817-07/28/a.html", "http://example.cn/2077-07/28/a.html"),
        *("http://20170728.example.cn/a.html", "http://example.cn/a?day=2017-07-28", "http://example.cn/a#/20170728/"),
        *("http://example.cn/article/7370966182912345678/"),
        *("http://example.cn/965d20170728dfa8dc", "/b9c3589b-1af0-446f-95f4-27ea08407dfc.jpg"),
        *("http://example.cn/25/1340/00/a.html", "http://example.cn/p/201707289930.html"),
    ],
)  # fmt: skip
def test_in_url_none(url: str) -> None:
    assert in_url(url) is None


# -- whatever the text and the machine

PIECES = st.sampled_from(
    [
        *"0123456789０９-/.:：年月日时点分秒前 \n　TZ+，([）】二〇一十昨今天刚",
        "2017",
        "07-28",
        "10:28",
        "小时前",
        "上午",
        "晚上",
        "12",
        "GMT",
        "Jul ",
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.text(st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=3),
    st.lists(PIECES, max_size=20).map("".join),
)
TIMES = st.datetimes(datetime(1990, 1, 1), NOW.replace(tzinfo=None)).map(lambda t: t.replace(tzinfo=SHANGHAI, microsecond=0))  # noqa: DTZ001


@settings(deadline=None)
@given(TEXTS, st.none() | TIMES)
@example("二〇一七年七月三十九日", None)
@example("2017-07-28T10:28:00-99:99", None)
def test_any_text_gives_plausible_moments_or_none(text: str, other: datetime | None) -> None:
    near = other and Moment(other, "second", "")
    found = find(text, NOW, near=near)
    position = 0
    for start, end, moment in found:
        assert position <= start < end
        assert text[start:end] == moment.raw
        position = end
    first = parse(text, NOW, near=near)
    assert (first is None) == (not found)
    assert first is None or first in [moment for _, _, moment in found]
    for moment in [moment for _, _, moment in found] + [m for m in [of_link(text, other, NOW)] if m]:
        assert moment.at.utcoffset() == timedelta(hours=8)
        assert FIRST <= moment.at <= NOW + AHEAD
        assert moment.at.microsecond == 0
        assert moment.raw in text
        kept = {"day": 3, "hour": 4, "minute": 5, "second": 6}[moment.precision]
        assert not any(moment.at.timetuple()[kept:6])


@settings(deadline=None)
@given(
    st.text() | st.lists(st.sampled_from([*"0123456789/-_.tc?#:[]", "2017", "07", "28", "content_"]), max_size=20).map("".join)
)
def test_any_address_gives_a_day_or_none(url: str) -> None:
    day = in_url(url)
    assert day is None or 1995 <= day.year <= 2049


HAN = "〇一二三四五六七八九"


def han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[ones] if ones else "")


def han_day(t: datetime) -> str:
    return "".join(HAN[int(digit)] for digit in str(t.year)) + f"年{han(t.month)}月{han(t.day)}日"


def wide(t: datetime) -> str:
    return t.strftime("%Y-%m-%d %H:%M:%S").translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-:"})


ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

ROUND_TRIPS = [
    # how a page prints it, and to which part
    (lambda t: t.strftime("%Y-%m-%d %H:%M:%S"), 6),
    (lambda t: t.strftime("%Y/%m/%d %H:%M"), 5),
    (lambda t: t.strftime("%Y.%m.%d"), 3),
    (lambda t: t.strftime("%Y年%m月%d日%H:%M"), 5),
    (lambda t: t.strftime("%Y-%m-%d%H:%M"), 5),
    (lambda t: t.strftime("%Y %m/%d %H:%M:%S"), 6),
    (lambda t: f"{t.year}年{t.month}月{t.day}日 {t.hour}时{t.minute}分", 5),
    (lambda t: f"{t.year}-{t.month}-{t.day} {t.hour}:{t.minute}:{t.second}", 6),
    (lambda t: f"{t.year}年{t.month}月{t.day}日{t.hour}时", 4),
    (lambda t: f"{t.year}/{t.month}/{t.day} {'上下'[t.hour >= 12]}午{t.hour % 12 or 12}:{t:%M:%S}", 6),
    (lambda t: f"{t:%Y年%m月%d日} 星期{'一二三四五六日'[t.weekday()]} {t:%H:%M}", 5),
    (han_day, 3),
    (wide, 6),
    (lambda t: t.isoformat(), 6),
    (lambda t: t.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), 6),
    (lambda t: t.astimezone(timezone(timedelta(hours=-9))).isoformat(timespec="milliseconds"), 6),
    (lambda t: t.strftime("%Y%m%d%H%M%S"), 6),
    (lambda t: t.strftime("%Y%m%d"), 3),
    (lambda t: f"{t.day} {ENGLISH[t.month - 1]} {t.year} {t:%H:%M:%S} +0800", 6),
    (lambda t: f"{ENGLISH[t.month - 1]} {t.day:02} {t:%H:%M:%S} CST {t.year}", 6),
    (lambda t: f"{ENGLISH[t.month - 1]} {t.day}, {t.year}", 3),
]


@settings(deadline=None)
@given(TIMES, st.sampled_from(ROUND_TRIPS))
def test_what_is_printed_is_read(moment: datetime, form) -> None:
    print_, kept = form
    text = print_(moment)
    parts = moment.timetuple()[:kept]
    read = parse(text, NOW)
    assert read is not None
    assert read.at == at(*parts)
    assert read.raw == text
    assert read.precision == {3: "day", 4: "hour", 5: "minute", 6: "second"}[kept]


@settings(deadline=None)
@given(TIMES.filter(lambda t: t.year >= 2002), st.sampled_from([1, 1000]))
def test_seconds_since_1970(moment: datetime, factor: int) -> None:
    read = parse(str(int(moment.timestamp()) * factor), NOW)
    assert read is not None
    assert read.at == moment


@settings(deadline=None)
@given(TIMES, st.integers(0, 44))
def test_a_link_item_within_a_year_before_its_article(moment: datetime, days: int) -> None:
    moment = moment.replace(second=0)
    article = moment + timedelta(days=300 - 7 * days)
    if (moment.month, moment.day) != (2, 29) and article <= NOW:
        read = of_link(moment.strftime("%m-%d %H-%M") + "威海晚报", article, NOW)
        assert read is not None
        assert read.at == moment


@settings(deadline=None)
@given(st.dates(date(1995, 1, 1), date(2049, 12, 31)))
def test_days_in_addresses(day: date) -> None:
    for form in (
        "/%Y-%m/%d/c_1.htm",
        "/%Y/%m%d/c1-2.html",
        "/%Y/%m/%d/1.shtml",
        "/%Y%m/t%Y%m%d_1.htm",
        "/%Y%m%d/1.html",
        "/%Y/%m-%d/1.html",
    ):
        assert in_url("http://example.cn/news" + day.strftime(form)) == day


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_does_not_matter(zone: str) -> None:
    code = (
        "import sys\n"
        "from datetime import datetime\n"
        "from newscrawl.extract.dates import *\n"
        "now = datetime(2026, 1, 1, 0, 10, tzinfo=SHANGHAI)\n"
        "for text in sys.argv[1:]:\n"
        "    print(of_link(text, now, now).iso())\n"
    )
    texts = [
        "2017-07-28 10:28",
        "昨天 12:30",
        "5分钟前",
        "今天",
        "12-31 23:50",
        "1501208880",
        "2017-07-28T02:28:00Z",
        "07-28 06-07",
    ]
    run = subprocess.run(
        [sys.executable, "-c", code, *texts], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [
        "2017-07-28T10:28:00+08:00",
        "2025-12-31T12:30:00+08:00",
        "2026-01-01T00:05:00+08:00",
        "2026-01-01T00:00:00+08:00",
        "2025-12-31T23:50:00+08:00",
        "2017-07-28T10:28:00+08:00",
        "2017-07-28T10:28:00+08:00",
        "2025-07-28T06:07:00+08:00",
    ]


READERS = {"find": partial(find, now=NOW), "of_link": partial(of_link, article=None, now=NOW), "in_url": in_url}
HOSTILE = {
    "find": [
        "2017-",
        "2017年",
        "2017-13-40 ",
        "2017-07-28 上午",
        "7月28日",
        "1 ",
        "昨天",
        "Jul 28 10:28:00 ",
        "0:",
        "2017-02-30T10:28:00+",
    ],
    "of_link": ["2017-07-28 ", "07-28 ", "5 分钟前", "二〇一七年", "２", "2017-07-28" + " " * 30],
    "in_url": ["/2017", "_20170728", "2017/07", "/20170728", "a:"],
}


@pytest.mark.parametrize(("reader", "piece"), [(reader, piece) for reader, pieces in HOSTILE.items() for piece in pieces])
def test_time_grows_with_length_and_no_faster(reader: str, piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begin = time.process_time()
        READERS[reader](text)
        return time.process_time() - begin

    # 16 times the text. What is quadratic takes up to 256 times as long; a busy machine gets three tries.
    assert any(seconds(480_000) < 40 * seconds(30_000) + 0.02 for _ in range(3))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["7", "年月日", " "])
def test_a_megabyte_of_nothing(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert parse(text, NOW) is None
    assert of_link(text, None, NOW) is None
    assert in_url("http://example.cn/" + text) is None
