"""What similar cases say about this one (pure): never a number without how many it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.escalations.policy import SAVED

COUNTS = {*SAVED, "lost"}
MIDDLE = 3.0
"""Of a satisfaction from 1 to 5: where an estimate begins."""


@dataclass(frozen=True, slots=True)
class Success:
    """`probability` 0..1 by the rule of succession, (saved + 1) / (of + 2): three of three is 80 %, not certainty."""

    probability: float
    saved: int
    of: int


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`expected` 1..5: the mean, drawn towards the middle as by one answer more."""

    expected: float
    of: int


def success_of(resolutions: Iterable[str | None]) -> Success | None:
    counted = [one for one in resolutions if one in COUNTS]
    if not counted:
        return None
    saved = sum(one in SAVED for one in counted)
    return Success((saved + 1) / (len(counted) + 2), saved, len(counted))


def satisfaction_of(answers: Iterable[int | None]) -> Satisfaction | None:
    given = [one for one in answers if one is not None]
    if not given:
        return None
    return Satisfaction(round((sum(given) + MIDDLE) / (len(given) + 1), 1), len(given))
