"""The words of guidance by language, and how the facts of a case get into them (pure)."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"
LANGUAGES = ("en", "de", "es")
NAMED = re.compile(r"\{(\w+)\}")


@cache
def phrases_of(language: str) -> dict[str, Any]:
    """An unknown language is answered in English."""
    known = language if language in LANGUAGES else "en"
    return tomllib.loads((WORDS / f"{known}.toml").read_text("utf-8"))


def fill(sentence: str, facts: Mapping[str, str]) -> str:
    """Empty when a fact that it names is missing. What people wrote is put in as it is, braces included."""
    if any(not facts.get(name) for name in NAMED.findall(sentence)):
        return ""
    return NAMED.sub(lambda found: facts[found[1]], sentence)


def fill_all(sentences: Iterable[str], facts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filled for one in sentences if (filled := fill(one, facts)))
