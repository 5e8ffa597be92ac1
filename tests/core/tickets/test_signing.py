"""The six digits of a signature: each try is counted, also of many at once."""

import asyncio

from core.database import Database
from core.errors import Conflict
from core.tickets.commands import AcceptTicket, AskSignature, CompleteTicket, EnterSignature
from core.tickets.queries import find_completion
from core.tickets.signing import CODE_OF, MOST_TRIES
from core.unit_of_work import UnitOfWork
from tests.core.tickets.story import does, opened, staffed_branch


async def test_of_many_tries_at_once_no_more_than_a_few_count(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int, str]:
        at = staffed_branch(uow)
        ticket = opened(uow, at)
        for command in (AcceptTicket(ticket.id), CompleteTicket(ticket.id, "Mended", 10), AskSignature(ticket.id)):
            does(uow, at.ana, command)
        completion = find_completion(uow, ticket.id)
        assert completion is not None
        return at.ana, ticket.id, uow.one(CODE_OF, completion_id=completion.id).code

    ana, ticket, code = await database.write(work)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    tries = [database.write(lambda uow: does(uow, ana, EnterSignature(ticket, wrong))) for _ in range(20)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    counted = sorted(one.tries_left for one in answers if not isinstance(one, BaseException))
    assert counted == list(range(MOST_TRIES))
    assert sum(isinstance(one, Conflict) for one in answers) == len(answers) - MOST_TRIES
