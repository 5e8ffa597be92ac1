"""A card and its answer through the sandbox's stand-ins, which were written from the same documents by other hands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route

from channels.base import (
    Answer,
    Document,
    FormField,
    FormSpec,
    Inbound,
    InboundMessage,
    Outgoing,
    Receipt,
    Sender,
    Source,
)
from channels.card import Button, Card, Menu, Paragraph, Span
from channels.failures import PermanentFailure, TemporaryFailure
from channels.slack import decode as slack_decode
from channels.slack.bolt import bolt_app
from channels.slack.sender import SlackSender
from channels.slack.webhook import SlackWebhook
from channels.telegram import decode as telegram_decode
from channels.telegram.poller import TelegramPoller
from channels.telegram.sender import TelegramSender
from channels.telegram.webhook import TelegramWebhook
from channels.whatsapp import decode as whatsapp_decode
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from channels.whatsapp.webhook import WhatsAppWebhook
from core.clock import wall_time
from sandbox.server import create_app

ANA = {
    "name": "Ana Ruiz",
    "kind": "staff",
    "telegram_id": 5001001,
    "slack_id": "U061F7AUR",
    "whatsapp_id": "34600111222",
    "started": True,
}
CHAT = {"telegram": "5001001", "slack": "U061F7AUR", "whatsapp": "34600111222"}


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn tells nobody
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


class Program:
    """The least that can listen: it reads what comes in and answers nothing of its own."""

    def __init__(self, control: httpx2.AsyncClient, senders: dict[str, Sender]) -> None:
        self.control, self.senders = control, senders
        self.heard: list[Inbound] = []
        self.answer = Answer()

    async def intake(self, source: Source, body: bytes) -> Answer:
        self.heard += source.normalise(body)
        return self.answer

    def said(self) -> InboundMessage:
        messages = [one for one in self.heard if isinstance(one, InboundMessage)]
        return messages[-1]

    async def act(self, channel: str, verb: str, **details: Any) -> dict[str, Any]:
        answer = await self.control.post(f"/control/people/ana/{channel}/{verb}", json=details)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def seen(self, channel: str) -> list[dict[str, Any]]:
        chats = (await self.control.get("/control/people/ana/chats")).json()
        return [message for chat in chats[channel] for message in chat["messages"]]


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    for _ in range(500):
        met = condition()
        if await met if isinstance(met, Awaitable) else met:
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen")


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    async with serving(create_app()) as url, httpx2.AsyncClient(base_url=url, timeout=10) as control:
        telegram = TelegramSender("default", "1000001:sandbox-telegram-token", api_url=f"{url}/telegram")
        slack = SlackSender("default", "xoxb-sandbox", api_url=f"{url}/slack/api/")
        whatsapp = WhatsAppSender(
            "default", "sandbox-whatsapp-token", "100200300", load_templates(), api_url=f"{url}/whatsapp"
        )
        program = Program(control, {"telegram": telegram, "slack": slack, "whatsapp": whatsapp})
        async with serving(_doors(program, telegram, slack)) as here:
            await _introduce(control, here, telegram)
            yield program
        for sender in program.senders.values():
            await sender.close()


def _doors(program: Program, telegram: TelegramSender, slack: SlackSender) -> Starlette:
    events = slack_decode.source("default", wall_time)
    app = bolt_app(slack.client.web, "xoxb-sandbox", events, program.intake, slack.open_form)
    updates = telegram_decode.source("default", wall_time)
    doors: dict[str, Any] = {
        "telegram": TelegramWebhook(updates, "hook-secret", program.intake, telegram.answer),
        "slack": SlackWebhook(app, "sandbox-slack-secret", events, program.intake, wall_time),
        "whatsapp": WhatsAppWebhook(
            whatsapp_decode.source("default"), "sandbox-whatsapp-secret", "sandbox-verify", program.intake
        ),
    }
    return Starlette(routes=[Route(f"/{name}", endpoint=door) for name, door in doors.items()])


async def _introduce(control: httpx2.AsyncClient, here: str, telegram: TelegramSender) -> None:
    await control.put(
        "/control/config",
        json={"slack": {"events_url": f"{here}/slack"}, "whatsapp": {"webhook_url": f"{here}/whatsapp"}},
    )
    assert (await control.put("/control/people/ana", json=ANA)).status_code == 200
    await telegram.listen_at(f"{here}/telegram", "hook-secret")
    for language, template in load_templates().by_language.items():
        body = {"category": "UTILITY", "body": template.body, "quick_replies": [template.quick_reply]}
        answer = await control.put(f"/control/templates/{template.name}/{language}", json=body | {"status": "APPROVED"})
        assert answer.status_code == 200, answer.text


OFFER = Card(
    notice="TKT-202611-00012 at Harbour Street",
    title="TKT-202611-00012",
    paragraphs=(
        Paragraph((Span("Cold room <warm> & *loud*"), Span(" now", "bold"))),
        Paragraph((Span("12°C\n> 4°C 👩🏽‍🔧 مرحبا"),), quote=True),
        Paragraph((Span("the board", href="https://board.example/?a=1&b=2"),)),
    ),
    buttons=(Button("Accept", "accept TKT-202611-00012"), Button("Decline", "decline TKT-202611-00012", "danger")),
    pin=(40.4168, -3.7038),
)

each_channel = pytest.mark.parametrize("channel", CHAT)


async def open_window(program: Program) -> None:
    await program.act("whatsapp", "say", text="hello")


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


async def test_whatsapp_reports_what_became_of_a_message(program: Program) -> None:
    await open_window(program)
    external_id = await program.senders["whatsapp"].send(Outgoing(4711, CHAT["whatsapp"], OFFER))
    await program.act("whatsapp", "read")

    def receipts() -> list[Receipt]:
        return [one for one in program.heard if isinstance(one, Receipt) and one.external_id == external_id]

    await until(lambda: "read" in {receipt.state for receipt in receipts()})
    assert {receipt.delivery_id for receipt in receipts()} == {4711}


async def test_whatsapp_outside_the_window_sends_the_template(program: Program) -> None:
    sender = program.senders["whatsapp"]
    await sender.send(Outgoing(1, CHAT["whatsapp"], OFFER, window_open=False, language="es"))
    notice = (await program.seen("whatsapp"))[-1]
    assert "TKT-202611-00012 at Harbour Street" in notice["text"]
    assert [button["label"] for button in notice["buttons"]] == ["Mostrar"]


async def test_whatsapp_free_text_outside_the_window_fails_later(program: Program) -> None:
    await program.senders["whatsapp"].send(Outgoing(4711, CHAT["whatsapp"], OFFER))
    await until(lambda: any(isinstance(one, Receipt) and one.code == "131047" for one in program.heard))


async def test_slack_opens_a_form_and_shows_its_errors(program: Program) -> None:
    fields = (
        FormField("resolution", "How did it end?", "choice", (("handled", "Handled"), ("lost", "Lost"))),
        FormField("notes", "Notes"),
    )
    program.answer = Answer(form=FormSpec("resolve TKT-1", "Resolve", fields))
    await program.senders["slack"].send(Outgoing(1, CHAT["slack"], OFFER))
    await program.act("slack", "press", label="Accept")

    async def modal() -> Any:
        chats = (await program.control.get("/control/people/ana/chats")).json()["slack"]
        return next((chat["modal"] for chat in chats if chat.get("modal")), None)

    async def opened() -> bool:
        return await modal() is not None

    await until(opened)
    program.answer = Answer(errors={"notes": "Say a little more."})
    values = {"resolution": "handled", "notes": "ok"}
    first = await program.control.post("/control/people/ana/slack/submit", json={"values": values})
    assert "Say a little more." in first.text
    program.answer = Answer()
    await program.act("slack", "submit", values=values | {"notes": "called back, refunded"})
    forms = [one.form for one in program.heard if isinstance(one, InboundMessage) and one.form]
    assert forms[-1].command == "resolve TKT-1"
    assert forms[-1].answers == {"resolution": "handled", "notes": "called back, refunded"}
    assert len({one.event_ids for one in program.heard if isinstance(one, InboundMessage) and one.form}) == 2


async def test_slack_commands_and_threads(program: Program) -> None:
    await program.act("slack", "command", command="/callboard", text="claim ESC-12 <now> & here")
    assert (program.said().text, program.said().way) == ("claim ESC-12 <now> & here", "slash")


async def test_telegram_location_and_deep_link(program: Program) -> None:
    await program.act("telegram", "start", payload="K7F2-QX")
    assert program.said().text == "start K7F2-QX"
    asking = Card(notice="Where are you?", asks_location=True)
    await program.senders["telegram"].send(Outgoing(1, CHAT["telegram"], asking))
    await program.act("telegram", "location", latitude=40.4168, longitude=-3.7038, live=600)
    place = program.said().location
    assert place is not None
    assert place.live


async def test_telegram_answers_the_pressed_button(program: Program) -> None:
    await program.senders["telegram"].send(Outgoing(1, CHAT["telegram"], OFFER))
    program.answer = Answer(toast="Accepted")
    await program.act("telegram", "press", label="Accept")

    async def answered() -> bool:
        traffic = (await program.control.get("/control/traffic", params={"platform": "telegram"})).text
        return "answerCallbackQuery" in traffic and "Accepted" in traffic

    await until(answered)


@pytest.mark.logs_errors  # a long poll that is cut off
async def test_telegram_polling(program: Program) -> None:
    sender = program.senders["telegram"]
    assert isinstance(sender, TelegramSender)
    poller = TelegramPoller(telegram_decode.source("default", wall_time), sender, patience=1)
    task = asyncio.create_task(poller.listen(program.intake))
    await asyncio.sleep(0.2)
    await program.control.post("/control/people/ana/telegram/say", json={"text": "help", "wait": False})
    await until(lambda: any(isinstance(one, InboundMessage) and one.text == "help" for one in program.heard))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


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


async def test_telegram_tells_who_blocked_the_bot(program: Program) -> None:
    await program.act("telegram", "block")
    with pytest.raises(PermanentFailure) as caught:
        await program.senders["telegram"].send(Outgoing(1, CHAT["telegram"], OFFER))
    assert caught.value.unreachable
