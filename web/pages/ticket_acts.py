"""What a technician does on the page Now: say yes, say that they are there. The same commands as in the chat."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from core.executor import execute
from core.tickets.commands import AcceptTicket, ArriveTicket
from core.unit_of_work import UnitOfWork
from web.api.ticket_shapes import get_seen
from web.pages.visit import AtForm, Visit

router = APIRouter(include_in_schema=False, prefix="/tickets/{number}")


@router.post("/accept")
async def accept(visit: AtForm, number: str) -> Response:
    return await _do(visit, number, AcceptTicket, "{} is yours.")


@router.post("/arrive")
async def arrive(visit: AtForm, number: str) -> Response:
    return await _do(visit, number, ArriveTicket, "Noted: you are there for {}.")


async def _do(visit: Visit, number: str, command: Callable[[int], Any], said: str) -> Response:
    def work(uow: UnitOfWork) -> str:
        ticket = get_seen(uow, visit.actor, number)
        execute(command(ticket.id), uow)
        return ticket.number

    return await visit.work(work, then="/", said=said.format)
