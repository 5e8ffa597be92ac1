"""The mood of one text (pure): a number from -1 (furious) to 1 (delighted), with a word and a face for it."""

from dataclasses import dataclass

from core.mood.scoring import score_of


@dataclass(frozen=True, slots=True)
class Mood:
    score: float
    label: str
    emoji: str


LABELS = ((-0.6, "angry", "😡"), (-0.2, "unhappy", "🙁"), (0.2, "neutral", "😐"), (0.6, "content", "🙂"))
"""Up to where each reaches; what lies above the last is delight."""


def mood_of(text: str, language: str = "en") -> Mood:
    """An unknown language is read as English."""
    return mood_at(score_of(text, language))


def mood_at(score: float) -> Mood:
    for upto, label, emoji in LABELS:
        if score <= upto:
            return Mood(score, label, emoji)
    return Mood(score, "delighted", "😀")
