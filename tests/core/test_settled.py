"""What is remembered from one unit of work to the next is never what somebody has changed, or what was undone."""

import asyncio

import pytest

from core.audit.record import list_timeline
from core.clock import Clock
from core.database import Database
from core.errors import Conflict
from core.executor import execute
from core.people.commands import HeardFrom
from core.people.queries import PERSON_BY_ADDRESS
from core.scheduling.queries import KEPT, find_kept, keep
from core.settled import LONGEST, SELDOM_WRITTEN, Settled
from core.statements import Reader
from core.tables import metadata
from core.unit_of_work import UnitOfWork
from tests import builders


def hours(uow: UnitOfWork) -> object:
    return find_kept(uow, "hours")


async def test_what_is_written_is_read_by_the_next(database: Database) -> None:
    assert await database.write(hours) is None
    await database.write(lambda uow: keep(uow, "hours", 8))
    assert await database.write(hours) == 8


async def test_what_another_process_writes_is_read_by_the_next(database: Database) -> None:
    await database.write(lambda uow: keep(uow, "hours", 8))
    assert await database.write(hours) == 8
    other = Database(database.url, Clock())
    await other.write(lambda uow: keep(uow, "hours", 9))
    await other.close()
    assert await database.write(hours) == 9


async def test_what_was_undone_is_not_remembered(database: Database) -> None:
    def refused(uow: UnitOfWork) -> None:
        keep(uow, "hours", 10)
        assert hours(uow) == 10
        raise Conflict("no")

    async def is_refused() -> None:
        with pytest.raises(Conflict):
            await database.write(refused)

    for _ in range(2):  # together with others, and once they are run one by one
        results = await asyncio.gather(database.write(hours), is_refused(), database.write(hours))
        assert results == [None, None, None]


async def test_of_two_who_differ_in_what_they_ask_each_gets_their_own(database: Database) -> None:
    await database.write(lambda uow: keep(uow, "hours", 8))
    for _ in range(2):
        assert await database.write(lambda uow: (hours(uow), find_kept(uow, "days"))) == (8, None)


def test_the_database_is_asked_once(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("several write there")
    asked: list[str] = []
    settled = Settled()
    with database.engine.connect() as connection:
        now = database.clock.now()
        connection.connection.dbapi_connection.set_trace_callback(asked.append)  # type: ignore[union-attr]
        for _ in range(3):
            assert hours(UnitOfWork(connection, now, settled)) is None
        assert len(asked) == 1
        keep(UnitOfWork(connection, now, settled), "hours", 8)
        assert hours(UnitOfWork(connection, now, settled)) == 8


async def test_what_a_write_cannot_change_is_still_known(database: Database) -> None:
    """Who somebody is, after they wrote; but not once they have another address."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("several write there")
    asked: list[str] = []

    def work(uow: UnitOfWork) -> tuple[int, int]:
        client = builders.client(uow)
        ana = builders.person(uow, client, "agent", "ANA", on="slack")
        contact = uow.one(PERSON_BY_ADDRESS, **_at("slack-ANA")).contact_method_id
        uow.connection.connection.dbapi_connection.set_trace_callback(asked.append)  # type: ignore[union-attr]
        return ana, contact

    ana, contact = await database.write(work)
    for _ in range(3):
        assert await database.write(lambda uow: execute(HeardFrom(contact), uow) or find(uow, "slack-ANA")) == ana
    assert sum("FROM persons" in sql for sql in asked) == 1
    assert await database.write(lambda uow: find(uow, "U-NEW")) is None
    await database.write(lambda uow: execute(HeardFrom(contact, "U-NEW"), uow))
    assert await database.write(lambda uow: find(uow, "U-NEW")) == ana


def find(uow: UnitOfWork, address: str) -> int | None:
    found = uow.first(PERSON_BY_ADDRESS, **_at(address))
    return found.person.id if found else None


def _at(address: str) -> dict[str, str]:
    return {"channel": "slack", "account": "default", "address": address, "address_too": address}


def test_long_lists_are_not_remembered(database: Database) -> None:
    class Cursor:
        asked = 0

        def execute(self, *_: object) -> None:
            self.asked += 1

        def fetchall(self) -> list[tuple[int]]:
            return [(1,)] * (LONGEST + 1)

    settled, cursor = Settled(), Cursor()
    for _ in range(2):
        settled.rows(KEPT.compiled(database.engine.dialect), ("hours",), cursor)
    assert cursor.asked == 2


def test_the_tables_are_there() -> None:
    assert metadata.tables.keys() >= SELDOM_WRITTEN


async def test_rows_that_somebody_changed_in_hand_are_whole_for_the_next(database: Database) -> None:
    await database.write(lambda uow: keep(uow, "hours", {"monday": 8}))

    def changes_its_own(uow: UnitOfWork) -> None:
        hours(uow).update(monday=0)  # type: ignore[attr-defined]

    await database.write(changes_its_own)
    assert await database.write(hours) == {"monday": 8}


async def test_what_is_derived_is_made_anew_when_somebody_has_written(database: Database) -> None:
    made = 0

    def doubled(reader: Reader, name: str) -> object:
        nonlocal made
        made += 1
        return [find_kept(reader, name)] * 2

    def derived(uow: UnitOfWork) -> object:
        return uow.derive(doubled, "hours")

    def refused(uow: UnitOfWork) -> None:
        keep(uow, "hours", 10)
        assert derived(uow) == [10, 10]
        raise Conflict("no")

    for hour in (8, 9):
        await database.write(lambda uow, hour=hour: keep(uow, "hours", hour))  # type: ignore[misc]
        made = 0
        assert [await database.write(derived) for _ in range(3)] == [[hour, hour]] * 3
        assert made == (1 if database.engine.dialect.name == "sqlite" else 3)
    with pytest.raises(Conflict):
        await database.write(refused)
    assert await database.write(derived) == [9, 9]
    other = Database(database.url, Clock())
    await other.write(lambda uow: keep(uow, "hours", 11))
    await other.close()
    assert await database.write(derived) == [11, 11]


async def test_what_changes_all_the_time_cannot_be_derived(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("it is made anew each time there")
    with pytest.raises(LookupError, match="events"):
        await database.write(lambda uow: uow.derive(list_timeline, "ticket", 1))
