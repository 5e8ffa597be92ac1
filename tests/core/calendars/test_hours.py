"""Time that runs only while somebody works: against a clock that is looked at every minute, in every kind of zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.calendars.hours import (
    ALWAYS_OPEN,
    DAY,
    Calendar,
    add_open,
    is_closed_on,
    is_open,
    next_opening,
    open_minutes,
    open_time,
    working_days,
)
from core.calendars.hours_text import parse_hours
from tests.core.calendars.test_quiet import ZONES, at, moments

MINUTE = timedelta(minutes=1)

intervals = st.builds(
    lambda begins, length: (begins, begins + length), st.integers(0, DAY - 1), st.integers(1, DAY - 1)
)
weekdays = st.lists(intervals, max_size=3).map(lambda day: tuple(sorted(day)))
weeks = st.lists(weekdays, min_size=7, max_size=7).map(tuple).filter(any)
closed = st.frozensets(st.dates(date(2026, 3, 1), date(2026, 12, 31)), max_size=5)
calendars = st.builds(
    Calendar, st.sampled_from(ZONES).map(ZoneInfo), weeks, closed, st.sampled_from(["", "DE-BY", "US", "ES"])
)


def calendar(hours: str, zone: str = "Europe/Madrid", **more: object) -> Calendar:
    return Calendar(ZoneInfo(zone), parse_hours(hours), **more)  # type: ignore[arg-type]


def shows_open(calendar: Calendar, moment: datetime) -> bool:
    """Looking at the wall."""
    local = moment.astimezone(calendar.zone)
    for back in (0, 1, 2):
        day = local.date() - timedelta(days=back)
        minute = local.hour * 60 + local.minute + back * DAY
        if not is_closed_on(calendar, day) and any(b <= minute < e for b, e in calendar.hours[day.weekday()]):
            return True
    return False


def far_from_a_switch(calendar: Calendar, moment: datetime) -> bool:
    return len({(moment + timedelta(hours=h)).astimezone(calendar.zone).utcoffset() for h in range(-80, 81, 8)}) == 1


@given(calendars, moments)
def test_it_is_open_when_the_clock_on_the_wall_says_so(calendar: Calendar, moment: datetime) -> None:
    assume(far_from_a_switch(calendar, moment))
    assert is_open(calendar, moment) == shows_open(calendar, moment)


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, moment: datetime) -> None:
    opening = next_opening(calendar, moment)
    assert opening >= moment
    assert is_open(calendar, opening)
    assert open_time(calendar, moment, opening) == timedelta()
    step = (opening - moment) / 20
    assert not any(is_open(calendar, moment + step * n) for n in range(20) if step)


@given(calendars, moments, st.integers(0, 5 * DAY))
def test_what_was_added_is_what_has_passed(calendar: Calendar, moment: datetime, minutes: int) -> None:
    assert open_minutes(calendar, moment, add_open(calendar, moment, minutes)) == minutes


@given(calendars, moments, st.integers(0, 3 * DAY), st.integers(0, 3 * DAY))
def test_adding_twice_is_adding_the_sum(calendar: Calendar, moment: datetime, first: int, second: int) -> None:
    assert add_open(calendar, add_open(calendar, moment, first), second) == add_open(calendar, moment, first + second)


@given(calendars, moments, st.integers(0, 3 * DAY), st.integers(0, 3 * DAY), st.integers(0, 300))
def test_who_begins_later_or_has_more_to_do_is_done_later(
    calendar: Calendar, moment: datetime, later: int, minutes: int, more: int
) -> None:
    done = add_open(calendar, moment, minutes)
    assert done <= add_open(calendar, moment + later * MINUTE, minutes)
    assert done <= add_open(calendar, moment, minutes + more)
    assert done >= moment + minutes * MINUTE


@given(calendars, moments, st.integers(0, 5 * DAY), st.integers(0, 5 * DAY))
def test_a_stretch_is_the_sum_of_its_parts(calendar: Calendar, moment: datetime, first: int, second: int) -> None:
    middle, end = moment + first * MINUTE, moment + (first + second) * MINUTE
    parts = open_time(calendar, moment, middle) + open_time(calendar, middle, end)
    assert open_time(calendar, moment, end) == parts <= end - moment
    assert open_time(calendar, end, moment) == timedelta()


@given(calendars, moments)
@example(Calendar(ZoneInfo("Europe/Madrid"), parse_hours("Mon 22:00-06:00")), at("2026-11-23 12:00"))
def test_minutes_are_those_at_which_the_clock_says_so(calendar: Calendar, moment: datetime) -> None:
    assume(far_from_a_switch(calendar, moment))
    moment = moment.replace(second=0, microsecond=0)
    seen = sum(shows_open(calendar, moment + n * MINUTE) for n in range(36 * 60))
    assert open_minutes(calendar, moment, moment + timedelta(hours=36)) == seen


@given(calendars, st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-5, 60), st.integers(0, 60))
def test_working_days_add_up_and_are_open(calendar: Calendar, day: date, first: int, second: int) -> None:
    middle = day + timedelta(days=max(first, 0))
    end = middle + timedelta(days=second)
    parts = working_days(calendar, day, middle) + working_days(calendar, middle, end)
    assert working_days(calendar, day, end) == parts
    assert working_days(calendar, end, day) == 0


@pytest.mark.parametrize(
    ("hours", "begins", "minutes", "ends"),
    [
        ("Mon-Fri 08:00-18:00", "2026-11-27 17:30", 60, "2026-11-30 08:30"),  # over a weekend
        ("Mon-Fri 08:00-18:00", "2026-11-27 17:30", 30, "2026-11-27 18:00"),  # not the next morning
        ("Mon-Fri 08:00-18:00", "2026-11-28 12:00", 5, "2026-11-30 08:05"),
        ("Mon-Fri 08:00-18:00", "2026-11-28 12:00", 0, "2026-11-28 12:00"),
        ("Mon-Fri 8-12 13-17", "2026-11-23 11:30", 60, "2026-11-23 13:30"),
        ("daily 22:00-06:00", "2026-03-28 22:00", 7 * 60, "2026-03-29 06:00"),  # a night of seven hours
        ("daily 22:00-06:00", "2026-10-24 22:00", 9 * 60, "2026-10-25 06:00"),  # and one of nine
        ("Fri 22:00-06:00", "2026-11-28 05:00", 120, "2026-12-04 23:00"),
        ("Sun 02:30-05:00", "2026-03-29 00:00", 60, "2026-03-29 04:00"),  # 02:30 does not exist: from 03:00 on
        ("Mon-Fri 08:00-18:00", "2026-12-24 17:00", 120, "2026-12-28 09:00"),  # Christmas is a Friday
    ],
)
def test_a_target_runs_while_it_is_open(hours: str, begins: str, minutes: int, ends: str) -> None:
    madrid = calendar(hours, holidays="ES-MD")
    assert add_open(madrid, at(begins), minutes) == at(ends).astimezone(UTC)


def test_the_night_before_a_closed_day_is_worked_to_its_end_and_its_own_is_not() -> None:
    nights = calendar("daily 22:00-06:00", closed=frozenset({date(2026, 12, 8)}))
    assert is_open(nights, at("2026-12-08 05:59"))
    assert next_opening(nights, at("2026-12-08 06:00")) == at("2026-12-09 22:00").astimezone(UTC)


def test_closed_days_and_weekends_are_no_working_days() -> None:
    week = calendar("Mon-Fri 8-18", closed=frozenset({date(2026, 12, 7)}), holidays="ES")
    assert (
        working_days(week, date(2026, 12, 4), date(2026, 12, 10)) == 2
    )  # not the 7th, and not the Immaculate Conception
    assert working_days(week, date(2026, 12, 10), date(2026, 12, 10)) == 0
    assert working_days(ALWAYS_OPEN, date(2026, 12, 4), date(2026, 12, 10)) == 6


def test_always_open_is_calendar_time() -> None:
    moment = at("2026-03-28 23:00").astimezone(UTC)
    assert add_open(ALWAYS_OPEN, moment, 600) == moment + timedelta(hours=10)
    assert next_opening(ALWAYS_OPEN, moment) == moment
    assert open_minutes(ALWAYS_OPEN, moment, moment + timedelta(days=1)) == DAY


@pytest.mark.parametrize("hours", [(), ((),) * 7, (((60, 60),),) * 7])
def test_a_calendar_that_never_opens_is_no_calendar(hours: object) -> None:
    with pytest.raises(ValueError, match="opening"):
        Calendar(ZoneInfo("UTC"), hours)  # type: ignore[arg-type]
