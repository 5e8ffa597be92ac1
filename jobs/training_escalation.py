"""The training runs that are due, one client after the other; a client whose run fails leaves a row that says why."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from core.actor import SYSTEM, Actor
from core.clock import Clock
from core.database import Database
from core.errors import Conflict, DomainError
from core.executor import execute
from core.people.queries import CLIENTS, get_unit
from core.people.tables import Unit
from core.statements import Reader
from core.training import runs
from core.training.commands import BeginTrainingRun, GoOnWithTrainingRun, RecordFailedRun
from core.training.reporting import report_to
from core.training.run import STUCK_AFTER, TrainingReport
from core.training.schedule import Schedule, put, schedule_of, take_due
from core.training.tables import TrainingRun
from core.unit_of_work import UnitOfWork

Show = Callable[[int, int], None]
"""Called with how many people a run is done with, and how many there are."""


def _unseen(_done: int, _people: int) -> None:
    pass


async def run_due_trainings(database: Database) -> list[TrainingReport]:
    """Those whose moment has come or that somebody asked for; and those that stopped in the middle go on where they stood, or begin
    anew where their day is over.

    Raises as `run_training_escalation` does."""
    reports, failures = [], []
    since = database.clock.now() - STUCK_AFTER
    for stuck in await database.read(lambda reader: runs.list_stuck(reader, since)):
        if await database.write(partial(_begin_anew, stuck)):
            continue
        try:
            reports.append(await _to_the_end(database, stuck.id, SYSTEM))
        except Exception as failure:  # noqa: BLE001 - kept and raised below
            failures.append(await _failed(database, stuck.client_id, stuck.run_on, stuck.started_at, failure, stuck.id))
    for due in await database.write(take_due):
        try:
            reports += await run_training_escalation(database, due.client_id)
        except Conflict:  # one goes on already
            continue
        except ExceptionGroup as group:
            failures += group.exceptions
        await database.write(partial(_tell_asker, due))
    if failures:
        raise ExceptionGroup("training runs failed", failures)
    return reports


async def run_training_escalation(
    database: Database, client_id: int | None = None, actor: Actor = SYSTEM, show: Show = _unseen
) -> list[TrainingReport]:
    """`client_id` None: every client. Each run is for the client's own day; running again on that day tells nobody twice.

    Raises an ExceptionGroup when runs have failed, after the other clients had theirs; DomainError when `actor` may not, or when a
    run goes on already.
    """
    reports: list[TrainingReport] = []
    failures: list[Exception] = []
    for client in await database.read(partial(_list_clients, client_id)):
        started_at, today, run_id = database.clock.now(), today_of(client, database.clock), None
        try:
            begun = await database.write(partial(_as, actor, BeginTrainingRun(client.id, today)))
            run_id = begun.run_id
            reports.append(await _to_the_end(database, run_id, actor, show))
        except DomainError:
            raise
        except Exception as failure:  # noqa: BLE001 - kept and raised below: it must not cost the other clients their run
            failures.append(await _failed(database, client.id, today, started_at, failure, run_id))
    if failures:
        raise ExceptionGroup("training runs failed", failures)
    return reports


def today_of(client: Unit, clock: Clock) -> date:
    return clock.now().astimezone(ZoneInfo(client.time_zone)).date()


async def _to_the_end(database: Database, run_id: int, actor: Actor, show: Show = _unseen) -> TrainingReport:
    """Part by part, so that whoever writes meanwhile waits for no more than one."""
    while True:
        ended: TrainingReport | None = await database.write(partial(_as, actor, GoOnWithTrainingRun(run_id)))
        counts = (await database.read(lambda reader: runs.get(reader, run_id))).counts
        show(counts.get("told", 0) + counts.get("told_before", 0), counts.get("people", 0))
        if ended:
            return ended


async def _failed(
    database: Database, client_id: int, today: date, started_at: datetime, failure: Exception, run_id: int | None
) -> Exception:
    failed = RecordFailedRun(client_id, today, started_at, f"{type(failure).__name__}: {failure}", run_id)
    await database.write(partial(_as, SYSTEM, failed))
    return failure


def _begin_anew(stuck: TrainingRun, uow: UnitOfWork) -> bool:
    """False on its own day. Later nobody is told what was true then, and again on the same day what is true now."""
    client, schedule = get_unit(uow, stuck.client_id), schedule_of(uow, stuck.client_id)
    if stuck.run_on >= uow.now.astimezone(ZoneInfo(client.time_zone)).date():
        return False
    runs.end(uow, stuck.id, "failed", "It was not finished on its day; the next one tells who was left.")
    if schedule.paused_at is None and schedule.asked_at is None:
        put(uow, schedule, asked_at=uow.now)
    return True


def _tell_asker(due: Schedule, uow: UnitOfWork) -> None:
    if due.asked_by is not None:
        report_to(uow, due.asked_by, due.client_id)


def _as(actor: Actor, command: Any, uow: UnitOfWork) -> Any:
    uow.actor = actor
    return execute(command, uow)


def _list_clients(client_id: int | None, reader: Reader) -> Sequence[Unit]:
    return reader.all(CLIENTS) if client_id is None else [get_unit(reader, client_id)]
