"""Run by Alembic: one transaction for everything, on the connection that migrations/upgrade.py opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from core.fulltext.tables import INDEX
from core.schema import JSONText, UTCDateTime
from core.tables import metadata

OURS = (UTCDateTime, JSONText)


def render_item(_kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Our own column types by their name, and what is derived from them by theirs; everything else as Alembic does."""
    name = next((ours.__name__ for ours in OURS if isinstance(item, ours)), None)
    if name is None:
        return False
    autogenerate.imports.add("import core.schema")
    return f"core.schema.{name}()"


def is_kept_by_migrations(name: str | None, _kind: str, _parents: Any) -> bool:
    """The index over words is made by core/fulltext/tables.py; SQLite keeps it in tables of its own."""
    return not (name or "").startswith(INDEX)


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        include_name=is_kept_by_migrations,
        render_as_batch=True,  # SQLite changes a table by building it anew; elsewhere these are plain ALTERs
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
