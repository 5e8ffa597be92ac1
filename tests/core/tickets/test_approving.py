"""Approval: silence climbs, cheap work needs nobody, photos come with what they show, money stays exact."""

import pytest
from sqlalchemy import select

from core.clock import ManualClock
from core.database import Database
from core.errors import Forbidden, Invalid
from core.media.tables import media
from core.outbox.tables import deliveries, notifications
from core.tickets.approval_limits import approval_limit
from core.tickets.client_commands import SetApprovalLimit
from core.tickets.commands import (
    AcceptTicket,
    AddPhoto,
    ApproveTicket,
    CompleteTicket,
    Photo,
    RejectTicket,
)
from core.tickets.queries import find_completion, get_ticket_by_id
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests import builders
from tests.core.tickets.story import Branch, does, labels, opened, said_to, staffed_branch, templates_to

HOUR = 3600


def _completed(uow: UnitOfWork, rate: int = 6000) -> tuple[Branch, int]:
    """An hour of labour, at 60.00 if not said otherwise."""
    at = staffed_branch(uow)
    ticket = opened(uow, at).id
    does(uow, at.ana, AcceptTicket(ticket))
    does(uow, at.ana, CompleteTicket(ticket, "New seal", 60, labour_rate=rate))
    return at, ticket


async def test_silence_climbs_from_the_store_to_the_owner(database: Database, clock: ManualClock) -> None:
    at, _ = await database.write(_completed)
    people = {"store": at.manager, "cluster": at.cluster_manager, "owner": at.owner}
    told: list[set[str]] = []
    for hours in (3.99, 0.02, 20, 24):
        before = await _reminded(database, people)
        clock.advance(hours * HOUR)
        await climb_due(database)
        after = await _reminded(database, people)
        told.append({who for who in people if after[who] > before[who]})
    assert told == [set(), {"store"}, {"cluster"}, {"owner"}]


async def _reminded(database: Database, people: dict[str, int]) -> dict[str, int]:
    def work(uow: UnitOfWork) -> dict[str, int]:
        return {who: templates_to(uow, person).count("ticket.approval_waits") for who, person in people.items()}

    return await database.write(work)


async def test_a_reminder_is_answered_like_the_card(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(_completed)
    clock.advance(25 * HOUR)
    await climb_due(database)

    def work(uow: UnitOfWork) -> None:
        card = said_to(uow, at.cluster_manager)[-1][1]
        assert labels(card) == ["Approve", "Reject", "Show"]
        assert "€60.00" in card.notice
        assert does(uow, at.cluster_manager, ApproveTicket(ticket)).status == "closed"
        completion = find_completion(uow, ticket)
        assert completion is not None
        assert completion.signed_by is None  # who was not there has signed nothing

    await database.write(work)
    clock.advance(100 * HOUR)
    await climb_due(database)
    assert (await _reminded(database, {"owner": at.owner}))["owner"] == 0


async def test_what_was_rejected_waits_for_nobody_until_it_is_done_again(
    database: Database, clock: ManualClock
) -> None:
    at, ticket = await database.write(_completed)
    await database.write(lambda uow: does(uow, at.manager, RejectTicket(ticket, "Still warm")))
    clock.advance(5 * HOUR)
    await climb_due(database)
    assert (await _reminded(database, {"store": at.manager}))["store"] == 0
    await database.write(lambda uow: does(uow, at.ana, CompleteTicket(ticket, "Again", 5)))
    clock.advance(5 * HOUR)
    await climb_due(database)
    assert (await _reminded(database, {"store": at.manager}))["store"] == 1


@pytest.mark.parametrize(("limit", "closed"), [(6001, True), (6000, False), (0, False)])
async def test_work_below_the_limit_closes_by_itself(database: Database, limit: int, closed: bool) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        does(uow, at.owner, SetApprovalLimit(at.cluster, limit))
        ticket = opened(uow, at).id
        does(uow, at.ana, AcceptTicket(ticket))
        done = does(uow, at.ana, CompleteTicket(ticket, "New seal", 60, labour_rate=6000))
        completion = find_completion(uow, ticket)
        assert completion is not None
        assert (done.status, completion.approval) == (("closed", "approved") if closed else ("completed", "pending"))
        assert ("ticket.approved_by_itself" in templates_to(uow, at.manager)) == closed
        if closed:
            assert (completion.decided_by, completion.notes) == (None, "Below the approval limit.")
            cards = [card for template, card in said_to(uow, at.dispatcher) if template == "ticket.card"]
            assert "by itself" in cards[-1].paragraphs[-1].text

    await database.write(work)


async def test_the_nearest_limit_above_counts(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        other = builders.unit(uow, at.cluster, "BR-02")
        assert approval_limit(uow, at.branch) == 0
        does(uow, at.owner, SetApprovalLimit(at.client, 5000))
        does(uow, at.owner, SetApprovalLimit(at.branch, 100))
        assert [approval_limit(uow, unit) for unit in (at.branch, other)] == [100, 5000]
        does(uow, at.owner, SetApprovalLimit(at.branch, None))
        assert approval_limit(uow, at.branch) == 5000
        with pytest.raises(Forbidden):
            does(uow, at.manager, SetApprovalLimit(at.branch, 10**6))  # nobody lifts their own limit
        with pytest.raises(Invalid, match="negative"):
            does(uow, at.owner, SetApprovalLimit(at.branch, -1))

    await database.write(work)


async def test_who_approves_sees_what_each_photo_shows(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket = opened(uow, at).id
        does(uow, at.ana, AcceptTicket(ticket))
        sent = {kind: _photo(uow, at, kind) for kind in ("after", "before")}
        for kind, photo in sent.items():
            does(uow, at.ana, AddPhoto(ticket, Photo(photo, kind, "the seal")))
        does(uow, at.ana, CompleteTicket(ticket, "New seal", 60))
        rows = uow.connection.execute(
            select(deliveries.c.media_id, notifications.c.facts)
            .join(notifications, notifications.c.id == deliveries.c.notification_id)
            .where(deliveries.c.kind == "photo", deliveries.c.person_id == at.manager)
            .order_by(deliveries.c.id)
        ).all()
        number = get_ticket_by_id(uow, ticket).number
        captions = {row.media_id: row.facts["captions"][str(row.media_id)] for row in rows}
        assert captions == {
            sent["after"]: f"After · {number} · the seal",
            sent["before"]: f"Before · {number} · the seal",
        }
        assert [row.media_id for row in rows] == [sent["before"], sent["after"]]  # as one looks at it

    await database.write(work)


def _photo(uow: UnitOfWork, at: Branch, name: str) -> int:
    return builders.put(
        uow, media, client_id=at.client, channel="telegram", account="default", file_id=name, kind="photo",
        state="pending", attempts=0, next_attempt_at=uow.now, created_at=uow.now,
    )  # fmt: skip
