"""views.*: modals and the home page."""

import hashlib
from typing import Any

import orjson

from sandbox.bodies import parsed
from sandbox.gate import Answer, Call
from sandbox.slack import blocks as block_kit
from sandbox.slack.answers import ok, refuse
from sandbox.state import Sandbox

TRIGGER_SECONDS = 3
TITLE = 24
METADATA = 3000
MOST_STACKED = 3

Json = dict[str, Any]


def read_view(value: Any, kind: str = "modal") -> Json:
    """Raises invalid_arguments with Slack's messages."""
    view = parsed(value)
    if not isinstance(view, dict):
        raise refuse("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    report = block_kit.Report()
    report.messages += block_kit.check(view.get("blocks"), block_kit.MOST_IN_VIEW, "/view/blocks")
    if view.get("type") != kind:
        report.add(f"must be {kind}", "/view/type")
    if kind == "modal":
        _check_modal(report, view)
    for name, most in (("private_metadata", METADATA), ("callback_id", 255)):
        if len(str(view.get(name) or "")) > most:
            report.add(f"must be less than {most + 1} characters", f"/view/{name}")
    if report.messages:
        raise refuse("invalid_arguments", response_metadata={"messages": report.messages})
    return view


def _check_modal(report: block_kit.Report, view: Json) -> None:
    for name in ("title", "submit", "close"):
        text = (view.get(name) or {}).get("text") or ""
        if len(text) > TITLE:
            report.add(f"must be less than {TITLE + 1} characters", f"/view/{name}/text")
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in view.get("blocks") or [])
    for name, needed in (("title", True), ("submit", has_input)):
        if needed and not view.get(name):
            report.add(f"missing required field: {name}", "/view")


def made(sandbox: Sandbox, view: Json, identity: str | None = None) -> Json:
    settings, now = sandbox.settings["slack"], sandbox.slack.next_ts(sandbox.clock.now())
    fresh = identity or f"V{sandbox.slack.next_number():09d}"
    return {
        "id": fresh,
        "team_id": settings["team_id"],
        "private_metadata": "",
        "callback_id": "",
        "state": {"values": {}},
        "title": None,
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
        "external_id": "",
        "previous_view_id": None,
        "root_view_id": fresh,
        "app_id": settings["app_id"],
        "app_installed_team_id": settings["team_id"],
        "bot_id": settings["bot_id"],
        **view,
        "blocks": block_kit.completed(view["blocks"]),
        "hash": f"{now[:10]}.{hashlib.sha256(orjson.dumps([view, now])).hexdigest()[:8]}",
    }


def _person_of_trigger(sandbox: Sandbox, call: Call) -> str:
    found = sandbox.slack.triggers.get(str(call.params.get("trigger_id") or ""))
    if found is None:
        raise refuse("invalid_trigger_id" if call.params.get("trigger_id") else "invalid_arguments")
    if found.used:
        raise refuse("exchanged_trigger_id")
    if sandbox.clock.now() - found.at > TRIGGER_SECONDS:
        raise refuse("expired_trigger_id")
    found.used = True
    return found.person


async def open_view(sandbox: Sandbox, call: Call) -> Answer:
    view = read_view(call.params.get("view"))
    person = _person_of_trigger(sandbox, call)
    opened = made(sandbox, view)
    sandbox.slack.modals[person] = [opened]
    sandbox.changes.publish("modal", "slack", [person])
    return ok(view=opened)


async def push_view(sandbox: Sandbox, call: Call) -> Answer:
    view = read_view(call.params.get("view"))
    person = _person_of_trigger(sandbox, call)
    stack = sandbox.slack.modals.get(person) or []
    if not stack or len(stack) >= MOST_STACKED:
        raise refuse("push_limit_reached" if stack else "view_not_found")
    stack.append({**made(sandbox, view), "previous_view_id": stack[-1]["id"], "root_view_id": stack[0]["id"]})
    sandbox.changes.publish("modal", "slack", [person])
    return ok(view=stack[-1])


async def update_view(sandbox: Sandbox, call: Call) -> Answer:
    wanted, external = call.params.get("view_id"), call.params.get("external_id")
    view = read_view(call.params.get("view"))
    for person, stack in sandbox.slack.modals.items():
        for number, old in enumerate(stack):
            if old["id"] == wanted or (external and old["external_id"] == external):
                if call.params.get("hash") not in (None, "", old["hash"]):
                    raise refuse("hash_conflict")
                stack[number] = {**made(sandbox, view, old["id"]), "previous_view_id": old["previous_view_id"]}
                sandbox.changes.publish("modal", "slack", [person])
                return ok(view=stack[number])
    raise refuse("not_found")


async def publish(sandbox: Sandbox, call: Call) -> Answer:
    person = sandbox.people.at("slack", call.params.get("user_id"))
    if person is None:
        raise refuse("user_not_found")
    view = made(sandbox, read_view(call.params.get("view"), "home"))
    sandbox.slack.homes[person.key] = view
    sandbox.changes.publish("home", "slack", [person.key])
    return ok(view=view)
