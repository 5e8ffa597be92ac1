"""Who owes which training, in every degree of lateness, as seen on a given day. The same day gives the same rows."""

from datetime import date, timedelta
from itertools import cycle

from core.training.rows import AssignmentRow

STORES = tuple(f"BR-{number:02d}" for number in range(1, 13))
PER_STORE = 5
COURSES = ("FS-101", "CC-110", "AL-120", "FE-130", "FA-140", "FL-150", "CH-160", "DP-170")
FIRST_NAMES = (
    "Adrián", "Birgit", "Carlos", "Denise", "Eoin", "Fatima", "Goran", "Helen", "Ismael", "Joana", "Kevin", "Leonie", "Mario",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Bianchi", "Costa", "Dietrich", "Evans", "Fuchs", "García", "Hughes", "Ivanova", "Jansen", "Kovač", "Lopes",
    "Moore", "Novák", "Oliveira", "Pfeiffer", "Quinn",
)  # fmt: skip

DUE = (-30, -12, 1, -7, -3, 3, 0, 9, 2, -21, 6, -45, 16, 4, -1, 5, -60)
"""Days overdue (negative: still to come) by turns; prime in number, so that stores and courses mix."""
DONE = (1, 7, 9, 16)
"""Which of the turns are completed by now."""


def assignment_rows(today: date) -> tuple[AssignmentRow, ...]:
    """Two or three courses for each of the sixty employees."""
    rows: list[AssignmentRow] = []
    turns = cycle(range(len(DUE)))
    for number in range(len(STORES) * PER_STORE):
        for course in _courses_of(number):
            rows.append(_row(len(rows) + 2, number, course, next(turns), today))
    return tuple(rows)


def _courses_of(number: int) -> list[str]:
    return [COURSES[(number + step * 3) % len(COURSES)] for step in range(2 + number % 2)]


def _row(line: int, number: int, course: str, turn: int, today: date) -> AssignmentRow:
    due_on = today - timedelta(days=DUE[turn])
    completed_on = min(due_on, today) - timedelta(days=2) if turn in DONE else None
    return AssignmentRow(
        line=line,
        employee_code=f"E-{number + 1:03d}",
        employee_name=f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]}",
        unit_code=STORES[number // PER_STORE],
        course_code=course,
        due_on=due_on.isoformat(),
        completed_on=completed_on.isoformat() if completed_on else "",
    )
