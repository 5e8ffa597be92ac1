"""/api/tickets and /api/completions: opened, offered, worked on, approved."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from core.errors import Invalid, NotFound
from core.executor import execute
from core.people.tables import Unit
from core.statements import Reader
from core.tickets.alike import find_open_alike
from core.tickets.commands import (
    AcceptTicket,
    AddReport,
    ApproveTicket,
    ArriveTicket,
    CancelTicket,
    ChangePriority,
    DeclineTicket,
    OpenTicket,
    ReassignTicket,
)
from core.tickets.listing import WAITING, Filters, list_tickets
from core.tickets.policy import parse_priority
from core.tickets.queries import get_ticket_by_id
from core.tickets.rows import Subcategory, Ticket
from core.tickets.subcategories import find_category, list_subcategories
from core.tickets.tables import STATES
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Page, one_of
from web.api.people import person_by_code
from web.api.ticket_requests import (
    Arrive,
    Change,
    Narrow,
    Open,
    Reason,
)
from web.api.ticket_shapes import (
    OpenedOut,
    TicketInFull,
    TicketOut,
    get_seen,
    shown,
    shown_in_full,
)
from web.api.tickets_ahead import look_ahead
from web.paging import cursor_of, read_cursor
from web.sight import narrowed, unit_by_code

router = APIRouter(prefix="/api", tags=["tickets"])


@router.get("/tickets")
async def list_all(desk: AtDesk, asked: Annotated[Narrow, Query()]) -> Page[TicketOut]:
    """The newest first. `status`: one, several with commas, or OPEN for all that is neither closed nor cancelled; `overdue`: only
    what is late, the answer or the repair."""
    statuses = _statuses(asked.status)
    urgency = parse_priority(asked.priority) if asked.priority else -1
    place = read_cursor(asked.cursor, int)

    def query(reader: Reader) -> Page[TicketOut]:
        technician = asked.technician_id
        who = person_by_code(reader, desk.client_id, technician, "technicianId").id if technician else 0
        own = 0 if asked.branch_id else desk.actor.person_id or 0
        paths = tuple(narrowed(reader, desk.actor, "ticket.read", asked.branch_id, "branchId"))
        before = place[0] if place else 0
        filters = Filters(desk.client_id, paths, statuses, own, who, urgency, asked.overdue, before)
        rows = list_tickets(reader, filters, desk.web.clock.now(), limit=asked.limit + 1)
        following = cursor_of(rows[asked.limit - 1].id) if len(rows) > asked.limit else None
        look_ahead(reader, rows[: asked.limit])
        return Page(items=[shown(reader, row) for row in rows[: asked.limit]], next_cursor=following)

    return await desk.read(query)


def _statuses(said: str | None) -> tuple[str, ...]:
    words = [word.strip() for word in (said or "").split(",") if word.strip()]
    if [word.lower() for word in words] == ["open"]:
        return WAITING
    return tuple(sorted({one_of(word, STATES, "status") for word in words}))


@router.post("/tickets", status_code=201, response_model=OpenedOut, responses={200: {"model": OpenedOut}})
async def open_ticket(desk: AtDesk, asked: Open) -> Response:
    """200 with the ticket that is open for the same fault, when `joinDuplicate` says so and there is one."""

    def work(uow: UnitOfWork) -> tuple[int, OpenedOut]:
        branch = unit_by_code(uow, desk.actor, asked.branch_id, "branchId")
        command = _opening(uow, branch, asked)
        known = find_open_alike(uow, branch, command.subcategory_id)
        if known and asked.join_duplicate:
            execute(AddReport(known.id, asked.description, command.priority, asked.external_id), uow)
            return 200, _opened(shown(uow, known), joined=True)
        ticket = shown(uow, execute(command, uow))
        return 201, _opened(ticket, possible_duplicate_of=known.number if known else None)

    return await desk.post(work)


def _opening(uow: UnitOfWork, branch: Unit, asked: Open) -> OpenTicket:
    dispatcher = asked.dispatcher_id
    return OpenTicket(
        branch.id,
        _subcategory(uow, branch.client_id, asked).id,
        parse_priority(str(asked.priority)),
        asked.description,
        asked.external_id,
        person_by_code(uow, branch.client_id, dispatcher, "dispatcherId").id if dispatcher else None,
    )


def _opened(ticket: TicketOut, **more: Any) -> OpenedOut:
    return OpenedOut(**ticket.__dict__, **more)


def _subcategory(reader: Reader, client_id: int, asked: Open) -> Subcategory:
    """By its opaque id; its code is understood as well. It must belong to the category, if one is named."""
    wanted = str(asked.subcategory_id).lower()
    known = list_subcategories(reader, client_id, retired=True)
    found = next((row for row in known if wanted in (str(row.id), row.code)), None)
    if found is None:
        raise NotFound(f"There is no subcategory “{asked.subcategory_id}”.", field="subcategoryId")
    if asked.category_id is not None:
        named = find_category(reader, client_id, str(asked.category_id))
        if str(asked.category_id) != str(found.category_id) and (named is None or named.id != found.category_id):
            raise Invalid(f"{found.name} does not belong to category “{asked.category_id}”.", field="categoryId")
    return found


@router.get("/tickets/{number}")
async def get_one(desk: AtDesk, number: str) -> TicketInFull:
    return await desk.read(lambda reader: shown_in_full(reader, get_seen(reader, desk.actor, number)))


@router.patch("/tickets/{number}")
async def change(desk: AtDesk, number: str, asked: Change) -> TicketOut:
    """Another technician, another priority (the targets move with it), or the status that an answer would bring about:
    IN_PROGRESS accepts, CLOSED approves."""

    def work(uow: UnitOfWork) -> TicketOut:
        ticket = get_seen(uow, desk.actor, number)
        return shown(uow, execute(_change(uow, desk, ticket, asked), uow))

    return await desk.do(work)


def _change(uow: UnitOfWork, desk: Desk, ticket: Ticket, asked: Change) -> Any:
    if [asked.status, asked.assigned_technician_id, asked.priority].count(None) != 2:
        raise Invalid("Give one of “status”, “assignedTechnicianId” and “priority”.", field="status")
    if asked.priority is not None:
        return ChangePriority(ticket.id, parse_priority(str(asked.priority)))
    if asked.assigned_technician_id:
        person = person_by_code(uow, desk.client_id, asked.assigned_technician_id, "assignedTechnicianId")
        return ReassignTicket(ticket.id, person.id)
    status = one_of(asked.status or "", STATES, "status")
    commands: dict[str, Callable[[], Any]] = {
        "in_progress": lambda: AcceptTicket(ticket.id),
        "closed": lambda: ApproveTicket(ticket.id),
        "cancelled": lambda: CancelTicket(ticket.id, asked.reason),
    }
    if status not in commands:
        ways = {
            "completed": f"use POST /api/tickets/{ticket.number}/complete, which says what was done",
            "assigned": "give “assignedTechnicianId”",
            "new": "a ticket becomes new by itself when nobody is left to ask",
        }
        raise Invalid(f"The status cannot be set to {status.upper()}: {ways[status]}.", field="status")
    return commands[status]()


@router.post("/tickets/{number}/accept", response_model=TicketOut)
async def accept(desk: AtDesk, number: str) -> Response:
    return await _act(desk, number, AcceptTicket)


@router.post("/tickets/{number}/decline", response_model=TicketOut)
async def decline(desk: AtDesk, number: str, asked: Reason) -> Response:
    return await _act(desk, number, lambda id_: DeclineTicket(id_, asked.reason))


@router.post("/tickets/{number}/arrive", response_model=TicketOut)
async def arrive(desk: AtDesk, number: str, asked: Arrive | None = None) -> Response:
    at = (asked.latitude, asked.longitude) if asked else (None, None)
    return await _act(desk, number, lambda id_: ArriveTicket(id_, *at))


@router.post("/tickets/{number}/cancel", response_model=TicketOut)
async def cancel(desk: AtDesk, number: str, asked: Reason) -> Response:
    return await _act(desk, number, lambda id_: CancelTicket(id_, asked.reason))


async def _act(desk: Desk, number: str, command: Callable[[int], Any]) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, TicketOut]:
        ticket = get_seen(uow, desk.actor, number)
        execute(command(ticket.id), uow)
        return 200, shown(uow, get_ticket_by_id(uow, ticket.id))

    return await desk.post(work)
