"""Standard cron, in local time through day-light switches."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars.cron import next_cron, parse_cron
from core.errors import Invalid
from tests.conftest import START


def firings(cron: str, zone: str, first: datetime, last: datetime) -> list[datetime]:
    """Every firing in (first, last], as UTC."""
    found, at = [], first
    while (following := next_cron(cron, zone, at)) and following <= last:
        found.append(following)
        at = following
    return found


def locally(cron: str, zone: str, day: str, days: int = 1) -> list[str]:
    """The firings of these local days, as local 'weekday hour:minute'."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    moments = firings(cron, zone, midnight - timedelta(seconds=1), midnight + timedelta(days=days, seconds=-1))
    return [f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("6,0", "Sat Sun"),
        ("5-7", "Fri Sat Sun"),
        ("mon-wed", "Mon Tue Wed"),
        ("*/2", "Tue Thu Sat Sun"),
        ("1-5/2", "Mon Wed Fri"),
        ("*", "Mon Tue Wed Thu Fri Sat Sun"),
    ],
)
def test_weekdays_have_their_standard_numbers(field: str, days: str) -> None:
    fired = locally(f"0 8 * * {field}", "UTC", "2026-11-23", days=7)
    assert fired == [f"{day} 08:00" for day in days.split()]


@pytest.mark.parametrize(
    ("days", "fired"),
    [
        ("1 * 1", "01 02 09 16 23 30"),  # either is enough: crontab(5)
        ("13 * fri", "06 13 20 27"),
        ("*/10 * sun", "01"),  # a field that begins with * restricts only together with the other
        ("10-12,30 * *", "10 11 12 30"),
        ("* 12 *", ""),
        ("31 nov-dec *", ""),
        ("*/14 NOV Sun", "01 15 29"),
    ],
)
def test_days_of_the_month_and_weekdays_are_read_as_crontab_does(days: str, fired: str) -> None:
    november = datetime(2026, 11, 1, tzinfo=UTC)
    found = firings(f"0 8 {days}", "UTC", november, november + timedelta(days=30))
    assert [f"{moment:%d}" for moment in found] == fired.split()


def test_a_day_that_never_comes_is_waited_for_in_vain_and_a_rare_one_is_found() -> None:
    assert next_cron("0 8 31 2 *", "UTC", START) is None
    assert next_cron("0 8 29 2 *", "UTC", START) == datetime(2028, 2, 29, 8, tzinfo=UTC)


def test_steps_and_ranges_of_hours() -> None:
    assert locally("30 8-18/5,23 * * *", "UTC", "2026-11-23") == ["Mon 08:30", "Mon 13:30", "Mon 18:30", "Mon 23:30"]
    assert locally("0 6/8 * * *", "UTC", "2026-11-23") == ["Mon 06:00", "Mon 14:00", "Mon 22:00"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "0 8 * *",
        "0 8 * * * *",
        "61 * * * *",
        "0 8 * * 8",
        "0 8 * * 5-1",
        "0 8 * * */x",
        "0 8 * * 1-x",
        "0 8 * * */0",
        "a b c d e",
        "0 24 * * *",
        "0 8 0 * *",
        "0 8 * 13 *",
        "0 8 ,1 * *",
        "0 8 1--3 * *",
        "-5 8 * * *",
        "0 8 * foo *",
    ],
)
def test_what_is_no_cron_expression_is_refused_by_name(nonsense: str) -> None:
    with pytest.raises(Invalid, match="is no cron expression"):
        parse_cron(nonsense)


SPRING = [("Europe/Madrid", "2027-03-28"), ("America/New_York", "2027-03-14"), ("Australia/Sydney", "2026-10-04")]
AUTUMN = [("Europe/Madrid", "2026-10-25"), ("America/New_York", "2026-11-01"), ("Australia/Sydney", "2027-04-04")]


@pytest.mark.parametrize(("zone", "day"), SPRING)
def test_a_local_time_that_does_not_exist_comes_an_hour_later(zone: str, day: str) -> None:
    assert [moment.split()[1] for moment in locally("30 2 * * *", zone, day)] == ["03:30"]


@pytest.mark.parametrize(("zone", "day"), SPRING)
def test_who_asks_within_the_hour_it_was_put_off_to_still_finds_it(zone: str, day: str) -> None:
    asked = datetime.fromisoformat(f"{day} 03:10").replace(tzinfo=ZoneInfo(zone))
    following = next_cron("30 2 * * *", zone, asked)
    assert following == asked + timedelta(minutes=20)


@pytest.mark.parametrize(("zone", "day"), AUTUMN)
def test_a_local_time_that_comes_twice_fires_the_first_time(zone: str, day: str) -> None:
    assert [moment.split()[1] for moment in locally("30 2 * * *", zone, day)] == ["02:30"]


@pytest.mark.parametrize(
    ("zone", "day"), [*SPRING, *AUTUMN, ("Asia/Kolkata", "2026-11-23"), ("Pacific/Apia", "2026-11-23")]
)
@pytest.mark.parametrize("cron", ["0 8 * * *", "30 1 * * *", "0 3 * * *", "0 0 * * *", "59 23 * * *"])
def test_a_daily_job_fires_once_on_every_day_around_a_switch(zone: str, day: str, cron: str) -> None:
    middle = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    moments = firings(cron, zone, middle - timedelta(days=3), middle + timedelta(days=4))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) in (6, 7, 8)


@pytest.mark.parametrize(("zone", "day"), [*SPRING, *AUTUMN])
def test_firings_only_go_forward_through_a_switch(zone: str, day: str) -> None:
    middle = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    moments = firings("*/15 * * * *", zone, middle - timedelta(hours=6), middle + timedelta(hours=12))
    assert moments == sorted(set(moments))


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minute: START + timedelta(minutes=minute)),
    st.sampled_from(SPRING + AUTUMN),
)
def test_the_next_firing_lies_ahead_and_there_is_none_between(after: datetime, place: tuple[str, str]) -> None:
    zone, cron = place[0], "30 2 * * *"
    following = next_cron(cron, zone, after)
    assert following is not None
    assert after < following <= after + timedelta(hours=26)
    assert next_cron(cron, zone, following - timedelta(microseconds=1)) == following


def test_utc_is_what_a_firing_is_told_in() -> None:
    following = next_cron("0 8 * * *", "Europe/Madrid", START)
    assert following is not None
    assert following.tzinfo is UTC
