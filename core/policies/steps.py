"""A policy as data, and the arithmetic of its steps (pure)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """`after_minutes` since the climb started. `tell`: roles up the management chain, `assignee` or `board`.
    `act`: what the domain does besides (its own words, such as `reoffer`); empty: only tell."""

    after_minutes: int
    tell: tuple[str, ...]
    act: str = ""


def due_at(steps: Sequence[Step], position: int, started_at: datetime) -> datetime | None:
    """When the step at `position` (0-based) is due; None past the last one."""
    if position >= len(steps):
        return None
    return started_at + timedelta(minutes=steps[position].after_minutes)


def due_together(steps: Sequence[Step], position: int, started_at: datetime, now: datetime) -> tuple[Step, int]:
    """The step at `position`, and the position behind it. Steps behind it that do the same and are due as well are one with it
    (nothing ran for hours): everybody they name is told, and nobody twice."""
    step, following = steps[position], position + 1
    told = list(step.tell)
    while (due := due_at(steps, following, started_at)) and due <= now and steps[following].act == step.act:
        told += steps[following].tell
        following += 1
    return replace(step, tell=tuple(dict.fromkeys(told))), following


def freeze(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [asdict(step) for step in steps]


def thaw(frozen: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(row["after_minutes"], tuple(row["tell"]), row["act"]) for row in frozen)
