"""What can be found: one row for each text, and the index over its words, which each database has in its own way.

SQLite: FTS5 over the rows, kept by triggers. PostgreSQL: GIN. Made with the table and after every upgrade: building a table anew
on SQLite drops its triggers.
"""

from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, UniqueConstraint, event

from core.schema import metadata, primary_key

documents = Table(
    "documents",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("stems", Text, nullable=False),  # words apart by a blank, the first says whose and of which kind (`scope`)
    UniqueConstraint("kind", "subject_id"),
)

INDEX = "documents_words"
VECTOR = "array_to_tsvector(string_to_array(documents.stems, ' '))"
"""Our words as they are: PostgreSQL's own parser would take some of them apart."""

_INTO = f"INSERT INTO {INDEX} (rowid, stems) VALUES (new.id, new.stems)"  # noqa: S608 - our own constants
_OUT_OF = f"INSERT INTO {INDEX} ({INDEX}, rowid, stems) VALUES ('delete', old.id, old.stems)"  # noqa: S608
INDEXES = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5(stems, content='documents', content_rowid='id')",
        f"CREATE TRIGGER IF NOT EXISTS {INDEX}_new AFTER INSERT ON documents BEGIN {_INTO}; END",
        f"CREATE TRIGGER IF NOT EXISTS {INDEX}_gone AFTER DELETE ON documents BEGIN {_OUT_OF}; END",
        f"CREATE TRIGGER IF NOT EXISTS {INDEX}_changed AFTER UPDATE ON documents BEGIN {_OUT_OF}; {_INTO}; END",
    ),
    "postgresql": (
        f"CREATE INDEX IF NOT EXISTS {INDEX} ON documents USING gin (({VECTOR.replace('documents.', '')}))",
    ),
}


def index(connection: Connection) -> None:
    for statement in INDEXES[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(documents, "after_create")
def _with_the_table(_table: Any, connection: Connection, **_given: Any) -> None:
    index(connection)
