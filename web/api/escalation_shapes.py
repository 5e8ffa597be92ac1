"""Escalations in JSON."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from core.actor import Actor
from core.audit.record import list_timeline
from core.conversations.queries import get_customer, list_last_messages
from core.conversations.tables import Customer
from core.errors import NotFound
from core.escalations.card_facts import package_facts
from core.escalations.glance import Glance, glances
from core.escalations.package import gather
from core.escalations.quality import checks_of
from core.escalations.queries import BY_ID
from core.escalations.tables import Escalation
from core.people.queries import get_unit
from core.statements import Reader
from web.api.escalation_package import CheckOut, IndicatorsOut, PackageOut, indicators_out, package_out
from web.api.json import Out
from web.api.people import Codes
from web.sight import check_sight
from web.upcoming import list_upcoming


class EscalationOut(Out):
    id: str
    status: Literal["pending", "assigned", "in_progress", "resolved"]
    priority: Literal["P0", "P1", "P2", "P3"]
    reason: str
    more_reasons: list[str]
    reason_details: str
    conversation_summary: str
    suggested_response: str
    trigger_message_id: str | None
    client_id: str
    customer_id: str
    customer_name: str
    team: str
    assigned_to: str | None
    assigned_to_name: str | None
    assigned_at: datetime | None
    first_response_at: datetime | None
    sla_deadline: datetime
    sla_breach: bool
    resolution_due_at: datetime | None
    resolution_breach: bool
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    resolution_notes: str
    return_to_ai: bool
    necessary: bool | None
    satisfaction: int | None
    satisfaction_word: str
    technical_context: dict[str, Any] | None
    customer_told_at: datetime | None
    indicators: IndicatorsOut
    created_at: datetime
    updated_at: datetime


class Summary(Out):
    """Of the whole client, whatever was filtered."""

    model_config = ConfigDict(alias_generator=lambda name: {"sla_breached": "slaBreached"}.get(name, name))
    pending: int
    assigned: int
    in_progress: int
    resolved: int
    sla_breached: int


class Queue(Out):
    queue: list[EscalationOut]
    summary: Summary
    next_cursor: str | None


class LeadOut(Out):
    id: str
    name: str
    phone: str
    stage: str
    tier: str


class MessageOut(Out):
    """`direction`: in, out, or note (which the customer never sees)."""

    direction: str
    author: str
    text: str
    at: datetime


class AssigneeOut(Out):
    id: str
    name: str
    phone: str
    email: str
    team: str


class EventOut(Out):
    at: datetime
    kind: str
    actor: str
    via: str
    data: dict[str, Any]


class ToldOut(Out):
    name: str
    role: str
    channel: str


class NextOut(Out):
    """`sentence` is in the client's time zone."""

    at: datetime
    act: str
    tell: list[ToldOut]
    sentence: str


class WholeEscalation(Out):
    escalation: EscalationOut
    lead: LeadOut
    conversation: list[MessageOut]
    assignee: AssigneeOut | None
    timeline: list[EventOut]
    next: NextOut | None
    package: PackageOut
    quality: list[CheckOut]


def get_seen(reader: Reader, actor: Actor, reference: str, permission: str = "escalation.read") -> Escalation:
    """Raises NotFound for what is not there or another client's, Forbidden outside the actor's places."""
    number = reference.upper().removeprefix("ESC-")
    found = reader.first(BY_ID, id=int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if found is None or found.client_id != actor.client_id:
        raise NotFound(f"There is no escalation {reference}.")
    check_sight(reader, actor, permission, found.client_id)
    return found


def shown(
    reader: Reader, escalation: Escalation, now: datetime, codes: Codes | None = None, glance: Glance | None = None
) -> EscalationOut:
    """`glance`: read before, where there are many."""
    codes = codes or Codes(reader)
    glance = glance or glances(reader, [escalation])[escalation.id]
    customer = glance.customer
    unanswered = escalation.first_response_at is None and escalation.status != "resolved"
    late = escalation.breached_at is not None or (unanswered and escalation.response_due_at < now)
    return EscalationOut(
        id=escalation.reference,
        status=escalation.status,
        priority=f"P{escalation.priority}",
        reason=escalation.reason,
        more_reasons=escalation.more_reasons,
        reason_details=escalation.reason_details,
        conversation_summary=escalation.summary,
        suggested_response=escalation.suggested_response,
        trigger_message_id=escalation.trigger_message_id,
        client_id=codes.unit(escalation.client_id),
        customer_id=customer.code,
        customer_name=customer.name,
        team=escalation.team,
        assigned_to=codes.code(escalation.assigned_to),
        assigned_to_name=codes.name(escalation.assigned_to),
        assigned_at=escalation.assigned_at,
        first_response_at=escalation.first_response_at,
        sla_deadline=escalation.response_due_at,
        sla_breach=late,
        resolution_due_at=escalation.resolution_due_at,
        resolution_breach=_unresolved_late(escalation, now),
        resolved_at=escalation.resolved_at,
        resolved_by=codes.code(escalation.resolved_by),
        resolution=escalation.resolution,
        resolution_notes=escalation.resolution_notes,
        return_to_ai=escalation.return_to_ai,
        necessary=escalation.necessary,
        satisfaction=escalation.satisfaction,
        satisfaction_word=escalation.satisfaction_word,
        technical_context=escalation.technical_context,
        customer_told_at=escalation.customer_told_at,
        indicators=indicators_out(glance.indicators, now),
        created_at=escalation.created_at,
        updated_at=escalation.updated_at,
    )


def _unresolved_late(escalation: Escalation, now: datetime) -> bool:
    due = escalation.resolution_due_at
    open_late = escalation.status != "resolved" and due is not None and due < now
    return escalation.resolution_breached_at is not None or open_late


def whole(reader: Reader, escalation: Escalation, now: datetime) -> WholeEscalation:
    codes = Codes(reader)
    messages = list_last_messages(reader, escalation.conversation_id, 50) if escalation.conversation_id else []
    gathered, zone = gather(reader, escalation), get_unit(reader, escalation.client_id).time_zone
    return WholeEscalation(
        escalation=shown(reader, escalation, now, codes),
        lead=_lead(get_customer(reader, escalation.customer_id)),
        conversation=[MessageOut(direction=m.direction, author=m.author, text=m.text, at=m.at) for m in messages],
        assignee=_assignee(codes, escalation.assigned_to),
        timeline=timeline(reader, "escalation", escalation.id),
        next=_next(reader, escalation, now),
        package=package_out(gathered, package_facts(reader, escalation), zone, now),
        quality=[CheckOut(name=check.name, ok=check.ok, missing=check.missing) for check in checks_of(gathered)],
    )


def timeline(reader: Reader, kind: str, subject_id: int) -> list[EventOut]:
    return [
        EventOut(at=event.at, kind=event.kind, actor=event.actor_name, via=event.via, data=event.data)
        for event in list_timeline(reader, kind, subject_id)
    ]


def _lead(customer: Customer) -> LeadOut:
    return LeadOut(id=customer.code, name=customer.name, phone=customer.phone, stage=customer.stage, tier=customer.tier)


def _assignee(codes: Codes, person_id: int | None) -> AssigneeOut | None:
    if person_id is None:
        return None
    person = codes.person(person_id)
    return AssigneeOut(id=person.code, name=person.name, phone=person.phone, email=person.email, team=person.team)


def _next(reader: Reader, escalation: Escalation, now: datetime) -> NextOut | None:
    unit_id = escalation.client_id
    coming = list_upcoming(reader, "escalation", escalation.id, unit_id, escalation.assigned_to, now)
    if not coming:
        return None
    tell = [ToldOut(name=told.name, role=told.role, channel=told.channel) for told in coming[0].whom]
    sentence = coming[0].sentence(get_unit(reader, unit_id).time_zone, now)
    return NextOut(at=coming[0].at, act=coming[0].act, tell=tell, sentence=sentence)
