"""A running sandbox, its control API, something that stands for the program, and the vendors' own clients."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import requests
import telegram
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import create_app
from tests.sandbox.cloud_api import ANA as ANA_NUMBER
from tests.sandbox.cloud_api import HEADERS, Send
from tests.sandbox.serving import Control, Program, program, serving

TOKEN = "1000001:sandbox-telegram-token"
PEOPLE = [
    {"key": "ana", "name": "Ana Silva", "telegram_id": 7001, "slack_id": "U0ANA", "whatsapp_id": "+351910000001"},
    {"key": "bob", "name": "Bob", "telegram_id": 7002, "slack_id": "U0BOB", "whatsapp_id": "351910000002"},
]
ANA, BOB = 7001, 7002
CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "ESC-1"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "claim", "value": "1", "text": {"type": "plain_text", "text": "Claim"}}
        ],
    },
]


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with serving(create_app()) as url:
        yield url


@pytest.fixture
def control(sandbox_url: str) -> Iterator[Control]:
    """A forgetful sandbox with Ana, Bob and a room on Slack and on Telegram."""
    control = Control(sandbox_url)
    control.post("/reset")
    control.put("/people", PEOPLE)
    control.put("/rooms/C0QUEUE", {"platform": "slack", "name": "#queue", "members": ["ana", "bob"]})
    control.put("/rooms/-4001", {"platform": "telegram", "name": "Crew", "members": ["ana", "bob"]})
    yield control
    control.session.close()


@pytest.fixture
def receiver(control: Control) -> Iterator[Program]:
    """The program for Slack and WhatsApp; Telegram polls until a test sets its webhook."""
    with program() as stand_in:
        events, webhook = f"{stand_in.url}/slack/events", f"{stand_in.url}/whatsapp/webhook"
        slack = {"events_url": events, "own_messages": False}
        control.put("/config", {"slack": slack, "whatsapp": {"webhook_url": webhook}, "retry_scale": 0.001})
        yield stand_in
        control.post("/reset")


@pytest.fixture
async def bot(control: Control) -> AsyncIterator[telegram.Bot]:
    base = f"{control.url}/telegram"
    async with telegram.Bot(TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
        yield bot


@pytest.fixture
def slack(control: Control) -> AsyncWebClient:
    return AsyncWebClient("xoxb-sandbox", base_url=f"{control.url}/slack/api/", retry_handlers=[])


@pytest.fixture
def send(control: Control) -> Send:
    def post(kind: str = "text", part: Any = None, to: str = ANA_NUMBER, **more: Any) -> requests.Response:
        body = {"messaging_product": "whatsapp", "to": to, "type": kind, kind: part or {"body": "hello"}, **more}
        return requests.post(f"{control.url}/whatsapp/v25.0/100200300/messages", json=body, headers=HEADERS, timeout=10)

    return post
