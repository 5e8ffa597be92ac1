"""A completed repair is approved or sent back on its page, by whoever may."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from core.errors import Conflict, Invalid, NotFound
from core.statements import Reader
from core.tickets.queries import get_completion
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork
from web.api.completions import decide_completion
from web.api.ticket_shapes import get_seen
from web.pages.ticket import show_ticket
from web.pages.visit import AtForm, Visit
from web.session import SignedIn
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

Seen = Annotated[int, Form(alias="completion", ge=0, lt=10**9)]
Reason = Annotated[str, Form(max_length=2000)]


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
        return await show_ticket(visit, number, refused)
    return RedirectResponse(f"/tickets/{decided}", 303)


def _approvable(reader: Reader, who: SignedIn, number: str) -> Ticket:
    """Raises NotFound for another client's, Forbidden for whoever may not approve it."""
    ticket = get_seen(reader, who.actor, number)
    check_sight(reader, who.actor, "ticket.approve", ticket.unit_id)
    return ticket
