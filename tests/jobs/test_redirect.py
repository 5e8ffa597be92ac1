"""Test mode: every message reaches the test address and nobody else, and says for whom it was."""

from dataclasses import replace

import pytest

from channels.base import Outgoing
from channels.card import Button, Card, Paragraph, Span
from channels.failures import PermanentFailure, TemporaryFailure
from jobs.pace import Log
from jobs.redirect import Redirected, Turns
from tests.jobs.phone import Phone

CARD = Card(
    notice="TKT-12 is yours",
    title="TKT-12",
    paragraphs=(Paragraph((Span("The cold room is warm."),)),),
    buttons=(Button("Accept", "accept TKT-12"),),
    update="Ana accepted",
)
MESSAGE = Outgoing(7, "telegram-ANA", CARD, thread="5", visible_to="U1", window_open=False)


def redirect(through: Phone, sends: int = 100, *, window_open: bool = True) -> tuple[Phone, Redirected]:
    async def look(message: Outgoing) -> tuple[str, bool]:
        return ("Ana" if message.delivery_id == 7 else message.chat), window_open

    real = Phone("telegram")
    return real, Redirected(real, through, "4477", Turns(Log(sends, 270)), look)


async def test_it_goes_to_the_test_address_and_says_for_whom_and_where() -> None:
    through = Phone("whatsapp")
    real, redirected = redirect(through)
    assert (redirected.channel, redirected.account) == ("telegram", "default")
    assert await redirected.send(MESSAGE) == "m1"
    (sent,) = through.got
    assert real.got == []
    assert (sent.chat, sent.thread, sent.visible_to, sent.window_open) == ("4477", None, None, True)
    assert sent.card.title == "TEST for Ana on Telegram"
    assert [paragraph.text for paragraph in sent.card.paragraphs] == ["TKT-12", "The cold room is warm."]
    assert sent.card.notice == "TEST for Ana on Telegram: TKT-12 is yours"
    assert sent.card.buttons == CARD.buttons


async def test_without_a_person_the_chat_is_named_and_a_closed_window_stays_closed() -> None:
    through = Phone("whatsapp")
    _, redirected = redirect(through, window_open=False)
    await redirected.send(replace(MESSAGE, delivery_id=8, chat="C0SUPPORT"))
    assert (through.got[0].card.title, through.got[0].window_open) == ("TEST for C0SUPPORT on Telegram", False)


@pytest.mark.parametrize(("update", "said"), [("Ana accepted", "Ana accepted"), ("", "TKT-12 is yours")])
async def test_a_change_becomes_a_short_message(update: str, said: str) -> None:
    through = Phone("whatsapp")
    _, redirected = redirect(through)
    await redirected.send(replace(MESSAGE, edits="42", card=replace(CARD, update=update)))
    (sent,) = through.got
    assert (sent.edits, sent.card.title, sent.card.buttons) == (None, "TEST for Ana on Telegram", ())
    assert [paragraph.text for paragraph in sent.card.paragraphs] == [said]


async def test_a_test_number_that_cannot_be_reached_says_nothing_about_the_person() -> None:
    through = Phone("whatsapp")
    through.refuses("4477", PermanentFailure("131026", "no WhatsApp", unreachable=True))
    _, redirected = redirect(through)
    with pytest.raises(PermanentFailure, match="the test address: no WhatsApp") as failed:
        await redirected.send(MESSAGE)
    assert not failed.value.unreachable


async def test_a_dead_token_still_stops_the_lane() -> None:
    through = Phone("whatsapp")
    through.refuses("4477", PermanentFailure("190", "expired", broken=True))
    _, redirected = redirect(through)
    with pytest.raises(PermanentFailure) as failed:
        await redirected.send(MESSAGE)
    assert failed.value.broken


async def test_what_the_test_address_cannot_take_at_once_gets_a_moment_each_and_keeps_it() -> None:
    through = Phone("whatsapp")
    _, redirected = redirect(through, sends=2)
    waits = []
    for delivery_id in (1, 2, 3, 4, 5, 3):
        try:
            await redirected.send(replace(MESSAGE, delivery_id=delivery_id))
        except TemporaryFailure as later:
            waits.append((delivery_id, round(later.retry_after or 0, -1)))
    assert len(through.got) == 2
    assert waits == [(3, 270), (4, 270), (5, 540), (3, 270)]
