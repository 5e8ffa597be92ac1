"""Were trainings done in time? Those whose deadline was in a period, by month, store or course, as they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Date, Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from core.people.tables import units
from core.statements import Reader, Statement
from core.training.overdue import below, within
from core.training.tables import courses, training_assignments

Dimension = Literal["month", "store", "course"]


@dataclass(frozen=True, slots=True)
class Compliance:
    """`key` and `name`: of the month (2026-11), store or course. `missing`: past their deadline, and still not done."""

    key: str = ""
    name: str = ""
    in_time: int = 0
    late: int = 0
    missing: int = 0
    waived: int = 0

    @property
    def due(self) -> int:
        """What had to be done: without what was waived."""
        return self.in_time + self.late + self.missing

    def __add__(self, other: "Compliance") -> "Compliance":
        return Compliance(
            self.key,
            self.name,
            self.in_time + other.in_time,
            self.late + other.late,
            self.missing + other.missing,
            self.waived + other.waived,
        )


_a = training_assignments.c
_not_done = _a.completed_on.is_(None)
_month = func.substr(cast(_a.due_on, Text), literal_column("1"), literal_column("7"))
_SEEN: dict[str, ColumnElement[bool]] = {
    "in_time": _a.completed_on <= _a.due_on,
    "late": _a.completed_on > _a.due_on,
    "missing": and_(_not_done, _a.waived_on.is_(None)),
    "waived": and_(_not_done, _a.waived_on.is_not(None)),
}


def _counted(by: Dimension, everywhere: bool) -> Statement[Compliance]:
    key, name = _KEYS[by]
    joined = training_assignments.join(units, units.c.id == _a.unit_id) if by == "store" else training_assignments
    if by == "course":
        joined = joined.join(courses, courses.c.id == _a.course_id)
    counts = [func.count().filter(seen).label(label) for label, seen in _SEEN.items()]
    period = and_(_a.due_on >= bindparam("first", type_=Date), _a.due_on < bindparam("before", type_=Date))
    found = select(key.label("key"), name.label("name"), *counts).select_from(joined)
    return Statement(found.where(period, *below(training_assignments, everywhere)).group_by(key, name), Compliance)


_KEYS: dict[Dimension, tuple[Any, Any]] = {
    "month": (_month, _month),
    "store": (units.c.code, units.c.name),
    "course": (courses.c.code, courses.c.name),
}
BY = {(by, everywhere): _counted(by, everywhere) for by in _KEYS for everywhere in (True, False)}


def list_compliance(
    reader: Reader, client_id: int, paths: Sequence[str], first: date, before: date, by: Dimension
) -> list[Compliance]:
    """Deadlines from `first` until before `before`. Months in their order; else where most is missing comes first."""
    found: dict[str, Compliance] = {}
    for path in paths:
        everywhere, place = within(client_id, path)
        for one in reader.all(BY[by, everywhere], client_id=client_id, first=first, before=before, **place):
            found[one.key] = found[one.key] + one if one.key in found else one
    order = (lambda one: (one.key,)) if by == "month" else (lambda one: (-one.missing, -one.due, one.name))
    return sorted(found.values(), key=order)
