"""More about a fault that is known already: said to those who work on it, instead of a second ticket."""

from typing import Any

from core.audit.record import record
from core.errors import Invalid
from core.outbox.notify import URGENT
from core.tickets import events
from core.tickets.commands import AddReport
from core.tickets.opening import opened_before
from core.tickets.policy import PRIORITIES, check_priority
from core.tickets.queries import find_by_external_id, get_ticket_by_id, subject_of
from core.tickets.refusals import refusal
from core.tickets.rows import Ticket
from core.tickets.tables import UNREPAIRED
from core.tickets.telling import line, tell
from core.unit_of_work import UnitOfWork


def add_report(command: AddReport, uow: UnitOfWork) -> Ticket:
    ticket = get_ticket_by_id(uow, command.ticket_id)
    words = command.description.strip()
    if not words:
        raise Invalid("What is the matter? Describe it in a few words.", field="description")
    if ticket.status not in UNREPAIRED:
        raise refusal(uow, ticket.id)
    if command.priority is not None:
        check_priority(command.priority)
    if command.external_id and find_by_external_id(uow, ticket.client_id, command.external_id):
        raise opened_before(uow, ticket.client_id, command.external_id)
    worse = command.priority is not None and command.priority < ticket.priority
    as_priority = PRIORITIES[command.priority] if worse and command.priority is not None else None
    record(uow, subject_of(ticket), events.ReportAdded(uow.actor.name, words, as_priority, command.external_id))
    for whom in ("assignee", "dispatcher"):
        if _is_actor(uow, ticket, whom):
            continue
        said: dict[str, Any] = {"report": words, "as_priority": as_priority, "directs": whom == "dispatcher"}
        tell(uow, ticket, whom, line(uow, ticket, "ticket.report", urgency=URGENT, **said))
    return ticket


def _is_actor(uow: UnitOfWork, ticket: Ticket, whom: str) -> bool:
    person = ticket.technician_id if whom == "assignee" else ticket.dispatcher_id
    return person is not None and person == uow.actor.person_id
