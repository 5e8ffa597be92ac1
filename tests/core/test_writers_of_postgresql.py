"""PostgreSQL: one transaction each, side by side."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import bindparam, func, select

from core.clock import ManualClock
from core.database import Database
from core.errors import Unavailable
from core.scheduling.queries import find_kept, keep
from core.scheduling.tables import kept_settings
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from tests.core.keeping import keeps, kept

END_THIS_CONNECTION = Statement(select(func.pg_terminate_backend(func.pg_backend_pid())))


@pytest.fixture
def on_postgres(database_kind: str, database: Database) -> Database:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer")
    return database


async def test_a_deadlock_is_tried_again_from_the_start(on_postgres: Database) -> None:
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []
    lock = Statement(select(kept_settings.c.value).where(kept_settings.c.name == bindparam("name")).with_for_update())

    def locks(first: str, second: str) -> Callable[[UnitOfWork], str]:
        def work(uow: UnitOfWork) -> str:
            runs.append(first)
            uow.one(lock, name=first)
            if len(runs) <= 2:
                both_hold_one.wait(5)
            uow.one(lock, name=second)
            return first

        return work

    await asyncio.gather(on_postgres.write(keeps("a")), on_postgres.write(keeps("b")))
    assert await asyncio.gather(on_postgres.write(locks("a", "b")), on_postgres.write(locks("b", "a"))) == ["a", "b"]
    assert len(runs) >= 3  # whoever begins again may be quicker than the one it let go first


@pytest.mark.logs_errors
async def test_a_connection_the_server_ended_is_unavailable_and_the_next_write_succeeds(on_postgres: Database) -> None:
    def ended(uow: UnitOfWork) -> None:
        keep(uow, "no", 1)
        uow.one(END_THIS_CONNECTION)

    with pytest.raises(Unavailable):
        await on_postgres.write(ended)
    assert await on_postgres.write(keeps("yes")) == "yes"
    assert await kept(on_postgres) == ["yes"]


async def test_a_server_that_is_not_there_is_unavailable(clock: ManualClock) -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none", clock)
    with pytest.raises(Unavailable):
        await nowhere.write(keeps("no"))
    with pytest.raises(Unavailable):
        await nowhere.read(lambda reader: find_kept(reader, "no"))
    await nowhere.close()
