"""The dialog that ends a repair: the measured time, parts by code, photos that come early, late and in albums, the signature."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.staff import ANSWERED
from channels.base import InboundMessage, MediaRef
from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.statements import Reader
from core.tickets.client_commands import ImportParts
from core.tickets.queries import find_completion, get_ticket_by_id, list_photos
from core.tickets.rows import Completion, PartRow
from core.tickets.tables import signature_codes
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.tickets.story import Branch, opened, staffed_branch

NUMBER = "TKT-202611-00001"
ANA, MARTA = "telegram-ANA", "whatsapp-MARTA"


@pytest.fixture
async def branch(database: Database) -> Branch:
    def work(uow: UnitOfWork) -> Branch:
        made = staffed_branch(uow)
        opened(uow, made)
        rows = (PartRow(2, "FM-230", "Fan motor", "89.50"), PartRow(3, "DS-1", "Door seal", "12.25"))
        execute(ImportParts(made.client, rows), uow)
        return made

    return await database.write(work)


@pytest.fixture
def chat(database: Database, branch: Branch) -> Chat:
    return Chat(database)


async def ana(chat: Chat, *texts: str) -> str:
    """Say it all; the last that is read."""
    for text in texts:
        read = await chat.says(ANA, text)
    return read[-1]


async def photo(chat: Chat, name: str, caption: str = "") -> list[str]:
    await chat.hears(builders.inbound(ANA, caption, media=(MediaRef("photo", name),)))
    return await chat.reads(ANA)


async def completion(database: Database) -> Completion:
    found = await database.read(lambda reader: find_completion(reader, 1))
    assert found is not None
    return found


async def kinds(database: Database) -> list[tuple[str, bool]]:
    def query(reader: Reader) -> list[tuple[str, bool]]:
        return [(one.kind, one.completion_id is not None) for one in list_photos(reader, 1)]

    return await database.read(query)


async def test_what_is_not_accepted_yet_is_not_asked_about_at_length(chat: Chat) -> None:
    assert f"Accept it first: accept {NUMBER}" in await ana(chat, f"complete {NUMBER}")
    assert f"Accept it first: accept {NUMBER}" in await ana(chat, "complete")
    assert await ana(chat, f"accept {NUMBER}", "complete") == "What did you do?"


async def test_the_time_since_the_arrival_is_offered_and_may_be_corrected(
    chat: Chat, database: Database, clock: ManualClock
) -> None:
    await ana(chat, "accept", "arrive")
    clock.advance(95 * 60)
    await chat.hears(builders.inbound(ANA, "complete"))
    await chat.hears(builders.inbound(ANA, "Changed the fan"))
    question = (await chat.gets(ANA))[-1]
    assert question.text.startswith("How long did it take? You arrived 1 h 35 ago.")
    assert [(b.label, b.command) for b in question.card.buttons] == [("1 h 35", "=minutes 95 min")]
    await ana(chat, "2h", "none", "done")
    assert (await completion(database)).labour_minutes == 120


async def test_an_old_button_answers_no_other_question(chat: Chat, database: Database) -> None:
    async def after(message: InboundMessage) -> builders.Left:
        await chat.hears(message)
        return (await chat.gets(ANA))[-1]

    async def pressed(question: builders.Left, label: str) -> builders.Left:
        command = next(button.command for button in question.card.buttons if button.label == label)
        return await after(builders.inbound(ANA, command=command, way="button"))

    await ana(chat, "accept", "complete", "Changed the fan")
    parts = await after(builders.inbound(ANA, "30 min"))
    photos = await pressed(parts, "None")
    assert photos.text.startswith("Send photos")
    assert (await pressed(parts, "None")).text == ANSWERED
    assert f"{NUMBER} is done (30 min)" in (await pressed(photos, "Done")).text
    assert (await pressed(photos, "Done")).text == ANSWERED  # and not the verb for a training that was done


async def test_parts_are_found_by_code_and_by_words_with_the_price_of_the_list(chat: Chat, database: Database) -> None:
    await ana(chat, "accept", "complete", "Changed the fan", "30 min")
    unknown = await ana(chat, "2 x Fan moter")
    assert unknown.startswith("I cannot read the part “2 x Fan moter”.")
    assert "did you mean FM-230, Fan motor, €89.50?" in unknown
    await ana(chat, "2 x fm-230, 0.5 door, 1 x Fan motor 80, 3 Screws 0.10", "done")
    done = await completion(database)
    assert [(p["code"], p["name"], p["quantity"], p["unit_cost"], p["total"]) for p in done.parts] == [
        ("FM-230", "Fan motor", "2", 8950, 17900),
        ("DS-1", "Door seal", "0.5", 1225, 613),
        ("FM-230", "Fan motor", "1", 8000, 8000),
        ("", "Screws", "3", 10, 30),
    ]
    assert done.parts_cost == 17900 + 613 + 8000 + 30


async def test_none_of_a_part_is_refused_where_it_is_said(chat: Chat) -> None:
    await ana(chat, "accept", "complete", "Changed the fan", "30 min")
    assert "must be more than 0" in await ana(chat, "0 x FM-230")
    assert "photos" in await ana(chat, "none")


async def test_photos_come_early_in_albums_and_are_named_before_or_after(
    chat: Chat, database: Database, clock: ManualClock
) -> None:
    await ana(chat, "accept")
    assert "Added to" in (await photo(chat, "p1", "before"))[0]
    clock.advance(60)
    await ana(chat, "complete")
    assert await photo(chat, "p2", "after it was cleaned") == ["📷 Kept. What did you do?"]  # a caption is no answer
    await ana(chat, "Cleaned it", "10 min", "none")
    clock.advance(60)
    assert (await photo(chat, "p3"))[0].startswith("📷 2 so far (1 after). Were they taken before or after")
    assert await photo(chat, "p4") == []  # the album goes on: it is answered once
    assert await photo(chat, "p5") == []
    assert (await ana(chat, "Before")).startswith("📷 4 so far (3 before, 1 after). Send more")
    await ana(chat, "after")
    clock.advance(60)
    assert (await photo(chat, "p6"))[0].startswith("📷 5 so far (3 before, 2 after)")
    assert f"{NUMBER} is done (10 min, 6 photos)" in await ana(chat, "done")
    assert sorted(await kinds(database)) == [("after", True)] * 2 + [("before", True)] * 4


async def test_before_and_after_say_what_is_awaited_and_the_next_photo_is_answered(chat: Chat) -> None:
    await ana(chat, "accept", "complete", "Cleaned it", "10 min", "none")
    await photo(chat, "p1", "before")
    assert await ana(chat, "After") == "📷 1 so far (1 before). Now the photos from after the repair. Then say done."
    assert (await photo(chat, "p2"))[0] == "📷 2 so far (1 before, 1 after). Send more, or say done."


async def test_words_instead_of_photos_are_not_swallowed(chat: Chat) -> None:
    await ana(chat, "accept", "complete", "Cleaned it", "10 min", "1 x Fan motor")
    said = await ana(chat, "2 kg R404A 45")
    assert said == "“2 kg R404A 45” is no photo. Send photos of the work, or say done."
    assert f"{NUMBER} is done" in await ana(chat, "done")


async def test_nobody_is_asked_at_length_about_what_they_cannot_complete(chat: Chat) -> None:
    await ana(chat, "accept")
    (other,) = await chat.says("telegram-BEN", f"complete {NUMBER} I did it all")
    assert other.startswith(f"Ana accepted {NUMBER}")
    await ana(chat, "complete", "Cleaned it", "10 min", "none", "done")
    assert "it waits for approval" in await ana(chat, f"complete {NUMBER} and again")


async def test_an_old_approve_button_decides_nothing_about_newer_work(chat: Chat, database: Database) -> None:
    """WhatsApp cannot take buttons from a card that was read: the manager has seen other costs on it."""
    await ana(chat, "accept", "complete", "Cleaned it", "10 min", "none", "done")
    seen = (await chat.gets(MARTA))[-1]
    approve, reject = (button.command for button in seen.card.buttons)
    assert (approve, reject) == (f"approve {NUMBER} work-1", f"reject {NUMBER} work-1")
    await chat.says(MARTA, f"reject {NUMBER} Still warm", channel="whatsapp")
    for command in (approve, reject):
        (refused,) = await chat.says(MARTA, "", command=command, way="button", channel="whatsapp")
        assert refused.startswith(f"Ana accepted {NUMBER}")
    await ana(chat, "complete", "New motor", "2 h", "2 x Fan motor", "done")
    await chat.reads(MARTA)
    for command in (approve, reject):
        (refused,) = await chat.says(MARTA, "", command=command, way="button", channel="whatsapp")
        assert refused.endswith(f"What you saw is older; look at it first: show {NUMBER}")
    again = f"approve {NUMBER} work-2"
    assert f"You approved {NUMBER}" in (await chat.says(MARTA, "", command=again, way="button", channel="whatsapp"))[-1]
    assert (await completion(database)).work == "New motor"


async def test_a_photo_after_done_still_lands_on_the_work(chat: Chat, database: Database, clock: ManualClock) -> None:
    await ana(chat, "accept", "complete", "Cleaned it", "10 min", "none", "done")
    clock.advance(60)
    assert NUMBER in (await photo(chat, "late", "after"))[0]
    await chat.says(MARTA, "approve", channel="whatsapp")
    clock.advance(60)
    assert NUMBER in (await photo(chat, "later", "after"))[0]
    assert await kinds(database) == [("after", True), ("after", True)]
    clock.advance(2 * 86400)
    assert "I do not know which ticket" in (await photo(chat, "much later"))[0]


async def test_cancel_leaves_the_ticket_as_it_was(chat: Chat, database: Database) -> None:
    await ana(chat, "accept", "complete", "Changed the fan", "30 min")
    await photo(chat, "p1")
    before = await database.read(lambda reader: get_ticket_by_id(reader, 1))
    assert "Everything stays as it was" in await ana(chat, "cancel")
    assert await database.read(lambda reader: get_ticket_by_id(reader, 1)) == before
    assert await database.read(lambda reader: find_completion(reader, 1)) is None
    assert await kinds(database) == []


async def test_the_dialog_goes_on_a_day_later_in_another_process(
    chat: Chat, database: Database, clock: ManualClock
) -> None:
    await ana(chat, "accept", "complete", "Changed the fan", "30 min")
    clock.advance(86400)
    other = Chat(database)  # nothing but the database is shared
    await other.reads(ANA)
    assert "photos" in await ana(other, "1 x FM-230")
    assert f"{NUMBER} is done" in await ana(other, "done")
    assert (await completion(database)).total_cost == 8950


async def completed(chat: Chat) -> None:
    await ana(chat, "accept", "complete", "Cleaned it", "10 min", "none", "done")
    await chat.reads(MARTA)


async def code_in(database: Database) -> str:
    columns = select(signature_codes.c.code)
    return str(await database.read(lambda reader: reader.connection.execute(columns).scalar_one()))


async def test_the_code_that_the_manager_sees_signs(chat: Chat, database: Database) -> None:
    await completed(chat)
    assert "Marta sees a code of six digits" in await ana(chat, f"sign {NUMBER}")
    code = await code_in(database)
    (shown,) = await chat.reads(MARTA)
    assert f"{code[:3]} {code[3:]}" in shown
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert "You can try 4 more times" in await ana(chat, wrong)
    await ana(chat, f"sign {NUMBER}")
    assert await chat.reads(MARTA) == []  # the same code still works
    assert "Marta signed for" in await ana(chat, f"{code[:3]} {code[3:]}")
    done = await completion(database)
    assert (done.signed_how, done.signed_at is not None) == ("code", True)
    assert "Marta signed" in await ana(chat, f"sign {NUMBER}")


async def test_five_wrong_codes_make_it_void_and_codes_run_out_and_get_old(
    chat: Chat, database: Database, clock: ManualClock
) -> None:
    await completed(chat)
    for number in range(5):
        await ana(chat, f"sign {NUMBER}")
        code = await code_in(database)
        for _ in range(5):
            answer = await ana(chat, f"sign {NUMBER} {(int(code) + 1) % 10**6:06d}")
        assert "void now" in answer, number
    assert "5 codes within an hour are enough" in await ana(chat, f"sign {NUMBER}")
    assert "No code is open" in await ana(chat, f"sign {NUMBER} {code}")
    clock.advance(3601)
    await ana(chat, f"sign {NUMBER}")
    fresh = await code_in(database)
    clock.advance(15 * 60)
    assert "No code is open" in await ana(chat, fresh)
    assert (await completion(database)).signed_by is None


async def test_the_manager_signs_by_a_button(chat: Chat, database: Database) -> None:
    await completed(chat)
    await ana(chat, f"sign {NUMBER}")
    await chat.hears(builders.inbound(MARTA, channel="whatsapp", command=f"sign {NUMBER}", way="button"))
    assert "You signed for" in (await chat.reads(MARTA))[-1]
    assert (await completion(database)).signed_how == "button"
    other: dict[str, Any] = {"channel": "telegram"}
    assert "approve" not in (await chat.says("telegram-BEN", f"sign {NUMBER}", **other))[-1]


async def test_who_approves_at_the_store_has_signed(chat: Chat, database: Database) -> None:
    await completed(chat)
    await chat.says(MARTA, f"approve {NUMBER}", channel="whatsapp")
    assert (await completion(database)).signed_how == "approval"
