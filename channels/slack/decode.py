"""What Slack posts (docs.slack.dev/apis/events-api, /interactivity) -> what a person did. Pure; raises on nonsense."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from html import unescape
from typing import Any
from zlib import crc32

import orjson

from channels.base import Inbound, InboundMessage, MediaRef, Source, Way
from channels.slack import body as request_body
from channels.slack.forms import read_form

Now = Callable[[], datetime]
Payload = Mapping[str, Any]

_SAID_BY_PEOPLE = {None, "file_share", "thread_broadcast", "me_message"}
_LINK = re.compile(r"<(https?://[^|>]+|mailto:[^|>]+|tel:[^|>]+)(?:\|([^>]*))?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>[\s,:]*")
_MEDIA = {"image": "photo", "audio": "audio", "video": "video"}


def source(account: str, now: Now) -> Source:
    return Source("slack", account, partial(decode, account, now))


def decode(account: str, now: Now, body: bytes) -> list[Inbound]:
    """`now` dates slash commands and submitted modals, which Slack does not date."""
    payload = request_body.read(body)
    match payload.get("type"):
        case "event_callback":
            return _event(account, payload)
        case "block_actions":
            return _actions(account, payload)
        case "view_submission":
            return [_submission(account, now, payload)]
        case None if "command" in payload:
            return [_slash(account, now, payload)]
    return []


def _event(account: str, payload: Payload) -> list[Inbound]:
    """`message` and `app_mention` are told twice about one message; their common id is channel and ts."""
    event = payload["event"]
    said_by_person = event.get("subtype") in _SAID_BY_PEOPLE and "bot_id" not in event and event.get("user")
    if event["type"] not in ("message", "app_mention") or not said_by_person:
        return []
    way, text = _words(event.get("text") or "", _our_ids(payload), mentioned=event["type"] == "app_mention")
    media = tuple(map(_media, event.get("files") or ()))
    if not (text or media):
        return []
    return [
        InboundMessage(
            channel="slack",
            account=account,
            event_ids=(f"event:{payload['event_id']}", f"message:{event['channel']}:{event['ts']}"),
            sender=event["user"],
            sender_name="",
            chat=event["channel"],
            private=_private(event["channel"]),
            sent_at=_moment(event["ts"]),
            way=way,
            message_id=event["ts"],
            thread=event.get("thread_ts"),
            text=text,
            media=media,
        )
    ]


def _our_ids(payload: Payload) -> set[str]:
    return {one.get("user_id", "") for one in payload.get("authorizations") or ()}


def _words(text: str, ours: set[str], *, mentioned: bool) -> tuple[Way, str]:
    """Our own mention in front is taken away; other people's stay as `<@U1>`."""
    mention = _MENTION.match(text)
    if mention and (mentioned or mention[1] in ours):
        return "mention", plain(text[mention.end() :])
    return ("mention" if mentioned or any(f"<@{one}>" in text for one in ours) else "text"), plain(text)


def plain(text: str) -> str:
    """Links read as they were typed, or as their label with the address behind it; entities as characters
    (docs.slack.dev/messaging/formatting-message-text)."""
    return unescape(_LINK.sub(_link, text)).strip()


def _link(link: re.Match[str]) -> str:
    address, label = link[1], link[2]
    if not label or label == address:
        return address
    return label if label.rstrip("/") in address else f"{label} ({address})"


def _media(file: Payload) -> MediaRef:
    mime = file.get("mimetype") or ""
    kind = _MEDIA.get(mime.partition("/")[0], "document")
    return MediaRef(kind, file["id"], mime or None, file.get("size"), file.get("name"))


def _actions(account: str, payload: Payload) -> list[Inbound]:
    """Presses in a message. What is pressed inside a modal arrives with its submission."""
    container = payload["container"]
    if "channel_id" not in container:
        return []
    return [
        _press(account, payload, action, command)
        for action in payload["actions"]
        if (command := (action.get("selected_option") or action).get("value"))
    ]


def _press(account: str, payload: Payload, action: Payload, command: str) -> InboundMessage:
    container, user = payload["container"], payload["user"]
    return InboundMessage(
        channel="slack",
        account=account,
        event_ids=(f"action:{action['action_ts']}:{action['action_id']}:{user['id']}",),
        sender=user["id"],
        sender_name=user.get("name") or user.get("username") or "",
        chat=container["channel_id"],
        private=_private(container["channel_id"]),
        sent_at=_moment(action["action_ts"]),
        way="button",
        message_id=None if container.get("is_ephemeral") else container["message_ts"],
        thread=thread_of(payload),
        command=command,
        callback=payload.get("trigger_id"),
    )


def thread_of(payload: Payload) -> str | None:
    """The thread an answer to a press belongs in. None beside a channel's own message: what only one member sees is shown in a
    thread only after somebody wrote there (docs.slack.dev/reference/methods/chat.postEphemeral, `thread_ts`)."""
    container = payload["container"]
    pressed: str = container["message_ts"]
    thread: str = container.get("thread_ts") or payload.get("message", {}).get("thread_ts") or pressed
    return thread if thread != pressed or _private(container["channel_id"]) else None


def _slash(account: str, now: Now, payload: Payload) -> InboundMessage:
    return InboundMessage(
        channel="slack",
        account=account,
        event_ids=(f"slash:{payload['trigger_id']}",),
        sender=payload["user_id"],
        sender_name=payload.get("user_name", ""),
        chat=payload["channel_id"],
        private=_private(payload["channel_id"]),
        sent_at=now(),
        way="slash",
        text=plain(payload.get("text", "")),
        callback=payload["trigger_id"],
    )


def _submission(account: str, now: Now, payload: Payload) -> InboundMessage:
    """A modal sent back with errors keeps its id and hash: only the answers tell the corrected one from a repetition."""
    view, user = payload["view"], payload["user"]
    form, chat, thread = read_form(view)
    answers = crc32(orjson.dumps(view["state"]["values"], option=orjson.OPT_SORT_KEYS))
    return InboundMessage(
        channel="slack",
        account=account,
        event_ids=(f"view:{view['id']}:{view.get('hash', '')}:{answers:08x}",),
        sender=user["id"],
        sender_name=user.get("name") or user.get("username") or "",
        chat=chat or user["id"],
        private=_private(chat or user["id"]),
        sent_at=now(),
        way="form",
        thread=thread,
        form=form,
        callback=payload.get("trigger_id"),
    )


def _private(chat: str) -> bool:
    """D is a direct message, U or W a person; group direct messages are channels to us."""
    return chat[:1] in "DUW"


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
