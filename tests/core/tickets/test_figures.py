"""The numbers, against the same counted by hand; and that they are read from indexes, by one statement each."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.clock import ManualClock
from core.database import Database
from core.statements import Statement
from core.tickets.commands import (
    AcceptTicket,
    ApproveTicket,
    CancelTicket,
    CompleteTicket,
    DeclineTicket,
    RejectTicket,
)
from core.tickets.costs import Part
from core.tickets.counting import Cohort, _answers, _figures, list_answers, list_figures, total_of, values_of
from core.tickets.durations import durations
from core.tickets.figures import Answers, Cost, Figures, average, share, together
from core.unit_of_work import UnitOfWork
from tests.conftest import START
from tests.core.tickets.story import Branch, does, opened, staffed_branch
from tests.core.tickets.test_plans import plan_of

HOUR = 3600
DAY = timedelta(days=1)
PARTS = (Part("Fan", Decimal(2), 1050),)


def cohort(at: Branch, **values: object) -> Cohort:
    row = {"paths": (f"/{at.client}/",), "since": START - DAY, "until": START + 90 * DAY, "repeat_days": 30}
    return Cohort(at.client, **(row | values))  # type: ignore[arg-type]


async def a_month(database: Database, clock: ManualClock) -> Branch:
    """Five tickets, all high (answer within 4 h, repair within 24 h): one repaired well; one answered late, rejected once and
    repaired late; one that came back after 10 days; that one, still open; one cancelled."""
    at = await database.write(staffed_branch)

    async def do(who: int, command: object) -> None:
        await database.write(lambda uow: does(uow, who, command))

    async def new(priority: int = 1) -> int:
        return (await database.write(lambda uow: opened(uow, at, priority))).id

    late = await new()
    clock.advance(5 * HOUR)
    await do(at.ana, AcceptTicket(late))
    await do(at.ana, CompleteTicket(late, "Mended", 60, PARTS, 6000))
    await do(at.manager, RejectTicket(late, "Still warm"))
    clock.advance(20 * HOUR)
    await do(at.ana, CompleteTicket(late, "Mended again", 90, PARTS, 6000))
    await do(at.manager, ApproveTicket(late))
    clock.advance(40 * 24 * HOUR)
    good = await new()
    await do(at.ana, DeclineTicket(good, "No van"))
    clock.advance(HOUR)
    await do(at.ben, AcceptTicket(good))
    clock.advance(HOUR)
    await do(at.ben, CompleteTicket(good, "New seal", 30, (), 6000))
    await do(at.manager, ApproveTicket(good))
    clock.advance(10 * 24 * HOUR)
    await new()  # the same fault again
    clock.advance(5 * HOUR)
    gone = await new()
    await do(at.dispatcher, CancelTicket(gone, "Opened twice"))
    return at


async def test_the_numbers_are_those_counted_by_hand(database: Database, clock: ManualClock) -> None:
    at = await a_month(database, clock)

    def work(uow: UnitOfWork) -> None:
        now = uow.now
        assert total_of(uow, cohort(at), now) == Figures(
            "", "", (Cost("EUR", 9000 + 3000, 2100),), opened=4, closed=2, cancelled=1, overdue=1,
            response_met=1, response_missed=2, responses=2, response_minutes=5 * 60 + 60,
            resolution_met=1, resolution_missed=1, repairs=2, repair_minutes=25 * 60 + 120,
            fixed_first=0, reworked=1, repeated=1, labour_minutes=120,
        )  # fmt: skip
        months = list_figures(uow, cohort(at), "month", now)
        assert [(one.key, one.opened, one.closed) for one in months] == [("202611", 1, 1), ("202701", 3, 1)]
        [kind] = list_figures(uow, cohort(at), "subcategory", now)
        assert (kind.key, kind.name, kind.opened) == ("leaking-water", "Leaking Water", 4)
        [branch] = list_figures(uow, cohort(at), "branch", now)
        assert (branch.key, branch.open) == ("BR-01", 1)
        people = {one.key: one for one in list_figures(uow, cohort(at), "technician", now)}
        assert (people["ANA"].reworked, people["ANA"].costs) == (1, (Cost("EUR", 9000, 2100),))
        assert (people["BEN"].repeated, people["BEN"].repairs, people["BEN"].fixed_first) == (1, 1, 0)

    await database.write(work)


async def test_groups_add_up_to_the_whole_and_durations_are_counted_by_the_minute(
    database: Database, clock: ManualClock
) -> None:
    at = await a_month(database, clock)

    def work(uow: UnitOfWork) -> None:
        asked, now = cohort(at), uow.now
        for by in ("month", "branch", "subcategory"):
            assert together(list_figures(uow, asked, by, now)) == total_of(uow, asked, now)  # type: ignore[arg-type]
        assert durations(uow, asked, "accepted").counts == ((60, 1), (5 * 60, 1))
        assert durations(uow, asked, "repaired").counts == ((120, 1), (25 * 60, 1))
        assert durations(uow, cohort(at, since=START + DAY), "repaired").counts == ((120, 1),)
        assert durations(uow, cohort(at, paths=("/0/",)), "repaired").total == 0

    await database.write(work)


async def test_a_fault_that_comes_back_later_than_agreed_was_repaired(database: Database, clock: ManualClock) -> None:
    at = await a_month(database, clock)
    total = await database.write(lambda uow: total_of(uow, cohort(at, repeat_days=9), uow.now))
    assert (total.repeated, total.fixed_first) == (0, 1)


async def test_offers_are_counted_by_what_became_of_them(database: Database, clock: ManualClock) -> None:
    at = await a_month(database, clock)
    found = await database.write(lambda uow: list_answers(uow, cohort(at)))
    assert found[0] == Answers(at.ana, "ANA", "Ana", 4, 1, 1, 0, 300)
    assert found[1] == Answers(at.ben, "BEN", "Ben", 1, 1, 0, 0, 60)
    only = await database.write(lambda uow: list_answers(uow, cohort(at, technician_id=at.ben)))
    assert only == found[1:]


@pytest.mark.parametrize(
    ("values", "opened_"),
    [
        ({"since": START + DAY}, 3),
        ({"until": START + DAY}, 1),
        ({"paths": ("/0/", "/99/")}, 0),
        ({"technician_id": 2}, 1),
    ],
)
async def test_only_the_period_the_places_and_the_person_asked_for(
    database: Database, clock: ManualClock, values: dict[str, object], opened_: int
) -> None:
    at = await a_month(database, clock)
    assert (await database.write(lambda uow: total_of(uow, cohort(at, **values), uow.now))).opened == opened_


def test_shares_and_averages_of_nothing_are_none() -> None:
    assert (share(0, 0), share(1, 3), share(3, 3)) == (None, 33, 100)
    assert (average(0, 0), average(100, 3)) == (None, 33)


@pytest.mark.parametrize("by", ["all", "branch", "subcategory", "month", "technician", "answers"])
async def test_the_period_and_what_belongs_to_a_ticket_are_found_by_index(database: Database, by: str) -> None:
    def work(uow: UnitOfWork) -> str:
        at = staffed_branch(uow)
        opened(uow, at)
        if uow.dialect.name == "postgresql":  # a few rows are always read faster without an index
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        asked = cohort(at)
        values = values_of(asked)
        statement: Statement[object] = (
            _answers(asked.places, False) if by == "answers" else _figures(by, asked.places, False)
        )  # type: ignore[arg-type]
        return plan_of(uow, statement, values if by == "answers" else values | {"now": uow.now, "repeat_minutes": 9})

    plan = await database.write(work)
    assert "ix_tickets_created" in plan
    assert ("ix_ticket_offers_ticket_id" if by == "answers" else "ix_completions_ticket_id") in plan
    assert by == "answers" or "ix_tickets_unit" in plan  # what came back
