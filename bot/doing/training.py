"""The verbs of managers and HR about trainings, for one or for several at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.context import Context, Reply, say
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
    return _each(context, assignments, MarkTrainingDone, ("is marked as done", "are marked as done"))


def leave(context: Context, assignments: list[int], day: str) -> Reply:
    until = date.fromisoformat(day)
    return _each(context, assignments, lambda id_: MarkOnLeave(id_, until), (f"rests until {day}", f"rest until {day}"))


def promise(context: Context, assignments: list[int], day: str) -> Reply:
    on = date.fromisoformat(day)
    words = (f"is promised for {day}", f"are promised for {day}")
    return _each(context, assignments, lambda id_: PromiseTraining(id_, on), words)


def extend(context: Context, assignments: list[int], day: str) -> Reply:
    """Whoever may decide has decided; for everybody else it is a question."""
    until = date.fromisoformat(day)
    words = (f"has time until {day}", f"have time until {day}")
    answer = _each(context, assignments, lambda id_: AskForExtension(id_, until), words)
    if all(get_assignment(context.uow, id_).asked_until is None for id_ in assignments):
        return answer
    return say(f"⏳ I have asked for time until {day}: {_named(context, assignments)}. You hear what is decided.")


def not_mine(context: Context, assignments: list[int]) -> Reply:
    """One word about an employee is enough, however many of their trainings are named."""
    by_employee = {get_assignment(context.uow, id_).employee_id: id_ for id_ in reversed(assignments)}
    words = ("is being decided", "are being decided")
    return _each(context, list(by_employee.values()), DisputeEmployee, words)


def grant(context: Context, assignments: list[int]) -> Reply:
    return _each(context, assignments, GrantExtension, ("has more time now", "have more time now"))


def deny(context: Context, assignment: int, reason: str = "") -> Reply:
    execute(DenyExtension(assignment, reason), context.uow)
    return say(f"✓ No more time for {_named(context, [assignment])}.")


def keep(context: Context, assignment: int) -> Reply:
    found = execute(KeepEmployee(assignment), context.uow)
    return say(f"✓ {found.employee} stays at {found.unit}.")


def move(context: Context, assignment: int, branch: int) -> Reply:
    found = execute(MoveEmployee(assignment, branch), context.uow)
    return say(f"✓ {found.employee} is at {get_unit(context.uow, branch).name} now, and whoever manages it was told.")


def waive(context: Context, assignment: int, reason: str = "") -> Reply:
    execute(WaiveTraining(assignment, reason), context.uow)
    return say(f"✓ {_named(context, [assignment])} is waived.")


def show(context: Context, assignment: int) -> Reply:
    found = get_assignment(context.uow, assignment)
    authorise(context.uow, "training.read", found.unit_id)
    return Reply("training.assignment", facts_of(context.uow, found, context.uow.now), subject_of(found), card=True)


def _each(context: Context, assignments: list[int], command: Callable[[int], Any], words: tuple[str, str]) -> Reply:
    """Those that are closed already are named and passed over, as long as one is not. Raises Conflict when none is left."""
    late = [get_assignment(context.uow, id_) for id_ in assignments]
    over = [closed(context.uow, one) for one in late if not one.is_open]
    open_ones = [one.id for one in late if one.is_open]
    if not open_ones:
        raise Conflict(" ".join(over))
    for id_ in open_ones:
        execute(command(id_), context.uow)
    verb = words[0] if len(open_ones) == 1 else words[1]
    return say(" ".join([f"✓ {_named(context, open_ones)} {verb}.", *over]))


def _named(context: Context, assignments: list[int]) -> str:
    """'TRN-7 (Lena Vogt, Food safety)'; of many only how many they are, and the first."""
    found = [get_assignment(context.uow, id_) for id_ in assignments[:NAMED]]
    if len(found) == 1:
        return f"{found[0].reference} ({found[0].employee}, {found[0].course})"
    listed = ", ".join(f"{one.reference} ({one.employee})" for one in found)
    more = len(assignments) - len(found)
    return f"{len(assignments)} trainings: {listed}{f' and {more} more' if more else ''}"
