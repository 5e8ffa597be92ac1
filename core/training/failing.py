"""A run that failed is written down; after three in a row none comes by itself any more, and somebody hears of it."""

from core.audit.record import record
from core.outbox.choosing import list_ways
from core.outbox.notify import URGENT, Notification, chat_of, tell_chat
from core.people.queries import get_unit, list_holders
from core.training import events, runs
from core.training.commands import PauseTrainingRun, RecordFailedRun
from core.training.run import subject_of_run
from core.training.schedule import Schedule, pause, put, schedule_of
from core.unit_of_work import UnitOfWork

MOST_IN_A_ROW = 3
DIGESTS_LEAVE_ON = "whatsapp"
"""The alarm takes another channel where the admin has one: what made the runs fail may sit there."""


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


def tell_operators(uow: UnitOfWork, client_id: int, template: str, facts: dict[str, object]) -> int:
    """The client's admins (else its owners), each on a channel the digests do not take where they have one; how many were told."""
    today = uow.now.date()
    people = list_holders(uow, client_id, "admin", today) or list_holders(uow, client_id, "owner", today)
    notification, told = Notification(template, facts, urgency=URGENT), 0
    for person in people:
        ways = sorted(list_ways(uow, person.id), key=lambda way: way.channel == DIGESTS_LEAVE_ON)
        if ways:
            told += tell_chat(uow, chat_of(uow, person, ways[0]), notification, person_id=person.id) is not None
    return told
