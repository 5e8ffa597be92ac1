"""From the text of an assignments file to what it asks for (pure), row by row: every wrong cell is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from core.people import cells
from core.people.cells import Complaints, needed
from core.training.rows import AssignmentRow

day = lru_cache(maxsize=4096)(cells.day)
"""A file has few days and many rows."""


@dataclass(frozen=True, slots=True)
class AssignmentReader:
    """`units` and `courses`: the client's codes, case folded, with their ids. `today`: nothing is completed later."""

    units: Mapping[str, int]
    courses: Mapping[str, int]
    today: date
    complaints: Complaints

    def read(self, row: AssignmentRow) -> dict[str, Any]:
        """The columns of training_intake; those that were complained about are empty."""
        line, read = row.line, self.complaints.read
        code = read(line, "employee_code", needed, row.employee_code, "")
        found: dict[str, Any] = {
            "line": line,
            "key": code.casefold(),
            "code": code,
            "name": read(line, "employee_name", needed, row.employee_name, ""),
            "unit_id": self._known(line, "unit_code", row.unit_code, self.units),
            "course_id": self._known(line, "course_code", row.course_code, self.courses),
            "due_on": read(line, "due_on", needed_day, row.due_on, None),
            "completed_on": self._past(line, "completed_on", row.completed_on),
            "waived_on": self._past(line, "waived_on", row.waived_on),
            "extended_to": read(line, "extended_to", day, row.extended_to, None),
        }
        if found["due_on"] and found["extended_to"] and found["extended_to"] < found["due_on"]:
            self.complaints.say(line, "extended_to", "lies before the deadline")
        return found

    def _past(self, line: int, column: str, text: str) -> date | None:
        found = self.complaints.read(line, column, day, text, None)
        if found and found > self.today:
            self.complaints.say(line, column, f"“{text.strip()}” is still to come")
        return found

    def _known(self, line: int, column: str, text: str, ids: Mapping[str, int]) -> int | None:
        code = self.complaints.read(line, column, needed, text, "")
        found = ids.get(code.casefold())
        if code and found is None:
            self.complaints.say(line, column, f"there is no {column.removesuffix('_code')} “{code}”")
        return found


def needed_day(text: str) -> date:
    found = day(text)
    if found is None:
        raise ValueError("is empty")
    return found
