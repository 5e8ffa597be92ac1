"""A repair from the first offer to the approval, as the people in it see it."""

from decimal import Decimal

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.media.tables import media
from core.outbox.tables import deliveries
from core.tickets.commands import (
    AcceptTicket,
    AddPhoto,
    ApproveTicket,
    ArriveTicket,
    CancelTicket,
    CompleteTicket,
    Photo,
    RejectTicket,
)
from core.tickets.costs import Part
from core.tickets.queries import find_completion, get_ticket_by_id
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, labels, opened, said_to, staffed_branch, templates_to

PARTS = (Part("Door seal", Decimal(2), 1250), Part("Pipe", Decimal("1.5"), 333))


def _story(uow: UnitOfWork) -> tuple[Branch, Ticket]:
    at = staffed_branch(uow)
    return at, opened(uow, at)


def _completed(uow: UnitOfWork) -> tuple[Branch, Ticket]:
    at, ticket = _story(uow)
    does(uow, at.ana, AcceptTicket(ticket.id))
    does(uow, at.ana, CompleteTicket(ticket.id, "New seal", 50, PARTS, 4000))
    return at, get_ticket_by_id(uow, ticket.id)


async def test_the_primary_technician_is_offered_it_and_assignment_is_no_response(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        assert (ticket.status, ticket.technician_id, ticket.first_response_at) == ("assigned", at.ana, None)
        [(template, card)] = said_to(uow, at.ana)
        assert template == "ticket.card"
        assert labels(card) == ["Accept", "Decline", "Location"]
        assert "Eva · +34600000001" in "".join(paragraph.text for paragraph in card.paragraphs)
        assert templates_to(uow, at.ben) == []
        assert templates_to(uow, at.manager) == []
        assert labels(said_to(uow, at.dispatcher)[0][1]) == ["Reassign", "Priority", "Cancel"]

    await database.write(work)


async def test_accepting_responds_and_tells_the_dispatcher_and_the_manager_by_name(
    database: Database, clock: ManualClock
) -> None:
    def accept(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at, ticket = _story(uow)
        done = does(uow, at.ana, AcceptTicket(ticket.id))
        assert (done.status, done.first_response_at) == ("in_progress", uow.now)
        for person in (at.dispatcher, at.manager):
            template, card = said_to(uow, person)[-1]
            assert template == "ticket.accepted"
            assert card.notice.startswith(f"👍 Ana accepted {ticket.number}")
        return at, ticket

    at, ticket = await database.write(accept)
    clock.advance(180)
    with pytest.raises(Conflict, match=f"You accepted {ticket.number} 3 min ago."):
        await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    with pytest.raises(Conflict, match=f"Ana accepted {ticket.number} 3 min ago."):
        await database.write(lambda uow: does(uow, at.ben, ArriveTicket(ticket.id)))


async def test_completing_costs_exactly_and_asks_the_store_manager(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        photo = builders.put(
            uow, media, client_id=at.client, channel="telegram", account="default", file_id="f1", kind="photo",
            state="pending", attempts=0, next_attempt_at=uow.now, created_at=uow.now,
        )  # fmt: skip
        does(uow, at.ana, AcceptTicket(ticket.id))
        does(uow, at.ana, ArriveTicket(ticket.id, 40.4, -3.7))
        does(uow, at.ana, AddPhoto(ticket.id, Photo(photo, "before")))
        does(uow, at.ana, AddPhoto(ticket.id, Photo(photo, "before")))
        done = does(uow, at.ana, CompleteTicket(ticket.id, "New seal", 50, PARTS, 4000))
        completion = find_completion(uow, ticket.id)
        assert completion is not None
        assert (done.status, completion.currency) == ("completed", "EUR")
        assert (completion.parts_cost, completion.labour_cost) == (2 * 1250 + 500, 3333)
        assert completion.total_cost == 6333
        template, card = said_to(uow, at.manager)[-1]
        assert (template, labels(card)) == ("ticket.card", ["Approve", "Reject"])
        text = "\n".join(paragraph.text for paragraph in card.paragraphs)
        assert "2 × Door seal à €12.50 = €25.00" in text
        assert "1.5 × Pipe à €3.33 = €5.00" in text
        assert "Total: €63.33 · 📷 1" in text
        photos = deliveries.select().where(deliveries.c.kind == "photo", deliveries.c.person_id == at.manager)
        assert [row.media_id for row in uow.connection.execute(photos)] == [photo]

    await database.write(work)


async def test_approving_closes_and_every_copy_says_so(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_completed)

    def approve(uow: UnitOfWork) -> None:
        done = does(uow, at.manager, ApproveTicket(ticket.id))
        assert done.status == "closed"
        for person in (at.ana, at.manager, at.dispatcher):
            cards = [card for template, card in said_to(uow, person) if template == "ticket.card"]
            assert labels(cards[-1]) == []
            assert cards[-1].update == f"✅ {ticket.number} is approved by Marta and closed."

    await database.write(approve)
    clock.advance(7200)
    with pytest.raises(Conflict, match=f"You approved and closed {ticket.number} 2 h ago."):
        await database.write(lambda uow: does(uow, at.manager, ApproveTicket(ticket.id)))


async def test_rejecting_needs_a_reason_and_sends_the_technician_back(database: Database) -> None:
    at, ticket = await database.write(_completed)
    with pytest.raises(Invalid, match=f"Say what is not right: reject {ticket.number} REASON"):
        await database.write(lambda uow: does(uow, at.manager, RejectTicket(ticket.id, " ")))

    def reject(uow: UnitOfWork) -> None:
        done = does(uow, at.manager, RejectTicket(ticket.id, "Still leaking"))
        assert (done.status, done.completed_at) == ("in_progress", None)
        assert done.rework_due_at is not None
        assert done.rework_due_at > uow.now
        template, line = said_to(uow, at.ana)[-1]
        assert (template, labels(line)) == ("ticket.rejected", ["Arrive", "Complete"])
        assert "Still leaking" in line.notice
        does(uow, at.ana, CompleteTicket(ticket.id, "New pipe", 10))
        approvals = [card for template, card in said_to(uow, at.manager) if template == "ticket.card"]
        assert [labels(card) for card in approvals] == [[], ["Approve", "Reject"]]  # only the new one is to be decided

    await database.write(reject)


async def test_nobody_approves_their_own_work(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _completed(uow)
        builders.put(uow, builders.positions, person_id=at.ana, unit_id=at.branch, role="store_manager")
        does(uow, at.ana, ApproveTicket(ticket.id))

    with pytest.raises(Forbidden, match="your own work"):
        await database.write(work)


async def test_without_a_store_manager_the_approval_goes_up_the_chain(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        uow.connection.execute(
            builders.persons.update().where(builders.persons.c.id == at.manager).values(status="on_leave")
        )
        does(uow, at.ana, AcceptTicket(ticket.id))
        does(uow, at.ana, CompleteTicket(ticket.id, "New seal", 5))
        assert labels(said_to(uow, at.cluster_manager)[-1][1]) == ["Approve", "Reject"]
        assert does(uow, at.cluster_manager, ApproveTicket(ticket.id)).status == "closed"

    await database.write(work)


async def test_cancelling_tells_the_technician_and_stops_the_climbs(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, ticket = _story(uow)
        done = does(uow, at.dispatcher, CancelTicket(ticket.id, "Opened twice"))
        assert done.status == "cancelled"
        assert said_to(uow, at.ana)[-1][1].notice == f"✖️ {ticket.number} (Store BR-01) is cancelled: Opened twice"

    await database.write(work)
