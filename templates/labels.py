"""Labels of buttons: the plain English word of the verb, translated for people whose language is another."""

import tomllib
from pathlib import Path

LABELS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "labels.toml").read_text("utf-8"))
"""language -> English label -> translated label"""


PATTERNS: dict[str, list[tuple[str, str]]] = {
    language: [(label.removesuffix("{}"), said) for label, said in labels.items() if label.endswith("{}")]
    for language, labels in LABELS.items()
}
"""language -> what labels begin with that end with a name, and how they are said with `{}` for it"""


def translated(label: str, language: str) -> str:
    labels = LABELS.get(language, {})
    if label in labels or language not in PATTERNS:
        return labels.get(label, label)
    said = ((begin, words) for begin, words in PATTERNS[language] if label.startswith(begin))
    return next((words.format(label[len(begin) :]) for begin, words in said), label)
