"""Importing who owes which training. The rows may be any number: they are read once, laid out in the database in chunks, checked
against each other there, and only the differences are written. Raises ImportRefused, and then nothing has happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from core.imports import ImportRefused, ImportReport
from core.outbox.cards import refresh_cards
from core.outbox.renewing import stale_topic
from core.people.cells import Complaints
from core.training import import_writes as writes
from core.training.commands import ImportAssignments
from core.training.import_record import note_source, record_import
from core.training.import_rows import AssignmentReader
from core.training.leaves import count_leaves
from core.training.queries import facts_of, get_assignment, subject_of, today_at
from core.training.rows import AssignmentRow
from core.unit_of_work import UnitOfWork

T = TypeVar("T")
CHUNK = 2_000


@dataclass(slots=True)
class Differences:
    """What one chunk asks to be written."""

    deadlines: list[dict[str, Any]] = field(default_factory=list)
    completions: list[dict[str, Any]] = field(default_factory=list)
    waivers: list[dict[str, Any]] = field(default_factory=list)


def import_assignments(command: ImportAssignments, uow: UnitOfWork) -> ImportReport:
    client_id = command.client_id
    uow.run(writes.CLEAR, client_id_=client_id)
    _lay_out(uow, client_id, command.rows)
    _write_employees(uow, client_id)
    report, changed = _write_assignments(uow, client_id)
    uow.run(writes.CLEAR, client_id_=client_id)
    count_leaves(uow, client_id, today_at(uow, client_id, uow.now))
    _refresh(uow, client_id, changed)
    uow.announce(stale_topic(client_id))
    note_source(uow, client_id, command.source, report)
    record_import(uow, client_id, "assignments", report)
    return report


def _lay_out(uow: UnitOfWork, client_id: int, rows: Iterable[AssignmentRow]) -> None:
    units = {row.code.casefold(): row.id for row in uow.all(writes.UNITS, client_id_=client_id)}
    courses = {row.code.casefold(): row.id for row in uow.all(writes.COURSES, client_id_=client_id)}
    complaints = Complaints()
    reader = AssignmentReader(units, courses, today_at(uow, client_id, uow.now), complaints)
    for chunk in chunks(rows):
        uow.run_many(writes.LAY_OUT, [{"client_id": client_id, **reader.read(row)} for row in chunk])
    _complain(uow, client_id, complaints)
    if complaints.bad:
        raise ImportRefused(complaints.bad)


def _complain(uow: UnitOfWork, client_id: int, complaints: Complaints) -> None:
    """Of what is right in itself and does not fit another row."""
    for row in uow.all(writes.THERE_TWICE, client_id_=client_id):
        complaints.say(row.line, "course_code", f"{row.code} has this course in line {row.first_line} already")
    for row in uow.all(writes.CALLED_TWICE, client_id_=client_id):
        complaints.say(row.line, "employee_name", f"{row.code} is called “{row.first_name}” in line {row.first_line}")
    for row in uow.all(writes.PLACED_TWICE, client_id_=client_id):
        complaints.say(row.line, "unit_code", f"{row.code} belongs to another unit in line {row.first_line}")


def _write_employees(uow: UnitOfWork, client_id: int) -> None:
    uow.run(writes.MARK_RENAMED, client_id_=client_id)
    uow.run(writes.RENAME, client_id_=client_id)
    uow.run(writes.NEW_EMPLOYEES, client_id_=client_id)
    uow.run(writes.MOVE, client_id_=client_id, now=uow.now)
    uow.run(writes.FIND, client_id_=client_id)


def _write_assignments(uow: UnitOfWork, client_id: int) -> tuple[ImportReport, set[int]]:
    """The report, and the ids of those that were known and have changed."""
    count = uow.one(writes.COUNT, client_id_=client_id)
    changed = {row.assignment_id for row in uow.all(writes.RENAMED, client_id_=client_id)} if count.renamed else set()
    after = 0
    while rows := uow.all(writes.DIFFERENT, client_id_=client_id, after=after, limit=CHUNK):
        found = Differences()
        changed |= {row.id for row in rows if _compare(row, found, uow)}
        uow.run_many(writes.NEW_DEADLINE, found.deadlines)
        uow.run_many(writes.COMPLETION, found.completions)
        uow.run_many(writes.WAIVER, found.waivers)
        after = rows[-1].line
    uow.run(writes.NEW_ASSIGNMENTS, client_id_=client_id, now=uow.now, now_too=uow.now)
    return ImportReport(count.rows - count.known, len(changed), count.known - len(changed)), changed


def _compare(row: Any, found: Differences, uow: UnitOfWork) -> bool:
    """False where the records say nothing new, after all."""
    before = len(found.deadlines) + len(found.completions) + len(found.waivers)
    extended_to = extended_after(row.was_extended, row.extended_to, row.recorded, row.due_on)
    if (row.due_on, extended_to) != (row.recorded, row.was_extended):
        moved = {"due_on": extended_to or row.due_on, "recorded_due_on": row.due_on if extended_to else None}
        found.deadlines.append({"id_": row.id, **moved, "extended_to": extended_to, "now": uow.now})
    completed_on = completed_after(row.recorded, row.was_completed, row.due_on, row.completed_on)
    if completed_on != row.was_completed:
        found.completions.append({"id_": row.id, "completed_on": completed_on, "now": uow.now})
    if row.waived_on and row.waived_on != row.was_waived:
        found.waivers.append({"id_": row.id, "waived_on": row.waived_on, "now": uow.now})
    return len(found.deadlines) + len(found.completions) + len(found.waivers) > before


def completed_after(was_due: date, was_completed: date | None, due_on: date, completed_on: date | None) -> date | None:
    """The records know best when it was completed. Where they are silent, a later deadline than the completed one asks
    for the training again; otherwise what was answered here stays."""
    if completed_on or was_completed is None:
        return completed_on
    asked_again = due_on > max(was_due, was_completed)
    return None if asked_again else was_completed


def extended_after(was_extended: date | None, extended_to: date | None, was_due: date, due_on: date) -> date | None:
    """What the records say; where they are silent, an extension granted here stays until they have another deadline."""
    return extended_to or (was_extended if due_on == was_due else None)


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _refresh(uow: UnitOfWork, client_id: int, changed: set[int]) -> None:
    """Only where somebody was shown a card."""
    if not changed:
        return
    with_cards = {row.subject_id for row in uow.all(writes.WITH_CARDS, client_id_=client_id)}
    for assignment_id in sorted(changed & with_cards):
        assignment = get_assignment(uow, assignment_id)
        refresh_cards(uow, subject_of(assignment), facts_of(uow, assignment, uow.now))
