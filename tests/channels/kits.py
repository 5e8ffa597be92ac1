"""What differs between the platforms, so that the contract can be written once."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any

import orjson

from channels.asgi import Receive, Scope, Send
from channels.base import Answer, Intake, Sender
from channels.marks import HAIR_SPACE
from channels.slack.bolt import bolt_app
from channels.slack.sender import SlackSender
from channels.slack.webhook import SlackWebhook
from channels.telegram.sender import TelegramSender
from channels.telegram.webhook import TelegramWebhook
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from channels.whatsapp.webhook import WhatsAppWebhook
from tests.channels.payload_files import SOURCES
from tests.channels.stand_in import Asked, Reply, reply

SECRET = "shared-secret"
CHAT = {"telegram": "5001001", "slack": "C0LAN2Q65", "whatsapp": "34600111222"}

App = Callable[[Scope, Receive, Send], Any]


@dataclass(frozen=True)
class Kit:
    """`text_of` is what the person would read of one request to the platform; `payloads_of` what its buttons say."""

    name: str
    sender: Callable[[str], Sender]
    usual: Callable[[Asked], Reply]
    webhook: Callable[[Intake], App]
    sign: Callable[[bytes, str], dict[str, str]]
    text_of: Callable[[Asked], str]
    payloads_of: Callable[[Asked], list[str]]
    flooded: Reply
    blocked: Reply
    bad_token: Reply

    def __str__(self) -> str:
        return self.name


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _telegram_text(asked: Asked) -> str:
    parser = _Text()
    parser.feed(asked.form["text"])
    parser.close()
    return "".join(parser.parts)


def _telegram_payloads(asked: Asked) -> list[str]:
    rows = orjson.loads(asked.form.get("reply_markup", "{}")).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row]


def _telegram_error(code: int, words: str, **parameters: int) -> Reply:
    return reply(code, ok=False, error_code=code, description=words, parameters=parameters)


TELEGRAM = Kit(
    name="telegram",
    sender=lambda url: TelegramSender("default", "1000001:token", api_url=url, timeout=2),
    usual=lambda _: reply(ok=True, result={"message_id": 1, "username": "callboard_bot"}),
    webhook=lambda intake: TelegramWebhook(SOURCES["telegram"], SECRET, intake, lambda callback, toast: None),
    sign=lambda body, secret: {"x-telegram-bot-api-secret-token": secret},
    text_of=_telegram_text,
    payloads_of=_telegram_payloads,
    flooded=_telegram_error(429, "Too Many Requests: retry after 7", retry_after=7),
    blocked=_telegram_error(403, "Forbidden: bot was blocked by the user"),
    bad_token=_telegram_error(401, "Unauthorized"),
)


def _slack_webhook(intake: Intake) -> App:
    sender = SlackSender("default", "xoxb-token")
    app = bolt_app(sender.client.web, "xoxb-token", SOURCES["slack"], intake, sender.open_form)
    return SlackWebhook(app, SECRET, SOURCES["slack"], intake, lambda: datetime.now(UTC))


def slack_signature(body: bytes, secret: str, age: int = 0) -> dict[str, str]:
    stamp = str(int(datetime.now(UTC).timestamp()) - age)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def _slack_blocks(asked: Asked) -> list[dict[str, Any]]:
    blocks: Any = asked.json.get("blocks", [])
    return list(blocks)


def _slack_text(asked: Asked) -> str:
    sections = [block["text"]["text"] for block in _slack_blocks(asked) if block["type"] == "section"]
    assert all("<" not in text.replace("&lt;", "") for text in sections)
    return unescape("\n\n".join(sections)).replace(HAIR_SPACE, "")


def _slack_payloads(asked: Asked) -> list[str]:
    actions = [block["elements"] for block in _slack_blocks(asked) if block["type"] == "actions"]
    return [element["value"] for elements in actions for element in elements]


SLACK = Kit(
    name="slack",
    sender=lambda url: SlackSender("default", "xoxb-token", api_url=f"{url}/api/", timeout=2),
    usual=lambda _: reply(ok=True, ts="1795255200.000100", user="callboard", team="Acme"),
    webhook=_slack_webhook,
    sign=slack_signature,
    text_of=_slack_text,
    payloads_of=_slack_payloads,
    flooded=reply(429, {"retry-after": "7"}, ok=False, error="ratelimited"),
    blocked=reply(ok=False, error="channel_not_found"),
    bad_token=reply(ok=False, error="invalid_auth"),
)


def _whatsapp_text(asked: Asked) -> str:
    body: Any = asked.json
    content = body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"]
    return str(content).replace(HAIR_SPACE, "")


def _whatsapp_payloads(asked: Asked) -> list[str]:
    body: Any = asked.json
    if body["type"] != "interactive":
        return []
    action = body["interactive"]["action"]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [one["id"] for one in [*(button["reply"] for button in action.get("buttons", [])), *rows]]


def whatsapp_signature(body: bytes, secret: str) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def whatsapp_error(code: int, http: int = 400, headers: dict[str, str] | None = None) -> Reply:
    return reply(http, headers, error={"message": f"(#{code}) refused", "type": "OAuthException", "code": code})


WHATSAPP = Kit(
    name="whatsapp",
    sender=lambda url: WhatsAppSender("default", "token", "106540352242922", load_templates(), api_url=url),
    usual=lambda _: reply(messages=[{"id": "wamid.1"}], display_phone_number="+1 555 078 3881"),
    webhook=lambda intake: WhatsAppWebhook(SOURCES["whatsapp"], SECRET, "verify-me", intake),
    sign=whatsapp_signature,
    text_of=_whatsapp_text,
    payloads_of=_whatsapp_payloads,
    flooded=whatsapp_error(130429, 400, {"retry-after": "7"}),
    blocked=whatsapp_error(131026),
    bad_token=whatsapp_error(190, 401),
)

KITS = (TELEGRAM, SLACK, WHATSAPP)


class Door:
    """Intake as the program's: reads the body at once, and keeps what it could not read."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.answer = Answer()
        self.trouble: Exception | None = None

    async def __call__(self, source: object, body: bytes) -> Answer:
        if self.trouble:
            raise self.trouble
        self.bodies.append(body)
        return self.answer
