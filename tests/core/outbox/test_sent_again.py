"""What is sent again: as it is now, to where the person is now, and marked when it may have arrived before."""

import asyncio

import pytest
from sqlalchemy import text, update

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden
from core.executor import execute
from core.outbox.cards import refresh_cards
from core.outbox.commands import ConfirmDelivery, RepeatDelivery, ResendDelivery, ResendFiltered
from core.outbox.dispatching import LEASE, Settlement, claim, settle
from core.outbox.in_hand import begin, expire
from core.outbox.notify import Chat, Notification, tell_chat, tell_person
from core.outbox.proof import get_proof
from core.outbox.receipts import take_receipt
from core.outbox.tables import URGENT, deliveries
from core.outbox.uncertain import DUE
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.outbox.unknown import goes_out, lost_on_the_way, uncertain
from tests.core.tickets.test_plans import plan_of

THING = Subject("thing", 7, "T-7", None)
CARD = Notification("reply.text", {"text": "open"}, THING, URGENT, card=True)


def states(uow: UnitOfWork) -> list[str]:
    return [left.state for left in builders.outbox(uow)]


async def test_what_was_uncertain_stays_and_a_marked_repeat_follows(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[list[str], list[bool]]:
        execute(ResendDelivery(uncertain(uow)), uow)
        return states(uow), [one.is_repeat for one in claim(uow, "telegram", "default", 10)]

    assert await database.write(work) == (["uncertain", "pending"], [True])


async def test_a_dead_letter_is_sent_again_unmarked(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool]:
        old = builders.queued(uow)
        settle(uow, [Settlement(one, "permanent") for one in claim(uow, "telegram", "default", 1)])
        execute(ResendDelivery(old), uow)
        return [one.is_repeat for one in claim(uow, "telegram", "default", 10)]

    assert await database.write(work) == [False]


async def test_a_repeat_that_failed_is_still_one_when_it_is_sent_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool]:
        repeat = execute(ResendDelivery(uncertain(uow)), uow)
        settle(uow, [Settlement(one, "permanent") for one in claim(uow, "telegram", "default", 1)])
        execute(ResendDelivery(repeat.id), uow)
        return [one.is_repeat for one in claim(uow, "telegram", "default", 10)]

    assert await database.write(work) == [True]


async def test_a_card_is_repeated_as_it_is_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        card = tell_chat(uow, Chat("telegram", "default", "42"), CARD)
        assert card
        lost_on_the_way(uow)
        refresh_cards(uow, THING, {"text": "claimed by Ana"})
        execute(RepeatDelivery(card), uow)
        return [left.facts["text"] for left in builders.outbox(uow, kind="message", state="pending")]

    assert await database.write(work) == ["claimed by Ana"]


async def test_later_changes_reach_the_repeat(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        card = tell_chat(uow, Chat("telegram", "default", "42"), CARD)
        assert card
        lost_on_the_way(uow)
        execute(RepeatDelivery(card), uow)
        goes_out(uow)
        refresh_cards(uow, THING, {"text": "claimed by Ana"})
        return [f"{one.target_external_id} {one.facts['text']}" for one in claim(uow, "telegram", "default", 10)]

    assert "m2 claimed by Ana" in await database.write(work)


async def test_a_change_that_a_newer_one_replaced_is_not_sent_again(database: Database) -> None:
    def changed_twice(uow: UnitOfWork) -> int:
        tell_chat(uow, Chat("telegram", "default", "42"), CARD)
        goes_out(uow)
        refresh_cards(uow, THING, {"text": "claimed"})
        lost_on_the_way(uow)
        refresh_cards(uow, THING, {"text": "resolved"})
        goes_out(uow)
        return builders.outbox(uow, kind="edit")[0].id

    old = await database.write(changed_twice)
    with pytest.raises(Conflict, match="A newer change of the same card"):
        await database.write(lambda uow: execute(ResendDelivery(old), uow))
    assert await database.write(lambda uow: execute(RepeatDelivery(old), uow)) is None


async def test_a_repeat_goes_to_the_address_as_it_was_corrected(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        person = builders.person(uow, builders.client(uow), "technician", "ANA")
        old = tell_person(uow, person, Notification("reply.text", {"text": "Hello"}))
        assert old
        lost_on_the_way(uow)
        uow.connection.execute(update(contact_methods).values(address="4711"))
        execute(ResendDelivery(old), uow)
        return [one.chat for one in claim(uow, "telegram", "default", 10)]

    assert await database.write(work) == ["4711"]


async def test_a_receipt_or_a_word_that_it_arrived_holds_its_repeat_back(database: Database) -> None:
    def by_receipt(uow: UnitOfWork) -> list[str]:
        old = uncertain(uow, "whatsapp")
        execute(RepeatDelivery(old), uow)
        take_receipt(uow, "whatsapp", "wamid.1", "delivered", uow.now, delivery_id=old)
        return states(uow)

    def by_word(uow: UnitOfWork) -> list[str]:
        old = uncertain(uow, "telegram")
        execute(RepeatDelivery(old), uow)
        execute(ConfirmDelivery(old), uow)
        return states(uow)[2:]

    assert await database.write(by_receipt) == ["delivered", "withdrawn"]
    assert await database.write(by_word) == ["sent", "withdrawn"]


async def test_a_receipt_of_a_failure_lets_the_repeat_go(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        old = uncertain(uow, "whatsapp")
        execute(RepeatDelivery(old), uow)
        take_receipt(uow, "whatsapp", "wamid.1", "failed", uow.now, delivery_id=old)
        return states(uow)

    assert await database.write(work) == ["failed", "pending"]


async def test_a_bundle_takes_along_what_it_carries(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int | None]:
        bundle, carried = builders.queued(uow), builders.queued(uow)
        uow.connection.execute(update(deliveries).values(carried_by=bundle))
        uow.connection.execute(update(deliveries).where(deliveries.c.id == carried).values(state="bundled"))
        lost_on_the_way(uow)
        execute(ResendDelivery(bundle), uow)
        found = uow.connection.execute(deliveries.select().order_by(deliveries.c.id))
        return [row.carried_by for row in found]

    assert await database.write(work) == [1, 3, 3]


async def test_a_sender_that_died_leaves_a_try_behind(database: Database, clock: ManualClock) -> None:
    def dies(uow: UnitOfWork) -> tuple[int, int]:
        client = builders.client(uow)
        person = builders.person(uow, client, "technician", "ANA")
        delivery = tell_person(uow, person, Notification("reply.text", {"text": "Hello"}))
        begin(uow, claim(uow, "telegram", "default", 1))
        return client, delivery or 0

    client, delivery = await database.write(dies)
    clock.advance(LEASE.total_seconds())
    await database.write(expire)
    proof = await database.read(lambda reader: get_proof(reader, client, delivery))
    assert [(one.outcome, one.code) for one in proof.attempts] == [("unknown", "lease")]


async def test_of_many_who_press_at_once_one_sends_it_again_and_the_others_read_so(database: Database) -> None:
    old = await database.write(uncertain)
    presses = [database.write(lambda uow: execute(ResendDelivery(old), uow)) for _ in range(6)]
    ended = await asyncio.gather(*presses, return_exceptions=True)
    refused = [str(one) for one in ended if isinstance(one, Conflict)]
    assert len(refused) == 5
    assert all("sent again already" in sentence for sentence in refused)
    assert await database.write(goes_out) == ["Hello"]


async def test_sent_again_and_confirmed_at_once_it_is_not_sent_twice(database: Database) -> None:
    for _ in range(5):
        old = await database.write(uncertain)
        await asyncio.gather(
            database.write(lambda uow, old=old: execute(ResendDelivery(old), uow)),  # type: ignore[misc]
            database.write(lambda uow, old=old: execute(ConfirmDelivery(old), uow)),  # type: ignore[misc]
            return_exceptions=True,
        )
        assert await database.write(goes_out) == []


async def test_only_what_is_uncertain_can_be_confirmed(database: Database) -> None:
    waiting = await database.write(builders.queued)
    with pytest.raises(Conflict, match="This message is pending: only what is uncertain"):
        await database.write(lambda uow: execute(ConfirmDelivery(waiting), uow))


async def test_it_is_for_the_clients_admin(database: Database) -> None:
    def build(uow: UnitOfWork) -> tuple[int, int, list[int]]:
        ours, theirs = builders.client(uow), builders.client(uow, "BETA")
        person = builders.person(uow, ours, "technician", "ANA")
        old = tell_person(uow, person, Notification("reply.text", {"text": "Hello"}))
        lost_on_the_way(uow)
        others = [builders.person(uow, ours, "dispatcher", "DIS"), builders.person(uow, theirs, "admin", "ADM")]
        return ours, old or 0, others

    client, old, others = await database.write(build)
    for who in others:
        for command in (
            ResendDelivery(old),
            ConfirmDelivery(old),
            RepeatDelivery(old),
            ResendFiltered(client, "failed"),
        ):

            def acts(uow: UnitOfWork, who: int = who, command: object = command) -> object:
                builders.acting(uow, who)
                return execute(command, uow)

            with pytest.raises(Forbidden):
                await database.write(acts)


async def test_what_is_to_be_repeated_is_read_from_its_partial_index(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        if uow.dialect.name == "postgresql":  # a few rows are always read faster without an index
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        return plan_of(uow, DUE, {"channel": "telegram", "before": uow.now, "limit": 10})

    assert "ix_deliveries_uncertain" in await database.write(work)
