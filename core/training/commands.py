"""What can be asked about trainings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.training.rows import HERE, AssignmentRow, CourseRow, LeaveRow, Source


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
class AskForExtension:
    """More time, until that day: whoever may decide is asked; if that is who asks, it is given."""

    assignment_id: int
    until: date


@dataclass(frozen=True, slots=True)
class GrantExtension:
    assignment_id: int


@dataclass(frozen=True, slots=True)
class DenyExtension:
    assignment_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DisputeEmployee:
    """Not my employee: somebody above decides whose it is."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class KeepEmployee:
    """They are where they are."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class MoveEmployee:
    assignment_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class WaiveTraining:
    assignment_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunTrainingEscalation:
    """Tell everybody once what is overdue on `today`, the client's own day: begin, go on to the end, and finish, all in one."""

    client_id: int
    today: date


@dataclass(frozen=True, slots=True)
class BeginTrainingRun:
    """Work out who is to be told what. Nobody is told yet."""

    client_id: int
    today: date


@dataclass(frozen=True, slots=True)
class GoOnWithTrainingRun:
    """Tell the next of them; once nobody is left, finish."""

    run_id: int


@dataclass(frozen=True, slots=True)
class RecordFailedRun:
    """`run_id` None: it failed before it could begin."""

    client_id: int
    today: date
    started_at: datetime
    error: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class SetTrainingSchedule:
    """`cron` in the client's time zone; empty: that of the settings again."""

    client_id: int
    cron: str


@dataclass(frozen=True, slots=True)
class PauseTrainingRun:
    """`why`: empty when a person wants it."""

    client_id: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResumeTrainingRun:
    """`anew`: also where it is not paused, as if it were started for the first time."""

    client_id: int
    anew: bool = False


@dataclass(frozen=True, slots=True)
class AskForTrainingRun:
    """Run now."""

    client_id: int


@dataclass(frozen=True, slots=True)
class ImportCourses:
    client_id: int
    rows: tuple[CourseRow, ...]


@dataclass(frozen=True, slots=True)
class ImportAssignments:
    """A later deadline of a completed training asks for it again; an empty cell takes nothing back. `rows` may be read more than
    once, and need not fit into memory."""

    client_id: int
    rows: Iterable[AssignmentRow]
    source: Source = HERE


@dataclass(frozen=True, slots=True)
class ImportLeaves:
    """Leaves of employees and of those who would be told; a leave from the same day on is the same one."""

    client_id: int
    rows: tuple[LeaveRow, ...]


@dataclass(frozen=True, slots=True)
class CreateListLink:
    """To the person's list of overdue trainings as a file."""

    person_id: int
