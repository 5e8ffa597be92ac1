"""What is claimed and has not begun, by line and in its order. A line that is in here has a task that empties it."""

from collections import deque
from collections.abc import Iterator

from channels import limits
from core.outbox.tables import Delivery


def line_of(delivery: Delivery) -> str:
    return limits.line_of(delivery.channel, delivery.kind, delivery.chat)


class Chains:
    """`waiting`: how many are in all of them."""

    def __init__(self) -> None:
        self.waiting = 0
        self._chains: dict[str, deque[Delivery]] = {}

    def __contains__(self, line: str) -> bool:
        return line in self._chains

    def __iter__(self) -> Iterator[str]:
        return iter(self._chains)

    def __bool__(self) -> bool:
        return bool(self._chains)

    def add(self, delivery: Delivery) -> bool:
        """True when it begins a chain: somebody has to empty it."""
        self.waiting += 1
        line = line_of(delivery)
        chain = self._chains.get(line)
        if chain is None:
            self._chains[line] = deque([delivery])
            return True
        chain.append(delivery)
        return False

    def length(self, line: str) -> int:
        return len(self._chains.get(line, ()))

    def first(self, line: str) -> Delivery | None:
        """It stays there."""
        chain = self._chains[line]
        return chain[0] if chain else None

    def next(self, line: str) -> Delivery | None:
        chain = self._chains[line]
        if not chain:
            return None
        self.waiting -= 1
        return chain.popleft()

    def take(self, line: str) -> list[Delivery]:
        """All of it; it is empty then."""
        taken = list(self._chains[line])
        self.waiting -= len(taken)
        self._chains[line].clear()
        return taken

    def take_all(self) -> list[Delivery]:
        return [delivery for line in self._chains for delivery in self.take(line)]

    def end(self, line: str) -> None:
        del self._chains[line]
