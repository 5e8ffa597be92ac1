"""What a monitoring system reads: numbers from the database at each scrape, and a count of answers. No names in labels."""

from prometheus_client import Counter, Gauge, generate_latest

from core.vitals import vitals
from web.given import Web


class Meters:
    def __init__(self, web: Web) -> None:
        self._web = web
        registry = web.registry
        self._answers = Counter(
            "callboard_http_answers", "Answers by door and status", ("door", "status"), registry=registry
        )
        self._by_door: dict[tuple[str, int], Counter] = {}
        self._deliveries = Gauge("callboard_deliveries", "Deliveries", ("channel", "state"), registry=registry)
        self._oldest = Gauge(
            "callboard_oldest_pending_seconds", "How long the longest waiting delivery is overdue", registry=registry
        )
        self._quarantine = Gauge(
            "callboard_quarantine", "Payloads that failed and were not replayed", registry=registry
        )
        self._escalations = Gauge("callboard_open_escalations", "Open escalations", ("status",), registry=registry)
        self._tickets = Gauge("callboard_open_tickets", "Open tickets", ("status",), registry=registry)

    def count(self, door: str, status: int) -> None:
        answers = self._by_door.get((door, status))
        if answers is None:
            answers = self._by_door[door, status] = self._answers.labels(door, str(status))
        answers.inc()

    async def render(self) -> bytes:
        now = await self._web.database.read(vitals)
        waited = (self._web.clock.now() - now.oldest_due_at).total_seconds() if now.oldest_due_at else 0.0
        self._oldest.set(max(waited, 0.0))
        self._quarantine.set(now.quarantined)
        for gauge in (self._deliveries, self._escalations, self._tickets):
            gauge.clear()  # a state that nothing is in any more must not keep its last number
        for labels, number in now.deliveries.items():
            self._deliveries.labels(*labels).set(number)
        for status, number in now.escalations.items():
            self._escalations.labels(status).set(number)
        for status, number in now.tickets.items():
            self._tickets.labels(status).set(number)
        return generate_latest(self._web.registry)
