"""Trainings for a board: who is overdue, page by page, and how all of them stand."""

from datetime import date

from sqlalchemy import and_, bindparam, case, func, select, tuple_

from core.people.tables import units
from core.statements import Reader, Statement
from core.training.counting import DayCount
from core.training.overdue import LATE, OPEN, OTHER, PAUSED, TODAY, below, within
from core.training.tables import OverdueRow, courses, employees, training_assignments

_a = training_assignments.c
FIRST = (date(1, 1, 1), 0)

_PAGE = (
    select(
        LATE.c.id, employees.c.code, employees.c.name, courses.c.name, units.c.id, units.c.code, units.c.name,
        LATE.c.due_on, LATE.c.deadline, LATE.c.promised_on, LATE.c.leave_until, LATE.c.level, LATE.c.told_level,
        LATE.c.told_on,
    )
    .join(employees, employees.c.id == LATE.c.employee_id)
    .join(courses, courses.c.id == LATE.c.course_id)
    .join(units, units.c.id == LATE.c.unit_id)
    .where(
        tuple_(LATE.c.due_on, LATE.c.id)
        > tuple_(bindparam("after_due", type_=_a.due_on.type), bindparam("after_id", type_=_a.id.type)),
    )
    .order_by(LATE.c.due_on, LATE.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
PAGE = {everywhere: Statement(_PAGE.where(*below(LATE, everywhere)), OverdueRow) for everywhere in (True, False)}
_OUTCOME = case(
    (_a.completed_on.is_not(None), "completed"),
    (_a.waived_on.is_not(None), "waived"),
    (and_(OPEN, PAUSED, _a.leave_until >= TODAY), "onLeave"),
    (and_(OPEN, PAUSED), "promised"),
    (_a.due_on < TODAY, "overdue"),
    else_="open",
)
OUTCOMES = Statement(
    select(_OUTCOME.label("outcome"), func.count().label("number"))
    .join(units, units.c.id == _a.unit_id)
    .outerjoin(OTHER, OTHER.c.unit_id == _a.unit_id)
    .where(_a.client_id == bindparam("client_id"), units.c.path.like(bindparam("pattern")))
    .group_by(_OUTCOME)
)


def list_overdue_page(
    reader: Reader, client_id: int, path: str, count: DayCount, *, after: tuple[date, int] = FIRST, limit: int = 50
) -> list[OverdueRow]:
    """Below `path`, the longest overdue first; `after`: due day and id of the last one seen."""
    due, last = after
    everywhere, place = within(client_id, path)
    return reader.all(
        PAGE[everywhere],
        client_id=client_id,
        **place,
        after_due=due,
        after_id=last,
        limit=limit,
        **count.values,
    )


def count_by_outcome(reader: Reader, client_id: int, path: str, count: DayCount) -> dict[str, int]:
    """completed, waived, onLeave, promised, overdue, open -> how many."""
    rows = reader.all(OUTCOMES, client_id=client_id, pattern=f"{path}%", **count.values)
    return {row.outcome: row.number for row in rows}
