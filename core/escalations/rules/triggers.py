"""What a rule can look at (pure): each type of trigger reads its value once and becomes a test of a case.

Patterns of users run on RE2, which takes time in proportion to the text whatever the pattern (github.com/google/re2).
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from core.calendars.hours import DAY
from core.calendars.hours_text import parse_hours
from core.errors import Invalid
from core.escalations.policy import parse_priority
from core.escalations.rules.words import folded, pattern_of
from core.people.contacts import CHANNEL_NAMES

WEEK = 7 * DAY
MOST = 2000
"""Characters of a value."""


@dataclass(frozen=True, slots=True)
class Case:
    """What was known of an escalation when it was raised. `text`: reason, details and the customer's last words. `mood` -1..1, None
    where nothing was said. `value`: per year, in whole units of `currency`. `minute`: of the client's week, Monday 00:00 is 0;
    `open`: it lies in the client's hours. `team` and `priority_said`: what whoever raised it asked for."""

    text: str = ""
    reasons: tuple[str, ...] = ()
    priority: int = 2
    mood: float | None = None
    mood_label: str = ""
    tier: str = ""
    value: float | None = None
    currency: str = ""
    minute: int = 0
    open: bool = True
    channel: str = ""
    team: str = ""
    priority_said: bool = False


Test = Callable[[Case], bool]
OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
_COMPARED = re.compile(r"(>=|<=|>|<|=)?\s*(-?\d[\d _]*(?:\.\d+)?)\s*([A-Za-z]{3})?")


def fits(kind: str, value: str, case: Case) -> bool:
    """What cannot be read (any more) fits nothing."""
    try:
        return read(kind, value)(case)
    except Invalid:
        return False


@lru_cache(4096)
def read(kind: str, value: str) -> Test:
    """Raises Invalid with the field: type or value."""
    if kind not in TRIGGERS:
        raise Invalid(f"“{kind}” is no trigger: use {', '.join(TRIGGERS)}.", field="type")
    if len(value) > MOST:
        raise Invalid(f"It is longer than {MOST} characters.", field="value")
    try:
        return TRIGGERS[kind](value.strip())
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field="value") from None


def _keyword(value: str) -> Test:
    """Words and phrases, separated by commas; `*` stands for the rest of a word. Between slashes: a regular expression."""
    options = re2.Options()
    options.log_errors = False
    if len(value) > 2 and value.startswith("/") and value.endswith("/"):
        options.case_sensitive = False
        return _searched(value[1:-1], options, lambda case: case.text)
    listed = [part for part in value.split(",") if folded(part.replace("*", "")).strip()]
    if not listed:
        raise Invalid("It names no word to look for.")
    return _searched(pattern_of(listed), options, lambda case: folded(case.text))


def _searched(pattern: str, options: Any, text_of: Callable[[Case], str]) -> Test:
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as wrong:
        said = wrong.args[0].decode(errors="replace") if isinstance(wrong.args[0], bytes) else wrong.args[0]
        raise Invalid(f"“{pattern}” is no regular expression: {said}.") from None
    return lambda case: compiled.search(text_of(case)) is not None


def _words(value: str) -> frozenset[str]:
    found = frozenset(word_of(part) for part in value.split(",") if part.strip())
    if not found:
        raise Invalid("It is empty.")
    return found


def word_of(text: str) -> str:
    """'Requested human' -> requested_human."""
    return "_".join(text.lower().replace("-", " ").replace("_", " ").split())


def _reason(value: str) -> Test:
    wanted = _words(value)
    return lambda case: not wanted.isdisjoint(word_of(reason) for reason in case.reasons)


def _tier(value: str) -> Test:
    wanted = _words(value)
    return lambda case: word_of(case.tier) in wanted


def _channel(value: str) -> Test:
    wanted = _words(value)
    if unknown := sorted(wanted - set(CHANNEL_NAMES)):
        raise Invalid(f"“{unknown[0]}” is no channel: use {', '.join(CHANNEL_NAMES)}.")
    return lambda case: case.channel in wanted


def _priority(value: str) -> Test:
    wanted = {parse_priority(word) for word in value.split(",")}
    return lambda case: case.priority in wanted


def _mood(value: str) -> Test:
    """'angry', or a number from -1 to 1: at most that good a mood."""
    if value and not _COMPARED.fullmatch(value):
        wanted = _words(value)
        return lambda case: word_of(case.mood_label) in wanted
    compare, limit, currency = _compared(value, "<=", "-0.4")
    if currency or not -1 <= limit <= 1:
        raise Invalid(f"“{value}” is no mood: they go from -1 to 1.")
    return lambda case: case.mood is not None and compare(case.mood, limit)


def _value(value: str) -> Test:
    """What the customer is worth in a year: '10000', '>= 10000 EUR'."""
    compare, limit, currency = _compared(value, ">=", ">= 10000")
    return lambda case: (
        case.value is not None and currency in ("", case.currency.upper()) and compare(case.value, limit)
    )


def _compared(value: str, usual: str, example: str) -> tuple[Callable[[float, float], bool], float, str]:
    if not (match := _COMPARED.fullmatch(value)):
        raise Invalid(f"“{value}” is no number. Write it like: {example}")
    sign, number, currency = match.groups()
    return OPERATORS[sign or usual], float(number.replace(" ", "").replace("_", "")), (currency or "").upper()


def _time_of_day(value: str) -> Test:
    """'18:00-08:00', 'Sat-Sun 00:00-24:00', on the client's clock; 'open', 'closed': by the client's hours."""
    if value.lower() in ("open", "closed"):
        wanted = value.lower() == "open"
        return lambda case: case.open == wanted
    hours = parse_hours(f"daily {value}" if value[:1].isdigit() else value)
    spans = [(day * DAY + begins, day * DAY + ends) for day, spans in enumerate(hours) for begins, ends in spans]
    return lambda case: any(begins <= minute < ends for begins, ends in spans for minute in _twice(case.minute))


def _twice(minute: int) -> tuple[int, int]:
    """What begins on Sunday night goes on into Monday."""
    return minute, minute + WEEK


def _always(value: str) -> Test:
    if value:
        raise Invalid("“always” needs no value.")
    return lambda _: True


TRIGGERS: dict[str, Callable[[str], Test]] = {
    "keyword": _keyword,
    "reason": _reason,
    "priority": _priority,
    "mood": _mood,
    "tier": _tier,
    "value": _value,
    "time_of_day": _time_of_day,
    "channel": _channel,
    "always": _always,
}
ALSO = {"keywords": "keyword", "sentiment": "mood", "time": "time_of_day", "timeOfDay": "time_of_day"}
"""Other words for them."""
