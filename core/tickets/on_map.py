"""What a map shows: each branch with its open tickets, and the technicians who lately shared where they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, case, func, or_, select

from core.people.tables import persons, units
from core.statements import Reader, Statement, literally
from core.tickets.candidates import LOCATION_COUNTS_FOR
from core.tickets.listing import TARGET
from core.tickets.queries import OPEN
from core.tickets.tables import tickets

MOST_SHOWN = 500
_unanswered = tickets.c.first_response_at.is_(None) & (tickets.c.response_promised_at <= bindparam("now"))
_late = and_(tickets.c.status != literally("completed"), or_(bindparam("now") >= TARGET, _unanswered))


@dataclass(frozen=True, slots=True)
class OnMap:
    """`urgent`: the most urgent priority among its `open` tickets; None where nothing is open."""

    code: str
    name: str
    path: str
    latitude: float
    longitude: float
    open: int
    urgent: int | None
    late: int


@dataclass(frozen=True, slots=True)
class Located:
    id: int
    name: str
    latitude: float
    longitude: float
    located_at: datetime


BRANCHES = Statement(
    select(
        units.c.code,
        units.c.name,
        units.c.path,
        units.c.latitude,
        units.c.longitude,
        func.count(tickets.c.id).label("open"),
        func.min(tickets.c.priority).label("urgent"),
        func.coalesce(func.sum(case((_late, 1), else_=0)), 0).label("late"),
    )
    .select_from(units)
    .outerjoin(tickets, and_(tickets.c.unit_id == units.c.id, OPEN))
    .where(
        units.c.client_id == bindparam("client_id"),
        units.c.path.like(bindparam("below")),
        units.c.kind == literally("branch"),
        units.c.latitude.is_not(None),
        units.c.longitude.is_not(None),
    )
    .group_by(units.c.id, units.c.code, units.c.name, units.c.path, units.c.latitude, units.c.longitude)
    .order_by(func.count(tickets.c.id).desc(), units.c.name)
    .limit(bindparam("limit")),
    OnMap,
)
TECHNICIANS = Statement(
    select(persons.c.id, persons.c.name, persons.c.latitude, persons.c.longitude, persons.c.located_at)
    .where(
        persons.c.client_id == bindparam("client_id"),
        persons.c.located_at >= bindparam("since"),
        persons.c.latitude.is_not(None),
    )
    .order_by(persons.c.name),
    Located,
)


def list_on_map(reader: Reader, client_id: int, paths: Iterable[str], now: datetime) -> list[OnMap]:
    """Branches with a place, those where most is open first; below each path at most MOST_SHOWN."""
    of_each = [reader.all(BRANCHES, client_id=client_id, below=f"{path}%", now=now, limit=MOST_SHOWN) for path in paths]
    return [branch for found in of_each for branch in found]


def list_located(reader: Reader, client_id: int, now: datetime) -> list[Located]:
    """By name; a place counts as long as it does for finding the nearest."""
    return reader.all(TECHNICIANS, client_id=client_id, since=now - LOCATION_COUNTS_FOR)
