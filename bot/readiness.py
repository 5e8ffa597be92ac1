"""Is the program able to do its work right now: database, migrations, channels, sweeps. For /readyz and doctor."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

from bot.accounts import Off
from bot.settings import Settings
from bot.test_mode import number_of, sentence_for
from core.database import STORAGE_ERRORS, Database
from core.errors import Unavailable
from core.outbox.lanes import list_lanes
from core.scheduling.queries import find_last_tick
from jobs.dispatch import Lane
from migrations.upgrade import at_head
from web.given import Check

LATE = timedelta(seconds=60)


class Readiness:
    def __init__(self, settings: Settings, database: Database, off: Sequence[Off], lanes: Sequence[Lane]) -> None:
        self._settings, self._database = settings, database
        self._off, self._lanes = off, lanes
        self._started_at = database.clock.now()

    async def checks(self) -> list[Check]:
        return [await self._database_answers(), *await self._channels(), await self._sweeps(), *self._test_mode()]

    async def _database_answers(self) -> Check:
        try:
            current = await asyncio.to_thread(at_head, self._database.url)
        except STORAGE_ERRORS as error:
            return Check("database", ok=False, sentence=f"The database does not answer: {error}")
        if not current:
            return Check("database", ok=False, sentence="The database is not up to date: run `callboard migrate`.")
        return Check("database", ok=True, sentence="The database answers and is up to date.")

    async def _channels(self) -> list[Check]:
        """Another process may own a lane, also one that was owned here before: what is true stands in the database."""
        off = [Check(account.name, ok=False, sentence=account.sentence) for account in self._off]
        broken = {lane.name: lane.health.broken for lane in self._lanes}
        with contextlib.suppress(Unavailable):
            known = {
                state.name: state.broken_reason for state in await self._database.read(list_lanes) if state.broken_since
            }
            broken = {name: known.get(name) for name in broken}
        return [*off, *(_channel(name, reason) for name, reason in broken.items())]

    def _test_mode(self) -> list[Check]:
        number = number_of(self._settings)
        return [Check("test mode", ok=True, sentence=sentence_for(number))] if number else []

    async def _sweeps(self) -> Check:
        """The sweep that climbs must have run lately, in whichever process."""
        now = self._database.clock.now()
        try:
            last = await self._database.read(lambda reader: find_last_tick(reader, "climb"))
        except Unavailable:
            last = None
        late = now - max(last or self._started_at, self._started_at) > LATE
        return Check(
            "sweeps",
            ok=not late,
            sentence="The sweeps are late: no process does jobs." if late else "The sweeps are on time.",
        )


def _channel(name: str, broken: str | None) -> Check:
    return Check(
        name, ok=broken is None, sentence=f"{name} refuses everything: {broken}" if broken else f"{name} works."
    )
