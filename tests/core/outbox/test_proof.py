"""The proof of notice: every try and every word of the platform, and the other messages that say the same."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.outbox.commands import ConfirmDelivery, ResendDelivery
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_again, tell_person
from core.outbox.proof import list_open, list_proofs
from core.outbox.proof_rows import Proof
from core.outbox.receipts import take_receipt
from core.outbox.tables import deliveries
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.outbox.unknown import lost_on_the_way

HELLO = Notification("reply.text", {"text": "Hello"})


def told(uow: UnitOfWork, code: str = "ANA", on: str = "whatsapp", client: int = 0) -> int:
    client = client or builders.client(uow)
    return tell_person(uow, builders.person(uow, client, "agent", code, on=on), HELLO) or 0


async def proofs(database: Database, **filters: Any) -> list[Proof]:
    return await database.read(lambda reader: list_proofs(reader, 1, filters))


def ends(uow: UnitOfWork, *settlements: dict[str, Any]) -> None:
    for values in settlements:
        (one,) = claim(uow, "whatsapp", "default", 10)
        settle(uow, [Settlement(one, **values)])


async def test_every_try_is_there_with_its_outcome_and_every_word_of_the_platform(
    database: Database, clock: ManualClock
) -> None:
    await database.write(told)
    again = {"outcome": "temporary", "code": "429", "reason": "too fast", "again_at": START}
    await database.write(lambda uow: ends(uow, again, {"outcome": "sent", "external_id": "w1"}))
    for minute, word in enumerate(("delivered", "delivered", "read"), 1):
        at = START + timedelta(minutes=minute)
        await database.write(lambda uow, word=word, at=at: take_receipt(uow, "whatsapp", "w1", word, at))  # type: ignore[misc]
    (proof,) = await proofs(database)
    assert [(one.outcome, one.code) for one in proof.attempts] == [("temporary", "429"), ("sent", None)]
    assert (proof.sent.created_at, proof.sent_at, proof.failed_at) == (START, START, None)
    assert (proof.delivered_at, proof.read_at) == (START + timedelta(minutes=1), START + timedelta(minutes=3))


async def test_a_failure_says_when_and_why(database: Database, clock: ManualClock) -> None:
    await database.write(told)
    clock.advance(60)
    refused = {"outcome": "permanent", "code": "131026", "reason": "not on WhatsApp"}
    await database.write(lambda uow: ends(uow, refused))
    (proof,) = await proofs(database)
    assert (proof.failed_at, proof.sent_at) == (START + timedelta(minutes=1), None)
    assert (proof.sent.error_code, proof.sent.error) == ("131026", "not on WhatsApp")


async def test_what_somebody_said_to_have_arrived_was_sent_then(database: Database, clock: ManualClock) -> None:
    def confirmed(uow: UnitOfWork) -> None:
        (only,) = builders.outbox(uow)
        execute(ConfirmDelivery(only.id), uow)

    await database.write(told)
    await database.write(lambda uow: lost_on_the_way(uow, "whatsapp"))
    clock.advance(60)
    await database.write(confirmed)
    (proof,) = await proofs(database)
    assert (proof.sent.state, proof.sent_at) == ("sent", START + timedelta(minutes=1))


async def test_repeats_and_other_ways_are_named(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int, int]:
        first = told(uow)
        lost_on_the_way(uow, "whatsapp")
        repeat = execute(ResendDelivery(first), uow).id
        other = builders.Chat("telegram", "default", "telegram-ANA")
        fallback = tell_again(uow, other, 1, 1, person_id=1, photos=())
        told(uow, "BEN", client=1)
        return first, repeat, fallback

    first, repeat, fallback = await database.write(work)
    found = {proof.sent.id: (proof.repeats, proof.fallbacks) for proof in await proofs(database, person_id=1)}
    assert found == {
        first: ((repeat,), (fallback,)),
        repeat: ((), (fallback,)),
        fallback: ((), (first, repeat)),
    }


async def test_a_bundled_one_names_its_message_and_a_bundle_does_not_name_itself(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int]:
        carrier = told(uow)
        carried = tell_person(uow, 1, HELLO) or 0
        uow.connection.execute(update(deliveries).values(carried_by=carrier))
        return carrier, carried

    carrier, carried = await database.write(work)
    assert {proof.sent.id: proof.bundled_in for proof in await proofs(database)} == {carrier: None, carried: carrier}


async def test_a_page_is_as_long_as_asked_and_only_the_clients(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        for code in ("A", "B", "C"):
            told(uow, code, client=1 if code != "A" else 0)
        told(uow, "X", client=builders.client(uow, "BETA"))

    await database.write(work)
    newest = await database.read(lambda reader: list_proofs(reader, 1, {}, limit=2))
    rest = await database.read(lambda reader: list_proofs(reader, 1, {}, before=newest[-1].sent.id, limit=2))
    assert [proof.sent.id for proof in (*newest, *rest)] == [3, 2, 1]
    clock.advance(60)
    await database.write(lambda uow: told(uow, "D", client=1))
    since = START + timedelta(seconds=60)
    assert [proof.sent.person_id for proof in await proofs(database, since=since)] == [5]
    assert len(await proofs(database, until=since)) == 3


async def test_what_was_sent_again_is_not_open_any_more(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[int]]:
        old = told(uow)
        lost_on_the_way(uow, "whatsapp")
        found = [[sent.id for sent in list_open(uow, 1, {"state": "uncertain"}, 10)]]
        execute(ResendDelivery(old), uow)
        return [*found, [sent.id for sent in list_open(uow, 1, {"state": "uncertain"}, 10)]]

    assert await database.write(work) == [[1], []]
