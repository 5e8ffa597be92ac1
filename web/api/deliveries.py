"""/api/deliveries: what was sent to whom and how it ended; what failed can be sent again."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from core.errors import Invalid, NotFound
from core.executor import execute
from core.outbox.proof import BY_ID, ResendDelivery, Sent, get_sent, list_receipts, list_sent
from core.outbox.tables import DELIVERY_STATES
from core.statements import Reader
from core.tickets.queries import BY_NUMBER, get_ticket_by_id
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Out, Page, one_of
from web.api.people import Codes, person_by_code
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight

router = APIRouter(prefix="/api/deliveries", tags=["deliveries"])

REFERENCES: Mapping[str, str] = {"escalation": "ESC", "assignment": "TRN"}
REFERENCE = re.compile(r"(ESC|TRN)-(\d{1,9})", re.IGNORECASE)


class ReceiptOut(Out):
    state: str
    at: datetime
    code: str | None
    reason: str | None


class DeliveryOut(Out):
    """`subject` is the reference of what it is about; addresses are not repeated here."""

    id: str
    state: str
    kind: str
    channel: str
    person_id: str | None
    person_name: str | None
    subject: str | None
    template: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    settled_at: datetime | None
    external_id: str | None
    error_code: str | None
    error: str | None
    receipts: list[ReceiptOut]


@router.get("")
async def list_deliveries(
    desk: AtDesk,
    state: str | None = None,
    person_id: Annotated[str | None, Query(alias="personId")] = None,
    subject: Annotated[str | None, Query(description="`ESC-12`, `TKT-202611-00012` or `TRN-7`")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> Page[DeliveryOut]:
    """The newest first. `failed` are the dead letters, `uncertain` may or may not have arrived."""
    filters: dict[str, Any] = {"state": one_of(state, DELIVERY_STATES, "state")} if state else {}
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[DeliveryOut]:
        check_sight(reader, desk.actor, "delivery.read", desk.client_id)
        wanted = dict(filters)
        if person_id:
            wanted["person_id"] = person_by_code(reader, desk.client_id, person_id, "personId").id
        if subject:
            wanted["subject_kind"], wanted["subject_id"] = _subject(reader, desk.client_id, subject)
        before = place[0] if place else 2**62
        rows = list_sent(reader, desk.client_id, wanted, before=before, limit=limit + 1)
        codes = Codes(reader)
        following = cursor_of(rows[limit - 1].id) if len(rows) > limit else None
        return Page(items=[_shown(reader, row, codes) for row in rows[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("/{delivery_id}/resend", response_model=DeliveryOut)
async def resend(desk: AtDesk, delivery_id: str) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, DeliveryOut]:
        sent = _own(uow, desk, delivery_id)
        execute(ResendDelivery(sent.id), uow)
        return 200, _shown(uow, get_sent(uow, sent.id), Codes(uow))

    return await desk.post(work)


def _own(reader: Reader, desk: Desk, delivery_id: str) -> Sent:
    known = delivery_id.isascii() and delivery_id.isdigit() and len(delivery_id) < 16
    found = reader.first(BY_ID, id=int(delivery_id)) if known else None
    if found is None or found.client_id != desk.client_id:
        raise NotFound(f"There is no delivery “{delivery_id}”.")
    check_sight(reader, desk.actor, "delivery.read", desk.client_id)
    return found


def _subject(reader: Reader, client_id: int, reference: str) -> tuple[str, int]:
    """Kind and id. What is not there (or another client's) is about nothing and so finds nothing."""
    if match := REFERENCE.fullmatch(reference):
        kinds = {prefix: kind for kind, prefix in REFERENCES.items()}
        return kinds[match[1].upper()], int(match[2])
    if reference.upper().startswith("TKT-"):
        ticket = reader.first(BY_NUMBER, client_id=client_id, number=reference.upper())
        return "ticket", ticket.id if ticket else 0
    raise Invalid(f"“{reference}” is no reference: use ESC-12, TKT-202611-00012 or TRN-7.", field="subject")


def _reference(reader: Reader, kind: str | None, subject_id: int | None) -> str | None:
    if kind == "ticket" and subject_id:
        return get_ticket_by_id(reader, subject_id).number
    return f"{REFERENCES[kind]}-{subject_id}" if kind and kind in REFERENCES else None


def _shown(reader: Reader, sent: Sent, codes: Codes) -> DeliveryOut:
    return DeliveryOut(
        id=str(sent.id),
        state=sent.state,
        kind=sent.kind,
        channel=sent.channel,
        person_id=codes.code(sent.person_id),
        person_name=codes.name(sent.person_id),
        subject=_reference(reader, sent.subject_kind, sent.subject_id),
        template=sent.template,
        attempts=sent.attempts,
        created_at=sent.created_at,
        next_attempt_at=sent.next_attempt_at if sent.state == "pending" else None,
        settled_at=sent.settled_at,
        external_id=sent.external_id,
        error_code=sent.error_code,
        error=sent.error,
        receipts=[
            ReceiptOut(state=row.state, at=row.at, code=row.code, reason=row.reason)
            for row in list_receipts(reader, sent.id)
        ],
    )
