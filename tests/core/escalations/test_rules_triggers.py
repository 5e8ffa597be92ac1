"""What each type of trigger looks at, by examples."""

from dataclasses import replace

import pytest

from core.calendars.hours import DAY
from core.errors import Invalid
from core.escalations.rules.triggers import MOST, TRIGGERS, Case, fits, read

MONDAY, SATURDAY, SUNDAY = 0, 5 * DAY, 6 * DAY
CASE = Case(
    "My app crashes.\nQuiero un REEMBOLSO; Monatsrechnung",
    ("requested_human", "Falling mood"),
    priority=1,
    mood=-0.5,
    mood_label="unhappy",
    tier="Premium Plus",
    value=12_000.5,
    currency="EUR",
    minute=MONDAY + 9 * 60,
    channel="whatsapp",
)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("keyword", "crash", False),
        ("keyword", "crashes", True),
        ("keyword", "crash*", True),
        ("keyword", "*rechnung", True),
        ("keyword", "rechnung", False),
        ("keyword", "reembolso", True),
        ("keyword", "réembolso", True),
        ("keyword", "app crashes", True),
        ("keyword", "crashes app", False),
        ("keyword", "refund, my app", True),
        ("keyword", "my * crashes", True),
        ("keyword", "/cra.h/", True),
        ("keyword", "/^quiero/", False),
        ("keyword", "/(?m)^quiero/", True),
        ("keyword", "/MY APP/", True),
        ("keyword", "a.p", False),
        ("keyword", "c++", False),
        ("reason", "falling_mood", True),
        ("reason", "requested human", True),
        ("reason", "legal, falling-mood", True),
        ("reason", "mood", False),
        ("priority", "P1", True),
        ("priority", "high", True),
        ("priority", "0, p3", False),
        ("priority", "P2,P1", True),
        ("mood", "-0.4", True),
        ("mood", "<= -0.5", True),
        ("mood", "< -0.5", False),
        ("mood", ">-1", True),
        ("mood", "unhappy, angry", True),
        ("mood", "content", False),
        ("tier", "premium plus", True),
        ("tier", "premium", False),
        ("tier", "gold, premium_plus", True),
        ("value", "12000", True),
        ("value", "> 12 000.5", False),
        ("value", ">= 10_000 EUR", True),
        ("value", ">= 10000 usd", False),
        ("value", "< 100000", True),
        ("time_of_day", "08:00-18:00", True),
        ("time_of_day", "18:00-08:00", False),
        ("time_of_day", "Mon-Fri 08:00-18:00", True),
        ("time_of_day", "Sat-Sun 00:00-24:00", False),
        ("time_of_day", "09:00-09:30", True),
        ("time_of_day", "08:00-09:00", False),
        ("time_of_day", "open", True),
        ("time_of_day", "closed", False),
        ("channel", "WhatsApp", True),
        ("channel", "telegram, slack", False),
        ("always", "", True),
    ],
)
def test_what_fits(kind: str, value: str, expected: bool) -> None:
    assert fits(kind, value, CASE) is expected


@pytest.mark.parametrize(
    ("minute", "inside"),
    [
        (SUNDAY + 23 * 60, True),
        (MONDAY + 5 * 60, True),
        (MONDAY + 6 * 60, False),
        (SATURDAY + 23 * 60, False),
        (SUNDAY + 60, False),
    ],
)
def test_a_night_that_begins_on_sunday_goes_on_into_monday(minute: int, inside: bool) -> None:
    assert fits("time_of_day", "Sun 22:00-06:00", replace(CASE, minute=minute)) is inside


@pytest.mark.parametrize("kind", ["mood", "value", "tier", "channel"])
def test_what_is_not_known_fits_nothing(kind: str) -> None:
    unknown = Case()
    values = {"mood": ">= -1", "value": ">= 0", "tier": "premium", "channel": "slack"}
    assert fits(kind, values[kind], unknown) is False


@pytest.mark.parametrize("kind", TRIGGERS)
def test_what_cannot_be_read_is_refused_and_fits_nothing(kind: str) -> None:
    wrong = {
        "keyword": "/(/",
        "priority": "P9",
        "mood": "3",
        "value": "lots",
        "time_of_day": "noon",
        "channel": "fax",
        "always": "x",
    }
    value = wrong.get(kind, "")
    with pytest.raises(Invalid) as caught:
        read(kind, value)
    assert caught.value.field == "value"
    assert fits(kind, value, CASE) is False


def test_an_unknown_type_and_a_value_too_long_are_refused() -> None:
    for kind, value, field in (("weather", "rain", "type"), ("keyword", "x" * (MOST + 1), "value")):
        with pytest.raises(Invalid) as caught:
            read(kind, value)
        assert caught.value.field == field


def test_no_pattern_takes_long_whatever_the_text() -> None:
    """What would keep Python's own engine busy until the end of days."""
    evil = Case("a" * 4000 + "!")
    assert fits("keyword", r"/(a+)+$/", evil) is False
    assert fits("keyword", r"/^(a|a)*$/", evil) is False
