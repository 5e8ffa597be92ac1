"""What needs somebody's eyes in the open cases, each with the one thing to do about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.numbers import get_currency_precision
from sqlalchemy import or_, select

from core.conversations.tables import Customer, conversation_messages
from core.escalations.glance import glances
from core.escalations.queries import list_queue
from core.escalations.tables import Escalation
from core.guidance.promises import promised_at
from core.people.queries import get_unit
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally

WARNED_BEFORE = timedelta(minutes=30)
PROMISE_WARNED_BEFORE = timedelta(minutes=10)
LOW, FALL = -0.4, 0.5
AT_RISK = 5000
"""A year, in whole units of the customer's currency."""
LOSING = ("cancellation", "competitor", "legal", "complaint", "falling_mood")
LATER_CAUSES = ("cancellation", "competitor", "legal", "third_contact")
LOOKED_AT = 400

_m = conversation_messages.c
_IDS = ids_of("ids")
SAID = Statement(
    select(_m.conversation_id, _m.direction, _m.person_id, _m.text, _m.mood, _m.at)
    .where(
        _m.conversation_id.in_(select(_IDS.c.id)),
        or_(_m.direction == literally("in"), _m.direction == literally("out")),
    )
    .order_by(_m.id.desc())
    .limit(LOOKED_AT)
)


@dataclass(frozen=True, slots=True)
class Alert:
    """`action`: the verb that answers it. `value`: the moment it is about, how far the mood fell, the reason, what is at risk.
    `about`: what it must not be told of twice."""

    kind: str
    escalation: Escalation
    action: str
    value: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """A case with what alerts depend on. `moods`: of what the customer said, the newest first; `answer`: what a person wrote to
    them last, and when."""

    escalation: Escalation
    customer: Customer
    zone: str
    moods: Sequence[float] = ()
    answer: str = ""
    answered_at: datetime | None = None


def list_alerts(reader: Reader, client_id: int, person_id: int | None, now: datetime) -> list[Alert]:
    """Of those the person has, and those that nobody has; the most urgent first."""
    found = list_all(reader, client_id, now)
    return [alert for alert in found if alert.escalation.assigned_to in (None, person_id)]


def list_all(reader: Reader, client_id: int, now: datetime) -> list[Alert]:
    """Of all open cases, the most urgent first."""
    zone = get_unit(reader, client_id).time_zone
    return [alert for case in _watched(reader, client_id, zone) for kind in KINDS for alert in kind(case, now)]


def _target(case: Watched, now: datetime) -> Iterable[Alert]:
    escalation = case.escalation
    due = escalation.response_due_at
    if escalation.first_response_at is None and due <= now + WARNED_BEFORE:
        kind = "target_near" if due > now else "target_missed"
        yield Alert(kind, escalation, "takeover" if escalation.assigned_to else "claim", due.isoformat())


def _fallen(case: Watched, _: datetime) -> Iterable[Alert]:
    moods = case.moods
    if len(moods) < 2 or moods[0] > LOW:
        return
    before = moods[1:4]
    fall = sum(before) / len(before) - moods[0]
    if fall >= FALL:
        yield Alert("mood_fell", case.escalation, "guide", f"{-fall:.2f}")


def _later_causes(case: Watched, _: datetime) -> Iterable[Alert]:
    """What the customer said once the case was open; what it was raised for is its reason."""
    for reason in case.escalation.more_reasons:
        if reason in LATER_CAUSES:
            yield Alert("cause", case.escalation, "guide", reason, reason)


def _at_risk(case: Watched, _: datetime) -> Iterable[Alert]:
    customer, escalation = case.customer, case.escalation
    if customer.yearly_value is None or not {escalation.reason, *escalation.more_reasons} & set(LOSING):
        return
    value = customer.yearly_value / 10 ** get_currency_precision(customer.currency or "EUR")
    if value > AT_RISK:
        yield Alert("value_at_risk", escalation, "guide", f"{value:,.0f} {customer.currency}".strip())


def _promised(case: Watched, now: datetime) -> Iterable[Alert]:
    """Ten minutes before the moment that the last words to the customer promised something for."""
    if case.answered_at is None:
        return
    due = promised_at(case.answer, case.answered_at, case.zone)
    if due and due - PROMISE_WARNED_BEFORE <= now:
        yield Alert("promise_due", case.escalation, "reply", due.isoformat(), due.isoformat())


KINDS: tuple[Callable[[Watched, datetime], Iterable[Alert]], ...] = (
    _target,
    _promised,
    _at_risk,
    _later_causes,
    _fallen,
)


def _watched(reader: Reader, client_id: int, zone: str) -> list[Watched]:
    """Three reads, however many cases there are."""
    cases = list_queue(reader, client_id)
    seen = glances(reader, cases)
    ids = tuple((one.conversation_id,) for one in cases if one.conversation_id)
    moods: dict[int, list[float]] = {}
    answers: dict[int, tuple[str, datetime]] = {}
    for row in reader.all(SAID, ids=ids) if ids else ():
        if row.direction == "in" and row.mood is not None:
            moods.setdefault(row.conversation_id, []).append(row.mood)
        if row.direction == "out" and row.person_id:
            answers.setdefault(row.conversation_id, (row.text, row.at))
    return [
        Watched(
            one,
            seen[one.id].customer,
            zone,
            moods.get(one.conversation_id or 0, ()),
            *answers.get(one.conversation_id or 0, ("", None)),
        )
        for one in cases
    ]
