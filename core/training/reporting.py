"""How a run ended, for whoever asked for it; and how it all stands, for whoever watches."""

from dataclasses import dataclass
from datetime import datetime

from core.outbox.notify import Notification, tell_person
from core.people.queries import get_unit
from core.scheduling.queries import find_kept
from core.statements import Reader
from core.training.run import subject_of_run
from core.training.runs import list_runs
from core.training.schedule import Schedule, expression_of, schedule_of
from core.training.tables import TrainingRun
from core.unit_of_work import UnitOfWork

TEST_MODE = "test_mode"


@dataclass(frozen=True, slots=True)
class RunStatus:
    """`last`: the newest run, which may be going on. `test_mode`: where everything goes instead of to anybody; empty: it is off."""

    schedule: Schedule
    cron: str
    time_zone: str
    test_mode: str
    last: TrainingRun | None

    @property
    def next_at(self) -> datetime | None:
        return None if self.schedule.paused_at else self.schedule.next_at


def status_of(reader: Reader, client_id: int) -> RunStatus:
    schedule, last = schedule_of(reader, client_id), list_runs(reader, client_id, 1)
    zone = get_unit(reader, client_id).time_zone
    test_mode = str(find_kept(reader, TEST_MODE) or "")
    return RunStatus(schedule, expression_of(reader, schedule), zone, test_mode, last[0] if last else None)


def facts_of_status(status: RunStatus) -> dict[str, object]:
    last, schedule = status.last, status.schedule
    return {
        "cron": status.cron,
        "zone": status.time_zone,
        "test_mode": status.test_mode,
        "next_at": status.next_at,
        "paused_at": schedule.paused_at,
        "paused_why": schedule.paused_why,
        "failures": schedule.failures,
        "asked": schedule.asked_at is not None,
        "last": last and {"at": last.started_at, "outcome": last.outcome, "error": last.error, **last.counts},
    }


def report_to(uow: UnitOfWork, person_id: int, client_id: int) -> None:
    """The newest run's outcome, to one person."""
    status = status_of(uow, client_id)
    if status.last:
        subject = subject_of_run(status.last.id, client_id)
        tell_person(uow, person_id, Notification("training.run_status", facts_of_status(status), subject))
