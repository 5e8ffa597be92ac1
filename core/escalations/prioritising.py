"""How urgent an escalation is, changed by hand: its targets move with it."""

from datetime import datetime

from core.audit.record import record
from core.errors import Conflict, Invalid
from core.escalations import events, writes
from core.escalations.clocks import end_claim, note_activity, resolution_target, response_target, watch_targets
from core.escalations.commands import ChangeEscalationPriority
from core.escalations.queries import facts_of, get_escalation, subject_of
from core.escalations.refusals import taken, worked_by_actor
from core.escalations.tables import Escalation
from core.escalations.telling import cards_follow
from core.outbox.notify import URGENT, Notification, tell_person
from core.unit_of_work import UnitOfWork


def change_priority(command: ChangeEscalationPriority, uow: UnitOfWork) -> Escalation:
    """What became more urgent has its new minutes from now on, and never more time than before; what became less urgent is treated
    as if it had been raised like that (docs/decisions/0016-targets-follow-the-priority.md)."""
    if command.priority not in range(4):
        raise Invalid("The priority is P0, P1, P2 or P3.", field="priority")
    before = worked_by_actor(get_escalation(uow, command.escalation_id), uow)
    if before.priority == command.priority:
        raise Conflict(f"{before.reference} is P{before.priority} already.")
    changed = uow.first(
        writes.CHANGE_PRIORITY,
        id_=before.id,
        seen_priority=before.priority,
        priority=command.priority,
        **moved_targets(uow, before, command.priority),
        now=uow.now,
    )
    if changed is None:
        raise taken(get_escalation(uow, before.id), uow)
    record(
        uow, subject_of(changed), events.EscalationPriorityChanged(uow.actor.name, before.priority, changed.priority)
    )
    watch_targets(uow, changed)
    end_claim(uow, changed)
    note_activity(uow, changed)
    cards_follow(uow, changed)
    if changed.assigned_to not in (None, uow.actor.person_id):
        facts = facts_of(uow, changed) | {"by": uow.actor.name, "was": f"P{before.priority}"}
        news = Notification("escalation.priority", facts, subject_of(changed), urgency=URGENT)
        tell_person(uow, changed.assigned_to or 0, news)
    return changed


def moved_targets(uow: UnitOfWork, before: Escalation, priority: int) -> dict[str, datetime | None]:
    more_urgent = priority < before.priority
    since = uow.now if more_urgent else before.created_at
    response = response_target(uow, before.client_id, priority, since)
    resolution = resolution_target(uow, before.client_id, priority, since)
    if more_urgent:
        response = min(response, before.response_due_at)
        resolution = min(resolution, before.resolution_due_at or resolution)
    answered = before.first_response_at is not None
    return {"response_due_at": before.response_due_at if answered else response, "resolution_due_at": resolution}
