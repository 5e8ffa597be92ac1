"""What the app receives: verified by slack_sdk, handled by a real Bolt app, or looked at as it came."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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
CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "ESC-1"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "claim", "value": "1", "text": {"type": "plain_text", "text": "Claim"}}
        ],
    },
]


def test_every_event_is_signed_so_that_slacks_own_verifier_agrees(control: Control, receiver: Program) -> None:
    control.act("ana", "slack", "say", room="C0QUEUE", text="grüße")
    control.act("ana", "slack", "command", command="/callboard", text="queue")
    verifier = SignatureVerifier(SECRET)
    for request in receiver.wait_for(2):
        assert verifier.is_valid_request(request.body, request.headers)
        assert not verifier.is_valid_request(request.body + b" ", request.headers)
    control.post("/raw/slack", {"body": {"type": "event_callback"}, "signed": "wrong"})
    control.post("/raw/slack", {"body": {"type": "event_callback"}, "signed": "old"})
    control.post("/raw/slack", {"text": "{broken", "signed": False})
    wrong, old, unsigned = receiver.wait_for(5)[2:]
    assert not verifier.is_valid_request(wrong.body, wrong.headers)
    assert not verifier.is_valid_request(old.body, old.headers)
    assert "x-slack-signature" not in unsigned.headers
    assert unsigned.body == b"{broken"


def test_a_mention_makes_two_events_of_one_message(control: Control, receiver: Program) -> None:
    event = control.act("ana", "slack", "say", room="C0QUEUE", text="queue", mention=True)
    message, mention = [request.json for request in receiver.wait_for(2)]
    assert (message["event"]["type"], mention["event"]["type"]) == ("message", "app_mention")
    assert message["event"]["ts"] == mention["event"]["ts"] == event["ts"]
    assert message["event_id"] != mention["event_id"]
    assert message["event"]["text"] == "<@U0BOT> queue"
    assert event["statuses"] == [200, 200]


def test_threads_direct_messages_edits_and_reactions(control: Control, receiver: Program) -> None:
    parent = control.act("ana", "slack", "say", room="C0QUEUE", text="parent")
    control.act("bob", "slack", "say", room="C0QUEUE", text="child", thread=parent["ts"])
    control.act("bob", "slack", "say", text="psst")
    control.act("ana", "slack", "edit", room="C0QUEUE", message_id=parent["ts"], text="parent!")
    control.act("bob", "slack", "react", room="C0QUEUE", message_id=parent["ts"], emoji="eyes")
    _, child, direct, edited, reaction = [request.json["event"] for request in receiver.wait_for(5)]
    assert (child["thread_ts"], child["parent_user_id"], child["channel_type"]) == (parent["ts"], "U0ANA", "channel")
    assert (direct["channel"], direct["channel_type"]) == ("D0BOB", "im")
    assert (edited["subtype"], edited["message"]["text"]) == ("message_changed", "parent!")
    assert (reaction["reaction"], reaction["item"]["ts"]) == ("eyes", parent["ts"])
    assert control.act("ana", "slack", "say", expect=404, room="C404", text="x")["error"]


def test_events_are_repeated_three_times_unless_told_not_to(control: Control, receiver: Program) -> None:
    for _ in range(4):
        receiver.will_answer(500)
    assert control.act("ana", "slack", "say", text="one")["status"] == 500
    attempts = receiver.wait_for(4)
    assert [attempt.headers.get("x-slack-retry-num") for attempt in attempts] == [None, "1", "2", "3"]
    assert attempts[1].headers["x-slack-retry-reason"] == "http_error"
    assert len({attempt.json["event_id"] for attempt in attempts}) == 1
    receiver.will_answer(500, x_slack_no_retry="1")
    control.act("ana", "slack", "say", text="two")
    control.act("ana", "slack", "say", text="three")
    assert [request.json["event"]["text"] for request in receiver.wait_for(6)[4:]] == ["two", "three"]


def test_a_slow_acknowledgement_counts_as_none(control: Control, receiver: Program) -> None:
    receiver.will_answer(200, late=3.3)
    event = control.act("ana", "slack", "say", text="slow")
    assert (event["status"], event["note"]) == (None, "http_timeout")
    assert receiver.wait_for(2)[1].headers["x-slack-retry-reason"] == "http_timeout"


async def test_the_apps_own_messages_come_back(control: Control, receiver: Program, slack: AsyncWebClient) -> None:
    control.put("/config", {"slack": {"own_messages": True}})
    posted = await slack.chat_postMessage(channel="C0QUEUE", text="card")
    await slack.chat_update(channel="C0QUEUE", ts=posted["ts"], text="card 2")
    first, second = [request.json["event"] for request in receiver.wait_for(2)]
    assert (first["bot_id"], first["ts"]) == ("B0SANDBOX", posted["ts"])
    assert second["subtype"] == "message_changed"


def test_a_command_is_answered_to_the_person_alone(control: Control, receiver: Program) -> None:
    receiver.will_answer(200, {"text": "3 waiting"}, Content_Type="application/json")
    control.act("ana", "slack", "command", room="C0QUEUE", command="/callboard", text="queue now")
    form = receiver.wait_for(1)[0].form
    assert (form["command"], form["text"], form["user_id"], form["channel_id"]) == (
        "/callboard",
        "queue now",
        "U0ANA",
        "C0QUEUE",
    )
    assert form["trigger_id"]
    assert form["response_url"].startswith(control.url)
    (answer,) = control.messages("ana", "slack")
    assert (answer["text"], answer["ephemeral"]) == ("3 waiting", True)
    assert control.messages("bob", "slack") == []
    receiver.will_answer(404)
    control.act("ana", "slack", "command", command="/callboard")
    assert "dispatch_failed" in control.messages("ana", "slack")[-1]["text"]


async def test_pressing_tells_everything_about_the_button(
    control: Control, receiver: Program, slack: AsyncWebClient
) -> None:
    posted = await slack.chat_postMessage(channel="C0QUEUE", text="x", blocks=CARD)
    control.act("bob", "slack", "press", label="claim")
    payload = receiver.wait_for(1)[0].json
    assert payload["actions"][0] | {"action_ts": "", "block_id": ""} == {
        "action_id": "claim",
        "block_id": "",
        "type": "button",
        "action_ts": "",
        "text": {"type": "plain_text", "text": "Claim"},
        "value": "1",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0QUEUE",
        "is_ephemeral": False,
    }
    assert (payload["user"]["id"], payload["channel"]["id"], payload["message"]["ts"]) == (
        "U0BOB",
        "C0QUEUE",
        posted["ts"],
    )
    assert control.act("bob", "slack", "press", expect=404, label="Nonsense")["buttons"][0]["label"] == "Claim"
    await slack.chat_postEphemeral(channel="C0QUEUE", user="U0ANA", text="x", blocks=CARD)
    control.act("ana", "slack", "press", data="1")
    payload = receiver.wait_for(2)[1].json
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


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


async def test_signatures_follow_the_machines_clock_not_the_advanced_one(control: Control, receiver: Program) -> None:
    control.advance(7200)
    control.act("ana", "slack", "say", text="later")
    (request,) = receiver.wait_for(1)
    assert abs(int(request.headers["x-slack-request-timestamp"]) - time.time()) < 30
    assert float(request.json["event"]["ts"]) - time.time() > 7000


async def test_the_home_page_is_published_and_pressed(
    control: Control, receiver: Program, slack: AsyncWebClient
) -> None:
    await slack.views_publish(user_id="U0ANA", view={"type": "home", "blocks": CARD})
    assert control.get("/people/ana/chats")["home"]["text"] == "ESC-1"
    control.act("ana", "slack", "press", label="Claim", view=True)
    assert receiver.wait_for(1)[0].json["container"]["type"] == "view"
