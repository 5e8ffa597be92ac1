"""A reply: taken back before it leaves, and afterwards shown as far as it has got."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.actor import SYSTEM
from core.clock import ManualClock
from core.conversations.queries import list_last_messages
from core.database import Database
from core.errors import Conflict
from core.escalations.commands import ReplyToCustomer, TakeBackReply
from core.escalations.queries import get_escalation
from core.escalations.replies import follow_due, follow_notification, keep_take_back
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.receipts import take_receipt
from core.outbox.tables import Delivery
from core.policies.climbing import list_running
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import Desk, brought_to, does, furnished

SECOND = timedelta(seconds=1)
LATER = START + 6 * SECOND


def answered(uow: UnitOfWork) -> Desk:
    """Ana has the escalation and has just said Hello; the card and her words stand on the board."""
    desk = furnished(uow)
    case = brought_to(uow, desk, "in_progress")
    does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
    return desk


def leaves(uow: UnitOfWork, settled: Callable[[Delivery], Settlement] | None = None) -> int:
    """What is due to the customer leaves; returns how many messages."""
    due = claim(uow, "whatsapp", "default", 10)
    settle(uow, [settled(one) if settled else Settlement(one, "sent", external_id=f"wa-{one.id}") for one in due])
    return len(due)


def shown(uow: UnitOfWork) -> str:
    """The last line of the reply's card on the board, as it was changed last."""
    return builders.outbox(uow, channel="slack", template="escalation.reply")[-1].text.splitlines()[-1]


async def test_it_leaves_after_the_time_to_take_it_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        answered(uow)
        early = leaves(uow)
        uow.now = START + 5 * SECOND
        return early, leaves(uow)

    assert await database.write(work) == (0, 1)


async def test_how_long_that_is_can_be_set(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        keep_take_back(uow, timedelta(0))
        answered(uow)
        return leaves(uow)

    assert await database.write(work) == 1


async def test_taken_back_the_customer_never_sees_it_and_the_target_counts_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = answered(uow)
        uow.now = START + 2 * SECOND
        case = does(uow, desk.ana, TakeBackReply(1))
        uow.now = LATER
        said = [(m.direction, m.text) for m in list_last_messages(uow, desk.conversation, 10)]
        watched = [climb.purpose for climb in list_running(uow, "escalation", 1)]
        return leaves(uow), case.first_response_at, said, "response" in watched, shown(uow)

    taken = "↩ Taken back: Doug Carter never saw it."
    assert await database.write(work) == (0, None, [("note", "↩ Hello")], True, taken)


async def test_of_two_only_the_one_that_is_meant_is_taken_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = answered(uow)
        uow.now = START + 2 * SECOND
        does(uow, desk.ana, ReplyToCustomer(1, "How are you?"))
        case = does(uow, desk.ana, TakeBackReply(1, 1))
        uow.now = LATER + 5 * SECOND
        left = claim(uow, "whatsapp", "default", 10)
        return [one.facts["text"] for one in left], case.first_response_at

    assert await database.write(work) == (["How are you?"], START + 2 * SECOND)


def leave_now(uow: UnitOfWork) -> None:
    uow.now = LATER
    assert leaves(uow) == 1


def is_read(uow: UnitOfWork) -> None:
    leave_now(uow)
    uow.now += 3 * SECOND
    (words,) = builders.outbox(uow, channel="whatsapp", template="conversation.said")
    told = take_receipt(uow, "whatsapp", f"wa-{words.id}", "read", uow.now)
    assert told
    assert follow_notification(uow, told)


def is_in_hand(uow: UnitOfWork) -> None:
    uow.now = LATER
    assert len(claim(uow, "whatsapp", "default", 10)) == 1


@pytest.mark.parametrize(
    ("meanwhile", "truth"),
    [
        (leave_now, "Too late: it has left 0 s ago. To put it right write again: reply ESC-1 …"),
        (is_read, "Too late: the customer has read it 0 s ago. To put it right write again: reply ESC-1 …"),
        (is_in_hand, "Too late: it is leaving right now. To put it right write again: reply ESC-1 …"),
        (lambda uow: does(uow, 1, TakeBackReply(1)), "That is taken back already: the customer never saw it."),
    ],
)
async def test_too_late_is_said_as_it_is(
    database: Database, meanwhile: Callable[[UnitOfWork], Any], truth: str
) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = answered(uow)
        meanwhile(uow)
        does(uow, desk.ana, TakeBackReply(1))

    with pytest.raises(Conflict) as refused:
        await database.write(work)
    assert refused.value.sentence == truth


async def test_only_whose_words_they_are_or_the_lead_takes_them_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        desk = answered(uow)
        with pytest.raises(Conflict, match="Those are Ana's words: only Ana or the team lead can take them back"):
            does(uow, desk.ben, TakeBackReply(1, 1))
        with pytest.raises(Conflict, match="There is nothing of yours to take back in ESC-1"):
            does(uow, desk.ben, TakeBackReply(1))
        does(uow, desk.lea, TakeBackReply(1, 1))
        return shown(uow)

    assert (await database.write(work)).startswith("↩ Taken back")


async def test_the_card_says_how_far_it_has_got(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        answered(uow)
        builders.sent(uow)
        lines = [shown(uow)]
        uow.actor = SYSTEM
        leave_now(uow)
        assert follow_due(uow, 10) == 1
        lines.append(shown(uow))
        (words,) = builders.outbox(uow, channel="whatsapp", template="conversation.said")
        for state in ("delivered", "read"):
            told = take_receipt(uow, "whatsapp", f"wa-{words.id}", state, uow.now)
            assert told
            assert follow_notification(uow, told)
            lines.append(shown(uow))
        assert follow_due(uow, 10) == 0
        return lines

    lines = await database.write(work)
    assert [line.split()[:2] for line in lines] == [["⏳", "Leaves"], ["✓", "Sent"], ["✓✓", "Delivered"], ["👁", "Read"]]


async def test_what_fails_is_said_with_the_reason(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        answered(uow)
        builders.sent(uow)
        uow.now = LATER
        leaves(uow, lambda one: Settlement(one, "permanent", code="131026", reason="no such number"))
        follow_due(uow, 10)
        return shown(uow)

    assert await database.write(work) == "⚠️ It did not reach Doug Carter: no such number"


async def test_outside_the_window_the_agent_reads_that_only_a_notice_left_and_may_still_take_it_back(
    database: Database,
) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = answered(uow)
        builders.sent(uow)
        uow.now = LATER
        leaves(uow, lambda one: Settlement(one, "sent", external_id="wa-1", as_notice=True, notice_command="show"))
        follow_due(uow, 10)
        noticed = shown(uow)
        does(uow, desk.ana, TakeBackReply(1))
        return "only the approved notice has left" in noticed, shown(uow)

    assert await database.write(work) == (True, "↩ Taken back: Doug Carter never saw it.")


async def test_a_quiet_night_does_not_look_at_old_replies(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> Any:
        answered(uow)
        uow.now = START + timedelta(days=2)
        return follow_due(uow, 10), get_escalation(uow, 1).status

    assert await database.write(work) == (0, "in_progress")
