"""Who may send next in a lane: the most urgent first, then the one who waits longest, as soon as its limits allow it."""

import asyncio
from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import ceil

from core.clock import monotonic
from core.outbox.tables import Delivery
from jobs.pace import Grant, Pace

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
    """`delivery`: what is to be written down as begun. `halfway`: a part of it has left."""

    place: tuple[int, int]
    chat: str
    since: float
    delivery: Delivery | None
    halfway: bool
    turn: "asyncio.Future[Grant | None]"


class _Line(list[_Waiter]):
    """Who stands in one place of the gate, the most urgent first, and of those the one who came first."""

    def join(self, waiter: _Waiter) -> None:
        if not self or self[-1].place < waiter.place:  # as most do
            self.append(waiter)
        else:
            insort(self, waiter, key=_place)

    def before(self, waiter: _Waiter) -> int:
        """How many of these come before."""
        return bisect_left(self, waiter.place, key=_place)


def _place(waiter: _Waiter) -> tuple[int, int]:
    return waiter.place


class Gate:
    """`enter` returns a grant when the send may begin; None when it may not from here. `hold` keeps everybody back for a while.
    `begin`: without one, nothing is written down.

    Who waits goes from line to line: for whom nobody has asked yet, who is being written down as begun, who may leave."""

    def __init__(self, pace: Pace, begin: Begin | None = None) -> None:
        self.pace = pace
        self.held_until = float("-inf")
        self._begin = begin
        self._runway = max(2, ceil((pace.sends_per_second or FASTEST) * RUNWAY))
        self._numbers = count()
        self._unasked, self._asked, self._ready = self._lines = _Line(), _Line(), _Line()
        self._timer: asyncio.TimerHandle | None = None
        self._called = False
        self._closed = False

    async def enter(
        self, chat: str, urgency: int, delivery: Delivery | None = None, *, halfway: bool = False
    ) -> Grant | None:
        """`delivery`: one that is not written down as begun. `halfway`: a part of it has left, so that the rest waits however long
        it takes."""
        if self._closed or (not halfway and self.held_until > monotonic() + LONG):
            return None
        unasked = delivery is not None and self._begin is not None
        if not unasked and not self._ready and (grant := self._free_now(chat)):
            return grant
        turn = asyncio.get_running_loop().create_future()
        waiter = _Waiter((urgency, next(self._numbers)), chat, monotonic(), delivery, halfway, turn)
        (self._unasked if unasked else self._ready).join(waiter)
        self._soon()
        try:
            grant = await waiter.turn
        except asyncio.CancelledError:
            self._leave(waiter)
            raise
        if grant and (now := monotonic()) - grant.at > LATE:
            grant.at = now
        return grant

    def runway(self) -> int:
        """How many more may be written down as begun by now."""
        return max(self.pace.fits(monotonic(), RUNWAY, self._runway) - self._begun_here(), 0)

    def is_near(self, chat: str, ahead: int) -> bool:
        """Whether one more of the chat may be written down as begun, behind so many that have not come here yet."""
        if ahead + self._begun_here() >= self._runway:
            return False
        now, everybody = monotonic(), ahead + self._begun_here() + len(self._unasked)
        free_at = max(self.held_until, self.pace.lane_free_at(now, everybody), self.pace.chat_free_at(chat, now))
        return free_at <= now + RUNWAY

    def _begun_here(self) -> int:
        return len(self._asked) + len(self._ready)

    def _free_now(self, chat: str) -> Grant | None:
        now = monotonic()
        free = max(self.held_until, self.pace.lane_free_at(now), self.pace.chat_free_at(chat, now)) <= now
        return self.pace.grant(chat, now, now) if free else None

    def waiting(self, chat: str) -> int:
        return sum(waiter.chat == chat for line in self._lines for waiter in line)

    def hold(self, seconds: float) -> None:
        """Who would have to wait for long is turned away: they wait where everybody can see it."""
        self.held_until = max(self.held_until, monotonic() + seconds)
        if seconds > LONG:
            self._turn_away([waiter for line in self._lines for waiter in line if not waiter.halfway])

    def resume(self) -> None:
        self.held_until = float("-inf")
        self._open()

    def close(self) -> None:
        """Nobody is let in any more; those who wait are told so."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._turn_away([waiter for line in self._lines for waiter in line])

    def reopen(self) -> None:
        self._closed = False

    def _turn_away(self, waiters: list[_Waiter]) -> None:
        for waiter in waiters:
            self._leave(waiter)
            if not waiter.turn.done():
                waiter.turn.set_result(None)

    def _leave(self, waiter: _Waiter) -> None:
        for line in self._lines:
            if waiter in line:
                line.remove(waiter)

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
        while self._ready or self._unasked:
            now = monotonic()
            free_at = max(self.held_until, self.pace.lane_free_at(now))
            if free_at <= now:
                first, free_at = self._first_free(now)
                if first is not None:
                    self._let_in(first, now)
                    continue
            self._timer = asyncio.get_running_loop().call_later(max(free_at - now, 0.001), self._open)
            break
        self._ask(monotonic())

    def _ask(self, now: float) -> None:
        """Have those written down as begun whose moment is near: some together, before the last of those before them has left."""
        if self._begin is None or self.held_until > now + RUNWAY:
            return
        new = list[_Waiter]()
        for waiter in self._unasked:
            near = self._asked.before(waiter) + self._ready.before(waiter) + len(new)
            if near >= self._runway or (near >= self._runway // 2 and not new):
                break
            if self.pace.chat_free_at(waiter.chat, now) <= now + RUNWAY:
                new.append(waiter)
        if new:
            others = min(self._begun_here(), self._runway - len(new))
            self._begin_all(new[: max(self.pace.fits(now, RUNWAY, self._runway) - others, 0)])

    def _begin_all(self, waiters: list[_Waiter]) -> None:
        for waiter in waiters:
            assert waiter.delivery is not None
            assert self._begin is not None
            self._unasked.remove(waiter)
            self._asked.join(waiter)
            self._begin(waiter.delivery, partial(self._begun, waiter))

    def _begun(self, waiter: _Waiter, may: bool) -> None:
        if waiter not in self._asked:
            return
        self._asked.remove(waiter)
        if may:
            self._ready.join(waiter)
        elif not waiter.turn.done():
            waiter.turn.set_result(None)
        self._soon()

    def _first_free(self, now: float) -> tuple[_Waiter | None, float]:
        """The first of those who are ready and whose chat is free; else None and when to look again."""
        nearest = now + LOOK_AGAIN if self._unasked else float("inf")
        for waiter in self._ready:
            free_at = self.pace.chat_free_at(waiter.chat, now)
            if free_at <= now:
                return waiter, free_at
            nearest = min(nearest, free_at)
        return None, nearest

    def _let_in(self, waiter: _Waiter, now: float) -> None:
        self._ready.remove(waiter)
        grant = self.pace.grant(waiter.chat, now, max(waiter.since, self.held_until))
        if not waiter.turn.done():
            waiter.turn.set_result(grant)
