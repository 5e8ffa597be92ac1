"""What every answer about a training does besides its own write: it is recorded, its cards follow, and what a
dispatcher has in hand is looked at again."""

from datetime import date
from typing import Any

from core.audit.record import Event, record
from core.errors import Conflict
from core.outbox.cards import refresh_cards
from core.outbox.renewing import stale_topic
from core.people.queries import get_person
from core.statements import Reader
from core.training.queries import facts_of, get_assignment, subject_of, today_at
from core.training.tables import TrainingAssignment
from core.unit_of_work import UnitOfWork


def answer(uow: UnitOfWork, assignment_id: int, event: Event) -> TrainingAssignment:
    assignment = get_assignment(uow, assignment_id)
    subject = subject_of(assignment)
    record(uow, subject, event)
    refresh_cards(uow, subject, facts_of(uow, assignment, uow.now) | {"by_id": uow.actor.person_id})
    uow.announce(stale_topic(assignment.client_id))
    return assignment


def check_open(uow: UnitOfWork, assignment_id: int) -> TrainingAssignment:
    """Raises Conflict, saying who was first and when."""
    assignment = get_assignment(uow, assignment_id)
    if not assignment.is_open:
        raise Conflict(closed(uow, assignment))
    return assignment


def closed(uow: UnitOfWork, before: TrainingAssignment) -> str:
    """Read again: somebody may have been first only a moment ago."""
    assignment = get_assignment(uow, before.id)
    what = f"{assignment.reference} ({assignment.employee}, {assignment.course})"
    if assignment.completed_on is None:
        return f"{what} was waived on {assignment.waived_on:%d.%m.%Y}."
    by = get_person(uow, assignment.completed_by).name if assignment.completed_by else "the training records"
    return f"{what} is done already, according to {by} since {assignment.completed_on:%d.%m.%Y}."


def today_of(uow: UnitOfWork, assignment: TrainingAssignment) -> date:
    return today_at(uow, assignment.unit_id, uow.now)


def unit_of(command: Any, reader: Reader) -> int:
    return get_assignment(reader, command.assignment_id).unit_id
