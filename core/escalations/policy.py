"""Priorities, response targets, and how long a claim may lie (pure). Who is told when: core/escalations/policies.py."""

from core.errors import Invalid
from core.policies.steps import Step

RESPONSE_MINUTES = (5, 60, 240, 1440)  # P0 (at once: five minutes to open the chat), P1, P2, P3
PRIORITY_WORDS = {
    "p0": 0, "p1": 1, "p2": 2, "p3": 3,
    "1": 0, "2": 1, "3": 2, "4": 3,
    "urgent": 0, "high": 1, "normal": 2, "low": 3,
    "immediate": 0, "critical": 0, "medium": 2,
}  # fmt: skip
PRIORITY_BY_REASON = {
    "requested_human": 1, "complaint": 1, "cancellation": 1, "legal": 1, "premium_customer": 1, "high_value": 1, "third_contact": 1,
    "competitor": 2, "raised_by_colleague": 2, "falling_mood": 2, "unsure": 2, "assistant_stuck": 1, "executive": 1,
}  # fmt: skip
STAGE_AFTER = {
    "handled": "qualifying",
    "returned_to_ai": "qualifying",
    "converted": "booked",
    "lost": "lost",
    "no_action": "nurturing",
}
SAVED = ("handled", "converted", "returned_to_ai")
"""Resolutions of cases that ended well, wherever that is counted."""
NO_CASE = "no_action"
"""Says nothing about how such cases end."""


def parse_priority(word: str) -> int:
    """'P1', '2', 'high' -> 1. Raises Invalid."""
    priority = PRIORITY_WORDS.get(word.strip().lower())
    if priority is None:
        raise Invalid(f"“{word}” is no priority: use P0, P1, P2 or P3.", field="priority")
    return priority


def priority_for(reason: str) -> int:
    return PRIORITY_BY_REASON.get(reason, 2)


def claim_steps(minutes: float) -> tuple[Step, ...]:
    return (Step(minutes, ("assignee", "board"), "expire"),)
