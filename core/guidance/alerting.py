"""Telling people of alerts by themselves: whom by the client's rules, each of them once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import record
from core.conversations.queries import get_customer
from core.escalations.queries import client_of, get_escalation, subject_of
from core.escalations.tables import Escalation
from core.guidance.alert_rules import alert_rules
from core.guidance.alerts import Alert
from core.guidance.tables import guidance_alerts
from core.outbox.cards import tell_below_cards
from core.outbox.notify import NORMAL, URGENT, Notification, tell_person, tell_role
from core.row_sets import ids_of
from core.rule import Rule
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

CANNOT_WAIT = "promise_due"
"""Told at any hour; and while nobody has the case, to those who can give it to somebody."""
STAND_IN = "team_lead"

_a = guidance_alerts.c
TELL_ONCE = Statement(
    insert(guidance_alerts)
    .values({name: bindparam(name) for name in ("escalation_id", "kind", "about", "whom", "told_at")})
    .on_conflict_do_nothing(index_elements=["escalation_id", "kind", "about", "whom"])
    .returning(guidance_alerts.c.id)
)
_IDS = ids_of("ids")
TOLD = Statement(select(_a.escalation_id, _a.kind, _a.about, _a.whom).where(_a.escalation_id.in_(select(_IDS.c.id))))


@dataclass(frozen=True, slots=True)
class GiveAlert:
    escalation_id: int
    kind: str
    action: str
    value: str
    about: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlertGiven:
    kind: ClassVar[str] = "guidance.alert_given"
    alert: str
    told: list[str]


def without_told(reader: Reader, client_id: int, alerts: Iterable[Alert]) -> list[Alert]:
    """Those that somebody is still to be told of."""
    listed, rules = list(alerts), alert_rules(reader, client_id)
    ids = tuple((number,) for number in sorted({one.escalation.id for one in listed}))
    told = {(row.escalation_id, row.kind, row.about, row.whom) for row in reader.all(TOLD, ids=ids)} if ids else set()
    return [
        one
        for one in listed
        for whom in [_whom(one.escalation, one.kind, rules.whom(one.kind))]
        if any((one.escalation.id, one.kind, one.about, each) not in told for each in whom)
    ]


def give(command: GiveAlert, uow: UnitOfWork) -> bool:
    """False when everybody was told before, or there is nobody to tell yet: then they are once somebody has the case."""
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.status == "resolved":
        return False
    rules = alert_rules(uow, escalation.client_id)
    new = [
        one
        for one in _whom(escalation, command.kind, rules.whom(command.kind))
        if uow.first(
            TELL_ONCE,
            escalation_id=escalation.id,
            kind=command.kind,
            about=command.about,
            whom=one,
            told_at=uow.now,
        )
    ]
    if not new:
        return False
    alert = Notification(
        "guidance.alert",
        _facts(uow, escalation, command),
        subject_of(escalation),
        urgency=URGENT if command.kind == CANNOT_WAIT else NORMAL,
        dedupe_key=f"alert:{escalation.id}:{command.kind}:{command.about}",  # a lead may have the case
    )
    told = [one for one in new if _tell(uow, escalation, one, alert)]
    if not told and STAND_IN not in new and _tell(uow, escalation, STAND_IN, alert):
        told = [STAND_IN]  # who was meant can be reached nowhere
    if told:
        record(uow, subject_of(escalation), AlertGiven(command.kind, told))
    return bool(told)


def _whom(escalation: Escalation, kind: str, recipients: tuple[str, ...]) -> tuple[str, ...]:
    """Those there are at this moment."""
    if escalation.assigned_to is not None:
        return recipients
    there = [one for one in recipients if one != "assignee"]
    if kind == CANNOT_WAIT and "assignee" in recipients:
        there.append(STAND_IN)
    return tuple(dict.fromkeys(there))


def _tell(uow: UnitOfWork, escalation: Escalation, whom: str, alert: Notification) -> bool:
    if whom == "assignee":
        return bool(escalation.assigned_to and tell_person(uow, escalation.assigned_to, alert))
    if whom == "board":
        return bool(tell_below_cards(uow, replace(alert, dedupe_key=None)))
    return bool(tell_role(uow, escalation.client_id, whom, alert))


def _facts(uow: UnitOfWork, escalation: Escalation, command: GiveAlert) -> dict[str, Any]:
    return command.more | {
        "reference": escalation.reference,
        "customer": get_customer(uow, escalation.customer_id).name,
        "alert": command.kind,
        "action": command.action if escalation.assigned_to or command.action != "reply" else "claim",
        "value": command.value,
    }


RULES = {GiveAlert: Rule(give, "escalation.climb", lambda command, reader: client_of(reader, command.escalation_id))}
