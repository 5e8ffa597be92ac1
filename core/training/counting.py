"""How many days late something is: every branch has its own day, and its own working days where the policy counts those."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import bindparam, select

from core.people.tables import units
from core.statements import Reader, Statement
from core.training.policies import policy_of
from core.training.policy import MOST_LEVELS, Policy, days_overdue

ZONES = Statement(select(units.c.id, units.c.time_zone).where(units.c.client_id == bindparam("client_id")))


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A branch's own day, and the last deadlines that reach each level and the critical ones."""

    today: date
    reaches: tuple[date, ...]
    critical: date

    def days(self, due_on: date) -> int:
        return days_overdue(due_on, self.today)


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
    policy, zones = (
        policy_of(reader, client_id),
        {row.id: row.time_zone for row in reader.all(ZONES, client_id=client_id)},
    )
    local = now.astimezone(ZoneInfo(zones[client_id])).date()
    shift = (today or local) - local
    days = {zone: now.astimezone(ZoneInfo(zone)).date() + shift for zone in set(zones.values())}
    yardsticks = {day: _yardstick(policy, day) for day in set(days.values())}
    own = yardsticks[days[zones[client_id]]]
    counted = {unit_id: yardsticks[days[zone]] for unit_id, zone in zones.items()}
    return DayCount(policy, own, {unit_id: one for unit_id, one in counted.items() if one != own})


def _yardstick(policy: Policy, today: date) -> Yardstick:
    def before(days: int) -> date:
        return today - timedelta(days=days)

    return Yardstick(today, tuple(before(level.from_day) for level in policy.levels), before(policy.critical_from))


def _padded(reaches: Iterable[date]) -> list[date]:
    found = list(reaches)
    return found + [date.min] * (MOST_LEVELS - len(found))


def _listed(other: dict[int, Yardstick]) -> str:
    """[[unit, today, critical, from_1, ...], ...] as JSON."""
    rows = [[unit_id, one.today, one.critical, *_padded(one.reaches)] for unit_id, one in other.items()]
    return orjson.dumps(rows).decode()
