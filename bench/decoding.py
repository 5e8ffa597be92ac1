"""CPU per update: verify, decode, find the verb. Through the webhooks as they are wired, with an intake that stores nothing."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any
from urllib.parse import urlencode

import orjson
from pydantic import SecretStr

from bench.posts import button_press
from bench.rounds import Line, absolute
from bench.serving import settings_for
from bench.signing import sign
from bot.accounts import ASGIApp, connect
from bot.grammar import read
from bot.verbs import BY_NAME, NAMES
from channels.base import Answer, InboundMessage, Source
from core.clock import wall_time

ROUNDS = 5
TELEGRAM_SECRET = "bench-telegram"
SLACK_SECRET = "bench-slack"
COMMAND = "claim ESC-12"


async def _intake(source: Source, body: bytes) -> Answer:
    for item in source.normalise(body):
        assert isinstance(item, InboundMessage)
        said = read(item.command or item.text, NAMES)
        assert said is not None
        assert BY_NAME[said.verb].name == "claim"
    return Answer()


def measure(folder: Path) -> Iterator[Line]:
    settings = settings_for(f"sqlite:///{folder / 'none.db'}", 0).model_copy(
        update={
            "telegram_bot_token": SecretStr("1:bench"),
            "telegram_mode": "webhook",
            "telegram_webhook_secret": SecretStr(TELEGRAM_SECRET),
            "slack_bot_token": SecretStr("xoxb-bench"),
            "slack_signing_secret": SecretStr(SLACK_SECRET),
        }
    )
    with asyncio.Runner() as runner:
        hooks = runner.run(_hooks(settings))
        for path, (body, headers), times, limit in (
            ("/telegram/webhook", _telegram(), 5000, 15),
            ("/whatsapp/webhook", _whatsapp(), 5000, 15),
            ("/slack/events", _slack(), 500, 250),
        ):
            took = [runner.run(_spend(hooks[path], body, headers, times)) for _ in range(ROUNDS + 1)]
            platform = path.split("/")[1].title()
            yield absolute(f"verify, decode, route one update: {platform}", median(took[1:]) * 1e6, "us CPU", limit)


async def _hooks(settings: Any) -> dict[str, ASGIApp]:
    connected, _ = connect(settings, _intake, wall_time)
    return {path: hook for one in connected for path, hook in one.hooks.items()}


async def _spend(hook: ASGIApp, body: bytes, headers: list[tuple[bytes, bytes]], times: int) -> float:
    """CPU seconds of this process per request."""
    scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    begun = process_time()
    for _ in range(times):
        await hook(scope, receive, send)
    return (process_time() - begun) / times


Request = tuple[bytes, list[tuple[bytes, bytes]]]


def _telegram() -> Request:
    person = {"id": 7100001, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    chat = {"id": 7100001, "first_name": "Ana", "type": "private"}
    entity = {"type": "bot_command", "offset": 0, "length": 6}
    message = {
        "message_id": 9,
        "from": person,
        "chat": chat,
        "date": 1795000000,
        "text": f"/{COMMAND}",
        "entities": [entity],
    }
    body = orjson.dumps({"update_id": 10, "message": message})
    return body, [(b"x-telegram-bot-api-secret-token", TELEGRAM_SECRET.encode())]


def _whatsapp() -> Request:
    body = orjson.dumps(button_press("447946000000", COMMAND))
    return body, [(b"x-hub-signature-256", sign(body).encode())]


def _slack() -> Request:
    """A pressed button under a card of about a thousand characters."""
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "*ESC-12* a customer wants a human. " * 20}}
    button = {"type": "button", "action_id": "claim", "block_id": "b", "value": COMMAND, "action_ts": "1795000000.1"}
    payload = {
        "type": "block_actions",
        "user": {"id": "U1", "username": "ana", "team_id": "T1"},
        "api_app_id": "A1",
        "team": {"id": "T1", "domain": "acme"},
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "1795000000.000100", "channel_id": "C1"},
        "channel": {"id": "C1", "name": "support"},
        "message": {"ts": "1795000000.000100", "blocks": [words, {"type": "actions", "elements": [button]}]},
        "actions": [button],
    }
    body = urlencode({"payload": orjson.dumps(payload).decode()}).encode()
    stamp = str(int(wall_time().timestamp()))
    signature = hmac.new(SLACK_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return body, [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"x-slack-request-timestamp", stamp.encode()),
        (b"x-slack-signature", f"v0={signature}".encode()),
    ]
