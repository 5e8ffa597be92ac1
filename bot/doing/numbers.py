"""stats: how well tickets are answered and repaired, what it costs; and what is open besides."""

from datetime import timedelta
from typing import Any

from bot.context import Choice, Context, Reply, say
from bot.doing.escalation_numbers import escalation_stats
from core.errors import Forbidden
from core.escalations.queries import list_queue as list_escalations
from core.people.permissions import ROLES_WITH, paths_of, who_may
from core.people.queries import find_unit, get_unit
from core.tickets.counting import Cohort, Dimension, list_answers, list_figures, total_of
from core.tickets.figures import Figures, average, share
from core.tickets.rules import ticket_rules
from core.training.counting import count_days
from core.training.queries import count_overdue

DAYS = 30
SHOWN = 10
MOST_OPEN = 1000
BY: dict[str, str] = {
    "branch": "branch",
    "subcategory": "kind of problem",
    "month": "month",
    "technician": "technician",
}

Asked = dict[str, Any]


def stats(context: Context, numbers: Asked | None = None) -> Reply:
    asked = numbers or {}
    if _about_escalations(context, asked):
        return escalation_stats(context, asked)
    lines = [] if asked else _other_lines(context)
    cohort = _cohort(context, asked)
    if cohort is None:
        if asked:
            raise Forbidden(f"You may not see that. {who_may('ticket.count')}")
        return say("\n".join(lines) or "There are no numbers for your role yet.", Choice("Queue", "queue"))
    by: Dimension = asked.get("by", "all")
    total = total_of(context.uow, cohort, context.uow.now)
    rows = list_figures(context.uow, cohort, by, context.uow.now) if by != "all" else []
    facts = {
        "lines": lines,
        "own": bool(cohort.technician_id),
        "days": asked.get("days", DAYS),
        "place": _place(context, asked, cohort),
        "repeat_days": cohort.repeat_days,
        "by": BY.get(by, ""),
        "total": _facts(total),
        "rows": [_facts(one) for one in rows[:SHOWN]],
        "more": len(rows) - SHOWN,
        "answers": _answers(context, cohort) if cohort.technician_id or by == "technician" else {},
        "choices": [] if cohort.technician_id or by != "all" else [_choice(name, asked) for name in BY],
    }
    return Reply("ticket.stats", facts)


def _about_escalations(context: Context, asked: Asked) -> bool:
    """Also for those who have nothing else to count."""
    actor = context.uow.actor
    only = not asked and not actor.has_role("technician", *ROLES_WITH["ticket.count"], *ROLES_WITH["training.read"])
    return "of" in asked or (only and actor.has_role(*ROLES_WITH["escalation.work"]))


def _cohort(context: Context, asked: Asked) -> Cohort | None:
    """The places whose numbers are the asker's business; a technician's own work; None for everybody else."""
    uow, actor = context.uow, context.uow.actor
    paths, own = tuple(paths_of(actor, "ticket.count")), 0
    if not paths and actor.has_role("technician"):
        paths, own = (get_unit(uow, context.client_id).path,), context.person.id
    if not paths:
        return None
    if code := asked.get("unit"):
        unit = find_unit(uow, context.client_id, code)
        assert unit is not None
        if not own and not actor.covers(unit.path, ROLES_WITH["ticket.count"]):
            raise Forbidden(f"You may not see that at {unit.name}. {who_may('ticket.count')}")
        paths = (unit.path,)
    since = uow.now - timedelta(days=asked.get("days", DAYS))
    days = ticket_rules(uow, context.client_id).repeat_days
    return Cohort(context.client_id, paths, since, uow.now + timedelta(seconds=1), days, own)


def _place(context: Context, asked: Asked, cohort: Cohort) -> str:
    if cohort.technician_id:
        return context.person.name
    unit = find_unit(context.uow, context.client_id, asked["unit"]) if "unit" in asked else None
    return unit.name if unit else ""


def _facts(one: Figures) -> dict[str, Any]:
    return {
        "name": f"{one.name[:4]}-{one.name[4:]}" if one.name.isdigit() else one.name,
        "opened": one.opened,
        "closed": one.closed,
        "cancelled": one.cancelled,
        "open": one.open,
        "overdue": one.overdue,
        "answered": share(one.response_met, one.response_met + one.response_missed),
        "answered_after": average(one.response_minutes, one.responses),
        "repaired": share(one.resolution_met, one.resolution_met + one.resolution_missed),
        "repaired_after": average(one.repair_minutes, one.repairs),
        "first": share(one.fixed_first, one.closed),
        "reworked": one.reworked,
        "repeated": one.repeated,
        "costs": [{"currency": cost.currency, "labour": cost.labour, "parts": cost.parts} for cost in one.costs],
    }


def _answers(context: Context, cohort: Cohort) -> dict[str, Any]:
    """By name: what technicians answered to their offers."""
    return {
        one.name: {"offered": one.offered, "declined": one.declined, "missed": one.missed}
        for one in list_answers(context.uow, cohort)
    }


def _choice(by: str, asked: Asked) -> dict[str, str]:
    said = [f'"{code}"' if " " in code else code for code in [asked.get("unit", "")] if code]
    days = [f"{asked['days']} days"] if "days" in asked else []
    command = " ".join(["stats", by, *said, *days])
    return {"label": f"By {by}" if by != "subcategory" else "By kind", "command": command}


def _other_lines(context: Context) -> list[str]:
    uow, actor = context.uow, context.uow.actor
    lines = []
    if actor.has_role(*ROLES_WITH["escalation.read"]):
        lines.append(f"Open escalations: {len(list_escalations(uow, context.client_id, MOST_OPEN))}")
    paths = paths_of(actor, "training.read")
    count = count_days(uow, context.client_id, uow.now) if paths else None
    overdue = [count_overdue(uow, context.client_id, path, count) for path in paths if count]
    return [*lines, *([f"Overdue trainings: {sum(overdue)}"] if overdue else [])]
