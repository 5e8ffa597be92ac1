"""A policy laid out for one case: its steps as minutes that pass from the moment at which the watch begins (pure)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.calendars.hours import ALWAYS_OPEN, Calendar, add_open
from core.policies.policy import PASSING, SHARE, TARGET, Part, PolicyStep
from core.policies.steps import Step

_MINUTE = timedelta(minutes=1)
LEAST_HALF = 15
"""Minutes: half of a target that is very near."""


@dataclass(frozen=True, slots=True)
class Watch:
    """`minutes`: of opening, from `since` until the target."""

    minutes: float = 0
    calendar: Calendar = ALWAYS_OPEN
    since: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    priority: int | None = None


def laid(steps: Iterable[PolicyStep], part: Part, watch: Watch) -> tuple[Step, ...]:
    """In their order. What would come before the watch begins is left out, and so is what says at the target's moment what a step
    of the target says anyway."""
    found = [
        (minutes, step)
        for step in steps
        if step.is_for(watch.priority)
        for minutes in _moments(step, watch)
        if minutes > 0
    ]
    at_target = {minutes for minutes, step in found if step.since == TARGET and step.after >= 0}
    kept = (one for one in found if one[1].since == TARGET or one[0] not in at_target)
    return tuple(_step(minutes, step, part) for minutes, step in sorted(kept, key=lambda one: one[0]))


def _step(minutes: float, step: PolicyStep, part: Part) -> Step:
    before, after, from_start = part.acts
    if step.since != TARGET:
        return Step(minutes, step.tell, from_start)
    return Step(minutes, step.tell, before, warns=True) if step.after < 0 else Step(minutes, step.tell, after)


def _moments(step: PolicyStep, watch: Watch) -> Iterator[float]:
    for again in range(step.times + 1):
        yield _passed(step, step.every * again, watch)


def _passed(step: PolicyStep, later: int, watch: Watch) -> float:
    """Minutes that pass until the step, `later` minutes after it comes for the first time."""
    if step.since == SHARE:
        half = max(watch.minutes // 2, LEAST_HALF)
        base, after = 0.0, half * step.after / 50 + later
    else:
        base, after = (watch.minutes if step.since == TARGET else 0.0), step.after + later
    if step.clock == PASSING:
        return _open(base, watch) + after
    return _open(base + after, watch)


def _open(minutes: float, watch: Watch) -> float:
    if minutes <= 0 or watch.calendar.always_open:
        return minutes
    return (add_open(watch.calendar, watch.since, minutes) - watch.since) / _MINUTE
