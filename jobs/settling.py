"""Writing down how attempts ended. What ends while the last write runs is written together in the next one: at a high rate the
database is asked a few times a second, and a single outcome waits for no other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from core.database import Database
from core.errors import Unavailable
from core.outbox.dispatching import Settlement, settle
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

TOGETHER = 100
PAUSE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    settlement: Settlement
    after: Callable[[UnitOfWork], None] | None
    written: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Settling:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Outcome] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, settlement: Settlement, after: Callable[[UnitOfWork], None] | None = None) -> None:
        """Returns once it is committed, however long the database is away; `after` belongs to the same transaction.

        Raises what the two raise, and then neither is written.
        """
        outcome = _Outcome(settlement, after)
        self._waiting.append(outcome)
        if self._task is None:
            self._task = asyncio.create_task(self._write_all())
        await outcome.written

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._gathered()
                batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                await self._write(batch)
        finally:
            self._task = None

    async def _gathered(self) -> None:
        """As long as every turn of the loop brings more of them, the next turn is worth waiting for."""
        before = 0
        while before < len(self._waiting) < TOGETHER:
            before = len(self._waiting)
            await asyncio.sleep(0)

    async def _write(self, batch: Sequence[_Outcome]) -> None:
        while True:
            try:
                await self._database.write(lambda uow: _settle_all(uow, batch))
            except Unavailable as error:
                log.warning("outcomes could not be written yet", count=len(batch), error=str(error))
                await asyncio.sleep(PAUSE)
            except Exception as error:  # noqa: BLE001 - one of them is at fault: the others must not suffer
                if len(batch) == 1:
                    return batch[0].written.set_exception(error)
                for outcome in batch:
                    await self._write([outcome])
                return None
            else:
                break
        for outcome in batch:
            if not outcome.written.done():
                outcome.written.set_result(None)
        return None


def _settle_all(uow: UnitOfWork, batch: Sequence[_Outcome]) -> None:
    settle(uow, [outcome.settlement for outcome in batch])
    for outcome in batch:
        if outcome.after is not None:
            outcome.after(uow)
