"""A customer writes while something for them waits or is on its way, queued when their window was closed: they get it in full."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.conversations.commands import HearCustomer, OpenWindow
from core.conversations.handlers import tell_customer
from core.conversations.queries import get_conversation
from core.database import Database
from core.executor import execute
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.in_hand import begin
from core.outbox.notify import Notification
from core.outbox.receipts import take_receipt
from core.outbox.tables import Delivery
from core.outbox.windows import follow, list_unfollowed
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.overlapping import Work, overlapping

CHAT = "34600"


def silent_for_days(uow: UnitOfWork) -> int:
    """The conversation of a customer who wrote two days ago."""
    conversation = builders.conversation(uow, builders.customer(uow, builders.client(uow)), chat=CHAT)
    uow.now += timedelta(days=2)
    return conversation


def reply(uow: UnitOfWork, conversation: int) -> None:
    tell_customer(uow, get_conversation(uow, conversation), Notification("reply.text", {"text": "Hello"}))


def writes(uow: UnitOfWork, chat: str = CHAT) -> int:
    """As bot/customers.py does; returns how many full texts follow."""
    execute(HearCustomer(1, "whatsapp", "default", (CHAT,), chat, "Doug", "Are you there?"), uow)
    return follow(uow, list_unfollowed(uow, "whatsapp", "default", CHAT, uow.now))


def due(uow: UnitOfWork) -> list[Delivery]:
    return claim(uow, "whatsapp", "default", 10)


def noticed(one: Delivery) -> Settlement:
    return Settlement(one, "sent", external_id=f"m{one.id}", as_notice=True)


@pytest.mark.parametrize("says", ["word", "score"])
async def test_what_waits_leaves_in_full(database: Database, says: str) -> None:
    def work(uow: UnitOfWork) -> bool:
        conversation = silent_for_days(uow)
        reply(uow, conversation)
        uow.now += timedelta(minutes=1)
        if says == "word":
            writes(uow)
        else:
            execute(OpenWindow(conversation, CHAT), uow)
        (full,) = due(uow)
        return full.heard_at == uow.now

    assert await database.write(work)


async def test_what_is_on_its_way_as_a_notice_follows_in_full(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, list[tuple[str, bool]]]:
        reply(uow, silent_for_days(uow))
        (notice,) = due(uow)
        uow.now += timedelta(seconds=1)
        at_once = writes(uow)
        settle(uow, [noticed(notice)])
        return at_once, [(one.facts["text"], one.heard_at == uow.now) for one in due(uow)]

    assert await database.write(work) == (0, [("Hello", True)])


async def test_a_receipt_that_comes_before_its_answer_does_not_hide_that_they_wrote(database: Database) -> None:
    """WhatsApp tells that the notice arrived, they press its button, and only then it is written down that it was one."""

    def work(uow: UnitOfWork) -> tuple[int, list[tuple[str, bool]]]:
        reply(uow, silent_for_days(uow))
        (notice,) = due(uow)
        begin(uow, [notice])
        take_receipt(uow, "whatsapp", f"m{notice.id}", "delivered", uow.now, delivery_id=notice.id)
        uow.now += timedelta(seconds=1)
        at_once = writes(uow)
        settle(uow, [noticed(notice)])
        return at_once, [(one.facts["text"], one.heard_at == uow.now) for one in due(uow)]

    assert await database.write(work) == (0, [("Hello", True)])


async def test_who_wrote_before_whatsapp_said_that_the_window_was_closed_is_believed(database: Database) -> None:
    def work(uow: UnitOfWork) -> bool:
        reply(uow, silent_for_days(uow))
        (one,) = due(uow)
        uow.now += timedelta(seconds=1)
        writes(uow)
        settle(uow, [Settlement(one, "temporary", code="131047", again_at=uow.now, window_closed=True)])
        return due(uow)[0].heard_at == uow.now

    assert await database.write(work)


async def test_a_word_while_the_window_is_surely_open_asks_for_nothing(database: Database) -> None:
    def work(uow: UnitOfWork) -> bool:
        conversation = silent_for_days(uow)
        writes(uow)
        heard_at = uow.now
        reply(uow, conversation)
        uow.now += timedelta(minutes=1)
        writes(uow)
        return due(uow)[0].heard_at == heard_at

    assert await database.write(work)


def in_turn(first: str, customer: Work, other: Work) -> tuple[Work, Work]:
    return (customer, other) if first == "customer" else (other, customer)


@pytest.mark.parametrize("first", ["customer", "dispatcher"])
async def test_who_writes_while_the_notice_is_settled_gets_the_full_text(
    database: Database, clock: ManualClock, first: str
) -> None:
    reply_to = await database.write(silent_for_days)
    clock.advance(timedelta(days=2).total_seconds())
    await database.write(lambda uow: reply(uow, reply_to))
    (notice,) = await database.write(due)
    clock.advance(1)
    await overlapping(database, *in_turn(first, writes, lambda uow: settle(uow, [noticed(notice)])))
    assert [one.facts["text"] for one in await database.write(due)] == ["Hello"]


@pytest.mark.parametrize("first", ["customer", "agent"])
async def test_who_writes_while_the_answer_is_queued_gets_it_in_full(
    database: Database, clock: ManualClock, first: str
) -> None:
    conversation = await database.write(silent_for_days)
    clock.advance(timedelta(days=2).total_seconds())
    await overlapping(database, *in_turn(first, writes, lambda uow: reply(uow, conversation)))
    assert [one.heard_at for one in await database.write(due)] == [clock.now()]
