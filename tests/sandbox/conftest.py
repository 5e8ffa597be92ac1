"""A running sandbox, its control API, something that stands for the program, and the vendors' own clients."""

from collections.abc import AsyncIterator, Iterator

import pytest
import telegram
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import create_app
from tests.sandbox.serving import Control, Program, program, serving

TOKEN = "1000001:sandbox-telegram-token"
PEOPLE = [
    {"key": "ana", "name": "Ana Silva", "telegram_id": 7001, "slack_id": "U0ANA", "whatsapp_id": "+351910000001"},
    {"key": "bob", "name": "Bob", "telegram_id": 7002, "slack_id": "U0BOB", "whatsapp_id": "351910000002"},
]
ANA, BOB = 7001, 7002


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
