"""The pages on a phone that runs no scripts."""

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import expect

from tests.journeys.browser import CHROMIUM, PHONE, House, said
from tests.journeys.on_pages import asks_for_a_human, breaks, is_repaired

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]


async def test_a_repair_is_sent_back_and_approved_without_scripts(house: House) -> None:
    world = house.world
    number = await breaks(world, "BR-09", "Compressor does not start", "T-09")
    await is_repaired(world, number, "T-09")
    async with house.looking(**PHONE, java_script_enabled=False) as page:
        await page.goto(f"{world.url}/tickets/{number}")
        await expect(page.get_by_role("main")).to_contain_text("New fan")
        await page.get_by_role("button", name="Approve").click()
        await expect(page.get_by_role("main")).to_contain_text("Approved by Ravi Menon")
    await world.on("telegram", "T-09").sees(number, "closed")


async def test_a_phone_without_scripts_does_what_counts(house: House) -> None:
    world = house.world
    reference = await asks_for_a_human(
        world, "whatsapp", "FROST-C-1005", "Half of our order is missing, I need a human"
    )
    number = await breaks(world, "BR-02", "Door glass cracked")
    async with house.looking(**PHONE, java_script_enabled=False) as page:
        await page.goto(world.url)
        await page.get_by_text("More", exact=True).click()
        await expect(page.locator(".sheet").get_by_text("Sign out")).to_be_visible()
        await page.goto(f"{world.url}/escalations/{reference}")
        await page.get_by_role("button", name="Claim").click()
        await said(page, "is yours")
        await page.goto(f"{world.url}/tickets/{number}")
        await page.get_by_label("Offer it to").select_option(label="Laia Roca")
        await page.get_by_role("button", name="Reassign").click()
        await said(page, "is offered to them")
        await page.goto(f"{world.url}/tickets?view=map")
        name = await page.locator(".map .name").first.bounding_box()
        assert name is not None
        assert name["height"] >= 10  # it can be read
        await page.goto(f"{world.url}/people")
        await page.get_by_label("Find a person or a place").fill("stefan")
        await page.get_by_role("button", name="Show").click()
        await expect(page.locator("#list")).to_contain_text("Stefan Gruber")
        await page.goto(f"{world.url}/analytics?about=training")
        await page.get_by_text("The numbers", exact=True).first.click()
        await expect(page.locator(".figure tbody tr").first).to_be_visible()
    await world.on("telegram", "T-22").sees("Door glass cracked")
