"""The dispatcher: one lane per outgoing account, owned by one process at a time, in order per chat, side by side between chats."""

import asyncio
import contextlib
from collections import deque
from datetime import timedelta

import structlog

from channels.base import Sender
from core.clock import monotonic
from core.database import Database
from core.errors import Unavailable
from core.outbox.dispatching import claim, release, settle
from core.outbox.moves import move_chat
from core.outbox.tables import Delivery
from core.scheduling.queries import drop_lease, take_lease
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt, Ended

log = structlog.get_logger()

IN_FLIGHT = 100
LEASE = timedelta(seconds=15)
RENEW_EVERY = 5.0
IDLE = 1.0
BEHIND = timedelta(milliseconds=1)


class Lane:
    """Runs until cancelled. `broken`: why the channel refuses everything (None: it works); shown by /readyz and doctor."""

    def __init__(self, database: Database, sender: Sender, attempt: Attempt, owner: str) -> None:
        self.database = database
        self.sender = sender
        self.name = f"{sender.channel}:{sender.account}"
        self.broken: str | None = None
        self._attempt = attempt
        self._owner = owner
        self._chains: dict[str, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._renew_at = 0.0
        self._held_until = 0.0
        database.clock.on_advance.append(self._awake.set)
        database.committed.append(self._on_commit)

    def _on_commit(self, topics: frozenset[str]) -> None:
        if f"lane:{self.sender.channel}" in topics:
            self._awake.set()

    async def run(self) -> None:
        try:
            while True:
                try:
                    busy = await self._turn()
                except Unavailable as error:
                    log.warning("the database does not answer; trying again", lane=self.name, error=str(error))
                    busy = False
                if not busy:
                    await self._rest()
        finally:
            await self._stop()

    async def _turn(self) -> bool:
        """Claim what fits and start sending it; True when there may be more to claim at once."""
        room = IN_FLIGHT - len(self._tasks) - sum(len(chain) for chain in self._chains.values())
        if room <= 0 or monotonic() < self._held_until or not await self._owned():
            return False
        channel, account = self.sender.channel, self.sender.account
        claimed = await self.database.write(lambda uow: claim(uow, channel, account, room))
        for delivery in claimed:
            self._queue(delivery)
        return len(claimed) == room

    async def _owned(self) -> bool:
        if monotonic() < self._renew_at:
            return True
        mine = await self.database.write(lambda uow: take_lease(uow, f"lane:{self.name}", self._owner, LEASE))
        if mine:
            self._renew_at = monotonic() + RENEW_EVERY
        return mine

    async def _rest(self) -> None:
        self._awake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), IDLE)

    def _queue(self, delivery: Delivery) -> None:
        """A chat that is in `_chains` has a task that drains it."""
        chain = self._chains.get(delivery.chat)
        if chain is not None:
            chain.append(delivery)
            return
        self._chains[delivery.chat] = deque([delivery])
        task = asyncio.create_task(self._drain(delivery.chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, chat: str) -> None:
        chain = self._chains[chat]
        while chain:
            ended = await self._attempt(self.sender, chain.popleft())
            self._note(ended)
            behind: list[Delivery] = []
            if ended.settlement.outcome == "temporary":
                behind = list(chain)
                chain.clear()
            await self._write(ended, behind)
        del self._chains[chat]
        self._awake.set()

    def _note(self, ended: Ended) -> None:
        if ended.broken and self.broken is None:
            log.error("the channel refuses everything", lane=self.name, reason=ended.broken)
        self.broken = ended.broken
        if ended.hold_lane is not None:
            self._held_until = monotonic() + ended.hold_lane

    async def _write(self, ended: Ended, behind: list[Delivery]) -> None:
        """Settle; what waits behind a message that has to be tried again waits with it, so that order is kept."""
        end, to = ended.settlement, ended.settlement.delivery

        def work(uow: UnitOfWork) -> None:
            settle(uow, [end])
            release(uow, behind, (end.again_at or uow.now) + BEHIND)
            if ended.moved_to:
                move_chat(uow, to.channel, to.account, to.chat, ended.moved_to)

        while True:
            try:
                return await self.database.write(work)
            except Unavailable as error:
                log.warning("an outcome could not be written yet", delivery=to.id, error=str(error))
                await asyncio.sleep(IDLE)

    async def _stop(self) -> None:
        """Give back what was claimed and not begun; let what is on the wire finish."""
        not_begun = [delivery for chain in self._chains.values() for delivery in chain]
        for chain in self._chains.values():
            chain.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=15)

        def work(uow: UnitOfWork) -> None:
            release(uow, not_begun, uow.now)
            drop_lease(uow, f"lane:{self.name}", self._owner)

        with contextlib.suppress(Unavailable):
            await self.database.write(work)
