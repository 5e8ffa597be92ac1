"""What has happened lately, as far as somebody who waits for it must know: where, not what."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from core.audit.tables import events
from core.people.tables import units
from core.statements import Reader, Statement

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Happening:
    """`path`: of the unit it happened at, else of the client."""

    id: int
    client_id: int
    path: str


NEWEST = Statement(select(func.coalesce(func.max(events.c.id), 0).label("id")))
SINCE = Statement(
    select(events.c.id, events.c.client_id, units.c.path)
    .join(units, units.c.id == func.coalesce(events.c.unit_id, events.c.client_id))
    .where(events.c.id > bindparam("last"))
    .order_by(events.c.id)
    .limit(bindparam("limit")),
    Happening,
)


def newest_id(reader: Reader) -> int:
    return int(reader.one(NEWEST).id)


def list_since(reader: Reader, last: int) -> list[Happening]:
    """In their order, at most AT_ONCE."""
    return reader.all(SINCE, last=last, limit=AT_ONCE)
