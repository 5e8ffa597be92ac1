"""Another policy tried on the escalations of the last days: whom its steps would have told until each was answered and resolved.

What lies still depends on every word that was said meanwhile; steps about that are not tried.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from core.calendars.hours import ALWAYS_OPEN, Calendar, open_time
from core.calendars.queries import calendar_of_unit
from core.escalations.policies import HOUSE, USUAL, policy_for, steps_of, told_at_once
from core.escalations.rules.tables import escalation_routings
from core.escalations.service_levels import service_levels
from core.escalations.tables import COLUMNS, Escalation, escalations
from core.policies.comparing import DAYS, MOST, Case, DryRun, Told, compared
from core.policies.laying import Watch
from core.policies.policy import Policy
from core.statements import Reader, Statement

_MINUTE = timedelta(minutes=1)
_r = escalation_routings.c
RAISED = Statement(
    select(*COLUMNS)
    .join(escalation_routings, _r.escalation_id == escalations.c.id)
    .where(_r.client_id == bindparam("client_id"), _r.at >= bindparam("since"), ~_r.joined)
    .order_by(_r.at.desc(), _r.escalation_id.desc())
    .limit(bindparam("limit")),
    Escalation,
)


def try_policy(reader: Reader, client_id: int, wanted: Policy, now: datetime, days: int = DAYS) -> DryRun:
    """On the cases that began with the policy of its code; for a new one on those of the usual."""
    since = now - timedelta(days=days)
    rows = reader.all(RAISED, client_id=client_id, since=since, limit=MOST + 1)
    known: dict[int | None, Policy] = {None: HOUSE[USUAL]}
    for policy_id in {row.policy_id for row in rows} - {None}:
        known[policy_id] = policy_for(reader, policy_id)
    code = wanted.code if any(policy.code == wanted.code for policy in known.values()) else USUAL
    business = service_levels(reader, client_id).hours == "business"
    calendar = calendar_of_unit(reader, client_id) if business else ALWAYS_OPEN
    cases = [
        Case(
            row.reference,
            row.created_at,
            list(_told(row, known[row.policy_id], calendar, now)),
            list(_told(row, wanted, calendar, now)),
        )
        for row in rows[:MOST]
        if known[row.policy_id].code == code
    ]
    return compared(since, cases, whole=len(rows) <= MOST)


def _told(case: Escalation, policy: Policy, calendar: Calendar, now: datetime) -> Iterator[Told]:
    yield from (Told(case.created_at, whom) for whom in told_at_once(policy, case.priority))
    hours = calendar if case.priority > 0 else ALWAYS_OPEN
    over = case.resolved_at or now
    for part, target, until in (
        ("response", case.response_due_at, case.first_response_at or over),
        ("resolution", case.resolution_due_at, over),
    ):
        if target is None:
            continue
        minutes = open_time(hours, case.created_at, target) / _MINUTE
        for step in steps_of(part, Watch(minutes, hours, case.created_at, case.priority), policy.steps):
            at = case.created_at + step.after_minutes * _MINUTE
            if at < until:
                yield from (Told(at, whom) for whom in step.tell)
