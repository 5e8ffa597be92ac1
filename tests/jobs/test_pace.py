"""The limiter never lets more through in any window than the limit, and wastes nothing."""

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.limits import LIMITS, Limit, limits_for
from jobs.pace import Pace

GUARD = 0.015


def pace_of(*limits: tuple[str, int, float], guard: float = 0.0) -> Pace:
    rows = tuple(Limit("x", scope, sends, seconds, "test") for scope, sends, seconds in limits)  # type: ignore[arg-type]
    return Pace("x", lambda _channel, _chat: rows, guard)


def run(pace: Pace, wanted: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Grant each request as early as the limits allow; (asked at, chat) -> (granted at, chat)."""
    granted, now = [], 0.0
    for asked, chat in wanted:
        now = max(now, asked)
        now = max(now, pace.lane_free_at(now), pace.chat_free_at(chat, now))
        pace.grant(chat, now)
        granted.append((now, chat))
    return granted


def most_in_a_window(times: list[float], seconds: float) -> int:
    return max(bisect_left(times, start + seconds) - place for place, start in enumerate(times))


requests = st.lists(
    st.tuples(st.floats(0, 30, allow_nan=False), st.sampled_from(["a", "b", "c"])), min_size=1, max_size=200
).map(sorted)


@given(requests, st.integers(1, 40), st.floats(0.1, 10))
def test_no_window_of_the_lane_ever_holds_more_than_the_limit(
    wanted: list[tuple[float, str]], sends: int, seconds: float
) -> None:
    granted = run(pace_of(("lane", sends, seconds)), wanted)

    assert most_in_a_window([at for at, _ in granted], seconds * 0.999999) <= sends


@given(requests, st.integers(1, 5))
def test_no_window_of_a_chat_ever_holds_more_than_its_limit(wanted: list[tuple[float, str]], sends: int) -> None:
    granted = run(pace_of(("lane", 50, 1), ("recipient", sends, 2)), wanted)

    for chat in "abc":
        times = [at for at, to in granted if to == chat]
        assert not times or most_in_a_window(times, 1.99999) <= sends


@given(st.integers(1, 100))
def test_a_crowd_leaves_at_the_full_limit(sends: int) -> None:
    granted = run(pace_of(("lane", sends, 1)), [(0.0, str(n)) for n in range(sends * 5)])

    assert granted[-1][0] == pytest.approx(5.0 - 1.0 / sends)


@given(st.integers(0, 60), st.integers(1, 10), st.integers(0, 10))
def test_what_is_foretold_for_those_behind_is_when_they_leave(ahead: int, sends: int, before: int) -> None:
    pace = pace_of(("recipient", sends, 3.0))
    run(pace, [(0.0, "a")] * before)

    foretold = pace.chat_free_at("a", 0.0, ahead)
    left = run(pace, [(0.0, "a")] * (ahead + 1))[-1][0]

    assert foretold == pytest.approx(left)


def test_a_crowd_leaves_evenly() -> None:
    granted = run(pace_of(("lane", 4, 1)), [(0.0, str(n)) for n in range(8)])

    assert [at for at, _ in granted] == pytest.approx([n / 4 for n in range(8)])


def run_late(pace: Pace, late: list[float]) -> list[float]:
    """As many who all want to leave at once, each looked at that much too late; when they were granted."""
    now = 0.0
    granted: list[float] = []
    for seconds in late:
        free_at = pace.lane_free_at(now)
        now = free_at + seconds if free_at > now else now
        pace.grant(str(len(granted)), now, 0.0)
        granted.append(now)
    return granted


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=400), st.integers(1, 100))
def test_however_late_the_timers_are_no_window_holds_more_than_the_limit(late: list[float], sends: int) -> None:
    granted = run_late(pace_of(("lane", sends, 1)), late)

    assert most_in_a_window(granted, 0.999999) <= sends


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=400), st.integers(1, 100))
def test_what_leaves_later_than_it_was_granted_counts_from_when_it_left(late: list[float], sends: int) -> None:
    pace, left, now = pace_of(("lane", sends, 1)), list[float](), 0.0
    for number, seconds in enumerate(late):
        granted_at = max(now, pace.lane_free_at(now))
        grant = pace.grant(str(number), granted_at, 0.0)
        grant.at = now = granted_at + seconds
        left.append(now)

    assert most_in_a_window(left, 0.999999) <= sends


@pytest.mark.parametrize("sends", [30, 80, 1000])
def test_what_late_timers_cost_is_made_good(sends: int) -> None:
    late = [0.1 if number == sends else 0.0012 for number in range(4 * sends + sends // 2 + 1)]

    granted = run_late(pace_of(("lane", sends, 1)), late)

    assert granted[-1] == pytest.approx(4.5, abs=0.02)


def test_what_is_made_good_does_not_leave_in_a_clump() -> None:
    granted = run_late(pace_of(("lane", 1000, 1)), [0.1 if number == 500 else 0.0 for number in range(1000)])

    assert most_in_a_window(granted, 0.0049) <= 10


def test_who_comes_after_a_pause_has_nothing_to_make_good() -> None:
    pace = pace_of(("lane", 4, 1))
    pace.grant("a", 0.0, 0.0)
    pace.grant("b", 10.0, 10.0)

    assert pace.lane_free_at(10.0) == pytest.approx(10.25)


def test_the_guard_widens_every_window() -> None:
    granted = run(pace_of(("lane", 1, 1.0), guard=GUARD), [(0.0, "a"), (0.0, "a")])

    assert granted[1][0] == pytest.approx(1.0 + GUARD)


def test_a_group_of_telegram_has_its_own_row_beside_the_chats() -> None:
    assert {limit.scope for limit in limits_for("telegram", "-100")} == {"lane", "recipient", "group"}
    assert {limit.scope for limit in limits_for("telegram", "100")} == {"lane", "recipient"}


def test_what_a_platform_granted_replaces_the_lanes_row() -> None:
    lane = next(limit for limit in limits_for("whatsapp", "1", {"whatsapp": 1000}) if limit.scope == "lane")

    assert (lane.sends, lane.seconds) == (1000, 1)


def test_every_row_of_the_table_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS)


def test_chats_whose_windows_are_over_are_forgotten() -> None:
    pace = pace_of(("recipient", 1, 1.0))
    run(pace, [(0.0, str(n)) for n in range(100)])

    pace.forget_idle(1000.0)

    assert pace._chats == {}


def test_who_owns_a_lane_again_counts_from_what_was_sent_and_not_twice() -> None:
    pace = pace_of(("lane", 10, 1))
    granted = run(pace, [(0.0, str(n)) for n in range(100)])

    pace.remember((chat, at) for at, chat in granted)

    assert pace.lane_free_at(granted[-1][0]) == pytest.approx(granted[-1][0] + 0.1)
    assert run(pace, [(granted[-1][0], "next")])[0][0] == pytest.approx(granted[-1][0] + 0.1)


@given(requests, st.integers(1, 40), st.integers(0, 60))
def test_what_is_said_to_fit_leaves_in_that_time(wanted: list[tuple[float, str]], sends: int, most: int) -> None:
    pace = pace_of(("lane", sends, 1))
    now = run(pace, wanted)[-1][0]

    fits = pace.fits(now, 2.0, most)

    left = [at for at, _ in run(pace, [(now, str(n)) for n in range(fits + 1)])]
    assert all(at <= now + 2.0 + 1e-6 for at in left[:fits])
    assert fits == most or left[fits] > now + 2.0 - 1e-6
