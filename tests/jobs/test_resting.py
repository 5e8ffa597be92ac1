"""A recipient the platform wants left alone: 4^n seconds, until a message is taken again."""

from datetime import timedelta
from random import Random

import pytest

from channels.failures import PermanentFailure, TemporaryFailure
from core.clock import ManualClock, monotonic
from core.outbox.retry import MOST_REFUSALS
from jobs.attempt import Attempt
from jobs.pace import Pace
from jobs.resting import Resting
from tests.conftest import START
from tests.jobs.phone import Phone
from tests.jobs.test_attempt import DELIVERY

PAIR = TemporaryFailure("131056", "too many messages to this person", holds="recipient", limited=True)


def test_it_grows_with_every_refusal_in_a_row_and_begins_anew_after_a_success() -> None:
    resting = Resting()
    assert [resting.refused("ana", None) for _ in range(5)] == [1, 4, 16, 64, 256]
    assert resting.refused("ben", None) == 1
    resting.taken("ana")
    assert resting.refused("ana", None) == 1


def test_it_ends_somewhere_and_the_platforms_own_word_wins() -> None:
    resting = Resting()
    assert [resting.refused("ana", None) for _ in range(50)][-1] == 4**MOST_REFUSALS
    assert resting.refused("ana", 7) == 7


async def test_what_is_sent_to_them_waits_so_long(clock: ManualClock) -> None:
    attempt, phone = Attempt(clock, _no_photo, Random(1)), Phone()
    phone.refuses("42", PAIR, PAIR, PAIR)

    ended = [await attempt(phone, DELIVERY) for _ in range(4)]

    assert [end.hold_chat for end in ended] == [1, 4, 16, None]
    waits = [end.settlement.again_at - START for end in ended[:3] if end.settlement.again_at]
    assert waits == [pytest.approx(timedelta(seconds=n), abs=timedelta(seconds=0.3)) for n in (1, 4, 16)]
    phone.refuses("42", PermanentFailure("131026", "no WhatsApp"), PAIR)
    assert [(await attempt(phone, DELIVERY)).hold_chat for _ in range(2)] == [None, 1]


async def test_after_a_day_of_it_another_way_is_looked_for(clock: ManualClock) -> None:
    attempt, phone = Attempt(clock, _no_photo, Random(1)), Phone()
    phone.refuses("42", PAIR)
    clock.advance(24 * 3600)
    end = (await attempt(phone, DELIVERY)).settlement
    assert (end.outcome, end.reason) == ("permanent", "Given up after a day: too many messages to this person")


def test_a_chat_that_rests_is_not_free_and_the_others_are() -> None:
    pace, now = Pace("x", lambda _channel, _chat: (), 0.0), monotonic()
    pace.hold_chat("ana", now + 16)
    assert (pace.chat_free_at("ana", now), pace.chat_free_at("ben", now)) == (now + 16, now)
    pace.forget_idle(now + 17)
    assert pace.chat_free_at("ana", now) == now


async def _no_photo(_: int) -> None:
    return None
