"""When nobody was reached: the admins hear why, once, and what waits for an answer climbs at once."""

from datetime import timedelta
from typing import Any

import pytest

from core.audit.record import Subject, list_timeline
from core.database import Database
from core.outbox.dispatching import Settlement, settle
from core.outbox.late import LATE, late, list_late
from core.outbox.notify import NORMAL, URGENT, Notification, tell_person, tell_role
from core.outbox.unreached import ALARM
from core.people.tables import contact_methods
from core.policies.climbing import list_running, start
from core.policies.steps import Step
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.outbox.test_fallback import arrives, fails, on_the_wire

HALF_AN_HOUR = timedelta(minutes=30)


def company(uow: UnitOfWork, admin_on: str = "slack") -> tuple[int, int, Subject]:
    """Client, a technician on Telegram and the ticket that waits for them; there is an admin."""
    client = builders.client(uow)
    technician = builders.person(uow, client, "technician", "ANA")
    if admin_on:
        builders.person(uow, client, "admin", "ADA", on=admin_on)
    subject = Subject("ticket", 12, "TKT-12", client)
    start(uow, subject, "response", (Step(60, ("dispatcher",), "miss"),))
    return client, technician, subject


def offer(subject: Subject, **more: Any) -> Notification:
    row: dict[str, Any] = {"urgency": URGENT, "hastens": "response"} | more
    return Notification("reply.text", {"text": "Yours", "reference": "TKT-12"}, subject, **row)


def alarms(uow: UnitOfWork) -> list[builders.Left]:
    return [one for one in builders.outbox(uow) if one.template == ALARM]


def due_at(uow: UnitOfWork) -> timedelta:
    (climb,) = list_running(uow, "ticket", 12)
    assert climb.due_at
    return climb.due_at - START


async def test_the_admin_reads_who_and_why_and_the_ticket_climbs_at_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        _, ana, ticket = company(uow)
        row = {"channel": "whatsapp", "address": "w-ana", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=ana, **row)
        tell_person(uow, ana, offer(ticket))
        fails(uow, "telegram")
        assert (alarms(uow), due_at(uow)) == ([], timedelta(hours=1))
        fails(uow, "whatsapp")
        (alarm,) = alarms(uow)
        (event,) = list_timeline(uow, "ticket", 12)
        return alarm.chat, alarm.card.notice, alarm.text, event.kind, event.data["person"], due_at(uow)

    chat, notice, text, kind, person, due = await database.write(work)
    assert (chat, kind, person, due) == ("slack-ADA", "notification.unreached", "Ana", timedelta(0))
    assert notice == "🚫 Nobody was reached about TKT-12: Ana"
    assert "Ana: Telegram, no telegram; Whatsapp, no whatsapp" in text
    assert "Whoever comes next is told now." in text


@pytest.mark.parametrize(("urgency", "number"), [(URGENT, 1), (NORMAL, 0)])
async def test_only_what_is_urgent_raises_the_alarm(database: Database, urgency: int, number: int) -> None:
    def work(uow: UnitOfWork) -> Any:
        _, ana, ticket = company(uow)
        tell_person(uow, ana, offer(ticket, urgency=urgency, hastens=None))
        fails(uow, "telegram")
        return len(alarms(uow)), builders.happened(uow), due_at(uow)

    assert await database.write(work) == (number, ["notification.unreached"], timedelta(hours=1))


async def test_while_another_of_those_told_may_be_reached_there_is_no_alarm(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, _, ticket = company(uow)
        builders.person(uow, client, "dispatcher", "DAN")
        builders.person(uow, client, "dispatcher", "DEE", on="whatsapp")
        tell_role(uow, client, "dispatcher", offer(ticket))
        fails(uow, "telegram")
        before = len(alarms(uow)), due_at(uow)
        fails(uow, "whatsapp")
        (alarm,) = alarms(uow)
        return before, [person["name"] for person in alarm.facts["cases"][0]["people"]], due_at(uow)

    assert await database.write(work) == ((0, timedelta(hours=1)), ["Dan", "Dee"], timedelta(0))


async def test_who_was_told_for_another_reason_does_not_count(database: Database) -> None:
    """The same card at the same moment: the technician's is an offer, the dispatcher's is for information."""

    def work(uow: UnitOfWork) -> Any:
        client, ana, ticket = company(uow)
        dispatcher = builders.person(uow, client, "dispatcher", "DEE", on="whatsapp")
        for person, audience in ((ana, "technician:1"), (dispatcher, "dispatcher")):
            notification = offer(ticket)
            tell_person(
                uow, person, Notification("reply.text", notification.facts | {"audience": audience}, ticket, URGENT)
            )
        arrives(uow, "whatsapp")
        fails(uow, "telegram")
        return len(alarms(uow))

    assert await database.write(work) == 1


async def test_an_alarm_that_reaches_nobody_raises_no_other(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, ana, ticket = company(uow)
        builders.person(uow, client, "owner", "OLA", on="whatsapp")
        tell_person(uow, ana, offer(ticket))
        fails(uow, "telegram")
        fails(uow, "slack")
        return len(alarms(uow)), builders.happened(uow)

    assert await database.write(work) == (1, ["notification.unreached"] * 2)


async def test_the_admin_who_cannot_be_reached_is_not_told_so(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, _, ticket = company(uow, admin_on="telegram")
        builders.person(uow, client, "owner", "OLA", on="whatsapp")
        tell_role(uow, client, "admin", offer(ticket))
        fails(uow, "telegram")
        return [alarm.chat for alarm in alarms(uow)]

    assert await database.write(work) == ["whatsapp-OLA"]


async def test_without_anybody_to_alarm_it_still_stands_in_the_timeline(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        _, ana, ticket = company(uow, admin_on="")
        tell_person(uow, ana, offer(ticket))
        fails(uow, "telegram")
        return alarms(uow), [event.kind for event in list_timeline(uow, "ticket", 12)], due_at(uow)

    assert await database.write(work) == ([], ["notification.unreached"], timedelta(0))


def looks_for_late(uow: UnitOfWork, after: timedelta = HALF_AN_HOUR) -> int:
    uow.now = START + after
    return late(uow, list_late(uow, uow.now - HALF_AN_HOUR, 100))


async def test_what_still_waits_after_its_target_is_reported_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        _, ana, ticket = company(uow)
        tell_person(uow, ana, offer(ticket))
        early = looks_for_late(uow, HALF_AN_HOUR - timedelta(seconds=1))
        numbers = [looks_for_late(uow), looks_for_late(uow, 2 * HALF_AN_HOUR)]
        (alarm,) = alarms(uow)
        fails(uow, "telegram")
        return early, numbers, "Ana: Telegram, it still waits" in alarm.text, len(alarms(uow))

    assert await database.write(work) == (0, [1, 0], True, 1)


async def test_what_may_have_arrived_is_reported_unless_the_person_was_heard_there_since(database: Database) -> None:
    def uncertain(uow: UnitOfWork) -> None:
        _, ana, ticket = company(uow)
        tell_person(uow, ana, offer(ticket))
        settle(uow, [Settlement(one, "unknown") for one in on_the_wire(uow, "telegram")])

    def heard(uow: UnitOfWork) -> int:
        uow.connection.execute(contact_methods.update().values(last_inbound_at=START + timedelta(minutes=5)))
        return looks_for_late(uow)

    await database.write(uncertain)
    assert await database.write(heard) == 0

    def not_heard(uow: UnitOfWork) -> Any:
        uow.connection.execute(contact_methods.update().values(last_inbound_at=START - timedelta(minutes=5)))
        return looks_for_late(uow), "nobody knows whether it arrived" in alarms(uow)[0].text

    assert await database.write(not_heard) == (1, True)


async def test_what_arrived_or_fell_back_or_went_to_another_as_well_is_not_late(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, ana, ticket = company(uow)
        tell_person(uow, ana, offer(ticket))
        arrives(uow, "telegram")
        dan = builders.person(uow, client, "dispatcher", "DAN")
        builders.put(uow, contact_methods, person_id=dan, channel="whatsapp", address="w", rank=2, verified_at=uow.now)
        tell_role(uow, client, "dispatcher", offer(ticket, hastens=None))
        fails(uow, "telegram")
        arrives(uow, "whatsapp", "w1")
        return looks_for_late(uow), len(alarms(uow))

    assert await database.write(work) == (0, 0)


async def test_while_another_was_told_in_time_it_only_stands_in_the_timeline(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, _, ticket = company(uow)
        builders.person(uow, client, "dispatcher", "DAN")
        builders.person(uow, client, "dispatcher", "DEE", on="whatsapp")
        tell_role(uow, client, "dispatcher", offer(ticket))
        arrives(uow, "whatsapp")
        return looks_for_late(uow), len(alarms(uow)), builders.happened(uow)

    assert await database.write(work) == (0, 0, ["notification.unreached"])


async def test_many_at_once_are_one_alarm(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, ana, _ = company(uow)
        for number in range(12):
            thing = Subject("ticket", 100 + number, f"TKT-{100 + number}", client)
            notification = Notification("reply.text", {"text": "x", "reference": thing.reference}, thing, URGENT)
            tell_person(uow, ana, notification)
        reported = looks_for_late(uow)
        (alarm,) = alarms(uow)
        return reported, len(alarm.facts["cases"]), alarm.facts["more"], alarm.card.notice

    assert await database.write(work) == (12, 10, 2, "🚫 Nobody was reached about TKT-100: Ana (and 11 more)")


async def test_the_sweep_asks_its_own_index(database: Database) -> None:
    if not database.url.startswith("sqlite"):
        pytest.skip("PostgreSQL plans by statistics that a small table does not have")

    def plan(uow: UnitOfWork) -> str:
        compiled = LATE.compiled(uow.dialect)
        values = compiled.parameters({"before": START, "since": START, "limit": 1})
        rows = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.sql}", tuple(values))
        return " ".join(str(row) for row in rows)

    assert "ix_deliveries_unreached" in await database.write(plan)
