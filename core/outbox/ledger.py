"""The count of everything that was to be said: each message ended in one way or visibly waits. One statement per check."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, bindparam, exists, func, select

from core.audit.inbox import count_quarantined
from core.audit.record import Subject, record
from core.audit.tables import seen_events
from core.outbox.events import LedgerBroken, LedgerClean
from core.outbox.lanes import tell_admins
from core.outbox.notify import URGENT, Notification
from core.outbox.tables import DELIVERY_STATES, attempts, deliveries, lanes, notifications, receipts
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

SUBJECT = Subject("ledger", 0, "ledger", None)
LEASE_LATE = timedelta(minutes=5)
WAITS_LONG = timedelta(hours=1)

_d, _n = deliveries.c, notifications.c
_other, _later, _carrier = deliveries.alias("other"), notifications.alias("later"), deliveries.alias("carrier")
_gone = _d.state.in_([literally("sent"), literally("delivered"), literally("read")])
_other_counts = _other.c.state.not_in([literally("failed"), literally("withdrawn"), literally("bundled")])


def _count(where: Select[int]) -> Statement[int]:
    return Statement(where, int)


_of_deliveries = select(func.count()).select_from(deliveries)
LOST = _count(
    select(func.count())
    .select_from(notifications)
    .where(
        ~exists().where(_d.notification_id == _n.id),
        # a change that had not left when a newer one came was replaced by it
        ~exists().where(
            _later.c.subject_kind == _n.subject_kind,
            _later.c.subject_id == _n.subject_id,
            _later.c.template == _n.template,
            _later.c.id > _n.id,
            _other.c.notification_id == _later.c.id,
            _other.c.kind == literally("edit"),
        ),
    )
)
STUCK = _count(_of_deliveries.where(_d.state == literally("sending"), _d.lease_until <= bindparam("lease_before")))
LATE = _count(
    _of_deliveries.where(
        _d.state == literally("pending"),
        _d.next_attempt_at <= bindparam("waits_before"),
        ~exists().where(
            lanes.c.name == _d.channel + literally(":") + _d.account,
            lanes.c.broken_since.is_not(None) | (lanes.c.paused_until > bindparam("now")),
        ),
        # behind one of its chat that waits and says until when
        ~exists().where(
            _other.c.state == literally("pending"),
            _other.c.channel == _d.channel,
            _other.c.account == _d.account,
            _other.c.chat == _d.chat,
            _other.c.next_attempt_at > bindparam("waits_before"),
            _other.c.id < _d.id,
        ),
    )
)
ADRIFT = _count(
    _of_deliveries.outerjoin(_carrier, _carrier.c.id == _d.carried_by).where(
        _d.state == literally("bundled"),
        _carrier.c.id.is_(None)
        | _carrier.c.state.in_([literally("failed"), literally("withdrawn"), literally("bundled")]),
    )
)
_instead = deliveries.alias("instead")
ABANDONED = _count(
    _of_deliveries.join(notifications, _n.id == _d.notification_id).where(
        _d.state == literally("failed"),
        _d.followed_at.is_(None),
        _d.kind == literally("message"),
        _d.contact_method_id.is_not(None),
        _d.visible_to.is_(None),
        _n.withdrawn_at.is_(None),
        _n.unreached_at.is_(None),
        ~exists().where(
            _instead.c.notification_id == _n.id,
            _instead.c.kind == literally("message"),
            _instead.c.state != literally("failed"),
        ),
    )
)
UNPROVED = _count(
    _of_deliveries.where(
        _gone,
        ~exists().where(attempts.c.delivery_id == _d.id),
        ~exists().where(receipts.c.delivery_id == _d.id),
    )
)
DOUBLED = _count(
    _of_deliveries.where(
        _gone,
        ~_d.is_repeat,
        exists().where(
            and_(
                _other.c.notification_id == _d.notification_id,
                _other.c.id < _d.id,
                _other.c.kind == _d.kind,
                _other.c.channel == _d.channel,
                _other.c.account == _d.account,
                _other.c.chat == _d.chat,
                func.coalesce(_other.c.media_id, 0) == func.coalesce(_d.media_id, 0),
                func.coalesce(_other.c.target_id, 0) == func.coalesce(_d.target_id, 0),
                _other.c.followed_at.is_(None),
                _other_counts,
            )
        ),
    )
)
UNACCOUNTED = Statement(select(func.count()).select_from(seen_events).where(seen_events.c.outcome.is_(None)), int)
CHECKS: dict[str, tuple[Statement[int], str]] = {
    "lost": (LOST, "notifications without any message"),
    "stuck": (STUCK, "messages being sent for longer than anybody may take"),
    "late": (LATE, "messages that should have left over an hour ago, by a lane that is not known to be broken"),
    "adrift": (ADRIFT, "bundled messages whose bundle never left"),
    "abandoned": (ABANDONED, "messages to people that failed, went no other way and were reported to nobody"),
    "unaccounted": (UNACCOUNTED, "platform events that were taken in and led to nothing known"),
    "unproved": (UNPROVED, "messages that count as sent without any attempt"),
    "doubled": (DOUBLED, "messages sent twice without saying so"),
}
TAKEN_IN = Statement(
    select(
        *(
            func.count().filter(seen_events.c.outcome == literally(outcome)).label(outcome)
            for outcome in ("heard", "refused", "receipt", "moved")
        )
    )
)
NOTIFICATIONS = _count(select(func.count()).select_from(notifications))
BY_STATE = Statement(
    select(*(func.count().filter(_d.state == literally(state)).label(state) for state in DELIVERY_STATES))
)
"""One pass, and nothing sorted: a GROUP BY of a large table takes memory as it grows."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """`counts`: notifications, quarantined, deliveries by state, platform events of the last days by what became of them.
    `broken`: the check -> how many, none of them 0."""

    counts: dict[str, int]
    broken: dict[str, int]

    @property
    def sentences(self) -> list[str]:
        """'3 messages sent twice without saying so'."""
        return [f"{number} {CHECKS[name][1]}" for name, number in self.broken.items()]


def take_stock(reader: Reader, now: datetime, unmoved: datetime | None = None) -> Ledger:
    """`unmoved`: by the clock that leases are counted by."""
    moments = {"now": now, "lease_before": (unmoved or now) - LEASE_LATE, "waits_before": now - WAITS_LONG}
    counts = {"notifications": reader.one(NOTIFICATIONS), "quarantined": count_quarantined(reader)}
    by_state = reader.one(BY_STATE)._asdict()
    taken_in = reader.one(TAKEN_IN)._asdict()
    counts |= {f"taken in, {outcome}": number for outcome, number in taken_in.items() if number}
    counts |= {state: number for state, number in by_state.items() if number}
    found = {name: reader.one(check, **moments) for name, (check, _) in CHECKS.items()}
    return Ledger(counts, {name: number for name, number in found.items() if number})


def close_books(uow: UnitOfWork, ledger: Ledger) -> None:
    """Write down the result; the admins hear of what does not add up."""
    if not ledger.broken:
        record(uow, SUBJECT, LedgerClean(ledger.counts))
        return
    record(uow, SUBJECT, LedgerBroken(ledger.broken, ledger.counts))
    facts = {"broken": ledger.sentences}
    tell_admins(uow, "", Notification("outbox.ledger", facts, urgency=URGENT))
