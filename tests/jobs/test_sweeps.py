"""Keeping house: leases of senders that died, and what has been kept long enough."""

from datetime import timedelta

from structlog.testing import capture_logs

from core.audit.inbox import first_time
from core.clock import ManualClock
from core.database import Database
from core.outbox.dispatching import claim
from core.outbox.in_hand import begin
from core.scheduling.queries import claim_tick
from core.unit_of_work import UnitOfWork
from jobs.sweeps import SEEN_FOR, TICKS_FOR, expire_leases, prune
from tests import builders
from tests.conftest import START


async def test_deliveries_of_a_sender_that_died_become_uncertain_and_it_is_said(
    database: Database, clock: ManualClock
) -> None:
    await database.write(builders.queued)
    await database.write(lambda uow: begin(uow, claim(uow, "telegram", "default", 1)))
    with capture_logs() as logged:
        assert await expire_leases(database) == 0
        clock.advance(60)
        assert await expire_leases(database) == 1
    assert [(line["log_level"], line["count"]) for line in logged] == [("warning", 1)]


async def test_platform_events_are_kept_longer_than_any_platform_repeats_them(
    database: Database, clock: ManualClock
) -> None:
    def seen(uow: UnitOfWork) -> bool:
        return first_time(uow, "whatsapp", "default", ("wamid.1",), "heard")

    await database.write(seen)
    await prune(database, START + timedelta(days=7))
    assert not await database.write(seen)
    clock.advance(SEEN_FOR.total_seconds() + 1)
    await prune(database, clock.now())
    assert await database.write(seen)


async def test_old_ticks_go_and_young_ones_stay(database: Database, clock: ManualClock) -> None:
    def tick(uow: UnitOfWork) -> bool:
        return claim_tick(uow, "climb", START, "a")

    await database.write(tick)
    clock.advance(TICKS_FOR.total_seconds())
    await prune(database, clock.now())
    assert not await database.write(tick)
    clock.advance(1)
    await prune(database, clock.now())
    assert await database.write(tick)
