"""A policy as data, and the arithmetic of its steps (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Step:
    """`after_minutes` since the climb started. `tell`: roles up the management chain, `assignee` or `board`.
    `act`: what the domain does besides (its own words, such as `reoffer`); empty: only tell. `warns`: of the step behind it, and so
    not any more when that is due as well."""

    after_minutes: float
    tell: tuple[str, ...]
    act: str = ""
    warns: bool = False


def due_at(steps: Sequence[Step], position: int, started_at: datetime) -> datetime | None:
    """When the step at `position` (0-based) is due; None past the last one."""
    if position >= len(steps):
        return None
    return started_at + timedelta(minutes=steps[position].after_minutes)


def due_together(steps: Sequence[Step], position: int, started_at: datetime, now: datetime) -> tuple[Step, int]:
    """What is to be done for the step at `position`, and the position behind it. After hours in which nothing ran, steps behind
    it are due as well: those that do the same are one with it, so that everybody they name is told and nobody twice."""
    step, following = steps[position], position + 1
    told = step.tell
    while (
        (due := due_at(steps, following, started_at))
        and due <= now
        and (step.warns or steps[following].act == step.act)
    ):
        told = (*(() if step.warns else told), *steps[following].tell)
        step, following = steps[following], following + 1
    told = tuple(dict.fromkeys(told))
    return step if told == step.tell else replace(step, tell=told), following
