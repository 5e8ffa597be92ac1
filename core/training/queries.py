"""Finding trainings, who is late, and the snapshot that a training's card is rendered from."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Subquery, bindparam, case, func, select

from core.audit.record import Subject
from core.errors import NotFound
from core.people.queries import get_person, get_unit
from core.people.tables import units
from core.statements import Reader, Statement
from core.training.counting import DayCount, count_days
from core.training.overdue import LATE, LATE_ALIKE, OPEN, UP_BY_ONE, below, days_of_client, paused, within
from core.training.tables import (
    Group,
    OverdueRow,
    TrainingAssignment,
    courses,
    employees,
    training_assignments,
)

_a = training_assignments.c

BY_ID = Statement(
    select(
        _a.id, _a.client_id, _a.employee_id, employees.c.code, employees.c.name, courses.c.name, _a.unit_id, units.c.name,
        units.c.time_zone, _a.due_on, _a.recorded_due_on, _a.extended_to, _a.asked_until, _a.asked_by, _a.completed_on,
        _a.completed_by, _a.waived_on, _a.waived_why, _a.disputed_on, _a.disputed_by, _a.promised_on, _a.promised_by,
        _a.leave_until, _a.told_level, _a.told_on,
    )
    .join(employees, employees.c.id == _a.employee_id)
    .join(courses, courses.c.id == _a.course_id)
    .join(units, units.c.id == _a.unit_id)
    .where(_a.id == bindparam("id")),
    TrainingAssignment,
)  # fmt: skip

_NAMED = (
    select(
        LATE.c.id, employees.c.code, employees.c.name, courses.c.name, units.c.id, units.c.code, units.c.name,
        LATE.c.due_on, LATE.c.deadline, LATE.c.promised_on, LATE.c.leave_until, LATE.c.level, LATE.c.told_level,
        LATE.c.told_on,
    )
    .join(employees, employees.c.id == LATE.c.employee_id)
    .join(courses, courses.c.id == LATE.c.course_id)
    .join(units, units.c.id == LATE.c.unit_id)
    .order_by(LATE.c.due_on, LATE.c.id)
)  # fmt: skip
OVERDUE = {
    everywhere: Statement(
        _NAMED.where(*below(LATE, everywhere)).limit(bindparam("limit")).offset(bindparam("offset")), OverdueRow
    )
    for everywhere in (True, False)
}
COUNT = {
    everywhere: Statement(
        select(LATE.c.level, func.count().label("number")).where(*below(LATE, everywhere)).group_by(LATE.c.level)
    )
    for everywhere in (True, False)
}
_paused = paused(days_of_client)
BY_DAY = {
    everywhere: Statement(
        select(
            _a.due_on,
            func.count().label("number"),
            func.count(case((_paused, _a.id))).label("paused"),
            func.count(case((_paused, None), (UP_BY_ONE, _a.id))).label("up"),
        )
        .where(OPEN, _a.due_on < bindparam("today", type_=Date), *below(training_assignments, everywhere))
        .group_by(_a.due_on)
    )
    for everywhere in (True, False)
}
"""Where all branches count alike the day decides: counted along the index, in a third of the time that each one's level takes."""


def _groups(late: Subquery) -> Statement[Group]:
    grouped = (
        select(
            late.c.unit_id,
            late.c.level,
            func.count(late.c.employee_id.distinct()).label("employees"),
            func.count().label("assignments"),
            func.min(late.c.due_on).label("oldest"),
            func.count(case((late.c.critical, late.c.id))).label("critical"),
        )
        .where(late.c.client_id == bindparam("client_id"), late.c.level > 0)
        .group_by(late.c.unit_id, late.c.level)
        .subquery("grouped")
    )
    return Statement(
        select(
            grouped.c.unit_id, units.c.code, units.c.name, grouped.c.level, grouped.c.employees, grouped.c.assignments,
            grouped.c.oldest, grouped.c.critical,
        )
        .join(units, units.c.id == grouped.c.unit_id)
        .order_by(grouped.c.oldest, grouped.c.unit_id, grouped.c.level),
        Group,
    )  # fmt: skip


GROUPS, GROUPS_ALIKE = _groups(LATE), _groups(LATE_ALIKE)


def get_assignment(reader: Reader, assignment_id: int) -> TrainingAssignment:
    found = reader.first(BY_ID, id=assignment_id)
    if found is None:
        raise NotFound(f"There is no TRN-{assignment_id}.")
    return found


def list_overdue(
    reader: Reader, client_id: int, path: str, count: DayCount, *, limit: int = 50, offset: int = 0
) -> list[OverdueRow]:
    """Below `path` (a unit's place in the tree), the longest overdue first."""
    everywhere, place = within(client_id, path)
    return reader.all(OVERDUE[everywhere], client_id=client_id, limit=limit, offset=offset, **place, **count.values)


def overdue_by_level(reader: Reader, client_id: int, path: str, count: DayCount) -> dict[int, int]:
    """Level -> how many trainings; level 0 are those that a promise or a leave pauses."""
    everywhere, place = within(client_id, path)
    levels: Counter[int] = Counter()
    if count.other:
        for row in reader.all(COUNT[everywhere], client_id=client_id, **place, **count.values):
            levels[row.level] = row.number
    else:
        for day in reader.all(BY_DAY[everywhere], client_id=client_id, today=count.today, **place):
            levels[0] += day.paused
            levels[count.level_at(day.due_on, up=True)] += day.up
            levels[count.level_at(day.due_on, up=False)] += day.number - day.paused - day.up
    return {level: number for level, number in sorted(levels.items()) if number}


def count_overdue(reader: Reader, client_id: int, path: str, count: DayCount) -> int:
    return sum(overdue_by_level(reader, client_id, path, count).values())


def list_groups(reader: Reader, client_id: int, count: DayCount) -> list[Group]:
    """What somebody is to be told, per unit and level, the longest overdue first. One statement, whatever there is."""
    return reader.all(GROUPS if count.other else GROUPS_ALIKE, client_id=client_id, **count.values)


def today_at(reader: Reader, unit_id: int, now: datetime) -> date:
    return now.astimezone(ZoneInfo(get_unit(reader, unit_id).time_zone)).date()


def subject_of(assignment: TrainingAssignment) -> Subject:
    return Subject("assignment", assignment.id, assignment.reference, assignment.client_id, assignment.unit_id)


def facts_of(reader: Reader, assignment: TrainingAssignment, now: datetime) -> dict[str, Any]:
    """Everything its card may say, as plain values."""
    counted = count_days(reader, assignment.client_id, now).at(assignment.unit_id)
    today = counted.today
    return {
        "reference": assignment.reference,
        "status": _status(assignment, today),
        "employee": assignment.employee,
        "employee_code": assignment.employee_code,
        "course": assignment.course,
        "unit": assignment.unit,
        "due_on": assignment.due_on,
        "deadline": assignment.deadline,
        "days": counted.days(assignment.due_on),
        "completed_on": assignment.completed_on,
        "completed_by": _name(reader, assignment.completed_by),
        "waived_on": assignment.waived_on,
        "promised_on": assignment.promised_on,
        "promised_by": _name(reader, assignment.promised_by),
        "leave_until": assignment.leave_until,
        "extended_to": assignment.extended_to,
        "asked_until": assignment.asked_until,
        "asked_by": _name(reader, assignment.asked_by),
        "disputed_on": assignment.disputed_on,
        "disputed_by": _name(reader, assignment.disputed_by),
        "waived_why": assignment.waived_why,
    }


def _status(assignment: TrainingAssignment, today: date) -> str:
    if not assignment.is_open:
        return "done" if assignment.completed_on else "waived"
    if assignment.leave_until and assignment.leave_until >= today:
        return "on_leave"
    if assignment.promised_on:
        return "promised" if assignment.promised_on >= today else "promise_broken"
    return "overdue" if assignment.due_on < today else "open"


def _name(reader: Reader, person_id: int | None) -> str | None:
    return get_person(reader, person_id).name if person_id else None
