"""The simulation behind docs/operate/scaling.md: its queues do what queues do."""

from random import Random

import pytest

from bench.scaling import CLIENTS, LAYOUTS, Layout, Message, Times, morning, percentile, simulate, through, through_lane


def a_message(at: float, *, urgent: bool = False) -> Message:
    return Message(at, 0, urgent, 0.5)


def test_a_server_takes_one_after_the_other() -> None:
    messages = [a_message(at) for at in (0.0, 0.1, 5.0)]
    done = through([(one.at, one) for one in messages], lambda one: one.writing)
    assert [at for at, _ in done] == [0.5, 1.0, 5.5]


def test_a_lane_sends_at_its_limit_and_urgent_ones_first() -> None:
    messages = [a_message(0.0), a_message(0.0), a_message(0.5, urgent=True), a_message(9.0)]
    left = list(through_lane([(one.at, one) for one in messages], 1.0))
    assert [(at, one.urgent) for at, one in left] == [(0.0, False), (1.0, True), (2.0, False), (9.0, False)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_message_leaves_once_and_none_before_its_time(layout: Layout) -> None:
    messages = morning(1, Times(), Random(1))
    result = simulate(messages, layout, Times())
    assert len(result.urgent) + len(result.others) == len(messages)
    assert min(result.urgent + result.others) > 0


def test_past_the_limit_of_a_shared_number_messages_wait_for_minutes_and_with_numbers_of_their_own_they_do_not() -> (
    None
):
    messages = morning(30, Times(), Random(1))
    shared, own = (simulate(messages, LAYOUTS[place], Times()) for place in (0, 2))
    assert percentile(shared.others, 0.99) > 60
    assert percentile(own.others, 0.99) < 1
    assert {message.client for message in messages} == set(range(CLIENTS * 30))
