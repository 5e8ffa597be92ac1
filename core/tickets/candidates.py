"""Who could take a ticket, in the order in which they are asked: the branch's own technicians, the nearest, those of the area."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, or_, select

from core.calendars.duty import on_duty
from core.distance import metres_between
from core.people.queries import AWAY, HOLDERS, PERSON_COLUMNS, get_unit
from core.people.tables import Person, Unit, persons, positions
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory
from core.tickets.tables import tickets
from core.unit_of_work import UnitOfWork

LOCATION_COUNTS_FOR = timedelta(hours=8)
"""Where somebody was this morning says nothing about the evening."""
AS_NEAR = 5_000
"""Metres that matter less than one open job more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`because`: primary, secondary, branch (no rank), nearest, area."""

    person: Person
    because: str


_HAS = tickets.c.status.in_([literally("assigned"), literally("in_progress")])
_TODAY = (
    positions.c.role == literally("technician"),
    or_(positions.c.starts_on.is_(None), positions.c.starts_on <= bindparam("today")),
    or_(positions.c.ends_on.is_(None), positions.c.ends_on >= bindparam("today")),
)
_THERE = and_(persons.c.status == literally("active"), ~AWAY)

_asked = ids_of("asked")
ON_LEAVE = Statement(select(persons.c.id).join(_asked, _asked.c.id == persons.c.id).where(AWAY))
JOBS = Statement(select(func.count().label("number")).where(tickets.c.technician_id == bindparam("person_id"), _HAS))
OWN = Statement(
    select(*PERSON_COLUMNS, positions.c.rank)
    .join(positions, positions.c.person_id == persons.c.id)
    .where(positions.c.unit_id == bindparam("unit_id"), *_TODAY, _THERE)
    .order_by(positions.c.rank != "primary", positions.c.rank == "secondary", persons.c.id)
)
_jobs = select(func.count()).where(tickets.c.technician_id == persons.c.id, _HAS).correlate(persons).scalar_subquery()
LOCATED = Statement(
    select(*PERSON_COLUMNS, _jobs.label("jobs")).where(
        persons.c.client_id == bindparam("client_id"),
        _THERE,
        persons.c.located_at >= bindparam("since"),
        persons.c.latitude.is_not(None),
        persons.c.longitude.is_not(None),
        persons.c.id.in_(select(positions.c.person_id).where(*_TODAY)),
    )
)


def choose(uow: UnitOfWork, ticket: Ticket, asked: Collection[int], *, own_only: bool = False) -> Candidate | None:
    """The first in order who is active, on duty and was not asked before. `own_only`: nobody but the branch's own."""
    for candidate in _in_order(uow, ticket, own_only):
        if candidate.person.id not in asked and on_duty(uow, candidate.person, uow.now):
            return candidate
    return None


def list_candidates(uow: UnitOfWork, ticket: Ticket, limit: int) -> list[Person]:
    """Those on duty, in the order in which they would be asked; without whoever has it."""
    found: dict[int, Person] = {}
    for candidate in _in_order(uow, ticket, own_only=False):
        person = candidate.person
        if person.id not in (*found, ticket.technician_id) and on_duty(uow, person, uow.now):
            found[person.id] = person
        if len(found) == limit:
            break
    return list(found.values())


def _in_order(uow: UnitOfWork, ticket: Ticket, own_only: bool) -> Iterator[Candidate]:
    branch = get_unit(uow, ticket.unit_id)
    today = uow.now.astimezone(ZoneInfo(branch.time_zone)).date()
    for row in uow.all(OWN, unit_id=branch.id, today=today):
        yield Candidate(Person(*row[:-1]), row.rank or "branch")
    if own_only:
        return
    yield from (Candidate(person, "nearest") for person in _nearest(uow, ticket, branch, today))
    rows = uow.all(HOLDERS, unit_id=branch.id, role="technician", today=today)
    area = [(row.distance, Person(*row[:-1])) for row in rows if row.distance > 0]
    ranked = sorted(area, key=lambda one: (one[0], count_jobs(uow, one[1].id), one[1].id))
    yield from (Candidate(person, "area") for _, person in ranked)


def _nearest(uow: UnitOfWork, ticket: Ticket, branch: Unit, today: date) -> list[Person]:
    """Those with the needed skill who shared lately where they are, the nearest first; of those as near the one with fewer jobs."""
    skill = get_subcategory(uow, ticket.subcategory_id).skill
    rows = uow.all(LOCATED, client_id=ticket.client_id, since=uow.now - LOCATION_COUNTS_FOR, today=today)
    found = [(Person(*row[:-1]), row.jobs) for row in rows]
    ranked = [
        (metres // AS_NEAR, jobs, metres, person.id, person)
        for person, jobs in found
        if (not skill or skill in person.skills) and (metres := metres_to(branch, person, uow.now)) is not None
    ]
    return [person for *_, person in sorted(ranked, key=lambda one: one[:-1])]


def metres_to(branch: Unit, person: Person, now: datetime) -> int | None:
    """From where they were last; None when that is too long ago or not known, or the branch has no place."""
    if branch.latitude is None or branch.longitude is None or person.latitude is None or person.longitude is None:
        return None
    if person.located_at is None or person.located_at < now - LOCATION_COUNTS_FOR:
        return None
    return metres_between((branch.latitude, branch.longitude), (person.latitude, person.longitude))


def count_jobs(reader: Reader, person_id: int) -> int:
    """What they have in hand or were offered."""
    return int(reader.one(JOBS, person_id=person_id).number)


def ids_there(reader: Reader, people: Sequence[Person], now: datetime) -> set[int]:
    """Of those people of one client: who is active, on duty, and not on leave today."""
    if not people:
        return set()
    on_leave = {row.id for row in reader.all(ON_LEAVE, asked=tuple((one.id,) for one in people), today=now.date())}
    active = [one for one in people if one.status == "active" and one.id not in on_leave]
    return {person.id for person in active if on_duty(reader, person, now)}
