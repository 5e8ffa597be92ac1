"""A cause to escalate arrives: a new escalation is opened, or the open one of the same conversation takes it in."""

from core.audit.record import record
from core.conversations.stages import move_stage
from core.escalations import events, writes
from core.escalations.commands import RaiseEscalation
from core.escalations.policy import priority_for, response_due_at, response_steps
from core.escalations.queries import find_to_join, subject_of
from core.escalations.tables import Escalation
from core.escalations.telling import announce, cards_tell_anew
from core.policies import climbing
from core.unit_of_work import UnitOfWork


def raise_(command: RaiseEscalation, uow: UnitOfWork) -> Escalation:
    already = find_to_join(uow, command.client_id, command.customer_id, command.conversation_id)
    if already:
        return _join(already, command, uow)
    priority = priority_for(command.reason) if command.priority is None else command.priority
    values = {name: getattr(command, name, None) for name in writes.NEW_COLUMNS} | {
        "status": "pending",
        "priority": priority,
        "more_reasons": [],
        "response_due_at": response_due_at(priority, uow.now),
        "created_at": uow.now,
        "updated_at": uow.now,
    }
    escalation = uow.one(writes.INSERT, **values)
    subject = subject_of(escalation)
    record(uow, subject, events.EscalationRaised(escalation.reason, priority))
    move_stage(uow, escalation.customer_id, "escalated")
    climbing.start(uow, subject, "response", response_steps(priority))
    announce(uow, escalation)
    return escalation


def _join(open_one: Escalation, command: RaiseEscalation, uow: UnitOfWork) -> Escalation:
    wanted = priority_for(command.reason) if command.priority is None else command.priority
    priority = min(open_one.priority, wanted)
    due = min(open_one.response_due_at, response_due_at(priority, uow.now))
    reasons = [*open_one.more_reasons, command.reason]
    joined = uow.one(
        writes.JOIN, id_=open_one.id, priority=priority, more_reasons=reasons, response_due_at=due, now=uow.now
    )
    record(uow, subject_of(joined), events.EscalationJoined(command.reason, priority))
    cards_tell_anew(uow, joined)
    return joined
