"""Recipients a platform wants left alone. Where it does not say for how long: 4^n seconds, n counting its refusals in a row,
until a message is taken again (developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, 131056)."""

from collections import Counter
from collections.abc import Hashable

MOST = 6
"""4^6 seconds, over an hour: the credit of a WhatsApp pair is whole again after five minutes."""


class Resting:
    def __init__(self) -> None:
        self._refusals: Counter[Hashable] = Counter()

    def refused(self, recipient: Hashable, retry_after: float | None) -> float:
        """Seconds for which nothing may be sent there. The platform's own word wins."""
        refusals = self._refusals[recipient]
        self._refusals[recipient] += 1
        return 4.0 ** min(refusals, MOST) if retry_after is None else retry_after

    def taken(self, recipient: Hashable) -> None:
        del self._refusals[recipient]
