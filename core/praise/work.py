"""What the outcomes of somebody's cases add up to, and which achievements that reaches (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.escalations.policy import SAVED

FAIR = timedelta(minutes=10)
"""To open the chat, read and answer; half of a target that is shorter."""


@dataclass(frozen=True, slots=True)
class Case:
    """A resolved one. `assigned_at`: when its last owner got it."""

    created_at: datetime
    assigned_at: datetime | None
    first_response_at: datetime | None
    response_due_at: datetime
    resolved_at: datetime
    resolution: str
    satisfaction: int | None

    @property
    def had_a_chance(self) -> bool:
        """What was late before somebody got it, or as good as late, says nothing about them."""
        if self.assigned_at is None:
            return False
        fair = min(FAIR, (self.response_due_at - self.created_at) / 2)
        return self.response_due_at - self.assigned_at >= fair

    @property
    def in_time(self) -> bool:
        return self.first_response_at is not None and self.first_response_at <= self.response_due_at


@dataclass(frozen=True, slots=True)
class Work:
    """`rated`: cases in which the customer said how content they are; `satisfaction`: their mean, 1 to 5; `fives`: how many said 5.
    `streak`: the latest cases in a row that were answered in time; days off do not end it. Minutes are means; None: of nothing."""

    resolved: int = 0
    saved: int = 0
    rated: int = 0
    satisfaction: float | None = None
    fives: int = 0
    streak: int = 0
    longest_streak: int = 0
    response_minutes: float | None = None
    resolution_minutes: float | None = None
    playbooks: int = 0


def add_up(cases: Sequence[Case], playbooks: int = 0) -> Work:
    """`cases`: the newest first."""
    ratings = [case.satisfaction for case in cases if case.satisfaction is not None]
    answered = [case for case in cases if case.first_response_at and case.had_a_chance]
    current, longest = _streaks([case.in_time for case in cases if case.had_a_chance])
    return Work(
        resolved=len(cases),
        saved=sum(case.resolution in SAVED for case in cases),
        rated=len(ratings),
        satisfaction=sum(ratings) / len(ratings) if ratings else None,
        fives=ratings.count(5),
        streak=current,
        longest_streak=longest,
        response_minutes=_mean([_minutes(case.assigned_at, case.first_response_at) for case in answered]),
        resolution_minutes=_mean([_minutes(case.created_at, case.resolved_at) for case in cases]),
        playbooks=playbooks,
    )


def _streaks(in_time: Sequence[bool]) -> tuple[int, int]:
    """The current one (from the newest) and the longest."""
    runs, length = [], 0
    for good in in_time:
        length = length + 1 if good else 0
        runs.append(length)
    current = next((number for number, good in enumerate(in_time) if not good), len(in_time))
    return current, max(runs, default=0)


def _minutes(start: datetime | None, end: datetime | None) -> float:
    return max((end - start).total_seconds() / 60, 0.0) if start and end else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


@dataclass(frozen=True, slots=True)
class Achievement:
    """`rule`: the sentence that says when it is reached; `reached`: the same as code."""

    code: str
    icon: str
    name: Mapping[str, str]
    rule: Mapping[str, str]
    reached: Callable[[Work], bool]


ACHIEVEMENTS = (
    Achievement(
        "first_save", "🌱",
        {"en": "First save", "de": "Erste Rettung", "es": "Primer rescate"},
        {"en": "one customer helped or won", "de": "einem Kunden geholfen",
         "es": "ha ayudado a un cliente"},
        lambda work: work.saved >= 1,
    ),
    Achievement(
        "ten_saves", "🛟",
        {"en": "Ten saves", "de": "Zehn Rettungen", "es": "Diez rescates"},
        {"en": "ten customers helped or won", "de": "zehn Kunden geholfen",
         "es": "ha ayudado a diez clientes"},
        lambda work: work.saved >= 10,
    ),
    Achievement(
        "fifty_saves", "🏅",
        {"en": "Fifty saves", "de": "Fünfzig Rettungen", "es": "Cincuenta rescates"},
        {"en": "fifty customers helped or won", "de": "fünfzig Kunden geholfen",
         "es": "ha ayudado a cincuenta clientes"},
        lambda work: work.saved >= 50,
    ),
    Achievement(
        "ten_in_time", "⏱",
        {"en": "Ten in a row", "de": "Zehn in Folge", "es": "Diez seguidos"},
        {"en": "ten cases in a row answered in time", "de": "zehn Fälle in Folge pünktlich beantwortet",
         "es": "diez casos seguidos respondidos a tiempo"},
        lambda work: work.longest_streak >= 10,
    ),
    Achievement(
        "five_fives", "💛",
        {"en": "Five times five", "de": "Fünfmal fünf", "es": "Cinco cincos"},
        {"en": "five customers gave five of five", "de": "fünf Kunden gaben fünf von fünf",
         "es": "cinco clientes dieron cinco de cinco"},
        lambda work: work.fives >= 5,
    ),
    Achievement(
        "by_the_book", "📋",
        {"en": "By the book", "de": "Schritt für Schritt", "es": "Paso a paso"},
        {"en": "five playbooks followed to their end", "de": "fünf Playbooks zu Ende geführt",
         "es": "cinco guiones seguidos hasta el final"},
        lambda work: work.playbooks >= 5,
    ),
)  # fmt: skip


def reached(work: Work) -> tuple[Achievement, ...]:
    return tuple(one for one in ACHIEVEMENTS if one.reached(work))
