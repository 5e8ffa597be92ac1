"""What comes in counts once, under whichever of its names; what could not be understood is kept."""

import asyncio
from datetime import timedelta

from core.audit.inbox import (
    count_quarantined,
    find_quarantined,
    first_time,
    forget_seen,
    list_quarantined,
    mark_replayed,
    put_aside,
)
from core.clock import ManualClock
from core.database import Database
from core.unit_of_work import UnitOfWork
from tests.conftest import START


async def seen(database: Database, *ids: str, channel: str = "slack", account: str = "default") -> bool:
    return await database.write(lambda uow: first_time(uow, channel, account, ids, "heard"))


async def test_an_event_counts_the_first_time_only(database: Database) -> None:
    assert [await seen(database, "Ev1") for _ in range(3)] == [True, False, False]


async def test_twins_are_one_event(database: Database) -> None:
    """Slack tells a mention twice, under two event ids, about one message."""
    assert await seen(database, "Ev1", "C1:17.2")
    assert not await seen(database, "Ev2", "C1:17.2")


async def test_every_name_of_a_twin_is_remembered(database: Database) -> None:
    await seen(database, "Ev1", "C1:17.2")
    await seen(database, "Ev2", "C1:17.2")
    assert not await seen(database, "Ev2")


async def test_one_name_given_twice_is_still_the_first_time(database: Database) -> None:
    assert await seen(database, "Ev1", "Ev1")


async def test_the_same_id_elsewhere_is_another_event(database: Database) -> None:
    assert await seen(database, "1")
    assert await seen(database, "1", account="second")
    assert await seen(database, "1", channel="telegram")


async def test_of_many_repetitions_at_once_one_counts(database: Database) -> None:
    answers = await asyncio.gather(*(seen(database, *names) for names in [("Ev1", "C1:17.2"), ("C1:17.2", "Ev1")] * 10))
    assert answers.count(True) == 1


async def test_a_unit_that_fails_has_not_seen_it(database: Database) -> None:
    def fails(uow: UnitOfWork) -> None:
        first_time(uow, "slack", "default", ("Ev1",), "heard")
        raise ValueError("no")

    await asyncio.gather(database.write(fails), return_exceptions=True)
    assert await seen(database, "Ev1")


async def test_what_was_seen_long_ago_is_forgotten(database: Database, clock: ManualClock) -> None:
    await seen(database, "old")
    clock.advance(86_400)
    await seen(database, "young")
    assert await database.write(lambda uow: forget_seen(uow, START + timedelta(hours=1))) == 1
    assert not await seen(database, "young")


async def test_a_payload_put_aside_is_kept_as_it_came(database: Database) -> None:
    kept = await database.write(lambda uow: put_aside(uow, "slack", "default", '{"a": "ü"}', "KeyError", "Traceback …"))
    found = await database.read(lambda reader: find_quarantined(reader, kept))
    assert found is not None
    assert (found.body, found.error, found.traceback, found.at) == ('{"a": "ü"}', "KeyError", "Traceback …", START)


async def test_the_newest_is_listed_first_and_replayed_ones_no_longer_count(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[list[str], int]:
        first = put_aside(uow, "slack", "default", "first", "KeyError", "")
        put_aside(uow, "slack", "default", "second", "KeyError", "")
        mark_replayed(uow, first)
        return [held.body for held in list_quarantined(uow)], count_quarantined(uow)

    assert await database.write(work) == (["second", "first"], 1)
