"""One ticket: what is broken, by when it is repaired, what was done and what it costs, and everything that can be done about it."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from core.actor import Actor
from core.audit.record import list_timeline
from core.errors import Conflict, Invalid
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.people.technicians import list_technicians
from core.statements import Reader
from core.tickets.contacts import contact_of
from core.tickets.policy import PRIORITIES
from core.tickets.queries import find_completion, list_offers, target_of
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory
from web.api.people import Codes
from web.api.ticket_shapes import get_seen, shown_photos
from web.pages.events import told
from web.pages.visit import AtPage, Visit
from web.upcoming import list_upcoming

router = APIRouter(include_in_schema=False)

MOST_OFFERED = 200
PHOTO_ORDER = ("before", "work", "after")
OPEN = ("new", "assigned", "in_progress", "completed")


@router.get("/tickets/{number}")
async def ticket(visit: AtPage, number: str) -> Response:
    return await show_ticket(visit, number)


async def show_ticket(visit: Visit, number: str, refused: Conflict | Invalid | None = None) -> Response:
    """`refused`: what could not be done, said above the page with its status."""

    def facts(reader: Reader) -> dict[str, Any]:
        found = get_seen(reader, visit.actor, number)
        said = {"said": ("bad", refused.sentence)} if refused else {}
        return {"title": found.number, **_repair(reader, visit, found), **_standing(reader, visit, found), **said}

    return await visit.show("ticket.html", facts, refused.status if refused else 200)


def _standing(reader: Reader, visit: Visit, ticket: Ticket) -> dict[str, Any]:
    """Where it stands, what comes next, and who can change that."""
    branch = get_unit(reader, ticket.unit_id)
    names = Codes(reader)
    directs = _may(visit.actor, "ticket.direct", branch.path) and ticket.status in OPEN
    people = list_technicians(reader, get_unit(reader, visit.client_id).path, limit=MOST_OFFERED) if directs else []
    coming = list_upcoming(reader, "ticket", ticket.id, ticket.unit_id, ticket.technician_id, visit.now)
    zone = visit.zone(reader)
    return {
        "branch": branch,
        "contact": contact_of(reader, branch, ticket.created_at.date()),
        "technician": names.name(ticket.technician_id),
        "due_at": target_of(ticket),
        "open": ticket.status in OPEN,
        "priority": PRIORITIES[ticket.priority].capitalize(),
        "priorities": [(place, word.capitalize()) for place, word in enumerate(PRIORITIES)],
        "directs": directs,
        "crew": [(person.id, person.name) for person in people if person.id != ticket.technician_id],
        "offers": [(names.name(one.person_id), one) for one in list_offers(reader, ticket.id)],
        "coming": [step.sentence(zone, visit.now) for step in coming],
        "timeline": [told(event) for event in reversed(list_timeline(reader, "ticket", ticket.id))],
    }


def _repair(reader: Reader, visit: Visit, ticket: Ticket) -> dict[str, Any]:
    """What was done, and whether the visitor may decide on it."""
    names = Codes(reader)
    completion = find_completion(reader, ticket.id)
    photos = shown_photos(reader, completion) if completion else []
    own = ticket.technician_id == visit.person.id
    approves = _may(visit.actor, "ticket.approve", get_unit(reader, ticket.unit_id).path)
    return {
        "ticket": ticket,
        "problem": get_subcategory(reader, ticket.subcategory_id).name,
        "completion": completion,
        "done_by": names.name(completion.completed_by) if completion else None,
        "decided_by": (names.name(completion.decided_by) or "Callboard") if completion else None,
        "signed_by": names.name(completion.signed_by) if completion else None,
        "photos": sorted(photos, key=lambda photo: PHOTO_ORDER.index(photo.type)),
        "decidable": approves and completion is not None and completion.approval == "pending" and not own,
        "own": own,
    }


def _may(actor: Actor, permission: str, path: str) -> bool:
    return actor.covers(path, ROLES_WITH[permission])
