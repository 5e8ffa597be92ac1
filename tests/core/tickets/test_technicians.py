"""Technicians added, changed and assigned; what one of them was offered does not wait for their return."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.executor import execute
from core.people.commands import SayLeave
from core.people.permissions import DISPATCHES
from core.people.queries import get_person
from core.people.tables import Person, persons
from core.people.technicians import Place, list_places
from core.tickets.commands import (
    AcceptTicket,
    AddTechnician,
    AssignTechnician,
    ChangeTechnician,
    EndAssignment,
    ReassignTicket,
)
from core.tickets.queries import get_ticket_by_id, list_offers
from core.unit_of_work import UnitOfWork
from jobs.hand_on import hand_on_of_away
from tests import builders
from tests.core.tickets.story import Branch, does, labels, opened, said_to, staffed_branch, templates_to

TODAY = date(2026, 11, 23)
A_DAY = timedelta(days=1)
PHONE = "+34600111222"


def _add(uow: UnitOfWork, at: Branch, phone: str = PHONE, **values: Any) -> Person:
    person: Person = execute(AddTechnician(at.client, "Tom Baker", phone, **values), uow)
    return person


def _there(uow: UnitOfWork, person_id: int) -> list[tuple[str, str, date | None, date | None]]:
    def terms(place: Place) -> tuple[str, str, date | None, date | None]:
        return place.code, place.rank, place.starts_on, place.ends_on

    return [terms(place) for place in list_places(uow, person_id) if place.role == "technician"]


async def test_a_new_technician_works_for_the_whole_client_until_a_branch_is_theirs(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        tom = _add(uow, at, "600 111 222", skills=("Cooling", "glass, doors"))
        assert (tom.phone, tom.skills, tom.status) == (PHONE, ["cooling", "glass", "doors"], "active")
        assert _there(uow, tom.id) == [("ACME", "", None, None)]
        execute(AssignTechnician(tom.id, at.branch, territory="West"), uow)
        assert _there(uow, tom.id) == [("BR-01", "secondary", TODAY, None)]

    await database.write(work)


@pytest.mark.parametrize("phone", ["", "call me", "12", "+34 600 111 222 333 444", "+999 123456"])
async def test_a_phone_that_can_be_no_phone_is_refused(database: Database, phone: str) -> None:
    with pytest.raises(Invalid) as refused:
        await database.write(lambda uow: _add(uow, staffed_branch(uow), phone))
    assert refused.value.field == "phone"


async def test_a_phone_is_one_technicians_also_of_many_added_at_once(database: Database) -> None:
    at = await database.write(staffed_branch)
    phones = ["600 111 222", "+34600111222", "0034600111222", "+34 600-111-222"] * 5
    added = await asyncio.gather(
        *(database.write(lambda uow, phone=phone: _add(uow, at, phone)) for phone in phones), return_exceptions=True
    )
    assert sum(isinstance(one, Person) for one in added) == 1
    refused = [one for one in added if not isinstance(one, Person)]
    assert {type(one) for one in refused} == {Conflict}
    assert str(refused[0]).startswith(f"{PHONE} is the number of Tom Baker (T-")

    def same_again(uow: UnitOfWork) -> None:
        tom = next(one for one in added if isinstance(one, Person))
        assert execute(ChangeTechnician(tom.id, phone="600111222"), uow) == tom
        with pytest.raises(Conflict, match="is the number of Tom Baker"):
            execute(ChangeTechnician(at.ana, phone=PHONE), uow)

    await database.write(same_again)


async def test_another_primary_takes_over_on_a_day_and_two_are_refused_by_name(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        tom = _add(uow, at)
        with pytest.raises(Conflict, match=r"BR-01 has a primary technician already: Ana, for good."):
            execute(AssignTechnician(tom.id, at.branch, primary=True), uow)
        first = TODAY + 30 * A_DAY
        execute(AssignTechnician(tom.id, at.branch, primary=True, starts_on=first, hand_over=True), uow)
        assert _there(uow, tom.id) == [("BR-01", "primary", first, None)]
        assert _there(uow, at.ana) == [("BR-01", "primary", None, first - A_DAY)]
        with pytest.raises(Conflict, match=f"already: Tom Baker, since {first}"):
            execute(AssignTechnician(at.ben, at.branch, primary=True, starts_on=first + A_DAY), uow)
        assert opened(uow, at).technician_id == at.ana
        uow.now += timedelta(days=30)
        assert opened(uow, at).technician_id == tom.id

    await database.write(work)


async def test_of_two_who_become_primary_at_once_one_is_refused(database: Database) -> None:
    def begin(uow: UnitOfWork) -> tuple[Branch, list[Person]]:
        at = staffed_branch(uow)
        execute(EndAssignment(at.ana, at.branch), uow)
        return at, [_add(uow, at, f"60011122{n}") for n in range(4)]

    at, people = await database.write(begin)
    done = await asyncio.gather(
        *(
            database.write(lambda uow, one=one: execute(AssignTechnician(one.id, at.branch, True), uow))
            for one in people
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Person) for one in done) == 1
    assert {type(one) for one in done} == {Person, Conflict}


async def test_an_assignment_ends_and_what_had_not_begun_never_was(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        execute(EndAssignment(at.ana, at.branch, TODAY), uow)
        assert _there(uow, at.ana) == [("BR-01", "primary", None, TODAY)]
        execute(AssignTechnician(at.ana, at.branch, starts_on=TODAY + 9 * A_DAY), uow)
        execute(EndAssignment(at.ana, at.branch, TODAY + A_DAY), uow)
        assert _there(uow, at.ana) == [("BR-01", "primary", None, TODAY)]
        with pytest.raises(Conflict, match=r"Store BR-01 is not Ana's branch after 2026-11-24."):
            execute(EndAssignment(at.ana, at.branch, TODAY + A_DAY), uow)
        with pytest.raises(Invalid, match="The last day lies before the first"):
            execute(AssignTechnician(at.ben, at.branch, starts_on=TODAY, ends_on=TODAY - A_DAY), uow)

    await database.write(work)


async def test_who_goes_on_leave_hands_on_what_they_were_offered(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        begun, waiting = opened(uow, at), opened(uow, at)
        does(uow, at.ana, AcceptTicket(begun.id))
        does(uow, at.ana, ChangeTechnician(at.ana, status="on_leave"))
        assert get_ticket_by_id(uow, begun.id).technician_id == at.ana
        assert get_ticket_by_id(uow, waiting.id).technician_id == at.ben
        assert labels(said_to(uow, at.ben)[-1][1]) == ["Accept", "Decline", "Location"]
        away = [card for template, card in said_to(uow, at.dispatcher) if template == "ticket.away"]
        assert [card.notice for card in away] == [
            f"⚠️ Ana is away and has {begun.number} (Store BR-01) in progress.",
            f"Ana is away: {waiting.number} (Store BR-01) is offered to Ben now.",
        ]
        assert [labels(card) for card in away] == [["Reassign"], []]
        does(uow, at.ana, ChangeTechnician(at.ana, status="active"))
        assert opened(uow, at).technician_id == at.ana

    await database.write(work)


async def test_a_leave_that_begins_hands_on_what_waits(database: Database, clock: ManualClock) -> None:
    def before(uow: UnitOfWork) -> tuple[Branch, int]:
        at = staffed_branch(uow)
        tomorrow = uow.now.date() + A_DAY
        execute(SayLeave(at.ana, tomorrow, tomorrow + A_DAY), uow)
        return at, opened(uow, at, priority=3).id

    at, ticket = await database.write(before)
    assert await hand_on_of_away(database) == 0
    clock.advance(86_400)
    assert await hand_on_of_away(database) == 1
    assert await hand_on_of_away(database) == 0

    def after(uow: UnitOfWork) -> None:
        assert get_ticket_by_id(uow, ticket).technician_id == at.ben
        assert [(offer.outcome, offer.reason) for offer in list_offers(uow, ticket)] == [
            ("withdrawn", "on leave"),
            ("offered", ""),
        ]
        assert templates_to(uow, at.dispatcher)[-1] == "ticket.away"

    await database.write(after)


async def test_who_a_file_says_is_away_hands_on_what_waits(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[Branch, int]:
        at = staffed_branch(uow)
        ticket = opened(uow, at).id
        builders.change(uow, persons, at.ana, status="inactive")
        return at, ticket

    at, ticket = await database.write(work)
    assert await hand_on_of_away(database) == 1
    assert (await database.read(lambda reader: get_ticket_by_id(reader, ticket))).technician_id == at.ben


async def test_nobody_is_given_a_ticket_while_on_leave(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket, today = opened(uow, at), uow.now.date()
        execute(SayLeave(at.ben, today, today + A_DAY), uow)
        with pytest.raises(Invalid, match=f"Ben is on leave until {today + A_DAY}"):
            does(uow, at.dispatcher, ReassignTicket(ticket.id, at.ben))

    await database.write(work)


async def test_who_may_change_what_of_whom(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        for person, command in (
            (at.ben, ChangeTechnician(at.ana, status="on_leave")),
            (at.ana, ChangeTechnician(at.ana, status="inactive")),
            (at.ana, ChangeTechnician(at.ana, skills=("glass",))),
            (at.manager, ChangeTechnician(at.ana, status="on_leave")),
            (at.dispatcher, ChangeTechnician(at.ana, phone="600111333")),
            (at.dispatcher, AddTechnician(at.client, "Tom", PHONE)),
            (at.ana, AssignTechnician(at.ana, at.branch, True)),
        ):
            with pytest.raises(Forbidden, match="This is for"):
                does(uow, person, command)
        assert "dispatcher" in DISPATCHES
        does(uow, at.dispatcher, ChangeTechnician(at.ana, status="inactive", skills=("glass",)))
        does(uow, at.owner, ChangeTechnician(at.ana, phone="600111333", name="Ana Ruiz"))
        assert get_person(uow, at.ana).skills == ["glass"]
        assert templates_to(uow, at.ana) == []

    await database.write(work)


async def test_a_dispatcher_of_elsewhere_does_not_direct_them(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        south = builders.unit(uow, at.client, "SOUTH", kind="cluster")
        other = builders.person(uow, south, "dispatcher", "SUE", on="slack")
        with pytest.raises(Forbidden):
            does(uow, other, ChangeTechnician(at.ana, status="on_leave"))
        with pytest.raises(Forbidden):
            does(uow, other, AssignTechnician(at.ana, at.branch))

    await database.write(work)
