"""why: the role and the chain behind the last message, who else was told and read it, and what happens next by itself."""

import re

import pytest

from core.clock import ManualClock
from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.outbox.receipts import take_receipt
from core.people.tables import contact_methods, persons
from core.tickets.commands import AcceptTicket
from core.tickets.queries import subject_of
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.outbox.unknown import lost_on_the_way
from tests.core.tickets.story import Branch, does, opened, staffed_branch


@pytest.fixture
async def branch(database: Database) -> Branch:
    return await database.write(staffed_branch)


async def test_a_technician_reads_why_and_who_is_next(database: Database, branch: Branch, clock: ManualClock) -> None:
    await database.write(lambda uow: opened(uow, branch))
    chat = Chat(database)
    await chat.reads("telegram-ANA")
    clock.advance(300)
    (answer,) = await chat.says("telegram-ANA", "why")
    reason, sent, coming = answer.split("\n\n")
    assert reason.startswith(
        "You get TKT-202611-00001 because you are the one who has it, a technician at Store BR-01.\nChain for the response: "
    )
    assert reason.endswith("0 of 4 were told.")
    assert sent.splitlines()[0] == "Sent:"
    assert "• 10:00 Ana, Telegram: sent 10:00" in sent.splitlines()
    assert coming.splitlines()[0] == "Next, if nobody acts:"
    assert all("→" in line for line in coming.splitlines()[1:])


async def test_it_says_who_read_it_and_what_is_not_known(
    database: Database, branch: Branch, clock: ManualClock
) -> None:
    def nobody_answers(uow: UnitOfWork) -> None:
        opened(uow, branch)
        does(uow, branch.ana, AcceptTicket(1))
        lost_on_the_way(uow, "slack")

    def reads_it(uow: UnitOfWork) -> None:
        (news, *_) = builders.outbox(uow, person_id=branch.manager, kind="message")
        take_receipt(uow, "whatsapp", f"sent-{news.id}", "read", uow.now)

    await database.write(nobody_answers)
    chat = Chat(database)
    await chat.reads("telegram-ANA")
    clock.advance(120)
    await database.write(reads_it)
    (answer,) = await chat.says("telegram-ANA", "why")
    assert "• 10:00 Marta, WhatsApp: read 10:02" in answer
    assert "• 10:00 Dana, Slack: uncertain" in answer


async def test_what_went_another_way_says_by_which(database: Database, branch: Branch) -> None:
    def fails(uow: UnitOfWork) -> None:
        row = {"channel": "slack", "address": "U0ANA", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=branch.ana, **row)
        opened(uow, branch)
        refused = [Settlement(one, "permanent", reason="blocked") for one in claim(uow, "telegram", "default", 10)]
        settle(uow, refused)
        builders.sent(uow)

    await database.write(fails)
    answer = (await Chat(database).says("U0ANA", "why", channel="slack"))[-1]
    assert "• 10:00 Ana, Telegram: failed 10:00 (blocked), went by Slack instead" in answer
    assert "• 10:00 Ana, Slack: sent 10:00" in answer


async def test_at_most_eight_messages_are_told(database: Database, branch: Branch) -> None:
    def told_often(uow: UnitOfWork) -> None:
        about = subject_of(opened(uow, branch))
        for _ in range(12):
            tell_person(uow, branch.owner, Notification("ticket.cancelled", {}, about))
            tell_person(uow, branch.owner, Notification("reply.text", {"text": "an answer"}, about))

    await database.write(told_often)
    *_, answer = await Chat(database).says("telegram-ANA", "why")
    assert answer.count("Olga, WhatsApp: pending") == 8


async def test_before_anything_was_sent_there_is_nothing_to_explain(database: Database, branch: Branch) -> None:
    assert await Chat(database).says("telegram-BEN", "why") == ["Nothing was sent to you here yet."]


async def test_what_waits_says_when_it_leaves_and_what_for(database: Database, branch: Branch) -> None:
    def at_a_quiet_time(uow: UnitOfWork) -> None:
        builders.change(uow, persons, branch.manager, hours="Mon-Fri 12:00-18:00")
        opened(uow, branch)
        does(uow, branch.ana, AcceptTicket(1))

    await database.write(at_a_quiet_time)
    chat = Chat(database)
    await chat.reads("telegram-ANA")
    (answer,) = await chat.says("telegram-ANA", "why")
    (line,) = [line for line in answer.splitlines() if "Marta" in line]
    assert re.fullmatch(r"• 10:00 Marta, WhatsApp: leaves 12:0\d, after quiet hours or free time", line)
