"""The same fault twice at one branch, and at many branches of one area at once."""

import asyncio
from dataclasses import replace

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Invalid
from core.executor import execute
from core.people.queries import get_unit
from core.tickets.alike import find_open_alike, list_children
from core.tickets.commands import (
    AcceptTicket,
    AddReport,
    CancelTicket,
    ChangePriority,
    OpenTicket,
    ReassignTicket,
    SetTicketRules,
)
from core.tickets.queries import get_ticket_by_id
from core.tickets.rows import Ticket
from core.tickets.rules import ticket_rules
from core.tickets.subcategories import get_subcategory_by_words
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, labels, opened, said_to, staffed_branch, templates_to

MINUTE = 60


def area(uow: UnitOfWork, branches: int) -> tuple[Branch, list[Branch]]:
    """So many branches of one cluster, each with its own primary technician T1, T2, ..."""
    at = staffed_branch(uow)
    made = []
    for number in range(1, branches + 1):
        branch = builders.unit(uow, at.cluster, f"AR-{number:02d}")
        technician = builders.person(uow, branch, "technician", f"T{number}", rank="primary")
        manager = builders.person(uow, branch, "store_manager", f"M{number}", on="whatsapp")
        made.append(replace(at, branch=branch, ana=technician, manager=manager))
    return at, made


def find(uow: UnitOfWork, at: Branch, words: str = "leaking") -> Ticket | None:
    return find_open_alike(uow, get_unit(uow, at.branch), get_subcategory_by_words(uow, at.client, words).id)


# twice at one branch


async def test_a_second_report_finds_the_open_ticket_of_the_same_fault(database: Database, clock: ManualClock) -> None:
    at = await database.write(staffed_branch)
    first = await database.write(lambda uow: opened(uow, at))

    def within(uow: UnitOfWork) -> None:
        found = find(uow, at)
        assert found is not None
        assert found.id == first.id
        assert find(uow, at, "noise") is None
        elsewhere = replace(at, branch=builders.unit(uow, at.cluster, "BR-02"))
        assert find(uow, elsewhere) is None

    clock.advance(59 * MINUTE)
    await database.write(within)
    clock.advance(2 * MINUTE)
    assert await database.write(lambda uow: find(uow, at)) is None


async def test_what_is_over_is_no_duplicate_and_neither_where_the_client_wants_none(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        first = opened(uow, at)
        execute(SetTicketRules(at.client, duplicate_minutes=0), uow)
        assert find(uow, at) is None
        execute(SetTicketRules(at.client, duplicate_minutes=10), uow)
        assert find(uow, at) is not None
        does(uow, at.dispatcher, CancelTicket(first.id, "Sold"))
        assert find(uow, at) is None

    await database.write(work)


async def test_a_report_reaches_who_works_on_it_and_says_how_urgent_it_is_there(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket = opened(uow, at, priority=2)
        same = does(uow, at.manager, AddReport(ticket.id, "Now it drips on the <electrics>", 0))
        assert (same.id, same.priority) == (ticket.id, 2)
        template, to_ana = said_to(uow, at.ana)[-1]
        assert (template, labels(to_ana)) == ("ticket.report", [])
        assert "Now it drips on the <electrics>" in to_ana.notice
        to_dana = said_to(uow, at.dispatcher)[-1][1]
        assert [button.command for button in to_dana.buttons] == [f"priority {ticket.number} critical"]
        does(uow, at.dispatcher, AddReport(ticket.id, "The manager called"))
        assert templates_to(uow, at.dispatcher).count("ticket.report") == 1  # one does not write to oneself
        with pytest.raises(Invalid, match="What is the matter"):
            does(uow, at.manager, AddReport(ticket.id, "  "))

    await database.write(work)


async def test_two_who_report_the_same_at_the_same_moment_find_each_other(database: Database) -> None:
    at = await database.write(staffed_branch)

    def report(uow: UnitOfWork) -> bool:
        """Whether there was nothing to add it to."""
        found = find(uow, at)
        if found is None:
            opened(uow, at)
        return found is None

    assert sum(await asyncio.gather(*(database.write(report) for _ in range(12)))) == 1


# many branches at once


async def test_three_branches_of_a_cluster_become_one_story_for_the_dispatcher(
    database: Database, clock: ManualClock
) -> None:
    at, branches = await database.write(lambda uow: area(uow, 5))
    found = []
    for branch in branches:
        found.append(await database.write(lambda uow, branch=branch: opened(uow, branch).id))  # type: ignore[misc]
        clock.advance(5 * MINUTE)

    def look(uow: UnitOfWork) -> None:
        first, *others = [get_ticket_by_id(uow, number) for number in found]
        assert first.parent_id is None
        assert {ticket.parent_id for ticket in others} == {first.id}
        assert [child.number for child in list_children(uow, first.id)] == [ticket.number for ticket in others]
        told = [template for template, _ in said_to(uow, at.dispatcher) if template != "ticket.area"]
        assert told.count("ticket.card") >= 2  # the first two, which were single then; and as they changed
        new_ones = uow.connection.exec_driver_sql(
            "SELECT count(*) FROM deliveries d JOIN notifications n ON n.id = d.notification_id"
            f" WHERE n.template = 'ticket.area' AND d.kind = 'message' AND d.person_id = {at.dispatcher}"
        ).scalar_one()
        assert new_ones == 1
        card = [card for template, card in said_to(uow, at.dispatcher) if template == "ticket.area"][-1]
        assert card.title == "🗺 5 branches at once: Leaking Water · Store NORTH"
        assert all(ticket.number in card.paragraphs[0].text for ticket in (first, *others))
        assert labels(card) == ["Reassign", "Priority", "Cancel"]
        assert [get_ticket_by_id(uow, number).technician_id for number in found] == [one.ana for one in branches]

    await database.write(look)


@pytest.mark.parametrize("why", ["two branches", "two faults", "too slowly", "one branch", "not wanted"])
async def test_what_has_no_common_cause_stays_single(database: Database, clock: ManualClock, why: str) -> None:
    at, branches = await database.write(lambda uow: area(uow, 3))
    if why == "not wanted":
        await database.write(lambda uow: execute(SetTicketRules(at.client, area_minutes=0), uow))

    def open_one(uow: UnitOfWork, number: int) -> int | None:
        place = branches[0] if why == "one branch" else branches[number]
        noise = get_subcategory_by_words(uow, at.client, "noise").id
        if why == "two faults" and number == 2:
            builders.acting(uow, at.dispatcher)
            hums: Ticket = execute(OpenTicket(place.branch, noise, 1, "It hums"), uow)
            return hums.parent_id
        return opened(uow, place).parent_id

    for number in range(2 if why == "two branches" else 3):
        assert await database.write(lambda uow, number=number: open_one(uow, number)) is None  # type: ignore[misc]
        clock.advance(20 * MINUTE if why == "too slowly" else MINUTE)


async def test_at_once_on_many_connections_it_is_still_one_group(database: Database) -> None:
    _, branches = await database.write(lambda uow: area(uow, 12))
    tickets = await asyncio.gather(*(database.write(lambda uow, at=at: opened(uow, at)) for at in branches))  # type: ignore[misc]
    first = min(tickets, key=lambda ticket: ticket.number)

    def parents(uow: UnitOfWork) -> set[int | None]:
        return {get_ticket_by_id(uow, ticket.id).parent_id for ticket in tickets if ticket.id != first.id}

    assert await database.write(parents) == {first.id}


def _group(uow: UnitOfWork) -> tuple[Branch, list[Branch], list[int]]:
    """Four: the first is the parent, and the technician of the second is on it already."""
    at, branches = area(uow, 4)
    found = [opened(uow, branch).id for branch in branches]
    does(uow, branches[1].ana, AcceptTicket(found[1]))
    return at, branches, found


async def test_what_nobody_has_begun_follows_to_another_technician(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, branches, found = _group(uow)
        does(uow, at.dispatcher, ReassignTicket(found[0], at.ben))
        after = [get_ticket_by_id(uow, number) for number in found]
        assert [ticket.technician_id for ticket in after] == [at.ben, branches[1].ana, at.ben, at.ben]
        assert [ticket.status for ticket in after] == ["assigned", "in_progress", "assigned", "assigned"]
        does(uow, at.dispatcher, ReassignTicket(found[2], branches[2].ana))  # a child on its own
        assert get_ticket_by_id(uow, found[3]).technician_id == at.ben

    await database.write(work)


async def test_a_false_alarm_is_called_off_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, _, found = _group(uow)
        does(uow, at.dispatcher, CancelTicket(found[0], "The power is back"))
        after = [get_ticket_by_id(uow, number) for number in found]
        assert [ticket.status for ticket in after] == ["cancelled", "in_progress", "cancelled", "cancelled"]
        assert {ticket.cancel_reason for ticket in after if ticket.status == "cancelled"} == {"The power is back"}

    await database.write(work)


async def test_all_that_is_not_repaired_becomes_as_urgent(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, _, found = _group(uow)
        does(uow, at.dispatcher, ChangePriority(found[0], 2))
        assert [get_ticket_by_id(uow, number).priority for number in found] == [2, 2, 2, 2]

    await database.write(work)


async def test_the_rules_are_kept_for_the_client_and_only_sensible_ones(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        assert ticket_rules(uow, at.client).repeat_days == 30
        rules = execute(SetTicketRules(at.client, area_branches=5), uow)
        assert rules == replace(ticket_rules(uow, at.client), area_branches=5)
        assert execute(SetTicketRules(at.client, repeat_days=7), uow).area_branches == 5
        with pytest.raises(Invalid) as refused:
            execute(SetTicketRules(at.client, area_branches=1), uow)
        assert refused.value.field == "areaBranches"

    await database.write(work)
