"""What a dispatcher has in hand. A message is marked as begun before it leaves: when a dispatcher dies, only that may have arrived,
and the rest waits again as if nothing had happened."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, select, text, update

from core.outbox.carrying import UNTIE
from core.outbox.claimed import CLAIMED_CORE, claimed
from core.outbox.dispatching import LEASE, NEW_ATTEMPTS
from core.outbox.giving_back import release
from core.outbox.tables import NOT_ARRIVED, Delivery, deliveries
from core.row_sets import rows_of
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

_d = deliveries.c
_leaving = rows_of("leaving", id=_d.id.type, lease_until=_d.lease_until.type)
BEGIN = Statement(
    update(deliveries)
    .where(_d.id == _leaving.c.id, _d.lease_until == _leaving.c.lease_until)  # only what is `sending` has one
    .values(begun_at=bindparam("now"))
    .returning(_d.id)
)
SET_BACK = Statement(
    update(deliveries)
    .where(_d.state == literally("sending"), _d.lease_until > bindparam("too_far"))
    .values(lease_until=bindparam("at"))
)
"""Claimed for longer than anybody may: before somebody set the machine's clock back."""
DUE_AGAIN = Statement(
    update(deliveries)
    .where(
        text(NOT_ARRIVED),  # as its index has it
        _d.state == literally("pending"),
        _d.created_at > bindparam("too_far"),
        _d.next_attempt_at == _d.created_at,
    )
    .values(next_attempt_at=bindparam("now"))
)
"""Urgent, and to leave at once, at a moment that is still to come: queued before somebody set the clock back."""
_over = (_d.state == literally("sending"), _d.lease_until <= bindparam("at"))
EXPIRED = Statement(
    update(deliveries)
    .where(*_over, _d.begun_at.is_not(None))
    .values(
        state=case((_d.carried_by != _d.id, literally("bundled")), else_=literally("uncertain")),
        lease_until=None,
        error_code="lease",
        error="The program stopped between sending and writing down the outcome.",
        settled_at=bindparam("settled_at"),
    )
    .returning(_d.id)
)
NOT_BEGUN = Statement(CLAIMED_CORE.where(*_over, _d.begun_at.is_(None)), claimed)
_claimed = (
    _d.state == literally("sending"),
    _d.lease_until > literally("1970-01-01"),
)  # as its index has it, not the lane's
LEFT_BEHIND = Statement(
    CLAIMED_CORE.where(
        *_claimed,
        _d.begun_at.is_(None),
        _d.channel == bindparam("channel"),
        _d.account == bindparam("account"),
    ),
    claimed,
)
UNDER_WAY = Statement(
    select(_d.kind, _d.chat, _d.begun_at).where(
        *_claimed,
        _d.begun_at > bindparam("since"),
        _d.channel == bindparam("channel"),
        _d.account == bindparam("account"),
    )
)


def begin(uow: UnitOfWork, leaving: Sequence[Delivery]) -> set[int]:
    """Those that may be sent now, with all that they carry; the others have been taken over by another dispatcher."""
    every = [(one.id, one.lease_until) for carrier in leaving for one in (carrier, *carrier.carried)]
    begun = {row.id for row in uow.all(BEGIN, leaving=every, now=uow.now)}
    return {one.id for one in leaving if one.id in begun}


def begin_first(
    uow: UnitOfWork,
    claimed: Sequence[Delivery],
    line_of: Callable[[Delivery], str],
    besides: Collection[str],
    most: int,
) -> set[int]:
    """Of each line but those the first one, and no more than so many."""
    first = {line: one for one in reversed(claimed) if (line := line_of(one)) not in besides}
    leaving = [one for one in claimed if first.get(line_of(one)) is one][:most]
    return begin(uow, leaving) if leaving else set()


def take_over(uow: UnitOfWork, channel: str, account: str) -> int:
    """What the last owner of the lane had claimed and not begun waits again, in its old order; returns how many those are."""
    found = uow.all(LEFT_BEHIND, channel=channel, account=account)
    _wait_again(uow, found)
    return len(found)


def list_under_way(reader: Reader, channel: str, account: str, since: datetime) -> list[tuple[str, str, datetime]]:
    """(kind, chat, when) of what has begun to leave since then and has no outcome."""
    return [
        (row.kind, row.chat, row.begun_at)
        for row in reader.all(UNDER_WAY, channel=channel, account=account, since=since)
    ]


def expire(uow: UnitOfWork, at: datetime | None = None) -> int:
    """Whoever had these in hand has died: what had begun becomes uncertain (jobs/uncertain.py), what had not waits again. Returns
    how many are uncertain. `at`: by the clock that the leases are counted by."""
    at = at or uow.now
    uow.run(SET_BACK, at=at, too_far=at + 2 * LEASE)
    uow.run(DUE_AGAIN, now=uow.now, too_far=uow.now + LEASE)
    _wait_again(uow, uow.all(NOT_BEGUN, at=at))
    lost = uow.all(EXPIRED, at=at, settled_at=uow.now)
    how = ("unknown", None, None, None, "lease", "The program stopped meanwhile.")
    uow.run(NEW_ATTEMPTS, ended=[(row.id, *how) for row in lost], at=uow.now)
    return len(lost)


def _wait_again(uow: UnitOfWork, found: list[Delivery]) -> None:
    release(uow, found)
    uow.run_many(UNTIE, [{"carrier": carrier} for carrier in {one.carried_by for one in found if one.carried_by}])
