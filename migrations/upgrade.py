"""Bringing a database to the newest tables, and asking whether it has them."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import NullPool

from core.database import engine_urls
from core.fulltext.tables import index
from core.people.guards import guard
from migrations.connection import changing

logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)  # it announces every look at the database


def upgrade(url: str) -> None:
    """Does nothing when all is new already. Raises migrations.connection.BrokenReferences, or what the database says."""
    with changing(url) as connection:
        command.upgrade(config_for(connection), "head")
        guard(connection)
        index(connection)


def at_head(url: str) -> bool:
    with _looking(url) as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(config_for(None)).get_heads())


def is_new(url: str) -> bool:
    """There is no table at all."""
    with _looking(url) as connection:
        return not inspect(connection).get_table_names()


def _looking(url: str) -> Connection:
    sync_url, _ = engine_urls(url)
    return create_engine(sync_url, poolclass=NullPool).connect()


def config_for(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
