"""A house with two clients, and an HTTP client in front of it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from core.database import Database
from core.unit_of_work import UnitOfWork
from tests.web.house import Client, Given, app_of, browser, build


@pytest.fixture
async def clients(database: Database) -> tuple[Client, Client]:
    def both(uow: UnitOfWork) -> tuple[Client, Client]:
        return build(uow, "ACME"), build(uow, "BETA")

    return await database.write(both)


@pytest.fixture
def acme(clients: tuple[Client, Client]) -> Client:
    return clients[0]


@pytest.fixture
def beta(clients: tuple[Client, Client]) -> Client:
    return clients[1]


@pytest.fixture
def given(database: Database) -> Given:
    return Given(database)


@pytest.fixture
async def http(given: Given) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(app_of(given)) as client:
        yield client
