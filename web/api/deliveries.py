"""/api/deliveries: the proof of notice; what did not arrive is sent again, what is uncertain can be confirmed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from core.errors import NotFound
from core.executor import execute
from core.outbox.commands import ConfirmDelivery, ResendDelivery, ResendFiltered
from core.outbox.handlers import Resent
from core.outbox.proof import get_proof, list_proofs, list_some_proofs
from core.outbox.proof_rows import Proof, Sent
from core.outbox.tables import DELIVERY_STATES
from core.people.contacts import CHANNEL_NAMES
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.delivery_shapes import Again, DeliveryOut, ResentOut, shown
from web.api.desk import AtDesk, Desk
from web.api.json import Page, one_of
from web.api.people import Codes, person_by_code
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.references import look_ahead, reference_of, subject_of
from web.sight import check_sight

router = APIRouter(prefix="/api/deliveries", tags=["deliveries"])

CHANNELS = (*CHANNEL_NAMES, "webhooks")


@router.get("")
async def list_deliveries(
    desk: AtDesk,
    state: str | None = None,
    person_id: Annotated[str | None, Query(alias="personId")] = None,
    subject: Annotated[str | None, Query(description="`ESC-12`, `TKT-202611-00012` or `TRN-7`")] = None,
    channel: str | None = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> Page[DeliveryOut]:
    """The newest first. `failed` are the dead letters, `uncertain` may or may not have arrived. A page of a rare state or channel
    may hold fewer than `limit`, or none: there is more as long as there is a `nextCursor`."""
    filters: dict[str, Any] = {"state": one_of(state, DELIVERY_STATES, "state")} if state else {}
    if channel:
        filters["channel"] = one_of(channel, CHANNELS, "channel")
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[DeliveryOut]:
        check_sight(reader, desk.actor, "delivery.read", desk.client_id)
        wanted = dict(filters)
        if person_id:
            wanted["person_id"] = person_by_code(reader, desk.client_id, person_id, "personId").id
        if subject:
            wanted["subject_kind"], wanted["subject_id"] = subject_of(reader, desk.client_id, subject)
        before = place[0] if place else 2**62
        rows, following = list_some_proofs(reader, desk.client_id, wanted, before=before, limit=limit)
        codes = Codes(reader)
        codes.look_ahead(row.sent.person_id for row in rows)
        look_ahead(reader, [(row.sent.subject_kind, row.sent.subject_id) for row in rows])
        items = [_shown(reader, row, codes) for row in rows]
        return Page(items=items, next_cursor=cursor_of(following) if following else None)

    return await desk.read(query)


@router.post("/resend", response_model=ResentOut)
async def resend_filtered(desk: AtDesk, asked: Again) -> Response:
    """Send again all that failed, or all that is uncertain, as far as it was not yet: at most 500 at a time."""

    def work(uow: UnitOfWork) -> tuple[int, ResentOut]:
        state = one_of(asked.state, ("failed", "uncertain"), "state")
        channel = one_of(asked.channel, CHANNELS, "channel") if asked.channel else None
        subject = subject_of(uow, desk.client_id, asked.subject) if asked.subject else None
        done: Resent = execute(ResendFiltered(desk.client_id, state, channel, subject), uow)  # type: ignore[arg-type]
        return 200, ResentOut(resent=done.number, more=done.left)

    return await desk.post(work)


@router.post("/{delivery_id}/resend", response_model=DeliveryOut)
async def resend(desk: AtDesk, delivery_id: str) -> Response:
    """The answer is the new delivery. One that is uncertain is sent with a word that it may be a repeat."""
    return await desk.post(lambda uow: _done(uow, desk, ResendDelivery(_own(uow, desk, delivery_id).sent.id)))


@router.post("/{delivery_id}/confirm", response_model=DeliveryOut)
async def confirm(desk: AtDesk, delivery_id: str) -> Response:
    """It is known to have arrived: what was uncertain counts as sent."""
    return await desk.post(lambda uow: _done(uow, desk, ConfirmDelivery(_own(uow, desk, delivery_id).sent.id)))


def _done(uow: UnitOfWork, desk: Desk, command: ResendDelivery | ConfirmDelivery) -> tuple[int, DeliveryOut]:
    sent: Sent = execute(command, uow)
    return 200, _shown(uow, get_proof(uow, desk.client_id, sent.id), Codes(uow))


def _shown(reader: Reader, proof: Proof, codes: Codes) -> DeliveryOut:
    return shown(proof, codes, reference_of(reader, proof.sent.subject_kind, proof.sent.subject_id))


def _own(reader: Reader, desk: Desk, delivery_id: str) -> Proof:
    """Another client's delivery is not there."""
    known = delivery_id.isascii() and delivery_id.isdigit() and len(delivery_id) < 16
    found = list_proofs(reader, desk.client_id, {"id": int(delivery_id)}, limit=1) if known else []
    if not found:
        raise NotFound(f"There is no delivery “{delivery_id}”.")
    check_sight(reader, desk.actor, "delivery.read", desk.client_id)
    return found[0]
