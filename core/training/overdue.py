"""What is overdue, as SQL: derived from the dates at every question, never stored. The same rules as policy.py.

Branches that count otherwise than their client (another day, other holidays) come in with the question, as one list. All of it
asks for the parameters of `DayCount.values` (counting.py).
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
)
from sqlalchemy.sql.expression import literal_column

from core.people.tables import units
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


Day = Callable[[str], ColumnElement[Any]]
"""By name: today, critical_day, from_1 ..., of an assignment's own branch."""


def days_of_client(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Date)


def _day(name: str) -> ColumnElement[Any]:
    return func.coalesce(OTHER.c[name], days_of_client(name))


def paused(day: Day) -> ColumnElement[bool]:
    """By a promise, or by a leave."""
    return or_(_a.promised_on >= day("today"), _a.leave_until >= day("today"))


TODAY = _day("today")
OPEN = and_(_a.completed_on.is_(None), _a.waived_on.is_(None))
PAUSED = paused(_day)
UP_BY_ONE = or_(_a.promised_on.is_not(None), _a.disputed_on.is_not(None))
"""A broken promise, and somebody else's employee, are the next one's to hear of."""
DEADLINE = func.coalesce(_a.extended_to, _a.recorded_due_on, _a.due_on, type_=Date)


def _reached(day: Day, level: Any) -> ColumnElement[int]:
    """The level by days alone; 0 when no level is reached. The lowest first: levels that a policy has not are never looked at."""
    reached = [literal_column("0", Integer), *(level(number) for number in NUMBERS)]
    steps = [(_a.due_on > day(f"from_{number}"), reached[number - 1]) for number in NUMBERS]
    return case(*steps, else_=reached[-1])


def _level(day: Day) -> ColumnElement[int]:
    return case(
        (paused(day), literal_column("0", Integer)),
        (UP_BY_ONE, _reached(day, lambda number: bindparam(f"jump_{number}", type_=Integer))),
        else_=_reached(day, lambda number: literal_column(str(number), Integer)),
    )


def _late(day: Day, source: FromClause) -> Subquery:
    return (
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
            _level(day).label("level"),
            (_a.due_on <= day("critical_day")).label("critical"),
        )
        .select_from(source)
        .where(OPEN, _a.due_on < bindparam("last_today", type_=Date), _a.due_on < day("today"))
        .subquery("late")
    )


def below(late: Subquery | Table, everywhere: bool) -> list[ColumnElement[bool]]:
    """Of the client; where that is not everywhere, at the places below `pattern`, which then lead to the assignments: the sign
    keeps SQLite from the index of the whole client (sqlite.org/optoverview.html, 2)."""
    if everywhere:
        return [late.c.client_id == bindparam("client_id")]
    there = select(units.c.id).where(
        units.c.client_id == bindparam("client_id"), units.c.path.like(bindparam("pattern"))
    )
    return [literal_column(f"+{late.name}.client_id") == bindparam("client_id"), late.c.unit_id.in_(there)]


def within(client_id: int, path: str) -> tuple[bool, dict[str, str]]:
    """Whether that is everywhere, and the parameter that `below` asks for."""
    everywhere = path == f"/{client_id}/"
    return everywhere, {} if everywhere else {"pattern": f"{path}%"}


LATE = _late(_day, training_assignments.outerjoin(OTHER, OTHER.c.unit_id == _a.unit_id))
"""Every open assignment past its day. Level 0: nobody is told now, because a promise or a leave pauses it, or because the policy
waits longer."""
LATE_ALIKE = _late(days_of_client, training_assignments)
"""The same where all branches count as their client does: a quarter faster over many."""
