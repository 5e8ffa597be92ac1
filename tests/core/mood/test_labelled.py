"""Moods against what people hear in the same sentences (bench/mood.csv); `python -m bench mood` prints the numbers."""

from collections import Counter
from pathlib import Path

import pytest

from bench.mood import CLASSES, Score, scores, sentences

LANGUAGES = ("en", "de", "es")
NAMES = {"en": "English", "de": "German", "es": "Spanish"}


def test_the_set_is_large_and_nothing_in_it_stands_twice() -> None:
    found = sentences()
    assert len(found) >= 300
    assert len({(one.language, one.text) for one in found}) == len(found)
    counts = Counter((one.language, one.part, one.label) for one in found)
    assert all(
        counts[lang, part, label] >= 8 for lang in LANGUAGES for part in ("tuning", "held_out") for label in CLASSES
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_moods_are_heard_in_sentences_that_nothing_was_tuned_on(language: str) -> None:
    score = scores()[language, "held_out"]
    assert score.accuracy >= 0.8
    assert score.precision("negative") >= 0.9
    assert score.recall("negative") >= 0.7
    assert min(score.precision("positive"), score.recall("positive")) >= 0.75
    assert min(score.precision("neutral"), score.recall("neutral")) >= 0.65


@pytest.mark.parametrize("language", LANGUAGES)
def test_and_in_those_it_was_tuned_on(language: str) -> None:
    assert scores()[language, "tuning"].accuracy >= 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documents_say_what_is_measured(language: str) -> None:
    score = scores()[language, "held_out"]
    cells = [f"{score.precision(label):.2f}, {score.recall(label):.2f}" for label in CLASSES]
    row = f"| {NAMES[language]} | {' | '.join(cells)} | {score.accuracy:.0%} |".replace("%", " %")
    assert row in (Path(__file__).parents[3] / "docs" / "guidance.md").read_text("utf-8")


def test_who_hears_everything_alike_scores_badly() -> None:
    deaf = Score()
    for one in sentences():
        deaf.pairs[one.label, "neutral"] += 1
    assert deaf.recall("neutral") == 1
    assert (deaf.precision("negative"), deaf.recall("negative")) == (0, 0)
    assert deaf.precision("neutral") < 0.5
