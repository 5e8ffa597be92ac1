"""What comes to be due in somebody's quiet hours or free time waits, too: the end of a bundle, a second try, a changed card."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.audit.record import Subject
from core.calendars.commands import SetPersonHours
from core.calendars.opening import Opening
from core.calendars.queries import keep_spread
from core.database import Database
from core.executor import execute
from core.outbox.cards import refresh_cards
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import NORMAL, URGENT, Chat, Notification, tell_chat, tell_person
from core.outbox.quiet import LOOK_AGAIN
from core.outbox.tables import Delivery, deliveries
from core.outbox.uncertain import send_again
from core.outbox.windows import follow, list_unfollowed
from core.people.tables import persons
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.test_plans import plan_of

EVENING = datetime.fromisoformat("2026-11-23T21:59+01:00")
NIGHT = datetime.fromisoformat("2026-11-23T22:05+01:00")
MORNING = datetime.fromisoformat("2026-11-24T07:00+01:00")
TICKET = Subject("ticket", 7, "TKT-7", None)


def sleeper(uow: UnitOfWork, on: str = "telegram", **values: Any) -> int:
    """Asleep from ten to seven; the clock stands at a minute to ten."""
    uow.now = EVENING
    keep_spread(uow, timedelta())
    times = {"quiet_from": "22:00", "quiet_until": "07:00"} | values
    return builders.person(uow, builders.client(uow), "technician", "ANA", on=on, **times)


def tell(uow: UnitOfWork, person: int, *texts: str, urgency: int = NORMAL, **more: Any) -> None:
    for text in texts:
        facts = {"text": text, "audience": ""}
        tell_person(uow, person, Notification("reply.text", facts, TICKET, urgency=urgency, **more))


def due(uow: UnitOfWork, at: datetime, channel: str = "telegram", **how: Any) -> list[Delivery]:
    uow.now = at
    return claim(uow, channel, "default", 100, **how)


def said(claimed: list[Delivery]) -> list[list[str]]:
    return [sorted(str(each.facts["text"]) for each in (one, *one.carried)) for one in claimed]


def waiting(uow: UnitOfWork) -> list[tuple[datetime, str | None]]:
    columns = select(deliveries.c.next_attempt_at, deliveries.c.held_for).where(deliveries.c.state == "pending")
    return [(row.next_attempt_at, row.held_for) for row in uow.connection.execute(columns.order_by(deliveries.c.id))]


async def test_a_bundle_whose_window_ends_at_night_leaves_in_the_morning_as_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell(uow, person, "a", "b", "c", "d", digest_key="ticket")
        at_once = said(due(uow, EVENING))
        return at_once, said(due(uow, NIGHT)), waiting(uow), said(due(uow, MORNING))

    at_once, at_night, held, in_the_morning = await database.write(work)
    assert at_once == [["a"], ["b"]]
    assert at_night == []
    assert held == [(MORNING, "quiet")] * 2
    assert in_the_morning == [["c", "d"]]


async def test_what_failed_in_the_evening_is_not_tried_again_at_night(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell(uow, person, "late")
        tell(uow, person, "now!", urgency=URGENT)
        settle(uow, [Settlement(one, "temporary", again_at=NIGHT) for one in due(uow, EVENING)])
        return said(due(uow, NIGHT)), said(due(uow, MORNING))

    assert await database.write(work) == ([["now!"]], [["late"]])


async def test_what_waits_for_the_morning_holds_up_no_answer_at_night(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell(uow, person, "late")
        settle(uow, [Settlement(one, "temporary", again_at=NIGHT) for one in due(uow, EVENING)])
        due(uow, NIGHT)
        answer = Notification("reply.text", {"text": "You asked."})
        tell_chat(uow, Chat("telegram", "default", "telegram-ANA"), answer, person_id=person)
        return said(due(uow, NIGHT + timedelta(minutes=1)))

    assert await database.write(work) == [["You asked."]]


async def test_what_an_operator_sends_again_waits_as_well(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell(uow, person, "lost")
        (lost,) = due(uow, EVENING)
        settle(uow, [Settlement(lost, "unknown")])
        uow.now = NIGHT
        send_again(uow, lost.id)
        return said(due(uow, NIGHT)), said(due(uow, MORNING))

    assert await database.write(work) == ([], [["lost"]])


async def test_the_full_text_follows_somebody_who_writes_at_night(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow, "whatsapp")
        tell(uow, person, "in full")
        settle(uow, [Settlement(one, "sent", external_id="m", as_notice=True) for one in due(uow, EVENING, "whatsapp")])
        uow.now = NIGHT
        follow(uow, list_unfollowed(uow, "whatsapp", "default", "whatsapp-ANA", uow.now))
        return said(due(uow, NIGHT, "whatsapp"))

    assert await database.write(work) == [["in full"]]


@pytest.mark.parametrize("rings", [True, False])
async def test_a_card_that_changes_at_night_rings_nobody(database: Database, rings: bool) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell(uow, person, "card", urgency=URGENT, card=True)
        settle(uow, [Settlement(one, "sent", external_id="m") for one in due(uow, EVENING)])
        uow.now = NIGHT
        for text in ("changed", "changed again"):
            refresh_cards(uow, TICKET, {"text": text})
            at_night = said(due(uow, NIGHT, edits_ring=rings))
        return at_night, said(due(uow, MORNING, edits_ring=rings))

    at_night, in_the_morning = await database.write(work)
    assert (at_night, in_the_morning) == (([], [["changed again"]]) if rings else ([["changed again"]], []))


async def test_who_changes_their_times_is_told_by_the_new_ones(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        uow.now = NIGHT
        tell(uow, person, "a")
        held = waiting(uow)
        execute(SetPersonHours(person, Opening(hours="daily 9-17")), uow)
        still = said(due(uow, NIGHT)), waiting(uow)
        execute(SetPersonHours(person, Opening(hours="", quiet="off")), uow)
        return held, still, said(due(uow, NIGHT))

    held, (none, later), now = await database.write(work)
    assert held == [(MORNING, "quiet")]
    assert none == []
    assert later == [(MORNING + timedelta(hours=2), "quiet")]
    assert now == [["a"]]


async def test_times_that_leave_nothing_hold_nothing_back_for_ever(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow, hours="daily 23:00-06:00")  # from an import: saying it is refused
        uow.now = NIGHT
        tell(uow, person, "a")
        return said(due(uow, NIGHT)), said(due(uow, MORNING))

    assert await database.write(work) == ([], [["a"]])


async def test_a_closed_day_that_was_said_meanwhile_counts(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        uow.now = NIGHT
        tell(uow, person, "a")
        builders.change(uow, persons, person, hours="daily 0-24", closed_on=["2026-11-24"])
        return said(due(uow, MORNING)), said(due(uow, MORNING + timedelta(days=1)))

    assert await database.write(work) == ([], [["a"]])


async def test_nobody_waits_behind_those_who_sleep(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = sleeper(uow)
        tell(uow, person, *(f"late {number}" for number in range(12)))
        awake = builders.person(uow, 1, "technician", "BEN")
        tell(uow, awake, "now")
        uow.now = NIGHT
        return said(claim(uow, "telegram", "default", 3)), waiting(uow)

    leaving, held = await database.write(work)
    assert leaving == [["now"]]
    assert held == [(MORNING, "quiet")] * 12


async def test_what_is_held_is_found_among_what_waits_in_the_lane(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        return plan_of(uow, LOOK_AGAIN["quiet"], {"person_id": 1, "now": uow.now})

    if database.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL plans by statistics that a small table does not have")

    assert "ix_deliveries_due" in await database.write(work)
