"""Why a human should look at what a customer has just said: a pure function of what is known at that moment."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal

from core.escalations.causes.contacts import count_contacts
from core.escalations.causes.words import CAUSE_WORDS, DENIES_AFTER, DENIES_BEFORE, TROUBLE_WORDS
from core.escalations.policy import priority_for
from core.mood.mood import mood_at

When = Literal["never", "trouble", "always"]
LOW = -0.4
"""A mood (-1..1) that is a trouble by itself."""
FALL = 0.5
FURIOUS = -0.8


@dataclass(frozen=True, slots=True)
class CauseRules:
    """What counts at a client. `premium`, `valued`: when what such a customer says calls a human. `high_value` in whole units of
    the customer's currency a year, `high_values`: another number for these currencies; 0: nobody. `contacts`: how often somebody
    may come about the same thing within `contact_days` before a human looks; 0: as often as they like. `urgent_rules`: a routing
    rule of P0 or P1 calls a human by itself."""

    premium_tiers: tuple[str, ...] = ("premium", "platinum", "gold", "vip", "enterprise")
    premium: When = "trouble"
    high_value: int = 20000
    high_values: dict[str, int] = field(default_factory=dict)
    valued: When = "trouble"
    competitors: tuple[str, ...] = ()
    contacts: int = 3
    contact_days: int = 7
    urgent_rules: bool = True

    def is_valued(self, value: int, currency: str) -> bool:
        """`value`: a year's, in whole units."""
        return 0 < self.high_values.get(currency, self.high_value) <= value


@dataclass(frozen=True, slots=True)
class Cause:
    """`details`: the words or the number it rests on."""

    reason: str
    priority: int
    details: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """`said_before`: what the customer said earlier, oldest first, with its moment. `moods`: of what they said, this last.
    `value`: a year's, in whole units of `currency`."""

    text: str
    at: datetime
    wants_human: bool = False
    moods: tuple[float, ...] = ()
    said_before: tuple[tuple[datetime, str], ...] = ()
    tier: str = ""
    value: int = 0
    currency: str = ""
    by_rule: Cause | None = None


def causes_of(facts: Facts, rules: CauseRules) -> tuple[Cause, ...]:
    """The most urgent first; empty: the assistant may go on."""
    found = [Cause("requested_human", priority_for("requested_human"))] if facts.wants_human else []
    found += [facts.by_rule] if facts.by_rule else []
    found += [_cause(reason, f"“{said}”") for reason in CAUSE_WORDS if (said := find_words(reason, facts.text, rules))]
    if fallen := _fallen(facts.moods):
        found.append(Cause("falling_mood", 1 if facts.moods[-1] <= FURIOUS else priority_for("falling_mood"), fallen))
    times = count_contacts(facts.text, facts.at, facts.said_before, rules.contact_days) if rules.contacts else 0
    if times and times >= rules.contacts:
        found.append(_cause("third_contact", ""))
    return tuple(sorted([*found, *_standing(facts, rules, troubled=bool(found))], key=lambda cause: cause.priority))


def find_words(reason: str, text: str, rules: CauseRules | None = None) -> str:
    """The words of `text` that are such a cause; empty when there are none, or when they are denied."""
    names = rules.competitors if rules and reason == "competitor" else ()
    return next((said for pattern in (_pattern(reason), _named(names)) if (said := _affirmed(pattern, text))), "")


def in_trouble(text: str, mood: float | None = None) -> bool:
    return bool(_any_of(TROUBLE_WORDS).search(text)) or (mood is not None and mood <= LOW)


def is_premium(tier: str, premium_tiers: tuple[str, ...]) -> bool:
    return tier.strip().lower() in premium_tiers


def _standing(facts: Facts, rules: CauseRules, *, troubled: bool) -> list[Cause]:
    """What makes a trouble of this customer weigh more than the same trouble of another."""
    troubled = troubled or in_trouble(facts.text, facts.moods[-1] if facts.moods else None)
    counts: dict[When, bool] = {"never": False, "trouble": troubled, "always": True}
    found = []
    if counts[rules.premium] and is_premium(facts.tier, rules.premium_tiers):
        found.append(_cause("premium_customer", ""))
    if counts[rules.valued] and rules.is_valued(facts.value, facts.currency):
        found.append(_cause("high_value", ""))
    return found


def _cause(reason: str, details: str) -> Cause:
    return Cause(reason, priority_for(reason), details)


def _fallen(moods: tuple[float, ...]) -> str:
    """'mood: from content to unhappy': far below what it was, low three times in a row, or at the bottom at once."""
    if not moods or moods[-1] > LOW:
        return ""
    before = moods[-4:-1]
    usual = sum(before) / len(before) if before else 0.0
    low_for_long = len(moods) >= 3 and max(moods[-3:]) <= LOW
    if moods[-1] <= FURIOUS or low_for_long or (before and usual - moods[-1] >= FALL):
        now = mood_at(moods[-1]).label
        return f"mood: from {mood_at(usual).label} to {now}" if before else f"mood: {now}"
    return ""


def _affirmed(pattern: re.Pattern[str] | None, text: str) -> str:
    for match in pattern.finditer(text) if pattern else ():
        if not _DENIED_BEFORE.search(text[: match.start()]) and not _DENIED_AFTER.match(text[match.end() :]):
            return match[0].strip()
    return ""


@cache
def _pattern(reason: str) -> re.Pattern[str]:
    return _any_of(CAUSE_WORDS[reason])


@cache
def _named(names: tuple[str, ...]) -> re.Pattern[str] | None:
    return _any_of(tuple(re.escape(name) for name in names)) if names else None


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_DENIED_BEFORE = re.compile(rf"(?<!\w){DENIES_BEFORE}(?:\s+[\w’']+){{0,2}}\s+$", re.IGNORECASE)
_DENIED_AFTER = re.compile(rf"\s+(?:\w+\s+)?{DENIES_AFTER}(?!\w)", re.IGNORECASE)
