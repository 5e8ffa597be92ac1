"""Claiming: of many who press at once exactly one has it, and the others read who."""

import asyncio

import pytest

from core.database import Database
from core.errors import Conflict, Forbidden
from core.escalations.commands import ClaimEscalation, RaiseEscalation
from core.escalations.queries import get_escalation
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders

AGENTS = 20


def _raised(uow: UnitOfWork) -> tuple[int, list[int]]:
    client_id = builders.client(uow)
    builders.board(uow, client_id)
    agents = [builders.person(uow, client_id, "agent", f"A{n}", on="slack") for n in range(AGENTS)]
    customer_id = builders.customer(uow, client_id)
    escalation = execute(RaiseEscalation(client_id, customer_id, "requested_human"), uow)
    return escalation.id, agents


async def test_one_of_many_simultaneous_claimers_wins_and_the_others_read_who(database: Database) -> None:
    escalation_id, agents = await database.write(_raised)

    def claim_as(agent: int) -> object:
        def work(uow: UnitOfWork) -> object:
            builders.acting(uow, agent)
            return execute(ClaimEscalation(escalation_id), uow)

        return database.write(work)

    results = await asyncio.gather(*(claim_as(agent) for agent in agents), return_exceptions=True)

    refusals = [result for result in results if isinstance(result, Conflict)]
    assert len(refusals) == AGENTS - 1
    escalation = await database.read(lambda reader: get_escalation(reader, escalation_id))
    winner = f"A{agents.index(escalation.assigned_to)}"
    assert all(refusal.sentence.startswith(f"{winner} has ESC-{escalation_id}, 0 s ago") for refusal in refusals)


async def test_a_technician_may_not_claim_and_reads_who_may(database: Database) -> None:
    escalation_id, _ = await database.write(_raised)

    def work(uow: UnitOfWork) -> None:
        client_id = get_escalation(uow, escalation_id).client_id
        builders.acting(uow, builders.person(uow, client_id, "technician", "T1"))
        execute(ClaimEscalation(escalation_id), uow)

    with pytest.raises(Forbidden, match="This is for an agent, the team lead, the owner or an admin"):
        await database.write(work)
