"""What is counted about escalations, as sums, so that shares and averages are taken once at the end (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Figures:
    """`key` and `name`: of the team, agent, reason or month (empty: all). Sums of minutes go over the count before them.
    `conversations`: in which the customer wrote; `escalated` of those; both only for all and by month."""

    key: str = ""
    name: str = ""
    raised: int = 0
    open: int = 0
    resolved: int = 0
    converted: int = 0
    answered: int = 0
    answer_minutes: float = 0
    in_time: int = 0
    too_late: int = 0
    resolve_minutes: float = 0
    measured: int = 0
    escalate_minutes: float = 0
    judged: int = 0
    necessary: int = 0
    rated: int = 0
    stars: int = 0
    conversations: int = 0
    escalated: int = 0
    recommended: int = 0
    promoters: int = 0
    detractors: int = 0

    @property
    def rate(self) -> int | None:
        """Per cent of the conversations."""
        return share(self.escalated, self.conversations)

    @property
    def accuracy(self) -> int | None:
        """Per cent of those judged that took a human."""
        return share(self.necessary, self.judged)

    @property
    def satisfaction(self) -> float | None:
        """1 to 5."""
        return round(self.stars / self.rated, 1) if self.rated else None

    @property
    def recommend(self) -> int | None:
        """-100 to 100: per cent of 9 and 10 less per cent of 0 to 6."""
        return round(100 * (self.promoters - self.detractors) / self.recommended) if self.recommended else None


COUNTS = tuple(one.name for one in fields(Figures) if one.name not in ("key", "name"))


def together(found: Iterable[Figures]) -> Figures:
    """The figures of all these groups, which have no escalation in common."""
    listed = list(found)
    return Figures(**{name: sum(getattr(one, name) for one in listed) for name in COUNTS})


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until before `until`."""

    key: str
    since: datetime
    until: datetime


def whole_period(first: date, last: date, zone: str) -> Period:
    """Both days included, by the client's clock."""
    return Period("", _start(first, zone), _start(last + timedelta(days=1), zone))


def months_of(first: date, last: date, zone: str) -> tuple[Period, ...]:
    """'2026-11': the client's own months, cut to the days that are asked for."""
    found, day = [], first
    while day <= last:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = min(following - timedelta(days=1), last)
        whole = whole_period(day, end, zone)
        found.append(Period(f"{day:%Y-%m}", whole.since, whole.until))
        day = following
    return tuple(found)


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def share(part: int, of: int) -> int | None:
    """Per cent, rounded; None of nothing."""
    return round(100 * part / of) if of else None


def average(minutes: float, over: int) -> int | None:
    return round(minutes / over) if over else None
