"""What can be done to an escalation on a page: the same commands as in the chat, so that every card follows."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from core.escalations.commands import (
    ClaimEscalation,
    NoteEscalation,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeBackReply,
    TakeOver,
)
from core.executor import execute
from core.playbooks.commands import SkipStep, StartPlaybook, StopPlaybook, TickStep
from core.unit_of_work import UnitOfWork
from web.api.escalation_shapes import get_seen
from web.pages.visit import AtForm, Visit
from web.safe_paths import safe_path

router = APIRouter(include_in_schema=False, prefix="/escalations/{reference}")

Words = Annotated[str, Form(max_length=4000)]
Word = Annotated[str, Form(max_length=40)]


@router.post("/claim")
async def claim(visit: AtForm, reference: str) -> Response:
    return await _do(visit, reference, ClaimEscalation, "{} is yours. Take over to write to the customer.")


@router.post("/takeover")
async def take_over(visit: AtForm, reference: str) -> Response:
    return await _do(visit, reference, TakeOver, "You lead {} now; the assistant is silent.")


@router.post("/reply")
async def reply(visit: AtForm, reference: str, text: Words = "") -> Response:
    return await _do(visit, reference, lambda id_: ReplyToCustomer(id_, text), "It is on its way to the customer.")


@router.post("/takeback")
async def take_back(visit: AtForm, reference: str) -> Response:
    return await _do(visit, reference, TakeBackReply, "Taken back: the customer does not get it.")


@router.post("/note")
async def note(visit: AtForm, reference: str, text: Words = "") -> Response:
    return await _do(visit, reference, lambda id_: NoteEscalation(id_, text), "Noted. The customer does not see it.")


@router.post("/release")
async def release(visit: AtForm, reference: str, to: Word = "queue") -> Response:
    where: Literal["assistant", "queue"] = "assistant" if to == "assistant" else "queue"
    said = "The assistant has {} again." if where == "assistant" else "{} waits for somebody else."
    return await _do(visit, reference, lambda id_: ReleaseEscalation(id_, where), said)


@router.post("/resolve")
async def resolve(
    visit: AtForm, reference: str, resolution: Word = "", notes: Words = "", necessary: Word = ""
) -> Response:
    needed = {"yes": True, "no": False}.get(necessary)
    asked: dict[str, Any] = {"resolution": resolution, "notes": notes, "necessary": needed}
    return await _do(visit, reference, lambda id_: ResolveEscalation(id_, **asked), "{} is resolved.")


@router.post("/reopen")
async def reopen(visit: AtForm, reference: str) -> Response:
    return await _do(visit, reference, ReopenEscalation, "{} is open again.")


@router.post("/playbook")
async def start_playbook(visit: AtForm, reference: str, playbook: Word = "") -> Response:
    return await _do(visit, reference, lambda id_: StartPlaybook(id_, playbook), "The playbook of {} is begun.")


@router.post("/playbook/tick")
async def tick(visit: AtForm, reference: str, number: Annotated[int, Form(ge=1, le=99)]) -> Response:
    return await _do(visit, reference, lambda id_: TickStep(id_, number), "Well done: one step of {} less.")


@router.post("/playbook/skip")
async def skip(
    visit: AtForm, reference: str, number: Annotated[int, Form(ge=1, le=99)], reason: Words = ""
) -> Response:
    return await _do(visit, reference, lambda id_: SkipStep(id_, reason, number), "The step of {} is left out.")


@router.post("/playbook/stop")
async def stop_playbook(visit: AtForm, reference: str) -> Response:
    return await _do(visit, reference, StopPlaybook, "The playbook of {} is stopped.")


async def _do(visit: Visit, reference: str, command: Callable[[int], Any], said: str) -> Response:
    """On to the escalation itself, where the next thing is to be done."""

    def work(uow: UnitOfWork) -> str:
        escalation = get_seen(uow, visit.actor, reference)
        execute(command(escalation.id), uow)
        return escalation.reference

    return await visit.work(work, then=lambda done: safe_path(f"/escalations/{done}"), said=said.format)
