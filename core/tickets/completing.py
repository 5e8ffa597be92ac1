"""The end of a repair: what was done, what it costs, and the photos of it."""

from dataclasses import replace
from datetime import timedelta

from core.audit.record import record
from core.errors import Conflict, Invalid
from core.media.queries import get_media
from core.people.queries import get_person
from core.policies import climbing
from core.tickets import events, writes
from core.tickets.approving import ask_approval
from core.tickets.commands import AddPhoto, CompleteTicket, Photo
from core.tickets.costs import Costs, costs_of
from core.tickets.queries import find_completion, get_completion, subject_of
from core.tickets.rates import labour_rate
from core.tickets.refusals import refusal, where_it_stands, worked_by_actor
from core.tickets.rows import Completion, Ticket
from core.tickets.service_reports import ask_report
from core.tickets.tables import PHOTO_KINDS
from core.tickets.telling import changed, withdraw_alerts
from core.unit_of_work import UnitOfWork

TAKEN_AFTERWARDS = timedelta(days=7)


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
    return ask_approval(uow, changed(uow, ticket.id), completion)


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
    """A photo that comes after the completion still belongs to it, for a few days even when that is approved."""
    ticket = worked_by_actor(uow, command.ticket_id)
    late = ticket.closed_at is not None and uow.now - ticket.closed_at > TAKEN_AFTERWARDS
    if ticket.status not in ("assigned", "in_progress", "completed", "closed") or late:
        raise Conflict(where_it_stands(uow, ticket))
    if not _write_photo(uow, ticket, command.photo):
        return ticket
    record(uow, subject_of(ticket), events.PhotoAdded(command.photo.media_id, command.photo.kind))
    completion = find_completion(uow, ticket.id) if ticket.status in ("completed", "closed") else None
    if completion is None:
        return ticket
    uow.run(writes.ATTACH_PHOTOS, ticket=ticket.id, completion=completion.id)
    if ticket.status == "closed":
        ask_report(uow, ticket)
    return changed(uow, ticket.id)


def _write_photo(uow: UnitOfWork, ticket: Ticket, photo: Photo) -> bool:
    """False: it was there already."""
    if photo.kind not in PHOTO_KINDS:
        raise Invalid(f"“{photo.kind}” is no kind of photo: use {', '.join(PHOTO_KINDS)}.", field="photos")
    if get_media(uow, photo.media_id).client_id not in (None, ticket.client_id):
        raise Invalid("That photo belongs to another client.", field="photos")
    row = {"media_id": photo.media_id, "kind": photo.kind, "caption": photo.caption.strip()}
    return uow.first(writes.NEW_PHOTO, ticket_id=ticket.id, completion_id=None, **row) is not None
