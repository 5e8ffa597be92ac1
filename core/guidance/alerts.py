"""What needs somebody's eyes in the open cases, each with the one thing to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.escalations.tables import Escalation
from core.escalations.watching import whole_units
from core.guidance.alert_rules import AlertRules, alert_rules
from core.guidance.promises import promised_at
from core.guidance.watched import Watched, list_watched
from core.statements import Reader

WARNED_BEFORE = timedelta(minutes=30)
PROMISE_WARNED_BEFORE = timedelta(minutes=10)
LOW, FALL = -0.4, 0.5
LOSING = ("cancellation", "competitor", "legal", "complaint", "falling_mood")
LATER_CAUSES = ("cancellation", "competitor", "legal", "third_contact")
LEADS_TOO = {"target_missed": ("team_lead", "owner")}
"""Who sees what is told by the case's own policy, besides those who have the case or could take it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`action`: the verb that answers it. `value`: the moment it is about, how far the mood fell, the reason, what is at risk.
    `about`: what it must not be told of twice. `more`: facts of its message."""

    kind: str
    escalation: Escalation
    action: str
    value: str
    about: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def list_alerts(
    reader: Reader, client_id: int, person_id: int | None, roles: Iterable[str], now: datetime
) -> list[Alert]:
    """For somebody with these roles: of the cases they have, of those that nobody has, and what the client's rules tell them of.
    The most urgent first."""
    rules, mine = alert_rules(reader, client_id), set(roles)
    found = [
        alert
        for chunk in list_all(reader, client_id, now)
        for alert in chunk
        if alert.escalation.assigned_to in (None, person_id)
        or mine.intersection(rules.whom(alert.kind) or LEADS_TOO.get(alert.kind, ()))
    ]
    return sorted(found, key=lambda one: (one.escalation.priority, one.escalation.response_due_at, one.escalation.id))


def list_all(reader: Reader, client_id: int, now: datetime) -> Iterator[list[Alert]]:
    """Of all open cases, some hundred cases at a time."""
    rules = alert_rules(reader, client_id)
    for cases in list_watched(reader, client_id, now):
        yield [alert for case in cases for kind in KINDS for alert in kind(case, rules, now)]


def _target(case: Watched, _: AlertRules, now: datetime) -> Iterable[Alert]:
    escalation = case.escalation
    due = escalation.response_due_at
    if escalation.first_response_at is None and due <= now + WARNED_BEFORE:
        kind = "target_near" if due > now else "target_missed"
        yield Alert(kind, escalation, "takeover" if escalation.assigned_to else "claim", due.isoformat())


def _fallen(case: Watched, _: AlertRules, __: datetime) -> Iterable[Alert]:
    moods = case.moods
    if len(moods) < 2 or moods[0] > LOW:
        return
    before = moods[1:4]
    fall = sum(before) / len(before) - moods[0]
    if fall >= FALL:
        yield Alert("mood_fell", case.escalation, "guide", f"{-fall:.2f}")


def _later_causes(case: Watched, _: AlertRules, __: datetime) -> Iterable[Alert]:
    """What the customer said once the case was open; what it was raised for is its reason."""
    for reason in case.escalation.more_reasons:
        if reason in LATER_CAUSES:
            yield Alert("cause", case.escalation, "guide", reason, reason)


def _at_risk(case: Watched, rules: AlertRules, _: datetime) -> Iterable[Alert]:
    customer, escalation = case.customer, case.escalation
    if not {escalation.reason, *escalation.more_reasons} & set(LOSING):
        return
    value = whole_units(customer)
    if value > rules.value_over:
        more = {"amount": customer.yearly_value, "currency": customer.currency}
        yield Alert("value_at_risk", escalation, "guide", f"{value:,} {customer.currency}", more=more)


def _promised(case: Watched, _: AlertRules, now: datetime) -> Iterable[Alert]:
    """Ten minutes before the moment that the last words to the customer promised something for."""
    if case.answered_at is None:
        return
    due = promised_at(case.answer, case.answered_at, case.zone)
    if due and due - PROMISE_WARNED_BEFORE <= now:
        yield Alert("promise_due", case.escalation, "reply", due.isoformat(), due.isoformat())


KINDS: tuple[Callable[[Watched, AlertRules, datetime], Iterable[Alert]], ...] = (
    _target,
    _promised,
    _at_risk,
    _later_causes,
    _fallen,
)
