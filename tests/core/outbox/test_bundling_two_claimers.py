"""Two programs claim from one lane at once, fail, hold, give back and die at random: everything is said exactly once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from core.clock import ManualClock
from core.database import Database
from core.outbox.bundling import EVERYTHING, Bundling, keep_rules
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.giving_back import hold, release
from core.outbox.notify import Chat, Notification, tell_chat
from core.outbox.tables import Delivery, deliveries
from core.unit_of_work import UnitOfWork
from tests import builders

PEOPLE, MESSAGES = 4, 12
WINDOW = timedelta(minutes=2)


@pytest.fixture
async def both(database: Database, clock: ManualClock) -> AsyncIterator[tuple[Database, Database]]:
    """The same database, opened twice, as two processes would."""
    other = Database(database.url, clock)
    yield database, other
    await other.close()


def said(delivery: Delivery) -> list[str]:
    return [str(one.facts["text"]) for one in (delivery, *delivery.carried)]


async def told(database: Database) -> list[str]:
    """Everything that will have to be said, told by many at once."""

    def people(uow: UnitOfWork) -> list[int]:
        keep_rules(uow, {EVERYTHING: Bundling(1, WINDOW)})
        client = builders.client(uow)
        return [builders.person(uow, client, "dispatcher", f"P{number}") for number in range(PEOPLE)]

    def tell(uow: UnitOfWork, person: int, text: str) -> None:
        news = Notification("reply.text", {"text": text}, digest_key="ticket")
        tell_chat(uow, Chat("telegram", "default", f"chat-{person}"), news, person_id=person)

    ids = await database.write(people)
    texts = [(person, f"{person}-{number}") for person in ids for number in range(MESSAGES)]
    await asyncio.gather(*(database.write(lambda uow, p=p, t=t: tell(uow, p, t)) for p, t in texts))  # type: ignore[misc]
    return [text for _, text in texts]


def take(uow: UnitOfWork, random: Random) -> list[list[str]]:
    """Claim, and let each end somehow; returns the messages that left."""
    left = []
    for one in claim(uow, "telegram", "default", random.choice([1, 2, 100])):
        match random.choice(["sent", "sent", "temporary", "held", "given back"]):
            case "sent":
                settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}")])
                left.append(said(one))
            case "temporary":
                settle(uow, [Settlement(one, "temporary", again_at=uow.now + timedelta(seconds=1))])
            case "held":
                hold(uow, [(one, uow.now + timedelta(seconds=1))], "limit")
            case _:
                release(uow, [one])
    return left


@pytest.mark.parametrize("seed", range(4))
async def test_everything_is_said_once_however_it_ends(
    both: tuple[Database, Database], clock: ManualClock, seed: int
) -> None:
    random = Random(seed)
    texts = await told(both[0])
    left: list[list[str]] = []
    for _ in range(60):
        turns = [database.write(lambda uow: take(uow, random)) for database in both for _ in range(2)]
        left += [message for messages in await asyncio.gather(*turns) for message in messages]
        clock.advance(WINDOW.total_seconds() if len(left) <= PEOPLE else 2)
    assert sorted(text for message in left for text in message) == sorted(texts)
    assert any(len(message) > 1 for message in left)

    def states(uow: UnitOfWork) -> Any:
        return [(row.state, row.carried_by, row.id) for row in uow.connection.execute(deliveries.select())]

    found = await both[1].write(states)
    carriers = {carrier for _, carrier, _ in found if carrier}
    assert {state for state, _, _ in found} <= {"sent", "bundled"}
    assert all(state == "sent" for state, _, id_ in found if id_ in carriers)


async def test_when_both_look_at_the_same_moment_one_carries_everything(
    both: tuple[Database, Database], clock: ManualClock
) -> None:
    texts = await told(both[0])

    def send(uow: UnitOfWork) -> list[list[str]]:
        claimed = claim(uow, "telegram", "default", 100)
        settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}") for one in claimed])
        return [said(one) for one in claimed]

    async def all_send() -> list[list[str]]:
        batches = await asyncio.gather(*(database.write(send) for database in both for _ in range(4)))
        return [message for batch in batches for message in batch]

    first = await all_send()
    clock.advance(WINDOW.total_seconds())
    second = await all_send()
    assert [len(message) for message in first] == [1] * PEOPLE
    assert sorted(text for message in (*first, *second) for text in message) == sorted(texts)
