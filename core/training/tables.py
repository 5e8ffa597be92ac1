"""Courses, employees, who owes which course by when, and every run with what it announced to whom.

`training_tellings` is what each person has been told about, from the run that first said it to the first that no longer did.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.schema import JSONText, UTCDateTime, metadata, one_of, primary_key, where

OUTCOMES = ("running", "done", "failed", "held")
COUNTED = (
    "due_on",
    "id",
    "unit_id",
    "course_id",
    "promised_on",
    "leave_until",
    "disputed_on",
    "completed_on",
    "waived_on",
)
"""All that the level depends on: what is overdue is counted without a look at the assignments themselves, and listed in the order
of the first two."""
OPEN = text("completed_on IS NULL AND waived_on IS NULL")
RUNNING = text("outcome = 'running'")
UNTOLD = text("told_at IS NULL")
SAID = text("ended_run_id IS NULL")
UNSAID = text("ended_run_id IS NOT NULL")

courses = Table(
    "courses",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("client_id", "code"),
)

employees = Table(
    "employees",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("key", Text, nullable=False),  # the code in small letters
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    UniqueConstraint("client_id", "key"),
)

employee_leaves = Table(
    "employee_leaves",
    metadata,
    primary_key(),
    Column("employee_id", ForeignKey("employees.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),  # the last day
    Column("said_by", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("employee_id", "from_on"),
    CheckConstraint("from_on <= until_on", name="order"),
)

training_assignments = Table(
    "training_assignments",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("employee_id", ForeignKey("employees.id"), nullable=False),
    Column("course_id", ForeignKey("courses.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),  # the employee's, repeated for counting by unit
    Column("due_on", Date, nullable=False),  # what counts: with an extension, and without the days of a leave
    Column("recorded_due_on", Date),  # what the records say, where something has moved it
    Column("extended_to", Date),
    Column("asked_until", Date),  # an extension somebody asks for
    Column("asked_by", ForeignKey("persons.id")),
    Column("completed_on", Date),
    Column("completed_by", ForeignKey("persons.id")),  # who said so; empty when the training records did
    Column("waived_on", Date),
    Column("waived_why", Text, nullable=False, server_default=""),
    Column("disputed_on", Date),  # "not my employee": undecided since
    Column("disputed_by", ForeignKey("persons.id")),
    Column("promised_on", Date),
    Column("promised_by", ForeignKey("persons.id")),
    Column("leave_until", Date),  # the last day of the employee's leave
    Column("told_level", SmallInteger, nullable=False, server_default="0"),  # the highest level announced so far
    Column("told_on", Date),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("employee_id", "course_id"),
    CheckConstraint("(asked_until IS NULL) = (asked_by IS NULL)", name="asked"),
    CheckConstraint("(disputed_on IS NULL) = (disputed_by IS NULL)", name="disputed"),
    Index("ix_training_assignments_due", "client_id", *COUNTED, **where(OPEN)),
    Index("ix_training_assignments_unit", "unit_id", "completed_on", "waived_on", "due_on"),
)

training_runs = Table(
    "training_runs",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("policy_id", ForeignKey("training_policies.id")),  # under which it told; empty: the house's own
    Column("run_on", Date, nullable=False),  # the client's own day
    Column("started_at", UTCDateTime, nullable=False),
    Column("started_by", Text, nullable=False, server_default=""),  # empty: it came by itself
    Column("beat_at", UTCDateTime, nullable=False),  # when it last went on; long ago: whoever ran it is gone
    Column("finished_at", UTCDateTime),
    Column("outcome", Text, nullable=False),
    Column("counts", JSONText, nullable=False),
    Column("error", Text, nullable=False, server_default=""),
    one_of("outcome", OUTCOMES),
    Index("ix_training_runs_client", "client_id", "run_on"),
    Index("ix_training_runs_running", "beat_at", **where(RUNNING)),
)

training_schedules = Table(
    "training_schedules",
    metadata,
    Column("client_id", ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("cron", Text),  # in the client's time zone; empty: that of the settings
    Column("next_at", UTCDateTime),  # empty: still to be worked out
    Column("asked_at", UTCDateTime),  # somebody wants a run now
    Column("asked_by", ForeignKey("persons.id")),
    Column("paused_at", UTCDateTime),
    Column("paused_why", Text, nullable=False, server_default=""),
    Column("failures", SmallInteger, nullable=False, server_default="0"),  # failed runs in a row
)

training_notices = Table(
    "training_notices",
    metadata,
    primary_key(),
    Column("run_id", ForeignKey("training_runs.id"), nullable=False),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("instead_of", JSONText),  # [[name, last day of their leave], ...]: for whom this person is told
    Column("told_at", UTCDateTime),  # empty: still to be told in this run
    UniqueConstraint("run_id", "unit_id", "level", "person_id"),
    Index("ix_training_notices_person", "run_id", "person_id", "level", "unit_id"),
    Index("ix_training_notices_untold", "run_id", "person_id", **where(UNTOLD)),
)

training_tellings = Table(
    "training_tellings",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("assignment_id", ForeignKey("training_assignments.id"), nullable=False, index=True),
    Column("level", SmallInteger, nullable=False),
    Column("run_id", ForeignKey("training_runs.id"), nullable=False),  # the first that said it
    Column("ended_run_id", ForeignKey("training_runs.id")),  # the first that no longer said it
    Index("uq_training_tellings_open", "person_id", "assignment_id", unique=True, **where(SAID)),
    Index("ix_training_tellings_ended", "ended_run_id", "person_id", **where(UNSAID)),
)

training_recipients = Table(
    "training_recipients",
    metadata,
    Column("person_id", ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("told_on", Date, nullable=False),  # the day of the last digest, their own
    Column("known_run_id", ForeignKey("training_runs.id")),  # the last one whose digest arrived in full
    Column("known_on", Date),  # its day, the client's
)


@dataclass(frozen=True, slots=True)
class TrainingAssignment:
    """With the names that people say; `unit_path` decides who may answer."""

    id: int
    client_id: int
    employee_id: int
    employee_code: str
    employee: str
    course: str
    unit_id: int
    unit: str
    time_zone: str
    due_on: date
    recorded_due_on: date | None
    extended_to: date | None
    asked_until: date | None
    asked_by: int | None
    completed_on: date | None
    completed_by: int | None
    waived_on: date | None
    waived_why: str
    disputed_on: date | None
    disputed_by: int | None
    promised_on: date | None
    promised_by: int | None
    leave_until: date | None
    told_level: int
    told_on: date | None

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def deadline(self) -> date:
        """The one that people were given."""
        return self.extended_to or self.recorded_due_on or self.due_on

    @property
    def is_open(self) -> bool:
        return self.completed_on is None and self.waived_on is None


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """`due_on`: from which days are counted; `deadline`: the one that people were given. `level` 0: paused."""

    id: int
    employee_code: str
    employee: str
    course: str
    unit_id: int
    unit_code: str
    unit: str
    due_on: date
    deadline: date
    promised_on: date | None
    leave_until: date | None
    level: int
    told_level: int
    told_on: date | None

    @property
    def reference(self) -> str:
        return reference(self.id)


class Group(NamedTuple):
    """What is overdue at one unit on one level. `critical`: assignments late enough to be named to HR."""

    unit_id: int
    code: str
    name: str
    level: int
    employees: int
    assignments: int
    oldest: date
    critical: int


@dataclass(frozen=True, slots=True)
class TrainingRun:
    id: int
    client_id: int
    run_on: date
    started_at: datetime
    started_by: str
    beat_at: datetime
    finished_at: datetime | None
    outcome: str
    counts: dict[str, int]
    error: str


def reference(assignment_id: int) -> str:
    return f"TRN-{assignment_id}"
