"""What happens to an escalation by itself when a step of one of its climbs is due. A step whose reason is gone does nothing."""

from collections.abc import Callable
from dataclasses import replace

from core.audit.record import record
from core.escalations import events, writes
from core.escalations.clocks import end_claim, note_activity
from core.escalations.commands import ClimbEscalation
from core.escalations.queries import alert_facts, get_escalation, subject_of
from core.escalations.tables import Escalation
from core.escalations.telling import ALERT, cards_follow, tell
from core.outbox.notify import URGENT, Notification, tell_person
from core.people.queries import name_of
from core.unit_of_work import UnitOfWork

OPEN_LONG = "escalation.open_long"
EXPIRED = "escalation.expired"


def climb(command: ClimbEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    return escalation if escalation.status == "resolved" else ACTS[command.act](escalation, command, uow)


def _unanswered(escalation: Escalation, command: ClimbEscalation, uow: UnitOfWork) -> Escalation:
    if escalation.first_response_at:
        return escalation
    breach = command.act == "breach" and escalation.response_due_at <= uow.now  # not when the step was hastened
    if breach:
        escalation = uow.one(writes.BREACH, id_=escalation.id, now=uow.now)
    facts, subject = alert_facts(uow, escalation) | {"breach": breach}, subject_of(escalation)
    alert = Notification(ALERT, facts, subject, urgency=URGENT, hastens="response")
    return _told(escalation, command, alert, uow, breach=breach)


def _unresolved(escalation: Escalation, command: ClimbEscalation, uow: UnitOfWork) -> Escalation:
    due = escalation.resolution_due_at
    late = command.act == "late" and due is not None and due <= uow.now
    if late:
        escalation = uow.one(writes.RESOLUTION_BREACH, id_=escalation.id, now=uow.now)
    facts = alert_facts(uow, escalation) | {
        "act": command.act,
        "resolution_due_at": due,
        "since": escalation.created_at,
    }
    alert = Notification(OPEN_LONG, facts, subject_of(escalation), urgency=URGENT)
    told = _told(escalation, command, alert, uow, breach=late)
    if command.act == "silent":  # and again, as long as nobody does anything
        note_activity(uow, told)
    return told


def _expired(escalation: Escalation, command: ClimbEscalation, uow: UnitOfWork) -> Escalation:
    """Whoever let it lie, and those who may take it now, are told."""
    whose = escalation.assigned_to
    if escalation.status != "assigned" or whose is None:
        return escalation
    released = uow.first(writes.RELEASE, id_=escalation.id, seen=whose, now=uow.now)
    if released is None:
        return get_escalation(uow, escalation.id)
    name = name_of(uow, whose) or ""
    record(uow, subject_of(released), events.ClaimExpired(name))
    end_claim(uow, released)
    facts = alert_facts(uow, released) | {"who": name, "since": escalation.assigned_at, "yours": False}
    news = Notification(EXPIRED, facts, subject_of(released), urgency=URGENT)
    tell_person(uow, whose, replace(news, facts=facts | {"yours": True}))
    if not tell(uow, released, "board", news):
        tell(uow, released, "team_lead", news)
    return cards_follow(uow, released)


def _told(
    escalation: Escalation, command: ClimbEscalation, alert: Notification, uow: UnitOfWork, *, breach: bool
) -> Escalation:
    told = [role for role in command.tell if tell(uow, escalation, role, alert)]
    record(uow, subject_of(escalation), events.EscalationClimbed(told, breach, command.act))
    return cards_follow(uow, escalation)


ACTS: dict[str, Callable[[Escalation, ClimbEscalation, UnitOfWork], Escalation]] = {
    "warn": _unanswered,
    "breach": _unanswered,
    "soon": _unresolved,
    "unresolved": _unresolved,
    "late": _unresolved,
    "silent": _unresolved,
    "expire": _expired,
}
