"""Who has a case: taken over, given, offered help with, released; and who is told of it."""

from typing import Any

import pytest

from core.database import Database
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.escalations.commands import AssignEscalation, ClaimEscalation, OfferHelp, ReleaseEscalation, TakeOver
from core.policies.climbing import list_running
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import Desk, brought_to, does, furnished


async def test_who_had_it_is_told_that_it_was_taken(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        does(uow, desk.ben, TakeOver(case.id))
        return [left.text for left in builders.outbox(uow, person_id=desk.ana)]

    assert await database.write(work) == ["Ben took ESC-1 (Doug Carter) over from you."]


async def test_who_has_it_is_told_once_who_would_help(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        does(uow, desk.ben, OfferHelp(case.id))
        with pytest.raises(Conflict, match="Ana knows already that you would help with ESC-1"):
            does(uow, desk.ben, OfferHelp(case.id))
        return [(left.text, left.commands) for left in builders.outbox(uow, person_id=desk.ana)]

    assert await database.write(work) == [("🤝 Ben offers to help with ESC-1 (Doug Carter).", ["assign ESC-1 BEN"])]


async def test_released_without_an_answer_it_climbs_with_a_fresh_clock(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        uow.now = START.replace(minute=20)
        then = does(uow, desk.ana, ReleaseEscalation(case.id))
        (climb,) = [one for one in list_running(uow, "escalation", case.id) if one.purpose == "response"]
        return then.status, then.assigned_to, climb.due_at

    assert await database.write(work) == ("pending", None, START.replace(minute=50))


async def test_somebody_of_another_client_can_neither_have_it_nor_touch_it(database: Database) -> None:
    def strangers(uow: UnitOfWork) -> tuple[Desk, int, int]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "pending")
        return desk, case.id, builders.person(uow, builders.client(uow, "OTHER"), "agent", "EVE")

    desk, case, eve = await database.write(strangers)
    with pytest.raises(Invalid, match="does not belong to this client"):
        await database.write(lambda uow: does(uow, desk.lea, AssignEscalation(case, eve)))
    with pytest.raises(Forbidden):
        await database.write(lambda uow: does(uow, eve, ClaimEscalation(case)))


async def test_who_is_given_one_gets_its_card(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "pending")
        does(uow, desk.lea, AssignEscalation(case.id, desk.ben))
        return [left.commands for left in builders.outbox(uow, person_id=desk.ben)]

    assert await database.write(work) == [["takeover ESC-1", "guide ESC-1", "release ESC-1"]]


async def test_it_is_given_only_to_somebody_who_can_have_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        people = {
            "TOM": builders.person(uow, desk.client, "technician", "TOM"),
            "LIS": builders.person(uow, desk.client, "agent", "LIS", status="on_leave"),
            "ANA": desk.ana,
        }
        return [refused_to(uow, desk, case.id, person) for person in people.values()]

    tom, lis, ana = await database.write(work)
    assert (tom, lis) == ("Tom does not answer customers.", "Lis is on leave.")
    assert ana.startswith("Ana has ESC-1, 0 s ago.")


def refused_to(uow: UnitOfWork, desk: Desk, case: int, person: int) -> str:
    with pytest.raises(DomainError) as refused:
        does(uow, desk.lea, AssignEscalation(case, person))
    return refused.value.sentence


async def test_who_had_it_reads_to_whom_it_was_given(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        does(uow, desk.lea, AssignEscalation(case.id, desk.ben))
        return [left.text for left in builders.outbox(uow, template="escalation.taken_from_you", person_id=desk.ana)]

    assert await database.write(work) == ["Lea gave ESC-1 (Doug Carter), which you had, to Ben."]
