"""What waits in each lane, and when the last of it leaves: at its own moment, or when the lane, at its speed, has sent what goes
before it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, func, select

from core.elapsed import at_clock
from core.outbox.lanes import LaneState, list_lanes
from core.outbox.tables import deliveries, notifications
from core.people.contacts import CHANNEL_NAMES
from core.people.tables import persons
from core.statements import Reader, Statement, literally

ON_ITS_WAY = timedelta(seconds=5)
"""What a lane sends within this time is not worth a word."""


@dataclass(frozen=True, slots=True)
class WaitingLane:
    """What of everybody, or of one client, waits in a lane. `held` of them wait for a moment still to come."""

    channel: str
    account: str
    waiting: int
    held: int
    last_at: datetime

    @property
    def name(self) -> str:
        return f"{self.channel}:{self.account}"

    def sentence(self, zone: str, now: datetime) -> str:
        """'12 waiting for WhatsApp, last leaves 10:47'."""
        leaves = at_clock(self.last_at, now, zone)
        return f"⏳ {self.waiting} waiting for {CHANNEL_NAMES[self.channel]}, last leaves {leaves}"


_is_waiting = deliveries.c.state == literally("pending")
_LATER = deliveries.c.next_attempt_at > bindparam("now", type_=deliveries.c.next_attempt_at.type)
_waiting = (
    select(
        deliveries.c.channel,
        deliveries.c.account,
        func.count().label("waiting"),
        func.count(case((_LATER, deliveries.c.id))).label("held"),
        func.max(deliveries.c.next_attempt_at).label("last_at"),
    )
    .where(_is_waiting)
    .group_by(deliveries.c.channel, deliveries.c.account)
    .order_by(deliveries.c.channel, deliveries.c.account)
)
OF_ALL = Statement(_waiting, WaitingLane)
OF_CLIENT = Statement(
    _waiting.join(notifications, notifications.c.id == deliveries.c.notification_id)
    .outerjoin(persons, persons.c.id == deliveries.c.person_id)
    .where(func.coalesce(notifications.c.client_id, persons.c.client_id) == bindparam("client_id")),
    WaitingLane,
)
QUEUES = Statement(
    select(deliveries.c.channel, deliveries.c.account, deliveries.c.whose, func.count().label("waiting"))
    .where(_is_waiting)
    .group_by(deliveries.c.channel, deliveries.c.account, deliveries.c.whose)
)


def list_waiting(reader: Reader, now: datetime, client_id: int | None = None) -> list[WaitingLane]:
    """Lanes in which something waits, by name; where a client is given: something of the client."""
    found = reader.all(OF_ALL, now=now) if client_id is None else reader.all(OF_CLIENT, now=now, client_id=client_id)
    if not found:
        return []
    lanes = {lane.name: lane for lane in list_lanes(reader)}
    queues = defaultdict[str, list[int]](list)
    for queue in reader.all(QUEUES):
        queues[f"{queue.channel}:{queue.account}"].append(queue.waiting)
    return [_forecast(one, lanes.get(one.name) or LaneState(one.name), queues[one.name], now) for one in found]


def _forecast(found: WaitingLane, lane: LaneState, queues: Sequence[int], now: datetime) -> WaitingLane:
    """Clients take turns: of each of them as many leave meanwhile as are waiting here, if it has so many."""
    before = sum(min(found.waiting, queue) for queue in queues)
    takes = timedelta(seconds=before / lane.sends_per_second if lane.sends_per_second else 0)
    begins = max(now, lane.paused_until or now)
    return replace(found, last_at=max(found.last_at, begins + takes if takes > ON_ITS_WAY else begins))
