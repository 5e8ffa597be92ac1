"""Rows of import files, as they stand there: every cell is text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CourseRow:
    line: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    line: int
    employee_code: str
    employee_name: str
    unit_code: str
    course_code: str
    due_on: str
    completed_on: str = ""
    waived_on: str = ""
    extended_to: str = ""


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """`code`: of an employee, of somebody who works with us, or of both."""

    line: int
    code: str
    from_on: str
    until_on: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from. `at`: how old they are; None: as old as the import. `columns`: those it has. `whole`: these are all of
    the records, not a part of them."""

    at: datetime | None = None
    columns: tuple[str, ...] = ()
    whole: bool = True


HERE = Source(whole=False)
"""Nobody said."""
