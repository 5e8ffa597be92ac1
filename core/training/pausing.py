"""Whether a client's daily run comes by itself. A paused run can still be started by hand."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.audit.record import Subject, record
from core.people.queries import get_unit
from core.rule import Rule
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PauseTrainingRun:
    client_id: int


@dataclass(frozen=True, slots=True)
class ResumeTrainingRun:
    client_id: int


@dataclass(frozen=True, slots=True)
class TrainingRunPaused:
    kind: ClassVar[str] = "training.paused"


@dataclass(frozen=True, slots=True)
class TrainingRunResumed:
    kind: ClassVar[str] = "training.resumed"


def is_paused(reader: Reader, client_id: int) -> bool:
    return bool(find_kept(reader, f"training_paused:{client_id}"))


def pause(command: PauseTrainingRun, uow: UnitOfWork) -> None:
    _keep(uow, command.client_id, TrainingRunPaused(), paused=True)


def resume(command: ResumeTrainingRun, uow: UnitOfWork) -> None:
    _keep(uow, command.client_id, TrainingRunResumed(), paused=False)


def _keep(uow: UnitOfWork, client_id: int, event: Any, *, paused: bool) -> None:
    if is_paused(uow, client_id) == paused:
        return
    keep(uow, f"training_paused:{client_id}", paused)
    client = get_unit(uow, client_id)
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), event)


RULES = {
    PauseTrainingRun: Rule(pause, "training.run", lambda command, _: command.client_id),
    ResumeTrainingRun: Rule(resume, "training.run", lambda command, _: command.client_id),
}
