"""The beat: standard cron, local time through day-light switches, and nothing skipped or done twice when the clock moves."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import Clock, ManualClock
from core.errors import Invalid, Unavailable
from jobs.ticks import Job
from jobs.timetable import Timetable, cron_trigger, latest_due, next_cron
from tests.conftest import START


async def nothing(_: datetime) -> None: ...


def firings(cron: str, zone: str, first: datetime, last: datetime) -> list[datetime]:
    """Every firing in (first, last], as UTC."""
    found, at = [], first
    while (following := next_cron(cron, zone, at)) and following <= last:
        found.append(following)
        at = following
    return found


def locally(cron: str, zone: str, day: str, days: int = 1) -> list[str]:
    """The firings of these local days, as local 'weekday hour:minute'."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    moments = firings(cron, zone, midnight - timedelta(seconds=1), midnight + timedelta(days=days, seconds=-1))
    return [f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("6,0", "Sat Sun"),
        ("5-7", "Fri Sat Sun"),
        ("mon-wed", "Mon Tue Wed"),
        ("*/2", "Tue Thu Sat Sun"),
        ("1-5/2", "Mon Wed Fri"),
        ("*", "Mon Tue Wed Thu Fri Sat Sun"),
    ],
)
def test_weekdays_have_their_standard_numbers(field: str, days: str) -> None:
    fired = locally(f"0 8 * * {field}", "UTC", "2026-11-23", days=7)
    assert fired == [f"{day} 08:00" for day in days.split()]


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "0 8 * *",
        "0 8 * * * *",
        "61 * * * *",
        "0 8 * * 8",
        "0 8 * * 5-1",
        "0 8 * * */x",
        "0 8 * * 1-x",
        "0 8 * * */0",
        "a b c d e",
    ],
)
def test_what_is_no_cron_expression_is_refused_by_name(nonsense: str) -> None:
    with pytest.raises(Invalid, match="is no cron expression"):
        cron_trigger(nonsense)


SPRING = [("Europe/Madrid", "2027-03-28"), ("America/New_York", "2027-03-14"), ("Australia/Sydney", "2026-10-04")]
AUTUMN = [("Europe/Madrid", "2026-10-25"), ("America/New_York", "2026-11-01"), ("Australia/Sydney", "2027-04-04")]


@pytest.mark.parametrize(("zone", "day"), SPRING)
def test_a_local_time_that_does_not_exist_comes_an_hour_later(zone: str, day: str) -> None:
    assert [moment.split()[1] for moment in locally("30 2 * * *", zone, day)] == ["03:30"]


@pytest.mark.parametrize(("zone", "day"), SPRING)
def test_who_asks_within_the_hour_it_was_put_off_to_still_finds_it(zone: str, day: str) -> None:
    asked = datetime.fromisoformat(f"{day} 03:10").replace(tzinfo=ZoneInfo(zone))
    following = next_cron("30 2 * * *", zone, asked)
    assert following == asked + timedelta(minutes=20)


@pytest.mark.parametrize(("zone", "day"), AUTUMN)
def test_a_local_time_that_comes_twice_fires_the_first_time(zone: str, day: str) -> None:
    assert [moment.split()[1] for moment in locally("30 2 * * *", zone, day)] == ["02:30"]


@pytest.mark.parametrize(
    ("zone", "day"), [*SPRING, *AUTUMN, ("Asia/Kolkata", "2026-11-23"), ("Pacific/Apia", "2026-11-23")]
)
@pytest.mark.parametrize("cron", ["0 8 * * *", "30 1 * * *", "0 3 * * *", "0 0 * * *", "59 23 * * *"])
def test_a_daily_job_fires_once_on_every_day_around_a_switch(zone: str, day: str, cron: str) -> None:
    middle = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    moments = firings(cron, zone, middle - timedelta(days=3), middle + timedelta(days=4))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) in (6, 7, 8)


@pytest.mark.parametrize(("zone", "day"), [*SPRING, *AUTUMN])
def test_firings_only_go_forward_through_a_switch(zone: str, day: str) -> None:
    middle = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    moments = firings("*/15 * * * *", zone, middle - timedelta(hours=6), middle + timedelta(hours=12))
    assert moments == sorted(set(moments))


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minute: START + timedelta(minutes=minute)),
    st.sampled_from(SPRING + AUTUMN),
)
def test_the_next_firing_lies_ahead_and_there_is_none_between(after: datetime, place: tuple[str, str]) -> None:
    zone, cron = place[0], "30 2 * * *"
    following = next_cron(cron, zone, after)
    assert following is not None
    assert after < following <= after + timedelta(hours=26)
    assert next_cron(cron, zone, following - timedelta(microseconds=1)) == following


# what the timetable makes of it


class Book:
    """Writes down what was fired; fails while `down`."""

    def __init__(self) -> None:
        self.fired: list[tuple[str, datetime]] = []
        self.down = False

    async def fire(self, job: Job, at: datetime) -> bool:
        if self.down:
            raise Unavailable("locked")
        self.fired.append((job.name, at))
        return True

    @property
    def times(self) -> list[str]:
        return [f"{at:%H:%M:%S}" for _, at in self.fired]


SWEEP = Job("sweep", nothing, every_seconds=5)
DAILY = Job("daily", nothing, cron="0 8 * * *", time_zone="Europe/Madrid")
HOUR = timedelta(hours=1)


@pytest.fixture
def book() -> Book:
    return Book()


def test_the_moment_due_is_the_same_for_every_process() -> None:
    asked = [START + timedelta(seconds=seconds) for seconds in (15, 16.5, 19.999)]
    assert {latest_due(SWEEP, START, now) for now in asked} == {START + timedelta(seconds=15)}


async def test_a_sweep_fires_at_its_moments_and_once_each(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [SWEEP], book.fire)
    for _ in range(12):
        await timetable.beat()
        clock.advance(1)
    assert book.times == ["09:00:05", "09:00:10"]


async def test_after_a_jump_forward_only_the_latest_is_caught_up(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [SWEEP, DAILY], book.fire)
    clock.advance(3 * 86_400)
    await timetable.beat()
    await timetable.beat()
    assert [(name, at - START) for name, at in book.fired] == [
        ("sweep", timedelta(days=3)),
        ("daily", timedelta(days=2, hours=22)),
    ]


async def test_after_a_jump_back_nothing_is_done_twice(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [DAILY], book.fire)
    clock.advance(23 * 3600)
    await timetable.beat()
    clock.advance(-2 * 3600)
    await timetable.beat()
    clock.advance(2 * 3600)
    await timetable.beat()
    assert len(book.fired) == 1


async def test_what_was_missed_while_nothing_ran_is_caught_up_once(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [DAILY], book.fire)
    timetable.resume({"daily": START - timedelta(days=1, hours=2), "of another version": START})
    await timetable.beat()
    await timetable.beat()
    assert [at for _, at in book.fired] == [START.replace(hour=7)]


async def test_what_was_missed_more_than_a_day_ago_is_over(clock: ManualClock, book: Book) -> None:
    weekly = Job("weekly", nothing, cron="0 8 * * sat")
    timetable = Timetable(clock, [weekly], book.fire)
    timetable.resume({"weekly": START - timedelta(days=30)})
    await timetable.beat()
    assert book.fired == []


async def test_a_firing_the_database_could_not_take_stays_due(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [DAILY, SWEEP], book.fire)
    clock.advance(23 * 3600)
    book.down = True
    await timetable.beat()
    book.down = False
    await timetable.beat()
    await timetable.beat()
    assert sorted(name for name, _ in book.fired) == ["daily", "sweep"]


async def test_a_job_that_takes_long_holds_up_only_itself(clock: ManualClock) -> None:
    begun, may_end, fired = asyncio.Event(), asyncio.Event(), list[str]()

    async def fire(job: Job, at: datetime) -> None:
        fired.append(job.name)
        if job.name == "slow":
            begun.set()
            await may_end.wait()

    timetable = Timetable(clock, [SWEEP, Job("slow", nothing, every_seconds=5)], fire)
    clock.advance(5)
    first = asyncio.create_task(timetable.beat())
    await begun.wait()
    clock.advance(5)
    await timetable.beat()
    assert fired == ["sweep", "slow", "sweep"]
    may_end.set()
    await first
    await timetable.beat()
    assert fired == ["sweep", "slow", "sweep", "slow"]


async def test_it_beats_by_itself_once_started() -> None:
    beaten = asyncio.Event()

    async def fire(job: Job, at: datetime) -> None:
        beaten.set()

    timetable = Timetable(Clock(), [Job("often", nothing, every_seconds=1)], fire)
    timetable.start()
    await asyncio.wait_for(beaten.wait(), 10)
    timetable.stop()


def test_utc_is_what_a_firing_is_told_in() -> None:
    following = next_cron("0 8 * * *", "Europe/Madrid", START)
    assert following is not None
    assert following.tzinfo is UTC
