"""Somebody writes in the very moment in which a notice to them is settled: one of the two sees the other."""

import asyncio
import threading

import pytest

from core.database import Database
from core.outbox.dispatching import Settlement, settle
from core.unit_of_work import UnitOfWork
from tests.core.outbox.test_windows import due, manager, said, tell, writes

PATIENCE = 0.5
"""Seconds until whoever writes goes on although the other waits for them."""


async def test_who_writes_while_the_notice_is_settled_gets_the_full_text(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    has_looked, has_settled = threading.Event(), threading.Event()

    def begin(uow: UnitOfWork) -> None:
        manager(uow)
        tell(uow, 1)

    def hears(uow: UnitOfWork) -> int:
        followed = writes(uow)
        has_looked.set()
        has_settled.wait(PATIENCE)
        return followed

    await database.write(begin)
    (notice,) = await database.write(due)

    def settles(uow: UnitOfWork) -> None:
        has_looked.wait(10)
        settle(uow, [Settlement(notice, "sent", external_id="m1", as_notice=True)])
        has_settled.set()

    followed, _ = await asyncio.gather(database.write(hears), database.write(settles))
    assert followed == 0
    assert said(await database.write(due)) == [["t1"]]
