"""Priorities as people say them, and the steps each one climbs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.escalations.policies import MANAGER_MINUTES, WARNING_MINUTES, steps_of
from core.escalations.policy import parse_priority, priority_for
from core.policies.laying import Watch


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


@given(st.integers(1, 10_000), st.integers(0, 3))
def test_steps_come_in_order_and_each_promise_is_broken_at_its_minute(minutes: int, priority: int) -> None:
    for steps, act in (
        (steps_of("response", Watch(minutes)), "breach"),
        (steps_of("resolution", Watch(minutes, priority=priority)), "late"),
    ):
        moments = [step.after_minutes for step in steps]
        assert moments == sorted(moments)
        assert min(step.after_minutes for step in steps if step.act == act) == minutes
        assert {"team_lead", "owner"} <= {role for step in steps if step.act == act for role in step.tell}
        warned = [minutes - step.after_minutes for step in steps if step.warns]
        assert warned == ([WARNING_MINUTES] if minutes > WARNING_MINUTES else [])


@given(st.integers(1, 10_000), st.integers(0, 3))
def test_of_what_is_urgent_the_owner_hears_after_four_hours_at_the_latest(minutes: int, priority: int) -> None:
    told = [
        step.after_minutes for step in steps_of("resolution", Watch(minutes, priority=priority)) if "owner" in step.tell
    ]
    assert min(told) <= (MANAGER_MINUTES if priority <= 1 else minutes)


def test_there_is_no_warning_where_there_is_no_time_for_it() -> None:
    assert [step.act for step in steps_of("response", Watch(5))] == ["breach", "breach"]
    assert [step.act for step in steps_of("response", Watch(60))] == ["warn", "breach", "breach"]
