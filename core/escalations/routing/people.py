"""Whom a rule's assignment means at this moment. Nobody: the queue, and why."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, literal_column, or_, select

from core.calendars.duty import on_duty
from core.escalations.rules.rule import OWNER, QUEUE, ROUND_ROBIN
from core.escalations.rules.tables import escalation_routings
from core.escalations.tables import IN_HAND, escalations
from core.people.queries import AWAY, PERSON_BY_CODE, PERSON_COLUMNS, get_unit, list_holders
from core.people.tables import Person, persons, positions, units
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

Why = Literal["", "unknown", "left", "on_leave", "off_duty", "no_owner", "nobody"]


@dataclass(frozen=True, slots=True)
class Assignee:
    """`why`: why there is none, or none of the team (`nobody` on duty). `who`: the name or code of the one who was meant."""

    person: Person | None = None
    why: Why = ""
    who: str = ""


_in_hand = (
    select(func.count())
    .where(escalations.c.assigned_to == persons.c.id, literal_column(IN_HAND))
    .correlate(persons)
    .scalar_subquery()
)
_last = (
    select(func.max(escalation_routings.c.at, type_=escalation_routings.c.at.type))
    .where(escalation_routings.c.person_id == persons.c.id)
    .correlate(persons)
    .scalar_subquery()
)
AGENTS = Statement(
    select(*PERSON_COLUMNS)
    .where(
        persons.c.client_id == bindparam("client_id"),
        persons.c.status == literally("active"),
        ~AWAY,
        persons.c.id.in_(
            select(positions.c.person_id).where(
                positions.c.role == literally("agent"),
                or_(positions.c.starts_on.is_(None), positions.c.starts_on <= bindparam("today")),
                or_(positions.c.ends_on.is_(None), positions.c.ends_on >= bindparam("today")),
            )
        ),
    )
    .order_by(_in_hand, _last.is_not(None), _last, persons.c.id),
    Person,
)
IN_TURN = Statement(select(units.c.id).where(units.c.id == bindparam("client_id")).with_for_update(key_share=True))
ON_LEAVE = Statement(select(persons.c.id).where(persons.c.id == bindparam("person_id"), AWAY))


def assignee_for(uow: UnitOfWork, client_id: int, assign_to: str, team: str) -> Assignee:
    if assign_to == QUEUE:
        return Assignee()
    if assign_to == ROUND_ROBIN:
        return _next_agent(uow, client_id, team)
    if assign_to == OWNER:
        owners = list_holders(uow, client_id, "owner", today_at(uow, client_id))
        return Assignee(owners[0]) if owners else Assignee(why="no_owner")
    return _this_person(uow, client_id, assign_to)


def list_agents(reader: Reader, client_id: int, team: str, today: date) -> list[Person]:
    """Those of the team, or all where it has none; fewest open first, then whose turn was the longest ago."""
    agents = reader.all(AGENTS, client_id=client_id, today=today)
    return [agent for agent in agents if agent.team == team] or agents if team else agents


def _next_agent(uow: UnitOfWork, client_id: int, team: str) -> Assignee:
    """Of cases that are raised at once each is given before the next one counts who has the fewest."""
    uow.first(IN_TURN, client_id=client_id)
    agents = list_agents(uow, client_id, team, today_at(uow, client_id))
    found = next((agent for agent in agents if on_duty(uow, agent, uow.now)), None)
    return Assignee(found) if found else Assignee(why="nobody", who=team)


def _this_person(uow: UnitOfWork, client_id: int, code: str) -> Assignee:
    person = uow.first(PERSON_BY_CODE, client_id=client_id, code=code.lower())
    if person is None:
        return Assignee(why="unknown", who=code)
    if person.status == "inactive":
        return Assignee(why="left", who=person.name)
    if person.status == "on_leave" or uow.first(ON_LEAVE, person_id=person.id, today=today_at(uow, client_id)):
        return Assignee(why="on_leave", who=person.name)
    return Assignee(person) if on_duty(uow, person, uow.now) else Assignee(why="off_duty", who=person.name)


def today_at(uow: UnitOfWork, client_id: int) -> date:
    return uow.now.astimezone(ZoneInfo(get_unit(uow, client_id).time_zone)).date()
