"""What is claimed and has not begun, by chat and in its order. A chat that is in here has a task that empties it."""

from collections import deque
from collections.abc import Iterator

from core.outbox.tables import Delivery


class Chains:
    """`waiting`: how many are in all of them."""

    def __init__(self) -> None:
        self.waiting = 0
        self._chains: dict[str, deque[Delivery]] = {}

    def __contains__(self, chat: str) -> bool:
        return chat in self._chains

    def __iter__(self) -> Iterator[str]:
        return iter(self._chains)

    def __bool__(self) -> bool:
        return bool(self._chains)

    def add(self, delivery: Delivery) -> bool:
        """True when it begins a chain: somebody has to empty it."""
        is_new = delivery.chat not in self._chains
        self._chains.setdefault(delivery.chat, deque()).append(delivery)
        self.waiting += 1
        return is_new

    def length(self, chat: str) -> int:
        return len(self._chains.get(chat, ()))

    def first(self, chat: str) -> Delivery | None:
        """It stays there."""
        return next(iter(self._chains[chat]), None)

    def next(self, chat: str) -> Delivery | None:
        if not self._chains[chat]:
            return None
        self.waiting -= 1
        return self._chains[chat].popleft()

    def take(self, chat: str) -> list[Delivery]:
        """All of it; it is empty then."""
        taken = list(self._chains[chat])
        self.waiting -= len(taken)
        self._chains[chat].clear()
        return taken

    def take_all(self) -> list[Delivery]:
        return [delivery for chat in self._chains for delivery in self.take(chat)]

    def end(self, chat: str) -> None:
        del self._chains[chat]
