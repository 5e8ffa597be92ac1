"""What was let through the gate and has no outcome yet."""

from core.clock import monotonic
from core.outbox.tables import Delivery
from jobs.pace import Grant


class OnTheWire:
    def __init__(self) -> None:
        self._grants: dict[int, Grant] = {}

    def __len__(self) -> int:
        return len(self._grants)

    def __contains__(self, delivery: Delivery) -> bool:
        return delivery.id in self._grants

    def let_through(self, delivery: Delivery, grant: Grant) -> None:
        """Its latest part."""
        self._grants[delivery.id] = grant

    def left(self, delivery: Delivery) -> None:
        """At this moment, whatever was meant; called in the thread that has written it."""
        if grant := self._grants.get(delivery.id):
            grant.at = monotonic()

    def ended(self, delivery: Delivery) -> None:
        self._grants.pop(delivery.id, None)
