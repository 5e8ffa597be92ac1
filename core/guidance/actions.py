"""Which action fits: the first rule whose conditions hold (pure)."""

from dataclasses import dataclass
from typing import Literal

Type = Literal["call", "message", "offer", "wait"]
Urgency = Literal["now", "soon", "today"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`situation` empty: any. `needs`: flags of core.guidance.situations that must all hold."""

    situation: str
    needs: frozenset[str]
    type: Type
    urgency: Urgency


def _rule(situation: str, needs: str, type_: Type, urgency: Urgency) -> Rule:
    return Rule(situation, frozenset(needs.split()), type_, urgency)


RULES = (
    _rule("", "waiting", "wait", "today"),
    _rule("legal", "", "message", "now"),
    _rule("executive", "phone", "call", "now"),
    _rule("executive", "", "message", "now"),
    _rule("cancelling", "phone valued", "call", "now"),
    _rule("cancelling", "phone angry", "call", "now"),
    _rule("cancelling", "", "offer", "soon"),
    _rule("missed_appointment", "phone again", "call", "now"),
    _rule("missed_appointment", "phone angry", "call", "now"),
    _rule("missed_appointment", "", "message", "now"),
    _rule("billing", "angry", "message", "now"),
    _rule("billing", "", "message", "soon"),
    _rule("outage", "phone angry", "call", "now"),
    _rule("outage", "", "message", "now"),
    _rule("quality", "phone again", "call", "now"),
    _rule("quality", "valued", "offer", "soon"),
    _rule("quality", "angry", "offer", "now"),
    _rule("quality", "", "message", "soon"),
    _rule("question", "", "message", "today"),
    _rule("human", "phone angry", "call", "now"),
    _rule("human", "unhappy", "message", "now"),
    _rule("human", "", "message", "soon"),
)
HURRIED = frozenset({"late", "near"})


def choose(situation: str, flags: frozenset[str]) -> tuple[Type, Urgency]:
    rule = next(rule for rule in RULES if rule.situation in ("", situation) and rule.needs <= flags)
    hurried = rule.type != "wait" and flags & HURRIED
    return rule.type, "now" if hurried else rule.urgency
