"""Another policy tried on the tickets of the last days: whom its steps would have told until each was answered, repaired and
approved."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from core.calendars.hours import Calendar, open_time
from core.calendars.queries import calendars_of_client
from core.policies.comparing import DAYS, MOST, Case, DryRun, Told, compared
from core.policies.laying import Watch
from core.policies.policy import Policy
from core.row_sets import ids_of
from core.statements import Reader, Statement
from core.tickets.policies import HOUSE, policy_for, steps_of
from core.tickets.rows import Offer, Subcategory, Ticket
from core.tickets.subcategories import list_subcategories
from core.tickets.tables import completions, ticket_offers, tickets

_MINUTE = timedelta(minutes=1)
_IDS = ids_of("ids")
OPENED = Statement(
    select(*(tickets.c[name] for name in Ticket.__dataclass_fields__))
    .where(tickets.c.client_id == bindparam("client_id"), tickets.c.created_at >= bindparam("since"))
    .order_by(tickets.c.created_at.desc(), tickets.c.id.desc())
    .limit(bindparam("limit")),
    Ticket,
)
OFFERS = Statement(
    select(*(ticket_offers.c[name] for name in Offer.__dataclass_fields__))
    .join(_IDS, _IDS.c.id == ticket_offers.c.ticket_id)
    .order_by(ticket_offers.c.id),
    Offer,
)
DECIDED = Statement(
    select(completions.c.ticket_id, completions.c.completed_at, completions.c.decided_at)
    .join(_IDS, _IDS.c.id == completions.c.ticket_id)
    .order_by(completions.c.id)
)
Span = tuple[datetime, datetime]


def try_policy(reader: Reader, client_id: int, wanted: Policy, now: datetime, days: int = DAYS) -> DryRun:
    since = now - timedelta(days=days)
    rows = reader.all(OPENED, client_id=client_id, since=since, limit=MOST + 1)
    ids = tuple((row.id,) for row in rows[:MOST])
    offers, waits = defaultdict(list), defaultdict(list)
    for offer in reader.all(OFFERS, ids=ids):
        offers[offer.ticket_id].append(offer)
    for done in reader.all(DECIDED, ids=ids):
        waits[done.ticket_id].append((done.completed_at, done.decided_at or now))
    known: dict[int | None, Policy] = {None: next(iter(HOUSE.values()))}
    for policy_id in {row.policy_id for row in rows} - {None}:
        known[policy_id] = policy_for(reader, policy_id)
    calendars = calendars_of_client(reader, client_id)
    kinds = {row.id: row for row in list_subcategories(reader, client_id, retired=True)}
    usual = calendars[client_id]
    cases = []
    for row in rows[:MOST]:
        lived = Life(
            row,
            kinds[row.subcategory_id],
            offers[row.id],
            waits[row.id],
            calendars.get(row.unit_id, usual),
            now,
        )
        before, after = (list(lived.told(policy)) for policy in (known[row.policy_id], wanted))
        cases.append(Case(row.number, row.created_at, before, after))
    return compared(since, cases, whole=len(rows) <= MOST)


class Life:
    """What became of a ticket: when it was offered, when nobody had it, until when it was repaired and approved."""

    def __init__(
        self,
        ticket: Ticket,
        kind: Subcategory,
        offers: Sequence[Offer],
        waits: Sequence[Span],
        calendar: Calendar,
        now: datetime,
    ) -> None:
        self.ticket, self.offers, self.waits, self.calendar = ticket, offers, waits, calendar
        self.over = ticket.completed_at or ticket.closed_at or ticket.cancelled_at or now
        self.response = kind.response_minutes[ticket.priority]

    def told(self, policy: Policy) -> Iterator[Told]:
        ticket = self.ticket
        for offer in self.offers:
            until = min(offer.settled_at or self.over, offer.due_at)
            yield from self._of("answer", policy, (offer.offered_at, until), self._open(offer.offered_at, offer.due_at))
        for span in self._alone():
            yield from self._of("alone", policy, span, self.response)
        minutes = self._open(ticket.created_at, ticket.resolution_due_at)
        yield from self._of("resolution", policy, (ticket.created_at, self.over), minutes)
        for span in self.waits:
            yield from self._of("approval", policy, span, 0)

    def _of(self, part: str, policy: Policy, span: Span, minutes: float) -> Iterator[Told]:
        since, until = span
        for step in steps_of(part, Watch(minutes, self.calendar, since, self.ticket.priority), policy.steps):
            at = since + step.after_minutes * _MINUTE
            if at < until:
                yield from (Told(at, whom) for whom in step.tell)

    def _alone(self) -> Iterator[Span]:
        """From the end of one offer to the next, as long as nobody had accepted."""
        since: datetime | None = self.ticket.created_at
        for offer in self.offers:
            if since and offer.offered_at > since:
                yield since, offer.offered_at
            since = None if offer.outcome in ("accepted", "offered") else offer.settled_at
        if since and since < self.over:
            yield since, self.over

    def _open(self, since: datetime, until: datetime) -> float:
        return open_time(self.calendar, since, until) / _MINUTE
