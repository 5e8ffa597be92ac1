"""How an escalation leaves somebody's hands: released, resolved; and opened again."""

from core.audit.record import record
from core.conversations.leading import lead
from core.conversations.queries import get_conversation
from core.conversations.stages import move_stage
from core.errors import Conflict, Invalid
from core.escalations import events, past, writes
from core.escalations.clocks import (
    end_claim,
    note_activity,
    resolution_target,
    response_target,
    stop_clocks,
    watch_again,
    watch_targets,
)
from core.escalations.commands import JudgeNecessity, ReleaseEscalation, ReopenEscalation, ResolveEscalation
from core.escalations.feedback.asking import ask_no_more, ask_satisfaction
from core.escalations.policy import STAGE_AFTER
from core.escalations.queries import find_open, get_escalation, subject_of
from core.escalations.refusals import taken, worked_by_actor
from core.escalations.tables import RESOLUTIONS, Escalation
from core.escalations.telling import ALERT, cards_follow
from core.outbox.notify import withdraw
from core.unit_of_work import UnitOfWork


def release(command: ReleaseEscalation, uow: UnitOfWork) -> Escalation:
    escalation = worked_by_actor(get_escalation(uow, command.escalation_id), uow)
    if command.to == "assistant":
        return resolve(ResolveEscalation(escalation.id, "returned_to_ai"), uow)
    if escalation.assigned_to is None:
        raise Conflict(f"{escalation.reference} is in the queue already: nobody has it.")
    released = uow.first(writes.RELEASE, id_=escalation.id, seen=escalation.assigned_to, now=uow.now)
    if released is None:
        raise taken(get_escalation(uow, escalation.id), uow)
    record(uow, subject_of(released), events.EscalationReleased(command.to))
    end_claim(uow, released)
    note_activity(uow, released)
    watch_again(uow, released)
    return cards_follow(uow, released)


def resolve(command: ResolveEscalation, uow: UnitOfWork) -> Escalation:
    if command.resolution not in RESOLUTIONS:
        raise Invalid(f"“{command.resolution}” is no resolution: use {', '.join(RESOLUTIONS)}.", field="resolution")
    escalation = worked_by_actor(get_escalation(uow, command.escalation_id), uow)
    done = uow.first(
        writes.RESOLVE,
        id_=escalation.id,
        seen=escalation.assigned_to or 0,
        person_id=uow.actor.person_id,
        resolution_=command.resolution,
        notes=command.notes,
        return_to_ai_=command.return_to_ai,
        necessary_=command.necessary,
        now=uow.now,
    )
    if done is None:
        raise taken(get_escalation(uow, escalation.id), uow)
    subject = subject_of(escalation)
    move_stage(uow, escalation.customer_id, STAGE_AFTER[command.resolution])
    stop_clocks(uow, done)
    withdraw(uow, subject, ALERT)
    if escalation.conversation_id and command.return_to_ai:
        lead(uow, get_conversation(uow, escalation.conversation_id), "assistant")
    record(uow, subject, events.EscalationResolved(command.resolution, uow.actor.name))
    past.remember(uow, done)
    cards_follow(uow, done)
    ask_satisfaction(uow, done)
    return done


def reopen(command: ReopenEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.status != "resolved":
        raise Conflict(f"{escalation.reference} is open already.")
    if escalation.conversation_id and (other := find_open(uow, escalation.conversation_id)):
        raise Conflict(f"{other.reference} is open for the same conversation.")
    due = response_target(uow, escalation.client_id, escalation.priority, uow.now)
    end = resolution_target(uow, escalation.client_id, escalation.priority, uow.now)
    reopened = uow.first(writes.REOPEN, id_=escalation.id, due_at=due, resolution_due_at=end, now=uow.now)
    if reopened is None:
        raise Conflict(f"{escalation.reference} is open already.")
    record(uow, subject_of(reopened), events.EscalationReopened(uow.actor.name))
    move_stage(uow, reopened.customer_id, "escalated")
    ask_no_more(uow, reopened)
    watch_targets(uow, reopened)
    note_activity(uow, reopened)
    return cards_follow(uow, reopened)


def judge(command: JudgeNecessity, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    judged = uow.first(writes.JUDGE, id_=escalation.id, necessary_=command.necessary, now=uow.now)
    if judged is None:
        raise Conflict(f"{escalation.reference} is not resolved yet; whether it took a human is said at its end.")
    record(uow, subject_of(judged), events.NecessityJudged(command.necessary))
    return judged
