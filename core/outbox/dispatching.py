"""The dispatcher's side of the outbox: claim what is due under a lease, and write down how each attempt ended. What lies between
the two is in core/outbox/in_hand.py."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    FromClause,
    Update,
    bindparam,
    case,
    false,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)

from core.outbox.carrying import IN_A_BUNDLE, gather
from core.outbox.choosing import distrust
from core.outbox.claimed import CLAIMED, CLAIMED_NOW
from core.outbox.due import CLAIM, CLAIM_IN_TURN, FILES_IN_ORDER_FOR
from core.outbox.fairness import QUEUES, Turns
from core.outbox.fallback import fall_back
from core.outbox.giving_back import withdraw_late, withdraw_replaced
from core.outbox.quiet import hold_back
from core.outbox.renewing import Renewers, renew_all, renew_line
from core.outbox.tables import Delivery, attempts, deliveries
from core.outbox.windows import close_window, heard_meanwhile, left_as_notice
from core.quick import quick
from core.row_sets import rows_of
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

Outcome = Literal["sent", "temporary", "permanent", "unknown", "nothing", "carried"]

LEASE = timedelta(seconds=60)
LOOKS = 10
"""So often one claim looks again when what it found has to wait for the morning: others are not to wait behind that."""

_ended = rows_of(
    "ended",
    id=deliveries.c.id.type,
    outcome=attempts.c.outcome.type,
    state=deliveries.c.state.type,
    next_attempt_at=deliveries.c.next_attempt_at.type,
    external_id=deliveries.c.external_id.type,
    code=deliveries.c.error_code.type,
    reason=deliveries.c.error.type,
    carried_by=deliveries.c.id.type,
    as_notice=deliveries.c.as_notice.type,
    notice_command=deliveries.c.notice_command.type,
    held=deliveries.c.held_for.type,
    tried=deliveries.c.attempts.type,
    lease_until=deliveries.c.lease_until.type,
)
OUTCOME = 1
_RECEIVED = deliveries.c.state.in_([literally("sent"), literally("delivered"), literally("read")])
"""The platform's word about it was here before the answer to its sending: how it left is still to be written down."""


def _still_to_settle(ended: FromClause) -> Update:
    return update(deliveries).where(
        deliveries.c.id == ended.c.id,
        # a sender that was only slow still knows better than a lease that ran out, but nothing of what another has claimed since
        deliveries.c.state.in_([literally("uncertain"), literally("bundled")])
        | ((deliveries.c.state == literally("sending")) & (deliveries.c.lease_until == ended.c.lease_until))
        | (_RECEIVED & (deliveries.c.external_id == ended.c.external_id)),
    )


SETTLE = Statement(
    _still_to_settle(_ended).values(
        state=case((_RECEIVED, deliveries.c.state), else_=_ended.c.state),
        lease_until=None,
        attempts=deliveries.c.attempts + _ended.c.tried,
        # what has become part of a bundle stays one
        held_for=case((IN_A_BUNDLE, deliveries.c.held_for), else_=func.coalesce(_ended.c.held, deliveries.c.held_for)),
        next_attempt_at=func.coalesce(_ended.c.next_attempt_at, deliveries.c.next_attempt_at),
        external_id=func.coalesce(_ended.c.external_id, deliveries.c.external_id),
        error_code=_ended.c.code,
        error=_ended.c.reason,
        settled_at=case((_ended.c.state != literally("pending"), bindparam("now", type_=deliveries.c.settled_at.type))),
        carried_by=_ended.c.carried_by,
        as_notice=_ended.c.as_notice,
        notice_command=_ended.c.notice_command,
    )
)
NEW_ATTEMPTS = Statement(
    insert(attempts).from_select(
        ["delivery_id", "at", "outcome", "code", "reason"],
        select(
            _ended.c.id, bindparam("at", type_=attempts.c.at.type), _ended.c.outcome, _ended.c.code, _ended.c.reason
        ).where(_ended.c.outcome.not_in([literally("nothing"), literally("carried")])),
    )
)
_sent = rows_of(
    "sent",
    id=deliveries.c.id.type,
    lease_until=deliveries.c.lease_until.type,
    external_id=deliveries.c.external_id.type,
)
SETTLE_SENT = Statement(
    _still_to_settle(_sent).values(
        state=case((_RECEIVED, deliveries.c.state), else_=literally("sent")),
        lease_until=null(),
        attempts=deliveries.c.attempts + literal_column("1"),
        external_id=func.coalesce(_sent.c.external_id, deliveries.c.external_id),
        error_code=null(),
        error=null(),
        settled_at=bindparam("now"),
        as_notice=false(),
        notice_command=null(),
    )
)
"""What most messages come to, said in a third of the words: each costs as much as the change of a row."""
NEW_SENT_ATTEMPTS = Statement(
    insert(attempts).from_select(
        ["delivery_id", "at", "outcome"],
        select(_sent.c.id, bindparam("at", type_=attempts.c.at.type), literally("sent")),
    )
)


@quick
@dataclass(frozen=True, slots=True)
class Settlement:
    """How one attempt ended. `again_at`: when a temporary failure is tried once more; `held`: what it waits for that is no fault
    of the message (limit, broken, photo), so that the try does not count. `as_notice`: only the template left, whose
    button says `notice_command`; `window_closed`: the platform takes nothing else now."""

    delivery: Delivery
    outcome: Outcome
    external_id: str | None = None
    code: str | None = None
    reason: str | None = None
    again_at: datetime | None = None
    held: str | None = None
    unreachable: bool = False
    carried_by: int | None = None
    as_notice: bool = False
    notice_command: str | None = None
    window_closed: bool = False


_CARRIED_BY: dict[Outcome, Outcome] = {"sent": "carried", "unknown": "carried"}
"""How it ended for the carrier -> for what it carried, where that differs."""

_STATE_AFTER = {
    "sent": "sent",
    "nothing": "withdrawn",
    "temporary": "pending",
    "permanent": "failed",
    "unknown": "uncertain",
    "carried": "bundled",
}


def claim(  # noqa: PLR0913 - what a lane is like
    uow: UnitOfWork,
    channel: str,
    account: str,
    limit: int,
    *,
    edits_ring: bool = False,
    turns: Turns | None = None,
    renewers: Renewers | None = None,
    lease_until: datetime | None = None,
) -> list[Delivery]:
    """Take due deliveries of a lane, most urgent and oldest first, until `lease_until` (LEASE from now): whoever has not settled
    them by then loses them (core/outbox/in_hand.py). `edits_ring`: the platform can change no message: a change is a new one.
    `turns`: which client's turn it was. `renewers`: who says what is true now."""
    renewers, lease_until, turns = renewers or {}, lease_until or uow.now + LEASE, turns or Turns()
    found: list[Delivery] = []
    for _ in range(LOOKS):
        room = limit - len(found)
        taken = _take(uow, channel, account, room, lease_until, turns)
        found += renew_all(uow, hold_back(uow, taken, edits_ring=edits_ring), renewers)
        if len(taken) < room or len(found) == limit:
            break

    def load(delivery_id: int) -> Delivery:
        return renew_line(uow, uow.one(CLAIMED, id=delivery_id), renewers)

    return gather(uow, found, lease_until, load)


def _take(
    uow: UnitOfWork, channel: str, account: str, room: int, lease_until: datetime, turns: Turns
) -> list[Delivery]:
    lane = {"channel": channel, "account": account}
    queues = [(queue.urgency, queue.whose) for queue in uow.all(QUEUES, **lane, now=uow.now)]
    claim_some = CLAIM if len({whose for _, whose in queues}) == 1 else CLAIM_IN_TURN
    taken = set[int]()

    def take(urgency: int, whose: int, limit: int) -> int:
        wanted = {"whose": whose, "now": uow.now, "lately": uow.now - FILES_IN_ORDER_FOR, "limit": limit}
        found = uow.all(claim_some[urgency], **lane, **wanted, lease_until=lease_until)
        taken.update(row.id for row in found)
        return len(found)

    turns.share_out(queues, room, take)
    if not taken:
        return []
    return [one for one in uow.all(CLAIMED_NOW, **lane, lease_until=lease_until) if one.id in taken]


def settle(uow: UnitOfWork, done: list[Settlement]) -> None:
    """What a bundle carried is settled with it."""
    if sent := [(end.delivery.id, end.delivery.lease_until, end.external_id) for end in done if _is_simple(end)]:
        uow.run(SETTLE_SENT, sent=sent, now=uow.now)
        uow.run(NEW_SENT_ATTEMPTS, sent=sent, at=uow.now)
    if len(sent) < len(done):
        _settle_others(uow, [each for end in done if not _is_simple(end) for each in _with_carried(end)])


def _is_simple(end: Settlement) -> bool:
    """Sent by itself, as it was meant."""
    return end.outcome == "sent" and end.delivery.carried_by is None and not end.delivery.carried and not end.as_notice


def _settle_others(uow: UnitOfWork, done: list[Settlement]) -> None:
    rows = [_row(end) for end in done]
    withdraw_replaced(uow, [end.delivery for end in done if end.outcome == "temporary"])
    if ended := [row for row in rows if row[OUTCOME] != "permanent"]:
        uow.run(SETTLE, ended=ended, now=uow.now)
    for end in done:
        _follow(uow, end)
    withdraw_late(uow, [end.delivery for end in done if end.outcome == "temporary"])
    uow.run(NEW_ATTEMPTS, ended=rows, at=uow.now)


def _follow(uow: UnitOfWork, end: Settlement) -> None:
    """What an outcome means for the person's other ways, and for what waits behind it."""
    to = end.delivery
    failed = end.outcome == "permanent" and uow.run(SETTLE, ended=[_row(end)], now=uow.now)
    if end.unreachable:
        distrust(uow, to.channel, to.account, to.chat, end.reason, uow.now)
    if end.window_closed:
        close_window(uow, to.id, to, to.heard_at or uow.now)
    elif end.outcome == "temporary":
        heard_meanwhile(uow, to)
    if failed:
        fall_back(uow, to.id, end.code, end.reason)
    if end.as_notice:
        left_as_notice(uow, to)


def _row(end: Settlement) -> tuple[Any, ...]:
    """In the order of `_ended`."""
    return (
        end.delivery.id,
        end.outcome,
        _STATE_AFTER[end.outcome],
        end.again_at,
        end.external_id,
        end.code,
        end.reason,
        end.carried_by,
        end.as_notice,
        end.notice_command,
        end.held,
        0 if end.held else 1,
        end.delivery.lease_until,
    )


def _with_carried(end: Settlement) -> list[Settlement]:
    carried = end.delivery.carried
    if not carried:
        return [end]
    outcome = _CARRIED_BY.get(end.outcome, end.outcome)
    if outcome == "carried":
        end = replace(end, carried_by=end.delivery.id)
    return [end, *(replace(end, delivery=one, outcome=outcome, external_id=None) for one in carried)]
