"""What can wait is held for the end of a person's quiet hours; what is urgent, and answers to themselves, are not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import NORMAL, URGENT, Chat, Notification, tell_chat, tell_person
from core.outbox.tables import LOW, deliveries
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders

NIGHT = datetime.fromisoformat("2026-11-23T23:00+01:00")
MORNING = datetime.fromisoformat("2026-11-24T07:00+01:00")


def sleeper(uow: UnitOfWork, unit_zone: str = "Europe/Madrid", **values: Any) -> int:
    uow.now = NIGHT
    unit = builders.unit(uow, builders.client(uow), "BR-1", time_zone=unit_zone)
    return builders.person(uow, unit, "technician", "ANA", quiet_from="22:00", quiet_until="07:00", **values)


def hello(urgency: int = NORMAL) -> Notification:
    return Notification("reply.text", {"text": "Hello"}, urgency=urgency)


def waiting(uow: UnitOfWork) -> list[tuple[datetime, str | None]]:
    columns = select(deliveries.c.next_attempt_at, deliveries.c.held_for)
    rows = uow.connection.execute(columns.where(deliveries.c.state == "pending").order_by(deliveries.c.id))
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("urgency", [NORMAL, LOW])
async def test_at_night_it_waits_for_the_morning(database: Database, urgency: int) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, sleeper(uow), hello(urgency))
        return waiting(uow)

    ((leaves, why),) = await database.write(work)
    assert why == "quiet"
    assert MORNING <= leaves < MORNING + timedelta(minutes=10)


async def test_urgent_messages_and_answers_to_themselves_leave_at_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell_person(uow, person, hello(URGENT))
        tell_chat(uow, Chat("telegram", "default", "telegram-ANA"), hello(), person_id=person)
        return waiting(uow)

    assert await database.write(work) == [(NIGHT, None), (NIGHT, None)]


async def test_by_day_nothing_is_held(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        uow.now = MORNING
        tell_person(uow, person, hello())
        return waiting(uow)

    assert await database.write(work) == [(MORNING, None)]


@pytest.mark.parametrize(
    ("unit_zone", "own_zone", "held"),
    [
        ("America/New_York", "", False),  # 17:00 at the branch
        ("America/New_York", "Europe/Madrid", True),
        ("Europe/Madrid", "America/New_York", False),
    ],
)
async def test_the_clock_is_the_persons_own_else_that_of_where_they_work(
    database: Database, unit_zone: str, own_zone: str, held: bool
) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, sleeper(uow, unit_zone, time_zone=own_zone), hello())
        return waiting(uow)[0][1] == "quiet"

    assert await database.write(work) is held


async def test_photos_wait_with_their_text(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        tell_person(uow, sleeper(uow), Notification("reply.text", {"text": "Look"}, photos=(7,)))
        return waiting(uow)

    text, photo = await database.write(work)
    assert text == photo
    assert text[1] == "quiet"


async def test_the_next_way_is_as_quiet_as_the_first(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        builders.put(uow, contact_methods, person_id=person, channel="slack", address="U1", rank=2, verified_at=uow.now)
        uow.now = NIGHT - timedelta(hours=2)
        tell_person(uow, person, hello())
        on_its_way = claim(uow, "telegram", "default", 100)
        uow.now = NIGHT
        settle(uow, [Settlement(one, "permanent") for one in on_its_way])
        return waiting(uow)

    ((leaves, why),) = await database.write(work)
    assert (leaves >= MORNING, why) == (True, "quiet")
