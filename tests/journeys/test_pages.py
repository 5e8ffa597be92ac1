"""The pages in a real browser, beside the chats: what happens in one shows in the other, everybody can use them, nothing is refused
by the content security policy."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.world import World, a_world

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AXE = Path(__file__).parents[1] / "web" / "vendor" / "axe.min.js"
EVERY_PAGE = (
    "/", "/escalations", "/escalations?status=resolved", "/people", "/people?unit=BR-07", "/people/T-07", "/people/import",
    "/delivery?state=all", "/lanes", "/quarantine", "/audit", "/settings", "/settings/tokens", "/settings/webhooks",
    "/rules",
    "/rules/new",
    "/rules/history",
    "/settings/channels",
    "/settings/templates",
)  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")


async def _asks_for_a_human(world: World, platform: str, key: str, text: str) -> str:
    """The reference of what was raised."""
    await world.on(platform, key).says(text)
    card = await world.on("slack", "AG-01").sees(text)
    found = re.search(r"ESC-\d+", card.text)
    assert found is not None
    return found[0]


async def _sign_in(page: Page, world: World, key: str) -> None:
    somebody = world.on("slack", key)
    await somebody.says("login")
    link = re.search(r"http://\S+/login/[\w-]+", str((await somebody.sees("works once")).raw))
    assert link is not None
    await page.goto(link[0])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Now")


@asynccontextmanager
async def _looking(browser: Browser, **how: Any) -> AsyncIterator[tuple[BrowserContext, Page]]:
    """Fails when the browser complained: of an error in a script, of a breach of the content security policy."""
    complaints: list[str] = []
    context = await browser.new_context(**how)
    await context.add_init_script(path=AXE)
    page = await context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield context, page
    await context.close()
    assert complaints == []


async def _check_for_everybody(page: Page) -> None:
    """axe-core's rules (dequeuniversity.com/rules/axe): nothing serious or critical."""
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == [], f"{page.url}: {grave}"
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"


async def test_the_pages_and_the_chats_are_one(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        async with _looking(browser, **DESK) as (context, page):
            await _sign_in(page, world, "AD-1")
            await _what_happens_in_a_chat_shows_by_itself(page, world)
            await _what_is_done_on_a_page_shows_in_the_chat(page, world)
            await _by_keyboard(page, world)
            signed_in: Any = await context.storage_state()
            await _every_page(page, world)
        async with _looking(browser, **PHONE, storage_state=signed_in) as (_, page):
            await page.goto(world.url)
            await page.get_by_text("More", exact=True).click()
            await expect(page.locator(".sheet").get_by_text("Sign out")).to_be_visible()
            await _every_page(page, world)
        async with _looking(browser, **PHONE, java_script_enabled=False, storage_state=signed_in) as (_, page):
            await _without_scripts(page, world)
        async with _looking(browser, **PHONE) as (_, page):
            await page.goto(f"{world.url}/people")
            await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
            await _check_for_everybody(page)
        await browser.close()


async def _what_happens_in_a_chat_shows_by_itself(page: Page, world: World) -> None:
    reference = await _asks_for_a_human(world, "whatsapp", "FROST-C-1003", "I need a human about my invoice")
    card = page.locator(".case", has_text=reference)
    await expect(card).to_contain_text("nobody has it")
    await world.on("slack", "AG-02").says(f"claim {reference}")
    await expect(card).to_contain_text("Ben Okafor")


async def _what_is_done_on_a_page_shows_in_the_chat(page: Page, world: World) -> None:
    reference = await _asks_for_a_human(
        world, "telegram", "FROST-C-1007", "I want to speak to a human about my contract"
    )
    await page.goto(f"{world.url}/escalations")
    await page.locator("tr", has_text=reference).get_by_role("button", name="Claim").click()
    await expect(page.get_by_role("status")).to_contain_text("is yours")
    await world.on("slack", "AG-01").sees(reference, "Ravi Menon")
    await page.get_by_role("button", name="Take over").click()
    await page.get_by_label("Reply to the customer").fill("Good morning, this is Ravi.")
    await page.get_by_role("button", name="Send").click()
    await world.on("telegram", "FROST-C-1007").sees("this is Ravi")
    await page.get_by_label("Reply to the customer").press_sequentially("I am look")
    await page.get_by_text("Words to say").click()
    await page.get_by_label("Reply to the customer").click()
    await world.on("telegram", "FROST-C-1007").says("Finally!")
    await expect(page.locator(".talk")).to_contain_text("Finally!")
    await page.keyboard.type("ing at it")
    await expect(page.get_by_label("Reply to the customer")).to_have_value("I am looking at it")
    await expect(page.get_by_text("You have won when")).to_be_visible()
    await page.get_by_role("button", name="Resolve").click()
    await expect(page.locator("#live")).to_contain_text("How it ended")


async def _by_keyboard(page: Page, world: World) -> None:
    await page.goto(f"{world.url}/people")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Find a person or a place")).to_be_focused()
    await page.keyboard.type("stefan")
    await expect(page.locator("#list")).to_contain_text("Stefan Gruber")


async def _every_page(page: Page, world: World) -> None:
    for path in EVERY_PAGE:
        await page.goto(world.url + path)
        await _check_for_everybody(page)


async def _without_scripts(page: Page, world: World) -> None:
    reference = await _asks_for_a_human(
        world, "whatsapp", "FROST-C-1005", "Half of our order is missing, I need a human"
    )
    await page.goto(world.url)
    await page.locator(".case", has_text=reference).get_by_role("button", name="Claim").click()
    await expect(page.get_by_role("status")).to_contain_text("is yours")
