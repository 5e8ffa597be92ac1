"""What left as a notice follows in full as soon as somebody writes: once, in order, as things stand by then."""

import asyncio
from datetime import timedelta

import pytest

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.cards import refresh_cards
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Chat, Notification, tell_chat, tell_person, withdraw
from core.outbox.receipts import take_receipt
from core.outbox.tables import NORMAL, URGENT, Delivery
from core.outbox.windows import MOST, UNFOLLOWED, follow, list_unfollowed
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.tickets.test_plans import plan_of

CHAT = "whatsapp-ANA"


def thing(number: int) -> Subject:
    return Subject("ticket", number, f"TKT-{number}", None)


def manager(uow: UnitOfWork) -> int:
    return builders.person(uow, builders.client(uow), "store_manager", "ANA", on="whatsapp")


def tell(uow: UnitOfWork, *numbers: int, person: int = 1, urgency: int = NORMAL, **more: object) -> None:
    for number in numbers:
        row = {"template": "reply.text", "facts": {"text": f"t{number}", "audience": ""}, "subject": thing(number)}
        tell_person(uow, person, Notification(**(row | more), urgency=urgency))  # type: ignore[arg-type]


def due(uow: UnitOfWork) -> list[Delivery]:
    return claim(uow, "whatsapp", "default", 100)


def leave(uow: UnitOfWork, *, notice: bool = True) -> list[Delivery]:
    left = due(uow)
    settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}", as_notice=notice) for one in left])
    return left


def noticed(uow: UnitOfWork, *numbers: int, **more: object) -> None:
    manager(uow)
    tell(uow, *numbers, **more)  # type: ignore[arg-type]
    leave(uow)


def unfollowed(uow: UnitOfWork) -> list[object]:
    return list_unfollowed(uow, "whatsapp", "default", CHAT, uow.now)


def writes(uow: UnitOfWork, answered: tuple[int, ...] = ()) -> int:
    uow.connection.execute(contact_methods.update().values(last_inbound_at=uow.now))
    return follow(uow, unfollowed(uow), answered)


def said(claimed: list[Delivery]) -> list[list[str]]:
    return [[part.facts["text"] for part in (one, *one.carried)] for one in claimed]


async def test_the_full_texts_follow_once_and_oldest_first(database: Database, clock: ManualClock) -> None:
    await database.write(lambda uow: noticed(uow, 1, 2, 3))
    clock.advance(3600)
    assert await database.write(writes) == 3
    full = await database.write(due)
    assert said(full) == [["t1"], ["t2"], ["t3"]]
    assert [one.heard_at for one in full] == [clock.now()] * 3
    assert await database.write(writes) == 0


async def test_what_left_in_full_does_not_follow(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        manager(uow)
        tell(uow, 1)
        leave(uow, notice=False)
        return writes(uow)

    assert await database.write(work) == 0


async def test_more_than_a_few_follow_as_one_message(database: Database) -> None:
    await database.write(lambda uow: noticed(uow, *range(1, MOST + 4)))
    assert await database.write(writes) == MOST + 3
    full = said(await database.write(due))
    assert full == [["t1"], ["t2"], ["t3"], ["t4"], ["t5"], ["t6", "t7", "t8"]]


async def test_an_urgent_one_does_not_change_the_order(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        manager(uow)
        tell(uow, 1)
        tell(uow, 2, urgency=URGENT)
        leave(uow)
        writes(uow)
        return said(due(uow))

    assert await database.write(work) == [["t1"], ["t2"]]


async def test_what_was_asked_for_is_the_answer_and_does_not_follow_too(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[list[list[str]], int]:
        noticed(uow, 1, 2)
        (first, _) = unfollowed(uow)
        writes(uow, (first.id,))  # type: ignore[attr-defined]
        return said(due(uow)), len(unfollowed(uow))

    assert await database.write(work) == ([["t2"]], 0)


async def test_what_nobody_needs_any_more_does_not_follow(database: Database, clock: ManualClock) -> None:
    def withdrawn(uow: UnitOfWork) -> int:
        noticed(uow, 1, 2)
        withdraw(uow, thing(1), "reply.text")
        return len(unfollowed(uow))

    assert await database.write(withdrawn) == 1
    clock.advance(timedelta(days=7).total_seconds())
    assert await database.write(lambda uow: len(unfollowed(uow))) == 0


async def test_a_notice_that_failed_does_not_follow(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        noticed(uow, 1)
        (row,) = unfollowed(uow)
        take_receipt(uow, "whatsapp", row.external_id, "failed", uow.now, code="131026")  # type: ignore[attr-defined]
        return writes(uow)

    assert await database.write(work) == 0


async def test_of_several_cards_of_one_thing_only_the_newest_follows(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        manager(uow)
        tell(uow, 1, 2, card=True)
        tell(uow, 1, card=True, facts={"text": "newer", "audience": ""})
        leave(uow)
        writes(uow)
        return said(due(uow))

    assert await database.write(work) == [["t2"], ["newer"]]


async def test_a_card_follows_as_it_stands_and_is_then_changed_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[list[list[str]], list[tuple[str, str | None]]]:
        noticed(uow, 1, card=True)
        refresh_cards(uow, thing(1), {"text": "claimed"})
        leave(uow, notice=False)  # outside the window a change is not said
        refresh_cards(uow, thing(1), {"text": "taken over"})
        writes(uow)
        full = due(uow)
        settle(uow, [Settlement(one, "sent", external_id="full") for one in full])
        refresh_cards(uow, thing(1), {"text": "resolved"})
        return said(full), [(one.facts["text"], one.target_external_id) for one in due(uow)]

    assert await database.write(work) == ([["taken over"]], [("resolved", "full")])


async def test_a_card_in_a_bundle_is_not_changed(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str | None]:
        noticed(uow, *range(1, MOST + 3), card=True)
        writes(uow)
        leave(uow, notice=False)
        for number in range(1, MOST + 3):
            refresh_cards(uow, thing(number), {"text": "closed"})
        return [one.facts["text"] for one in due(uow)]

    assert await database.write(work) == ["closed"] * MOST


async def test_the_photos_come_with_the_full_text(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, int | None, str | None]]:
        manager(uow)
        tell(uow, 1, photos=(7, 8))
        leave(uow)
        settle(uow, [Settlement(one, "nothing") for one in due(uow)])
        writes(uow)
        (full,) = due(uow)
        settle(uow, [Settlement(full, "sent", external_id="full")])
        return [(one.kind, one.media_id, one.target_external_id) for one in due(uow)]

    assert await database.write(work) == [("photo", 7, "full"), ("photo", 8, "full")]


async def test_the_lines_of_a_bundle_that_was_a_notice_follow_together(database: Database, clock: ManualClock) -> None:
    await database.write(manager)
    await database.write(lambda uow: tell(uow, 1, 2, 3, 4, digest_key="ticket"))
    await database.write(leave)
    clock.advance(120)
    assert said(await database.write(leave)) == [["t3", "t4"]]
    assert await database.write(writes) == 4
    assert said(await database.write(due)) == [["t1"], ["t2"], ["t3", "t4"]]


async def test_who_writes_while_the_notice_is_on_its_way_gets_the_full_text_too(
    database: Database, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        manager(uow)
        tell(uow, 1)
        (on_the_wire,) = due(uow)
        assert writes(uow) == 0
        settle(uow, [Settlement(on_the_wire, "sent", external_id="m1", as_notice=True)])
        return said(due(uow))

    assert await database.write(work) == [["t1"]]


async def test_two_messages_at_once_bring_it_once(database: Database) -> None:
    await database.write(lambda uow: noticed(uow, 1, 2, 3))
    seen_by_all = await database.write(unfollowed)
    counted = await asyncio.gather(*(database.write(lambda uow: follow(uow, seen_by_all)) for _ in range(8)))
    assert sum(counted) == 3
    assert said(await database.write(due)) == [["t1"], ["t2"], ["t3"]]


async def test_a_customer_without_contact_method_is_followed_as_well(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        tell_chat(uow, Chat("whatsapp", "default", CHAT), Notification("reply.text", {"text": "Hello"}))
        leave(uow)
        follow(uow, unfollowed(uow))
        return said(due(uow))

    assert await database.write(work) == [["Hello"]]


async def test_a_window_that_turns_out_closed_is_not_believed_open(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[object, object]:
        manager(uow)
        uow.connection.execute(contact_methods.update().values(last_inbound_at=uow.now))
        tell(uow, 1)
        (one,) = due(uow)
        settle(uow, [Settlement(one, "temporary", code="131047", again_at=uow.now, window_closed=True)])
        (again,) = due(uow)
        return one.heard_at, again.heard_at

    assert await database.write(work) == (START, None)


async def test_an_answer_that_turns_out_too_late_is_not_believed_in_time_either(database: Database) -> None:
    def work(uow: UnitOfWork) -> object:
        chat = Chat("whatsapp", "default", CHAT, heard_at=uow.now)
        tell_chat(uow, chat, Notification("reply.text", {"text": "Hello"}))
        (one,) = due(uow)
        settle(uow, [Settlement(one, "temporary", code="131047", again_at=uow.now, window_closed=True)])
        return due(uow)[0].heard_at

    assert await database.write(work) is None


def refused_late(uow: UnitOfWork, external_id: str) -> None:
    take_receipt(uow, "whatsapp", external_id, "failed", uow.now, code="131047", window_closed=True)


async def test_what_is_refused_late_goes_out_once_more_as_a_notice(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[list[tuple[str, object]], list[str], list[list[str]]]:
        manager(uow)
        uow.connection.execute(contact_methods.update().values(last_inbound_at=uow.now))
        tell(uow, 1, photos=(7,))
        (free,) = leave(uow, notice=False)
        refused_late(uow, f"m{free.id}")
        again = [one for one in due(uow) if one.kind == "message"]
        settle(uow, [Settlement(one, "sent", external_id="notice", as_notice=True) for one in again])
        refused_late(uow, "notice")
        states = [left.state for left in builders.outbox(uow, kind="message")]
        return [(one.template, one.heard_at) for one in again], states, said(due(uow))

    assert await database.write(work) == ([("reply.text", None)], ["failed", "failed"], [["t1"]])


async def test_the_photos_of_what_was_refused_late_come_with_the_full_text(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int | None]:
        manager(uow)
        tell(uow, 1, photos=(7,))
        (free,) = leave(uow, notice=False)
        refused_late(uow, f"m{free.id}")
        leave(uow)
        settle(uow, [Settlement(one, "nothing") for one in due(uow)])
        writes(uow)
        leave(uow, notice=False)
        return [one.media_id for one in due(uow)]

    assert await database.write(work) == [7]


async def test_who_wrote_after_the_refusal_is_believed(database: Database, clock: ManualClock) -> None:
    def free(uow: UnitOfWork) -> str:
        manager(uow)
        tell(uow, 1)
        return f"m{leave(uow, notice=False)[0].id}"

    external_id = await database.write(free)
    refused_at = clock.now()
    clock.advance(60)

    def work(uow: UnitOfWork) -> object:
        uow.connection.execute(contact_methods.update().values(last_inbound_at=uow.now))
        take_receipt(uow, "whatsapp", external_id, "failed", refused_at, code="131047", window_closed=True)
        return due(uow)[0].heard_at

    assert await database.write(work) == clock.now()


async def test_what_has_to_follow_is_found_by_its_partial_index(database: Database) -> None:
    values = {"channel": "whatsapp", "account": "default", "chat": CHAT, "since": START}
    if database.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL plans by statistics that a small table does not have")
    assert "ix_deliveries_unfollowed" in await database.write(lambda uow: plan_of(uow, UNFOLLOWED, values))
