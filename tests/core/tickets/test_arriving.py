"""On the way and there: where the technician is, only while it is anybody's business, and when they will come."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.people.queries import get_person
from core.people.tables import units
from core.tickets.arriving import forget_places
from core.tickets.commands import (
    AcceptTicket,
    ArriveTicket,
    AskArrival,
    CompleteTicket,
    PromiseArrival,
    ReassignTicket,
    RecordLocation,
)
from core.tickets.queries import get_ticket_by_id
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, opened, said_to, staffed_branch, templates_to

STORE = (40.4168, -3.7038)
NEAR, FAR = (40.4170, -3.7040), (40.4568, -3.7038)  # 28 m and 4.4 km


def _accepted(uow: UnitOfWork) -> tuple[Branch, int]:
    at = staffed_branch(uow)
    builders.change(uow, units, at.branch, latitude=STORE[0], longitude=STORE[1])
    ticket = opened(uow, at).id
    does(uow, at.ana, AcceptTicket(ticket))
    return at, ticket


async def test_a_location_is_kept_for_the_technician_and_the_ticket_in_progress(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _accepted(uow)
        [located] = does(uow, at.ana, RecordLocation(*FAR))
        person = get_person(uow, at.ana)
        assert (located.id, person.latitude, located.longitude, located.located_at) == (ticket, FAR[0], FAR[1], uow.now)

    await database.write(work)


@pytest.mark.parametrize(
    "before",
    [
        opened,
        lambda uow, at: does(
            uow, at.ana, CompleteTicket(does(uow, at.ana, AcceptTicket(opened(uow, at).id)).id, "Done", 1)
        ),
    ],
    ids=["before the accept", "after the completion"],
)
async def test_outside_of_a_job_nobody_is_located(
    database: Database, before: Callable[[UnitOfWork, Branch], object]
) -> None:
    def work(uow: UnitOfWork) -> int:
        at = staffed_branch(uow)
        before(uow, at)
        return at.ana

    ana = await database.write(work)
    with pytest.raises(Conflict, match="only taken between Accept and Complete"):
        await database.write(lambda uow: does(uow, ana, RecordLocation(*NEAR)))
    assert (await database.read(lambda reader: get_person(reader, ana))).latitude is None


async def test_only_a_dispatcher_says_where_somebody_else_is(database: Database) -> None:
    at, _ = await database.write(_accepted)
    with pytest.raises(Forbidden, match="You may not do that"):
        await database.write(lambda uow: does(uow, at.ben, RecordLocation(*NEAR, person_id=at.ana)))
    await database.write(lambda uow: does(uow, at.dispatcher, RecordLocation(*NEAR, person_id=at.ben)))
    with pytest.raises(Invalid, match="no place on Earth"):
        await database.write(lambda uow: does(uow, at.ana, RecordLocation(90.5, 0)))


async def test_an_arrival_says_how_far_from_the_branch(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _accepted(uow)
        done = does(uow, at.ana, ArriveTicket(ticket, *FAR))
        assert done.arrival_distance == pytest.approx(4448, abs=5)
        template, card = said_to(uow, at.dispatcher)[-1]
        assert template == "ticket.arrived"
        assert "4.4 km from the branch" in card.paragraphs[0].text
        assert "not close by" in card.paragraphs[0].text

    await database.write(work)


@pytest.mark.parametrize(("minutes", "known"), [(14, True), (16, False)])
async def test_an_arrival_uses_the_last_place_only_while_it_is_fresh(
    database: Database, clock: ManualClock, minutes: int, known: bool
) -> None:
    def shared(uow: UnitOfWork) -> tuple[Branch, int]:
        at, ticket = _accepted(uow)
        does(uow, at.ana, RecordLocation(*NEAR))
        return at, ticket

    at, ticket = await database.write(shared)
    clock.advance(minutes * 60)
    done = await database.write(lambda uow: does(uow, at.ana, ArriveTicket(ticket)))
    assert (done.arrival_distance is not None) == known


async def test_the_store_asks_and_the_next_location_answers(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _accepted(uow)
        for _ in range(2):  # the technician is asked once in ten minutes
            does(uow, at.manager, AskArrival(ticket))
        assert templates_to(uow, at.ana).count("ticket.eta_asked") == 1
        assert "ticket.eta" not in templates_to(uow, at.manager)
        does(uow, at.ana, RecordLocation(*FAR))
        template, card = said_to(uow, at.manager)[-1]
        assert template == "ticket.eta"
        assert "about 09:15" in card.paragraphs[0].text  # 4.4 km by road
        assert "4.4 km away" in card.paragraphs[0].text
        does(uow, at.ana, RecordLocation(*NEAR))
        assert templates_to(uow, at.manager).count("ticket.eta") == 1  # who has heard it is not told again

    await database.write(work)


async def test_the_technician_says_in_how_many_minutes(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _accepted(uow)
        does(uow, at.ana, PromiseArrival(ticket, 25))
        template, card = said_to(uow, at.manager)[-1]
        assert template == "ticket.eta"
        assert "at 09:25" in card.paragraphs[0].text
        asked = len(templates_to(uow, at.ana))
        does(uow, at.manager, AskArrival(ticket))
        assert len(templates_to(uow, at.ana)) == asked  # it is known
        with pytest.raises(Conflict, match="Ana accepted"):
            does(uow, at.ben, PromiseArrival(ticket, 5))
        with pytest.raises(Invalid, match="how many minutes"):
            does(uow, at.ana, PromiseArrival(ticket, 0))

    await database.write(work)


async def test_the_next_technician_begins_without_the_places_of_the_one_before(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _accepted(uow)
        does(uow, at.ana, ArriveTicket(ticket, *NEAR))
        done = does(uow, at.dispatcher, ReassignTicket(ticket, at.ben))
        assert (done.latitude, done.located_at, done.arrival_distance, done.expected_at) == (None, None, None, None)

    await database.write(work)


async def test_places_are_forgotten_after_the_time_that_was_set(database: Database, clock: ManualClock) -> None:
    def shared(uow: UnitOfWork) -> tuple[Branch, int]:
        at, ticket = _accepted(uow)
        does(uow, at.ana, ArriveTicket(ticket, *NEAR))
        return at, ticket

    at, ticket = await database.write(shared)
    clock.advance(7 * 86400)
    assert await database.write(lambda uow: forget_places(uow, uow.now - timedelta(days=7))) == 0
    clock.advance(1)
    assert await database.write(lambda uow: forget_places(uow, uow.now - timedelta(days=7))) == 2
    person = await database.read(lambda reader: get_person(reader, at.ana))
    kept = await database.read(lambda reader: get_ticket_by_id(reader, ticket))
    assert (person.latitude, person.located_at, kept.latitude, kept.located_at) == (None, None, None, None)
    assert kept.arrival_distance is not None  # that they came is no place
