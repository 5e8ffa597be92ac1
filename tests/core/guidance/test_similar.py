"""Similar cases: found on both databases, in a stated order, of one's own client, and counted as they are."""

from datetime import date
from typing import Any

from bench.similar import recall_at_five
from bot.sample.seed import CLIENT, seed
from core.conversations.commands import HearCustomer
from core.database import Database
from core.escalations.commands import ClaimEscalation, RaiseEscalation, ReopenEscalation, ResolveEscalation
from core.escalations.tables import Escalation
from core.executor import execute
from core.guidance.asking import advice_on
from core.guidance.case import read_case
from core.guidance.similar import find_similar
from core.people.queries import CLIENT_BY_CODE
from core.unit_of_work import UnitOfWork
from tests import builders

TODAY = date(2026, 11, 23)


async def test_cases_of_the_same_kind_are_among_the_first_five(database: Database) -> None:
    await seed(database, TODAY)
    assert await database.read(lambda reader: recall_at_five(reader, reason_known=True)) >= 0.85
    assert await database.read(lambda reader: recall_at_five(reader, reason_known=False)) >= 0.7


async def test_what_is_counted_is_what_is_shown_of_the_history(database: Database) -> None:
    await seed(database, TODAY)

    def work(uow: UnitOfWork) -> Any:
        client = uow.one(CLIENT_BY_CODE, code=CLIENT.lower())
        heard = says(uow, client.id, "Your technician did not come again, I waited all morning!")
        raised = raise_for(uow, heard, "missed_appointment")
        similar = find_similar(uow, read_case(uow, raised, uow.now))
        advice = advice_on(uow, raised, uow.now, agent="Ana", language="en").advice
        return similar, advice

    similar, advice = await database.write(work)
    assert {one.case.reason for one in similar[:5]} == {"missed_appointment"}
    assert advice.success is not None
    assert advice.success.of == len([one for one in similar if one.case.resolution != "no_action"])
    assert advice.success.saved == len([one for one in similar if one.case.resolution not in ("lost", "no_action")])
    assert advice.satisfaction.of == len([one for one in similar if one.case.satisfaction])
    assert [one.score for one in similar] == sorted((one.score for one in similar), reverse=True)


async def test_a_case_is_learned_from_when_it_is_resolved_and_not_while_it_is_open(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        agent = builders.person(uow, client, "agent", "ana")
        first = raise_for(
            uow, says(uow, client, "The freezer is warm, all the fish is spoiled", "34600111"), "complaint"
        )
        second = raise_for(
            uow, says(uow, client, "My freezer is warm and the fish is spoiled", "34600222"), "complaint"
        )

        def seen() -> list[int]:
            return [one.case.id for one in find_similar(uow, read_case(uow, second, uow.now))]

        builders.acting(uow, agent)
        open_ = seen()
        execute(ClaimEscalation(first.id), uow)
        execute(ResolveEscalation(first.id, "handled", "Replaced the fish the same day."), uow)
        resolved = seen()
        [found] = find_similar(uow, read_case(uow, second, uow.now))
        execute(ReopenEscalation(first.id), uow)
        return open_, resolved == [first.id], seen(), found.case.approach

    assert await database.write(work) == ([], True, [], "Replaced the fish the same day.")


async def test_another_clients_cases_are_never_shown(database: Database) -> None:
    await seed(database, TODAY)

    def work(uow: UnitOfWork) -> Any:
        stranger = builders.client(uow, "OTHER")
        raised = raise_for(uow, says(uow, stranger, "Your technician did not come again"), "missed_appointment")
        made = advice_on(uow, raised, uow.now, agent="", language="en").advice
        return made.similar, made.success, made.satisfaction

    assert await database.write(work) == ((), None, None)


def says(uow: UnitOfWork, client: int, text: str, address: str = "34600999") -> Any:
    return execute(HearCustomer(client, "whatsapp", "default", (address,), address, "Somebody", text), uow)


def raise_for(uow: UnitOfWork, heard: Any, reason: str) -> Escalation:
    raised: Escalation = execute(
        RaiseEscalation(heard.customer.client_id, heard.customer.id, reason, conversation_id=heard.conversation.id), uow
    )
    return raised
