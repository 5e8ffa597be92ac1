"""Self-checks: a small message to a test address shows that a lane takes, sends and (where its platform says so) delivers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select, update

from core.audit.subject import Subject
from core.elapsed import at_clock
from core.outbox.notify import Chat, Notification, tell_chat
from core.outbox.tables import attempts, deliveries, receipts
from core.scheduling.queries import find_kept, keep
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

GONE = ("sent", "delivered", "read")

_d = deliveries.c
_other = deliveries.alias("other")


@dataclass(frozen=True, slots=True)
class Probe:
    """`confirmed`: the platform has said something about it later; `lane_is_busy`: others of the lane have left meanwhile."""

    id: int
    chat: str
    state: str
    external_id: str | None
    error: str | None
    created_at: datetime
    confirmed: bool
    lane_is_busy: bool

    def verdict(self, now: datetime, within: timedelta, receipt: bool) -> str | None:
        """Empty: all is well; None: there is time left; else what is wrong. `receipt`: accepted is not enough."""
        if self.state in GONE and (self.confirmed or not receipt):
            return ""
        if self.state in ("failed", "withdrawn"):
            return self.error or "the test message was not sent"
        if now - self.created_at < within or (self.state == "pending" and self.lane_is_busy):
            return None
        minutes = f"within {within.total_seconds() / 60:g} minutes"
        if self.state in GONE:
            return f"a test message was taken, but no receipt came {minutes}: does the platform reach our webhook?"
        if self.state == "uncertain":
            return f"a test message left and was not answered {minutes}"
        return f"a test message of {at_clock(self.created_at, now)} UTC has not left {minutes}"


FIND = Statement(
    select(
        _d.id,
        _d.chat,
        _d.state,
        _d.external_id,
        _d.error,
        _d.created_at,
        exists().where(receipts.c.delivery_id == _d.id),
        exists().where(
            attempts.c.at > _d.created_at,
            attempts.c.outcome == literally("sent"),
            attempts.c.delivery_id == _other.c.id,
            _other.c.channel == _d.channel,
            _other.c.account == _d.account,
        ),
    ).where(_d.id == bindparam("id")),
    Probe,
)
TAKE_BACK = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.state == literally("pending"))
    .values(state="withdrawn", settled_at=bindparam("now"))
)


def due_at(reader: Reader, lane: str, now: datetime) -> datetime:
    """When the next check of a lane begins."""
    kept = find_kept(reader, _name(lane))
    return datetime.fromisoformat(kept["next"]) if kept else now


def find_probe(reader: Reader, lane: str) -> Probe | None:
    """The one that runs."""
    kept = find_kept(reader, _name(lane))
    return reader.first(FIND, id=kept["delivery"]) if kept and kept["delivery"] else None


def begin_probe(uow: UnitOfWork, lane: str, address: str, every: timedelta) -> None:
    channel, _, account = lane.partition(":")
    subject = Subject("lane", 0, lane, None)
    delivery = tell_chat(
        uow, Chat(channel, account, address), Notification("outbox.self_check", {"lane": lane}, subject)
    )
    keep(uow, _name(lane), {"delivery": delivery, "next": (uow.now + every).isoformat()})


def end_probe(uow: UnitOfWork, lane: str, probe: Probe, next_at: datetime | None = None) -> None:
    """What has not left by now need not any more. `next_at`: sooner than planned."""
    uow.run(TAKE_BACK, id_=probe.id, now=uow.now)
    planned = due_at(uow, lane, uow.now)
    keep(uow, _name(lane), {"delivery": None, "next": min(planned, next_at or planned).isoformat()})


def _name(lane: str) -> str:
    return f"probe:{lane}"
