"""Who hears of a late training, and when (pure). A level holds from its first day overdue until the next one begins."""

from dataclasses import dataclass
from datetime import date

from core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Level:
    from_day: int
    role: str


LEVELS = (Level(1, "store_manager"), Level(3, "cluster_manager"), Level(5, "hr_manager"))
TOP = len(LEVELS)
CRITICAL_FROM = 14
AFTER_THE_LAST = ("owner", "admin")  # who hears of it where nobody of the levels can be reached
LONGEST_PAUSE_DAYS = 365


def days_overdue(due_on: date, today: date) -> int:
    """0 on the due day itself, and before."""
    return max(0, (today - due_on).days)


def level_of(days: int, broken_promise: bool) -> int:
    """1 is the first level, 0 nobody. A broken promise counts as one level more."""
    reached = sum(level.from_day <= days for level in LEVELS)
    return min(reached + 1, TOP) if reached and broken_promise else reached


def is_paused(promised_on: date | None, leave_until: date | None, today: date) -> bool:
    """The promised day and the last day of a leave still belong to the pause."""
    return any(day is not None and day >= today for day in (promised_on, leave_until))


def roles_from(level: int) -> tuple[str, ...]:
    """Whom to tell, in order: the level's own role, else the next one up."""
    return (*(one.role for one in LEVELS[level - 1 :]), *AFTER_THE_LAST)


def check_pause(day: date, today: date, field: str) -> None:
    """Raises Invalid for a day that is over, or so far away that nobody would ever ask again."""
    if day < today:
        raise Invalid(f"{day:%d.%m.%Y} is over already. Give a day from today on.", field=field)
    if (day - today).days > LONGEST_PAUSE_DAYS:
        raise Invalid(f"{day:%d.%m.%Y} is more than a year away. Give a nearer day.", field=field)
