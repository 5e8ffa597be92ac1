"""The policy of a client's tickets: changed in versions, kept by each ticket, tried on last week."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Forbidden, Invalid
from core.policies.climbing import list_running
from core.policies.policy import SHARE, TARGET, Policy, PolicyStep
from core.tickets.client_commands import RestoreTicketPolicy, SetTicketPolicy
from core.tickets.commands import AcceptTicket, ChangePriority, CompleteTicket, DeclineTicket
from core.tickets.policies import CODE, HOUSE, STEPS, current
from core.tickets.policy_dry_run import try_policy
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests.core.tickets.story import Branch, does, opened, staffed_branch, templates_to

OURS = (
    PolicyStep("answer", -45, ("assignee",), TARGET),
    PolicyStep("alone", 40, ("person:OLGA",)),
    PolicyStep("alone", 100, ("store_manager",), SHARE),
    PolicyStep("resolution", 0, ("owner",), TARGET, every=60, times=1),
    PolicyStep("approval", 30, ("owner",)),
)


def _set(uow: UnitOfWork, at: Branch) -> Policy:
    policy: Policy = does(uow, at.dispatcher, SetTicketPolicy(at.client, "Tickets", OURS, CODE))
    return policy


def _steps(uow: UnitOfWork, ticket_id: int, purpose: str) -> list[tuple[float, tuple[str, ...], str]]:
    (climb,) = [one for one in list_running(uow, "ticket", ticket_id) if one.purpose == purpose]
    return [(step.after_minutes, step.tell, step.act) for step in climb.steps]


async def test_a_ticket_climbs_by_the_policy_it_was_opened_with(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        _set(uow, at)
        ticket = opened(uow, at)  # critical: 60 minutes to answer, 240 to repair
        assert does(uow, at.owner, RestoreTicketPolicy(at.client, CODE, 0)).steps == STEPS
        assert _steps(uow, ticket.id, "response") == [(15, ("assignee",), "answer"), (60, ("dispatcher",), "miss")]
        repair = [(240, ("owner",), "late"), (300, ("owner",), "late")]
        assert _steps(uow, ticket.id, "resolution") == repair
        for technician in (at.ana, at.ben):
            does(uow, technician, DeclineTicket(ticket.id, "no"))
        alone = [(40, ("person:OLGA",), "alone"), (60, ("store_manager",), "alone")]
        assert _steps(uow, ticket.id, "response") == alone

    await database.write(work)


async def test_who_was_told_that_nobody_has_it_is_not_told_again_when_it_gets_more_urgent(
    database: Database, clock: ManualClock
) -> None:
    def begin(uow: UnitOfWork) -> tuple[Branch, int]:
        at = staffed_branch(uow)
        _set(uow, at)
        ticket = opened(uow, at, 1)
        for technician in (at.ana, at.ben):
            does(uow, technician, DeclineTicket(ticket.id, "no"))
        return at, ticket.id

    at, ticket_id = await database.write(begin)
    clock.advance(41 * 60)
    await climb_due(database)

    def then(uow: UnitOfWork) -> None:
        assert "ticket.unassigned" in templates_to(uow, at.owner)
        does(uow, at.dispatcher, ChangePriority(ticket_id, 0))
        assert _steps(uow, ticket_id, "response") == [(20, ("store_manager",), "alone")]

    await database.write(then)


async def test_a_technician_who_is_reminded_early_is_not_taken_for_unreachable(
    database: Database, clock: ManualClock
) -> None:
    def begin(uow: UnitOfWork) -> tuple[Branch, int]:
        at = staffed_branch(uow)
        _set(uow, at)
        return at, opened(uow, at).id

    at, ticket_id = await database.write(begin)
    clock.advance(16 * 60)
    await climb_due(database)

    def then(uow: UnitOfWork) -> None:
        assert "ticket.answer" in templates_to(uow, at.ana)
        does(uow, at.ana, AcceptTicket(ticket_id))
        does(uow, at.ana, CompleteTicket(ticket_id, "Done", 30))
        assert _steps(uow, ticket_id, "approval") == [(30, ("owner",), "silent")]

    await database.write(then)


async def test_who_directs_tickets_changes_it_and_nobody_else(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        with pytest.raises(Forbidden, match="dispatcher"):
            does(uow, at.cluster_manager, SetTicketPolicy(at.client, "Tickets", OURS, CODE))
        with pytest.raises(Invalid, match="change that"):
            does(uow, at.dispatcher, SetTicketPolicy(at.client, "Another", OURS))
        assert current(uow, at.client) == HOUSE[CODE]
        assert _set(uow, at).number == current(uow, at.client).number == 1

    await database.write(work)


async def test_a_dry_run_follows_each_ticket_to_its_end(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket, began = opened(uow, at), uow.now
        other = opened(uow, at, 3)
        for minutes, person, command in (
            (10, at.ana, DeclineTicket(ticket.id, "no")),
            (12, at.ben, DeclineTicket(ticket.id, "no")),
            (57, at.ana, AcceptTicket(ticket.id)),  # alone for 45 minutes
            (250, at.ana, CompleteTicket(ticket.id, "Done", 30)),  # ten minutes late, and waits for its approval
        ):
            uow.now = began + timedelta(minutes=minutes)
            does(uow, person, command)
        uow.now = began + timedelta(minutes=290)
        run = try_policy(uow, at.client, Policy(CODE, "Tickets", OURS), uow.now)
        found = {one.reference: [each.words for each in one.differences] for one in run.different}
        assert found == {
            ticket.number: [
                "the dispatcher not any more", "the dispatcher not any more", "the store manager not any more",
                "who has it not any more", "who has it not any more", "OLGA also", "the owner also", "the owner also",
            ]
        }  # fmt: skip
        assert (run.looked_at, other.number in found) == (2, False)
        assert try_policy(uow, at.client, HOUSE[CODE], uow.now).different == ()

    await database.write(work)
