"""From the text of an assignments file to what it asks for (pure): every wrong row is named, or all of them are right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.imports import ImportRefused
from core.people.cells import Complaints, day, needed
from core.training.rows import AssignmentRow


@dataclass(frozen=True, slots=True)
class WantedEmployee:
    code: str
    name: str
    unit_id: int

    @property
    def key(self) -> str:
        return self.code.casefold()


@dataclass(frozen=True, slots=True)
class WantedAssignment:
    employee: WantedEmployee
    course_id: int
    due_on: date
    completed_on: date | None


class AssignmentReader:
    """`units` and `courses`: the client's codes, case folded, with their ids. `today`: nothing is completed later."""

    def __init__(self, units: Mapping[str, int], courses: Mapping[str, int], today: date) -> None:
        self._units = units
        self._courses = courses
        self._today = today
        self._complaints = Complaints()
        self._employees: dict[str, tuple[int, WantedEmployee]] = {}
        self._lines: dict[tuple[str, int], int] = {}

    def read(self, rows: Iterable[AssignmentRow]) -> list[WantedAssignment]:
        """Raises ImportRefused."""
        wanted = [self._assignment(row) for row in rows]
        if self._complaints.bad:
            raise ImportRefused(self._complaints.bad)
        return wanted

    def _assignment(self, row: AssignmentRow) -> WantedAssignment:
        line, complaints = row.line, self._complaints
        employee = self._employee(row)
        course_id = self._known(line, "course_code", row.course_code, self._courses)
        if employee.code and course_id:
            first = self._lines.setdefault((employee.key, course_id), line)
            if first != line:
                complaints.say(line, "course_code", f"{employee.code} has this course in line {first} already")
        due_on = complaints.read(line, "due_on", _needed_day, row.due_on, self._today)
        completed_on = complaints.read(line, "completed_on", day, row.completed_on, None)
        if completed_on and completed_on > self._today:
            complaints.say(line, "completed_on", f"“{row.completed_on.strip()}” is still to come")
        return WantedAssignment(employee, course_id, due_on, completed_on)

    def _employee(self, row: AssignmentRow) -> WantedEmployee:
        """The same in all of their rows."""
        complaints = self._complaints
        employee = WantedEmployee(
            complaints.read(row.line, "employee_code", needed, row.employee_code, ""),
            complaints.read(row.line, "employee_name", needed, row.employee_name, ""),
            self._known(row.line, "unit_code", row.unit_code, self._units),
        )
        line, first = self._employees.setdefault(employee.key, (row.line, employee))
        if employee.code and first.name != employee.name:
            complaints.say(row.line, "employee_name", f"{employee.code} is called “{first.name}” in line {line}")
        if employee.code and first.unit_id and employee.unit_id and first.unit_id != employee.unit_id:
            complaints.say(row.line, "unit_code", f"{employee.code} belongs to another unit in line {line}")
        return employee

    def _known(self, line: int, column: str, text: str, ids: Mapping[str, int]) -> int:
        """0 when it was complained about."""
        code = self._complaints.read(line, column, needed, text, "")
        found = ids.get(code.casefold(), 0)
        if code and not found:
            self._complaints.say(line, column, f"there is no {column.removesuffix('_code')} “{code}”")
        return found


def _needed_day(text: str) -> date:
    found = day(text)
    if found is None:
        raise ValueError("is empty")
    return found
