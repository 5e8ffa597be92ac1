"""Every page in a real browser: everybody can use it, on a desk and on a phone, by day and by night, and the browser has nothing to
complain of."""

from typing import Any, Literal

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import expect

from tests.journeys.browser import CHROMIUM, DESK, PHONE, House, check_for_everybody, looking
from tests.journeys.on_pages import EVERY_PAGE

LOOKS: tuple[tuple[dict[str, Any], tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...]], ...] = (
    (DESK, (("light", ()), ("dark", ("color-contrast",)))),
    (PHONE, (("dark", ()), ("light", ("color-contrast",)))),
)
"""Screens and schemes, and which of axe's rules are asked there; none named: all of them."""

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]


@pytest.mark.parametrize("paths", EVERY_PAGE.values(), ids=EVERY_PAGE)
async def test_every_page_is_for_everybody(house: House, paths: tuple[str, ...]) -> None:
    async with house.looking(reduced_motion="reduce") as page:
        for path in paths:
            about = house.ticket if path.startswith("/tickets") else house.escalation
            answer = await page.goto(house.world.url + path.format(about))
            assert answer is not None
            assert answer.status == 200, path
            for screen, schemes in LOOKS:
                await page.set_viewport_size(screen["viewport"])
                for scheme, only in schemes:
                    await page.emulate_media(color_scheme=scheme)
                    await check_for_everybody(page, *only)


async def test_the_sign_in_page_is_for_everybody(house: House) -> None:
    async with looking(house.browser, **PHONE) as page:
        await page.goto(f"{house.world.url}/people")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        await check_for_everybody(page)
