"""Pressing, commanding, submitting and closing in Slack."""

from typing import Any

import orjson

from sandbox.acting import CannotAct, Done, Given, find_button, room_of, visible
from sandbox.chats import Button, Chat, Message
from sandbox.delivery import Outcome
from sandbox.gate import Refused
from sandbox.people import Person
from sandbox.slack import blocks as block_kit
from sandbox.slack import events, forms, modals, responses, shapes
from sandbox.state import Sandbox

Json = dict[str, Any]


def chat_of(sandbox: Sandbox, person: Person, given: Given) -> Chat:
    room = given.optional("room")
    return room_of(sandbox, "slack", person, room) if room else shapes.dm_of(sandbox, person)


def user(sandbox: Sandbox, person: Person) -> Json:
    name = shapes.handle(person)
    return {"id": person.slack_id, "username": name, "name": name, "team_id": sandbox.settings["slack"]["team_id"]}


async def press(sandbox: Sandbox, person: Person, given: Given) -> Done:
    shapes.dm_of(sandbox, person)
    chats = [chat for chat in sandbox.chats.of(person.key) if chat.platform == "slack"]
    if given.optional("room"):
        chats = [chat_of(sandbox, person, given)]
    label, data = given.optional("label"), given.optional("data")
    if view := _view_with(sandbox, person, label, data, bool(given.body.get("view"))):
        return _press_in_view(sandbox, person, *view)
    chat, message, button = find_button(visible(chats, person, given.optional("message_id")), label, data)
    return _press(sandbox, person, chat, message, button)


def _view_with(
    sandbox: Sandbox, person: Person, label: str | None, data: str | None, home: bool
) -> tuple[Json, Button] | None:
    """An open modal covers everything else; the home page is looked at when asked for."""
    open_views = [
        *sandbox.slack.modals.get(person.key, [])[-1:],
        *([sandbox.slack.homes.get(person.key)] if home else []),
    ]
    for view in filter(None, open_views):
        for button in block_kit.buttons(view["blocks"]):
            if label == button.label or (data is not None and data in (button.data, button.more["action_id"])):
                return view, button
    return None


def _action(sandbox: Sandbox, button: Button) -> Json:
    element = button.more["element"]
    action = {
        "action_id": button.more["action_id"],
        "block_id": button.more["block_id"],
        "type": element["type"],
        "action_ts": sandbox.slack.next_ts(sandbox.clock.now()),
    }
    if button.kind == "option":
        multiple = element["type"] in forms.SEVERAL_OPTIONS
        return {
            **action,
            **(
                {"selected_options": [button.more["option"]]}
                if multiple
                else {"selected_option": button.more["option"]}
            ),
        }
    return {**action, **{name: element[name] for name in ("text", "value", "style", "url") if name in element}}


def _press(sandbox: Sandbox, person: Person, chat: Chat, message: Message, button: Button) -> Done:
    trigger_id, leaves = events.trigger(sandbox, person)
    container = {"type": "message", "message_ts": message.id, "channel_id": chat.id, "is_ephemeral": message.ephemeral}
    if message.thread:
        container["thread_ts"] = message.thread
    payload = {
        "type": "block_actions",
        "user": user(sandbox, person),
        "container": container,
        "trigger_id": trigger_id,
        "channel": {"id": chat.id, "name": "directmessage" if chat.private else chat.name.lstrip("#")},
        "state": {"values": {}},
        "response_url": events.response_url(sandbox, person, chat, message.id),
        "actions": [_action(sandbox, button)],
    }
    if not message.ephemeral:
        payload["message"] = message.vendor
    event = {
        "kind": "block_actions",
        "chat": chat.id,
        "message_id": message.id,
        "label": button.label,
        "trigger_id": trigger_id,
        "response_url": payload["response_url"],
    }
    if button.kind == "url":
        event["url"] = button.more["url"]
    return Done(event, [events.post_interaction(sandbox, payload, leaves)])


def _press_in_view(sandbox: Sandbox, person: Person, view: Json, button: Button) -> Done:
    trigger_id, leaves = events.trigger(sandbox, person)
    payload = {
        "type": "block_actions",
        "user": user(sandbox, person),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id,
        "view": view,
        "actions": [_action(sandbox, button)],
    }
    event = {"kind": "block_actions", "view_id": view["id"], "label": button.label, "trigger_id": trigger_id}
    return Done(event, [events.post_interaction(sandbox, payload, leaves)])


async def command(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, settings = chat_of(sandbox, person, given), sandbox.settings["slack"]
    if given.optional("thread"):
        raise CannotAct("slash commands cannot be used inside threads")
    trigger_id, leaves = events.trigger(sandbox, person)
    form = {
        "token": "sandbox-verification-token",
        "team_id": settings["team_id"],
        "team_domain": settings["team_name"].lower(),
        "channel_id": chat.id,
        "channel_name": "directmessage" if chat.private else chat.name.lstrip("#"),
        "user_id": person.slack_id,
        "user_name": shapes.handle(person),
        "command": "/" + given.text("command").lstrip("/"),
        "text": str(given.body.get("text") or ""),
        "api_app_id": settings["app_id"],
        "is_enterprise_install": "false",
        "response_url": events.response_url(sandbox, person, chat, None),
        "trigger_id": trigger_id,
    }
    event: Json = {"kind": "command", "chat": chat.id, "trigger_id": trigger_id, "response_url": form["response_url"]}

    def answered(outcome: Outcome) -> None:
        """Slack shows the answer, or that there was none in time."""
        body = _answer_of(outcome, form["command"])
        if body is not None:
            event["message_id"] = responses.answer(sandbox, chat, person, body).id

    return Done(event, [events.post_command(sandbox, chat, form, leaves, answered)])


def _answer_of(outcome: Outcome, name: str) -> Json | None:
    if not outcome.accepted:
        why = "operation_timeout" if outcome.note == "http_timeout" else "dispatch_failed"
        return {"text": f'{name} failed with the error "{why}"'}
    if not outcome.body.strip():
        return None
    try:
        body = orjson.loads(outcome.body)
    except orjson.JSONDecodeError:
        return {"text": outcome.body.decode(errors="replace")}
    return body if isinstance(body, dict) and (body.get("text") or body.get("blocks")) else None


def _open_view(sandbox: Sandbox, person: Person, given: Given) -> Json:
    stack = sandbox.slack.modals.get(person.key) or []
    wanted = given.optional("view_id")
    view: Json | None = next((view for view in reversed(stack) if wanted in (None, view["id"])), None)
    if view is None:
        raise CannotAct(f"{person.key} has no open modal", 404)
    return view


async def submit(sandbox: Sandbox, person: Person, given: Given) -> Done:
    view = _open_view(sandbox, person, given)
    try:
        state, errors = forms.state_of(view, given.body.get("values") or {})
    except forms.UnknownField as unknown:
        raise CannotAct(str(unknown)) from None
    if errors:
        raise CannotAct("the form is not complete", 422, errors=errors)
    view["state"] = {"values": state}
    trigger_id, leaves = events.trigger(sandbox, person)
    payload = {
        "type": "view_submission",
        "user": user(sandbox, person),
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": [],
    }
    event: Json = {"kind": "view_submission", "view_id": view["id"], "trigger_id": trigger_id, "errors": {}}

    def answered(outcome: Outcome) -> None:
        event["action"], event["errors"] = _acted_upon(sandbox, person, view, outcome)
        sandbox.changes.publish("modal", "slack", [person.key])

    return Done(event, [events.post_interaction(sandbox, payload, leaves, answered)])


def _acted_upon(sandbox: Sandbox, person: Person, view: Json, outcome: Outcome) -> tuple[str, Json]:
    """What Slack does with the modal, and the errors it shows in it."""
    if not outcome.accepted:
        return "failed", {"": "We had some trouble connecting. Try again?"}
    try:
        body = orjson.loads(outcome.body or b"{}")
        return _respond_to(sandbox, person, view, body)
    except (orjson.JSONDecodeError, Refused):
        return "failed", {"": "We had some trouble connecting. Try again?"}


def _respond_to(sandbox: Sandbox, person: Person, view: Json, body: Json) -> tuple[str, Json]:
    stack, action = sandbox.slack.modals.setdefault(person.key, []), str(body.get("response_action") or "close")
    if action == "errors":
        known = {block["block_id"] for block in view["blocks"]}
        view["errors"] = {block: text for block, text in body.get("errors", {}).items() if block in known}
        return (action, view["errors"]) if view["errors"] else ("failed", {"": "no error names a block of the modal"})
    view.pop("errors", None)
    if action == "clear":
        stack.clear()
    elif action in ("update", "push"):
        fresh = modals.read_view(body.get("view"))
        if action == "push":
            stack.append(modals.made(sandbox, fresh))
        else:
            stack[stack.index(view)] = modals.made(sandbox, fresh, view["id"])
    elif view in stack:
        stack.remove(view)
    return action, {}


async def close(sandbox: Sandbox, person: Person, given: Given) -> Done:
    view = _open_view(sandbox, person, given)
    sandbox.slack.modals[person.key].remove(view)
    sandbox.changes.publish("modal", "slack", [person.key])
    event = {"kind": "view_closed", "view_id": view["id"]}
    if not view["notify_on_close"]:
        return Done(event)
    payload = {"type": "view_closed", "user": user(sandbox, person), "view": view, "is_cleared": False}
    return Done(event, [events.post_interaction(sandbox, payload, lambda: None)])
