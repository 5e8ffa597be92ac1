"""Training commands applied. An answer is one conditional write; whoever answers a closed training reads who was first."""

from datetime import date
from typing import Any

from core.audit.record import Event, record
from core.errors import Conflict
from core.outbox.cards import refresh_cards
from core.people.queries import get_person
from core.rule import Rule
from core.statements import Reader
from core.training import events, runs, writes
from core.training.commands import (
    BeginTrainingRun,
    GoOnWithTrainingRun,
    ImportAssignments,
    ImportCourses,
    ImportLeaves,
    MarkOnLeave,
    MarkTrainingDone,
    PromiseTraining,
    RecordFailedRun,
    RunTrainingEscalation,
)
from core.training.failing import record_failed
from core.training.import_assignments import import_assignments
from core.training.import_courses import import_courses
from core.training.import_leaves import import_leaves
from core.training.leaves import say_leave
from core.training.policy import check_pause
from core.training.queries import facts_of, get_assignment, subject_of, today_at
from core.training.run import begin, go_on, run
from core.training.tables import TrainingAssignment
from core.unit_of_work import UnitOfWork


def mark_done(command: MarkTrainingDone, uow: UnitOfWork) -> TrainingAssignment:
    assignment = get_assignment(uow, command.assignment_id)
    today = _today(assignment, uow)
    if uow.first(writes.DONE, id_=assignment.id, today=today, person_id=uow.actor.person_id, now=uow.now) is None:
        raise Conflict(_closed(assignment, uow))
    return _changed(uow, assignment.id, events.TrainingDone(uow.actor.name))


def mark_on_leave(command: MarkOnLeave, uow: UnitOfWork) -> TrainingAssignment:
    assignment = get_assignment(uow, command.assignment_id)
    today = _today(assignment, uow)
    check_pause(command.until, today, "until")
    paused = uow.all(writes.LEAVE, employee_id_=assignment.employee_id, until=command.until, now=uow.now)
    if assignment.id not in {row.id for row in paused}:
        raise Conflict(_closed(assignment, uow))
    say_leave(uow, assignment.employee_id, command.until, today)
    for row in paused:
        _changed(uow, row.id, events.EmployeeOnLeave(uow.actor.name, command.until))
    return get_assignment(uow, assignment.id)


def promise(command: PromiseTraining, uow: UnitOfWork) -> TrainingAssignment:
    assignment = get_assignment(uow, command.assignment_id)
    check_pause(command.on, _today(assignment, uow), "on")
    if uow.first(writes.PROMISE, id_=assignment.id, on=command.on, person_id=uow.actor.person_id, now=uow.now) is None:
        raise Conflict(_closed(assignment, uow))
    return _changed(uow, assignment.id, events.TrainingPromised(uow.actor.name, command.on))


def _today(assignment: TrainingAssignment, uow: UnitOfWork) -> date:
    return today_at(uow, assignment.unit_id, uow.now)


def _closed(before: TrainingAssignment, uow: UnitOfWork) -> str:
    """Read again: somebody may have been first only a moment ago."""
    assignment = get_assignment(uow, before.id)
    what = f"{assignment.reference} ({assignment.employee}, {assignment.course})"
    if assignment.completed_on is None:
        return f"{what} was waived on {assignment.waived_on:%d.%m.%Y}."
    by = get_person(uow, assignment.completed_by).name if assignment.completed_by else "the training records"
    return f"{what} is done already, according to {by} since {assignment.completed_on:%d.%m.%Y}."


def _changed(uow: UnitOfWork, assignment_id: int, event: Event) -> TrainingAssignment:
    """Record it; every copy of the training's card follows."""
    assignment = get_assignment(uow, assignment_id)
    record(uow, subject_of(assignment), event)
    refresh_cards(uow, subject_of(assignment), facts_of(uow, assignment, uow.now) | {"by_id": uow.actor.person_id})
    return assignment


def _unit_of(command: Any, reader: Reader) -> int:
    return get_assignment(reader, command.assignment_id).unit_id


def _client_of(command: Any, _: Reader) -> int:
    return int(command.client_id)


RULES = {
    MarkTrainingDone: Rule(mark_done, "training.answer", _unit_of),
    MarkOnLeave: Rule(mark_on_leave, "training.answer", _unit_of),
    PromiseTraining: Rule(promise, "training.answer", _unit_of),
    RunTrainingEscalation: Rule(run, "training.run", _client_of),
    BeginTrainingRun: Rule(begin, "training.run", _client_of),
    GoOnWithTrainingRun: Rule(
        go_on, "training.run", lambda command, reader: runs.get(reader, command.run_id).client_id
    ),
    RecordFailedRun: Rule(record_failed, "training.run", _client_of),
    ImportCourses: Rule(import_courses, "training.run", _client_of),
    ImportAssignments: Rule(import_assignments, "training.run", _client_of),
    ImportLeaves: Rule(import_leaves, "training.run", _client_of),
}
