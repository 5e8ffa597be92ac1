"""The dispatcher: one lane per outgoing account, owned by one process at a time, in order per line, side by side between lines."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from channels.base import Sender
from core.clock import monotonic
from core.database import Database
from core.errors import Unavailable
from core.outbox.dispatching import LEASE, claim
from core.outbox.fairness import Turns
from core.outbox.giving_back import hold, release
from core.outbox.in_hand import begin_first
from core.outbox.moves import move_chat
from core.outbox.renewing import Renewers
from core.outbox.tables import Delivery
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt, Closed, Ended
from jobs.audience import Audience
from jobs.begun import Begun
from jobs.chains import Chains, line_of
from jobs.gate import FASTEST, LONG, Gate
from jobs.lane_health import LaneHealth
from jobs.on_the_wire import OnTheWire
from jobs.ownership import Ownership
from jobs.pace import Pace
from jobs.settling import Settling
from jobs.sharing import Sharing
from jobs.withdrawn import Withdrawn

log = structlog.get_logger()

IN_FLIGHT = 100
AHEAD = 0.5
"""Seconds of sends that a fast lane has in hand: on the wire, at the gate, and being written down."""
ENOUGH = 0.25
"""The part of what is in hand that is worth a claim while others are under way; what was queued just now is claimed anyway."""
IDLE = 1.0
PATIENCE = LONG
"""Seconds a claimed delivery may wait here for a limit; what has to wait longer goes back and says until when."""
GIVE_BACK_TRIES = 15


class Lane:
    """Runs until cancelled. `health`: whether its platform works; shown by /readyz and doctor."""

    def __init__(  # noqa: PLR0913 - what one account is
        self,
        database: Database,
        sender: Sender,
        attempt: Attempt,
        owner: str,
        pace: Pace,
        *,
        recipients: int = 0,
        renewers: Renewers | None = None,
        sharing: Sharing | None = None,
    ) -> None:
        self.database, self.sender = database, sender
        self.name = f"{sender.channel}:{sender.account}"
        self._attempt = attempt
        self._settling = Settling(database)
        self._gate = Gate(pace, self._settling.begin)
        self.health = LaneHealth(database, self.name, self._gate)
        self._audience = Audience(database, sender, recipients)
        self._in_flight = max(IN_FLIGHT, int((pace.sends_per_second or FASTEST) * AHEAD))
        self._chains = Chains()
        self._begun = Begun(self._gate, self._settling)
        self._wire = OnTheWire()
        self._renewers = renewers or {}
        self._withdrawn = Withdrawn(self._renewers)
        self._claiming = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._turns = Turns()
        self._sharing = sharing
        self._ownership = Ownership(database, sender.channel, sender.account, owner, pace)
        database.clock.on_advance.append(self._hurry)
        database.committed.append(self._on_commit)

    def _hurry(self) -> None:
        """Somebody has moved the clock forward: what chats were to rest is over."""
        self._gate.pace.hurry_chats()
        self._awake.set()

    def _on_commit(self, topics: frozenset[str]) -> None:
        if self._ownership.has_news(topics) or f"lane:{self.sender.channel}" in topics:
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
        at_the_gate = len(self._tasks) + self._chains.waiting - len(self._wire)
        room = min(self._room(), self._gate.pace.fits(monotonic(), PATIENCE, self._in_flight) - at_the_gate)
        if room <= 0:
            return False
        self._claiming, began = True, monotonic()
        claiming = asyncio.ensure_future(self._claim(room))
        try:
            claimed, begun = await asyncio.shield(claiming)
        except asyncio.CancelledError:  # what was claimed meanwhile is not lost
            await self._give_back((await claiming)[0])
            raise
        finally:
            self._claiming = False
        self._begun.claimed(claimed, begun)
        self._withdrawn.took(claimed, began)
        held, too_many = [], []
        for delivery in claimed:
            if not self._audience.admits(delivery):
                too_many.append(delivery)
            elif not self._queue(delivery):
                held.append(delivery)
        await self._hold(held)
        await self._audience.hold(too_many)
        return len(claimed) == room and self._has_room()

    async def _claim(self, room: int) -> tuple[list[Delivery], set[int]]:
        """What is claimed, and the ids of the first of it, which leave at once."""
        channel, account, others = self.sender.channel, self.sender.account, frozenset(self._chains)
        until, runway = self.database.clock.unmoved() + LEASE, self._gate.runway()
        how: dict[str, Any] = {"edits_ring": not self.sender.capabilities.edits, "renewers": self._renewers}

        def work(uow: UnitOfWork) -> tuple[list[Delivery], set[int]]:
            claimed = claim(uow, channel, account, room, turns=self._turns, lease_until=until, **how)
            return claimed, begin_first(uow, claimed, line_of, others, runway)

        return await self.database.write(work)

    def _room(self) -> int:
        return (1 if self.health.doubtful else self._in_flight) - len(self._tasks) - self._chains.waiting

    def _has_room(self) -> bool:
        return not self._chains or self._room() >= self._in_flight * ENOUGH

    async def _owned(self) -> bool:
        """A new owner begins to count where the last one stopped."""
        if not self._ownership.looks:
            return True
        is_new = not self._ownership.lasts
        if self._sharing and not await self._sharing.wants(self.name):
            if not is_new:
                await self._hand_over()
            return False
        if not await self._ownership.take():
            return False
        if is_new:
            await self._audience.remember()
        await self.health.read()
        return True

    async def _rest(self) -> None:
        self._awake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE):  # wait_for of Python 3.11 loses a cancellation that comes with a wake-up
                await self._awake.wait()

    def _queue(self, delivery: Delivery) -> bool:
        """False when the limit of its line makes it wait for longer than PATIENCE."""
        line, pace, now = line_of(delivery), self._gate.pace, monotonic()
        if pace.slows(line) and pace.chat_free_at(line, now, self._ahead(line)) > now + PATIENCE:
            return False
        if self._chains.add(delivery):
            task = asyncio.create_task(self._drain(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    def _ahead(self, line: str) -> int:
        """How many of it are here and have not begun."""
        return self._chains.length(line) + (self._gate.waiting(line) if line in self._chains else 0)

    async def _hold(self, held: list[Delivery]) -> None:
        """Give back what has to wait for its line, each with the moment it will leave."""
        if not held:
            return
        self._audience.not_sent(held)
        now, steady, ahead = self.database.clock.now(), monotonic(), Counter[str]()
        leaving: list[tuple[Delivery, datetime]] = []
        for delivery in held:
            line = line_of(delivery)
            free_at = self._gate.pace.chat_free_at(line, steady, self._ahead(line) + ahead[line])
            ahead[line] += 1
            leaving.append((delivery, now + timedelta(seconds=max(free_at - steady, 0.0))))
        await self.database.write(lambda uow: hold(uow, leaving, "limit"))

    async def _drain(self, line: str) -> None:
        chains = self._chains
        while delivery := chains.next(line):
            try:
                enter, left = partial(self._enter, delivery), partial(self._wire.left, delivery)
                ended = await self._attempt(self.sender, delivery, enter, left)
            except Closed:
                await self._give_back([delivery, *chains.take(line)])
                continue
            finally:
                self._begun.forget(delivery)
            in_the_way = ended.settlement.outcome == "temporary"
            behind = chains.take(line) if in_the_way else []
            try:
                await self._write(ended, behind)
            except Exception:
                log.exception("an outcome cannot be written: it will count as unknown", delivery=delivery.id)
                await self._give_back(behind)
            finally:
                self._wire.ended(delivery)
            while in_the_way and chains.length(line):  # claimed before it was written down that they have to wait
                await self._give_back(chains.take(line))
        chains.end(line)
        if not chains and not self._claiming:
            self._withdrawn.forget()
        if self._has_room():
            self._awake.set()

    async def _enter(self, delivery: Delivery) -> None:
        halfway = delivery in self._wire
        not_begun = None if halfway or delivery in self._begun else delivery
        grant = await self._gate.enter(line_of(delivery), delivery.urgency, not_begun, halfway=halfway)
        if not grant or not self._ownership.lasts or self._withdrawn.covers(delivery):
            raise Closed  # given back, what was withdrawn ends so, or as what is true now
        self._begun.forget(delivery)
        self._wire.let_through(delivery, grant)

    async def _give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Nothing more is sent of these from here. While the database is away they are ours: a chat must not be left stuck."""
        self._audience.not_sent(deliveries)
        for _ in range(GIVE_BACK_TRIES):
            try:
                return await self.database.write(lambda uow: release(uow, list(deliveries)))
            except Unavailable as error:
                log.warning("what was not sent could not be given back yet", lane=self.name, error=str(error))
                await asyncio.sleep(IDLE)
        return None

    async def _write(self, ended: Ended, behind: list[Delivery]) -> None:
        """Settle; what stands behind a message that has to be tried again goes back, and waits there for its turn."""
        end, to = ended.settlement, ended.settlement.delivery
        news = self.health.note(ended)
        self._begun.follow(self._chains.first(line_of(to)))
        self._audience.not_sent(behind)
        others_too = self._audience.settled(end)

        def after(uow: UnitOfWork) -> None:
            release(uow, behind)
            if others_too:
                self._audience.let_others_go(uow, to)
            if ended.moved_to:
                move_chat(uow, to.channel, to.account, to.chat, ended.moved_to)
            self.health.write_down(uow, news, ended)

        more = behind or others_too or ended.moved_to or news
        await self._settling.write(end, after if more else None)
        self.health.written(news)

    async def _hand_over(self) -> None:
        """Another dispatcher is to have this lane: it finds everything that was sent from here written down."""
        log.info("a lane goes to another dispatcher", lane=self.name)
        await self._stop()
        self._ownership.dropped()
        self._gate.reopen()

    async def _stop(self) -> None:
        """Give back what was claimed and not begun; let what is on the wire finish."""
        not_begun = self._chains.take_all()
        self._gate.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=15)

        def work(uow: UnitOfWork) -> None:
            release(uow, not_begun)
            self._ownership.drop(uow)

        with contextlib.suppress(Unavailable):
            await self.database.write(work)
