"""Targets run while the branch is open: over nights, weekends, holidays and day-light switches; warnings before, climbs after."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.calendars.commands import SetUnitHours
from core.calendars.hours import ALWAYS_OPEN, Calendar, is_open, open_time
from core.calendars.hours_text import parse_hours
from core.calendars.opening import Opening
from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.policies.laying import Watch
from core.policies.steps import due_at
from core.tickets.commands import AcceptTicket, ChangePriority, OpenTicket
from core.tickets.policies import alone_steps, offer_steps, steps_of
from core.tickets.policy import WARNING_MINUTES
from core.tickets.queries import get_ticket_by_id
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests.core.tickets.story import Branch, does, opened, staffed_branch, templates_to

MADRID = ZoneInfo("Europe/Madrid")
SECOND = timedelta(seconds=1)
HOURS = ("Mon-Fri 08:00-18:00", "Mon-Sat 22:00-06:00", "Tue 09:00-09:30, Thu 23:30-00:30", "Mon-Sun 00:00-24:00")
CALENDARS = st.builds(
    Calendar,
    st.sampled_from([MADRID, ZoneInfo("America/Chicago"), ZoneInfo("Pacific/Auckland"), ZoneInfo("UTC")]),
    st.sampled_from([parse_hours(text) for text in HOURS]),
    st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=5),
    st.sampled_from(["", "ES-MD", "DE-BY"]),
)
MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
MINUTES = st.integers(1, 5_000)


@given(CALENDARS, MOMENTS, MINUTES)
def test_every_step_is_due_when_the_branch_was_open_for_its_minutes(
    cal: Calendar, since: datetime, minutes: int
) -> None:
    plain, watch = Watch(minutes), Watch(minutes, cal, since)
    for steps, passing in (
        (offer_steps(plain), offer_steps(watch)),
        (alone_steps(plain), alone_steps(watch)),
        (alone_steps(plain, told=1), alone_steps(watch, told=1)),
        (steps_of("resolution", plain), steps_of("resolution", watch)),
    ):
        moments = [due_at(passing, place, since) for place in range(len(steps))]
        assert moments == sorted(moments, key=lambda moment: moment or since)
        for step, moment in zip(steps, moments, strict=True):
            assert moment is not None
            assert abs(open_time(cal, since, moment) - timedelta(minutes=step.after_minutes)) < SECOND
            assert is_open(cal, moment - SECOND) or is_open(cal, moment), "not in the night before"


@given(CALENDARS, MOMENTS, st.integers(WARNING_MINUTES + 1, 5_000))
def test_a_warning_leaves_half_an_hour_of_opening(cal: Calendar, since: datetime, minutes: int) -> None:
    warning, over = offer_steps(Watch(minutes, cal, since))
    first, last = (since + timedelta(minutes=step.after_minutes) for step in (warning, over))
    assert abs(open_time(cal, first, last) - timedelta(minutes=WARNING_MINUTES)) < SECOND


@given(MOMENTS, MINUTES)
def test_where_it_is_always_open_time_just_passes(since: datetime, minutes: int) -> None:
    assert steps_of("resolution", Watch(minutes, ALWAYS_OPEN, since)) == steps_of("resolution", Watch(minutes))


def _at_weekdays(uow: UnitOfWork) -> Branch:
    at = staffed_branch(uow)
    execute(SetUnitHours(at.cluster, Opening(hours="Mon-Fri 08:00-18:00", holidays="ES-MD")), uow)
    return at


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(MADRID):%a %d %b %H:%M}"


async def test_what_is_opened_on_friday_evening_is_due_on_the_next_working_day(
    database: Database, clock: ManualClock
) -> None:
    clock.advance((datetime(2026, 12, 4, 16, 30, tzinfo=UTC) - clock.now()).total_seconds())  # a Friday, 17:30

    def work(uow: UnitOfWork) -> tuple[Branch, Ticket]:
        at = _at_weekdays(uow)
        return at, opened(uow, at)

    at, ticket = await database.write(work)
    assert _local(ticket.response_due_at) == "Wed 09 Dec 08:30", "Monday and Tuesday are holidays in Madrid"
    assert _local(ticket.resolution_due_at) == "Wed 09 Dec 11:30"
    clock.advance(4 * 86_400)
    await climb_due(database)
    assert await database.write(lambda uow: templates_to(uow, at.ana)) == ["ticket.card", "ticket.answer"]
    clock.advance((ticket.response_due_at - clock.now() - SECOND).total_seconds())
    assert await climb_due(database) == 0
    clock.advance(1)
    await climb_due(database)
    after = await database.read(lambda reader: get_ticket_by_id(reader, ticket.id))
    assert (after.technician_id, _local(after.response_due_at)) == (at.ben, "Wed 09 Dec 09:30")


async def test_a_changed_priority_counts_in_the_hours_of_the_branch_too(database: Database, clock: ManualClock) -> None:
    clock.advance((datetime(2026, 11, 27, 16, 0, tzinfo=UTC) - clock.now()).total_seconds())  # a Friday, 17:00

    def work(uow: UnitOfWork) -> None:
        at = _at_weekdays(uow)
        ticket = opened(uow, at, priority=2)
        raised = does(uow, at.dispatcher, ChangePriority(ticket.id, 0))
        assert _local(raised.response_due_at) == "Fri 27 Nov 18:00"
        assert _local(raised.resolution_due_at) == "Mon 30 Nov 11:00"

    await database.write(work)


async def test_hours_that_change_move_no_target_of_an_open_ticket(database: Database, clock: ManualClock) -> None:
    at, ticket = await database.write(lambda uow: (at := staffed_branch(uow), opened(uow, at)))
    await database.write(lambda uow: does(uow, at.ana, AcceptTicket(ticket.id)))
    await database.write(lambda uow: execute(SetUnitHours(at.branch, Opening(hours="Sat 08:00-09:00")), uow))
    clock.advance(210 * 60)
    await climb_due(database)
    assert (await database.write(lambda uow: templates_to(uow, at.ana)))[-1] == "ticket.due"
    other = await database.write(
        lambda uow: does(uow, at.dispatcher, OpenTicket(at.branch, ticket.subcategory_id, 0, "The other one"))
    )
    assert _local(other.response_due_at) == "Sat 28 Nov 09:00"
