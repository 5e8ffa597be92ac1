"""Days as people say them, always in the future unless a year is said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import NEAR, WEEKDAYS, parse_day

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", "2026-12-01"),
        ("today", "2026-11-23"),
        ("Tomorrow", "2026-11-24"),
        ("mañana", "2026-11-24"),
        ("morgen", "2026-11-24"),
        ("friday", "2026-11-27"),
        ("fri", "2026-11-27"),
        ("monday", "2026-11-30"),
        ("miércoles", "2026-11-25"),
        ("Samstag", "2026-11-28"),
        ("1.12.", "2026-12-01"),
        ("1/12", "2026-12-01"),
        ("23.11.", "2026-11-23"),
        ("22.11.", "2027-11-22"),
        ("1.2.2026", "2026-02-01"),
        ("in 3 days", "2026-11-26"),
        ("in 1 day", "2026-11-24"),
        ("in 10 Tagen", "2026-12-03"),
        ("until friday", "2026-11-27"),
        ("on 1.12.", "2026-12-01"),
        ("29.2.2028", "2028-02-29"),
    ],
)
def test_a_day_is_understood(text: str, day: str) -> None:
    assert parse_day(text, MONDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "fr", "soon", "32.1.", "2026-13-01", "30.2.", "29.2.2027", "in days", "in 1000 days", "1", "1.12.26x"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text, MONDAY) is None


def test_the_29th_of_february_without_a_year_is_none_where_the_year_has_none() -> None:
    assert parse_day("29.2.", date(2027, 1, 1)) is None


def test_the_29th_of_february_that_is_over_does_not_break() -> None:
    assert parse_day("29.2.", date(2028, 3, 1)) is None


@given(DAYS, st.sampled_from(sorted(WEEKDAYS)))
def test_a_weekday_is_the_next_one_and_never_today(today: date, name: str) -> None:
    found = parse_day(name, today)
    assert found is not None
    assert found.weekday() == WEEKDAYS[name]
    assert timedelta(days=1) <= found - today <= timedelta(days=7)


@given(DAYS, st.sampled_from(sorted(NEAR)))
def test_near_days_are_counted_from_today(today: date, name: str) -> None:
    assert parse_day(name, today) == today + timedelta(days=NEAR[name])


@given(DAYS, DAYS.filter(lambda day: (day.month, day.day) != (2, 29)))
def test_a_day_without_a_year_is_the_next_such_day(today: date, day: date) -> None:
    found = parse_day(f"{day.day}.{day.month}.", today)
    assert found is not None
    assert (found.month, found.day) == (day.month, day.day)
    assert timedelta(0) <= found - today <= timedelta(days=366)


@given(DAYS, DAYS)
def test_what_is_written_in_full_is_taken_at_its_word(today: date, day: date) -> None:
    assert {parse_day(text, today) for text in (day.isoformat(), f"{day.day}.{day.month}.{day.year}")} == {day}


@given(st.text(max_size=40), DAYS)
def test_nothing_that_can_be_typed_breaks_it(text: str, today: date) -> None:
    parse_day(text, today)
