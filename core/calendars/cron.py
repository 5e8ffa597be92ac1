"""Cron expressions as crontab(5) means them: five fields, Sunday is 0 or 7, and where the day of the month and the weekday are both
restricted either of them is enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.errors import Invalid

MONTHS = dict(
    zip(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], range(1, 13), strict=True)
)
WEEKDAYS = dict(zip(["sun", "mon", "tue", "wed", "thu", "fri", "sat"], range(7), strict=True))
FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, MONTHS),
    ("weekday", 0, 7, WEEKDAYS),
)
SWITCH = timedelta(hours=3)  # no clock is set forward by more; the search starts before what it may have skipped
FAR = 366 * 8 + 1  # days; from one 29 February to the next it is eight years at most


@dataclass(frozen=True, slots=True)
class Cron:
    """`either`: a day counts when its number or its weekday fits, else both have to."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def fires_on(self, day: date) -> bool:
        number, weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and ((number or weekday) if self.either else (number and weekday))

    def after(self, local: datetime) -> Iterator[datetime]:
        """Every firing later than this local time (without a zone), in order."""
        for days in range(FAR):
            day = local.date() + timedelta(days=days)
            if not self.fires_on(day):
                continue
            for hour in self.hours:
                for minute in self.minutes:
                    moment = datetime.combine(day, time(hour, minute))
                    if moment > local:
                        yield moment


def next_cron(expression: str, time_zone: str, after: datetime) -> datetime | None:
    """The next firing after a moment; None: never (31 February). On the days of a day-light switch a local time fires once: one
    that does not exist an hour later, one that comes twice the first time. Raises Invalid."""
    zone = ZoneInfo(time_zone)
    local = (after - SWITCH).astimezone(zone).replace(tzinfo=None, fold=0)
    moments = (firing.replace(tzinfo=zone).astimezone(UTC) for firing in parse_cron(expression).after(local))
    return next((moment for moment in moments if moment > after), None)


@lru_cache(maxsize=100)
def parse_cron(expression: str) -> Cron:
    """Raises Invalid with the field that is wrong."""
    fields = expression.split()
    if len(fields) != len(FIELDS):
        raise Invalid(f"“{expression}” is no cron expression: it needs five fields.", field="schedule")
    try:
        minutes, hours, days, months, weekdays = (
            _numbers(field.lower(), *known) for field, known in zip(fields, FIELDS, strict=True)
        )
    except ValueError as error:
        raise Invalid(f"“{expression}” is no cron expression: {error}.", field="schedule") from None
    either = not any(field.startswith("*") for field in (fields[2], fields[4]))
    return Cron(
        tuple(sorted(minutes)),
        tuple(sorted(hours)),
        frozenset(days),
        frozenset(months),
        frozenset(day % 7 for day in weekdays),
        either,
    )


def _numbers(field: str, what: str, lowest: int, highest: int, names: dict[str, int]) -> set[int]:
    """'1-5/2,sun' -> the numbers it stands for. Raises ValueError."""
    found: set[int] = set()
    for part in field.split(","):
        base, _, step = part.partition("/")
        first, _, last = base.partition("-")
        try:
            low = lowest if base == "*" else names[first] if first in names else int(first)
            high = highest if base == "*" or (step and not last) else names[last] if last in names else int(last or low)
            every = int(step) if "/" in part else 1
        except ValueError:
            raise ValueError(f"“{part}” is no {what}") from None
        if not lowest <= low <= high <= highest or every < 1:
            raise ValueError(f"“{part}” is no {what} ({lowest} to {highest})")
        found.update(range(low, high + 1, every))
    return found
