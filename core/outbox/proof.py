"""The proof of notice: for every message when it was queued, each attempt, what the platform said, and what followed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from core.errors import NotFound
from core.outbox.elsewhere import NOWHERE, SAID_ELSEWHERE
from core.outbox.proof_rows import AttemptRow, Proof, ReceiptRow, Sent, Sibling
from core.outbox.tables import DELIVERY_STATES, attempts, deliveries, notifications, receipts
from core.people.tables import persons
from core.schema import Identity
from core.statements import Reader, Statement, literally

T = TypeVar("T")


_d, _n = deliveries.c, notifications.c
_client = func.coalesce(_n.client_id, persons.c.client_id)
_ELSEWHERE: dict[str, ColumnElement[Any]] = {
    "client_id": _client.label("client_id"),
    **{name: _n[name] for name in ("template", "subject_kind", "subject_id")},
}


def _column(name: str) -> ColumnElement[Any]:
    return _ELSEWHERE[name] if name in _ELSEWHERE else _d[name]


_SENT = (
    select(*map(_column, Sent.__dataclass_fields__))
    .join(notifications, _n.id == _d.notification_id)
    .outerjoin(persons, persons.c.id == _d.person_id)
)
BY_ID = Statement(_SENT.where(_d.id == bindparam("id")), Sent)
RECEIPTS_OF = Statement(
    select(*(receipts.c[name] for name in ReceiptRow.__dataclass_fields__))
    .where(receipts.c.delivery_id == bindparam("delivery_id"))
    .order_by(receipts.c.id),
    ReceiptRow,
)
_FILTERS: dict[str, ColumnElement[bool]] = (
    {
        name: _column(name) == bindparam(name)
        for name in ("id", "kind", "channel", "person_id", "subject_kind", "subject_id")
    }
    | {
        "since": _d.created_at >= bindparam("since", type_=_d.created_at.type),
        "until": _d.created_at < bindparam("until", type_=_d.created_at.type),
        "not_below": _d.id >= bindparam("not_below"),
    }
    | {f"state {state}": _d.state == literally(state) for state in DELIVERY_STATES}
)
LED_TO = frozenset(
    ("id", "person_id", "subject_id", "not_below", *(f"state {one}" for one in ("pending", "failed", "uncertain")))
)
"""Filters that an index answers."""
LOOKED_AT = 10_000
BOUND = Statement(
    select(_d.id).where(_d.id < bindparam("before")).order_by(_d.id.desc()).limit(1).offset(LOOKED_AT), int
)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page, and everything around its deliveries: four statements, however long it is."""

    sent: Statement[Sent]
    attempts: Statement[AttemptRow]
    receipts: Statement[ReceiptRow]
    siblings: Statement[Any]


def _wanted(by: frozenset[str]) -> Select[Any]:
    return _SENT.where(_client == bindparam("client_id"), *(_FILTERS[name] for name in sorted(by)))


@cache
def _page(by: frozenset[str]) -> _Page:
    number = (
        literal_column("+deliveries.id", Identity) if "state pending" in by else _d.id
    )  # few wait: not back through all
    page = _wanted(by).where(number < bindparam("before")).order_by(number.desc()).limit(bindparam("limit"))
    ids = page.with_only_columns(_d.id, _d.notification_id, _d.kind, _d.media_id).subquery()
    other = deliveries.alias("other")
    siblings = select(
        ids.c.id.label("of"),
        other.c.id,
        other.c.channel,
        other.c.account,
        other.c.chat,
        other.c.state,
        other.c.is_repeat,
    ).join(
        other,
        (other.c.notification_id == ids.c.notification_id)
        & (other.c.kind == ids.c.kind)
        & (func.coalesce(other.c.media_id, 0) == func.coalesce(ids.c.media_id, 0))
        & (other.c.id != ids.c.id),
    )
    return _Page(
        Statement(page, Sent),
        Statement(_around(attempts, AttemptRow, ids), AttemptRow),
        Statement(_around(receipts, ReceiptRow, ids), ReceiptRow),
        Statement(siblings.where(ids.c.kind != literally("edit")).order_by(ids.c.id, other.c.id)),
    )


def _around(table: Any, row: Any, ids: Any) -> Select[Any]:
    columns = [table.c[name] for name in row.__dataclass_fields__]
    return select(*columns).join(ids, ids.c.id == table.c.delivery_id).order_by(table.c.id)


@cache
def _open(by: frozenset[str]) -> Statement[Sent]:
    page = _wanted(by).where(_d.followed_at.is_(None), ~SAID_ELSEWHERE).order_by(_d.id).limit(bindparam("limit"))
    return Statement(page, Sent)


def _split(filters: dict[str, Any]) -> tuple[frozenset[str], dict[str, Any]]:
    """What decides the statement's text, and the values that are bound."""
    assert filters.get("state", "sent") in DELIVERY_STATES
    values = {name: value for name, value in filters.items() if name != "state"}
    return frozenset([*values, *([f"state {filters['state']}"] if "state" in filters else [])]), values


def list_some_proofs(
    reader: Reader, client_id: int, filters: dict[str, Any], *, before: int = 2**62, limit: int = 50
) -> tuple[list[Proof], int | None]:
    """As `list_proofs`, and before which id to go on; None at the end. What no index leads to is looked for among LOOKED_AT
    deliveries at a time, so that there may be fewer than `limit` and more all the same."""
    by, _ = _split(filters)
    bound = reader.first(BOUND, before=before) if by and not by & LED_TO else None
    if bound:
        filters = filters | {"not_below": bound}
    found = list_proofs(reader, client_id, filters, before=before, limit=limit + 1)
    return (found[:limit], found[limit - 1].sent.id) if len(found) > limit else (found, bound)


def list_proofs(
    reader: Reader, client_id: int, filters: dict[str, Any], *, before: int = 2**62, limit: int = 50
) -> list[Proof]:
    """The newest first. `filters`: any of id, state, kind, channel, person_id, subject_kind, subject_id, since, until (moments at
    which it was queued; `until` itself not)."""
    by, given = _split(filters)
    page, values = _page(by), given | {"client_id": client_id, "before": before, "limit": limit}
    found = reader.all(page.sent, **values)
    if not found:
        return []
    values["before"] = found[0].id + 1  # what is queued meanwhile must not shift the page
    tries = _by_delivery((one.delivery_id, one) for one in reader.all(page.attempts, **values))
    words = _by_delivery((one.delivery_id, one) for one in reader.all(page.receipts, **values))
    siblings = _by_delivery(
        (one.of, Sibling(one.of, one.id, (one.channel, one.account, one.chat), one.state, bool(one.is_repeat)))
        for one in reader.all(page.siblings, **values)
    )
    return [_proof(sent, tries[sent.id], words[sent.id], siblings[sent.id]) for sent in found]


def _proof(sent: Sent, tries: list[AttemptRow], words: list[ReceiptRow], siblings: list[Sibling]) -> Proof:
    way = (sent.channel, sent.account, sent.chat)
    fallbacks = tuple(one.id for one in siblings if one.way != way)
    repeats = tuple(one.id for one in siblings if one.is_repeat and one.way == way)
    return Proof(sent, tuple(tries), tuple(words), fallbacks, repeats, _instead(sent, siblings))


def _instead(sent: Sent, siblings: list[Sibling]) -> Sibling | None:
    if sent.state != "failed" or sent.kind != "message" or sent.followed_at:
        return None
    return next((one for one in reversed(siblings) if one.state not in NOWHERE), None)


def _by_delivery(rows: Iterable[tuple[int, T]]) -> defaultdict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for delivery_id, row in rows:
        found[delivery_id].append(row)
    return found


def list_open(reader: Reader, client_id: int, filters: dict[str, Any], limit: int) -> list[Sent]:
    """Those that were not sent again yet and go no other way, the oldest first; filters as above."""
    by, values = _split(filters)
    return reader.all(_open(by), client_id=client_id, limit=limit, **values)


def get_proof(reader: Reader, client_id: int, delivery_id: int) -> Proof:
    """Another client's delivery is not there."""
    found = list_proofs(reader, client_id, {"id": delivery_id}, limit=1)
    if not found:
        raise NotFound("There is no such delivery.")
    return found[0]


def get_sent(reader: Reader, delivery_id: int) -> Sent:
    found = reader.first(BY_ID, id=delivery_id)
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def list_receipts(reader: Reader, delivery_id: int) -> list[ReceiptRow]:
    """In the order they came."""
    return reader.all(RECEIPTS_OF, delivery_id=delivery_id)
