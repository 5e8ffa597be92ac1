"""The end of a shift: everything in hand goes to a colleague, and both read where each thing stands."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.actor import SYSTEM
from core.calendars.commands import SetPersonHours
from core.calendars.hours import Calendar
from core.calendars.hours_text import parse_hours
from core.calendars.opening import Opening
from core.database import Database
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.escalations.commands import HandOver, NoteEscalation, RaiseEscalation, ReplyToCustomer, TakeOver
from core.escalations.handing_over import ask_whose_shift_ends, just_ended, list_colleagues
from core.escalations.queries import list_of_person
from core.executor import execute
from core.people.queries import get_person
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import Desk, brought_to, does, furnished


def with_two(uow: UnitOfWork) -> Desk:
    """Ana leads one, answered and with a note, and has claimed another of a customer who has written nowhere yet."""
    desk = furnished(uow)
    brought_to(uow, desk, "in_progress")
    does(uow, desk.ana, ReplyToCustomer(1, "Hello, this is Ana."))
    does(uow, desk.ana, NoteEscalation(1, "is angry"))
    uow.actor = SYSTEM
    rosa = builders.customer(uow, desk.client, "C-2", name="Rosa")
    execute(RaiseEscalation(desk.client, rosa, "legal"), uow)
    does(uow, desk.ana, TakeOver(2))
    return desk


async def test_all_of_it_moves_with_three_lines_each_and_both_are_told(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = with_two(uow)
        does(uow, desk.lea, HandOver(desk.ben, desk.ana))
        news = builders.outbox(uow, template="escalation.handed_over")
        moved = [one.reference for one in list_of_person(uow, desk.ben)]
        return moved, {left.person_id == desk.ben: left.text.split("\n\n") for left in news}

    moved, read = await database.write(work)
    assert sorted(moved) == ["ESC-1", "ESC-2"]
    assert read[True][0] == "🔄 Ana hands over to you:"
    assert read[False][0] == "🔄 Ben has now what you had:"
    first = next(text for text in read[True] if text.startswith("ESC-1"))
    assert first.splitlines()[0] == "ESC-1 · P1 · Doug Carter: requested human"
    whole = "\n".join(read[True])
    assert "💬 Ana: Hello, this is Ana. · 📝 is angry" in whole
    assert "⏱ Answered; to be resolved by" in whole
    assert "💬 Nothing was said yet." in whole
    assert "⏱ To be answered by" in whole


async def test_who_hands_over_reads_it_in_the_answer_and_not_twice(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int | None]:
        desk = with_two(uow)
        does(uow, desk.ana, HandOver(desk.ben))
        assert [left.person_id for left in builders.outbox(uow, template="escalation.handed_over")] == [desk.ben]
        return [one.assigned_to for one in list_of_person(uow, desk.ana)]

    assert await database.write(work) == []


@pytest.mark.parametrize(
    ("who", "to", "whose", "refusal", "words"),
    [
        ("ben", "ana", None, Conflict, "You have nothing open to hand over"),
        ("lea", "ana", "ben", Conflict, "Ben has nothing open to hand over"),
        ("ana", "ana", None, Invalid, "the same person"),
        ("ben", "lea", "ana", Forbidden, "Only the team lead hands over for somebody else"),
    ],
)
async def test_what_cannot_be_handed_over(
    database: Database, who: str, to: str, whose: str | None, refusal: type[DomainError], words: str
) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = with_two(uow)
        does(uow, getattr(desk, who), HandOver(getattr(desk, to), getattr(desk, whose) if whose else None))

    with pytest.raises(refusal, match=words):
        await database.write(work)


async def test_nothing_goes_to_a_technician_or_to_another_client(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = with_two(uow)
        tom = builders.person(uow, desk.client, "technician", "TOM")
        eve = builders.person(uow, builders.client(uow, "OTHER"), "team_lead", "EVE")
        with pytest.raises(Invalid, match="Tom does not answer customers"):
            does(uow, desk.ana, HandOver(tom))
        with pytest.raises(Forbidden):
            does(uow, desk.ana, HandOver(eve))
        with pytest.raises(Invalid, match="does not belong to this client"):
            does(uow, eve, HandOver(eve, desk.ana))

    await database.write(work)


async def test_whose_hours_end_is_asked_once_and_nothing_moves_by_itself(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = with_two(uow)
        uow.actor = SYSTEM
        execute(SetPersonHours(desk.ana, Opening(hours="Mon-Fri 9-18")), uow)
        asked = []
        for minutes in (-10, 2, 5, 60):
            uow.now = datetime(2026, 11, 23, 17, 0, tzinfo=UTC) + timedelta(minutes=minutes)  # six in Madrid
            asked.append(ask_whose_shift_ends(uow))
        (question,) = builders.outbox(uow, template="escalation.shift_ends")
        return asked, question.person_id == desk.ana, question.commands, len(list_of_person(uow, desk.ana))

    assert await database.write(work) == ([0, 1, 0, 0], True, ["handover"], 2)


async def test_those_on_duty_with_the_fewest_open_ones_are_offered_first(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = with_two(uow)
        uow.actor = SYSTEM
        off = builders.person(uow, desk.client, "agent", "OFF")
        execute(SetPersonHours(off, Opening(hours="Sat 9-10")), uow)
        return [one.name for one in list_colleagues(uow, get_person(uow, desk.lea), START, limit=5)]

    assert await database.write(work) == ["Ben", "Ana"]


@pytest.mark.parametrize(
    ("at", "ended"), [("12:05", False), ("18:05", True), ("17:55", False), ("18:20", False), ("08:00", False)]
)
def test_a_break_at_noon_is_no_end(at: str, ended: bool) -> None:
    calendar = Calendar(ZoneInfo("UTC"), parse_hours("Mon-Fri 9:00-12:00, Mon-Fri 13:00-18:00"))
    assert just_ended(calendar, datetime.fromisoformat(f"2026-11-23T{at}:00+00:00")) is ended
