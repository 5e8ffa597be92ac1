"""The words of a language, as `words/<language>.toml` lists them, ready for matching."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "ss"})
PLAIN = str.maketrans({"’": "'", "…": ". "})


@dataclass(frozen=True, slots=True)
class Lexicon:
    words: dict[str, float]  # valence as in VADER: -4 (worst) to 4
    stand_in: dict[str, str]  # a word that turns or strengthens -> the English one with the same effect
    phrases: tuple[tuple[float, re.Pattern[str]], ...]  # harmless ones first: they shield the words in them
    bitter: re.Pattern[str]  # never meant as it says
    praise: re.Pattern[str]  # turned around by trouble in the same text
    trouble: re.Pattern[str]
    relief: re.Pattern[str]  # it was trouble: then praise is praise


def fold(text: str, language: str) -> str:
    """Without accents and umlauts, as hurried people type; case stays, because shouting counts."""
    spelled = text.translate(PLAIN).translate(UMLAUTS if language == "de" else {})
    return "".join(c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c))


@cache
def lexicon_of(language: str) -> Lexicon:
    data = tomllib.loads(fold((WORDS / f"{language}.toml").read_text("utf-8"), language))
    endings = data.get("endings", [""])
    weighed = ((float(valence), _any_of(phrases)) for valence, phrases in data["phrases"].items())
    return Lexicon(
        words={
            form: float(v) for v, words in data["words"].items() for word in words for form in _forms(word, endings)
        },
        stand_in={word: english for english, words in data.get("stand_in", {}).items() for word in words},
        phrases=tuple(sorted(weighed, key=lambda each: each[0] != 0)),
        bitter=_any_of(data["sarcasm"]["always"]),
        praise=_opening(data["sarcasm"]),
        trouble=_any_of(data["sarcasm"]["trouble"]),
        relief=_any_of(data["sarcasm"]["relief"]),
    )


def _forms(word: str, endings: list[str]) -> list[str]:
    """`schlecht~` is every form of it, `schlecht` only that one."""
    return [word[:-1] + ending for ending in endings] if word.endswith("~") else [word]


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)


def _opening(sarcasm: dict[str, Any]) -> re.Pattern[str]:
    """Praise that begins a sentence, with what may stand before it."""
    before, praise = ("|".join(sarcasm[name]) for name in ("before", "praise"))
    return re.compile(rf"(?:^|[.!?:;\n])\W*(?:(?:{before})\W+)*(?:{praise})(?!\w)", re.IGNORECASE)
