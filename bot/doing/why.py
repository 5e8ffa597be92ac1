"""why: the reason the last message came here, what was sent to whom about the same thing, and what happens next by itself."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.context import Context, Reply, say
from core.escalations.queries import get_escalation
from core.escalations.replies import escalation_of_reply
from core.outbox.proof import list_proofs
from core.outbox.proof_rows import Proof
from core.outbox.queries import find_last_subject
from core.people.contacts import CHANNEL_NAMES
from core.people.permissions import ROLE_NAMES
from core.people.queries import get_person, get_unit
from core.people.tables import Unit
from core.policies.climbing import list_running
from core.policies.words import who
from core.statements import Reader
from core.tickets.queries import get_ticket_by_id
from core.training.queries import get_assignment
from web.references import reference_of
from web.upcoming import list_upcoming

SHOWN = 8
LOOKED_AT = 40
ANSWERS = "reply."  # what somebody was answered tells nobody else anything
HELD_FOR = {
    "quiet": ", after quiet hours or free time",
    "bundle": ", together with others",
    "limit": ", when the platform takes more",
    "recipients": ", when the account may begin to write to one more person",
    "broken": ", when its channel works again",
}
OTHERS = {"assignee": "whoever has it", "board": "the board"}


@dataclass(frozen=True, slots=True)
class About:
    """`unit`: where it is; `assignee_id`: who has it."""

    kind: str
    id: int
    unit: Unit | None
    assignee_id: int | None


def why(context: Context) -> Reply:
    last = context.about or find_last_subject(context.uow, context.message.channel, context.here.chat)
    if last is None:
        return say("Nothing was sent to you here yet.")
    about = _about(context.uow, *escalation_of_reply(context.uow, last))
    sections = [[_reason(context, about), *_chain(context.uow, about)], _sent(context, about), _next(context, about)]
    return say("\n\n".join("\n".join(lines) for lines in sections))


def _about(reader: Reader, kind: str, subject_id: int) -> About:
    unit_id = assignee_id = None
    if kind == "escalation":
        escalation = get_escalation(reader, subject_id)
        unit_id, assignee_id = escalation.client_id, escalation.assigned_to
    elif kind == "ticket":
        ticket = get_ticket_by_id(reader, subject_id)
        unit_id, assignee_id = ticket.unit_id, ticket.technician_id
    elif kind == "assignment":
        unit_id = get_assignment(reader, subject_id).unit_id
    return About(kind, subject_id, get_unit(reader, unit_id) if unit_id else None, assignee_id)


def _reason(context: Context, about: About) -> str:
    """'You get TKT-202611-00012 because you are the store manager at Vienna Neubau.'"""
    reference = reference_of(context.uow, about.kind, about.id) or "this"
    seats = [seat for seat in context.uow.actor.seats if about.unit and about.unit.path.startswith(seat.path)]
    roles = [f"{ROLE_NAMES[seat.role]} at {get_unit(context.uow, seat.unit_id).name}" for seat in seats]
    if about.assignee_id == context.person.id:
        roles.insert(0, "the one who has it")
    because = f"because you are {', '.join(roles)}" if roles else "because it was meant for you"
    return f"You get {reference} {because}."


def _chain(reader: Reader, about: About) -> list[str]:
    """'Chain: whoever has it → the team lead → the owner; the first 2 of 3 were told.'"""
    lines = []
    for climb in list_running(reader, about.kind, about.id):
        steps = [" and ".join(OTHERS.get(role) or who(role) for role in step.tell) for step in climb.steps]
        lines.append(f"Chain for the {climb.purpose}: {' → '.join(steps)}; {climb.position} of {len(steps)} were told.")
    return lines


def _sent(context: Context, about: About) -> list[str]:
    filters = {"subject_kind": about.kind, "subject_id": about.id, "kind": "message"}
    found = list_proofs(context.uow, context.client_id, filters, limit=LOOKED_AT)
    told = [proof for proof in found if not proof.sent.template.startswith(ANSWERS)][:SHOWN]
    return ["Sent:", *(_line(context, proof) for proof in reversed(told))] if told else ["Nothing else was sent."]


def _line(context: Context, proof: Proof) -> str:
    """'• 10:02 Maria Lopez, WhatsApp: read 10:04'."""
    sent = proof.sent
    whom = get_person(context.uow, sent.person_id).name if sent.person_id else "the board"
    return f"• {_at(context, sent.created_at)} {whom}, {CHANNEL_NAMES[sent.channel]}: {_outcome(context, proof)}"


def _outcome(context: Context, proof: Proof) -> str:
    sent = proof.sent
    if sent.state == "pending" and sent.next_attempt_at > context.uow.now:
        what_for = HELD_FOR.get(sent.held_for or "", "")
        return f"leaves {_at(context, sent.next_attempt_at)}{what_for}"
    known = {"read": proof.read_at, "delivered": proof.delivered_at, "sent": proof.sent_at, "failed": proof.failed_at}
    at = known.get(sent.state)
    words = f"{sent.state} {_at(context, at)}" if at else sent.state
    reason = f" ({sent.error})" if sent.state == "failed" and sent.error else ""
    instead = f", went by {CHANNEL_NAMES[proof.instead.way[0]]} instead" if proof.instead else ""
    return words + reason + instead


def _next(context: Context, about: About) -> list[str]:
    if about.unit is None:
        return ["Nothing happens by itself."]
    coming = list_upcoming(context.uow, about.kind, about.id, about.unit.id, about.assignee_id, context.uow.now)
    lines = [f"• {step.sentence(context.here.time_zone, context.uow.now)}" for step in coming]
    return ["Next, if nobody acts:", *lines] if lines else ["Nothing happens next by itself."]


def _at(context: Context, moment: datetime) -> str:
    zone = ZoneInfo(context.here.time_zone)
    local, today = moment.astimezone(zone), context.uow.now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a %d %b %H:%M}"
