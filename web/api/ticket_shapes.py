"""Tickets and completions in JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from babel.numbers import get_currency_precision

from core.actor import Actor
from core.errors import NotFound
from core.media.queries import get_media
from core.people.queries import get_unit
from core.statements import Reader
from core.tickets.alike import list_children
from core.tickets.contacts import contact_of
from core.tickets.policy import PRIORITIES
from core.tickets.queries import BY_NUMBER, find_completion, get_ticket_by_id, list_offers, list_photos, target_of
from core.tickets.rows import Completion, Ticket
from core.tickets.subcategories import get_category, get_subcategory
from web.api.json import Amount, Out
from web.api.people import Codes
from web.sight import check_sight

PHOTO_CHANNEL = "web"


class BranchOut(Out):
    id: str
    name: str


class NamedOut(Out):
    id: str
    name: str


class TechnicianBrief(Out):
    id: str
    name: str
    phone: str


class PartOut(Out):
    name: str
    quantity: Amount
    unit_cost: Amount
    total: Amount


class PhotoOut(Out):
    """`url`: with a token or a session, once it is stored; what was given by a link keeps that."""

    id: str
    url: str
    type: str
    caption: str
    state: Literal["pending", "stored", "failed"]


class CompletionOut(Out):
    """Costs in units of `currency`, with its decimals."""

    id: str
    ticket_id: str
    completed_by: str
    completed_at: datetime
    work_description: str
    labor_hours: Amount
    labor_cost_per_hour: Amount
    parts_used: list[PartOut]
    parts_cost: Amount
    labor_cost: Amount
    total_cost: Amount
    currency: str
    photos: list[PhotoOut]
    signed_by: str | None
    signed_at: datetime | None
    approval_status: Literal["PENDING", "APPROVED", "REJECTED"]
    approval_notes: str
    approved_by: str | None
    approved_at: datetime | None


class SignatureOut(Out):
    """`by`: who signed; while nobody has, who was shown the code. `tries_left` after a wrong one."""

    signed: bool
    by: str | None
    tries_left: int = 0


class OfferOut(Out):
    """`because`: why it was this technician's turn. `outcome`: offered, accepted, declined (with the reason), missed, withdrawn."""

    technician_id: str
    technician_name: str
    because: str
    offered_at: datetime
    due_at: datetime
    outcome: str
    reason: str
    settled_at: datetime | None


class TicketOut(Out):
    id: str
    ticket_number: str
    external_id: str | None
    parent_id: str | None
    child_ids: list[str]
    branch: BranchOut
    category: NamedOut
    subcategory: NamedOut
    contact_name: str
    contact_role: str
    contact_phone: str
    description: str
    status: Literal["NEW", "ASSIGNED", "IN_PROGRESS", "COMPLETED", "CLOSED", "CANCELLED"]
    priority: Literal["CRITICAL", "HIGH", "NORMAL", "LOW"]
    assigned_technician: TechnicianBrief | None
    dispatcher_id: str | None
    created_at: datetime
    assigned_at: datetime | None
    first_response_at: datetime | None
    arrived_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    response_due_at: datetime
    resolution_due_at: datetime
    completion: CompletionOut | None
    report_url: str | None


class TicketInFull(TicketOut):
    """`offers`: to whom it was offered, in that order."""

    offers: list[OfferOut]


class OpenedOut(TicketOut):
    """`joined`: the report was added to this ticket, which was open already. `possibleDuplicateOf`: the ticket that was open for
    the same fault at the same branch when this one was opened."""

    joined: bool = False
    possible_duplicate_of: str | None = None


def get_seen(reader: Reader, actor: Actor, number: str) -> Ticket:
    """Raises NotFound for what is not there or another client's, Forbidden outside the actor's places."""
    ticket = reader.first(BY_NUMBER, client_id=actor.client_id, number=number.upper())
    if ticket is None:
        raise NotFound(f"There is no ticket {number}.")
    if ticket.technician_id is None or ticket.technician_id != actor.person_id:
        check_sight(reader, actor, "ticket.read", ticket.unit_id)
    return ticket


def shown(reader: Reader, ticket: Ticket) -> TicketOut:
    codes = Codes(reader)
    branch = get_unit(reader, ticket.unit_id)
    subcategory = get_subcategory(reader, ticket.subcategory_id)
    category = get_category(reader, subcategory.category_id)
    completion = find_completion(reader, ticket.id)
    contact = contact_of(reader, branch, ticket.created_at.date())
    return TicketOut(
        id=ticket.number,
        ticket_number=ticket.number,
        external_id=ticket.external_id,
        parent_id=get_ticket_by_id(reader, ticket.parent_id).number if ticket.parent_id else None,
        child_ids=[] if ticket.parent_id else [one.number for one in list_children(reader, ticket.id)],
        branch=BranchOut(id=branch.code, name=branch.name),
        category=NamedOut(id=str(category.id), name=category.name),
        subcategory=NamedOut(id=str(subcategory.id), name=subcategory.name),
        contact_name=contact.name,
        contact_role=contact.role,
        contact_phone=contact.phone,
        description=ticket.description,
        status=ticket.status.upper(),
        priority=PRIORITIES[ticket.priority],
        assigned_technician=_technician(codes, ticket.technician_id),
        dispatcher_id=codes.code(ticket.dispatcher_id),
        created_at=ticket.created_at,
        assigned_at=ticket.assigned_at,
        first_response_at=ticket.first_response_at,
        arrived_at=ticket.arrived_at,
        completed_at=ticket.completed_at,
        closed_at=ticket.closed_at,
        cancelled_at=ticket.cancelled_at,
        cancel_reason=ticket.cancel_reason,
        response_due_at=ticket.response_due_at,
        resolution_due_at=target_of(ticket),
        completion=shown_completion(reader, completion, codes) if completion else None,
        report_url=f"/api/tickets/{ticket.number}/report" if ticket.status == "closed" else None,
    )


def shown_in_full(reader: Reader, ticket: Ticket) -> TicketInFull:
    codes = Codes(reader)
    offers = [
        OfferOut(
            technician_id=codes.person(offer.person_id).code,
            technician_name=codes.person(offer.person_id).name,
            because=offer.because,
            offered_at=offer.offered_at,
            due_at=offer.due_at,
            outcome=offer.outcome,
            reason=offer.reason,
            settled_at=offer.settled_at,
        )
        for offer in list_offers(reader, ticket.id)
    ]
    return TicketInFull(**dict(shown(reader, ticket)), offers=offers)


def _technician(codes: Codes, person_id: int | None) -> TechnicianBrief | None:
    if person_id is None:
        return None
    person = codes.person(person_id)
    return TechnicianBrief(id=person.code, name=person.name, phone=person.phone)


def shown_completion(reader: Reader, completion: Completion, codes: Codes) -> CompletionOut:
    currency = completion.currency
    return CompletionOut(
        id=str(completion.id),
        ticket_id=get_ticket_by_id(reader, completion.ticket_id).number,
        completed_by=codes.person(completion.completed_by).code,
        completed_at=completion.completed_at,
        work_description=completion.work,
        labor_hours=Decimal(completion.labour_minutes) / 60,
        labor_cost_per_hour=major(completion.labour_rate, currency),
        parts_used=[
            PartOut(
                name=part["name"],
                quantity=Decimal(part["quantity"]),
                unit_cost=major(part["unit_cost"], currency),
                total=major(part["total"], currency),
            )
            for part in completion.parts
        ],
        parts_cost=major(completion.parts_cost, currency),
        labor_cost=major(completion.labour_cost, currency),
        total_cost=major(completion.total_cost, currency),
        currency=currency,
        photos=shown_photos(reader, completion),
        signed_by=codes.code(completion.signed_by),
        signed_at=completion.signed_at,
        approval_status=completion.approval.upper(),
        approval_notes=completion.notes,
        approved_by=codes.code(completion.decided_by),
        approved_at=completion.decided_at,
    )


def shown_photos(reader: Reader, completion: Completion) -> list[PhotoOut]:
    number = get_ticket_by_id(reader, completion.ticket_id).number
    shown = []
    for photo in list_photos(reader, completion.ticket_id):
        if photo.completion_id == completion.id:
            media = get_media(reader, photo.media_id)
            by_link = media.channel == PHOTO_CHANNEL and media.file_id.startswith("http")
            url = media.file_id if by_link else photo_url(number, photo.id)
            shown.append(PhotoOut(id=str(photo.id), url=url, type=photo.kind, caption=photo.caption, state=media.state))
    return shown


def photo_url(number: str, photo_id: int) -> str:
    return f"/api/tickets/{number}/photos/{photo_id}"


def major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-get_currency_precision(currency))
