"""/api/completions and what leads to one: work done, signed, approved or sent back."""

from decimal import ROUND_HALF_UP

from fastapi import APIRouter, Response

from core.errors import Conflict, NotFound
from core.executor import execute
from core.media.inbox import Handle, remember
from core.statements import Reader
from core.tickets.commands import (
    ApproveTicket,
    AskSignature,
    CompleteTicket,
    EnterSignature,
    Photo,
    RejectTicket,
    SignTicket,
)
from core.tickets.queries import find_completion, get_completion, get_ticket_by_id
from core.tickets.rows import Completion, Ticket
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.people import Codes, person_by_code
from web.api.ticket_requests import PHOTO_TYPES, Complete, Decide, PhotoTaken, SignatureGiven, minor, part_of
from web.api.ticket_shapes import PHOTO_CHANNEL, CompletionOut, SignatureOut, get_seen, shown_completion
from web.sight import check_sight

router = APIRouter(prefix="/api", tags=["tickets"])


@router.post("/tickets/{number}/complete", response_model=CompletionOut)
async def complete(desk: AtDesk, number: str, asked: Complete) -> Response:
    """The answer is the completion, with what it costs."""

    def work(uow: UnitOfWork) -> tuple[int, CompletionOut]:
        ticket = get_seen(uow, desk.actor, number)
        _check_worker(uow, ticket, asked)
        rate = asked.labor_cost_per_hour
        command = CompleteTicket(
            ticket.id,
            asked.work_description,
            int((asked.labor_hours * 60).to_integral_value(ROUND_HALF_UP)),
            tuple(part_of(part, place, ticket.currency) for place, part in enumerate(asked.parts_used)),
            None if rate is None else minor(rate, ticket.currency, "laborCostPerHour"),
            tuple(_photo(uow, ticket, photo) for photo in asked.photos),
        )
        execute(command, uow)
        completion = find_completion(uow, ticket.id)
        assert completion is not None
        return 200, shown_completion(uow, completion, Codes(uow))

    return await desk.post(work)


def _check_worker(reader: Reader, ticket: Ticket, asked: Complete) -> None:
    """The technician who has it did the work; another name is a mistake that must not be swallowed."""
    if not asked.completed_by:
        return
    person = person_by_code(reader, ticket.client_id, asked.completed_by, "completedBy")
    if person.id != ticket.technician_id:
        name = Codes(reader).name(ticket.technician_id) or "nobody yet"
        raise Conflict(f"{ticket.number} is with {name}, not with {person.name}.", field="completedBy")


def _photo(uow: UnitOfWork, ticket: Ticket, photo: PhotoTaken) -> Photo:
    media_id = remember(uow, PHOTO_CHANNEL, "default", Handle("photo", photo.url), ticket.client_id)
    return Photo(media_id, PHOTO_TYPES.get(photo.type.lower(), "work"), photo.caption)


@router.post("/completions/{completion_id}/ask-signature", status_code=202, response_model=SignatureOut)
async def ask_signature(desk: AtDesk, completion_id: str) -> Response:
    """Shows the store manager a code of six digits in their own chat."""

    def work(uow: UnitOfWork) -> tuple[int, SignatureOut]:
        completion = _completion(uow, desk, completion_id)
        manager = execute(AskSignature(completion.ticket_id), uow)
        return 202, SignatureOut(signed=False, by=manager.code)

    return await desk.post(work)


@router.post("/completions/{completion_id}/sign", response_model=SignatureOut)
async def sign(desk: AtDesk, completion_id: str, asked: SignatureGiven | None = None) -> Response:
    """With the code, for the technician; without, for the store manager whose token it is. A wrong code is `signed: false`."""

    def work(uow: UnitOfWork) -> tuple[int, SignatureOut]:
        completion = _completion(uow, desk, completion_id)
        if asked and asked.code:
            signed = execute(EnterSignature(completion.ticket_id, asked.code), uow)
            by = get_completion(uow, completion.id).signed_by
            return 200, SignatureOut(signed=bool(signed.by), by=Codes(uow).code(by), tries_left=signed.tries_left)
        execute(SignTicket(completion.ticket_id), uow)
        return 200, SignatureOut(signed=True, by=Codes(uow).code(desk.actor.person_id))

    return await desk.post(work)


@router.get("/completions/{completion_id}")
async def get_completed(desk: AtDesk, completion_id: str) -> CompletionOut:
    return await desk.read(
        lambda reader: shown_completion(reader, _completion(reader, desk, completion_id), Codes(reader))
    )


@router.post("/completions/{completion_id}/approve", response_model=CompletionOut)
async def decide(desk: AtDesk, completion_id: str, asked: Decide) -> Response:
    """Approve closes the ticket; reject sends the technician back and needs a reason."""

    def work(uow: UnitOfWork) -> tuple[int, CompletionOut]:
        completion = _completion(uow, desk, completion_id)
        decide_completion(uow, completion, asked.action, asked.reason)
        return 200, shown_completion(uow, get_completion(uow, completion.id), Codes(uow))

    return await desk.post(work)


def decide_completion(uow: UnitOfWork, completion: Completion, action: str, reason: str) -> None:
    """Raises Conflict that says who was first, Invalid for a rejection without a reason."""
    if completion.approval != "pending":
        by = Codes(uow).name(completion.decided_by) or "Callboard"
        raise Conflict(f"{by} {completion.approval} this work at {completion.decided_at:%Y-%m-%d %H:%M} UTC.")
    if action == "reject":
        execute(RejectTicket(completion.ticket_id, reason, completion.id), uow)
    else:
        execute(ApproveTicket(completion.ticket_id, completion.id), uow)


def _completion(reader: Reader, desk: Desk, completion_id: str) -> Completion:
    missing = NotFound(f"There is no completion “{completion_id}”.")
    if not (completion_id.isascii() and completion_id.isdigit() and len(completion_id) < 10):
        raise missing
    try:
        completion = get_completion(reader, int(completion_id))
    except NotFound:
        raise missing from None
    ticket = get_ticket_by_id(reader, completion.ticket_id)
    if ticket.client_id != desk.client_id:
        raise missing
    check_sight(reader, desk.actor, "ticket.read", ticket.unit_id)
    return completion
