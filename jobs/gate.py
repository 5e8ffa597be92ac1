"""Who may send next in a lane: the most urgent first, then the one who waits longest, as soon as its limits allow it."""

import asyncio
from bisect import insort
from dataclasses import dataclass
from itertools import count

from core.clock import monotonic
from jobs.pace import Pace


@dataclass(eq=False, slots=True)
class _Waiter:
    urgency: int
    number: int
    chat: str
    since: float
    turn: "asyncio.Future[bool]"

    @property
    def place(self) -> tuple[int, int]:
        return self.urgency, self.number


class Gate:
    """`enter` returns True when the send may begin, and that moment is its grant; False once the gate is closed. `hold` keeps
    everybody back for a while."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.held_until = float("-inf")
        self._numbers = count()
        self._waiting: list[_Waiter] = []
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def enter(self, chat: str, urgency: int) -> bool:
        if self._closed:
            return False
        if not self._waiting and self._free_now(chat):
            return True
        turn = asyncio.get_running_loop().create_future()
        waiter = _Waiter(urgency, next(self._numbers), chat, monotonic(), turn)
        insort(self._waiting, waiter, key=lambda one: one.place)
        self._open()
        try:
            return await waiter.turn
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def _free_now(self, chat: str) -> bool:
        now = monotonic()
        free = max(self.held_until, self.pace.lane_free_at(now), self.pace.chat_free_at(chat, now)) <= now
        if free:
            self.pace.grant(chat, now, now)
        return free

    def waiting(self, chat: str) -> int:
        return sum(waiter.chat == chat for waiter in self._waiting)

    def hold(self, seconds: float) -> None:
        self.held_until = max(self.held_until, monotonic() + seconds)

    def resume(self) -> None:
        self.held_until = float("-inf")
        self._open()

    def close(self) -> None:
        """Nobody is let in any more; those who wait are told so."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for waiter in self._waiting:
            if not waiter.turn.done():
                waiter.turn.set_result(False)

    def _open(self) -> None:
        """Let in everybody whose limits are free; come back when the next of them is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            now = monotonic()
            free_at = max(self.held_until, self.pace.lane_free_at(now))
            if free_at <= now:
                first, free_at = self._first_free(now)
                if first is not None:
                    self._let_in(first, now)
                    continue
            self._timer = asyncio.get_running_loop().call_later(max(free_at - now, 0.001), self._open)
            return

    def _first_free(self, now: float) -> tuple[_Waiter | None, float]:
        """The first in order whose chat is free; else None and when the next chat will be."""
        nearest = float("inf")
        for waiter in self._waiting:
            free_at = self.pace.chat_free_at(waiter.chat, now)
            if free_at <= now:
                return waiter, free_at
            nearest = min(nearest, free_at)
        return None, nearest

    def _let_in(self, waiter: _Waiter, now: float) -> None:
        self._waiting.remove(waiter)
        self.pace.grant(waiter.chat, now, max(waiter.since, self.held_until))
        if not waiter.turn.done():
            waiter.turn.set_result(True)
