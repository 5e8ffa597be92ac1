"""When what can wait may leave: in no quiet hour, in no free time, and not everybody's in one second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.calendars.hours import Calendar
from core.calendars.hours_text import parse_hours
from core.calendars.quiet import quiet_hours
from core.calendars.reachable import ANY_TIME, SPREAD, Times, leaves_at
from tests.core.calendars.test_hours import calendars
from tests.core.calendars.test_quiet import at, moments, ranges

people = st.integers(1, 10**6)
WEEK = "Mon-Fri 08:00-18:00"


def times(quiet: str = "", work: str = "", zone: str = "Europe/Madrid", holidays: str = "") -> Times:
    begins, _, ends = quiet.partition("-")
    calendar = Calendar(ZoneInfo(zone), parse_hours(work or "always"), holidays=holidays)
    return Times(quiet_hours(begins, ends, zone), calendar if work or holidays else None)


NEVER = Times(times("00:01-00:00", zone="Europe/London").quiet, times(work="Sun 00:00-00:01").work)
"""The minute that is worked in Madrid is over when the one that is not quiet begins in London."""


@given(st.builds(Times, st.none() | ranges, st.none() | calendars), moments, people)
@example(NEVER, datetime(2010, 1, 1, tzinfo=UTC), 1)
def test_it_leaves_in_the_first_time_that_allows_it_and_soon_after_its_beginning(
    when: Times, moment: datetime, person: int
) -> None:
    later = leaves_at(when, moment, person)
    if later is None:
        assert when.allow(moment) or nothing_is_left(when, moment)
        return
    opening = when.opening(moment)
    assert not when.allow(moment)
    assert moment < opening <= later < opening + SPREAD
    assert later == leaves_at(when, moment, person)
    if when.allow(opening):
        assert when.allow(later)
    else:
        assert nothing_is_left(when, opening)


def nothing_is_left(when: Times, opening: datetime) -> bool:
    """Of the working hours by the quiet ones: at least it is not quiet."""
    return when.quiet is not None and not when.quiet.covers(opening) and when.opening(opening) == opening


@given(st.builds(Times, st.none() | ranges, st.none() | calendars), moments, st.integers(0, 5000), people)
def test_who_is_told_later_hears_it_no_earlier(when: Times, moment: datetime, minutes: int, person: int) -> None:
    after = moment + timedelta(minutes=minutes)
    first, second = leaves_at(when, moment, person) or moment, leaves_at(when, after, person) or after
    if when.allow(when.opening(moment)):
        assert second >= min(first, after)
        assert when.opening(after) >= when.opening(moment)


@pytest.mark.parametrize(
    ("when", "now", "opens"),
    [
        (times("22:00-07:00"), "2026-11-23 23:00", "2026-11-24 07:00"),
        (times("22:00-07:00", WEEK), "2026-11-23 23:00", "2026-11-24 08:00"),
        (times("13:00-15:00", WEEK), "2026-11-23 12:59", "2026-11-23 12:59"),
        (times("13:00-15:00", WEEK), "2026-11-23 13:30", "2026-11-23 15:00"),
        (times("", WEEK), "2026-11-27 18:00", "2026-11-30 08:00"),  # Friday evening
        (times("17:00-09:00", WEEK), "2026-11-27 17:00", "2026-11-30 09:00"),
        (times("", "", holidays="ES"), "2026-12-08 12:00", "2026-12-09 00:00"),
        (times("22:00-07:00", "", holidays="ES"), "2026-12-08 12:00", "2026-12-09 07:00"),
        (times("", "daily 22:00-06:00"), "2026-03-28 12:00", "2026-03-28 22:00"),
        (times("", "daily 02:30-06:00"), "2026-03-29 00:00", "2026-03-29 03:00"),  # 02:30 is swallowed
        (times("22:00-07:00", "daily 22:00-06:00"), "2026-11-23 23:00", "2026-11-24 07:00"),  # nothing is left
        (times("", WEEK, "Asia/Kathmandu"), "2026-11-23 03:00", "2026-11-23 03:15"),  # 08:00 there
    ],
)
def test_the_opening(when: Times, now: str, opens: str) -> None:
    assert when.opening(at(now)) == at(opens).astimezone(UTC)


def test_a_day_of_quiet_hours_across_each_switch() -> None:
    """Every quarter of an hour of three days: what the wall shows decides, and nothing is early or in the past."""
    quiet = times("22:00-07:00")
    for day in (date(2026, 3, 28), date(2026, 10, 24)):
        moment = at(f"{day} 00:00").astimezone(UTC)
        for _ in range(3 * 96):
            later = leaves_at(quiet, moment, 42)
            shown = moment.astimezone(ZoneInfo("Europe/Madrid"))
            assert (later is not None) == (shown.hour >= 22 or shown.hour < 7)
            if later:
                opening = later.astimezone(ZoneInfo("Europe/Madrid"))
                assert (opening.hour, opening > shown, opening.minute < 10) == (7, True, True)
            moment += timedelta(minutes=15)


@pytest.mark.parametrize("spread", [timedelta(minutes=10), timedelta(hours=1), timedelta(seconds=1), timedelta()])
def test_people_are_spread_evenly(spread: timedelta) -> None:
    opening = at("2026-11-24 08:00")
    leaving = [leaves_at(times("22:00-08:00"), at("2026-11-23 23:00"), n, spread) or opening for n in range(1, 601)]
    share = [int((moment - opening) / spread * 10) for moment in leaving] if spread else []
    assert all(50 <= share.count(tenth) <= 70 for tenth in range(10)) or not spread
    assert spread or set(leaving) == {opening}


def test_a_short_opening_is_not_missed_by_the_spread() -> None:
    quiet, now = times("08:02-08:00"), at("2026-11-23 09:00")
    leaving = [leaves_at(quiet, now, person) for person in range(1, 100)]
    assert all(later and quiet.allow(later) for later in leaving)


def test_who_said_nothing_hears_everything_at_once() -> None:
    assert leaves_at(ANY_TIME, at("2026-11-23 03:00"), 1) is None
