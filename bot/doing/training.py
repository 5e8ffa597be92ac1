"""The verbs of managers and HR about trainings."""

from datetime import date
from typing import Any

from bot.context import Context, Reply, say
from core.executor import authorise, execute
from core.people.permissions import paths_of
from core.training.commands import MarkOnLeave, MarkTrainingDone, PromiseTraining
from core.training.counting import DayCount, count_days
from core.training.queries import count_overdue, facts_of, get_assignment, list_overdue, subject_of
from core.training.tables import OverdueRow

PAGE = 10


def overdue(context: Context) -> Reply:
    """The overdue trainings of everybody the person manages, the longest overdue first."""
    paths = paths_of(context.uow.actor, "training.read")
    count = count_days(context.uow, context.client_id, context.uow.now)
    rows = [row for path in paths for row in list_overdue(context.uow, context.client_id, path, count, limit=PAGE)]
    total = sum(count_overdue(context.uow, context.client_id, path, count) for path in paths)
    if not rows:
        return say("No training is overdue. Well done.")
    shown = sorted(rows, key=lambda row: row.due_on)[:PAGE]
    facts = {"total": total, "more": total - len(shown), "rows": [_line(row, count) for row in shown]}
    return Reply("training.list", facts)


def _line(row: OverdueRow, count: DayCount) -> dict[str, Any]:
    today = count.at(row.unit_id).today
    return {
        "reference": row.reference,
        "employee": row.employee,
        "course": row.course,
        "unit": row.unit,
        "days": count.days(row.unit_id, row.due_on),
        "promised_on": row.promised_on if row.promised_on and row.promised_on >= today else None,
        "leave_until": row.leave_until if row.leave_until and row.leave_until >= today else None,
    }


def done(context: Context, assignment: int) -> Reply:
    execute(MarkTrainingDone(assignment), context.uow)
    return _answered(context, assignment, "is marked as done")


def leave(context: Context, assignment: int, day: str) -> Reply:
    execute(MarkOnLeave(assignment, date.fromisoformat(day)), context.uow)
    return _answered(context, assignment, f"rests until {day}")


def promise(context: Context, assignment: int, day: str) -> Reply:
    execute(PromiseTraining(assignment, date.fromisoformat(day)), context.uow)
    return _answered(context, assignment, f"is promised for {day}")


def show(context: Context, assignment: int) -> Reply:
    found = get_assignment(context.uow, assignment)
    authorise(context.uow, "training.read", found.unit_id)
    return Reply("training.assignment", facts_of(context.uow, found, context.uow.now), subject_of(found), card=True)


def _answered(context: Context, assignment: int, what: str) -> Reply:
    facts = facts_of(context.uow, get_assignment(context.uow, assignment), context.uow.now)
    return say(f"✓ {facts['reference']} ({facts['employee']}, {facts['course']}) {what}.")
