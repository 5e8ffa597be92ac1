"""Word patterns (pure): what a message must say to be recognised, in linear time whatever either of them is.

    opening hours           these words one after the other, anywhere in the message
    open|opening hour*      either of two words; a word that begins like this
    when * open             `*` alone: any words, also none
    "thank you"             the whole message and nothing else

Upper case, accents and signs make no difference. There are no regular expressions: a client's own words could make them run for
hours (docs/decisions/0035).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.errors import Invalid

MOST_LINES = 50
LONGEST = 200
MOST_WORDS = 500
"""Of a message."""

_WORD = re.compile(r"[^\W_]+")
ANY = "*"
QUOTES = '"“”„«»'
SIGNS = QUOTES + "().,;:!?¿¡"


@dataclass(frozen=True, slots=True)
class Pattern:
    """`places`: for each word of the pattern the ways it may be written, empty: any words. `must`: those of them that are whole
    words, none of which can be missing. `whole`: nothing else is said. `weight`: how many letters it insists on; the pattern that
    insists on more knows better."""

    places: tuple[tuple[str, ...], ...]
    must: tuple[frozenset[str], ...]
    whole: bool
    weight: int


def read_patterns(text: str) -> tuple[Pattern, ...]:
    """One a line. Raises Invalid."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Invalid("A pattern is missing: write the words a message must have.", field="question")
    if len(lines) > MOST_LINES:
        raise Invalid(f"An answer has at most {MOST_LINES} patterns.", field="question")
    return tuple(_read(line) for line in lines)


def words_of(message: str) -> tuple[str, ...]:
    return tuple(_plain(found[0]) for found in _WORD.finditer(message[:20_000]))[:MOST_WORDS]


def matches(pattern: Pattern, words: tuple[str, ...]) -> bool:
    """`alive[n]`: the places before the n-th fit the words so far; one pass over the words."""
    if any(ways.isdisjoint(words) for ways in pattern.must):
        return False
    places, last = pattern.places, len(pattern.places)
    alive = _skipping({0}, places)
    for word in words:
        if last in alive and not pattern.whole:
            return True
        ahead = {n if not places[n] else n + 1 for n in alive if n < last and _fits(places[n], word)}
        alive = _skipping(ahead if pattern.whole else ahead | {0}, places)
    return last in alive


def _skipping(alive: set[int], places: tuple[tuple[str, ...], ...]) -> set[int]:
    """A place for any words is passed without one, too."""
    for n, ways in enumerate(places):
        if n in alive and not ways:
            alive.add(n + 1)
    return alive


def _fits(ways: tuple[str, ...], word: str) -> bool:
    return not ways or any(word.startswith(way[:-1]) if way.endswith(ANY) else word == way for way in ways)


@lru_cache(maxsize=5_000)
def _read(line: str) -> Pattern:
    if len(line) > LONGEST:
        raise Invalid(f"A pattern has at most {LONGEST} characters: “{line[:40]}…”.", field="question")
    whole = len(line) > 1 and line[0] in QUOTES and line[-1] in QUOTES
    places = tuple(place for part in line.split() for place in _places(part.strip(SIGNS)))
    weight = sum(min(len(way) for way in ways) for ways in places if ways)
    if weight < 2:
        raise Invalid(f"“{line}” would fit any message: write at least one word.", field="question")
    must = tuple(frozenset(ways) for ways in places if ways and not any(way.endswith(ANY) for way in ways))
    return Pattern(places, must, whole, weight + (LONGEST if whole else 0))


def _places(part: str) -> list[tuple[str, ...]]:
    """Signs within a word take it apart, as they do in messages: “e-mail” is two words."""
    if part == ANY:
        return [()]
    ways = [_words(way) for way in part.split("|")]
    if len(ways) == 1:
        return [(word,) for word in ways[0]]
    if any(len(words) != 1 for words in ways):
        raise Invalid(
            f"“{part}”: between | stands one word each; write other ways in lines of their own.", field="question"
        )
    return [tuple(words[0] for words in ways)]


def _words(way: str) -> list[str]:
    begins = way.endswith(ANY)
    if ANY in way.removesuffix(ANY):
        raise Invalid(f"“{way}”: a * stands alone or at the end of a word.", field="question")
    words = [_plain(found[0]) for found in _WORD.finditer(way)]
    return [*words[:-1], words[-1] + ANY] if begins and words else words


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
