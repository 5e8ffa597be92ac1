"""A cause to escalate arrives: a new escalation is opened, or the open one of the same conversation takes it in."""

from core.audit.record import record
from core.conversations.queries import get_conversation
from core.conversations.stages import move_stage
from core.conversations.tables import Conversation
from core.escalations import events, writes
from core.escalations.clocks import note_activity, resolution_target, response_target, watch_targets
from core.escalations.commands import RaiseEscalation
from core.escalations.customer_told import tell_what_happens
from core.escalations.policy import priority_for
from core.escalations.queries import facts_of, subject_of, take_to_join
from core.escalations.routing.route import find_route, send_again, send_on, team_after
from core.escalations.tables import Escalation
from core.escalations.telling import cards_tell_anew, tell
from core.outbox.notify import URGENT, Notification
from core.unit_of_work import UnitOfWork

LONGEST_DETAILS = 2000


def raise_(command: RaiseEscalation, uow: UnitOfWork) -> Escalation:
    already = take_to_join(uow, command.client_id, command.customer_id, command.conversation_id)
    if already:
        return _join(already, command, uow)
    route = find_route(command, _wanted(command), uow)
    priority = route.decision.priority
    told = _whom_to_tell(command, uow)
    values = {name: getattr(command, name, None) for name in writes.NEW_COLUMNS} | {
        "status": "pending",
        "priority": priority,
        "team": route.decision.team,
        "more_reasons": list(command.also),
        "response_due_at": response_target(uow, command.client_id, priority, uow.now, route.minutes),
        "resolution_due_at": resolution_target(uow, command.client_id, priority, uow.now),
        "policy_id": route.policy.id,
        "customer_told_at": uow.now if told else None,
        "created_at": uow.now,
        "updated_at": uow.now,
    }
    escalation = uow.one(writes.INSERT, **values)
    subject = subject_of(escalation)
    record(uow, subject, events.EscalationRaised(escalation.reason, priority))
    move_stage(uow, escalation.customer_id, "escalated")
    watch_targets(uow, escalation, route.policy)
    escalation = send_on(uow, escalation, route)
    note_activity(uow, escalation)
    if told:
        tell_what_happens(uow, escalation, told)
    return escalation


def _wanted(command: RaiseEscalation) -> int:
    return priority_for(command.reason) if command.priority is None else command.priority


def _whom_to_tell(command: RaiseEscalation, uow: UnitOfWork) -> Conversation | None:
    """Who speaks with a human already is told by that human."""
    if not command.tells_customer or command.conversation_id is None:
        return None
    conversation = get_conversation(uow, command.conversation_id)
    return conversation if conversation.led_by == "assistant" else None


def _join(open_one: Escalation, command: RaiseEscalation, uow: UnitOfWork) -> Escalation:
    """More reasons and never less urgency; what was said about the cause before stays."""
    route = find_route(command, _wanted(command), uow)
    priority = min(open_one.priority, route.decision.priority)
    due, end = open_one.response_due_at, open_one.resolution_due_at
    if priority < open_one.priority:
        due = min(due, response_target(uow, open_one.client_id, priority, uow.now, route.minutes))
        sooner = resolution_target(uow, open_one.client_id, priority, uow.now)
        end = min(end or sooner, sooner)
    joined = uow.one(
        writes.JOIN,
        id_=open_one.id,
        priority=priority,
        team=team_after(open_one, route),
        more_reasons=[*open_one.more_reasons, command.reason, *command.also],
        reason_details=_with(open_one.reason_details, command.reason_details),
        technical_context={**(open_one.technical_context or {}), **(command.technical_context or {})} or None,
        response_due_at=due,
        resolution_due_at=end,
        now=uow.now,
    )
    record(uow, subject_of(joined), events.EscalationJoined(command.reason, priority))
    joined = send_again(uow, open_one, joined, route)
    cards_tell_anew(uow, joined)
    if priority < open_one.priority:
        _hurry(joined, uow)
    return joined


def _with(before: str, more: str) -> str:
    if not more or more in before:
        return before
    return f"{before}; {more}"[:LONGEST_DETAILS] if before else more


def _hurry(joined: Escalation, uow: UnitOfWork) -> None:
    """Who has it, else the board, hears that it weighs more now; the climbs follow the targets of the new priority."""
    watch_targets(uow, joined)
    news = Notification("escalation.more_urgent", facts_of(uow, joined), subject_of(joined), urgency=URGENT)
    tell(uow, joined, "assignee" if joined.assigned_to else "board", news)
