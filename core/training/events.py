"""What can have happened to trainings."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class TrainingDone:
    kind: ClassVar[str] = "training.done"
    by: str


@dataclass(frozen=True, slots=True)
class EmployeeOnLeave:
    kind: ClassVar[str] = "training.on_leave"
    by: str
    until: date


@dataclass(frozen=True, slots=True)
class TrainingPromised:
    kind: ClassVar[str] = "training.promised"
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class ExtensionAsked:
    kind: ClassVar[str] = "training.extension_asked"
    by: str
    until: date


@dataclass(frozen=True, slots=True)
class TrainingExtended:
    kind: ClassVar[str] = "training.extended"
    by: str
    until: date


@dataclass(frozen=True, slots=True)
class ExtensionDenied:
    kind: ClassVar[str] = "training.extension_denied"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EmployeeDisputed:
    kind: ClassVar[str] = "training.disputed"
    by: str


@dataclass(frozen=True, slots=True)
class EmployeeKept:
    kind: ClassVar[str] = "training.kept"
    by: str


@dataclass(frozen=True, slots=True)
class EmployeeMoved:
    kind: ClassVar[str] = "training.moved"
    by: str
    from_unit: str
    to_unit: str


@dataclass(frozen=True, slots=True)
class TrainingWaived:
    kind: ClassVar[str] = "training.waived"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TrainingRunDone:
    kind: ClassVar[str] = "training.run_done"
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class TrainingRunFailed:
    kind: ClassVar[str] = "training.run_failed"
    error: str


@dataclass(frozen=True, slots=True)
class TrainingScheduleSet:
    """`cron`: in the client's time zone."""

    kind: ClassVar[str] = "training.scheduled"
    cron: str


@dataclass(frozen=True, slots=True)
class TrainingRunPaused:
    kind: ClassVar[str] = "training.paused"
    why: str = ""


@dataclass(frozen=True, slots=True)
class TrainingRunResumed:
    kind: ClassVar[str] = "training.resumed"


@dataclass(frozen=True, slots=True)
class TrainingsImported:
    """`what`: courses or assignments."""

    kind: ClassVar[str] = "training.imported"
    what: str
    added: int
    changed: int
    unchanged: int
