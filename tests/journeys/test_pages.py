"""The pages in a real browser, beside the chats: what happens in one shows in the other, everybody can use them, nothing is refused
by the content security policy. One world and one browser for all of it; no step needs another."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
import pytest_asyncio

from tests.world import a_world

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import Page, async_playwright, expect

from core.audit.inbox import put_aside
from tests.journeys.browser import (
    CHROMIUM,
    DESK,
    PHONE,
    QUIETLY,
    House,
    check_for_everybody,
    check_width,
    looking,
    said,
    sign_in,
    tab_to,
)
from tests.journeys.on_pages import EVERY_PAGE, asks_for_a_human, breaks, is_repaired, update

SLOWLY = """let asking = 0; most = 0; const plainly = fetch
fetch = async (...all) => {
  most = Math.max(most, ++asking)
  const answer = await plainly(...all)
  await new Promise(done => setTimeout(done, 1000))
  asking--
  return answer
}"""
"""A page's own requests take long: `most` are under way at a time."""
LOOKS: tuple[tuple[dict[str, Any], tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...]], ...] = (
    (DESK, (("light", ()), ("dark", ("color-contrast",)))),
    (PHONE, (("dark", ()), ("light", ("color-contrast",)))),
)
"""Screens and schemes, and which of axe's rules are asked there; none named: all of them."""
PEOPLE = "code,name,role,unit_code,phone\n"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with a_world(tmp_path_factory.mktemp("pages")) as world, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        async with looking(browser, **DESK) as page:
            await sign_in(page, world, "AD-1")
            signed_in = await page.context.storage_state()
        raised = await asks_for_a_human(world, "whatsapp", "FROST-C-1002", "I need a human about my order")
        yield House(world, browser, signed_in, raised, await breaks(world, "BR-12", "Fan rattles"))
        await browser.close()


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


async def test_trainings_are_looked_at_previewed_and_the_run_is_held_and_started(house: House) -> None:
    world = house.world
    async with house.looking() as page:
        await page.goto(f"{world.url}/training")
        await page.get_by_label("Where").select_option("BR-07")
        await expect(page).to_have_url(re.compile("branch=BR-07"))
        await expect(page.locator("#list tbody tr").first).to_contain_text("days")
        await page.get_by_role("link", name="Preview").click()
        first = page.locator("#list details").first
        await first.locator("summary").click()
        await expect(first.locator("pre")).to_contain_text("overdue")
        await page.get_by_role("link", name="The run").click()
        await page.get_by_role("button", name="Pause").click()
        await said(page, "It is paused")
        await page.get_by_role("button", name="Start").click()
        await page.get_by_role("button", name="Run now").click()
        await said(page, "It begins within seconds")
        await expect(page.locator("#live")).to_contain_text(re.compile(r"People told\s*[1-9]"))
    await world.on("whatsapp", "SM-07").sees("overdue")


@pytest.mark.parametrize("about", ["tickets", "escalations", "training"])
async def test_figures_are_drawn_listed_and_downloaded(house: House, about: str) -> None:
    if about == "tickets":
        number = await breaks(house.world, "BR-11", "Drain is blocked")
        await is_repaired(house.world, number, "T-11")
    async with house.looking() as page:
        await page.goto(f"{house.world.url}/analytics?about={about}")
        figure = page.locator(".figure").first
        await expect(figure.locator("canvas")).to_be_visible()
        await figure.get_by_text("The numbers").click()
        await expect(figure.locator("tbody tr").first).to_be_visible()
        async with page.expect_download() as downloading:
            await figure.get_by_role("link", name="Download as CSV").click()
        assert (await downloading.value).suggested_filename.startswith(about)
        await page.get_by_label("By").select_option(index=1)
        await expect(page).to_have_url(re.compile("by=(branch|team|store)"))
        await expect(page.locator(".figure").first.locator("canvas")).to_be_visible()
        await page.set_viewport_size(PHONE["viewport"])
        await check_width(page)  # before the charts are drawn anew


async def test_people_are_imported_linked_and_sent_on_leave(house: House) -> None:
    world = house.world
    async with house.looking() as page:
        await page.goto(f"{world.url}/people/import")
        await _shows(page, PEOPLE + "N-1,Nina Neu,king,BR-07,\n")
        await expect(page.get_by_role("main")).to_contain_text("1 wrong in people.csv: nothing was imported")
        await _shows(page, PEOPLE + "N-1,Nina Neu,agent,FROST,\n")
        await page.get_by_role("button", name="Import it").click()
        await said(page, "1 added")
        await page.goto(f"{world.url}/people")
        await page.get_by_label("Find a person or a place").press_sequentially("nina")
        await page.locator("#list").get_by_role("link", name="Nina Neu").click()
        await page.get_by_label("Link an account").select_option(label="Slack")
        await page.get_by_role("button", name="Make a code").click()
        code = await page.locator("pre code").inner_text()
        await world.control("PUT", "/control/people/new", {"name": "Nina Neu", "slack_id": "U0NINA", "kind": "staff"})
        await world.on("slack", "new").says(code)
        await world.on("slack", "new").sees("Nina Neu")
        await page.goto(f"{world.url}/people/N-1")
        await expect(page.get_by_role("main")).to_contain_text("U0NINA")
        await page.get_by_label("Last day").fill("2099-12-31")
        await page.get_by_role("button", name="Note the leave").click()
        await said(page, "leave is noted")
        await page.get_by_label("Quiet hours").fill("22-7")
        await page.get_by_role("button", name="Set the times").click()
        await expect(page.get_by_label("Quiet hours")).to_have_value("22:00-07:00")


async def _shows(page: Page, content: str) -> None:
    file: Any = {"name": "people.csv", "mimeType": "text/csv", "buffer": content.encode()}
    await page.get_by_label("It holds").select_option("people")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Show what would change").click()


async def test_a_rule_is_tried_saved_and_taken_back(house: House) -> None:
    async with house.looking() as page:
        await page.goto(f"{house.world.url}/rules/new")
        await page.get_by_label("Name of the rule").fill("Lawyers first")
        await page.locator("select[name=trigger]").first.select_option("keyword")
        await page.get_by_label("is", exact=True).first.fill("lawyer, court")
        await page.get_by_role("button", name="Try it on last week").click()
        await expect(page.get_by_role("main")).to_contain_text(re.compile(r"of the last \d+ cases would go elsewhere"))
        await page.get_by_role("button", name="Save").click()
        await said(page, "counts from now on")
        await expect(page.get_by_role("main")).to_contain_text("Lawyers first")
        await page.goto(f"{house.world.url}/rules/history")
        await page.locator("form[action='/rules/restore'] button").last.click()
        await page.goto(f"{house.world.url}/rules")
        await expect(page.get_by_role("main")).not_to_contain_text("Lawyers first")


async def test_what_did_not_arrive_is_sent_again_and_what_was_held_is_taken_in(house: House) -> None:
    world = house.world
    urs = world.on("telegram", "T-08")
    await world.control("POST", "/control/people/T-08/telegram/block", {})
    await breaks(world, "BR-08", "Door does not close")
    async with house.looking() as page:
        await page.goto(f"{world.url}/delivery?person=T-08")
        await expect(page.locator("#list")).to_contain_text("failed")
        await world.control("POST", "/control/people/T-08/telegram/unblock", {})
        await page.get_by_role("button", name="Send again").first.click()
        await said(page, "leaves again")
        await urs.sees("Door does not close")
        body = json.dumps(update(7100048, "help"))
        await world.database.write(lambda uow: put_aside(uow, "telegram", "default", body, "KeyError: 'x'", ""))
        await page.goto(f"{world.url}/quarantine")
        await page.get_by_role("button", name="Take it in again").first.click()
        await said(page, "taken in again")
        await urs.sees("help")


async def test_who_did_what_is_found_and_downloaded(house: House) -> None:
    reference = await asks_for_a_human(house.world, "whatsapp", "FROST-C-1009", "I need a human about my refund")
    async with house.looking() as page:
        await page.goto(f"{house.world.url}/audit")
        await page.get_by_label("About").press_sequentially(reference)
        await expect(page).to_have_url(re.compile(reference))
        await expect(page.locator("#list tbody tr").first).to_contain_text(reference)
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Download all of these as CSV").click()
        assert (await downloading.value).suggested_filename.endswith(".csv")


async def test_a_token_is_made_and_revoked_and_a_message_is_looked_at(house: House) -> None:
    async with house.looking() as page:
        await page.goto(f"{house.world.url}/settings/tokens")
        await page.get_by_label("Name of the program").fill("The till")
        await page.get_by_label("At this unit and below").fill("BR-07")
        await page.get_by_role("button", name="Make the token").first.click()
        await expect(page.get_by_role("main")).to_contain_text("Copy it now")
        await page.locator("tr", has_text="The till").get_by_role("button", name="Revoke").click()
        await expect(page.locator("tr", has_text="The till")).to_have_count(0)
        await page.goto(f"{house.world.url}/settings/channels")
        await expect(page.get_by_role("main")).to_contain_text("The database answers")
        await page.goto(f"{house.world.url}/settings/templates")
        await expect(page.locator(".bubble").first).to_be_visible()


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
        await page.get_by_text("The numbers").first.click()
        await expect(page.locator(".figure tbody tr").first).to_be_visible()
    await world.on("telegram", "T-22").sees("Door glass cracked")
