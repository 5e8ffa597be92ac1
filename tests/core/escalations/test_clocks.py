"""Targets, and what happens by itself: warnings, breaches, long silence, claims that lie, and customers who wait."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actor import SYSTEM
from core.calendars.commands import SetUnitHours
from core.calendars.hours import Calendar, is_open, open_time
from core.calendars.hours_text import parse_hours
from core.calendars.opening import Opening
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.escalations.commands import (
    ChangeEscalationPriority,
    ClaimEscalation,
    NoteEscalation,
    RelayCustomerMessage,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    SetServiceLevels,
    TakeOver,
)
from core.escalations.policies import steps_of
from core.escalations.policy import claim_steps
from core.escalations.queries import get_escalation
from core.escalations.service_levels import service_levels
from core.escalations.tables import Escalation
from core.executor import execute
from core.policies.climbing import list_running
from core.policies.laying import Watch
from core.policies.steps import due_at
from core.policies.stretching import stretched
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import Desk, does, furnished, raised

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MADRID = ZoneInfo("Europe/Madrid")
CALENDARS = st.builds(
    Calendar,
    st.sampled_from([MADRID, ZoneInfo("America/Chicago"), ZoneInfo("UTC")]),
    st.sampled_from(
        [parse_hours(text) for text in ("Mon-Fri 09:00-18:00", "Mon-Sat 22:00-06:00", "Mon-Sun 00:00-24:00")]
    ),
    st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=3),
    st.sampled_from(["", "ES-MD"]),
)
MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


@given(CALENDARS, MOMENTS, st.integers(1, 3_000), st.integers(0, 3))
def test_every_step_is_due_when_the_client_was_open_for_its_minutes(
    calendar: Calendar, since: datetime, minutes: int, priority: int
) -> None:
    for steps, passing in (
        *(
            (
                steps_of(part, Watch(minutes, priority=priority)),
                steps_of(part, Watch(minutes, calendar, since, priority)),
            )
            for part in ("response", "resolution")
        ),
        (claim_steps(minutes), stretched(claim_steps(minutes), calendar, since)),
    ):
        for place, step in enumerate(steps):
            moment = due_at(passing, place, since)
            assert moment
            assert abs(open_time(calendar, since, moment) - step.after_minutes * MINUTE) < timedelta(seconds=1)
            assert is_open(calendar, moment - timedelta(seconds=1)) or is_open(calendar, moment)


def minutes_to(escalation: Escalation) -> tuple[float, float]:
    due = escalation.resolution_due_at
    assert due
    return (escalation.response_due_at - START) / MINUTE, (due - START) / MINUTE


@pytest.mark.parametrize(("priority", "minutes"), [(0, (5, 240)), (1, (60, 480)), (2, (240, 1440)), (3, (1440, 4320))])
async def test_each_priority_has_its_targets(database: Database, priority: int, minutes: tuple[int, int]) -> None:
    def work(uow: UnitOfWork) -> Any:
        return minutes_to(raised(uow, furnished(uow), priority=priority))

    assert await database.write(work) == minutes


async def test_a_client_promises_something_else(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        does(uow, desk.lea, SetServiceLevels(desk.client, response=(5, 15, 60, 480), resolution=(60, 120, 480, 960)))
        uow.actor = SYSTEM
        return minutes_to(raised(uow, desk, priority=1)), service_levels(uow, desk.client).claim

    assert await database.write(work) == ((15, 120), (10, 30, 60, 240))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"response": (5, 60, 30, 1440)}, "due sooner"),
        ({"response": (5, 60)}, "Four numbers"),
        ({"claim": (0, 1, 2, 3)}, "each from 1 to"),
        ({"resolution": (1, 60, 240, 1440)}, "later one"),
        ({"hours": "lunar"}, "neither business nor calendar"),
    ],
)
async def test_promises_that_cannot_be_are_refused(database: Database, values: dict[str, Any], words: str) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        does(uow, desk.lea, SetServiceLevels(desk.client, **values))

    with pytest.raises(Invalid, match=words):
        await database.write(work)


async def test_an_agent_may_not_change_what_is_promised(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        does(uow, desk.ana, SetServiceLevels(desk.client, hours="calendar"))

    with pytest.raises(Forbidden, match="This is for the team lead, the owner or an admin"):
        await database.write(work)


@pytest.mark.parametrize(
    ("priority", "hours", "due"),
    [
        (1, "business", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),  # half an hour on Monday, half an hour on Tuesday
        (1, "calendar", datetime(2026, 11, 23, 17, 30, tzinfo=UTC)),
        (0, "business", datetime(2026, 11, 23, 16, 35, tzinfo=UTC)),
    ],
)
async def test_business_hours_count_where_they_are_to_but_never_for_p0(
    database: Database, priority: int, hours: str, due: datetime
) -> None:
    def work(uow: UnitOfWork) -> datetime:
        desk = furnished(uow)
        execute(SetUnitHours(desk.client, Opening(hours="Mon-Fri 9-18")), uow)
        does(uow, desk.lea, SetServiceLevels(desk.client, hours=hours))
        uow.actor, uow.now = SYSTEM, datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 17:30 in Madrid
        return raised(uow, desk, priority=priority).response_due_at

    assert await database.write(work) == due


async def climbed(database: Database, clock: ManualClock, **values: Any) -> Desk:
    """One is raised; the clock is the test's."""

    def work(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        raised(uow, desk, **values)
        return desk

    return await database.write(work)


async def passes(database: Database, clock: ManualClock, time: timedelta) -> None:
    clock.advance(time.total_seconds())
    await climb_due(database)


async def told(database: Database, person_id: int) -> list[str]:
    left = await database.read(lambda reader: builders.outbox(reader, person_id=person_id, kind="message"))
    return [one.template for one in left if one.template != "escalation.card"]


async def as_(database: Database, person_id: int, command: Any) -> Escalation:
    done: Escalation = await database.write(lambda uow: does(uow, person_id, command))
    return done


async def test_a_missed_answer_is_told_to_lead_and_owner_and_the_flag_stays(
    database: Database, clock: ManualClock
) -> None:
    desk = await climbed(database, clock, priority=1)
    await passes(database, clock, 30 * MINUTE)
    below = await database.read(lambda reader: builders.outbox(reader, template="escalation.due"))
    assert [(one.chat, one.facts["breach"]) for one in below] == [("C1", False)]
    await passes(database, clock, 31 * MINUTE)
    assert await told(database, desk.lea) == await told(database, desk.olga) == ["escalation.due"]
    case = await as_(database, desk.ana, TakeOver(1))
    case = await as_(database, desk.ana, ReplyToCustomer(1, "Hello"))
    assert case.breached_at == START + 61 * MINUTE
    case = await as_(database, desk.ana, ResolveEscalation(1, "handled"))
    assert case.breached_at == START + 61 * MINUTE


async def test_what_is_urgent_and_not_resolved_after_four_hours_reaches_the_owner(
    database: Database, clock: ManualClock
) -> None:
    desk = await climbed(database, clock, priority=1)
    await as_(database, desk.ana, TakeOver(1))
    await as_(database, desk.ana, ReplyToCustomer(1, "Hello"))
    await passes(database, clock, 4 * HOUR)
    assert await told(database, desk.olga) == ["escalation.open_long"]
    assert (await as_(database, desk.ana, NoteEscalation(1, "waits for a part"))).resolution_breached_at is None
    await passes(database, clock, 4 * HOUR)
    assert await told(database, desk.olga) == ["escalation.open_long"] * 2
    case = await as_(database, desk.ana, ResolveEscalation(1, "handled"))
    assert case.resolution_breached_at == START + 8 * HOUR
    assert await database.read(lambda reader: list_running(reader, "escalation", 1)) == []


async def test_two_days_without_progress_are_told_to_the_lead_and_again(database: Database, clock: ManualClock) -> None:
    desk = await climbed(database, clock, priority=3)
    await as_(database, desk.ana, TakeOver(1))
    await as_(database, desk.ana, ReplyToCustomer(1, "Hello"))
    await passes(database, clock, 47 * HOUR)
    await as_(database, desk.ana, NoteEscalation(1, "asked the supplier"))
    await passes(database, clock, 47 * HOUR)
    assert await _silences(database, desk) == 0
    for nudges in (1, 2):
        await passes(database, clock, 48 * HOUR)
        assert await _silences(database, desk) == nudges


async def _silences(database: Database, desk: Desk) -> int:
    found = await database.read(lambda reader: builders.outbox(reader, template="escalation.open_long"))
    return [one.facts["act"] for one in found if one.person_id == desk.lea].count("silent")


async def test_a_claim_without_activity_goes_back_to_the_queue_and_both_are_told(
    database: Database, clock: ManualClock
) -> None:
    desk = await climbed(database, clock, priority=1)
    await as_(database, desk.ana, ClaimEscalation(1))
    await passes(database, clock, 20 * MINUTE)
    await as_(database, desk.ana, NoteEscalation(1, "reading"))
    await passes(database, clock, 29 * MINUTE)
    assert (await database.read(lambda reader: get_escalation(reader, 1))).status == "assigned"
    await passes(database, clock, 2 * MINUTE)
    case = await database.read(lambda reader: get_escalation(reader, 1))
    assert (case.status, case.assigned_to) == ("pending", None)
    gone = await database.read(lambda reader: builders.outbox(reader, template="escalation.expired"))
    assert [(one.chat, one.facts["yours"]) for one in gone] == [("slack-ANA", True), ("C1", False)]
    with pytest.raises(Conflict, match="Nobody has ESC-1 yet"):
        await as_(database, desk.ana, ReplyToCustomer(1, "Hello"))


async def test_who_has_taken_over_keeps_it(database: Database, clock: ManualClock) -> None:
    desk = await climbed(database, clock, priority=1)
    await as_(database, desk.ana, ClaimEscalation(1))
    await as_(database, desk.ana, TakeOver(1))
    await passes(database, clock, 3 * HOUR)
    assert (await database.read(lambda reader: get_escalation(reader, 1))).assigned_to == desk.ana


async def test_a_customer_who_writes_while_waiting_is_heard_by_who_has_it_else_by_the_lead(
    database: Database, clock: ManualClock
) -> None:
    desk = await climbed(database, clock, priority=1)
    for _ in range(3):
        await database.write(lambda uow: execute(RelayCustomerMessage(1, "Hello?"), uow))
    assert await told(database, desk.lea) == ["escalation.customer_said"]
    await as_(database, desk.ana, ClaimEscalation(1))
    await database.write(lambda uow: execute(RelayCustomerMessage(1, "Is anybody there?"), uow))
    assert await told(database, desk.ana) == ["escalation.customer_said"]
    await as_(database, desk.ana, TakeOver(1))
    await database.write(lambda uow: execute(RelayCustomerMessage(1, "Good"), uow))
    assert await told(database, desk.ana) == ["escalation.customer_said"]  # she reads the board's thread


async def test_more_urgent_means_new_minutes_from_now_less_urgent_as_if_it_had_been_so(
    database: Database, clock: ManualClock
) -> None:
    desk = await climbed(database, clock, priority=2)
    await passes(database, clock, 60 * MINUTE)
    assert minutes_to(await as_(database, desk.lea, ChangeEscalationPriority(1, 1))) == (120, 540)
    assert minutes_to(await as_(database, desk.lea, ChangeEscalationPriority(1, 3))) == (1440, 4320)
    with pytest.raises(Conflict, match="ESC-1 is P3 already"):
        await as_(database, desk.lea, ChangeEscalationPriority(1, 3))


async def test_more_urgent_never_has_more_time(database: Database, clock: ManualClock) -> None:
    desk = await climbed(database, clock, priority=2)
    await passes(database, clock, 235 * MINUTE)
    assert minutes_to(await as_(database, desk.lea, ChangeEscalationPriority(1, 1)))[0] == 240


async def test_who_has_it_hears_that_it_became_more_urgent(database: Database, clock: ManualClock) -> None:
    desk = await climbed(database, clock, priority=2)
    await as_(database, desk.ana, ClaimEscalation(1))
    with pytest.raises(Conflict, match="Ana has ESC-1"):
        await as_(database, desk.ben, ChangeEscalationPriority(1, 0))
    await as_(database, desk.lea, ChangeEscalationPriority(1, 0))
    assert await told(database, desk.ana) == ["escalation.priority"]


async def test_reopened_it_is_watched_anew(database: Database, clock: ManualClock) -> None:
    desk = await climbed(database, clock, priority=2)
    await as_(database, desk.ana, TakeOver(1))
    await as_(database, desk.ana, ResolveEscalation(1, "handled"))
    await as_(database, desk.ana, ReopenEscalation(1))
    running = await database.read(lambda reader: list_running(reader, "escalation", 1))
    assert {climb.purpose for climb in running} == {"response", "resolution", "progress"}
