"""What happens to an escalation by itself when a step of its policy is due."""

from core.audit.record import record
from core.escalations import events, writes
from core.escalations.commands import ClimbEscalation
from core.escalations.queries import facts_of, get_escalation, subject_of
from core.escalations.tables import Escalation
from core.escalations.telling import ALERT, cards_follow, tell
from core.outbox.notify import URGENT, Notification
from core.unit_of_work import UnitOfWork


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
