"""When addresses are asked for again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import timetable

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "looked", "following"),
    [
        (AT, AT + MINUTE, AT + 15 * MINUTE),
        # Within ten minutes of a look there is no other.
        (AT, AT + 8 * MINUTE, AT + HOUR),
        (AT, AT + 15 * MINUTE, AT + HOUR),
        (AT, AT + HOUR, AT + 3 * HOUR),
        (AT, AT + 3 * HOUR, AT + 3 * DAY),
        (AT, AT + 3 * DAY, AT + 30 * DAY),
        (AT, AT + 30 * DAY, None),
        # Posted late, or out of an archive: by its age.
        (AT - 5 * DAY, AT, AT + 25 * DAY),
        (AT - 400 * DAY, AT, None),
        # A date to come tells nothing of its age.
        (AT + DAY, AT, AT + 15 * MINUTE),
        (None, AT, AT + 15 * MINUTE),
    ],
)
def test_an_article_is_looked_at_again_by_its_age(published, looked, following):
    assert timetable.next_look(published, AT, looked) == following


@given(st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)), st.integers(0, 10**9))  # noqa: DTZ001
def test_looks_come_to_an_end(published, seconds):
    born = published.replace(tzinfo=UTC)
    looked = born + timedelta(seconds=seconds)
    count = 0
    while (following := timetable.next_look(born, looked, looked)) is not None:
        assert following >= looked + timetable.SOONEST
        looked = following
        count += 1
    assert count <= len(timetable.LOOKS)


def test_a_list_is_polled_by_how_much_is_new():
    assert timetable.next_poll(None, 1, 40, 40) == timetable.FIRST
    assert timetable.next_poll(60, 1, 40, 20) == 30
    assert timetable.next_poll(60, 1, 40, 10) == 45
    assert timetable.next_poll(60, 1, 40, 1) == 60
    assert timetable.next_poll(60, 1, 40, 0) == 90
    assert timetable.next_poll(60, 1, 0, 0) == 90
    every = 60
    for _ in range(20):
        every = timetable.next_poll(every, 1, 40, 0)
    assert every == timetable.LONGEST
    for _ in range(20):
        every = timetable.next_poll(every, 1, 40, 40)
    assert every == timetable.SHORTEST


def test_further_lists_are_polled_less():
    assert timetable.next_poll(None, 2, 40, 40) == timetable.DEEP_FIRST
    assert timetable.next_poll(timetable.DEEP_LONGEST, 7, 40, 0) == timetable.DEEP_LONGEST
    assert timetable.next_poll(timetable.DEEP_SHORTEST, 7, 40, 40) == timetable.DEEP_SHORTEST


def test_a_failure_is_tried_again_ever_later_and_not_for_ever():
    gaps = []
    for tries in range(1, 10):
        following = timetable.next_try(tries, AT)
        gaps.append(following and (following - AT) // MINUTE)
    assert gaps == [15, 30, 60, 120, None, None, None, None, None]
