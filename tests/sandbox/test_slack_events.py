"""What the app receives, looked at as it came and verified by slack_sdk."""

import time

from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.conftest import CARD
from tests.sandbox.serving import Control, Program

SECRET = "sandbox-slack-secret"


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
