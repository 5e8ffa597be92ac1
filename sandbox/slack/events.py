"""What Slack sends to the app: signed events, slash commands and interactions."""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson

from sandbox.chats import Chat
from sandbox.delivery import Manner, Outcome, Parcel
from sandbox.people import Person
from sandbox.slack.state import ResponseAddress, Trigger
from sandbox.state import Sandbox

RETRIES = (0.0, 60.0, 300.0)
ACK_SECONDS = 3.0
FORM = "application/x-www-form-urlencoded"

Json = dict[str, Any]


def sign(secret: str, body: bytes, stamp: int) -> str:
    base = b"v0:%d:%s" % (stamp, body)
    return f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}"


def manner(sandbox: Sandbox, kind: str, content_type: str = "application/json") -> Manner:
    """Signatures carry the machine's time: a receiver compares them with its own. Only events are repeated."""
    settings = sandbox.settings["slack"]

    def headers(body: bytes, attempt: int, reason: str | None) -> dict[str, str]:
        stamp = int(time.time())
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": str(stamp),
            "X-Slack-Signature": sign(settings["signing_secret"], body, stamp),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if attempt:
            signed |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason or "http_error"}
        return signed

    def address() -> str | None:
        url = settings.get(f"{kind}_url") or settings["events_url"]
        return str(url) if url else None

    return Manner(address, headers, RETRIES if kind == "events" else (), ACK_SECONDS)


def post_event(sandbox: Sandbox, chat: str, event: Json) -> Parcel:
    settings, number = sandbox.settings["slack"], sandbox.slack.next_number()
    envelope = {
        "token": "sandbox-verification-token",
        "team_id": settings["team_id"],
        "context_team_id": settings["team_id"],
        "api_app_id": settings["app_id"],
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:09d}",
        "event_time": int(sandbox.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": settings["team_id"],
                "user_id": settings["bot_user_id"],
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{number:09d}",
    }
    kind = f"event.{event['type']}"
    return sandbox.delivery.post(Parcel("slack", kind, chat, orjson.dumps(envelope), manner(sandbox, "events")))


def channel_type(chat: Chat) -> str:
    return "im" if chat.private else "channel"


def own_message(sandbox: Sandbox, chat: Chat, vendor: Json) -> None:
    """Slack tells the app of its own messages too."""
    if sandbox.settings["slack"]["own_messages"]:
        placed = {"channel": chat.id, "channel_type": channel_type(chat), "event_ts": vendor["ts"]}
        post_event(sandbox, chat.id, {**vendor, **placed})


def own_change(sandbox: Sandbox, chat: Chat, vendor: Json) -> None:
    if sandbox.settings["slack"]["own_messages"]:
        post_event(sandbox, chat.id, changed_event(sandbox, chat, vendor))


def changed_event(sandbox: Sandbox, chat: Chat, vendor: Json) -> Json:
    ts = sandbox.slack.next_ts(sandbox.clock.now())
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": vendor,
        "channel": chat.id,
        "channel_type": channel_type(chat),
        "ts": ts,
        "event_ts": ts,
    }


def trigger(sandbox: Sandbox, person: Person) -> tuple[str, Callable[[], None]]:
    """A trigger id, and what starts its three seconds when it leaves."""
    issued = Trigger(person.key, sandbox.clock.now())
    number = sandbox.slack.next_number()
    identity = f"{number}.{int(issued.at)}.{number:032x}"
    sandbox.slack.triggers[identity] = issued

    def leaves() -> None:
        issued.at = sandbox.clock.now()

    return identity, leaves


def response_url(sandbox: Sandbox, person: Person, chat: Chat, message: str | None) -> str:
    number = sandbox.slack.next_number()
    key = hashlib.sha256(f"{number}:{person.key}".encode()).hexdigest()[:24]
    sandbox.slack.responses[key] = ResponseAddress(person.key, chat.id, message, sandbox.clock.now())
    return f"{sandbox.base_url}/slack/response/{sandbox.settings['slack']['team_id']}/{number}/{key}"


def post_interaction(
    sandbox: Sandbox, payload: Json, before: Callable[[], None], after: Callable[[Outcome], None] | None = None
) -> Parcel:
    settings = sandbox.settings["slack"]
    team = {"id": settings["team_id"], "domain": settings["team_name"].lower()}
    common = {"team": team, "enterprise": None, "is_enterprise_install": False, "api_app_id": settings["app_id"]}
    full = {**payload, **common, "token": "sandbox-verification-token"}
    body = urlencode({"payload": orjson.dumps(full).decode()}).encode()
    chat = payload.get("channel", {}).get("id") or payload["user"]["id"]
    how = manner(sandbox, "interactivity", FORM)
    return sandbox.delivery.post(Parcel("slack", payload["type"], chat, body, how, before=before, after=after))


def post_command(
    sandbox: Sandbox, chat: Chat, form: dict[str, str], before: Callable[[], None], after: Callable[[Outcome], None]
) -> Parcel:
    how = manner(sandbox, "commands", FORM)
    body = urlencode(form).encode()
    return sandbox.delivery.post(Parcel("slack", "command", chat.id, body, how, before=before, after=after))
