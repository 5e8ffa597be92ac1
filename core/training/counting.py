"""How many days late something is: every branch has its own day, and its own working days where the policy counts those."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import orjson

from core.calendars.hours import Calendar, working_days
from core.calendars.queries import calendars_of_client
from core.statements import Reader
from core.training.policies import policy_of
from core.training.policy import MOST_LEVELS, Policy, days_overdue


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A branch's own day, and the last deadlines that reach each level and the critical ones. `calendar`: only its working days
    count; None: every day does."""

    today: date
    reaches: tuple[date, ...]
    critical: date
    calendar: Calendar | None = None

    def days(self, due_on: date) -> int:
        return working_days(self.calendar, due_on, self.today) if self.calendar else days_overdue(due_on, self.today)


@dataclass(frozen=True, slots=True)
class DayCount:
    """`own`: how the client itself counts; `other`: units that count otherwise, by id."""

    policy: Policy
    own: Yardstick
    other: dict[int, Yardstick] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The client's own day."""
        return self.own.today

    def at(self, unit_id: int) -> Yardstick:
        return self.other.get(unit_id, self.own)

    def days(self, unit_id: int, due_on: date) -> int:
        return self.at(unit_id).days(due_on)

    def level_at(self, due_on: date, *, up: bool) -> int:
        """As the client itself counts; `up`: a broken promise, which is the next one's to hear of."""
        reached = sum(due_on <= last for last in self.own.reaches)
        return min(reached + 1, self.policy.top) if up and reached else reached

    @property
    def values(self) -> dict[str, Any]:
        """The parameters that LATE (overdue.py) asks for."""
        number = range(1, MOST_LEVELS + 1)
        own = _padded(self.own.reaches)
        return {
            "today": self.own.today,
            "last_today": max([self.own.today, *(one.today for one in self.other.values())]),
            "critical_day": self.own.critical,
            "other_units": _listed(self.other),
            **{f"from_{n}": own[n - 1] for n in number},
            **{f"jump_{n}": min(n + 1, self.policy.top) for n in number},
        }


def count_days(reader: Reader, client_id: int, now: datetime, today: date | None = None) -> DayCount:
    """`today`: the client's own day, where another than that of `now` is meant; every branch is as far from it as it is now."""
    policy, calendars = policy_of(reader, client_id), calendars_of_client(reader, client_id)
    shift = today - now.astimezone(calendars[client_id].zone).date() if today else timedelta()

    @cache
    def measure(calendar: Calendar) -> Yardstick:
        counts_all = policy.counts == "calendar" or calendar.always_open
        return yardstick(policy, now.astimezone(calendar.zone).date() + shift, None if counts_all else calendar)

    own = measure(calendars[client_id])
    counted = {unit_id: measure(calendar) for unit_id, calendar in calendars.items()}
    return DayCount(policy, own, {unit_id: one for unit_id, one in counted.items() if one != own})


def yardstick(policy: Policy, today: date, calendar: Calendar | None = None) -> Yardstick:
    def last(days: int) -> date:
        """The last deadline that is so many days late."""
        due_on = today - timedelta(days=days)
        while calendar and working_days(calendar, due_on, today) < days:
            due_on -= timedelta(days=1)
        return due_on

    return Yardstick(
        today, tuple(last(level.from_day) for level in policy.levels), last(policy.critical_from), calendar
    )


def _padded(reaches: Iterable[date]) -> list[date]:
    found = list(reaches)
    return found + [date.min] * (MOST_LEVELS - len(found))


def _listed(other: dict[int, Yardstick]) -> str:
    """[[unit, today, critical, from_1, ...], ...] as JSON."""
    rows = [[unit_id, one.today, one.critical, *_padded(one.reaches)] for unit_id, one in other.items()]
    return orjson.dumps(rows).decode()
