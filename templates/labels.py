"""Labels of buttons: the plain English word of the verb, translated for people whose language is another."""

import tomllib
from pathlib import Path

LABELS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "labels.toml").read_text("utf-8"))
"""language -> English label -> translated label"""


def translated(label: str, language: str) -> str:
    return LABELS.get(language, {}).get(label, label)
