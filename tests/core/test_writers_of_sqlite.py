"""SQLite: one writer, one commit for all that waits."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Unavailable
from core.scheduling.queries import find_kept
from core.unit_of_work import UnitOfWork
from tests.core.keeping import keeps, kept


def on_sqlite(path: Path, clock: ManualClock) -> Database:
    return Database(f"sqlite:///{path}", clock)


@pytest.fixture
def sqlite_path(sqlite_with_tables: Path, tmp_path: Path) -> Path:
    path = tmp_path / "own.db"
    path.write_bytes(sqlite_with_tables.read_bytes())
    return path


async def all_at_once(database: Database, *works: Callable[[UnitOfWork], object]) -> list[object]:
    """Wait in one queue while the writer is busy, so that they share its commit."""
    begun, may_end = threading.Event(), threading.Event()

    def busy(_: UnitOfWork) -> None:
        begun.set()
        may_end.wait(5)

    first = asyncio.create_task(database.write(busy))
    await asyncio.to_thread(begun.wait, 5)
    waiting = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(first, return_exceptions=True)
    return list(await asyncio.gather(*waiting, return_exceptions=True))


async def test_when_a_transaction_is_lost_those_in_it_are_told_and_nothing_of_theirs_is_stored(
    sqlite_path: Path, clock: ManualClock
) -> None:
    database = on_sqlite(sqlite_path, clock)

    def ends_the_transaction(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself when the disk is full

    results = await all_at_once(database, keeps("a"), ends_the_transaction, keeps("b"))

    assert [type(result) for result in results[:2]] == [Unavailable] * 2
    assert results[2] == "b"  # its turn came after
    assert await database.write(keeps("later")) == "later"
    assert await kept(database) == ["b", "later"]
    await database.close()


async def test_a_database_locked_by_somebody_else_is_unavailable_and_nothing_is_stored(
    sqlite_path: Path, clock: ManualClock
) -> None:
    database = on_sqlite(sqlite_path, clock)
    await database.write(lambda uow: uow.connection.exec_driver_sql("PRAGMA busy_timeout = 50").all())
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="locked"):
        await database.write(keeps("no"))

    other.execute("ROLLBACK")
    other.close()
    assert await database.write(keeps("yes")) == "yes"
    assert await kept(database) == ["yes"]
    await database.close()


async def test_a_file_that_may_only_be_read_is_unavailable(sqlite_path: Path, clock: ManualClock) -> None:
    database = on_sqlite(sqlite_path, clock)
    await database.write(lambda uow: uow.connection.exec_driver_sql("PRAGMA query_only = ON"))
    with pytest.raises(Unavailable, match="readonly"):
        await database.write(keeps("no"))
    await database.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.db"
    path.write_bytes(b"A photo of a cat, under the wrong name. " * 100)
    return path


async def test_a_file_that_is_no_database_is_unavailable_until_it_is_replaced(
    photo: Path, sqlite_path: Path, clock: ManualClock
) -> None:
    database = on_sqlite(photo, clock)
    for _ in range(2):
        with pytest.raises(Unavailable, match="not a database"):
            await database.write(keeps("no"))
        with pytest.raises(Unavailable, match="not a database"):
            await kept(database)
    await asyncio.to_thread(sqlite_path.replace, photo)
    assert await database.write(keeps("yes")) == "yes"
    assert await kept(database) == ["yes"]
    await database.close()


async def test_units_in_one_commit_see_what_those_before_them_did(sqlite_path: Path, clock: ManualClock) -> None:
    database = on_sqlite(sqlite_path, clock)
    assert await all_at_once(database, keeps("a"), lambda uow: find_kept(uow, "a")) == ["a", 1]
    await database.close()
