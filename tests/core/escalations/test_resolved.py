"""A case is resolved: where that moves the customer, and back again when it is reopened."""

import pytest

from core.conversations.queries import get_customer
from core.database import Database
from core.errors import Invalid
from core.escalations.commands import ReopenEscalation, ResolveEscalation
from core.escalations.tables import RESOLUTIONS
from core.unit_of_work import UnitOfWork
from tests.core.escalations.desk import brought_to, does, furnished


@pytest.mark.parametrize(
    ("resolution", "stage"),
    [
        ("handled", "qualifying"),
        ("returned_to_ai", "qualifying"),
        ("converted", "booked"),
        ("lost", "lost"),
        ("no_action", "nurturing"),
    ],
)
async def test_each_resolution_moves_the_customer_to_its_stage(database: Database, resolution: str, stage: str) -> None:
    def work(uow: UnitOfWork) -> tuple[str, str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        before = get_customer(uow, desk.customer).stage
        does(uow, desk.ana, ResolveEscalation(case.id, resolution))
        return before, get_customer(uow, desk.customer).stage

    assert await database.write(work) == ("escalated", stage)


async def test_an_unknown_resolution_is_refused_with_the_known_ones(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        does(uow, desk.ana, ResolveEscalation(brought_to(uow, desk, "assigned").id, "won"))

    with pytest.raises(Invalid, match="|".join(RESOLUTIONS)) as refused:
        await database.write(work)
    assert refused.value.field == "resolution"


async def test_reopened_the_customer_is_waiting_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        desk = furnished(uow)
        does(uow, desk.ana, ReopenEscalation(brought_to(uow, desk, "resolved").id))
        return get_customer(uow, desk.customer).stage

    assert await database.write(work) == "escalated"
