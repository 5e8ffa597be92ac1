"""What was taken back, or may not be true any more, while a dispatcher of this process had it in hand: nobody is alerted of what
was claimed a moment ago."""

from collections.abc import Collection, Iterable
from datetime import datetime

from core.clock import monotonic
from core.outbox.notify import WITHDRAWN
from core.outbox.renewing import STALE
from core.outbox.tables import Delivery


class Withdrawn:
    """`renewed`: templates of what is built anew when it is claimed."""

    def __init__(self, renewed: Collection[str] = ()) -> None:
        self._renewed = renewed
        self._since: dict[tuple[str, str, str], datetime] = {}
        self._stale: dict[int, float] = {}
        self._taken: dict[int, float] = {}

    def took(self, claimed: Iterable[Delivery], at: float) -> None:
        """`at`: before the claim began, on the steady clock."""
        for carrier in claimed if self._renewed else ():
            if any(one.kind == "message" and one.template in self._renewed for one in (carrier, *carrier.carried)):
                self._taken[carrier.id] = at

    def note(self, topics: Iterable[str]) -> None:
        for topic in topics:
            word, _, rest = topic.partition(" ")
            if word == WITHDRAWN:
                at, kind, subject_id, template = rest.split(" ")
                self._since[kind, subject_id, template] = datetime.fromisoformat(at)
            elif word == STALE:
                self._stale[int(rest)] = monotonic()

    def covers(self, delivery: Delivery) -> bool:
        """What was queued afterwards about the same thing is news again."""
        if not self._since and not self._stale:
            return False
        at = self._since.get((str(delivery.subject_kind), str(delivery.subject_id), delivery.template))
        return (at is not None and delivery.created_at < at) or self._is_stale(delivery)

    def _is_stale(self, delivery: Delivery) -> bool:
        taken, changed = self._taken.get(delivery.id), self._stale.get(delivery.client_id or 0)
        return taken is not None and changed is not None and changed >= taken

    def forget(self) -> None:
        """Nothing is in hand any more."""
        self._since.clear()
        self._stale.clear()
        self._taken.clear()
