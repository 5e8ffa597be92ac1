"""Who hears of a late training, and when (pure). A level holds from its first day overdue until the next one begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import Invalid

MOST_LEVELS = 6
"""So many the statements in overdue.py know."""
LATEST_DAY = 366
ROLES = ("store_manager", "cluster_manager", "hr_manager", "owner", "admin")
AFTER_THE_LAST = ("owner", "admin")  # who hears of it where nobody of the levels can be reached
COUNTS = ("calendar", "working")
LONGEST_PAUSE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Level:
    from_day: int
    role: str


@dataclass(frozen=True, slots=True)
class Policy:
    """`counts`: calendar days, or the working days of the branch. `id` is empty for the house's own."""

    levels: tuple[Level, ...]
    critical_from: int = 14
    counts: str = "calendar"
    id: int | None = None

    @property
    def top(self) -> int:
        return len(self.levels)

    def level_of(self, days: int, broken_promise: bool) -> int:
        """1 is the first level, 0 nobody. A broken promise counts as one level more."""
        reached = sum(level.from_day <= days for level in self.levels)
        return min(reached + 1, self.top) if reached and broken_promise else reached

    def role_of(self, level: int) -> str:
        return self.levels[level - 1].role

    def roles_from(self, level: int) -> tuple[str, ...]:
        """Whom to tell, in order: the level's own role, else the next one up."""
        return tuple(dict.fromkeys((*(one.role for one in self.levels[level - 1 :]), *AFTER_THE_LAST)))

    def sentence(self) -> str:
        """'from day 1 store_manager, from day 3 cluster_manager, critical from day 14, in calendar days'"""
        steps = [f"from day {level.from_day} {level.role}" for level in self.levels]
        return ", ".join([*steps, f"critical from day {self.critical_from}"]) + f", in {self.counts} days"


HOUSE = Policy((Level(1, "store_manager"), Level(3, "cluster_manager"), Level(5, "hr_manager")))
"""What counts for a client that has said nothing else."""


def check_policy(levels: Sequence[tuple[int, str]], critical_from: int, counts: str) -> Policy:
    """Raises Invalid: every level begins later than the one below, and tells another role."""
    if not 1 <= len(levels) <= MOST_LEVELS:
        raise Invalid(f"A policy has one to {MOST_LEVELS} levels.", field="levels")
    for day, role in levels:
        if not 1 <= day <= LATEST_DAY:
            raise Invalid(f"A level begins on day 1 to {LATEST_DAY} overdue, not on day {day}.", field="levels")
        if role not in ROLES:
            raise Invalid(f"“{role}” is nobody who can be told. One of: {', '.join(ROLES)}.", field="levels")
    days, roles = [day for day, _ in levels], [role for _, role in levels]
    if sorted(set(days)) != days or len(set(roles)) != len(roles):
        raise Invalid("Each level begins later than the one below it, and tells another role.", field="levels")
    if not 1 <= critical_from <= LATEST_DAY:
        raise Invalid(f"Critical begins on day 1 to {LATEST_DAY} overdue.", field="criticalFrom")
    if counts not in COUNTS:
        raise Invalid(f"Days are counted as {' or '.join(COUNTS)}, not “{counts}”.", field="counts")
    return Policy(tuple(Level(day, role) for day, role in levels), critical_from, counts)


def frozen(policy: Policy) -> list[list[Any]]:
    return [[level.from_day, level.role] for level in policy.levels]


def days_overdue(due_on: date, today: date) -> int:
    """Calendar days; 0 on the due day itself, and before."""
    return max(0, (today - due_on).days)


def is_paused(promised_on: date | None, leave_until: date | None, today: date) -> bool:
    """The promised day and the last day of a leave still belong to the pause."""
    return any(day is not None and day >= today for day in (promised_on, leave_until))


def check_pause(day: date, today: date, field: str) -> None:
    """Raises Invalid for a day that is over, or so far away that nobody would ever ask again."""
    if day < today:
        raise Invalid(f"{day:%d.%m.%Y} is over already. Give a day from today on.", field=field)
    if (day - today).days > LONGEST_PAUSE_DAYS:
        raise Invalid(f"{day:%d.%m.%Y} is more than a year away. Give a nearer day.", field=field)
