"""What is written down as begun and has not left yet: it needs no word of the database any more."""

from collections.abc import Iterable, Set
from functools import partial

from core.outbox.tables import Delivery
from jobs.chains import line_of
from jobs.gate import Gate
from jobs.settling import Settling


class Begun:
    def __init__(self, gate: Gate, settling: Settling) -> None:
        self._gate = gate
        self._settling = settling
        self._ids: set[int] = set()
        self._asked = 0

    def __contains__(self, delivery: Delivery) -> bool:
        return delivery.id in self._ids

    def claimed(self, deliveries: Iterable[Delivery], begun: Set[int]) -> None:
        """What is claimed anew has begun as far as this claim says, whatever became of it before."""
        self._ids.difference_update(one.id for one in deliveries)
        self._ids |= begun

    def forget(self, delivery: Delivery) -> None:
        """It left, or never will from here."""
        self._ids.discard(delivery.id)

    def follow(self, delivery: Delivery | None) -> None:
        """The next of its line, if there is one: where it may leave at once, that it begins is written together with how the one
        before it ended, instead of after that."""
        if delivery and self._gate.is_near(line_of(delivery), len(self._ids) + self._asked):
            self._asked += 1
            self._settling.begin(delivery, partial(self._told, delivery.id))

    def _told(self, delivery_id: int, may: bool) -> None:
        self._asked -= 1
        if may:
            self._ids.add(delivery_id)
