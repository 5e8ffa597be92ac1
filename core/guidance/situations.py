"""What kind of trouble a case is, and what is special about it (pure). Tables first: that is all there is to change."""

from collections.abc import Callable
from datetime import timedelta

from core.guidance.case import Case
from core.guidance.topics import situations_in

SITUATIONS = (
    "legal", "cancelling", "executive", "billing", "missed_appointment", "outage", "quality", "question", "human",
)  # fmt: skip
"""The weightiest first: of two that fit, the first counts."""

OF_REASON = {
    "legal": "legal", "cancellation": "cancelling", "competitor": "cancelling", "executive": "executive",
    "payment_dispute": "billing", "billing": "billing", "refund": "billing", "missed_appointment": "missed_appointment",
    "outage": "outage", "bug": "outage", "data_loss": "outage", "security": "outage",
    "how_to": "question", "onboarding": "question", "feature_request": "question", "unsure": "question",
    "complaint": "quality",
}  # fmt: skip
UNSPECIFIC = frozenset({"quality", "question"})
"""What the customer's words may say better."""

SEARCHED_AS = {
    "legal": "legal lawyer", "cancelling": "cancellation cancel leave contract competitor", "executive": "executive director board",
    "billing": "payment dispute invoice charged refund", "missed_appointment": "missed appointment technician visit waited",
    "outage": "outage bug app error", "quality": "complaint late delivery", "question": "how to onboarding", "human": "",
}  # fmt: skip
"""Words that cases of that kind have in common, whatever language this customer writes."""

ANGRY, UNHAPPY = -0.6, -0.2
SOON = timedelta(minutes=30)
NEW_DAYS = 90


def situation_of(case: Case) -> str:
    known = [OF_REASON[reason] for reason in case.reasons if reason in OF_REASON]
    certain = [one for one in known if one not in UNSPECIFIC]
    if certain:
        return min(certain, key=SITUATIONS.index)
    return min([*situations_in(case.text), *known, "human"], key=SITUATIONS.index)


def flags_of(case: Case) -> frozenset[str]:
    """What rules ask for: see `FLAGS`."""
    return frozenset(name for name, holds in FLAGS.items() if holds(case))


def is_same_again(case: Case) -> bool:
    about = {situation_of(case), *situations_in(case.text)}
    same = sum(n for reason, n in case.earlier.items() if OF_REASON.get(reason) in about)
    return "third_contact" in case.reasons or same >= 2


def _last_is_ours(case: Case) -> bool:
    spoken = [one for one in case.messages if one.direction != "note"]
    return bool(spoken) and spoken[-1].direction == "out" and case.escalation.first_response_at is not None


def _unanswered(case: Case) -> bool:
    return case.escalation.first_response_at is None and case.escalation.status != "resolved"


def _is_new(case: Case) -> bool:
    since = case.customer.customer_since
    return not case.earlier and (since is None or (case.now.date() - since).days <= NEW_DAYS)


FLAGS: dict[str, Callable[[Case], bool]] = {
    "waiting": _last_is_ours,
    "phone": lambda case: bool(case.customer.phone),
    "valued": lambda case: case.valued,
    "angry": lambda case: case.mood <= ANGRY,
    "unhappy": lambda case: case.mood <= UNHAPPY,
    "again": is_same_again,
    "new": _is_new,
    "late": lambda case: _unanswered(case) and case.escalation.response_due_at <= case.now,
    "near": lambda case: _unanswered(case) and case.now < case.escalation.response_due_at <= case.now + SOON,
    "mine": lambda case: case.escalation.assigned_to is not None,
}
