"""Slack without a public address: a web socket of ours plays Slack's side."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import WSMsgType, web
from slack_bolt.async_app import AsyncApp

from channels.base import Answer, Intake, Source
from channels.slack.bolt import bolt_app
from channels.slack.sender import SlackSender
from channels.slack.socket_mode import SlackSocketMode
from core.errors import Unavailable
from tests.channels.kits import Door
from tests.channels.payload_files import FOLDER, SOURCES

ENVELOPES = {"events_api": "message", "slash_commands": "slash", "interactive": "block_actions"}


class SlackSocket:
    """Hands out every envelope once, and keeps the ids of those that were acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()

    async def open(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer xapp-token"
        return web.json_response({"ok": True, "url": f"ws://{request.host}/socket"})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        for kind, name in ENVELOPES.items():
            body = json.loads((FOLDER / "slack" / f"{name}.json").read_text("utf-8"))["body"]
            await socket.send_json(
                {"type": kind, "envelope_id": name, "payload": body, "accepts_response_payload": True}
            )
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.add(message.json()["envelope_id"])
        return socket


@asynccontextmanager
async def listening(slack: SlackSocket, intake: Intake) -> AsyncIterator[None]:
    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", slack.open), web.get("/socket", slack.socket)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sender = SlackSender("default", "xoxb-token", api_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/")
    task = asyncio.create_task(SlackSocketMode("xapp-token", SOURCES["slack"], partial(_app, sender)).listen(intake))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await sender.close()
    await runner.cleanup()


def _app(sender: SlackSender, intake: Intake) -> AsyncApp:
    return bolt_app(sender.client.web, "xoxb-token", SOURCES["slack"], intake, sender.open_form)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  the other side is a library's
            await asyncio.sleep(0.01)


async def test_every_kind_of_envelope_is_read_and_acknowledged() -> None:
    slack, door = SlackSocket(), Door()
    async with listening(slack, door):
        await until(lambda: len(slack.acknowledged) == len(ENVELOPES))
    read = [SOURCES["slack"].normalise(body)[0] for body in door.bodies]
    assert {one.way for one in read if hasattr(one, "way")} == {"text", "slash", "button"}


async def test_what_cannot_be_stored_is_not_acknowledged() -> None:
    slack = SlackSocket()
    refused: list[bytes] = []

    async def full(source: Source, body: bytes) -> Answer:
        refused.append(body)
        raise Unavailable

    async with listening(slack, full):
        await until(lambda: len(refused) == len(ENVELOPES))
    assert slack.acknowledged == set()
