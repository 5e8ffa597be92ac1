"""Quiet hours on the wall's clock: overnight, on the days of a switch, and never a moment in the past."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.calendars.quiet import QuietHours, parse_quiet, quiet_hours
from core.errors import Invalid

ZONES = (
    "Europe/Madrid", "Europe/London", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "America/St_Johns", "Asia/Beirut", "UTC",
)  # fmt: skip
SWITCHES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Europe leaps forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe: half an hour
    datetime(2026, 3, 28, 22, tzinfo=UTC),  # Beirut at midnight
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia has no 30 December
)

anywhen = st.integers(0, 25 * 365 * 24 * 60).map(lambda n: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
near_a_switch = st.builds(
    lambda switch, minutes: switch + timedelta(minutes=minutes), st.sampled_from(SWITCHES), st.integers(-3000, 3000)
)
moments = st.one_of(anywhen, near_a_switch)
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
ranges = st.builds(
    QuietHours, times, times, st.sampled_from(ZONES).map(ZoneInfo)
).filter(lambda hours: hours.begins != hours.ends)  # fmt: skip


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(begins: str, ends: str, zone: str = "Europe/Madrid") -> QuietHours:
    found = quiet_hours(begins, ends, zone)
    assert found is not None
    return found


@given(ranges, moments)
@example(hours("22:00", "02:30"), at("2026-10-25 02:10").replace(fold=1).astimezone(UTC))
@example(hours("03:00", "02:00"), at("2026-03-29 01:30").astimezone(UTC))
def test_the_opening_is_the_first_end_that_is_neither_quiet_nor_past(quiet: QuietHours, moment: datetime) -> None:
    opening = quiet.opening(moment)
    assert opening >= moment
    assert not quiet.covers(opening)
    assert opening - moment <= timedelta(days=3)
    if not quiet.covers(moment):
        assert opening == moment
    else:
        local = opening.astimezone(quiet.zone)
        on_a_switch = (local - timedelta(hours=26)).utcoffset() != (local + timedelta(hours=26)).utcoffset()
        assert local.time() == quiet.ends or on_a_switch


@given(ranges, moments)
def test_away_from_switches_nothing_between_is_open(quiet: QuietHours, moment: datetime) -> None:
    opening = quiet.opening(moment)
    local = moment.astimezone(quiet.zone)
    if len({(local + timedelta(hours=hour)).utcoffset() for hour in range(-48, 49, 8)}) > 1:
        return
    step = (opening - moment) / 50
    assert all(quiet.covers(moment + step * n) for n in range(50) if step)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("", ""), ("22:00", ""), ("", "07:00"), ("08:00", "08:00")],
    ids=["never", "no end", "no start", "equal"],
)
def test_no_range_is_never_quiet(begins: str, ends: str) -> None:
    assert quiet_hours(begins, ends, "Europe/Madrid") is None


@pytest.mark.parametrize(
    ("begins", "ends", "now", "opens"),
    [
        ("22:00", "07:00", "2026-11-23 21:59", "2026-11-23 21:59"),
        ("22:00", "07:00", "2026-11-23 22:00", "2026-11-24 07:00"),
        ("22:00", "07:00", "2026-11-24 06:59", "2026-11-24 07:00"),
        ("22:00", "07:00", "2026-11-24 07:00", "2026-11-24 07:00"),
        ("13:00", "15:00", "2026-11-23 14:00", "2026-11-23 15:00"),
        ("00:00", "06:00", "2026-11-23 00:00", "2026-11-23 06:00"),
        ("22:00", "00:00", "2026-11-23 23:00", "2026-11-24 00:00"),
        ("22:00", "07:00", "2026-03-28 23:00", "2026-03-29 07:00"),  # a night of eight hours
        ("22:00", "07:00", "2026-10-24 23:00", "2026-10-25 07:00"),  # a night of ten
        ("22:00", "02:30", "2026-03-28 23:00", "2026-03-29 03:30"),  # 02:30 does not exist
    ],
)
def test_the_next_opening(begins: str, ends: str, now: str, opens: str) -> None:
    assert hours(begins, ends).opening(at(now)) == at(opens).astimezone(UTC)


def test_the_second_pass_of_a_doubled_hour_opens_in_that_pass() -> None:
    second_pass = at("2026-10-25 02:10").replace(fold=1)
    assert hours("22:00", "02:30").opening(second_pass) == at("2026-10-25 02:30").replace(fold=1).astimezone(UTC)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("22-7", ("22:00", "07:00")),
        ("13:30 - 15:00", ("13:30", "15:00")),
        ("10pm–7am", ("22:00", "07:00")),
        ("22-24", ("22:00", "00:00")),
        ("0-6", ("00:00", "06:00")),
        ("off", ("", "")),
        ("", ("", "")),
    ],
)
def test_what_people_write(said: str, means: tuple[str, str]) -> None:
    assert parse_quiet(said) == means


@pytest.mark.parametrize("said", ["22", "Mon 22-7", "22-7, 13-15", "0-24", "7-7", "sometimes"])
def test_what_is_no_quiet_time_says_how_one_looks(said: str) -> None:
    with pytest.raises(Invalid, match="22:00-07:00, or off"):
        parse_quiet(said)
