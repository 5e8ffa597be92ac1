"""A house with two clients, and an HTTP client in front of it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import httpx2
import psycopg
import pytest

from core.clock import ManualClock
from core.database import Database
from core.unit_of_work import UnitOfWork
from tests.conftest import START
from tests.web.house import Client, Given, app_of, browser, build
from tests.web.of_another import named

__all__ = ["named"]

Pair = tuple[Client, Client]

KEEP = """
CREATE SCHEMA IF NOT EXISTS furnished;
DO $$ DECLARE one record; filled boolean; BEGIN
    FOR one IN SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one.name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE furnished.%1$I AS TABLE public.%1$I', one.name);
        END IF;
    END LOOP;
END $$
"""
BRING_BACK = """
DO $$ DECLARE one record; BEGIN
    SET LOCAL session_replication_role = replica;  -- rows go in any order
    FOR one IN SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'furnished'::regnamespace LOOP
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM furnished.%1$I', one.name);
    END LOOP;
    FOR one IN SELECT c.relname AS name, pg_get_serial_sequence(format('public.%I', c.relname), 'id') AS sequence
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
               WHERE c.relkind = 'r' AND c.relnamespace = 'furnished'::regnamespace LOOP
        IF one.sequence IS NOT NULL THEN
            EXECUTE format('SELECT setval(%L, (SELECT max(id) FROM public.%I))', one.sequence, one.name);
        END IF;
    END LOOP;
END $$
"""


def _both(uow: UnitOfWork) -> Pair:
    return build(uow, "ACME"), build(uow, "BETA")


@pytest.fixture(scope="session")
def furnished() -> dict[str, Pair]:
    """What was built on each kind of database: once, since it takes longer than most tests."""
    return {}


@pytest.fixture
def sqlite_with_tables(
    sqlite_with_tables: Path,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    furnished: dict[str, Pair],
) -> Path:
    """Whoever asks for the clients begins with both of them there."""
    if "clients" not in request.fixturenames:
        return sqlite_with_tables
    path = tmp_path_factory.getbasetemp() / "furnished.db"
    if "sqlite" not in furnished:
        shutil.copy(sqlite_with_tables, path)
        with ThreadPoolExecutor(1) as beside_the_running_loop:
            furnished["sqlite"] = beside_the_running_loop.submit(lambda: asyncio.run(_built(path))).result()
    return path


async def _built(path: Path) -> Pair:
    database = Database(f"sqlite:///{path}", ManualClock(START))
    try:
        return await database.write(_both)
    finally:
        await database.close()


@pytest.fixture
async def clients(
    database: Database, database_kind: str, request: pytest.FixtureRequest, furnished: dict[str, Pair]
) -> Pair:
    if database_kind == "sqlite":
        return deepcopy(furnished["sqlite"])
    postgres: psycopg.Connection = request.getfixturevalue("in_postgres")
    if "postgresql" not in furnished:
        furnished["postgresql"] = await database.write(_both)
        postgres.execute(KEEP)
    else:
        postgres.execute(BRING_BACK)
    return deepcopy(furnished["postgresql"])


@pytest.fixture
def acme(clients: Pair) -> Client:
    return clients[0]


@pytest.fixture
def beta(clients: Pair) -> Client:
    return clients[1]


@pytest.fixture
def given(database: Database) -> Given:
    return Given(database)


@pytest.fixture
async def http(given: Given) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(app_of(given)) as client:
        yield client
