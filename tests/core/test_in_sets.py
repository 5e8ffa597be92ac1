"""What waits at the same moment is written as one unit of work, and whoever brings something wrong is alone with it."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from core.database import Database
from core.errors import Conflict, Unavailable
from core.in_sets import Do
from core.scheduling.queries import find_kept, keep
from core.scheduling.tables import kept_settings
from core.statements import Statement
from core.unit_of_work import UnitOfWork

EVERYTHING = Statement(select(kept_settings.c.name).order_by(kept_settings.c.name))
END_THIS_CONNECTION = Statement(select(func.pg_terminate_backend(func.pg_backend_pid())))


class Shelf:
    """Keeps names, and remembers which it was given at once. `slow` waits until everybody else has come."""

    def __init__(self) -> None:
        self.sets: list[list[str]] = []
        self.begun, self.all_there = threading.Event(), threading.Event()

    def put(self, uow: UnitOfWork, names: list[str]) -> None:
        self.sets.append(names)
        if "slow" in names:
            self.begun.set()
            self.all_there.wait(5)
        for name in names:
            keep(uow, name, 1)
            uow.announce(name)
        if "bad" in names:
            raise ValueError("bad")
        if "refused" in names:
            raise Conflict("refused")


async def at_once(database: Database, shelf: Shelf, *brought: Sequence[str], do: Do | None = None) -> list[object]:
    """What became of each of them, who all came while the writer was busy."""
    first = asyncio.create_task(database.write_in_sets(shelf.put, ["slow"]))
    await asyncio.to_thread(shelf.begun.wait, 5)
    waiting = [asyncio.create_task(database.write_in_sets(do or shelf.put, names)) for names in brought]
    await asyncio.sleep(0)
    shelf.all_there.set()
    await first
    return list(await asyncio.gather(*waiting, return_exceptions=True))


async def kept(database: Database) -> list[str]:
    return [row.name for row in await database.read(lambda reader: reader.all(EVERYTHING))]


async def test_what_waits_is_done_as_one(database: Database) -> None:
    shelf = Shelf()
    assert await at_once(database, shelf, ["a"], ["b", "c"], ["d"]) == [None] * 3
    assert shelf.sets == [["slow"], ["a", "b", "c", "d"]]
    assert await kept(database) == ["a", "b", "c", "d", "slow"]


@pytest.mark.parametrize(("wrong", "error"), [("bad", ValueError), ("refused", Conflict)])
async def test_who_brings_something_wrong_is_alone_with_it(
    database: Database, wrong: str, error: type[Exception]
) -> None:
    shelf = Shelf()
    results = await at_once(database, shelf, ["a"], ["b", wrong], ["c"])
    assert [type(one) for one in results] == [type(None), error, type(None)]
    assert await kept(database) == ["a", "c", "slow"]
    assert shelf.sets[-3:] == [["a"], ["b", wrong], ["c"]]
    assert await at_once(database, Shelf(), ["d"], ["e"]) == [None] * 2


async def test_what_is_not_alike_is_not_mixed(database: Database) -> None:
    shelf, other = Shelf(), Shelf()
    first = asyncio.create_task(at_once(database, shelf, ["a"], ["b"]))
    await asyncio.gather(first, *(database.write_in_sets(other.put, [name]) for name in ("x", "y")))
    assert sorted(name for names in other.sets for name in names) == ["x", "y"]
    assert {name for names in shelf.sets for name in names} == {"slow", "a", "b"}


async def test_of_a_set_everything_announced_is_told_once(database: Database) -> None:
    told: list[str] = []
    database.committed.append(told.extend)
    await at_once(database, Shelf(), ["a"], ["b", "bad"], ["c"])
    await at_once(database, Shelf(), ["d"], ["e"])
    assert sorted(told) == ["a", "c", "d", "e", "slow", "slow"]


async def test_a_set_shares_its_commit_with_others(database: Database) -> None:
    shelf = Shelf()
    waiting = asyncio.create_task(at_once(database, shelf, ["a"], ["b"]))
    await asyncio.to_thread(shelf.begun.wait, 5)
    with pytest.raises(Conflict):
        await database.write(refusing)
    await waiting
    assert await kept(database) == ["a", "b", "slow"]


def refusing(uow: UnitOfWork) -> None:
    keep(uow, "no", 1)
    raise Conflict("no")


@pytest.mark.logs_errors
async def test_when_the_transaction_is_lost_all_of_them_are_told(database: Database) -> None:
    shelf = Shelf()

    def loses_it(uow: UnitOfWork, names: list[str]) -> None:
        shelf.put(uow, names)
        if uow.dialect.name == "sqlite":
            uow.connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself when the disk is full
        else:
            uow.one(END_THIS_CONNECTION)

    assert [type(one) for one in await at_once(database, shelf, ["a"], ["b"], do=loses_it)] == [Unavailable] * 2
    assert shelf.sets[1] == ["a", "b"]
    assert ["a"] not in shelf.sets  # it was none of theirs, so nothing is tried one by one
    await database.write_in_sets(shelf.put, ["later"])
    assert await kept(database) == ["later", "slow"]


async def test_who_no_longer_waits_stops_nobody(database: Database) -> None:
    shelf = Shelf()
    first = asyncio.create_task(database.write_in_sets(shelf.put, ["slow"]))
    await asyncio.to_thread(shelf.begun.wait, 5)
    gone, stays = (asyncio.create_task(database.write_in_sets(shelf.put, [name])) for name in ("a", "b"))
    await asyncio.sleep(0)
    gone.cancel()
    shelf.all_there.set()
    await asyncio.gather(first, stays)
    assert await kept(database) == ["a", "b", "slow"]


async def test_everything_that_was_accepted_is_done_before_closing_ends(database: Database) -> None:
    shelf = Shelf()
    writes = [asyncio.create_task(database.write_in_sets(shelf.put, [f"{number:03}"])) for number in range(200)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = Database(database.url, database.clock)
    assert len(await kept(again)) == 200
    await again.close()


async def test_a_part_by_itself_is_a_unit_like_any_other(database: Database) -> None:
    await database.write_in_sets(Shelf().put, ["a"])
    assert await database.write(lambda uow: find_kept(uow, "a")) == 1
