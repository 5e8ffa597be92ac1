"""The page of a completed repair: what was done and what it costs, approved or sent back by whoever may."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from core.errors import Conflict, Invalid, NotFound
from core.people.queries import get_unit
from core.statements import Reader
from core.tickets.queries import find_completion, get_completion
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory
from core.unit_of_work import UnitOfWork
from web.api.completions import decide_completion
from web.api.people import Codes
from web.api.ticket_shapes import get_seen, shown_photos
from web.pages.visit import AtForm, AtPage, Visit
from web.session import SignedIn
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

PHOTO_ORDER = ("before", "work", "after")

Seen = Annotated[int, Form(alias="completion", ge=0, lt=10**9)]
Reason = Annotated[str, Form(max_length=2000)]


@router.get("/tickets/{number}")
async def repair(visit: AtPage, number: str) -> Response:
    return await _shown(visit, number)


@router.post("/tickets/{number}/approve")
async def approve(visit: AtForm, number: str, completion_id: Seen = 0) -> Response:
    return await _decide(visit, number, completion_id, "approve")


@router.post("/tickets/{number}/reject")
async def reject(visit: AtForm, number: str, completion_id: Seen = 0, reason: Reason = "") -> Response:
    return await _decide(visit, number, completion_id, "reject", reason)


async def _decide(visit: Visit, number: str, completion_id: int, action: str, reason: str = "") -> Response:
    """About the completion that was on the page: one that came after it is not decided unseen."""

    def work(uow: UnitOfWork) -> str:
        uow.actor = visit.actor
        ticket = _approvable(uow, visit.signed_in, number)
        completion = get_completion(uow, completion_id)
        if completion.ticket_id != ticket.id:
            raise NotFound(f"That is not the work of {ticket.number}.")
        decide_completion(uow, completion, action, reason)
        return ticket.number

    try:
        decided = await visit.web.database.write(work)
    except (Conflict, Invalid) as refused:
        return await _shown(visit, number, refused)
    return RedirectResponse(f"/tickets/{decided}", 303)


def _approvable(reader: Reader, who: SignedIn, number: str) -> Ticket:
    """Raises NotFound for another client's, Forbidden for whoever may not approve it."""
    ticket = get_seen(reader, who.actor, number)
    check_sight(reader, who.actor, "ticket.approve", ticket.unit_id)
    return ticket


async def _shown(visit: Visit, number: str, refused: Conflict | Invalid | None = None) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        ticket = _approvable(reader, visit.signed_in, number)
        said = {"said": ("bad", refused.sentence)} if refused else {}
        return {"title": ticket.number, **_repair(reader, visit.signed_in, ticket), **said}

    return await visit.show("approval.html", facts, refused.status if refused else 200)


def _repair(reader: Reader, who: SignedIn, ticket: Ticket) -> dict[str, Any]:
    names = Codes(reader)
    completion = find_completion(reader, ticket.id)
    photos = shown_photos(reader, completion) if completion else []
    own = ticket.technician_id == who.person.id
    return {
        "ticket": ticket,
        "branch": get_unit(reader, ticket.unit_id),
        "problem": get_subcategory(reader, ticket.subcategory_id).name,
        "completion": completion,
        "done_by": names.name(completion.completed_by) if completion else None,
        "decided_by": (names.name(completion.decided_by) or "Callboard") if completion else None,
        "signed_by": names.name(completion.signed_by) if completion else None,
        "photos": sorted(photos, key=lambda photo: PHOTO_ORDER.index(photo.type)),
        "decidable": completion is not None and completion.approval == "pending" and not own,
        "own": own,
    }
