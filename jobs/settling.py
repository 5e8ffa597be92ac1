"""Writing down that messages begin to leave, and how their attempts ended. What comes while the last write runs is written together
in the next one: at a high rate the database is asked a few times a second, and a single outcome waits for no other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from core.database import Database
from core.errors import Unavailable
from core.outbox.dispatching import Settlement, settle
from core.outbox.in_hand import begin
from core.outbox.tables import Delivery
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

TOGETHER = 100
PAUSE = 1.0

Tell = Callable[[bool], None]


@dataclass(slots=True, eq=False)
class _Outcome:
    settlement: Settlement
    after: Callable[[UnitOfWork], None] | None
    written: "asyncio.Future[None]"


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    ended: Sequence[_Outcome]
    leaving: Sequence[tuple[Delivery, Tell]]

    def write(self, uow: UnitOfWork) -> set[int]:
        """The ids of those that may leave."""
        begun = begin(uow, [delivery for delivery, _ in self.leaving]) if self.leaving else set()
        if self.ended:
            settle(uow, [outcome.settlement for outcome in self.ended])
        for outcome in self.ended:
            if outcome.after is not None:
                outcome.after(uow)
        return begun

    def parts(self) -> "list[_Batch]":
        alone = [_Batch([outcome], ()) for outcome in self.ended]
        return [*alone, _Batch((), self.leaving)] if self.leaving else alone

    def written(self, begun: set[int]) -> None:
        for outcome in self.ended:
            if not outcome.written.done():
                outcome.written.set_result(None)
        for delivery, tell in self.leaving:
            tell(delivery.id in begun)

    def failed(self, error: Exception) -> None:
        for outcome in self.ended:
            outcome.written.set_exception(error)
        for _, tell in self.leaving:
            tell(False)


class Settling:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended: list[_Outcome] = []
        self._leaving: list[tuple[Delivery, Tell]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, settlement: Settlement, after: Callable[[UnitOfWork], None] | None = None) -> None:
        """Returns once it is committed, however long the database is away; `after` belongs to the same transaction.

        Raises what the two raise, and then neither is written.
        """
        outcome = _Outcome(settlement, after, asyncio.get_running_loop().create_future())
        self._ended.append(outcome)
        self._work()
        await outcome.written

    def begin(self, delivery: Delivery, tell: Tell) -> None:
        """`tell` is called once it is committed that it leaves: whether it may."""
        self._leaving.append((delivery, tell))
        self._work()

    def _work(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        try:
            while self._ended or self._leaving:
                await self._gathered()
                batch = _Batch(self._ended[:TOGETHER], self._leaving)
                self._ended, self._leaving = self._ended[TOGETHER:], []
                await self._write(batch)
        finally:
            self._task = None

    async def _gathered(self) -> None:
        """As long as every turn of the loop brings more of them, the next turn is worth waiting for."""
        before, number = 0, len(self._ended) + len(self._leaving)
        while before < number and len(self._ended) < TOGETHER:
            await asyncio.sleep(0)
            before, number = number, len(self._ended) + len(self._leaving)

    async def _write(self, batch: _Batch) -> None:
        while True:
            try:
                return batch.written(await self._database.write(batch.write))
            except Unavailable as error:
                log.warning("outcomes could not be written yet", count=len(batch.ended), error=str(error))
                await asyncio.sleep(PAUSE)
            except Exception as error:  # noqa: BLE001 - one of them is at fault: the others must not suffer
                parts = batch.parts()
                if len(parts) == 1:
                    return batch.failed(error)
                for part in parts:
                    await self._write(part)
                return None
