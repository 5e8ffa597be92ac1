"""What needs somebody's eyes in the cases they have or could take, each with the one thing to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.conversations.tables import conversation_messages
from core.escalations.queries import list_queue
from core.escalations.tables import Escalation
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally

WARNED_BEFORE = timedelta(minutes=30)
LOW, FALL = -0.4, 0.5
LOOKED_AT = 400

_m = conversation_messages.c
_IDS = ids_of("ids")
MOODS = Statement(
    select(_m.conversation_id, _m.mood)
    .where(_m.conversation_id.in_(select(_IDS.c.id)), _m.direction == literally("in"), _m.mood.is_not(None))
    .order_by(_m.id.desc())
    .limit(LOOKED_AT)
)


@dataclass(frozen=True, slots=True)
class Alert:
    """`action`: the verb that answers it. `value`: the moment it is about, or how far the mood fell."""

    kind: str
    escalation: Escalation
    action: str
    value: str


def list_alerts(reader: Reader, client_id: int, person_id: int | None, now: datetime) -> list[Alert]:
    """Of those the person has, and those that nobody has; the most urgent first."""
    cases = [one for one in list_queue(reader, client_id) if one.assigned_to in (None, person_id)]
    moods = _moods(reader, cases)
    found = [(_target(one, now), _fallen(one, moods.get(one.conversation_id or 0, []))) for one in cases]
    return [alert for both in found for alert in both if alert]


def _target(escalation: Escalation, now: datetime) -> Alert | None:
    due = escalation.response_due_at
    if escalation.first_response_at is not None or due > now + WARNED_BEFORE:
        return None
    kind = "target_near" if due > now else "target_missed"
    return Alert(kind, escalation, "takeover" if escalation.assigned_to else "claim", due.isoformat())


def _fallen(escalation: Escalation, moods: list[float]) -> Alert | None:
    """`moods`: the newest first."""
    if len(moods) < 2 or moods[0] > LOW:
        return None
    before = moods[1:4]
    fall = sum(before) / len(before) - moods[0]
    return Alert("mood_fell", escalation, "guide", f"{-fall:.2f}") if fall >= FALL else None


def _moods(reader: Reader, cases: Iterable[Escalation]) -> dict[int, list[float]]:
    ids = [[one.conversation_id] for one in cases if one.conversation_id]
    found: dict[int, list[float]] = {}
    for row in reader.all(MOODS, ids=ids) if ids else ():
        found.setdefault(row.conversation_id, []).append(row.mood)
    return found
