"""By when an escalation is to be answered and resolved, in the client's hours, and what watches it meanwhile.

Four climbs: `response` until the first answer, `resolution` until it is resolved, `progress` since the last activity, each by the
steps of the case's policy; `claim` while somebody has it who has done nothing yet.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.calendars.hours import ALWAYS_OPEN, Calendar, add_open, open_time
from core.calendars.queries import calendar_of_unit
from core.escalations.policies import policy_for, steps_of
from core.escalations.policy import claim_steps
from core.escalations.queries import subject_of
from core.escalations.service_levels import service_levels
from core.escalations.tables import Escalation
from core.policies import climbing
from core.policies.laying import Watch
from core.policies.policy import HOURS, TARGET, Policy
from core.policies.steps import Step
from core.policies.stretching import stretched
from core.statements import Reader
from core.unit_of_work import UnitOfWork

_MINUTE = timedelta(minutes=1)
PURPOSES = ("response", "resolution", "claim", "progress")


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


def watch_targets(uow: UnitOfWork, escalation: Escalation, policy: Policy | None = None) -> None:
    """The climbs follow the targets it has now; what is late already goes on as it was, so that nobody is told twice. `policy`: its
    own, where it is known."""
    own = policy or policy_for(uow, escalation.policy_id)
    left = _minutes_left(uow, escalation, escalation.response_due_at)
    if escalation.first_response_at is None and left > 0:
        _climb(uow, escalation, own, "response", left)
    due = escalation.resolution_due_at
    if due and (left := _minutes_left(uow, escalation, due)) > 0:
        _climb(uow, escalation, own, "resolution", left)


def watch_again(uow: UnitOfWork, escalation: Escalation) -> None:
    """Back in the queue without an answer: a fresh clock for whoever is to answer."""
    if escalation.first_response_at is None:
        minutes = service_levels(uow, escalation.client_id).response[escalation.priority]
        _climb(uow, escalation, policy_for(uow, escalation.policy_id), "response", minutes)


def note_activity(uow: UnitOfWork, escalation: Escalation) -> None:
    """Somebody has done something: a claim may lie for as long again, and there is progress."""
    if escalation.status == "assigned":
        minutes = service_levels(uow, escalation.client_id).claim[escalation.priority]
        calendar = calendar_for(uow, escalation.client_id, escalation.priority)
        _start(uow, escalation, "claim", stretched(claim_steps(minutes), calendar, uow.now))
    if escalation.status != "resolved":
        _climb(uow, escalation, policy_for(uow, escalation.policy_id), "progress", 0)


def end_claim(uow: UnitOfWork, escalation: Escalation) -> None:
    climbing.stop(uow, subject_of(escalation), "claim")


def stop_clocks(uow: UnitOfWork, escalation: Escalation) -> None:
    for purpose in PURPOSES:
        climbing.stop(uow, subject_of(escalation), purpose)


def _climb(uow: UnitOfWork, escalation: Escalation, policy: Policy, part: str, minutes: float) -> None:
    """Nothing to climb: nothing is begun."""
    fitting = policy.of(part, escalation.priority)
    if not fitting:
        return
    in_hours = any(step.clock == HOURS or step.since == TARGET for step in fitting)
    calendar = calendar_for(uow, escalation.client_id, escalation.priority) if in_hours else ALWAYS_OPEN
    if steps := steps_of(part, Watch(minutes, calendar, uow.now), fitting):
        _start(uow, escalation, part, steps)


def _start(uow: UnitOfWork, escalation: Escalation, purpose: str, steps: Sequence[Step]) -> None:
    climbing.start(uow, subject_of(escalation), purpose, steps)


def _minutes_left(uow: UnitOfWork, escalation: Escalation, due_at: datetime) -> float:
    """Of the client's hours."""
    calendar = calendar_for(uow, escalation.client_id, escalation.priority)
    return open_time(calendar, uow.now, due_at) / _MINUTE
