"""One world and one browser for all of these: no step needs another."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.journeys.on_pages import asks_for_a_human, breaks
from tests.world import a_world

if TYPE_CHECKING:
    from tests.journeys.browser import House


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def house(tmp_path_factory: pytest.TempPathFactory) -> "AsyncIterator[House]":
    from playwright.async_api import async_playwright  # noqa: PLC0415 - it may not be installed

    from tests.journeys.browser import CHROMIUM, DESK, QUIETLY, House, looking, sign_in  # noqa: PLC0415

    async with a_world(tmp_path_factory.mktemp("pages")) as world, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        async with looking(browser, **DESK) as page:
            await sign_in(page, world, "AD-1")
            signed_in = await page.context.storage_state()
        raised = await asks_for_a_human(world, "whatsapp", "FROST-C-1002", "I need a human about my order")
        yield House(world, browser, signed_in, raised, await breaks(world, "BR-12", "Fan rattles"))
        await browser.close()
