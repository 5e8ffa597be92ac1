"""Who did what: the events of a client page by page, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, literal_column, select, tuple_

from core.audit.tables import events
from core.statements import Reader, Statement

_e = events.c
AREAS = (
    "escalation",
    "ticket",
    "training",
    "assignment",
    "person",
    "unit",
    "token",
    "command",
    "delivery",
    "lane",
    "customer",
)
"""What stands before the dot of a kind."""


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    at: datetime
    kind: str
    subject_kind: str | None
    subject_id: int | None
    actor_kind: str
    actor_name: str
    via: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty is everything. `area`: one of AREAS. `since`: nothing older, which bounds what is looked through."""

    area: str = ""
    person_id: int | None = None
    via: str = ""
    subject: tuple[str, int] | None = None
    since: datetime | None = None


_CONDITIONS = {
    "area": _e.kind.between(bindparam("first_kind"), bindparam("last_kind")),
    "person_id": _e.person_id == bindparam("person_id"),
    "via": _e.via == bindparam("via"),
    "subject": and_(_e.subject_kind == bindparam("subject_kind"), _e.subject_id == bindparam("subject_id")),
    "since": _e.at >= bindparam("since"),
    "bound": tuple_(_e.at, _e.id)
    >= tuple_(bindparam("bound_at", type_=_e.at.type), bindparam("bound_id", type_=_e.id.type)),
}
_BEFORE = tuple_(_e.at, _e.id) < tuple_(
    bindparam("before_at", type_=_e.at.type), bindparam("before_id", type_=_e.id.type)
)
_NOT_BY_CLIENT = literal_column("+events.client_id") == bindparam("client_id")
"""Whoever did it, and what it is about, have indexes of their own; the sign keeps SQLite from that of the whole client, which has
the right order already (sqlite.org/optoverview.html, 2)."""
LOOKED_AT = 10_000
BOUND = Statement(
    select(_e.at, _e.id)
    .where(_e.client_id == bindparam("client_id"), _BEFORE)
    .order_by(_e.at.desc(), _e.id.desc())
    .limit(1)
    .offset(LOOKED_AT),
    lambda at, last: (at, last),
)


@cache
def _page(given: frozenset[str]) -> Statement[Entry]:
    columns = [_e[name] for name in Entry.__dataclass_fields__]
    wanted = [_CONDITIONS[name] for name in sorted(given)]
    of_client = _NOT_BY_CLIENT if given & {"person_id", "subject"} else _e.client_id == bindparam("client_id")
    query = select(*columns).where(of_client, _BEFORE, *wanted)
    return Statement(query.order_by(_e.at.desc(), _e.id.desc()).limit(bindparam("limit")), Entry)


def list_entries(
    reader: Reader, client_id: int, wanted: Wanted, before: tuple[datetime, int], limit: int
) -> tuple[list[Entry], tuple[datetime, int] | None]:
    """`before`: moment and id of the last one seen. With them where to go on; None at the end. What no index leads to is looked for
    among LOOKED_AT entries at a time, so that there may be fewer than `limit` and more all the same."""
    bound = None
    if (wanted.area or wanted.via) and not (wanted.person_id or wanted.subject):
        bound = reader.first(BOUND, client_id=client_id, before_at=before[0], before_id=before[1])
    found = _found(reader, client_id, wanted, before, bound, limit + 1)
    if len(found) > limit:
        return found[:limit], (found[limit - 1].at, found[limit - 1].id)
    over = bound is None or (wanted.since is not None and bound[0] < wanted.since)
    return found, None if over else bound


def _found(
    reader: Reader,
    client_id: int,
    wanted: Wanted,
    before: tuple[datetime, int],
    bound: tuple[datetime, int] | None,
    limit: int,
) -> list[Entry]:
    values: dict[str, Any] = {}
    if wanted.area:
        values |= {"first_kind": f"{wanted.area}.", "last_kind": f"{wanted.area}.~"}
    if wanted.subject:
        values |= {"subject_kind": wanted.subject[0], "subject_id": wanted.subject[1]}
    values |= {name: value for name in ("person_id", "via", "since") if (value := getattr(wanted, name))}
    given = frozenset(name for name in _CONDITIONS if getattr(wanted, name, None))
    if bound:
        given |= {"bound"}
        values |= {"bound_at": bound[0], "bound_id": bound[1]}
    at, last = before
    return reader.all(_page(given), client_id=client_id, before_at=at, before_id=last, limit=limit, **values)
