"""The connection that changes tables: alone, in one transaction that also covers the DDL, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from core.database import engine_urls

LOCK = 0x43414C4C  # 'CALL': one upgrade at a time per PostgreSQL database


class BrokenReferences(Exception):
    """A migration left rows that point at nothing; it is undone."""


@contextmanager
def changing(url: str) -> Iterator[Connection]:
    """Commits at the end, undoes everything on an exception. Waits until nobody else is writing (SQLite) or migrating."""
    sync_url, _ = engine_urls(url)
    is_sqlite = sync_url.get_backend_name() == "sqlite"
    engine = _sqlite_engine(sync_url) if is_sqlite else create_engine(sync_url, poolclass=NullPool)
    with engine.connect() as connection, connection.begin():
        if not is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        yield connection
        if is_sqlite:
            _check_references(connection)


def _sqlite_engine(url: Any) -> Engine:
    """References are not enforced while a table is rebuilt: dropping the old one would delete the rows that refer to it."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver's own begin leaves DDL outside the transaction

    return engine


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(10)
    if broken:
        rows = ", ".join(f"{row[0]} row {row[1]} -> {row[2]}" for row in broken)
        raise BrokenReferences(rows)
