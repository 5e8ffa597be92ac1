"""The same customer is one, by whatever address they write and however messages come in; customers of two clients are two."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.customers import hear_customer
from core.conversations.commands import HearCustomer
from core.conversations.finding import find_customer
from core.conversations.handlers import Heard
from core.conversations.imports import CustomerRow, ImportCustomers
from core.conversations.leading import lead
from core.conversations.queries import CUSTOMER_BY_CODE, get_conversation, list_last_messages
from core.database import Database
from core.escalations.feedback.tables import feedback_questions
from core.escalations.queries import get_escalation, list_queue
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START

PHONE, SCOPED = "34600111222", "ES.77"


def hears(uow: UnitOfWork, client: int, *addresses: str, text: str = "Hello", **values: Any) -> Heard:
    row = {"channel": "whatsapp", "account": "default", "chat": addresses[0], "name": "Doug"} | values
    heard: Heard = execute(HearCustomer(client, addresses=addresses, text=text, **row), uow)
    return heard


def imports(uow: UnitOfWork, *rows: CustomerRow) -> None:
    execute(ImportCustomers(rows), uow)


@pytest.mark.parametrize(
    ("country", "written", "from_"),
    [
        ("ES", "600 111 222", "34600111222"),
        ("GB", "07700 900501", "447700900501"),
        ("AR", "011 15 2345-6789", "5491123456789"),
        ("AR", "+54 11 2345 6789", "5491123456789"),
        ("BR", "+55 11 98765-4321", "551187654321"),
        ("MX", "+52 55 1234 5678", "5215512345678"),
    ],
)
async def test_an_imported_phone_is_known_as_whatsapp_writes_it(
    database: Database, country: str, written: str, from_: str
) -> None:
    def work(uow: UnitOfWork) -> str:
        client = builders.client(uow, country=country)
        imports(uow, CustomerRow(2, "ACME", "C-1", "Doug Carter", written))
        return hears(uow, client, from_).customer.code

    assert await database.write(work) == "C-1"


@pytest.mark.parametrize(
    "ways",
    [
        [(PHONE,), (PHONE, SCOPED), (SCOPED,)],
        [(SCOPED,), (PHONE, SCOPED), (PHONE,)],
        [(SCOPED,), (SCOPED, PHONE), (PHONE,), (f"+{PHONE}",)],
        [(SCOPED,), (PHONE,), (PHONE, SCOPED), (SCOPED,), (PHONE,)],
        [(PHONE,), (SCOPED,), (SCOPED, PHONE)],
    ],
)
async def test_phone_and_scoped_id_are_one_customer_with_one_conversation(
    database: Database, ways: list[tuple[str, ...]]
) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        heard = [hears(uow, client, *addresses, text=str(n)) for n, addresses in enumerate(ways)]
        last = heard[-1]
        said = [message.text for message in list_last_messages(uow, last.conversation.id, 9)]
        known = {hears(uow, client, one).customer.id for one in (PHONE, SCOPED)}
        return last.customer.phone, said, known == {last.customer.id}

    assert await database.write(work) == (f"+{PHONE}", [str(n) for n in range(len(ways))], True)


async def test_of_two_who_are_one_the_imported_stays_with_everything_that_was_said(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        unknown = hears(uow, client, SCOPED, text="Hello").customer
        imports(uow, CustomerRow(2, "ACME", "C-1", "Doug Carter", PHONE, tier="premium"))
        hears(uow, client, PHONE, text="It is me")
        both = hears(uow, client, PHONE, SCOPED, text="Both")
        said = [message.text for message in list_last_messages(uow, both.conversation.id, 9)]
        by_old_code = uow.one(CUSTOMER_BY_CODE, client_id=client, code=unknown.code)
        named_as_before = find_customer(uow, client, unknown.name)
        return (
            both.customer.code,
            said,
            by_old_code.code,
            named_as_before and named_as_before.code,
            builders.happened(uow)[-1],
        )

    assert await database.write(work) == ("C-1", ["Hello", "It is me", "Both"], "C-1", "C-1", "customers.merged")


async def test_two_imported_customers_stay_two_and_the_phone_decides(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        imports(uow, CustomerRow(2, "ACME", "C-1", "Doug", PHONE), CustomerRow(3, "ACME", "C-2", "Ann", "600 111 333"))
        return [hears(uow, client, *both).customer.code for both in ((PHONE, "34600111333"), ("34600111333", PHONE))]

    assert await database.write(work) == ["C-1", "C-2"]


async def test_whose_line_it_is_decides_whose_customer_they_are(database: Database) -> None:
    """The same person is a customer of both clients; nothing of one is known at the other."""

    def work(uow: UnitOfWork) -> Any:
        first, second = builders.client(uow), builders.client(uow, "OTHER")
        imports(uow, CustomerRow(2, "ACME", "C-1", "Doug Carter", PHONE, tier="premium"))
        imports(uow, CustomerRow(2, "OTHER", "C-9", "Mr Carter", PHONE))
        heard = [hears(uow, client, PHONE, SCOPED) for client in (first, second, first)]
        return [(one.customer.code, one.customer.client_id, one.conversation.client_id) for one in heard]

    first, second, again = await database.write(work)
    assert (first, second, again) == (("C-1", 1, 1), ("C-9", 2, 2), ("C-1", 1, 1))


async def test_on_another_line_of_the_client_it_is_the_same_customer(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int]:
        client = builders.client(uow)
        heard = [hears(uow, client, PHONE, account=line) for line in ("default", "second", "second")]
        return len({one.customer.id for one in heard}), len({one.conversation.id for one in heard})

    assert await database.write(work) == (1, 2)


async def test_open_cases_of_two_who_are_one_become_one(database: Database) -> None:
    """And a human who has one of the conversations goes on with both."""

    def says(uow: UnitOfWork, client: int, text: str, *addresses: str) -> None:
        first, *more = addresses
        message = builders.inbound(first, text, channel="whatsapp", sender_aliases=tuple(more))
        hear_customer(uow, message, client)

    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        builders.board(uow, client)
        says(uow, client, "a human please", SCOPED)
        lead(uow, get_conversation(uow, 1), "human")
        says(uow, client, "I want to cancel my contract", PHONE)
        before = [one.reference for one in list_queue(uow, client)]
        second = get_escalation(uow, 2)
        about = {"client_id": client, "customer_id": second.customer_id, "conversation_id": second.conversation_id}
        when = {"asked_at": uow.now, "resolved_at": uow.now}
        builders.put(uow, feedback_questions, escalation_id=2, kind="recommend", state="withdrawn", **about, **when)
        says(uow, client, "It is both me", PHONE, SCOPED)
        (open_one,) = list_queue(uow, client)
        closed = get_escalation(uow, 2)
        assert open_one.conversation_id is not None
        conversation = get_conversation(uow, open_one.conversation_id)
        said = [m.text for m in list_last_messages(uow, conversation.id, 9) if m.direction == "in"]
        return (
            sorted(before),
            (
                open_one.reference,
                "cancellation" in open_one.more_reasons,
                open_one.customer_id == conversation.customer_id,
            ),
            (closed.status, closed.resolution, closed.resolution_notes),
            uow.connection.execute(select(feedback_questions.c.customer_id)).scalar() == conversation.customer_id,
            (conversation.led_by, said),
        )

    before, kept, closed, feedback_follows, conversation = await database.write(work)
    assert before == ["ESC-1", "ESC-2"]
    assert kept == ("ESC-1", True, True)
    assert closed == ("resolved", "no_action", "The same customer as in ESC-1, where this goes on.")
    assert feedback_follows
    assert conversation == ("human", ["a human please", "I want to cancel my contract", "It is both me"])


@pytest.mark.parametrize("arrived", [(1, 2, 3), (3, 1, 2), (2, 3, 1), (3, 2, 1)])
async def test_messages_stand_in_the_order_they_were_sent(database: Database, arrived: tuple[int, ...]) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        for number in arrived:
            hears(uow, client, PHONE, text=f"{number}", sent_at=START + timedelta(seconds=number))
        return [message.text for message in list_last_messages(uow, 1, 9)]

    assert await database.write(work) == ["1", "2", "3"]


async def test_our_words_stay_where_they_were_said_whatever_the_platforms_clock_says(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        hears(uow, client, PHONE, text="first", sent_at=START + timedelta(hours=1))
        lead(uow, get_conversation(uow, 1), "human")
        lead(uow, get_conversation(uow, 1), "assistant")
        message = builders.inbound(PHONE, "hello", channel="whatsapp", sent_at=START - timedelta(hours=1))
        hear_customer(uow, message, client)
        hears(uow, client, PHONE, text="last", sent_at=START - timedelta(hours=2))
        return [message.text.split(".")[0][:5] for message in list_last_messages(uow, 1, 9)]

    assert await database.write(work) == ["hello", "first", "Hello", "last"]
