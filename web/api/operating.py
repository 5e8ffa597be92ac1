"""Things an operator does: send a test message, let the climbs run, move the clock of a demonstration."""

from datetime import datetime
from hmac import compare_digest

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from channels.failures import SendFailure
from core.errors import Conflict, Forbidden, Invalid
from core.people import cells
from core.policies.climbing import list_due
from core.scheduling.queries import keep
from core.statements import Reader
from core.tickets.queries import get_ticket_by_id
from web.api.desk import CHALLENGE, AtDesk
from web.api.json import Asked, Name, Out, Words, example
from web.given import web_of
from web.sight import check_sight

router = APIRouter(prefix="/api", tags=["operating"])
log = structlog.get_logger()

MOST_CLIMBS = 10_000
A_YEAR = 366 * 24 * 3600


class ConfigOut(Out):
    configured: bool
    description: str


class Test(Asked):
    model_config = example(phoneNumber="+34600111222", message="Hello from Callboard")
    phone_number: Name
    message: Words


class TestOut(Out):
    sent: bool
    message_id: str


class Advance(Asked):
    model_config = example(advanceSeconds=3600)
    advance_seconds: float = Field(gt=0, le=A_YEAR, allow_inf_nan=False)


class ClockOut(Out):
    now: datetime


class EscalatedOut(Out):
    success: bool
    escalated_count: int
    escalated: list[str]


@router.get("/test/whatsapp/config")
async def whatsapp_config(desk: AtDesk) -> ConfigOut:
    await desk.read(lambda reader: check_sight(reader, desk.actor, "system.operate", desk.client_id))
    description = desk.web.channels.get("whatsapp", "")
    return ConfigOut(configured=bool(description), description=description or "WhatsApp is off: its token is not set.")


@router.post("/test/whatsapp", response_model=TestOut)
async def test_whatsapp(desk: AtDesk, asked: Test) -> Response:
    """Sends one message at once, past the outbox."""
    await desk.read(lambda reader: check_sight(reader, desk.actor, "system.operate", desk.client_id))
    if "whatsapp" not in desk.web.channels:
        raise Conflict("WhatsApp is off: its token is not set.")
    try:
        number = cells.phone("")(asked.phone_number).removeprefix("+")
    except ValueError as wrong:
        raise Invalid(f"{wrong}: write it with its country code, like +34600111222.", field="phoneNumber") from None

    async def effect() -> TestOut:
        try:
            return TestOut(sent=True, message_id=await desk.web.send_test("whatsapp", number, asked.message))
        except SendFailure as failure:
            raise HTTPException(502, f"WhatsApp did not take it: {failure.reason}") from failure

    return await desk.post_outside(effect)


@router.post("/clock", response_model=ClockOut)
async def move_clock(desk: AtDesk, asked: Advance) -> Response:
    """Forward only, and only while every channel points at this machine."""
    await desk.read(lambda reader: check_sight(reader, desk.actor, "system.operate", desk.client_id))
    if not desk.web.may_move_clock:
        raise Forbidden("The clock moves only while every channel that is on points at this machine.")

    async def effect() -> ClockOut:
        clock = desk.web.clock
        clock.advance(asked.advance_seconds)
        await desk.do(lambda uow: keep(uow, "clock_offset_seconds", clock.offset.total_seconds()))
        await desk.web.run_due()
        return ClockOut(now=clock.now())

    return await desk.post_outside(effect)


@router.get("/cron/escalate-tickets")
async def escalate_tickets(request: Request) -> EscalatedOut:
    """For an outside scheduler: `Bearer CRON_SECRET`. Every step that is due is taken; the references say where."""
    web = web_of(request)
    if not web.cron_secret:
        raise Forbidden("This address is off: CRON_SECRET is not set.")
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    right = compare_digest(secret.strip().encode(), web.cron_secret.encode())
    if scheme.lower() != "bearer" or not right:
        raise HTTPException(401, "Send “Authorization: Bearer ” with the CRON_SECRET.", CHALLENGE)
    now = web.clock.now()
    due = await web.database.read(lambda reader: list_due(reader, now, MOST_CLIMBS))
    await web.run_job("climb")
    left = await web.database.read(lambda reader: list_due(reader, now, MOST_CLIMBS))
    waiting = {(climb.id, climb.position) for climb in left}
    climbed = {(c.subject_kind, c.subject_id): None for c in due if (c.id, c.position) not in waiting}
    escalated = await web.database.read(lambda reader: [_reference(reader, *subject) for subject in climbed])
    return EscalatedOut(success=True, escalated_count=len(escalated), escalated=escalated)


def _reference(reader: Reader, kind: str, subject_id: int) -> str:
    return get_ticket_by_id(reader, subject_id).number if kind == "ticket" else f"ESC-{subject_id}"
