"""The dispatcher: one lane per outgoing account, owned by one process at a time, in order per chat, side by side between chats."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from channels.base import Sender
from core.clock import monotonic
from core.database import Database
from core.errors import Unavailable
from core.outbox.dispatching import claim
from core.outbox.giving_back import hold, release
from core.outbox.lanes import list_recent_sends
from core.outbox.moves import move_chat
from core.outbox.renewing import Renewers
from core.outbox.tables import Delivery
from core.people.queries import CLIENTS
from core.scheduling.queries import drop_lease, take_lease
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt, Closed, Ended
from jobs.audience import Audience
from jobs.gate import Gate
from jobs.lane_health import LaneHealth
from jobs.pace import Pace
from jobs.settling import Settling
from jobs.withdrawn import Withdrawn

log = structlog.get_logger()

IN_FLIGHT = 100
AHEAD = 0.5
"""Seconds of sends that a fast lane has in hand: on the wire, at the gate, and being written down."""
FASTEST = 1000.0
"""Sends per second of a lane that has no limit of its own: as many as any platform grants."""
ENOUGH = 0.25
"""The part of what is in hand that is worth claiming for, as long as others are on their way; what was queued just now is claimed
at once."""
LEASE = timedelta(seconds=15)
RENEW_EVERY = 5.0
IDLE = 1.0
PATIENCE = 2.0
"""Seconds a claimed delivery may wait here for its chat's limit; what has to wait longer goes back and says until when."""
LONGEST_WINDOW = timedelta(minutes=5)
GIVE_BACK_TRIES = 15


class Lane:
    """Runs until cancelled. `health`: whether its platform works; shown by /readyz and doctor."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        attempt: Attempt,
        owner: str,
        pace: Pace,
        recipients: int = 0,
        renewers: Renewers | None = None,
    ) -> None:
        self.database = database
        self.sender = sender
        self.name = f"{sender.channel}:{sender.account}"
        self._attempt = attempt
        self._owner = owner
        self._gate = Gate(pace)
        self.health = LaneHealth(database, self.name, self._gate)
        self._audience = Audience(database, sender, recipients)
        self._in_flight = max(IN_FLIGHT, int((pace.sends_per_second or FASTEST) * AHEAD))
        self._settling = Settling(database)
        self._chains: dict[str, deque[Delivery]] = {}
        self._waiting = 0  # in the chains
        self._renewers = renewers or {}
        self._withdrawn = Withdrawn(self._renewers)
        self._claiming = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._shared = False  # by several clients
        self._backlog = False
        self._renew_at = 0.0
        self._owned_until = 0.0
        database.clock.on_advance.append(self._hurry)
        database.committed.append(self._on_commit)

    def _hurry(self) -> None:
        """Somebody has moved the clock forward: what chats were to rest is over."""
        self._gate.pace.hurry_chats()
        self._awake.set()

    def _on_commit(self, topics: frozenset[str]) -> None:
        if f"lane:{self.sender.channel}" in topics:
            self._awake.set()
        if self._chains or self._claiming:
            self._withdrawn.note(topics)

    async def run(self) -> None:
        try:
            while True:
                try:
                    busy = await self._turn()
                except Unavailable as error:
                    log.warning("the database does not answer; trying again", lane=self.name, error=str(error))
                    busy = False
                except Exception:
                    log.exception("a lane stumbled and goes on", lane=self.name)
                    busy = False
                if not busy:
                    await self._rest()
        finally:
            await self._stop()

    async def _turn(self) -> bool:
        """Claim what fits and start sending it; True when there may be more to claim at once."""
        if not await self._owned() or monotonic() < self._gate.held_until:
            return False
        room = self._room()
        if room <= 0:
            return False
        channel, account = self.sender.channel, self.sender.account
        how: dict[str, Any] = {"edits_ring": not self.sender.capabilities.edits, "renewers": self._renewers}
        how["fairly"] = self._shared and self._backlog
        self._claiming, began = True, monotonic()
        claiming = asyncio.ensure_future(self.database.write(lambda uow: claim(uow, channel, account, room, **how)))
        try:
            claimed = await asyncio.shield(claiming)
        except asyncio.CancelledError:  # what was claimed meanwhile is not lost
            await self._give_back(await claiming)
            raise
        finally:
            self._claiming = False
        self._withdrawn.took(claimed, began)
        self._backlog = len(claimed) >= room
        held, too_many = [], []
        for delivery in claimed:
            if not self._audience.admits(delivery):
                too_many.append(delivery)
            elif not self._queue(delivery):
                held.append(delivery)
        await self._hold(held)
        await self._audience.hold(too_many)
        return len(claimed) == room

    def _room(self) -> int:
        """How many more may be claimed."""
        most = 1 if self.health.doubtful else self._in_flight
        return most - len(self._tasks) - self._waiting

    async def _owned(self) -> bool:
        """Take or renew the lease. A new owner begins to count where the last one stopped."""
        if monotonic() < self._renew_at:
            return True
        began = monotonic()
        mine = await self.database.write(lambda uow: take_lease(uow, f"lane:{self.name}", self._owner, LEASE))
        if mine and began > self._owned_until:
            await self._remember_sends()
            await self._audience.remember()
        if mine:
            self._renew_at, self._owned_until = began + RENEW_EVERY, began + LEASE.total_seconds()
            self._gate.pace.forget_idle(began)
            await self.health.read()
        return mine

    async def _remember_sends(self) -> None:
        clock, channel, account = self.database.clock, self.sender.channel, self.sender.account
        since = clock.now() - LONGEST_WINDOW
        recent = await self.database.read(lambda reader: list_recent_sends(reader, channel, account, since))
        self._shared = len(await self.database.read(lambda reader: reader.all(CLIENTS))) > 1
        now, steady = clock.now(), monotonic()
        for chat, at in recent:
            self._gate.pace.grant(chat, steady - (now - at).total_seconds())

    async def _rest(self) -> None:
        self._awake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(
                IDLE
            ):  # wait_for of Python 3.11 loses a cancellation that comes with the wake-up
                await self._awake.wait()

    def _queue(self, delivery: Delivery) -> bool:
        """False when the chat's limit makes it wait for longer than PATIENCE. A chat in `_chains` has a task that drains it."""
        chain, now = self._chains.get(delivery.chat), monotonic()
        if self._gate.pace.chat_free_at(delivery.chat, now, self._ahead(delivery.chat)) > now + PATIENCE:
            return False
        self._waiting += 1
        if chain is not None:
            chain.append(delivery)
            return True
        self._chains[delivery.chat] = deque([delivery])
        task = asyncio.create_task(self._drain(delivery.chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _ahead(self, chat: str) -> int:
        """How many of this chat are here and have not begun."""
        chain = self._chains.get(chat)
        return 0 if chain is None else len(chain) + self._gate.waiting(chat)

    async def _hold(self, held: list[Delivery]) -> None:
        """Give back what has to wait for its chat, each with the moment it will leave."""
        if not held:
            return
        self._audience.not_sent(held)
        now, steady, ahead = self.database.clock.now(), monotonic(), dict.fromkeys((d.chat for d in held), 0)
        leaving: list[tuple[Delivery, datetime]] = []
        for delivery in held:
            before = ahead[delivery.chat] + self._ahead(delivery.chat)
            free_at = self._gate.pace.chat_free_at(delivery.chat, steady, before)
            ahead[delivery.chat] += 1
            leaving.append((delivery, now + timedelta(seconds=max(free_at - steady, 0.0))))
        await self.database.write(lambda uow: hold(uow, leaving, "limit"))

    async def _drain(self, chat: str) -> None:
        chain = self._chains[chat]
        while chain:
            delivery = chain.popleft()
            self._waiting -= 1
            try:
                ended = await self._attempt(self.sender, delivery, partial(self._enter, delivery))
            except Closed:
                await self._give_back([delivery, *self._take(chain)])
                continue
            in_the_way = ended.settlement.outcome == "temporary" and ended.settlement.held != "photo"
            behind = self._take(chain) if in_the_way else []
            try:
                await self._write(ended, behind)
            except Exception:
                log.exception("an outcome cannot be written: it will count as unknown", delivery=delivery.id)
                await self._give_back(behind)
            while in_the_way and chain:  # claimed before it was written down that they have to wait
                await self._give_back(self._take(chain))
        del self._chains[chat]
        if not self._chains and not self._claiming:
            self._withdrawn.forget()
        if not self._chains or self._room() >= self._in_flight * ENOUGH:
            self._awake.set()

    def _take(self, chain: deque[Delivery]) -> list[Delivery]:
        """All of it; the chain is empty then."""
        taken = list(chain)
        self._waiting -= len(taken)
        chain.clear()
        return taken

    async def _enter(self, delivery: Delivery) -> None:
        if not await self._gate.enter(delivery.chat, delivery.urgency) or monotonic() > self._owned_until:
            raise Closed
        if self._withdrawn.covers(delivery):
            raise Closed  # given back it ends as withdrawn, or as what is true now

    async def _give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Nothing more is sent of these from here. While the database is away they are ours: a chat must not be left stuck."""
        self._audience.not_sent(deliveries)
        for _ in range(GIVE_BACK_TRIES):
            try:
                return await self.database.write(lambda uow: release(uow, list(deliveries), uow.now))
            except Unavailable as error:
                log.warning("what was not sent could not be given back yet", lane=self.name, error=str(error))
                await asyncio.sleep(IDLE)
        return None

    async def _write(self, ended: Ended, behind: list[Delivery]) -> None:
        """Settle; what stands behind a message that has to be tried again goes back, and waits there for its turn."""
        end, to = ended.settlement, ended.settlement.delivery
        news = self.health.note(ended)
        self._audience.not_sent(behind)
        others_too = self._audience.settled(end)

        def after(uow: UnitOfWork) -> None:
            release(uow, behind, uow.now)
            if others_too:
                self._audience.let_others_go(uow, to)
            if ended.moved_to:
                move_chat(uow, to.channel, to.account, to.chat, ended.moved_to)
            self.health.write_down(uow, news, ended)

        more = behind or others_too or ended.moved_to or news
        await self._settling.write(end, after if more else None)
        self.health.written(news)

    async def _stop(self) -> None:
        """Give back what was claimed and not begun; let what is on the wire finish."""
        not_begun = [delivery for chain in self._chains.values() for delivery in self._take(chain)]
        self._gate.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=15)

        def work(uow: UnitOfWork) -> None:
            release(uow, not_begun, uow.now)
            drop_lease(uow, f"lane:{self.name}", self._owner)

        with contextlib.suppress(Unavailable):
            await self.database.write(work)
