"""Priorities as people say them, and the steps each one climbs."""

from datetime import timedelta

import pytest

from core.errors import Invalid
from core.escalations.policy import RESPONSE_MINUTES, parse_priority, priority_for, response_due_at, response_steps
from tests.conftest import START


@pytest.mark.parametrize(
    ("words", "priority"),
    [
        (("P0", "1", "urgent", "Immediate", " critical "), 0),
        (("p1", "2", "HIGH"), 1),
        (("p2", "3", "normal", "medium"), 2),
        (("p3", "4", "low"), 3),
    ],
)
def test_a_priority_is_understood_in_every_way_it_is_said(words: tuple[str, ...], priority: int) -> None:
    assert {parse_priority(word) for word in words} == {priority}


@pytest.mark.parametrize("word", ["", "P4", "0", "5", "asap"])
def test_what_is_no_priority_is_refused_with_those_there_are(word: str) -> None:
    with pytest.raises(Invalid, match="P0, P1, P2 or P3"):
        parse_priority(word)


def test_an_unknown_reason_is_normal() -> None:
    assert [priority_for("requested_human"), priority_for("something else")] == [1, 2]


@pytest.mark.parametrize(("priority", "hours"), [(1, 1), (2, 4), (3, 24)])
def test_the_target_is_what_the_service_level_promises(priority: int, hours: int) -> None:
    assert response_due_at(priority, START) == START + timedelta(hours=hours)


@pytest.mark.parametrize("priority", range(4))
def test_the_steps_come_in_order_and_the_breach_at_the_target(priority: int) -> None:
    steps = response_steps(priority)
    minutes = [step.after_minutes for step in steps]
    assert minutes == sorted(set(minutes))
    assert min(step.after_minutes for step in steps if step.act == "breach") == RESPONSE_MINUTES[priority]


def test_there_is_no_warning_where_there_is_no_time_for_it() -> None:
    assert [step.act for step in response_steps(0)] == ["breach", "breach"]
    assert [step.act for step in response_steps(1)] == ["warn", "breach", "breach"]
