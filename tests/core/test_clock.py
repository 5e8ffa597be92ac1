"""The clock: it tells aware UTC, may be moved, and says so to whoever waits for a moment."""

from datetime import UTC, datetime, timedelta

from core.clock import Clock, ManualClock
from tests.conftest import START


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    assert Clock().now().tzinfo is UTC


def test_a_clock_moved_forward_stays_ahead_of_its_source() -> None:
    source = [START]
    clock = Clock(lambda: source[0])
    assert clock.advance(90) == START + timedelta(seconds=90)
    source[0] += timedelta(hours=1)
    assert clock.now() == START + timedelta(hours=1, seconds=90)


def test_a_manual_clock_stands_still_until_it_is_moved(clock: ManualClock) -> None:
    assert clock.now() == clock.now() == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    clock.advance(1)
    assert clock.now() == START + timedelta(seconds=1)


def test_everybody_who_waits_is_told_that_the_clock_was_moved(clock: ManualClock) -> None:
    told: list[str] = []
    clock.on_advance += [lambda: told.append("one"), lambda: told.append("two")]
    clock.advance(60)
    assert told == ["one", "two"]
