"""Telling people of alerts by themselves: whom by a table, nothing twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import record
from core.conversations.queries import get_customer
from core.escalations.queries import client_of, get_escalation, subject_of
from core.escalations.tables import Escalation
from core.guidance.tables import guidance_alerts
from core.outbox.notify import Notification, tell_person, tell_role
from core.rule import Rule
from core.statements import Statement
from core.unit_of_work import UnitOfWork

WHOM: Mapping[str, tuple[str, ...]] = {
    "mood_fell": ("assignee",),
    "cause": ("assignee",),
    "value_at_risk": ("assignee", "team_lead"),
    "promise_due": ("assignee",),
}
"""Who is told of what. A target that comes near or is missed is told by the case's own policy."""

TELL_ONCE = Statement(
    insert(guidance_alerts)
    .values({name: bindparam(name) for name in ("escalation_id", "kind", "about", "told_at")})
    .on_conflict_do_nothing(index_elements=["escalation_id", "kind", "about"])
    .returning(guidance_alerts.c.id)
)


@dataclass(frozen=True, slots=True)
class GiveAlert:
    escalation_id: int
    kind: str
    action: str
    value: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class AlertGiven:
    kind: ClassVar[str] = "guidance.alert_given"
    alert: str
    told: list[str]


def give(command: GiveAlert, uow: UnitOfWork) -> bool:
    """False when it was told before, or there is nobody to tell yet: then it is told once somebody has the case."""
    escalation = get_escalation(uow, command.escalation_id)
    whom = [one for one in WHOM[command.kind] if one != "assignee" or escalation.assigned_to]
    if escalation.status == "resolved" or not whom:
        return False
    if not uow.first(TELL_ONCE, escalation_id=escalation.id, kind=command.kind, about=command.about, told_at=uow.now):
        return False
    alert = Notification("guidance.alert", _facts(uow, escalation, command), subject_of(escalation))
    told = [one for one in whom if _tell(uow, escalation, one, alert)]
    record(uow, subject_of(escalation), AlertGiven(command.kind, told))
    return True


def _tell(uow: UnitOfWork, escalation: Escalation, whom: str, alert: Notification) -> bool:
    if whom == "assignee":
        return bool(escalation.assigned_to and tell_person(uow, escalation.assigned_to, alert))
    return bool(tell_role(uow, escalation.client_id, whom, alert))


def _facts(uow: UnitOfWork, escalation: Escalation, command: GiveAlert) -> dict[str, Any]:
    return {
        "reference": escalation.reference,
        "customer": get_customer(uow, escalation.customer_id).name,
        "alert": command.kind,
        "action": command.action,
        "value": command.value,
    }


RULES = {GiveAlert: Rule(give, "escalation.climb", lambda command, reader: client_of(reader, command.escalation_id))}
