"""By when an escalation is to be answered and resolved, in the client's hours, and what watches it meanwhile.

Four climbs: `response` until the first answer, `resolution` until it is resolved, `claim` while somebody has it who has done
nothing yet, `progress` since the last activity of what is less urgent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.calendars.hours import ALWAYS_OPEN, Calendar, add_open, open_time
from core.calendars.queries import calendar_of_unit
from core.escalations.policy import claim_steps, progress_steps, resolution_steps, response_steps
from core.escalations.queries import subject_of
from core.escalations.service_levels import service_levels
from core.escalations.tables import Escalation
from core.policies import climbing
from core.policies.steps import Step
from core.policies.stretching import stretched
from core.statements import Reader
from core.unit_of_work import UnitOfWork

_MINUTE = timedelta(minutes=1)
PURPOSES = ("response", "resolution", "claim", "progress")
LESS_URGENT = 2
"""From this priority on nobody looks every hour: no progress for days is told."""


def calendar_for(reader: Reader, client_id: int, priority: int) -> Calendar:
    """P0 knows no closing time."""
    business = priority > 0 and service_levels(reader, client_id).hours == "business"
    return calendar_of_unit(reader, client_id) if business else ALWAYS_OPEN


def response_target(
    reader: Reader, client_id: int, priority: int, since: datetime, minutes: int | None = None
) -> datetime:
    """`minutes`: where a rule says another target than the priority's."""
    minutes = minutes or service_levels(reader, client_id).response[priority]
    return add_open(calendar_for(reader, client_id, priority), since, minutes)


def resolution_target(reader: Reader, client_id: int, priority: int, since: datetime) -> datetime:
    minutes = service_levels(reader, client_id).resolution[priority]
    return add_open(calendar_for(reader, client_id, priority), since, minutes)


def watch_targets(uow: UnitOfWork, escalation: Escalation) -> None:
    """The climbs follow the targets it has now; what is late already goes on as it was, so that nobody is told twice."""
    left = _minutes_left(uow, escalation, escalation.response_due_at)
    if escalation.first_response_at is None and left > 0:
        _watch(uow, escalation, "response", response_steps(left))
    due = escalation.resolution_due_at
    if due and (left := _minutes_left(uow, escalation, due)) > 0:
        _watch(uow, escalation, "resolution", resolution_steps(escalation.priority, left))


def watch_again(uow: UnitOfWork, escalation: Escalation) -> None:
    """Back in the queue without an answer: a fresh clock for whoever is to answer."""
    if escalation.first_response_at is None:
        minutes = service_levels(uow, escalation.client_id).response[escalation.priority]
        _watch(uow, escalation, "response", response_steps(minutes))


def note_activity(uow: UnitOfWork, escalation: Escalation) -> None:
    """Somebody has done something: a claim may lie for as long again, and there is progress."""
    if escalation.status == "assigned":
        minutes = service_levels(uow, escalation.client_id).claim[escalation.priority]
        _watch(uow, escalation, "claim", claim_steps(minutes))
    if escalation.status != "resolved" and escalation.priority >= LESS_URGENT:
        climbing.start(uow, subject_of(escalation), "progress", progress_steps())


def end_claim(uow: UnitOfWork, escalation: Escalation) -> None:
    climbing.stop(uow, subject_of(escalation), "claim")


def stop_clocks(uow: UnitOfWork, escalation: Escalation) -> None:
    for purpose in PURPOSES:
        climbing.stop(uow, subject_of(escalation), purpose)


def _watch(uow: UnitOfWork, escalation: Escalation, purpose: str, steps: Sequence[Step]) -> None:
    calendar = calendar_for(uow, escalation.client_id, escalation.priority)
    climbing.start(uow, subject_of(escalation), purpose, stretched(steps, calendar, uow.now))


def _minutes_left(uow: UnitOfWork, escalation: Escalation, due_at: datetime) -> float:
    """Of the client's hours."""
    calendar = calendar_for(uow, escalation.client_id, escalation.priority)
    return open_time(calendar, uow.now, due_at) / _MINUTE
