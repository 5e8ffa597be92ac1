"""Every row of every errors table, as the platform itself would answer it: the sandbox refuses, the real client meets it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from channels.base import Outgoing, Sender
from channels.card import Card, Paragraph, Span
from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome
from channels.slack.errors import TABLE as SLACK
from channels.slack.sender import SlackSender
from channels.telegram.errors import TABLE as TELEGRAM
from channels.telegram.sender import TelegramSender
from channels.whatsapp.errors import TABLE as WHATSAPP
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from sandbox.server import create_app
from tests.sandbox.serving import serving

KINDS: dict[str, type[SendFailure]] = {
    "broken": PermanentFailure,
    "halted": PermanentFailure,
    "refused": PermanentFailure,
    "unreachable": PermanentFailure,
    "template": PermanentFailure,
    "later": TemporaryFailure,
    "lane": TemporaryFailure,
    "recipient": TemporaryFailure,
    "unknown": UnknownOutcome,
}
HOLDS = {"later": "delivery", "lane": "lane", "recipient": "recipient"}
PERSON = {"key": "ana", "name": "Ana", "telegram_id": 7001, "slack_id": "U0ANA", "whatsapp_id": "351910000001"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with serving(create_app()) as url:
        httpx2.put(f"{url}/control/people", json=[PERSON]).raise_for_status()
        yield url


@pytest.fixture
async def control(sandbox: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=sandbox) as client:
        await client.delete("/control/faults")
        yield client


async def failing(control: httpx2.AsyncClient, sender: Sender, chat: str, **fault: Any) -> SendFailure:
    """What the sender raises when its platform misbehaves like this."""
    (await control.post("/control/faults", json={"kind": "error", "times": None, **fault})).raise_for_status()
    card = Card(notice="hello", paragraphs=(Paragraph((Span("hello"),)),))
    try:
        with pytest.raises(SendFailure) as caught:
            await sender.send(Outgoing(1, chat, card))
    finally:
        await sender.close()
    return caught.value


def means(failure: SendFailure, meaning: str) -> bool:
    if not isinstance(failure, KINDS[meaning]):
        return False
    if isinstance(failure, PermanentFailure):
        flags = {
            "broken": failure.broken and not failure.halts,
            "halted": failure.halts,
            "unreachable": failure.unreachable,
            "template": failure.needs_template,
        }
        return all(value == (name == meaning) for name, value in flags.items())
    return not isinstance(failure, TemporaryFailure) or failure.holds == HOLDS[meaning]


@pytest.mark.parametrize("code", WHATSAPP)
async def test_every_code_of_whatsapp(control: httpx2.AsyncClient, sandbox: str, code: int) -> None:
    sender = WhatsAppSender(
        "default", "sandbox-whatsapp-token", "100200300", load_templates(), api_url=f"{sandbox}/whatsapp"
    )

    failure = await failing(control, sender, "351910000001", platform="whatsapp", method="messages", code=code)

    assert means(failure, WHATSAPP[code].meaning), (failure, WHATSAPP[code])


@pytest.mark.parametrize("error", SLACK)
async def test_every_error_of_slack(control: httpx2.AsyncClient, sandbox: str, error: str) -> None:
    sender = SlackSender("default", "xoxb-sandbox", api_url=f"{sandbox}/slack/api/")

    failure = await failing(control, sender, "C0QUEUE", platform="slack", method="chat.postMessage", code=error)

    assert means(failure, SLACK[error][0]), (failure, SLACK[error])


@pytest.mark.parametrize("row", TELEGRAM, ids=lambda row: f"{row.status} {row.words}")
async def test_every_answer_of_telegram(control: httpx2.AsyncClient, sandbox: str, row: Any) -> None:
    sender = TelegramSender("default", "1000001:sandbox-telegram-token", api_url=f"{sandbox}/telegram")

    failure = await failing(
        control,
        sender,
        "7001",
        platform="telegram",
        method="sendMessage",
        code=row.status,
        description=row.words or "x",
    )

    assert isinstance(failure, KINDS[row.meaning]), (failure, row)


@pytest.mark.parametrize("kind", ["html_502", "garbage", "drop_after"])
@pytest.mark.parametrize("platform", ["telegram", "slack", "whatsapp"])
async def test_no_readable_answer_leaves_the_outcome_open(
    control: httpx2.AsyncClient, sandbox: str, platform: str, kind: str
) -> None:
    senders: dict[str, tuple[Sender, str, str]] = {
        "telegram": (
            TelegramSender("default", "1000001:sandbox-telegram-token", api_url=f"{sandbox}/telegram"),
            "7001",
            "sendMessage",
        ),
        "slack": (
            SlackSender("default", "xoxb-sandbox", api_url=f"{sandbox}/slack/api/"),
            "C0QUEUE",
            "chat.postMessage",
        ),
        "whatsapp": (
            WhatsAppSender(
                "default", "sandbox-whatsapp-token", "100200300", load_templates(), api_url=f"{sandbox}/whatsapp"
            ),
            "351910000001",
            "messages",
        ),
    }
    sender, chat, method = senders[platform]

    failure = await failing(control, sender, chat, platform=platform, method=method, kind=kind)

    assert isinstance(failure, UnknownOutcome), failure
