"""How well moods are heard: precision and recall on sentences of our own (`mood.csv`), apart for those nothing was tuned on."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.rounds import Line
from core.mood.mood import mood_of

SENTENCES = Path(__file__).parent / "mood.csv"
CLASSES = ("negative", "neutral", "positive")
HEARD_AS = {
    "angry": "negative",
    "unhappy": "negative",
    "neutral": "neutral",
    "content": "positive",
    "delighted": "positive",
}
AT_LEAST = {"tuning": 0.85, "held_out": 0.65}


@dataclass(frozen=True, slots=True)
class Sentence:
    language: str
    part: str
    label: str
    text: str


@dataclass(slots=True)
class Score:
    """Of many sentences: (what it is, what it was heard as) -> how many."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def precision(self, label: str) -> float:
        return self._share(label, sum(n for (_, heard), n in self.pairs.items() if heard == label))

    def recall(self, label: str) -> float:
        return self._share(label, self.of(label))

    def of(self, label: str) -> int:
        return sum(n for (meant, _), n in self.pairs.items() if meant == label)

    @property
    def accuracy(self) -> float:
        return sum(n for (meant, heard), n in self.pairs.items() if meant == heard) / self.pairs.total()

    def _share(self, label: str, of: int) -> float:
        return self.pairs[label, label] / of if of else 0.0


def sentences() -> list[Sentence]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return [Sentence(**row) for row in csv.DictReader(file)]


def scores() -> dict[tuple[str, str], Score]:
    """(language, part) -> how they were heard."""
    found: dict[tuple[str, str], Score] = {}
    for one in sentences():
        heard = HEARD_AS[mood_of(one.text, one.language).label]
        found.setdefault((one.language, one.part), Score()).pairs[one.label, heard] += 1
    return found


def measure(_folder: Path) -> Iterator[Line]:
    for (language, part), score in sorted(scores().items()):
        for label in CLASSES:
            precision, recall = score.precision(label), score.recall(label)
            what = f"mood {language}, {part.replace('_', ' ')}, {label}: precision, recall"
            shown = f"{precision:.2f}, {recall:.2f}"
            yield Line(what, shown, f"{score.of(label)} sentences", min(precision, recall), "", AT_LEAST[part])
