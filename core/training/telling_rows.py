"""What is read of tellings: what a person hears of a unit, of an assignment, and what is over since they last heard."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """What one person hears of one unit on one level. `fresh`: assignments that are new, or whose promise was broken, since their
    last digest (`broken` of them); `fresh_employees`: whose they are."""

    person_id: int
    level: int
    unit_id: int
    unit: str
    employees: int
    assignments: int
    oldest: date
    critical: int
    fresh: int
    fresh_employees: int
    fresh_critical: int
    broken: int


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One assignment in somebody's digest."""

    person_id: int
    level: int
    assignment_id: int
    employee_code: str
    employee: str
    course: str
    unit_id: int
    unit: str
    due_on: date
    deadline: date
    promised_on: date | None
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """Assignments of the last digest that this one no longer names: done, waived or put off; paused by a promise or a leave; on
    another level, which means with somebody else."""

    person_id: int
    cleared: int
    paused: int
    moved: int


@dataclass(frozen=True, slots=True)
class LastTold:
    """`told_on`: the day of their last digest, their own. `known_run_id`, `known_on`: the last one that arrived in full; what a
    later one changes is news. None: nothing has arrived yet."""

    person_id: int
    told_on: date
    known_run_id: int | None
    known_on: date | None
