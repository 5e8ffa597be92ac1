"""What is overdue, as SQL: derived from the dates at every question, never stored. The same rules as policy.py.

Branches that count otherwise than their client (another day, other holidays) come in with the question, as one list. All of it
asks for the parameters of `DayCount.values` (counting.py).
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Text, and_, bindparam, case, column, func, or_, select
from sqlalchemy.sql.expression import literal_column

from core.training.json_list import day_at, each, number_at, place
from core.training.policy import MOST_LEVELS
from core.training.tables import training_assignments

_a = training_assignments.c
NUMBERS = range(1, MOST_LEVELS + 1)

_listed = each(bindparam("other_units", type_=Text)).table_valued(column("value"), name="listed")
_DAYS = ("today", "critical_day", *(f"from_{number}" for number in NUMBERS))
OTHER = (
    select(
        number_at(_listed.c.value, place(0)).label("unit_id"),
        *(day_at(_listed.c.value, place(at)).label(name) for at, name in enumerate(_DAYS, start=1)),
    )
    .cte("other_units")
    .prefix_with("MATERIALIZED")
)
"""Units that do not count as their client does; in memory once, and found by id."""


def _day(name: str) -> ColumnElement[Any]:
    return func.coalesce(OTHER.c[name], bindparam(name, type_=Date))


TODAY = _day("today")
OPEN = and_(_a.completed_on.is_(None), _a.waived_on.is_(None))
PAUSED = or_(_a.promised_on >= TODAY, _a.leave_until >= TODAY)
UP_BY_ONE = or_(_a.promised_on.is_not(None), _a.disputed_on.is_not(None))
"""A broken promise, and somebody else's employee, are the next one's to hear of."""
DEADLINE = func.coalesce(_a.extended_to, _a.recorded_due_on, _a.due_on, type_=Date)


def _reached(level: Any) -> ColumnElement[int]:
    """The level by days alone; 0 when no level is reached."""
    steps = [(_a.due_on <= _day(f"from_{number}"), level(number)) for number in reversed(NUMBERS)]
    return case(*steps, else_=literal_column("0", Integer))


LEVEL = case(
    (PAUSED, literal_column("0", Integer)),
    (UP_BY_ONE, _reached(lambda number: bindparam(f"jump_{number}", type_=Integer))),
    else_=_reached(lambda number: literal_column(str(number), Integer)),
)

LATE = (
    select(
        _a.id,
        _a.client_id,
        _a.employee_id,
        _a.course_id,
        _a.unit_id,
        _a.due_on,
        DEADLINE.label("deadline"),
        _a.promised_on,
        _a.leave_until,
        _a.told_level,
        _a.told_on,
        LEVEL.label("level"),
        (_a.due_on <= _day("critical_day")).label("critical"),
    )
    .select_from(training_assignments.outerjoin(OTHER, OTHER.c.unit_id == _a.unit_id))
    .where(OPEN, _a.due_on < bindparam("last_today", type_=Date), _a.due_on < TODAY)
    .subquery("late")
)
"""Every open assignment past its day. Level 0: nobody is told now, because a promise or a leave pauses it, or because the policy
waits longer."""
