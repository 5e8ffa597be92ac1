"""Importing who owes which training: what is known is read once, the difference is written in sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from core.imports import ImportReport
from core.outbox.cards import refresh_cards
from core.statements import Statement
from core.training import import_writes as writes
from core.training.commands import ImportAssignments
from core.training.import_record import record_import
from core.training.import_rows import AssignmentReader, WantedAssignment, WantedEmployee
from core.training.queries import facts_of, get_assignment, subject_of, today_at
from core.unit_of_work import UnitOfWork

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class KnownAssignment:
    id: int
    due_on: date
    completed_on: date | None


def import_assignments(command: ImportAssignments, uow: UnitOfWork) -> ImportReport:
    client_id = command.client_id
    units = {row.code.casefold(): row.id for row in uow.all(writes.UNITS, client_id=client_id)}
    courses = {row.code.casefold(): row.id for row in uow.all(writes.COURSES, client_id=client_id)}
    wanted = AssignmentReader(units, courses, today_at(uow, client_id, uow.now)).read(command.rows)
    changed_people = _write_employees(uow, client_id, {row.employee.key: row.employee for row in wanted})
    report = _write_assignments(uow, client_id, wanted, changed_people)
    record_import(uow, client_id, "assignments", report)
    return report


def _write_employees(uow: UnitOfWork, client_id: int, wanted: dict[str, WantedEmployee]) -> set[str]:
    """Returns the keys of those who were known and are called or placed differently now."""
    known = {row.code.casefold(): row for row in uow.all(writes.EMPLOYEES, client_id=client_id)}
    new = [employee for key, employee in wanted.items() if key not in known]
    both = [(known[key], employee) for key, employee in wanted.items() if key in known]
    changed = [(row.id, e) for row, e in both if (row.name, row.unit_id) != (e.name, e.unit_id)]
    moved = [(row.id, e) for row, e in both if row.unit_id != e.unit_id]
    _write(
        uow,
        writes.NEW_EMPLOYEE,
        ({"client_id": client_id, "code": e.code, "name": e.name, "unit_id": e.unit_id} for e in new),
    )
    _write(uow, writes.CHANGE_EMPLOYEE, ({"id_": id_, "name": e.name, "unit_id": e.unit_id} for id_, e in changed))
    _write(
        uow,
        writes.MOVE_ASSIGNMENTS,
        ({"employee_id_": id_, "unit_id": e.unit_id, "now": uow.now} for id_, e in moved),
    )
    return {employee.key for _, employee in changed}


def _write_assignments(
    uow: UnitOfWork, client_id: int, wanted: list[WantedAssignment], changed_people: set[str]
) -> ImportReport:
    people = {row.code.casefold(): row.id for row in uow.all(writes.EMPLOYEES, client_id=client_id)}
    known = {
        (row.employee_id, row.course_id): KnownAssignment(row.id, row.due_on, row.completed_on)
        for row in uow.all(writes.ASSIGNMENTS, client_id=client_id)
    }
    pairs = [(row, known.get((people[row.employee.key], row.course_id))) for row in wanted]
    new = [row for row, before in pairs if before is None]
    deadlines = {before.id: row.due_on for row, before in pairs if before and before.due_on != row.due_on}
    completions = {
        before.id: completed_after(before, row)
        for row, before in pairs
        if before and completed_after(before, row) != before.completed_on
    }
    renamed = {before.id for row, before in pairs if before and row.employee.key in changed_people}
    _write(uow, writes.NEW_ASSIGNMENT, (_values(uow, client_id, people[row.employee.key], row) for row in new))
    _write(uow, writes.NEW_DEADLINE, ({"id_": i, "due_on": on, "now": uow.now} for i, on in deadlines.items()))
    _write(uow, writes.COMPLETION, ({"id_": i, "completed_on": on, "now": uow.now} for i, on in completions.items()))
    changed = deadlines.keys() | completions.keys() | renamed
    _refresh(uow, client_id, changed)
    return ImportReport(len(new), len(changed), len(wanted) - len(new) - len(changed))


def completed_after(before: KnownAssignment, row: WantedAssignment) -> date | None:
    """The records know best when it was completed. Where they are silent, a later deadline than the completed one asks
    for the training again; otherwise what was answered here stays."""
    if row.completed_on or before.completed_on is None:
        return row.completed_on
    asked_again = row.due_on > max(before.due_on, before.completed_on)
    return None if asked_again else before.completed_on


def _values(uow: UnitOfWork, client_id: int, employee_id: int, row: WantedAssignment) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "employee_id": employee_id,
        "course_id": row.course_id,
        "unit_id": row.employee.unit_id,
        "due_on": row.due_on,
        "completed_on": row.completed_on,
        "created_at": uow.now,
        "updated_at": uow.now,
    }


def _write(uow: UnitOfWork, statement: Statement[Any], rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        uow.run_many(statement, chunk)


def _refresh(uow: UnitOfWork, client_id: int, changed: set[int]) -> None:
    """Only where somebody was shown a card."""
    if not changed:
        return
    with_cards = {row.subject_id for row in uow.all(writes.WITH_CARDS, client_id=client_id)}
    for assignment_id in sorted(changed & with_cards):
        assignment = get_assignment(uow, assignment_id)
        refresh_cards(uow, subject_of(assignment), facts_of(uow, assignment, uow.now))
