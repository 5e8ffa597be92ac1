"""What is overdue, as SQL: derived from the dates at every question, never stored. The same rules as policy.py."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, case, or_, select
from sqlalchemy.sql.expression import literal_column

from core.training.policy import CRITICAL_FROM, LEVELS, TOP
from core.training.tables import training_assignments

_a = training_assignments.c
_today = bindparam("today", type_=Date)

OPEN = and_(_a.completed_on.is_(None), _a.waived_on.is_(None))
CLIMBING = and_(
    or_(_a.promised_on.is_(None), _a.promised_on < _today), or_(_a.leave_until.is_(None), _a.leave_until < _today)
)


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer)


def _reached(jump: int) -> ColumnElement[int]:
    """The level by days alone, `jump` levels higher; 0 when not overdue."""
    steps = [
        (_a.due_on <= bindparam(f"from_{number}", type_=Date), _number(min(number + jump, TOP)))
        for number in range(TOP, 0, -1)
    ]
    return case(*steps, else_=_number(0))


LEVEL = case((~CLIMBING, _number(0)), (_a.promised_on.is_not(None), _reached(1)), else_=_reached(0))

LATE = (
    select(
        _a.id,
        _a.client_id,
        _a.employee_id,
        _a.course_id,
        _a.unit_id,
        _a.due_on,
        _a.promised_on,
        _a.leave_until,
        _a.told_level,
        _a.told_on,
        LEVEL.label("level"),
    )
    .where(OPEN, _a.due_on < _today)
    .subquery("late")
)
"""Every open assignment past its day; level 0 while a promise or a leave pauses it. Wants the parameters of `days_of`."""


def days_of(today: date) -> dict[str, Any]:
    """The last due day of each level, seen from today."""
    latest = {f"from_{n}": today - timedelta(days=level.from_day) for n, level in enumerate(LEVELS, start=1)}
    return {"today": today, **latest}


def critical_day(today: date) -> date:
    return today - timedelta(days=CRITICAL_FROM)
