"""A drill: the real chain is called with texts that say DRILL, level after level where nobody answers, and the time is taken."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from core.audit.record import Subject, record
from core.errors import Conflict, Invalid, NotFound
from core.outbox.notify import Notification, tell_person, withdraw
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Reader
from core.training import drill_queries as queries
from core.training.counting import DayCount, count_days
from core.training.drill_tables import Drill, DrillCall
from core.training.recipients import Recipients
from core.unit_of_work import UnitOfWork

MINUTES = 15
SHOWN = 15


@dataclass(frozen=True, slots=True)
class StartDrill:
    """Of all branches below the unit. `minutes`: how long each level has to answer."""

    unit_id: int
    minutes: int = MINUTES


@dataclass(frozen=True, slots=True)
class ClimbDrill:
    """Call the next level for the branches that are silent; end it when there is none."""

    client_id: int
    drill_id: int


@dataclass(frozen=True, slots=True)
class AnswerDrill:
    """Whoever was called is there."""

    client_id: int
    drill_id: int


@dataclass(frozen=True, slots=True)
class StopDrill:
    client_id: int
    drill_id: int


@dataclass(frozen=True, slots=True)
class DrillStarted:
    kind: ClassVar[str] = "training.drill_started"
    unit: str
    minutes: int


@dataclass(frozen=True, slots=True)
class DrillEnded:
    kind: ClassVar[str] = "training.drill_ended"
    branches: int
    answered: int


def start(command: StartDrill, uow: UnitOfWork) -> Drill:
    unit = get_unit(uow, command.unit_id)
    if not 1 <= command.minutes <= 24 * 60:
        raise Invalid("Each level has one minute to a day to answer.", field="minutes")
    running = next((one for one in queries.list_drills(uow, unit.client_id) if one.ended_at is None), None)
    if running:
        raise Conflict(f"{running.reference} goes on since {running.started_at:%H:%M} UTC. Stop it first.")
    row = uow.one(
        queries.NEW, client_id=unit.client_id, unit_id=unit.id, minutes=command.minutes, started_at=uow.now,
        started_by=uow.actor.person_id, started_by_name=uow.actor.name, level=0, due_at=uow.now,
    )  # fmt: skip
    drill = queries.get_drill(uow, row.id, unit.client_id)
    record(uow, subject_of(drill), DrillStarted(unit.name, command.minutes))
    _climb(uow, drill)
    started = queries.get_drill(uow, drill.id, drill.client_id)
    if not queries.list_calls(uow, drill.id):
        raise NotFound(f"There is nobody to call at {unit.name}: no branch, or nobody with an address.")
    return started


def climb(command: ClimbDrill, uow: UnitOfWork) -> Drill:
    drill = queries.get_drill(uow, command.drill_id, command.client_id)
    if drill.ended_at is None and drill.due_at <= uow.now:
        _climb(uow, drill)
    return queries.get_drill(uow, drill.id, drill.client_id)


def answer(command: AnswerDrill, uow: UnitOfWork) -> Drill:
    drill = queries.get_drill(uow, command.drill_id, command.client_id)
    calls = [call for call in queries.list_calls(uow, drill.id) if call.person_id == uow.actor.person_id]
    if not calls:
        raise NotFound(f"You were not called in {drill.reference}.")
    if drill.ended_at:
        raise Conflict(f"{drill.reference} is over since {drill.ended_at:%d.%m. %H:%M} UTC. Nothing is left to do.")
    uow.run(queries.ANSWER, id_=drill.id, person_id_=uow.actor.person_id, now=uow.now)
    if not uow.all(queries.SILENT, id=drill.id, pattern=_pattern(uow, drill)):
        _end(uow, drill)
    return queries.get_drill(uow, drill.id, drill.client_id)


def stop(command: StopDrill, uow: UnitOfWork) -> Drill:
    drill = queries.get_drill(uow, command.drill_id, command.client_id)
    _end(uow, drill)
    return queries.get_drill(uow, drill.id, drill.client_id)


def _climb(uow: UnitOfWork, drill: Drill) -> None:
    """Levels at which nobody new is to be called are passed over at once."""
    count = count_days(uow, drill.client_id, uow.now)
    silent = uow.all(queries.SILENT, id=drill.id, pattern=_pattern(uow, drill))
    for level in range(drill.level + 1, count.policy.top + 1):
        called = _call(uow, drill, level, silent, count)
        if called:
            due = uow.now + timedelta(minutes=drill.minutes)
            uow.first(queries.ADVANCE, id_=drill.id, seen=drill.level, level_=level, due=due)
            return
    _end(uow, drill)


def _call(uow: UnitOfWork, drill: Drill, level: int, silent: list[Any], count: DayCount) -> int:
    recipients = Recipients(uow, drill.client_id, count)
    known = {call.person_id for call in queries.list_calls(uow, drill.id)}
    branches: defaultdict[int, list[Any]] = defaultdict(list)
    for branch in silent:
        for person in recipients.of(branch.id, level):
            if person.id not in known:
                branches[person.id].append(branch)
    rows = [
        {"drill_id": drill.id, "unit_id": branch.id, "person_id": person_id, "level": level, "called_at": uow.now}
        for person_id, own in branches.items()
        for branch in own
    ]
    uow.run_many(queries.CALL, rows)
    for person_id, own in branches.items():
        tell_person(uow, person_id, _notification(drill, level, [branch.name for branch in own]))
    return len(branches)


def _notification(drill: Drill, level: int, branches: list[str]) -> Notification:
    facts = {
        "reference": drill.reference,
        "number": drill.id,
        "by": drill.started_by_name,
        "level": level,
        "minutes": drill.minutes,
        "branches": branches[:SHOWN],
        "more": len(branches) - len(branches[:SHOWN]),
    }
    return Notification("training.drill", facts, subject_of(drill))


def _end(uow: UnitOfWork, drill: Drill) -> None:
    if uow.first(queries.END, id_=drill.id, now=uow.now) is None:
        return
    withdraw(uow, subject_of(drill), "training.drill")
    facts = facts_of_result(uow, queries.get_drill(uow, drill.id, drill.client_id))
    record(uow, subject_of(drill), DrillEnded(facts["branches"], facts["answered"]))
    if drill.started_by is not None:
        tell_person(uow, drill.started_by, Notification("training.drill_result", facts, subject_of(drill)))


def facts_of_result(reader: Reader, drill: Drill) -> dict[str, Any]:
    """Per branch the first who answered; else who was called in vain."""
    by_branch: defaultdict[int, list[DrillCall]] = defaultdict(list)
    for call in queries.list_calls(reader, drill.id):
        by_branch[call.unit_id].append(call)
    lines = [_line(calls) for calls in by_branch.values()]
    answered = sorted(line["seconds"] for line in lines if line["seconds"] is not None)
    return {
        "reference": drill.reference,
        "number": drill.id,
        "unit": get_unit(reader, drill.unit_id).name,
        "started_at": drill.started_at,
        "ended_at": drill.ended_at,
        "branches": len(lines),
        "answered": len(answered),
        "fastest": answered[0] if answered else None,
        "median": answered[len(answered) // 2] if answered else None,
        "lines": sorted(lines, key=lambda line: (line["seconds"] is not None, -(line["seconds"] or 0)))[:SHOWN],
        "more": len(lines) - len(lines[:SHOWN]),
    }


def _line(calls: list[DrillCall]) -> dict[str, Any]:
    """`seconds`: from the first call for the branch to the first answer."""
    answers = [call for call in calls if call.answered_at]
    first = min(answers, key=lambda call: call.answered_at or call.called_at) if answers else None
    began = min(call.called_at for call in calls)
    seconds = int((first.answered_at - began).total_seconds()) if first and first.answered_at else None
    return {
        "branch": calls[0].unit,
        "by": first.person if first else None,
        "level": first.level if first else None,
        "seconds": seconds,
        "called": [call.person for call in calls],
    }


def subject_of(drill: Drill) -> Subject:
    return Subject("drill", drill.id, drill.reference, drill.client_id, drill.unit_id)


def _pattern(reader: Reader, drill: Drill) -> str:
    return f"{get_unit(reader, drill.unit_id).path}%"


def _unit_of(command: Any, reader: Reader) -> int:
    return queries.get_drill(reader, command.drill_id, command.client_id).unit_id


RULES = {
    StartDrill: Rule(start, "training.run", lambda command, _: command.unit_id),
    ClimbDrill: Rule(climb, "training.run", _unit_of),
    StopDrill: Rule(stop, "training.run", _unit_of),
    AnswerDrill: Rule(answer, "people.prove", lambda _command, _: None),
}
