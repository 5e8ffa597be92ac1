"""What only those do who direct technicians: give a ticket to somebody else, change how urgent it is, call it off.

What is done to the first ticket of a fault that many branches share is done to the others as well, as far as it makes sense there:
docs/decisions/0019-the-first-ticket-is-the-parent.md.
"""

from datetime import datetime

from core.audit.record import record
from core.errors import Conflict, Invalid
from core.outbox.notify import URGENT, tell_person
from core.people.leaves import list_leaves
from core.people.queries import actor_for, get_person
from core.people.tables import Person
from core.policies import climbing
from core.tickets import events, writes
from core.tickets.alike import list_children
from core.tickets.commands import CancelTicket, ChangePriority, ReassignTicket
from core.tickets.offering import end_offer, put_before
from core.tickets.policy import (
    PRIORITIES,
    check_priority,
    rework_minutes,
)
from core.tickets.queries import find_completion, get_ticket_by_id, subject_of, target_of
from core.tickets.refusals import directs, refusal, where_it_stands
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory
from core.tickets.tables import UNBEGUN, UNREPAIRED
from core.tickets.targets import minutes_left, target, watch_alone, watch_offer, watch_repair
from core.tickets.telling import changed, line, offer_to, tell, withdraw_alerts
from core.unit_of_work import UnitOfWork


def reassign(command: ReassignTicket, uow: UnitOfWork) -> Ticket:
    ticket = get_ticket_by_id(uow, command.ticket_id)
    person = _technician_at_work(uow, ticket, command.person_id)
    if ticket.technician_id == person.id and ticket.status in UNREPAIRED:
        raise Conflict(where_it_stands(uow, ticket))
    done = _reassign(uow, ticket, person)
    for child in _children_in(uow, ticket, UNBEGUN):
        if child.technician_id != person.id:
            _reassign(uow, child, person)
    return done


def _reassign(uow: UnitOfWork, ticket: Ticket, person: Person) -> Ticket:
    before = get_person(uow, ticket.technician_id) if ticket.technician_id else None
    put_before(uow, ticket, person, "chosen")
    withdraw_alerts(uow, ticket)
    record(uow, subject_of(ticket), events.TicketReassigned(person.name, before.name if before else None))
    ticket = changed(uow, ticket.id)
    offer_to(uow, ticket, person)
    if before:
        tell_person(uow, before.id, line(uow, ticket, "ticket.reassigned"))
    return ticket


def _technician_at_work(uow: UnitOfWork, ticket: Ticket, person_id: int) -> Person:
    person = get_person(uow, person_id)
    if person.client_id != ticket.client_id or not actor_for(uow, person, "", uow.now).has_role("technician"):
        raise Invalid(f"{person.name} is no technician here.", field="assignedTechnicianId")
    if person.status != "active":
        raise Invalid(f"{person.name} is {person.status.replace('_', ' ')}.", field="assignedTechnicianId")
    leave = next((one for one in list_leaves(uow, person.id, uow.now.date()) if one.from_on <= uow.now.date()), None)
    if leave:
        raise Invalid(f"{person.name} is on leave until {leave.until_on}.", field="assignedTechnicianId")
    return person


def cancel(command: CancelTicket, uow: UnitOfWork) -> Ticket:
    ticket = get_ticket_by_id(uow, command.ticket_id)
    reason = command.reason.strip()
    if not reason:
        raise Invalid(f"Say why {ticket.number} is cancelled.", field="reason")
    done = _cancel(uow, ticket, reason)
    for child in _children_in(uow, ticket, UNBEGUN):
        _cancel(uow, child, reason)
    return done


def _cancel(uow: UnitOfWork, ticket: Ticket, reason: str) -> Ticket:
    if uow.first(writes.CANCEL, id_=ticket.id, reason=reason, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    end_offer(uow, ticket, "withdrawn")
    for purpose in ("response", "resolution"):
        climbing.stop(uow, subject_of(ticket), purpose)
    withdraw_alerts(uow, ticket)
    record(uow, subject_of(ticket), events.TicketCancelled(uow.actor.name, reason))
    ticket = changed(uow, ticket.id)
    tell(uow, ticket, "assignee", line(uow, ticket, "ticket.cancelled", urgency=URGENT))
    tell(uow, ticket, "store_manager", line(uow, ticket, "ticket.cancelled"))
    return ticket


def _children_in(uow: UnitOfWork, parent: Ticket, statuses: tuple[str, ...]) -> list[Ticket]:
    """Those in these states at branches that the actor directs."""
    found = [get_ticket_by_id(uow, one.id) for one in list_children(uow, parent.id) if one.status in statuses]
    return [ticket for ticket in found if uow.actor.kind == "system" or directs(uow, ticket)]


def change_priority(command: ChangePriority, uow: UnitOfWork) -> Ticket:
    """The targets move with it: see docs/decisions/0016-targets-follow-the-priority.md."""
    ticket = get_ticket_by_id(uow, command.ticket_id)
    check_priority(command.priority)
    if command.priority == ticket.priority and ticket.status in UNREPAIRED:
        raise Conflict(f"{ticket.number} is {PRIORITIES[ticket.priority]} already. {where_it_stands(uow, ticket)}")
    done = _change_priority(uow, ticket, command.priority)
    for child in _children_in(uow, ticket, UNREPAIRED):
        if child.priority != command.priority:
            _change_priority(uow, child, command.priority)
    return done


def _change_priority(uow: UnitOfWork, ticket: Ticket, priority: int) -> Ticket:
    was, now = PRIORITIES[ticket.priority], PRIORITIES[priority]
    targets = _moved_targets(uow, ticket, priority)
    seen = {"id_": ticket.id, "seen_priority": ticket.priority, "now": uow.now}
    if uow.first(writes.CHANGE_PRIORITY, **seen, priority=priority, **targets) is None:
        raise refusal(uow, ticket.id)
    uow.run(writes.MOVE_OFFER, ticket=ticket.id, due_at=targets["response_due_at"])
    record(uow, subject_of(ticket), events.TicketPriorityChanged(uow.actor.name, was, now))
    _watch_again(uow, ticket, get_ticket_by_id(uow, ticket.id))
    ticket = changed(uow, ticket.id, was=was)
    tell(uow, ticket, "assignee", line(uow, ticket, "ticket.priority", urgency=URGENT, was=was))
    return ticket


def _moved_targets(uow: UnitOfWork, ticket: Ticket, priority: int) -> dict[str, datetime | None]:
    """What became more urgent has its new minutes from now on, and never more time than before; what became less urgent is
    treated as if it had been opened (or offered, or sent back) like that."""

    def moved(due_at: datetime, since: datetime, minutes: int) -> datetime:
        if priority < ticket.priority:
            return min(due_at, target(uow, ticket.unit_id, minutes, uow.now))
        return target(uow, ticket.unit_id, minutes, since)

    subcategory = get_subcategory(uow, ticket.subcategory_id)
    response, resolution = subcategory.response_minutes[priority], subcategory.resolution_minutes[priority]
    opened, offered = ticket.created_at, ticket.assigned_at or ticket.created_at
    answered, sent_back = ticket.first_response_at is not None, find_completion(uow, ticket.id)
    rework = ticket.rework_due_at
    if rework and sent_back and sent_back.decided_at:
        rework = moved(rework, sent_back.decided_at, rework_minutes(resolution))
    return {
        "response_promised_at": ticket.response_promised_at
        if answered
        else moved(ticket.response_promised_at, opened, response),
        "response_due_at": moved(ticket.response_due_at, offered, response),
        "resolution_due_at": moved(ticket.resolution_due_at, opened, resolution),
        "rework_due_at": rework,
    }


def _watch_again(uow: UnitOfWork, before: Ticket, ticket: Ticket) -> None:
    """The climbs follow the targets; what is late already goes on as it was, so that nobody is told twice."""
    minutes = get_subcategory(uow, ticket.subcategory_id).response_minutes[ticket.priority]
    if target_of(ticket) > uow.now:
        left = minutes_left(uow, ticket.unit_id, target_of(ticket), uow.now)
        watch_repair(uow, ticket, left)
    if ticket.status == "assigned" and ticket.response_due_at > uow.now:
        left = minutes_left(uow, ticket.unit_id, ticket.response_due_at, uow.now)
        watch_offer(uow, ticket, left)
    if ticket.status == "new" and ticket.priority < before.priority:
        told = sum(
            climb.position for climb in climbing.list_running(uow, "ticket", ticket.id) if climb.purpose == "response"
        )
        watch_alone(uow, ticket, minutes, told)
