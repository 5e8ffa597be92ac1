"""Somebody writes in the very moment in which a notice to them is settled: one of the two sees the other."""

from datetime import datetime, timedelta

import pytest

from core.clock import ManualClock
from core.conversations.commands import OpenWindow
from core.database import Database
from core.executor import execute
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.tables import Delivery
from core.unit_of_work import UnitOfWork
from tests.core.outbox.test_failed_later import customer, leaves
from tests.core.outbox.test_windows import due, manager, said, tell, writes
from tests.core.overlapping import overlapping


async def test_who_writes_while_the_notice_is_settled_gets_the_full_text(database: Database) -> None:
    def begin(uow: UnitOfWork) -> None:
        manager(uow)
        tell(uow, 1)

    await database.write(begin)
    (notice,) = await database.write(due)

    def settles(uow: UnitOfWork) -> None:
        settle(uow, [Settlement(notice, "sent", external_id="m1", as_notice=True)])

    followed, _ = await overlapping(database, writes, settles)
    assert followed == 0
    assert said(await database.write(due)) == [["t1"]]


class Failing:
    """The notice of an answer to a customer, which fails for the moment when they write."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock = database, clock

    async def leaves(self) -> None:
        await self.database.write(customer)
        self.clock.advance(timedelta(days=2).total_seconds())
        (self.notice,) = await self.database.write(_claimed)

    def fails(self, uow: UnitOfWork) -> None:
        again = uow.now + timedelta(seconds=2)
        settle(uow, [Settlement(self.notice, "temporary", code="131016", again_at=again)])

    def writes(self, uow: UnitOfWork) -> None:
        execute(OpenWindow(1, self.notice.chat), uow)

    async def heard_at(self) -> datetime | None:
        self.clock.advance(2)
        return (await self.database.write(leaves)).heard_at


@pytest.fixture
async def failing(database: Database, clock: ManualClock) -> Failing:
    failing = Failing(database, clock)
    await failing.leaves()
    return failing


def _claimed(uow: UnitOfWork) -> list[Delivery]:
    return claim(uow, "whatsapp", "default", 10)


async def test_who_writes_while_the_notice_is_on_its_way_and_fails_is_heard(failing: Failing) -> None:
    """It goes in full when it is tried again, and no notice before it."""
    wrote_at = failing.clock.now()
    await failing.database.write(failing.writes)
    await failing.database.write(failing.fails)
    assert await failing.heard_at() == wrote_at


@pytest.mark.parametrize("order", [("writes", "fails"), ("fails", "writes")])
async def test_who_writes_while_it_is_written_down_that_the_notice_failed_is_heard(
    failing: Failing, order: tuple[str, str]
) -> None:
    wrote_at = failing.clock.now()
    await overlapping(failing.database, *(getattr(failing, what) for what in order))
    assert await failing.heard_at() == wrote_at
