"""Somebody writes in the very moment in which a notice to them is settled: one of the two sees the other."""

from core.database import Database
from core.outbox.dispatching import Settlement, settle
from core.unit_of_work import UnitOfWork
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
