"""Priorities, response targets and the default climb (pure)."""

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
WARNING_MINUTES = 30
MANAGER_MINUTES = 4 * 60
SILENT_MINUTES = 48 * 60


def parse_priority(word: str) -> int:
    """'P1', '2', 'high' -> 1. Raises Invalid."""
    priority = PRIORITY_WORDS.get(word.strip().lower())
    if priority is None:
        raise Invalid(f"“{word}” is no priority: use P0, P1, P2 or P3.", field="priority")
    return priority


def priority_for(reason: str) -> int:
    return PRIORITY_BY_REASON.get(reason, 2)


def response_steps(minutes: float) -> tuple[Step, ...]:
    """Warn 30 minutes before the target (where there is that much); lead and owner at the target, and once more an hour later."""
    return (
        *_warning(minutes, ("assignee", "board"), "warn"),
        Step(minutes, ("assignee", "team_lead", "owner"), "breach"),
        Step(minutes + 60, ("team_lead", "owner"), "breach"),
    )


def resolution_steps(priority: int, minutes: float) -> tuple[Step, ...]:
    """A word to who has it, lead and owner at the target. Of P0 and P1 the owner hears after four hours at the latest."""
    manager = (Step(MANAGER_MINUTES, ("team_lead", "owner"), "unresolved"),) if priority <= 1 else ()
    steps = (
        *_warning(minutes, ("assignee",), "soon"),
        Step(minutes, ("assignee", "team_lead", "owner"), "late"),
        *(step for step in manager if step.after_minutes != minutes),
    )
    return tuple(sorted(steps, key=lambda step: step.after_minutes))


def claim_steps(minutes: float) -> tuple[Step, ...]:
    return (Step(minutes, ("assignee", "board"), "expire"),)


def progress_steps() -> tuple[Step, ...]:
    """In time that passes: a weekend is long for a customer, too."""
    return (Step(SILENT_MINUTES, ("team_lead",), "silent"),)


def _warning(target: float, tell: tuple[str, ...], act: str) -> tuple[Step, ...]:
    return (Step(target - WARNING_MINUTES, tell, act, warns=True),) if target > WARNING_MINUTES else ()
