"""What an office does on the pages: trainings, figures, people, rules, what did not arrive, who did what, tokens."""

import json
import re
from typing import Any

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.async_api import Page, expect

from core.audit.inbox import put_aside
from tests.journeys.browser import CHROMIUM, PHONE, House, check_width, said
from tests.journeys.on_pages import asks_for_a_human, breaks, is_repaired, update

PEOPLE = "code,name,role,unit_code,phone\n"

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]


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
