"""/api/escalations: the queue, one escalation with everything about it, and what can be done with it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from core.conversations.queries import CUSTOMER_BY_CODE, LATEST_CONVERSATION_OF
from core.errors import Invalid, NotFound
from core.escalations.commands import (
    AssignEscalation,
    ChangeEscalationPriority,
    ClaimEscalation,
    NoteEscalation,
    RaiseEscalation,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.glance import glances
from core.escalations.listing import count_by_status, list_page
from core.escalations.policy import parse_priority
from core.escalations.queries import find_to_join, get_escalation
from core.escalations.tables import STATES, Escalation
from core.escalations.technical import checked
from core.executor import authorise, execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.escalation_requests import Assign, Priority, Raise, Release, Resolve, Said
from web.api.escalation_shapes import (
    EscalationOut,
    Queue,
    Summary,
    WholeEscalation,
    get_seen,
    shown,
    whole,
)
from web.api.json import one_of
from web.api.people import Codes, as_person, person_by_code
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor, wrong_cursor
from web.sight import check_sight, unit_by_code

router = APIRouter(prefix="/api/escalations", tags=["escalations"])

Filter = Annotated[str | None, Query(max_length=200)]


@router.get("")
async def list_escalations(
    desk: AtDesk,
    client_id: Annotated[str | None, Query(alias="clientId")] = None,
    status: Filter = None,
    assigned_to: Annotated[str | None, Query(alias="assignedTo")] = None,
    priority: Filter = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> Queue:
    """Open escalations (or those of one status), the most urgent first; resolved ones the latest first."""
    wanted = one_of(status, STATES, "status") if status else ""
    place = _place(wanted, cursor)

    def query(reader: Reader) -> Queue:
        unit = unit_by_code(reader, desk.actor, client_id, "clientId").client_id if client_id else desk.client_id
        check_sight(reader, desk.actor, "escalation.read", unit)
        rows = list_page(
            reader,
            unit,
            status=wanted,
            assignee_id=person_by_code(reader, unit, assigned_to, "assignedTo").id if assigned_to else None,
            priority=parse_priority(priority) if priority else None,
            place=place,
            limit=limit + 1,
        )
        counts, breached = count_by_status(reader, unit, now)
        codes, seen = Codes(reader), glances(reader, rows[:limit])
        codes.look_ahead(one for row in rows[:limit] for one in (row.assigned_to, row.resolved_by))
        return Queue(
            queue=[shown(reader, row, now, codes, seen[row.id]) for row in rows[:limit]],
            summary=Summary(**counts, sla_breached=breached),
            next_cursor=_cursor(wanted, rows[limit - 1]) if len(rows) > limit else None,
        )

    now = desk.web.clock.now()
    return await desk.read(query)


@router.post("", status_code=201, response_model=EscalationOut, responses={200: {"model": EscalationOut}})
async def raise_escalation(desk: AtDesk, asked: Raise) -> Response:
    """200 instead of 201 when it joined one that is open for the same conversation, or for a customer without any."""

    def work(uow: UnitOfWork) -> tuple[int, EscalationOut]:
        client = unit_by_code(uow, desk.actor, asked.client_id, "clientId").client_id
        code, field = asked.customer_id or asked.lead_id, "leadId" if asked.lead_id else "customerId"
        if code is None:
            raise Invalid("“customerId” is missing.", field="customerId")
        customer = uow.first(CUSTOMER_BY_CODE, client_id=client, code=code)
        if customer is None:
            raise NotFound(f"There is no customer “{code}”.", field=field)
        conversation = uow.first(LATEST_CONVERSATION_OF, customer_id=customer.id)
        conversation_id = conversation.id if conversation else None
        joined = find_to_join(uow, client, customer.id, conversation_id) is not None
        command = RaiseEscalation(
            client,
            customer.id,
            asked.reason,
            conversation_id,
            None if asked.priority is None else parse_priority(str(asked.priority)),
            reason_details=asked.reason_details,
            summary=asked.conversation_summary,
            suggested_response=asked.suggested_response,
            trigger_message_id=asked.trigger_message_id,
            technical_context=checked(asked.technical_context),
            tells_customer=asked.tell_customer,
        )
        return 200 if joined else 201, shown(uow, execute(command, uow), uow.now)

    return await desk.post(work)


@router.get("/{reference}")
async def get_one(desk: AtDesk, reference: str) -> WholeEscalation:
    now = desk.web.clock.now()
    return await desk.read(lambda reader: whole(reader, get_seen(reader, desk.actor, reference), now))


@router.post("/{reference}/assign", response_model=EscalationOut)
async def assign(desk: AtDesk, reference: str, asked: Assign | None = None) -> Response:
    """409 when somebody has it already, unless `reassign` is asked for. A lead may name another person."""

    member, again = (asked.team_member_id, asked.reassign) if asked else (None, False)

    def apply(uow: UnitOfWork, escalation: Escalation) -> None:
        person_id = person_by_code(uow, desk.client_id, member, "teamMemberId").id if member else as_person(desk.actor)
        if person_id == desk.actor.person_id and not again:
            execute(ClaimEscalation(escalation.id), uow)
            return
        authorise(uow, "escalation.direct", escalation.client_id)
        execute(AssignEscalation(escalation.id, person_id, unless_taken=not again), uow)

    return await _act(desk, reference, apply)


@router.post("/{reference}/takeover", response_model=EscalationOut)
async def take_over(desk: AtDesk, reference: str) -> Response:
    as_person(desk.actor)
    return await _execute(desk, reference, TakeOver)


@router.post("/{reference}/priority", response_model=EscalationOut)
async def change_priority(desk: AtDesk, reference: str, asked: Priority) -> Response:
    """The targets move with it."""
    priority = parse_priority(str(asked.priority))
    return await _execute(desk, reference, lambda id_: ChangeEscalationPriority(id_, priority))


@router.post("/{reference}/release", response_model=EscalationOut)
async def release(desk: AtDesk, reference: str, asked: Release | None = None) -> Response:
    to = asked.to if asked else "queue"
    return await _execute(desk, reference, lambda id_: ReleaseEscalation(id_, to))


@router.post("/{reference}/reply", response_model=EscalationOut)
async def reply(desk: AtDesk, reference: str, asked: Said) -> Response:
    """Reaches the customer."""
    as_person(desk.actor)
    return await _execute(desk, reference, lambda id_: ReplyToCustomer(id_, asked.body))


@router.post("/{reference}/note", response_model=EscalationOut)
async def note(desk: AtDesk, reference: str, asked: Said) -> Response:
    """Never reaches the customer."""
    return await _execute(desk, reference, lambda id_: NoteEscalation(id_, asked.body))


@router.post("/{reference}/resolve", response_model=EscalationOut)
async def resolve(desk: AtDesk, reference: str, asked: Resolve) -> Response:
    resolution = asked.resolution.lower()
    return await _execute(
        desk,
        reference,
        lambda id_: ResolveEscalation(id_, resolution, asked.notes, asked.return_to_ai, asked.necessary),
    )


@router.post("/{reference}/reopen", response_model=EscalationOut)
async def reopen(desk: AtDesk, reference: str) -> Response:
    return await _execute(desk, reference, ReopenEscalation)


async def _execute(desk: Desk, reference: str, command: Callable[[int], Any]) -> Response:
    return await _act(desk, reference, lambda uow, escalation: execute(command(escalation.id), uow))


async def _act(desk: Desk, reference: str, apply: Callable[[UnitOfWork, Escalation], object]) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, EscalationOut]:
        escalation = get_seen(uow, desk.actor, reference)
        apply(uow, escalation)
        return 200, shown(uow, get_escalation(uow, escalation.id), uow.now)

    return await desk.post(work)


def _place(status: str, cursor: str) -> tuple[int, datetime, int] | tuple[datetime, int] | None:
    if status == "resolved":
        newest = read_cursor(cursor, str, int)
        return (_moment(newest[0]), newest[1]) if newest else None
    urgent = read_cursor(cursor, int, str, int)
    return (urgent[0], _moment(urgent[1]), urgent[2]) if urgent else None


def _cursor(status: str, last: Escalation) -> str:
    if status == "resolved" and last.resolved_at:
        return cursor_of(last.resolved_at.isoformat(), last.id)
    return cursor_of(last.priority, last.response_due_at.isoformat(), last.id)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong_cursor() from None
