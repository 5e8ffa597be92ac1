"""The training run of every client, one after the other; a client whose run fails leaves a row that says why."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from core.actor import SYSTEM, Actor
from core.database import Database
from core.errors import DomainError
from core.executor import execute
from core.people.queries import CLIENTS, get_unit
from core.people.tables import Unit
from core.statements import Reader
from core.training.commands import RecordFailedRun, RunTrainingEscalation
from core.training.pausing import is_paused
from core.training.run import TrainingReport
from core.unit_of_work import UnitOfWork


async def run_training_escalation(
    database: Database, client_id: int | None = None, actor: Actor = SYSTEM, *, by_itself: bool = False
) -> list[TrainingReport]:
    """`client_id` None: every client; when it comes `by_itself`, those only whose run is not paused. Each run is for the client's
    own day; running again on that day tells nobody twice.

    Raises an ExceptionGroup when runs have failed, after the other clients had theirs; DomainError when `actor` may not.
    """
    reports: list[TrainingReport] = []
    failures: list[Exception] = []
    for client in await database.read(partial(_list_clients, client_id, by_itself)):
        started_at = database.clock.now()
        today = started_at.astimezone(ZoneInfo(client.time_zone)).date()
        run = RunTrainingEscalation(client.id, today)
        try:
            reports.append(await database.write(partial(_as, actor, run)))
        except DomainError:
            raise
        except Exception as failure:  # noqa: BLE001 - kept and raised below: it must not cost the other clients their run
            failures.append(failure)
            reason = f"{type(failure).__name__}: {failure}"
            failed = RecordFailedRun(client.id, today, started_at, reason)
            await database.write(partial(_as, SYSTEM, failed))
    if failures:
        raise ExceptionGroup("training runs failed", failures)
    return reports


def _as(actor: Actor, command: RunTrainingEscalation | RecordFailedRun, uow: UnitOfWork) -> Any:
    uow.actor = actor
    return execute(command, uow)


def _list_clients(client_id: int | None, by_itself: bool, reader: Reader) -> Sequence[Unit]:
    clients = reader.all(CLIENTS) if client_id is None else [get_unit(reader, client_id)]
    return [client for client in clients if not (by_itself and is_paused(reader, client.id))]
