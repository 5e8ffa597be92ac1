"""Claiming: of many who press at once exactly one has it, and the others read who."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from core.database import Database
from core.errors import Conflict, Forbidden
from core.escalations.commands import ClaimEscalation, ReleaseEscalation, ReplyToCustomer, TakeOver
from core.escalations.queries import get_escalation
from core.executor import execute
from core.people.tables import persons, positions
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import Desk, brought_to, does, furnished, raised

AGENTS = 1000


def _desk_of_many(uow: UnitOfWork) -> tuple[int, range]:
    """An escalation in the queue, and the ids of a thousand agents."""
    desk = furnished(uow)
    first = desk.olga + 1
    agents = range(first, first + AGENTS)
    rows = [{"id": id_, "client_id": desk.client, "code": f"A{id_}", "name": f"Agent {id_}"} for id_ in agents]
    uow.connection.execute(insert(persons), rows)
    seats = [{"person_id": id_, "unit_id": desk.client, "role": "agent", "rank": ""} for id_ in agents]
    uow.connection.execute(insert(positions), seats)
    return raised(uow, desk).id, agents


def _as(person_id: int, command: Any) -> Callable[[UnitOfWork], Any]:
    return lambda uow: does(uow, person_id, command)


async def test_one_of_a_thousand_simultaneous_claimers_wins_and_the_others_read_who(database: Database) -> None:
    escalation_id, agents = await database.write(_desk_of_many)
    claims = (database.write(_as(agent, ClaimEscalation(escalation_id))) for agent in agents)
    results = await asyncio.gather(*claims, return_exceptions=True)

    escalation = await database.read(lambda reader: get_escalation(reader, escalation_id))
    winner = f"Agent {escalation.assigned_to}"
    sentence = f"{winner} has ESC-{escalation_id}, 0 s ago. To take it from {winner}: takeover ESC-{escalation_id}"
    read = Counter(result.sentence if isinstance(result, Conflict) else "won" for result in results)
    assert read == {"won": 1, sentence: AGENTS - 1}
    assert (await database.read(builders.happened)).count("escalation.claimed") == 1


async def test_who_comes_second_is_offered_to_help_or_to_take_over(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        does(uow, desk.ben, ClaimEscalation(case.id))

    with pytest.raises(Conflict) as refused:
        await database.write(work)
    offered = [(choice.label, choice.command) for choice in refused.value.choices]
    assert offered == [("Offer help", "help-with ESC-1"), ("Take over from Ana", "takeover ESC-1")]


async def test_every_copy_of_the_card_on_every_channel_shows_who_has_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow, board=False)
        for channel in ("telegram", "whatsapp"):
            builders.person(uow, desk.client, "agent", channel.upper(), on=channel)
        case = raised(uow, desk)
        builders.sent(uow)
        does(uow, desk.ana, ClaimEscalation(case.id))
        return [(left.channel, "👤 Ana has it" in left.text) for left in builders.outbox(uow, kind="edit")]

    assert await database.write(work) == [("slack", True), ("slack", True), ("telegram", True), ("whatsapp", True)]


async def test_of_two_who_take_over_at_once_each_that_loses_it_is_told(database: Database) -> None:
    """Either one is refused, or the second took it from the first: never does somebody believe to lead who does not."""
    desk, case = await database.write(_in_hand)
    both = (database.write(_as(person, TakeOver(case))) for person in (desk.ben, desk.lea))
    results = await asyncio.gather(*both, return_exceptions=True)

    leads = (await database.read(lambda reader: get_escalation(reader, case))).assigned_to
    refused = [
        person for person, result in zip((desk.ben, desk.lea), results, strict=True) if isinstance(result, Conflict)
    ]
    told = await database.read(lambda reader: builders.outbox(reader, template="escalation.taken_from_you"))
    assert {desk.ana, desk.ben, desk.lea} - {leads, *refused} == {left.person_id for left in told}


async def test_a_reply_and_a_release_at_once_never_speak_for_nobody(database: Database) -> None:
    desk, case = await database.write(_in_hand)
    await asyncio.gather(
        database.write(_as(desk.ana, ReplyToCustomer(case, "I am on it."))),
        database.write(_as(desk.lea, ReleaseEscalation(case))),
        return_exceptions=True,
    )
    kinds = await database.read(builders.happened)
    order = [kind for kind in kinds if kind in ("escalation.replied", "escalation.released")]
    assert order in (["escalation.replied", "escalation.released"], ["escalation.released"], ["escalation.replied"])
    said = await database.read(lambda reader: builders.outbox(reader, channel="whatsapp", template="conversation.said"))
    assert len(said) == kinds.count("escalation.replied")


def _in_hand(uow: UnitOfWork) -> tuple[Desk, int]:
    desk = furnished(uow)
    return desk, brought_to(uow, desk, "in_progress").id


async def test_a_technician_may_not_claim_and_reads_who_may(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        case = raised(uow, desk)
        builders.acting(uow, builders.person(uow, desk.client, "technician", "T1"))
        execute(ClaimEscalation(case.id), uow)

    with pytest.raises(Forbidden, match="This is for an agent, the team lead, the owner or an admin"):
        await database.write(work)
