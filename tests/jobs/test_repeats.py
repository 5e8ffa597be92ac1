"""The sweep over unknown outcomes: urgent ones once more, after a platform that reports had its time, and at most three times."""

from dataclasses import replace
from random import Random

import pytest
from structlog.testing import capture_logs

from channels.card import Card, Paragraph, Span
from channels.rendering import as_repeat
from channels.text import paragraphs
from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.notify import withdraw
from core.outbox.receipts import take_receipt
from core.outbox.tables import NORMAL, URGENT, Delivery
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt
from jobs.uncertain import repeat_uncertain
from tests import builders
from tests.conftest import START
from tests.core.outbox.unknown import lost_on_the_way, uncertain
from tests.jobs.phone import Phone
from tests.jobs.test_attempt import DELIVERY, no_photo


async def repeats(database: Database) -> int:
    with capture_logs():
        return await repeat_uncertain(database)


async def test_urgent_ones_are_repeated_at_once_and_only_once(database: Database) -> None:
    await database.write(lambda uow: [uncertain(uow, urgency=URGENT), uncertain(uow, "slack", urgency=URGENT)])
    with capture_logs() as logged:
        assert await repeat_uncertain(database) == 2
    assert [(line["log_level"], line["count"]) for line in logged] == [("warning", 2)]
    assert await repeats(database) == 0


async def test_what_is_not_urgent_waits_for_the_operator(database: Database, clock: ManualClock) -> None:
    await database.write(lambda uow: uncertain(uow, urgency=NORMAL))
    clock.advance(24 * 3600)
    assert await repeats(database) == 0


async def test_whatsapp_has_a_minute_to_say_what_became_of_it(database: Database, clock: ManualClock) -> None:
    first, second = await database.write(lambda uow: [uncertain(uow, "whatsapp", urgency=URGENT) for _ in range(2)])
    assert await repeats(database) == 0
    await database.write(lambda uow: take_receipt(uow, "whatsapp", "wamid.1", "sent", uow.now, delivery_id=second))
    clock.advance(60)
    assert await repeats(database) == 1
    (repeat,) = await database.read(lambda reader: builders.outbox(reader, is_repeat=True))
    (kept,) = await database.read(lambda reader: builders.outbox(reader, id=first))
    assert (repeat.state, kept.state) == ("pending", "uncertain")


async def test_it_is_repeated_three_times_each_later_than_the_last(database: Database, clock: ManualClock) -> None:
    await database.write(lambda uow: uncertain(uow, urgency=URGENT))
    waited = []
    while await repeats(database):
        seconds = 0
        while not await database.write(lost):
            clock.advance(10)
            seconds += 10
        waited.append(seconds)
    assert waited == [0, 60, 300]
    found = await database.read(builders.outbox)
    assert [left.state for left in found] == ["uncertain"] * 4


def lost(uow: UnitOfWork) -> bool:
    lost_on_the_way(uow)
    return not builders.outbox(uow, state="pending")


async def test_what_nobody_needs_to_hear_any_more_is_not_repeated(database: Database) -> None:
    thing = Subject("thing", 7, "T-7", None)
    await database.write(lambda uow: uncertain(uow, urgency=URGENT, subject=thing))
    await database.write(lambda uow: withdraw(uow, thing, "reply.text"))
    assert await repeats(database) == 0


async def said(delivery: Delivery, **can: bool) -> Card:
    phone = Phone(**can)
    ended = await Attempt(ManualClock(START), no_photo, Random(1))(phone, delivery)
    assert ended.settlement.outcome == "sent"
    return phone.got[0].card


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "May be a repeat"), ("es", "Puede ser una repetición"), ("de", "Vielleicht eine Wiederholung")],
)
async def test_a_repeat_begins_with_a_word_that_it_may_be_one(language: str, word: str) -> None:
    card = await said(replace(DELIVERY, is_repeat=True, language=language))
    assert [paragraph.text for paragraph in paragraphs(card)] == [word, "Hello"]
    assert card.notice == f"{word}: Hello"
    photo = await said(replace(DELIVERY, kind="photo", is_repeat=True, language=language))
    assert [paragraph.text for paragraph in paragraphs(photo)] == [word, "TKT-1"]
    assert (await said(DELIVERY)).notice == "Hello"


def test_the_title_of_a_repeat_comes_after_that_word() -> None:
    card = as_repeat(Card(notice="ESC-1", title="ESC-1", paragraphs=(Paragraph((Span("Claimed"),)),)), "en")
    assert [paragraph.text for paragraph in paragraphs(card)] == ["May be a repeat", "ESC-1", "Claimed"]


async def test_a_change_is_marked_only_where_it_is_a_message_of_its_own() -> None:
    edit = replace(DELIVERY, kind="edit", target_external_id="m0", is_repeat=True)
    assert (await said(edit, edits=True)).notice == "Hello"
    assert (await said(edit, edits=False)).notice == "May be a repeat: Hello"
    card = as_repeat(Card(notice="ESC-1", update="ESC-1 is resolved"), "en")
    assert card.update == "May be a repeat: ESC-1 is resolved"
