"""What a platform takes and reports as failed afterwards, for a reason that passes, is tried again: the same for everybody."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from core.audit.record import Subject
from core.clock import ManualClock
from core.conversations.commands import OpenWindow
from core.conversations.handlers import tell_customer
from core.conversations.queries import get_conversation
from core.database import Database
from core.executor import execute
from core.outbox.commands import ResendDelivery
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_person, withdraw
from core.outbox.receipts import take_receipt
from core.outbox.retry import LIMITED_FOR, LONGEST_DELAY, MOST_ATTEMPTS, Tries
from core.outbox.tables import URGENT, Delivery
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.overlapping import overlapping

HELLO = Notification("reply.text", {"text": "Hello"})
THING = Subject("ticket", 12, "TKT-12", None)


def customer(uow: UnitOfWork, notification: Notification = HELLO) -> None:
    conversation = builders.conversation(uow, builders.customer(uow, builders.client(uow)))
    tell_customer(uow, get_conversation(uow, conversation), notification)


def colleague(uow: UnitOfWork, notification: Notification = HELLO) -> None:
    """On WhatsApp, then on Slack."""
    ana = builders.person(uow, builders.client(uow), "technician", "ANA", on="whatsapp")
    builders.put(uow, contact_methods, person_id=ana, channel="slack", address="U1", rank=2, verified_at=uow.now)
    tell_person(uow, ana, notification)


def leaves(uow: UnitOfWork) -> Delivery:
    (one,) = claim(uow, "whatsapp", "default", 10)
    settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}")])
    return one


def fails(uow: UnitOfWork, one: Delivery, **more: Any) -> None:
    row = {"delivery_id": one.id, "code": "131016", "reason": "overloaded", "again_after": 0.0, "at": uow.now} | more
    take_receipt(uow, "whatsapp", f"m{one.id}", "failed", **row)


def left(uow: UnitOfWork) -> list[tuple[str, str]]:
    return [(one.channel, one.state) for one in builders.outbox(uow)]


@pytest.mark.parametrize("told", [customer, colleague])
async def test_it_leaves_once_more_to_the_same_address(database: Database, told: Any) -> None:
    def work(uow: UnitOfWork) -> Any:
        told(uow)
        first = leaves(uow)
        fails(uow, first)
        assert claim(uow, "whatsapp", "default", 10) == []  # not at once
        uow.now += timedelta(seconds=LONGEST_DELAY)
        again = leaves(uow)
        return first.chat == again.chat, again.attempts, again.is_repeat, left(uow)

    assert await database.write(work) == (True, 1, False, [("whatsapp", "failed"), ("whatsapp", "sent")])


@pytest.mark.parametrize(("told", "in_the_end"), [(customer, []), (colleague, [("slack", "pending")])])
async def test_it_is_tried_as_often_as_any_other(
    database: Database, told: Any, in_the_end: list[tuple[str, str]]
) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        told(uow)
        for _ in range(MOST_ATTEMPTS):
            fails(uow, leaves(uow))
            uow.now += timedelta(seconds=LONGEST_DELAY)
        return left(uow)

    assert await database.write(work) == [("whatsapp", "failed")] * MOST_ATTEMPTS + in_the_end


async def test_a_word_that_comes_before_the_answer_counts_as_a_try_too(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        customer(uow, Notification("reply.text", {"text": "Hello"}, tries=Tries(3, 60.0)))
        tries = 0
        while found := claim(uow, "whatsapp", "default", 10):
            tries += 1
            fails(uow, found[0])
            settle(uow, [Settlement(found[0], "sent", external_id=f"m{found[0].id}")])
            uow.now += timedelta(seconds=60)
        return tries

    assert await database.write(work) == 3


async def test_it_waits_as_long_as_the_platform_wants(database: Database) -> None:
    """A template that is paused is not to be tried before an hour is over."""

    def work(uow: UnitOfWork) -> list[int]:
        customer(uow)
        fails(uow, leaves(uow), again_after=3600.0)
        found = []
        for minutes in (59, 2):
            uow.now += timedelta(minutes=minutes)
            found.append(len(claim(uow, "whatsapp", "default", 10)))
        return found

    assert await database.write(work) == [0, 1]


@pytest.mark.parametrize("why", ["not needed any more", "a day old"])
async def test_what_is_over_is_not_tried_again(database: Database, why: str) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        customer(uow, Notification("reply.text", {"text": "Hurry"}, THING, URGENT))
        one = leaves(uow)
        if why == "a day old":
            uow.now += LIMITED_FOR
        else:
            withdraw(uow, THING, "reply.text")
        fails(uow, one)
        return left(uow)

    assert await database.write(work) == [("whatsapp", "failed")]


async def test_a_late_word_that_it_arrived_after_all_holds_the_next_try_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        customer(uow)
        one = leaves(uow)
        fails(uow, one)
        take_receipt(uow, "whatsapp", f"m{one.id}", "delivered", uow.now, delivery_id=one.id)
        return left(uow)

    assert await database.write(work) == [("whatsapp", "delivered"), ("whatsapp", "withdrawn")]


async def test_its_photos_follow_the_one_that_leaves_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> bool:
        customer(uow, Notification("reply.text", {"text": "Look"}, photos=(7,)))
        fails(uow, leaves(uow))
        uow.now += timedelta(seconds=LONGEST_DELAY)
        again = leaves(uow)
        (photo,) = claim(uow, "whatsapp", "default", 10)
        return photo.target_external_id == f"m{again.id}"

    assert await database.write(work)


REFUSED_LATE = {"code": "131047", "window_closed": True, "again_after": None}


def resent(uow: UnitOfWork, one: Delivery, at: datetime) -> None:
    fails(uow, one, again_after=None, at=at)
    execute(ResendDelivery(one.id), uow)


@pytest.mark.parametrize("how", [resent, fails, partial(fails, **REFUSED_LATE)])
async def test_who_wrote_meanwhile_may_be_sent_everything(database: Database, how: Any) -> None:
    """It was queued when their last word was nearly a day old; what counts is when they last wrote before it leaves again."""

    def work(uow: UnitOfWork) -> bool:
        customer(uow)
        one = leaves(uow)
        failed_at, wrote_at = uow.now, uow.now + timedelta(hours=20)
        uow.now = wrote_at
        execute(OpenWindow(1, one.chat), uow)
        uow.now = failed_at + timedelta(hours=22)  # WhatsApp tells of a failure when it can
        how(uow, one, at=failed_at)
        uow.now += timedelta(hours=3)
        return leaves(uow).heard_at == wrote_at

    assert await database.write(work)


async def test_a_window_that_was_closed_and_is_still_is_not_believed_open(database: Database) -> None:
    def work(uow: UnitOfWork) -> datetime | None:
        customer(uow)
        fails(uow, leaves(uow), **REFUSED_LATE)
        return leaves(uow).heard_at

    assert await database.write(work) is None


async def test_who_writes_while_it_is_sent_again_is_heard(database: Database, clock: ManualClock) -> None:
    """Whoever is second waits for the first."""
    failed = await database.write(dead_letter)
    clock.advance(timedelta(days=2).total_seconds())
    await overlapping(
        database,
        lambda uow: execute(OpenWindow(1, failed.chat), uow),
        lambda uow: execute(ResendDelivery(failed.id), uow),
    )
    assert (await database.write(leaves)).heard_at == clock.now()


def dead_letter(uow: UnitOfWork) -> Delivery:
    customer(uow)
    one = leaves(uow)
    fails(uow, one, again_after=None)
    return one
