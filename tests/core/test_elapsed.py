"""What is said of a moment that comes or has passed."""

from datetime import UTC, datetime, timedelta

import pytest

from core.elapsed import left

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(minutes=25), "25 min left"),
        (timedelta(seconds=-1), "1 min late"),
        (timedelta(minutes=119, seconds=59), "119 min left"),
        (timedelta(hours=3, minutes=59, seconds=30), "4 h left"),  # somebody who has four hours is not told of three
        (timedelta(hours=3, minutes=29), "3 h left"),
        (timedelta(hours=-47, minutes=-20), "47 h late"),
        (timedelta(hours=47, minutes=40), "2 d left"),
        (timedelta(days=9, hours=13), "10 d left"),
    ],
)
def test_a_target_is_as_near_as_people_say(away: timedelta, said: str) -> None:
    assert left(NOW + away, NOW) == said
