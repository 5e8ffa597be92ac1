"""A run that failed is written down; after three in a row none comes by itself any more, and somebody hears of it."""

from core.audit.record import record
from core.people.queries import get_unit
from core.training import events, runs
from core.training.commands import PauseTrainingRun, RecordFailedRun
from core.training.operators import tell_operators
from core.training.run import subject_of_run
from core.training.schedule import Schedule, pause, put, schedule_of
from core.unit_of_work import UnitOfWork

MOST_IN_A_ROW = 3


def record_failed(command: RecordFailedRun, uow: UnitOfWork) -> int:
    client_id, error, run_id = command.client_id, command.error, command.run_id
    if run_id is None:
        run_id = runs.new(uow, client_id, command.today, command.started_at, outcome="failed", error=error)
    else:
        runs.end(uow, run_id, "failed", error)
    record(uow, subject_of_run(run_id, client_id), events.TrainingRunFailed(error))
    schedule = schedule_of(uow, client_id)
    failures = schedule.failures + 1
    put(uow, schedule, failures=failures)
    if failures >= MOST_IN_A_ROW and schedule.paused_at is None:
        _give_up(uow, schedule, failures, error)
    return run_id


def _give_up(uow: UnitOfWork, schedule: Schedule, failures: int, error: str) -> None:
    why = f"{failures} runs in a row failed, the last one with: {error}"
    pause(PauseTrainingRun(schedule.client_id, why), uow)
    client = get_unit(uow, schedule.client_id)
    tell_operators(uow, client.id, "training.run_paused", {"client": client.name, "failures": failures, "error": error})
