"""The page that asks the browser where it is, in a real browser: what Slack's technicians open."""

import re
import shutil
from pathlib import Path

import pytest

from tests.world import a_world

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import async_playwright, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")


async def test_one_press_shares_where_the_browser_is(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world, async_playwright() as playwright:
        stefan = await world.moves_to("slack", "T-07")
        await world.on("slack", "DI-1").says('ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees')
        await stefan.sees("Cold chamber at 12 degrees")
        await stefan.presses("Accept")
        await stefan.sees("You accepted")
        await stefan.says("location")
        message = await stefan.sees("Share where you are")
        link = re.search(r"http://\S+/here/[\w-]+", str(message.raw))
        assert link is not None

        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        place = {"latitude": 48.2211, "longitude": 16.3492}
        context = await browser.new_context(geolocation=place, permissions=["geolocation"])  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(link[0])
        await page.click("#share")
        await expect(page.locator("#said")).to_contain_text("Shared")
        technician = (await world.api("GET", "/api/technicians/T-07")).json()
        assert (technician["latitude"], technician["longitude"]) == (48.2211, 16.3492)

        await page.fill("input[name=place]", "https://www.google.com/maps/@48.2012,16.3493,17z")
        await page.click("text=Send")
        await expect(page.locator("main")).to_contain_text("Your place is noted")
        assert (await world.api("GET", "/api/technicians/T-07")).json()["latitude"] == 48.2012
        await browser.close()
