"""An hour of labour costs what the client agreed, unless the completion says otherwise."""

import pytest

from core.database import Database
from core.executor import execute
from core.tickets.client_commands import SetLabourRate
from core.tickets.commands import AcceptTicket, CompleteTicket
from core.tickets.queries import find_completion
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import opened, staffed_branch


@pytest.mark.parametrize(("said", "cost"), [(None, 7200), (6000, 9000), (0, 0)])
async def test_labour_costs_the_clients_rate_unless_it_says_its_own(
    database: Database, said: int | None, cost: int
) -> None:
    def work(uow: UnitOfWork) -> int | None:
        at = staffed_branch(uow)
        execute(SetLabourRate(at.client, 4800), uow)
        ticket = opened(uow, at)
        builders.acting(uow, at.ana)
        execute(AcceptTicket(ticket.id), uow)
        execute(CompleteTicket(ticket.id, "New seal", 90, labour_rate=said), uow)
        completion = find_completion(uow, ticket.id)
        return completion and completion.labour_cost

    assert await database.write(work) == cost
