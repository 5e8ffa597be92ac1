"""The queue and the list by every filter, only at the places that were asked for."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.tickets.commands import AcceptTicket, CancelTicket, CompleteTicket
from core.tickets.listing import WAITING, Filters, count_tickets, list_lines, list_tickets
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, opened, staffed_branch

Known = dict[str, int]


def _five(uow: UnitOfWork) -> tuple[Branch, Known]:
    at = staffed_branch(uow)
    names = ("low", "critical", "high", "gone", "done")
    made = {name: opened(uow, at, priority).id for name, priority in zip(names, (3, 0, 1, 0, 2), strict=True)}
    does(uow, at.dispatcher, CancelTicket(made["gone"], "Opened twice"))
    does(uow, at.ana, AcceptTicket(made["low"]))
    does(uow, at.ana, AcceptTicket(made["done"]))
    does(uow, at.ana, CompleteTicket(made["done"], "Mended", 10))
    return at, made


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "done gone high critical low"),
        ({"statuses": ("in_progress",)}, "low"),
        ({"statuses": ("closed", "cancelled")}, "gone"),
        ({"statuses": WAITING}, "done high critical low"),
        ({"priority": 0}, "gone critical"),
        ({"statuses": ("in_progress",), "priority": 0}, ""),
        ({"overdue": True}, "critical"),
    ],
)
async def test_the_list_is_narrowed_and_the_newest_come_first(
    database: Database, clock: ManualClock, values: dict[str, object], expected: str
) -> None:
    at, made = await database.write(_five)
    clock.advance(7000)  # nobody has answered the critical one; the high one still has time
    filters = Filters(at.client, (f"/{at.client}/",), **values)  # type: ignore[arg-type]

    def read(uow: UnitOfWork) -> tuple[list[int], int]:
        found = [ticket.id for ticket in list_tickets(uow, filters, clock.now())]
        return found, count_tickets(uow, filters, clock.now())

    found, counted = await database.write(read)
    assert found == [made[name] for name in expected.split()]
    assert counted == len(found)


async def test_lines_come_with_names_the_most_urgent_first_a_page_at_a_time(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, made = _five(uow)
        filters = Filters(at.client, (f"/{at.client}/",), WAITING)
        lines = list_lines(uow, filters, uow.now, limit=3)
        assert [line.id for line in lines] == [made[name] for name in ("critical", "high", "done")]
        assert (lines[0].branch, lines[0].subcategory, lines[0].technician) == ("Store BR-01", "Leaking Water", "Ana")
        assert [line.late(uow.now + timedelta(hours=2)) for line in lines] == [True, False, False]
        assert [line.id for line in list_lines(uow, filters, uow.now, limit=3, offset=3)] == [made["low"]]

    await database.write(work)


async def test_only_the_places_asked_for_and_ones_own_tickets_elsewhere(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, made = _five(uow)
        elsewhere = builders.unit(uow, at.client, "BR-09")
        path = f"/{at.client}/{elsewhere}/"
        assert list_tickets(uow, Filters(at.client, (path,)), uow.now) == []
        assert len(list_tickets(uow, Filters(at.client, (path,), own=at.ana), uow.now)) == len(made)
        both = Filters(at.client, (path, f"/{at.client}/{at.cluster}/"), technician_id=at.ben)
        assert list_tickets(uow, both, uow.now) == []

    await database.write(work)
