"""Slack's own ways: its handshakes through Bolt, five minutes of trust, modals, ephemeral messages, files."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from channels.base import Answer, FormField, FormSpec, Outgoing
from channels.card import Button, Card, Menu, Paragraph, Span
from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from channels.slack.bolt import bolt_app
from channels.slack.decode import plain
from channels.slack.errors import failure
from channels.slack.sender import SlackSender
from channels.slack.webhook import SlackWebhook
from core.clock import wall_time
from tests.channels.kits import SECRET, SLACK, Door, slack_signature
from tests.channels.payload_files import SOURCES, sample
from tests.channels.stand_in import Asked, Reply, StandIn, reply

CARD = Card(notice="ESC-12", title="ESC-12", buttons=(Button("Claim", "claim ESC-12", "primary"),))
FORM = FormSpec(
    command="resolve ESC-12",
    title="Resolve the escalation ESC-12",
    fields=(
        FormField("resolution", "How did it end?", "choice", (("handled", "Handled"), ("lost", "Lost"))),
        FormField("until", "Until", "date", optional=True),
        FormField("notes", "Notes", optional=True),
    ),
)


def usual(asked: Asked) -> Reply:
    if asked.path.endswith("/conversations.open"):
        return reply(ok=True, channel={"id": "D024BE91L"})
    if asked.path.endswith("/files.getUploadURLExternal"):
        return reply(ok=True, file_id="F1", upload_url=f"http://{asked.headers['host']}/upload")
    if asked.path.endswith("/files.completeUploadExternal"):
        return reply(ok=True, files=[{"id": "F1"}])
    return reply(ok=True, ts="1795255200.000100", message_ts="1795255200.000200")


@pytest.fixture
async def platform() -> AsyncIterator[StandIn]:
    async with StandIn(usual).running() as platform:
        yield platform


@pytest.fixture
async def sender(platform: StandIn) -> AsyncIterator[SlackSender]:
    sender = SlackSender("default", "xoxb-token", api_url=f"{platform.url}/api/")
    yield sender
    await sender.close()


def asked(platform: StandIn, method: str) -> list[Any]:
    return [one.json for one in platform.asked if one.path.endswith(f"/{method}")]


Post = Callable[..., Any]


@pytest.fixture
async def door() -> Door:
    return Door()


@pytest.fixture
async def post(door: Door, sender: SlackSender) -> AsyncIterator[Post]:
    source = SOURCES["slack"]
    app = bolt_app(sender.client.web, "xoxb-token", source, door, sender.open_form)
    webhook: Any = SlackWebhook(app, SECRET, source, door, wall_time)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=webhook), base_url="http://here") as client:

        async def post(body: bytes, age: int = 0) -> httpx2.Response:
            kind = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
            signed = slack_signature(body, SECRET, age) | {"content-type": kind}
            return await client.post("/slack/events", content=body, headers=signed)

        yield post


# --- in -------------------------------------------------------------------------------------------------------------


async def test_slack_is_shown_that_the_address_is_ours(post: Post, door: Door) -> None:
    answer = await post(b'{"type": "url_verification", "token": "z", "challenge": "3eZbrw1a"}')
    assert answer.json() == {"challenge": "3eZbrw1a"}
    assert door.bodies == []


@pytest.mark.parametrize("age", [301, -301])
async def test_an_old_signature_is_refused(post: Post, door: Door, age: int) -> None:
    assert (await post(sample("slack/message").body, age=age)).status_code == 401
    assert (await post(sample("slack/message").body, age=290 if age > 0 else -290)).status_code == 200
    assert len(door.bodies) == 1


async def test_nobody_is_asked_who_we_are(post: Post, platform: StandIn) -> None:
    for name in ("message", "block_actions", "slash", "view_submission", "app_uninstalled", "app_rate_limited"):
        assert (await post(sample(f"slack/{name}").body)).status_code == 200
    assert platform.asked == []


@pytest.mark.logs_errors
async def test_a_fault_of_ours_makes_slack_repeat(post: Post, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.trouble = RuntimeError("a bug")
    assert (await post(sample("slack/message").body)).status_code == 500
    assert "a request from Slack failed" in caplog.text


@pytest.mark.parametrize(
    ("name", "thread"), [("block_actions", None), ("block_actions_in_thread", "1795255100.000100"), ("slash", None)]
)
async def test_a_press_may_open_a_form(
    post: Post, door: Door, platform: StandIn, sender: SlackSender, name: str, thread: str | None
) -> None:
    door.answer = Answer(form=FORM)
    await post(sample(f"slack/{name}").body)
    await sender.close()
    (opened,) = asked(platform, "views.open")
    view = opened["view"]
    assert view["title"]["text"] == "Resolve the escalation…"
    assert [block["element"]["type"] for block in view["blocks"]] == ["static_select", "datepicker", "plain_text_input"]
    assert orjson.loads(view["private_metadata"]) == {
        "command": "resolve ESC-12",
        "chat": "C0LAN2Q65",
        "thread": thread,
    }


async def test_errors_keep_the_form_open_and_find_their_field(post: Post, door: Door) -> None:
    door.answer = Answer(errors={"notes": "Say a little more.", "person": "Nobody is called that."})
    answer = await post(sample("slack/view_submission").body)
    assert answer.json() == {
        "response_action": "errors",
        "errors": {"notes": "Say a little more.", "resolution": "Nobody is called that."},
    }


def test_a_corrected_form_is_not_a_repetition() -> None:
    body = sample("slack/view_submission").body
    normalise = SOURCES["slack"].normalise
    assert normalise(body)[0].event_ids != normalise(body.replace(b"handled", b"lost"))[0].event_ids


def test_the_two_tellings_of_a_mention_share_an_id() -> None:
    twins = [SOURCES["slack"].normalise(sample(f"slack/{name}").body)[0] for name in ("message_mention", "app_mention")]
    assert set(twins[0].event_ids) & set(twins[1].event_ids) == {"message:C0LAN2Q65:1795255200.000217"}


# --- out ------------------------------------------------------------------------------------------------------------


async def test_people_are_written_to_in_their_direct_message(platform: StandIn, sender: SlackSender) -> None:
    await sender.send(Outgoing(1, "U061F7AUR", CARD))
    await sender.send(Outgoing(2, "U061F7AUR", CARD))
    methods = [one.path.rpartition("/")[2] for one in platform.asked]
    assert methods == ["conversations.open", "chat.postMessage", "chat.postMessage"]
    assert [one["channel"] for one in asked(platform, "chat.postMessage")] == ["D024BE91L"] * 2


async def test_a_thread_is_kept(platform: StandIn, sender: SlackSender) -> None:
    assert await sender.send(Outgoing(1, "C1", CARD, thread="1795255100.000100")) == "1795255200.000100"
    assert asked(platform, "chat.postMessage")[0]["thread_ts"] == "1795255100.000100"


async def test_only_one_member_sees_it(platform: StandIn, sender: SlackSender) -> None:
    assert await sender.send(Outgoing(1, "C1", CARD, visible_to="U061F7AUR")) == "1795255200.000200"
    assert asked(platform, "chat.postEphemeral")[0]["user"] == "U061F7AUR"


async def test_an_edit_replaces_the_blocks(platform: StandIn, sender: SlackSender) -> None:
    await sender.send(Outgoing(1, "C1", Card(notice="ESC-12 claimed"), edits="1795255100.000100"))
    (change,) = asked(platform, "chat.update")
    assert change["ts"] == "1795255100.000100"
    assert [block["type"] for block in change["blocks"]] == ["section"]


async def test_action_ids_are_unique_and_labels_fit(platform: StandIn, sender: SlackSender) -> None:
    buttons = tuple(Button("Claim " * 20, f"claim ESC-{number}") for number in range(25))
    await sender.send(Outgoing(1, "C1", Card(notice="x", buttons=buttons, menu=Menu("Who?", buttons[:3]))))
    first, second = (block for block in asked(platform, "chat.postMessage")[0]["blocks"] if block["type"] == "actions")
    assert len({element["action_id"] for element in first["elements"]}) == 25
    assert all(len(element["text"]["text"]) <= 75 for element in first["elements"])
    assert [option["value"] for option in second["elements"][0]["options"]] == [
        "claim ESC-0",
        "claim ESC-1",
        "claim ESC-2",
    ]


async def test_a_very_long_text_becomes_sections_that_fit(platform: StandIn, sender: SlackSender) -> None:
    card = Card(notice="x", paragraphs=(Paragraph((Span("<& " * 20_000),)),))
    await sender.send(Outgoing(1, "C1", card))
    bodies = asked(platform, "chat.postMessage")
    sections = [block["text"]["text"] for body in bodies for block in body["blocks"]]
    assert len(bodies) > 1
    assert all(len(text) <= 3000 for text in sections)
    assert "".join(sections).replace("\n", " ").count("&lt;&amp;") == 20_000


async def test_a_photo_is_posted_before_its_card_and_not_twice(
    platform: StandIn, sender: SlackSender, tmp_path: Path
) -> None:
    photo = tmp_path / "after.jpg"
    photo.write_bytes(b"picture")
    message = Outgoing(1, "C1", CARD, photo=photo, thread="1.2")
    await sender.client.call("auth.test", {})
    platform.asked.clear()
    platform.replies += [usual(Asked("", "/files.getUploadURLExternal", "", {"host": platform.url[7:]}, b""))]
    platform.replies += [reply(ok=True), reply(ok=True, files=[{"id": "F1"}]), SLACK.flooded]
    with pytest.raises(TemporaryFailure):
        await sender.send(message)
    await sender.send(message)
    methods = [one.path.rpartition("/")[2] for one in platform.asked]
    uploaded = ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
    assert methods == [*uploaded, "chat.postMessage", "chat.postMessage"]
    assert platform.asked[1].body == b"picture"
    assert platform.asked[2].form["thread_ts"] == "1.2"


async def test_a_file_is_fetched_with_the_token(platform: StandIn, sender: SlackSender) -> None:
    file = {"id": "F1", "size": 7, "url_private_download": f"{platform.url}/files/F1"}
    platform.replies += [reply(ok=True, file=file), Reply(body=b"picture"), reply(ok=True, file=file)]
    assert await sender.fetch("F1", 10) == b"picture"
    assert platform.asked[1].headers["authorization"] == "bearer xoxb-token"
    with pytest.raises(PermanentFailure):
        await sender.fetch("F1", 6)


async def test_a_form_that_comes_too_late_is_only_logged(
    platform: StandIn, sender: SlackSender, caplog: pytest.LogCaptureFixture
) -> None:
    platform.replies.append(reply(ok=False, error="expired_trigger_id"))
    sender.open_form("12466734323.1395872398", FORM, "C1", None)
    await asyncio.sleep(0)
    await sender.close()
    assert "three seconds passed" in caplog.text


def test_an_error_inside_slack_is_uncertain_and_a_new_one_final() -> None:
    assert isinstance(failure("fatal_error", 200), UnknownOutcome)
    assert isinstance(failure("some_error_of_2027", 200), PermanentFailure)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see <https://example.com/a?b=1&amp;c=2|the page>", "see the page (https://example.com/a?b=1&c=2)"),
        ("see <http://example.com|example.com>", "see example.com"),
        ("see <https://example.com>", "see https://example.com"),
        ("to <mailto:ana@example.com|ana@example.com>", "to ana@example.com"),
    ],
)
def test_a_link_keeps_its_address(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize("edits", [None, "1795255200.000100"])
async def test_who_is_refused_for_a_limit_rests_with_its_line(edits: str | None) -> None:
    """Changes of messages have one of their own (tests/jobs/test_changes_in_line.py)."""
    async with StandIn(usual).running() as platform:
        platform.replies.append(SLACK.flooded)
        sender = SlackSender("default", "xoxb-token", api_url=f"{platform.url}/api/")
        with pytest.raises(TemporaryFailure) as caught:
            await sender.send(Outgoing(1, "C0QUEUE", CARD, edits=edits))
        await sender.close()
    assert (caught.value.holds, caught.value.retry_after, caught.value.limited) == ("recipient", 7, True)
