from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient

from tests.sandbox.serving import Control, Program


def button(label: str = "Claim", **more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "value": "esc-1", "action_id": "claim", **more}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


async def refusal(awaitable: Any) -> tuple[str, Any]:
    with pytest.raises(SlackApiError) as error:
        await awaitable
    return error.value.response["error"], error.value.response


async def test_a_card_is_posted_read_changed_and_deleted(slack: AsyncWebClient, control: Control) -> None:
    posted = await slack.chat_postMessage(
        channel="C0QUEUE", text="fallback", blocks=[section("ESC-1"), actions(button())]
    )
    (seen,) = control.messages("bob", "slack")
    assert (seen["text"], seen["id"], seen["buttons"][0]["label"]) == ("ESC-1", posted["ts"], "Claim")
    assert posted["message"]["blocks"][1]["block_id"]
    await slack.chat_update(channel="C0QUEUE", ts=posted["ts"], text="claimed by Ana", blocks=[])
    (seen,) = control.messages("bob", "slack")
    assert (seen["text"], seen["edited"], seen["buttons"]) == ("claimed by Ana", True, [])
    reply = await slack.chat_postMessage(channel="C0QUEUE", text="in thread", thread_ts=posted["ts"])
    parent, child = control.messages("bob", "slack")
    assert (parent["reply_count"], child["thread"]) == (1, posted["ts"])
    link = await slack.chat_getPermalink(channel="C0QUEUE", message_ts=reply["ts"])
    assert "C0QUEUE" in link["permalink"]
    await slack.reactions_add(channel="C0QUEUE", timestamp=reply["ts"], name="eyes")
    await slack.chat_delete(channel="C0QUEUE", ts=reply["ts"])
    assert len(control.messages("bob", "slack")) == 1


async def test_an_ephemeral_message_is_for_one(slack: AsyncWebClient, control: Control) -> None:
    await slack.chat_postEphemeral(channel="C0QUEUE", user="U0ANA", text="only you")
    assert [message["ephemeral"] for message in control.messages("ana", "slack")] == [True]
    assert control.messages("bob", "slack") == []


async def test_below_what_nobody_answered_an_ephemeral_message_is_not_shown(
    slack: AsyncWebClient, control: Control
) -> None:
    card = await slack.chat_postMessage(channel="C0QUEUE", text="ESC-12")
    whisper = {"channel": "C0QUEUE", "user": "U0ANA", "text": "only you", "thread_ts": card["ts"]}
    await slack.chat_postEphemeral(**whisper)
    assert len(control.messages("ana", "slack")) == 1
    await slack.chat_postMessage(channel="C0QUEUE", text="a reply", thread_ts=card["ts"])
    await slack.chat_postEphemeral(**whisper)
    assert [message["ephemeral"] for message in control.messages("ana", "slack")] == [False, False, True]


async def test_direct_messages_by_user_and_by_conversation(slack: AsyncWebClient, control: Control) -> None:
    opened = await slack.conversations_open(users=["U0ANA"])
    direct = await slack.chat_postMessage(channel=opened["channel"]["id"], text="one")
    again = await slack.chat_postMessage(channel="U0ANA", text="two")
    assert direct["channel"] == again["channel"] == "D0ANA"
    assert [message["text"] for message in control.messages("ana", "slack")] == ["one", "two"]


async def test_the_directory_answers_get_and_post_alike(slack: AsyncWebClient, control: Control) -> None:
    control.put("/people/ana", {"email": "ana@fresco.example"})
    assert (await slack.auth_test())["bot_id"] == "B0SANDBOX"
    assert (await slack.users_info(user="U0ANA"))["user"]["real_name"] == "Ana Silva"
    assert (await slack.users_lookupByEmail(email="Ana@fresco.example"))["user"]["id"] == "U0ANA"
    assert len((await slack.users_list())["members"]) == 3
    assert (await slack.conversations_info(channel="C0QUEUE"))["channel"]["name"] == "queue"
    assert (await slack.conversations_list())["channels"][0]["id"] == "C0QUEUE"
    first = await slack.conversations_members(channel="C0QUEUE", limit=2)
    rest = await slack.conversations_members(channel="C0QUEUE", cursor=first["response_metadata"]["next_cursor"])
    assert [*first["members"], *rest["members"]] == ["U0ANA", "U0BOB", "U0BOT"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "C0ELSE", "text": "x"}, "not_in_channel"),
        ({"channel": "C0QUEUE", "text": ""}, "no_text"),
        ({"channel": "C0QUEUE", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0QUEUE", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
    ],
)
async def test_posting_is_refused_as_slack_refuses_it(
    slack: AsyncWebClient, control: Control, given: Any, error: str
) -> None:
    control.put("/rooms/C0OLD", {"platform": "slack", "name": "old", "members": ["ana"], "archived": True})
    control.put("/rooms/C0ELSE", {"platform": "slack", "name": "else", "members": ["ana"], "bot_gone": True})
    assert (await refusal(slack.api_call("chat.postMessage", json=given)))[0] == error


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            [actions(*[button(action_id=str(n)) for n in range(26)])],
            "must have 1 to 25 items [json-pointer:/blocks/0/elements]",
        ),
        ([actions(button("x" * 76))], "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        (
            [actions(button(value="x" * 2001))],
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "[json-pointer:/blocks/0/text/text]"),
        ([{"type": "sparkles"}], "unsupported type: sparkles [json-pointer:/blocks/0/type]"),
        ([{**section("x"), "fields": [{"type": "mrkdwn", "text": "x"}] * 11}], "no more than 10 items allowed"),
        ([{**section("x"), "block_id": "a"}, {**section("y"), "block_id": "a"}], "block_id already exists"),
        ([actions({"type": "static_select", "options": []})], "must have 1 to 100 items"),
    ],
)
async def test_block_kit_limits(slack: AsyncWebClient, blocks: Any, complaint: str) -> None:
    error, response = await refusal(slack.chat_postMessage(channel="C0QUEUE", text="x", blocks=blocks))
    assert error == "invalid_blocks"
    assert complaint in "\n".join(response["response_metadata"]["messages"])


async def test_tokens_methods_and_other_peoples_messages(slack: AsyncWebClient, control: Control) -> None:
    stranger = AsyncWebClient("xoxb-wrong", base_url=slack.base_url, retry_handlers=[])
    assert (await refusal(stranger.auth_test()))[0] == "invalid_auth"
    assert control.session.post(f"{slack.base_url}auth.test").json()["error"] == "not_authed"
    assert (await refusal(slack.api_call("chat.telepathy")))[0] == "unknown_method"
    assert (await refusal(slack.apps_connections_open(app_token="xoxb-sandbox")))[0] == "not_allowed_token_type"
    said = control.act("ana", "slack", "say", room="C0QUEUE", text="mine")
    assert (await refusal(slack.chat_update(channel="C0QUEUE", ts=said["ts"], text="x")))[0] == "cant_update_message"
    assert (await refusal(slack.chat_update(channel="C0QUEUE", ts="1.1", text="x")))[0] == "message_not_found"


async def test_files_travel_both_ways(slack: AsyncWebClient, control: Control, receiver: Program) -> None:
    await slack.files_upload_v2(channel="C0QUEUE", filename="proof.csv", content="a,b\n", initial_comment="the proof")
    (seen,) = control.messages("ana", "slack")
    assert seen["text"] == "the proof"
    assert control.session.get(f"{control.url}{seen['document']}").text == "a,b\n"
    control.act("ana", "slack", "photo", room="C0QUEUE", caption="look")
    event = receiver.wait_for(1)[-1].json["event"]
    shared = event["files"][0]
    assert (event["subtype"], shared["mimetype"]) == ("file_share", "image/jpeg")
    signed_in = control.session.get(shared["url_private"], headers={"Authorization": "Bearer xoxb-sandbox"})
    assert signed_in.content.startswith(b"\xff\xd8")
    assert "Sign in" in control.session.get(shared["url_private"]).text
    assert (await slack.files_info(file=shared["id"]))["file"]["name"] == shared["name"]


async def test_a_response_url_takes_five_answers_within_half_an_hour(
    slack: AsyncWebClient, control: Control, receiver: Program
) -> None:
    await slack.chat_postMessage(channel="C0QUEUE", text="card", blocks=[section("card"), actions(button())])
    webhook = WebhookClient(control.act("ana", "slack", "press", room="C0QUEUE", label="Claim")["response_url"])
    assert webhook.send(text="claimed", replace_original=True).status_code == 200
    assert control.messages("bob", "slack")[0]["text"] == "claimed"
    assert webhook.send(text="psst").body == "ok"
    assert [message["ephemeral"] for message in control.messages("ana", "slack")] == [False, True]
    assert webhook.send(text="all", response_type="in_channel").status_code == 200
    assert len(control.messages("bob", "slack")) == 2
    webhook.send(text="four")
    webhook.send(delete_original=True)
    assert [message["text"] for message in control.messages("bob", "slack")] == ["all"]
    assert webhook.send(text="six").status_code == 404
    await slack.chat_postMessage(channel="C0QUEUE", text="card", blocks=[section("card"), actions(button())])
    late = WebhookClient(control.act("ana", "slack", "press", room="C0QUEUE", label="Claim")["response_url"])
    control.advance(1801)
    assert late.send(text="late").status_code == 404
