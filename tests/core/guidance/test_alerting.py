"""People are alerted by themselves: the right person, with the one thing to do, and nothing twice."""

from typing import Any

from core.clock import ManualClock
from core.conversations.tables import customers
from core.database import Database
from core.escalations.commands import ClaimEscalation, RaiseEscalation, ReplyToCustomer, ResolveEscalation, TakeOver
from core.executor import execute
from core.unit_of_work import UnitOfWork
from jobs.alerts import give_alerts
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised
from tests.core.guidance.test_similar import says


async def told(database: Database) -> list[tuple[int | None, str, list[str]]]:
    """Whom, of what, and what the only button says."""
    left = await database.read(lambda reader: builders.outbox(reader, template="guidance.alert"))
    return [(one.person_id, one.facts["alert"], one.commands) for one in left]


def in_hand(uow: UnitOfWork, reason: str = "requested_human", **customer: Any) -> Desk:
    desk = furnished(uow)
    if customer:
        builders.change(uow, customers, desk.customer, **customer)
    number = raised(uow, desk, reason).id
    does(uow, desk.ana, ClaimEscalation(number))
    return desk


async def test_what_the_customer_says_later_is_told_to_who_has_the_case_once(database: Database) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = in_hand(uow)
        execute(RaiseEscalation(desk.client, desk.customer, "competitor", desk.conversation), uow)
        return desk

    desk = await database.write(story)
    assert [await give_alerts(database) for _ in range(2)] == [1, 0]
    assert await told(database) == [(desk.ana, "cause", ["guide ESC-1"])]


async def test_value_at_risk_is_told_to_the_lead_as_well(database: Database) -> None:
    desk = await database.write(lambda uow: in_hand(uow, "cancellation", yearly_value=500_100, currency="EUR"))
    assert await give_alerts(database) == 1
    assert sorted(await told(database)) == sorted(
        [(desk.ana, "value_at_risk", ["guide ESC-1"]), (desk.lea, "value_at_risk", ["guide ESC-1"])]
    )


async def test_a_customer_of_5000_a_year_is_not_worth_more_than_5000(database: Database) -> None:
    await database.write(lambda uow: in_hand(uow, "cancellation", yearly_value=500_000, currency="EUR"))
    assert await give_alerts(database) == 0


async def test_a_promise_is_remembered_ten_minutes_before_unless_it_was_kept(
    database: Database, clock: ManualClock
) -> None:
    def promised(uow: UnitOfWork) -> Desk:
        desk = in_hand(uow)
        does(uow, desk.ana, TakeOver(1))
        does(uow, desk.ana, ReplyToCustomer(1, "I write again in 30 minutes."))
        return desk

    desk = await database.write(promised)
    clock.advance(19 * 60)
    assert await give_alerts(database) == 0
    clock.advance(60)
    assert [await give_alerts(database), await give_alerts(database)] == [1, 0]
    assert await told(database) == [(desk.ana, "promise_due", ["reply ESC-1"])]
    await database.write(lambda uow: does(uow, desk.ana, ReplyToCustomer(1, "It is done. In 2 hours you have it.")))
    assert await give_alerts(database) == 0
    clock.advance(110 * 60)
    assert await give_alerts(database) == 1


async def test_a_mood_that_falls_is_told_once_somebody_has_the_case(database: Database) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        says(uow, desk.client, "Thank you, that was quick and friendly!", "34600")
        says(uow, desk.client, "This is a disaster. Worst service ever, I want my money back!", "34600")
        raised(uow, desk)
        return desk

    desk = await database.write(story)
    assert await give_alerts(database) == 0  # nobody has it: its card stands on the board
    await database.write(lambda uow: does(uow, desk.ben, ClaimEscalation(1)))
    assert await give_alerts(database) == 1
    assert await told(database) == [(desk.ben, "mood_fell", ["guide ESC-1"])]


async def test_nobody_is_told_of_what_is_resolved(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        desk = in_hand(uow, "cancellation", yearly_value=900_000, currency="EUR")
        does(uow, desk.ana, ResolveEscalation(1, "handled"))

    await database.write(story)
    assert await give_alerts(database) == 0
