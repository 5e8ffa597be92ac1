"""Cases and tickets on the pages, beside the chats: what happens in one shows in the other, also by keyboard alone."""

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import expect

from tests.journeys.browser import CHROMIUM, House, said, tab_to
from tests.journeys.on_pages import asks_for_a_human, breaks

SLOWLY = """let asking = 0; most = 0; const plainly = fetch
fetch = async (...all) => {
  most = Math.max(most, ++asking)
  const answer = await plainly(...all)
  await new Promise(done => setTimeout(done, 1000))
  asking--
  return answer
}"""
"""A page's own requests take long: `most` are under way at a time."""

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]


async def test_what_happens_in_a_chat_shows_by_itself(house: House) -> None:
    world = house.world
    isla = await world.moves_to("telegram", "AG-09")
    async with house.looking() as page:
        await page.add_init_script(SLOWLY)
        await page.goto(world.url)
        reference = await asks_for_a_human(world, "whatsapp", "FROST-C-1003", "I need a human about my invoice")
        card = page.locator(".case", has_text=reference)
        await expect(card).to_contain_text("nobody has it")
        await isla.says(f"claim {reference}")
        await isla.sees(reference, "yours")
        await expect(card).to_contain_text("Isla MacKay")
        await isla.says(f"note {reference} They mean the one of October")
        await isla.sees("noted")
        await isla.says(f"resolve {reference} handled")
        await expect(card).to_have_count(0)
        assert await page.evaluate("most") == 1  # it does not ask again before it has its answer
        number = await breaks(world, "BR-10", "Light in the chamber flickers", "T-10")
        await page.goto(f"{world.url}/tickets/{number}")
        await expect(page.locator(".first")).to_contain_text("assigned")
        await world.on("telegram", "T-10").presses("Accept")
        await expect(page.locator(".first")).to_contain_text("in progress")


async def test_an_escalation_is_worked_on_a_page_and_the_chats_follow(house: House) -> None:
    world = house.world
    carter, ana = world.on("telegram", "FROST-C-1007"), world.on("slack", "AG-01")
    reference = await asks_for_a_human(world, "telegram", carter.key, "I want to speak to a human about my contract")
    async with house.looking() as page:
        await page.goto(f"{world.url}/escalations")
        await page.locator("tr", has_text=reference).get_by_role("button", name="Claim").click()
        await said(page, "is yours")
        await ana.sees(reference, "Ravi Menon")
        await page.get_by_role("button", name="Take over").click()
        reply = page.get_by_label("Reply to the customer")
        await reply.fill("Good morning, this is Ravi.")
        await page.get_by_role("button", name="Send").click()
        await carter.sees("this is Ravi")
        await reply.press_sequentially("I am look")
        await page.get_by_text("Words to say").click()
        await reply.click()
        await carter.says("Finally!")
        await expect(page.locator(".talk")).to_contain_text("Finally!")
        await page.keyboard.type("ing at it")
        await expect(reply).to_have_value("I am looking at it")
        await page.get_by_role("button", name="Resolve").click()
        await expect(page.locator("#live")).to_contain_text("How it ended")
        await ana.sees(reference, "resolved")


async def test_a_claim_by_keyboard_alone(house: House) -> None:
    reference = await asks_for_a_human(house.world, "whatsapp", "FROST-C-1001", "I need a human about my account")
    async with house.looking() as page:
        await page.goto(f"{house.world.url}/escalations?who=nobody")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await page.keyboard.press("Enter")
        await tab_to(page, page.locator("tr", has_text=reference).get_by_role("button", name="Claim"))
        await page.keyboard.press("Enter")
        await said(page, "is yours")
    await house.world.on("slack", "AG-01").sees(reference, "Ravi Menon")


async def test_a_ticket_is_dragged_to_somebody_else_and_given_on_by_keyboard(house: House) -> None:
    world = house.world
    number = await breaks(world, "BR-07", "Cold chamber at 12 degrees", "T-07")
    async with house.looking() as page:
        await page.goto(f"{world.url}/tickets")
        card = page.locator(f"[data-ticket='{number}']")
        await expect(card).to_contain_text("Stefan Gruber")
        await card.drag_to(page.locator("[data-person]", has_text="Katrin Lang"))
        await said(page, "is offered to them")
        await expect(card).to_contain_text("Katrin Lang")
        await world.on("telegram", "T-25").sees("Cold chamber at 12 degrees")
        await page.goto(f"{world.url}/tickets/{number}")
        await tab_to(page, page.get_by_label("Offer it to"))
        await page.keyboard.type("Lena")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await said(page, "is offered to them")
        await expect(page.locator(".first")).to_contain_text("Lena Baumann")
    await world.on("telegram", "T-06").sees("Cold chamber at 12 degrees")
