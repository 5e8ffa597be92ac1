"""What happened to a training, in words for the fairness pack."""

from datetime import date
from typing import Any

WORDS = {
    "training.done": "Done",
    "training.on_leave": "On leave until {until}",
    "training.promised": "Promised for {on}",
    "training.extension_asked": "Asked for more time, until {until}",
    "training.extended": "More time, until {until}",
    "training.extension_denied": "No more time: {reason}",
    "training.disputed": "Said: not my employee",
    "training.kept": "Decided: the employee stays",
    "training.moved": "Decided: moved from {from_unit} to {to_unit}",
    "training.waived": "Waived: {reason}",
}
DAYS = ("until", "on")


def happened(kind: str, data: dict[str, Any]) -> str:
    """A kind without words of its own is shown as it is."""
    shown = {name: _day(value) if name in DAYS else value for name, value in data.items()}
    return WORDS.get(kind, kind).format(**shown).rstrip(": ")


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}"
