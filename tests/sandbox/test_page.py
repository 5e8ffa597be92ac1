"""The sandbox's page in a real browser, against the real sandbox."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.serving import Control, program

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (uv sync --group e2e)")
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TELEGRAM = "/telegram/bot1000001:sandbox-telegram-token"
PEOPLE = [
    {"key": "tom", "name": "Tom Becker", "role": "technician", "unit": "Fresco / North", "telegram_id": 7001},
    {
        "key": "maria",
        "name": "Maria Okafor",
        "role": "store_manager",
        "unit": "Fresco / Alex",
        "whatsapp_id": "4915100000001",
    },
    {"key": "ana", "name": "Ana Ruiz", "role": "agent", "unit": "Fresco / Service", "slack_id": "U0ANA"},
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture
def control(sandbox_url: str) -> Iterator[Control]:
    """Three people with one platform each, and a program that takes every webhook."""
    control = Control(sandbox_url)
    with program() as stand_in:
        control.post("/reset")
        control.put("/config", {"whatsapp": {"webhook_url": stand_in.url}, "slack": {"events_url": stand_in.url}})
        control.put("/people", PEOPLE)
        yield control
        control.post("/reset")
    control.session.close()


@pytest.fixture
def page(browser: Browser, control: Control) -> Iterator[Page]:
    """Fails the test when the console complained: of an error, of a breach of the content security policy."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(control.url)
    expect(page.locator("[data-person=tom]").first).to_be_visible()
    yield page
    page.close()
    refused_form = "status of 422"  # what the sandbox answers to an incomplete modal; Chromium logs every refusal
    assert [complaint for complaint in complaints if refused_form not in complaint] == []


def choose(page: Page, person: str) -> None:
    page.locator(f"#people [data-person={person}]").click()


def telegram(control: Control, method: str, expect: int = 200, **fields: Any) -> Any:
    answer = control.session.post(f"{control.url}{TELEGRAM}/{method}", json=fields)
    assert answer.status_code == expect, answer.text
    return answer.json()["result"] if expect == 200 else None


def slack(control: Control, method: str, **fields: Any) -> Any:
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    answer = control.session.post(f"{control.url}/slack/api/{method}", json=fields, headers=headers).json()
    assert answer["ok"], answer
    return answer


def test_what_a_person_says_shows_in_the_chat_and_in_the_traffic(page: Page) -> None:
    choose(page, "maria")
    page.locator(".phone.whatsapp textarea").fill("overdue please")
    page.keyboard.press("Enter")
    expect(page.locator(".phone.whatsapp .message.mine")).to_contain_text("overdue please")
    entry = page.locator(".entry", has_text="overdue please")
    expect(entry.locator(".status")).to_have_text("200")
    entry.locator("summary").click()
    expect(entry.locator("pre").first).to_contain_text("whatsapp_business_account")


def test_a_message_of_the_bot_appears_with_buttons_and_pressing_reaches_the_bot(page: Page, control: Control) -> None:
    choose(page, "tom")
    buttons = [[{"text": "Accept", "callback_data": "accept:12"}, {"text": "Decline", "callback_data": "decline:12"}]]
    markup = {"inline_keyboard": buttons}
    telegram(
        control, "sendMessage", chat_id=7001, text="<b>TKT-12</b> cold room", parse_mode="HTML", reply_markup=markup
    )
    offer = page.locator(".phone.telegram .message.theirs")
    expect(offer.locator("b")).to_have_text("TKT-12")
    offer.get_by_role("button", name="Accept").click()
    updates = telegram(control, "getUpdates", timeout=5)
    assert [update["callback_query"]["data"] for update in updates] == ["accept:12"]


def test_an_edited_message_changes_in_place(page: Page, control: Control) -> None:
    choose(page, "tom")
    sent = telegram(control, "sendMessage", chat_id=7001, text="Who takes it?")
    expect(page.locator(".phone.telegram .message")).to_contain_text("Who takes it?")
    telegram(control, "editMessageText", chat_id=7001, message_id=sent["message_id"], text="Taken by Ana")
    expect(page.locator(".phone.telegram .message.changed")).to_contain_text("Taken by Ana")
    expect(page.locator(".phone.telegram .message .stamp")).to_contain_text("edited")
    expect(page.locator(".phone.telegram .message")).to_have_count(1)


def test_a_channel_card_is_drawn_from_its_blocks(page: Page, control: Control) -> None:
    control.put("/rooms/C0QUEUE", {"platform": "slack", "name": "support-queue", "members": ["ana"]})
    claim = {"type": "button", "action_id": "claim", "value": "12", "text": {"type": "plain_text", "text": "Claim"}}
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*ESC-12* for <@U0ANA>"}},
        {"type": "actions", "elements": [claim]},
    ]
    slack(control, "chat.postMessage", channel="C0QUEUE", text="ESC-12", blocks=blocks)
    choose(page, "ana")
    page.get_by_role("tab", name="support-queue").or_(page.locator(".phone.slack .title")).first.click()
    post = page.locator(".phone.slack .post")
    expect(post.locator(".mention")).to_have_text("@Ana Ruiz")
    expect(post.get_by_role("button", name="Claim")).to_be_visible()


def test_a_modal_shows_what_is_wrong_and_closes_when_it_is_right(page: Page, control: Control) -> None:
    def words(text: str) -> dict[str, str]:
        return {"type": "plain_text", "text": text}

    choose(page, "ana")
    typed = control.act("ana", "slack", "command", command="/callboard", text="resolve 12")
    notes = {"type": "input", "block_id": "notes", "label": words("Notes"), "element": {"type": "plain_text_input"}}
    view = {"type": "modal", "title": words("Resolve"), "submit": words("Save"), "blocks": [notes]}
    slack(control, "views.open", trigger_id=typed["trigger_id"], view=view)
    page.locator(".modal").get_by_role("button", name="Save").click()
    expect(page.locator(".modal .field .error")).to_have_text("Please complete this required field.")
    page.locator(".modal textarea, .modal input").fill("Sent a voucher")
    page.locator(".modal").get_by_role("button", name="Save").click()
    expect(page.locator(".modal")).to_have_count(0)
    expect(page.locator(".entry", has_text="view_submission").locator(".status")).to_have_text("200")


def test_moving_the_clock_closes_the_window(page: Page, control: Control) -> None:
    control.act("maria", "whatsapp", "say", text="hello")
    choose(page, "maria")
    expect(page.locator(".notice")).to_contain_text("24-hour window: 23 h")
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator(".notice")).to_contain_text("window closed")


def test_misbehaving_on_order(page: Page, control: Control) -> None:
    page.get_by_text("Misbehave").first.click()
    page.get_by_label("Platform").select_option("Telegram")
    page.get_by_label("What goes wrong").select_option("answers a broken page (502)")
    page.get_by_role("button", name="Misbehave").click()
    expect(page.locator(".active li")).to_have_text("Telegram answers a broken page (502), once more")
    telegram(control, "sendMessage", expect=502, chat_id=7001, text="Hello")
    expect(page.locator(".active li")).to_have_count(0)


def test_markup_that_people_write_stays_text(page: Page, control: Control) -> None:
    choose(page, "maria")
    attack = "<img src=x onerror=alert(1)> <b>bold</b>"
    control.act("maria", "whatsapp", "say", text=attack)
    bubble = page.locator(".phone.whatsapp .message.mine .text")
    expect(bubble).to_have_text(attack)
    expect(bubble.locator("img, b")).to_have_count(0)


def test_news_of_somebody_else_is_told_and_leads_there(page: Page, control: Control) -> None:
    choose(page, "maria")
    telegram(control, "sendMessage", chat_id=7001, text="A new offer for you")
    expect(page.locator("#people [data-person=tom] .count")).to_have_text("1")
    page.locator("#ticker .news", has_text="Tom Becker got a message on Telegram").click()
    expect(page.locator("#stage .strip")).to_have_attribute("data-person", "tom")
    expect(page.locator(".phone.telegram .message")).to_contain_text("A new offer for you")


def test_a_platform_that_somebody_does_not_use_takes_no_room(page: Page) -> None:
    choose(page, "tom")
    expect(page.locator(".phone")).to_have_count(1)
    expect(page.locator(".absent")).to_have_text(["Not on Slack", "Not on WhatsApp"])


def test_two_people_are_watched_side_by_side(page: Page) -> None:
    choose(page, "tom")
    page.get_by_role("button", name="Watch somebody beside").click()
    page.locator(".menu").get_by_role("button", name=re.compile("Maria Okafor")).click()
    expect(page.locator("#stage .strip")).to_have_count(2)


def test_searching_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("maria")
    page.keyboard.press("Enter")
    expect(page.locator("#stage .strip")).to_have_attribute("data-person", "maria")


def test_where_the_program_wrote_a_branch_is_in_numbers_somebody_can_be(page: Page, control: Control) -> None:
    choose(page, "tom")
    telegram(control, "sendMessage", chat_id=7001, text="TKT-12 at Vienna\n48.20100, 16.34900")
    expect(page.locator(".phone.telegram .message.theirs")).to_contain_text("48.20100")
    page.locator(".phone.telegram").get_by_title("Photo, location and more").click()
    page.locator(".menu-item", has_text="Location").click()
    page.locator(".menu-item", has_text="At the branch").first.click()
    expect(page.locator(".phone.telegram .message.mine")).to_contain_text("48.20100, 16.34900")


def test_a_suggestion_is_typed_where_its_answer_will_stand(page: Page, control: Control) -> None:
    control.put("/rooms/C0QUEUE", {"platform": "slack", "name": "support-queue", "members": ["ana"]})
    control.put(
        "/config", {"hints": [{"title": "A ticket", "person": "ana", "platform": "slack", "text": "ticket BR-07"}]}
    )
    slack(control, "chat.postMessage", channel="U0ANA", text="hello")
    slack(control, "chat.postMessage", channel="C0QUEUE", text="ESC-12")
    page.reload()
    page.locator(".hint").click()
    expect(page.locator(".phone.slack textarea")).to_have_value("ticket BR-07")
    expect(page.locator(".phone.slack .title")).to_contain_text("direct message")
    control.put("/config", {"hints": []})
