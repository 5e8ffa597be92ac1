"""A card and its answer, the same on every platform, through stand-ins that were written from the same documents by other hands."""

from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from channels.base import Document, Outgoing
from channels.card import Button, Card, Menu, Paragraph, Span
from channels.failures import TemporaryFailure
from tests.channels.at_the_sandbox import CHAT, OFFER, Program, open_window

each_channel = pytest.mark.parametrize("channel", CHAT)


@each_channel
async def test_a_card_arrives_and_its_button_answers(program: Program, channel: str) -> None:
    await open_window(program)
    external_id = await program.senders[channel].send(Outgoing(4711, CHAT[channel], OFFER))
    card = (await program.seen(channel))[-1]
    text = unescape(card["text"])
    assert "Cold room <warm> &" in text
    assert "👩🏽‍🔧 مرحبا" in text
    assert [button["label"] for button in card["buttons"]] == ["Accept", "Decline"]
    await program.act(channel, "press", label="Accept")
    press = program.said()
    assert press.command == "accept TKT-202611-00012"
    assert press.thread == external_id
    assert press.way == "button"


@each_channel
async def test_a_long_card_arrives(program: Program, channel: str) -> None:
    await open_window(program)
    long = Card(
        notice="long", paragraphs=(Paragraph((Span("مرحبا & <word> " * 900, "italic"),)),), buttons=OFFER.buttons
    )
    await program.senders[channel].send(Outgoing(1, CHAT[channel], long))
    assert (await program.seen(channel))[-1]["buttons"]


@each_channel
async def test_a_menu_answers(program: Program, channel: str) -> None:
    await open_window(program)
    options = tuple(Button(f"Technician {number}", f"assign TKT-1 T{number}") for number in range(8))
    await program.senders[channel].send(Outgoing(1, CHAT[channel], Card(notice="Who?", menu=Menu("Choose", options))))
    await program.act(channel, "press", data="assign TKT-1 T5")
    assert program.said().command == "assign TKT-1 T5"


@each_channel
async def test_a_photo_goes_both_ways(program: Program, channel: str, tmp_path: Path) -> None:
    await open_window(program)
    Image.new("RGB", (64, 48), "red").save(tmp_path / "after.jpg")
    done = Card(notice="The work is done", paragraphs=OFFER.paragraphs[:1])
    await program.senders[channel].send(Outgoing(1, CHAT[channel], OFFER, photo=tmp_path / "after.jpg"))
    await program.senders[channel].send(Outgoing(2, CHAT[channel], done, photo=tmp_path / "after.jpg"))
    assert any(message.get("photo") for message in await program.seen(channel))
    await program.act(channel, "photo", caption="the seal")
    (photo,) = program.said().media
    assert photo.kind == "photo"
    content = await program.senders[channel].fetch(photo.file_id, 5_000_000)
    assert content.startswith(b"\xff\xd8")


@each_channel
async def test_a_document_arrives_under_its_name(program: Program, channel: str, tmp_path: Path) -> None:
    await open_window(program)
    path = tmp_path / "0a1b2c.pdf"
    path.write_bytes(b"%PDF-1.4 a report")
    caption = Card(notice="Service report TKT-202611-00012", paragraphs=(Paragraph((Span("Service <report>"),)),))
    file = Document(path, "TKT-202611-00012.pdf")
    external_id = await program.senders[channel].send(Outgoing(9, CHAT[channel], caption, document=file))
    messages = await program.seen(channel)
    assert any("TKT-202611-00012.pdf" in str(message.get("document")) for message in messages)
    assert "eport" in str(messages[-1]["text"])
    assert external_id or channel == "slack"


@each_channel
async def test_a_changed_card_replaces_the_old_one(program: Program, channel: str) -> None:
    await open_window(program)
    sender = program.senders[channel]
    external_id = await sender.send(Outgoing(1, CHAT[channel], OFFER))
    closed = Card(
        notice="x", title="TKT-202611-00012", paragraphs=(Paragraph((Span("Taken"),)),), update="Taken by Ben"
    )
    await sender.send(Outgoing(2, CHAT[channel], closed, edits=external_id))
    newest = (await program.seen(channel))[-1]
    assert "Taken" in str(newest)
    assert not newest.get("buttons")


@each_channel
async def test_a_limit_is_honoured_as_the_platform_says_it(program: Program, channel: str) -> None:
    method = {"telegram": "sendMessage", "slack": "chat.postMessage", "whatsapp": "messages"}[channel]
    await open_window(program)
    fault = {"platform": channel, "method": method, "kind": "rate_limit", "times": 1, "retry_after": 7}
    assert (await program.control.post("/control/faults", json=fault)).status_code == 201
    with pytest.raises(TemporaryFailure) as caught:
        await program.senders[channel].send(Outgoing(1, CHAT[channel], OFFER))
    assert caught.value.retry_after in (7, None if channel == "whatsapp" else 7)
    await program.senders[channel].send(Outgoing(1, CHAT[channel], OFFER))
