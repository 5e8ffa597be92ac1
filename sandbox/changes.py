"""One rising number for everything that can be seen, and a way to wait for the next."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

KEPT = 20_000


@dataclass(frozen=True)
class Change:
    seq: int
    kind: str
    platform: str | None
    people: tuple[str, ...]
    chat: str | None
    message: str | None


class Changes:
    def __init__(self) -> None:
        self.seq = 0
        self.closed = False
        self._ring: deque[Change] = deque(maxlen=KEPT)
        self._latest: dict[str, int] = {}
        self._waiting: set[asyncio.Future[None]] = set()

    def publish(
        self,
        kind: str,
        platform: str | None = None,
        people: Iterable[str] = (),
        chat: str | None = None,
        message: str | None = None,
    ) -> int:
        self.seq += 1
        change = Change(self.seq, kind, platform, tuple(people), chat, message)
        self._ring.append(change)
        for person in change.people:
            self._latest[person] = self.seq
        self._wake()
        return self.seq

    def latest(self, person: str) -> int:
        return self._latest.get(person, 0)

    def after(self, seq: int) -> list[Change]:
        """Oldest first; only what the ring still holds."""
        fresh: list[Change] = []
        for change in reversed(self._ring):
            if change.seq <= seq:
                break
            fresh.append(change)
        fresh.reverse()
        return fresh

    async def next(self, seconds: float) -> bool:
        """True when something was published within that time."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

    async def wait_for_person(self, person: str, after: int, seconds: float) -> None:
        """Returns as soon as the person can see something newer than `after`, or when the time is over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not self.closed and self.latest(person) <= after and (left := end - loop.time()) > 0:
            await self.next(left)

    def close(self) -> None:
        """Nobody waits any longer: the server is going down."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)
