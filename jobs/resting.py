"""Recipients a platform wants left alone: for longer with each of its refusals in a row, until a message is taken again."""

from collections import Counter
from collections.abc import Hashable

from core.outbox.retry import rest_after


class Resting:
    def __init__(self) -> None:
        self._refusals: Counter[Hashable] = Counter()

    def refused(self, recipient: Hashable, retry_after: float | None) -> float:
        """Seconds for which nothing may be sent there. The platform's own word wins."""
        refusals = self._refusals[recipient]
        self._refusals[recipient] += 1
        return rest_after(refusals) if retry_after is None else retry_after

    def taken(self, recipient: Hashable) -> None:
        del self._refusals[recipient]
