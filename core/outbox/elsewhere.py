"""A message that failed while the same is on its way, or has arrived, by another one: nobody has to do anything about it, and
sending it again would say everything twice."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, select

from core.outbox.tables import deliveries
from core.statements import Reader, Statement, literally

NOWHERE = ("failed", "withdrawn", "uncertain")
_d = deliveries.c
_other = deliveries.alias("other")
_the_same = (
    _other.c.notification_id == _d.notification_id,
    _other.c.id != _d.id,
    _other.c.kind == literally("message"),
    _other.c.state.not_in([literally(state) for state in NOWHERE]),
)
GOES_ANOTHER_WAY = exists().where(*_the_same)
_failed = and_(_d.state == literally("failed"), _d.kind == literally("message"))
SAID_ELSEWHERE = and_(_failed, GOES_ANOTHER_WAY)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    channel: str
    state: str


FIND = Statement(
    select(_other.c.channel, _other.c.state)
    .where(*_the_same, _d.id == bindparam("id"), _failed)
    .order_by(_other.c.id.desc())
    .limit(1),
    Elsewhere,
)


def find_elsewhere(reader: Reader, delivery_id: int) -> Elsewhere | None:
    """Where they get the same, or have it."""
    return reader.first(FIND, id=delivery_id)
