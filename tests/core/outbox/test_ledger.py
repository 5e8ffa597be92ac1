"""The ledger: what an outbox at work looks like adds up, and each way in which a message can get lost is found."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from core.audit.inbox import first_time, put_aside
from core.audit.record import Subject
from core.clock import ManualClock
from core.database import FEW_PAGES, Database
from core.executor import execute
from core.outbox.cards import refresh_cards
from core.outbox.commands import ConfirmDelivery, ResendDelivery
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.giving_back import hold, release
from core.outbox.in_hand import begin, expire
from core.outbox.lanes import pause_lane, report_broken, report_working
from core.outbox.ledger import take_stock
from core.outbox.notify import Chat, Notification, tell_chat, tell_person, withdraw
from core.outbox.receipts import take_receipt
from core.outbox.tables import attempts, deliveries, notifications
from core.people.tables import contact_methods
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.outbox.unknown import goes_out, lost_on_the_way, uncertain

THING = Subject("thing", 7, "T-7", None)


def broken(uow: UnitOfWork) -> dict[str, int]:
    return take_stock(uow, uow.now).broken


def change(uow: UnitOfWork, delivery_id: int, **values: Any) -> None:
    builders.change(uow, deliveries, delivery_id, **values)


async def test_an_outbox_at_work_adds_up(database: Database, clock: ManualClock) -> None:
    def busy(uow: UnitOfWork) -> None:
        for chat in ("1", "2"):
            tell_chat(
                uow, Chat("telegram", "default", chat), Notification("reply.text", {"text": "a"}, THING, card=True)
            )
        builders.queued(uow, photos=(7, 8))
        goes_out(uow)
        goes_out(uow)
        for text in ("claimed", "taken over", "resolved"):
            refresh_cards(uow, THING, {"text": text})
        withdraw(uow, THING, "reply.text")
        again, confirmed, reported = uncertain(uow), uncertain(uow), uncertain(uow, "whatsapp")
        execute(ResendDelivery(again), uow)
        goes_out(uow)
        take_receipt(uow, "telegram", "m-late", "delivered", uow.now, delivery_id=again)
        execute(ConfirmDelivery(confirmed), uow)
        take_receipt(uow, "whatsapp", "wamid.1", "read", uow.now, delivery_id=reported)
        builders.queued(uow, channel="slack")
        settle(uow, [Settlement(one, "permanent") for one in claim(uow, "slack", "default", 1)])
        execute(ResendDelivery(builders.outbox(uow, channel="slack")[0].id), uow)
        goes_out(uow, "slack")
        refused = builders.outbox(uow, channel="slack")[0].id
        take_receipt(uow, "slack", "m-late", "delivered", uow.now, delivery_id=refused)  # it had arrived after all
        faster = builders.queued(uow, channel="whatsapp")
        claim(uow, "whatsapp", "default", 1)
        take_receipt(uow, "whatsapp", "wamid.2", "sent", uow.now, delivery_id=faster)  # and then its sender died
        builders.queued(uow)
        begin(uow, claim(uow, "telegram", "default", 1))

    def later(uow: UnitOfWork) -> dict[str, int]:
        expire(uow)
        lost_on_the_way(uow)
        return broken(uow)

    await database.write(busy)
    assert await database.write(broken) == {}
    clock.advance(60)
    assert await database.write(later) == {}


async def test_it_counts_what_there_is(database: Database) -> None:
    def work(uow: UnitOfWork) -> dict[str, int]:
        for _ in range(3):
            builders.queued(uow)
        settle(uow, [Settlement(one, "sent", external_id="m") for one in claim(uow, "telegram", "default", 2)])
        put_aside(uow, "slack", "default", "{}", "KeyError", "...")
        return take_stock(uow, uow.now).counts

    assert await database.write(work) == {"notifications": 3, "quarantined": 1, "pending": 1, "sent": 2}


async def test_a_notification_without_a_message_is_lost(database: Database) -> None:
    def work(uow: UnitOfWork) -> dict[str, int]:
        builders.queued(uow, subject=THING)
        builders.queued(uow, subject=THING)
        uow.connection.execute(delete(deliveries).where(deliveries.c.id == 1))
        return broken(uow)

    assert await database.write(work) == {"lost": 1}


async def test_a_message_is_not_sent_for_ever(database: Database, clock: ManualClock) -> None:
    await database.write(builders.queued)
    await database.write(lambda uow: claim(uow, "telegram", "default", 1))
    clock.advance(60 + 299)
    assert await database.write(broken) == {}
    clock.advance(1)
    assert await database.write(broken) == {"stuck": 1}


async def test_what_should_have_left_long_ago_is_late_unless_everybody_knows_why(
    database: Database, clock: ManualClock
) -> None:
    def held(uow: UnitOfWork) -> None:
        change(uow, builders.queued(uow), next_attempt_at=uow.now + timedelta(days=2))

    await database.write(builders.queued)
    await database.write(held)
    clock.advance(3599)
    assert await database.write(broken) == {}
    clock.advance(1)
    assert await database.write(broken) == {"late": 1}

    def known(uow: UnitOfWork) -> list[dict[str, int]]:
        pause_lane(uow, "telegram:default", uow.now + timedelta(minutes=1), "many failures")
        found = [broken(uow)]
        report_working(uow, "telegram:default")
        found.append(broken(uow))
        report_broken(uow, "telegram:default", "the token is not valid")
        return [*found, broken(uow)]

    assert await database.write(known) == [{}, {"late": 1}, {}]


@pytest.mark.parametrize(
    ("carrier", "finds"),
    [("pending", 0), ("sent", 0), ("uncertain", 0), ("failed", 1), ("withdrawn", 1)],
)
async def test_a_bundled_message_ends_with_its_bundle(database: Database, carrier: str, finds: int) -> None:
    def work(uow: UnitOfWork) -> dict[str, int]:
        bundle, carried = builders.queued(uow), builders.queued(uow)
        goes_out(uow)
        change(uow, bundle, state=carrier, carried_by=bundle)
        change(uow, carried, state="bundled", carried_by=bundle)
        return broken(uow)

    assert (await database.write(work)).get("adrift", 0) == finds


async def test_what_failed_goes_on_or_is_reported(database: Database) -> None:
    """The row of the person's other way is lost, or the word that there was none."""

    def tell(uow: UnitOfWork) -> None:
        ana = builders.person(uow, builders.client(uow), "technician", "ANA")
        row = {"channel": "slack", "address": "slack-ANA", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=ana, **row)
        tell_person(uow, ana, Notification("reply.text", {"text": "a"}))

    def fails(uow: UnitOfWork, channel: str) -> dict[str, int]:
        settle(uow, [Settlement(one, "permanent") for one in claim(uow, channel, "default", 1)])
        return broken(uow)

    def no_word(uow: UnitOfWork) -> dict[str, int]:
        uow.connection.execute(update(notifications).values(unreached_at=None))
        return broken(uow)

    def no_row(uow: UnitOfWork) -> dict[str, int]:
        uow.connection.execute(delete(attempts).where(attempts.c.delivery_id != 1))
        uow.connection.execute(delete(deliveries).where(deliveries.c.id != 1))
        return broken(uow)

    await database.write(tell)
    assert await database.write(lambda uow: fails(uow, "telegram")) == {}
    assert await database.write(lambda uow: fails(uow, "slack")) == {}
    assert await database.write(no_word) == {"abandoned": 2}
    assert await database.write(no_row) == {"abandoned": 1}


async def test_nothing_counts_as_sent_without_a_try(database: Database) -> None:
    def work(uow: UnitOfWork) -> dict[str, int]:
        builders.queued(uow)
        builders.queued(uow)
        goes_out(uow)
        uow.connection.execute(delete(attempts).where(attempts.c.delivery_id == 1))
        return broken(uow)

    assert await database.write(work) == {"unproved": 1}


async def test_what_was_sent_twice_without_a_word_is_found(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[dict[str, int]]:
        repeat = execute(ResendDelivery(uncertain(uow)), uow)
        goes_out(uow)
        take_receipt(uow, "telegram", "m-late", "delivered", uow.now, delivery_id=1)
        marked = broken(uow)
        change(uow, 1, followed_at=None)
        change(uow, repeat.id, is_repeat=False)
        return [marked, broken(uow)]

    assert await database.write(work) == [{}, {"doubled": 1}]


async def test_what_stands_behind_one_that_waits_for_its_moment_is_not_late(
    database: Database, clock: ManualClock
) -> None:
    def held(uow: UnitOfWork) -> None:
        for _ in range(2):
            builders.queued(uow)
        first, second = claim(uow, "telegram", "default", 2)
        hold(uow, [(first, uow.now + timedelta(hours=24))], "recipients")
        release(uow, [second])

    await database.write(held)
    clock.advance(2 * 3600)
    assert await database.write(broken) == {}
    clock.advance(24 * 3600)
    assert await database.write(broken) == {"late": 2}


async def test_what_platforms_sent_is_counted_by_what_became_of_it(database: Database) -> None:
    def taken_in(uow: UnitOfWork) -> tuple[dict[str, int], dict[str, int]]:
        first_time(uow, "slack", "default", ("Ev1", "C1:1.0"), "heard")
        first_time(uow, "slack", "default", ("Ev2",), "refused")
        counts = take_stock(uow, uow.now).counts
        first_time(uow, "slack", "default", ("Ev3",), None)
        return counts, broken(uow)

    counts, wrong = await database.write(taken_in)
    assert {name: n for name, n in counts.items() if name.startswith("taken in")} == {
        "taken in, heard": 1,
        "taken in, refused": 1,
    }
    assert wrong == {"unaccounted": 1}


async def test_a_count_of_everything_leaves_the_connection_as_it_was(database: Database) -> None:
    def cache(reader: Reader) -> object:
        if reader.dialect.name != "sqlite":
            return None
        return reader.connection.exec_driver_sql("PRAGMA cache_size").scalar_one()

    before = await database.read(cache)
    assert await database.read_through(cache) == (None if before is None else FEW_PAGES)
    assert await database.read(cache) == before
