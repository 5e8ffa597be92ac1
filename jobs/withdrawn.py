"""What was taken back while a dispatcher of this process had it in hand: nobody is alerted of what was claimed a moment ago."""

from collections.abc import Iterable
from datetime import datetime

from core.outbox.notify import WITHDRAWN
from core.outbox.tables import Delivery


class Withdrawn:
    def __init__(self) -> None:
        self._since: dict[tuple[str, str, str], datetime] = {}

    def note(self, topics: Iterable[str]) -> None:
        for topic in topics:
            word, _, rest = topic.partition(" ")
            if word == WITHDRAWN:
                at, kind, subject_id, template = rest.split(" ")
                self._since[kind, subject_id, template] = datetime.fromisoformat(at)

    def covers(self, delivery: Delivery) -> bool:
        """What was queued afterwards about the same thing is news again."""
        at = self._since.get((str(delivery.subject_kind), str(delivery.subject_id), delivery.template))
        return at is not None and delivery.created_at < at

    def forget(self) -> None:
        """Nothing is in hand any more."""
        self._since.clear()
