"""People are alerted by themselves: the right person, with the one thing to do, and nothing twice."""

from dataclasses import replace
from typing import Any

import pytest

from core.actor import SYSTEM
from core.clock import ManualClock
from core.conversations.tables import customers
from core.database import Database
from core.errors import Forbidden, Invalid
from core.escalations.commands import (
    ClaimEscalation,
    RaiseEscalation,
    ReleaseEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.queries import get_escalation
from core.executor import execute
from core.guidance.alert_rules import SetAlertRules
from core.guidance.case import read_case
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from jobs.alerts import give_alerts
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised
from tests.core.guidance.test_similar import says


async def told(database: Database) -> list[tuple[int | None, str, list[str]]]:
    """Whom, of what, and what the only button says."""
    left = await database.read(lambda reader: builders.outbox(reader, template="guidance.alert"))
    return [(one.person_id, one.facts["alert"], one.commands) for one in left]


def in_hand(uow: UnitOfWork, reason: str = "requested_human", priority: int | None = None, **customer: Any) -> Desk:
    desk = furnished(uow)
    if customer:
        builders.change(uow, customers, desk.customer, **customer)
    number = raised(uow, desk, reason, priority=priority).id
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


async def test_whom_is_the_clients_to_say(database: Database) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = in_hand(uow, "cancellation", yearly_value=900_100, currency="EUR")
        does(uow, desk.lea, SetAlertRules(desk.client, value_at_risk=["owner"], value_over=9000))
        for wrong in ({"cause": ["everybody"]}, {"value_over": -1}):
            with pytest.raises(Invalid):
                does(uow, desk.lea, SetAlertRules(desk.client, **wrong))
        with pytest.raises(Forbidden):
            does(uow, desk.ana, SetAlertRules(desk.client, value_at_risk=[]))
        return desk

    desk = await database.write(story)
    assert await give_alerts(database) == 1
    assert await told(database) == [(desk.olga, "value_at_risk", ["guide ESC-1"])]
    await database.write(
        lambda uow: does(uow, desk.lea, SetAlertRules(desk.client, value_at_risk=["owner", "assignee"]))
    )
    assert [await give_alerts(database) for _ in range(2)] == [1, 0]
    assert [one[0] for one in await told(database)] == [desk.olga, desk.ana]


async def test_a_lead_who_has_the_case_is_told_once(database: Database) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        builders.change(uow, customers, desk.customer, yearly_value=900_100, currency="EUR")
        raised(uow, desk, "cancellation")
        return desk

    desk = await database.write(story)
    assert await give_alerts(database) == 1  # nobody has it: the lead may give it to somebody
    await database.write(lambda uow: does(uow, desk.lea, ClaimEscalation(1)))
    await give_alerts(database)
    assert await told(database) == [(desk.lea, "value_at_risk", ["guide ESC-1"])]


async def test_a_promise_nobody_is_left_to_keep_is_told_to_the_lead(database: Database, clock: ManualClock) -> None:
    def promised(uow: UnitOfWork) -> Desk:
        desk = in_hand(uow)
        does(uow, desk.ana, TakeOver(1))
        does(uow, desk.ana, ReplyToCustomer(1, "I write again in 30 minutes."))
        does(uow, desk.ana, ReleaseEscalation(1, "queue"))
        return desk

    desk = await database.write(promised)
    clock.advance(25 * 60)
    assert [await give_alerts(database) for _ in range(2)] == [1, 0]
    assert await told(database) == [(desk.lea, "promise_due", ["claim ESC-1"])]


async def test_who_can_be_reached_nowhere_is_stood_in_for(database: Database) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = in_hand(uow)
        uow.connection.execute(contact_methods.delete().where(contact_methods.c.person_id == desk.ana))
        execute(RaiseEscalation(desk.client, desk.customer, "legal", desk.conversation), uow)
        return desk

    desk = await database.write(story)
    assert [await give_alerts(database) for _ in range(2)] == [1, 0]
    assert await told(database) == [(desk.lea, "cause", ["guide ESC-1"])]


async def test_every_open_case_is_watched_however_many_there_are(database: Database, clock: ManualClock) -> None:
    """The promise was made in the first, of the least priority, and much has been written in the others since."""

    def busy(uow: UnitOfWork) -> Desk:
        desk = in_hand(uow, priority=3)
        does(uow, desk.ana, TakeOver(1))
        does(uow, desk.ana, ReplyToCustomer(1, "I write again in 30 minutes."))
        uow.actor = SYSTEM
        for number in range(60):
            for _ in range(8):
                heard = says(uow, desk.client, "Hello?", f"34700{number:03}")
            raised(uow, replace(desk, customer=heard.customer.id), conversation_id=heard.conversation.id)
        return desk

    desk = await database.write(busy)
    clock.advance(25 * 60)
    assert await give_alerts(database) == 1
    assert await told(database) == [(desk.ana, "promise_due", ["reply ESC-1"])]


async def test_yen_are_counted_as_yen(database: Database) -> None:
    def story(uow: UnitOfWork) -> tuple[int, int]:
        desk = in_hand(uow, "cancellation", yearly_value=6_000, currency="JPY")
        return desk.lea, read_case(uow, get_escalation(uow, 1), uow.now).value

    assert (await database.write(story))[1] == 6_000
    assert await give_alerts(database) == 1
