"""Whether the branch takes the work: approved, rejected, silently waiting, or cheap enough to need nobody."""

from core.audit.record import record
from core.errors import Forbidden, Invalid
from core.outbox.notify import URGENT
from core.people.queries import get_person
from core.policies import climbing
from core.tickets import events, writes
from core.tickets.approval_limits import approval_limit
from core.tickets.commands import ApproveTicket, RejectTicket
from core.tickets.policy import rework_minutes
from core.tickets.queries import find_completion, get_completion, get_ticket_by_id, subject_of
from core.tickets.refusals import refusal
from core.tickets.rows import Completion, Ticket
from core.tickets.service_reports import ask_report
from core.tickets.signing import sign, signs_at
from core.tickets.subcategories import get_subcategory
from core.tickets.targets import target, watch_approval, watch_repair
from core.tickets.telling import changed, line, tell, tell_approver, withdraw_alerts
from core.unit_of_work import UnitOfWork

BY_ITSELF = "Below the approval limit."


def ask_approval(uow: UnitOfWork, ticket: Ticket, completion: Completion) -> Ticket:
    """Put it before the store manager and wait; what costs less than the branch's limit is closed at once."""
    if completion.total_cost < approval_limit(uow, ticket.unit_id):
        return _approve_by_itself(uow, ticket, completion)
    watch_approval(uow, ticket)
    tell_approver(uow, ticket, completion)
    return ticket


def _approve_by_itself(uow: UnitOfWork, ticket: Ticket, completion: Completion) -> Ticket:
    uow.first(writes.CLOSE, id_=ticket.id, now=uow.now)
    _write_decision(uow, ticket, "approved", BY_ITSELF, None)
    record(uow, subject_of(ticket), events.TicketApproved("Callboard", completion.total_cost, completion.currency))
    ticket = changed(uow, ticket.id)
    ask_report(uow, ticket)
    tell(uow, ticket, "store_manager", line(uow, ticket, "ticket.approved_by_itself"))
    return ticket


def approve(command: ApproveTicket, uow: UnitOfWork) -> Ticket:
    ticket = _decidable(uow, command)
    if uow.first(writes.CLOSE, id_=ticket.id, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    completion = _decide(uow, ticket, "approved", "")
    cost = completion.total_cost, completion.currency
    record(uow, subject_of(ticket), events.TicketApproved(uow.actor.name, *cost))
    ticket = changed(uow, ticket.id)
    ask_report(uow, ticket)
    if completion.signed_by is None and uow.actor.person_id and signs_at(uow, ticket, uow.actor.person_id):
        return sign(uow, ticket, completion, get_person(uow, uow.actor.person_id), "approval")
    return ticket


def reject(command: RejectTicket, uow: UnitOfWork) -> Ticket:
    ticket = _decidable(uow, command)
    reason = command.reason.strip()
    if not reason:
        raise Invalid(f"Say what is not right: reject {ticket.number} REASON", field="reason")
    subcategory = get_subcategory(uow, ticket.subcategory_id)
    minutes = rework_minutes(subcategory.resolution_minutes[ticket.priority])
    due_at = target(uow, ticket.unit_id, minutes, uow.now)
    if uow.first(writes.SEND_BACK, id_=ticket.id, due_at=due_at, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    _decide(uow, ticket, "rejected", reason)
    watch_repair(uow, ticket, minutes)
    record(uow, subject_of(ticket), events.TicketRejected(uow.actor.name, reason))
    ticket = changed(uow, ticket.id)
    tell(uow, ticket, "assignee", line(uow, ticket, "ticket.rejected", urgency=URGENT, reason=reason))
    return ticket


def check_waits(uow: UnitOfWork, ticket_id: int, completion_id: int | None) -> None:
    """Raises Conflict where nothing waits for approval, or other work than what was looked at: it may cost something else."""
    ticket = get_ticket_by_id(uow, ticket_id)
    if ticket.status != "completed":
        raise refusal(uow, ticket_id)
    waiting = find_completion(uow, ticket_id)
    if completion_id is not None and waiting is not None and waiting.id != completion_id:
        raise refusal(uow, ticket_id, "What you saw is older; look at it first: show {}")


def _decidable(uow: UnitOfWork, command: ApproveTicket | RejectTicket) -> Ticket:
    if command.completion_id is not None:
        check_waits(uow, command.ticket_id, command.completion_id)
    ticket = get_ticket_by_id(uow, command.ticket_id)
    if ticket.technician_id is not None and ticket.technician_id == uow.actor.person_id:
        raise Forbidden(f"{ticket.number} is your own work: somebody else approves it.")
    return ticket


def _decide(uow: UnitOfWork, ticket: Ticket, decision: str, notes: str) -> Completion:
    climbing.stop(uow, subject_of(ticket), "approval")
    withdraw_alerts(uow, ticket)
    return _write_decision(uow, ticket, decision, notes, uow.actor.person_id)


def _write_decision(uow: UnitOfWork, ticket: Ticket, decision: str, notes: str, person_id: int | None) -> Completion:
    decided = uow.one(
        writes.DECIDE, ticket=ticket.id, decision=decision, because=notes, person_id=person_id, now=uow.now
    )
    return get_completion(uow, decided.id)
