"""A real Bolt app as the receiver: messages, commands, cards and modals."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.sandbox.conftest import CARD
from tests.sandbox.serving import Control, Program, serving

SECRET = "sandbox-slack-secret"
INPUT = {
    "type": "input",
    "block_id": "reason",
    "label": {"type": "plain_text", "text": "Reason"},
    "element": {"type": "plain_text_input", "action_id": "text", "min_length": 3},
}
CHOICE = {
    "type": "input",
    "block_id": "how",
    "optional": True,
    "label": {"type": "plain_text", "text": "How"},
    "element": {
        "type": "static_select",
        "action_id": "pick",
        "options": [
            {"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Handled", "Lost")
        ],
    },
}
MODAL = {
    "type": "modal",
    "callback_id": "resolve",
    "title": {"type": "plain_text", "text": "Resolve"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [INPUT, CHOICE],
}


@pytest.fixture
def bolt(control: Control) -> Iterator[dict[str, Any]]:
    """A Bolt app in a thread of its own; what its listeners saw is kept by name."""
    seen: dict[str, Any] = {}
    identity = AuthorizeResult(
        enterprise_id=None, team_id="T0SANDBOX", bot_id="B0SANDBOX", bot_user_id="U0BOT", bot_token="xoxb-sandbox"
    )
    client = AsyncWebClient("xoxb-sandbox", base_url=f"{control.url}/slack/api/", retry_handlers=[])

    async def authorize() -> AuthorizeResult:
        return identity

    app = AsyncApp(signing_secret=SECRET, client=client, authorize=authorize, process_before_response=True)

    @app.event("message")
    async def on_message(event: dict[str, Any], say: Any) -> None:
        seen["message"] = event["text"]
        await say(f"heard {event['text']}")

    @app.command("/callboard")
    async def on_command(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        await ack()

    @app.action("claim")
    async def on_claim(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(f"claimed by {body['user']['id']}", replace_original=True)

    @app.view("resolve")
    async def on_resolve(ack: Any, view: dict[str, Any]) -> None:
        seen["values"] = view["state"]["values"]
        if view["state"]["values"]["reason"]["text"]["value"] == "wrong":
            await ack(response_action="errors", errors={"reason": "Say more"})
        else:
            await ack()

    @app.view_closed("resolve")
    async def on_closed(ack: Any) -> None:
        seen["closed"] = True
        await ack()

    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        response: Response = await handler.handle(request)
        return response

    with serving(Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])) as url:
        control.put("/config", {"slack": {"events_url": f"{url}/slack/events"}})
        yield seen
        control.post("/reset")


def test_bolt_hears_and_answers(control: Control, bolt: dict[str, Any]) -> None:
    assert control.act("ana", "slack", "say", text="hello")["status"] == 200
    assert bolt["message"] == "hello"
    assert [message["text"] for message in control.messages("ana", "slack")] == ["hello", "heard hello"]


async def test_bolt_replaces_the_pressed_card(control: Control, bolt: dict[str, Any], slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel="C0QUEUE", text="x", blocks=CARD)
    assert control.act("ana", "slack", "press", room="C0QUEUE", label="Claim")["status"] == 200
    assert [message["text"] for message in control.messages("bob", "slack")] == ["claimed by U0ANA"]


def test_bolt_opens_a_modal_that_is_filled_in_refused_corrected_and_accepted(
    control: Control, bolt: dict[str, Any]
) -> None:
    assert control.act("ana", "slack", "command", command="/callboard", text="resolve")["status"] == 200
    modal = control.get("/people/ana/chats")["modal"]
    assert (modal["title"], [field["label"] for field in modal["fields"]]) == ("Resolve", ["Reason", "How"])
    incomplete = control.act("ana", "slack", "submit", expect=422, values={})
    assert incomplete["errors"] == {"reason": "Please complete this required field."}
    assert "at least 3" in control.act("ana", "slack", "submit", expect=422, values={"Reason": "x"})["errors"]["reason"]
    control.act("ana", "slack", "submit", expect=400, values={"Reason": "fine", "Nonsense": "x"})
    refused = control.act("ana", "slack", "submit", values={"reason": "wrong"})
    assert refused["errors"] == {"reason": "Say more"}
    assert control.get("/people/ana/chats")["modal"]["errors"] == {"reason": "Say more"}
    accepted = control.act("ana", "slack", "submit", values={"Reason": "called back", "How": "handled"})
    assert (accepted["errors"], accepted["action"]) == ({}, "close")
    assert bolt["values"]["how"]["pick"]["selected_option"]["value"] == "handled"
    assert "modal" not in control.get("/people/ana/chats")


def test_bolt_learns_that_a_modal_was_closed(control: Control, bolt: dict[str, Any]) -> None:
    control.act("ana", "slack", "command", command="/callboard")
    control.act("ana", "slack", "close")
    assert bolt["closed"]
    control.act("ana", "slack", "close", expect=404)


async def test_a_trigger_works_once_and_for_three_seconds(
    control: Control, receiver: Program, slack: AsyncWebClient
) -> None:
    await slack.chat_postMessage(channel="C0QUEUE", text="x", blocks=CARD)
    trigger = control.act("ana", "slack", "press", label="Claim")["trigger_id"]
    opened = await slack.views_open(trigger_id=trigger, view=MODAL)
    updated = await slack.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=MODAL)
    assert updated["view"]["id"] == opened["view"]["id"]
    for seconds, error in ((0, "exchanged_trigger_id"), (4, "expired_trigger_id")):
        if seconds:
            trigger = control.act("ana", "slack", "press", room="C0QUEUE", data="1", view=False)["trigger_id"]
            control.advance(seconds)
        with pytest.raises(Exception, match=error):
            await slack.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(Exception, match="hash_conflict"):
        await slack.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=MODAL)
    with pytest.raises(Exception, match="invalid_arguments"):
        await slack.views_open(trigger_id=trigger, view={**MODAL, "title": {"type": "plain_text", "text": "x" * 25}})
