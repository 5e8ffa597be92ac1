"""What can be asked about trainings."""

from dataclasses import dataclass
from datetime import date, datetime

from core.training.rows import AssignmentRow, CourseRow


@dataclass(frozen=True, slots=True)
class MarkTrainingDone:
    assignment_id: int


@dataclass(frozen=True, slots=True)
class MarkOnLeave:
    """The employee is away up to and including `until`: all their open trainings pause, and what was promised is off."""

    assignment_id: int
    until: date


@dataclass(frozen=True, slots=True)
class PromiseTraining:
    """It will be done by `on`; until then nobody is told."""

    assignment_id: int
    on: date


@dataclass(frozen=True, slots=True)
class RunTrainingEscalation:
    """Tell everybody once what is overdue on `today`, the client's own day."""

    client_id: int
    today: date


@dataclass(frozen=True, slots=True)
class RecordFailedRun:
    client_id: int
    today: date
    started_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class ImportCourses:
    client_id: int
    rows: tuple[CourseRow, ...]


@dataclass(frozen=True, slots=True)
class ImportAssignments:
    """A later deadline of a completed training asks for it again; an empty `completed_on` takes nothing back."""

    client_id: int
    rows: tuple[AssignmentRow, ...]
