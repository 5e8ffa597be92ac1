"""Which dispatcher is to have which lane: all that are alive about equally many. Each decides for itself from the same rows. That a
lane has one owner is the lease's business: nothing happens when two see the rows differently for a moment."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta

from core.clock import monotonic
from core.database import Database
from core.scheduling.dispatchers import forget_dispatcher, list_dispatchers, list_owners, see_dispatcher
from core.statements import Reader
from core.unit_of_work import UnitOfWork

ALIVE = timedelta(seconds=15)
SEEN_EVERY = 5.0
LOOK_EVERY = 1.0
FREE_FOR_LONG = 15.0
"""Seconds after which anybody takes a lane that nobody has, whoever was to have it."""


class Sharing:
    def __init__(self, database: Database, owner: str, lanes: Collection[str]) -> None:
        self.owner = owner
        self._database = database
        self._lanes = sorted(lanes)
        self._looking = asyncio.Lock()
        self._look_at = self._seen_at = float("-inf")
        self._wanted: Mapping[str, str] = {}
        self._free_since: dict[str, float] = {}

    async def wants(self, lane: str) -> bool:
        """Whether this process is to own it."""
        async with self._looking:
            if monotonic() >= self._look_at:
                await self._look()
                self._look_at = monotonic() + LOOK_EVERY
        free_since = self._free_since.get(lane)
        waited = free_since is not None and monotonic() - free_since > FREE_FOR_LONG
        return waited or self._wanted.get(lane, self.owner) == self.owner

    async def _look(self) -> None:
        now = self._database.clock.unmoved()
        if monotonic() >= self._seen_at + SEEN_EVERY:
            until = now + ALIVE
            await self._database.write(lambda uow: see_dispatcher(uow, self.owner, self._lanes, until))
            self._seen_at = monotonic()

        def read(reader: Reader) -> tuple[dict[str, list[str]], dict[str, str]]:
            return list_dispatchers(reader, now, now + 2 * ALIVE), list_owners(reader, now)

        alive, owners = await self._database.read(read)
        self._wanted = share_out(alive, owners)
        free = {lane: self._free_since.get(lane, monotonic()) for lane in self._lanes if lane not in owners}
        self._free_since = free

    def leave(self, uow: UnitOfWork) -> None:
        forget_dispatcher(uow, self.owner)


def share_out(alive: Mapping[str, Collection[str]], owners: Mapping[str, str]) -> dict[str, str]:
    """Lane -> who is to own it, for everything that somebody can serve. `alive`: dispatcher -> the lanes it can serve; `owners`: as
    they are. No lane changes hands but to somebody who has two less."""
    lanes = sorted({lane for served in alive.values() for lane in served})
    wanted = {lane: owners[lane] for lane in lanes if lane in alive.get(owners.get(lane, ""), ())}

    def load(dispatcher: str) -> tuple[int, str]:
        return sum(one == dispatcher for one in wanted.values()), dispatcher

    def least(lane: str) -> str:
        return min((one for one in alive if lane in alive[one]), key=load)

    for lane in lanes:
        if lane not in wanted:
            wanted[lane] = least(lane)
    while moved := next((lane for lane in lanes if load(wanted[lane])[0] > load(least(lane))[0] + 1), None):
        wanted[moved] = least(moved)
    return wanted
