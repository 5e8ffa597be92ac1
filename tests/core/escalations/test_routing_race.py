"""Causes that arrive in the same moment: shared out evenly, and none of them lost."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from core.database import Database
from core.escalations.commands import ResolveEscalation
from core.escalations.tables import Escalation, escalations
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import Desk, brought_to, does, furnished, raised
from tests.core.escalations.test_routing import rule, ruled

AT_ONCE, AGENTS = 32, 16


def _of(desk: Desk, reason: str) -> Callable[[UnitOfWork], Escalation]:
    return lambda uow: raised(uow, desk, reason)


async def test_round_robin_is_exact_also_for_what_is_raised_at_once(database: Database) -> None:
    def furnish(uow: UnitOfWork) -> list[Desk]:
        desk = ruled(uow, rule(assign_to="round_robin", team="billing"))
        for number in range(AGENTS):
            builders.person(uow, desk.client, "agent", f"B{number}", on="slack", team="billing")
        customers = [builders.customer(uow, desk.client, f"K{number}") for number in range(AT_ONCE)]
        return [
            replace(desk, customer=one, conversation=builders.conversation(uow, one, chat=f"chat-{one}"))
            for one in customers
        ]

    desks = await database.write(furnish)
    given = await asyncio.gather(*(database.write(_of(desk, "refund")) for desk in desks))
    assert sorted(Counter(one.assigned_to for one in given).values()) == [AT_ONCE // AGENTS] * AGENTS


async def test_of_causes_at_once_none_is_lost(database: Database) -> None:
    desk = await database.write(furnished)
    reasons = [f"cause_{number}" for number in range(8)]
    await asyncio.gather(*(database.write(_of(desk, reason)) for reason in reasons))
    (only,) = await database.read(_all)
    assert sorted([only.reason, *only.more_reasons]) == reasons


async def test_of_a_customer_who_has_written_nowhere_there_is_one_as_well(database: Database) -> None:
    desk = await database.write(furnished)
    unheard: dict[str, Any] = {"conversation_id": None}
    await asyncio.gather(*(database.write(lambda uow: raised(uow, desk, "api", **unheard)) for _ in range(6)))
    assert len(await database.read(_all)) == 1


async def test_a_cause_that_comes_as_it_is_resolved_joins_it_before_or_opens_another(database: Database) -> None:
    def furnish(uow: UnitOfWork) -> tuple[Desk, int]:
        desk = furnished(uow)
        return desk, brought_to(uow, desk, "in_progress").id

    desk, case = await database.write(furnish)
    await asyncio.gather(
        database.write(lambda uow: does(uow, desk.ana, ResolveEscalation(case, "handled"))),
        *(database.write(_of(desk, f"cause_{number}")) for number in range(4)),
    )
    kinds = await database.read(builders.happened)
    resolved = kinds.index("escalation.resolved")
    first, *others = await database.read(_all)
    assert kinds[:resolved].count("escalation.joined") == len(first.more_reasons)
    assert len(first.more_reasons) + sum(1 + len(one.more_reasons) for one in others) == 4


def _all(reader: Reader) -> list[Any]:
    return list(reader.connection.execute(select(escalations).order_by(escalations.c.id)))
