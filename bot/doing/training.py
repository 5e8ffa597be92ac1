"""The verbs of managers and HR about trainings."""

from datetime import date

from bot.context import Context, Reply, say
from core.executor import authorise, execute
from core.training.commands import MarkOnLeave, MarkTrainingDone, PromiseTraining
from core.training.queries import facts_of, get_assignment, subject_of


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
