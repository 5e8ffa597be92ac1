"""What an agent promised a customer, found in their own words: "in 20 minutes", "bis 14 Uhr", "a las 15:30" (pure)."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_NUMBER = r"(?P<number>\d{1,3}|a|an|one|half an|einer|eine|einem|una|un|media)"
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|minuten?|stunden?|minutos?|horas?)"
_WITHIN = r"(?:in|within|binnen|innerhalb von|en|dentro de)\s+(?:at most\s+|spätestens\s+)?"
WITHIN = re.compile(rf"\b{_WITHIN}{_NUMBER}\s+{_UNIT}\b", re.IGNORECASE)
AT = re.compile(
    r"\b(?:by|until|before|at|bis|um|spätestens um|a las|antes de las|hasta las)\s+"
    r"(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?(?:\s*(?:uhr|h\b|o'clock))?",
    re.IGNORECASE,
)
SURELY_A_TIME = re.compile(r"uhr|h\b|o'clock|las\b|[ap]\.?m\b|\d[:.]\d", re.IGNORECASE)
"""“At 3 stores” is no time of day."""
ONE, HALF = ("a", "an", "one", "einer", "eine", "einem", "una", "un"), ("half an", "media")
LONGEST = timedelta(hours=48)


def promised_at(text: str, said_at: datetime, zone: str) -> datetime | None:
    """The moment the words promise something for, in UTC; None when they promise none. A time of day that is past by then means
    nothing: it is more often a story than a promise."""
    if match := WITHIN.search(text):
        span = _amount(match["number"].lower()) * timedelta(
            minutes=1 if match["unit"].lower().startswith("min") else 60
        )
        return said_at + span if timedelta() < span <= LONGEST else None
    local = said_at.astimezone(ZoneInfo(zone))
    times = (_time_of(match, local) for match in AT.finditer(text) if SURELY_A_TIME.search(match[0]))
    return next((at.astimezone(said_at.tzinfo) for at in times if at > local), None)


def _amount(number: str) -> float:
    return 1.0 if number in ONE else 0.5 if number in HALF else float(number)


def _time_of(match: re.Match[str], day: datetime) -> datetime:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return day.replace(hour=hour, minute=int(match["minute"] or 0), second=0, microsecond=0)
