"""Who is asked, in which order, and who hears of it when nobody answers."""

import asyncio

import pytest
from sqlalchemy import update

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.outbox.dispatching import Settlement, claim, settle
from core.people.tables import contact_methods, persons
from core.policies.climbing import list_due, list_running, take_step
from core.tickets.commands import AcceptTicket, CompleteTicket, DeclineTicket, OpenTicket, ReassignTicket
from core.tickets.queries import get_ticket_by_id, list_offers, missed_response
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests import builders
from tests.core.tickets.story import Branch, does, labels, opened, said_to, staffed_branch, templates_to

HOUR = 3600


def _story(uow: UnitOfWork) -> tuple[Branch, Ticket]:
    at = staffed_branch(uow)
    return at, opened(uow, at)


def _away(uow: UnitOfWork, person_id: int, status: str = "on_leave") -> None:
    uow.connection.execute(update(persons).where(persons.c.id == person_id).values(status=status))


async def _ticket(database: Database, ticket: Ticket) -> Ticket:
    return await database.read(lambda reader: get_ticket_by_id(reader, ticket.id))


async def _said(database: Database, person_id: int) -> list[str]:
    return await database.write(lambda uow: templates_to(uow, person_id))


def _send_all_but_to(uow: UnitOfWork, *people: int) -> None:
    lost = [one for channel in ("slack", "telegram", "whatsapp") for one in claim(uow, channel, "default", 100)]
    settle(
        uow,
        [
            Settlement(one, "permanent", code="403", reason="blocked", unreachable=True)
            if one.person_id in people
            else Settlement(one, "sent", external_id=f"m{one.id}")
            for one in lost
        ],
    )


@pytest.mark.parametrize("status", ["on_leave", "inactive"])
async def test_the_secondary_is_asked_when_the_primary_is_not_at_work(database: Database, status: str) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        _away(uow, at.ana, status)
        assert opened(uow, at).technician_id == at.ben

    await database.write(work)


async def test_with_nobody_at_work_the_dispatcher_is_told_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        _away(uow, at.ana)
        _away(uow, at.ben)
        ticket = opened(uow, at)
        assert (ticket.status, ticket.technician_id) == ("new", None)
        template, card = said_to(uow, at.dispatcher)[-1]
        assert (template, labels(card)) == ("ticket.unassigned", ["Reassign"])

    await database.write(work)


async def test_a_ticket_is_its_openers_if_a_dispatcher_opens_it_and_else_every_dispatchers(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        second = builders.person(uow, at.client, "dispatcher", "DIRK", on="slack")
        ticket = opened(uow, at, dispatcher_id=None)
        assert ticket.dispatcher_id is None
        assert templates_to(uow, at.dispatcher) == templates_to(uow, second) == ["ticket.card"]
        own = does(uow, second, OpenTicket(at.branch, ticket.subcategory_id, 1, "The door does not close"))
        assert own.dispatcher_id == second
        does(uow, at.ana, AcceptTicket(own.id))
        assert templates_to(uow, second) == ["ticket.card", "ticket.accepted"]
        assert templates_to(uow, at.dispatcher) == ["ticket.card"]

    await database.write(work)


async def test_a_climb_begun_again_since_it_was_read_is_left_alone(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    clock.advance(HOUR)
    [due] = await database.read(lambda reader: list_due(reader, clock.now(), 10))
    await database.write(lambda uow: does(uow, at.ana, DeclineTicket(ticket.id, "No time")))
    assert await database.write(lambda uow: take_step(uow, due)) is None


async def test_a_technician_without_a_chat_is_named_to_the_dispatcher(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        uow.connection.execute(contact_methods.delete().where(contact_methods.c.person_id == at.ana))
        ticket = opened(uow, at)
        assert ticket.technician_id == at.ana
        notices = [card.notice for template, card in said_to(uow, at.dispatcher) if template == "ticket.unreached"]
        assert notices == [f"⚠️ Ana cannot be reached in any chat about {ticket.number} (Store BR-01)."]

    await database.write(work)


async def test_declining_asks_the_next_at_once_and_the_dispatcher_reads_why(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        with pytest.raises(Invalid, match="Say why"):
            does(uow, at.ana, DeclineTicket(ticket.id, " "))
        after = does(uow, at.ana, DeclineTicket(ticket.id, "My van is broken"))
        assert (after.status, after.technician_id) == ("assigned", at.ben)
        assert labels(said_to(uow, at.ben)[-1][1]) == ["Accept", "Decline", "Location"]
        assert labels(said_to(uow, at.ana)[-1][1]) == []
        told = said_to(uow, at.dispatcher)[-1][1]
        assert told.notice == f"Ana declined {ticket.number} (Store BR-01): My van is broken"

        alone = does(uow, at.ben, DeclineTicket(ticket.id, "Ill"))
        assert (alone.status, alone.technician_id) == ("new", None)
        assert labels(said_to(uow, at.dispatcher)[-1][1]) == ["Reassign"]
        offers = [(offer.person_id, offer.outcome, offer.reason) for offer in list_offers(uow, ticket.id)]
        assert offers == [(at.ana, "declined", "My van is broken"), (at.ben, "declined", "Ill")]

    await database.write(work)


async def test_a_missed_target_climbs_to_the_secondary_and_never_back(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    clock.advance(HOUR / 2 - 1)
    assert await climb_due(database) == 0
    clock.advance(1)
    await climb_due(database)
    reminded = await database.write(lambda uow: said_to(uow, at.ana)[-1])
    assert (reminded[0], labels(reminded[1])) == ("ticket.answer", ["Accept", "Decline"])
    clock.advance(HOUR / 2 - 1)
    assert await climb_due(database) == 0
    clock.advance(1)
    await climb_due(database)
    second = await _ticket(database, ticket)
    assert (second.status, second.technician_id, second.first_response_at) == ("assigned", at.ben, None)
    assert second.response_due_at == clock.now() + (ticket.response_due_at - ticket.created_at)
    assert (await _said(database, at.dispatcher))[-1] == "ticket.missed"
    with pytest.raises(Conflict, match=f"{ticket.number} was offered to Ben 0 s ago."):
        await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))

    clock.advance(HOUR)
    await climb_due(database)
    third = await _ticket(database, ticket)
    assert (third.status, third.technician_id) == ("new", None)

    for person, minutes in ((at.manager, 30), (at.cluster_manager, 30), (at.owner, 30)):
        before = (await _said(database, person)).count("ticket.unassigned")
        clock.advance(minutes * 60)
        await climb_due(database)
        assert (await _said(database, person)).count("ticket.unassigned") == before + 1
    offers = await database.read(lambda reader: list_offers(reader, ticket.id))
    assert [(offer.person_id, offer.outcome) for offer in offers] == [(at.ana, "missed"), (at.ben, "missed")]


async def test_who_cannot_be_reached_is_not_waited_for(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)

    clock.advance(60)
    await database.write(lambda uow: _send_all_but_to(uow, at.ana))
    await climb_due(database)
    second = await _ticket(database, ticket)
    assert (second.status, second.technician_id) == ("assigned", at.ben)
    assert second.response_due_at == clock.now() + (ticket.response_due_at - ticket.created_at)
    told = await database.write(lambda uow: said_to(uow, at.dispatcher)[-1][1])
    assert told.notice == f"⚠️ Ana cannot be reached about {ticket.number} (CRITICAL, Store BR-01)."

    clock.advance(HOUR - 60)
    await climb_due(database)
    assert (await _ticket(database, ticket)).technician_id == at.ben


async def test_while_nobody_has_it_a_level_that_cannot_be_reached_is_passed_over(
    database: Database, clock: ManualClock
) -> None:
    at, _ = await database.write(_story)
    for _ in range(2):
        clock.advance(HOUR)
        await climb_due(database)
    clock.advance(HOUR / 2)
    await climb_due(database)
    await database.write(lambda uow: _send_all_but_to(uow, at.manager))
    assert await climb_due(database) == 0, "the dispatcher was told as well"

    clock.advance(HOUR / 2)
    await climb_due(database)
    await database.write(lambda uow: _send_all_but_to(uow, at.cluster_manager, at.dispatcher))
    assert await climb_due(database) == 1
    assert (await _said(database, at.owner)).count("ticket.unassigned") == 1


async def test_after_a_jump_of_the_clock_nobody_reads_twice_that_there_is_no_technician(
    database: Database, clock: ManualClock
) -> None:
    at, _ = await database.write(_story)
    for _ in range(2):
        clock.advance(HOUR)
        await climb_due(database)
    clock.advance(8 * HOUR)
    for _ in range(4):
        await climb_due(database)
    told = [await _said(database, person) for person in (at.dispatcher, at.manager, at.cluster_manager, at.owner)]
    assert [said.count("ticket.unassigned") for said in told] == [1, 1, 1, 1]


async def test_a_warning_that_cannot_be_given_goes_up_and_says_nothing_untrue(
    database: Database, clock: ManualClock
) -> None:
    at, ticket = await database.write(_story)
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    await database.write(_send_all_but_to)
    clock.advance(210 * 60)
    await climb_due(database)
    await database.write(lambda uow: _send_all_but_to(uow, at.ana))
    assert await climb_due(database) == 1
    told = await database.write(lambda uow: said_to(uow, at.dispatcher)[-1][1])
    assert told.notice.startswith(f"⏱ {ticket.number} is due soon")


async def test_a_dispatcher_who_cannot_be_reached_takes_no_offer_back(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)

    def blocked(uow: UnitOfWork) -> None:
        does(uow, at.ana, DeclineTicket(ticket.id, "Ill"))
        _send_all_but_to(uow, at.dispatcher)

    await database.write(blocked)
    await climb_due(database)
    after = await _ticket(database, ticket)
    assert (after.status, after.technician_id) == ("assigned", at.ben)
    assert "notification.unreached" in await database.read(builders.happened)


async def test_an_accept_ends_the_response_climb(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    clock.advance(HOUR - 60)
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    running = await database.read(lambda reader: list_running(reader, "ticket", ticket.id))
    assert [climb.purpose for climb in running] == ["resolution"]
    clock.advance(HOUR)
    await climb_due(database)
    after = await _ticket(database, ticket)
    assert (after.status, after.technician_id) == ("in_progress", at.ana)
    assert not missed_response(after, clock.now())


async def test_nobody_left_a_late_accept_is_better_than_none(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    for _ in range(2):
        clock.advance(HOUR)
        await climb_due(database)
    accepted = await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    assert (accepted.status, accepted.technician_id) == ("in_progress", at.ana)
    assert missed_response(accepted, clock.now())


async def test_the_repair_target_warns_who_does_it_and_then_goes_up(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    for minutes, told in ((210, {at.ana}), (30, {at.ana, at.dispatcher}), (60, {at.manager, at.cluster_manager})):
        people = (at.ana, at.dispatcher, at.manager, at.cluster_manager)
        before = {person: (await _said(database, person)).count("ticket.due") for person in people}
        clock.advance(minutes * 60)
        await climb_due(database)
        after = {person: (await _said(database, person)).count("ticket.due") for person in people}
        assert {person for person in people if after[person] > before[person]} == told


async def test_a_completed_repair_is_not_late_any_more(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    await database.write(lambda uow: does(uow, at.ana, CompleteTicket(ticket.id, "Mended", 5)))
    clock.advance(10 * HOUR)
    await climb_due(database)  # that nobody approves it is another matter
    for person in (at.ana, at.dispatcher, at.manager, at.cluster_manager):
        assert "ticket.due" not in await _said(database, person)


async def test_of_accept_and_missed_target_at_once_only_one_happens(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_story)
    clock.advance(HOUR)
    accepting = database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    await asyncio.gather(accepting, climb_due(database), return_exceptions=True)
    after = await _ticket(database, ticket)
    offers = await database.read(lambda reader: list_offers(reader, ticket.id))
    outcome = after.status, after.technician_id, [offer.outcome for offer in offers]
    assert outcome in (("in_progress", at.ana, ["accepted"]), ("assigned", at.ben, ["missed", "offered"]))


async def test_a_helper_from_another_branch_works_on_what_they_were_given(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        elsewhere = builders.unit(uow, at.cluster, "BR-02")
        helper = builders.person(uow, elsewhere, "technician", "HAN")
        with pytest.raises(Forbidden):
            does(uow, helper, AcceptTicket(ticket.id))
        with pytest.raises(Invalid, match="Marta is no technician here"):
            does(uow, at.dispatcher, ReassignTicket(ticket.id, at.manager))
        does(uow, at.dispatcher, ReassignTicket(ticket.id, helper))
        assert said_to(uow, at.ana)[-1][1].notice == f"Dana gave {ticket.number} (Store BR-01) to Han."
        assert does(uow, helper, AcceptTicket(ticket.id)).technician_id == helper
        with pytest.raises(Forbidden):
            does(uow, at.ana, ReassignTicket(ticket.id, at.ana))

    await database.write(work)
