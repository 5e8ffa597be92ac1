"""What a platform says later, in any order and any number of times: a better word is never undone by a worse one."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict
from core.executor import execute
from core.outbox.commands import ResendDelivery
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.in_hand import begin, expire
from core.outbox.lanes import find_lane
from core.outbox.proof import list_receipts
from core.outbox.receipts import take_receipt
from core.outbox.tables import deliveries
from core.unit_of_work import UnitOfWork
from tests import builders


def sent(uow: UnitOfWork) -> int:
    delivery = builders.queued(uow, channel="whatsapp")
    settle(uow, [Settlement(one, "sent", external_id="wamid.1") for one in claim(uow, "whatsapp", "default", 1)])
    return delivery


def says(uow: UnitOfWork, *states: str, delivery_id: int | None = None) -> list[bool]:
    return [
        take_receipt(uow, "whatsapp", "wamid.1", state, uow.now, delivery_id=delivery_id, code=None, reason=None)
        for state in states
    ]


def state(uow: UnitOfWork) -> str:
    (only,) = builders.outbox(uow)
    return only.state


async def test_a_receipt_may_come_before_the_answer_to_the_sending(database: Database) -> None:
    """The platform tells a webhook at once; what it answered to us may still wait to be written down."""

    def work(uow: UnitOfWork) -> object:
        delivery = builders.queued(uow, channel="whatsapp")
        (claimed,) = claim(uow, "whatsapp", "default", 1)
        begin(uow, [claimed])
        says(uow, "delivered", delivery_id=delivery)
        settle(uow, [Settlement(claimed, "sent", external_id="wamid.1", as_notice=True, notice_command="queue")])
        columns = deliveries.c.state, deliveries.c.attempts, deliveries.c.as_notice, deliveries.c.notice_command
        return uow.connection.execute(select(*columns)).one()

    assert await database.write(work) == ("delivered", 1, True, "queue")


@pytest.mark.parametrize("order", list(permutations(("sent", "delivered", "read"))))
async def test_read_stays_read_in_whatever_order_they_come(database: Database, order: tuple[str, ...]) -> None:
    def work(uow: UnitOfWork) -> str:
        sent(uow)
        says(uow, *order, *order)
        return state(uow)

    assert await database.write(work) == "read"


@pytest.mark.parametrize(
    ("words", "state_then"),
    [
        (("failed",), "failed"),
        (("failed", "delivered"), "delivered"),
        (("delivered", "failed"), "delivered"),
        (("sent", "failed"), "failed"),
        (("failed", "sent"), "failed"),
    ],
)
async def test_what_arrived_has_not_failed(database: Database, words: tuple[str, ...], state_then: str) -> None:
    def work(uow: UnitOfWork) -> str:
        sent(uow)
        says(uow, *words)
        return state(uow)

    assert await database.write(work) == state_then


async def test_a_receipt_of_something_else_is_nobodys(database: Database) -> None:
    assert await database.write(lambda uow: says(uow, "read")) == [None]


async def test_every_word_is_kept_as_proof(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        delivery = sent(uow)
        says(uow, "delivered", "delivered", "read")
        return [receipt.state for receipt in list_receipts(uow, delivery)]

    assert await database.write(work) == ["delivered", "delivered", "read"]


async def test_a_receipt_that_is_faster_than_the_answer_counts(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[str, str | None]:
        delivery = builders.queued(uow, channel="whatsapp")
        (one,) = claim(uow, "whatsapp", "default", 1)
        says(uow, "delivered", delivery_id=delivery)
        settle(uow, [Settlement(one, "sent", external_id="wamid.1")])
        external_id = uow.connection.execute(select(deliveries.c.external_id)).scalar_one()
        return state(uow), external_id

    assert await database.write(work) == ("delivered", "wamid.1")


async def test_a_receipt_reconciles_what_was_uncertain(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        delivery = builders.queued(uow, channel="whatsapp")
        begin(uow, claim(uow, "whatsapp", "default", 1))
        uow.now = uow.now.replace(hour=10)
        expire(uow)
        before = state(uow)
        says(uow, "sent", delivery_id=delivery)
        return [before, state(uow)]

    assert await database.write(work) == ["uncertain", "sent"]


async def test_a_receipt_does_not_touch_what_has_not_left(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        delivery = builders.queued(uow, channel="whatsapp")
        says(uow, "failed", delivery_id=delivery)
        return state(uow)

    assert await database.write(work) == "pending"


async def test_what_failed_is_sent_again_from_the_start(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[str, int]:
        delivery = sent(uow)
        says(uow, "failed")
        execute(ResendDelivery(delivery), uow)
        (again,) = claim(uow, "whatsapp", "default", 1)
        return again.facts["text"], again.attempts

    assert await database.write(work) == ("Hello", 0)


async def test_what_arrived_is_not_sent_again(database: Database) -> None:
    delivery = await database.write(sent)
    with pytest.raises(Conflict, match="This message is sent: only what failed or is uncertain"):
        await database.write(lambda uow: execute(ResendDelivery(delivery), uow))


async def test_one_receipt_settles_one_delivery(database: Database) -> None:
    def work(uow: UnitOfWork) -> dict[str, int]:
        sent(uow)
        builders.queued(uow, channel="whatsapp")
        says(uow, "read")
        counted = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        return dict(uow.connection.execute(counted).all())

    assert await database.write(work) == {"read": 1, "pending": 1}


def unpaid(uow: UnitOfWork, **more: object) -> None:
    row: dict[str, object] = {"code": "131042", "reason": "not paid", "stops_lane": 3600.0}
    take_receipt(uow, "whatsapp", "wamid.1", "failed", **({"at": uow.now} | row | more))


async def test_an_account_that_takes_everything_and_delivers_nothing_stops_and_the_admin_hears_it_once(
    database: Database, clock: ManualClock
) -> None:
    """WhatsApp says so only afterwards: unpaid, locked, reported as spam."""

    def work(uow: UnitOfWork) -> tuple[str | None, object, list[str]]:
        builders.person(uow, builders.client(uow), "admin", "ADA", on="slack")
        sent(uow)
        for _ in range(2):
            unpaid(uow)
        lane = find_lane(uow, "whatsapp:default")
        assert lane is not None
        return lane.broken_reason, lane.paused_until, [one.chat for one in builders.outbox(uow, channel="slack")]

    assert await database.write(work) == ("not paid", clock.now() + timedelta(hours=1), ["slack-ADA"])


@pytest.mark.parametrize("why", ["long ago", "had arrived", "not ours"])
async def test_what_says_nothing_about_the_account_now_stops_nothing(database: Database, why: str) -> None:
    def work(uow: UnitOfWork) -> object:
        if why != "not ours":
            sent(uow)
        if why == "had arrived":
            says(uow, "delivered")
        unpaid(uow, at=uow.now - timedelta(minutes=5 if why == "long ago" else 0))
        return find_lane(uow, "whatsapp:default")

    assert await database.write(work) is None
