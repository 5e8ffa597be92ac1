"""Numbers over very many rows: what is counted quickly is always fresh; what takes long is kept, and counted anew meanwhile."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any, Generic, TypeVar

from core.clock import Clock
from core.database import Database
from core.remembering import RememberingReader
from core.statements import Reader

T = TypeVar("T")

FRESH = timedelta(minutes=5)
NEWS = timedelta(minutes=1)
REST = 20
"""What took long rests so many times as long before it is counted again."""
AT_ONCE = 2
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Numbers(Generic[T]):
    """`at`: when they were counted; `seconds`: how long that took."""

    value: T
    at: datetime
    seconds: float

    def old_at(self, now: datetime) -> datetime | None:
        """When they were counted, where that is worth saying."""
        return self.at if now - self.at > NEWS else None

    def is_fresh(self, now: datetime) -> bool:
        """The clock of a rehearsal may also be moved."""
        return abs(now - self.at) < max(FRESH, timedelta(seconds=REST * self.seconds))


class Counted:
    """Of this process; after a restart everything is counted once more."""

    def __init__(self, database: Database, clock: Clock, patience: float) -> None:
        self._database, self._clock, self._patience = database, clock, patience
        self._kept: OrderedDict[Hashable, Numbers[Any]] = OrderedDict()
        self._running: dict[Hashable, asyncio.Task[Numbers[Any]]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def look(self, key: Hashable, query: Callable[[Reader], T]) -> Numbers[T] | None:
        """The newest there are within `patience`; None while they are counted for the first time. Raises what `query` raises."""
        return await self.look_at(key, partial(self._read, query))

    async def look_at(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> Numbers[T] | None:
        """The same of what is not only read."""
        kept = self._kept.get(key)
        if kept is not None and kept.seconds > self._patience and kept.is_fresh(self._clock.now()):
            return kept
        counting = self._begin(key, make)
        await asyncio.wait({counting}, timeout=self._patience)
        return counting.result() if counting.done() else kept

    async def wait(self, key: Hashable, query: Callable[[Reader], T]) -> Numbers[T]:
        """However long it takes, unless they are kept."""
        found = await self.look(key, query)
        return found if found is not None else await asyncio.shield(self._begin(key, partial(self._read, query)))

    async def close(self) -> None:
        for counting in self._running.values():
            counting.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _read(self, query: Callable[[Reader], T]) -> T:
        return await self._database.read(lambda reader: query(RememberingReader(reader)))

    def _begin(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> "asyncio.Task[Numbers[T]]":
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._count(key, make))
            self._running[key].add_done_callback(lambda counting: self._ended(key, counting))
        return self._running[key]

    def _ended(self, key: Hashable, counting: "asyncio.Task[Numbers[Any]]") -> None:
        del self._running[key]
        if not counting.cancelled():
            counting.exception()  # whoever waits for it gets it; it is nobody else's

    async def _count(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> Numbers[T]:
        async with self._places:
            begun = perf_counter()
            value = await make()
            numbers = Numbers(value, self._clock.now(), perf_counter() - begun)
        self._kept[key] = numbers
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return numbers
