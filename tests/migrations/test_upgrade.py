"""The migrations build what core/tables.py says, on both databases, and never half of it."""

import asyncio
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from core.clock import ManualClock
from core.database import Database, engine_urls
from core.people.queries import get_unit
from core.tables import metadata
from migrations.connection import BrokenReferences, changing
from migrations.upgrade import at_head, config_for, upgrade
from tests import builders

Described = dict[str, tuple[frozenset[Any], frozenset[Any]]]


def test_an_empty_database_comes_to_the_head_and_stays_there(database_url: str) -> None:
    assert not at_head(database_url)
    upgrade(database_url)
    assert at_head(database_url)
    upgrade(database_url)
    assert at_head(database_url)


def test_the_migrations_leave_nothing_for_a_new_revision_to_add(database_url: str) -> None:
    """When this fails: python -m migrations.make WORDS THAT SAY WHAT CHANGED."""
    upgrade(database_url)
    with changing(database_url) as connection:
        command.check(config_for(connection))


def test_checks_and_partial_indexes_are_those_of_the_tables(database_url: str) -> None:
    upgrade(database_url)
    with changing(database_url) as connection:
        migrated = _described(connection)
        for name in inspect(connection).get_table_names():
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}{cascade}")
        metadata.create_all(connection)
        assert migrated.pop("alembic_version")
        assert migrated == _described(connection)


def _described(connection: Connection) -> Described:
    inspector = inspect(connection)
    return {
        table: (
            frozenset((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(table)),
            frozenset(_index(index) for index in inspector.get_indexes(table)),
        )
        for table in inspector.get_table_names()
    }


def _index(index: Any) -> tuple[Any, ...]:
    where = {str(text) for name, text in index.get("dialect_options", {}).items() if name.endswith("_where")}
    return index["name"], tuple(index["column_names"]), bool(index["unique"]), frozenset(where)


def test_a_migration_that_fails_leaves_no_table_behind(database_url: str) -> None:
    def fail() -> None:
        with changing(database_url) as connection:
            connection.exec_driver_sql("CREATE TABLE half (id INTEGER PRIMARY KEY)")
            connection.exec_driver_sql("SELECT no_such_column FROM half")

    with pytest.raises(DBAPIError):
        fail()
    with create_engine(engine_urls(database_url)[0], poolclass=NullPool).connect() as connection:
        assert "half" not in inspect(connection).get_table_names()


async def test_programs_that_start_together_upgrade_once(database_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(upgrade, database_url) for _ in range(4)))
    assert at_head(database_url)


async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(database_url: str, clock: ManualClock) -> None:
    upgrade(database_url)
    database = Database(database_url, clock)
    client_id = await database.write(builders.client)
    branch_id = await database.write(lambda uow: builders.unit(uow, client_id, "BR-1"))
    with changing(database_url) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("units", recreate="always" if "sqlite" in database_url else "never") as units:
            units.add_column(Column("floor", Integer))
    assert (await database.read(lambda reader: get_unit(reader, branch_id))).parent_id == client_id
    await database.close()


def test_rows_left_without_their_parent_undo_the_migration(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'callboard.db'}"
    upgrade(url)

    def orphan() -> None:
        with changing(url) as connection:
            connection.exec_driver_sql("INSERT INTO attempts (delivery_id, at, outcome) VALUES (77, '2026', 'sent')")

    with pytest.raises(BrokenReferences, match="attempts row 1 -> deliveries"):
        orphan()
    with changing(url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attempts").scalar() == 0
