"""The open cases with what alerts depend on: three reads for every few hundred of them, however many there are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select

from core.conversations.tables import Customer, conversation_messages
from core.escalations.glance import glances
from core.escalations.tables import COLUMNS, Escalation, escalations
from core.people.queries import get_unit
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally

AT_ONCE = 300
LISTENED_BACK = timedelta(hours=72)
"""Longer than the longest promise; and how somebody sounded before that says nothing about a mood that falls."""
MOODS = 4

_e, _m = escalations.c, conversation_messages.c
_IDS = ids_of("ids")
OPEN = Statement(
    select(*COLUMNS)
    .where(
        _e.client_id == bindparam("client_id"),
        _e.status != literally("resolved"),
        _e.id > bindparam("after"),
    )
    .order_by(_e.id)
    .limit(bindparam("limit")),
    Escalation,
)
_said = (
    select(
        _m.conversation_id,
        _m.direction,
        _m.text,
        _m.mood,
        _m.at,
        _m.id,
        func.row_number().over(partition_by=[_m.conversation_id, _m.direction], order_by=_m.id.desc()).label("place"),
    )
    .where(
        _m.conversation_id.in_(select(_IDS.c.id)),
        _m.at >= bindparam("since"),
        or_(
            and_(_m.direction == literally("in"), _m.mood.is_not(None)),
            and_(_m.direction == literally("out"), _m.person_id.is_not(None)),
        ),
    )
    .subquery()
)
SAID = Statement(select(_said).where(_said.c.place <= MOODS).order_by(_said.c.id.desc()))


@dataclass(frozen=True, slots=True)
class Watched:
    """`moods`: of what the customer said lately, the newest first; `answer`: what a person wrote to them last, and when."""

    escalation: Escalation
    customer: Customer
    zone: str
    moods: Sequence[float] = ()
    answer: str = ""
    answered_at: datetime | None = None


def list_watched(reader: Reader, client_id: int, now: datetime) -> Iterator[list[Watched]]:
    """In the order they were raised."""
    zone, after = get_unit(reader, client_id).time_zone, 0
    while cases := reader.all(OPEN, client_id=client_id, after=after, limit=AT_ONCE):
        yield _watched(reader, cases, zone, now)
        after = cases[-1].id


def _watched(reader: Reader, cases: list[Escalation], zone: str, now: datetime) -> list[Watched]:
    seen = glances(reader, cases)
    ids = tuple((one.conversation_id,) for one in cases if one.conversation_id)
    moods: defaultdict[int, list[float]] = defaultdict(list)
    answers: dict[int, tuple[str, datetime]] = {}
    for row in reader.all(SAID, ids=ids, since=now - LISTENED_BACK) if ids else ():
        if row.direction == "in":
            moods[row.conversation_id].append(row.mood)
        else:
            answers.setdefault(row.conversation_id, (row.text, row.at))
    return [
        Watched(
            one,
            seen[one.id].customer,
            zone,
            tuple(moods.get(one.conversation_id or 0, ())),
            *answers.get(one.conversation_id or 0, ("", None)),
        )
        for one in cases
    ]
