"""WhatsApp's own ways: the handshake, the 24-hour window, words instead of edits, and Meta's codes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from channels.base import Outgoing
from channels.card import Button, Card, Menu
from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome
from channels.whatsapp.errors import TABLE, failure
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from tests.channels.kits import WHATSAPP, Door, whatsapp_error
from tests.channels.stand_in import Reply, StandIn, reply

ANA = "34600111222"


@pytest.fixture
async def platform() -> AsyncIterator[StandIn]:
    async with StandIn(WHATSAPP.usual).running() as platform:
        yield platform


@pytest.fixture
async def sender(platform: StandIn) -> AsyncIterator[WhatsAppSender]:
    sender = WhatsAppSender("default", "token", "106540352242922", load_templates(), api_url=platform.url)
    yield sender
    await sender.close()


def sent(platform: StandIn) -> list[Any]:
    return [one.json for one in platform.asked if one.path.endswith("/messages")]


async def shaken(query: str) -> tuple[int, str]:
    app: Any = WHATSAPP.webhook(Door())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
        answer = await client.get(f"/?{query}")
        return answer.status_code, answer.text


async def test_the_handshake_echoes_the_challenge() -> None:
    known = "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444"
    assert await shaken(known) == (200, "1158201444")
    assert (await shaken(known.replace("verify-me", "guessed")))[0] == 403
    assert (await shaken(""))[0] == 403


async def test_every_send_carries_our_delivery_id(platform: StandIn, sender: WhatsAppSender) -> None:
    assert await sender.send(Outgoing(4711, ANA, Card(notice="hi"), thread="wamid.THEIRS")) == "wamid.1"
    (body,) = sent(platform)
    assert body["biz_opaque_callback_data"] == "4711"
    assert body["context"] == {"message_id": "wamid.THEIRS"}
    assert body["to"] == ANA
    assert platform.asked[0].path == "/v25.0/106540352242922/messages"
    assert platform.asked[0].headers["authorization"] == "bearer token"


async def test_a_person_without_a_phone_number_is_written_to(platform: StandIn, sender: WhatsAppSender) -> None:
    await sender.send(Outgoing(1, "ES.1349120865530274", Card(notice="hi")))
    (body,) = sent(platform)
    assert body["recipient"] == "ES.1349120865530274"
    assert "to" not in body


async def test_outside_the_window_the_template_speaks(platform: StandIn, sender: WhatsAppSender) -> None:
    card = Card(notice="Two\ntrainings   are\toverdue " + "x" * 2000, notice_command="show TRN-7")
    await sender.send(Outgoing(1, ANA, card, window_open=False, language="es-MX"))
    template = sent(platform)[0]["template"]
    body, button = template["components"]
    text = body["parameters"][0]["text"]
    assert template["language"] == {"code": "es"}
    assert text.startswith("Two trainings are overdue xxx")
    assert len(text) == 900
    assert button["parameters"] == [{"type": "payload", "payload": "show TRN-7"}]


async def test_an_unknown_language_gets_the_default_template(platform: StandIn, sender: WhatsAppSender) -> None:
    await sender.send(Outgoing(1, ANA, Card(notice="hi"), window_open=False, language="fi"))
    assert sent(platform)[0]["template"]["language"] == {"code": "en"}


async def test_a_change_is_told_in_a_short_reply(platform: StandIn, sender: WhatsAppSender) -> None:
    told = Outgoing(1, ANA, Card(notice="x", update="Claimed by Ben"), edits="wamid.OURS1")
    assert await sender.send(told) == "wamid.1"
    (body,) = sent(platform)
    assert body["text"]["body"] == "Claimed by Ben"
    assert body["context"] == {"message_id": "wamid.OURS1"}


async def test_a_change_without_words_says_nothing(platform: StandIn, sender: WhatsAppSender) -> None:
    closed = Outgoing(2, ANA, Card(notice="x", update="Claimed"), edits="wamid.OURS1", window_open=False)
    assert await sender.send(Outgoing(1, ANA, Card(notice="x"), edits="wamid.OURS1")) == "wamid.OURS1"
    assert await sender.send(closed) == "wamid.OURS1"
    assert platform.asked == []


async def test_a_fourth_button_makes_it_a_list(platform: StandIn, sender: WhatsAppSender) -> None:
    labels = ("Accept", "Decline", "Location", "Accept")
    buttons = tuple(Button(label, f"verb{number} TKT-1") for number, label in enumerate(labels))
    await sender.send(Outgoing(1, ANA, Card(notice="x", buttons=buttons[:3])))
    await sender.send(Outgoing(2, ANA, Card(notice="x", buttons=buttons)))
    three, four = (body["interactive"] for body in sent(platform))
    assert three["type"] == "button"
    rows = four["action"]["sections"][0]["rows"]
    assert four["action"]["button"] == "Choose"
    assert [row["title"] for row in rows] == ["Accept", "Decline", "Location", "Accept 2"]


async def test_a_long_menu_shows_ten_and_says_how_many_more(platform: StandIn, sender: WhatsAppSender) -> None:
    options = tuple(
        Button(f"Technician number {number} of the harbour", f"assign TKT-1 T{number}") for number in range(13)
    )
    await sender.send(Outgoing(1, ANA, Card(notice="Who?", menu=Menu("Technicians", options))))
    interactive = sent(platform)[0]["interactive"]
    rows = interactive["action"]["sections"][0]["rows"]
    assert len(rows) == 10
    assert interactive["body"]["text"].endswith("+3")
    assert len({row["title"] for row in rows}) == 10
    assert all(len(row["title"]) <= 24 for row in rows)
    assert rows[0]["description"] == "Technician number 0 of the harbour"


async def test_a_location_is_asked_for(platform: StandIn, sender: WhatsAppSender) -> None:
    await sender.send(Outgoing(1, ANA, Card(notice="Where are you?", asks_location=True)))
    await sender.send(Outgoing(2, ANA, Card(notice="Go", asks_location=True, buttons=(Button("Done", "done"),))))
    kinds = [(body["interactive"]["type"], body["interactive"]["body"]["text"]) for body in sent(platform)]
    assert kinds == [
        ("location_request_message", "Where are you?"),
        ("button", "Go"),
        ("location_request_message", "Share your location:"),
    ]


async def test_a_photo_is_uploaded_once_and_carries_its_card(
    platform: StandIn, sender: WhatsAppSender, tmp_path: Path
) -> None:
    photo = tmp_path / "after.jpg"
    photo.write_bytes(b"\xff\xd8 picture")
    platform.replies.append(reply(id="MEDIA1"))
    await sender.send(Outgoing(1, ANA, Card(notice="Done"), photo=photo))
    platform.replies.append(reply(id="MEDIA2"))
    await sender.send(Outgoing(2, ANA, Card(notice="Done?", buttons=(Button("Approve", "approve"),)), photo=photo))
    plain, pressed = sent(platform)
    assert plain["image"] == {"id": "MEDIA1", "caption": "Done"}
    assert pressed["interactive"]["header"] == {"type": "image", "image": {"id": "MEDIA2"}}
    assert b"\xff\xd8 picture" in platform.asked[0].body


async def test_media_takes_two_steps_and_the_token(platform: StandIn, sender: WhatsAppSender) -> None:
    platform.replies += [reply(url=f"{platform.url}/download", file_size=7), Reply(body=b"picture")]
    assert await sender.fetch("1003383421387256", 10) == b"picture"
    assert [one.headers["authorization"] for one in platform.asked] == ["bearer token"] * 2


@pytest.mark.parametrize("size", [11, 0])
async def test_media_over_the_limit_is_refused(platform: StandIn, sender: WhatsAppSender, size: int) -> None:
    platform.replies += [reply(url=f"{platform.url}/download", file_size=size), Reply(body=b"x" * 11)]
    with pytest.raises(PermanentFailure):
        await sender.fetch("1003383421387256", 10)


async def test_201_is_a_success(platform: StandIn, sender: WhatsAppSender) -> None:
    platform.replies.append(reply(201, messages=[{"id": "wamid.NEW"}]))
    assert await sender.send(Outgoing(1, ANA, Card(notice="hi"))) == "wamid.NEW"


async def test_an_accepted_message_without_a_name_is_uncertain(platform: StandIn, sender: WhatsAppSender) -> None:
    platform.replies.append(reply(messages=[]))
    with pytest.raises(UnknownOutcome):
        await sender.send(Outgoing(1, ANA, Card(notice="hi")))


async def test_a_closed_window_asks_for_the_template(platform: StandIn, sender: WhatsAppSender) -> None:
    platform.replies.append(whatsapp_error(131047))
    with pytest.raises(PermanentFailure) as caught:
        await sender.send(Outgoing(1, ANA, Card(notice="hi")))
    assert caught.value.needs_template
    assert not caught.value.unreachable


async def test_no_failure_names_the_person_or_the_words(platform: StandIn, sender: WhatsAppSender) -> None:
    words = f"Recipient {ANA} said secret-words"
    platform.replies.append(reply(400, error={"message": words, "code": 100, "error_data": {"details": words}}))
    with pytest.raises(PermanentFailure) as caught:
        await sender.send(Outgoing(1, ANA, Card(notice="secret-words")))
    assert ANA not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "http", "kind", "attributes"),
    [
        (130429, 400, TemporaryFailure, {"holds": "lane"}),
        (131056, 400, TemporaryFailure, {"holds": "recipient", "retry_after": None, "limited": True}),
        (131057, 400, TemporaryFailure, {"holds": "lane", "retry_after": 60.0}),
        (2, 500, TemporaryFailure, {"holds": "delivery"}),
        (131000, 500, UnknownOutcome, {}),
        (None, 502, UnknownOutcome, {}),
        (None, 401, PermanentFailure, {"broken": True}),
        (None, 429, TemporaryFailure, {"holds": "lane"}),
        (200, 403, PermanentFailure, {"broken": True}),
        (131048, 400, PermanentFailure, {"broken": True}),
        (131050, 400, PermanentFailure, {"unreachable": True}),
        (132001, 404, PermanentFailure, {"unreachable": False, "broken": False}),
        (999999, 400, PermanentFailure, {"unreachable": False, "broken": False}),
        (999999, 503, UnknownOutcome, {}),
    ],
)
def test_what_a_code_means(code: int | None, http: int, kind: type[SendFailure], attributes: dict[str, Any]) -> None:
    made = failure(code, http)
    assert type(made) is kind
    assert {name: getattr(made, name) for name in attributes} == attributes


def test_every_row_makes_a_failure() -> None:
    assert all(failure(code, 400).reason == row.reason for code, row in TABLE.items())
