"""Priorities and times of a ticket (pure). Who is told when: core/tickets/policies.py."""

from datetime import datetime, timedelta

from core.errors import Invalid

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
