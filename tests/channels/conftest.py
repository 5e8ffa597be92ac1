from collections.abc import AsyncIterator

import pytest

from tests.channels.at_the_sandbox import Program, at_the_sandbox
from tests.channels.kits import KITS, Kit
from tests.channels.stand_in import StandIn


@pytest.fixture(params=KITS, ids=str)
def kit(request: pytest.FixtureRequest) -> Kit:
    kit: Kit = request.param
    return kit


@pytest.fixture
async def platform(kit: Kit) -> AsyncIterator[StandIn]:
    async with StandIn(kit.usual).running() as platform:
        yield platform


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    async with at_the_sandbox() as program:
        yield program
