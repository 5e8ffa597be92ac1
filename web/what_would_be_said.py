"""What the assistant would say to a message of somebody the client knows nothing about yet, and why. Nothing is sent or counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.answers.choosing import SURE, Candidate, choose
from core.answers.tables import Answer
from core.conversations.assistant import language_for, understand
from core.escalations.causes.cause import Cause
from core.escalations.watching import causes_in
from core.statements import Reader


@dataclass(frozen=True, slots=True)
class WouldSay:
    """`would`: answer, greet, hand_over or offer_human. `answer`: with which, when it is an answer."""

    would: str
    language: str
    answer: Answer | None
    why: str
    candidates: Sequence[Candidate]


def what_would_be_said(reader: Reader, client_id: int, text: str, language: str, now: datetime) -> WouldSay:
    """`language`: the customer's, where it is known."""
    spoken = language_for(text, language)
    intent = understand(text)
    found = choose(reader, client_id, spoken, text)
    best = found[0] if found and found[0].score >= SURE else None
    causes = causes_in(reader, client_id, text, now)
    would, why = ("hand_over", _called_by(causes[0])) if causes else _would(intent, best)
    return WouldSay(would, spoken, best.answer if best and would == "answer" else None, why, found)


def _called_by(cause: Cause) -> str:
    return f"This calls a human: {cause.reason.replace('_', ' ')}{f' ({cause.details})' if cause.details else ''}."


def _would(intent: str, best: Candidate | None) -> tuple[str, str]:
    if intent == "human":
        return "hand_over", "The customer asks for a human."
    if best:
        return "answer", best.why
    if intent == "greeting":
        return "greet", "The customer says hello."
    return "offer_human", "No answer is sure enough: the assistant offers a human, and hands over the second time."
