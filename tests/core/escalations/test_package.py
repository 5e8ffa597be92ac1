"""The package: what whoever takes an escalation is told first, and what is missing in it."""

from datetime import timedelta
from typing import Any

import pytest

from channels.rendering import render
from core.conversations.tables import conversation_messages, customers
from core.database import Database
from core.errors import Invalid
from core.escalations.card_facts import card_facts, package_facts
from core.escalations.commands import ReplyToCustomer, TakeOver
from core.escalations.indicators import indicators_of
from core.escalations.package import gather
from core.escalations.quality import checks_of
from core.escalations.queries import get_escalation
from core.escalations.tables import escalations
from core.escalations.technical import checked, lines_of
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import Desk, brought_to, does, furnished, raised
from tests.counting import Counting

HOUR = timedelta(hours=1)


def says(uow: UnitOfWork, desk: Desk, text: str, mood: float | None = None) -> None:
    row = {"conversation_id": desk.conversation, "direction": "in", "author": "Doug", "text": text}
    builders.put(uow, conversation_messages, **row, mood=mood, at=uow.now)


def missing(uow: UnitOfWork, escalation_id: int) -> dict[str, str]:
    return {one.name: one.missing for one in checks_of(gather(uow, get_escalation(uow, escalation_id))) if not one.ok}


async def test_everything_known_is_in_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        since = {"tier": "premium", "customer_since": START.date(), "yearly_value": 48_000_00, "currency": "EUR"}
        builders.change(uow, customers, desk.customer, phone="+34600111222", **since)
        first = brought_to(uow, desk, "resolved")
        builders.change(uow, escalations, first.id, satisfaction=4, resolved_at=START + 2 * HOUR)
        uow.now = START + 24 * HOUR
        says(uow, desk, "All was well last time", 0.5)
        says(uow, desk, "The freezer is dead again, I cancel", -0.7)
        context = {"appVersion": "4.2", "device": {"serialNo": "F-1", "errors": ["E4", "E7"]}}
        case = raised(uow, desk, "cancellation", also=("premium_customer",), technical_context=context, team="billing")
        gathered = gather(uow, case)
        card = render("escalation.card", card_facts(uow, case), now=uow.now)
        package = render("escalation.package", package_facts(uow, case), zone="Europe/Madrid", now=uow.now)
        return gathered, card, package, missing(uow, case.id)

    gathered, card, package, lacking = await database.write(work)
    assert (gathered.premium, gathered.history.count, gathered.history.mean_minutes) == (True, 1, 120)
    assert (gathered.history.last_reference, gathered.history.last_resolution) == ("ESC-1", "handled")
    assert (gathered.mood.label, gathered.mood.before) == ("angry", 0.5)
    assert card.title == "🔴⭐ ESC-2 · P1 · Cancellation"
    for words in (
        "+34600111222",
        "😡 angry ↘ falling",
        "Earlier cases: 1",
        "App version: 4.2",
        "Device: errors: E4, E7",
    ):
        assert words in card.paragraphs[0].text
    said = {one.text.partition("\n")[0]: one.text.partition("\n")[2] for one in package.paragraphs}
    assert list(said) == [
        "Issue", "Impact", "Technical details", "Customer", "What to do", "Why P1", "Notes",
    ]  # fmt: skip
    assert said["Issue"] == "Cancellation, premium customer. “The freezer is dead again, I cancel”"
    assert said["Impact"].startswith("A premium customer. Worth €48,000.00 a year. They sound angry 😡, and worse")
    assert said["What to do"].startswith("1. Check the technical details first.\n2. Ask for the reason")
    assert "was resolved Mon 23 Nov 12:00 (handled, 4/5); on average after 2 h 00." in said["Customer"]
    assert said["Notes"] == "📋 7 of 8 checks are met; missing: customer told."
    assert lacking == {"customer_told": "The customer does not know yet that somebody will write."}


async def test_what_is_missing_is_said_in_a_sentence(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        return missing(uow, raised(uow, desk, "odd_thing", priority=3).id)

    assert await database.write(work) == {
        "context": "Neither tier nor value nor since when Doug Carter is a customer is known.",
        "mood": "The customer has written nothing yet that shows a mood.",
        "history": "No earlier case of this customer is on file.",
        "details": "It does not say what it is about: ask the customer, or write a note.",
        "suggestions": "For “odd thing” nothing is suggested yet.",
        "customer_told": "The customer does not know yet that somebody will write.",
        "priority": "P3 is less urgent than “odd thing” usually is (P2).",
        "team": "It belongs to no team and nobody has it.",
    }


async def test_what_is_done_about_it_is_missing_no_more(database: Database) -> None:
    def work(uow: UnitOfWork) -> set[str]:
        desk = furnished(uow)
        case = raised(uow, desk, "complaint", reason_details="the freezer came without a door")
        does(uow, desk.ana, TakeOver(case.id))
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        says(uow, desk, "thanks", 0.4)
        return set(missing(uow, case.id))

    assert await database.write(work) == {"context", "history"}


async def test_its_size_does_not_depend_on_the_history(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int]:
        desk = furnished(uow)
        counts = []
        for number in (0, 60):
            for _ in range(number):
                brought_to(uow, desk, "resolved")
            case = raised(uow, desk)
            counts.append(reads(uow, case.id))
            builders.change(uow, escalations, case.id, status="resolved", resolved_at=uow.now)
        return counts[0], counts[1]

    def reads(uow: UnitOfWork, escalation_id: int) -> int:
        fresh = Counting(uow.connection, uow.now)
        gather(fresh, get_escalation(fresh, escalation_id))
        return len(fresh.ran)

    few, many = await database.write(work)
    assert few == many <= 6


@pytest.mark.parametrize(
    ("context", "lines"),
    [
        ({}, []),
        ({"appVersion": "4.2", "paid": True, "note": None}, [("App version", "4.2"), ("Paid", "yes")]),
        ({"orderID": 7, "lines": [{"sku": "A"}, {"sku": "B"}]}, [("Order ID", "7"), ("Lines 1: sku", "A"), ("Lines 2: sku", "B")]),
        ({"a": {"b": {"c": [1, 2]}}}, [("A: b: c", "1, 2")]),
    ],
)  # fmt: skip
def test_a_technical_context_becomes_lines(context: dict[str, Any], lines: list[tuple[str, str]]) -> None:
    assert lines_of(context) == lines


def test_too_much_of_it_is_refused() -> None:
    with pytest.raises(Invalid, match="at most 60 values"):
        checked({f"key{number}": number for number in range(61)})
    with pytest.raises(Invalid, match="at most 4 deep"):
        checked({"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}})


@pytest.mark.parametrize(
    ("priority", "minutes", "answered", "signs"),
    [
        (0, 0, False, "🔴🔥⭐"), (1, 0, False, "🔴⭐"), (1, 31, False, "🔴🔥⭐"), (1, 90, False, "🔴🔥⭐"), (1, 90, True, "🔴⭐"),
        (2, 0, False, "🟡⭐"), (2, 211, False, "🟡🔥⭐"), (3, 0, False, "🟢⭐"),
    ],
)  # fmt: skip
async def test_the_signs(database: Database, priority: int, minutes: int, answered: bool, signs: str) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = raised(uow, desk, priority=priority)
        if answered:
            builders.change(uow, escalations, case.id, first_response_at=uow.now)
        return indicators_of(get_escalation(uow, case.id), star=True, phone="+34600")

    found = await database.write(work)
    now = START + timedelta(minutes=minutes)
    assert found.signs(now) == signs
    assert found.late(now) is (minutes > 60 and priority == 1 and not answered)
    assert (found.seconds_left(now) is None) is answered
