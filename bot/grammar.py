"""Text as people type it (pure): words, quoted words, the verb in front, and the verb somebody probably meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from core.quick import quick

WORD = re.compile(r'\s*(?:"([^"]*)"|“([^”]*)”|«([^»]*)»|(\S+))')
GOOD_ENOUGH = 70


@dataclass(slots=True)
class Words:
    """A line of text read from the left, word by word; quotes keep words together."""

    text: str
    at: int = 0

    def peek(self) -> str | None:
        found = WORD.match(self.text, self.at)
        return found and found[found.lastindex or 0]

    def take(self) -> str | None:
        found = WORD.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[found.lastindex or 0]

    def rest(self) -> str:
        """Everything that is left, without quotes around the whole of it."""
        left = self.text[self.at :].strip()
        self.at = len(self.text)
        whole = len(left) > 1 and left[0] in '"“«' and left[-1] in '"”»' and not set(left[1:-1]) & set('"“”«»')
        return left[1:-1] if whole else left

    @property
    def empty(self) -> bool:
        return not self.text[self.at :].strip()


@quick
@dataclass(frozen=True, slots=True)
class Said:
    """A verb by its own name, and what came after it."""

    verb: str
    words: Words


def read(text: str, names: dict[str, str]) -> Said | None:
    """`names`: every name and alias in lower case (one or two words) -> the verb. None when no verb stands in front."""
    words = Words(text.strip().removeprefix("/"))
    first = (words.take() or "").lower().rstrip(":,.!")
    if (second := words.peek()) and (verb := names.get(f"{first} {second.lower()}")):
        words.take()
        return Said(verb, words)
    return Said(names[first], words) if first in names else None


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name most like the first word, if any is like it at all."""
    first = (Words(text.strip().removeprefix("/")).peek() or "").lower()
    found = process.extractOne(first, list(names), scorer=fuzz.ratio, score_cutoff=GOOD_ENOUGH)
    return found[0] if found else None
