"""What another program says about a case, as lines that people read (pure)."""

import re
from typing import Any

from core.errors import Invalid

MOST_KEYS = 60
DEEPEST = 4
LONGEST = 500
FIELD = "technicalContext"
_BORDER = re.compile(r"(?<=[a-z\d])(?=[A-Z])|[_\s]+")


def checked(context: dict[str, Any] | None) -> dict[str, Any] | None:
    """Raises Invalid when it is too much to be read by anybody."""
    if context is not None and len(_lines(context, "", 0)) > MOST_KEYS:
        raise Invalid(f"Give at most {MOST_KEYS} values.", field=FIELD)
    return context or None


def lines_of(context: dict[str, Any] | None) -> list[tuple[str, str]]:
    """{'appVersion': '4.2', 'device': {'os': 'iOS'}} -> [('App version', '4.2'), ('Device: os', 'iOS')]"""
    return _lines(context or {}, "", 0)


def _lines(value: Any, label: str, depth: int) -> list[tuple[str, str]]:
    if depth > DEEPEST:
        raise Invalid(f"Nest at most {DEEPEST} deep.", field=FIELD)
    if isinstance(value, dict):
        named = [(f"{label}: {_words(key)}" if label else _capital(_words(key)), inner) for key, inner in value.items()]
        return [line for name, inner in named for line in _lines(inner, name, depth + 1)]
    if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        numbered = [(f"{label} {number}", inner) for number, inner in enumerate(value, 1)]
        return [line for name, inner in numbered for line in _lines(inner, name, depth + 1)]
    shown = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    return [(label, shown[:LONGEST])] if shown else []


def _words(key: str) -> str:
    """'appVersion' and 'app_version' -> 'app version'; 'orderID' keeps its capitals."""
    return " ".join(part if part.isupper() else part.lower() for part in _BORDER.split(str(key)) if part)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else " ".join(str(value).split())
