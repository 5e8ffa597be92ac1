"""Numbers without gaps or collisions, whoever opens tickets at the same time; the month is the client's own."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict
from core.executor import execute
from core.tickets.commands import OpenTicket, SeedCategories
from core.tickets.listing import Filters, list_tickets
from core.tickets.rows import Ticket
from core.tickets.subcategories import list_subcategories
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.tickets.story import opened, staffed_branch

MANY = 200


async def test_two_hundred_opened_at_once_are_numbered_one_to_two_hundred(database: Database) -> None:
    at = await database.write(staffed_branch)
    refused = [
        database.write(lambda uow: opened(uow, at, description=" "))  # undone, and so is the number it took
        for _ in range(5)
    ]
    await asyncio.gather(
        *(database.write(lambda uow: opened(uow, at)) for _ in range(MANY)), *refused, return_exceptions=True
    )

    found = await database.read(
        lambda reader: list_tickets(reader, Filters(at.client, (f"/{at.client}/",)), START, limit=MANY + 10)
    )
    assert sorted(ticket.number for ticket in found) == [f"TKT-202611-{n:05d}" for n in range(1, MANY + 1)]


async def test_one_external_number_is_one_ticket_even_at_once(database: Database) -> None:
    at = await database.write(staffed_branch)
    both = await asyncio.gather(
        *(database.write(lambda uow: opened(uow, at, external_id="WO-7")) for _ in range(6)), return_exceptions=True
    )
    [ticket] = [one for one in both if isinstance(one, Ticket)]
    others = [str(one) for one in both if isinstance(one, Conflict)]
    assert others == [f"“WO-7” is {ticket.number}, opened 0 s ago."] * 5
    after = await database.write(lambda uow: opened(uow, at))
    assert after.number == "TKT-202611-00002"


@pytest.mark.parametrize(
    ("zone", "month"), [("Asia/Tokyo", "202612"), ("Europe/London", "202611"), ("America/Lima", "202611")]
)
async def test_the_month_is_the_one_on_the_clients_wall(
    database: Database, clock: ManualClock, zone: str, month: str
) -> None:
    clock.advance((datetime(2026, 11, 30, 23, 30, tzinfo=UTC) - START) / timedelta(seconds=1))
    ticket = await database.write(lambda uow: opened(uow, staffed_branch(uow, time_zone=zone)))
    assert ticket.number == f"TKT-{month}-00001"


async def test_every_client_counts_for_itself(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        numbers = []
        for code in ("ONE", "TWO"):
            client = builders.client(uow, code)
            branch = builders.unit(uow, client, "BR")
            execute(SeedCategories(client), uow)
            subcategory = list_subcategories(uow, client)[0].id
            numbers += [execute(OpenTicket(branch, subcategory, 2, "Broken"), uow).number for _ in range(2)]
        return numbers

    assert await database.write(work) == ["TKT-202611-00001", "TKT-202611-00002"] * 2
