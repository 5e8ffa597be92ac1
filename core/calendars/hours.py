"""When a place or a person works, and time that runs only then (pure).

An interval belongs to the day it begins on, even when it ends on the next: Friday's night shift goes on into a closed Saturday.
It lasts from the first moment at which the clock on the wall shows its beginning, or something later, to the first one at which
it shows its end. So an hour that a day-light switch swallows is not worked, and one that comes twice is worked twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendars.holidays import is_public_holiday

DAY = 24 * 60
Hours = tuple[tuple[tuple[int, int], ...], ...]
"""For each ISO weekday, Monday first: intervals in minutes of the local day. An end past DAY lies on the next day."""
ALL_DAY: Hours = (((0, DAY),),) * 7
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`holidays`: the region whose public holidays are closed, like DE-BY; empty: none. `closed`: further closed days.

    Raises ValueError when it would never open.
    """

    zone: ZoneInfo
    hours: Hours = ALL_DAY
    closed: frozenset[date] = frozenset()
    holidays: str = ""

    def __post_init__(self) -> None:
        if len(self.hours) != 7 or not any(begins < ends for day in self.hours for begins, ends in day):
            raise ValueError("hours need seven days, and an opening on one of them")

    @property
    def always_open(self) -> bool:
        return self.hours == ALL_DAY and not self.closed and not self.holidays


ALWAYS_OPEN = Calendar(ZoneInfo("UTC"))


def is_closed_on(calendar: Calendar, day: date) -> bool:
    """A holiday, or another closed day; not: a weekday without hours."""
    return day in calendar.closed or bool(calendar.holidays and is_public_holiday(calendar.holidays, day))


def is_open(calendar: Calendar, at: datetime) -> bool:
    return calendar.always_open or next(_spans(calendar, at))[0] == at


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The moment itself while it is open."""
    return at if calendar.always_open else next(_spans(calendar, at))[0]


def add_open(calendar: Calendar, at: datetime, minutes: float) -> datetime:
    """When so many minutes of opening have passed. Nothing to wait for: the moment itself."""
    at, left = at.astimezone(UTC), timedelta(minutes=minutes)  # what is added to local time ignores a switch
    if calendar.always_open or minutes <= 0:
        return at + max(left, timedelta())
    for begins, ends in _spans(calendar, at):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("a calendar always opens again")


def open_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How long it is open from start to end; nothing when the end lies before."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if calendar.always_open:
        return max(end - start, timedelta())
    total = timedelta()
    for opens, closes in _spans(calendar, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def open_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Full minutes."""
    return open_time(calendar, start, end) // _MINUTE


def working_days(calendar: Calendar, after: date, until: date) -> int:
    """Days later than `after` up to and with `until` on which it opens."""
    if calendar.always_open:
        return max((until - after).days, 0)
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return sum(1 for day in days if calendar.hours[day.weekday()] and not is_closed_on(calendar, day))


def _spans(calendar: Calendar, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What is open from that moment on, in order and without end; two may touch, none overlap."""
    day = at.astimezone(calendar.zone).date() - timedelta(days=2)  # the night before may reach into this day
    while True:
        if not is_closed_on(calendar, day):
            for begins, ends in calendar.hours[day.weekday()]:
                opens, closes = (max(at, _shown_at(calendar.zone, day, minutes)) for minutes in (begins, ends))
                if opens < closes:
                    yield opens, closes
                    at = closes
        day += timedelta(days=1)


def _shown_at(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """The first moment at which the clock shows so many minutes of that day, or something later."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        return moment
    low, high = shown.replace(tzinfo=zone, fold=1).astimezone(UTC), moment  # the switch swallowed it: when was that?
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        low, high = (low, middle) if middle.astimezone(zone).replace(tzinfo=None) >= shown else (middle, high)
    return high
