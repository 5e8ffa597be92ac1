"""What fails for good goes the person's next way, once each, with its photos and as things stand by then."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.audit.record import Subject
from core.database import Database
from core.outbox.cards import refresh_cards
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import URGENT, Chat, Notification, tell_chat, tell_person, withdraw
from core.outbox.receipts import take_receipt
from core.outbox.tables import Delivery, deliveries
from core.outbox.uncertain import send_again
from core.people.commands import HeardFrom
from core.people.handlers import heard_from
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders

HELLO = Notification("reply.text", {"text": "Hello"})
THING = Subject("ticket", 12, "TKT-12", None)
CARD = Notification("reply.text", {"text": "open", "audience": "you"}, THING, urgency=URGENT, card=True)


def ana(uow: UnitOfWork, *more: str) -> int:
    """A technician on Telegram and on these other channels, in this order."""
    person = builders.person(uow, builders.client(uow), "technician", "ANA")
    for rank, channel in enumerate(more, start=2):
        row = {"channel": channel, "address": f"{channel}-ANA", "rank": rank, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=person, **row)
    return person


def on_the_wire(uow: UnitOfWork, channel: str) -> list[Delivery]:
    return claim(uow, channel, "default", 10)


def fails(uow: UnitOfWork, channel: str, *, unreachable: bool = True) -> None:
    ends = [
        Settlement(one, "permanent", code="403", reason=f"no {channel}", unreachable=unreachable)
        for one in on_the_wire(uow, channel)
    ]
    assert ends
    settle(uow, ends)


def arrives(uow: UnitOfWork, channel: str, external_id: str = "m1") -> int:
    (one,) = on_the_wire(uow, channel)
    settle(uow, [Settlement(one, "sent", external_id=external_id)])
    return one.id


def left(uow: UnitOfWork) -> list[tuple[str, str, str]]:
    return [(one.channel, one.kind, one.state) for one in builders.outbox(uow)]


def unreachable(uow: UnitOfWork) -> list[str]:
    dead = select(contact_methods.c.channel).where(contact_methods.c.unreachable_since.is_not(None))
    return list(uow.connection.execute(dead.order_by(contact_methods.c.id)).scalars())


async def test_each_way_is_tried_once_in_order_and_stands_on_its_delivery(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack", "whatsapp"), HELLO)
        for channel in ("telegram", "slack", "whatsapp"):
            fails(uow, channel)
        ways = uow.connection.execute(
            select(contact_methods.c.channel)
            .join(deliveries, deliveries.c.contact_method_id == contact_methods.c.id)
            .order_by(deliveries.c.id)
        ).scalars()
        return left(uow), list(ways), builders.happened(uow)

    assert await database.write(work) == (
        [("telegram", "message", "failed"), ("slack", "message", "failed"), ("whatsapp", "message", "failed")],
        ["telegram", "slack", "whatsapp"],
        ["notification.unreached"],
    )


async def test_the_next_thing_goes_where_the_last_one_arrived(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow, "slack")
        tell_person(uow, person, HELLO)
        fails(uow, "telegram")
        tell_person(uow, person, HELLO)
        both = [one.channel for one in builders.outbox(uow, state="pending")]
        heard_from(HeardFrom(1), uow)
        tell_person(uow, person, HELLO)
        return both, builders.outbox(uow)[-1].channel

    assert await database.write(work) == (["slack", "slack"], "telegram")


async def test_a_refusal_of_one_message_says_nothing_about_the_address(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), HELLO)
        fails(uow, "telegram", unreachable=False)
        return left(uow), unreachable(uow)

    assert await database.write(work) == ([("telegram", "message", "failed"), ("slack", "message", "pending")], [])


async def test_what_fails_late_goes_on_too_but_only_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), HELLO)
        sent = arrives(uow, "telegram")
        for _ in range(2):
            take_receipt(uow, "telegram", "m1", "failed", uow.now, delivery_id=sent, reason="gone", unreachable=True)
        return left(uow), unreachable(uow)

    assert await database.write(work) == (
        [("telegram", "message", "failed"), ("slack", "message", "pending")],
        ["telegram"],
    )


async def test_what_was_delivered_does_not_go_on(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), HELLO)
        arrives(uow, "telegram")
        for word in ("delivered", "failed"):
            take_receipt(uow, "telegram", "m1", word, uow.now)
        return left(uow)

    assert await database.write(work) == [("telegram", "message", "delivered")]


async def test_a_failure_reported_long_after_does_not_undo_that_the_person_wrote_since(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow), HELLO)
        arrives(uow, "telegram")
        failed_at = uow.now
        uow.now += timedelta(hours=1)
        heard_from(HeardFrom(1), uow)
        take_receipt(uow, "telegram", "m1", "failed", failed_at, unreachable=True)
        return unreachable(uow)

    assert await database.write(work) == []


async def test_photos_go_along_and_none_is_sent_after_a_failed_text(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), Notification("reply.text", {"text": "Look"}, photos=(7, 8)))
        fails(uow, "telegram")
        lost = on_the_wire(uow, "telegram")
        arrives(uow, "slack", "s1")
        return lost, [(one.media_id, one.target_external_id) for one in on_the_wire(uow, "slack")]

    assert await database.write(work) == ([], [(7, "s1"), (8, "s1")])


async def test_a_card_that_failed_late_shows_how_things_stand_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), CARD)
        arrives(uow, "telegram")
        refresh_cards(uow, THING, {"text": "accepted"})
        take_receipt(uow, "telegram", "m1", "failed", uow.now)
        (on_slack,) = on_the_wire(uow, "slack")
        return on_slack.kind, on_slack.facts, on_the_wire(uow, "telegram")

    assert await database.write(work) == ("message", {"text": "accepted", "audience": "you"}, [])


async def test_an_alert_that_was_taken_back_goes_nowhere_else(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), Notification("reply.text", {"text": "Hurry"}, THING, urgency=URGENT))
        arrives(uow, "telegram")
        withdraw(uow, THING, "reply.text")
        take_receipt(uow, "telegram", "m1", "failed", uow.now)
        return left(uow), builders.happened(uow)

    assert await database.write(work) == ([("telegram", "message", "failed")], [])


@pytest.mark.parametrize("where", ["board", "thread", "whisper"])
async def test_a_chat_that_is_nobodys_contact_method_has_no_other_way(database: Database, where: str) -> None:
    chats = {
        "board": Chat("telegram", "default", "-42"),
        "thread": Chat("telegram", "default", "-42", thread="9"),
        "whisper": Chat("telegram", "default", "telegram-ANA", visible_to="telegram-ANA"),
    }

    def work(uow: UnitOfWork) -> Any:
        tell_chat(uow, chats[where], HELLO, person_id=ana(uow, "slack"))
        fails(uow, "telegram")
        return left(uow), builders.happened(uow)

    assert await database.write(work) == ([("telegram", "message", "failed")], [])


async def test_an_answer_in_the_persons_own_chat_has(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_chat(uow, Chat("telegram", "default", "telegram-ANA"), HELLO, person_id=ana(uow, "slack"))
        fails(uow, "telegram")
        return left(uow)

    assert await database.write(work) == [("telegram", "message", "failed"), ("slack", "message", "pending")]


async def test_an_edit_that_fails_is_only_a_failed_edit(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), CARD)
        arrives(uow, "telegram")
        refresh_cards(uow, THING, {"text": "accepted"})
        fails(uow, "telegram", unreachable=False)
        return left(uow)

    assert await database.write(work) == [("telegram", "message", "sent"), ("telegram", "edit", "failed")]


async def test_what_another_message_carried_goes_on_with_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow, "slack")
        carried = tell_person(uow, person, Notification("reply.text", {"text": "carried"}))
        carrier = tell_person(uow, person, HELLO)
        bundled = {"state": "bundled", "carried_by": carrier}
        uow.connection.execute(update(deliveries).where(deliveries.c.id == carried).values(bundled))
        fails(uow, "telegram")
        return sorted(one.facts["text"] for one in on_the_wire(uow, "slack"))

    assert await database.write(work) == ["Hello", "carried"]


async def test_a_repeat_that_is_refused_goes_on_although_the_first_may_have_arrived(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack"), HELLO)
        (first,) = on_the_wire(uow, "telegram")
        settle(uow, [Settlement(first, "unknown")])
        send_again(uow, first.id)
        fails(uow, "telegram")
        return left(uow)

    assert await database.write(work) == [
        ("telegram", "message", "uncertain"),
        ("telegram", "message", "failed"),
        ("slack", "message", "pending"),
    ]


async def test_once_another_way_has_worked_a_failure_leads_nowhere(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, ana(uow, "slack", "whatsapp"), HELLO)
        (first,) = on_the_wire(uow, "telegram")
        settle(uow, [Settlement(first, "unknown")])
        send_again(uow, first.id)
        fails(uow, "telegram")
        arrives(uow, "slack")
        take_receipt(uow, "telegram", "m0", "failed", uow.now, delivery_id=first.id)
        return left(uow), builders.happened(uow)

    ways = [("telegram", "message", "failed"), ("telegram", "message", "failed"), ("slack", "message", "sent")]
    assert await database.write(work) == (ways, [])
