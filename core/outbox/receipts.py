"""What a platform said later about deliveries: sent, delivered, read, failed, in any order and any number of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, insert, select, update

from core.outbox.choosing import distrust
from core.outbox.failed_later import let_rest, send_as_notice, try_again
from core.outbox.fallback import fall_back
from core.outbox.lanes import pause_lane, stop_lane
from core.outbox.retry import rest_after
from core.outbox.tables import deliveries, notifications, receipts
from core.outbox.uncertain import hold_back_repeats
from core.quick import quick
from core.reading_ahead import read_ahead
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_d = deliveries.c
FIND = Statement(
    select(
        _d.id,
        _d.notification_id,
        _d.channel,
        _d.account,
        _d.chat,
        _d.state,
        _d.attempts,
        _d.followed_at,
        notifications.c.subject_kind,
    )
    .join(notifications, notifications.c.id == _d.notification_id)
    .where(
        (_d.id == bindparam("delivery_id"))
        | ((_d.channel == bindparam("channel")) & (_d.external_id == bindparam("external_id")))
    )
)
NEW_RECEIPT = Statement(insert(receipts).values({c.name: bindparam(c.name) for c in receipts.c if c.name != "id"}))
_RANK = {"sending": 0, "uncertain": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
_NEVER = 9
_SETTLED = ("sent", "failed", "delivered", "read")
"""States that only a better word changes."""
_UNTOLD = ("sending", "uncertain")
NEWS = timedelta(minutes=5)
"""What a platform reports later than this says nothing about how an account is now: an operator may have put it right."""
LANE_RESTS = 10.0
"""Seconds, where the platform does not say for how long: the lane's owner may be another process, which looks every five."""
PROGRESS = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), case(_RANK, value=_d.state, else_=_NEVER) < bindparam("rank"))
    .values(
        state=bindparam("state"),
        lease_until=None,
        external_id=func.coalesce(_d.external_id, bindparam("external_id", type_=_d.external_id.type)),
        error_code=bindparam("code"),
        error=bindparam("reason"),
        settled_at=bindparam("now"),
    )
)


@quick
@dataclass(frozen=True, slots=True)
class Word:
    """What a platform said about one message. `delivery_id` is ours, where it says that, too. `unreachable`: nobody can be reached
    at that address; `window_closed`: only a notice can; `stops_lane`: nobody by this account, for so many seconds; `again_after`:
    worth another try, after so many seconds at the earliest; `holds`: what else (recipient, lane) has to wait."""

    channel: str
    external_id: str
    state: str
    at: datetime
    delivery_id: int | None = None
    code: str | None = None
    reason: str | None = None
    unreachable: bool = False
    window_closed: bool = False
    stops_lane: float = 0.0
    again_after: float | None = None
    holds: str = "delivery"


def take_receipts(uow: UnitOfWork, words: Sequence[Word]) -> list[Any]:
    """A later word never undoes a better one: read stays read. What failed late is tried again or goes the person's next way.
    Returns what those that are about messages of ours are about: rows with notification_id and subject_kind."""
    ours = [(word, found) for word, found in zip(words, _find(uow, words), strict=True) if found is not None]
    ours.sort(key=lambda one: int(one[1].id))  # in one order: others who change several must not deadlock
    uow.run_many(
        NEW_RECEIPT,
        [
            {"delivery_id": found.id, "state": word.state, "at": word.at, "code": word.code, "reason": word.reason}
            for word, found in ours
        ],
    )
    plain = [(word, found) for word, found in ours if not _has_consequences(word, found)]
    uow.run_many(PROGRESS, [_progress(uow, *one) for one in plain if _may_change(*one)])
    for word, found in ours:
        if _has_consequences(word, found):
            _follow(uow, word, found)
    return [found for _, found in ours]


def take_receipt(uow: UnitOfWork, *said: Any, **more: Any) -> int | None:
    """The same for one, given as a Word is; returns the notification's id, None when the message is not ours."""
    told = take_receipts(uow, [Word(*said, **more)])
    return int(told[0].notification_id) if told else None


def _find(uow: UnitOfWork, words: Sequence[Word]) -> list[Any]:
    """The delivery of each, None where it is not ours."""
    asked: list[dict[str, Any]] = [
        {"delivery_id": word.delivery_id, "channel": word.channel, "external_id": word.external_id} for word in words
    ]
    if len(asked) == 1:
        return [uow.first(FIND, **asked[0])]
    return [rows[0] if rows else None for rows in read_ahead(uow, FIND, asked)]


def _has_consequences(word: Word, found: Any) -> bool:
    return word.state == "failed" or word.unreachable or found.followed_at is not None


def _may_change(word: Word, found: Any) -> bool:
    return found.state not in _SETTLED or _RANK[found.state] < _RANK[word.state]


def _progress(uow: UnitOfWork, word: Word, found: Any) -> dict[str, Any]:
    return {
        "id_": found.id,
        "rank": _RANK[word.state],
        "state": word.state,
        "external_id": word.external_id,
        "code": word.code,
        "reason": word.reason,
        "now": uow.now,
    }


def _follow(uow: UnitOfWork, word: Word, found: Any) -> None:
    changed = uow.run(PROGRESS, **_progress(uow, word, found))
    if word.unreachable:
        distrust(uow, found.channel, found.account, found.chat, word.reason, word.at)
    if changed and uow.now - word.at < NEWS:
        _let_rest(uow, word, found)
    if changed and word.state == "failed":
        if not _goes_again(uow, word, found):
            fall_back(uow, found.id, word.code, word.reason)
    elif changed and found.followed_at:
        hold_back_repeats(uow, found.id)


def _let_rest(uow: UnitOfWork, word: Word, found: Any) -> None:
    lane = f"{found.channel}:{found.account}"
    if word.stops_lane:
        stop_lane(uow, lane, word.reason or "", timedelta(seconds=word.stops_lane))
    elif word.holds == "lane":
        pause_lane(uow, lane, uow.now + timedelta(seconds=word.again_after or LANE_RESTS), word.reason)
    elif word.holds == "recipient":
        let_rest(uow, found.channel, found.account, found.chat, _limited_for(word, found))


def _limited_for(word: Word, failed: Any) -> float:
    """Seconds for which a limit keeps it waiting; 0: it failed for another reason."""
    if word.again_after or word.holds == "delivery":
        return word.again_after or 0.0
    return rest_after(failed.attempts - 1 + (failed.state in _UNTOLD))


def _goes_again(uow: UnitOfWork, word: Word, failed: Any) -> bool:
    if word.window_closed:
        return send_as_notice(uow, failed.id, word.at)
    if word.again_after is None:
        return False
    return try_again(uow, failed.id, _limited_for(word, failed), untold=failed.state in _UNTOLD)
