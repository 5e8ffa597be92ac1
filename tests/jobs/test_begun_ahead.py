"""The next of a chat begins with the word about the one before it, unless it may not leave yet."""

from collections.abc import Callable

import pytest

from channels.limits import Limit
from core.database import Database
from core.outbox.dispatching import claim
from core.outbox.tables import Delivery
from jobs.begun import Begun
from jobs.gate import Gate
from jobs.pace import Pace
from jobs.settling import Settling
from tests.jobs.lanes import lane_of, queue, running, settled, until
from tests.jobs.phone import Phone

SLOW = Limit("telegram", "recipient", 1, 3600, "test")


def begun_under(database: Database, *limits: Limit) -> tuple[Gate, Begun]:
    settling = Settling(database)
    gate = Gate(Pace("telegram", lambda _channel, _chat: limits, 0.0), settling.begin)
    return gate, Begun(gate, settling)


async def claimed(database: Database, number: int) -> list[Delivery]:
    await queue(database, *(str(place) for place in range(number)))
    return await database.write(lambda uow: claim(uow, "telegram", "default", number))


async def knows(begun: Begun, delivery: Delivery) -> None:
    async def told() -> bool:
        return delivery in begun

    await until(told)


async def test_what_may_leave_at_once_is_begun_and_leaves_without_another_word(database: Database) -> None:
    gate, begun = begun_under(database)
    (first,) = await claimed(database, 1)
    begun.follow(first)
    await knows(begun, first)
    assert await gate.enter(first.chat, first.urgency, None)


@pytest.mark.parametrize(
    "hinder",
    [lambda gate: gate.hold(60), lambda gate: gate.pace.grant("42", 1e12)],
    ids=["the lane rests", "the chat has had enough"],
)
async def test_what_has_to_wait_is_not_begun(database: Database, hinder: Callable[[Gate], None]) -> None:
    gate, _ = begun_under(database, SLOW)
    hinder(gate)
    assert not gate.is_near("42", 0)


async def test_no_more_are_begun_than_leave_in_a_moment(database: Database) -> None:
    gate, _ = begun_under(database, Limit("telegram", "lane", 100, 1, "test"))
    assert [gate.is_near("42", ahead) for ahead in (0, 9, 10)] == [True, True, False]


async def test_what_is_claimed_again_has_not_begun_because_it_had_before(database: Database) -> None:
    """Given back meanwhile, its row says so; whoever still took it for begun would send it twice after a crash."""
    _, begun = begun_under(database)
    (one,) = await claimed(database, 1)
    begun.claimed([one], {one.id})
    assert one in begun
    begun.claimed([one], set())
    assert one not in begun


async def test_a_chat_with_much_to_say_gets_it_once_and_in_order(database: Database, phone: Phone) -> None:
    texts = [str(number) for number in range(30)]
    await queue(database, *texts)
    async with running(lane_of(database, phone)):
        assert await settled(database, 30) == ["sent"] * 30
    assert phone.texts == texts


@pytest.fixture
def phone() -> Phone:
    return Phone()
