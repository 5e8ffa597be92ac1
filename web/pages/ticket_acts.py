"""What is done to a ticket on a page: by its technician, and by who directs it. The same commands as in the chat."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from core.executor import execute
from core.tickets.commands import AcceptTicket, ArriveTicket, CancelTicket, ChangePriority, ReassignTicket
from core.unit_of_work import UnitOfWork
from web.api.ticket_shapes import get_seen
from web.pages.visit import AtForm, Visit
from web.safe_paths import safe_path

router = APIRouter(include_in_schema=False, prefix="/tickets")

Number = Annotated[str, Form(max_length=40)]
Person = Annotated[int, Form(ge=0, lt=2**31)]
Words = Annotated[str, Form(max_length=2000)]


@router.post("/reassign")
async def reassign_dragged(visit: AtForm, number: Number = "", person: Person = 0) -> Response:
    return await _do(visit, number, lambda id_: ReassignTicket(id_, person), "{} is offered to them.", "/tickets")


@router.post("/{number}/reassign")
async def reassign(visit: AtForm, number: str, person: Person = 0) -> Response:
    return await _do(visit, number, lambda id_: ReassignTicket(id_, person), "{} is offered to them.", "/tickets/{}")


@router.post("/{number}/priority")
async def change_priority(visit: AtForm, number: str, priority: Annotated[int, Form(ge=0, le=3)] = 2) -> Response:
    said = "The priority of {} is changed, and its targets with it."
    return await _do(visit, number, lambda id_: ChangePriority(id_, priority), said, "/tickets/{}")


@router.post("/{number}/cancel")
async def cancel(visit: AtForm, number: str, reason: Words = "") -> Response:
    return await _do(visit, number, lambda id_: CancelTicket(id_, reason), "{} is cancelled.", "/tickets/{}")


@router.post("/{number}/accept")
async def accept(visit: AtForm, number: str) -> Response:
    return await _do(visit, number, AcceptTicket, "{} is yours.", "/")


@router.post("/{number}/arrive")
async def arrive(visit: AtForm, number: str) -> Response:
    return await _do(visit, number, ArriveTicket, "Noted: you are there for {}.", "/")


async def _do(visit: Visit, number: str, command: Callable[[int], Any], said: str, then: str) -> Response:
    def work(uow: UnitOfWork) -> str:
        ticket = get_seen(uow, visit.actor, number)
        execute(command(ticket.id), uow)
        return ticket.number

    return await visit.work(work, then=lambda done: safe_path(then.format(done)), said=said.format)
