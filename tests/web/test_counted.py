"""Numbers counted behind a page: the quick ones always fresh, the slow ones kept for a while, each for whoever may see them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import cast

import pytest

from core.clock import ManualClock
from core.database import Database
from core.statements import Reader
from web.counted import FRESH, MOST_KEPT, Counted

PATIENT, IMPATIENT = 60.0, 0.0
"""Seconds: every count here is quick for the one and slow for the other."""
NOBODY = cast(Reader, None)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
async def slowly(database: Database, clock: ManualClock) -> AsyncIterator[Counted]:
    counted = Counted(database, clock, IMPATIENT)
    yield counted
    await counted.close()


def counting() -> Callable[[Reader], int]:
    """1, then 2, ..."""
    numbers = count(1)
    return lambda _: next(numbers)


def failing(_: Reader) -> int:
    raise ValueError("no such unit")


async def test_what_is_quick_is_counted_for_every_look(database: Database, clock: ManualClock) -> None:
    counted, query = Counted(database, clock, PATIENT), counting()
    found = [await counted.look("key", query) for _ in range(3)]
    assert [one.value for one in found if one] == [1, 2, 3]


async def test_what_is_slow_is_shown_once_it_is_there_and_kept(slowly: Counted, clock: ManualClock) -> None:
    query = counting()
    assert await slowly.look("key", query) is None
    first = await slowly.wait("key", query)
    assert (first.value, first.at) == (1, clock.now())
    clock.advance(FRESH.total_seconds() - 1)
    assert await slowly.look("key", query) == first
    for other in range(3):  # a count that had begun would be over by now
        await slowly.wait(other, counting())
    assert query(NOBODY) == 2


async def test_what_is_old_is_shown_while_it_is_counted_anew(slowly: Counted, clock: ManualClock) -> None:
    query = counting()
    first = await slowly.wait("key", query)
    clock.advance(FRESH.total_seconds() + 1)
    assert await slowly.look("key", query) == first
    for other in range(3):  # the count has begun before these
        await slowly.wait(other, counting())
    newer = await slowly.wait("key", query)
    assert (newer.value, newer.at) == (2, clock.now())


async def test_two_who_ask_at_once_wait_for_one_count(database: Database, clock: ManualClock) -> None:
    counted, query = Counted(database, clock, PATIENT), counting()
    found = await asyncio.gather(*(counted.look("key", query) for _ in range(5)))
    assert [one.value for one in found if one] == [1] * 5


async def test_nobody_is_shown_the_numbers_of_others(slowly: Counted) -> None:
    queries = {key: counting() for key in (("acme", 1), ("beta", 1), ("acme", 2))}
    await slowly.wait(("acme", 1), queries["acme", 1])
    assert await slowly.look(("beta", 1), queries["beta", 1]) is None
    assert await slowly.look(("acme", 2), queries["acme", 2]) is None


async def test_a_count_that_fails_says_so_and_the_next_look_counts_again(
    database: Database, clock: ManualClock
) -> None:
    counted = Counted(database, clock, PATIENT)
    for _ in range(2):
        with pytest.raises(ValueError, match="no such unit"):
            await counted.look("key", failing)
    found = await counted.look("key", counting())
    assert found is not None
    assert found.value == 1


async def test_who_went_away_leaves_the_count_to_the_others(slowly: Counted) -> None:
    """A browser that is closed cancels its request, and only that."""
    query = counting()
    gone = asyncio.create_task(slowly.wait("key", query))
    staying = asyncio.create_task(slowly.wait("key", query))
    for _ in range(5):  # both have looked, and wait
        await asyncio.sleep(0)
    gone.cancel()
    assert (await staying).value == 1


async def test_only_so_many_are_kept(slowly: Counted) -> None:
    query = counting()
    for key in range(MOST_KEPT + 1):
        await slowly.wait(key, query)
    assert await slowly.look(0, query) is None
    assert await slowly.look(1, query) is not None


async def test_a_program_that_stops_leaves_nothing_behind(database: Database, clock: ManualClock) -> None:
    counted = Counted(database, clock, IMPATIENT)
    for key in range(5):
        assert await counted.look(key, counting()) is None
    await counted.close()
    await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
