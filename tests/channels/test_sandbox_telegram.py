"""What only Telegram does, through the sandbox's stand-in: places, polling, who blocked the bot."""

import asyncio

import pytest

from channels.base import Answer, InboundMessage, Outgoing
from channels.card import Card
from channels.failures import PermanentFailure
from channels.telegram import decode as telegram_decode
from channels.telegram.poller import TelegramPoller
from channels.telegram.sender import TelegramSender
from core.clock import wall_time
from tests.channels.at_the_sandbox import CHAT, OFFER, Program, until


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


async def test_telegram_tells_who_blocked_the_bot(program: Program) -> None:
    await program.act("telegram", "block")
    with pytest.raises(PermanentFailure) as caught:
        await program.senders["telegram"].send(Outgoing(1, CHAT["telegram"], OFFER))
    assert caught.value.unreachable
