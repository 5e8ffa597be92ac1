"""Rows of the import files, as text: the columns are the fields, and a field with a default may be missing in the file."""

from dataclasses import dataclass


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
