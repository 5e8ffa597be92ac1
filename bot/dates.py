"""Days as people say them (pure): 2026-12-01, 1.12., tomorrow, friday, in 3 days."""

import re
from datetime import date, timedelta

WEEKDAYS = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    )
    for number, name in enumerate(names)
}
NEAR = {"today": 0, "hoy": 0, "heute": 0, "tomorrow": 1, "mañana": 1, "morgen": 1}
DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?$")
IN_DAYS = re.compile(r"in (\d{1,3}) (day|days|tagen|días)$")


def parse_day(text: str, today: date) -> date | None:
    """None when it is no day. A weekday means the next one; a day without a year the next such day."""
    word = text.strip().lower().removeprefix("until ").removeprefix("on ")
    if word in NEAR:
        return today + timedelta(days=NEAR[word])
    if match := IN_DAYS.match(word):
        return today + timedelta(days=int(match[1]))
    for name, number in WEEKDAYS.items():
        if len(word) >= 3 and name.startswith(word):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return _written(word, today)


def _written(word: str, today: date) -> date | None:
    try:
        if match := DAY_FIRST.match(word):
            year = int(match[3]) if match[3] else today.year
            found = date(year, int(match[2]), int(match[1]))
            return found if match[3] or found >= today else found.replace(year=year + 1)
        return date.fromisoformat(word)
    except ValueError:
        return None
