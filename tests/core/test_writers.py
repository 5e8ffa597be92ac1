"""The threads that write: many units share a commit, each stands alone when it fails, and nothing is half done."""

import asyncio
import sqlite3
import threading

import pytest
from sqlalchemy import bindparam, insert, select, update

from core.database import Database
from core.errors import Conflict, Unavailable
from core.scheduling.queries import find_kept, keep
from core.scheduling.tables import kept_settings, leases
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from tests.core.keeping import fails_after_keeping, keeps, kept

NEW_LEASE = Statement(insert(leases).values({name: bindparam(name) for name in ("name", "owner", "until")}))


ADD_ONE = Statement(update(kept_settings).where(kept_settings.c.name == "count").values(value=bindparam("next_value")))


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
