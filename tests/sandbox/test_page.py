"""The sandbox's page in a real browser, against the real sandbox."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
import uvicorn

from sandbox.server import create_app

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


class Accepting(BaseHTTPRequestHandler):
    """Stands for the program: takes every webhook."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any, **__: Any) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def program() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Accepting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    config = uvicorn.Config(create_app(), port=0, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture
def sandbox(address: str, program: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=address, trust_env=False) as client:
        client.post("/control/reset").raise_for_status()
        webhooks = {"whatsapp": {"webhook_url": f"{program}/whatsapp"}, "slack": {"events_url": f"{program}/slack"}}
        client.put("/control/config", json=webhooks).raise_for_status()
        client.put("/control/people", json=PEOPLE).raise_for_status()
        yield client


@pytest.fixture
def page(browser: Browser, sandbox: httpx2.Client, address: str) -> Iterator[Page]:
    """Fails the test when the console complained: of an error, of a breach of the content security policy."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.locator("[data-person=tom]").first).to_be_visible()
    yield page
    page.close()
    refused_form = "status of 422"  # what the sandbox answers to an incomplete modal; Chromium logs every refusal
    assert [complaint for complaint in complaints if refused_form not in complaint] == []


def choose(page: Page, person: str) -> None:
    page.locator(f"#people [data-person={person}]").click()


def telegram(sandbox: httpx2.Client, method: str, **fields: Any) -> Any:
    answer = sandbox.post(f"{TELEGRAM}/{method}", json=fields).raise_for_status().json()
    return answer["result"]


def test_what_a_person_says_shows_in_the_chat_and_in_the_traffic(page: Page) -> None:
    choose(page, "maria")
    page.locator(".phone.whatsapp textarea").fill("overdue please")
    page.keyboard.press("Enter")
    expect(page.locator(".phone.whatsapp .message.mine")).to_contain_text("overdue please")
    entry = page.locator(".entry", has_text="overdue please")
    expect(entry.locator(".status")).to_have_text("200")
    entry.locator("summary").click()
    expect(entry.locator("pre").first).to_contain_text("whatsapp_business_account")


def test_a_message_of_the_bot_appears_with_buttons_and_pressing_reaches_the_bot(
    page: Page, sandbox: httpx2.Client
) -> None:
    choose(page, "tom")
    buttons = [[{"text": "Accept", "callback_data": "accept:12"}, {"text": "Decline", "callback_data": "decline:12"}]]
    markup = {"inline_keyboard": buttons}
    telegram(
        sandbox, "sendMessage", chat_id=7001, text="<b>TKT-12</b> cold room", parse_mode="HTML", reply_markup=markup
    )
    offer = page.locator(".phone.telegram .message.theirs")
    expect(offer.locator("b")).to_have_text("TKT-12")
    offer.get_by_role("button", name="Accept").click()
    updates = telegram(sandbox, "getUpdates", timeout=5)
    assert [update["callback_query"]["data"] for update in updates] == ["accept:12"]


def test_an_edited_message_changes_in_place(page: Page, sandbox: httpx2.Client) -> None:
    choose(page, "tom")
    sent = telegram(sandbox, "sendMessage", chat_id=7001, text="Who takes it?")
    expect(page.locator(".phone.telegram .message")).to_contain_text("Who takes it?")
    telegram(sandbox, "editMessageText", chat_id=7001, message_id=sent["message_id"], text="Taken by Ana")
    expect(page.locator(".phone.telegram .message.changed")).to_contain_text("Taken by Ana")
    expect(page.locator(".phone.telegram .message .stamp")).to_contain_text("edited")
    expect(page.locator(".phone.telegram .message")).to_have_count(1)


def test_a_channel_card_is_drawn_from_its_blocks(page: Page, sandbox: httpx2.Client) -> None:
    sandbox.put("/control/rooms/C0QUEUE", json={"platform": "slack", "name": "support-queue", "members": ["ana"]})
    claim = {"type": "button", "action_id": "claim", "value": "12", "text": {"type": "plain_text", "text": "Claim"}}
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*ESC-12* for <@U0ANA>"}},
        {"type": "actions", "elements": [claim]},
    ]
    body = {"channel": "C0QUEUE", "text": "ESC-12", "blocks": blocks}
    sandbox.post("/slack/api/chat.postMessage", json=body, headers={"Authorization": "Bearer xoxb-sandbox"})
    choose(page, "ana")
    page.get_by_role("tab", name="support-queue").or_(page.locator(".phone.slack .title")).first.click()
    post = page.locator(".phone.slack .post")
    expect(post.locator(".mention")).to_have_text("@Ana Ruiz")
    expect(post.get_by_role("button", name="Claim")).to_be_visible()


def test_a_modal_shows_what_is_wrong_and_closes_when_it_is_right(page: Page, sandbox: httpx2.Client) -> None:
    def words(text: str) -> dict[str, str]:
        return {"type": "plain_text", "text": text}

    choose(page, "ana")
    command = {"command": "/callboard", "text": "resolve 12"}
    pressed = sandbox.post("/control/people/ana/slack/command", json=command).raise_for_status().json()
    notes = {"type": "input", "block_id": "notes", "label": words("Notes"), "element": {"type": "plain_text_input"}}
    view = {"type": "modal", "title": words("Resolve"), "submit": words("Save"), "blocks": [notes]}
    body = {"trigger_id": pressed["event"]["trigger_id"], "view": view}
    opened = sandbox.post("/slack/api/views.open", json=body, headers={"Authorization": "Bearer xoxb-sandbox"})
    assert opened.json()["ok"], opened.text
    page.locator(".modal").get_by_role("button", name="Save").click()
    expect(page.locator(".modal .field .error")).to_have_text("Please complete this required field.")
    page.locator(".modal textarea, .modal input").fill("Sent a voucher")
    page.locator(".modal").get_by_role("button", name="Save").click()
    expect(page.locator(".modal")).to_have_count(0)
    expect(page.locator(".entry", has_text="view_submission").locator(".status")).to_have_text("200")


def test_moving_the_clock_closes_the_window(page: Page, sandbox: httpx2.Client) -> None:
    sandbox.post("/control/people/maria/whatsapp/say", json={"text": "hello"}).raise_for_status()
    choose(page, "maria")
    expect(page.locator(".notice")).to_contain_text("24-hour window: 23 h 59 min left")
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator(".notice")).to_contain_text("window closed")


def test_misbehaving_on_order(page: Page, sandbox: httpx2.Client) -> None:
    page.get_by_text("Misbehave").first.click()
    page.get_by_label("Platform").select_option("Telegram")
    page.get_by_label("What goes wrong").select_option("answers a broken page (502)")
    page.get_by_role("button", name="Misbehave").click()
    expect(page.locator(".active li")).to_have_text("Telegram answers a broken page (502), once more")
    assert sandbox.post(f"{TELEGRAM}/sendMessage", json={"chat_id": 7001, "text": "Hello"}).status_code == 502
    expect(page.locator(".active li")).to_have_count(0)


def test_markup_that_people_write_stays_text(page: Page, sandbox: httpx2.Client) -> None:
    choose(page, "maria")
    attack = "<img src=x onerror=alert(1)> <b>bold</b>"
    sandbox.post("/control/people/maria/whatsapp/say", json={"text": attack}).raise_for_status()
    bubble = page.locator(".phone.whatsapp .message.mine .text")
    expect(bubble).to_have_text(attack)
    expect(bubble.locator("img, b")).to_have_count(0)


def test_news_of_somebody_else_is_told_and_leads_there(page: Page, sandbox: httpx2.Client) -> None:
    choose(page, "maria")
    telegram(sandbox, "sendMessage", chat_id=7001, text="A new offer for you")
    expect(page.locator("#people [data-person=tom] .count")).to_have_text("1")
    page.locator("#ticker .news", has_text="Tom Becker got a message on Telegram").click()
    expect(page.locator("#stage .strip")).to_have_attribute("data-person", "tom")
    expect(page.locator(".phone.telegram .message")).to_contain_text("A new offer for you")


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
