"""The end of a repair: what was done and what it costs, and whether the branch takes it."""

from dataclasses import replace

from core.audit.record import record
from core.errors import Conflict, Forbidden, Invalid
from core.media.queries import get_media
from core.outbox.notify import URGENT
from core.people.queries import get_person
from core.policies import climbing
from core.tickets import events, writes
from core.tickets.commands import AddPhoto, ApproveTicket, CompleteTicket, Photo, RejectTicket
from core.tickets.costs import Costs, costs_of
from core.tickets.policy import resolution_steps, rework_minutes
from core.tickets.queries import find_completion, get_completion, get_ticket_by_id, subject_of
from core.tickets.rates import labour_rate
from core.tickets.refusals import refusal, where_it_stands, worked_by_actor
from core.tickets.rows import Completion, Ticket
from core.tickets.subcategories import get_subcategory
from core.tickets.tables import PHOTO_KINDS
from core.tickets.targets import target, watch
from core.tickets.telling import changed, line, tell, tell_approver, withdraw_alerts
from core.unit_of_work import UnitOfWork


def complete(command: CompleteTicket, uow: UnitOfWork) -> Ticket:
    ticket = worked_by_actor(uow, command.ticket_id)
    if not command.work.strip():
        raise Invalid("What was done? Describe the work in a few words.", field="workDescription")
    if command.labour_rate is None:
        command = replace(command, labour_rate=labour_rate(uow, ticket.client_id))
    costs = costs_of(command.labour_minutes, command.labour_rate or 0, command.parts)
    if uow.first(writes.COMPLETE, id_=ticket.id, seen=ticket.technician_id, now=uow.now) is None:
        raise refusal(uow, ticket.id, "Accept it first: accept {}" if ticket.status == "assigned" else "")
    completion = _write_completion(uow, ticket, command, costs)
    climbing.stop(uow, subject_of(ticket), "resolution")
    withdraw_alerts(uow, ticket)
    technician = get_person(uow, completion.completed_by).name
    record(uow, subject_of(ticket), events.TicketCompleted(technician, costs.total_cost, ticket.currency))
    ticket = changed(uow, ticket.id)
    tell_approver(uow, ticket, completion)
    return ticket


def _write_completion(uow: UnitOfWork, ticket: Ticket, command: CompleteTicket, costs: Costs) -> Completion:
    completion_id = uow.one(
        writes.NEW_COMPLETION,
        ticket_id=ticket.id,
        completed_by=ticket.technician_id,
        completed_at=uow.now,
        work=command.work.strip(),
        labour_minutes=command.labour_minutes,
        labour_rate=command.labour_rate,
        parts=costs.parts,
        parts_cost=costs.parts_cost,
        labour_cost=costs.labour_cost,
        total_cost=costs.total_cost,
        currency=ticket.currency,
        approval="pending",
    ).id
    for photo in command.photos:
        _write_photo(uow, ticket, photo)
    uow.run(writes.ATTACH_PHOTOS, ticket=ticket.id, completion=completion_id)
    return get_completion(uow, completion_id)


def add_photo(command: AddPhoto, uow: UnitOfWork) -> Ticket:
    """A photo that comes after the completion still belongs to it."""
    ticket = worked_by_actor(uow, command.ticket_id)
    if ticket.status not in ("assigned", "in_progress", "completed"):
        raise Conflict(where_it_stands(uow, ticket))
    if _write_photo(uow, ticket, command.photo):
        record(uow, subject_of(ticket), events.PhotoAdded(command.photo.media_id, command.photo.kind))
    completion = find_completion(uow, ticket.id) if ticket.status == "completed" else None
    if completion:
        uow.run(writes.ATTACH_PHOTOS, ticket=ticket.id, completion=completion.id)
    return ticket


def _write_photo(uow: UnitOfWork, ticket: Ticket, photo: Photo) -> bool:
    """False: it was there already."""
    if photo.kind not in PHOTO_KINDS:
        raise Invalid(f"“{photo.kind}” is no kind of photo: use {', '.join(PHOTO_KINDS)}.", field="photos")
    if get_media(uow, photo.media_id).client_id not in (None, ticket.client_id):
        raise Invalid("That photo belongs to another client.", field="photos")
    row = {"media_id": photo.media_id, "kind": photo.kind, "caption": photo.caption.strip()}
    return uow.first(writes.NEW_PHOTO, ticket_id=ticket.id, completion_id=None, **row) is not None


def approve(command: ApproveTicket, uow: UnitOfWork) -> Ticket:
    ticket = _decidable(uow, command.ticket_id)
    if uow.first(writes.CLOSE, id_=ticket.id, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    completion = _decide(uow, ticket, "approved", "")
    cost = completion.total_cost, completion.currency
    record(uow, subject_of(ticket), events.TicketApproved(uow.actor.name, *cost))
    return changed(uow, ticket.id)


def reject(command: RejectTicket, uow: UnitOfWork) -> Ticket:
    ticket = _decidable(uow, command.ticket_id)
    reason = command.reason.strip()
    if not reason:
        raise Invalid(f"Say what is not right: reject {ticket.number} REASON", field="reason")
    subcategory = get_subcategory(uow, ticket.subcategory_id)
    minutes = rework_minutes(subcategory.resolution_minutes[ticket.priority])
    due_at = target(uow, ticket.unit_id, minutes, uow.now)
    if uow.first(writes.SEND_BACK, id_=ticket.id, due_at=due_at, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    _decide(uow, ticket, "rejected", reason)
    watch(uow, ticket, "resolution", resolution_steps(minutes))
    record(uow, subject_of(ticket), events.TicketRejected(uow.actor.name, reason))
    ticket = changed(uow, ticket.id)
    tell(uow, ticket, "assignee", line(uow, ticket, "ticket.rejected", urgency=URGENT, reason=reason))
    return ticket


def _decidable(uow: UnitOfWork, ticket_id: int) -> Ticket:
    ticket = get_ticket_by_id(uow, ticket_id)
    if ticket.technician_id is not None and ticket.technician_id == uow.actor.person_id:
        raise Forbidden(f"{ticket.number} is your own work: somebody else approves it.")
    return ticket


def _decide(uow: UnitOfWork, ticket: Ticket, decision: str, notes: str) -> Completion:
    decided = uow.one(
        writes.DECIDE,
        ticket=ticket.id,
        decision=decision,
        because=notes,
        person_id=uow.actor.person_id,
        now=uow.now,
    )
    return get_completion(uow, decided.id)
