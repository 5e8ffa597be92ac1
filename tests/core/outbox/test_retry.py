"""When a failed send is tried again: later each time, never before the platform's own word, not for ever."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.outbox.retry import LONGEST_DELAY, MOST_ATTEMPTS, again_at

MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
TRIES = st.integers(1, MOST_ATTEMPTS - 1)
RANDOMS = st.randoms(use_true_random=False)


@given(TRIES, MOMENTS, st.none() | st.floats(0, 86_400), RANDOMS)
def test_the_next_try_is_never_in_the_past(tries: int, now: datetime, retry_after: float | None, dice: Random) -> None:
    again = again_at(tries, now, retry_after, dice)
    assert again is not None
    assert again >= now


@given(TRIES, MOMENTS, st.floats(0, 86_400), RANDOMS)
def test_what_the_platform_asks_for_is_a_floor(tries: int, now: datetime, retry_after: float, dice: Random) -> None:
    again = again_at(tries, now, retry_after, dice)
    assert again is not None
    assert timedelta(0) <= again - (now + timedelta(seconds=retry_after)) < timedelta(seconds=1)


@given(TRIES, MOMENTS, RANDOMS)
def test_without_such_a_word_the_wait_stays_within_bounds(tries: int, now: datetime, dice: Random) -> None:
    again = again_at(tries, now, None, dice)
    assert again is not None
    assert timedelta(seconds=1) <= again - now <= timedelta(seconds=LONGEST_DELAY)


@given(st.integers(MOST_ATTEMPTS, 1000), MOMENTS, st.none() | st.floats(0, 86_400), RANDOMS)
def test_it_ends_after_ten_tries(tries: int, now: datetime, retry_after: float | None, dice: Random) -> None:
    assert again_at(tries, now, retry_after, dice) is None


@given(TRIES, MOMENTS, RANDOMS)
def test_the_wait_doubles_with_every_try_up_to_ten_minutes(tries: int, now: datetime, dice: Random) -> None:
    again, longest = again_at(tries, now, None, dice), min(2.0**tries, 600.0)
    assert again is not None
    assert timedelta(seconds=longest / 2) <= again - now <= timedelta(seconds=longest)
