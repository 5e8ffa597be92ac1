"""The command that is measured: claim an escalation, once, with its event, its changed card and the answer to whoever asked.

Finding out who that is belongs to the webhook, which is measured from outside (bench/webhooks.py).
"""

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter

from bench.by_hand import Script, record
from bench.world import Company, agent_address
from bot.context import say
from core.actor import Actor, Seat
from core.audit.inbox import first_time
from core.clock import Clock
from core.database import Database
from core.escalations.commands import ClaimEscalation
from core.escalations.tables import Escalation
from core.executor import execute
from core.outbox.notify import URGENT, Chat, tell_chat
from core.settled import Settled
from core.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork], Escalation]


def claim_work(company: Company, escalation_id: int) -> Work:
    number = escalation_id % len(company.agents)
    person_id, here = company.agents[number], Chat("whatsapp", "default", agent_address(number))
    seat = Seat("agent", company.client_id, f"/{company.client_id}/")
    agent = Actor("person", f"Agent {number}", company.client_id, person_id, seats=(seat,), via="whatsapp")

    def work(uow: UnitOfWork) -> Escalation:
        first_time(uow, "whatsapp", "default", (f"wamid.{escalation_id}",), "heard")
        uow.actor = agent
        claimed: Escalation = execute(ClaimEscalation(escalation_id), uow)
        reply = say(f"You have {claimed.reference}.")
        tell_chat(uow, here, reply.notification(URGENT), person_id=person_id)
        return claimed

    return work


def scripts_of(url: str, company: Company, escalation_ids: Sequence[int]) -> list[Script]:
    """The statements of each of these claims, for the other side to run by hand."""
    database = Database(url, Clock())
    settled = Settled() if database.engine.dialect.name == "sqlite" else None
    with database.engine.connect() as connection:
        scripts = [
            record(connection, claim_work(company, one), database.clock.now(), settled=settled)
            for one in escalation_ids
        ]
    asyncio.run(database.close())
    return scripts


async def claim_all(database: Database, works: Sequence[Work], in_flight: int) -> list[float]:
    """Seconds each took from the call to its commit."""
    waiting, took = iter(works), []

    async def caller() -> None:
        for work in waiting:
            begun = perf_counter()
            await database.write(work)
            took.append(perf_counter() - begun)

    await asyncio.gather(*(caller() for _ in range(in_flight)))
    return took
