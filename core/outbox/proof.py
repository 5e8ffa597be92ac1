"""The proof of notice: what was sent to whom, with what outcome; and sending once more what did not arrive."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from core.audit.record import Subject, record
from core.errors import Conflict, NotFound
from core.outbox.tables import DELIVERY_STATES, deliveries, notifications, receipts
from core.rule import Rule
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as an operator reads it. `client_id` is empty for what concerns nobody in particular."""

    id: int
    client_id: int | None
    kind: str
    channel: str
    account: str
    person_id: int | None
    template: str
    subject_kind: str | None
    subject_id: int | None
    state: str
    urgency: int
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    settled_at: datetime | None
    external_id: str | None
    error_code: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    state: str
    at: datetime
    code: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class LaneRow:
    """What of a client waits in a lane. `held` of them wait for a moment still to come, the last one for `last_at`."""

    channel: str
    account: str
    waiting: int
    held: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ResendDelivery:
    delivery_id: int


@dataclass(frozen=True, slots=True)
class DeliveryResent:
    kind: ClassVar[str] = "delivery.resent"
    delivery_id: int


_d, _n = deliveries.c, notifications.c
_SENT = select(
    _d.id, _n.client_id, _d.kind, _d.channel, _d.account, _d.person_id, _n.template, _n.subject_kind, _n.subject_id,
    _d.state, _d.urgency, _d.attempts, _d.created_at, _d.next_attempt_at, _d.settled_at, _d.external_id,
    _d.error_code, _d.error,
).join(notifications, _n.id == _d.notification_id)  # fmt: skip
BY_ID = Statement(_SENT.where(_d.id == bindparam("id")), Sent)
RECEIPTS_OF = Statement(
    select(receipts.c.state, receipts.c.at, receipts.c.code, receipts.c.reason)
    .where(receipts.c.delivery_id == bindparam("delivery_id"))
    .order_by(receipts.c.id),
    ReceiptRow,
)
AGAIN = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.state.in_([literally("failed"), literally("uncertain")]))
    .values(
        state="pending",
        attempts=0,
        next_attempt_at=bindparam("now"),
        settled_at=None,
        external_id=None,
        error_code=None,
        error=None,
    )
    .returning(_d.channel)
)

TROUBLE = Statement(
    select(_d.state, func.count().label("n"))
    .join(notifications, _n.id == _d.notification_id)
    .where(_n.client_id == bindparam("client_id"), _d.state.in_([literally("failed"), literally("uncertain")]))
    .group_by(_d.state)
)
LANES = Statement(
    select(
        _d.channel,
        _d.account,
        func.count().label("waiting"),
        func.count(case((_d.next_attempt_at > bindparam("now", type_=_d.next_attempt_at.type), _d.id))).label("held"),
        func.max(_d.next_attempt_at).label("last_at"),
    )
    .join(notifications, _n.id == _d.notification_id)
    .where(_n.client_id == bindparam("client_id"), _d.state == literally("pending"))
    .group_by(_d.channel, _d.account)
    .order_by(_d.channel, _d.account),
    LaneRow,
)


@cache
def _page(by: frozenset[str]) -> Statement[Sent]:
    columns: dict[str, ColumnElement[Any]] = {
        "state": _d.state,
        "person_id": _d.person_id,
        "subject_kind": _n.subject_kind,
        "subject_id": _n.subject_id,
    }
    wanted = [columns[name] == bindparam(name) for name in sorted(by)]
    page = _SENT.where(_n.client_id == bindparam("client_id"), _d.id < bindparam("before"), *wanted)
    return Statement(page.order_by(_d.id.desc()).limit(bindparam("limit")), Sent)


def list_sent(
    reader: Reader, client_id: int, filters: dict[str, Any], *, before: int = 2**62, limit: int = 50
) -> list[Sent]:
    """The newest first. `filters`: any of state, person_id, subject_kind, subject_id."""
    assert filters.get("state", "sent") in DELIVERY_STATES
    return reader.all(_page(frozenset(filters)), client_id=client_id, before=before, limit=limit, **filters)


def get_sent(reader: Reader, delivery_id: int) -> Sent:
    found = reader.first(BY_ID, id=delivery_id)
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def list_receipts(reader: Reader, delivery_id: int) -> list[ReceiptRow]:
    """In the order they came."""
    return reader.all(RECEIPTS_OF, delivery_id=delivery_id)


def list_lanes(reader: Reader, client_id: int, now: datetime) -> list[LaneRow]:
    """Lanes in which something of the client waits, by channel."""
    return reader.all(LANES, client_id=client_id, now=now)


def count_trouble(reader: Reader, client_id: int) -> dict[str, int]:
    """failed (dead letters) and uncertain -> how many."""
    return {"failed": 0, "uncertain": 0} | {row.state: row.n for row in reader.all(TROUBLE, client_id=client_id)}


def resend(command: ResendDelivery, uow: UnitOfWork) -> Sent:
    sent = get_sent(uow, command.delivery_id)
    again = uow.first(AGAIN, id_=sent.id, now=uow.now)
    if again is None:
        raise Conflict(f"This message is {sent.state}: only what failed or is uncertain can be sent again.")
    uow.announce(f"lane:{again.channel}")
    record(uow, Subject("delivery", sent.id, f"delivery {sent.id}", sent.client_id), DeliveryResent(sent.id))
    return get_sent(uow, sent.id)


def _client_of(command: ResendDelivery, reader: Reader) -> int | None:
    return get_sent(reader, command.delivery_id).client_id


RULES = {ResendDelivery: Rule(resend, "delivery.resend", _client_of)}
