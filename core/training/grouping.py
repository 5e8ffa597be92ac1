"""Overdue trainings counted by store or by course: how many at each level."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select

from core.people.tables import units
from core.statements import Reader, Statement
from core.training.counting import DayCount
from core.training.overdue import LATE
from core.training.tables import courses


@dataclass(slots=True)
class Counted:
    """`levels`: level -> trainings; level 0 are those that a promise or a leave pauses."""

    code: str
    name: str
    levels: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.levels.values())


def _grouped(code: Any, name: Any, *, join_courses: bool = False) -> Statement[Any]:
    found = select(code.label("code"), name.label("name"), LATE.c.level, func.count().label("number")).join(
        units, units.c.id == LATE.c.unit_id
    )
    if join_courses:
        found = found.join(courses, courses.c.id == LATE.c.course_id)
    return Statement(
        found.where(LATE.c.client_id == bindparam("client_id"), units.c.path.like(bindparam("pattern"))).group_by(
            code, name, LATE.c.level
        )
    )


BY = {
    "store": _grouped(units.c.code, units.c.name),
    "course": _grouped(courses.c.code, courses.c.name, join_courses=True),
}


def count_by(reader: Reader, by: str, client_id: int, path: str, count: DayCount) -> list[Counted]:
    """`by`: store or course. Below `path`, those with most overdue trainings first."""
    found: dict[str, Counted] = {}
    for row in reader.all(BY[by], client_id=client_id, pattern=f"{path}%", **count.values):
        found.setdefault(row.code, Counted(row.code, row.name)).levels[row.level] = row.number
    return sorted(found.values(), key=lambda one: (-one.total, one.name))
