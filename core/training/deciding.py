"""What the store manager cannot decide alone: more time, and whose employee it is. The cluster manager or HR does."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, update

from core.errors import Conflict, Invalid
from core.outbox.notify import Notification, tell_person
from core.people.permissions import ROLES_WITH
from core.people.queries import get_person, get_unit
from core.people.tables import Person
from core.rule import Rule
from core.statements import Statement
from core.training import events
from core.training.answering import answer, check_open, today_of, unit_of
from core.training.commands import (
    AskForExtension,
    DenyExtension,
    DisputeEmployee,
    GrantExtension,
    KeepEmployee,
    MoveEmployee,
    WaiveTraining,
)
from core.training.counting import count_days
from core.training.leaves import count_leaves
from core.training.overdue import OPEN
from core.training.policy import check_pause
from core.training.queries import facts_of, get_assignment, subject_of
from core.training.recipients import Recipients
from core.training.tables import TrainingAssignment, employees, training_assignments
from core.unit_of_work import UnitOfWork

_a = training_assignments.c
_one = (_a.id == bindparam("id_"), OPEN)
_employee = (_a.employee_id == bindparam("employee_id_"), OPEN)
_now: dict[str, Any] = {"updated_at": bindparam("now")}
ASK = Statement(
    update(training_assignments)
    .where(*_one)
    .values(asked_until=bindparam("until"), asked_by=bindparam("person_id"), **_now)
    .returning(_a.id)
)
EXTEND = Statement(
    update(training_assignments)
    .where(*_one)
    .values(
        recorded_due_on=func.coalesce(_a.recorded_due_on, _a.due_on),
        due_on=bindparam("until"),
        extended_to=bindparam("extended_to"),
        asked_until=None,
        asked_by=None,
        promised_on=None,
        promised_by=None,
        told_level=0,
        told_on=None,
        **_now,
    )
    .returning(_a.id)
)
ANSWERED = Statement(
    update(training_assignments)
    .where(*_one, _a.asked_until.is_not(None))
    .values(asked_until=None, asked_by=None, **_now)
    .returning(_a.id)
)
DISPUTE = Statement(
    update(training_assignments)
    .where(*_employee, _a.disputed_on.is_(None))
    .values(disputed_on=bindparam("today"), disputed_by=bindparam("person_id"), **_now)
    .returning(_a.id)
)
KEEP = Statement(
    update(training_assignments)
    .where(*_employee, _a.disputed_on.is_not(None))
    .values(disputed_on=None, disputed_by=None, **_now)
    .returning(_a.id)
)
PLACE = Statement(update(employees).where(employees.c.id == bindparam("id_")).values(unit_id=bindparam("unit_id")))
MOVE = Statement(
    update(training_assignments)
    .where(*_employee)
    .values(unit_id=bindparam("unit_id"), disputed_on=None, disputed_by=None, told_level=0, told_on=None, **_now)
    .returning(_a.id)
)
WAIVE = Statement(
    update(training_assignments)
    .where(*_one)
    .values(
        waived_on=bindparam("today"), waived_why=bindparam("why"), disputed_on=None, disputed_by=None, asked_until=None,
        asked_by=None, **_now,
    )
    .returning(_a.id)
)  # fmt: skip


def ask_for_extension(command: AskForExtension, uow: UnitOfWork) -> TrainingAssignment:
    """Whoever may decide has decided by asking."""
    assignment = check_open(uow, command.assignment_id)
    check_pause(command.until, today_of(uow, assignment), "until")
    if command.until <= assignment.deadline:
        raise Invalid(f"{assignment.reference} is due on {assignment.deadline:%d.%m.%Y} anyway.", field="until")
    if _decides(uow, assignment):
        return _extend(uow, assignment, command.until)
    asked = {"until": command.until, "person_id": uow.actor.person_id, "now": uow.now}
    uow.first(ASK, id_=assignment.id, **asked)
    found = answer(uow, assignment.id, events.ExtensionAsked(uow.actor.name, command.until))
    _tell_deciders(uow, found, "training.asked")
    return found


def grant_extension(command: GrantExtension, uow: UnitOfWork) -> TrainingAssignment:
    assignment = check_open(uow, command.assignment_id)
    if assignment.asked_until is None:
        raise Conflict(_nothing_asked(assignment))
    return _extend(uow, assignment, assignment.asked_until)


def deny_extension(command: DenyExtension, uow: UnitOfWork) -> TrainingAssignment:
    assignment = check_open(uow, command.assignment_id)
    if uow.first(ANSWERED, id_=assignment.id, now=uow.now) is None:
        raise Conflict(_nothing_asked(assignment))
    found = answer(uow, assignment.id, events.ExtensionDenied(uow.actor.name, command.reason))
    _tell_asker(uow, found, assignment.asked_by, "denied", command.reason)
    return found


def dispute(command: DisputeEmployee, uow: UnitOfWork) -> TrainingAssignment:
    """All of the employee's trainings; until it is decided, the next of the chain hears of them instead."""
    assignment = check_open(uow, command.assignment_id)
    today = today_of(uow, assignment)
    rows = uow.all(
        DISPUTE, employee_id_=assignment.employee_id, today=today, person_id=uow.actor.person_id, now=uow.now
    )
    if not rows:
        by = get_person(uow, assignment.disputed_by).name if assignment.disputed_by else "Somebody"
        raise Conflict(f"{by} has said so already, on {assignment.disputed_on:%d.%m.%Y}. It is being decided.")
    for row in rows:
        answer(uow, row.id, events.EmployeeDisputed(uow.actor.name))
    found = get_assignment(uow, assignment.id)
    _tell_deciders(uow, found, "training.disputed")
    return found


def keep_employee(command: KeepEmployee, uow: UnitOfWork) -> TrainingAssignment:
    assignment = check_open(uow, command.assignment_id)
    rows = uow.all(KEEP, employee_id_=assignment.employee_id, now=uow.now)
    if not rows:
        raise Conflict(f"{assignment.employee} belongs to {assignment.unit}, and nobody says otherwise.")
    for row in rows:
        answer(uow, row.id, events.EmployeeKept(uow.actor.name))
    found = get_assignment(uow, assignment.id)
    _tell_asker(uow, found, assignment.disputed_by, "kept")
    return found


def move_employee(command: MoveEmployee, uow: UnitOfWork) -> TrainingAssignment:
    """With all open trainings; whoever answers for the other place hears of it, because nobody there has heard of them before."""
    assignment = check_open(uow, command.assignment_id)
    there = get_unit(uow, command.unit_id)
    if there.client_id != assignment.client_id or there.kind != "branch":
        raise Invalid(f"{there.name} is no branch.", field="branch")
    if there.id == assignment.unit_id:
        raise Conflict(f"{assignment.employee} belongs to {there.name} already.")
    uow.run(PLACE, id_=assignment.employee_id, unit_id=there.id)
    for row in uow.all(MOVE, employee_id_=assignment.employee_id, unit_id=there.id, now=uow.now):
        answer(uow, row.id, events.EmployeeMoved(uow.actor.name, assignment.unit, there.name))
    found = get_assignment(uow, assignment.id)
    _tell_asker(uow, found, assignment.disputed_by, "moved")
    count = count_days(uow, found.client_id, uow.now)
    facts = facts_of(uow, found, uow.now) | {"from_unit": assignment.unit, "by": uow.actor.name}
    for person in Recipients(uow, found.client_id, count).of(there.id, 1):
        tell_person(uow, person.id, Notification("training.moved", facts, subject_of(found)))
    return found


def waive(command: WaiveTraining, uow: UnitOfWork) -> TrainingAssignment:
    assignment = check_open(uow, command.assignment_id)
    uow.first(WAIVE, id_=assignment.id, today=today_of(uow, assignment), why=command.reason, now=uow.now)
    found = answer(uow, assignment.id, events.TrainingWaived(uow.actor.name, command.reason))
    _tell_asker(uow, found, assignment.disputed_by or assignment.asked_by, "waived", command.reason)
    return found


def _extend(uow: UnitOfWork, assignment: TrainingAssignment, until: date) -> TrainingAssignment:
    uow.first(EXTEND, id_=assignment.id, until=until, extended_to=until, now=uow.now)
    count_leaves(uow, assignment.client_id, today_of(uow, assignment))
    found = answer(uow, assignment.id, events.TrainingExtended(uow.actor.name, until))
    _tell_asker(uow, found, assignment.asked_by, "extended")
    return found


def _nothing_asked(assignment: TrainingAssignment) -> str:
    until = f": it has time until {assignment.extended_to:%d.%m.%Y}" if assignment.extended_to else ""
    return f"Nobody asks for more time for {assignment.reference} any more{until}."


def _decides(uow: UnitOfWork, assignment: TrainingAssignment) -> bool:
    return uow.actor.covers(get_unit(uow, assignment.unit_id).path, ROLES_WITH["training.decide"])


def _tell_deciders(uow: UnitOfWork, assignment: TrainingAssignment, template: str) -> None:
    facts = facts_of(uow, assignment, uow.now)
    for person in deciders(uow, assignment):
        tell_person(uow, person.id, Notification(template, facts, subject_of(assignment), card=True))


def deciders(uow: UnitOfWork, assignment: TrainingAssignment) -> list[Person]:
    """The nearest up the chain who may decide and did not ask themselves."""
    count = count_days(uow, assignment.client_id, uow.now)
    chosen = Recipients(uow, assignment.client_id, count)
    for role in ("cluster_manager", "hr_manager", "owner", "admin"):
        people = [one for one in chosen.holders(assignment.unit_id, role) if one.id != uow.actor.person_id]
        if people:
            return people
    return []


def _tell_asker(
    uow: UnitOfWork, assignment: TrainingAssignment, person_id: int | None, decision: str, reason: str = ""
) -> None:
    """`decision`: extended | denied | kept | moved | waived."""
    if person_id is None or person_id == uow.actor.person_id:
        return
    facts = facts_of(uow, assignment, uow.now) | {"decision": decision, "by": uow.actor.name, "reason": reason}
    tell_person(uow, person_id, Notification("training.decided", facts, subject_of(assignment)))


def _rule(handle: Any, permission: str) -> Rule:
    return Rule(handle, permission, unit_of)


RULES = {
    AskForExtension: _rule(ask_for_extension, "training.answer"),
    GrantExtension: _rule(grant_extension, "training.decide"),
    DenyExtension: _rule(deny_extension, "training.decide"),
    DisputeEmployee: _rule(dispute, "training.answer"),
    KeepEmployee: _rule(keep_employee, "training.decide"),
    MoveEmployee: _rule(move_employee, "training.decide"),
    WaiveTraining: _rule(waive, "training.decide"),
}
