"""The numbers of tickets opened in a period, by branch, kind, month or technician: one statement each, whatever there is."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Integer, Text, and_, bindparam, case, cast, func, literal, null, or_, select
from sqlalchemy.sql.elements import ColumnElement

from core.minutes import DAY, minutes_between
from core.people.tables import persons, units
from core.statements import Reader, Statement, literally
from core.tickets.figures import Answers, Figures, folded
from core.tickets.listing import TARGET
from core.tickets.queries import NOT_BY_CLIENT
from core.tickets.tables import UNREPAIRED, completions, issue_subcategories, ticket_offers, tickets

Dimension = Literal["all", "branch", "subcategory", "month", "technician"]


@dataclass(frozen=True, slots=True)
class Cohort:
    """Tickets opened from `since` until before `until` at these places. `technician_id`: only what this person repaired."""

    client_id: int
    paths: tuple[str, ...]
    since: datetime
    until: datetime
    repeat_days: int
    technician_id: int = 0

    @property
    def places(self) -> int:
        """0: everywhere."""
        return 0 if f"/{self.client_id}/" in self.paths else len(self.paths)


_t, _later, _c, _refused = tickets.c, tickets.alias("later"), completions.alias("taken"), completions.alias("refused")
_unrepaired = _t.status.in_([literally(status) for status in UNREPAIRED])
_closed = _t.status == literally("closed")
_reworked = (
    select(_refused.c.id)
    .where(_refused.c.ticket_id == _t.id, _refused.c.approval == literally("rejected"))
    .correlate(tickets)
    .exists()
)
_came_back_at = (
    select(_later.c.created_at)
    .where(
        _later.c.unit_id == _t.unit_id,
        _later.c.subcategory_id == _t.subcategory_id,
        _later.c.created_at > _t.completed_at,
        _later.c.status != literally("cancelled"),
    )
    .order_by(_later.c.created_at)
    .limit(1)
    .correlate(tickets)
    .scalar_subquery()
)
_response_late = and_(_t.first_response_at.is_(None), _t.response_promised_at <= bindparam("now"), _unrepaired)
_repair_late = and_(_unrepaired, _t.resolution_due_at <= bindparam("now"))
_SEEN: dict[str, ColumnElement[bool]] = {
    "opened": _t.id.is_not(None),
    "closed": _closed,
    "cancelled": _t.status == literally("cancelled"),
    "overdue": and_(_unrepaired, or_(bindparam("now") >= TARGET, _response_late)),
    "response_met": _t.first_response_at <= _t.response_promised_at,
    "response_missed": or_(_t.first_response_at > _t.response_promised_at, _response_late),
    "responses": _t.first_response_at.is_not(None),
    "resolution_met": _t.completed_at <= _t.resolution_due_at,
    "resolution_missed": or_(_t.completed_at > _t.resolution_due_at, _repair_late),
    "repairs": _t.completed_at.is_not(None),
}
_SUMMED = ("reworked", "repeated", "labour_minutes", "labour_cost", "parts_cost")
_DIMENSIONS: dict[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "all": (literal("", Text), literal("", Text)),
    "branch": (units.c.code, units.c.name),
    "subcategory": (issue_subcategories.c.code, issue_subcategories.c.name),
    "month": (func.substr(_t.number, 5, 6), func.substr(_t.number, 5, 6)),  # by the client's own calendar
    "technician": (persons.c.code, persons.c.name),
}


def list_figures(reader: Reader, cohort: Cohort, by: Dimension, now: datetime) -> list[Figures]:
    """The largest group first; months in their order."""
    statement = _figures(by, cohort.places, cohort.technician_id > 0)
    found = folded(reader.all(statement, **values_of(cohort), now=now, repeat_minutes=cohort.repeat_days * DAY))
    return sorted(found, key=lambda one: one.key) if by == "month" else found


def total_of(reader: Reader, cohort: Cohort, now: datetime) -> Figures:
    found = list_figures(reader, cohort, "all", now)
    return found[0] if found else Figures("", "")


def list_answers(reader: Reader, cohort: Cohort) -> list[Answers]:
    """What technicians answered to offers of these tickets, who was asked most first."""
    found = reader.all(_answers(cohort.places, cohort.technician_id > 0), **values_of(cohort))
    return [Answers(*row) for row in found]


def values_of(cohort: Cohort) -> dict[str, Any]:
    below = {f"below{place}": f"{path}%" for place, path in enumerate(cohort.paths[: cohort.places])}
    one = {"technician_id": cohort.technician_id} if cohort.technician_id else {}
    return below | one | {"client_id": cohort.client_id, "since": cohort.since, "until": cohort.until}


def in_cohort(places: int) -> list[ColumnElement[bool]]:
    """Of tickets; asks for `values_of` a cohort with so many places, which then lead to the tickets; 0: everywhere."""
    period = [_t.created_at >= bindparam("since"), _t.created_at < bindparam("until")]
    if not places:
        return [_t.client_id == bindparam("client_id"), *period]
    below = or_(*(units.c.path.like(bindparam(f"below{place}")) for place in range(places)))
    there = select(units.c.id).where(units.c.client_id == bindparam("client_id"), below)
    return [NOT_BY_CLIENT, _t.unit_id.in_(there), *period]


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _sum(value: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.round(func.coalesce(func.sum(value), 0)), Integer)


@cache
def _figures(by: Dimension, places: int, of_one: bool) -> Statement[Any]:
    came_back = minutes_between(_t.completed_at, _came_back_at) <= bindparam("repeat_minutes", type_=Integer)
    per_ticket = (
        select(
            *(column.label(name) for name, column in zip(("key", "name"), _DIMENSIONS[by], strict=True)),
            _t.currency,
            *(case((condition, 1), else_=0).label(name) for name, condition in _SEEN.items()),
            case((_reworked, 1), else_=0).label("reworked"),
            case((came_back, 1), else_=0).label("repeated"),
            minutes_between(_t.created_at, _t.first_response_at).label("response_minutes"),
            minutes_between(_t.created_at, _t.completed_at).label("repair_minutes"),
            func.coalesce(_c.c.labour_minutes, 0).label("labour_minutes"),
            func.coalesce(_c.c.labour_cost, 0).label("labour_cost"),
            func.coalesce(_c.c.parts_cost, 0).label("parts_cost"),
        )
        .select_from(tickets)
        .join(units, units.c.id == _t.unit_id)
        .join(issue_subcategories, issue_subcategories.c.id == _t.subcategory_id)
        .outerjoin(_c, and_(_c.c.ticket_id == _t.id, _c.c.approval == literally("approved")))
        .where(*in_cohort(places))
    )
    if by == "technician" or of_one:
        per_ticket = per_ticket.join(persons, persons.c.id == _c.c.completed_by)
    if of_one:
        per_ticket = per_ticket.where(_c.c.completed_by == bindparam("technician_id"))
    row = per_ticket.subquery("per_ticket").c
    first = case((and_(row.closed == 1, row.reworked == 0, row.repeated == 0), 1), else_=0)
    summed = [
        func.sum(row[name]).label(name)
        for name in (*_SEEN, "reworked", "repeated", "labour_minutes", "labour_cost", "parts_cost")
    ]
    times = [_sum(row[name]).label(name) for name in ("response_minutes", "repair_minutes")]
    return Statement(
        select(row.key, row.name, row.currency, *summed, *times, func.sum(first).label("fixed_first")).group_by(
            row.key, row.name, row.currency
        )
    )


@cache
def _answers(places: int, of_one: bool) -> Statement[Any]:
    outcome, accepted = ticket_offers.c.outcome, ticket_offers.c.outcome == literally("accepted")
    waited = minutes_between(ticket_offers.c.offered_at, ticket_offers.c.settled_at)
    found = (
        select(
            persons.c.id,
            persons.c.code,
            persons.c.name,
            func.count().label("offered"),
            _number(accepted),
            _number(outcome == literally("declined")),
            _number(outcome == literally("missed")),
            _sum(case((accepted, waited), else_=null())),
        )
        .select_from(tickets)
        .join(units, units.c.id == _t.unit_id)
        .join(ticket_offers, ticket_offers.c.ticket_id == _t.id)
        .join(persons, persons.c.id == ticket_offers.c.person_id)
        .where(*in_cohort(places))
        .group_by(persons.c.id, persons.c.code, persons.c.name)
        .order_by(func.count().desc(), persons.c.id)
    )
    return Statement(found.where(persons.c.id == bindparam("technician_id")) if of_one else found)
