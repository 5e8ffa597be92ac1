"""What listens at the sandbox's stand-ins, and what is sent there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from channels.base import Answer, Inbound, InboundMessage, Sender, Source
from channels.card import Button, Card, Paragraph, Span
from channels.slack import decode as slack_decode
from channels.slack.bolt import bolt_app
from channels.slack.sender import SlackSender
from channels.slack.webhook import SlackWebhook
from channels.telegram import decode as telegram_decode
from channels.telegram.sender import TelegramSender
from channels.telegram.webhook import TelegramWebhook
from channels.whatsapp import decode as whatsapp_decode
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from channels.whatsapp.webhook import WhatsAppWebhook
from core.clock import wall_time
from sandbox.server import create_app

ANA = {
    "name": "Ana Ruiz",
    "kind": "staff",
    "telegram_id": 5001001,
    "slack_id": "U061F7AUR",
    "whatsapp_id": "34600111222",
    "started": True,
}


CHAT = {"telegram": "5001001", "slack": "U061F7AUR", "whatsapp": "34600111222"}


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn tells nobody
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


class Program:
    """The least that can listen: it reads what comes in and answers nothing of its own."""

    def __init__(self, control: httpx2.AsyncClient, senders: dict[str, Sender]) -> None:
        self.control, self.senders = control, senders
        self.heard: list[Inbound] = []
        self.answer = Answer()

    async def intake(self, source: Source, body: bytes) -> Answer:
        self.heard += source.normalise(body)
        return self.answer

    def said(self) -> InboundMessage:
        messages = [one for one in self.heard if isinstance(one, InboundMessage)]
        return messages[-1]

    async def act(self, channel: str, verb: str, **details: Any) -> dict[str, Any]:
        answer = await self.control.post(f"/control/people/ana/{channel}/{verb}", json=details)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def seen(self, channel: str) -> list[dict[str, Any]]:
        chats = (await self.control.get("/control/people/ana/chats")).json()
        return [message for chat in chats[channel] for message in chat["messages"]]


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    for _ in range(500):
        met = condition()
        if await met if isinstance(met, Awaitable) else met:
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen")


@asynccontextmanager
async def at_the_sandbox() -> AsyncIterator[Program]:
    async with serving(create_app()) as url, httpx2.AsyncClient(base_url=url, timeout=10) as control:
        telegram = TelegramSender("default", "1000001:sandbox-telegram-token", api_url=f"{url}/telegram")
        slack = SlackSender("default", "xoxb-sandbox", api_url=f"{url}/slack/api/")
        whatsapp = WhatsAppSender(
            "default", "sandbox-whatsapp-token", "100200300", load_templates(), api_url=f"{url}/whatsapp"
        )
        program = Program(control, {"telegram": telegram, "slack": slack, "whatsapp": whatsapp})
        async with serving(_doors(program, telegram, slack)) as here:
            await _introduce(control, here, telegram)
            yield program
        for sender in program.senders.values():
            await sender.close()


def _doors(program: Program, telegram: TelegramSender, slack: SlackSender) -> Starlette:
    events = slack_decode.source("default", wall_time)
    app = bolt_app(slack.client.web, "xoxb-sandbox", events, program.intake, slack.open_form)
    updates = telegram_decode.source("default", wall_time)
    doors: dict[str, Any] = {
        "telegram": TelegramWebhook(updates, "hook-secret", program.intake, telegram.answer),
        "slack": SlackWebhook(app, "sandbox-slack-secret", events, program.intake, wall_time),
        "whatsapp": WhatsAppWebhook(
            whatsapp_decode.source("default"), "sandbox-whatsapp-secret", "sandbox-verify", program.intake
        ),
    }
    return Starlette(routes=[Route(f"/{name}", endpoint=door) for name, door in doors.items()])


async def _introduce(control: httpx2.AsyncClient, here: str, telegram: TelegramSender) -> None:
    await control.put(
        "/control/config",
        json={"slack": {"events_url": f"{here}/slack"}, "whatsapp": {"webhook_url": f"{here}/whatsapp"}},
    )
    assert (await control.put("/control/people/ana", json=ANA)).status_code == 200
    await telegram.listen_at(f"{here}/telegram", "hook-secret")
    for language, template in load_templates().by_language.items():
        body = {"category": "UTILITY", "body": template.body, "quick_replies": [template.quick_reply]}
        answer = await control.put(f"/control/templates/{template.name}/{language}", json=body | {"status": "APPROVED"})
        assert answer.status_code == 200, answer.text


OFFER = Card(
    notice="TKT-202611-00012 at Harbour Street",
    title="TKT-202611-00012",
    paragraphs=(
        Paragraph((Span("Cold room <warm> & *loud*"), Span(" now", "bold"))),
        Paragraph((Span("12°C\n> 4°C 👩🏽‍🔧 مرحبا"),), quote=True),
        Paragraph((Span("the board", href="https://board.example/?a=1&b=2"),)),
    ),
    buttons=(Button("Accept", "accept TKT-202611-00012"), Button("Decline", "decline TKT-202611-00012", "danger")),
    pin=(40.4168, -3.7038),
)


async def open_window(program: Program) -> None:
    await program.act("whatsapp", "say", text="hello")
