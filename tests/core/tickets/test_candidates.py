"""Who is next: the branch's primary, its secondary, the nearest who can do it, somebody of the area, or nobody."""

from datetime import date, timedelta
from typing import Any

from core.clock import ManualClock
from core.database import Database
from core.people.tables import persons, positions, units
from core.tickets.commands import DeclineTicket
from core.tickets.queries import get_ticket_by_id, list_offers
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests import builders
from tests.core.tickets.story import Branch, does, opened, said_to, staffed_branch, templates_to

HERE = (40.4168, -3.7038)
KM = 1 / 111.2  # of latitude


def _branch(uow: UnitOfWork) -> Branch:
    at = staffed_branch(uow)
    builders.change(uow, units, at.branch, latitude=HERE[0], longitude=HERE[1])
    return at


def _elsewhere(uow: UnitOfWork, at: Branch, code: str, km: float, **values: Any) -> int:
    """A technician of another branch who shared just now that they are so many kilometres away."""
    branch = builders.unit(uow, at.cluster, f"BR-{code}")
    row = {"latitude": HERE[0] + km * KM, "longitude": HERE[1], "located_at": uow.now, "skills": ["cooling"]} | values
    return builders.person(uow, branch, "technician", code, rank="primary", **row)


def _leave(uow: UnitOfWork, *people: int) -> None:
    for person in people:
        builders.change(uow, persons, person, status="on_leave")


def _offers(uow: UnitOfWork, ticket: Ticket) -> list[tuple[int, str, str]]:
    return [(offer.person_id, offer.because, offer.outcome) for offer in list_offers(uow, ticket.id)]


async def test_who_is_not_on_duty_is_passed_over(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        builders.change(uow, persons, at.ana, hours="Tue-Sun 08:00-17:00")
        assert _offers(uow, opened(uow, at)) == [(at.ben, "secondary", "offered")]
        builders.change(uow, persons, at.ben, hours="Mon 12:00-20:00")
        ticket = opened(uow, at)
        assert ticket.status == "new"
        assert "ticket.unassigned" in templates_to(uow, at.dispatcher)

    await database.write(work)


async def test_an_assignment_counts_from_its_first_to_its_last_day(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        today = uow.now.date()
        first = uow.connection.execute(positions.select().where(positions.c.person_id == at.ana)).one().id
        builders.change(uow, positions, first, ends_on=today)
        successor = builders.person(uow, at.client, "admin", "NEXT", on="telegram")
        seat = {"unit_id": at.branch, "role": "technician", "rank": "primary", "starts_on": today + timedelta(days=1)}
        builders.put(uow, positions, person_id=successor, **seat)
        assert opened(uow, at).technician_id == at.ana
        uow.now += timedelta(days=1)
        assert opened(uow, at).technician_id == successor

    await database.write(work)


async def test_without_its_own_the_nearest_who_can_do_it_is_asked(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        _leave(uow, at.ana, at.ben)
        _elsewhere(uow, at, "GLASS", 1, skills=["glass"])
        _elsewhere(uow, at, "OLD", 1, located_at=uow.now - timedelta(hours=8, seconds=1))
        _elsewhere(uow, at, "AWAY", 1, status="on_leave")
        _elsewhere(uow, at, "NIGHT", 1, hours="Mon 20:00-24:00")
        _elsewhere(uow, at, "LOST", 1, latitude=None)
        far, near = _elsewhere(uow, at, "FAR", 40), _elsewhere(uow, at, "NEAR", 12)
        ticket = opened(uow, at)
        assert _offers(uow, ticket) == [(near, "nearest", "offered")]
        does(uow, near, DeclineTicket(ticket.id, "My van is broken"))
        assert _offers(uow, ticket)[1:] == [(far, "nearest", "offered")]
        does(uow, far, DeclineTicket(ticket.id, "Too far"))
        assert get_ticket_by_id(uow, ticket.id).status == "new"

    await database.write(work)


async def test_of_those_as_near_the_one_with_fewer_jobs_is_asked(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        _leave(uow, at.ana, at.ben)
        nearer, free = _elsewhere(uow, at, "NEARER", 1), _elsewhere(uow, at, "FREE", 3)
        assert opened(uow, at).technician_id == nearer
        assert opened(uow, at).technician_id == free
        assert opened(uow, at).technician_id == nearer

    await database.write(work)


async def test_another_clients_technicians_are_not_asked(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        _leave(uow, at.ana, at.ben)
        other = builders.client(uow, "OTHER")
        place = {"latitude": HERE[0], "longitude": HERE[1], "located_at": uow.now, "skills": ["cooling"]}
        builders.person(uow, builders.unit(uow, other, "BR-99"), "technician", "THEIRS", **place)
        assert opened(uow, at).status == "new"

    await database.write(work)


async def test_somebody_of_the_area_comes_after_the_nearest(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        _leave(uow, at.ana, at.ben)
        floating = builders.person(uow, at.client, "technician", "FLOAT")
        near = _elsewhere(uow, at, "NEAR", 2)
        ticket = opened(uow, at)
        does(uow, near, DeclineTicket(ticket.id, "No"))
        assert _offers(uow, ticket) == [(near, "nearest", "declined"), (floating, "area", "offered")]

    await database.write(work)


async def test_after_a_missed_target_only_the_own_of_the_branch_are_asked(
    database: Database, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at = _branch(uow)
        _leave(uow, at.ben)
        _elsewhere(uow, at, "NEAR", 1)
        return at, opened(uow, at)

    at, ticket = await database.write(work)
    clock.advance(3600)
    await climb_due(database)
    assert await database.write(lambda uow: _offers(uow, ticket)) == [(at.ana, "primary", "missed")]
    told = await database.write(lambda uow: said_to(uow, at.dispatcher)[-1][1])
    assert "Nobody is left to ask" in told.paragraphs[0].text


async def test_the_card_says_how_far_what_is_needed_and_what_else_they_have(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        _leave(uow, at.ana, at.ben)
        near = _elsewhere(uow, at, "NEAR", 3.2)
        opened(uow, at)
        opened(uow, at)
        shown = "\n".join(paragraph.text for paragraph in said_to(uow, near)[-1][1].paragraphs)
        assert "📍 3.2 km away · 🧰 cooling · 1 other job" in shown
        assert "Answer by" in shown
        seen = "\n".join(paragraph.text for paragraph in said_to(uow, at.dispatcher)[-1][1].paragraphs)
        assert "the nearest · 📍 3.2 km away · 🧰 cooling · 1 other job" in seen

    await database.write(work)


async def test_days_of_an_assignment_are_those_of_the_branch(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        builders.change(uow, units, at.branch, time_zone="Pacific/Auckland")
        uow.now = uow.now.replace(hour=22)
        _leave(uow, at.ana)
        builders.person(uow, at.client, "admin", "HELP", on="telegram")
        seat = {"unit_id": at.branch, "role": "technician", "rank": "", "starts_on": date(2026, 11, 24)}
        helper = builders.person(uow, at.client, "agent", "TOMORROW", on="telegram")
        builders.put(uow, positions, person_id=helper, **seat)
        assert opened(uow, at).technician_id == helper

    await database.write(work)


async def test_who_comes_on_duty_is_asked_before_it_climbs(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at = _branch(uow)
        builders.change(uow, persons, at.ana, hours="Mon-Fri 10:20-18:00")
        _leave(uow, at.ben)
        return at, opened(uow, at)

    at, ticket = await database.write(work)
    clock.advance(30 * 60)
    await climb_due(database)
    assert await database.write(lambda uow: (_offers(uow, ticket), templates_to(uow, at.ana))) == (
        [(at.ana, "primary", "offered")],
        ["ticket.card"],
    )
    assert "ticket.unassigned" not in await database.write(lambda uow: templates_to(uow, at.manager))


async def test_without_a_contact_of_the_branch_its_manager_is_named(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = _branch(uow)
        builders.change(uow, units, at.branch, contact_name="", contact_phone="")
        builders.change(uow, persons, at.manager, phone="+34600000009")
        opened(uow, at)
        assert "Contact: Marta · +34600000009" in said_to(uow, at.ana)[-1][1].paragraphs[0].text

    await database.write(work)
