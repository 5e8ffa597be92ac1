"""Training commands applied. An answer is one conditional write; whoever answers a closed training reads who was first."""

from typing import Any

from core.errors import Conflict
from core.rule import Rule
from core.statements import Reader
from core.training import events, runs, writes
from core.training.answering import answer, closed, today_of, unit_of
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
from core.training.queries import get_assignment
from core.training.run import begin, go_on, run
from core.training.tables import TrainingAssignment
from core.unit_of_work import UnitOfWork


def mark_done(command: MarkTrainingDone, uow: UnitOfWork) -> TrainingAssignment:
    assignment = get_assignment(uow, command.assignment_id)
    today = today_of(uow, assignment)
    if uow.first(writes.DONE, id_=assignment.id, today=today, person_id=uow.actor.person_id, now=uow.now) is None:
        raise Conflict(closed(uow, assignment))
    return answer(uow, assignment.id, events.TrainingDone(uow.actor.name))


def mark_on_leave(command: MarkOnLeave, uow: UnitOfWork) -> TrainingAssignment:
    assignment = get_assignment(uow, command.assignment_id)
    today = today_of(uow, assignment)
    check_pause(command.until, today, "until")
    paused = uow.all(writes.LEAVE, employee_id_=assignment.employee_id, until=command.until, now=uow.now)
    if assignment.id not in {row.id for row in paused}:
        raise Conflict(closed(uow, assignment))
    say_leave(uow, assignment.employee_id, command.until, today)
    for row in paused:
        answer(uow, row.id, events.EmployeeOnLeave(uow.actor.name, command.until))
    return get_assignment(uow, assignment.id)


def promise(command: PromiseTraining, uow: UnitOfWork) -> TrainingAssignment:
    assignment = get_assignment(uow, command.assignment_id)
    check_pause(command.on, today_of(uow, assignment), "on")
    if uow.first(writes.PROMISE, id_=assignment.id, on=command.on, person_id=uow.actor.person_id, now=uow.now) is None:
        raise Conflict(closed(uow, assignment))
    return answer(uow, assignment.id, events.TrainingPromised(uow.actor.name, command.on))


def _client_of(command: Any, _: Reader) -> int:
    return int(command.client_id)


RULES = {
    MarkTrainingDone: Rule(mark_done, "training.answer", unit_of),
    MarkOnLeave: Rule(mark_on_leave, "training.answer", unit_of),
    PromiseTraining: Rule(promise, "training.answer", unit_of),
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
