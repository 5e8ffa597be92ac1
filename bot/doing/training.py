"""The verbs of managers and HR about trainings, for one or for several at once."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bot.context import Context, Reply, say
from channels.rendering import render
from core.errors import Conflict
from core.executor import authorise, execute
from core.people.queries import get_unit
from core.training.answering import closed
from core.training.commands import (
    AskForExtension,
    DenyExtension,
    DisputeEmployee,
    GrantExtension,
    KeepEmployee,
    MarkOnLeave,
    MarkTrainingDone,
    MoveEmployee,
    PromiseTraining,
    WaiveTraining,
)
from core.training.queries import facts_of, get_assignment, subject_of

NAMED = 5


def done(context: Context, assignments: list[int]) -> Reply:
    return _each(context, assignments, MarkTrainingDone, "done")


def leave(context: Context, assignments: list[int], day: str) -> Reply:
    until = date.fromisoformat(day)
    return _each(context, assignments, lambda id_: MarkOnLeave(id_, until), "leave", until)


def promise(context: Context, assignments: list[int], day: str) -> Reply:
    on = date.fromisoformat(day)
    return _each(context, assignments, lambda id_: PromiseTraining(id_, on), "promise", on)


def extend(context: Context, assignments: list[int], day: str) -> Reply:
    """Whoever may decide has decided; for everybody else it is a question."""
    until = date.fromisoformat(day)
    answer = _each(context, assignments, lambda id_: AskForExtension(id_, until), "extend", until)
    if all(get_assignment(context.uow, id_).asked_until is None for id_ in assignments):
        return answer
    return _answered(context, assignments, "asked", until)


def several(context: Context, picked: list[int], answer: str, day: str) -> Reply:
    """`day` is empty for an answer that needs none."""
    if answer in WITH_DAY:
        return WITH_DAY[answer](context, picked, day)
    return WITHOUT_DAY[answer](context, picked)


def not_mine(context: Context, assignments: list[int]) -> Reply:
    """One word about an employee is enough, however many of their trainings are named."""
    by_employee = {get_assignment(context.uow, id_).employee_id: id_ for id_ in reversed(assignments)}
    return _each(context, list(by_employee.values()), DisputeEmployee, "not_mine")


def grant(context: Context, assignments: list[int]) -> Reply:
    return _each(context, assignments, GrantExtension, "grant")


def deny(context: Context, assignment: int, reason: str = "") -> Reply:
    execute(DenyExtension(assignment, reason), context.uow)
    return _answered(context, [assignment], "deny")


def keep(context: Context, assignment: int) -> Reply:
    found = execute(KeepEmployee(assignment), context.uow)
    return say(f"✓ {found.employee} stays at {found.unit}.")


def move(context: Context, assignment: int, branch: int) -> Reply:
    found = execute(MoveEmployee(assignment, branch), context.uow)
    return say(f"✓ {found.employee} is at {get_unit(context.uow, branch).name} now, and whoever manages it was told.")


def waive(context: Context, assignment: int, reason: str = "") -> Reply:
    execute(WaiveTraining(assignment, reason), context.uow)
    return _answered(context, [assignment], "waive")


def show(context: Context, assignment: int) -> Reply:
    found = get_assignment(context.uow, assignment)
    authorise(context.uow, "training.read", found.unit_id)
    return Reply("training.assignment", facts_of(context.uow, found, context.uow.now), subject_of(found), card=True)


WITH_DAY: dict[str, Callable[[Context, list[int], str], Reply]] = {"promise": promise, "leave": leave, "extend": extend}
WITHOUT_DAY: dict[str, Callable[[Context, list[int]], Reply]] = {"done": done, "not-mine": not_mine}


def _each(
    context: Context, assignments: list[int], command: Callable[[int], Any], answer: str, on: date | None = None
) -> Reply:
    """Those that are closed already are named and passed over, as long as one is not. Raises Conflict when none is left."""
    late = [get_assignment(context.uow, id_) for id_ in assignments]
    over = [closed(context.uow, one) for one in late if not one.is_open]
    open_ones = [one.id for one in late if one.is_open]
    if not open_ones:
        raise Conflict(" ".join(over))
    for id_ in open_ones:
        execute(command(id_), context.uow)
    return _answered(context, open_ones, answer, on, over)


def _answered(
    context: Context, assignments: list[int], answer: str, on: date | None = None, over: Sequence[str] = ()
) -> Reply:
    """Of many only how many they are, and the first. `over`: sentences about those that were closed already."""
    found = [get_assignment(context.uow, id_) for id_ in assignments[:NAMED]]
    facts = {
        "answer": answer,
        "on": on and on.isoformat(),
        "count": len(assignments),
        "assignments": [{"reference": one.reference, "employee": one.employee, "course": one.course} for one in found],
        "over": list(over),
    }
    toast = render("training.answered", facts, language=context.here.language).notice[:190]
    return Reply("training.answered", facts, toast=toast)
