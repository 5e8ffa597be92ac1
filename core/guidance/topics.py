"""What a text is about, whatever language it is in (pure): `core/guidance/words/topics.toml`."""

import re
import tomllib
from functools import cache

from core.guidance.phrases import WORDS


def situations_in(text: str) -> frozenset[str]:
    return _found("situations", text)


def products_in(text: str) -> frozenset[str]:
    return _found("products", text)


def _found(table: str, text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _patterns()[table].items() if pattern.search(text))


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    tables = tomllib.loads((WORDS / "topics.toml").read_text("utf-8"))
    return {
        table: {
            name: re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE) for name, words in named.items()
        }
        for table, named in tables.items()
    }
