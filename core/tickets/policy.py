"""Priorities, targets and the two default climbs of a ticket (pure).

The response climb watches the answer to an offer (`answer`, `miss`) and then, while nobody has the ticket, goes up the chain
(`alone`); the resolution climb watches the repair (`soon`, `late`).
"""

from datetime import datetime, timedelta

from core.errors import Invalid
from core.policies.steps import Step

PRIORITIES = ("CRITICAL", "HIGH", "NORMAL", "LOW")
PRIORITY_WORDS = {
    "critical": 0, "high": 1, "normal": 2, "low": 3,
    "p0": 0, "p1": 1, "p2": 2, "p3": 3,
    "1": 0, "2": 1, "3": 2, "4": 3,
    "urgent": 0, "medium": 2,
}  # fmt: skip
WARNING_MINUTES = 30
CHAIN = ("store_manager", "cluster_manager", "owner")
APPROVERS = (*CHAIN, "admin")
APPROVAL_HOURS = (4, 24, 48, 72)


def parse_priority(word: str) -> int:
    """'CRITICAL', 'P0', '1' -> 0. Raises Invalid."""
    priority = PRIORITY_WORDS.get(word.strip().lower())
    if priority is None:
        raise Invalid(f"“{word}” is no priority: use critical, high, normal or low.", field="priority")
    return priority


def check_priority(priority: int) -> None:
    """Raises Invalid."""
    if priority not in range(len(PRIORITIES)):
        raise Invalid("The priority is critical, high, normal or low.", field="priority")


def within(minutes: int, now: datetime) -> datetime:
    """Of time that passes; targets run in the branch's hours (core/tickets/targets.py)."""
    return now + timedelta(minutes=minutes)


def rework_minutes(resolution: int) -> int:
    """Work that was sent back has half the time of a new repair, and at least an hour."""
    return max(resolution // 2, 60)


def offer_steps(response: int) -> tuple[Step, ...]:
    """A word to who has it before the target, where there is that much time; at the target the offer is over. What follows depends
    on who is left (see `alone_steps`)."""
    return (*_warning(response, "answer"), Step(response, ("dispatcher",), "miss"))


def alone_steps(response: int, told: int = 0) -> tuple[Step, ...]:
    """Nobody has it and the dispatcher knows: one level more for every further half of the response time. `told`: how many
    levels know already."""
    half = max(response // 2, 15)
    return tuple(Step(half * level, ("dispatcher", role), "alone") for level, role in enumerate(CHAIN[told:], 1))


def approval_steps() -> tuple[Step, ...]:
    """Who completed work waits for is reminded after some hours; then it is asked of everybody above, one by one."""
    return tuple(Step(hours * 60, (role,), "silent") for hours, role in zip(APPROVAL_HOURS, APPROVERS, strict=True))


def resolution_steps(resolution: int) -> tuple[Step, ...]:
    """A warning to who does it; the dispatcher at the target, branch and cluster an hour later, the owner after two."""
    return (
        *_warning(resolution, "soon"),
        Step(resolution, ("assignee", "dispatcher"), "late"),
        Step(resolution + 60, ("store_manager", "cluster_manager"), "late"),
        Step(resolution + 120, ("owner",), "late"),
    )


def _warning(target: int, act: str) -> tuple[Step, ...]:
    steps = (Step(target - WARNING_MINUTES, ("assignee",), act, warns=True),)
    return steps if target > WARNING_MINUTES else ()
