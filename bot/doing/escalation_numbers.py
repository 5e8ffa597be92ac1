"""stats escalations: how many, how fast, how well; an agent's own, everybody's for leads."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context, Reply
from core.errors import Forbidden
from core.escalations.figures import Figures, average, months_of, share, whole_period
from core.escalations.numbers import Cohort, Dimension, list_figures, total_of
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_unit
from core.praise.queries import work_of

DAYS = 30
SHOWN = 10
GROUPS = ("team", "agent", "reason", "month")


def escalation_stats(context: Context, asked: dict[str, Any]) -> Reply:
    uow, actor = context.uow, context.uow.actor
    own = not actor.has_role(*ROLES_WITH["escalation.count"])
    if own and not actor.has_role(*ROLES_WITH["escalation.work"]):
        raise Forbidden(f"You may not see that. {who_may('escalation.count')}")
    zone, days = get_unit(uow, context.client_id).time_zone, asked.get("days", DAYS)
    last = uow.now.astimezone(ZoneInfo(zone)).date()
    first = last - timedelta(days=days - 1)
    person = context.person.id if own else 0
    whole = Cohort(context.client_id, (whole_period(first, last, zone),), person_id=person)
    by: Dimension = asked.get("by", "all")
    months = Cohort(context.client_id, months_of(first, last, zone), person_id=person)
    rows = list_figures(uow, months if by == "month" else whole, by) if by != "all" else []
    facts = {
        "own": own,
        "work": asdict(work_of(uow, person, uow.now - timedelta(days=days))) if own else None,
        "days": days,
        "by": "" if by == "all" else by,
        "total": _facts(total_of(uow, whole)),
        "rows": [_facts(one) for one in rows[:SHOWN]],
        "more": len(rows) - SHOWN,
        "choices": [] if own or by != "all" else [f"stats escalations {group} {days} days" for group in GROUPS],
    }
    return Reply("escalation.stats", facts)


def _facts(one: Figures) -> dict[str, Any]:
    return {
        "name": one.name,
        "raised": one.raised,
        "resolved": one.resolved,
        "open": one.open,
        "rate": one.rate,
        "in_time": share(one.in_time, one.in_time + one.too_late),
        "escalated_after": average(one.escalate_minutes, one.measured),
        "answered_after": average(one.answer_minutes, one.answered),
        "resolved_after": average(one.resolve_minutes, one.resolved),
        "accuracy": one.accuracy,
        "satisfaction": one.satisfaction,
        "rated": one.rated,
        "recommend": one.recommend,
    }
