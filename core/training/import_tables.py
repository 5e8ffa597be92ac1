"""What came in and when, and the room where an import lays its rows out until all of them are known to be right."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, text

from core.schema import JSONText, UTCDateTime, metadata, primary_key

training_imports = Table(
    "training_imports",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("source_at", UTCDateTime, nullable=False),  # how old the records were, not when they came in
    Column("imported_at", UTCDateTime, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("columns", JSONText, nullable=False),  # the columns it had; empty: nobody said
    Column("is_whole", Boolean, nullable=False),  # all of the records, not a part of them
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Index("ix_training_imports_client", "client_id", "id"),
)

training_intake = Table(
    "training_intake",
    metadata,
    Column("client_id", ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),  # the employee's code in small letters
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_id", Integer),  # empty where the row is wrong
    Column("course_id", Integer),
    Column("due_on", Date),
    Column("completed_on", Date),
    Column("waived_on", Date),
    Column("extended_to", Date),
    Column("employee_id", Integer),
    Column("assignment_id", Integer),
    Column(
        "is_renamed", Boolean, nullable=False, server_default=text("false")
    ),  # the employee is called or placed otherwise now
    Index("ix_training_intake_key", "client_id", "key", "course_id"),
)

training_guards = Table(
    "training_guards",
    metadata,
    Column("client_id", ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("max_age_hours", Integer),  # empty: not looked at
    Column("max_drop_percent", Integer),
    Column("good_import_id", ForeignKey("training_imports.id")),  # the last whole one that people were told from
)

training_holds = Table(
    "training_holds",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("run_on", Date, nullable=False),
    Column("import_id", ForeignKey("training_imports.id")),
    Column("why", JSONText, nullable=False),
    Column("held_at", UTCDateTime, nullable=False),
    Column("released_at", UTCDateTime),  # somebody said to go on
    Column("released_by", Text, nullable=False, server_default=""),
    Column("used_at", UTCDateTime),  # a run did
    Index("ix_training_holds_client", "client_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Import:
    id: int
    client_id: int
    source_at: datetime
    imported_at: datetime
    imported_by: str
    rows: int
    columns: list[str]
    is_whole: bool
    added: int
    changed: int
