"""Who may send next in a lane: the most urgent first, then the one who waits longest, as soon as its limits allow it."""

import asyncio
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import ceil

from core.clock import monotonic
from core.outbox.tables import Delivery
from jobs.pace import Pace

Begin = Callable[[Delivery, Callable[[bool], None]], None]
"""Writes down that a delivery begins to leave, and then says whether it may: another dispatcher may have taken it over."""

FASTEST = 1000.0
"""Sends per second of a lane that has no limit of its own: as many as any platform grants."""
RUNWAY = 0.1
"""Seconds before its moment in which a message is written down as begun. The commit has to be done by then; and when this process
dies meanwhile, nobody knows whether it had left."""
LONG = 2.0
"""Seconds. Where nobody may leave for longer than this, nobody waits here."""
LOOK_AGAIN = 0.05
LATE = 0.001
"""Seconds after its grant from which a send counts as late. On a busy machine it may be tens of milliseconds until the one who was
let in has the processor; what then follows on time would be too near to it."""


@dataclass(eq=False, slots=True)
class _Waiter:
    """`ready`: it may leave at its moment; None: nobody has asked for it yet. `halfway`: a part of it has left. `granted_at`: when
    it was let in."""

    urgency: int
    number: int
    chat: str
    since: float
    delivery: Delivery | None
    halfway: bool
    ready: bool | None
    turn: "asyncio.Future[bool]"
    granted_at: float = 0.0

    @property
    def place(self) -> tuple[int, int]:
        return self.urgency, self.number


class Gate:
    """`enter` returns True when the send may begin, and that moment is its grant; False when it may not from here. `hold` keeps
    everybody back for a while. `begin`: without one, nothing is written down."""

    def __init__(self, pace: Pace, begin: Begin | None = None) -> None:
        self.pace = pace
        self.held_until = float("-inf")
        self._begin = begin
        self._runway = max(2, ceil((pace.sends_per_second or FASTEST) * RUNWAY))
        self._numbers = count()
        self._waiting: list[_Waiter] = []
        self._timer: asyncio.TimerHandle | None = None
        self._called = False
        self._closed = False

    async def enter(self, chat: str, urgency: int, delivery: Delivery | None = None, *, halfway: bool = False) -> bool:
        """`delivery`: one that is not written down as begun. `halfway`: a part of it has left, so that the rest waits however long
        it takes."""
        if self._closed or (not halfway and self.held_until > monotonic() + LONG):
            return False
        ready = None if delivery is not None and self._begin is not None else True
        if ready and not any(one.ready for one in self._waiting) and self._free_now(chat):
            return True
        turn = asyncio.get_running_loop().create_future()
        waiter = _Waiter(urgency, next(self._numbers), chat, monotonic(), delivery, halfway, ready, turn)
        insort(self._waiting, waiter, key=lambda one: one.place)
        self._soon()
        try:
            entered = await waiter.turn
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
        if entered and (now := monotonic()) - waiter.granted_at > LATE:
            self.pace.left(chat, waiter.granted_at, now)
        return entered

    def runway(self) -> int:
        """How many more may be written down as begun by now."""
        return max(self.pace.fits(monotonic(), RUNWAY, self._runway) - self._begun_here(), 0)

    def is_near(self, chat: str, ahead: int) -> bool:
        """Whether one more of the chat may be written down as begun, behind so many that have not come here yet."""
        now, everybody = monotonic(), ahead + len(self._waiting)
        if ahead + self._begun_here() >= self._runway:
            return False
        free_at = max(self.held_until, self.pace.lane_free_at(now, everybody), self.pace.chat_free_at(chat, now))
        return free_at <= now + RUNWAY

    def _begun_here(self) -> int:
        return sum(waiter.ready is not None for waiter in self._waiting)

    def _free_now(self, chat: str) -> bool:
        now = monotonic()
        free = max(self.held_until, self.pace.lane_free_at(now), self.pace.chat_free_at(chat, now)) <= now
        if free:
            self.pace.grant(chat, now, now)
        return free

    def waiting(self, chat: str) -> int:
        return sum(waiter.chat == chat for waiter in self._waiting)

    def hold(self, seconds: float) -> None:
        """Who would have to wait for long is turned away: they wait where everybody can see it."""
        self.held_until = max(self.held_until, monotonic() + seconds)
        if seconds > LONG:
            self._turn_away([waiter for waiter in self._waiting if not waiter.halfway])

    def resume(self) -> None:
        self.held_until = float("-inf")
        self._open()

    def close(self) -> None:
        """Nobody is let in any more; those who wait are told so."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._turn_away(self._waiting)

    def reopen(self) -> None:
        self._closed = False

    def _turn_away(self, waiters: list[_Waiter]) -> None:
        self._waiting = [waiter for waiter in self._waiting if waiter not in waiters]
        for waiter in waiters:
            if not waiter.turn.done():
                waiter.turn.set_result(False)

    def _soon(self) -> None:
        """Once for all who come in this turn of the loop."""
        if not self._called:
            self._called = True
            asyncio.get_running_loop().call_soon(self._open)

    def _open(self) -> None:
        """Let in everybody whose limits are free; come back when the next of them is."""
        self._called = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            now = monotonic()
            self._ask(now)
            free_at = max(self.held_until, self.pace.lane_free_at(now))
            if free_at <= now:
                first, free_at = self._first_free(now)
                if first is not None:
                    self._let_in(first, now)
                    continue
            if free_at < float("inf"):
                self._timer = asyncio.get_running_loop().call_later(max(free_at - now, 0.001), self._open)
            return

    def _ask(self, now: float) -> None:
        """Have those written down as begun whose moment is near: some together, before the last of those before them has left."""
        if self._begin is None or self.held_until > now + RUNWAY:
            return
        near, new = 0, list[_Waiter]()
        for waiter in self._waiting:
            if near == self._runway or (near == self._runway // 2 and not new):
                break
            if waiter.ready is None:
                if self.pace.chat_free_at(waiter.chat, now) > now + RUNWAY:
                    continue
                new.append(waiter)
            near += 1
        room = self.pace.fits(now, RUNWAY, self._runway) - (near - len(new)) if new else 0
        for waiter in new[: max(room, 0)]:
            assert waiter.delivery is not None
            waiter.ready = False
            self._begin(waiter.delivery, partial(self._begun, waiter))

    def _begun(self, waiter: _Waiter, may: bool) -> None:
        waiter.ready = True
        if not may:
            self._turn_away([waiter])
        self._soon()

    def _first_free(self, now: float) -> tuple[_Waiter | None, float]:
        """The first in order who is ready and whose chat is free; else None and when to look again (never: somebody will call)."""
        nearest = float("inf")
        for waiter in self._waiting:
            if waiter.ready is False:
                continue
            free_at = now + LOOK_AGAIN if waiter.ready is None else self.pace.chat_free_at(waiter.chat, now)
            if free_at <= now:
                return waiter, free_at
            nearest = min(nearest, free_at)
        return None, nearest

    def _let_in(self, waiter: _Waiter, now: float) -> None:
        self._waiting.remove(waiter)
        waiter.granted_at = now
        self.pace.grant(waiter.chat, now, max(waiter.since, self.held_until))
        if not waiter.turn.done():
            waiter.turn.set_result(True)
