"""Scores as customers type them (pure): '5', '4/5', '★★★★', 'five', 'zehn'."""

import re

LOWEST = {"satisfaction": 1, "recommend": 0}
HIGHEST = {"satisfaction": 5, "recommend": 10}
NUMBER = re.compile(r"(\d{1,2})(?:\s*(?:/|von|of|de)\s*(\d{1,2}))?\W*")
STARS = re.compile(r"[★⭐🌟\ufe0f\s]+")
WORDS = {
    word: number
    for words in (
        "zero one two three four five six seven eight nine ten",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for number, word in enumerate(words.split())
}


def score_in(text: str, kind: str) -> int | None:
    """None: it is something else."""
    said = text.strip().lower()
    score = _number(said, HIGHEST[kind])
    return score if score is not None and LOWEST[kind] <= score <= HIGHEST[kind] else None


def _number(said: str, highest: int) -> int | None:
    if match := NUMBER.fullmatch(said):
        return int(match[1]) if match[2] in (None, str(highest)) else None
    if said and STARS.fullmatch(said):
        return sum(sign in "★⭐🌟" for sign in said)
    return WORDS.get(said.rstrip(".!"))
