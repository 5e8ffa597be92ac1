"""A real browser that complains: of errors in scripts, breaches of the content security policy, and what not everybody can use."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.world import World

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AXE = Path(__file__).parents[1] / "web" / "vendor" / "axe.min.js"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
MOST_TABS = 200

expect.set_options(timeout=20_000)  # the machine may be busy


@dataclass
class House:
    """The program and the sandbox, one browser, an admin who is signed in there, and what they can look at."""

    world: World
    browser: Browser
    signed_in: Any
    escalation: str
    ticket: str

    @asynccontextmanager
    async def looking(self, **how: Any) -> AsyncIterator[Page]:
        """As the admin, on a desk unless `how` says otherwise. Fails when the browser complained."""
        async with looking(self.browser, **({**DESK, "storage_state": self.signed_in} | how)) as page:
            yield page


@asynccontextmanager
async def looking(browser: Browser, **how: Any) -> AsyncIterator[Page]:
    complaints: list[str] = []
    context = await browser.new_context(**how)
    await context.add_init_script(path=AXE)
    page = await context.new_page()
    page.on("console", lambda one: complaints.append(one.text) if _is_grave(one.type, one.text) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


def _is_grave(kind: str, words: str) -> bool:
    """A form that was filled in wrongly is answered with 422, which browsers note as an error, too."""
    return kind in ("error", "warning") and "status of 422" not in words


async def sign_in(page: Page, world: World, key: str) -> None:
    somebody = world.on("slack", key)
    await somebody.says("login")
    link = re.search(r"http://\S+/login/[\w-]+", str((await somebody.sees("works once")).raw))
    assert link is not None
    await page.goto(link[0])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Now")


async def check_for_everybody(page: Page, *only: str) -> None:
    """axe-core's rules (dequeuniversity.com/rules/axe), or `only` some: nothing serious or critical; and nothing to scroll sideways
    for."""
    asked: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
    found = await page.evaluate("asked => axe.run(document, asked)", asked)
    grave = [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == [], f"{page.url}: {grave}"
    await check_width(page)


async def check_width(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"


async def tab_to(page: Page, place: Locator) -> None:
    """By the Tab key alone."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await place.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{place} is not reached by the keyboard on {page.url}")


async def said(page: Page, words: str) -> None:
    """The sentence above the page, after something was done."""
    await expect(page.locator(".said").first).to_contain_text(words)
