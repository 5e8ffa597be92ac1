"""Changing how urgent a ticket is: the targets, the climbs and everybody's cards follow."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Invalid
from core.policies.climbing import list_running
from core.tickets.commands import AcceptTicket, ChangePriority, CompleteTicket, DeclineTicket, RejectTicket
from core.tickets.queries import get_ticket_by_id, list_offers
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests.core.tickets.story import Branch, does, opened, said_to, staffed_branch, templates_to

HOUR = timedelta(hours=1)
CRITICAL, HIGH, NORMAL, LOW = range(4)


def _normal(uow: UnitOfWork) -> tuple[Branch, Ticket]:
    at = staffed_branch(uow)
    return at, opened(uow, at, NORMAL)


def _next_steps(uow: UnitOfWork, ticket: Ticket) -> dict[str, timedelta]:
    return {one.purpose: one.due_at - uow.now for one in list_running(uow, "ticket", ticket.id) if one.due_at}


async def test_raised_it_has_its_new_minutes_from_now_on(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_normal)
    clock.advance(3 * 3600)

    def work(uow: UnitOfWork) -> None:
        done = does(uow, at.dispatcher, ChangePriority(ticket.id, CRITICAL))
        assert done.resolution_due_at == uow.now + 4 * HOUR
        assert done.response_due_at == done.response_promised_at == uow.now + HOUR
        assert [offer.due_at for offer in list_offers(uow, ticket.id)] == [uow.now + HOUR]
        assert _next_steps(uow, ticket) == {"response": HOUR / 2, "resolution": 3.5 * HOUR}
        template, said = said_to(uow, at.ana)[-1]
        assert template == "ticket.priority"
        assert said.notice == f"🔴 {ticket.number} (Store BR-01) is CRITICAL now, it was NORMAL."
        card = [one for name, one in said_to(uow, at.dispatcher) if name == "ticket.card"][-1]
        assert "CRITICAL" in card.title
        assert card.update == f"🔴 {ticket.number} is CRITICAL now, says Dana. It was NORMAL."

    await database.write(work)


async def test_raised_shortly_before_its_target_it_has_no_more_time_than_before(
    database: Database, clock: ManualClock
) -> None:
    at, ticket = await database.write(_normal)
    clock.advance((46 * HOUR).total_seconds())
    done = await database.write(lambda uow: does(uow, at.dispatcher, ChangePriority(ticket.id, HIGH)))
    assert done.resolution_due_at == ticket.resolution_due_at


async def test_lowered_it_is_as_if_it_had_been_opened_like_that(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_normal)
    clock.advance(3600)

    def work(uow: UnitOfWork) -> None:
        done = does(uow, at.dispatcher, ChangePriority(ticket.id, LOW))
        assert done.response_due_at == ticket.created_at + 48 * HOUR
        assert done.resolution_due_at == ticket.created_at + 72 * HOUR
        assert _next_steps(uow, ticket)["response"] == 46.5 * HOUR

    await database.write(work)


async def test_raised_and_lowered_again_it_has_its_first_targets_back(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_normal)
    clock.advance(3600)

    def work(uow: UnitOfWork) -> None:
        does(uow, at.dispatcher, ChangePriority(ticket.id, CRITICAL))
        back = does(uow, at.dispatcher, ChangePriority(ticket.id, NORMAL))
        assert (back.response_due_at, back.response_promised_at) == (ticket.response_due_at,) * 2
        assert back.resolution_due_at == ticket.resolution_due_at

    await database.write(work)


async def test_a_response_that_was_given_is_judged_by_the_promise_of_its_time(
    database: Database, clock: ManualClock
) -> None:
    at, ticket = await database.write(_normal)
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    clock.advance(3600)
    done = await database.write(lambda uow: does(uow, at.dispatcher, ChangePriority(ticket.id, CRITICAL)))
    assert done.response_promised_at == ticket.response_promised_at


async def test_rework_moves_as_well(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_normal)

    def sent_back(uow: UnitOfWork) -> None:
        for who, command in (
            (at.ana, AcceptTicket(ticket.id)), (at.ana, CompleteTicket(ticket.id, "Mended", 10)),
            (at.manager, RejectTicket(ticket.id, "Still warm")),
        ):  # fmt: skip
            does(uow, who, command)

    await database.write(sent_back)
    clock.advance(3600)
    done = await database.write(lambda uow: does(uow, at.dispatcher, ChangePriority(ticket.id, CRITICAL)))
    assert done.rework_due_at == clock.now() + 2 * HOUR


async def test_while_nobody_has_it_the_levels_that_know_are_not_told_again(
    database: Database, clock: ManualClock
) -> None:
    def alone(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at, ticket = _normal(uow)
        does(uow, at.ana, DeclineTicket(ticket.id, "Ill"))
        does(uow, at.ben, DeclineTicket(ticket.id, "Ill"))
        return at, ticket

    at, ticket = await database.write(alone)
    clock.advance(12 * 3600)
    await climb_due(database)
    await database.write(lambda uow: does(uow, at.dispatcher, ChangePriority(ticket.id, CRITICAL)))
    clock.advance(1800)
    await climb_due(database)

    def told(uow: UnitOfWork) -> list[int]:
        return [templates_to(uow, who).count("ticket.unassigned") for who in (at.manager, at.cluster_manager, at.owner)]

    assert await database.write(told) == [1, 1, 0]


async def test_the_same_priority_and_none_at_all_are_refused(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _normal(uow)
        with pytest.raises(Conflict, match=f"{ticket.number} is NORMAL already."):
            does(uow, at.dispatcher, ChangePriority(ticket.id, NORMAL))
        with pytest.raises(Invalid, match="critical, high, normal or low"):
            does(uow, at.dispatcher, ChangePriority(ticket.id, 7))
        assert get_ticket_by_id(uow, ticket.id).priority == NORMAL

    await database.write(work)
