"""What a report in plain words is probably about and how urgent it is (pure): a proposal, for a person to confirm."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.tickets import defaults
from core.tickets.policy import PRIORITIES
from core.tickets.rows import Subcategory

TOKEN = re.compile(r"\w+")
ALIKE = 85  # of 100: a letter too many or two in the wrong order, but no other word
SHORT = 4  # shorter words are as they are written, or others


@dataclass(frozen=True, slots=True)
class Proposal:
    """`priority` 0 (critical) .. 3 (low)."""

    subcategory: Subcategory
    priority: int


def propose(text: str, known: Sequence[Subcategory]) -> Proposal | None:
    """The kind whose words cover most of what was said, at its usual priority unless the text says how urgent it is; None when no
    word of any kind is in it."""
    said = _tokens(text)
    covered = [(sum(len(said[place]) for place in _covered(said, one.words)), one) for one in known if not one.retired]
    most = max((letters for letters, _ in covered), default=0)
    if not most:
        return None
    kind = next(one for letters, one in covered if letters == most)
    return Proposal(kind, urgency(text, kind.usual_priority))


def urgency(text: str, usual: int) -> int:
    said = f" {' '.join(_tokens(text))} "
    if any(f" {phrase} " in said for phrase in EASY):
        return min(usual + 1, len(PRIORITIES) - 1)
    return 0 if any(f" {phrase} " in said for phrase in URGENT) else usual


def _covered(said: list[str], phrases: Iterable[str]) -> set[int]:
    """Places in what was said that words of whole phrases stand at, in whatever order."""
    places: set[int] = set()
    for phrase in phrases:
        found = [_find(said, word) for word in _tokens(phrase)]
        if found and None not in found:
            places.update(place for place in found if place is not None)
    return places


def _find(said: list[str], word: str) -> int | None:
    if word in said:
        return said.index(word)
    if len(word) <= SHORT:
        return None
    close = (place for place, one in enumerate(said) if len(one) > SHORT and fuzz.ratio(one, word) >= ALIKE)
    return next(close, None)


def _tokens(text: str) -> list[str]:
    """In lower case, without accents and apostrophes: "Doesn't" -> doesnt, Kühlraum -> kuhlraum."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return TOKEN.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


URGENT, EASY = (tuple(" ".join(_tokens(one)) for one in said.split(",")) for said in (defaults.URGENT, defaults.EASY))
"""These stand in the text as they are: `no urgente` is not `no funciona, urgente`."""
