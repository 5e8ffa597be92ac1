"""A dispatcher that died: what it had begun is uncertain, what it had not waits as before; and nobody touches what is another's."""

from datetime import timedelta

import pytest

from core.clock import Clock, ManualClock
from core.database import Database
from core.outbox.dispatching import LEASE, Outcome, Settlement, claim, settle
from core.outbox.giving_back import hold, release
from core.outbox.in_hand import DUE_AGAIN, begin, expire, list_under_way, take_over
from core.outbox.ledger import take_stock
from core.outbox.notify import Notification, tell_person
from core.outbox.tables import URGENT, Delivery
from core.scheduling.queries import take_lease
from core.unit_of_work import UnitOfWork
from jobs.sweeps import expire_leases
from tests import builders
from tests.conftest import START
from tests.core.tickets.test_plans import plan_of


def claimed(uow: UnitOfWork, limit: int = 100) -> list[Delivery]:
    return claim(uow, "telegram", "default", limit)


def states(uow: UnitOfWork) -> list[str]:
    return [left.state for left in builders.outbox(uow)]


def texts(deliveries: list[Delivery]) -> list[str]:
    return [one.facts["text"] for one in deliveries]


async def queue(database: Database, *names: str, chat: str = "42") -> None:
    await database.write(lambda uow: [builders.queued(uow, chat, name) for name in names])


@pytest.mark.parametrize("how", ["its lease runs out", "its lane is taken over"])
async def test_only_what_had_begun_is_uncertain(database: Database, clock: ManualClock, how: str) -> None:
    await queue(database, "begun", "not begun", "nor this")
    await database.write(lambda uow: begin(uow, claimed(uow)[:1]))

    if how == "its lease runs out":
        clock.advance(LEASE.total_seconds())
        assert await database.write(expire) == 1
        assert await database.write(states) == ["uncertain", "pending", "pending"]
    else:
        assert await database.write(lambda uow: take_over(uow, "telegram", "default")) == 2
        assert await database.write(states) == ["sending", "pending", "pending"]
    assert texts(await database.write(claimed)) == ["not begun", "nor this"]


async def test_a_lane_that_is_taken_over_keeps_its_chats_in_order(database: Database, clock: ManualClock) -> None:
    await queue(database, "one", "two")
    await database.write(claimed)
    clock.advance(1)
    await queue(database, "three")
    await queue(database, "elsewhere", chat="43")
    clock.advance(1)

    await database.write(lambda uow: take_over(uow, "telegram", "default"))

    found = await database.write(claimed)
    assert texts([one for one in found if one.chat == "42"]) == ["one", "two", "three"]


async def test_another_lane_keeps_what_it_has_in_hand(database: Database) -> None:
    await queue(database, "here")
    await database.write(claimed)
    assert await database.write(lambda uow: take_over(uow, "slack", "default")) == 0
    assert await database.write(states) == ["sending"]


@pytest.mark.parametrize("what", ["begins", "gives back", "holds", "sent", "nothing", "temporary", "permanent"])
async def test_who_lost_a_delivery_changes_nothing_of_it(database: Database, clock: ManualClock, what: str) -> None:
    """It stood still for a minute, its lane was taken over, and then it went on."""
    await queue(database, "x")
    old = await database.write(claimed)
    clock.advance(20)
    await database.write(lambda uow: take_over(uow, "telegram", "default"))
    new = await database.write(claimed)
    await database.write(lambda uow: begin(uow, new))

    def goes_on(uow: UnitOfWork) -> None:
        if what == "begins":
            assert begin(uow, old) == set()
        elif what == "gives back":
            release(uow, old)
        elif what == "holds":
            hold(uow, [(one, uow.now) for one in old], "limit")
        else:
            outcome: Outcome = what  # type: ignore[assignment]
            settle(uow, [Settlement(one, outcome, again_at=uow.now) for one in old])

    await database.write(goes_on)
    assert await database.write(states) == ["sending"]
    assert await database.write(lambda uow: begin(uow, new)) == {new[0].id}


async def test_what_a_bundle_had_not_begun_waits_for_itself_again(database: Database, clock: ManualClock) -> None:
    def collected(uow: UnitOfWork) -> None:
        person = builders.person(uow, builders.client(uow), "technician", "ANA")
        for number in range(4):
            tell_person(uow, person, Notification("reply.text", {"text": str(number)}, digest_key="ticket"))

    await database.write(collected)
    clock.advance(600)
    found = await database.write(claimed)
    assert sorted(len(one.carried) for one in found) == [0, 0, 1]

    await database.write(lambda uow: take_over(uow, "telegram", "default"))

    again = await database.write(claimed)
    assert sorted(len(one.carried) for one in again) == [0, 0, 1]


async def test_what_has_begun_counts_as_sent_for_whoever_takes_over(database: Database) -> None:
    await queue(database, "begun", "not begun")
    await database.write(lambda uow: begin(uow, claimed(uow)[:1]))
    under_way = await database.read(lambda reader: list_under_way(reader, "telegram", "default", START - LEASE))
    assert under_way == [("message", "42", START)]


async def test_a_machines_clock_that_is_set_back_keeps_nothing_for_ever(database: Database) -> None:
    await queue(database, "begun", "not begun")

    def dies(uow: UnitOfWork) -> None:
        uow.now += timedelta(hours=3)
        begin(uow, claimed(uow)[:1])
        assert take_lease(uow, "lane:telegram:default", "the dead one", LEASE)

    await database.write(dies)
    assert await database.write(expire) == 1
    assert await database.write(states) == ["uncertain", "pending"]
    assert await database.write(lambda uow: take_lease(uow, "lane:telegram:default", "another", LEASE))


async def test_a_clock_moved_for_a_demonstration_takes_nothing_from_anybody(database: Database) -> None:
    demo = Database(database.url, Clock(lambda: START))
    await queue(demo, "begun", "not begun")
    lease_until = START + LEASE
    await demo.write(lambda uow: begin(uow, claim(uow, "telegram", "default", 9, lease_until=lease_until)[:1]))
    await demo.write(lambda uow: take_lease(uow, "lane:telegram:default", "me", LEASE, demo.clock.unmoved()))

    demo.clock.advance(7 * 3600)

    assert await expire_leases(demo) == 0
    assert await demo.write(states) == ["sending", "sending"]
    stock = await demo.read(lambda reader: take_stock(reader, demo.clock.now(), demo.clock.unmoved()))
    assert stock.broken == {}
    assert not await demo.write(lambda uow: take_lease(uow, "lane:telegram:default", "b", LEASE, demo.clock.unmoved()))
    await demo.close()


async def test_when_somebody_sets_the_clock_back_what_is_urgent_does_not_wait_for_the_time_to_come_again(
    database: Database, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.queued(uow, "1", "before", urgency=URGENT)
        builders.queued(uow, "2", "before, later", urgency=URGENT, not_before=uow.now + timedelta(minutes=5))
        builders.queued(uow, "3", "before, can wait")

    await database.write(work)
    clock.advance(-3600)
    assert texts(await database.write(claimed)) == []
    await database.write(expire)
    assert texts(await database.write(claimed)) == ["before"]
    clock.advance(3600 + 300)
    assert sorted(texts(await database.write(claimed))) == ["before, can wait", "before, later"]


async def test_what_lies_in_the_future_is_found_by_its_partial_index(database: Database) -> None:
    if database.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL plans by statistics that a small table does not have")
    values: dict[str, object] = {"now": START, "too_far": START}
    assert "ix_deliveries_unreached (created_at>?)" in await database.write(lambda uow: plan_of(uow, DUE_AGAIN, values))
