"""The snapshot that a ticket's messages are rendered from, and for whom a copy of its card stands.

An audience is `technician:<person>`, `dispatcher`, `manager` or `approver:<completion>`: buttons go away from the copies
of those it is no longer up to.
"""

from typing import Any

from core.actor import Actor
from core.distance import far
from core.people.permissions import DISPATCHES, MANAGES
from core.people.queries import get_person, get_unit, name_of
from core.people.tables import Unit
from core.statements import Reader
from core.tickets.alike import list_children
from core.tickets.candidates import count_jobs, metres_to
from core.tickets.contacts import contact_of
from core.tickets.policy import PRIORITIES
from core.tickets.queries import find_completion, get_ticket_by_id, list_offers, list_photos, target_of
from core.tickets.rows import Completion, Ticket
from core.tickets.subcategories import get_category, get_subcategory

MOMENTS = (
    "response_promised_at", "response_due_at", "created_at", "assigned_at", "first_response_at", "accepted_at", "arrived_at",
    "completed_at", "closed_at", "cancelled_at",
)  # fmt: skip


def audience_for(reader: Reader, ticket: Ticket, actor: Actor) -> str:
    """For whom a copy is that this actor asks for."""
    path = get_unit(reader, ticket.unit_id).path
    if actor.person_id is not None and actor.person_id == ticket.technician_id:
        return f"technician:{actor.person_id}"
    if ticket.status == "completed" and actor.covers(path, frozenset(MANAGES)):
        completion = find_completion(reader, ticket.id)
        return f"approver:{completion.id}" if completion else "manager"
    return "dispatcher" if actor.covers(path, frozenset(DISPATCHES)) else "manager"


def facts_of(reader: Reader, ticket: Ticket, audience: str = "") -> dict[str, Any]:
    """Everything a message about it may say, as plain values. `by` and `by_id`: who brought about this
    state, where known; `was`: the priority before, when that is what changed."""
    unit = get_unit(reader, ticket.unit_id)
    subcategory = get_subcategory(reader, ticket.subcategory_id)
    completion = find_completion(reader, ticket.id)
    contact = contact_of(reader, unit, ticket.created_at.date())
    return {
        "audience": audience,
        "reference": ticket.number,
        "external_id": ticket.external_id,
        "status": ticket.status,
        "priority": PRIORITIES[ticket.priority],
        "category": get_category(reader, subcategory.category_id).name,
        "subcategory": subcategory.name,
        "description": ticket.description,
        "branch": unit.name,
        "branch_code": unit.code,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "latitude": unit.latitude,
        "longitude": unit.longitude,
        "technician": name_of(reader, ticket.technician_id),
        "technician_id": ticket.technician_id,
        "arrival_distance": ticket.arrival_distance,
        "expected_at": ticket.expected_at,
        "offer": _offer_facts(reader, ticket, unit, subcategory.skill),
        "dispatcher": name_of(reader, ticket.dispatcher_id),
        **{name: getattr(ticket, name) for name in MOMENTS},
        "resolution_due_at": target_of(ticket),
        "rework": ticket.rework_due_at is not None,
        "cancel_reason": ticket.cancel_reason,
        "completion": _completion_facts(reader, completion) if completion else None,
        "by": None,
        "by_id": None,
        "was": None,
        **_family_facts(reader, ticket, unit),
    }


def _offer_facts(reader: Reader, ticket: Ticket, branch: Unit, skill: str) -> dict[str, Any] | None:
    """What speaks for the one it is offered to: why they are next, how far they are, what they know, what else they have."""
    if ticket.status != "assigned" or ticket.technician_id is None or ticket.assigned_at is None:
        return None
    person = get_person(reader, ticket.technician_id)
    metres = metres_to(branch, person, ticket.assigned_at)
    return {
        "because": list_offers(reader, ticket.id)[-1].because,
        "distance": None if metres is None else far(metres),
        "skill": skill,
        "skilled": skill in person.skills,
        "jobs": count_jobs(reader, person.id) - 1,
    }


def _family_facts(reader: Reader, ticket: Ticket, branch: Unit) -> dict[str, Any]:
    """`parent`: the reference of the first ticket about the same fault in the area; `children`: those it is the first of."""
    if ticket.parent_id is not None:
        return {"parent": get_ticket_by_id(reader, ticket.parent_id).number, "children": [], "area": ""}
    children = [
        {"reference": one.number, "branch": one.branch, "status": one.status, "priority": one.priority}
        | {"technician": one.technician}
        for one in list_children(reader, ticket.id)
    ]
    area = get_unit(reader, branch.parent_id).name if children and branch.parent_id else ""
    return {"parent": None, "children": children, "area": area}


def _completion_facts(reader: Reader, completion: Completion) -> dict[str, Any]:
    photos = [photo for photo in list_photos(reader, completion.ticket_id) if photo.completion_id == completion.id]
    return {
        "id": completion.id,
        "by": name_of(reader, completion.completed_by),
        "work": completion.work,
        "labour_minutes": completion.labour_minutes,
        "labour_rate": completion.labour_rate,
        "labour_cost": completion.labour_cost,
        "parts": completion.parts,
        "parts_cost": completion.parts_cost,
        "total_cost": completion.total_cost,
        "currency": completion.currency,
        "photo_count": len(photos),
        "approval": completion.approval,
        "notes": completion.notes,
        "decided_by": name_of(reader, completion.decided_by),
        "decided_at": completion.decided_at,
        "signed_by": name_of(reader, completion.signed_by),
        "signed_at": completion.signed_at,
    }
