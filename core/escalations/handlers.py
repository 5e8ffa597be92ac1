"""Escalation commands applied. Each changes the row with one conditional write, records the event and tells whom it concerns."""

from typing import Any

from core.audit.record import record
from core.conversations.handlers import lead, tell_customer, write_message
from core.conversations.queries import get_conversation
from core.conversations.stages import move_stage
from core.elapsed import ago
from core.errors import Conflict, Invalid
from core.escalations import events, writes
from core.escalations.cause_rules import set_cause_rules
from core.escalations.commands import (
    AssignEscalation,
    ClaimEscalation,
    ClimbEscalation,
    NoteEscalation,
    RaiseEscalation,
    RelayCustomerMessage,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    SetCauseRules,
    TakeOver,
)
from core.escalations.policy import STAGE_AFTER, response_due_at, response_steps
from core.escalations.queries import client_of, facts_of, find_open, get_escalation, subject_of
from core.escalations.raising import raise_
from core.escalations.tables import RESOLUTIONS, Escalation
from core.escalations.telling import card_of, cards_follow, tell
from core.outbox.cards import tell_below_cards
from core.outbox.notify import URGENT, Notification, tell_person, withdraw
from core.people.queries import get_person
from core.policies import climbing
from core.rule import Rule
from core.statements import Reader
from core.unit_of_work import UnitOfWork

ALERT = "escalation.due"


def claim(command: ClaimEscalation, uow: UnitOfWork) -> Escalation:
    claimed = uow.first(writes.CLAIM, id_=command.escalation_id, person_id=uow.actor.person_id, now=uow.now)
    if claimed is None:
        raise Conflict(_who_has(get_escalation(uow, command.escalation_id), uow))
    subject = subject_of(claimed)
    record(uow, subject, events.EscalationClaimed(uow.actor.name))
    withdraw(uow, subject, ALERT)
    return cards_follow(uow, claimed)


def assign(command: AssignEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    person = get_person(uow, command.person_id)
    if person.client_id != escalation.client_id:
        raise Invalid("That person does not belong to this client.", field="person")
    status = "assigned" if escalation.status == "pending" else None
    changed = uow.first(writes.ASSIGN, id_=escalation.id, person_id=person.id, status=status, now=uow.now)
    if changed is None:
        raise Conflict(_closed(escalation, uow))
    record(uow, subject_of(changed), events.EscalationAssigned(person.name))
    cards_follow(uow, changed)
    if person.id != uow.actor.person_id:
        tell_person(uow, person.id, card_of(uow, changed))
    return changed


def take_over(command: TakeOver, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.status == "in_progress" and escalation.assigned_to == uow.actor.person_id:
        raise Conflict(f"You already lead {escalation.reference}.")
    taken = uow.first(
        writes.ASSIGN, id_=escalation.id, person_id=uow.actor.person_id, status="in_progress", now=uow.now
    )
    if taken is None:
        raise Conflict(_closed(escalation, uow))
    before = get_person(uow, escalation.assigned_to) if escalation.assigned_to else None
    if escalation.conversation_id:
        lead(uow, get_conversation(uow, escalation.conversation_id), "human")
    name = before.name if before and before.id != uow.actor.person_id else None
    record(uow, subject_of(escalation), events.EscalationTakenOver(uow.actor.name, name))
    withdraw(uow, subject_of(escalation), ALERT)
    cards_follow(uow, taken)
    if before and name:
        facts = facts_of(uow, taken) | {"by": uow.actor.name}
        news = Notification("escalation.taken_from_you", facts, subject_of(taken), digest_key="escalation")
        tell_person(uow, before.id, news)
    return taken


def reply(command: ReplyToCustomer, uow: UnitOfWork) -> Escalation:
    escalation = _mine(get_escalation(uow, command.escalation_id), uow)
    if escalation.conversation_id is None:
        raise Conflict(f"{escalation.reference} has no conversation to answer in; call the customer instead.")
    if escalation.status != "in_progress":
        take_over(TakeOver(escalation.id), uow)
    conversation = get_conversation(uow, escalation.conversation_id)
    for number, media_id in enumerate(command.photos or (None,)):
        text = command.text if number == 0 else ""
        write_message(uow, conversation.id, "out", uow.actor.name, text, media_id=media_id)
    said = Notification("conversation.said", {"text": command.text}, urgency=URGENT, photos=command.photos)
    tell_customer(uow, conversation, said)
    answered = uow.one(writes.RESPONDED, id_=escalation.id, now=uow.now)
    climbing.stop(uow, subject_of(answered), "response")
    record(uow, subject_of(answered), events.CustomerAnswered(uow.actor.name, command.text))
    return answered


def note(command: NoteEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.conversation_id:
        write_message(uow, escalation.conversation_id, "note", uow.actor.name, command.text)
    record(uow, subject_of(escalation), events.EscalationNoted(uow.actor.name, command.text))
    return escalation


def release(command: ReleaseEscalation, uow: UnitOfWork) -> Escalation:
    escalation = _mine(get_escalation(uow, command.escalation_id), uow)
    if command.to == "assistant":
        return resolve(ResolveEscalation(escalation.id, "returned_to_ai"), uow)
    released = uow.first(writes.RELEASE, id_=escalation.id, now=uow.now)
    if released is None:
        raise Conflict(f"{escalation.reference} is in the queue already: nobody has it.")
    record(uow, subject_of(released), events.EscalationReleased(command.to))
    if released.first_response_at is None:
        climbing.start(uow, subject_of(released), "response", response_steps(released.priority))
    return cards_follow(uow, released)


def resolve(command: ResolveEscalation, uow: UnitOfWork) -> Escalation:
    if command.resolution not in RESOLUTIONS:
        raise Invalid(f"“{command.resolution}” is no resolution: use {', '.join(RESOLUTIONS)}.", field="resolution")
    escalation = _mine(get_escalation(uow, command.escalation_id), uow)
    done = uow.first(
        writes.RESOLVE,
        id_=escalation.id,
        person_id=uow.actor.person_id,
        resolution_=command.resolution,
        notes=command.notes,
        return_to_ai_=command.return_to_ai,
        now=uow.now,
    )
    if done is None:
        raise Conflict(_closed(escalation, uow))
    subject = subject_of(escalation)
    move_stage(uow, escalation.customer_id, STAGE_AFTER[command.resolution])
    climbing.stop(uow, subject, "response")
    withdraw(uow, subject, ALERT)
    if escalation.conversation_id and command.return_to_ai:
        lead(uow, get_conversation(uow, escalation.conversation_id), "assistant")
    record(uow, subject, events.EscalationResolved(command.resolution, uow.actor.name))
    return cards_follow(uow, done)


def reopen(command: ReopenEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.status != "resolved":
        raise Conflict(f"{escalation.reference} is open already.")
    if escalation.conversation_id and (other := find_open(uow, escalation.conversation_id)):
        raise Conflict(f"{other.reference} is open for the same conversation.")
    due = response_due_at(escalation.priority, uow.now)
    reopened = uow.first(writes.REOPEN, id_=escalation.id, due_at=due, now=uow.now)
    if reopened is None:
        raise Conflict(f"{escalation.reference} is open already.")
    record(uow, subject_of(reopened), events.EscalationReopened(uow.actor.name))
    climbing.start(uow, subject_of(reopened), "response", response_steps(reopened.priority))
    return cards_follow(uow, reopened)


def relay(command: RelayCustomerMessage, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    facts = facts_of(uow, escalation) | {"text": command.text, "photo_count": len(command.photos)}
    message = Notification(
        "escalation.customer_said", facts, subject_of(escalation), urgency=URGENT, photos=command.photos
    )
    if not tell_below_cards(uow, message) and escalation.assigned_to:
        tell_person(uow, escalation.assigned_to, message)
    return escalation


def climb(command: ClimbEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.first_response_at or escalation.status == "resolved":
        return escalation
    breach = command.act == "breach" and escalation.response_due_at <= uow.now  # not when the step was hastened
    if breach:
        escalation = uow.one(writes.BREACH, id_=escalation.id, now=uow.now)
    facts, subject = facts_of(uow, escalation) | {"breach": breach}, subject_of(escalation)
    alert = Notification(ALERT, facts, subject, urgency=URGENT, hastens="response")
    told = [role for role in command.tell if tell(uow, escalation, role, alert)]
    record(uow, subject, events.EscalationClimbed(told, breach))
    return cards_follow(uow, escalation)


def _mine(escalation: Escalation, uow: UnitOfWork) -> Escalation:
    """Only who has it works on it; leads may act for anybody."""
    if escalation.status == "resolved":
        raise Conflict(_closed(escalation, uow))
    if uow.actor.kind == "system" or uow.actor.has_role("team_lead", "owner", "admin"):
        return escalation
    if escalation.assigned_to is None:
        raise Conflict(f"Nobody has {escalation.reference} yet. Claim it first: claim {escalation.reference}")
    if escalation.assigned_to != uow.actor.person_id:
        raise Conflict(_who_has(escalation, uow))
    return escalation


def _who_has(escalation: Escalation, uow: UnitOfWork) -> str:
    if escalation.status == "resolved":
        return _closed(escalation, uow)
    if escalation.assigned_to == uow.actor.person_id:
        return f"You have {escalation.reference} already, since {ago(escalation.assigned_at, uow.now)}."
    name = get_person(uow, escalation.assigned_to).name if escalation.assigned_to else "Nobody"
    return (
        f"{name} has {escalation.reference}, {ago(escalation.assigned_at, uow.now)}. "
        f"To take it from {name}: takeover {escalation.reference}"
    )


def _closed(escalation: Escalation, uow: UnitOfWork) -> str:
    name = get_person(uow, escalation.resolved_by).name if escalation.resolved_by else "Callboard"
    return f"{escalation.reference} is resolved already, by {name} {ago(escalation.resolved_at, uow.now)}."


def _unit_of(command: Any, reader: Reader) -> int:
    return get_escalation(reader, command.escalation_id).client_id


RULES = {
    RaiseEscalation: Rule(raise_, "escalation.raise", lambda command, _: command.client_id),
    ClaimEscalation: Rule(claim, "escalation.work", lambda command, uow: client_of(uow, command.escalation_id)),
    AssignEscalation: Rule(assign, "escalation.work", _unit_of),
    TakeOver: Rule(take_over, "escalation.work", _unit_of),
    ReplyToCustomer: Rule(reply, "escalation.work", _unit_of),
    NoteEscalation: Rule(note, "escalation.work", _unit_of),
    ReleaseEscalation: Rule(release, "escalation.work", _unit_of),
    ResolveEscalation: Rule(resolve, "escalation.work", _unit_of),
    ReopenEscalation: Rule(reopen, "escalation.work", _unit_of),
    RelayCustomerMessage: Rule(relay, "escalation.relay", _unit_of),
    ClimbEscalation: Rule(climb, "escalation.climb", _unit_of),
    SetCauseRules: Rule(set_cause_rules, "escalation.direct", lambda command, _: command.client_id),
}
