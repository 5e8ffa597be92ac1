"""What goes wrong in systems of this kind, each by its name: here it cannot."""

from decimal import Decimal

import pytest
from sqlalchemy import BigInteger, Float, Numeric, delete, update

from core.clock import ManualClock
from core.database import Database
from core.errors import Invalid
from core.media.tables import media
from core.people.tables import persons
from core.policies.tables import climbs
from core.tickets.commands import (
    AcceptTicket,
    ApproveTicket,
    CompleteTicket,
    Photo,
    ReassignTicket,
    RejectTicket,
)
from core.tickets.costs import Part
from core.tickets.queries import find_completion, get_ticket_by_id, list_offers, missed_response, target_of
from core.tickets.rows import Ticket
from core.tickets.tables import completions, ticket_offers, tickets
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests import builders
from tests.core.tickets.story import Branch, does, opened, staffed_branch, templates_to

HOUR = 3600


def _story(uow: UnitOfWork) -> tuple[Branch, Ticket]:
    """A critical ticket, offered to Ana: answer within an hour, repair within four."""
    at = staffed_branch(uow)
    return at, opened(uow, at)


async def _ticket(database: Database, ticket: Ticket) -> Ticket:
    return await database.read(lambda reader: get_ticket_by_id(reader, ticket.id))


async def _told(database: Database, person: int) -> list[str]:
    return await database.write(lambda uow: templates_to(uow, person))


async def test_assigning_is_not_counted_as_the_first_response(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    clock.advance(2 * HOUR)

    def work(uow: UnitOfWork) -> None:
        assert ticket.technician_id == at.ana
        assert get_ticket_by_id(uow, ticket.id).first_response_at is None
        moved = does(uow, at.dispatcher, ReassignTicket(ticket.id, at.ben))
        assert moved.first_response_at is None
        done = does(uow, at.ben, AcceptTicket(ticket.id))
        assert done.first_response_at == uow.now
        assert missed_response(done, uow.now)  # two hours after the opening, whoever it was offered to meanwhile

    await database.write(work)


async def test_a_ticket_that_nobody_has_climbs(database: Database, clock: ManualClock) -> None:
    def alone(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at = staffed_branch(uow)
        uow.connection.execute(update(persons).where(persons.c.id.in_([at.ana, at.ben])).values(status="on_leave"))
        return at, opened(uow, at)

    at, ticket = await database.write(alone)
    assert ticket.status == "new"
    for person in (at.manager, at.cluster_manager, at.owner):
        before = (await _told(database, person)).count("ticket.unassigned")
        clock.advance(HOUR / 2)
        await climb_due(database)
        assert (await _told(database, person)).count("ticket.unassigned") == before + 1


async def test_the_resolution_minutes_are_not_only_stored_but_watched(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    clock.advance(4 * HOUR)
    await climb_due(database)
    assert "ticket.due" in await _told(database, at.ana)
    assert "ticket.due" in await _told(database, at.dispatcher)
    clock.advance(HOUR)
    await climb_due(database)
    assert "ticket.due" in await _told(database, at.cluster_manager)


async def test_the_secondary_is_asked_once_however_often_the_sweep_runs(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    for _ in range(40):
        clock.advance(HOUR / 4)
        await climb_due(database)
        await climb_due(database)
    offers = await database.read(lambda reader: list_offers(reader, ticket.id))
    assert [(offer.person_id, offer.outcome) for offer in offers] == [(at.ana, "missed"), (at.ben, "missed")]


async def test_a_secondary_on_leave_is_not_asked_at_all(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)

    def leave(uow: UnitOfWork) -> None:
        uow.connection.execute(update(persons).where(persons.c.id == at.ben).values(status="on_leave"))

    await database.write(leave)
    clock.advance(HOUR)
    await climb_due(database)
    assert (await _ticket(database, ticket)).status == "new"
    assert templates_of_offers(await _told(database, at.ben)) == []
    assert (await _told(database, at.dispatcher))[-1] == "ticket.missed"


def templates_of_offers(told: list[str]) -> list[str]:
    return [template for template in told if template == "ticket.card"]


async def test_a_branch_has_no_two_primaries_whoever_writes_to_the_database(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        builders.person(uow, at.branch, "technician", "CID", rank="primary")

    with pytest.raises(Exception, match="one_primary_technician"):
        await database.write(work)


async def test_numbers_are_not_the_count_plus_one(database: Database) -> None:
    """A row that is gone takes no number back, and makes no number twice."""

    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        gone, last = opened(uow, at), opened(uow, at)
        uow.connection.execute(delete(climbs))
        uow.connection.execute(delete(ticket_offers).where(ticket_offers.c.ticket_id == gone.id))
        uow.connection.execute(delete(tickets).where(tickets.c.id == gone.id))
        assert last.number == "TKT-202611-00002"
        assert opened(uow, at).number == "TKT-202611-00003"

    await database.write(work)


async def test_a_rejected_completion_leads_back_to_work_and_to_a_second_decision(
    database: Database, clock: ManualClock
) -> None:
    def rejected(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at, ticket = _story(uow)
        does(uow, at.ana, AcceptTicket(ticket.id))
        does(uow, at.ana, CompleteTicket(ticket.id, "Mended", 30))
        return at, does(uow, at.manager, RejectTicket(ticket.id, "Still 9 degrees"))

    at, ticket = await database.write(rejected)
    assert (ticket.status, target_of(ticket)) == ("in_progress", ticket.rework_due_at)
    assert "ticket.rejected" in await _told(database, at.ana)
    clock.advance(2 * HOUR)
    await climb_due(database)
    assert "ticket.due" in await _told(database, at.ana)  # the rework has a target that is watched

    def again(uow: UnitOfWork) -> Ticket:
        does(uow, at.ana, CompleteTicket(ticket.id, "New fan", 20))
        closed: Ticket = does(uow, at.manager, ApproveTicket(ticket.id))
        return closed

    assert (await database.write(again)).status == "closed"


@pytest.mark.parametrize(
    "part",
    [Part("", Decimal(1), 1), Part("Fan", Decimal(0), 1), Part("Fan", Decimal(1), -1), Part("Fan", Decimal("NaN"), 1)],
)
async def test_parts_are_checked(database: Database, part: Part) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        does(uow, at.ana, AcceptTicket(ticket.id))
        does(uow, at.ana, CompleteTicket(ticket.id, "Mended", 30, (part,)))

    with pytest.raises(Invalid):
        await database.write(work)


@pytest.mark.parametrize("wrong", ["kind", "client"])
async def test_photos_are_checked(database: Database, wrong: str) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        owner = builders.client(uow, "OTHER") if wrong == "client" else at.client
        photo = builders.put(
            uow, media, client_id=owner, channel="telegram", account="default", file_id="f1", kind="photo",
            state="pending", attempts=0, next_attempt_at=uow.now, created_at=uow.now,
        )  # fmt: skip
        does(uow, at.ana, AcceptTicket(ticket.id))
        taken = (Photo(photo, "selfie" if wrong == "kind" else "work"),)
        does(uow, at.ana, CompleteTicket(ticket.id, "Mended", 30, photos=taken))

    with pytest.raises(Invalid):
        await database.write(work)


async def test_costs_are_whole_numbers_of_the_smallest_coin_from_end_to_end(database: Database) -> None:
    amounts = ("labour_rate", "parts_cost", "labour_cost", "total_cost")
    assert all(isinstance(completions.c[name].type, BigInteger) for name in amounts)
    assert not any(isinstance(column.type, Numeric | Float) for column in completions.c)

    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        does(uow, at.ana, AcceptTicket(ticket.id))
        parts = (
            Part("Screw", Decimal(3), 10),
            Part("Pipe", Decimal("0.1"), 2),
        )  # 0.1 + 0.2 is 0.30000000000000004 in floats
        does(uow, at.ana, CompleteTicket(ticket.id, "Mended", 20, parts, 100))
        found = find_completion(uow, ticket.id)
        assert found is not None
        assert (found.parts_cost, found.labour_cost, found.total_cost) == (30, 33, 63)

    await database.write(work)
