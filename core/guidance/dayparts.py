"""Which day a sentence speaks of: today unless it names another one (pure)."""

import re
from datetime import date, timedelta

TOMORROW = re.compile(
    r"\btomorrow\b|(?<!heute )(?<!guten )(?<!am )\bmorgen\b|(?<!esta )(?<!la )(?<!de )\bmañana\b", re.IGNORECASE
)
AFTER_TOMORROW = re.compile(r"\bday after tomorrow\b|\bübermorgen\b|\bpasado mañana\b", re.IGNORECASE)
WEEKDAYS = tuple(
    re.compile(rf"\b(?:{names})\b", re.IGNORECASE)
    for names in (
        "monday|montag|lunes", "tuesday|dienstag|martes", "wednesday|mittwoch|miércoles|miercoles", "thursday|donnerstag|jueves",
        "friday|freitag|viernes", "saturday|samstag|sonnabend|sábado|sabado", "sunday|sonntag|domingo",
    )
)  # fmt: skip


def day_named(text: str, today: date) -> date:
    if AFTER_TOMORROW.search(text):
        return today + timedelta(days=2)
    if TOMORROW.search(text):
        return today + timedelta(days=1)
    for weekday, named in enumerate(WEEKDAYS):
        if named.search(text):
            return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today
