"""A refused unit undoes its work and keeps its refusal; a second try starts from the beginning."""

import asyncio

import pytest
from sqlalchemy import select, update

from core.actor import SYSTEM, Actor
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, DomainError, NotFound
from core.people.queries import UNIT_BY_ID, get_unit
from core.people.tables import units
from core.scheduling.queries import keep
from core.scheduling.tables import kept_settings
from core.statements import Statement
from core.unit_of_work import MEMORY, UnitOfWork
from tests import builders
from tests.conftest import START

EVERYTHING = Statement(select(kept_settings.c.name).order_by(kept_settings.c.name))


async def kept(database: Database) -> list[str]:
    return [row.name for row in await database.read(lambda reader: reader.all(EVERYTHING))]


def is_refused(uow: UnitOfWork) -> str:
    keep(uow, "the work", 1)
    uow.announce("lane:slack")
    uow.actor = Actor("person", "Ana")
    raise Conflict("Ben has it.")


def writes_it_down(uow: UnitOfWork, refusal: DomainError) -> str:
    keep(uow, "the refusal", refusal.sentence)
    return refusal.sentence


async def test_a_refused_unit_is_undone_and_its_refusal_kept(database: Database) -> None:
    assert await database.write(is_refused, refused=writes_it_down) == "Ben has it."
    assert await kept(database) == ["the refusal"]


async def test_without_anybody_to_write_it_down_the_refusal_is_raised(database: Database) -> None:
    with pytest.raises(Conflict, match="Ben has it"):
        await database.write(is_refused)
    assert await kept(database) == []


async def test_the_refusal_is_written_by_the_program_and_announces_only_its_own(database: Database) -> None:
    told: list[frozenset[str]] = []
    database.committed.append(told.append)
    actors: list[Actor] = []

    def refused(uow: UnitOfWork, _: DomainError) -> None:
        actors.append(uow.actor)
        uow.announce("events")

    await database.write(is_refused, refused=refused)
    assert (actors, told) == ([SYSTEM], [frozenset({"events"})])


async def test_a_refusal_that_cannot_be_written_down_is_raised_and_undone(database: Database) -> None:
    def refused(uow: UnitOfWork, refusal: DomainError) -> None:
        keep(uow, "half", 1)
        raise NotFound("There is nobody to tell.") from refusal

    with pytest.raises(NotFound, match="nobody to tell"):
        await database.write(is_refused, refused=refused)
    assert await kept(database) == []


async def test_a_refusal_beside_others_undoes_only_its_own_work(database: Database) -> None:
    await asyncio.gather(
        database.write(lambda uow: keep(uow, "before", 1)),
        database.write(is_refused, refused=writes_it_down),
        database.write(lambda uow: keep(uow, "behind", 1)),
    )
    assert await kept(database) == ["before", "behind", "the refusal"]


async def test_an_error_that_is_no_refusal_is_not_written_down_as_one(database: Database) -> None:
    def breaks(uow: UnitOfWork) -> str:
        keep(uow, "the work", 1)
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="a fault of ours"):
        await database.write(breaks, refused=writes_it_down)
    assert await kept(database) == []


async def test_a_unit_has_one_moment_and_the_program_for_its_actor(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> tuple[object, ...]:
        before = uow.now
        clock.advance(60)
        return before, uow.now, uow.actor

    assert await database.write(work) == (START, START, SYSTEM)


async def test_a_row_is_read_once_until_its_table_is_written(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow, "ACME")
        seen = [get_unit(uow, client).name]
        uow.connection.execute(update(units).where(units.c.id == client).values(name="Changed behind its back"))
        seen.append(get_unit(uow, client).name)
        builders.change(uow, units, client, name="Changed through it")
        return [*seen, get_unit(uow, client).name]

    assert await database.write(work) == ["Acme", "Acme", "Changed through it"]


async def test_what_a_unit_of_work_remembers_is_bounded(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        for number in range(10 * MEMORY):
            uow.first(UNIT_BY_ID, unit_id=number)
        return sum(len(known) for known in uow._read.values())

    assert await database.write(work) <= MEMORY
