"""Who leads the conversation of a case, and what reaches the customer or comes from them."""

from typing import Any

import pytest

from core.actor import SYSTEM
from core.conversations.commands import SayToCustomer
from core.conversations.queries import get_conversation, list_last_messages
from core.database import Database
from core.errors import Conflict
from core.escalations.commands import (
    ClaimEscalation,
    NoteEscalation,
    RelayCustomerMessage,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import brought_to, does, furnished, raised


async def test_taking_over_silences_the_assistant_and_resolving_gives_it_the_word_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        led = []
        case = raised(uow, desk)
        for command in (ClaimEscalation(case.id), TakeOver(case.id), ResolveEscalation(case.id, "handled")):
            does(uow, desk.ana, command)
            led.append(get_conversation(uow, desk.conversation).led_by)
        return led

    assert await database.write(work) == ["assistant", "human", "assistant"]


async def test_the_assistant_is_refused_while_a_human_leads(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(SayToCustomer(desk.conversation, "How can I help?"), uow)

    with pytest.raises(Conflict, match="the assistant stays silent"):
        await database.write(work)


async def test_only_an_explicit_reply_reaches_the_customer(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        does(uow, desk.ana, NoteEscalation(case.id, "is angry"))
        does(uow, desk.ana, ReplyToCustomer(case.id, "I am looking into it."))
        said = [(m.direction, m.text) for m in list_last_messages(uow, desk.conversation, 10)]
        return said, [left.facts["text"] for left in builders.outbox(uow, channel="whatsapp")]

    assert await database.write(work) == (
        [("note", "is angry"), ("out", "I am looking into it.")],
        ["I am looking into it."],
    )


async def test_once_it_is_answered_the_card_says_until_when_it_is_to_be_resolved(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        builders.sent(uow)
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        (card,) = builders.outbox(uow, kind="edit", template="escalation.card", state="pending")
        return [words in card.text for words in ("Answer by", "✓ Answered · Resolve by")]

    assert await database.write(work) == [False, True]


async def test_the_first_reply_takes_the_conversation_over(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        then = does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        return then.status, get_conversation(uow, desk.conversation).led_by, then.first_response_at

    assert await database.write(work) == ("in_progress", "human", START)


async def test_what_the_customer_says_stands_below_the_card_on_the_board(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(RelayCustomerMessage(case.id, "Hello?"), uow)
        return [(left.chat, left.text) for left in builders.outbox(uow, kind="message")][1:]

    assert await database.write(work) == [("C1", "Doug Carter:\n\nHello?")]


async def test_without_a_board_it_goes_to_who_has_the_escalation(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow, board=False)
        case = brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(RelayCustomerMessage(case.id, "Hello?"), uow)
        return [left.chat for left in builders.outbox(uow) if left.template == "escalation.customer_said"]

    assert await database.write(work) == ["slack-ANA"]


async def test_an_escalation_without_a_conversation_says_how_to_answer(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        case = raised(uow, desk, conversation_id=None)
        does(uow, desk.ana, TakeOver(case.id))
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))

    with pytest.raises(Conflict, match="call the customer instead"):
        await database.write(work)
