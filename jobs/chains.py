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
        self.waiting += 1
        chain = self._chains.get(delivery.chat)
        if chain is None:
            self._chains[delivery.chat] = deque([delivery])
            return True
        chain.append(delivery)
        return False

    def length(self, chat: str) -> int:
        return len(self._chains.get(chat, ()))

    def first(self, chat: str) -> Delivery | None:
        """It stays there."""
        chain = self._chains[chat]
        return chain[0] if chain else None

    def next(self, chat: str) -> Delivery | None:
        chain = self._chains[chat]
        if not chain:
            return None
        self.waiting -= 1
        return chain.popleft()

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
