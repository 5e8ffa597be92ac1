"""The threads that write: many units share a commit, each stands alone when it fails, and nothing is half done."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, insert, select, update

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Unavailable
from core.scheduling.queries import find_kept, keep
from core.scheduling.tables import kept_settings, leases
from core.statements import Statement
from core.unit_of_work import UnitOfWork

END_THIS_CONNECTION = Statement(select(func.pg_terminate_backend(func.pg_backend_pid())))
NEW_LEASE = Statement(insert(leases).values({name: bindparam(name) for name in ("name", "owner", "until")}))
EVERYTHING = Statement(select(kept_settings.c.name).order_by(kept_settings.c.name))
ADD_ONE = Statement(update(kept_settings).where(kept_settings.c.name == "count").values(value=bindparam("next_value")))


def keeps(name: str) -> Callable[[UnitOfWork], str]:
    def work(uow: UnitOfWork) -> str:
        keep(uow, name, 1)
        return name

    return work


def fails_after_keeping(name: str, error: Exception) -> Callable[[UnitOfWork], str]:
    def work(uow: UnitOfWork) -> str:
        keep(uow, name, 1)
        raise error

    return work


async def kept(database: Database) -> list[str]:
    return [row.name for row in await database.read(lambda reader: reader.all(EVERYTHING))]


async def test_a_unit_is_answered_with_its_result_after_the_commit(database: Database) -> None:
    assert await database.write(keeps("one")) == "one"
    assert await kept(database) == ["one"]


async def test_a_unit_that_fails_undoes_only_itself(database: Database) -> None:
    results = await asyncio.gather(
        database.write(keeps("a")),
        database.write(fails_after_keeping("b", ValueError("no"))),
        database.write(keeps("c")),
        database.write(fails_after_keeping("d", Conflict("taken"))),
        database.write(keeps("e")),
        return_exceptions=True,
    )
    assert [str(result) for result in results] == ["a", "no", "c", "taken", "e"]
    assert await kept(database) == ["a", "c", "e"]


async def test_a_statement_the_database_refuses_undoes_only_its_unit(database: Database) -> None:
    def twice(uow: UnitOfWork) -> None:
        keep(uow, "b", 1)
        for _ in range(2):
            uow.run(NEW_LEASE, name="same", owner="x", until=uow.now)

    outcomes = await asyncio.gather(
        database.write(keeps("a")), database.write(twice), database.write(keeps("c")), return_exceptions=True
    )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
    assert not isinstance(outcomes[1], Unavailable)
    assert await kept(database) == ["a", "c"]


async def test_of_two_hundred_simultaneous_increments_none_is_lost(database: Database) -> None:
    def add_one(uow: UnitOfWork) -> None:
        row = uow.one(COUNT)
        uow.run(ADD_ONE, next_value=row.value + 1)

    await database.write(lambda uow: keep(uow, "count", 0))
    await asyncio.gather(*(database.write(add_one) for _ in range(200)))
    assert await database.read(lambda reader: find_kept(reader, "count")) == 200


COUNT = Statement(select(kept_settings.c.value).where(kept_settings.c.name == "count").with_for_update())


async def test_what_a_unit_announces_is_told_after_its_commit_and_once(database: Database) -> None:
    told: list[frozenset[str]] = []
    database.committed.append(told.append)

    def work(uow: UnitOfWork) -> None:
        keep(uow, "x", 1)
        uow.announce("lane:slack")
        uow.announce("lane:slack")

    await database.write(work)
    assert told == [frozenset({"lane:slack"})]


async def test_what_a_failed_unit_announced_is_told_to_nobody(database: Database) -> None:
    told: list[frozenset[str]] = []
    database.committed.append(told.append)

    def work(uow: UnitOfWork) -> None:
        uow.announce("lane:slack")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(work)
    assert told == []


async def test_a_caller_who_no_longer_waits_loses_nothing_and_stops_nobody(database: Database) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(uow: UnitOfWork) -> None:
        begun.set()
        may_end.wait(5)
        keep(uow, "slow", 1)

    waiting = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    waiting.cancel()
    may_end.set()
    await database.write(keeps("next"))
    await database.close()  # which waits for what was begun
    again = Database(database.url, database.clock)
    assert await kept(again) == ["next", "slow"]
    await again.close()


async def test_who_writes_down_a_refusal_does_not_see_what_was_undone(database: Database) -> None:
    def work(uow: UnitOfWork) -> object:
        keep(uow, "x", 1)
        assert find_kept(uow, "x") == 1
        raise Conflict("no")

    assert await database.write(work, refused=lambda uow, _: find_kept(uow, "x")) is None


async def test_the_writer_goes_on_after_every_kind_of_error(database: Database) -> None:
    for error in (ValueError("ours"), Conflict("refused"), KeyError("missing"), sqlite3.IntegrityError("theirs")):
        with pytest.raises(type(error)):
            await database.write(fails_after_keeping("no", error))
    assert await database.write(keeps("yes")) == "yes"
    assert await kept(database) == ["yes"]


async def test_everything_that_was_accepted_is_done_before_closing_ends(database: Database) -> None:
    writes = [asyncio.create_task(database.write(keeps(f"{n:03}"))) for n in range(100)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = Database(database.url, database.clock)
    assert len(await kept(again)) == 100
    await again.close()


# SQLite: one writer, one commit for all that waits


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


# PostgreSQL: one transaction each, side by side


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
