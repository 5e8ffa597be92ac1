"""A model behind a stand-in endpoint, and what the endpoint received."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import requests

from channels.model.endpoint import Endpoint
from channels.model.model import Model
from core.database import Database
from sandbox.server import create_app
from tests.world import free_port, serving


class StandIn:
    def __init__(self, url: str) -> None:
        self.url = url

    def lies(self, lie: str) -> None:
        requests.put(f"{self.url}/control/model", json={"lie": lie}, timeout=5).raise_for_status()

    def fails(self, kind: str, **more: Any) -> None:
        fault = {"platform": "model", "kind": kind, **more}
        requests.post(f"{self.url}/control/faults", json=fault, timeout=5).raise_for_status()

    @property
    def received(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"{self.url}/control/model", timeout=5).json()["requests"]
        return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    port = free_port()
    with serving(create_app(), port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def stand_in(sandbox: str) -> StandIn:
    requests.post(f"{sandbox}/control/reset", json={}, timeout=5).raise_for_status()
    return StandIn(sandbox)


@pytest.fixture
async def model(stand_in: StandIn, database: Database) -> AsyncIterator[Callable[..., Model]]:
    made: list[Model] = []

    def make(tokens_per_day: int = 0, timeout: float = 0.5, **more: str) -> Model:
        given = {"base_url": f"{stand_in.url}/model/v1", "key": "sandbox-model-key", "model": "sandbox-1"} | more
        made.append(Model(Endpoint(**given, timeout_seconds=timeout), database, tokens_per_day))
        return made[-1]

    yield make
    for one in made:
        await one.close()
